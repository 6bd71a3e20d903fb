//! The threads of a store: starting them, and ending them in the order that loses nothing. Knows no transaction.

use std::{
    sync::{Arc, Mutex, PoisonError, atomic::AtomicBool},
    thread::{self, JoinHandle},
};

use crossbeam_channel::{Receiver, Sender, bounded};

use super::{
    StoreSettings, checkpoint,
    connection::{Link, Role},
    database_url::{Backend, DatabaseUrl},
    error::StoreError,
    job::Job,
    lane::Lane,
    postgres,
    readers::{self, Reading},
    sqlite, sqlite_writer,
};

/// The running threads and the queues in front of them.
pub(super) struct Threads {
    pub(super) backend: Backend,
    pub(super) reads: Lane<Reading>,
    pub(super) writes: Lane<Box<dyn Job>>,
    workers: Mutex<Vec<JoinHandle<()>>>,
    checkpoint: Mutex<Option<Checkpoint>>,
}

struct Checkpoint {
    /// Dropped to end the thread; nothing is ever sent.
    stop: Sender<()>,
    thread: JoinHandle<()>,
}

impl Threads {
    /// Connects the first writer, whose error is the caller's, and starts all threads; the others connect by themselves.
    pub(super) fn start(url: &DatabaseUrl, settings: StoreSettings) -> Result<Self, StoreError> {
        let (reads, read_queue) = Lane::new(settings.queue_length);
        let (writes, write_queue) = Lane::new(settings.queue_length);
        let threads = Self {
            backend: url.backend(),
            reads,
            writes,
            workers: Mutex::new(Vec::new()),
            checkpoint: Mutex::new(None),
        };
        // Should a later step fail, dropping `threads` ends those that run already.
        match url.backend() {
            Backend::Sqlite => threads.start_sqlite_writer(url, write_queue)?,
            Backend::Postgres => threads.start_postgres_writers(url, settings.writers, &write_queue)?,
        }
        for number in 0..settings.readers.max(1) {
            let (link, queue) = (Link::new(url.clone(), Role::Reader), read_queue.clone());
            threads.start_worker(&format!("reader-{number}"), move || readers::serve(link, &queue))?;
        }
        Ok(threads)
    }

    fn start_sqlite_writer(&self, url: &DatabaseUrl, queue: Receiver<Box<dyn Job>>) -> Result<(), StoreError> {
        sqlite::warn_of_compile_faults();
        let mut link = Link::new(url.clone(), Role::Writer);
        link.connection()?;
        let written = Arc::new(AtomicBool::new(false));
        let seen_by_checkpoint = Arc::clone(&written);
        let (stop, stopped) = bounded(0);
        let checkpoint_link = Link::new(url.clone(), Role::Checkpoint);
        let thread = spawn("checkpoint", move || checkpoint::serve(checkpoint_link, &stopped, &seen_by_checkpoint))?;
        *self.checkpoint.lock().unwrap_or_else(PoisonError::into_inner) = Some(Checkpoint { stop, thread });
        self.start_worker("writer", move || sqlite_writer::serve(link, &queue, &written))
    }

    fn start_postgres_writers(
        &self,
        url: &DatabaseUrl,
        number: usize,
        queue: &Receiver<Box<dyn Job>>,
    ) -> Result<(), StoreError> {
        let mut first = Link::new(url.clone(), Role::Writer);
        first.connection()?;
        let mut first = Some(first);
        for number in 0..number.max(1) {
            let link = first.take().unwrap_or_else(|| Link::new(url.clone(), Role::Writer));
            let queue = queue.clone();
            self.start_worker(&format!("writer-{number}"), move || postgres::serve(link, &queue))?;
        }
        Ok(())
    }

    fn start_worker(&self, name: &str, work: impl FnOnce() + Send + 'static) -> Result<(), StoreError> {
        let thread = spawn(name, work)?;
        self.workers.lock().unwrap_or_else(PoisonError::into_inner).push(thread);
        Ok(())
    }

    /// Closes the queues, waits until the workers have emptied them, and has the last checkpoint after that.
    pub(super) fn close(&self) {
        self.reads.close();
        self.writes.close();
        for worker in self.workers.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
            join(worker);
        }
        let checkpoint = self.checkpoint.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(Checkpoint { stop, thread }) = checkpoint {
            drop(stop);
            join(thread);
        }
    }
}

impl Drop for Threads {
    fn drop(&mut self) {
        self.close();
    }
}

fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>, StoreError> {
    thread::Builder::new()
        .name(format!("store-{name}"))
        .spawn(work)
        .map_err(|error| StoreError::Internal(format!("a storage thread could not be started: {error}")))
}

fn join(worker: JoinHandle<()>) {
    // A job that held the last handle of the store closes it from within: a thread cannot wait for itself.
    if worker.thread().id() != thread::current().id() && worker.join().is_err() {
        tracing::error!("a storage thread ended in a panic");
    }
}
