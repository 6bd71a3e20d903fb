//! What of an installation is sealed, and with which key: the check at a start, sealing what stands open, sealing anew
//! after the keys were changed.

use crate::{
    services::{
        ServiceError, ServiceResult,
        keyring::{Keyring, KeyringError, SealPlace, key_of},
    },
    store::{
        Connection, RequestKey, installation,
        requesters::{self as rows, PlacedRequester, RequesterRow},
    },
};

/// A key kept in the database, for want of a better place.
const STORED_KEY: &str = "encryption_key";
/// What begins the names of the texts by which a key is known again.
const CHECK: &str = "encryption_check:";
/// What such a text says.
const CHECK_TEXT: &str = "candour";
/// The key of the hashes by which requests of one person are found: as it was kept once, and as it is kept.
const OPEN_MATCH_KEY: &str = "requester_match_key";
const MATCH_KEY: &str = "sealed_requester_match_key";
/// How many rows one transaction seals.
const BATCH: i64 = 200;

impl From<KeyringError> for ServiceError {
    fn from(error: KeyringError) -> Self {
        Self::Corrupt(error.to_string())
    }
}

const fn of_installation(name: &str) -> SealPlace<'_> {
    SealPlace { authority_id: "", request_id: name, column: "installation" }
}

/// Who asked, and the letter, as they were given.
pub(super) type Opened = (Option<String>, Option<String>);

/// Seals who asked and the letter to the request they belong to.
pub(super) fn sealed(
    keyring: &Keyring,
    (authority_id, request_id): (&str, &str),
    (identity, letter): (Option<&str>, Option<&str>),
) -> ServiceResult<RequesterRow> {
    let seal = |column, text: Option<&str>| {
        text.map(|text| keyring.seal(SealPlace { authority_id, request_id, column }, text)).transpose()
    };
    Ok(RequesterRow {
        identity: seal("identity", identity)?,
        original_text: seal("original_text", letter)?,
        key_id: keyring.current().map(str::to_owned),
    })
}

/// Opens what [`sealed`] made.
pub(super) fn opened(
    keyring: &Keyring,
    (authority_id, request_id): (&str, &str),
    row: RequesterRow,
) -> ServiceResult<Opened> {
    if row.key_id.is_none() {
        return Ok((row.identity, row.original_text));
    }
    let open = |column, text: Option<String>| {
        text.map(|text| keyring.open(SealPlace { authority_id, request_id, column }, &text)).transpose()
    };
    Ok((open("identity", row.identity)?, open("original_text", row.original_text)?))
}

/// The key kept in the database; where there is none, `proposed` is kept and given.
///
/// # Errors
///
/// As the store.
pub fn stored_key(connection: &mut Connection, proposed: Option<&str>) -> ServiceResult<Option<String>> {
    match proposed {
        Some(proposed) => Ok(Some(installation::value_or_insert(connection, STORED_KEY, proposed)?)),
        None => Ok(installation::value(connection, STORED_KEY)?),
    }
}

/// Whether anything was ever sealed here.
///
/// # Errors
///
/// As the store.
pub fn is_in_use(connection: &mut Connection) -> ServiceResult<bool> {
    Ok(!installation::beginning_with(connection, CHECK)?.is_empty())
}

/// Looks whether these keys open what is sealed here, and leaves a mark by which the current one is known again. Gives
/// what is wrong, in words that show no key.
///
/// # Errors
///
/// As the store.
pub fn begin(connection: &mut Connection, keyring: &Keyring) -> ServiceResult<Vec<String>> {
    let mut faults = Vec::new();
    for (name, mark) in installation::beginning_with(connection, CHECK)? {
        let key = name.strip_prefix(CHECK).unwrap_or_default().to_owned();
        match keyring.open(of_installation(&name), &mark) {
            Ok(_) => {}
            Err(KeyringError::MissingKey(_)) => {
                let number = rows::number_sealed_with(connection, Some(&key))?;
                if number > 0 {
                    faults.push(format!("the key `{key}` is missing, which seals who asked in {number} requests"));
                }
            }
            Err(_) => faults.push(format!("the key `{key}` is another than the one that was used under this name")),
        }
    }
    if let Some(sealed) = installation::value(connection, MATCH_KEY)?
        && let Err(error) = keyring.open(of_installation(MATCH_KEY), &sealed)
    {
        faults.push(format!("the key of the same-person test is sealed: {error}"));
    }
    if faults.is_empty() {
        let current = keyring.current().ok_or(KeyringError::NoKey)?;
        let name = format!("{CHECK}{current}");
        let mark = keyring.seal(of_installation(&name), CHECK_TEXT)?;
        installation::value_or_insert(connection, &name, &mark)?;
    }
    Ok(faults)
}

