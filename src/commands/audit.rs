//! `candour audit verify`: an exported log checked on any machine, without a database.

use std::{
    fs::File,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
};

use clap::{Args, Subcommand};

use super::{one, say};
use crate::casework::audit::{AuditCheckpoint, AuditHeader, AuditLine, ChainCheck};

/// What can be done with an exported log.
#[derive(Debug, Subcommand)]
pub enum AuditCommand {
    /// Check that an exported log is as it was written; no database is needed.
    Verify(VerifyArguments),
}

/// Which log, against what.
#[derive(Debug, Args)]
pub struct VerifyArguments {
    /// The file, as `GET /v1/audit-entries/export` gives it.
    pub file: PathBuf,
    /// The public key of the installation, in hexadecimal digits, as it was noted before; else the one in the file.
    #[arg(long)]
    pub public_key: Option<String>,
    /// An earlier export of the same log: its checkpoints must hold for this one.
    #[arg(long)]
    pub against: Vec<PathBuf>,
}

/// Carries a subcommand out.
///
/// # Errors
///
/// Everything that is not as it was written, one fault a line; or why the file could not be read.
pub fn run(command: AuditCommand) -> Result<(), Vec<String>> {
    match command {
        AuditCommand::Verify(arguments) => verify(&arguments),
    }
}

fn verify(arguments: &VerifyArguments) -> Result<(), Vec<String>> {
    let Outline { header, mut checkpoints, mut altered } = outline(&arguments.file)?;
    for earlier in &arguments.against {
        let earlier = outline(earlier)?;
        checkpoints.extend(earlier.checkpoints);
        altered.extend(earlier.altered);
    }
    let public_key = arguments.public_key.clone().unwrap_or_else(|| header.public_key.clone());
    let number = checkpoints.len();
    let mut check = ChainCheck::new(&header.authority_id, &public_key, checkpoints);
    for seq in altered {
        check.forged_checkpoint(seq);
    }
    each_line(&arguments.file, |line| match line {
        AuditLine::Entry(entry) => check.exported(&entry),
        AuditLine::AlteredEntry(entry) => check.altered(&entry),
        AuditLine::Header(_) | AuditLine::Checkpoint(_) | AuditLine::AlteredCheckpoint(_) => {}
    })?;
    let (entries, faults) = check.finish(None);
    if faults.is_empty() {
        let id = header.authority_id;
        return say(&format!("intact: {entries} entries of authority {id}, {number} checkpoints\n"));
    }
    Err(faults.iter().map(|fault| format!("entry {}: {}", fault.seq, fault.kind)).collect())
}

/// Whose log it is, its checkpoints, and where something stands in the place of one.
struct Outline {
    header: AuditHeader,
    checkpoints: Vec<AuditCheckpoint>,
    altered: Vec<i64>,
}

fn outline(file: &Path) -> Result<Outline, Vec<String>> {
    let mut header = None;
    let (mut checkpoints, mut altered) = (Vec::new(), Vec::new());
    each_line(file, |line| match line {
        AuditLine::Header(found) => header = Some(found),
        AuditLine::Checkpoint(checkpoint) => checkpoints.push(checkpoint),
        AuditLine::AlteredCheckpoint(checkpoint) => altered.push(checkpoint.seq),
        AuditLine::Entry(_) | AuditLine::AlteredEntry(_) => {}
    })?;
    let header = header.ok_or_else(|| one(format!("{}: does not say whose log it is", file.display())))?;
    Ok(Outline { header, checkpoints, altered })
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
