//! The tables, in Markdown.

use std::path::Path;

use super::{
    MeasureArguments,
    rounds::{median, ratio},
};
use crate::{Outcome, drive::Sample};

const BEGIN: &str = "<!-- figures: begin -->";
const END: &str = "<!-- figures: end -->";

/// The figures of one workload.
pub struct Row(String);

impl Row {
    /// `samples`: the service, the constant body and, where there is one, the same SQL.
    pub fn new(workload: &str, database: &str, connections: usize, samples: &[Vec<Sample>]) -> Self {
        let service = samples.first().map(Vec::as_slice).unwrap_or_default();
        let of =
            |at: usize| samples.get(at).map_or_else(|| "–".to_owned(), |limit| format!("{:.2}", ratio(service, limit)));
        let figure = |of: fn(&Sample) -> f64| median(service.iter().map(of));
        let body = service.first().map_or(0, |sample| sample.body);
        Self(format!(
            "| {workload} | {database} | {connections} | {:.0} | {:.2} | {:.2} | {:.0} | {body} | {} | {} |",
            figure(|sample| sample.rate),
            figure(|sample| sample.p50),
            figure(|sample| sample.p99),
            figure(|sample| sample.processor),
            of(1),
            of(2)
        ))
    }
}

/// What is found, line by line.
pub struct Report {
    heading: String,
    targets: Vec<String>,
    rows: Vec<String>,
    notes: Vec<String>,
}

impl Report {
    pub fn new(arguments: &MeasureArguments) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get);
        let processor = std::fs::read_to_string("/proc/cpuinfo").ok().and_then(|text| {
            let line = text.lines().find(|line| line.starts_with("model name"))?;
            Some(line.split_once(':')?.1.trim().to_owned())
        });
        let heading = format!(
            "{}; {cores} cores ({}), shared with the load generator and PostgreSQL; {} requests of {} authorities; \
             {} rounds of {} s.",
            candour::clock::Clock::system().today(),
            processor.unwrap_or_else(|| "unknown".to_owned()),
            arguments.requests,
            arguments.authorities,
            arguments.rounds,
            arguments.seconds
        );
        Self { heading, targets: Vec::new(), rows: Vec::new(), notes: Vec::new() }
    }

    pub fn row(&mut self, row: Row) {
        eprintln!("{}", row.0);
        self.rows.push(row.0);
    }

    pub fn note(&mut self, note: String) {
        self.notes.push(note);
    }

    /// A ratio that should be so large at least: a first target, and what is wanted then.
    pub fn target(&mut self, name: &str, value: f64, wanted: (f64, f64)) {
        self.judge(name, value, wanted, |value, wanted| value >= wanted);
    }

    /// A ratio that should be so large at most.
    pub fn most(&mut self, name: &str, value: f64, wanted: (f64, f64)) {
        self.judge(name, value, wanted, |value, wanted| value <= wanted);
    }

    pub fn unmeasured(&mut self, name: &str, why: &str, wanted: (f64, f64)) {
        self.targets.push(format!("| {name} | {why} | {} | {} | not measured |", wanted.0, wanted.1));
    }

    fn judge(&mut self, name: &str, value: f64, wanted: (f64, f64), meets: fn(f64, f64) -> bool) {
        let met = match (meets(value, wanted.0), meets(value, wanted.1)) {
            (true, true) => "both",
            (true, false) => "first",
            _ => "no",
        };
        let shown = if value >= 20.0 { format!("{value:.0}") } else { format!("{value:.2}") };
        let line = format!("| {name} | {shown} | {} | {} | {met} |", wanted.0, wanted.1);
        eprintln!("{line}");
        self.targets.push(line);
    }

    pub fn text(&self) -> String {
        let notes: Vec<String> = self.notes.iter().map(|note| format!("- {note}")).collect();
        format!(
            "{}\n\n\
             | Ratio | measured | first target | then | met |\n|---|---:|---:|---:|---|\n{}\n\n\
             | Workload | database | connections | requests/s | p50 ms | p99 ms | processor µs | body, bytes | of the same body | of the same SQL |\n\
             |---|---|---:|---:|---:|---:|---:|---:|---:|---:|\n{}\n\n{}",
            self.heading,
            self.targets.join("\n"),
            self.rows.join("\n"),
            notes.join("\n")
        )
    }
}

/// Puts the text between the marks of a file.
pub fn record(file: &Path, text: &str) -> Outcome<()> {
    record_between(file, (BEGIN, END), text)
}

/// Puts the text between two marks of a file.
pub fn record_between(file: &Path, (begin, end): (&str, &str), text: &str) -> Outcome<()> {
    let old = std::fs::read_to_string(file)?;
    let (before, rest) = old.split_once(begin).ok_or("the file has no place for figures")?;
    let (_, after) = rest.split_once(end).ok_or("the place for figures has no end")?;
    std::fs::write(file, format!("{before}{begin}\n\n{}\n\n{end}{after}", text.trim_end()))?;
    Ok(())
}
