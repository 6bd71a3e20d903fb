//! SIGTERM while clients keep their connections and never stop calling.

use std::{thread, time::Duration};

use crate::{
    Result,
    figures::Figures,
    load::{self, Desk},
    scenarios::{Database, Setting},
    verify,
};

pub fn run(setting: &Setting, database: Database, rounds: usize) -> Result<Figures> {
    let mut figures = Figures::new("server stopped (SIGTERM)", database.name());
    let plan = setting.plan("stop", database)?;
    let mut random = fastrand::Rng::with_seed(setting.seed);
    let (mut server, _) = plan.start()?;
    for _ in 0..rounds {
        let desk = Desk::open(&server.operator())?;
        let bases = [server.base.clone()];
        let pause = Duration::from_millis(random.u64(0..300));
        let (sent, ended) = load::during(&bases, &desk, &plan.folder, random.u64(..), |acknowledged| {
            load::wait_for(acknowledged, 10)?;
            thread::sleep(pause);
            server.terminate()?;
            let mut seen = server.readiness();
            while seen == Some(200) {
                seen = server.readiness();
            }
            Ok::<_, Box<dyn std::error::Error + Send + Sync>>((seen, server.wait_for_its_end()?))
        })?;
        let (seen, status) = ended?;
        if seen != Some(503) {
            figures.faults.others.push(format!("readiness went from 200 to {seen:?}"));
        }
        if !status.success() {
            figures.faults.others.push(format!("ended with {status}"));
        }
        let (started, taken) = plan.start()?;
        server = started;
        figures.recoveries.push(taken);
        verify::round(&mut figures, &server.operator(), &desk, &sent)?;
    }
    // A call that finds the listener or its connection closed was never begun, and its sender may send it elsewhere. What
    // the server had begun it has to answer before it ends.
    if figures.had_effect + figures.cut_in_flight > 0 {
        let told = format!("cut in flight: {} writes, {} entries", figures.had_effect, figures.cut_in_flight);
        figures.faults.others.push(told);
    }
    figures.faults.others.extend(plan.panics()?);
    Ok(figures)
}
