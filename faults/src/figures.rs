//! What was found, scenario by scenario, and how it is written down.

use std::{collections::BTreeSet, fmt::Write as _, time::Duration};

use crate::{
    ledger::{Entry, Kind, Outcome},
    load::CONNECTIONS,
};

/// What is not as it was promised. All of them must be none.
#[derive(Debug, Default)]
pub struct Faults {
    /// Acknowledged, and not there or with other values.
    pub lost: Vec<String>,
    /// There, and never sent or refused.
    pub phantoms: Vec<String>,
    /// One call with two effects.
    pub duplicates: Vec<String>,
    /// The audit log: not intact, or without an entry of an acknowledged call.
    pub audit: Vec<String>,
    /// Everything else.
    pub others: Vec<String>,
}

impl Faults {
    pub fn all(&self) -> impl Iterator<Item = &String> {
        [&self.lost, &self.phantoms, &self.duplicates, &self.audit, &self.others].into_iter().flatten()
    }
}

/// The figures of one scenario.
#[derive(Debug, Default)]
pub struct Figures {
    pub scenario: String,
    pub database: String,
    pub rounds: usize,
    pub acknowledged: usize,
    pub reads: usize,
    pub refused: usize,
    pub unknown: usize,
    /// Of the unknown, those whose effect was there when they were sent again or looked at.
    pub had_effect: usize,
    pub faults: Faults,
    pub recoveries: Vec<Duration>,
    pub codes: BTreeSet<String>,
    /// Calls, reads too, that no answer came to, and that are entered in the audit log: the server was at work on them.
    pub cut_in_flight: usize,
    /// The codes with which a call may be told 503.
    refusals: &'static [&'static str],
}

impl Figures {
    pub fn new(scenario: &str, database: &str) -> Self {
        Self { scenario: scenario.to_owned(), database: database.to_owned(), ..Self::default() }
    }

    /// The codes of 503 that the scenario allows; none, unless it says so.
    pub fn allowing(mut self, refusals: &'static [&'static str]) -> Self {
        self.refusals = refusals;
        self
    }

    /// Counts what the senders of a round were told.
    pub fn count(&mut self, entries: &[Entry]) {
        for entry in entries {
            let is_write = entry.intent.kind != Kind::Read;
            self.unknown += usize::from(is_write && entry.is_unknown());
            match &entry.outcome {
                Outcome::Done { .. } if is_write => self.acknowledged += 1,
                Outcome::Done { .. } => self.reads += 1,
                Outcome::Refused { status, code } => {
                    self.refused += 1;
                    self.meet(*status, code);
                }
                Outcome::Unclear { status, code } => self.meet(*status, code),
                Outcome::Unknown => {}
            }
        }
    }

    /// Refusals are for the trouble that the scenario makes; any other is a fault of the harness or of the service.
    fn meet(&mut self, status: u16, code: &str) {
        self.codes.insert(format!("{status} {code}"));
        if status != 503 || !self.refusals.contains(&code) {
            self.faults.others.push(format!("refused with {status} {code}"));
        }
    }

    fn row(&self) -> String {
        let faults = &self.faults;
        let mut times = self.recoveries.clone();
        times.sort();
        let at = |share: f64| {
            let place = ((times.len() as f64 * share).ceil() as usize).clamp(1, times.len().max(1)) - 1;
            times.get(place).map_or("–".to_owned(), |time| format!("{:.0}", time.as_secs_f64() * 1000.0))
        };
        format!(
            "| {} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} |",
            self.scenario,
            self.database,
            self.rounds,
            self.acknowledged,
            self.reads,
            self.refused,
            self.unknown,
            self.had_effect,
            faults.lost.len(),
            faults.phantoms.len(),
            faults.duplicates.len(),
            faults.audit.len(),
            faults.others.len(),
            if times.is_empty() { "–".to_owned() } else { format!("{} / {}", at(0.5), at(0.99)) },
        )
    }
}

/// The table of all scenarios; `about` says of which program, and when.
pub fn table(all: &[Figures], about: &str) -> String {
    let mut text = format!("{about}; {CONNECTIONS} connections.\n\n");
    text.push_str(
        "| Scenario | Database | Rounds | Writes acknowledged | Reads answered | Refused | Unknown | of these had an effect \
         | Lost | Phantoms | Duplicates | Audit log | Other | Recovery p50 / p99, ms |\n\
         |---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n",
    );
    for figures in all {
        let _ = writeln!(text, "{}", figures.row());
    }
    let codes: BTreeSet<&String> = all.iter().flat_map(|figures| &figures.codes).collect();
    if !codes.is_empty() {
        let codes: Vec<String> = codes.into_iter().map(|code| format!("`{code}`")).collect();
        let _ = write!(text, "\nRefusals met: {}.\n", codes.join(", "));
    }
    text
}
