//! `candour audit`: an exported log checked on any machine, without a database; and the key of the log changed on that of the
//! database.

use std::{
    fs::File,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    sync::Arc,
};

use clap::{Args, Subcommand};

use super::{
    keys::{open, told},
    one, say,
};
use crate::{
    app::{self, StartError},
    audit_keys,
    casework::audit::{AuditHeader, AuditLine, AuditOperation, AuditSeal, AuditSeals, AuditSuccession, ChainCheck},
    clock::Clock,
    config::DatabaseArguments,
    law::calendar::Calendars,
    services::{Context, Principal, audit::Call},
    store::Store,
};

/// What can be done with the audit log.
#[derive(Debug, Subcommand)]
pub enum AuditCommand {
    /// Check that an exported log is as it was written; no database is needed.
    Verify(VerifyArguments),
    /// Make a key the successor of the one that signs checkpoints; both sign that it is. Stop every server first, and start
    /// it with the new key.
    ChangeKey(ChangeKeyArguments),
}

/// Which key in the place of which.
#[derive(Debug, Args)]
pub struct ChangeKeyArguments {
    /// A file with 64 hexadecimal digits, the key that signs until now; the one in the database when absent.
    #[arg(long)]
    pub old_key_file: Option<PathBuf>,
    /// The same with the key that signs from now on, which `CANDOUR_AUDIT_KEY_FILE` names to servers and commands then.
    #[arg(long)]
    pub new_key_file: PathBuf,
    /// Where the data is.
    #[command(flatten)]
    pub database: DatabaseArguments,
}

/// Which log, against what.
#[derive(Debug, Args)]
pub struct VerifyArguments {
    /// The file, as `GET /v1/audit-entries/export` gives it.
    pub file: PathBuf,
    /// The public key of the installation, in hexadecimal digits, as it was noted before; else the one in the file.
    #[arg(long)]
    pub public_key: Option<String>,
    /// Go on from that key to those that took its place by its own word: for who noted only an earlier one.
    #[arg(long)]
    pub follow_successions: bool,
    /// An earlier export of the same log: its checkpoints must hold for this one.
    #[arg(long)]
    pub against: Vec<PathBuf>,
}

/// Carries a subcommand out.
///
/// # Errors
///
/// Everything that is not as it was written, one fault a line; or why the file could not be read.
pub async fn run(command: AuditCommand) -> Result<(), Vec<String>> {
    match command {
        AuditCommand::Verify(arguments) => verify(&arguments),
        AuditCommand::ChangeKey(arguments) => change_key(&arguments).await,
    }
}

async fn change_key(arguments: &ChangeKeyArguments) -> Result<(), Vec<String>> {
    let old = arguments.old_key_file.as_deref().map(key_in).transpose();
    let (old, new) = match (old, key_in(&arguments.new_key_file)) {
        (Ok(old), Ok(new)) => (old, new),
        (old, new) => return Err(old.err().into_iter().chain(new.err()).collect()),
    };
    let store = open(&arguments.database)?;
    let outcome = change_key_in(&store, old, new).await;
    store.close();
    outcome
}

fn key_in(file: &Path) -> Result<AuditSeal, String> {
    audit_keys::from_file(file).map_err(|error| match error {
        StartError::AuditKey(detail) => detail,
        other => other.to_string(),
    })
}

async fn change_key_in(store: &Store, old: Option<AuditSeal>, new: AuditSeal) -> Result<(), Vec<String>> {
    let public_key = new.public_key();
    let clock = Clock::system();
    app::go_on_from_last_change(store, &clock).await.map_err(one)?;
    let call = Call::of_command(AuditOperation::Alteration, "change_audit_key", "/v1/audit-entries".to_owned());
    let changed = store.write(move |connection| {
        let calendars = Arc::new(Calendars::embedded().clone());
        let principal = Principal::unlimited("command:audit");
        let context = Context::of(&principal, clock.instant_of_change(), clock.today(), calendars);
        let context = Context { call: Some(Arc::new(call)), ..context };
        audit_keys::change(connection, &context, old, &new)
    });
    let logs = changed.await.map_err(told)?;
    say(&format!("{logs} audit logs go on with the key {public_key}; start servers with it\n"))
}

