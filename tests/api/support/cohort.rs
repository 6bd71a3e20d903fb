//! Many requests at once: what a published row counts, recorded over HTTP by several clients.

use std::{
    collections::HashMap,
    sync::atomic::{AtomicUsize, Ordering},
};

use candour::law::{
    Date,
    calendar::{CalendarId, Calendars},
};
use serde_json::{Value, json};

use super::{Answer, Client, Server, server::id};

/// How many clients record at once.
const CLIENTS: usize = 8;

/// A request, and what happens to it afterwards: resource and body. In a resource `{}` stands for what was made last at the
/// address before it.
#[derive(Debug, Clone)]
pub struct Story {
    pub request: Value,
    pub steps: Vec<(&'static str, Value)>,
}

impl Story {
    /// A request with one part.
    pub fn new(regime: &str, received_on: &str) -> Self {
        let request = json!({"regime": regime, "received_on": received_on, "subject": "A subject"});
        Self { request, steps: Vec::new() }
    }

    pub fn step(mut self, resource: &'static str, body: Value) -> Self {
        self.steps.push((resource, body));
        self
    }

    /// With these parts.
    pub fn parts(mut self, labels: &[&str]) -> Self {
        let parts: Vec<Value> = labels.iter().map(|label| json!({"label": label, "text": "A question"})).collect();
        self.request["parts"] = json!(parts);
        self
    }

    /// A letter of a day that answers its only part.
    pub fn answered(self, issued_on: &str, outcome: &str, grounds: &[&str]) -> Self {
        self.letter(issued_on, "1", outcome, grounds)
    }

    /// A letter of a day that withholds its only part on one of these grounds, without saying on which.
    pub fn withheld_in_the_alternative(self, issued_on: &str, grounds: [&str; 2]) -> Self {
        let member = |provision| json!({"provision": provision, "alternative_group": "either"});
        self.letter_on(issued_on, "1", "withheld", &grounds.map(member))
    }

    /// A letter of a day that answers one part.
    pub fn letter(self, issued_on: &str, part: &str, outcome: &str, grounds: &[&str]) -> Self {
        let grounds: Vec<Value> = grounds.iter().map(|provision| json!({"provision": provision})).collect();
        self.letter_on(issued_on, part, outcome, &grounds)
    }

    fn letter_on(self, issued_on: &str, part: &str, outcome: &str, grounds: &[Value]) -> Self {
        let letter = json!({"kind": "initial", "record_as": "sent", "issued_on": issued_on,
            "determinations": [{"part": part, "outcome": outcome, "grounds": grounds}]});
        self.step("responses", letter)
    }

    pub fn extended(self, kind: &str, notified_on: &str, estimated_on: &str, grounds: &[&str]) -> Self {
        let body = json!({"kind": kind, "notified_on": notified_on, "estimated_on": estimated_on, "grounds": grounds});
        self.step("extensions", body)
    }

    pub fn withdrawn(self, on: &str) -> Self {
        self.step("withdrawal", json!({"withdrawn_on": on}))
    }

    pub fn asked(self, on: &str) -> Self {
        self.step("clarifications", json!({"asked_on": on}))
    }
}

/// Records the stories for one authority. Their order does not matter.
pub fn record_all(server: &Server, authority: &str, stories: &[Story]) {
    by_several_clients(stories, |story| record(&server.client, authority, story));
}

/// Records past cases whole, each in one call. Their order does not matter.
pub fn record_histories(server: &Server, histories: &[Value]) {
    by_several_clients(histories, |history| drop(server.client.post("/v1/case-histories", history).expect(201)));
}

fn by_several_clients<T: Sync>(all: &[T], record: impl Fn(&T) + Sync) {
    let next = AtomicUsize::new(0);
    std::thread::scope(|threads| {
        for _ in 0..CLIENTS {
            threads.spawn(|| {
                while let Some(one) = all.get(next.fetch_add(1, Ordering::Relaxed)) {
                    record(one);
                }
            });
        }
    });
}

fn record(client: &Client, authority: &str, story: &Story) {
    let (request, mut made) = (receive(client, authority, story), HashMap::new());
    for (resource, body) in &story.steps {
        let step = take(client, &request, &mut made, resource, body);
        step.unwrap_or_else(|| panic!("{resource} of nothing")).expect(201);
    }
}

/// Records a story as far as it can have been, and tells that: a step that is refused, since it is impossible after those
/// before it, did not happen.
pub fn record_possible(client: &Client, authority: &str, mut story: Story) -> Story {
    let (request, mut made) = (receive(client, authority, &story), HashMap::new());
    story.steps.retain(|(resource, body)| match take(client, &request, &mut made, resource, body) {
        Some(answer) if [409, 422].contains(&answer.status) => false,
        Some(answer) => answer.expect(201).is_object(),
        None => false,
    });
    story
}

fn receive(client: &Client, authority: &str, story: &Story) -> String {
    let mut request = story.request.clone();
    request["authority_id"] = json!(authority);
    id(&client.post("/v1/requests", &request).expect(201))
}

/// Takes one step; nothing when what it belongs to was not `made`.
fn take(
    client: &Client,
    request: &str,
    made: &mut HashMap<&'static str, String>,
    resource: &'static str,
    body: &Value,
) -> Option<Answer> {
    let mut address = format!("/v1/requests/{request}/");
    let mut taken = 0;
    for (at, _) in resource.match_indices("/{}") {
        address = format!("{address}{}/{}", &resource[taken..at], made.get(&resource[..at])?);
        taken = at + "/{}".len();
    }
    let answer = client.post(&(address + &resource[taken..]), body);
    if let Some(id) = answer.json()["id"].as_str() {
        made.insert(resource, id.to_owned());
    }
    Some(answer)
}

/// The day so many working days after another, under FOIA and EIR.
pub fn later(day: &str, working_days: u32) -> String {
    let day: Date = day.parse().unwrap();
    Calendars::embedded().get(CalendarId::UkAny).working_day_after(day, working_days).to_string()
}

/// The same under FOISA and the EI(S)Rs.
pub fn later_in_scotland(day: &str, working_days: u32) -> String {
    let day: Date = day.parse().unwrap();
    Calendars::embedded().get(CalendarId::Scotland).working_day_after(day, working_days).to_string()
}

/// The return of this kind, as a document.
#[track_caller]
pub fn read_return(server: &Server, authority: &str, kind: &str, period: &str, as_at: &str) -> Value {
    let address = format!("/v1/returns/{kind}?period={period}&as_at={as_at}&authority_id={authority}");
    server.get(&address).expect(200)["document"].clone()
}

/// The cell under a heading, as it is published.
#[track_caller]
pub fn cell<'a>(document: &'a Value, heading: &str) -> &'a str {
    let found = document["columns"].as_array().unwrap().iter().find(|column| column["heading"] == heading);
    found.unwrap_or_else(|| panic!("no column {heading}"))["published"].as_str().unwrap()
}

/// The cells under headings, as numbers.
#[track_caller]
pub fn cells<const N: usize>(document: &Value, headings: [&str; N]) -> [u32; N] {
    headings.map(|heading| cell(document, heading).parse().unwrap_or_else(|_| panic!("{heading} is no number")))
}
