//! Entries of the audit log for calls that only read. They are on disk before the answer goes out; calls that come at once
//! share one transaction, so that the log does not make reading slow.

use std::{
    mem,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{runtime::Handle, sync::oneshot, time::timeout};

use crate::{
    api::{problem::ApiError, state::AppState},
    casework::audit::MOST_AT_ONCE,
    services::audit::{self, NewEntry},
    store::StoreError,
};

/// The most entries that wait, as many as the store lets wait itself; a call beyond them is refused at once.
const MOST_WAITING: usize = 1024;
/// How long a call waits for its entry: longer than a writer takes to find out that a lock is not to be had. A database
/// that stands still without failing answers nobody.
const PATIENCE: Duration = Duration::from_secs(10);

/// Entries that wait to be written, each with the call that waits for it.
pub struct AuditLane {
    waiting: Mutex<Waiting>,
    /// The runtime that the server was made in, which outlives the workers of HTTP.
    lasting: Option<Handle>,
}

impl Default for AuditLane {
    fn default() -> Self {
        Self { waiting: Mutex::default(), lasting: Handle::try_current().ok() }
    }
}

#[derive(Default)]
struct Waiting {
    entries: Vec<(NewEntry, oneshot::Sender<Result<(), ApiError>>)>,
    is_running: bool,
}

impl AuditLane {
    /// Writes an entry and returns when it is on disk.
    ///
    /// # Errors
    ///
    /// As the store: then the call must not be answered. [`StoreError::Busy`] when too many wait, and
    /// [`StoreError::Unavailable`] when it is not on disk in time: it may be written later all the same.
    pub async fn written(state: &Arc<AppState>, entry: NewEntry) -> Result<(), ApiError> {
        let (done, written) = oneshot::channel();
        let must_run = {
            let mut waiting = state.audit_lane.waiting.lock().unwrap_or_else(PoisonError::into_inner);
            if waiting.entries.len() >= MOST_WAITING {
                return Err(StoreError::Busy.into());
            }
            waiting.entries.push((entry, done));
            !mem::replace(&mut waiting.is_running, true)
        };
        if must_run {
            start(state);
        }
        match timeout(PATIENCE, written).await {
            Ok(told) => told.unwrap_or_else(|_| Err(ApiError::internal("the audit log was not written"))),
            Err(_) => Err(StoreError::Unavailable("the audit log was not written in time".to_owned()).into()),
        }
    }

    /// How many entries wait to be written.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).entries.len()
    }

    /// Whether entries are being written.
    #[must_use]
    pub fn is_writing(&self) -> bool {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).is_running
    }

    /// What waits, up to the most that one transaction takes; nothing, and the lane at rest, when nothing does. Who has gone
    /// was answered nothing, and has no entry.
    fn take(&self) -> Vec<(NewEntry, oneshot::Sender<Result<(), ApiError>>)> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.entries.retain(|(_, caller)| !caller.is_closed());
        let most = usize::try_from(MOST_AT_ONCE).unwrap_or(usize::MAX);
        let number = waiting.entries.len().min(most);
        waiting.is_running = number > 0;
        waiting.entries.drain(..number).collect()
    }
}

/// Starts writing, not as a part of the call: a caller who goes away must not stop the others' entries. When the server
/// stops, a worker of HTTP may end before the others, and what runs on it ends with it: then no worker does this.
fn start(state: &Arc<AppState>) {
    match state.audit_lane.lasting.as_ref().filter(|_| state.is_draining()) {
        Some(lasting) => drop(lasting.spawn(run(Arc::clone(state), true))),
        None => drop(actix_web::rt::spawn(run(Arc::clone(state), false))),
    }
}

async fn run(state: Arc<AppState>, lasts: bool) {
    loop {
        if !lasts && state.is_draining() && state.audit_lane.lasting.is_some() {
            return start(&state);
        }
        let batch = state.audit_lane.take();
        if batch.is_empty() {
            return;
        }
        let (entries, callers): (Vec<_>, Vec<_>) = batch.into_iter().unzip();
        let seal = state.audit_seal.clone();
        let outcome = state.store.write(move |connection| audit::append(connection, &entries, &seal)).await;
        let outcome = outcome.map_err(ApiError::from);
        for caller in callers {
            // Who has gone needs no answer.
            let _told = caller.send(outcome.clone());
        }
    }
}
