//! Storage: the only place that knows which database runs. Knows the rows of a request, not the rules about it.
//!
//! diesel blocks its thread, so all work is done on threads of this module, fed by bounded queues: a full queue is
//! refused at once ([`StoreError::Busy`]) instead of piling up. [`Store::read`] and [`Store::write`] each run one closure
//! in one transaction. Behind them stand two ways to write: SQLite has one writer that shares commits among jobs
//! (`sqlite_writer`), PostgreSQL has a few writers with ordinary transactions (`postgres`).
//!
//! - `database_url`, `connection`, `sqlite`, `postgres`: finding and opening the database
//! - `lane`, `job`, `readers`, `transaction`: how a closure gets to a thread and its answer back
//! - `backup`: a whole copy of an SQLite file; `checkpoint`: emptying SQLite's write-ahead log
//! - `prepared`: statements that are written and prepared once
//! - `migrations`: the schema's history; `error`: what can go wrong, alike for both databases
//! - `schema` and a file per resource: the queries; `scope`: the fence around an authority's rows; `keys`: what leads to what
//!   hangs on a row, and is had from a row alone

mod backup;
mod checkpoint;
mod connection;
mod database_url;
mod error;
mod job;
mod lane;
mod migrations;
mod postgres;
mod prepared;
mod readers;
mod sqlite;
mod sqlite_writer;
mod threads;
mod transaction;

pub mod api_keys;
pub mod audit;
pub mod audit_cases;
mod audit_statements;
pub mod authorities;
pub mod case_histories;
pub mod due_dates;
pub mod erasure;
pub mod events;
pub mod filed_returns;
pub mod idempotency;
pub mod installation;
pub mod keys;
pub mod metrics;
pub mod ncnd_positions;
pub mod proceedings;
pub mod records;
pub mod regulatory_actions;
pub mod request_lists;
pub mod requester_matches;
pub mod requesters;
pub mod requests;
pub mod responses;
pub mod schema;
mod scope;
pub mod sheet_totals;
pub mod sheets;
pub mod timeline;

#[cfg(test)]
mod tests;

use std::{num::NonZeroUsize, sync::Arc, thread, time::Duration};

pub use self::{
    backup::back_up,
    connection::{AnyConnection as Connection, MultiBackend},
    database_url::{Backend, DatabaseRole, DatabaseUrl, DatabaseUrlFault},
    error::StoreError,
    keys::{
        ApiKeyKey, AuthorityKey, EventKey, PartKey, PositionKey, ProceedingKey, RecordKey, RegulatoryActionKey,
        RequestKey, ResponseKey,
    },
    migrations::{
        migrate, names as migration_names, pending as pending_migrations, revert_all as revert_all_migrations,
    },
    scope::AuthorityScope,
    sqlite::compile_faults as sqlite_compile_faults,
    transaction::attempt,
};
use self::{
    job::task,
    readers::{Reading, Scope},
    threads::Threads,
};

/// How many keys stand in one statement: databases bound the variables that one may have.
const KEYS_AT_ONCE: usize = 500;

/// How many threads a store has, and how much may wait for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoreSettings {
    /// Reader threads, each with its own connection.
    pub readers: usize,
    /// Writer threads on PostgreSQL, each with its own connection; SQLite always has one.
    pub writers: usize,
    /// How many reads, and how many writes, may wait before more are refused.
    pub queue_length: usize,
}

impl Default for StoreSettings {
    /// Four readers, twice as many writers as there are cores, 1024 waiting jobs of each kind.
    fn default() -> Self {
        let cores = thread::available_parallelism().map_or(1, NonZeroUsize::get);
        Self { readers: 4, writers: cores.saturating_mul(2), queue_length: 1024 }
    }
}

/// The database as the services use it. Clones share the same threads; the last one to go closes the store.
#[derive(Clone)]
pub struct Store {
    threads: Arc<Threads>,
}

