//! What every handler shares.

use std::{
    collections::HashSet,
    fmt,
    sync::{
        Arc, Mutex, PoisonError, RwLock,
        atomic::{AtomicBool, Ordering},
    },
};

use crate::{
    api::{
        audit_lane::AuditLane, credentials::Credentials, cursor::CursorKey, problem::ApiError, rate_limits::RateLimits,
    },
    casework::audit::AuditSeal,
    clock::Clock,
    edge::limits::LimitSettings,
    law::calendar::Calendars,
    services::{Context, Principal, keyring::Keyring},
    store::Store,
    telemetry::RequestMetrics,
};

/// The shared state of one process.
pub struct AppState {
    /// The database.
    pub store: Store,
    /// The time.
    pub clock: Clock,
    /// Seals cursors.
    pub cursor_key: CursorKey,
    /// Who may call.
    pub credentials: Credentials,
    /// Signs checkpoints of the audit log.
    pub audit_seal: AuditSeal,
    /// Opens and seals who asked.
    pub keyring: Arc<Keyring>,
    /// Entries of the audit log that wait.
    pub audit_lane: AuditLane,
    /// Counts calls against limits.
    pub rate_limits: RateLimits,
    /// Counts requests.
    pub metrics: RequestMetrics,
    calendars: RwLock<(Arc<Calendars>, Option<i64>)>,
    running_keys: Mutex<HashSet<String>>,
    all_is_sealed: AtomicBool,
    is_draining: AtomicBool,
}

impl fmt::Debug for AppState {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("AppState")
    }
}

impl AppState {
    /// The state with what is known of credentials and the calendars in use; it limits nothing.
    #[must_use]
    pub fn new(
        store: Store,
        clock: Clock,
        cursor_key: CursorKey,
        credentials: Credentials,
        audit_seal: AuditSeal,
        calendars: (Arc<Calendars>, Option<i64>),
    ) -> Self {
        Self {
            store,
            rate_limits: RateLimits::new(&LimitSettings::default(), &clock),
            clock,
            cursor_key,
            metrics: RequestMetrics::new(),
            credentials,
            audit_seal,
            keyring: Arc::default(),
            audit_lane: AuditLane::default(),
            calendars: RwLock::new(calendars),
            running_keys: Mutex::new(HashSet::new()),
            all_is_sealed: AtomicBool::new(false),
            is_draining: AtomicBool::new(false),
        }
    }

    /// The same state, with these limits.
    #[must_use]
    pub fn limited(mut self, limits: &LimitSettings) -> Self {
        self.rate_limits = RateLimits::new(limits, &self.clock);
        self
    }

    /// The same with the keys that seal who asked.
    #[must_use]
    pub fn sealing_with(self, keyring: Keyring) -> Self {
        Self { keyring: Arc::new(keyring), ..self }
    }

    /// Whose credential this is; `None` when it is no good.
    ///
    /// # Errors
    ///
    /// As the store.
    pub async fn principal_of(&self, credential: &str) -> Result<Option<Principal>, ApiError> {
        self.credentials.principal(&self.store, credential, &self.clock).await
    }

    /// What a use case knows of a call by this principal.
    #[must_use]
    pub fn context(&self, principal: &Principal) -> Context {
        let context = Context::of(principal, self.clock.now(), self.clock.today(), self.calendars());
        Context { keyring: Arc::clone(&self.keyring), ..context }
    }

    /// What a change by `principal` is made with: to be called once the write lock is held, so that nobody else can commit
    /// a later instant before it.
    #[must_use]
    pub fn context_of_change(&self, principal: &Principal) -> Context {
        self.renewed(self.context(principal))
    }

    /// The same call now: time is taken again once the write lock is held.
    #[must_use]
    pub fn renewed(&self, context: Context) -> Context {
        context.at(self.clock.instant_of_change(), self.clock.today(), self.calendars())
    }

    /// The calendars in use.
    #[must_use]
    pub fn calendars(&self) -> Arc<Calendars> {
        Arc::clone(&self.calendars.read().unwrap_or_else(PoisonError::into_inner).0)
    }

    /// The newest bank-holidays file among the calendars in use.
    #[must_use]
    pub fn newest_calendar_file(&self) -> Option<i64> {
        self.calendars.read().unwrap_or_else(PoisonError::into_inner).1
    }

    /// Takes other calendars into use.
    pub fn use_calendars(&self, calendars: (Arc<Calendars>, Option<i64>)) {
        *self.calendars.write().unwrap_or_else(PoisonError::into_inner) = calendars;
    }

    /// Marks a keyed call as running; `None` when one with this key runs already.
    #[must_use]
    pub fn start(self: &Arc<Self>, credential: &str, key: &str) -> Option<RunningKey> {
        let name = format!("{credential}\0{key}");
        let mut running = self.running_keys.lock().unwrap_or_else(PoisonError::into_inner);
        running.insert(name.clone()).then(|| RunningKey { state: Arc::clone(self), name })
    }

    /// Lets readiness fail, before the process stops.
    pub fn drain(&self) {
        self.is_draining.store(true, Ordering::SeqCst);
    }

    /// Notes that nothing stands open any more that is sealed today.
    pub fn note_all_sealed(&self) {
        self.all_is_sealed.store(true, Ordering::SeqCst);
    }

    /// Whether that was noted.
    #[must_use]
    pub fn all_is_sealed(&self) -> bool {
        self.all_is_sealed.load(Ordering::SeqCst)
    }

    /// Whether the process is about to stop.
    #[must_use]
    pub fn is_draining(&self) -> bool {
        self.is_draining.load(Ordering::SeqCst)
    }
}

/// A keyed call that is running; its end is the end of the mark.
pub struct RunningKey {
    state: Arc<AppState>,
    name: String,
}

impl Drop for RunningKey {
    fn drop(&mut self) {
        self.state.running_keys.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.name);
    }
}
