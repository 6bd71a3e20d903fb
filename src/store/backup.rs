//! A copy of the SQLite file that is whole and consistent, made while others read and write.

use std::{fs, io, path::Path};

use diesel::{QueryableByName, RunQueryDsl, sql_query, sql_types::Text};

use super::{
    connection::{self, AnyConnection, Role},
    database_url::DatabaseUrl,
    error::StoreError,
    sqlite,
};

#[derive(QueryableByName)]
struct Check {
    #[diesel(sql_type = Text)]
    integrity_check: String,
}

/// Copies the whole database as it stands at one instant into a new file, for its owner alone, and checks the copy. Readers
/// and writers go on meanwhile.
///
/// # Errors
///
/// [`StoreError::Unavailable`] when the file exists or cannot be made, or the database is none of SQLite;
/// [`StoreError::Internal`] when the copy is not whole: it is removed then.
pub fn back_up(url: &DatabaseUrl, file: &Path) -> Result<(), StoreError> {
    let refused = |error: io::Error| StoreError::Unavailable(format!("{}: {error}", file.display()));
    let AnyConnection::Sqlite(mut connection) = connection::open(url, Role::Backup)? else {
        return Err(StoreError::Unavailable("only an SQLite file is copied".to_owned()));
    };
    let path = file.to_str().ok_or_else(|| StoreError::Unavailable("the path is not UTF-8".to_owned()))?;
    // Made first, empty and for its owner alone: what is copied into it is never readable to others, and nothing that was
    // there is overwritten.
    sqlite::create_for_owner(file).map_err(refused)?;
    let copied = sql_query("VACUUM INTO ?").bind::<Text, _>(path).execute(&mut connection);
    let checked = copied.map_err(StoreError::from).and_then(|_| check(file)).and_then(|()| {
        let written = fs::File::open(file).and_then(|copy| copy.sync_all());
        written.map_err(refused)
    });
    if checked.is_err() {
        fs::remove_file(file).map_err(refused)?;
    }
    checked
}

/// Asks SQLite whether every page, index and reference of the copy is as it must be.
fn check(file: &Path) -> Result<(), StoreError> {
    let mut copy = sqlite::open(file, Role::Backup)?;
    let found = sql_query("PRAGMA integrity_check(1)").get_result::<Check>(&mut copy)?;
    if found.integrity_check == "ok" {
        return Ok(());
    }
    Err(StoreError::Internal(format!("the copy is not whole: {}", found.integrity_check)))
}
