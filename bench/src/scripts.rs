//! pgbench scripts with the statements that the service sends, in its order and with its transactions; written anew for
//! each database, so that they follow its schema.
//!
//! Four liberties, none to the service's advantage but the last: identifiers are computed by the server, an authority is
//! found by its key, the values of a new row stand in the statement instead of being bound to it, and the entry of a read
//! in the audit log has a transaction of its own, where the service lets calls that come at once share one.

use std::path::{Path, PathBuf};

use crate::{Outcome, database::Database};

/// The scripts of one database.
pub struct Scripts {
    pub read: PathBuf,
    pub create: PathBuf,
}

/// Writes them into `folder`. The last request recorded serves as the pattern of a create.
pub fn write(database: &mut Database, folder: &Path, requests: usize) -> Outcome<Scripts> {
    let scripts = Scripts { read: folder.join("read.pgbench"), create: folder.join("create.pgbench") };
    std::fs::write(&scripts.read, read(database, requests)?)?;
    std::fs::write(&scripts.create, create(database)?)?;
    Ok(scripts)
}

fn read(database: &mut Database, requests: usize) -> Outcome<String> {
    let first = database
        .number("SELECT request_key::text AS value FROM requests WHERE id = md5('request ' || 0)::uuid::text")?;
    let request = database.columns("requests")?.join(", ");
    let part = database.columns("parts")?.join(", ");
    let last = requests - 1;
    Ok(format!(
        "\\set number random(0, {last})\n\\set key :number + {first}\n\
         BEGIN;\n\
         SELECT {request} FROM requests WHERE id = md5('request ' || :number)::uuid::text;\n\
         SELECT {part} FROM parts WHERE request_key = :key ORDER BY position;\n\
         ROLLBACK;\n\
         BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;\n\
         {entry}\
         COMMIT;\n",
        entry = audit_entry(database, "requests.id = md5('request ' || :number)::uuid::text")?,
    ))
}

fn create(database: &mut Database) -> Outcome<String> {
    let last = database.number("SELECT max(request_key)::text AS value FROM requests")?;
    let year = database.text(&format!(
        "SELECT extract(year FROM received_on)::int::text AS value FROM requests WHERE request_key = {last}"
    ))?;
    let keys: Vec<i64> = ["min", "max"]
        .iter()
        .map(|end| {
            database.number(&format!(
                "SELECT {end}(authority_key)::text AS value FROM reference_counters WHERE year = {year}"
            ))
        })
        .collect::<Outcome<_>>()?;
    let [first_authority, last_authority] = keys.as_slice() else { return Err("no authority".into()) };
    let authority = database.columns("authorities")?.join(", ");
    let reference = format!("'FOI-{year}-' || lpad(:last_number::text, 5, '0')");
    let request = insert(
        database,
        "requests",
        "request_key",
        last,
        &[("id", "gen_random_uuid()::text"), ("authority_key", ":authority"), ("reference", &reference)],
    )?;
    let owned = [("request_key", ":request_key"), ("authority_key", ":authority")];
    let parts = insert(database, "parts", "part_key", last, &owned)?;
    let topics = insert(database, "request_topics", "", last, &owned)?;
    Ok(format!(
        "\\set authority random({first_authority}, {last_authority})\n\
         BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;\n\
         SELECT {authority} FROM authorities WHERE authority_key = :authority;\n\
         UPDATE reference_counters SET last_number = last_number + 1 \
         WHERE authority_key = :authority AND year = {year} RETURNING last_number \\gset\n\
         SELECT EXISTS (SELECT 1 FROM requests WHERE authority_key = :authority AND reference = {reference});\n\
         {request} RETURNING request_key \\gset\n\
         {parts};\n{topics};\n\
         {entry}\
         COMMIT;\n",
        entry = audit_entry(database, "requests.request_key = :request_key")?,
    ))
}

/// The entry of one call in the audit log, with what the last one of the service said.
fn audit_entry(database: &mut Database, case: &str) -> Outcome<String> {
    let last = "FROM audit_entries ORDER BY recorded_at DESC LIMIT 1";
    let mut said = |column: &str| database.text(&format!("SELECT {} AS value {last}", literal(column)));
    let (recorded_at, operation) = (said("recorded_at")?, said("operation")?);
    let (actor, case_id, content) = (said("actor")?, said("case_id")?, said("content")?);
    Ok(format!(
        "SELECT requests.authority_key AS chain, audit_heads.seq AS place, audit_heads.hash AS end_hash \
         FROM requests INNER JOIN audit_heads ON audit_heads.authority_key = requests.authority_key \
         WHERE {case} ORDER BY audit_heads.authority_key FOR UPDATE OF audit_heads \\gset\n\
         WITH new AS (SELECT encode(sha256(convert_to(:end_hash::text || {content}, 'UTF8')), 'hex') AS hash), \
         added AS (INSERT INTO audit_entries (authority_key, seq, recorded_at, operation, actor, case_id, content, \
         previous_hash, hash) SELECT :chain::bigint, :place::bigint + 1, {recorded_at}::bigint, {operation}, {actor}, \
         {case_id}, {content}, :end_hash::text, hash FROM new) \
         UPDATE audit_heads SET seq = :place::bigint + 1, hash = new.hash FROM new WHERE authority_key = :chain;\n"
    ))
}

/// The value of a column as a literal. pgbench takes a colon before a name for a variable, inside quotes too.
fn literal(column: &str) -> String {
    let text = format!(r"replace(replace({column}::text, '\', '\\'), '''', '''''')");
    format!(r"coalesce('E''' || replace({text}, ':', '\x3a') || '''', 'NULL')")
}

/// One INSERT of all rows of a table that belong to a request, with `replaced` in place of what it had there.
fn insert(
    database: &mut Database,
    table: &str,
    made: &str,
    request_key: i64,
    replaced: &[(&str, &str)],
) -> Outcome<String> {
    let columns: Vec<String> = database.columns(table)?.into_iter().filter(|column| column != made).collect();
    // A row of literals per row of the table.
    let literals: Vec<String> = columns
        .iter()
        .map(|column| match replaced.iter().find(|(name, _)| name == column) {
            Some((_, value)) => format!("'{}'", value.replace('\'', "''")),
            None => literal(column),
        })
        .collect();
    let rows = database.texts(&format!(
        "SELECT '(' || concat_ws(', ', {}) || ')' AS value FROM {table} WHERE request_key = {request_key}",
        literals.join(", ")
    ))?;
    Ok(format!("INSERT INTO {table} ({}) VALUES {}", columns.join(", "), rows.join(", ")))
}
