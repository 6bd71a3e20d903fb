//! Rows of the audit log: each authority's chain, its end, its checkpoints, and the successions of keys that sign them.

#![expect(missing_docs, reason = "a column means what its migration says")]

use std::collections::HashSet;

use diesel::prelude::*;

use super::{
    AuthorityKey, AuthorityScope, Connection, StoreError, audit_cases,
    audit_statements::{Append, LockingHeads},
    prepared::Prepared,
    schema::{audit_checkpoints, audit_entries, audit_heads, audit_successions, authorities, requests},
};

/// An entry as it is stored; `content` is the text that was hashed.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = audit_entries)]
pub struct AuditRow {
    pub authority_key: AuthorityKey,
    pub seq: i64,
    pub recorded_at: i64,
    pub operation: String,
    pub actor: Option<String>,
    pub case_id: Option<String>,
    pub content: String,
    pub previous_hash: String,
    pub hash: String,
}

/// The end of an authority's chain: place and hash.
pub type Head = (i64, String);

/// Of which authority a case is, and where its chain ends.
#[derive(Debug, Clone, Queryable)]
pub struct CaseChain {
    pub case_id: String,
    pub authority_key: AuthorityKey,
    pub authority_id: String,
    pub seq: i64,
    pub hash: String,
}

/// The chains that these cases belong to, which nobody else adds to until this transaction ends. A case whose authority's
/// chain has not begun is left out; whether the caller may see it is still to be asked.
///
/// # Errors
///
/// As the store.
pub fn lock_chains_of_cases(connection: &mut Connection, case_ids: &[&str]) -> Result<Vec<CaseChain>, StoreError> {
    let joined = requests::table
        .inner_join(audit_heads::table.on(audit_heads::authority_key.eq(requests::authority_key)))
        .select((requests::id, requests::authority_key, requests::authority_id, audit_heads::seq, audit_heads::hash));
    match connection {
        // Locked in the order of their keys, so that two writers never wait for each other.
        Connection::Postgres(inner) => {
            let of_cases = joined.filter(requests::id.eq_any(case_ids)).order(audit_heads::authority_key);
            Ok(LockingHeads(of_cases).load(inner)?)
        }
        Connection::Sqlite(inner) => {
            let mut found = Vec::with_capacity(case_ids.len());
            for case_id in case_ids {
                found.extend(joined.filter(requests::id.eq(*case_id)).get_result(inner).optional()?);
            }
            Ok(found)
        }
    }
}

/// The end of a chain, which nobody else adds to until this transaction ends. A chain without one begins with `beginning`.
///
/// # Errors
///
/// As the store.
pub fn lock_head(
    connection: &mut Connection,
    authority_key: AuthorityKey,
    beginning: &str,
) -> Result<Head, StoreError> {
    let insert = diesel::insert_into(audit_heads::table).values((
        audit_heads::authority_key.eq(authority_key),
        audit_heads::seq.eq(0_i64),
        audit_heads::hash.eq(beginning),
    ));
    let head = audit_heads::table.find(authority_key).select((audit_heads::seq, audit_heads::hash));
    match connection {
        Connection::Postgres(inner) => {
            if let Some(found) = head.for_update().get_result(inner).optional()? {
                return Ok(found);
            }
            insert.on_conflict_do_nothing().execute(inner)?;
            Ok(head.for_update().get_result(inner)?)
        }
        Connection::Sqlite(inner) => {
            if let Some(found) = head.get_result(inner).optional()? {
                return Ok(found);
            }
            insert.execute(inner)?;
            Ok(head.get_result(inner)?)
        }
    }
}

/// Those of all authorities whose chain has not begun, in the order of their keys.
///
/// # Errors
///
/// As the store.
pub fn authorities_without_chain(connection: &mut Connection) -> Result<Vec<(AuthorityKey, String)>, StoreError> {
    authorities::table
        .filter(authorities::authority_key.ne_all(audit_heads::table.select(audit_heads::authority_key)))
        .order(authorities::authority_key)
        .select((authorities::authority_key, authorities::id))
        .load(connection)
        .map_err(StoreError::from)
}

/// Adds entries to chains whose ends are locked, and moves the ends. Of each chain the entries stand in its order.
///
/// # Errors
///
/// As the store.
pub fn append(connection: &mut Connection, rows: &[AuditRow]) -> Result<(), StoreError> {
    enum MoveHead {}
    if rows.is_empty() {
        return Ok(());
    }
    match connection {
        Connection::Postgres(inner) => {
            Append::new(rows, &ends(rows).collect::<Vec<_>>()).execute(inner)?;
        }
        Connection::Sqlite(inner) => {
            for row in rows {
                diesel::insert_into(audit_entries::table).values(row).execute(inner)?;
            }
            for last in ends(rows) {
                let end = (audit_heads::seq.eq(last.seq), audit_heads::hash.eq(&last.hash));
                let update = diesel::update(audit_heads::table.find(last.authority_key)).set(end);
                Prepared::<MoveHead, _>::new(update).execute(inner)?;
            }
        }
    }
    Ok(())
}

/// The last entry of each chain.
fn ends(rows: &[AuditRow]) -> impl Iterator<Item = &AuditRow> {
    rows.iter().rev().scan(HashSet::new(), |seen, row| Some(seen.insert(row.authority_key).then_some(row))).flatten()
}

