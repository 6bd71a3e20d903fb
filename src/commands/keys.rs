//! `candour keys`: API keys made, listed and revoked on the machine of the database, without a running server.

use std::{path::PathBuf, sync::Arc};

use clap::{Args, Subcommand, ValueEnum};

use super::{one, say};
use crate::{
    app, audit_keys,
    casework::{
        api_key::{ApiKey, CredentialKind, NewApiKey},
        audit::AuditOperation,
        scope::Scope,
    },
    clock::Clock,
    config::{self, DatabaseArguments},
    law::calendar::Calendars,
    services::{
        Context, Principal, ServiceError, ServiceResult, api_keys,
        audit::{self, Call, NewEntry},
        key_text::KeyText,
    },
    store::{self, Connection, Store, StoreSettings},
};

/// How many keys one query lists.
const PAGE: i64 = 200;

/// What can be done with API keys.
#[derive(Debug, Subcommand)]
pub enum KeysCommand {
    /// Make a key and print it, once.
    Create(CreateArguments),
    /// List keys, without the keys themselves.
    List(ListArguments),
    /// Revoke a key; running servers refuse it within two seconds.
    Revoke(RevokeArguments),
}

/// What the key is to be.
#[derive(Debug, Args)]
pub struct CreateArguments {
    /// What it is for, or whose it is.
    #[arg(long)]
    pub name: String,
    /// `person` or `system`.
    #[arg(long)]
    pub kind: String,
    /// What it opens, separated by commas: `requests:read,requests:write`.
    #[arg(long, value_delimiter = ',', required = true)]
    pub scopes: Vec<String>,
    /// The id of the authority it is for; several for several. May be left out where there is only one, or for `operator`.
    #[arg(long = "authority")]
    pub authorities: Vec<String>,
    /// Its last day, at most 366 days from today: `2026-12-31`.
    #[arg(long)]
    pub expires_on: String,
    /// Where it is made.
    #[command(flatten)]
    pub place: ChangePlace,
}

/// Which keys.
#[derive(Debug, Args)]
pub struct ListArguments {
    /// Only those of the authority with this id.
    #[arg(long)]
    pub authority: Option<String>,
    /// How they are written.
    #[arg(long, value_enum, default_value = "text")]
    pub format: ListForm,
    /// Where they are listed.
    #[command(flatten)]
    pub place: ChangePlace,
}

/// How a list is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ListForm {
    /// One line a key, for people.
    Text,
    /// One JSON object a line.
    Json,
}

/// Which key.
#[derive(Debug, Args)]
pub struct RevokeArguments {
    /// Its id, as listed.
    pub id: String,
    /// Where it is revoked.
    #[command(flatten)]
    pub place: ChangePlace,
}

