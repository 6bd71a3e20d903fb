//! `as_at` over HTTP: the figure of a day is that of casework which only ever received what took effect by that day.

use std::collections::BTreeMap;

use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
use serde_json::{Value, json};

use crate::{
    on_both,
    support::{
        Client, Server,
        casework::without,
        cohort::{Story, record_all, record_possible},
        keys::{LAST_DAY, made},
    },
};

const REQUESTS: usize = 80;
const DAYS: [&str; 4] = ["2024-01-31", "2024-03-15", "2024-05-01", "2024-09-30"];
/// The steps that histories are made of, and the member of each that says on which day it was taken. A correction of the
/// receipt is of no day.
const STEPS: [(&str, &str); 19] = [
    ("clarifications", "asked_on"),
    ("clarifications/{}/answer", "answered_on"),
    ("extensions", "notified_on"),
    ("fee-notices", "given_on"),
    ("fee-notices/{}/payment", "paid_on"),
    ("responses", "issued_on"),
    ("withdrawal", "withdrawn_on"),
    ("transfers", "transferred_on"),
    ("lapse", "lapsed_on"),
    ("reopening", "received_on"),
    ("receipt-corrections", ""),
    ("reviews", "requested_on"),
    ("reviews/{}/decision", "decided_on"),
    ("complaints", "made_on"),
    ("complaints/{}/decision-notices", "sent_on"),
    ("complaints/{}/decision-notices/{}/compliance", "complied_on"),
    ("complaints/{}/appeals", "made_on"),
    ("complaints/{}/appeals/{}/decision", "decided_on"),
    ("complaints/{}/outcome", "ended_on"),
];

/// What follows upon each other before a request is answered.
const BEFORE: [&[&str]; 8] = [
    &["clarifications", "clarifications/{}/answer"],
    &["clarifications", "lapse", "reopening"],
    &["fee-notices", "fee-notices/{}/payment"],
    &["fee-notices", "lapse"],
    &["extensions"],
    &["withdrawal", "reopening"],
    &["transfers"],
    &["receipt-corrections"],
];
/// What follows upon each other afterwards.
const AFTER: [&[&str]; 4] = [
    &["reviews", "reviews/{}/decision"],
    &["complaints", "complaints/{}/decision-notices", "complaints/{}/decision-notices/{}/compliance"],
    &["complaints", "complaints/{}/decision-notices", "complaints/{}/appeals", "complaints/{}/appeals/{}/decision"],
    &["complaints", "complaints/{}/outcome"],
];

fn member_of(resource: &str) -> &'static str {
    STEPS.iter().find(|(other, _)| *other == resource).unwrap().1
}

fn day(number: u32) -> String {
    let first: chrono::NaiveDate = "2024-01-01".parse().unwrap();
    (first + chrono::Days::new(number.into())).to_string()
}

/// What a step says beside its day. A letter answers `part`; `chance` decides what else is left open.
fn body(resource: &str, regime: &str, at: u32, part: &str, chance: u8) -> Value {
    let ncnd = if regime == "foia" { "31(3)" } else { "10(8)" };
    let result = ["position_maintained", "partly_changed", "overturned"][usize::from(chance % 3)];
    let ground = json!([{"provision": ncnd}]);
    match resource {
        "extensions" => {
            let kind = if regime == "foia" { "public_interest" } else { "complexity_and_volume" };
            json!({"kind": kind, "estimated_on": day(at + 30), "grounds": ["31(1)(a)"]})
        }
        "fee-notices" => json!({"amount": "10.00"}),
        "responses" => {
            let outcome = if part == "1" { "partly_disclosed" } else { "neither_confirmed_nor_denied" };
            json!({"kind": "initial", "record_as": "sent",
                "determinations": [{"part": part, "outcome": outcome, "grounds": ground}]})
        }
        "transfers" => {
            json!({"transferred_to": "Another council", "parts": [if chance.is_multiple_of(2) { "1" } else { "2" }]})
        }
        "receipt-corrections" => json!({"received_on": day(at.saturating_sub(2)), "reason": "Misread"}),
        "reviews/{}/decision" => json!({"results": [{"part": "1", "result": result}, {"part": "2", "result": result}]}),
        "complaints/{}/decision-notices" => json!({
            "findings": [{"provision": "10(1)", "finding": "breach"}, {"provision": ncnd, "parts": ["2"], "finding": "not_engaged"}],
            "steps": [{"text": "Answer."}],
            "steps_period": {"days": 20, "unit": "calendar_days", "runs_from_on": day(at)}}),
        "complaints/{}/appeals" => json!({"tribunal": "first_tier", "made_by": "authority"}),
        "complaints/{}/appeals/{}/decision" => {
            json!({"outcome": if chance.is_multiple_of(2) { "allowed" } else { "dismissed" }})
        }
        "complaints/{}/outcome" => json!({"outcome": "withdrawn"}),
        _ => json!({}),
    }
}

