//! What SQLite could do at most for one caller: the statements of a create with four parts, prepared once, on one
//! thread, one commit each, with the settings of the service's writer and nothing else around them.
//!
//! The rows are copies of the last request the service itself recorded, so that they follow the schema.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use rusqlite::{Connection, Statement, params, params_from_iter, types::Value};

use crate::Outcome;

/// Copied from the service's writer, but for the checkpoints: with one thread, it is this one that makes them.
const SETTINGS: &str = "PRAGMA busy_timeout = 5000; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
    PRAGMA secure_delete = ON; PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -12288;
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
    commit: Statement<'a>,
}

impl<'a> Create<'a> {
    fn prepare(connection: &'a Connection) -> Outcome<Self> {
        let last = connection.query_row("SELECT max(request_key) FROM requests", [], |row| row.get(0))?;
        let mut request = Row::all(connection, "requests", "request_key", last, " RETURNING request_key")?;
        let mut others = Row::all(connection, "parts", "part_key", last, "")?;
        others.extend(Row::all(connection, "request_topics", "", last, "")?);
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
            commit: connection.prepare("COMMIT")?,
        })
    }

    fn run(&mut self, authority: &str) -> Outcome<()> {
        self.begin.execute([])?;
        let authority_key: i64 = self.authority.query_row([authority], |row| row.get("authority_key"))?;
        let number: i64 = self.count.query_row([authority_key, self.year], |row| row.get(0))?;
        let reference = format!("BARE-{number:05}");
        let _is_taken: bool = self.is_taken.query_row(params![authority_key, reference], |row| row.get(0))?;
        self.request.set("id", &Value::Text(uuid::Uuid::new_v4().to_string()));
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
        self.commit.execute([])?;
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
        let mut columns = connection.prepare("SELECT name FROM pragma_table_info(?1) WHERE name <> ?2 ORDER BY cid")?;
        let columns: Vec<String> = columns.query_map([table, made], |row| row.get(0))?.collect::<Result<_, _>>()?;
        let names = columns.join(", ");
        let marks = vec!["?"; columns.len()].join(", ");
        let mut select = connection.prepare(&format!("SELECT {names} FROM {table} WHERE request_key = ?1"))?;
        let rows = select.query_map([request_key], |row| {
            (0..columns.len()).map(|at| row.get(at)).collect::<Result<Vec<Value>, _>>()
        })?;
        rows.map(|values| {
            let insert = format!("INSERT INTO {table} ({names}) VALUES ({marks}){returning}");
            Ok(Self { insert: connection.prepare(&insert)?, columns: columns.clone(), values: values? })
        })
        .collect()
    }

    fn set(&mut self, column: &str, value: &Value) {
        let columns = self.columns.iter().zip(&mut self.values);
        for (_, old) in columns.filter(|(name, _)| *name == column) {
            *old = value.clone();
        }
    }
}