fn verify(arguments: &VerifyArguments) -> Result<(), Vec<String>> {
    let mut whole = outline(&arguments.file)?;
    for earlier in &arguments.against {
        whole.add(outline(earlier)?);
    }
    let Outline { header, seals, altered_checkpoints, altered_successions } = whole;
    let AuditHeader { authority_id, public_key } = header;
    let mut public_key = arguments.public_key.clone().unwrap_or(public_key);
    if arguments.follow_successions {
        public_key = AuditSuccession::newest_after(&public_key, &authority_id, &seals.successions);
    }
    let number = seals.checkpoints.len();
    let mut check = ChainCheck::new(&authority_id, &public_key, seals);
    for seq in altered_checkpoints {
        check.forged_checkpoint(seq);
    }
    for seq in altered_successions {
        check.forged_succession(seq);
    }
    each_line(&arguments.file, |line| match line {
        AuditLine::Entry(entry) => check.exported(&entry),
        AuditLine::AlteredEntry(entry) => check.altered(&entry),
        AuditLine::Header(_)
        | AuditLine::Checkpoint(_)
        | AuditLine::Succession(_)
        | AuditLine::AlteredCheckpoint(_)
        | AuditLine::AlteredSuccession(_) => {}
    })?;
    let (entries, faults) = check.finish(None);
    if faults.is_empty() {
        let words = format!("intact: {entries} entries of authority {authority_id}, {number} checkpoints");
        return say(&format!("{words}, by the key {public_key}\n"));
    }
    Err(faults.iter().map(|fault| format!("entry {}: {}", fault.seq, fault.kind)).collect())
}

/// Whose log it is, what signs it, and where something stands in the place of that.
struct Outline {
    header: AuditHeader,
    seals: AuditSeals,
    altered_checkpoints: Vec<i64>,
    altered_successions: Vec<i64>,
}

impl Outline {
    /// Adds what signs an earlier export.
    fn add(&mut self, earlier: Self) {
        self.seals.checkpoints.extend(earlier.seals.checkpoints);
        self.seals.successions.extend(earlier.seals.successions);
        self.altered_checkpoints.extend(earlier.altered_checkpoints);
        self.altered_successions.extend(earlier.altered_successions);
    }
}

fn outline(file: &Path) -> Result<Outline, Vec<String>> {
    let mut header = None;
    let mut seals = AuditSeals::default();
    let (mut altered_checkpoints, mut altered_successions) = (Vec::new(), Vec::new());
    each_line(file, |line| match line {
        AuditLine::Header(found) => header = Some(found),
        AuditLine::Checkpoint(checkpoint) => seals.checkpoints.push(checkpoint),
        AuditLine::Succession(succession) => seals.successions.push(succession),
        AuditLine::AlteredCheckpoint(altered) => altered_checkpoints.push(altered.seq),
        AuditLine::AlteredSuccession(altered) => altered_successions.push(altered.seq),
        AuditLine::Entry(_) | AuditLine::AlteredEntry(_) => {}
    })?;
    let header = header.ok_or_else(|| one(format!("{}: does not say whose log it is", file.display())))?;
    Ok(Outline { header, seals, altered_checkpoints, altered_successions })
}

fn each_line(file: &Path, mut take: impl FnMut(AuditLine)) -> Result<(), Vec<String>> {
    let name = file.display();
    let lines = BufReader::new(File::open(file).map_err(|error| one(format!("{name}: {error}")))?).lines();
    for (line, number) in lines.zip(1..) {
        let text = line.map_err(|error| one(format!("{name}: {error}")))?;
        take(serde_json::from_str(&text).map_err(|error| one(format!("{name}, line {number}: {error}")))?);
    }
    Ok(())
}
