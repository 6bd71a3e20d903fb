//! What the audit log writes by one statement, however many entries a transaction brings and however many cases they name.

use diesel::{
    QueryResult, RunQueryDsl,
    pg::Pg,
    query_builder::{AstPass, Query, QueryFragment, QueryId},
    sql_types::{Array, BigInt, Nullable, Text},
    sqlite::Sqlite,
};

use super::{AuthorityKey, audit::AuditRow, audit_cases::ShownRow};

/// A query that locks the rows of `audit_heads` it finds, and those of no other table it looks at: whoever changes a
/// request holds its row, and waits for the chain after that. There is one such query: its text never varies.
pub(super) struct LockingHeads<Q>(pub(super) Q);

impl<Q> QueryId for LockingHeads<Q> {
    type QueryId = LockingHeads<()>;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<Q: QueryFragment<Pg>> QueryFragment<Pg> for LockingHeads<Q> {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        self.0.walk_ast(pass.reborrow())?;
        pass.push_sql(" FOR UPDATE OF audit_heads");
        Ok(())
    }
}

impl<Q: Query> Query for LockingHeads<Q> {
    type SqlType = Q::SqlType;
}

impl<Q, Connection> RunQueryDsl<Connection> for LockingHeads<Q> {}

/// Adds entries and moves the ends of their chains. Each column goes as one array, so that the statement has one text for
/// any number of entries and stays prepared.
pub(super) struct Append<'a> {
    authority_keys: Vec<AuthorityKey>,
    seqs: Vec<i64>,
    instants: Vec<i64>,
    operations: Vec<&'a str>,
    actors: Vec<Option<&'a str>>,
    case_ids: Vec<Option<&'a str>>,
    contents: Vec<&'a str>,
    previous_hashes: Vec<&'a str>,
    hashes: Vec<&'a str>,
    ended_keys: Vec<AuthorityKey>,
    ended_seqs: Vec<i64>,
    ended_hashes: Vec<&'a str>,
}

impl<'a> Append<'a> {
    /// `ends` are the last entries of their chains.
    pub(super) fn new(rows: &'a [AuditRow], ends: &[&'a AuditRow]) -> Self {
        Self {
            authority_keys: rows.iter().map(|row| row.authority_key).collect(),
            seqs: rows.iter().map(|row| row.seq).collect(),
            instants: rows.iter().map(|row| row.recorded_at).collect(),
            operations: rows.iter().map(|row| row.operation.as_str()).collect(),
            actors: rows.iter().map(|row| row.actor.as_deref()).collect(),
            case_ids: rows.iter().map(|row| row.case_id.as_deref()).collect(),
            contents: rows.iter().map(|row| row.content.as_str()).collect(),
            previous_hashes: rows.iter().map(|row| row.previous_hash.as_str()).collect(),
            hashes: rows.iter().map(|row| row.hash.as_str()).collect(),
            ended_keys: ends.iter().map(|row| row.authority_key).collect(),
            ended_seqs: ends.iter().map(|row| row.seq).collect(),
            ended_hashes: ends.iter().map(|row| row.hash.as_str()).collect(),
        }
    }
}

impl QueryId for Append<'_> {
    type QueryId = Append<'static>;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl QueryFragment<Pg> for Append<'_> {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        pass.push_sql(
            "WITH added AS (INSERT INTO audit_entries (authority_key, seq, recorded_at, operation, actor, case_id, \
             content, previous_hash, hash) SELECT * FROM unnest(",
        );
        pass.push_bind_param::<Array<BigInt>, _>(&self.authority_keys)?;
        pass.push_sql(", ");
        pass.push_bind_param::<Array<BigInt>, _>(&self.seqs)?;
        pass.push_sql(", ");
        pass.push_bind_param::<Array<BigInt>, _>(&self.instants)?;
        pass.push_sql(", ");
        pass.push_bind_param::<Array<Text>, _>(&self.operations)?;
        pass.push_sql(", ");
        pass.push_bind_param::<Array<Nullable<Text>>, _>(&self.actors)?;
        pass.push_sql(", ");
        pass.push_bind_param::<Array<Nullable<Text>>, _>(&self.case_ids)?;
        pass.push_sql(", ");
        pass.push_bind_param::<Array<Text>, _>(&self.contents)?;
        pass.push_sql(", ");
        pass.push_bind_param::<Array<Text>, _>(&self.previous_hashes)?;
        pass.push_sql(", ");
        pass.push_bind_param::<Array<Text>, _>(&self.hashes)?;
        pass.push_sql(")) UPDATE audit_heads SET seq = ended.seq, hash = ended.hash FROM (SELECT * FROM unnest(");
        pass.push_bind_param::<Array<BigInt>, _>(&self.ended_keys)?;
        pass.push_sql(", ");
        pass.push_bind_param::<Array<BigInt>, _>(&self.ended_seqs)?;
        pass.push_sql(", ");
        pass.push_bind_param::<Array<Text>, _>(&self.ended_hashes)?;
        pass.push_sql(
            ") AS each (authority_key, seq, hash)) AS ended WHERE audit_heads.authority_key = ended.authority_key",
        );
        Ok(())
    }
}

impl<Connection> RunQueryDsl<Connection> for Append<'_> {}

/// Keeps which entries name which cases, on PostgreSQL: one text for any number of them.
pub(super) struct LinkCases<'a> {
    authority_keys: Vec<AuthorityKey>,
    case_ids: Vec<&'a str>,
    seqs: Vec<i64>,
}

impl<'a> LinkCases<'a> {
    pub(super) fn new(rows: &'a [ShownRow]) -> Self {
        Self {
            authority_keys: rows.iter().map(|row| row.authority_key).collect(),
            case_ids: rows.iter().map(|row| row.case_id.as_str()).collect(),
            seqs: rows.iter().map(|row| row.seq).collect(),
        }
    }
}

impl QueryId for LinkCases<'_> {
    type QueryId = LinkCases<'static>;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl QueryFragment<Pg> for LinkCases<'_> {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        pass.push_sql("INSERT INTO audit_cases_shown (authority_key, case_id, seq) SELECT * FROM unnest(");
        pass.push_bind_param::<Array<BigInt>, _>(&self.authority_keys)?;
        pass.push_sql(", ");
        pass.push_bind_param::<Array<Text>, _>(&self.case_ids)?;
        pass.push_sql(", ");
        pass.push_bind_param::<Array<BigInt>, _>(&self.seqs)?;
        pass.push_sql(")");
        Ok(())
    }
}

impl<Connection> RunQueryDsl<Connection> for LinkCases<'_> {}

/// The same on SQLite, whose statements have no arrays: JSON takes their place.
pub(super) struct LinkCasesAsJson(String);

impl LinkCasesAsJson {
    pub(super) fn new(rows: &[ShownRow]) -> Self {
        let each = rows.iter().map(|row| serde_json::json!([row.authority_key.number(), row.case_id, row.seq]));
        Self(serde_json::Value::Array(each.collect()).to_string())
    }
}

impl QueryId for LinkCasesAsJson {
    type QueryId = Self;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl QueryFragment<Sqlite> for LinkCasesAsJson {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        pass.push_sql(
            "INSERT INTO audit_cases_shown (authority_key, case_id, seq) SELECT json_extract(value, '$[0]'), \
             json_extract(value, '$[1]'), json_extract(value, '$[2]') FROM json_each(",
        );
        pass.push_bind_param::<Text, _>(&self.0)?;
        pass.push_sql(")");
        Ok(())
    }
}

impl<Connection> RunQueryDsl<Connection> for LinkCasesAsJson {}
