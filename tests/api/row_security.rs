//! The second fence: PostgreSQL itself neither shows nor takes rows of another authority, whatever a query asks for.
//! (Every other test on PostgreSQL serves behind this fence, under a role that does not own the tables.)

use candour::store::{self, AuthorityKey, AuthorityScope, Connection, Store, StoreError, StoreSettings, authorities};
use diesel::{QueryableByName, RunQueryDsl, sql_query, sql_types::BigInt};

use crate::support::{
    Database, Place, Process, Server,
    process::Ended,
    server::{ROLE, database_text, run_on_cluster, served},
    until,
};

/// Tables of PostgreSQL that have no fence, and why.
const OPEN: [&str; 4] = [
    // The history of the schema.
    "__diesel_schema_migrations",
    // Bank holidays are the same for all.
    "calendar_files",
    // Bound to a credential, which has no key of an authority.
    "idempotency_keys",
    // Keys of the installation.
    "installation",
];

#[test]
fn every_table_has_a_fence_that_binds_its_owner_too() {
    let place = Place::empty(Database::Postgres);
    store::migrate(&place.url).unwrap();
    let tables = |condition: &str| {
        place.words(&format!(
            "SELECT t.relname::text AS words FROM pg_class t WHERE t.relkind = 'r' AND t.relnamespace = 'public'::regnamespace
             AND {condition} ORDER BY 1"
        ))
    };
    let fenced = "t.relrowsecurity AND t.relforcerowsecurity
        AND EXISTS (SELECT FROM pg_policies p WHERE p.tablename = t.relname AND p.policyname = 'authority' AND p.cmd = 'ALL')";
    assert_eq!(tables(&format!("NOT ({fenced})")), OPEN);
    assert!(tables(fenced).len() >= 24, "{:?}", tables(fenced));
    assert!(tables(fenced).contains(&"record_parts".to_owned()), "keyed by the record it belongs to");
    // A table that a later migration adds is fenced without being asked for.
    place.run("CREATE TABLE later (later_key BIGINT PRIMARY KEY, authority_key BIGINT NOT NULL)");
    store::migrate(&place.url).unwrap();
    assert_eq!(tables(&format!("NOT ({fenced})")), OPEN);
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

fn count(connection: &mut Connection, table: &str) -> Result<i64, StoreError> {
    let query = sql_query(format!("SELECT count(*) AS number FROM {table}"));
    let Connection::Postgres(inner) = connection else { panic!("not PostgreSQL") };
    Ok(query.get_result::<Count>(inner)?.number)
}

/// Two authorities with a request each; their ids.
fn two_authorities(server: &Server) -> [String; 2] {
    ["First authority", "Second authority"].map(|name| {
        let authority = server.authority(name);
        let body = serde_json::json!({"regime": "foia", "received_on": "2026-06-01", "subject": name, "authority_id": authority,
            "requester": {"name": "N"}, "topics": ["t"], "parts": [{"label": "1", "text": "Q"}]});
        server.post("/v1/requests", &body).expect(201);
        authority
    })
}

/// The key of an authority, had as the service has it.
async fn key(store: &Store, id: String) -> AuthorityKey {
    let found = store.read(move |connection| authorities::find(connection, &AuthorityScope::Every, &id)).await;
    found.unwrap().unwrap().authority_key
}

#[test]
fn a_session_sees_and_writes_what_its_setting_admits_and_nothing_without_one() {
    let server = Server::start(Database::Postgres);
    let [first, second] = two_authorities(&server)
        .map(|id| server.place.number(&format!("SELECT authority_key AS number FROM authorities WHERE id = '{id}'")));
    let fenced = server.place.words("SELECT tablename::text AS words FROM pg_policies WHERE policyname = 'authority'");
    let mut session = server.place.session();
    session.run(&format!("SET ROLE {ROLE}"));
    for table in &fenced {
        assert_eq!(session.number(&format!("SELECT count(*) AS number FROM {table}")), 0, "{table}");
    }
    for (setting, requests) in [
        ("every".to_owned(), 2),
        (format!("{{{first}}}"), 1),
        (format!("{{{first},{second}}}"), 2),
        ("{}".to_owned(), 0),
        ("{999999}".to_owned(), 0),
        (String::new(), 0),
        ("anything else".to_owned(), 0),
    ] {
        session.run(&format!("SET candour.authorities = '{setting}'"));
        for table in ["requests", "requesters", "request_topics", "parts", "authorities"] {
            let seen = session.number(&format!("SELECT count(*) AS number FROM {table}"));
            assert_eq!(seen, requests, "{table} with `{setting}`");
        }
    }
    // Rows of another are neither changed nor removed, and none are put there.
    session.run(&format!("SET candour.authorities = '{{{first}}}'"));
    session.run("UPDATE requests SET subject = 'changed'; DELETE FROM request_topics");
    assert_eq!(server.place.words("SELECT subject AS words FROM requests ORDER BY 1"), ["Second authority", "changed"]);
    assert_eq!(server.place.count("request_topics"), 1);
    let insert =
        format!("INSERT INTO reference_counters (authority_key, year, last_number) VALUES ({second}, 2030, 1)");
    let crate::support::place::Session::Postgres(connection) = &mut session else { panic!("not PostgreSQL") };
    let refused = sql_query(insert).execute(connection).unwrap_err();
    assert!(refused.to_string().contains("row-level security policy"), "{refused}");
    // The role that serves can neither lift the fence nor change the tables.
    for statement in
        ["ALTER TABLE requests DISABLE ROW LEVEL SECURITY", "DROP POLICY authority ON requests", "TRUNCATE requests"]
    {
        let refused = sql_query(statement).execute(connection).unwrap_err();
        assert!(
            refused.to_string().contains("must be owner") || refused.to_string().contains("permission denied"),
            "{refused}"
        );
    }
}

#[tokio::test]
async fn the_fence_of_a_transaction_ends_with_it() {
    let server = Server::start(Database::Postgres);
    let [first, second] = two_authorities(&server);
    let settings = StoreSettings { readers: 1, writers: 1, queue_length: 8 };
    let store = Store::open(&served(server.url.clone()), settings).unwrap();
    let (first, second) = (key(&store, first).await, key(&store, second).await);
    // The query names no authority at all: the fence is all there is.
    let ask = |connection: &mut Connection| count(connection, "requests");
    for (fence, seen) in [
        (AuthorityScope::Only(vec![first]), 1),
        (AuthorityScope::Every, 2),
        (AuthorityScope::Only(vec![second]), 1),
        (AuthorityScope::Only(vec![]), 0),
        (AuthorityScope::Only(vec![first, second]), 2),
    ] {
        assert_eq!(store.within(fence.clone()).read(ask).await, Ok(seen), "{fence:?}");
        assert_eq!(store.within(fence.clone()).write(ask).await, Ok(seen), "{fence:?}");
        // The next work on the same connection has its own, or none.
        assert_eq!(store.read(ask).await, Ok(2));
        assert_eq!(store.read_one(ask).await, Ok(2));
        assert_eq!(store.write(ask).await, Ok(2));
    }
    // Work that fails leaves nothing behind either.
    let failed = store.within(AuthorityScope::Only(vec![first])).write(|connection| {
        count(connection, "requests")?;
        Err::<(), _>(StoreError::NotFound)
    });
    assert_eq!(failed.await, Err(StoreError::NotFound));
    assert_eq!(store.write(ask).await, Ok(2));
    store.close();
}

/// As an operator sets it up: an owner that is no superuser, and a role to serve under.
#[test]
fn the_program_serves_under_its_role_for_an_owner_that_is_no_superuser() {
    let place = Place::empty(Database::Postgres);
    let (owner, role) = (format!("owner_of_{}", place.name), format!("serves_{}", place.name));
    run_on_cluster(&format!("CREATE ROLE {owner} LOGIN PASSWORD 'plain'"));
    run_on_cluster(&format!("ALTER DATABASE {} OWNER TO {owner}", place.name));
    let mut url = url::Url::parse(&database_text(&place.name)).unwrap();
    url.set_username(&owner).unwrap();
    url.set_password(Some("plain")).unwrap();
    place.run(&format!("ALTER SCHEMA public OWNER TO {owner}"));
    let environment = [("CANDOUR_DATABASE_URL", url.as_str()), ("CANDOUR_DATABASE_ROLE", role.as_str())];
    // Without the role the start says what is to be done.
    let refused = Process::run(
        place.folder(),
        &["serve"],
        &[
            environment[0],
            environment[1],
            ("CANDOUR_LISTEN", "127.0.0.1:0"),
            ("CANDOUR_BOOTSTRAP_KEY", crate::support::server::KEY),
        ],
    );
    assert_eq!(refused.code, Some(1), "{refused:?}");
    assert!(refused.errors.contains(&format!("CREATE ROLE {role} NOLOGIN; GRANT {role} TO")), "{}", refused.errors);
    run_on_cluster(&format!("CREATE ROLE {role} NOLOGIN"));
    run_on_cluster(&format!("GRANT {role} TO {owner}"));
    let mut process = Process::serve(&place, &environment);
    let client = process.client();
    let authority = crate::support::server::id(
        &client.post("/v1/authorities", &serde_json::json!({"name": "Force", "nation": "england"})).expect(201),
    );
    let body =
        serde_json::json!({"regime": "foia", "received_on": "2026-06-01", "subject": "S", "authority_id": authority});
    client.post("/v1/requests", &body).expect(201);
    assert_eq!(client.get("/v1/requests").expect(200)["items"].as_array().unwrap().len(), 1);
    // A transaction of the owner's that may still write holds the change feed back, seen from the role that serves.
    let mut writing = <diesel::PgConnection as diesel::Connection>::establish(url.as_str()).unwrap();
    sql_query("BEGIN").execute(&mut writing).unwrap();
    sql_query("INSERT INTO installation (name, value) VALUES ('a', 'b')").execute(&mut writing).unwrap();
    let late =
        serde_json::json!({"regime": "foia", "received_on": "2026-06-01", "subject": "L", "authority_id": authority});
    client.post("/v1/requests", &late).expect(201);
    let feed = || client.get("/v1/requests?sort=updated_at").expect(200).to_string();
    assert!(!feed().contains("\"subject\":\"L\""), "{}", feed());
    sql_query("ROLLBACK").execute(&mut writing).unwrap();
    drop(writing);
    until("the feed tells of the late request", || feed().contains("\"subject\":\"L\""));
    // The owner is bound as well, unless it says for whom it asks.
    let mut session = <diesel::PgConnection as diesel::Connection>::establish(url.as_str()).unwrap();
    let mut requests =
        || sql_query("SELECT count(*) AS number FROM requests").get_result::<Count>(&mut session).unwrap().number;
    assert_eq!(requests(), 0);
    let ended = process.stop();
    assert_eq!(ended.code, Some(0));
    // Who serves under a role that the fence does not bind is told so.
    let warns = |ended: &Ended| format!("{}{}", ended.output, ended.errors).contains("bypasses row-level security");
    assert!(!warns(&ended));
    let mut unfenced = Process::serve(&place, &[]);
    unfenced.base();
    assert!(warns(&unfenced.stop()));
    drop(session);
    run_on_cluster(&format!("DROP DATABASE {} WITH (FORCE)", place.name));
    run_on_cluster(&format!("DROP ROLE {role}"));
    run_on_cluster(&format!("DROP ROLE {owner}"));
}
