//! What callers see of the database: refusals alike on both, nothing by halves, 503 when it is busy or away.

use std::{
    iter::repeat_with,
    sync::mpsc,
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use candour::store::{Store, StoreError, StoreSettings, sqlite_compile_faults};
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::{
    on_both,
    support::{Answer, Database, Place, Process, Server, server::run_on_cluster, until},
};

/// Jobs inside the store, run by a thread of their own.
struct Jobs {
    release: Vec<mpsc::Sender<()>>,
    thread: JoinHandle<Vec<Result<(), StoreError>>>,
}

/// Which queue of the store.
#[derive(Clone, Copy)]
enum Queue {
    Reads,
    Writes,
}

impl Queue {
    /// How many threads take from it.
    fn threads(self, server: &Server) -> usize {
        match (self, server.database) {
            (Self::Reads, _) => StoreSettings::default().readers,
            (Self::Writes, Database::Sqlite) => 1,
            (Self::Writes, Database::Postgres) => StoreSettings::default().writers,
        }
    }

    fn depth(self, store: &Store) -> usize {
        match self {
            Self::Reads => store.waiting_reads(),
            Self::Writes => store.waiting_writes(),
        }
    }

    async fn run(
        self,
        store: Store,
        job: impl FnOnce() -> Result<(), StoreError> + Send + 'static,
    ) -> Result<(), StoreError> {
        match self {
            Self::Reads => store.read(move |_| job()).await,
            Self::Writes => store.write(move |_| job()).await,
        }
    }

    /// Keeps every thread of the queue busy until the jobs are let go.
    fn hold(self, server: &Server) -> Jobs {
        let (begun, has_begun) = mpsc::channel();
        let (mut release, mut jobs) = (Vec::new(), Vec::new());
        for _ in 0..self.threads(server) {
            let (let_go, wait) = mpsc::channel::<()>();
            let begun = begun.clone();
            release.push(let_go);
            jobs.push(self.run(server.state.store.clone(), move || {
                begun.send(()).unwrap();
                wait.recv().unwrap_err();
                Ok(())
            }));
        }
        let held = Jobs { release, thread: thread::spawn(move || block_on(join_all(jobs))) };
        for _ in &held.release {
            has_begun.recv_timeout(Duration::from_secs(30)).unwrap();
        }
        held
    }

    /// Fills the queue behind busy threads.
    fn fill(self, server: &Server) -> Jobs {
        let length = StoreSettings::default().queue_length;
        let jobs: Vec<_> = repeat_with(|| self.run(server.state.store.clone(), || Ok(()))).take(length).collect();
        let filled = Jobs { release: Vec::new(), thread: thread::spawn(move || block_on(join_all(jobs))) };
        self.wait_for(server, length);
        filled
    }

    /// Waits until so many jobs stand in the queue.
    fn wait_for(self, server: &Server, number: usize) {
        until(&format!("{number} jobs wait"), || self.depth(&server.state.store) >= number);
    }
}

impl Jobs {
    /// Lets the jobs go on, and waits for their end. One of those that filled a queue may have been refused itself: the
    /// server's own look for newer bank holidays takes a place.
    fn let_go(self) {
        drop(self.release);
        let ends = self.thread.join().unwrap();
        assert!(ends.iter().all(|end| matches!(end, Ok(()) | Err(StoreError::Busy))), "{ends:?}");
    }
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}

fn new_request(reference: &str) -> Value {
    json!({"regime": "foia", "received_on": "2026-06-01", "subject": "A subject", "reference": reference})
}

/// A refusal that tells the caller to come again.
#[track_caller]
fn assert_come_again(answer: &Answer, code: &str) {
    let problem = answer.problem(503, code);
    assert_eq!(answer.header("retry-after"), "1");
    assert!(problem.get("errors").is_none(), "{problem}");
}

#[test]
fn sqlite_is_compiled_and_opened_as_the_service_needs_it() {
    assert_eq!(sqlite_compile_faults(), Ok(Vec::new()));
    let server = Server::start(Database::Sqlite);
    let setting = |queue: Queue, name: &'static str| {
        let query = move |connection: &mut candour::store::Connection| {
            use diesel::RunQueryDsl;
            let rows = diesel::sql_query(format!("SELECT CAST({name} AS TEXT) AS words FROM pragma_{name}"));
            Ok::<_, StoreError>(rows.get_result::<Words>(connection)?.words)
        };
        match queue {
            Queue::Reads => block_on(server.state.store.read(query)).unwrap(),
            Queue::Writes => block_on(server.state.store.write(query)).unwrap(),
        }
    };
    for (name, value) in [("journal_mode", "wal"), ("foreign_keys", "1"), ("synchronous", "2"), ("secure_delete", "1")]
    {
        assert_eq!(setting(Queue::Writes, name), value, "{name}");
    }
    for (name, value) in [("journal_mode", "wal"), ("query_only", "1"), ("trusted_schema", "0")] {
        assert_eq!(setting(Queue::Reads, name), value, "{name}");
    }
}

