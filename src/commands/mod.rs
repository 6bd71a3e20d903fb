//! The subcommands of the program. Each answers with words for a person, on standard output or standard error.

mod audit;
mod backup;
mod encryption;
mod healthcheck;
mod keys;
mod retention;

pub use self::audit::{AuditCommand, ChangeKeyArguments, VerifyArguments};
pub use self::backup::BackupArguments;
pub use self::encryption::{EncryptionCommand, SealedDatabase};
pub use self::healthcheck::HealthcheckArguments;
pub use self::keys::{ChangePlace, CreateArguments, KeysCommand, ListArguments, ListForm, RevokeArguments};
pub use self::retention::{ApplyArguments, RetentionCommand, apply as apply_retention};

use std::{
    io::{self, Write},
    path::PathBuf,
    sync::Arc,
};

use clap::{Args, Subcommand, ValueEnum};

use crate::{
    app::{self, Application, ShowKey, StartError, recalculate},
    clock::Clock,
    config::{self, DatabaseArguments, ServeArguments, Settings},
    demo, routes,
    services::{Context, Principal, calendars},
    store::{self, Store, StoreError, StoreSettings},
    telemetry,
};

/// What the program can be asked to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the API; the schema is brought up to date first.
    Serve(Box<ServeArguments>),
    /// Bring the schema of the database up to date.
    Migrate(DatabaseArguments),
    /// Print the OpenAPI document.
    Openapi(OpenapiArguments),
    /// API keys.
    Keys {
        /// What to do with them.
        #[command(subcommand)]
        command: KeysCommand,
    },
    /// The keys that seal who asked, and the letters, at rest.
    Encryption {
        /// What to do with them.
        #[command(subcommand)]
        command: EncryptionCommand,
    },
    /// The audit log.
    Audit {
        /// What to do with it.
        #[command(subcommand)]
        command: AuditCommand,
    },
    /// Bank holidays.
    Calendars {
        /// What to do with them.
        #[command(subcommand)]
        command: CalendarsCommand,
    },
    /// For how long the people of closed requests are kept.
    Retention {
        /// What to do about it.
        #[command(subcommand)]
        command: RetentionCommand,
    },
    /// Copy the SQLite file, whole and consistent, while a server runs.
    Backup(BackupArguments),
    /// Ask a running server whether it is ready; for containers.
    Healthcheck(HealthcheckArguments),
}

/// Which form of the document.
#[derive(Debug, Args)]
pub struct OpenapiArguments {
    /// The version of OpenAPI that it is written in.
    #[arg(long, value_enum, default_value = "3.1")]
    openapi_version: OpenapiVersion,
}

/// Versions of OpenAPI.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum OpenapiVersion {
    /// 3.1, which the document is written in.
    #[value(name = "3.1")]
    Current,
    /// 3.0, for generators of clients that read no later one.
    #[value(name = "3.0")]
    Older,
}

/// What can be done with bank holidays.
#[derive(Debug, Subcommand)]
pub enum CalendarsCommand {
    /// Load a GOV.UK bank-holidays file; running servers use it within 5 seconds, and open requests are recalculated.
    Load(LoadArguments),
}

/// Which file, into which database.
#[derive(Debug, Args)]
pub struct LoadArguments {
    /// The file as GOV.UK publishes it (bank-holidays.json).
    pub file: PathBuf,
    /// Where the data is.
    #[command(flatten)]
    pub database: DatabaseArguments,
}

/// Carries a subcommand out.
///
/// # Errors
///
/// Every fault, as words for a person; no secret among them.
pub async fn run(command: Command) -> Result<(), Vec<String>> {
    match command {
        Command::Serve(arguments) => serve(&arguments).await,
        Command::Migrate(arguments) => migrate(&arguments),
        Command::Openapi(arguments) => print_document(&arguments),
        Command::Audit { command } => audit::run(command).await,
        Command::Encryption { command } => encryption::run(command).await,
        Command::Keys { command } => keys::run(command).await,
        Command::Calendars { command: CalendarsCommand::Load(arguments) } => load_calendars(&arguments).await,
        Command::Healthcheck(arguments) => healthcheck::healthcheck(&arguments),
        Command::Retention { command } => retention::run(command).await,
        Command::Backup(arguments) => backup::run(&arguments),
    }
}

