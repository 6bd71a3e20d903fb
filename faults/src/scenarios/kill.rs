//! `kill -9` of the server, in the middle of the load and now and then in the middle of a start.

use std::{thread, time::Duration};

use crate::{
    Result,
    figures::Figures,
    load::{self, Desk},
    scenarios::{Database, Setting},
    verify,
};

pub fn run(setting: &Setting, database: Database, rounds: usize) -> Result<Figures> {
    let mut figures = Figures::new("server killed (SIGKILL)", database.name());
    let plan = setting.plan("kill", database)?;
    let mut random = fastrand::Rng::with_seed(setting.seed);
    let (mut server, _) = plan.start()?;
    let mut desks = Vec::new();
    for round in 0..rounds {
        let desk = Desk::open(&server.operator())?;
        let bases = [server.base.clone()];
        let pause = Duration::from_millis(random.u64(0..500));
        let (sent, killed) = load::during(&bases, &desk, &plan.folder, random.u64(..), |acknowledged| {
            load::wait_for(acknowledged, 10)?;
            thread::sleep(pause);
            server.kill()
        })?;
        killed?;
        if round % 5 == 4 {
            let starting = plan.spawn()?;
            thread::sleep(Duration::from_millis(random.u64(0..60)));
            starting.kill()?;
        }
        let (started, taken) = plan.start()?;
        server = started;
        figures.recoveries.push(taken);
        verify::round(&mut figures, &server.operator(), &desk, &sent)?;
        desks.push(desk);
    }
    for desk in &desks {
        verify::is_intact(&mut figures.faults, &server.operator(), &desk.authority)?;
    }
    figures.faults.others.extend(plan.panics()?);
    Ok(figures)
}
