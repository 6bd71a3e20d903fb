//! `candour backup`: a consistent copy of the SQLite file while a server writes; on PostgreSQL, what to do instead.

use std::path::PathBuf;

use clap::Args;

use super::{one, say};
use crate::{
    config::{self, DatabaseArguments},
    encryption_keys,
    store::{Backend, back_up},
};

/// What PostgreSQL has of its own.
const POSTGRES: &str = "PostgreSQL is backed up by its own tools: `pg_dump --format=custom` for a copy, base backups and a \
                        log archive for recovery to a point in time (docs/backup.md)";

/// Where the copy goes.
#[derive(Debug, Args)]
pub struct BackupArguments {
    /// The file to write; it must not exist.
    pub file: PathBuf,
    /// Where the data is.
    #[command(flatten)]
    pub database: DatabaseArguments,
}

/// Makes the copy.
///
/// # Errors
///
/// Every fault, as words for a person.
pub fn run(arguments: &BackupArguments) -> Result<(), Vec<String>> {
    let mut faults = Vec::new();
    let Some(url) = config::database(&arguments.database.database_url, &mut faults) else { return Err(faults) };
    if url.backend() == Backend::Postgres {
        return Err(one(POSTGRES));
    }
    back_up(&url, &arguments.file).map_err(one)?;
    say(&format!("backed up to {}; the copy is whole\n", arguments.file.display()))?;
    match url.sqlite_path().map(encryption_keys::file_beside).filter(|keys| keys.exists()) {
        Some(keys) => say(&format!("its keys are not in it: keep {} too, in another place\n", keys.display())),
        None => Ok(()),
    }
}
