//! `as_at` over HTTP: the figure of a day is that of casework which only ever received what took effect by that day.

use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
use serde_json::{Value, json};

use crate::{
    on_both,
    support::{
        Server,
        casework::without,
        cohort::{Story, record_all},
    },
};

const REQUESTS: usize = 60;
const DAYS: [&str; 4] = ["2024-01-31", "2024-03-15", "2024-05-01", "2024-09-30"];

fn day(number: u32) -> String {
    let first: chrono::NaiveDate = "2024-01-01".parse().unwrap();
    (first + chrono::Days::new(number.into())).to_string()
}

prop_compose! {
    /// A request of two parts and what may befall it, each step some days after the last; an ending ends it.
    fn history()(
        received in 0..90_u32,
        regime in proptest::sample::select(&["foia", "eir", "foisa", "eisr"][..]),
        steps in proptest::collection::vec((0..7_u8, 0..40_u32), 0..5),
    ) -> Story {
        let mut story = Story::new(regime, &day(received)).parts(&["1", "2"]);
        let (mut at, mut ended, mut answered) = (received, false, [false, false]);
        for (kind, pause) in steps {
            at += pause;
            let on = day(at);
            if ended {
                break;
            }
            story = match kind {
                0 if !answered.contains(&true) => story.asked(&on),
                1 if !answered.contains(&true) => story.extended(if regime == "foia" { "public_interest" } else { "complexity_and_volume" }, &on, &day(at + 30), &["31(1)(a)"]),
                2 => {
                    ended = true;
                    story.withdrawn(&on)
                }
                3 if !answered.contains(&true) => story.step("fee-notices", json!({"given_on": on, "amount": "10.00"})),
                4 | 5 => {
                    let part = usize::from(kind) - 4;
                    if std::mem::replace(&mut answered[part], true) {
                        story
                    } else {
                        let outcome = if part == 0 { "partly_disclosed" } else { "neither_confirmed_nor_denied" };
                        story.letter(&on, ["1", "2"][part], outcome, &[if regime == "foia" { "31(3)" } else { "10(8)" }])
                    }
                }
                _ => story,
            };
        }
        story
    }
}

/// What had happened by the end of a day.
fn cut(story: &Story, last: &str) -> Option<Story> {
    let happened = |body: &Value| {
        let days = ["asked_on", "notified_on", "withdrawn_on", "given_on", "issued_on"];
        days.iter().find_map(|name| body[*name].as_str()).unwrap() <= last
    };
    let steps = story.steps.iter().filter(|(_, body)| happened(body)).cloned().collect();
    (story.request["received_on"].as_str().unwrap() <= last).then(|| Story { request: story.request.clone(), steps })
}

/// Everything that can be asked of an authority as at a day, but for what its requests are called.
fn figures(server: &Server, authority: &str, as_at: &str) -> Vec<Value> {
    let days = "start_on=2024-01-01&end_on=2024-06-30&group_by=month";
    let mut questions: Vec<String> =
        ["received", "closed", "due"].map(|basis| format!("metrics/timeliness?{days}&basis={basis}")).to_vec();
    questions.extend(["outcomes", "provisions", "ncnd"].map(|metric| format!("metrics/{metric}?{days}")));
    questions.push("metrics/workload?".to_owned());
    for kind in ["code-part-8", "cabinet-office", "scottish-commissioner", "commissioner-self-assessment"] {
        questions.extend(["2024-Q1", "2024"].map(|period| format!("returns/{kind}?period={period}")));
    }
    let asked = questions.iter().map(|question| {
        let mut answer = without(
            server.get(&format!("/v1/{question}&as_at={as_at}&authority_id={authority}")).expect(200),
            &["authority_id"],
        );
        for list in ["/rows/0/oldest", "/document/overdue"] {
            for one in answer.pointer_mut(list).and_then(Value::as_array_mut).into_iter().flatten() {
                *one = without(one.clone(), &["request_id", "reference"]);
            }
        }
        for column in answer.pointer_mut("/document/columns").and_then(Value::as_array_mut).into_iter().flatten() {
            if ["authority", "Government body", "Name", "Id"].contains(&column["heading"].as_str().unwrap()) {
                *column = Value::Null;
            }
        }
        answer
    });
    asked.collect()
}

on_both! {
    fn a_day_is_seen_as_it_was(server) {
        let mut runner = TestRunner::deterministic();
        let histories: Vec<Story> =
            std::iter::repeat_with(|| history().new_tree(&mut runner).unwrap().current()).take(REQUESTS).collect();
        let whole = server.authority("Whole");
        record_all(server, &whole, &histories);
        let mut counted = Vec::new();
        for last in DAYS {
            let authority = server.authority(&format!("Until {last}"));
            let cut: Vec<Story> = histories.iter().filter_map(|story| cut(story, last)).collect();
            record_all(server, &authority, &cut);
            let (then, only) = (figures(server, &whole, last), figures(server, &authority, last));
            for (then, only) in then.iter().zip(&only) {
                assert_eq!(then, only, "as at {last}");
            }
            counted.push(then[6]["rows"][0]["open"].as_u64().unwrap());
        }
        assert!(counted.iter().all(|open| *open > 5), "{counted:?}");
    }
}
