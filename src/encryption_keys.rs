//! Where the encryption keys come from: the configuration; else a file beside the SQLite file; else, on PostgreSQL, the
//! database itself, which protects nothing against whoever copies the whole of it, and is said in the log at each start.

use std::{
    ffi::OsString,
    fmt, fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use clap::Args;
use thiserror::Error;

use crate::{
    services::{ServiceError, encryption, keyring::Keyring},
    store::{DatabaseUrl, Store},
};

/// What is added to the name of the SQLite file.
const ENDING: &str = ".key";

/// The keys that seal who asked, and the letters, at rest.
#[derive(Clone, Default, Args)]
pub struct EncryptionArguments {
    /// Keys that seal who asked and the letters, as `name:64 hexadecimal digits`, separated by commas: the first seals, all open.
    #[arg(long, env = "CANDOUR_ENCRYPTION_KEYS", hide_env_values = true)]
    pub encryption_keys: Option<String>,
    /// A file with such keys, one a line. Without either, they are kept beside the SQLite file, as FILE.key.
    #[arg(long, env = "CANDOUR_ENCRYPTION_KEY_FILE")]
    pub encryption_key_file: Option<PathBuf>,
}

/// Shows no key.
impl fmt::Debug for EncryptionArguments {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("EncryptionArguments").finish_non_exhaustive()
    }
}

impl EncryptionArguments {
    /// Reads the keys, or notes every fault; `None` where none are configured.
    #[must_use]
    pub fn check(&self, faults: &mut Vec<String>) -> Option<Keyring> {
        let (name, text) = match (&self.encryption_keys, &self.encryption_key_file) {
            (None, None) => return None,
            (Some(_), Some(_)) => {
                faults.push("CANDOUR_ENCRYPTION_KEYS: one of it and CANDOUR_ENCRYPTION_KEY_FILE, not both".to_owned());
                return None;
            }
            (Some(text), None) => ("CANDOUR_ENCRYPTION_KEYS", text.clone()),
            (None, Some(file)) => match fs::read_to_string(file) {
                Ok(text) => ("CANDOUR_ENCRYPTION_KEY_FILE", text),
                Err(error) => {
                    faults.push(format!("CANDOUR_ENCRYPTION_KEY_FILE: {}: {error}", file.display()));
                    return None;
                }
            },
        };
        match Keyring::read(&text) {
            Ok(keyring) => Some(keyring),
            Err(found) => {
                faults.extend(found.into_iter().map(|fault| format!("{name}: {fault}")));
                None
            }
        }
    }
}

