//! The schema's history: which migrations exist for each database, and applying them under a lock. Knows no table.
//!
//! Each migration is a folder of the same name below `migrations/sqlite` and `migrations/postgres`, with `up.sql` and
//! `down.sql`. All that are pending run in one transaction: a start either brings the schema up to date or changes
//! nothing. Of several processes that start at once one migrates and the others wait for it.

#![expect(clippy::disallowed_methods, reason = "the lock of a migration is raw SQL")]

use diesel::{
    QueryableByName, RunQueryDsl,
    connection::SimpleConnection,
    migration::{Migration, MigrationSource},
    pg::Pg,
    sql_query,
    sql_types::{Nullable, Text},
    sqlite::Sqlite,
};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::{
    connection::{self, AnyConnection, Role},
    database_url::{Backend, DatabaseUrl},
    error::StoreError,
    postgres, transaction,
};

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// Brings the schema up to date; answers the versions applied, oldest first.
///
/// # Errors
/// [`StoreError::Unavailable`] if the database cannot be reached, [`StoreError::Busy`] if another process held the lock
/// for too long, else what the failing migration met; the schema is then as it was.
pub fn migrate(url: &DatabaseUrl) -> Result<Vec<String>, StoreError> {
    locked(url, |connection| match connection {
        AnyConnection::Sqlite(inner) => versions(inner.run_pending_migrations(SQLITE)),
        AnyConnection::Postgres(inner) => {
            let applied = versions(inner.run_pending_migrations(POSTGRES))?;
            postgres::fence_tables(inner, url.role())?;
            Ok(applied)
        }
    })
}

/// The names of the migrations that this program knows and the database lacks, oldest first.
///
/// # Errors
/// As [`migrate`].
pub fn pending(url: &DatabaseUrl) -> Result<Vec<String>, StoreError> {
    locked(url, |connection| match connection {
        AnyConnection::Sqlite(inner) => names_of(inner.pending_migrations(SQLITE)),
        AnyConnection::Postgres(inner) => names_of(inner.pending_migrations(POSTGRES)),
    })
}

/// Undoes every migration, newest first, and with them all data; answers the versions undone.
///
/// # Errors
/// As [`migrate`].
pub fn revert_all(url: &DatabaseUrl) -> Result<Vec<String>, StoreError> {
    locked(url, |connection| match connection {
        AnyConnection::Sqlite(inner) => versions(inner.revert_all_migrations(SQLITE)),
        AnyConnection::Postgres(inner) => versions(inner.revert_all_migrations(POSTGRES)),
    })
}

/// The names of all migrations for one database, oldest first.
///
/// # Errors
/// [`StoreError::Internal`] if an embedded migration is malformed.
pub fn names(backend: Backend) -> Result<Vec<String>, StoreError> {
    match backend {
        Backend::Sqlite => names_of(MigrationSource::<Sqlite>::migrations(&SQLITE)),
        Backend::Postgres => names_of(MigrationSource::<Pg>::migrations(&POSTGRES)),
    }
}

/// Any number that other programs are unlikely to lock in the same PostgreSQL database.
const LOCK: i64 = 0x0043_414e_444f_5552;

/// Runs `work` in one transaction that excludes every other process's migrations.
fn locked<T>(
    url: &DatabaseUrl,
    work: impl FnOnce(&mut AnyConnection) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let mut connection = connection::open(url, Role::Migration)?;
    transaction::begin_write(&mut connection)?;
    if let AnyConnection::Postgres(inner) = &mut connection {
        inner.batch_execute(&format!("SELECT pg_advisory_xact_lock({LOCK})"))?;
    }
    // An error closes the connection, and with it the transaction.
    let done = work(&mut connection)?;
    check_references(&mut connection)?;
    transaction::commit(&mut connection)?;
    Ok(done)
}

#[derive(QueryableByName)]
struct BrokenReference {
    #[diesel(sql_type = Text)]
    table: String,
    #[diesel(sql_type = Nullable<Text>)]
    parent: Option<String>,
}

