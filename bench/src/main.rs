//! Measures the service against limits that are taken in the same run. `bench/README.md` says what each figure means.

mod bare;
mod constant;
mod database;
mod drive;
mod load;
mod measure;
mod processes;
mod scripts;

use std::{error::Error, net::SocketAddr, process::ExitCode, time::Duration};

use clap::{Parser, Subcommand};

use crate::{
    database::Target,
    load::{Build, Size},
    measure::{FiguresArguments, MeasureArguments},
};

/// The service's, so that its stack and the constant body's are one.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What a step gives; why it failed is told to whoever runs the measurement, and ends it.
type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// Measures Candour.
#[derive(Parser)]
#[command(version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Everything: loads databases, measures in alternating rounds, prints the tables.
    Measure(Box<MeasureArguments>),
    /// Fills an empty database.
    Load {
        /// `sqlite://FILE` or `postgres://USER:PASSWORD@HOST/DATABASE`.
        #[arg(long)]
        database_url: String,
        /// How many requests.
        #[arg(long, default_value_t = 100_000)]
        requests: usize,
        /// Of how many authorities.
        #[arg(long, default_value_t = 100)]
        authorities: usize,
        /// Only what figures read.
        #[arg(long)]
        slim: bool,
    },
    /// Measures every metric and return against as many requests of one authority, and the totals of all.
    Figures(Box<FiguresArguments>),
    /// Reads one address again and again, for a profiler beside it; answers requests a second, p50 and p99.
    Read {
        /// Where the service listens; its key is that of `KEY` in `src/processes.rs`.
        #[arg(long)]
        address: SocketAddr,
        /// Path and query.
        #[arg(long)]
        path: String,
        /// Connections.
        #[arg(long, default_value_t = 16)]
        connections: usize,
        /// For how long.
        #[arg(long, default_value_t = 10)]
        seconds: u64,
    },
    /// Serves `/constant/{bytes}` through the service's own stack, without a database behind it.
    Constant {
        /// Address and port.
        #[arg(long)]
        listen: SocketAddr,
        /// A folder for the database that is opened and never asked.
        #[arg(long)]
        folder: std::path::PathBuf,
    },
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Measure(arguments) => measure::run(&arguments),
        Command::Load { database_url, requests, authorities, slim } => {
            Target::parse(&database_url).and_then(|target| {
                load::fill(&target, Size { requests, authorities }, if slim { Build::Slim } else { Build::Whole })
            })
        }
        Command::Figures(arguments) => measure::figures(&arguments),
        Command::Read { address, path, connections, seconds } => {
            let plan = drive::Plan::Any(std::sync::Arc::new(vec![drive::get(&path)]));
            drive::drive(address, &plan, connections, Duration::from_secs(seconds)).map(|sample| {
                println!("{:.0} requests/s, p50 {:.2} ms, p99 {:.2} ms", sample.rate, sample.p50, sample.p99);
            })
        }
        Command::Constant { listen, folder } => constant::serve(listen, &folder),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("candour-bench: {error}");
            ExitCode::FAILURE
        }
    }
}