prop_compose! {
    /// A request of two parts and what may befall it before it is answered and afterwards, each step some days after the last.
    /// What is impossible then does not happen.
    fn history()(
        received in 2..90_u32,
        regime in proptest::sample::select(&["foia", "eir", "foisa", "eisr"][..]),
        before in proptest::collection::vec(proptest::sample::select(&BEFORE[..]), 0..3),
        mut unanswered in proptest::sample::subsequence(vec!["2", "1"], 0..=2),
        after in proptest::collection::vec(proptest::sample::select(&AFTER[..]), 0..4),
        more in proptest::collection::vec((0..25_u32, any::<u8>()), 20),
    ) -> Story {
        let mut story = Story::new(regime, &day(received)).parts(&["1", "2"]);
        let mut at = received;
        let letters = vec!["responses"; unanswered.len()];
        let steps = [before.concat(), letters, after.concat()].concat();
        for (resource, (pause, chance)) in steps.into_iter().zip(more) {
            at += pause;
            let corrects = resource == "receipt-corrections";
            let part = if resource == "responses" { unanswered.pop() } else { None };
            let mut body = body(resource, regime, if corrects { received } else { at }, part.unwrap_or("1"), chance);
            if !corrects {
                body[member_of(resource)] = json!(day(at));
            }
            story = story.step(resource, body);
        }
        story
    }
}

/// What had happened by the end of a day. A corrected receipt holds for every day.
fn cut(story: &Story, last: &str) -> Option<Story> {
    let happened = |(resource, body): &&(&'static str, Value)| {
        *resource == "receipt-corrections" || body[member_of(resource)].as_str().unwrap() <= last
    };
    let corrected = story.steps.iter().rfind(|(resource, _)| *resource == "receipt-corrections");
    let received = corrected.map_or(&story.request["received_on"], |(_, body)| &body["received_on"]);
    let steps = story.steps.iter().filter(happened).cloned().collect();
    (received.as_str().unwrap() <= last).then(|| Story { request: story.request.clone(), steps })
}

/// Everything that can be asked of an authority as at a day, but for what it and its requests are called.
fn figures(client: &Client, authority: &str, as_at: &str) -> Vec<(String, Value)> {
    let days = "start_on=2024-01-01&end_on=2024-06-30";
    let metrics = ["outcomes", "provisions", "ncnd", "reviews", "regulator"];
    let timeliness = ["received", "closed", "due"].map(|basis| format!("timeliness?basis={basis}"));
    let mut questions: Vec<String> = vec!["metrics/workload?".to_owned()];
    for asked in timeliness.iter().cloned().chain(metrics.map(|metric| format!("{metric}?"))) {
        questions.push(format!("metrics/{asked}&{days}&group_by=month"));
        questions.push(format!("metrics/comparison?metric={}&{days}", asked.replace('?', "&")));
    }
    questions.push(format!("metrics/comparison?metric=workload&{days}"));
    for kind in ["code-part-8", "cabinet-office", "scottish-commissioner", "commissioner-self-assessment"] {
        questions.extend(["2024-Q1", "2024"].map(|period| format!("returns/{kind}?period={period}")));
    }
    let asked = questions.into_iter().map(|question| {
        let own = if question.contains("comparison") { String::new() } else { format!("&authority_id={authority}") };
        let found = client.get(&format!("/v1/{question}&as_at={as_at}{own}")).expect(200);
        (question, nameless(without(found, &["authority_id"])))
    });
    asked.collect()
}

fn nameless(mut answer: Value) -> Value {
    for list in ["/rows/0/oldest", "/document/overdue", "/authorities"] {
        for one in answer.pointer_mut(list).and_then(Value::as_array_mut).into_iter().flatten() {
            *one = without(one.clone(), &["request_id", "reference", "authority_id", "name"]);
        }
    }
    for column in answer.pointer_mut("/document/columns").and_then(Value::as_array_mut).into_iter().flatten() {
        if ["authority", "Government body", "Name", "Id"].contains(&column["heading"].as_str().unwrap()) {
            *column = Value::Null;
        }
    }
    answer
}

fn cleared(server: &Server, authority: &str) -> Client {
    let wanted = json!({"authority_id": authority, "name": "Figures", "kind": "person", "scopes": ["metrics:read", "ncnd:read"],
        "expires_on": LAST_DAY});
    server.with_key(made(server, &wanted)["key"].as_str().unwrap())
}

on_both! {
    fn a_day_is_seen_as_it_was(server) {
        let mut runner = TestRunner::deterministic();
        let whole = server.authority("Whole");
        let client = cleared(server, &whole);
        let histories: Vec<Story> = std::iter::repeat_with(|| history().new_tree(&mut runner).unwrap().current())
            .take(REQUESTS)
            .map(|story| record_possible(&server.client, &whole, story))
            .collect();
        let mut taken: BTreeMap<&str, usize> = STEPS.iter().map(|(resource, _)| (*resource, 0)).collect();
        for (resource, _) in histories.iter().flat_map(|story| &story.steps) {
            *taken.entry(resource).or_default() += 1;
        }
        assert!(taken.values().all(|times| *times > 1), "{taken:?}");
        let mut counted = Vec::new();
        for last in DAYS {
            let authority = server.authority(&format!("Until {last}"));
            let cut: Vec<Story> = histories.iter().filter_map(|story| cut(story, last)).collect();
            record_all(server, &authority, &cut);
            let (then, only) = (figures(&client, &whole, last), figures(&cleared(server, &authority), &authority, last));
            for (then, only) in then.iter().zip(&only) {
                assert_eq!(then, only, "as at {last}");
            }
            counted.push(then[0].1["rows"][0]["open"].as_u64().unwrap());
        }
        assert!(counted.iter().all(|open| *open > 5), "{counted:?}");
    }
}
