//! Copies the patterns to as many requests as are wanted, spread evenly over the authorities and in the order of
//! receipt, as they would have come in. All columns are taken over but those that tell one row from another.

use crate::{
    Outcome,
    database::{Database, Target},
    load::{Build, Size, pattern::PATTERN_AUTHORITY},
};

/// Tables that hold what belongs to a request.
const TABLES: [&str; 10] = [
    "requests",
    "request_topics",
    "requesters",
    "parts",
    "events",
    "responses",
    "answers",
    "citations",
    "timeline_entries",
    "case_sheets",
];

/// Takes from the patterns what no figure reads.
const SLIMMER: &str = "UPDATE source_requests SET subject = '', search_text = reference, details = '{}';
     UPDATE source_parts SET text = '', details = '{}'; UPDATE source_events SET details = '{}';
     UPDATE source_responses SET content = '{}', findings = '[]'";

/// What the databases say differently.
struct Dialect {
    before: &'static str,
    after: &'static str,
    random_id: &'static str,
    request_id: &'static str,
    padded: fn(&str) -> String,
    overriding: &'static str,
}

const RANDOM_SQLITE_ID: &str = "lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || \
     substr(hex(randomblob(2)), 2) || '-a' || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))";

const SQLITE: Dialect = Dialect {
    before: "PRAGMA foreign_keys = OFF; PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF;
             PRAGMA cache_size = -524288; PRAGMA temp_store = FILE",
    after: "PRAGMA journal_mode = WAL",
    random_id: RANDOM_SQLITE_ID,
    request_id: RANDOM_SQLITE_ID,
    padded: |number| format!("printf('%05d', {number})"),
    overriding: "",
};

const POSTGRES: Dialect = Dialect {
    // What is copied refers to what is copied: the references need no check, if the user may switch it off.
    before: "DO $$ BEGIN SET session_replication_role = replica; EXCEPTION WHEN insufficient_privilege THEN NULL; END $$;
             SET synchronous_commit = off; SET work_mem = '256MB'",
    after: "SELECT setval(pg_get_serial_sequence('requests', 'request_key'), (SELECT max(request_key) FROM requests));
            SELECT setval(pg_get_serial_sequence('responses', 'response_key'), (SELECT max(response_key) FROM responses));
            SELECT setval(pg_get_serial_sequence('events', 'event_key'), (SELECT max(event_key) FROM events))",
    random_id: "gen_random_uuid()::text",
    // From the number, so that a pgbench script can choose a request without asking for its id first.
    request_id: "md5('request ' || number)::uuid::text",
    padded: |number| format!("lpad(({number})::text, 5, '0')"),
    overriding: "OVERRIDING SYSTEM VALUE",
};

/// Copies the patterns.
pub fn multiply(target: &Target, size: Size, build: Build) -> Outcome<()> {
    let mut database = Database::open(target)?;
    let dialect = if matches!(target, Target::Sqlite(_)) { SQLITE } else { POSTGRES };
    database.execute(dialect.before)?;
    for table in TABLES {
        database.execute(&format!("CREATE TEMP TABLE source_{table} AS SELECT * FROM {table}"))?;
        database.execute(&format!("CREATE INDEX source_{table}_by_request ON source_{table} (request_key)"))?;
    }
    if build == Build::Slim {
        database.execute(SLIMMER)?;
    }
    plan_requests(&mut database, &dialect, size)?;
    plan_subjects(&mut database, &dialect, "responses", "response_key")?;
    plan_subjects(&mut database, &dialect, "events", "event_key")?;
    if matches!(target, Target::Postgres(_)) {
        database.execute("ANALYZE")?;
    }
    copy_all(&mut database, &dialect, build)?;
    database.execute(
        "INSERT INTO reference_counters (authority_key, year, last_number)
         SELECT authority_key, year, max(place) FROM planned GROUP BY authority_key, year",
    )?;
    database.execute(dialect.after)?;
    drop(database);
    if matches!(target, Target::Postgres(_)) {
        Database::open(target)?.execute("VACUUM ANALYZE")?;
        Database::open(target)?.execute("CHECKPOINT")?;
    }
    Ok(())
}

