//! `candour encryption`: keys made, counted and changed, while servers run.

use std::sync::Arc;

use clap::{Args, Subcommand};

use super::{one, say};
use crate::{
    config::{self, DatabaseArguments},
    encryption_keys::{self, EncryptionArguments},
    services::{
        ServiceError,
        encryption::{self, StoredKey},
        keyring::Keyring,
    },
    store::{self, RequestKey, Store, StoreSettings},
};

/// What can be done with encryption keys.
#[derive(Debug, Subcommand)]
pub enum EncryptionCommand {
    /// Print a new key, as a line for the file of keys.
    NewKey,
    /// Say how many requests each key seals who asked of.
    Status(SealedDatabase),
    /// Seal everything with the first key, a batch at a time while servers run, so that older keys can go.
    Reencrypt {
        /// What is sealed.
        #[command(flatten)]
        database: SealedDatabase,
        /// Remove the key kept in the database as well, once it seals nothing. Only when no server runs any more that was
        /// started without the configured keys: it would go on sealing with that key.
        #[arg(long)]
        forget_stored_key: bool,
    },
}

/// Which database, with which keys.
#[derive(Debug, Args)]
pub struct SealedDatabase {
    /// Where the data is.
    #[command(flatten)]
    pub database: DatabaseArguments,
    /// Its keys.
    #[command(flatten)]
    pub encryption: EncryptionArguments,
}

impl SealedDatabase {
    /// Opens the database and the keys that fit it.
    pub(super) async fn open(&self) -> Result<(Store, Arc<Keyring>), Vec<String>> {
        let mut faults = Vec::new();
        let url = config::database(&self.database.database_url, &mut faults);
        let configured = self.encryption.check(&mut faults);
        let Some(url) = url.filter(|_| faults.is_empty()) else { return Err(faults) };
        store::migrate(&url).map_err(one)?;
        let settings = StoreSettings { readers: 1, writers: 1, ..StoreSettings::default() };
        let store = Store::open(&url, settings).map_err(one)?;
        let keyring = encryption_keys::keyring(configured.as_ref(), &url, &store).await.map_err(one)?;
        Ok((store, Arc::new(keyring)))
    }
}

/// Carries a subcommand out.
///
/// # Errors
///
/// Every fault, as words for a person; no key among them.
pub async fn run(command: EncryptionCommand) -> Result<(), Vec<String>> {
    match command {
        EncryptionCommand::NewKey => say(&format!("{}\n", Keyring::new_key())),
        EncryptionCommand::Status(database) => {
            let (store, keyring) = database.open().await?;
            let outcome = status(&store, keyring).await;
            store.close();
            outcome
        }
        EncryptionCommand::Reencrypt { database, forget_stored_key } => {
            let (store, keyring) = database.open().await?;
            let stored = if forget_stored_key { StoredKey::Forgotten } else { StoredKey::Kept };
            let outcome = reencrypt(&store, &keyring, stored).await;
            store.close();
            outcome
        }
    }
}

async fn status(store: &Store, keyring: Arc<Keyring>) -> Result<(), Vec<String>> {
    let current = keyring.current().unwrap_or_default().to_owned();
    let (numbers, open) =
        store.read(move |connection| encryption::standing(connection, &keyring)).await.map_err(one)?;
    for (name, number) in numbers {
        let mark = if name == current { "  (seals)" } else { "" };
        say(&format!("{name}  {number}{mark}\n"))?;
    }
    if open > 0 {
        say(&format!("not sealed  {open}\n"))?;
    }
    Ok(())
}

async fn reencrypt(store: &Store, keyring: &Arc<Keyring>, stored: StoredKey) -> Result<(), Vec<String>> {
    let mut after = Some(RequestKey::NONE);
    let mut all = 0;
    while let Some(key) = after {
        let shared = Arc::clone(keyring);
        let sealed = store.write(move |connection| encryption::seal_anew(connection, &shared, key)).await;
        let (number, last) = sealed.map_err(|error: ServiceError| one(error))?;
        all += number;
        after = last;
    }
    let shared = Arc::clone(keyring);
    let retired =
        store.write(move |connection| encryption::retire_keys(connection, &shared, stored)).await.map_err(one)?;
    let current = keyring.current().unwrap_or_default();
    say(&format!("sealed with {current}: {all}\n"))?;
    for name in retired {
        say(&format!("no longer needed: {name}\n"))?;
    }
    Ok(())
}
