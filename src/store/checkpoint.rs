//! The thread that moves what SQLite's write-ahead log holds into the database file, so that no writer waits for it.
//!
//! The log is emptied when it has grown past a bound, when writing has paused, when it was not emptied for a while although
//! writing goes on (deleted text must not linger in it) and when the store closes.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use crossbeam_channel::{Receiver, RecvTimeoutError};
use diesel::{QueryableByName, RunQueryDsl, sql_query, sql_types::BigInt};

use super::{
    connection::{AnyConnection, Link},
    error::StoreError,
};

/// How often the log is moved while there are writes.
const INTERVAL: Duration = Duration::from_millis(100);
/// Intervals without a write after which the log is emptied.
const QUIET_ROUNDS: u32 = 20;
/// Intervals after which the log is emptied although writing goes on: ten seconds.
const BUSY_ROUNDS: u32 = 100;
/// Pages of 4096 bytes in the log (64 MiB) from which on it is emptied, at the price of a short wait for the writer.
const LOG_BOUND: i64 = 16_384;

#[derive(QueryableByName)]
struct Progress {
    /// 1 when a reader or writer stood in the way.
    #[diesel(sql_type = BigInt)]
    busy: i64,
    /// Pages in the log.
    #[diesel(sql_type = BigInt)]
    log: i64,
}

/// Runs until the other end of `stop` is dropped, then empties the log a last time.
pub(super) fn serve(mut link: Link, stop: &Receiver<()>, written: &AtomicBool) {
    let (mut quiet_rounds, mut busy_rounds) = (0, 0);
    // A process that ended in the middle of its work may have left a log behind.
    let mut log_holds_pages = true;
    while stop.recv_timeout(INTERVAL) == Err(RecvTimeoutError::Timeout) {
        if written.swap(false, Ordering::AcqRel) {
            quiet_rounds = 0;
            busy_rounds += 1;
            log_holds_pages = if busy_rounds < BUSY_ROUNDS { !move_pages(&mut link) } else { !empty_log(&mut link) };
            if !log_holds_pages {
                busy_rounds = 0;
            }
        } else if log_holds_pages {
            quiet_rounds += 1;
            if quiet_rounds >= QUIET_ROUNDS {
                quiet_rounds = 0;
                log_holds_pages = !empty_log(&mut link);
            }
        }
    }
    empty_log(&mut link);
}

/// Moves what can be moved without making anybody wait; answers whether the log ended up empty.
fn move_pages(link: &mut Link) -> bool {
    match checkpoint(link, "PRAGMA wal_checkpoint(PASSIVE)") {
        Ok(progress) if progress.log > LOG_BOUND => empty_log(link),
        Ok(progress) => progress.log <= 0,
        Err(error) => {
            tracing::warn!(%error, "a checkpoint failed");
            false
        }
    }
}

/// Moves everything and empties the log; answers whether that succeeded.
fn empty_log(link: &mut Link) -> bool {
    match checkpoint(link, "PRAGMA wal_checkpoint(TRUNCATE)") {
        Ok(progress) => progress.busy == 0,
        // Somebody holds the lock: the next round tries again.
        Err(StoreError::Busy) => false,
        Err(error) => {
            tracing::warn!(%error, "the write-ahead log could not be emptied");
            false
        }
    }
}

fn checkpoint(link: &mut Link, pragma: &str) -> Result<Progress, StoreError> {
    let AnyConnection::Sqlite(connection) = link.connection()? else {
        return Err(StoreError::Internal("only SQLite has checkpoints".to_owned()));
    };
    let progress = sql_query(pragma).get_result(connection);
    if progress.is_err() {
        link.discard();
    }
    Ok(progress?)
}
