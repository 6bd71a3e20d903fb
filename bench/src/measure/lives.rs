//! Two authorities that live the same life, of which one drafts and keeps records before it neither confirms nor denies:
//! how long a credential that may see neither waits for each. What it reads is the same (`tests/api/non_interference.rs`
//! proves it); here it is seen whether the waiting tells them apart.

use chrono::{Days, NaiveDate};
use serde_json::{Value, json};

use super::{
    MeasureArguments,
    report::{Report, Row},
    rounds::{Side, alternate, median},
    service::CONNECTIONS,
    workloads::any,
};
use crate::{
    Outcome,
    database::Target,
    drive::{self, Plan, Sample},
    load,
    processes::Server,
};

/// Turns at least: what is looked for is small beside what a machine does meanwhile.
const TURNS: usize = 5;
/// Requests of each authority.
const REQUESTS: usize = 200;
/// Drafts that lie about with each request of the second, and as many records.
const DRAFTS: usize = 3;
/// All that is neither work on answers nor the audit log.
const SCOPES: [&str; 6] =
    ["requests:read", "ncnd:read", "requesters:read", "requesters:match", "complaints:read", "metrics:read"];

/// One authority, and a key that reads of it.
struct Life {
    authority: String,
    key: String,
    requests: Vec<String>,
}

/// Lives both lives, then reads them in turns.
pub fn measure(arguments: &MeasureArguments, target: &Target, server: &Server, report: &mut Report) -> Outcome<()> {
    let today = candour::clock::Clock::system().today().0;
    let lives = lived(server, today)?;
    let sides = lives.iter().map(|life| -> Side<'_> {
        let plan = life.plan(today);
        Box::new(move || server.drive(&plan, CONNECTIONS, arguments.duration()))
    });
    let samples = alternate(arguments.rounds.max(TURNS), sides.collect())?;
    let [without, with] = samples.as_slice() else { return Err("two lives".into()) };
    for (name, samples) in [("a reader, no work before NCND", without), ("a reader, drafts and records before", with)] {
        report.row(Row::new(name, target.name(), CONNECTIONS, std::slice::from_ref(samples)));
    }
    let apart = |of: fn(&Sample) -> f64| {
        let ratio = median(with.iter().zip(without).map(|(with, without)| of(with) / of(without)));
        // Whichever of the two is quicker, it would tell.
        ratio.max(1.0 / ratio)
    };
    let name = target.name();
    report.most(&format!("a reader's median, two lives apart, {name}"), apart(|sample| sample.p50), (1.2, 1.1));
    report.most(&format!("a reader's p99, two lives apart, {name}"), apart(|sample| sample.p99), (1.5, 1.25));
    Ok(())
}

/// The first authority only answers; the second drafts and keeps records before. What both do is done in turns, so that
/// neither lies better in the database.
fn lived(server: &Server, today: NaiveDate) -> Outcome<[Life; 2]> {
    let address = server.address;
    let made = |name: &str| -> Outcome<Life> {
        let body =
            json!({"name": format!("{name} {}", uuid::Uuid::new_v4()), "kind": "police_force", "nation": "england"});
        let authority = member(&only(drive::exchange(address, vec![drive::post("/v1/authorities", &body)])?)?, "id")?;
        let key = json!({"authority_id": authority, "name": "A reader", "kind": "person", "scopes": SCOPES,
            "expires_on": today + Days::new(300)});
        let key = member(&only(drive::exchange(address, vec![drive::post("/v1/api-keys", &key)])?)?, "key")?;
        Ok(Life { authority, key, requests: Vec::new() })
    };
    let mut lives = [made("Life without work")?, made("Life with work")?];
    let received_on = today - Days::new(14);
    let requests = (0..REQUESTS).flat_map(|_| {
        lives.each_ref().map(|life| drive::post("/v1/requests", &load::request(&life.authority, received_on, "foia")))
    });
    for text in drive::exchange(address, requests.collect())? {
        let (authority, id) = (member(&text, "authority_id")?, member(&text, "id")?);
        lives.iter_mut().filter(|life| life.authority == authority).for_each(|life| life.requests.push(id.clone()));
    }
    let [_, working] = &lives;
    let below = |id: &str, resource: &str| format!("/v1/requests/{id}/{resource}");
    for number in 0..DRAFTS {
        let drafts = working
            .requests
            .iter()
            .map(|id| drive::post(&below(id, "responses"), &load::answer("foia", number as u64)));
        drive::exchange(address, drafts.collect())?;
        let record =
            json!({"label": number.to_string(), "title": "A file", "parts": ["1", "2"], "disposition": "withheld"});
        let records = working.requests.iter().map(|id| drive::post(&below(id, "records"), &record));
        drive::exchange(address, records.collect())?;
    }
    let [plain, working] = &lives;
    let both = plain.requests.iter().zip(&working.requests).flat_map(|(one, other)| [one, other]);
    let letters = both.map(|id| drive::post(&below(id, "responses"), &letter(today)));
    drive::exchange(address, letters.collect())?;
    Ok(lives)
}

/// A letter that neither confirms nor denies, for all four parts.
fn letter(issued_on: NaiveDate) -> Value {
    let determinations: Vec<Value> = (1..=4)
        .map(|part| {
            json!({"part": part.to_string(), "outcome": "neither_confirmed_nor_denied", "grounds": [{
                "provision": "31(3)", "threshold": "would_be_likely",
                "relies_on": [{"provision": "31(1)(a)", "threshold": "would_be_likely"}],
                "reasons": "To say either would show where policing does or does not look.",
                "consistency_reasons": "Like requests get the same answer whatever the facts."}]})
        })
        .collect();
    json!({"kind": "initial", "record_as": "sent", "issued_on": issued_on, "determinations": determinations,
        "particulars": {"internal_review": "stated", "regulator": "stated"}})
}

impl Life {
    /// What the key reads: its requests with what is below them, lists, figures.
    fn plan(&self, today: NaiveDate) -> Plan {
        let below = ["", "/clock", "/timeline", "/responses", "/compliance", "/precedents"];
        let of_requests = self.requests.iter().flat_map(|id| below.map(|below| format!("/v1/requests/{id}{below}")));
        let days = format!("start_on={}&end_on={today}", today - Days::new(365));
        // Short lists: one long answer more or less in a turn would outweigh the rest.
        let of_all = [
            "/v1/requests?limit=2".to_owned(),
            "/v1/requests?status=responded&sort=-due_on&limit=2".to_owned(),
            "/v1/requests?topic=custody&limit=2".to_owned(),
            format!("/v1/metrics/outcomes?{days}"),
            format!("/v1/metrics/ncnd?{days}"),
        ];
        any(of_requests.chain(of_all).map(|path| drive::get_with(&self.key, &path)))
    }
}

fn only(mut bodies: Vec<String>) -> Outcome<String> {
    bodies.pop().ok_or_else(|| "no answer".into())
}

fn member(text: &str, name: &str) -> Outcome<String> {
    let document: Value = serde_json::from_str(text)?;
    Ok(document.get(name).and_then(Value::as_str).ok_or_else(|| format!("an answer without {name}"))?.to_owned())
}