/// Writes faults to standard error, one a line.
pub fn complain(faults: &[String]) {
    let mut errors = io::stderr().lock();
    for fault in faults {
        // Nothing is left to complain to when standard error is gone.
        let _written = writeln!(errors, "candour: {fault}");
    }
}

pub(crate) fn say(text: &str) -> Result<(), Vec<String>> {
    let mut output = io::stdout().lock();
    output.write_all(text.as_bytes()).and_then(|()| output.flush()).map_err(|error| vec![error.to_string()])
}

fn one(fault: impl ToString) -> Vec<String> {
    vec![fault.to_string()]
}

async fn serve(arguments: &ServeArguments) -> Result<(), Vec<String>> {
    let settings = Settings::check(arguments)?;
    telemetry::start_logging(&arguments.log, settings.log_format);
    telemetry::hide_panic_texts();
    if arguments.demo {
        return demo::serve(arguments, settings).await;
    }
    let show_key = if arguments.print_key { ShowKey::Always } else { ShowKey::OnTerminal };
    let application = Application::build(&settings, Clock::system(), show_key).await.map_err(one)?;
    if let Some(key) = &application.new_key {
        say(&format!("bootstrap key, shown once: {key}\n"))?;
    }
    announce_and_run(application, settings.database.backend().name()).await
}

/// One line when ready, then until a signal comes.
pub(crate) async fn announce_and_run(application: Application, backend: &str) -> Result<(), Vec<String>> {
    let address = application.address().map_err(one)?;
    let scheme = application.scheme();
    // Who reads that the server is ready may stop it at once: the signals are listened for before that.
    let stop = stop_signal().map_err(one)?;
    say(&format!("candour {} is ready on {scheme}://{address} with {backend}\n", env!("CARGO_PKG_VERSION")))?;
    application.run(stop).await.map_err(|error: StartError| one(error))
}

/// Listens for SIGTERM and Ctrl-C from now on; what it gives is done when one of them comes.
#[cfg(unix)]
fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

/// Ctrl-C; what it gives is done when it comes.
#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "elsewhere listening for signals may fail")]
fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    Ok(async { drop(tokio::signal::ctrl_c().await) })
}

fn migrate(arguments: &DatabaseArguments) -> Result<(), Vec<String>> {
    let mut faults = Vec::new();
    let Some(url) = config::database(&arguments.database_url, &mut faults) else { return Err(faults) };
    let applied = store::migrate(&url).map_err(one)?;
    let words = if applied.is_empty() {
        "the schema is up to date\n".to_owned()
    } else {
        format!("applied: {}\n", applied.join(", "))
    };
    say(&words)
}

fn print_document(arguments: &OpenapiArguments) -> Result<(), Vec<String>> {
    let text = match arguments.openapi_version {
        OpenapiVersion::Current => routes::document_text(),
        OpenapiVersion::Older => routes::older_document_text(),
    };
    say(&text.map_err(one)?)
}

async fn load_calendars(arguments: &LoadArguments) -> Result<(), Vec<String>> {
    let mut faults = Vec::new();
    let Some(url) = config::database(&arguments.database.database_url, &mut faults) else { return Err(faults) };
    let document = std::fs::read_to_string(&arguments.file)
        .map_err(|error| vec![format!("{}: {error}", arguments.file.display())])?;
    store::migrate(&url).map_err(one)?;
    let settings = StoreSettings { readers: 1, writers: 1, ..StoreSettings::default() };
    let store = Store::open(&url, settings).map_err(one)?;
    let clock = Clock::system();
    let now = clock.now().0;
    let loaded = store
        .write(move |connection| Ok::<_, StoreError>(calendars::load(connection, &document, now)))
        .await
        .map_err(one)?;
    let calendars = loaded?.map_err(one)?;
    let version = calendars.version().to_owned();
    app::go_on_from_last_change(&store, &clock).await.map_err(one)?;
    let principal = Principal::unlimited("calendars");
    let context = move || Context::of(&principal, clock.instant_of_change(), clock.today(), Arc::clone(&calendars));
    recalculate(&store, context).await.map_err(one)?;
    store.close();
    say(&format!("bank holidays {version} are in use\n"))
}
