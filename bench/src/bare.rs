//! What SQLite could do at most for one caller: the statements of a create with four parts, prepared once, on one
//! thread, one commit each, with the settings of the service's writer and nothing else around them.
//!
//! The rows are copies of the last request the service itself recorded, so that they follow the schema.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use candour::casework::audit::chained;
use rusqlite::{Connection, Statement, params, params_from_iter, types::Value};

use crate::Outcome;

/// Copied from the service's writer, but for the checkpoints: with one thread, it is this one that makes them.
const SETTINGS: &str = "PRAGMA busy_timeout = 5000; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
    PRAGMA secure_delete = ON; PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -8192;
    PRAGMA wal_autocheckpoint = 1000";

/// Creates a second, over `duration`, in the file that the service has open and is not using.
pub fn creates(path: &Path, authorities: &[String], duration: Duration) -> Outcome<f64> {
    let connection = Connection::open(path)?;
    connection.execute_batch(SETTINGS)?;
    let mut create = Create::prepare(&connection)?;
    let started = Instant::now();
    let mut done = 0_u32;
    let mut next = authorities.iter().cycle();
    while started.elapsed() < duration {
        create.run(next.next().ok_or("no authority")?)?;
        done += 1;
    }
    Ok(f64::from(done) / started.elapsed().as_secs_f64())
}

/// The statements of a create, prepared.
struct Create<'a> {
    year: i64,
    begin: Statement<'a>,
    authority: Statement<'a>,
    count: Statement<'a>,
    is_taken: Statement<'a>,
    request: Row<'a>,
    others: Vec<Row<'a>>,
    chain: Statement<'a>,
    entry: Row<'a>,
    chain_end: Statement<'a>,
    commit: Statement<'a>,
}

impl<'a> Create<'a> {
    fn prepare(connection: &'a Connection) -> Outcome<Self> {
        let last = connection.query_row("SELECT max(request_key) FROM requests", [], |row| row.get(0))?;
        let mut request = Row::all(connection, "requests", "request_key", last, " RETURNING request_key")?;
        let mut others = Row::all(connection, "parts", "part_key", last, "")?;
        others.extend(Row::all(connection, "request_topics", "", last, "")?);
        let mut entry =
            Row::all_where(connection, "audit_entries", "", "true ORDER BY recorded_at DESC LIMIT ?1", 1, "")?;
        Ok(Self {
            year: connection.query_row("SELECT max(year) FROM reference_counters", [], |row| row.get(0))?,
            begin: connection.prepare("BEGIN IMMEDIATE")?,
            authority: connection.prepare("SELECT * FROM authorities WHERE id = ?1")?,
            count: connection.prepare(
                "UPDATE reference_counters SET last_number = last_number + 1
                 WHERE authority_key = ?1 AND year = ?2 RETURNING last_number",
            )?,
            is_taken: connection
                .prepare("SELECT EXISTS (SELECT 1 FROM requests WHERE authority_key = ?1 AND reference = ?2)")?,
            request: request.pop().ok_or("no request")?,
            others,
            chain: connection.prepare(
                "SELECT audit_heads.seq, audit_heads.hash FROM requests
                 INNER JOIN audit_heads ON audit_heads.authority_key = requests.authority_key WHERE requests.id = ?1",
            )?,
            entry: entry.pop().ok_or("no entry in the audit log")?,
            chain_end: connection.prepare("UPDATE audit_heads SET seq = ?1, hash = ?2 WHERE authority_key = ?3")?,
            commit: connection.prepare("COMMIT")?,
        })
    }

    fn run(&mut self, authority: &str) -> Outcome<()> {
        self.begin.execute([])?;
        let authority_key: i64 = self.authority.query_row([authority], |row| row.get("authority_key"))?;
        let number: i64 = self.count.query_row([authority_key, self.year], |row| row.get(0))?;
        let reference = format!("BARE-{number:05}");
        let _is_taken: bool = self.is_taken.query_row(params![authority_key, reference], |row| row.get(0))?;
        let id = uuid::Uuid::new_v4().to_string();
        self.request.set("id", &Value::Text(id.clone()));
        self.request.set("authority_key", &Value::Integer(authority_key));
        self.request.set("authority_id", &Value::Text(authority.to_owned()));
        self.request.set("reference", &Value::Text(reference));
        let request_key: i64 =
            self.request.insert.query_row(params_from_iter(&self.request.values), |row| row.get(0))?;
        for row in &mut self.others {
            row.set("request_key", &Value::Integer(request_key));
            row.set("authority_key", &Value::Integer(authority_key));
            row.insert.execute(params_from_iter(&row.values))?;
        }
        self.enter(authority_key, id)?;
        self.commit.execute([])?;
        Ok(())
    }

    /// The entry of the call in the audit log, with what the last one of the service said.
    fn enter(&mut self, authority_key: i64, case_id: String) -> Outcome<()> {
        let end = self.chain.query_row([&case_id], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?)));
        let (seq, previous_hash) = end?;
        let Some(Value::Text(content)) = self.entry.get("content") else { return Err("an entry says nothing".into()) };
        let hash = chained(&previous_hash, content);
        self.entry.set("authority_key", &Value::Integer(authority_key));
        self.entry.set("seq", &Value::Integer(seq + 1));
        self.entry.set("case_id", &Value::Text(case_id));
        self.entry.set("previous_hash", &Value::Text(previous_hash));
        self.entry.set("hash", &Value::Text(hash.clone()));
        self.entry.insert.execute(params_from_iter(&self.entry.values))?;
        self.chain_end.execute(params![seq + 1, hash, authority_key])?;
        Ok(())
    }
}

/// A row to insert again and again, and the statement that does it.
struct Row<'a> {
    insert: Statement<'a>,
    columns: Vec<String>,
    values: Vec<Value>,
}

impl<'a> Row<'a> {
    /// The rows of a table that belong to a request, without the key `made` by SQLite.
    fn all(
        connection: &'a Connection,
        table: &str,
        made: &str,
        request_key: i64,
        returning: &str,
    ) -> Outcome<Vec<Self>> {
        Self::all_where(connection, table, made, "request_key = ?1", request_key, returning)
    }

    fn all_where(
        connection: &'a Connection,
        table: &str,
        made: &str,
        condition: &str,
        number: i64,
        returning: &str,
    ) -> Outcome<Vec<Self>> {
        let mut columns = connection.prepare("SELECT name FROM pragma_table_info(?1) WHERE name <> ?2 ORDER BY cid")?;
        let columns: Vec<String> = columns.query_map([table, made], |row| row.get(0))?.collect::<Result<_, _>>()?;
        let names = columns.join(", ");
        let marks = vec!["?"; columns.len()].join(", ");
        let mut select = connection.prepare(&format!("SELECT {names} FROM {table} WHERE {condition}"))?;
        let rows = select
            .query_map([number], |row| (0..columns.len()).map(|at| row.get(at)).collect::<Result<Vec<Value>, _>>())?;
        rows.map(|values| {
            let insert = format!("INSERT INTO {table} ({names}) VALUES ({marks}){returning}");
            Ok(Self { insert: connection.prepare(&insert)?, columns: columns.clone(), values: values? })
        })
        .collect()
    }

    fn get(&self, column: &str) -> Option<&Value> {
        self.columns.iter().zip(&self.values).find(|(name, _)| *name == column).map(|(_, value)| value)
    }

    fn set(&mut self, column: &str, value: &Value) {
        let columns = self.columns.iter().zip(&mut self.values);
        for (_, old) in columns.filter(|(name, _)| *name == column) {
            *old = value.clone();
        }
    }
}
