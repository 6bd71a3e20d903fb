//! The requests of each workload, ready to be sent.

use std::{net::SocketAddr, sync::Arc};

use chrono::{Datelike, NaiveDate};
use serde_json::{Value, json};

use crate::{
    Outcome,
    database::{Database, Target},
    drive::{self, Plan},
    load,
};

/// How many requests are read in turn.
const READ: usize = 20_000;
/// How many authorities' lists are read in turn.
const LISTED: usize = 25;

/// What there is in a database.
pub struct Material {
    pub ids: Vec<String>,
    pub authorities: Vec<String>,
    pub today: NaiveDate,
}

impl Material {
    pub fn of(target: &Target) -> Outcome<Self> {
        let mut database = Database::open(target)?;
        // Identifiers are random, so the first are a sample of all.
        let ids = database.texts(&format!("SELECT id AS value FROM requests ORDER BY id LIMIT {READ}"))?;
        let pattern = load::PATTERN_AUTHORITY;
        let authorities =
            database.texts(&format!("SELECT id AS value FROM authorities WHERE name <> '{pattern}' ORDER BY id"))?;
        Ok(Self { ids, authorities, today: candour::clock::Clock::system().today().0 })
    }

    pub fn read(&self) -> Plan {
        any(self.ids.iter().map(|id| drive::get(&format!("/v1/requests/{id}"))))
    }

    /// The fifty that are due first, of those that are open.
    pub fn most_urgent(&self) -> Plan {
        any(self.authorities.iter().take(LISTED).map(|id| drive::get(&list(id, ""))))
    }

    /// The last full page of the same list.
    pub fn most_urgent_at_depth(&self, address: SocketAddr) -> Outcome<Plan> {
        let mut pages = Vec::new();
        for authority in self.authorities.iter().take(LISTED) {
            let (mut path, mut last_full) = (list(authority, ""), None);
            loop {
                let page: Value = document(&drive::exchange(address, vec![drive::get(&path)])?)?;
                let Some(cursor) = page.get("next_cursor").and_then(Value::as_str) else { break };
                last_full = Some(std::mem::replace(&mut path, list(authority, &format!("&cursor={cursor}"))));
            }
            pages.extend(last_full);
        }
        if pages.is_empty() {
            return Err("no list has a second page: load more requests".into());
        }
        Ok(any(pages.iter().map(|path| drive::get(path))))
    }

    /// Timeliness of the last whole year, by quarter.
    pub fn timeliness(&self) -> Plan {
        let year = self.today.year() - 1;
        any(self.authorities.iter().take(LISTED).map(|id| {
            drive::get(&format!(
                "/v1/metrics/timeliness?authority_id={id}&start_on={year}-01-01&end_on={year}-12-31\
                 &basis=received&group_by=quarter"
            ))
        }))
    }

    /// A question about one authority, asked of some in turn.
    pub fn of_authorities(&self, path: &str) -> Plan {
        any(self.authorities.iter().take(LISTED).map(|id| drive::get(&format!("{path}&authority_id={id}"))))
    }

    pub fn create(&self) -> Plan {
        any(self.authorities.iter().map(|id| drive::post("/v1/requests", &load::request(id, self.today, "foia"))))
    }

    /// Records requests and drafts that answer them; the plan issues each once.
    pub fn issue(&self, address: SocketAddr, count: usize) -> Outcome<Plan> {
        let requests = self.authorities.iter().cycle().take(count);
        let requests = requests.map(|id| drive::post("/v1/requests", &load::request(id, self.today, "foia"))).collect();
        let mut drafts = Vec::new();
        for (text, variant) in drive::exchange(address, requests)?.iter().zip(0..) {
            let id = member(text, "id")?;
            drafts.push(drive::post(&format!("/v1/requests/{id}/responses"), &load::answer("foia", variant)));
        }
        let mut issues = Vec::new();
        for text in drive::exchange(address, drafts)? {
            let (request, id) = (member(&text, "request_id")?, member(&text, "id")?);
            issues.push(drive::post(
                &format!("/v1/requests/{request}/responses/{id}/issue"),
                &json!({"issued_on": self.today}),
            ));
        }
        Ok(Plan::Each(Arc::new(issues)))
    }
}

/// The same number of bytes, without a database. A POST brings the same body.
pub fn constant(bytes: usize, posted: Option<&Value>) -> Plan {
    let path = format!("/constant/{bytes}");
    any(std::iter::once(posted.map_or_else(|| drive::get(&path), |body| drive::post(&path, body))))
}

pub fn any(requests: impl Iterator<Item = Vec<u8>>) -> Plan {
    Plan::Any(Arc::new(requests.collect()))
}

fn list(authority: &str, more: &str) -> String {
    format!("/v1/requests?authority_id={authority}&status=open&sort=due_on&limit=50{more}")
}

fn document(bodies: &[String]) -> Outcome<Value> {
    Ok(serde_json::from_str(bodies.first().ok_or("no answer")?)?)
}

fn member(text: &str, name: &str) -> Outcome<String> {
    let document: Value = serde_json::from_str(text)?;
    Ok(document.get(name).and_then(Value::as_str).ok_or("an answer without an id")?.to_owned())
}
