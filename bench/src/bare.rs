//! What SQLite could do at most for one caller: the statements of a create with four parts, prepared once, on one
//! thread, one commit each, with the settings of the service's writer and nothing else around them.
//!
//! The rows are copies of the last request the service itself recorded, so that they follow the schema.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use rusqlite::{Connection, params, params_from_iter, types::Value};

use crate::Outcome;

/// Copied from the service's writer, but for the checkpoints: with one thread, it is this one that makes them.
const SETTINGS: &str = "PRAGMA busy_timeout = 5000; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
    PRAGMA secure_delete = ON; PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -32768;
    PRAGMA wal_autocheckpoint = 1000";

/// A row to insert again and again.
struct Row {
    insert: String,
    columns: Vec<String>,
    values: Vec<Value>,
}

impl Row {
    fn set(&mut self, column: &str, value: Value) {
        for (name, old) in self.columns.iter().zip(&mut self.values) {
            if name == column {
                *old = value.clone();
            }
        }
    }
}

/// Creates a second, over `duration`, in the file that the service has open and is not using.
pub fn creates(path: &Path, authorities: &[String], duration: Duration) -> Outcome<f64> {
    let connection = Connection::open(path)?;
    connection.set_prepared_statement_cache_capacity(32);
    connection.execute_batch(SETTINGS)?;
    let last: i64 = connection.query_row("SELECT max(request_key) FROM requests", [], |row| row.get(0))?;
    let mut request = rows(&connection, "requests", "request_key", last)?.pop().ok_or("no request")?;
    request.insert.push_str(" RETURNING request_key");
    let mut parts = rows(&connection, "parts", "part_key", last)?;
    let mut topics = rows(&connection, "request_topics", "", last)?;
    let started = Instant::now();
    let mut done = 0_u32;
    let mut next = authorities.iter().cycle();
    while started.elapsed() < duration {
        let authority = next.next().ok_or("no authority")?;
        create(&connection, authority, &mut request, &mut [&mut parts, &mut topics])?;
        done += 1;
    }
    Ok(f64::from(done) / started.elapsed().as_secs_f64())
}

fn create(connection: &Connection, authority: &str, request: &mut Row, others: &mut [&mut Vec<Row>]) -> Outcome<()> {
    connection.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
    let authority_key: i64 = connection
        .prepare_cached("SELECT * FROM authorities WHERE id = ?1")?
        .query_row([authority], |row| row.get("authority_key"))?;
    let year = 2000_i64;
    let number: i64 = connection
        .prepare_cached(
            "INSERT INTO reference_counters (authority_key, year, last_number) VALUES (?1, ?2, 1)
             ON CONFLICT DO UPDATE SET last_number = last_number + 1 RETURNING last_number",
        )?
        .query_row(params![authority_key, year], |row| row.get(0))?;
    let reference = format!("BARE-{year}-{number:05}");
    let _taken: bool = connection
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM requests WHERE authority_key = ?1 AND reference = ?2)")?
        .query_row(params![authority_key, reference], |row| row.get(0))?;
    request.set("id", Value::Text(uuid::Uuid::new_v4().to_string()));
    request.set("authority_key", Value::Integer(authority_key));
    request.set("authority_id", Value::Text(authority.to_owned()));
    request.set("reference", Value::Text(reference));
    let request_key: i64 = connection
        .prepare_cached(&request.insert)?
        .query_row(params_from_iter(&request.values), |row| row.get(0))?;
    for row in others.iter_mut().flat_map(|rows| rows.iter_mut()) {
        row.set("request_key", Value::Integer(request_key));
        row.set("authority_key", Value::Integer(authority_key));
        connection.prepare_cached(&row.insert)?.execute(params_from_iter(&row.values))?;
    }
    connection.prepare_cached("COMMIT")?.execute([])?;
    Ok(())
}

/// The rows of a table that belong to a request, without the key that SQLite makes.
fn rows(connection: &Connection, table: &str, made: &str, request_key: i64) -> Outcome<Vec<Row>> {
    let mut columns = connection.prepare("SELECT name FROM pragma_table_info(?1) WHERE name <> ?2 ORDER BY cid")?;
    let columns: Vec<String> = columns.query_map([table, made], |row| row.get(0))?.collect::<Result<_, _>>()?;
    let names = columns.join(", ");
    let marks = vec!["?"; columns.len()].join(", ");
    let mut select = connection.prepare(&format!("SELECT {names} FROM {table} WHERE request_key = ?1"))?;
    let rows = select.query_map([request_key], |row| {
        (0..columns.len()).map(|at| row.get(at)).collect::<Result<Vec<Value>, _>>()
    })?;
    rows.map(|values| {
        let insert = format!("INSERT INTO {table} ({names}) VALUES ({marks})");
        Ok(Row { insert, columns: columns.clone(), values: values? })
    })
    .collect()
}