/// Which request is copied from which pattern: those of an authority go through the patterns in even steps.
fn plan_requests(database: &mut Database, dialect: &Dialect, size: Size) -> Outcome<()> {
    database.execute(&format!(
        "CREATE TEMP TABLE patterns (place INTEGER PRIMARY KEY, request_key BIGINT NOT NULL, year INTEGER NOT NULL);
         INSERT INTO patterns
         SELECT row_number() OVER (ORDER BY received_on, request_key) - 1, request_key,
                CAST(substr(CAST(received_on AS TEXT), 1, 4) AS INTEGER) FROM source_requests;
         CREATE TEMP TABLE holders (place INTEGER PRIMARY KEY, authority_key BIGINT NOT NULL, id TEXT NOT NULL);
         INSERT INTO holders SELECT row_number() OVER (ORDER BY authority_key) - 1, authority_key, id
         FROM authorities WHERE name <> '{PATTERN_AUTHORITY}';
         CREATE TEMP TABLE planned (
             number INTEGER PRIMARY KEY, place INTEGER NOT NULL, year INTEGER NOT NULL, source_key BIGINT NOT NULL,
             request_key BIGINT NOT NULL, id TEXT NOT NULL, authority_key BIGINT NOT NULL, authority_id TEXT NOT NULL,
             reference TEXT NOT NULL)"
    ))?;
    let patterns = database.number("SELECT CAST(count(*) AS TEXT) AS value FROM patterns")?;
    let last_key = database.number("SELECT CAST(max(request_key) AS TEXT) AS value FROM requests")?;
    let Size { requests, authorities } = size;
    let each = requests.div_ceil(authorities);
    let step = usize::try_from(patterns)?.div_euclid(each).max(1);
    let request_id = dialect.request_id;
    let padded = (dialect.padded)(&format!("number / {authorities} + 1"));
    database.execute(&format!(
        "INSERT INTO planned
         WITH RECURSIVE numbers (number) AS (
             SELECT 0 UNION ALL SELECT number + 1 FROM numbers WHERE number + 1 < {requests})
         SELECT number, number / {authorities} + 1, patterns.year, patterns.request_key, {last_key} + 1 + number,
                {request_id}, holders.authority_key, holders.id, 'FOI-' || patterns.year || '-' || {padded}
         FROM numbers
         JOIN patterns ON patterns.place =
             ((number / {authorities}) * {patterns} / {each} + (number % {authorities}) % {step}) % {patterns}
         JOIN holders ON holders.place = number % {authorities}
         ORDER BY number"
    ))
}

/// New keys and ids for rows that others refer to.
fn plan_subjects(database: &mut Database, dialect: &Dialect, table: &str, key: &str) -> Outcome<()> {
    let random_id = dialect.random_id;
    database.execute(&format!(
        "CREATE TEMP TABLE planned_{table} (
             key INTEGER PRIMARY KEY, source_key BIGINT NOT NULL, source_id TEXT NOT NULL, id TEXT NOT NULL,
             request_key BIGINT NOT NULL, authority_key BIGINT NOT NULL);
         INSERT INTO planned_{table}
         SELECT (SELECT max({key}) FROM source_{table}) + row_number() OVER (ORDER BY p.number, x.{key}),
                x.{key}, x.id, {random_id}, p.request_key, p.authority_key
         FROM planned p CROSS JOIN source_{table} x WHERE x.request_key = p.source_key ORDER BY p.number, x.{key};
         CREATE INDEX planned_{table}_by_request ON planned_{table} (request_key)"
    ))
}

