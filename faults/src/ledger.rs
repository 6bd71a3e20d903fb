//! What a client knows for itself: each write is in a file, on disk, before it is sent; its outcome stands there when an
//! answer came. A write without an outcome is unknown, whatever stopped the answer.

use std::{
    collections::BTreeMap,
    fs::{File, OpenOptions},
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::{Result, client::Answer};

/// What a write does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    Request,
    Question,
    QuestionAnswer,
    Letter,
    Subject,
    Read,
}

/// A call that is about to be sent.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Intent {
    pub number: u64,
    pub kind: Kind,
    /// The request it belongs to; empty for a new one.
    pub request: String,
    pub path: String,
    /// The `Idempotency-Key` of a POST.
    pub key: Option<String>,
    /// The `X-Request-Id`, which the audit log has as `call_id`.
    pub call_id: String,
    /// A text that no other call has, and that the service must show again.
    pub token: String,
    pub body: Value,
}

/// What became of a call, as far as its sender was told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    Done {
        id: String,
    },
    /// Refused, with the promise that nothing was written.
    Refused {
        status: u16,
        code: String,
    },
    /// Answered, but not with what became of it.
    Unclear {
        status: u16,
        code: String,
    },
    Unknown,
}

#[derive(Serialize, Deserialize)]
enum Line {
    Intent(Intent),
    Outcome { number: u64, outcome: Outcome },
}

/// A call and what became of it.
#[derive(Debug, Clone)]
pub struct Entry {
    pub intent: Intent,
    pub outcome: Outcome,
    /// No answer came, and a repeat has told since.
    pub was_settled: bool,
}

impl Entry {
    pub fn id(&self) -> Option<&str> {
        match &self.outcome {
            Outcome::Done { id } => Some(id),
            _ => None,
        }
    }

    /// Whether its sender cannot know if it happened.
    pub fn is_unknown(&self) -> bool {
        matches!(self.outcome, Outcome::Unknown | Outcome::Unclear { .. })
    }
}

/// The file of one sender.
pub struct Ledger {
    path: PathBuf,
    file: File,
    next: u64,
}

impl Ledger {
    pub fn create(folder: &Path) -> Result<Self> {
        let path = folder.join(format!("{}.ledger", Uuid::new_v4().simple()));
        let file = OpenOptions::new().create_new(true).append(true).open(&path)?;
        Ok(Self { path, file, next: 1 })
    }

    pub fn path(&self) -> PathBuf {
        self.path.clone()
    }

    /// Writes down what is about to be sent, and waits for the disk.
    pub fn intend(&mut self, kind: Kind, request: &str, path: String, body: Value, token: String) -> Result<Intent> {
        let is_post = !matches!(kind, Kind::Subject | Kind::Read);
        let intent = Intent {
            number: self.next,
            kind,
            request: request.to_owned(),
            path,
            key: is_post.then(|| Uuid::new_v4().to_string()),
            call_id: Uuid::new_v4().to_string(),
            token,
            body,
        };
        self.next += 1;
        self.write(&Line::Intent(intent.clone()))?;
        if kind != Kind::Read {
            self.file.sync_data()?;
        }
        Ok(intent)
    }

    /// Writes down what came of it; without an answer it is unknown.
    pub fn conclude(&mut self, intent: &Intent, answer: Option<&Answer>) -> Result<Outcome> {
        let outcome = match answer {
            Some(answer) => outcome_of(intent, answer)?,
            None => Outcome::Unknown,
        };
        if outcome != Outcome::Unknown {
            self.write(&Line::Outcome { number: intent.number, outcome: outcome.clone() })?;
        }
        Ok(outcome)
    }

    fn write(&mut self, line: &Line) -> Result<()> {
        let mut text = serde_json::to_vec(line)?;
        text.push(b'\n');
        Ok(self.file.write_all(&text)?)
    }
}

fn outcome_of(intent: &Intent, answer: &Answer) -> Result<Outcome> {
    Ok(match (answer.status, answer.code()) {
        (200 | 201, _) if intent.kind == Kind::Read => Outcome::Done { id: String::new() },
        (200 | 201, _) => Outcome::Done { id: answer.id()? },
        // docs/status-codes.md: after these it is unknown whether the write is stored.
        (status @ 500, code) | (status @ 503, code @ "database-unavailable") => {
            Outcome::Unclear { status, code: code.to_owned() }
        }
        (status, code) => Outcome::Refused { status, code: code.to_owned() },
    })
}

/// What the files of several senders say, read back from the disk.
pub fn read(paths: &[PathBuf]) -> Result<Vec<Entry>> {
    let mut all = Vec::new();
    for path in paths {
        let mut entries = BTreeMap::new();
        for line in BufReader::new(File::open(path)?).lines() {
            match serde_json::from_str(&line?)? {
                Line::Intent(intent) => {
                    entries.insert(intent.number, Entry { intent, outcome: Outcome::Unknown, was_settled: false });
                }
                Line::Outcome { number, outcome } => {
                    entries.get_mut(&number).ok_or("an outcome without its call")?.outcome = outcome;
                }
            }
        }
        all.extend(entries.into_values());
    }
    Ok(all)
}
