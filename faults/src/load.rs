//! Mixed work as a case system does it: new requests, questions and their answers, letters, changes, and reads between.

use std::{
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    Result,
    client::{Answer, Call, Client},
    ledger::{Intent, Kind, Ledger, Outcome},
};

/// How many connections send at once.
pub const CONNECTIONS: usize = 8;

/// How long the senders may take for what a scenario waits for.
const PATIENCE: Duration = Duration::from_mins(1);

/// An authority of its own for a round, and the key with which its senders call.
#[derive(Clone)]
pub struct Desk {
    pub authority: String,
    pub key: String,
}

impl Desk {
    /// Makes the authority and the key; `operator` holds the key of the installation.
    pub fn open(operator: &Client) -> Result<Self> {
        let name = format!("Authority {}", Uuid::new_v4().simple());
        let authority = operator.post("/v1/authorities", &json!({"name": name, "nation": "england"}))?.expect(201)?;
        let authority = authority["id"].as_str().ok_or("an authority without an id")?.to_owned();
        let wanted = json!({"authority_id": authority, "name": "Senders", "kind": "person", "expires_on": last_day(operator)?,
            "scopes": ["requests:read", "requests:write", "responses:write", "ncnd:read"]});
        let key = operator.post("/v1/api-keys", &wanted)?.expect(201)?;
        Ok(Self { authority, key: key["key"].as_str().ok_or("a key without its text")?.to_owned() })
    }
}

/// The first of the month after next, by the server's own clock: a key that lasts for the run.
fn last_day(operator: &Client) -> Result<String> {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let date = operator.get("/version")?.date;
    let words: Vec<&str> = date.split(' ').collect();
    let [_, _, month, year, ..] = words[..] else { return Err(format!("no date: {date}").into()) };
    let month = MONTHS.iter().position(|name| *name == month).ok_or("no month")? + 2;
    Ok(format!("{}-{:02}-01", year.parse::<usize>()? + month / 12, month % 12 + 1))
}

/// What a sender knows of a request that it made.
struct Known {
    id: String,
    subject: String,
    question: Option<String>,
    is_answered: bool,
    has_letter: bool,
}

/// What came of a stretch of load.
pub struct Sent {
    pub ledgers: Vec<PathBuf>,
    /// Reads that did not show what had been acknowledged to the same sender before.
    pub stale: Vec<String>,
}

/// Keeps the servers busy until `meanwhile` has ended and every sender has stopped: at an answer that did not come, at
/// one that leaves the outcome unknown, or when asked to.
pub fn during<T>(
    bases: &[String],
    desk: &Desk,
    folder: &Path,
    seed: u64,
    meanwhile: impl FnOnce(&AtomicU64) -> T,
) -> Result<(Sent, T)> {
    let (stop, acknowledged) = (AtomicBool::new(false), AtomicU64::new(0));
    let mut ledgers = Vec::new();
    let mut senders = Vec::new();
    for number in 0..CONNECTIONS {
        let ledger = Ledger::create(folder)?;
        ledgers.push(ledger.path());
        let client = Client::new(&bases[number % bases.len()], &desk.key);
        let random = fastrand::Rng::with_seed(seed.wrapping_mul(31).wrapping_add(number as u64));
        let authority = desk.authority.clone();
        senders.push(Sender { client, ledger, random, authority, known: Vec::new(), stale: Vec::new() });
    }
    thread::scope(|scope| {
        let running: Vec<_> =
            senders.into_iter().map(|sender| scope.spawn(|| sender.work(&stop, &acknowledged))).collect();
        let value = meanwhile(&acknowledged);
        stop.store(true, Ordering::SeqCst);
        let mut stale = Vec::new();
        for sender in running {
            stale.extend(sender.join().map_err(|_| "a sender panicked")??);
        }
        Ok((Sent { ledgers, stale }, value))
    })
}

/// Waits until so many calls more have been answered well. An error where they are not within a minute: what is broken then
/// is broken under no load, and proves nothing.
pub fn wait_for(acknowledged: &AtomicU64, number: u64) -> Result<()> {
    let (begun, start) = (Instant::now(), acknowledged.load(Ordering::SeqCst));
    while acknowledged.load(Ordering::SeqCst) < start + number {
        if begun.elapsed() > PATIENCE {
            let reached = acknowledged.load(Ordering::SeqCst) - start;
            return Err(format!("{reached} of {number} calls were answered well within {PATIENCE:?}").into());
        }
        thread::sleep(Duration::from_millis(1));
    }
    Ok(())
}

struct Sender {
    client: Client,
    ledger: Ledger,
    random: fastrand::Rng,
    authority: String,
    known: Vec<Known>,
    stale: Vec<String>,
}

impl Sender {
    fn work(mut self, stop: &AtomicBool, acknowledged: &AtomicU64) -> Result<Vec<String>> {
        while !stop.load(Ordering::SeqCst) {
            match self.step()? {
                Outcome::Unknown | Outcome::Unclear { .. } => break,
                Outcome::Done { .. } => drop(acknowledged.fetch_add(1, Ordering::SeqCst)),
                // Told to come later: the pause keeps the refusals from filling the ledger.
                Outcome::Refused { .. } => thread::sleep(Duration::from_millis(5)),
            }
        }
        Ok(self.stale)
    }

    fn step(&mut self) -> Result<Outcome> {
        if self.known.is_empty() {
            return self.new_request();
        }
        let at = self.random.usize(..self.known.len());
        match self.random.u8(..100) {
            0..35 => self.new_request(),
            35..50 if !self.known[at].has_letter && self.known[at].question.is_none() => self.ask(at),
            50..60 if !self.known[at].has_letter && !self.known[at].is_answered => self.answer(at),
            60..70 if !self.known[at].has_letter => self.write_letter(at),
            70..85 => self.change_subject(at),
            85..90 => self.list(),
            _ => self.read(at),
        }
    }

