//! Two servers on one PostgreSQL; one of them is killed and comes back while the other goes on.

use std::{thread, time::Duration};

use crate::{
    Result,
    figures::Figures,
    load::{self, Desk},
    scenarios::{Database, Setting},
    verify,
};

pub fn on_postgres(setting: &Setting, rounds: usize) -> Result<Figures> {
    let mut figures = Figures::new("one of two servers killed", Database::Postgres.name());
    let plan = setting.plan("pair", Database::Postgres)?;
    let mut random = fastrand::Rng::with_seed(setting.seed);
    let (steady, _) = plan.start()?;
    let (mut other, _) = plan.start()?;
    for _ in 0..rounds {
        let desk = Desk::open(&steady.operator())?;
        let bases = [steady.base.clone(), other.base.clone()];
        let pause = Duration::from_millis(random.u64(0..300));
        let (sent, started) = load::during(&bases, &desk, &plan.folder, random.u64(..), |acknowledged| {
            load::wait_for(acknowledged, 20)?;
            thread::sleep(pause);
            other.kill()?;
            let started = plan.start()?;
            load::wait_for(acknowledged, 20)?;
            Ok::<_, Box<dyn std::error::Error + Send + Sync>>(started)
        })?;
        let (started, taken) = started?;
        other = started;
        figures.recoveries.push(taken);
        verify::round(&mut figures, &other.operator(), &desk, &sent)?;
    }
    figures.faults.others.extend(plan.panics()?);
    Ok(figures)
}
