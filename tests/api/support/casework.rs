//! Builders of casework and readers of documents that several files of tests share.

use std::collections::HashMap;
use std::fmt::Write as _;

use serde_json::{Value, json};

use super::{Server, server::id};

/// The address of a request.
pub fn path(request: &str) -> String {
    format!("/v1/requests/{request}")
}

/// A part disclosed in full.
pub fn disclosed(part: &str) -> Value {
    json!({"part": part, "outcome": "disclosed", "explanation": "The document is attached."})
}

/// A part withheld under FOIA s31(1)(a), with everything that the checks ask for.
pub fn withheld(part: &str) -> Value {
    json!({"part": part, "outcome": "withheld", "grounds": [{
        "provision": "31(1)(a)", "threshold": "would_be_likely", "reasons": "It would help offenders to avoid detection.",
        "prejudice": {"interest": "The prevention of crime", "harm": "Fewer crimes would be prevented",
            "causal_link": "Offenders would know where not to go"}}],
      "public_interest_tests": [weighing("31(1)(a)")]})
}

/// A part neither confirmed nor denied under FOIA s31(3), with everything that the checks ask for.
pub fn ncnd(part: &str) -> Value {
    json!({"part": part, "outcome": "neither_confirmed_nor_denied", "grounds": [{
        "provision": "31(3)", "threshold": "would_be_likely",
        "relies_on": [{"provision": "31(1)(a)", "threshold": "would_be_likely"}],
        "reasons": "To say either would show where policing does or does not look.",
        "prejudice": {"interest": "The prevention of crime", "harm": "Fewer crimes would be prevented",
            "causal_link": "A yes and a no would each tell offenders where to go"},
        "consistency_reasons": "Like requests get the same answer whatever the facts."}],
      "public_interest_tests": [weighing("31(3)")]})
}

/// A public-interest test with factors on both sides that comes out for the ground.
pub fn weighing(provision: &str) -> Value {
    json!({"provisions": [provision], "factors_for": [{"text": "Openness"}], "factors_against": [{"text": "Effective policing"}],
        "balance": "maintain"})
}

/// A response with both particulars: a draft until [`sent`] makes it a letter.
pub fn draft(determinations: &[Value]) -> Value {
    json!({"kind": "initial", "particulars": {"internal_review": "stated", "regulator": "stated"}, "determinations": determinations})
}

/// A response as a letter that was sent on a day.
pub fn sent(issued_on: &str, determinations: &[Value]) -> Value {
    with(draft(determinations), &json!({"record_as": "sent", "issued_on": issued_on}))
}

/// The document with the members of another.
pub fn with(mut document: Value, members: &Value) -> Value {
    for (name, value) in members.as_object().unwrap() {
        document[name] = value.clone();
    }
    document
}

/// The document without some of its members.
pub fn without(mut document: Value, members: &[&str]) -> Value {
    for name in members {
        document.as_object_mut().unwrap().remove(*name);
    }
    document
}

/// Records an event and gives its document.
#[track_caller]
pub fn record(server: &Server, request: &str, resource: &str, body: Value) -> Value {
    server.post(&format!("{}/{resource}", path(request)), &body).expect(201)
}

/// Records a question, and gives its id.
#[track_caller]
pub fn ask(server: &Server, request: &str, asked_on: &str) -> String {
    id(&record(server, request, "clarifications", json!({"asked_on": asked_on})))
}

#[track_caller]
pub fn answer(server: &Server, request: &str, question: &str, answered_on: &str) -> Value {
    record(server, request, &format!("clarifications/{question}/answer"), json!({"answered_on": answered_on}))
}

#[track_caller]
pub fn void(server: &Server, request: &str, resource: &str, event: &str) -> Value {
    record(server, request, &format!("{resource}/{event}/void"), json!({"reason": "Recorded on the wrong request."}))
}

#[track_caller]
pub fn extend(server: &Server, request: &str, kind: &str, notified_on: &str, estimated_on: &str) -> Value {
    let body = json!({"kind": kind, "notified_on": notified_on, "estimated_on": estimated_on, "grounds": ["31(1)(a)"], "reasons": "It is still being weighed.",
        "particulars": {"internal_review": "stated", "regulator": "stated"}});
    record(server, request, "extensions", body)
}

/// Records that the only part was answered.
#[track_caller]
pub fn respond(server: &Server, request: &str, issued_on: &str) -> Value {
    record(server, request, "responses", sent(issued_on, &[disclosed("1")]))
}

