//! PostgreSQL gone: by a crash, or stopped for a while. The server stays up and comes back by itself.

use std::{
    thread,
    time::{Duration, Instant},
};

use crate::{
    Result,
    figures::Figures,
    load::{self, Desk},
    scenarios::{Database, Setting, disk::SmallDisk},
    server::Server,
    verify,
};

/// More files of its log than PostgreSQL keeps for later.
const FILES_KEPT: usize = 200;

/// `pg_ctl stop -m immediate`, and up again.
pub fn crash(setting: &Setting, rounds: usize) -> Result<Figures> {
    run(setting, "PostgreSQL crashed (stop -m immediate)", rounds, |setting, _, _| {
        setting.cluster.stop("immediate")?;
        setting.cluster.start()
    })
}

/// Stopped in good order for some seconds, in which calls are refused and the process stays alive.
pub fn away(setting: &Setting, rounds: usize) -> Result<Figures> {
    run(setting, "PostgreSQL stopped for a while", rounds, |setting, server, figures| {
        setting.cluster.stop("fast")?;
        server.wait_until_readiness_is(503)?;
        let begun = Instant::now();
        let refused = server.operator().get("/v1/requests?limit=1")?;
        if refused.status != 503 || refused.code() != "database-unavailable" || !refused.retry_after {
            figures.faults.others.push(format!("a call without the database: {} {}", refused.status, refused.body));
        }
        if begun.elapsed() > Duration::from_secs(15) {
            figures.faults.others.push(format!("a call waited {:?} for a database that was away", begun.elapsed()));
        }
        if server.operator().get("/livez")?.status != 200 {
            figures.faults.others.push("not alive while the database was away".to_owned());
        }
        thread::sleep(Duration::from_millis(500));
        setting.cluster.start()
    })
}

/// Its log of what is to be written lies on a small disk that fills up: PostgreSQL ends itself. Then there is room again, and it
/// is started.
pub fn log_full(setting: &Setting, rounds: usize) -> Result<Figures> {
    // The server's user must get there; what lies there has to fit until the disk is filled.
    let folder = std::env::temp_dir().join(format!("candour-log-{}", uuid::Uuid::new_v4().simple()));
    let disk = SmallDisk::mount(&folder, 1024)?;
    setting.cluster.own(&folder)?;
    setting.cluster.move_log(&folder)?;
    let figures = run(setting, "PostgreSQL's log on a full disk", rounds, |setting, server, figures| {
        disk.fill()?;
        // File after file of its log, until there is no room for another.
        let next_file = "SELECT pg_logical_emit_message(false, '', ''), pg_switch_wal()";
        if (0..FILES_KEPT).all(|_| setting.cluster.sql(next_file).is_ok()) {
            figures.faults.others.push("PostgreSQL found room on a full disk".to_owned());
        }
        server.wait_until_readiness_is(503)?;
        disk.relieve()?;
        // It may have tried to start by itself, and have given up.
        drop(setting.cluster.stop("immediate"));
        setting.cluster.start()
    });
    setting.cluster.move_log_back()?;
    drop(disk);
    std::fs::remove_dir(folder)?;
    figures
}

fn run(
    setting: &Setting,
    scenario: &str,
    rounds: usize,
    breaks: impl Fn(&Setting, &mut Server, &mut Figures) -> Result<()>,
) -> Result<Figures> {
    let mut figures = Figures::new(scenario, Database::Postgres.name()).allowing(&["database-unavailable"]);
    let plan = setting.plan(&scenario.replace(' ', "-").replace(['(', ')'], ""), Database::Postgres)?;
    let mut random = fastrand::Rng::with_seed(setting.seed);
    let (mut server, _) = plan.start()?;
    for _ in 0..rounds {
        let desk = Desk::open(&server.operator())?;
        let bases = [server.base.clone()];
        let pause = Duration::from_millis(random.u64(0..400));
        let (sent, recovered) = load::during(&bases, &desk, &plan.folder, random.u64(..), |acknowledged| {
            load::wait_for(acknowledged, 10)?;
            thread::sleep(pause);
            breaks(setting, &mut server, &mut figures)?;
            let back = Instant::now();
            server.wait_until_ready()?;
            Ok::<_, Box<dyn std::error::Error + Send + Sync>>(back.elapsed())
        })?;
        figures.recoveries.push(recovered?);
        verify::round(&mut figures, &server.operator(), &desk, &sent)?;
    }
    figures.faults.others.extend(plan.panics()?);
    Ok(figures)
}
