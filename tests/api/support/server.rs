//! The application, started as `main` starts it, on a database of its own and on a free port.

use std::{
    ops::Deref,
    sync::{
        Arc, LazyLock, Mutex,
        atomic::{AtomicI64, Ordering},
        mpsc,
    },
    thread,
};

use candour::{
    api::state::AppState,
    app::{Application, ShowKey},
    clock::Clock,
    config::{KeyHash, LogFormat, Settings},
    store::{self, Backend, DatabaseUrl},
};
use chrono::{DateTime, Utc};
use diesel::{Connection, PgConnection, RunQueryDsl};
use serde_json::{Value, json};

use super::{Client, Place};

/// The key of every test's server.
pub const KEY: &str = "a-key-for-tests-of-more-than-32-characters";
/// The day on which tests take place unless they say otherwise: a Tuesday.
pub const TODAY: &str = "2026-06-30T12:00:00Z";

/// Which database a test runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Database {
    Sqlite,
    Postgres,
}

/// A running server; it stops, and its database goes, when the test ends.
pub struct Server {
    pub client: Client,
    pub base: String,
    pub url: DatabaseUrl,
    pub database: Database,
    pub state: Arc<AppState>,
    now: Arc<AtomicI64>,
    stop: Option<tokio::sync::oneshot::Sender<()>>,
    thread: Option<thread::JoinHandle<()>>,
    pub place: Arc<Place>,
}

impl Deref for Server {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}

impl Server {
    /// Starts a server on an empty database.
    pub fn start(database: Database) -> Self {
        Self::configured(database, |_| {})
    }

    /// Starts a server on an empty database with other settings.
    pub fn configured(database: Database, configure: impl FnOnce(&mut Settings)) -> Self {
        Self::on(Arc::new(Place::with_schema(database)), Arc::new(AtomicI64::new(micros(TODAY))), configure)
    }

    /// Starts another server beside this one, on the same database and with the same clock.
    pub fn another(&self) -> Self {
        Self::on(Arc::clone(&self.place), Arc::clone(&self.now), |_| {})
    }

    /// Starts another server beside this one, with other settings.
    pub fn another_configured(&self, configure: impl FnOnce(&mut Settings)) -> Self {
        Self::on(Arc::clone(&self.place), Arc::clone(&self.now), configure)
    }

    fn on(place: Arc<Place>, now: Arc<AtomicI64>, configure: impl FnOnce(&mut Settings)) -> Self {
        let (url, database) = (place.url.clone(), place.database);
        let (started, ready) = mpsc::channel();
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let mut settings = Settings {
            listen: "127.0.0.1:0".parse().unwrap(),
            database: served(url.clone()),
            metrics_listen: None,
            bootstrap_key: Some(KeyHash::of(KEY)),
            log_format: LogFormat::Json,
            tokens: None,
            edge: candour::edge::EdgeSettings::default(),
            encryption: None,
            audit_key_file: None,
        };
        configure(&mut settings);
        let scheme = if settings.edge.tls.is_some() { "https" } else { "http" };
        let shown = Arc::clone(&now);
        let thread = thread::spawn(move || {
            let clock = Clock::showing(move || DateTime::from_timestamp_micros(shown.load(Ordering::SeqCst)).unwrap());
            actix_web::rt::System::new().block_on(async move {
                let application = Application::build(&settings, clock, ShowKey::OnTerminal).await.unwrap();
                started.send((application.address().unwrap(), application.state())).unwrap();
                application.run(async { drop(stopped.await) }).await.unwrap();
            });
        });
        let (address, state) = ready.recv().unwrap();
        let base = format!("{scheme}://{address}");
        let client = Client::new(&base, Some(KEY));
        Self { client, base, url, database, state, now, stop: Some(stop), thread: Some(thread), place }
    }

    /// Sets the server's clock to an instant like `2026-06-30T12:00:00Z`.
    pub fn set_now(&self, instant: &str) {
        self.now.store(micros(instant), Ordering::SeqCst);
    }

