//! What is broken, and how often.

mod clock;
mod database;
mod disk;
mod kill;
mod pair;
mod stop;
mod sync;
mod upgrade;

use std::path::{Path, PathBuf};

use self::Database::{Postgres, Sqlite};
use crate::{Result, figures::Figures, postgres::Cluster, server::Plan};

/// What every scenario is given.
pub struct Setting {
    pub program: PathBuf,
    /// The program of the release before.
    pub previous: PathBuf,
    pub folder: PathBuf,
    pub seed: u64,
    pub cluster: Cluster,
}

/// A way to break something.
pub struct Scenario {
    pub name: &'static str,
    pub run: fn(&Setting, usize) -> Result<Figures>,
    /// Rounds in CI.
    pub short: usize,
    /// Rounds by `just faults`.
    pub long: usize,
}

pub const SCENARIOS: &[Scenario] = &[
    Scenario { name: "kill-sqlite", run: |setting, rounds| kill::run(setting, Sqlite, rounds), short: 6, long: 200 },
    Scenario {
        name: "kill-postgres",
        run: |setting, rounds| kill::run(setting, Postgres, rounds),
        short: 6,
        long: 200,
    },
    Scenario { name: "postgres-crash", run: database::crash, short: 4, long: 50 },
    Scenario { name: "postgres-away", run: database::away, short: 2, long: 20 },
    Scenario { name: "postgres-log-full", run: database::log_full, short: 1, long: 10 },
    Scenario { name: "disk-full-sqlite", run: disk::on_sqlite, short: 1, long: 10 },
    Scenario { name: "disk-full-postgres", run: disk::on_postgres, short: 1, long: 10 },
    Scenario { name: "clock-sqlite", run: |setting, rounds| clock::run(setting, Sqlite, rounds), short: 1, long: 10 },
    Scenario {
        name: "clock-postgres",
        run: |setting, rounds| clock::run(setting, Postgres, rounds),
        short: 1,
        long: 10,
    },
    Scenario { name: "stop-sqlite", run: |setting, rounds| stop::run(setting, Sqlite, rounds), short: 3, long: 50 },
    Scenario { name: "stop-postgres", run: |setting, rounds| stop::run(setting, Postgres, rounds), short: 3, long: 50 },
    Scenario { name: "two-servers", run: pair::on_postgres, short: 2, long: 50 },
    Scenario { name: "sync-sqlite", run: sync::on_sqlite, short: 20, long: 200 },
    Scenario { name: "upgrade-sqlite", run: upgrade::on_sqlite, short: 1, long: 20 },
    Scenario { name: "upgrade-postgres", run: upgrade::on_postgres, short: 1, long: 20 },
];

/// Where a server keeps its data.
#[derive(Clone, Copy)]
pub enum Database {
    Sqlite,
    Postgres,
}

impl Database {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        }
    }
}

impl Setting {
    /// A server of a scenario's own, in a folder of its own.
    pub fn plan(&self, scenario: &str, database: Database) -> Result<Plan> {
        let folder = self.folder.join(format!("{scenario}-{}", database.name()));
        std::fs::create_dir(&folder)?;
        let url = match database {
            Database::Sqlite => sqlite(&folder),
            Database::Postgres => self.cluster.url.clone(),
        };
        Ok(Plan::new(&self.program, &url, &folder))
    }
}

pub fn sqlite(folder: &Path) -> String {
    format!("sqlite://{}", folder.join("candour.db").display())
}
