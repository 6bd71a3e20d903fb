//! The schema: alike on both databases, as `src/store/schema.rs` has it, and made once whoever starts first.

use std::{collections::BTreeSet, path::Path, thread};

use candour::store::{self, Backend};

use crate::support::{Database, Place};

const BOTH: [Database; 2] = [Database::Sqlite, Database::Postgres];

#[test]
fn both_folders_hold_the_same_migrations() {
    let embedded = store::migration_names(Backend::Sqlite).unwrap();
    assert_eq!(store::migration_names(Backend::Postgres).unwrap(), embedded);
    for folder in ["sqlite", "postgres"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(folder);
        let entries = std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut on_disk: Vec<String> = entries.collect();
        on_disk.sort();
        assert_eq!(on_disk, embedded, "{folder}");
    }
}

/// Each table of `src/store/schema.rs`, as `table(primary,key)` followed by its columns in order.
fn expected_tables() -> Vec<String> {
    let source = include_str!("../../src/store/schema.rs");
    let tables = source.split("diesel::table! {").skip(1).map(|declared| {
        let (head, body) = declared.split_once(") {").unwrap();
        let (name, key) = head.trim().split_once(" (").unwrap();
        let columns = body.split_once('}').unwrap().0.split(',').filter_map(|column| column.trim().split_once(" -> "));
        let columns: Vec<String> = columns.map(|(column, kind)| format!("{column} {kind}")).collect();
        format!("{name}({}): {}", key.replace(' ', ""), columns.join(", "))
    });
    let mut tables: Vec<String> = tables.collect();
    tables.sort();
    tables
}

const POSTGRES_TABLES: &str = "
    SELECT t.relname || '(' || (
            SELECT string_agg(a.attname, ',' ORDER BY k.n) FROM pg_constraint c, unnest(c.conkey) WITH ORDINALITY AS k (attnum, n)
            JOIN pg_attribute a ON a.attnum = k.attnum WHERE c.conrelid = t.oid AND c.contype = 'p' AND a.attrelid = t.oid
        ) || '): ' || (
            SELECT string_agg(a.attname || ' ' || CASE WHEN a.attnotnull THEN kind.name ELSE 'Nullable<' || kind.name || '>' END, ', ' ORDER BY a.attnum)
            FROM pg_attribute a CROSS JOIN LATERAL (SELECT CASE format_type(a.atttypid, a.atttypmod)
                WHEN 'bigint' THEN 'BigInt' WHEN 'integer' THEN 'Integer' WHEN 'text' THEN 'Text' WHEN 'date' THEN 'Date'
                WHEN 'boolean' THEN 'Bool' ELSE format_type(a.atttypid, a.atttypmod) END AS name) kind
            WHERE a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
        ) AS words
    FROM pg_class t WHERE t.relkind = 'r' AND t.relnamespace = 'public'::regnamespace AND t.relname NOT LIKE '\\_\\_%'
    ORDER BY 1";

