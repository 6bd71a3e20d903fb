//! Every metric and return of one authority, asked of a store that has only that authority's like and of one that has many;
//! and the totals of all authorities. One connection, one question after the other: how long a figure takes, not how many.

use std::{path::PathBuf, time::Duration};

use chrono::Datelike;
use clap::Args;

use super::{Only, Place, report, steadiness::Steadiness, workloads::Material};
use crate::{
    Outcome,
    database::Target,
    drive::{self, Plan, Sample},
    load::{self, Build, Size},
    processes::Server,
};

const BEGIN: &str = "<!-- figures of authorities: begin -->";
const END: &str = "<!-- figures of authorities: end -->";

/// What is measured, and for how long.
#[derive(Debug, Args)]
pub struct FiguresArguments {
    /// The service.
    #[arg(long)]
    program: PathBuf,
    /// A folder for databases, on the disk that counts.
    #[arg(long)]
    folder: PathBuf,
    /// A PostgreSQL in which databases may be made.
    #[arg(long, env = "TEST_POSTGRES_URL", hide_env_values = true)]
    postgres_url: Option<String>,
    /// How many requests each authority has, over five years.
    #[arg(long, default_value_t = 10_000)]
    each: usize,
    /// How many authorities the large store has; the small one has one.
    #[arg(long, default_value_t = 100)]
    authorities: usize,
    /// Seconds for each question.
    #[arg(long, default_value_t = 5)]
    seconds: u64,
    /// One database only.
    #[arg(long, value_enum)]
    only: Option<Only>,
    /// Asks what `load --slim` has filled before, and leaves it: a database of one authority, and one of many.
    #[arg(long, num_args = 2, value_names = ["ONE", "MANY"])]
    loaded: Option<Vec<String>>,
    /// Puts the table between the marks of this Markdown file too.
    #[arg(long)]
    record: Option<PathBuf>,
}

/// Measures and prints the table.
pub fn figures(arguments: &FiguresArguments) -> Outcome<()> {
    let place = Place { folder: arguments.folder.join("figures"), postgres: arguments.postgres_url.clone() };
    std::fs::create_dir_all(&place.folder)?;
    let (mut lines, mut steadiness) = (Vec::new(), Steadiness::default());
    if let Some([one, many]) = arguments.loaded.as_deref() {
        ask(arguments, &[Target::parse(one)?, Target::parse(many)?], &mut lines, &mut steadiness)?;
    } else {
        if arguments.only != Some(Only::Postgres) {
            one_database(arguments, &place, Place::sqlite, &mut lines, &mut steadiness)?;
        }
        if arguments.only != Some(Only::Sqlite) {
            one_database(arguments, &place, Place::postgres, &mut lines, &mut steadiness)?;
        }
    }
    std::fs::remove_dir_all(&place.folder)?;
    let text = format!(
        "{}; {} authorities of {} requests each, two parts a request, beside one such authority alone; one connection, \
         {} s for each question. {}\n\n| Figure | database | alone, p50 ms | among all, p50 ms | ratio | p99 ms |\n\
         |---|---|---:|---:|---:|---:|\n{}",
        candour::clock::Clock::system().today(),
        arguments.authorities,
        arguments.each,
        arguments.seconds,
        steadiness.tell(),
        lines.join("\n")
    );
    println!("{text}");
    match &arguments.record {
        Some(file) => report::record_between(file, (BEGIN, END), &text),
        None => Ok(()),
    }
}

fn one_database(
    arguments: &FiguresArguments,
    place: &Place,
    make: fn(&Place, &str) -> Outcome<Target>,
    lines: &mut Vec<String>,
    steadiness: &mut Steadiness,
) -> Outcome<()> {
    let (small, large) = (make(place, "small")?, make(place, "large")?);
    load::fill(&small, Size { requests: arguments.each, authorities: 1 }, Build::Slim)?;
    let size = Size { requests: arguments.each * arguments.authorities, authorities: arguments.authorities };
    load::fill(&large, size, Build::Slim)?;
    let both = [small, large];
    ask(arguments, &both, lines, steadiness)?;
    both.iter().try_for_each(|target| place.remove(target))
}