    /// Records an authority, with particulars for its notices, and gives its id.
    pub fn authority(&self, name: &str) -> String {
        let body = json!({"name": name, "nation": "england", "kind": "police_force",
            "review_particulars": {"name": "The review office"}, "regulator_particulars": {"name": "Information Commissioner"}});
        id(&self.post("/v1/authorities", &body).expect(201))
    }

    /// Records a request received on a day, with parts of these labels, and gives its id. An authority is made if there
    /// is none.
    pub fn request(&self, received_on: &str, labels: &[&str]) -> String {
        if self.get("/v1/authorities").expect(200)["items"].as_array().unwrap().is_empty() {
            self.authority("Authority of the test");
        }
        let parts: Vec<Value> =
            labels.iter().map(|label| json!({"label": label, "text": format!("Question {label}")})).collect();
        let body = json!({"regime": "foia", "received_on": received_on, "subject": "A subject", "parts": parts});
        id(&self.post("/v1/requests", &body).expect(201))
    }

    /// Every byte that the SQLite database of this test has on disk, whatever file it is in.
    pub fn bytes_on_disk(&self) -> Vec<u8> {
        assert_eq!(self.database, Database::Sqlite);
        let files = std::fs::read_dir(self.place.folder()).unwrap();
        files.flat_map(|file| std::fs::read(file.unwrap().path()).unwrap()).collect()
    }

    /// Stops the server as SIGTERM does, and waits until it has stopped. The database stays until the test ends.
    pub fn stop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _it_may_have_ended = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap();
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.state.drain();
        self.stop();
    }
}

/// The `id` of a document.
#[track_caller]
pub fn id(document: &Value) -> String {
    document["id"].as_str().unwrap_or_else(|| panic!("no id in {document}")).to_owned()
}

fn micros(instant: &str) -> i64 {
    instant.parse::<DateTime<Utc>>().unwrap().timestamp_micros()
}

/// A database with the schema, made once a run: copying it is quicker than migrating anew.
pub static TEMPLATE: LazyLock<String> = LazyLock::new(|| {
    let name = format!("candour_template_{}", std::process::id());
    run_on_cluster(&format!("DROP DATABASE IF EXISTS {name}"));
    run_on_cluster(&format!("CREATE DATABASE {name}"));
    run_on_cluster(&format!(
        "DO $$ BEGIN CREATE ROLE {ROLE} NOLOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
    ));
    store::migrate(&served(database_url(&name))).unwrap();
    assert_eq!(database_url(&name).backend(), Backend::Postgres);
    name
});

/// The role under which every test's server serves: PostgreSQL's own fence binds it, as it would not bind the superuser
/// who connects.
pub const ROLE: &str = "candour_tests";

/// The same database, served under that role.
pub fn served(url: DatabaseUrl) -> DatabaseUrl {
    url.served_as(ROLE.parse().unwrap())
}

/// Statements on the cluster itself stand in line: two copies of one template get in each other's way.
static CLUSTER: Mutex<()> = Mutex::new(());

pub fn run_on_cluster(statement: &str) {
    let _turn = CLUSTER.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let mut connection = PgConnection::establish(&cluster_url()).unwrap();
    diesel::sql_query(statement).execute(&mut connection).unwrap();
}

/// Where the tests' PostgreSQL is; `scripts/test` starts one. It is never skipped.
pub fn cluster_url() -> String {
    std::env::var("TEST_POSTGRES_URL")
        .expect("TEST_POSTGRES_URL is not set: run the tests with scripts/test, which starts a PostgreSQL for them")
}

pub fn database_url(name: &str) -> DatabaseUrl {
    database_text(name).parse().unwrap()
}

/// The URL of a database of the cluster, its password included.
pub fn database_text(name: &str) -> String {
    let mut url = url::Url::parse(&cluster_url()).unwrap();
    url.set_path(name);
    url.into()
}
