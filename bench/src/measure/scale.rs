//! What ten times as much costs: the same question to two services, one of which has ten times as much to look through.

use super::{
    MeasureArguments, Place,
    report::Report,
    rounds::{Side, alternate, ratio},
    service::CONNECTIONS,
    workloads::Material,
};
use crate::{
    Outcome,
    database::Target,
    drive::Plan,
    load::{self, Build, Size},
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
    let size = arguments.base();
    let wanted = if base.name() == "SQLite" { (1.5, 1.2) } else { (2.0, 1.5) };

    // Each authority has a list ten times as long.
    let longer = if arguments.large {
        Size { requests: size.requests * 10, ..size }
    } else {
        Size { authorities: size.authorities.div_euclid(10).max(1), ..size }
    };
    let other = make(place, "longer")?;
    load::fill(&other, longer, Build::Whole)?;
    {
        let pair = Pair::start(arguments, base, &other)?;
        let of = format!(
            "{}, {} / {} requests, of each authority {} / {}",
            base.name(),
            longer.requests,
            size.requests,
            longer.requests / longer.authorities,
            size.requests / size.authorities
        );
        report.most(
            &format!("most urgent fifty, at the start, {of}"),
            pair.longer(pair.plans(Material::most_urgent))?,
            wanted,
        );
        let [base, other] = [0, 1].map(|at| pair.material[at].most_urgent_at_depth(pair.servers[at].address));
        report.most(&format!("most urgent fifty, at depth, {of}"), pair.longer([base?, other?])?, wanted);
    }
    place.remove(&other)?;

    // Ten times as many authorities, each as large; or a tenth.
    let wider = if arguments.large {
        Size { requests: size.requests * 10, authorities: size.authorities * 10 }
    } else {
        let authorities = size.authorities.div_euclid(10).max(1);
        Size { requests: size.requests / size.authorities * authorities, authorities }
    };
    let other = make(place, "wider")?;
    load::fill(&other, wider, Build::Whole)?;
    {
        let pair = Pair::start(arguments, base, &other)?;
        let ratio = pair.longer(pair.plans(Material::timeliness))?;
        let (most, least) = (wider.authorities.max(size.authorities), wider.authorities.min(size.authorities));
        let name = format!("timeliness of a year, {}, {most} / {least} authorities of one size", base.name());
        report.most(&name, if arguments.large { ratio } else { 1.0 / ratio }, (1.5, 1.2));
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

    fn plans(&self, plan: fn(&Material) -> Plan) -> [Plan; 2] {
        [plan(&self.material[0]), plan(&self.material[1])]
    }

    /// How many times longer the other database takes.
    fn longer(&self, plans: [Plan; 2]) -> Outcome<f64> {
        let sides = self.servers.iter().zip(plans).map(|(server, plan)| -> Side<'_> {
            Box::new(move || server.drive(&plan, CONNECTIONS, self.arguments.duration()))
        });
        let samples = alternate(self.arguments.rounds, sides.collect())?;
        let [base, other] = samples.as_slice() else { return Err("two sides".into()) };
        Ok(ratio(base, other))
    }
}