/// SQLite's references are switched off while tables are built anew: whether they still hold is asked before the commit.
fn check_references(connection: &mut AnyConnection) -> Result<(), StoreError> {
    let AnyConnection::Sqlite(inner) = connection else { return Ok(()) };
    let broken = sql_query("PRAGMA foreign_key_check").load::<BrokenReference>(inner)?;
    broken.first().map_or(Ok(()), |first| {
        let parent = first.parent.as_deref().unwrap_or("another table");
        Err(StoreError::Internal(format!("after the migrations {} refers to missing rows of {parent}", first.table)))
    })
}

fn versions<V: std::fmt::Display>(outcome: diesel::migration::Result<Vec<V>>) -> Result<Vec<String>, StoreError> {
    Ok(outcome.map_err(failed)?.iter().map(ToString::to_string).collect())
}

fn names_of<DB: diesel::backend::Backend>(
    outcome: diesel::migration::Result<Vec<Box<dyn Migration<DB>>>>,
) -> Result<Vec<String>, StoreError> {
    let mut names: Vec<String> =
        outcome.map_err(failed)?.iter().map(|migration| migration.name().to_string()).collect();
    names.sort();
    Ok(names)
}

fn failed(error: Box<dyn std::error::Error + Send + Sync>) -> StoreError {
    match error.downcast::<diesel::result::Error>() {
        Ok(error) => StoreError::from(*error),
        Err(error) => StoreError::Internal(format!("a migration failed: {error}")),
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use super::*;
    use crate::store::{
        Store, StoreSettings,
        tests::{Folder, Words},
    };

    #[test]
    fn the_migrations_of_both_databases_are_paired() {
        let sqlite = names(Backend::Sqlite).unwrap();
        assert_eq!(sqlite, names(Backend::Postgres).unwrap());
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
        for (backend, name) in
            ["sqlite", "postgres"].into_iter().flat_map(|backend| sqlite.iter().map(move |name| (backend, name)))
        {
            for file in ["up.sql", "down.sql"] {
                let path = root.join(backend).join(name).join(file);
                assert!(!fs::read_to_string(&path).unwrap().trim().is_empty(), "{} is empty", path.display());
            }
        }
        assert_eq!(
            fs::read_dir(root.join("sqlite")).unwrap().count(),
            sqlite.len(),
            "build again: a migration is not embedded"
        );
    }

    /// Everything the file's schema holds, apart from the list of migrations.
    fn schema(url: &DatabaseUrl) -> Vec<String> {
        let query = "SELECT coalesce(sql, name) AS words FROM sqlite_schema WHERE name NOT LIKE '%schema_migrations%' AND name NOT LIKE 'sqlite%' ORDER BY name";
        let mut connection = connection::open(url, Role::Reader).unwrap();
        sql_query(query).load::<Words>(&mut connection).unwrap().into_iter().map(|row| row.words).collect()
    }

    #[test]
    fn migrations_go_up_down_and_up_again() {
        let folder = Folder::new();
        let all = names(Backend::Sqlite).unwrap();
        assert_eq!(pending(&folder.url()).unwrap(), all);
        assert_eq!(migrate(&folder.url()).unwrap().len(), all.len());
        let first = schema(&folder.url());
        assert_eq!(pending(&folder.url()).unwrap(), Vec::<String>::new());
        assert_eq!(revert_all(&folder.url()).unwrap().len(), all.len());
        assert_eq!(schema(&folder.url()), Vec::<String>::new());
        assert_eq!(migrate(&folder.url()).unwrap().len(), all.len());
        assert_eq!(schema(&folder.url()), first);
    }

    #[test]
    fn several_starts_at_once_migrate_once() {
        let folder = Folder::new();
        let applied: usize = std::thread::scope(|scope| {
            let starts: Vec<_> = (0..8)
                .map(|_| {
                    scope.spawn(|| {
                        let applied = migrate(&folder.url()).unwrap().len();
                        Store::open(&folder.url(), StoreSettings::default()).unwrap().close();
                        applied
                    })
                })
                .collect();
            starts.into_iter().map(|start| start.join().unwrap()).sum()
        });
        assert_eq!(applied, names(Backend::Sqlite).unwrap().len());
    }
}