    fn new_request(&mut self) -> Result<Outcome> {
        let token = token();
        let body = json!({"authority_id": self.authority, "regime": "foia", "received_on": "2024-03-15", "subject": token,
            "requester": {"name": "A. Person"}, "parts": [{"label": "1", "text": token}]});
        let (outcome, _) = self.write(Kind::Request, "", "/v1/requests".to_owned(), body, token.clone())?;
        if let Outcome::Done { id } = &outcome {
            self.known.push(Known {
                id: id.clone(),
                subject: token,
                question: None,
                is_answered: false,
                has_letter: false,
            });
        }
        Ok(outcome)
    }

    fn ask(&mut self, at: usize) -> Result<Outcome> {
        let (token, request) = (token(), self.known[at].id.clone());
        let body = json!({"asked_on": "2024-03-18", "text": token});
        let (outcome, _) =
            self.write(Kind::Question, &request, format!("/v1/requests/{request}/clarifications"), body, token)?;
        if let Outcome::Done { id } = &outcome {
            self.known[at].question = Some(id.clone());
        }
        Ok(outcome)
    }

    fn answer(&mut self, at: usize) -> Result<Outcome> {
        let request = self.known[at].id.clone();
        let Some(question) = self.known[at].question.clone() else { return self.read(at) };
        let (token, path) = (token(), format!("/v1/requests/{request}/clarifications/{question}/answer"));
        let body = json!({"answered_on": "2024-03-20", "text": token});
        let (outcome, _) = self.write(Kind::QuestionAnswer, &request, path, body, token)?;
        self.known[at].is_answered |= matches!(outcome, Outcome::Done { .. });
        Ok(outcome)
    }

    fn write_letter(&mut self, at: usize) -> Result<Outcome> {
        let (token, request) = (token(), self.known[at].id.clone());
        let body = json!({"kind": "initial", "record_as": "sent", "issued_on": "2024-03-25",
            "particulars": {"internal_review": "stated", "regulator": "stated"},
            "determinations": [{"part": "1", "outcome": "disclosed", "explanation": token}]});
        let (outcome, _) =
            self.write(Kind::Letter, &request, format!("/v1/requests/{request}/responses"), body, token)?;
        self.known[at].has_letter |= matches!(outcome, Outcome::Done { .. });
        Ok(outcome)
    }

    fn change_subject(&mut self, at: usize) -> Result<Outcome> {
        let (token, request) = (token(), self.known[at].id.clone());
        let path = format!("/v1/requests/{request}");
        let (outcome, answer) = self.look(&path)?;
        let Some(answer) = answer.filter(|answer| answer.status == 200) else { return Ok(outcome) };
        let body = json!({"subject": token});
        let intent = self.ledger.intend(Kind::Subject, &request, path, body, token.clone())?;
        let answer = self.send(&intent, "PATCH", &[("If-Match", &answer.etag)]);
        let outcome = self.ledger.conclude(&intent, answer.as_ref().ok())?;
        if matches!(outcome, Outcome::Done { .. }) {
            self.known[at].subject = token;
        }
        Ok(outcome)
    }

    /// What was acknowledged to this sender, it sees.
    fn read(&mut self, at: usize) -> Result<Outcome> {
        let path = format!("/v1/requests/{}", self.known[at].id);
        let (outcome, answer) = self.look(&path)?;
        let known = &self.known[at];
        if let Some(answer) = answer.filter(|answer| answer.status == 200)
            && (answer.body["subject"] != known.subject.as_str()
                || (answer.body["status"] == "responded") != known.has_letter)
        {
            self.stale.push(format!("{path}: {} instead of {}", answer.body, known.subject));
        }
        Ok(outcome)
    }

    fn list(&mut self) -> Result<Outcome> {
        Ok(self.look("/v1/requests?sort=due_on&limit=20")?.0)
    }

    fn look(&mut self, path: &str) -> Result<(Outcome, Option<Answer>)> {
        let intent = self.ledger.intend(Kind::Read, "", path.to_owned(), Value::Null, String::new())?;
        let answer = self.send(&intent, "GET", &[]);
        let outcome = self.ledger.conclude(&intent, answer.as_ref().ok())?;
        Ok((outcome, answer.ok()))
    }

    fn write(
        &mut self,
        kind: Kind,
        request: &str,
        path: String,
        body: Value,
        token: String,
    ) -> Result<(Outcome, Option<Answer>)> {
        let intent = self.ledger.intend(kind, request, path, body, token)?;
        let answer = self.send(&intent, "POST", &[]);
        let outcome = self.ledger.conclude(&intent, answer.as_ref().ok())?;
        Ok((outcome, answer.ok()))
    }

    fn send(&self, intent: &Intent, method: &str, headers: &[(&str, &str)]) -> Result<Answer> {
        send(&self.client, intent, method, headers)
    }
}

/// Sends what a ledger has.
pub fn send(client: &Client, intent: &Intent, method: &str, headers: &[(&str, &str)]) -> Result<Answer> {
    let mut headers = headers.to_vec();
    headers.push(("X-Request-Id", &intent.call_id));
    if let Some(key) = &intent.key {
        headers.push(("Idempotency-Key", key));
    }
    let body = (!intent.body.is_null()).then_some(&intent.body);
    client.send(&Call { method, path: &intent.path, headers, body })
}

fn token() -> String {
    Uuid::new_v4().to_string()
}