/// Why there are no keys to work with.
#[derive(Debug, Error)]
pub enum EncryptionKeysError {
    /// The file beside the database.
    #[error("the encryption keys: {0}: {1}")]
    File(String, String),
    /// They do not open what is sealed; each fault.
    #[error("the encryption keys: {}", .0.join("; "))]
    Unfit(Vec<String>),
    /// The database.
    #[error("the database: {0}")]
    Service(#[from] ServiceError),
}

/// The keys to work with, checked against what is sealed in the database. Where none are configured they are made at the
/// first start; those that were made are kept on to open what they sealed, until `candour encryption reencrypt`.
///
/// # Errors
///
/// [`EncryptionKeysError`].
pub async fn keyring(
    configured: Option<&Keyring>,
    database: &DatabaseUrl,
    store: &Store,
) -> Result<Keyring, EncryptionKeysError> {
    let made = match database.sqlite_path() {
        Some(path) => beside(configured, path, store).await?,
        None => stored(configured, store).await?,
    };
    let keyring = configured.cloned().unwrap_or_default().followed_by(made);
    let checked = keyring.clone();
    let faults = store.write(move |connection| encryption::begin(connection, &checked)).await?;
    if faults.is_empty() { Ok(keyring) } else { Err(EncryptionKeysError::Unfit(faults)) }
}

/// The file of keys that belongs to an SQLite file.
#[must_use]
pub fn file_beside(database: &Path) -> PathBuf {
    let mut name = OsString::from(database);
    name.push(ENDING);
    PathBuf::from(name)
}

async fn beside(configured: Option<&Keyring>, database: &Path, store: &Store) -> Result<Keyring, EncryptionKeysError> {
    let file = file_beside(database);
    let failed = |error: io::Error| EncryptionKeysError::File(file.display().to_string(), error.to_string());
    if !file.try_exists().map_err(failed)? {
        if configured.is_some() {
            return Ok(Keyring::default());
        }
        // Another process may have made it meanwhile.
        if store.read(encryption::is_in_use).await? && !file.try_exists().map_err(failed)? {
            let words = "the file is missing: put it back, or name it by CANDOUR_ENCRYPTION_KEY_FILE";
            return Err(EncryptionKeysError::File(file.display().to_string(), words.to_owned()));
        }
        make(&file).map_err(failed)?;
    }
    let text = fs::read_to_string(&file).map_err(failed)?;
    Keyring::read(&text).map_err(|faults| EncryptionKeysError::File(file.display().to_string(), faults.join("; ")))
}

/// Makes a file with a new key, whole from its first moment: of several processes that start at once one makes it.
fn make(file: &Path) -> io::Result<()> {
    let mut name = OsString::from(file);
    name.push(format!(".{}", uuid::Uuid::new_v4().simple()));
    let draft = PathBuf::from(name);
    let written = write_new(&draft, &format!("{}\n", Keyring::new_key())).and_then(|()| fs::hard_link(&draft, file));
    fs::remove_file(&draft)?;
    match written {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        other => other,
    }
}

/// Writes a file that was not there, for its owner alone.
fn write_new(file: &Path, text: &str) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(file)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

async fn stored(configured: Option<&Keyring>, store: &Store) -> Result<Keyring, EncryptionKeysError> {
    let proposed = configured.is_none().then(Keyring::new_key);
    let is_only = proposed.is_some();
    let text = store.write(move |connection| encryption::stored_key(connection, proposed.as_deref())).await?;
    let Some(text) = text else { return Ok(Keyring::default()) };
    if is_only {
        tracing::warn!(
            "the key that seals who asked stands in the same database: set CANDOUR_ENCRYPTION_KEY_FILE (docs/security.md)"
        );
    }
    Keyring::read(&text).map_err(EncryptionKeysError::Unfit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_of_one_place_and_every_fault_is_told() {
        let file = std::env::temp_dir().join(format!("candour-keys-{}", uuid::Uuid::new_v4()));
        fs::write(&file, "# keys\na:c0ffee\nB:c0ffee\n").unwrap();
        let check = |keys: Option<&str>, file: Option<&Path>| {
            let mut faults = Vec::new();
            let arguments = EncryptionArguments {
                encryption_keys: keys.map(str::to_owned),
                encryption_key_file: file.map(Path::to_path_buf),
            };
            assert!(!format!("{arguments:?}").contains("c0ffee"));
            let names = arguments.check(&mut faults).map(|keyring| format!("{keyring:?}"));
            assert!(!faults.concat().contains("c0ffee"), "{faults:?}");
            (names, faults.len())
        };
        assert_eq!(check(None, None), (None, 0));
        assert_eq!(check(Some(&Keyring::new_key()), Some(&file)), (None, 1));
        assert_eq!(check(None, Some(&file)), (None, 2));
        assert_eq!(check(None, Some(Path::new("/nowhere/keys"))), (None, 1));
        assert_eq!(check(Some("x,y,z"), None), (None, 3));
        let good = format!("b:{},a:{}", "ab".repeat(32), "cd".repeat(32));
        assert_eq!(check(Some(&good), None), (Some(r#"["b", "a"]"#.to_owned()), 0));
        fs::remove_file(&file).unwrap();
    }

    #[test]
    fn several_starts_at_once_make_one_file() {
        let folder = std::env::temp_dir().join(format!("candour-keys-{}", uuid::Uuid::new_v4()));
        fs::create_dir(&folder).unwrap();
        let file = file_beside(&folder.join("candour.db"));
        assert_eq!(file.file_name().unwrap(), "candour.db.key");
        let texts: Vec<String> = std::thread::scope(|scope| {
            let start = || {
                make(&file).unwrap();
                fs::read_to_string(&file).unwrap()
            };
            let starts: Vec<_> = (0..16).map(|_| scope.spawn(start)).collect();
            starts.into_iter().map(|start| start.join().unwrap()).collect()
        });
        assert!(texts.iter().all(|text| *text == texts[0] && Keyring::read(text).is_ok()), "{texts:?}");
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
        #[cfg(unix)]
        assert_eq!(std::os::unix::fs::PermissionsExt::mode(&fs::metadata(&file).unwrap().permissions()) & 0o777, 0o600);
        fs::remove_dir_all(&folder).unwrap();
    }
}
