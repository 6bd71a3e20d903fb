//! One service on one database, beside the constant body and the same SQL.

use std::path::Path;

use serde_json::json;

use super::{
    MeasureArguments, Place, lives,
    report::{Report, Row},
    rounds::{Side, alternate, median, rate, ratio},
    workloads::{Material, constant},
};
use crate::{
    Outcome, bare,
    database::{Database, Target},
    drive::{self, Plan, Sample},
    load,
    processes::{self, Server},
    scripts::{self, Scripts},
};

/// Connections unless a target says otherwise.
pub const CONNECTIONS: usize = 16;
/// Connections at which commits are shared.
const MANY: usize = 64;
/// Clients of pgbench: with more than twice the cores it gets slower, not faster.
const PGBENCH_CLIENTS: usize = 8;
/// How often the service is started to see how long that takes.
const STARTS: usize = 5;
/// Responses issued for each second of a round.
const ISSUES_A_SECOND: u64 = 600;

/// One service under measurement.
struct Bench<'a> {
    arguments: &'a MeasureArguments,
    target: &'a Target,
    server: Server,
    limit: Server,
    material: Material,
}

/// Measures every workload on a loaded database.
pub fn measure(arguments: &MeasureArguments, place: &Place, target: &Target, report: &mut Report) -> Outcome<()> {
    let material = Material::of(target)?;
    let server = Server::service(&arguments.program, target)?;
    let limit = Server::constant(&place.folder)?;
    let bench = Bench { arguments, target, server, limit, material };
    // The service's own last request is the pattern of the same SQL.
    let size = drive::exchange(bench.server.address, vec![bench.create_request()?])?;
    let created = size.first().map_or(0, String::len);
    // What only reads comes first: afterwards there are more requests than were loaded.
    match target {
        Target::Sqlite(path) => {
            bench.read_from_sqlite(report)?;
            bench.lists_and_figures(report)?;
            bench.create_in_sqlite(path, created, report)?;
            bench.syncs(report)?;
        }
        Target::Postgres(url) => {
            let scripts = scripts::write(&mut Database::open(target)?, &place.folder, arguments.requests)?;
            bench.read_from_postgres(url, &scripts, report)?;
            bench.lists_and_figures(report)?;
            bench.create_in_postgres(url, &scripts, created, report)?;
        }
    }
    bench.issue(report)?;
    lives::measure(arguments, target, &bench.server, report)?;
    bench.memory(report);
    Ok(())
}

