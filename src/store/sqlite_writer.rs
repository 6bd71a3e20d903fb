//! The one thread that writes to SQLite: many jobs share a commit, and so a flush to disk. Knows no query.
//!
//! It takes what waits and never lingers for more. Each job has a savepoint of its own, so that an error or a panic
//! undoes that job alone, and nobody is answered before the commit: a refusal, too, may rest on what a neighbour wrote.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use crossbeam_channel::Receiver;

use super::{
    connection::{AnyConnection, Link},
    error::StoreError,
    job::{Job, Verdict},
    transaction,
};

/// At most this many jobs share a commit.
const GROUP: usize = 64;
/// No further job joins a commit that has been open for this long.
const BUDGET: Duration = Duration::from_millis(20);
/// The level of a job's savepoint: the transaction is level 1.
const SAVEPOINT: u32 = 2;

/// Writes until the queue is closed and empty; sets `written` after each commit, for the checkpoints.
pub(super) fn serve(mut link: Link, queue: &Receiver<Box<dyn Job>>, written: &Arc<AtomicBool>) {
    for first in queue {
        write_group(&mut link, first, queue, written);
    }
}

fn write_group(link: &mut Link, first: Box<dyn Job>, queue: &Receiver<Box<dyn Job>>, written: &AtomicBool) {
    let connection = match link.begin(transaction::begin_write) {
        Ok(connection) => connection,
        Err(error) => return first.answer(Err(error)),
    };
    let mut group = Vec::new();
    let outcome = run_group(connection, first, queue, &mut group)
        .and_then(|()| transaction::commit(connection).map_err(StoreError::from));
    match &outcome {
        Ok(()) => written.store(true, Ordering::Release),
        Err(error) => {
            tracing::error!(%error, jobs = group.len(), "a group of writes failed; none of it is stored");
            link.discard();
        }
    }
    for job in group {
        job.answer(outcome.clone());
    }
}

/// Runs jobs until nothing waits or the group is full. An error means that the transaction is gone, and with it what
/// all jobs of the group have written.
fn run_group(
    connection: &mut AnyConnection,
    first: Box<dyn Job>,
    queue: &Receiver<Box<dyn Job>>,
    group: &mut Vec<Box<dyn Job>>,
) -> Result<(), StoreError> {
    let started = Instant::now();
    let mut next = Some(first);
    while let Some(mut job) = next.take() {
        let ended = run_in_savepoint(connection, job.as_mut());
        group.push(job);
        ended.map_err(|error| {
            StoreError::Unavailable(format!("the transaction of a group of writes ended early: {error}"))
        })?;
        if group.len() < GROUP && started.elapsed() < BUDGET {
            next = queue.try_recv().ok();
        }
    }
    Ok(())
}

fn run_in_savepoint(connection: &mut AnyConnection, job: &mut dyn Job) -> diesel::QueryResult<()> {
    transaction::begin_savepoint(connection)?;
    let verdict = job.run(connection);
    // A full disk makes SQLite end the transaction by itself: then there is no savepoint to keep or to go back to.
    match (verdict, transaction::depth(connection)?) {
        (Verdict::Keep, SAVEPOINT) => transaction::release_savepoint(connection),
        (Verdict::Undo, depth) if depth >= SAVEPOINT => transaction::roll_back_to(connection, SAVEPOINT - 1),
        _ => Err(diesel::result::Error::BrokenTransactionManager),
    }
}