/// The request as it is read.
#[track_caller]
pub fn read(server: &Server, request: &str) -> Value {
    server.get(&path(request)).expect(200)
}

/// Everything that a request and its clock say, but for what numbers and dates the recording itself.
pub fn state(server: &Server, request: &str) -> (Value, String) {
    let document = without(read(server, request), &["id", "reference", "version", "created_at", "updated_at"]);
    (document, without_ids(&server.get(&format!("{}/clock", path(request))).text))
}

/// The problem names both occurrences by their kinds.
#[track_caller]
pub fn names_both(problem: &Value, one: &str, other: &str) {
    let detail = problem["detail"].as_str().unwrap();
    for kind in [one, other] {
        assert!(detail.contains(&format!("`{kind}`")), "{kind} in {detail}");
    }
}

/// The address of the responses of a request.
pub fn responses(request: &str) -> String {
    format!("{}/responses", path(request))
}

/// The address of one response.
pub fn address_of(response: &Value) -> String {
    format!("{}/{}", responses(response["request_id"].as_str().unwrap()), id(response))
}

/// Records a response and gives its document.
#[track_caller]
pub fn record_response(server: &Server, request: &str, response: &Value) -> Value {
    server.post(&responses(request), response).expect(201)
}

/// The clock of one part of a request.
#[track_caller]
pub fn clock_of(server: &Server, request: &str, label: &str) -> Value {
    let clock = server.get(&format!("{}/clock", path(request))).expect(200);
    let parts = clock["parts"].as_array().unwrap();
    parts.iter().find(|part| part["label"] == label).unwrap_or_else(|| panic!("no part {label} in {clock}")).clone()
}

/// A date of a part's clock by its kind, with the provision it rests on.
pub fn due_date(part_clock: &Value, kind: &str) -> Option<(String, String)> {
    let found = part_clock["due_dates"].as_array().unwrap().iter().find(|date| date["kind"] == kind)?;
    Some((found["due_on"].as_str().unwrap().to_owned(), found["provision"].as_str().unwrap().to_owned()))
}

/// The ids of findings, in their order.
pub fn finding_ids(findings: &Value) -> Vec<&str> {
    findings.as_array().unwrap().iter().map(|finding| finding["id"].as_str().unwrap()).collect()
}

/// The finding with this id.
#[track_caller]
pub fn finding<'a>(findings: &'a Value, id: &str) -> &'a Value {
    let found = findings.as_array().unwrap().iter().find(|finding| finding["id"] == id);
    found.unwrap_or_else(|| panic!("no finding {id} among {:?}", finding_ids(findings)))
}

/// A text with every UUID replaced by the order of its first appearance, and every instant by a word: what remains must
/// be the same for two histories that are the same.
pub fn without_ids(text: &str) -> String {
    let mut names: HashMap<String, usize> = HashMap::new();
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(next) = rest.chars().next() {
        if let Some(id) = rest.get(..36).filter(|piece| uuid::Uuid::try_parse(piece).is_ok()) {
            let number = names.len();
            let number = *names.entry(id.to_owned()).or_insert(number);
            let _ = write!(plain, "<id {number}>");
            rest = &rest[36..];
        } else if let Some(instant) = instant_at_start(rest) {
            plain.push_str("<instant>");
            rest = &rest[instant..];
        } else {
            plain.push(next);
            rest = &rest[next.len_utf8()..];
        }
    }
    plain
}

/// The length of an instant like `2026-06-30T12:00:00.000000Z` at the start of a text.
fn instant_at_start(text: &str) -> Option<usize> {
    let end = text.get(..40.min(text.len())).unwrap_or_default().find('Z')? + 1;
    text[..end].parse::<chrono::DateTime<chrono::Utc>>().ok().map(|_| end)
}

/// Calls `look` with every member of a document, however deep, and its pointer.
pub fn walk(document: &Value, look: &mut impl FnMut(&str, &str, &Value)) {
    walk_from(document, "", look);
}

fn walk_from(document: &Value, at: &str, look: &mut impl FnMut(&str, &str, &Value)) {
    match document {
        Value::Object(members) => {
            for (name, member) in members {
                let here = format!("{at}/{name}");
                look(&here, name, member);
                walk_from(member, &here, look);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                walk_from(item, &format!("{at}/{index}"), look);
            }
        }
        _ => {}
    }
}