/// The key of the hashes by which requests of one person are found; it is made at its first use. A copy of the database
/// without the keys cannot try names and addresses against the hashes.
pub(super) fn match_key(connection: &mut Connection, keyring: &Keyring) -> ServiceResult<String> {
    let sealed = match installation::value(connection, MATCH_KEY)? {
        Some(sealed) => sealed,
        None => {
            let open = installation::value(connection, OPEN_MATCH_KEY)?;
            let key = open.unwrap_or_else(Keyring::new_key);
            let proposed = keyring.seal(of_installation(MATCH_KEY), &key)?;
            installation::value_or_insert(connection, MATCH_KEY, &proposed)?
        }
    };
    Ok(keyring.open(of_installation(MATCH_KEY), &sealed)?)
}

/// Seals some of what still stands open from before there were keys; whether more may be left.
///
/// # Errors
///
/// As the store.
pub fn seal_open(connection: &mut Connection, keyring: &Keyring) -> ServiceResult<bool> {
    if installation::value(connection, OPEN_MATCH_KEY)?.is_some() {
        match_key(connection, keyring)?;
        installation::remove(connection, OPEN_MATCH_KEY)?;
    }
    let found = rows::not_sealed(connection, BATCH)?;
    let is_last = i64::try_from(found.len()).unwrap_or_default() < BATCH;
    reseal(connection, keyring, found)?;
    Ok(!is_last)
}

/// Seals some rows after a key with the current key that another one seals; gives the key to go on after.
///
/// # Errors
///
/// [`ServiceError::Corrupt`] when a key is missing or a text does not open; as the store.
pub fn seal_anew(
    connection: &mut Connection,
    keyring: &Keyring,
    after_key: RequestKey,
) -> ServiceResult<(usize, Option<RequestKey>)> {
    let current = keyring.current().ok_or(KeyringError::NoKey)?;
    let found = rows::not_sealed_with(connection, current, after_key, BATCH)?;
    let last = found.last().map(|last| last.request_key);
    let number = found.len();
    reseal(connection, keyring, found)?;
    Ok((number, last))
}

fn reseal(connection: &mut Connection, keyring: &Keyring, found: Vec<PlacedRequester>) -> ServiceResult<()> {
    for placed in found {
        let place = (placed.authority_id.as_str(), placed.request_id.as_str());
        let (identity, letter) = opened(keyring, place, placed.row)?;
        let row = sealed(keyring, place, (identity.as_deref(), letter.as_deref()))?;
        rows::replace(connection, placed.request_key, &row)?;
    }
    Ok(())
}

/// What becomes of the key kept in the database when it seals nothing any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoredKey {
    /// It stays: a server that was started before other keys were configured may seal with it still.
    Kept,
    /// It goes, and what is sealed with it later can never be opened.
    Forgotten,
}

/// Ends a change of keys: seals the key of the same-person test anew and forgets the marks of keys that seal nothing any
/// more. Gives the names of those keys.
///
/// # Errors
///
/// As the store.
pub fn retire_keys(
    connection: &mut Connection,
    keyring: &Keyring,
    stored_key: StoredKey,
) -> ServiceResult<Vec<String>> {
    let current = keyring.current().ok_or(KeyringError::NoKey)?.to_owned();
    if let Some(sealed) = installation::value(connection, MATCH_KEY)?
        && key_of(&sealed) != Some(current.as_str())
    {
        let key = keyring.open(of_installation(MATCH_KEY), &sealed)?;
        let anew = keyring.seal(of_installation(MATCH_KEY), &key)?;
        installation::set_value(connection, MATCH_KEY, &anew)?;
    }
    let stored = installation::value(connection, STORED_KEY)?;
    let is_stored = |key: &str| stored.as_ref().is_some_and(|stored| stored.starts_with(&format!("{key}:")));
    let mut retired = Vec::new();
    for (name, _) in installation::beginning_with(connection, CHECK)? {
        let key = name.strip_prefix(CHECK).unwrap_or_default();
        let may_go = key != current && (stored_key == StoredKey::Forgotten || !is_stored(key));
        if may_go && rows::number_sealed_with(connection, Some(key))? == 0 {
            installation::remove(connection, &name)?;
            retired.push(key.to_owned());
        }
    }
    if retired.iter().any(|key| is_stored(key)) {
        installation::remove(connection, STORED_KEY)?;
    }
    Ok(retired)
}

/// How many rows each key of these seals, and how many stand open.
///
/// # Errors
///
/// As the store.
pub fn standing(connection: &mut Connection, keyring: &Keyring) -> ServiceResult<(Vec<(String, i64)>, i64)> {
    let mut names: Vec<String> = keyring.names().map(str::to_owned).collect();
    for (name, _) in installation::beginning_with(connection, CHECK)? {
        let key = name.strip_prefix(CHECK).unwrap_or_default().to_owned();
        if !names.contains(&key) {
            names.push(key);
        }
    }
    let mut numbers = Vec::new();
    for name in names {
        let number = rows::number_sealed_with(connection, Some(&name))?;
        numbers.push((name, number));
    }
    Ok((numbers, rows::number_sealed_with(connection, None)?))
}