/// Where keys are changed or listed, and what signs that they were.
#[derive(Debug, Args)]
pub struct ChangePlace {
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
pub async fn run(command: KeysCommand) -> Result<(), Vec<String>> {
    match command {
        KeysCommand::Create(arguments) => create(arguments).await,
        KeysCommand::List(arguments) => list(arguments).await,
        KeysCommand::Revoke(arguments) => revoke(arguments).await,
    }
}

async fn create(arguments: CreateArguments) -> Result<(), Vec<String>> {
    let new = wanted(&arguments)?;
    let faults = new.faults(Clock::system().today());
    if !faults.is_empty() {
        return Err(words(faults));
    }
    let (text, kept) = KeyText::make();
    let call = Call::of_command(AuditOperation::Alteration, "create_api_key", "/v1/api-keys".to_owned());
    let made =
        change(&arguments.place, call, move |connection, context| api_keys::create(connection, context, &new, &kept));
    let made = made.await?;
    say(&format!("{text}\n"))?;
    say(&format!("the key {} is shown once; its id is {}, its last day {}\n", made.prefix, made.id, made.expires_on))
}

/// Reads the arguments, with all their faults at once.
fn wanted(arguments: &CreateArguments) -> Result<NewApiKey, Vec<String>> {
    let mut faults = Vec::new();
    let mut note = |name: &str, detail: String| faults.push(format!("{name}: {detail}"));
    let name = arguments.name.parse().map_err(|fault| note("--name", format!("{fault}"))).ok();
    let kind: Option<CredentialKind> = arguments.kind.parse().map_err(|fault| note("--kind", format!("{fault}"))).ok();
    let expires_on = arguments.expires_on.parse().map_err(|fault| note("--expires-on", format!("{fault}"))).ok();
    let mut scopes: Vec<Scope> = Vec::new();
    for scope in &arguments.scopes {
        match scope.trim().parse() {
            Ok(scope) => scopes.push(scope),
            Err(fault) => note("--scopes", format!("{scope}: {fault}")),
        }
    }
    let mut authorities = Vec::new();
    for authority in &arguments.authorities {
        match authority.parse() {
            Ok(id) => authorities.push(id),
            Err(fault) => note("--authority", format!("{fault}")),
        }
    }
    let mut authorities = authorities.into_iter();
    match (name, kind, expires_on) {
        (Some(name), Some(kind), Some(expires_on)) if faults.is_empty() => Ok(NewApiKey {
            authority_id: authorities.next(),
            further_authority_ids: authorities.collect(),
            name,
            kind,
            scopes,
            expires_on,
        }),
        _ => Err(faults),
    }
}

/// Lists keys once the audit log tells that it did, as of a call over HTTP.
async fn list(arguments: ListArguments) -> Result<(), Vec<String>> {
    let ListArguments { authority, format, place } = arguments;
    let call = Call {
        authority_id: authority.clone(),
        ..Call::of_command(AuditOperation::Consultation, "list_api_keys", "/v1/api-keys".to_owned())
    };
    let keys = change(&place, call, move |connection, context| list_all(connection, context, authority.as_deref()));
    let lines = keys.await?.iter().map(|key| written(key, format)).collect::<Result<String, _>>()?;
    say(&lines)
}

fn list_all(connection: &mut Connection, context: &Context, authority: Option<&str>) -> ServiceResult<Vec<ApiKey>> {
    let mut all: Vec<ApiKey> = Vec::new();
    loop {
        let after = all.last().map(|last| last.id.clone());
        let (keys, more) = api_keys::list(connection, &context.scope, authority, after.as_deref(), PAGE)?;
        for key in &keys {
            api_keys::log_for(context, key);
        }
        all.extend(keys);
        if !more {
            return Ok(all);
        }
    }
}

fn written(key: &ApiKey, form: ListForm) -> Result<String, Vec<String>> {
    if form == ListForm::Json {
        return Ok(serde_json::to_string(key).map_err(one)? + "\n");
    }
    let scopes: Vec<&str> = key.scopes.iter().map(|scope| scope.as_str()).collect();
    let state = match &key.revoked_at {
        Some(at) => format!("revoked {at}"),
        None => format!("until {}", key.expires_on),
    };
    Ok(format!("{}  {}  {}  {}  {}  {}\n", key.id, key.prefix, key.kind, state, scopes.join(","), key.name))
}

async fn revoke(arguments: RevokeArguments) -> Result<(), Vec<String>> {
    let id = arguments.id.clone();
    let call = Call::of_command(AuditOperation::Alteration, "revoke_api_key", format!("/v1/api-keys/{id}"));
    let revoked = change(&arguments.place, call, move |connection, context| {
        api_keys::revoke(connection, context, &id, &|_| true)
    });
    revoked.await?;
    say(&format!("the key {} is revoked\n", arguments.id))
}

/// The database named, brought up to date.
pub(super) fn open(database: &DatabaseArguments) -> Result<Store, Vec<String>> {
    let mut faults = Vec::new();
    let Some(url) = config::database(&database.database_url, &mut faults) else { return Err(faults) };
    store::migrate(&url).map_err(one)?;
    let settings = StoreSettings { readers: 1, writers: 1, ..StoreSettings::default() };
    Store::open(&url, settings).map_err(one)
}

/// Carries a change or a listing out on the database named, as one transaction with its entry in the audit log.
async fn change<T: Send + 'static>(
    place: &ChangePlace,
    call: Call,
    use_case: impl FnOnce(&mut Connection, &Context) -> ServiceResult<T> + Send + 'static,
) -> Result<T, Vec<String>> {
    let store = open(&place.database)?;
    let outcome = change_in(&store, place, call, use_case).await;
    store.close();
    outcome
}

async fn change_in<T: Send + 'static>(
    store: &Store,
    place: &ChangePlace,
    call: Call,
    use_case: impl FnOnce(&mut Connection, &Context) -> ServiceResult<T> + Send + 'static,
) -> Result<T, Vec<String>> {
    let seal = audit_keys::of_command(place.audit_key_file.as_deref(), store).await.map_err(one)?;
    let clock = Clock::system();
    app::go_on_from_last_change(store, &clock).await.map_err(one)?;
    let principal = Principal::unlimited("command:keys");
    let outcome = store.write(move |connection| {
        let calendars = Arc::new(Calendars::embedded().clone());
        let context = Context::of(&principal, clock.instant_of_change(), clock.today(), calendars);
        let context = Context { call: Some(Arc::new(call)), ..context };
        let done = use_case(connection, &context)?;
        audit::record(connection, NewEntry::of(&context), &seal)?;
        Ok(done)
    });
    outcome.await.map_err(told)
}

/// A fault in words for a person.
pub(super) fn told(error: ServiceError) -> Vec<String> {
    match error {
        ServiceError::NotFound => one("there is nothing with this id"),
        ServiceError::Invalid(faults) => words(faults),
        ServiceError::InsufficientScope(detail) | ServiceError::NotPossible(detail) => one(detail),
        error => one(error),
    }
}

fn words(faults: Vec<crate::fault::Fault>) -> Vec<String> {
    faults.into_iter().map(|fault| format!("{}: {}", fault.pointer.trim_start_matches('/'), fault.detail)).collect()
}
