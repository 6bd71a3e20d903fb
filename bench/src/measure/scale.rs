//! What ten times as much costs: the same question to two services, one with ten times the requests of the other.

use super::{
    MeasureArguments, Place,
    report::Report,
    rounds::{alternate, ratio},
    service::CONNECTIONS,
    workloads::Material,
};
use crate::{
    Outcome,
    database::Target,
    drive::{self, Plan},
    load::{self, Size},
    processes::Server,
};

/// Measures lists and figures against another size.
pub fn measure(
    arguments: &MeasureArguments,
    place: &Place,
    base: &Target,
    report: &mut Report,
    make: fn(&Place, &str) -> Outcome<Target>,
) -> Outcome<()> {
    let Size { requests, authorities } = arguments.base();
    let scaled = |count: usize| if arguments.large { count * 10 } else { (count / 10).max(1) };
    let list_target = if base.name() == "SQLite" { (1.5, 1.2) } else { (2.0, 1.5) };

    // As many authorities, so that each has a longer list.
    let other = make(place, "longer")?;
    load::fill(&other, Size { requests: scaled(requests), authorities })?;
    {
        let pair = Pair::start(arguments, base, &other)?;
        let start = pair.ratio(Material::most_urgent)?;
        let depth = pair.ratio_of([
            pair.material[0].most_urgent_at_depth(pair.servers[0].address)?,
            pair.material[1].most_urgent_at_depth(pair.servers[1].address)?,
        ])?;
        let sizes = pair.sizes(requests, scaled(requests));
        report.most(&format!("most urgent fifty, at the start, {}, {sizes} requests", base.name()), start, list_target);
        report.most(&format!("most urgent fifty, at depth, {}, {sizes} requests", base.name()), depth, list_target);
    }
    place.remove(&other)?;

    // Other authorities, each as large.
    let other = make(place, "wider")?;
    load::fill(&other, Size { requests: scaled(requests), authorities: scaled(authorities) })?;
    {
        let pair = Pair::start(arguments, base, &other)?;
        let sizes = pair.sizes(authorities, scaled(authorities));
        let name = format!("timeliness of a year, {}, {sizes} authorities of one size", base.name());
        report.most(&name, pair.ratio(Material::timeliness)?, (1.5, 1.2));
    }
    place.remove(&other)
}

/// The service on the database measured before, and on another.
struct Pair<'a> {
    arguments: &'a MeasureArguments,
    servers: [Server; 2],
    material: [Material; 2],
}

impl<'a> Pair<'a> {
    fn start(arguments: &'a MeasureArguments, base: &Target, other: &Target) -> Outcome<Self> {
        let servers = [Server::service(&arguments.program, base)?, Server::service(&arguments.program, other)?];
        Ok(Self { arguments, servers, material: [Material::of(base)?, Material::of(other)?] })
    }

    fn ratio(&self, plan: fn(&Material) -> Plan) -> Outcome<f64> {
        self.ratio_of([plan(&self.material[0]), plan(&self.material[1])])
    }

    /// How many times longer the larger database takes.
    fn ratio_of(&self, plans: [Plan; 2]) -> Outcome<f64> {
        let [base, other] = plans;
        let side = |at: usize, plan: Plan| -> super::rounds::Side<'_> {
            let address = self.servers[at].address;
            Box::new(move || drive::drive(address, &plan, CONNECTIONS, self.arguments.duration()))
        };
        let samples = alternate(self.arguments.rounds, vec![side(0, base), side(1, other)])?;
        let [base, other] = samples.as_slice() else { return Err("two sides".into()) };
        Ok(if self.arguments.large { ratio(base, other) } else { ratio(other, base) })
    }

    fn sizes(&self, base: usize, other: usize) -> String {
        format!("{} / {}", base.max(other), base.min(other))
    }
}
