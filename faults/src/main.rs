//! Breaks what Candour stands on while clients work with it, and compares what they were told with what is there.
//!
//! `scripts/faults` runs it; docs/reliability.md tells what is done and what was found.

mod client;
mod figures;
mod ledger;
mod load;
mod postgres;
mod scenarios;
mod server;
mod verify;

use std::{
    error::Error,
    path::PathBuf,
    process::ExitCode,
    time::{Instant, SystemTime, UNIX_EPOCH},
};

use lexopt::{Arg, Parser, ValueExt as _};

use crate::{
    figures::{Figures, table},
    postgres::Cluster,
    scenarios::{SCENARIOS, Setting},
};

type Result<T, E = Box<dyn Error + Send + Sync>> = std::result::Result<T, E>;

const USAGE: &str = "usage: candour-faults --program FILE [--previous FILE] [--long] [--only NAME]... [--rounds N] [--seed N] [--about TEXT] [--record FILE]";

struct Wanted {
    program: PathBuf,
    /// The program of the release before; the same one where none is named.
    previous: Option<PathBuf>,
    is_long: bool,
    only: Vec<String>,
    rounds: Option<usize>,
    seed: u64,
    /// Which program is broken, and when: stands above the table.
    about: String,
    record: Option<PathBuf>,
}

fn wanted() -> Result<Wanted> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    let mut wanted = Wanted {
        program: PathBuf::new(),
        previous: None,
        is_long: false,
        only: Vec::new(),
        rounds: None,
        seed: now,
        about: "A program of which nothing was said".to_owned(),
        record: None,
    };
    let mut arguments = Parser::from_env();
    while let Some(argument) = arguments.next()? {
        match argument {
            Arg::Long("program") => wanted.program = std::fs::canonicalize(arguments.value()?)?,
            Arg::Long("previous") => wanted.previous = Some(std::fs::canonicalize(arguments.value()?)?),
            Arg::Long("long") => wanted.is_long = true,
            Arg::Long("only") => wanted.only.push(arguments.value()?.string()?),
            Arg::Long("rounds") => wanted.rounds = Some(arguments.value()?.parse()?),
            Arg::Long("seed") => wanted.seed = arguments.value()?.parse()?,
            Arg::Long("about") => wanted.about = arguments.value()?.string()?,
            Arg::Long("record") => wanted.record = Some(arguments.value()?.into()),
            _ => return Err(USAGE.into()),
        }
    }
    let is_known = |name: &String| SCENARIOS.iter().any(|scenario| scenario.name == name);
    if let Some(name) = wanted.only.iter().find(|name| !is_known(name)) {
        let names: Vec<&str> = SCENARIOS.iter().map(|scenario| scenario.name).collect();
        return Err(format!("no scenario {name}; there are: {}", names.join(", ")).into());
    }
    if wanted.program.as_os_str().is_empty() { Err(USAGE.into()) } else { Ok(wanted) }
}

fn run() -> Result<bool> {
    let wanted = wanted()?;
    let folder = std::env::temp_dir().join(format!("candour-faults-{}", uuid::Uuid::new_v4().simple()));
    std::fs::create_dir(&folder)?;
    println!("seed {}", wanted.seed);
    let setting = Setting {
        previous: wanted.previous.unwrap_or_else(|| wanted.program.clone()),
        program: wanted.program,
        folder: folder.clone(),
        seed: wanted.seed,
        cluster: Cluster::of_the_environment()?,
    };
    let mut all: Vec<Figures> = Vec::new();
    let mut is_sound = true;
    for scenario in SCENARIOS {
        if !wanted.only.is_empty() && !wanted.only.iter().any(|name| name == scenario.name) {
            continue;
        }
        let usual = if wanted.is_long { scenario.long } else { scenario.short };
        let begun = Instant::now();
        let figures = (scenario.run)(&setting, wanted.rounds.unwrap_or(usual))
            .map_err(|fault| format!("{}: {fault}", scenario.name))?;
        let found: Vec<&String> = figures.faults.all().collect();
        println!(
            "{}: {} rounds, {} writes acknowledged, {} unknown, {} faults, {:.1} s",
            scenario.name,
            figures.rounds,
            figures.acknowledged,
            figures.unknown,
            found.len(),
            begun.elapsed().as_secs_f64()
        );
        for fault in found.iter().take(10) {
            println!("  {fault}");
        }
        is_sound &= found.is_empty();
        all.push(figures);
    }
    if is_sound {
        std::fs::remove_dir_all(&folder)?;
    } else {
        println!("what is left of it: {}", folder.display());
    }
    let table = table(&all, &wanted.about);
    println!("\n{table}");
    if let Some(file) = wanted.record {
        record(&file, &table)?;
    }
    Ok(is_sound)
}

/// Puts the table in place of the last one.
fn record(file: &PathBuf, table: &str) -> Result<()> {
    let text = std::fs::read_to_string(file)?;
    let (begin, end) = ("<!-- figures: begin -->\n", "<!-- figures: end -->");
    let (before, rest) = text.split_once(begin).ok_or("no place for the figures")?;
    let (_, after) = rest.split_once(end).ok_or("no end of the figures")?;
    Ok(std::fs::write(file, format!("{before}{begin}\n{table}\n{end}{after}"))?)
}

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(fault) => {
            eprintln!("candour-faults: {fault}");
            ExitCode::FAILURE
        }
    }
}
