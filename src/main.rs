//! Arguments to subcommand; everything else is in the library.

use std::process::ExitCode;

use candour::commands::{self, Command};
use clap::Parser;
use mimalloc::MiMalloc;

#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// Freedom-of-information casework as a service.
#[derive(Parser)]
#[command(version, about, long_about = None)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match actix_web::rt::System::new().block_on(commands::run(arguments.command)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(faults) => {
            commands::complain(&faults);
            ExitCode::FAILURE
        }
    }
}
