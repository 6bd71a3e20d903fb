//! A disk that fills up under load, and has room again. A small file system of its own, so that nothing else suffers.

use std::{
    io::{ErrorKind, Write as _},
    path::{Path, PathBuf},
    process::Command,
    thread,
    time::{Duration, Instant},
};

use crate::{
    Result,
    figures::Figures,
    load::{self, Desk},
    scenarios::{Database, Setting, sqlite},
    server::{Plan, Server},
    verify,
};

const NAME: &str = "disk full, then room again";

/// How much of the small file system a file takes that will be deleted, in MiB.
const BALLAST: usize = 16;

pub struct SmallDisk(PathBuf);

impl SmallDisk {
    /// A file system with room for so many MiB beside the ballast.
    pub fn mount(folder: &Path, room: usize) -> Result<Self> {
        std::fs::create_dir(folder)?;
        let size = format!("size={}m", BALLAST + room);
        let mounted =
            Command::new("mount").args(["-t", "tmpfs", "-o", &size, "candour-small-disk"]).arg(folder).output()?;
        if !mounted.status.success() {
            let told = String::from_utf8_lossy(&mounted.stderr).into_owned();
            return Err(format!("a small file system needs root: {told}").into());
        }
        Ok(Self(folder.to_owned()))
    }

    fn ballast(&self) -> PathBuf {
        self.0.join("ballast")
    }

    pub fn load(&self) -> Result<()> {
        Ok(std::fs::write(self.ballast(), vec![1; BALLAST << 20])?)
    }

    /// Takes all the room there is.
    pub fn fill(&self) -> Result<()> {
        let mut file = std::fs::File::create(self.ballast())?;
        let block = vec![1; 1 << 20];
        loop {
            match file.write(&block) {
                Ok(_) => {}
                Err(fault) if fault.kind() == ErrorKind::StorageFull => return Ok(()),
                Err(fault) => return Err(fault.into()),
            }
        }
    }

    pub fn relieve(&self) -> Result<()> {
        Ok(std::fs::remove_file(self.ballast())?)
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        drop(Command::new("umount").arg("--lazy").arg(&self.0).status());
    }
}

pub fn on_sqlite(setting: &Setting, rounds: usize) -> Result<Figures> {
    let mut figures = Figures::new(NAME, Database::Sqlite.name()).allowing(&["storage-full"]);
    for round in 0..rounds {
        let mut plan = setting.plan(&format!("disk-{round}"), Database::Sqlite)?;
        let disk = SmallDisk::mount(&plan.folder.join("small"), 5)?;
        plan.database = sqlite(&disk.0);
        fill(setting, &mut figures, &plan, &disk)?;
    }
    Ok(figures)
}

pub fn on_postgres(setting: &Setting, rounds: usize) -> Result<Figures> {
    let mut figures = Figures::new(NAME, Database::Postgres.name()).allowing(&["storage-full"]);
    for round in 0..rounds {
        let mut plan = setting.plan(&format!("disk-{round}"), Database::Postgres)?;
        // The server's user must get there.
        let disk = SmallDisk::mount(
            &std::env::temp_dir().join(format!("candour-small-{}", uuid::Uuid::new_v4().simple())),
            14,
        )?;
        let space = disk.0.join("space");
        std::fs::create_dir(&space)?;
        setting.cluster.own(&space)?;
        setting.cluster.sql(&format!("CREATE TABLESPACE small LOCATION '{}'", space.display()))?;
        setting.cluster.sql("CREATE DATABASE small TEMPLATE template0 TABLESPACE small")?;
        plan.database = setting.cluster.url_of("small");
        let filled = fill(setting, &mut figures, &plan, &disk);
        setting.cluster.sql("DROP DATABASE small WITH (FORCE)")?;
        setting.cluster.sql("DROP TABLESPACE small")?;
        filled?;
        let folder = disk.0.clone();
        drop(disk);
        std::fs::remove_dir(folder)?;
    }
    Ok(figures)
}

fn fill(setting: &Setting, figures: &mut Figures, plan: &Plan, small: &SmallDisk) -> Result<()> {
    let (mut server, _) = plan.start()?;
    let desk = Desk::open(&server.operator())?;
    small.load()?;
    let bases = [server.base.clone()];
    let mut told = Vec::new();
    let (sent, recovered) = load::during(&bases, &desk, &plan.folder, setting.seed, |acknowledged| {
        wait_for_an_answer(&server, 503, &mut told)?;
        // Full for a while: refusal after refusal.
        thread::sleep(Duration::from_millis(700));
        small.relieve()?;
        let relieved = Instant::now();
        wait_for_an_answer(&server, 201, &mut told)?;
        server.wait_until_ready()?;
        let taken = relieved.elapsed();
        load::wait_for(acknowledged, 50)?;
        Ok::<_, Box<dyn std::error::Error + Send + Sync>>(taken)
    })?;
    figures.recoveries.push(recovered?);
    for (status, code) in told {
        figures.codes.insert(format!("{status} {code}"));
        if (status, code.as_str()) != (503, "storage-full") {
            figures.faults.others.push(format!("a write to a full disk: {status} {code}"));
        }
    }
    // What is left after a restart, not only in memory.
    server.terminate()?;
    server.wait_for_its_end()?;
    let (server, _) = plan.start()?;
    verify::round(figures, &server.operator(), &desk, &sent)?;
    figures.faults.others.extend(plan.panics()?);
    Ok(())
}

/// Makes authorities until one is answered so; gives the other refusals.
fn wait_for_an_answer(server: &Server, status: u16, told: &mut Vec<(u16, String)>) -> Result<()> {
    let (operator, begun) = (server.operator(), Instant::now());
    loop {
        // The text makes sure that the small rest of a page does not suffice.
        let name = format!("{} {}", uuid::Uuid::new_v4().simple(), "n".repeat(150));
        let answer = operator.post("/v1/authorities", &serde_json::json!({"name": name, "nation": "england"}))?;
        if answer.status != 201 {
            told.push((answer.status, answer.code().to_owned()));
        }
        if answer.status == status {
            return Ok(());
        }
        if begun.elapsed() > Duration::from_mins(2) {
            return Err(format!("no answer with {status} within two minutes").into());
        }
        thread::sleep(Duration::from_millis(5));
    }
}
