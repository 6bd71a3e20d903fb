//! The PostgreSQL of `scripts/with-postgres`, stopped and started.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use crate::Result;

/// The cluster of this run.
#[derive(Clone)]
pub struct Cluster {
    pub url: String,
    control: PathBuf,
}

impl Cluster {
    /// The cluster that the environment names.
    pub fn of_the_environment() -> Result<Self> {
        let value =
            |name: &str| std::env::var(name).map_err(|_| format!("{name} is not set: run by scripts/with-postgres"));
        Ok(Self { url: value("TEST_POSTGRES_URL")?, control: value("TEST_POSTGRES_CONTROL")?.into() })
    }

    /// The address of another of its databases.
    pub fn url_of(&self, database: &str) -> String {
        let (server, _) = self.url.rsplit_once('/').unwrap_or((&self.url, ""));
        format!("{server}/{database}")
    }

    pub fn start(&self) -> Result<()> {
        self.run(&["start"])
    }

    /// `fast` ends sessions and writes everything down, `immediate` is a crash.
    pub fn stop(&self, mode: &str) -> Result<()> {
        self.run(&["stop", mode])
    }

    pub fn sql(&self, statement: &str) -> Result<()> {
        self.run(&["sql", statement])
    }

    /// Moves the log of what is to be written into a folder that the server's user has; it is stopped and started.
    pub fn move_log(&self, folder: &Path) -> Result<()> {
        self.run(&["log-to", &folder.display().to_string()])
    }

    pub fn move_log_back(&self) -> Result<()> {
        self.run(&["log-back"])
    }

    /// Gives a folder to the server's user.
    pub fn own(&self, folder: &Path) -> Result<()> {
        self.run(&["own", &folder.display().to_string()])
    }

    fn run(&self, arguments: &[&str]) -> Result<()> {
        let done = Command::new(&self.control).args(arguments).output()?;
        if done.status.success() {
            return Ok(());
        }
        Err(format!("{arguments:?}: {}", String::from_utf8_lossy(&done.stderr)).into())
    }
}