/// The end of a chain, where it has begun.
///
/// # Errors
///
/// As the store.
pub fn head(connection: &mut Connection, authority_key: AuthorityKey) -> Result<Option<Head>, StoreError> {
    audit_heads::table
        .find(authority_key)
        .select((audit_heads::seq, audit_heads::hash))
        .get_result(connection)
        .optional()
        .map_err(StoreError::from)
}

/// Which entries are asked for; all conditions hold together. Those about a case are its own and those that name it among
/// the cases shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditFilter {
    pub operation: Option<String>,
    pub actor: Option<String>,
    pub case_id: Option<String>,
    pub recorded_at_from: Option<i64>,
    pub recorded_at_to: Option<i64>,
    /// The last place that is looked at.
    pub seq_to: Option<i64>,
}

/// A query of entries with the conditions of a filter, without that on the case.
macro_rules! narrowed {
    ($query:expr, $filter:expr) => {{
        let mut query = $query;
        if let Some(operation) = &$filter.operation {
            query = query.filter(audit_entries::operation.eq(operation.clone()));
        }
        if let Some(actor) = &$filter.actor {
            query = query.filter(audit_entries::actor.eq(actor.clone()));
        }
        if let Some(from) = $filter.recorded_at_from {
            query = query.filter(audit_entries::recorded_at.ge(from));
        }
        if let Some(to) = $filter.recorded_at_to {
            query = query.filter(audit_entries::recorded_at.le(to));
        }
        if let Some(to) = $filter.seq_to {
            query = query.filter(audit_entries::seq.le(to));
        }
        query
    }};
}
pub(super) use narrowed;

/// Entries of one authority after the place `after`, in the order of the chain, if the caller may see the authority.
///
/// # Errors
///
/// As the store.
pub fn entries(
    connection: &mut Connection,
    scope: &AuthorityScope,
    authority_key: AuthorityKey,
    filter: &AuditFilter,
    after: i64,
    limit: i64,
) -> Result<Vec<AuditRow>, StoreError> {
    if !scope.admits(authority_key) {
        return Ok(Vec::new());
    }
    let mut found = own_entries(connection, authority_key, filter, after, limit)?;
    if let Some(case_id) = &filter.case_id {
        // Two searches, each through an index in the order of the chain: no index serves both conditions in one.
        found.extend(audit_cases::entries(connection, authority_key, case_id, filter, after, limit)?);
        found.sort_by_key(|row| row.seq);
        found.dedup_by_key(|row| row.seq);
        found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    }
    Ok(found)
}

/// The same without those that name the case among others.
fn own_entries(
    connection: &mut Connection,
    authority_key: AuthorityKey,
    filter: &AuditFilter,
    after: i64,
    limit: i64,
) -> Result<Vec<AuditRow>, StoreError> {
    let mut query = audit_entries::table
        .filter(audit_entries::authority_key.eq(authority_key))
        .filter(audit_entries::seq.gt(after))
        .order(audit_entries::seq)
        .limit(limit)
        .select(AuditRow::as_select())
        .into_boxed();
    if let Some(case_id) = &filter.case_id {
        query = query.filter(audit_entries::case_id.eq(case_id.clone()));
    }
    let query = narrowed!(query, filter);
    query.load(connection).map_err(StoreError::from)
}

/// Keeps a checkpoint, unless there is one at this place.
///
/// # Errors
///
/// As the store.
pub fn insert_checkpoint(
    connection: &mut Connection,
    authority_key: AuthorityKey,
    seq: i64,
    content: &str,
) -> Result<(), StoreError> {
    let insert = diesel::insert_into(audit_checkpoints::table).values((
        audit_checkpoints::authority_key.eq(authority_key),
        audit_checkpoints::seq.eq(seq),
        audit_checkpoints::content.eq(content),
    ));
    match connection {
        Connection::Postgres(inner) => insert.on_conflict_do_nothing().execute(inner)?,
        Connection::Sqlite(inner) => insert.on_conflict_do_nothing().execute(inner)?,
    };
    Ok(())
}

/// The checkpoints of one authority with their places, in the order of the chain.
///
/// # Errors
///
/// As the store.
pub fn checkpoints(connection: &mut Connection, authority_key: AuthorityKey) -> Result<Vec<(i64, String)>, StoreError> {
    audit_checkpoints::table
        .filter(audit_checkpoints::authority_key.eq(authority_key))
        .order(audit_checkpoints::seq)
        .select((audit_checkpoints::seq, audit_checkpoints::content))
        .load(connection)
        .map_err(StoreError::from)
}

/// Keeps a succession.
///
/// # Errors
///
/// As the store.
pub fn insert_succession(
    connection: &mut Connection,
    authority_key: AuthorityKey,
    seq: i64,
    content: &str,
) -> Result<(), StoreError> {
    diesel::insert_into(audit_successions::table)
        .values((
            audit_successions::authority_key.eq(authority_key),
            audit_successions::seq.eq(seq),
            audit_successions::content.eq(content),
        ))
        .execute(connection)?;
    Ok(())
}

/// The successions of one authority with their places, in the order of the chain.
///
/// # Errors
///
/// As the store.
pub fn successions(connection: &mut Connection, authority_key: AuthorityKey) -> Result<Vec<(i64, String)>, StoreError> {
    audit_successions::table
        .filter(audit_successions::authority_key.eq(authority_key))
        .order(audit_successions::seq)
        .select((audit_successions::seq, audit_successions::content))
        .load(connection)
        .map_err(StoreError::from)
}
