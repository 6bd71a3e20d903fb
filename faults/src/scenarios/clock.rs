//! The machine's clock jumps, forwards and back, while the server runs: libfaketime stands between it and the clock.

use std::{
    collections::BTreeSet,
    path::PathBuf,
    process::Command,
    thread,
    time::{Duration, Instant},
};

use serde_json::json;

use crate::{
    Result,
    client::Client,
    figures::Figures,
    load::{self, Desk},
    scenarios::{Database, Setting},
    verify,
};

/// Seconds beside the real time, one after the other. Within the 72 hours for which an `Idempotency-Key` is kept.
const JUMPS: [i64; 4] = [3600, -3600, 86_400, 0];

/// How far the server's `Date` may be from what its clock is set to, in seconds.
const DATE_TOLERANCE: u64 = 10;

/// How long it may take to get there.
const DATE_PATIENCE: Duration = Duration::from_secs(10);

/// When the request falls due that waits beside the load, whatever the clock says.
const DUE_ON: &str = "2024-04-17";

/// How long a row may take to be in the feed: two seconds are allowed for clocks of servers that differ.
const FEED_PATIENCE: Duration = Duration::from_secs(15);

pub fn run(setting: &Setting, database: Database, rounds: usize) -> Result<Figures> {
    let mut figures = Figures::new("clock jumps: 1 h on, 2 h back, 25 h on, 24 h back", database.name());
    let mut plan = setting.plan("clock", database)?;
    let beside = plan.folder.join("beside-the-real-time");
    std::fs::write(&beside, "+0\n")?;
    let shown = beside.display().to_string();
    plan = plan
        .with("LD_PRELOAD", &library()?.display().to_string())
        .with("FAKETIME_TIMESTAMP_FILE", &shown)
        .with("FAKETIME_NO_CACHE", "1")
        .with("FAKETIME_DONT_FAKE_MONOTONIC", "1")
        .with("DONT_FAKE_MONOTONIC", "1");
    let mut random = fastrand::Rng::with_seed(setting.seed);
    let (server, _) = plan.start()?;
    for _ in 0..rounds {
        let desk = Desk::open(&server.operator())?;
        let bases = [server.base.clone()];
        let mut quiet = Quiet::open(&server.operator())?;
        let mut feed =
            Feed { client: server.operator().with_key(&desk.key), position: String::new(), seen: BTreeSet::new() };
        let (sent, done) = load::during(&bases, &desk, &plan.folder, random.u64(..), |acknowledged| {
            load::wait_for(acknowledged, 20)?;
            for jump in JUMPS {
                feed.follow()?;
                std::fs::write(&beside, format!("{jump:+}\n"))?;
                load::wait_for(acknowledged, 40)?;
                quiet.look(jump)?;
            }
            Ok::<_, Box<dyn std::error::Error + Send + Sync>>(())
        })?;
        done?;
        figures.faults.others.append(&mut quiet.faults);
        missing(&mut figures, &mut feed)?;
        verify::round(&mut figures, &server.operator(), &desk, &sent)?;
    }
    figures.faults.others.extend(plan.panics()?);
    Ok(figures)
}

/// A request of another authority, which nobody works on: what the clock alone does to it is seen.
struct Quiet {
    client: Client,
    path: String,
    faults: Vec<String>,
}

impl Quiet {
    fn open(operator: &Client) -> Result<Self> {
        let desk = Desk::open(operator)?;
        let client = operator.with_key(&desk.key);
        let body = json!({"regime": "foia", "received_on": "2024-03-15", "subject": "A subject"});
        let made = client.post("/v1/requests", &body)?.expect(201)?;
        let id = made["id"].as_str().ok_or("a request without an id")?;
        Ok(Self { client, path: format!("/v1/requests/{id}"), faults: Vec::new() })
    }

    /// The server's clock is so many seconds beside the real time, and the due date is where it was.
    fn look(&mut self, beside: i64) -> Result<()> {
        let begun = Instant::now();
        let mut answer = self.client.get(&self.path)?;
        // The server writes down what its `Date` is twice a second.
        while seconds(&answer.date)?.abs_diff(seconds("now")? + beside) > DATE_TOLERANCE {
            if begun.elapsed() > DATE_PATIENCE {
                let told = format!("the clock did not jump to {beside:+} s: the server's Date is {}", answer.date);
                self.faults.push(told);
                break;
            }
            thread::sleep(Duration::from_millis(50));
            answer = self.client.get(&self.path)?;
        }
        let due_on = answer.expect(200)?["due_on"].clone();
        if due_on != DUE_ON {
            self.faults.push(format!("at {beside:+} s a request falls due on {due_on} instead of {DUE_ON}"));
        }
        Ok(())
    }
}

/// An instant as `date` reads it, in seconds of Unix time.
fn seconds(instant: &str) -> Result<i64> {
    let told = Command::new("date").args(["--utc", "--date", instant, "+%s"]).output()?;
    Ok(String::from_utf8(told.stdout)?.trim().parse()?)
}

/// A warehouse that walks the feed of changes and goes on from the last instant that it saw.
struct Feed {
    client: Client,
    position: String,
    seen: BTreeSet<String>,
}

impl Feed {
    fn follow(&mut self) -> Result<()> {
        let from = if self.position.is_empty() { String::new() } else { format!("&updated_at_from={}", self.position) };
        for item in self.client.all(&format!("/v1/requests?sort=updated_at&limit=200{from}"))? {
            let at = item["updated_at"].as_str().unwrap_or_default();
            if at < self.position.as_str() {
                return Err(format!("the feed goes back from {} to {at}", self.position).into());
            }
            at.clone_into(&mut self.position);
            self.seen.insert(item["id"].as_str().unwrap_or_default().to_owned());
        }
        Ok(())
    }
}

/// Whoever follows the feed misses no request.
fn missing(figures: &mut Figures, feed: &mut Feed) -> Result<()> {
    let all = feed.client.all("/v1/requests?limit=200")?;
    let all: BTreeSet<String> = all.iter().map(|item| item["id"].as_str().unwrap_or_default().to_owned()).collect();
    let begun = Instant::now();
    while feed.seen != all && begun.elapsed() < FEED_PATIENCE {
        thread::sleep(Duration::from_millis(100));
        feed.follow()?;
    }
    let missed = all.difference(&feed.seen).count();
    if missed > 0 {
        figures.faults.others.push(format!("the feed of changes missed {missed} of {} requests", all.len()));
    }
    Ok(())
}

fn library() -> Result<PathBuf> {
    for entry in std::fs::read_dir("/usr/lib")? {
        let path = entry?.path().join("faketime/libfaketimeMT.so.1");
        if path.exists() {
            return Ok(path);
        }
    }
    Err("libfaketime is missing: scripts/install-package faketime".into())
}
