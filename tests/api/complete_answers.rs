//! The day on which an answer is complete, in every figure that goes by it: that of the last answer, or of a later end of
//! another part.

use serde_json::{Value, json};

use crate::{
    on_both,
    support::{
        Server,
        cohort::{Story, cells, read_return, record_all},
    },
};

/// Received on 8 January 2024 and due on 5 February: of two parts the first was answered on 22 January.
fn half_answered(regime: &str, outcome: &str, grounds: &[&str]) -> Story {
    Story::new(regime, "2024-01-08").parts(&["1", "2"]).letter("2024-01-22", "1", outcome, grounds)
}

/// The second part was asked about and then withdrawn, in the next quarter.
fn complete_in_april(regime: &str, outcome: &str, grounds: &[&str]) -> Story {
    half_answered(regime, outcome, grounds)
        .step("clarifications", json!({"asked_on": "2024-01-24", "parts": ["2"]}))
        .step("withdrawal", json!({"withdrawn_on": "2024-04-15", "parts": ["2"]}))
}

fn withdrawn(story: Story, on: &str) -> Story {
    story.step("withdrawal", json!({"withdrawn_on": on, "parts": ["2"]}))
}

const FIRST: &str = "start_on=2024-01-01&end_on=2024-03-31";
const SECOND: &str = "start_on=2024-04-01&end_on=2024-06-30";

#[track_caller]
fn row(server: &Server, authority: &str, question: &str) -> Value {
    server.get(&format!("/v1/metrics/{question}&authority_id={authority}")).expect(200)["rows"][0].clone()
}

/// The self-assessment: closed, of these in time, and open at the end.
fn assessed(server: &Server, authority: &str, period: &str, as_at: &str) -> [u32; 3] {
    let document = read_return(server, authority, "commissioner-self-assessment", period, as_at);
    cells(&document, ["closed", "closed_in_time", "open_end"])
}

