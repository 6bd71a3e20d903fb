//! One connection of either database, and how to open it. Knows nothing of queues and jobs.
//!
//! diesel's own `establish` for such an enum tries one database after the other: it hides why PostgreSQL could not be
//! reached, and a typing error may create an SQLite file. Here the URL alone decides.

#![expect(missing_docs, reason = "the derive makes items without any")]
#![expect(clippy::disallowed_methods, reason = "the derive passes every method of a connection on")]

use diesel::{PgConnection, SqliteConnection};

use super::{
    database_url::{DatabaseUrl, Target},
    error::StoreError,
    postgres, sqlite, transaction,
};

/// A connection to whichever database the service was started with; queries written once run on both.
///
/// What the common subset lacks (upserts, batch inserts, `ilike`) is a `match` on the variant, inside `store` only.
#[derive(diesel::MultiConnection)]
pub enum AnyConnection {
    /// A connection to a PostgreSQL server.
    Postgres(PgConnection),
    /// A connection to an SQLite file.
    Sqlite(SqliteConnection),
}

/// What a connection is for: it decides what the session may do and how long it waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Reader,
    Writer,
    Migration,
    Checkpoint,
    /// Reads everything of an SQLite file once, and makes none.
    Backup,
}

pub(super) fn open(url: &DatabaseUrl, role: Role) -> Result<AnyConnection, StoreError> {
    match url.target() {
        Target::Sqlite(path) => sqlite::open(path, role).map(AnyConnection::Sqlite),
        Target::Postgres(text) => postgres::open(text, role, url.role()).map(AnyConnection::Postgres),
    }
}

/// A connection that is opened when it is needed, and again after it broke, so that its thread outlives the database's
/// absence.
pub(super) struct Link {
    url: DatabaseUrl,
    role: Role,
    connection: Option<AnyConnection>,
}

impl Link {
    pub(super) fn new(url: DatabaseUrl, role: Role) -> Self {
        Self { url, role, connection: None }
    }

    /// The open connection; opens one if there is none.
    pub(super) fn connection(&mut self) -> Result<&mut AnyConnection, StoreError> {
        let open = match self.connection.take() {
            Some(open) => open,
            None => open(&self.url, self.role)?,
        };
        Ok(self.connection.insert(open))
    }

    /// Begins a transaction with `begin`. A connection that died while it lay idle is replaced once: nothing was done on
    /// it yet, so nothing can be done twice.
    pub(super) fn begin(
        &mut self,
        begin: impl Fn(&mut AnyConnection) -> diesel::QueryResult<()>,
    ) -> Result<&mut AnyConnection, StoreError> {
        let was_open = self.connection.is_some();
        if let Err(error) = begin(self.connection()?) {
            let died = !self.discard_unless_sound();
            if !(was_open && died) {
                return Err(error.into());
            }
            begin(self.connection()?)?;
        }
        self.connection()
    }

    /// Closes the connection; the next use opens another.
    pub(super) fn discard(&mut self) {
        self.connection = None;
    }

    /// Closes the connection unless it is whole and outside a transaction; answers whether it was kept.
    pub(super) fn discard_unless_sound(&mut self) -> bool {
        let sound = self.connection.as_mut().is_some_and(transaction::is_outside);
        if !sound {
            self.discard();
        }
        sound
    }
}