/// SQLite's `INTEGER PRIMARY KEY` holds 64 bits, like PostgreSQL's bigint.
const SQLITE_TABLES: &str = "
    SELECT t.name || '(' || (
            SELECT group_concat(k.name, ',' ORDER BY k.pk) FROM pragma_table_info(t.name) k WHERE k.pk > 0
        ) || '): ' || (
            SELECT group_concat(c.name || ' ' || CASE WHEN c.\"notnull\" THEN c.kind ELSE 'Nullable<' || c.kind || '>' END, ', ' ORDER BY c.cid)
            FROM (SELECT *, CASE type WHEN 'BIGINT' THEN 'BigInt' WHEN 'TEXT' THEN 'Text' WHEN 'DATE' THEN 'Date' WHEN 'BOOLEAN' THEN 'Bool'
                WHEN 'INTEGER' THEN CASE pk WHEN 1 THEN 'BigInt' ELSE 'Integer' END ELSE type END AS kind FROM pragma_table_info(t.name)) c
        ) AS words
    FROM sqlite_schema t WHERE t.type = 'table' AND t.name NOT LIKE '\\_\\_%' ESCAPE '\\' AND t.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
    ORDER BY 1";

#[test]
fn both_databases_have_the_tables_of_the_schema() {
    let expected = expected_tables();
    assert!(expected.len() >= 15, "{expected:?}");
    assert_eq!(
        expected.last().unwrap(),
        "timeline_entries(entry_key): entry_key BigInt, request_key BigInt, authority_key BigInt, kind Text, effective_on Nullable<Date>, subject_id Nullable<Text>, detail Nullable<Text>, recorded_at BigInt"
    );
    for (database, query) in [(Database::Sqlite, SQLITE_TABLES), (Database::Postgres, POSTGRES_TABLES)] {
        let place = Place::empty(database);
        store::migrate(&place.url).unwrap();
        assert_eq!(place.words(query), expected, "{database:?}");
    }
}

/// One line for each unique key, index (with the columns that it only carries) and reference, in words common to both.
const POSTGRES_KEYS: &str = "
    SELECT CASE WHEN i.indisunique THEN 'unique ' ELSE 'index ' END || t.relname || '('
        || (SELECT string_agg(pg_get_indexdef(i.indexrelid, n, true), ',' ORDER BY n) FROM generate_series(1, i.indnatts) AS n)
        || ')' || CASE WHEN i.indpred IS NULL THEN '' ELSE ' partial' END AS words
    FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid
    WHERE t.relnamespace = 'public'::regnamespace AND t.relname NOT LIKE '\\_\\_%'
    UNION ALL
    SELECT 'reference ' || t.relname || '('
        || (SELECT string_agg(a.attname, ',' ORDER BY k.n) FROM unnest(c.conkey) WITH ORDINALITY AS k (attnum, n)
            JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.attnum)
        || ') to ' || p.relname || ' on delete '
        || CASE c.confdeltype WHEN 'c' THEN 'cascade' WHEN 'n' THEN 'set null' WHEN 'r' THEN 'restrict' ELSE 'no action' END
    FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid JOIN pg_class p ON p.oid = c.confrelid WHERE c.contype = 'f'";

const SQLITE_KEYS: &str = "
    WITH tables AS (SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE '\\_\\_%' ESCAPE '\\')
    SELECT CASE WHEN i.\"unique\" THEN 'unique ' ELSE 'index ' END || t.name || '('
        || (SELECT group_concat(coalesce(x.name, 'expression'), ',' ORDER BY x.seqno) FROM pragma_index_xinfo(i.name) x WHERE x.key)
        || ')' || CASE WHEN i.partial THEN ' partial' ELSE '' END AS words
    FROM tables t JOIN pragma_index_list(t.name) i
    UNION ALL
    SELECT 'unique ' || t.name || '(' || c.name || ')' FROM tables t JOIN pragma_table_info(t.name) c
    WHERE c.pk = 1 AND c.type = 'INTEGER' AND (SELECT count(*) FROM pragma_table_info(t.name) WHERE pk > 0) = 1
    UNION ALL
    SELECT 'reference ' || t.name || '(' || group_concat(f.\"from\", ',' ORDER BY f.seq) || ') to ' || f.\"table\" || ' on delete ' || lower(f.on_delete)
    FROM tables t JOIN pragma_foreign_key_list(t.name) f GROUP BY t.name, f.id";

#[test]
fn both_databases_have_the_same_keys_indexes_and_references() {
    let keys = |database, query| {
        let place = Place::empty(database);
        store::migrate(&place.url).unwrap();
        place.words(query).into_iter().collect::<BTreeSet<String>>()
    };
    let (sqlite, postgres) = (keys(Database::Sqlite, SQLITE_KEYS), keys(Database::Postgres, POSTGRES_KEYS));
    assert_eq!(sqlite, postgres);
    for wanted in [
        "unique requests(authority_key,reference)",
        "unique parts(request_key,label)",
        "unique idempotency_keys(credential,idempotency_key)",
        "index requests(authority_key,due_on,id)",
        "reference parts(request_key) to requests on delete no action",
    ] {
        assert!(postgres.contains(wanted), "{wanted} is not in {postgres:#?}");
    }
}

/// Their names tell which value is taken: `store::error` takes them apart.
#[test]
fn unique_keys_of_postgres_are_named_by_their_columns() {
    let place = Place::with_schema(Database::Postgres);
    let misnamed = place.words(
        "SELECT found.name || ' should be ' || found.wanted AS words FROM (
             SELECT x.relname AS name, t.relname || '__' || (
                 SELECT string_agg(pg_get_indexdef(i.indexrelid, n, true), '__' ORDER BY n) FROM generate_series(1, i.indnkeyatts) AS n) AS wanted
             FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid JOIN pg_class x ON x.oid = i.indexrelid
             WHERE i.indisunique AND t.relnamespace = 'public'::regnamespace AND t.relname NOT LIKE '\\_\\_%') found
         WHERE found.name <> found.wanted",
    );
    assert_eq!(misnamed, Vec::<String>::new());
}

/// Text that is sorted or compared must be by bytes, as SQLite does it.
#[test]
fn every_text_of_postgres_is_compared_by_bytes() {
    let place = Place::with_schema(Database::Postgres);
    let other = place.words(
        "SELECT table_name || '.' || column_name AS words FROM information_schema.columns
         WHERE table_schema = 'public' AND data_type = 'text' AND collation_name IS DISTINCT FROM 'C'",
    );
    assert_eq!(other, Vec::<String>::new());
}

/// Everything that the database says of its tables, in its own words.
fn dump(place: &Place) -> Vec<String> {
    let query = match place.database {
        Database::Sqlite => {
            "SELECT type || ' ' || name || ' ' || coalesce(sql, '') AS words FROM sqlite_schema
             WHERE tbl_name NOT LIKE '\\_\\_%' ESCAPE '\\' AND name <> 'sqlite_sequence' ORDER BY 1"
        }
        Database::Postgres => {
            "SELECT 'column ' || table_name || '.' || column_name || ' ' || ordinal_position || ' ' || data_type || ' ' || is_nullable
                 || ' ' || coalesce(column_default, '') || ' ' || is_identity || ' ' || coalesce(collation_name, '') AS words
             FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT LIKE '\\_\\_%'
             UNION ALL
             SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename NOT LIKE '\\_\\_%'
             UNION ALL
             SELECT 'constraint ' || conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
             WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text NOT LIKE '\\_\\_%'
             UNION ALL
             SELECT 'other ' || relkind::text || ' ' || relname FROM pg_class
             WHERE relnamespace = 'public'::regnamespace AND relkind NOT IN ('r', 'i') ORDER BY 1"
        }
    };
    place.words(query)
}

#[test]
fn up_down_and_up_again_ends_where_it_began() {
    for database in BOTH {
        let place = Place::empty(database);
        let all = store::migration_names(place.url.backend()).unwrap();
        assert_eq!(store::pending_migrations(&place.url).unwrap(), all);
        assert_eq!(store::migrate(&place.url).unwrap().len(), all.len());
        assert_eq!(store::pending_migrations(&place.url).unwrap(), Vec::<String>::new());
        let first = dump(&place);
        assert!(first.len() > 30, "{first:#?}");
        assert_eq!(store::revert_all_migrations(&place.url).unwrap().len(), all.len());
        assert_eq!(dump(&place), Vec::<String>::new(), "{database:?}");
        assert_eq!(store::migrate(&place.url).unwrap().len(), all.len());
        assert_eq!(dump(&place), first, "{database:?}");
    }
}

#[test]
fn of_several_that_start_at_once_one_migrates() {
    for database in BOTH {
        let place = Place::empty(database);
        let applied: Vec<usize> = thread::scope(|scope| {
            let starts: Vec<_> = [(); 6].map(|()| scope.spawn(|| store::migrate(&place.url).unwrap().len())).into();
            starts.into_iter().map(|start| start.join().unwrap()).filter(|applied| *applied > 0).collect()
        });
        let all = store::migration_names(place.url.backend()).unwrap();
        assert_eq!(applied, [all.len()], "{database:?}");
    }
}

#[test]
fn migrating_again_keeps_the_rows() {
    for database in BOTH {
        let place = Place::empty(database);
        store::migrate(&place.url).unwrap();
        place.run("INSERT INTO installation (name, value) VALUES ('a name', 'a value')");
        assert_eq!(store::migrate(&place.url).unwrap(), Vec::<String>::new());
        assert_eq!(place.words("SELECT value AS words FROM installation"), ["a value"]);
    }
}