#[derive(diesel::QueryableByName)]
struct Words {
    #[diesel(sql_type = diesel::sql_types::Text)]
    words: String,
}

on_both! {
    fn taken_values_are_refused_alike(server) {
        let authority = server.authority("Force");
        let body = json!({"authority_id": authority, "regime": "foia", "received_on": "2026-06-01", "subject": "A subject",
            "reference": "R/1", "parts": [{"label": "1", "text": "One"}, {"label": "2", "text": "Two"}]});
        let request = server.post("/v1/requests", &body).expect(201);
        server.post("/v1/requests", &body).problem(409, "duplicate-reference");

        let path = format!("/v1/requests/{}", request["id"].as_str().unwrap());
        let label = server.post(&format!("{path}/parts"), &json!({"label": "2", "text": "Three"}));
        label.problem(422, "validation-failed");
        assert_eq!(label.faults(), [("#/label".to_owned(), "duplicate-value".to_owned())]);
        let split = server.post(&format!("{path}/parts/1/split"), &json!({"labels": ["3", "2"]}));
        split.problem(422, "validation-failed");
        assert_eq!(split.faults(), [("#/labels/1".to_owned(), "duplicate-value".to_owned())]);
        assert_eq!(server.get(&path).expect(200), request);
        for (table, rows) in [("authorities", 1), ("requests", 1), ("parts", 2), ("idempotency_keys", 0)] {
            assert_eq!(server.place.count(table), rows, "{table}");
        }
    }

    /// On SQLite the three share a commit.
    fn a_refused_write_does_not_touch_its_neighbours(server) {
        server.authority("Force");
        server.post("/v1/requests", &new_request("R/0")).expect(201);
        let held = Queue::Writes.hold(server);
        let statuses: Vec<u16> = thread::scope(|scope| {
            let calls = ["R/1", "R/0", "R/2"].map(|reference| {
                scope.spawn(move || server.post("/v1/requests", &new_request(reference)).status)
            });
            Queue::Writes.wait_for(server, 3);
            held.let_go();
            calls.map(|call| call.join().unwrap()).to_vec()
        });
        assert_eq!(statuses, [201, 409, 201]);
        assert_eq!(server.place.words("SELECT reference AS words FROM requests ORDER BY 1"), ["R/0", "R/1", "R/2"]);
    }

    fn a_write_that_fails_halfway_leaves_nothing(server) {
        server.authority("Force");
        let (break_it, mend_it) = match server.database {
            Database::Sqlite => (
                "CREATE TRIGGER broken BEFORE INSERT ON requesters BEGIN SELECT RAISE(ABORT, 'broken by the test'); END",
                "DROP TRIGGER broken",
            ),
            Database::Postgres => (
                "CREATE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'broken by the test'; END $$;
                 CREATE TRIGGER broken BEFORE INSERT ON requesters FOR EACH ROW EXECUTE FUNCTION broken()",
                "DROP TRIGGER broken ON requesters",
            ),
        };
        server.place.run(break_it);
        let body = json!({"regime": "foia", "received_on": "2026-06-01", "subject": "A subject", "topics": ["fees"],
            "requester": {"name": "A Person"}, "parts": [{"label": "1", "text": "One"}]});
        let failed = server.post_keyed("/v1/requests", "a-key", &body);
        let problem = failed.problem(500, "internal-error");
        assert!(!failed.text.contains("broken by the test") && problem.get("errors").is_none(), "{problem}");
        for table in ["requests", "parts", "request_topics", "requesters", "reference_counters", "idempotency_keys"] {
            assert_eq!(server.place.count(table), 0, "{table}");
        }
        server.place.run(mend_it);
        let recorded = server.post_keyed("/v1/requests", "a-key", &body);
        assert_eq!(recorded.expect(201)["reference"], "FOI-2026-00001");
        assert_eq!(recorded.header("idempotency-replayed"), "");
        for table in ["requests", "parts", "request_topics", "requesters", "reference_counters", "idempotency_keys"] {
            assert_eq!(server.place.count(table), 1, "{table}");
        }
    }

    fn when_too_many_writes_wait_more_are_refused_at_once(server) {
        server.authority("Force");
        let held = Queue::Writes.hold(server);
        let filled = Queue::Writes.fill(server);
        let started = Instant::now();
        assert_come_again(&server.post_keyed("/v1/requests", "a-key", &new_request("R/1")), "overloaded");
        assert!(started.elapsed() < Duration::from_secs(1), "{:?}", started.elapsed());
        // Casework that cannot be entered in the audit log is not shown. Other reading has threads of its own, and
        // liveness asks nobody.
        assert_come_again(&server.get("/v1/requests"), "overloaded");
        assert_eq!(server.get("/v1/whoami").expect(200)["kind"], "system");
        server.get("/v1/provisions/foia-31-3").expect(200);
        server.get("/livez").expect(200);
        assert_eq!(server.get("/readyz").status, 503);
        held.let_go();
        filled.let_go();
        assert_eq!(server.place.count("requests"), 0);
        server.get("/readyz").expect(200);
        server.post_keyed("/v1/requests", "a-key", &new_request("R/1")).expect(201);
    }

    fn when_too_many_reads_wait_more_are_refused_at_once(server) {
        server.authority("Force");
        let held = Queue::Reads.hold(server);
        let filled = Queue::Reads.fill(server);
        let started = Instant::now();
        assert_come_again(&server.get("/v1/requests"), "overloaded");
        assert!(started.elapsed() < Duration::from_secs(1), "{:?}", started.elapsed());
        server.post("/v1/requests", &new_request("R/1")).expect(201);
        held.let_go();
        filled.let_go();
        assert_eq!(server.get("/v1/requests").expect(200)["items"][0]["reference"], "R/1");
    }
}

