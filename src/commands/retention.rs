//! `candour retention`: the authorities' rules for how long the people of closed requests are kept, applied.

use std::{path::PathBuf, sync::Arc};

use clap::{Args, Subcommand};

use super::{one, say};
use crate::{
    app, audit_keys,
    clock::Clock,
    config::{self, DatabaseArguments},
    services::{Context, Principal, ServiceError, calendars, retention},
    store::{self, Store, StoreSettings},
};

/// What can be done with retention rules.
#[derive(Debug, Subcommand)]
pub enum RetentionCommand {
    /// Erase the people of every request whose time is over, one line each; servers may run. To be called once a day.
    Apply(ApplyArguments),
}

/// Which rules, and how.
#[derive(Debug, Args)]
pub struct ApplyArguments {
    /// Only tell what would be erased.
    #[arg(long)]
    pub dry_run: bool,
    /// Only the authority with this id.
    #[arg(long)]
    pub authority: Option<String>,
    /// A file with 64 hexadecimal digits, the key that signs checkpoints of the audit log, as the server has it.
    #[arg(long, env = "CANDOUR_AUDIT_KEY_FILE")]
    pub audit_key_file: Option<PathBuf>,
    /// Where the data is.
    #[command(flatten)]
    pub database: DatabaseArguments,
}

/// Carries a subcommand out.
///
/// # Errors
///
/// Every fault, as words for a person.
pub async fn run(command: RetentionCommand) -> Result<(), Vec<String>> {
    let RetentionCommand::Apply(arguments) = command;
    let mut faults = Vec::new();
    let Some(url) = config::database(&arguments.database.database_url, &mut faults) else { return Err(faults) };
    store::migrate(&url).map_err(one)?;
    let settings = StoreSettings { readers: 1, writers: 1, ..StoreSettings::default() };
    let store = Store::open(&url, settings).map_err(one)?;
    let outcome = apply(&store, &arguments, Clock::system()).await;
    store.close();
    outcome
}

/// Applies the rules of every authority, or of the one named; says on standard output what was done.
///
/// # Errors
///
/// As words for a person.
pub async fn apply(store: &Store, arguments: &ApplyArguments, clock: Clock) -> Result<(), Vec<String>> {
    let failed = |error: ServiceError| match error {
        ServiceError::NotFound => one("there is no authority with this id"),
        error => one(error),
    };
    let seal = if arguments.dry_run {
        None
    } else {
        Some(audit_keys::of_command(arguments.audit_key_file.as_deref(), store).await.map_err(one)?)
    };
    app::go_on_from_last_change(store, &clock).await.map_err(one)?;
    let calendars = store.read(calendars::in_use).await.map_err(failed)?.0;
    let principal = Principal::unlimited("command:retention");
    let (wanted, scope) = (arguments.authority.clone(), principal.scope.clone());
    let rules =
        store.read(move |connection| retention::rules(connection, &scope, wanted.as_deref())).await.map_err(failed)?;
    let (mut erased, mut on_hold) = (0, 0);
    for authority in rules {
        let mut after = None;
        loop {
            let (rules, seal, principal, clock, calendars) =
                (authority.clone(), seal.clone(), principal.clone(), clock.clone(), Arc::clone(&calendars));
            let batch = store
                .write(move |connection| {
                    // The instant of the erasure is taken once nobody else can commit a later one before it.
                    let context = Context::of(&principal, clock.instant_of_change(), clock.today(), calendars);
                    retention::apply(connection, &context, &rules, after, seal.as_ref())
                })
                .await
                .map_err(failed)?;
            for due in &batch.due {
                say(&format!("{}  {}  {}  {}\n", authority.authority_id, due.id, due.outcome, due.ended_on))?;
            }
            erased += batch.due.len();
            on_hold += batch.on_hold;
            after = batch.after;
            if after.is_none() {
                break;
            }
        }
    }
    let done = if arguments.dry_run { "would be erased" } else { "erased" };
    say(&format!("{done}: {erased}; under legal hold: {on_hold}\n"))
}