on_both! {
    fn an_answered_request_is_in_one_quarter_of_each_return(server) {
        let authority = server.authority("Council");
        record_all(server, &authority, &[complete_in_april("foia", "disclosed", &[]), complete_in_april("foisa", "disclosed", &[])]);
        let quarters = ["2024-Q1", "2024-Q2", "2024-Q3", "2024"].map(|period| assessed(server, &authority, period, "2025-01-31"));
        assert_eq!(quarters, [[0, 0, 1], [1, 1, 0], [0, 0, 0], [1, 1, 0]]);
        let scottish = |period: &str, as_at: &str| {
            let document = read_return(server, &authority, "scottish-commissioner", period, as_at);
            cells(&document, ["FOISA response on time", "FOISA - full release"])
        };
        assert_eq!(scottish("2024-Q1", "2024-04-02"), [0, 1]);
        assert_eq!(scottish("2024-Q1", "2024-07-02"), [0, 1], "a later look changes nothing");
        assert_eq!(scottish("2024-Q2", "2024-07-02"), [1, 0]);
        let closed = |period: &str| {
            let document = read_return(server, &authority, "code-part-8", period, "2024-07-02");
            cells(&document, ["closed_denominator", "closed_in_time"])
        };
        assert_eq!(["2024-Q1", "2024-Q2"].map(closed), [[0, 0], [1, 1]]);
    }

    fn every_metric_of_what_was_closed_goes_by_the_day_of_the_returns(server) {
        let authority = server.authority("Council");
        let stories = [complete_in_april("foia", "disclosed", &[]), complete_in_april("foia", "neither_confirmed_nor_denied", &["31(3)"])];
        record_all(server, &authority, &stories);
        let counted = |days: &str, as_at: &str| {
            let of = |metric: &str| row(server, &authority, &format!("{metric}&{days}&as_at={as_at}"));
            let ncnd = of("ncnd?");
            json!([of("timeliness?basis=closed")["in_time"]["numerator"], of("outcomes?")["requests_answered"], ncnd["requests_with_ncnd"]["numerator"], ncnd["requests_with_ncnd"]["denominator"]])
        };
        for as_at in ["2024-03-31", "2024-04-14", "2024-04-15", "2024-09-30"] {
            assert_eq!(counted(FIRST, as_at), json!([0, 0, 0, 0]), "{as_at}");
        }
        assert_eq!(counted(SECOND, "2024-04-14"), json!([0, 0, 0, 0]));
        assert_eq!(counted(SECOND, "2024-04-15"), json!([2, 2, 1, 2]));
        assert_eq!(counted(SECOND, "2024-09-30"), json!([2, 2, 1, 2]));
        // The quarter is forecast by what its return will count.
        let forecasts = row(server, &authority, "workload?as_at=2024-04-20")["forecasts"].clone();
        let closed = forecasts.as_array().unwrap().iter().find(|one| one["basis"] == "closed").unwrap();
        assert_eq!((&closed["in_time"]["numerator"], &closed["in_time"]["denominator"]), (&json!(2), &json!(2)));
        assert_eq!(assessed(server, &authority, "2024-Q2", "2024-04-20"), [2, 2, 0]);
    }

    fn ncnd_by_topic_counts_the_answer_in_the_quarter_in_which_it_became_complete(server) {
        let authority = server.authority("Force");
        let on_topic = |mut story: Story| {
            story.request["topics"] = json!(["covert-policing"]);
            story
        };
        let mut stories: Vec<Story> = (0..12).map(|_| on_topic(complete_in_april("foia", "neither_confirmed_nor_denied", &["31(3)"]))).collect();
        // The topic has a row by what was answered otherwise.
        stories.extend(["2024-01-15", "2024-04-22"].map(|day| on_topic(Story::new("foia", day).answered(day, "disclosed", &[]))));
        record_all(server, &authority, &stories);
        let told = |period: &str| {
            let rows = server.get(&format!("/v1/metrics/ncnd-by-topic?period={period}&authority_id={authority}")).expect(200)["rows"].clone();
            let of_topic = rows.as_array().unwrap().iter().find(|row| row["topic"] == "covert-policing").unwrap().clone();
            (of_topic["requests_with_ncnd"].clone(), of_topic["suppressed"].clone())
        };
        assert_eq!(told("2024-Q1"), (json!(0), json!(false)));
        assert_eq!(told("2024-Q2"), (json!(12), json!(false)));
        let redress = row(server, &authority, &format!("ncnd?{SECOND}"))["redress"]["maintained_at_review"].clone();
        assert_eq!((&redress["numerator"], &redress["denominator"]), (&json!(0), &json!(12)));
    }

    /// The second part was withdrawn in time, or when its limit of 5 February had passed.
    fn the_end_of_a_part_cures_no_breach(server) {
        let authority = server.authority("Council");
        record_all(server, &authority, &[withdrawn(half_answered("foia", "disclosed", &[]), "2024-02-05")]);
        assert_eq!(assessed(server, &authority, "2024-Q1", "2024-12-31"), [1, 1, 0]);
        let other = server.authority("Other");
        record_all(server, &other, &[withdrawn(half_answered("foia", "disclosed", &[]), "2024-06-17"), Story::new("foia", "2024-01-08").withdrawn("2024-06-17")]);
        assert_eq!(assessed(server, &other, "2024-Q2", "2024-12-31"), [1, 0, 0]);
        let met_and_late = |as_at: &str| {
            let document = read_return(server, &other, "cabinet-office", "2024-Q1", as_at);
            let row = row(server, &other, &format!("timeliness?basis=received&{FIRST}&as_at={as_at}"));
            let counted = json!([row["in_time"]["numerator"], row["late"]["numerator"], row["on_hold_or_lapsed"]]);
            (cells(&document, ["20-day deadline met", "Late response (i.e. 20-day deadline missed)"]), counted)
        };
        assert_eq!(met_and_late("2024-06-16"), ([0, 2], json!([0, 2, 0])));
        // What was withdrawn whole is nowhere measured.
        assert_eq!(met_and_late("2024-06-17"), ([0, 1], json!([0, 1, 1])));
    }

    /// Nobody had to send it: neither the day nor the outcome of what was answered before is another by it.
    fn a_letter_to_a_part_that_had_ended_moves_nothing(server) {
        let authority = server.authority("Council");
        let story = withdrawn(half_answered("foia", "disclosed", &[]), "2024-01-24").letter("2024-05-01", "2", "withheld", &["31(1)(a)"]);
        record_all(server, &authority, &[story]);
        let told = |as_at: &str| {
            let annual = read_return(server, &authority, "cabinet-office", "2024-Q1", as_at);
            let outcomes = row(server, &authority, &format!("outcomes?{FIRST}&as_at={as_at}"));
            (assessed(server, &authority, "2024-Q1", as_at), cells(&annual, ["Initial Outcome Granted in full", "Initial Outcome  Partially withheld"]), outcomes["by_request"].clone(), outcomes["by_part"].clone())
        };
        let before = told("2024-04-03");
        assert_eq!((before.0, before.1), ([1, 1, 0], [1, 0]));
        assert_eq!(told("2024-12-31"), before);
        assert_eq!(assessed(server, &authority, "2024-Q2", "2024-12-31"), [0, 0, 0]);
        assert_eq!(assessed(server, &authority, "2024", "2024-12-31"), [1, 1, 0]);
    }
}