impl Store {
    /// Connects and starts the threads. The schema is brought up to date before, by [`migrate`].
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] with the database's own words if it cannot be reached.
    pub fn open(url: &DatabaseUrl, settings: StoreSettings) -> Result<Self, StoreError> {
        Ok(Self { threads: Arc::new(Threads::start(url, settings)?) })
    }

    /// Which database runs.
    #[must_use]
    pub fn backend(&self) -> Backend {
        self.threads.backend
    }

    /// The same store for work on these authorities alone: on PostgreSQL the database itself neither shows nor takes rows
    /// of others, whatever a query asks for. SQLite has no such fence.
    #[must_use]
    pub fn within(&self, fence: AuthorityScope) -> FencedStore<'_> {
        FencedStore { store: self, fence }
    }

    /// Runs `job` on a reader thread, in one read-only transaction: all its queries see the same state, which includes
    /// every write answered before. On PostgreSQL the transaction costs a round trip before the answer (its end is not
    /// waited for); for a single statement [`Store::read_one`] spares it. Nothing runs if the caller has gone by then.
    ///
    /// # Errors
    /// [`StoreError::Busy`] at once if too many reads wait, [`StoreError::Unavailable`] if the database is away or the
    /// store closes, [`StoreError::Internal`] if the job panics; else the job's own.
    pub async fn read<T, E, F>(&self, job: F) -> Result<T, E>
    where
        F: FnOnce(&mut Connection) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.queue_read(Scope::Snapshot, AuthorityScope::Every, job).await
    }

    /// Runs a `job` of one statement on a reader thread, without a transaction around it. Where the connection has died
    /// while it lay idle, the job fails: for what is asked again anyway.
    ///
    /// # Errors
    /// As [`Store::read`].
    pub async fn read_one<T, E, F>(&self, job: F) -> Result<T, E>
    where
        F: FnOnce(&mut Connection) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.queue_read(Scope::Statement, AuthorityScope::Every, job).await
    }

    /// Runs `job` in one transaction and answers after its commit: `Ok` means that it is on disk, and an error of the job
    /// undoes it. A caller who goes away does not stop a write that is queued; hence the idempotency keys.
    ///
    /// A statement that may fail without failing the job needs a savepoint of its own (`connection.transaction(..)`, a
    /// query of this module): on PostgreSQL it takes the whole job with it otherwise, and the job is then refused.
    /// Constraints are checked at each statement: a deferred one would fail the whole group at its commit on SQLite.
    ///
    /// # Errors
    /// [`StoreError::Busy`] at once if too many writes wait, or if another transaction stood in the way;
    /// [`StoreError::Unavailable`] if the database is away or the store closes; [`StoreError::Internal`] if the job
    /// panics; else the job's own.
    pub async fn write<T, E, F>(&self, job: F) -> Result<T, E>
    where
        F: FnOnce(&mut Connection) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.queue_write(AuthorityScope::Every, job).await
    }

    async fn queue_write<T, E, F>(&self, fence: AuthorityScope, job: F) -> Result<T, E>
    where
        F: FnOnce(&mut Connection) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (job, answer) = task(fence, job);
        self.threads.writes.submit(job)?;
        answer.await.unwrap_or_else(|_| Err(StoreError::closing().into()))
    }

    async fn queue_read<T, E, F>(&self, scope: Scope, fence: AuthorityScope, job: F) -> Result<T, E>
    where
        F: FnOnce(&mut Connection) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (job, answer) = task(fence, job);
        self.threads.reads.submit(Reading { job, scope })?;
        answer.await.unwrap_or_else(|_| Err(StoreError::closing().into()))
    }

    /// Whether a write would get through within `patience`: it queues for a writer, takes the write lock and commits,
    /// without changing anything.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] if it took longer or the database is away or read-only; else as [`Store::write`].
    pub async fn ping(&self, patience: Duration) -> Result<(), StoreError> {
        let probe = self.write(|connection| match connection {
            Connection::Sqlite(_) => Ok(()),
            Connection::Postgres(inner) => postgres::refuse_standby(inner),
        });
        tokio::time::timeout(patience, probe)
            .await
            .unwrap_or_else(|_| Err(StoreError::Unavailable("no answer from the writer in time".to_owned())))
    }

    /// How many reads wait for a thread.
    #[must_use]
    pub fn waiting_reads(&self) -> usize {
        self.threads.reads.depth()
    }

    /// How many writes wait for a thread.
    #[must_use]
    pub fn waiting_writes(&self) -> usize {
        self.threads.writes.depth()
    }

    /// Accepts no more work, finishes what is queued, empties SQLite's write-ahead log and ends the threads. Blocks until
    /// then; a second call returns at once.
    pub fn close(&self) {
        self.threads.close();
    }
}

/// A store for work on some authorities alone.
pub struct FencedStore<'store> {
    store: &'store Store,
    fence: AuthorityScope,
}

impl FencedStore<'_> {
    /// As [`Store::read`], within the fence.
    ///
    /// # Errors
    /// As [`Store::read`].
    pub async fn read<T, E, F>(self, job: F) -> Result<T, E>
    where
        F: FnOnce(&mut Connection) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.store.queue_read(Scope::Snapshot, self.fence, job).await
    }

    /// As [`Store::write`], within the fence.
    ///
    /// # Errors
    /// As [`Store::write`].
    pub async fn write<T, E, F>(self, job: F) -> Result<T, E>
    where
        F: FnOnce(&mut Connection) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.store.queue_write(self.fence, job).await
    }
}
