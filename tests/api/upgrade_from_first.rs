//! A database of the first schema, with rows that were written then: the program brings it up to date at its start, shows
//! every document as it was, and goes on with it.

use std::path::Path;

use serde_json::{Value, json};

use crate::support::{Database, Place, Process, server::id};

const FIRST: &str = "2026-11-21-000001_casework";
const ROWS: &str = include_str!("upgrade/rows.sql");
/// What the first version showed of these rows, by address; what depends on the day of looking is left out.
const DOCUMENTS: &str = include_str!("upgrade/documents.json");

/// PostgreSQL counts keys by itself, and is told that these were given.
const GIVEN_KEYS: &str = "
    DO $$
    DECLARE counted record;
    BEGIN
        FOR counted IN SELECT table_name, column_name FROM information_schema.columns
            WHERE table_schema = 'public' AND is_identity = 'YES'
        LOOP
            EXECUTE format('SELECT setval(pg_get_serial_sequence(%L, %L), coalesce(max(%I), 1)) FROM %I',
                counted.table_name, counted.column_name, counted.column_name, counted.table_name);
        END LOOP;
    END $$";

/// A database as the first version left it.
fn first_schema(database: Database) -> Place {
    let place = Place::empty(database);
    let folder = match database {
        Database::Sqlite => "sqlite",
        Database::Postgres => "postgres",
    };
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(folder).join(FIRST).join("up.sql");
    place.run(&std::fs::read_to_string(path).unwrap());
    place.run(
        "CREATE TABLE __diesel_schema_migrations (version VARCHAR(50) PRIMARY KEY NOT NULL,
             run_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP);
         INSERT INTO __diesel_schema_migrations (version) VALUES ('20261121000001')",
    );
    match database {
        Database::Sqlite => place.run(ROWS),
        Database::Postgres => {
            place.run(&ROWS.replace(") VALUES (", ") OVERRIDING SYSTEM VALUE VALUES ("));
            place.run(GIVEN_KEYS);
        }
    }
    place
}

/// Whatever the older document says, the newer one says: members may have been added.
#[track_caller]
fn assert_still_says(older: &Value, newer: &Value, at: &str) {
    match (older, newer) {
        (Value::Object(older), Value::Object(_)) => {
            for (name, value) in older {
                assert_still_says(value, &newer[name], &format!("{at}/{name}"));
            }
        }
        (Value::Array(older), Value::Array(newer)) if older.len() == newer.len() => {
            for (place, (older, newer)) in older.iter().zip(newer).enumerate() {
                assert_still_says(older, newer, &format!("{at}/{place}"));
            }
        }
        _ => assert_eq!(newer, older, "{at}"),
    }
}

#[test]
fn a_database_of_the_first_version_shows_what_it_showed() {
    let documents: Value = serde_json::from_str(DOCUMENTS).unwrap();
    for database in [Database::Sqlite, Database::Postgres] {
        let place = first_schema(database);
        let mut process = Process::serve(&place, &[]);
        let client = process.client();
        for (address, document) in documents.as_object().unwrap() {
            assert_still_says(document, &client.get(address).expect(200), &format!("{database:?} {address}"));
        }
        // It goes on: the next number of the year, a change from the version that was shown, an event, the draft issued.
        let wanted = json!({"regime": "foia", "received_on": "2024-06-04", "subject": "The next one"});
        let next = client.post("/v1/requests", &wanted).expect(201);
        assert_eq!(next["reference"], "NP-2024-0004");
        let question = json!({"asked_on": "2024-06-05", "text": "Which?"});
        client.post(&format!("/v1/requests/{}/clarifications", id(&next)), &question).expect(201);
        let list = client.get("/v1/requests?sort=received_on").expect(200);
        let find = |subject: &str| {
            list["items"].as_array().unwrap().iter().find(|item| item["subject"] == subject).map(id).unwrap()
        };
        let open = format!("/v1/requests/{}", find("Costs of the control room"));
        let tag = client.get(&open).header("etag").to_owned();
        client.patch(&open, &tag, &json!({"topics": ["costs"]})).expect(200);
        client
            .post(&format!("{open}/clarifications"), &json!({"asked_on": "2024-06-05", "text": "Which?"}))
            .expect(201);
        let letters = client.get(&format!("{open}/responses")).expect(200);
        let draft = format!("{open}/responses/{}", id(&letters["items"][0]));
        client.post(&format!("{draft}/issue"), &json!({"issued_on": "2024-06-28"})).expect(200);
        let log = client.get("/v1/audit-entries/verification?purpose=integrity_and_security").expect(200);
        assert_eq!(log["is_intact"], true, "{log}");
        assert_eq!(process.stop().code, Some(0));
    }
}