fn break_connections(server: &Server) {
    let name = &server.place.name;
    run_on_cluster(&format!("SELECT pg_terminate_backend(pid, 30000) FROM pg_stat_activity WHERE datname = '{name}'"));
}

#[test]
fn connections_that_died_while_idle_are_replaced_unseen() {
    let server = Server::start(Database::Postgres);
    let request = server.request("2026-06-01", &["1"]);
    for number in 0..3 {
        break_connections(&server);
        server.get(&format!("/v1/requests/{request}")).expect(200);
        break_connections(&server);
        server.post("/v1/requests", &new_request(&format!("R/{number}"))).expect(201);
        break_connections(&server);
        server.get("/readyz").expect(200);
    }
    assert_eq!(server.place.count("requests"), 4);
}

#[test]
fn while_the_database_is_away_callers_are_told_to_come_again() {
    let server = Server::start(Database::Postgres);
    let request = server.request("2026-06-01", &["1"]);
    let name = &server.place.name;
    run_on_cluster(&format!("ALTER DATABASE {name} ALLOW_CONNECTIONS false"));
    break_connections(&server);
    for _ in 0..10 {
        assert_come_again(&server.get(&format!("/v1/requests/{request}")), "database-unavailable");
        assert_come_again(&server.post_keyed("/v1/requests", "a-key", &new_request("R/1")), "database-unavailable");
    }
    assert_come_again(&server.get("/readyz"), "database-unavailable");
    server.get("/livez").expect(200);
    server.get("/version").expect(200);
    server.get("/v1/deadlines?regime=foia&received_on=2026-06-01").expect(200);

    run_on_cluster(&format!("ALTER DATABASE {name} ALLOW_CONNECTIONS true"));
    server.get("/readyz").expect(200);
    server.get(&format!("/v1/requests/{request}")).expect(200);
    assert_eq!(server.place.count("requests"), 1);
    let recorded = server.post_keyed("/v1/requests", "a-key", &new_request("R/1"));
    recorded.expect(201);
    assert_eq!(recorded.header("idempotency-replayed"), "");
}

/// A lock that another transaction holds for longer than a writer waits.
#[test]
fn a_write_that_waits_too_long_for_another_transaction_is_refused() {
    let server = Server::start(Database::Postgres);
    server.authority("Force");
    let mut other = server.place.session();
    other.run("BEGIN; LOCK TABLE requests IN EXCLUSIVE MODE");
    assert_come_again(&server.post("/v1/requests", &new_request("R/1")), "overloaded");
    other.run("ROLLBACK");
    server.post("/v1/requests", &new_request("R/1")).expect(201);
}

/// The rights of the files of a database, by name.
#[cfg(unix)]
fn rights(folder: &std::path::Path) -> Vec<(String, u32)> {
    use std::os::unix::fs::PermissionsExt;
    let files = std::fs::read_dir(folder).unwrap().map(Result::unwrap);
    let mut found: Vec<(String, u32)> = files
        .map(|file| (file.file_name().into_string().unwrap(), file.metadata().unwrap().permissions().mode() & 0o777))
        .collect();
    found.retain(|(name, _)| ["candour.db", "candour.db-shm", "candour.db-wal"].contains(&name.as_str()));
    found.sort();
    found
}

#[cfg(unix)]
#[test]
fn a_new_sqlite_database_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let named =
        |rights: u32| ["candour.db", "candour.db-shm", "candour.db-wal"].map(|name| (name.to_owned(), rights)).to_vec();
    let server = Server::start(Database::Sqlite);
    server.request("2026-06-01", &["1"]);
    assert_eq!(rights(server.place.folder()), named(0o600));

    let place = Place::with_schema(Database::Sqlite);
    let migrated = Process::run(place.folder(), &["migrate"], &[("CANDOUR_DATABASE_URL", place.text.as_str())]);
    assert_eq!(migrated.code, Some(0), "{migrated:#?}");
    let file = place.folder().join("candour.db");
    assert_eq!(rights(place.folder())[0], ("candour.db".to_owned(), 0o600));
    // A file that is there keeps the rights that somebody gave it.
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o640)).unwrap();
    let mut process = Process::serve(&place, &[]);
    process.client().get("/v1/requests").expect(200);
    assert_eq!(rights(place.folder()), named(0o640));
    process.stop();
    assert_eq!(rights(place.folder())[0], ("candour.db".to_owned(), 0o640));
}
