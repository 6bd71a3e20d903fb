//! SQLite: how its file is opened, with which settings, and whether it was compiled as the service needs it.

#![expect(
    clippy::disallowed_methods,
    reason = "settings have no other form than raw SQL; another process's lock announces its end to nobody"
)]

use std::{
    fs, io,
    path::Path,
    thread,
    time::{Duration, Instant},
};

use diesel::{
    Connection as _, QueryableByName, RunQueryDsl, SqliteConnection, connection::SimpleConnection, sql_query,
    sql_types::Text,
};

use super::{connection::Role, error::StoreError};

/// How long a connection waits for another process that holds the lock.
const PATIENCE: Duration = Duration::from_secs(5);

pub(super) fn open(path: &Path, role: Role) -> Result<SqliteConnection, StoreError> {
    check_folder(path)?;
    if matches!(role, Role::Writer | Role::Migration) {
        create_unless_there(path)?;
    }
    let mut connection = SqliteConnection::establish(&address(path, role)?)?;
    // First of all, so that everything after it waits instead of failing.
    connection.batch_execute(&format!("PRAGMA busy_timeout = {}", busy_timeout(role).as_millis()))?;
    if !matches!(role, Role::Reader | Role::Backup) {
        use_write_ahead_log(&mut connection)?;
    }
    connection.batch_execute(settings(role))?;
    Ok(connection)
}

/// SQLite makes its files readable to whoever the process lets read them, and gives those beside the database the rights of
/// the database: so the database is there first. The rights of a file that is there are its owner's affair.
fn create_unless_there(path: &Path) -> Result<(), StoreError> {
    match create_for_owner(path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
            Err(StoreError::Unavailable(format!("{}: {error}", path.display())))
        }
        _ => Ok(()),
    }
}

/// Makes an empty file that its owner alone may read and write; fails when there is one.
pub(super) fn create_for_owner(path: &Path) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

fn check_folder(path: &Path) -> Result<(), StoreError> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
    if folder.is_dir() {
        return Ok(());
    }
    Err(StoreError::Unavailable(format!("the folder {} of the SQLite file does not exist", folder.display())))
}

/// The path as SQLite's `file:` URI, whose mode decides whether the file may be created or written.
fn address(path: &Path, role: Role) -> Result<String, StoreError> {
    let text = path.to_str().ok_or_else(|| StoreError::Unavailable("the SQLite path is not UTF-8".to_owned()))?;
    let encoded = text.replace('%', "%25").replace('?', "%3f").replace('#', "%23");
    let authority = if path.is_absolute() { "//" } else { "" };
    let mode = match role {
        Role::Reader | Role::Backup => "ro",
        Role::Checkpoint => "rw",
        Role::Writer | Role::Migration => "rwc",
    };
    Ok(format!("file:{authority}{encoded}?mode={mode}"))
}

const fn busy_timeout(role: Role) -> Duration {
    match role {
        Role::Reader | Role::Writer | Role::Backup => PATIENCE,
        // Several processes may start at once, and a migration may take a while.
        Role::Migration => Duration::from_mins(1),
        // A checkpoint that must wait keeps the writer waiting: it tries again later instead.
        Role::Checkpoint => Duration::from_millis(250),
    }
}

/// `synchronous` applies to whoever commits or moves pages: FULL puts each commit on disk before it is answered.
/// `secure_delete` overwrites what is deleted with zeros. Checkpoints have a thread of their own. Each connection keeps few
/// pages to itself, since the system keeps the file in memory for all of them.
const fn settings(role: Role) -> &'static str {
    match role {
        Role::Reader => {
            "PRAGMA query_only = ON; PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY;
             PRAGMA cache_size = -2048"
        }
        // A copy is written by this connection, so that it is not a reader.
        Role::Backup => "PRAGMA trusted_schema = OFF",
        Role::Writer | Role::Checkpoint => {
            "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON; PRAGMA trusted_schema = OFF;
             PRAGMA temp_store = MEMORY; PRAGMA cache_size = -8192; PRAGMA wal_autocheckpoint = 0"
        }
        // A table is changed by building it anew, which must not set off its references; they are checked at the end.
        Role::Migration => {
            "PRAGMA synchronous = FULL; PRAGMA foreign_keys = OFF; PRAGMA secure_delete = ON; PRAGMA temp_store = MEMORY"
        }
    }
}

#[derive(QueryableByName)]
struct JournalMode {
    #[diesel(sql_type = Text)]
    journal_mode: String,
}

/// Switches the file to the write-ahead log. The mode stays with the file, so this happens once in its life; SQLite does
/// not always wait for the lock it needs, hence the repetition.
fn use_write_ahead_log(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    let started = Instant::now();
    loop {
        let asked = journal_mode(connection, "PRAGMA journal_mode").and_then(|mode| match mode.as_str() {
            "wal" => Ok(mode),
            _ => journal_mode(connection, "PRAGMA journal_mode = WAL"),
        });
        match asked {
            Ok(mode) if mode == "wal" => return Ok(()),
            Ok(mode) => {
                return Err(StoreError::Unavailable(format!("SQLite keeps its journal in mode {mode}, not wal")));
            }
            Err(StoreError::Busy) if started.elapsed() < PATIENCE => thread::sleep(Duration::from_millis(10)),
            Err(error) => return Err(error),
        }
    }
}

fn journal_mode(connection: &mut SqliteConnection, pragma: &str) -> Result<String, StoreError> {
    Ok(sql_query(pragma).get_result::<JournalMode>(connection)?.journal_mode)
}

#[derive(QueryableByName)]
struct CompileOption {
    #[diesel(sql_type = Text)]
    compile_options: String,
}

/// What is wrong with the way SQLite was compiled into this program, one sentence each; none when all is well.
///
/// The options stand in `.cargo/config.toml` as an environment variable, which a build elsewhere loses without a word:
/// the program then works, and reads a third as fast.
///
/// # Errors
/// [`StoreError`] if SQLite does not answer.
pub fn compile_faults() -> Result<Vec<String>, StoreError> {
    const NEEDED: [&str; 4] = ["ENABLE_QPSG", "THREADSAFE=2", "DEFAULT_MEMSTATUS=0", "OMIT_LOAD_EXTENSION"];
    const HARMFUL: [&str; 4] =
        ["ENABLE_STAT4", "ENABLE_MEMORY_MANAGEMENT", "ENABLE_API_ARMOR", "ENABLE_LOAD_EXTENSION"];
    let mut connection = SqliteConnection::establish(":memory:")?;
    let rows = sql_query("PRAGMA compile_options").load::<CompileOption>(&mut connection)?;
    let has = |option: &str| rows.iter().any(|row| row.compile_options == option);
    let missing = NEEDED.into_iter().filter(|option| !has(option)).map(|option| format!("{option} is missing"));
    let present = HARMFUL.into_iter().filter(|option| has(option)).map(|option| format!("{option} is on"));
    Ok(missing.chain(present).collect())
}

/// Says in the log what [`compile_faults`] finds.
pub(super) fn warn_of_compile_faults() {
    match compile_faults() {
        Ok(faults) => {
            for fault in faults {
                tracing::warn!(%fault, "SQLite was compiled without the options of .cargo/config.toml and will be slow");
            }
        }
        Err(error) => tracing::warn!(%error, "SQLite's compile options could not be read"),
    }
}
