//! What can go wrong in storage, told alike for both databases. Knows nothing of HTTP.
//!
//! A constraint has one name whichever database refuses the row: `table(column,column)`. SQLite names the columns in its
//! message. PostgreSQL names the constraint, so every unique constraint, unique index and primary key of the PostgreSQL
//! migrations is called `table__column__column`, with two underscores. A check is called `table__what_it_asks` on both.

use diesel::result::{DatabaseErrorInformation, DatabaseErrorKind, Error as DieselError};

/// Why a read or a write did not happen.
///
/// Nothing of a failed write is stored, except that after
/// [`StoreError::Unavailable`] it may be: the connection, or the disk, may have been lost in the middle of a commit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// Too much waits already, or another transaction stood in the way: the same call may succeed a moment later.
    #[error("the store is busy")]
    Busy,
    /// The database cannot be reached, or the store is closing.
    #[error("the store is unavailable: {0}")]
    Unavailable(String),
    /// A value that must be unique is taken. `constraint` is `table(column,column)`.
    #[error("{constraint} must be unique")]
    Unique {
        /// The table and columns, like `requests(authority_key,reference)`.
        constraint: String,
    },
    /// A row refers to one that does not exist, or is still referred to.
    #[error("a row refers to one that is missing, or is still referred to")]
    ForeignKey,
    /// A value is outside what the table accepts.
    #[error("the check {constraint} refused the row")]
    Check {
        /// The name of the check.
        constraint: String,
    },
    /// The row asked for does not exist.
    #[error("no such row")]
    NotFound,
    /// The disk, or the space set aside for the database, is full.
    #[error("the disk of the store is full")]
    Full,
    /// A fault of this program or of the database; the text is for the log alone.
    #[error("storage failed: {0}")]
    Internal(String),
}

impl StoreError {
    /// Whether a row was refused because `constraint` (`table(column,column)`) holds its value already.
    #[must_use]
    pub fn is_unique(&self, constraint: &str) -> bool {
        matches!(self, Self::Unique { constraint: refused } if refused == constraint)
    }

    pub(super) fn closing() -> Self {
        Self::Unavailable("the store is closing".to_owned())
    }
}

impl From<DieselError> for StoreError {
    fn from(error: DieselError) -> Self {
        match error {
            DieselError::NotFound => Self::NotFound,
            DieselError::DatabaseError(kind, information) => from_database(kind, information.as_ref()),
            DieselError::BrokenTransactionManager => Self::Unavailable("the connection is broken".to_owned()),
            DieselError::RollbackErrorOnCommit { commit_error, .. } => Self::from(*commit_error),
            other => Self::Internal(other.to_string()),
        }
    }
}

impl From<diesel::ConnectionError> for StoreError {
    fn from(error: diesel::ConnectionError) -> Self {
        Self::Unavailable(error.to_string().trim().to_owned())
    }
}

fn from_database(kind: DatabaseErrorKind, information: &dyn DatabaseErrorInformation) -> StoreError {
    // Only the message is kept: PostgreSQL's details repeat the values of the row.
    let message = information.message();
    match kind {
        DatabaseErrorKind::UniqueViolation => {
            StoreError::Unique { constraint: unique_constraint(information.constraint_name(), message) }
        }
        DatabaseErrorKind::ForeignKeyViolation | DatabaseErrorKind::RestrictViolation => StoreError::ForeignKey,
        DatabaseErrorKind::CheckViolation => {
            let named = information.constraint_name().or_else(|| message.strip_prefix("CHECK constraint failed: "));
            StoreError::Check { constraint: named.unwrap_or(message).to_owned() }
        }
        DatabaseErrorKind::SerializationFailure => StoreError::Busy,
        DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand => {
            StoreError::Unavailable(message.trim().to_owned())
        }
        _ => from_message(message),
    }
}

/// What neither diesel's kinds nor a code tell apart: diesel passes on neither SQLite's result code nor the SQLSTATE.
fn from_message(message: &str) -> StoreError {
    const BUSY: [&str; 5] = [
        "database is locked",
        "table is locked",
        "deadlock detected",
        "due to lock timeout",
        "due to statement timeout",
    ];
    const FULL: [&str; 2] = ["database or disk is full", "No space left on device"];
    // After a failed write or flush nobody knows what reached the disk.
    const AWAY: [&str; 5] = [
        "disk I/O error",
        "terminating connection",
        "server closed the connection",
        "is shutting down",
        "is starting up",
    ];
    let says = |signs: &[&str]| signs.iter().any(|sign| message.contains(sign));
    if says(&BUSY) {
        StoreError::Busy
    } else if says(&FULL) {
        StoreError::Full
    } else if says(&AWAY) {
        StoreError::Unavailable(message.trim().to_owned())
    } else {
        StoreError::Internal(message.trim().to_owned())
    }
}

fn unique_constraint(name: Option<&str>, message: &str) -> String {
    let failed = message.strip_prefix("UNIQUE constraint failed: ");
    // SQLite names the index instead of the columns where the index is over an expression.
    let index = failed.and_then(|rest| rest.strip_prefix("index '")).and_then(|rest| rest.strip_suffix('\''));
    match (name.or(index), failed) {
        (Some(name), _) => constraint_of_index(name),
        (None, Some(columns)) => constraint_of_columns(columns),
        (None, None) => message.to_owned(),
    }
}

fn constraint_of_index(name: &str) -> String {
    name.split_once("__")
        .map_or_else(|| name.to_owned(), |(table, columns)| format!("{table}({})", columns.replace("__", ",")))
}

fn constraint_of_columns(list: &str) -> String {
    let mut columns = Vec::new();
    let mut table = "";
    for (owner, column) in list.split(", ").filter_map(|item| item.split_once('.')) {
        table = owner;
        columns.push(column);
    }
    format!("{table}({})", columns.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_databases_give_a_unique_constraint_one_name() {
        let sqlite = "UNIQUE constraint failed: requests.authority_key, requests.reference";
        assert_eq!(unique_constraint(None, sqlite), "requests(authority_key,reference)");
        let postgres = unique_constraint(Some("requests__authority_key__reference"), "duplicate key value");
        assert_eq!(postgres, "requests(authority_key,reference)");
        let expression = "UNIQUE constraint failed: index 'requests__authority_key__folded'";
        assert_eq!(unique_constraint(None, expression), "requests(authority_key,folded)");
    }

    #[test]
    fn messages_without_a_kind_are_told_apart() {
        assert_eq!(from_message("database is locked"), StoreError::Busy);
        assert_eq!(from_message("database or disk is full"), StoreError::Full);
        assert!(matches!(from_message("terminating connection due to x\n"), StoreError::Unavailable(_)));
        assert_eq!(from_message("no such table: x"), StoreError::Internal("no such table: x".to_owned()));
    }
}
