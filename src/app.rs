//! The application: built the same way by `main` and by the tests.

use std::{
    io::{self, IsTerminal},
    net::{SocketAddr, TcpListener},
    sync::Arc,
    time::Duration,
};

use actix_web::{
    App, HttpResponse, HttpServer,
    dev::ServerHandle,
    middleware::{Condition, from_fn},
    web,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use thiserror::Error;

use crate::{
    addresses::{Addresses, refuse_stray_parameters},
    api::{credentials::Credentials, cross_origin, cursor::CursorKey, door, envelope, state::AppState, tokens::Tokens},
    audit_keys,
    clock::Clock,
    config::{KeyHash, Settings},
    edge::tls::Identity,
    encryption_keys::{self, EncryptionKeysError},
    law::calendar::Calendars,
    routes::{self, DocumentText},
    services::{
        Context, Principal, ServiceError, api_keys, audit, calendars, case_sheets, context::Instant, encryption,
        idempotency,
    },
    store::{self, Connection, RequestKey, Store, StoreError, StoreSettings, installation, requests},
};

/// How often a running server looks for a newer bank-holidays file.
const CALENDAR_INTERVAL: Duration = Duration::from_secs(3);
/// How often a running server removes stored answers that are past their time, in microseconds: an hour.
const FORGET_INTERVAL: i64 = 60 * 60 * 1_000_000;
/// How long readiness fails before the server stops taking connections.
const DRAIN: Duration = Duration::from_millis(500);
/// How long work in flight may take once the server stops, in seconds.
const SHUTDOWN_SECONDS: u64 = 30;
/// How long a caller may take to send the head of a request.
const HEAD_TIMEOUT: Duration = Duration::from_secs(5);

/// How long a caller may take nothing of an answer that waits for them.
#[cfg(target_os = "linux")]
const READ_TIMEOUT: Duration = Duration::from_secs(30);

const CURSOR_KEY: &str = "cursor_key";
const BOOTSTRAP_KEY: &str = "bootstrap_key_hash";

/// Why the application did not start.
#[derive(Debug, Error)]
pub enum StartError {
    /// The database.
    #[error("the database: {0}")]
    Store(#[from] StoreError),
    /// What is kept in it.
    #[error("the database: {0}")]
    Service(#[from] ServiceError),
    /// An address to listen on: where it was configured, what it is, and why not.
    #[error("{0}: {1}: {2}")]
    Listen(&'static str, SocketAddr, #[source] io::Error),
    /// The keys of the identity provider.
    #[error("{0}")]
    Keys(String),
    /// The key that signs checkpoints of the audit log.
    #[error("CANDOUR_AUDIT_KEY_FILE: {0}")]
    AuditKey(String),
    /// Certificate and key.
    #[error("{0}")]
    Tls(String),
    /// The keys that seal who asked.
    #[error(transparent)]
    EncryptionKeys(#[from] EncryptionKeysError),
    /// The threads that answer.
    #[error("serving: {0}")]
    Serve(#[from] io::Error),
    /// The OpenAPI document.
    #[error("the OpenAPI document: {0}")]
    Document(#[from] serde_json::Error),
    /// Nobody could ever call.
    #[error(
        "there is no key yet: set CANDOUR_BOOTSTRAP_KEY to 32 random characters or more, or start once with --print-key"
    )]
    NoKey,
}

/// Whether a key that had to be made may be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShowKey {
    /// On a terminal only.
    OnTerminal,
    /// In any case.
    Always,
}

/// An application that is bound to its addresses and not yet running.
pub struct Application {
    state: Arc<AppState>,
    listener: TcpListener,
    metrics_listener: Option<TcpListener>,
    identity: Option<Arc<Identity>>,
    cors_origins: Vec<String>,
    /// A key that was made at this start; it is shown once and stored nowhere.
    pub new_key: Option<String>,
}

impl Application {
    /// Brings the database up to date, opens it and binds the addresses.
    ///
    /// # Errors
    ///
    /// [`StartError`].
    pub async fn build(settings: &Settings, clock: Clock, show_key: ShowKey) -> Result<Self, StartError> {
        // Addresses first: a key that is made below is shown once, so nothing may fail between.
        let listener = bind("CANDOUR_LISTEN", settings.listen)?;
        let metrics_listener =
            settings.metrics_listen.map(|address| bind("CANDOUR_METRICS_LISTEN", address)).transpose()?;
        let identity = settings.edge.tls.as_ref().map(Identity::open).transpose();
        let identity = identity.map_err(|faults| StartError::Tls(faults.join("; ")))?.map(Arc::new);
        let tokens = match settings.tokens.clone() {
            Some(tokens) => Some(Tokens::open(tokens).await.map_err(StartError::Keys)?),
            None => None,
        };
        store::migrate(&settings.database)?;
        let store = Store::open(&settings.database, StoreSettings::default())?;
        if store.read(installation::bypasses_row_security).await? {
            tracing::warn!(
                "the database role bypasses row-level security: the second fence around an authority's rows is not there; \
                 serve under another role by CANDOUR_DATABASE_ROLE"
            );
        }
        let keyring = encryption_keys::keyring(settings.encryption.as_ref(), &settings.database, &store).await?;
        let given = settings.bootstrap_key;
        let may_show = show_key == ShowKey::Always || io::stdout().is_terminal();
        let (cursor_key, key_hash, new_key, calendars) =
            store.write(move |connection| first_things(connection, given, may_show)).await?;
        let seal = audit_keys::of_server(settings.audit_key_file.as_deref(), &store).await?;
        let key_hash = key_hash.ok_or(StartError::NoKey)?;
        // The computer's clock may have been set back while nothing ran.
        go_on_from_last_change(&store, &clock).await?;
        // Figures read the sheets: before the first call every request has one.
        if !store.read(case_sheets::are_there).await? {
            let (clock, calendars) = (clock.clone(), Arc::clone(&calendars.0));
            write_sheets(&store, move || {
                Context::of(&Principal::unlimited("figures"), clock.now(), clock.today(), Arc::clone(&calendars))
            })
            .await?;
        }
        let state = AppState::new(
            store,
            clock,
            CursorKey::new(cursor_key),
            Credentials::new(key_hash, tokens),
            seal,
            calendars,
        )
        .sealing_with(keyring)
        .limited(&settings.edge.limits);
        let cors_origins = settings.edge.cors_origins.clone();
        Ok(Self { state: Arc::new(state), listener, metrics_listener, identity, cors_origins, new_key })
    }

    /// The address it listens on.
    ///
    /// # Errors
    ///
    /// As the system.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// The scheme of its URLs.
    #[must_use]
    pub fn scheme(&self) -> &'static str {
        if self.identity.is_some() { "https" } else { "http" }
    }

    /// The shared state.
    #[must_use]
    pub fn state(&self) -> Arc<AppState> {
        Arc::clone(&self.state)
    }

    /// Serves until `stop` is done; then readiness fails, work in flight ends, and the database is closed.
    ///
    /// # Errors
    ///
    /// As the system.
    pub async fn run(self, stop: impl Future<Output = ()>) -> Result<(), StartError> {
        let document = routes::document();
        let addresses = web::Data::new(Addresses::of(&document));
        let text = web::Data::new(DocumentText::of(&document)?);
        let state = web::Data::from(Arc::clone(&self.state));
        let cors_origins = self.cors_origins;
        let server = HttpServer::new(move || {
            App::new()
                .wrap(from_fn(refuse_stray_parameters))
                .wrap(from_fn(door::admit))
                .wrap(Condition::new(!cors_origins.is_empty(), cross_origin::allowing(&cors_origins)))
                .wrap(from_fn(envelope::surround))
                .app_data(state.clone())
                .app_data(addresses.clone())
                .app_data(text.clone())
                .default_service(web::to(routes::fallback))
                .configure(routes::operations)
                .configure(routes::documentation)
        })
        .client_request_timeout(HEAD_TIMEOUT)
        .shutdown_timeout(SHUTDOWN_SECONDS)
        .disable_signals();
        let server = match &self.identity {
            Some(identity) => {
                let encryption = identity.server_config().map_err(|error| StartError::Tls(error.to_string()))?;
                server.listen_rustls_0_23(self.listener, encryption)?
            }
            None => server.listen(self.listener)?,
        }
        .run();
        let handle = server.handle();
        let metrics = self.metrics_listener.map(|listener| metrics_server(listener, &self.state)).transpose()?;
        let watching = actix_web::rt::spawn(watch(Arc::clone(&self.state), self.identity));
        let running = actix_web::rt::spawn(server);
        stop.await;
        self.state.drain();
        tokio::time::sleep(DRAIN).await;
        handle.stop(true).await;
        let _ended = running.await;
        watching.abort();
        if let Some(metrics) = metrics {
            metrics.stop(false).await;
        }
        let store = self.state.store.clone();
        let _closed = web::block(move || store.close()).await;
        Ok(())
    }
}

fn bind(name: &'static str, address: SocketAddr) -> Result<TcpListener, StartError> {
    let bound = TcpListener::bind(address).and_then(|listener| give_up_on_slow_readers(&listener).map(|()| listener));
    bound.map_err(|error| StartError::Listen(name, address, error))
}

/// Whoever takes nothing of their answer for so long is cut off; connections have it from the socket that listens.
fn give_up_on_slow_readers(listener: &TcpListener) -> io::Result<()> {
    #[cfg(target_os = "linux")]
    socket2::SockRef::from(listener).set_tcp_user_timeout(Some(READ_TIMEOUT))?;
    #[cfg(not(target_os = "linux"))]
    let _ = listener;
    Ok(())
}

type FirstThings = (Vec<u8>, Option<KeyHash>, Option<String>, (Arc<Calendars>, Option<i64>));

/// What a start needs from the database, or puts there first.
fn first_things(
    connection: &mut Connection,
    given: Option<KeyHash>,
    may_show: bool,
) -> Result<FirstThings, ServiceError> {
    let proposed = URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>());
    let cursor_key = installation::value_or_insert(connection, CURSOR_KEY, &proposed)?.into_bytes();
    let calendars = calendars::in_use(connection)?;
    audit::begin_all(connection)?;
    if given.is_some() {
        return Ok((cursor_key, given, None, calendars));
    }
    if let Some(stored) = installation::value(connection, BOOTSTRAP_KEY)? {
        return Ok((cursor_key, KeyHash::from_hex(&stored), None, calendars));
    }
    if !may_show {
        return Ok((cursor_key, None, None, calendars));
    }
    let key = format!("candour_{}", URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>()));
    let stored = installation::value_or_insert(connection, BOOTSTRAP_KEY, &KeyHash::of(&key).to_hex())?;
    let hash = KeyHash::from_hex(&stored);
    // Of several processes that start at once one makes the key; the others' proposals open nothing and are not shown.
    let new_key = (hash == Some(KeyHash::of(&key))).then_some(key);
    Ok((cursor_key, hash, new_key, calendars))
}

/// What time brings about without a call: newer bank holidays, fees that stay unpaid, stored answers that grow old.
async fn watch(state: Arc<AppState>, identity: Option<Arc<Identity>>) {
    let mut interval = tokio::time::interval(CALENDAR_INTERVAL);
    let (mut last_day, mut recalculations) = (None, 0);
    let mut forgotten_at = None;
    while !state.is_draining() {
        interval.tick().await;
        state.credentials.refresh();
        state.rate_limits.forget_idle();
        if let Some(identity) = &identity {
            identity.renew();
        }
        told(note_uses(&state).await, "the use of keys could not be noted");
        told(seal_open(&state).await, "who asked could not be sealed");
        told(adopt_calendars(&state, &mut recalculations).await, "bank holidays could not be looked up");
        let today = state.clock.today();
        if last_day != Some(today) && told(start_day(&state).await, "what the day brings could not be recorded") {
            last_day = Some(today);
        }
        let now = state.clock.now();
        let is_due = forgotten_at.is_none_or(|at: Instant| now.0 - at.0 >= FORGET_INTERVAL);
        if is_due && told(forget_expired(&state).await, "old stored answers could not be removed") {
            forgotten_at = Some(now);
        }
    }
}

/// Logs a failure; whether there was none.
fn told(outcome: Result<(), ServiceError>, failure: &'static str) -> bool {
    outcome.inspect_err(|error| tracing::error!(%error, failure, "left for the next round")).is_ok()
}

/// Notes on which day keys were used: off the path of the calls that used them.
async fn note_uses(state: &Arc<AppState>) -> Result<(), ServiceError> {
    let uses = state.credentials.take_uses();
    if uses.is_empty() {
        return Ok(());
    }
    state.store.write(move |connection| api_keys::note_uses(connection, &uses)).await
}

/// Seals what was stored before there were keys, a batch a transaction; once all is sealed there is nothing to look for.
async fn seal_open(state: &Arc<AppState>) -> Result<(), ServiceError> {
    while !state.is_draining() && !state.all_is_sealed() {
        let keyring = Arc::clone(&state.keyring);
        if !state.store.write(move |connection| encryption::seal_open(connection, &keyring)).await? {
            state.note_all_sealed();
        }
    }
    Ok(())
}

/// Takes newer bank holidays into use and recalculates the open requests: whoever loaded them did so too, but what this
/// process wrote since, it wrote by the former. It does so in two rounds, for in the first a call may still be writing that
/// began before; `left` tells how many there are to come.
async fn adopt_calendars(state: &Arc<AppState>, left: &mut u8) -> Result<(), ServiceError> {
    let newest = state.store.read_one(|connection| calendars::newest(connection).map_err(ServiceError::from)).await?;
    if newest != state.newest_calendar_file() {
        let adopted = state.store.read(calendars::in_use).await?;
        let version = adopted.0.version().to_owned();
        state.use_calendars(adopted);
        tracing::info!(version, "newer bank holidays in use");
        *left = 2;
    }
    if *left > 0 || !state.store.read(calendars::is_recalculated).await? {
        let shared = Arc::clone(state);
        recalculate(&state.store, move || shared.context_of_change(&Principal::unlimited("calendars"))).await?;
        *left = left.saturating_sub(1);
    }
    let in_use = state.calendars();
    if state.store.read(move |connection| case_sheets::are_current(connection, &in_use)).await? {
        return Ok(());
    }
    let shared = Arc::clone(state);
    write_sheets(&state.store, move || shared.context(&Principal::unlimited("figures"))).await
}

/// Writes the sheet of every request, a batch a transaction, unless a newer release does. Until one is written anew figures replay the events instead.
async fn write_sheets(store: &Store, context: impl Fn() -> Context) -> Result<(), ServiceError> {
    let calendars = context().calendars;
    store.write(move |connection| case_sheets::begin(connection, &calendars)).await?;
    let mut after = Some(RequestKey::NONE);
    while let Some(key) = after {
        let context = context();
        after = store.write(move |connection| case_sheets::write(connection, &context, key)).await?;
    }
    let calendars = context().calendars;
    store.write(move |connection| case_sheets::note_written(connection, &calendars)).await
}

/// Lets nothing be dated before the last change that is stored, wherever the computer's clock stands.
///
/// # Errors
///
/// As the store.
pub async fn go_on_from_last_change(store: &Store, clock: &Clock) -> Result<(), StoreError> {
    if let Some(instant) = store.read(requests::last_change).await? {
        clock.not_before(Instant(instant));
    }
    Ok(())
}

/// Recalculates every open request, a batch a transaction, and notes that it was done: a process that stops in between
/// leaves the rest to the next. `context` is asked for while the batch holds the writer.
///
/// # Errors
///
/// As the store.
pub async fn recalculate(
    store: &Store,
    context: impl Fn() -> Context + Clone + Send + 'static,
) -> Result<(), ServiceError> {
    let mut after = Some(RequestKey::NONE);
    while let Some(key) = after {
        let context = context.clone();
        after = store.write(move |connection| calendars::recalculate(connection, &context(), key)).await?;
    }
    store.write(calendars::mark_recalculated).await
}

/// Removes the answers to keyed calls that are past their time: what they say of a case is not to stay for longer.
async fn forget_expired(state: &Arc<AppState>) -> Result<(), ServiceError> {
    let now = state.clock.now();
    state.store.write(move |connection| idempotency::forget_expired(connection, now)).await
}

/// Records what a new day in London brings about: requests that unpaid fees have ended.
async fn start_day(state: &Arc<AppState>) -> Result<(), ServiceError> {
    let mut after = Some(RequestKey::NONE);
    while let Some(key) = after {
        let shared = Arc::clone(state);
        let lapses = move |connection: &mut Connection| {
            let context = shared.context_of_change(&Principal::unlimited("calendars"));
            calendars::record_lapses(connection, &context, key)
        };
        after = state.store.write(lapses).await?;
    }
    let (now, seal) = (state.clock.now(), state.audit_seal.clone());
    state.store.write(move |connection| audit::checkpoint_all(connection, now, &seal)).await
}

/// Prometheus' own listener: never on the address of the API.
fn metrics_server(listener: TcpListener, state: &Arc<AppState>) -> io::Result<ServerHandle> {
    tracing::info!(address = %listener.local_addr()?, "counters are served");
    let state = web::Data::from(Arc::clone(state));
    let server = HttpServer::new(move || App::new().app_data(state.clone()).route("/metrics", web::get().to(counters)))
        .workers(1)
        .disable_signals()
        .listen(listener)?
        .run();
    let handle = server.handle();
    actix_web::rt::spawn(server);
    Ok(handle)
}

async fn counters(state: web::Data<AppState>) -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain; version=0.0.4").body(state.metrics.text())
}
