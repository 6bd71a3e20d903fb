//! The measurement: which databases, which rounds, which ratios. What is compared is measured in turns, so that a busy
//! moment of the machine meets both sides.

mod figures;
mod lives;
mod report;
mod rounds;
mod scale;
mod service;
mod steadiness;
mod workloads;

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use clap::{Args, ValueEnum};

pub use self::figures::{FiguresArguments, figures};
use self::report::Report;
use crate::{
    Outcome,
    database::{Database, Target},
    load::{self, Build, Size},
};

/// What is measured, and for how long.
#[derive(Debug, Args)]
pub struct MeasureArguments {
    /// The service.
    #[arg(long)]
    pub program: PathBuf,
    /// A folder for databases, on the disk that counts.
    #[arg(long)]
    pub folder: PathBuf,
    /// A PostgreSQL in which databases may be made.
    #[arg(long, env = "TEST_POSTGRES_URL", hide_env_values = true)]
    pub postgres_url: Option<String>,
    /// How many requests a database holds.
    #[arg(long, default_value_t = 100_000)]
    pub requests: usize,
    /// Of how many authorities.
    #[arg(long, default_value_t = 100)]
    pub authorities: usize,
    /// Compare with databases of ten times as many requests.
    #[arg(long)]
    pub large: bool,
    /// Seconds of a round.
    #[arg(long, default_value_t = 5)]
    pub seconds: u64,
    /// Rounds.
    #[arg(long, default_value_t = 3)]
    pub rounds: usize,
    /// One database only.
    #[arg(long, value_enum)]
    pub only: Option<Only>,
    /// Puts the tables between the marks of this Markdown file too.
    #[arg(long)]
    pub record: Option<PathBuf>,
}

/// Which database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Only {
    Sqlite,
    Postgres,
}

impl MeasureArguments {
    fn duration(&self) -> Duration {
        Duration::from_secs(self.seconds)
    }

    fn base(&self) -> Size {
        Size { requests: self.requests, authorities: self.authorities }
    }
}

/// Measures everything and prints the tables.
pub fn run(arguments: &MeasureArguments) -> Outcome<()> {
    let mut report = Report::new(arguments);
    let place = Place { folder: arguments.folder.join("bench"), postgres: arguments.postgres_url.clone() };
    std::fs::create_dir_all(&place.folder)?;
    if arguments.only != Some(Only::Postgres) {
        one_database(arguments, &place, &mut report, Place::sqlite)?;
        service::start_time(arguments, &place, &mut report)?;
    }
    if arguments.only != Some(Only::Sqlite) {
        one_database(arguments, &place, &mut report, Place::postgres)?;
    }
    std::fs::remove_dir_all(&place.folder)?;
    let text = report.text();
    println!("{text}");
    match &arguments.record {
        Some(file) => report::record(file, &text),
        None => Ok(()),
    }
}

fn one_database(
    arguments: &MeasureArguments,
    place: &Place,
    report: &mut Report,
    make: fn(&Place, &str) -> Outcome<Target>,
) -> Outcome<()> {
    let base = make(place, "base")?;
    load::fill(&base, arguments.base(), Build::Whole)?;
    // First, since what follows adds to what was loaded.
    scale::measure(arguments, place, &base, report, make)?;
    service::measure(arguments, place, &base, report)?;
    place.remove(&base)
}

/// Where databases are made.
pub struct Place {
    pub folder: PathBuf,
    postgres: Option<String>,
}

impl Place {
    pub fn sqlite(&self, name: &str) -> Outcome<Target> {
        let target = Target::Sqlite(self.folder.join(format!("{name}.db")));
        self.remove(&target)?;
        Ok(target)
    }

    pub fn postgres(&self, name: &str) -> Outcome<Target> {
        let cluster = self.postgres.as_deref().ok_or("TEST_POSTGRES_URL names no PostgreSQL")?;
        let name = format!("candour_bench_{name}");
        let mut database = Database::open(&Target::Postgres(cluster.to_owned()))?;
        database.execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))?;
        database.execute(&format!("CREATE DATABASE {name}"))?;
        Ok(Target::Postgres(with_database(cluster, &name)?))
    }

    pub fn remove(&self, target: &Target) -> Outcome<()> {
        match target {
            Target::Sqlite(path) => remove_sqlite(path),
            Target::Postgres(url) => {
                let cluster = self.postgres.as_deref().ok_or("no PostgreSQL")?;
                let name = url.split('?').next().and_then(|url| url.rsplit('/').next()).ok_or("no database")?;
                Database::open(&Target::Postgres(cluster.to_owned()))?
                    .execute(&format!("DROP DATABASE {name} WITH (FORCE)"))
            }
        }
    }
}

fn remove_sqlite(path: &Path) -> Outcome<()> {
    for ending in ["", "-wal", "-shm"] {
        let mut file = path.as_os_str().to_owned();
        file.push(ending);
        match std::fs::remove_file(&file) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
    }
    Ok(())
}

/// The URL of another database of the same cluster.
fn with_database(url: &str, name: &str) -> Outcome<String> {
    let (address, parameters) = url.split_once('?').map_or((url, None), |(address, rest)| (address, Some(rest)));
    let (server, _) =
        address.rsplit_once('/').filter(|(server, _)| !server.ends_with('/')).ok_or("the URL names no database")?;
    Ok(parameters.map_or_else(|| format!("{server}/{name}"), |rest| format!("{server}/{name}?{rest}")))
}