/// Asks both databases each question in turn, and the one of many authorities for all of them.
fn ask(
    arguments: &FiguresArguments,
    [small, large]: &[Target; 2],
    lines: &mut Vec<String>,
    steadiness: &mut Steadiness,
) -> Outcome<()> {
    let servers = [Server::service(&arguments.program, small)?, Server::service(&arguments.program, large)?];
    let material = [Material::of(small)?, Material::of(large)?];
    for (name, path) in of_one_authority(material[0].today.year() - 1) {
        let mut samples = Vec::new();
        for (server, material) in servers.iter().zip(&material) {
            let plan = material.of_authorities(&path);
            samples.push(drive::drive(server.address, &plan, 1, Duration::from_secs(arguments.seconds))?);
        }
        steadiness.sample();
        let [alone, among] = samples.as_slice() else { return Err("two stores".into()) };
        tell(lines, &name, large.name(), Some(alone), among);
    }
    for (name, path) in of_all(material[0].today.year() - 1) {
        let plan = Plan::Any(std::sync::Arc::new(vec![drive::get(&path)]));
        let sample = drive::drive(servers[1].address, &plan, 1, Duration::from_secs(arguments.seconds))?;
        tell(lines, &name, large.name(), None, &sample);
    }
    Ok(())
}

fn tell(lines: &mut Vec<String>, name: &str, database: &str, alone: Option<&Sample>, among: &Sample) {
    let (base, ratio) = alone.map_or_else(
        || ("–".to_owned(), "–".to_owned()),
        |alone| (format!("{:.2}", alone.p50), format!("{:.2}", among.p50 / alone.p50)),
    );
    let line = format!("| {name} | {database} | {base} | {:.2} | {ratio} | {:.2} |", among.p50, among.p99);
    eprintln!("{line}");
    lines.push(line);
}

/// Every metric and return of one authority, of the last whole year; the authority is added to the address.
fn of_one_authority(year: i32) -> Vec<(String, String)> {
    let days = format!("start_on={year}-01-01&end_on={year}-12-31");
    let earlier = format!("{days}&as_at={year}-12-31");
    let mut questions = Vec::new();
    for basis in ["received", "closed", "due"] {
        let path = format!("/v1/metrics/timeliness?{days}&basis={basis}&group_by=month");
        questions.push((format!("timeliness by {basis}, a year by months"), path));
    }
    let path = format!("/v1/metrics/timeliness?{earlier}&basis=received");
    questions.push(("timeliness of a year, as at its end".to_owned(), path));
    for metric in ["outcomes", "ncnd", "provisions", "reviews", "regulator"] {
        questions.push((format!("{metric} of a year"), format!("/v1/metrics/{metric}?{days}")));
    }
    questions.push(("workload".to_owned(), format!("/v1/metrics/workload?as_at={year}-12-31")));
    questions.push(("workload today".to_owned(), "/v1/metrics/workload?format=json".to_owned()));
    questions.push(("NCND by topic".to_owned(), format!("/v1/metrics/ncnd-by-topic?period={year}-Q4")));
    for form in ["code-part-8", "cabinet-office", "scottish-commissioner", "commissioner-self-assessment"] {
        for period in [format!("{year}-Q4"), year.to_string()] {
            questions.push((format!("return {form} {period}"), format!("/v1/returns/{form}?period={period}")));
        }
    }
    questions
}

/// Totals of all authorities, of the last whole year.
fn of_all(year: i32) -> Vec<(String, String)> {
    let days = format!("start_on={year}-01-01&end_on={year}-12-31");
    [
        ("timeliness of a year", "timeliness&basis=received"),
        ("outcomes of a year", "outcomes"),
        ("ncnd of a year", "ncnd"),
        ("workload of a day", "workload"),
    ]
    .map(|(name, metric)| {
        (format!("{name}, all authorities"), format!("/v1/metrics/comparison?metric={metric}&{days}"))
    })
    .to_vec()
}
