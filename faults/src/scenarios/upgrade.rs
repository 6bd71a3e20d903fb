//! The program of an earlier release is followed by this one under load. On PostgreSQL one server after the other: the first
//! new one brings the schema up to date while an old one still serves. On SQLite, where one server has the file, after its end.

use std::{sync::atomic::AtomicU64, time::Duration};

use crate::{
    Result,
    figures::Figures,
    load::{self, Desk},
    scenarios::{Database, Setting},
    server::{Plan, Server},
    verify,
};

const NAME: &str = "upgraded under load";

pub fn on_sqlite(setting: &Setting, rounds: usize) -> Result<Figures> {
    let mut figures = Figures::new(NAME, Database::Sqlite.name());
    for round in 0..rounds {
        let plan = setting.plan(&format!("upgrade-{round}"), Database::Sqlite)?;
        let (old, _) = plan.running(&setting.previous).start()?;
        let desk = Desk::open(&old.operator())?;
        let bases = [old.base.clone()];
        let (sent, replaced) =
            load::during(&bases, &desk, &plan.folder, setting.seed, |acknowledged| replace(old, &plan, acknowledged))?;
        let (new, taken) = replaced?;
        figures.recoveries.push(taken);
        verify::round(&mut figures, &new.operator(), &desk, &sent)?;
        figures.faults.others.extend(plan.panics()?);
    }
    Ok(figures)
}

pub fn on_postgres(setting: &Setting, rounds: usize) -> Result<Figures> {
    let mut figures = Figures::new(NAME, Database::Postgres.name());
    for round in 0..rounds {
        let mut plan = setting.plan(&format!("upgrade-{round}"), Database::Postgres)?;
        setting.cluster.sql("CREATE DATABASE upgraded TEMPLATE template0")?;
        plan.database = setting.cluster.url_of("upgraded");
        let rolled = roll(setting, &mut figures, &plan);
        setting.cluster.sql("DROP DATABASE upgraded WITH (FORCE)")?;
        rolled?;
        figures.faults.others.extend(plan.panics()?);
    }
    Ok(figures)
}

/// Two servers of the earlier release, replaced one by one while both of them, then one of each, are called.
fn roll(setting: &Setting, figures: &mut Figures, plan: &Plan) -> Result<()> {
    let earlier = plan.running(&setting.previous);
    let (first, _) = earlier.start()?;
    let (second, _) = earlier.start()?;
    let desk = Desk::open(&first.operator())?;
    let bases = [first.base.clone(), second.base.clone()];
    let (sent, replaced) = load::during(&bases, &desk, &plan.folder, setting.seed, |acknowledged| {
        replace_beside(first, plan, acknowledged)
    })?;
    let (new, taken) = replaced?;
    figures.recoveries.push(taken);
    verify::round(figures, &new.operator(), &desk, &sent)?;
    let desk = Desk::open(&second.operator())?;
    let bases = [second.base.clone(), new.base.clone()];
    let (sent, replaced) = load::during(&bases, &desk, &plan.folder, setting.seed, |acknowledged| {
        replace_beside(second, plan, acknowledged)
    })?;
    let (last, taken) = replaced?;
    figures.recoveries.push(taken);
    verify::round(figures, &last.operator(), &desk, &sent)?;
    verify::figures_count_all(&mut figures.faults, &last.operator(), &desk)?;
    Ok(())
}

fn replace_beside(old: Server, plan: &Plan, acknowledged: &AtomicU64) -> Result<(Server, Duration)> {
    let replaced = replace(old, plan, acknowledged)?;
    // The server that stayed goes on.
    load::wait_for(acknowledged, 20)?;
    Ok(replaced)
}

/// Stops a server of the earlier release in good order and starts one of this in its place.
fn replace(old: Server, plan: &Plan, acknowledged: &AtomicU64) -> Result<(Server, Duration)> {
    load::wait_for(acknowledged, 20)?;
    old.terminate()?;
    let status = old.wait_for_its_end()?;
    if !status.success() {
        return Err(format!("the earlier release ended with {status}").into());
    }
    plan.start()
}