impl Bench<'_> {
    fn create_request(&self) -> Outcome<Vec<u8>> {
        let authority = self.material.authorities.first().ok_or("no authority")?;
        Ok(drive::post("/v1/requests", &load::request(authority, self.material.today, "foia")))
    }

    fn service(&self, plan: Plan, connections: usize) -> Side<'_> {
        Box::new(move || self.server.drive(&plan, connections, self.arguments.duration()))
    }

    fn constant(&self, plan: Plan) -> Side<'_> {
        Box::new(move || self.limit.drive(&plan, CONNECTIONS, self.arguments.duration()))
    }

    fn size_of(&self, plan: &Plan) -> Outcome<usize> {
        let request = match plan {
            Plan::Any(requests) | Plan::Each(requests) => requests.first().cloned().ok_or("nothing to send")?,
        };
        Ok(drive::exchange(self.server.address, vec![request])?.first().map_or(0, String::len))
    }

    /// A workload that only reads, beside the constant body and, where there is one, the same SQL.
    fn reading(&self, name: &str, plan: Plan, sql: Option<Side<'_>>, report: &mut Report) -> Outcome<Vec<Vec<Sample>>> {
        let size = self.size_of(&plan)?;
        let mut sides = vec![self.service(plan, CONNECTIONS), self.constant(constant(size, None))];
        sides.extend(sql);
        let samples = alternate(self.arguments.rounds, sides)?;
        report.row(Row::new(name, self.target.name(), CONNECTIONS, &samples));
        Ok(samples)
    }

    fn read_from_sqlite(&self, report: &mut Report) -> Outcome<()> {
        let samples = self.reading("read by id", self.material.read(), None, report)?;
        if let [service, constant] = samples.as_slice() {
            report.target(
                "read by id, SQLite / the same body without a database",
                ratio(service, constant),
                (0.45, 0.55),
            );
        }
        Ok(())
    }

    fn create_in_sqlite(&self, path: &Path, created: usize, report: &mut Report) -> Outcome<()> {
        let posted = load::request("", self.material.today, "foia");
        let bare: Side<'_> =
            Box::new(|| Ok(rate(bare::creates(path, &self.material.authorities, self.arguments.duration())?)));
        let sides = vec![
            self.service(self.material.create(), CONNECTIONS),
            self.service(self.material.create(), MANY),
            self.constant(constant(created, Some(&posted))),
            bare,
        ];
        let samples = alternate(self.arguments.rounds, sides)?;
        let [few, many, constant, bare] = samples.as_slice() else { return Err("four sides".into()) };
        report.row(Row::new(
            "create, four parts",
            "SQLite",
            CONNECTIONS,
            &[few.clone(), constant.clone(), bare.clone()],
        ));
        report.row(Row::new("create, four parts", "SQLite", MANY, &[many.clone(), constant.clone(), bare.clone()]));
        report.target("create, SQLite, 16 connections / a bare single thread", ratio(few, bare), (1.4, 2.0));
        report.target("create, SQLite, 64 connections / a bare single thread", ratio(many, bare), (1.7, 2.3));
        report.most(
            "p99 / p50 of create, SQLite, 16 connections",
            median(few.iter().map(|one| one.p99 / one.p50)),
            (6.0, 4.0),
        );
        Ok(())
    }

    fn syncs(&self, report: &mut Report) -> Outcome<()> {
        let name = "syncs per create, SQLite, 64 connections";
        let Some(strace) = processes::find("strace") else {
            report.unmeasured(name, "there is no strace", (0.05, 0.03));
            return Ok(());
        };
        let (calls, sample) =
            processes::syncs(&strace, self.server.id(), || self.service(self.material.create(), MANY)())?;
        report.most(name, calls as f64 / sample.sent as f64, (0.05, 0.03));
        Ok(())
    }

    /// Transactions a second of a script, as a side of a comparison.
    fn pgbench<'b>(&self, url: &'b str, script: &'b Path) -> Outcome<Side<'b>> {
        let program = processes::find("pgbench").ok_or("there is no pgbench")?;
        let duration = self.arguments.duration();
        Ok(Box::new(move || Ok(rate(processes::pgbench(&program, url, script, PGBENCH_CLIENTS, duration)?))))
    }

    fn read_from_postgres(&self, url: &str, scripts: &Scripts, report: &mut Report) -> Outcome<()> {
        let sql = self.pgbench(url, &scripts.read)?;
        let samples = self.reading("read by id", self.material.read(), Some(sql), report)?;
        if let [service, _, pgbench] = samples.as_slice() {
            let name = "read by id, PostgreSQL / the same statements by pgbench";
            report.target(name, ratio(service, pgbench), (0.60, 0.75));
        }
        Ok(())
    }

    fn create_in_postgres(&self, url: &str, scripts: &Scripts, created: usize, report: &mut Report) -> Outcome<()> {
        let posted = load::request("", self.material.today, "foia");
        let sides = vec![
            self.service(self.material.create(), CONNECTIONS),
            self.constant(constant(created, Some(&posted))),
            self.pgbench(url, &scripts.create)?,
        ];
        let samples = alternate(self.arguments.rounds, sides)?;
        report.row(Row::new("create, four parts", "PostgreSQL", CONNECTIONS, &samples));
        if let [service, _, pgbench] = samples.as_slice() {
            report.target("create, PostgreSQL / the same statements by pgbench", ratio(service, pgbench), (0.70, 0.80));
        }
        Ok(())
    }

    fn lists_and_figures(&self, report: &mut Report) -> Outcome<()> {
        self.reading("most urgent fifty, at the start", self.material.most_urgent(), None, report)?;
        let deep = self.material.most_urgent_at_depth(self.server.address)?;
        self.reading("most urgent fifty, at depth", deep, None, report)?;
        self.reading("timeliness of a year", self.material.timeliness(), None, report)?;
        Ok(())
    }

    fn issue(&self, report: &mut Report) -> Outcome<()> {
        let posted = json!({"issued_on": self.material.today});
        let count = usize::try_from(ISSUES_A_SECOND * self.arguments.seconds)?;
        let mut size = 0;
        let mut samples = vec![Vec::new(); 2];
        for _ in 0..self.arguments.rounds {
            let plan = self.material.issue(self.server.address, count)?;
            let issued = self.service(plan, CONNECTIONS)()?;
            size = size.max(issued.body);
            let limit = self.constant(constant(size, Some(&posted)))()?;
            for (samples, sample) in samples.iter_mut().zip([issued, limit]) {
                samples.push(sample);
            }
        }
        report.row(Row::new("issue a response", self.target.name(), CONNECTIONS, &samples));
        Ok(())
    }

    /// After all of the above the process has seen its load; what it held at most is what counts.
    fn memory(&self, report: &mut Report) {
        let name = format!("memory under load, {}, MiB", self.target.name());
        let (Some(most), Some(own)) = (self.server.memory("VmHWM"), self.server.memory("RssAnon")) else {
            report.unmeasured(&name, "only Linux tells", (80.0, 64.0));
            return;
        };
        report.note(format!("{name}: {most:.0} at most; {own:.0} of its own at the end, the rest are mapped files."));
        if matches!(self.target, Target::Sqlite(_)) {
            report.most(&name, most, (80.0, 64.0));
        }
    }
}

/// How soon a service on an empty SQLite file answers that it is ready, the making of the schema included.
pub fn start_time(arguments: &MeasureArguments, place: &Place, report: &mut Report) -> Outcome<()> {
    let mut millis = Vec::new();
    for _ in 0..STARTS {
        let server = Server::service(&arguments.program, &place.sqlite("empty")?)?;
        millis.push(server.ready_after.as_secs_f64() * 1000.0);
    }
    report.most("ready after start on an empty SQLite file, ms", median(millis.into_iter()), (150.0, 60.0));
    Ok(())
}
