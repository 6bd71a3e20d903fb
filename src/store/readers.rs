//! The reader threads: each has its own read-only connection and takes jobs from a shared queue. Knows no query.

use crossbeam_channel::Receiver;

use super::{connection::Link, error::StoreError, job::Job, transaction};

/// How much of the database's state a read must see at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    /// All statements of the job see the same state.
    Snapshot,
    /// The job is one statement, which sees one state by itself.
    Statement,
}

/// A read that waits for a thread.
pub(super) struct Reading {
    pub(super) job: Box<dyn Job>,
    pub(super) scope: Scope,
}

/// Serves reads until the queue is closed and empty.
pub(super) fn serve(mut link: Link, queue: &Receiver<Reading>) {
    if let Err(error) = link.connection() {
        tracing::warn!(%error, "a reader could not connect; it will try again with the next read");
    }
    for reading in queue {
        // Under overload the callers give up first: what nobody waits for is not read.
        if !reading.job.is_abandoned() {
            read(&mut link, reading);
        }
    }
}

fn read(link: &mut Link, mut reading: Reading) {
    let begun = match reading.scope {
        Scope::Snapshot => link.begin(|connection| transaction::begin_read(connection, reading.job.fence())),
        Scope::Statement => link.connection(),
    };
    let connection = match begun {
        Ok(connection) => connection,
        Err(error) => return reading.job.answer(Err(error)),
    };
    reading.job.run(connection);
    // Nothing depends on how a read ends, so the caller does not wait for the round trip that ends it.
    reading.job.answer(Ok(()));
    if !transaction::is_outside(connection)
        && let Err(error) = transaction::roll_back(connection)
    {
        let error = StoreError::from(error);
        tracing::warn!(%error, "a read could not be ended; its connection is replaced");
    }
    link.discard_unless_sound();
}
