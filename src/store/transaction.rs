//! Beginning and ending transactions by hand, so that panics, lost connections and swallowed errors end them properly.
//!
//! diesel's `transaction()` begins a deferred transaction on SQLite, which fails under concurrency whatever the busy
//! timeout, and takes PostgreSQL's silent "ROLLBACK" in answer to the COMMIT of a failed transaction for a success.

#![expect(clippy::disallowed_methods, reason = "this is where transactions are begun and ended")]

use std::borrow::Cow;

use diesel::{
    QueryResult,
    connection::{AnsiTransactionManager, SimpleConnection, TransactionManager},
};

use super::{connection::AnyConnection, error::StoreError, scope::AuthorityScope};

/// Begins a transaction that sees one state of the database, and on PostgreSQL rows within the fence alone; the session of
/// a reader is read-only as it is.
pub(super) fn begin_read(connection: &mut AnyConnection, fence: &AuthorityScope) -> QueryResult<()> {
    match connection {
        AnyConnection::Sqlite(inner) => AnsiTransactionManager::begin_transaction_sql(inner, "BEGIN"),
        AnyConnection::Postgres(inner) => AnsiTransactionManager::begin_transaction_sql(inner, &fenced("BEGIN", fence)),
    }
}

/// Begins a transaction that may write. On SQLite it holds the write lock from the start.
pub(super) fn begin_write(connection: &mut AnyConnection) -> QueryResult<()> {
    match connection {
        AnyConnection::Sqlite(inner) => AnsiTransactionManager::begin_transaction_sql(inner, "BEGIN IMMEDIATE"),
        AnyConnection::Postgres(inner) => AnsiTransactionManager::begin_transaction_sql(inner, BEGIN_WRITE),
    }
}

/// The same, on PostgreSQL with rows within the fence alone.
pub(super) fn begin_write_within(connection: &mut AnyConnection, fence: &AuthorityScope) -> QueryResult<()> {
    match connection {
        AnyConnection::Sqlite(_) => begin_write(connection),
        AnyConnection::Postgres(inner) => {
            AnsiTransactionManager::begin_transaction_sql(inner, &fenced(BEGIN_WRITE, fence))
        }
    }
}

const BEGIN_WRITE: &str = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE";

/// The beginning of a transaction with its fence, in one message: the fence costs no round trip, and ends with it.
fn fenced(begin: &'static str, fence: &AuthorityScope) -> Cow<'static, str> {
    fence
        .setting()
        .map_or(Cow::Borrowed(begin), |keys| Cow::Owned(format!("{begin}; SET LOCAL candour.authorities = '{keys}'")))
}

/// Commits. An `Ok` means stored.
///
/// PostgreSQL answers the COMMIT of a transaction in which a statement had failed with a rollback and no error. A
/// savepoint cannot be set in such a transaction, so it goes ahead of the COMMIT, in the same message.
pub(super) fn commit(connection: &mut AnyConnection) -> QueryResult<()> {
    match connection {
        AnyConnection::Sqlite(inner) => AnsiTransactionManager::commit_transaction(inner),
        // diesel takes the state of its transaction manager from libpq after each statement.
        AnyConnection::Postgres(inner) => inner.batch_execute("SAVEPOINT before_commit; COMMIT"),
    }
}

/// Undoes the whole transaction, however deep its savepoints.
pub(super) fn roll_back(connection: &mut AnyConnection) -> QueryResult<()> {
    match connection {
        AnyConnection::Sqlite(_) => roll_back_to(connection, 0),
        AnyConnection::Postgres(inner) => inner.batch_execute("ROLLBACK"),
    }
}

/// Sets a savepoint inside the transaction: depth 2.
pub(super) fn begin_savepoint(connection: &mut AnyConnection) -> QueryResult<()> {
    <AnyConnection as TransactionManager<AnyConnection>>::begin_transaction(connection)
}

/// Keeps what was done since the savepoint.
pub(super) fn release_savepoint(connection: &mut AnyConnection) -> QueryResult<()> {
    <AnyConnection as TransactionManager<AnyConnection>>::commit_transaction(connection)
}

/// Rolls back until only `depth` levels are left: the transaction is level 1, each savepoint one more.
pub(super) fn roll_back_to(connection: &mut AnyConnection, depth: u32) -> QueryResult<()> {
    while self::depth(connection)? > depth {
        <AnyConnection as TransactionManager<AnyConnection>>::rollback_transaction(connection)?;
    }
    Ok(())
}

/// How many levels are open: 0 outside a transaction. An error means that the connection is beyond repair.
pub(super) fn depth(connection: &mut AnyConnection) -> QueryResult<u32> {
    let status = <AnyConnection as TransactionManager<AnyConnection>>::transaction_manager_status_mut(connection);
    Ok(status.transaction_depth()?.map_or(0, std::num::NonZeroU32::get))
}

/// Whether the connection is whole and outside a transaction.
pub(super) fn is_outside(connection: &mut AnyConnection) -> bool {
    matches!(depth(connection), Ok(0))
}

/// Carries out a part of a transaction that may fail by itself: when it does, what it wrote is undone, and nothing else.
///
/// # Errors
///
/// As the work, or as the store when the part cannot be begun or ended.
pub fn attempt<T, E: From<StoreError>>(
    connection: &mut AnyConnection,
    work: impl FnOnce(&mut AnyConnection) -> Result<T, E>,
) -> Result<T, E> {
    let depth = depth(connection).map_err(StoreError::from)?;
    begin_savepoint(connection).map_err(StoreError::from)?;
    let outcome = work(connection);
    match &outcome {
        Ok(_) => release_savepoint(connection).map_err(StoreError::from)?,
        Err(_) => roll_back_to(connection, depth).map_err(StoreError::from)?,
    }
    outcome
}
