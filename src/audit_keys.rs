//! The keys that sign checkpoints of the audit log: which one a server has, which one a command needs, and how another takes
//! its place.

use std::{fs, path::Path};

use crate::{
    app::StartError,
    casework::audit::AuditSeal,
    hexadecimal::hex,
    services::{Context, ServiceError, ServiceResult, audit},
    store::{Connection, Store, installation},
};

const AUDIT_KEY: &str = "audit_key";
/// The public key of the server that started last: what commands have to sign with.
const AUDIT_PUBLIC_KEY: &str = "audit_public_key";

/// The key that a server signs checkpoints of the audit log with: from the file that is configured, else the one in the
/// database. The database names it from now on.
///
/// # Errors
///
/// [`StartError::AuditKey`] for a file that holds none; as the store.
pub async fn of_server(file: Option<&Path>, store: &Store) -> Result<AuditSeal, StartError> {
    let given = file.map(from_file).transpose()?;
    let name = move |connection: &mut Connection| {
        let seal = given.map_or_else(|| stored(connection), Ok)?;
        let public_key = seal.public_key();
        if installation::value_or_insert(connection, AUDIT_PUBLIC_KEY, &public_key)? != public_key {
            tracing::warn!(
                "the key of the audit log is another one now: what was signed before is found to be forged, unless \
                 `candour audit change-key` makes this key the successor"
            );
            installation::set_value(connection, AUDIT_PUBLIC_KEY, &public_key)?;
        }
        Ok::<_, ServiceError>(seal)
    };
    Ok(store.write(name).await?)
}

/// The same for a command, which signs with the key that the database names and with no other: a checkpoint by another key
/// would be found to be forged. Where no server has started yet there is none to differ from.
///
/// # Errors
///
/// [`StartError::AuditKey`] for another key, or none where the server has one from a file; as the store.
pub async fn of_command(file: Option<&Path>, store: &Store) -> Result<AuditSeal, StartError> {
    let given = file.map(from_file).transpose()?;
    let find = move |connection: &mut Connection| {
        let current = installation::value(connection, AUDIT_PUBLIC_KEY)?;
        let is_kept = current.is_none() || installation::value(connection, AUDIT_KEY)?.is_some();
        let seal = match given {
            None if is_kept => Some(stored(connection)?),
            given => given,
        };
        let is_current = |seal: &AuditSeal| current.as_ref().is_none_or(|current| *current == seal.public_key());
        Ok::<_, ServiceError>(seal.filter(is_current))
    };
    store.write(find).await?.ok_or_else(|| {
        let detail = "the server signs the audit log with another key; name the file that it has";
        StartError::AuditKey(detail.to_owned())
    })
}

/// The key from a file.
///
/// # Errors
///
/// [`StartError::AuditKey`] for a file that holds none.
pub fn from_file(file: &Path) -> Result<AuditSeal, StartError> {
    let text =
        fs::read_to_string(file).map_err(|error| StartError::AuditKey(format!("{}: {error}", file.display())))?;
    let wanted = || StartError::AuditKey(format!("{}: 64 hexadecimal digits are wanted", file.display()));
    AuditSeal::from_hex(&text).ok_or_else(wanted)
}

/// The same key where none is configured: it is kept in the database, and whoever writes there could sign as well.
fn stored(connection: &mut Connection) -> ServiceResult<AuditSeal> {
    let proposed = hex(rand::random::<[u8; 32]>());
    let text = installation::value_or_insert(connection, AUDIT_KEY, &proposed)?;
    AuditSeal::from_hex(&text).ok_or_else(|| ServiceError::Corrupt("the key of the audit log".to_owned()))
}

/// Makes a key the successor of another in the log of every authority; `old` is the one in the database when absent. The
/// database names the new one from now on. How many logs there are.
///
/// # Errors
///
/// [`ServiceError::NotPossible`] for a key that is its own successor, and where the database names neither of the two.
pub fn change(
    connection: &mut Connection,
    context: &Context,
    old: Option<AuditSeal>,
    new: &AuditSeal,
) -> ServiceResult<usize> {
    let old = match old {
        Some(old) => old,
        None if installation::value(connection, AUDIT_KEY)?.is_some() => stored(connection)?,
        None => return Err(refusal("the database has no key of its own; name the file with the old one")),
    };
    let (before, after) = (old.public_key(), new.public_key());
    if before == after {
        return Err(refusal("the old key and the new one are the same"));
    }
    // The new key may be in use already: then this makes up for what was not done before.
    let current = installation::value(connection, AUDIT_PUBLIC_KEY)?;
    if current.is_some_and(|current| current != before && current != after) {
        return Err(refusal("the server signs the audit log with neither of these keys"));
    }
    let logs = audit::hand_over(connection, context, &old, new)?;
    installation::set_value(connection, AUDIT_PUBLIC_KEY, &after)?;
    Ok(logs)
}

fn refusal(detail: &str) -> ServiceError {
    ServiceError::NotPossible(detail.to_owned())
}