fn copy_all(database: &mut Database, dialect: &Dialect, build: Build) -> Outcome<()> {
    let of_request = [("request_key", "p.request_key"), ("authority_key", "p.authority_key")];
    let of_subject = [("request_key", "s.request_key"), ("authority_key", "s.authority_key")];
    let request = [
        ("id", "p.id"),
        ("authority_id", "p.authority_id"),
        ("reference", "p.reference"),
        ("search_text", "lower(p.reference || substr(x.search_text, length(x.reference) + 1))"),
    ];
    copy(database, dialect, "requests", "", &[&of_request[..], &request].concat())?;
    if build == Build::Whole {
        copy(database, dialect, "request_topics", "", &of_request)?;
        copy(database, dialect, "requesters", "", &of_request)?;
    }
    copy(database, dialect, "parts", "part_key", &of_request)?;
    for (table, key) in [("events", "event_key"), ("responses", "response_key")] {
        let replaced = [&of_subject[..], &[(key, "s.key"), ("id", "s.id")]].concat();
        copy_subjects(database, dialect, table, key, &replaced)?;
    }
    let of_response = [&of_subject[..], &[("response_key", "s.key"), ("response_id", "s.id")]].concat();
    copy_subjects(database, dialect, "answers", "response_key", &of_response)?;
    copy_subjects(database, dialect, "citations", "response_key", &of_response)?;
    copy(database, dialect, "case_sheets", "", &of_request)?;
    match build {
        Build::Whole => copy_timeline(database),
        Build::Slim => Ok(()),
    }
}

/// Columns of a table and what is put there: what `replaced` says, else the pattern's.
fn columns(
    database: &mut Database,
    table: &str,
    left_out: &str,
    replaced: &[(&str, &str)],
) -> Outcome<(String, String)> {
    let columns: Vec<String> = database.columns(table)?.into_iter().filter(|column| column != left_out).collect();
    let value = |column: &String| {
        let replacement = replaced.iter().find(|(name, _)| name == column);
        replacement.map_or_else(|| format!("x.{column}"), |(_, value)| (*value).to_owned())
    };
    let values: Vec<String> = columns.iter().map(value).collect();
    Ok((columns.join(", "), values.join(", ")))
}

/// Copies a table whose rows hang on the request alone; the database makes the key `made` itself.
fn copy(database: &mut Database, dialect: &Dialect, table: &str, made: &str, replaced: &[(&str, &str)]) -> Outcome<()> {
    let (columns, values) = columns(database, table, made, replaced)?;
    let overriding = dialect.overriding;
    // SQLite takes the tables of a CROSS JOIN in the order in which they stand.
    database.execute(&format!(
        "INSERT INTO {table} ({columns}) {overriding} SELECT {values}
         FROM planned p CROSS JOIN source_{table} x WHERE x.request_key = p.source_key ORDER BY p.number"
    ))
}

/// Copies responses or events, or rows that hang on them by `key`.
fn copy_subjects(
    database: &mut Database,
    dialect: &Dialect,
    table: &str,
    key: &str,
    replaced: &[(&str, &str)],
) -> Outcome<()> {
    let planned = if key == "event_key" { "planned_events" } else { "planned_responses" };
    let (columns, values) = columns(database, table, "", replaced)?;
    let overriding = dialect.overriding;
    database.execute(&format!("CREATE INDEX source_{table}_by_key ON source_{table} ({key})"))?;
    database.execute(&format!(
        "INSERT INTO {table} ({columns}) {overriding} SELECT {values}
         FROM {planned} s CROSS JOIN source_{table} x WHERE x.{key} = s.source_key ORDER BY s.key"
    ))
}

/// Copies the timelines; an entry names the response or event it is about.
fn copy_timeline(database: &mut Database) -> Outcome<()> {
    let replaced = [
        ("request_key", "p.request_key"),
        ("authority_key", "p.authority_key"),
        ("subject_id", "coalesce(r.id, e.id, x.subject_id)"),
    ];
    let (columns, values) = columns(database, "timeline_entries", "entry_key", &replaced)?;
    database.execute(&format!(
        "INSERT INTO timeline_entries ({columns}) SELECT {values}
         FROM planned p CROSS JOIN source_timeline_entries x
         LEFT JOIN planned_responses r ON r.request_key = p.request_key AND r.source_id = x.subject_id
         LEFT JOIN planned_events e ON e.request_key = p.request_key AND e.source_id = x.subject_id
         WHERE x.request_key = p.source_key ORDER BY p.number"
    ))
}
