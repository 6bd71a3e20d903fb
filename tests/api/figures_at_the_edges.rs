//! Figures and returns where two rules meet: late questions, letters after the end, parts that went different ways, and
//! periods whose last day is not over.

use serde_json::{Value, json};

use crate::{
    on_both,
    support::{
        Server,
        cohort::{Story, cell, cells, read_return, record_all},
    },
};

/// The row of a metric of one authority.
#[track_caller]
fn row(server: &Server, authority: &str, question: &str) -> Value {
    server.get(&format!("/v1/metrics/{question}&authority_id={authority}")).expect(200)["rows"][0].clone()
}

/// Files a return, of the day asked for or of today.
fn file(server: &Server, authority: &str, kind: &str, period: &str, as_at: Option<&str>) -> crate::support::Answer {
    let mut body = json!({"return_kind": kind, "period": period, "authority_id": authority});
    if let Some(as_at) = as_at {
        body["as_at"] = json!(as_at);
    }
    server.post("/v1/filed-returns", &body)
}

/// A letter of a day that answers both parts.
fn letter(story: Story, issued_on: &str, parts: [(&str, &[&str]); 2]) -> Story {
    let answer = |(at, (outcome, grounds)): (usize, (&str, &[&str]))| {
        let grounds: Vec<Value> = grounds.iter().map(|provision| json!({"provision": provision})).collect();
        json!({"part": (at + 1).to_string(), "outcome": outcome, "grounds": grounds})
    };
    let determinations: Vec<Value> = parts.into_iter().enumerate().map(answer).collect();
    story.step(
        "responses",
        json!({"kind": "initial", "record_as": "sent", "issued_on": issued_on, "determinations": determinations}),
    )
}

/// A review of these days with what became of the parts from the first.
fn review(asked_on: &str, decided_on: &str, results: &[&str]) -> Value {
    let results: Vec<Value> = results
        .iter()
        .enumerate()
        .map(|(at, result)| json!({"part": (at + 1).to_string(), "result": result}))
        .collect();
    json!({"requested_on": asked_on, "decision": {"decided_on": decided_on, "results": results}})
}

/// Received on 8 January 2024, and withheld on 22 January in each of so many parts.
fn withheld_in_parts(parts: usize) -> Story {
    let labels: Vec<String> = (1..=parts).map(|label| label.to_string()).collect();
    let withheld = |label: &String| json!({"part": label, "outcome": "withheld", "grounds": [{"provision": "40(2)"}]});
    let determinations: Vec<Value> = labels.iter().map(withheld).collect();
    Story::new("foia", "2024-01-08").parts(&labels.iter().map(String::as_str).collect::<Vec<_>>()).step(
        "responses",
        json!({"kind": "initial", "record_as": "sent", "issued_on": "2024-01-22", "determinations": determinations}),
    )
}

on_both! {
    /// Received on 1 February 2024 and due on the 29th, extended to 2 April, asked about on 5 March: that came after the time
    /// for asking, and the limit runs.
    fn what_waits_for_a_late_question_is_not_yet_due(server) {
        let authority = server.authority("Council");
        let story = Story::new("eir", "2024-02-01").extended("complexity_and_volume", "2024-02-20", "2024-04-02", &[]);
        record_all(server, &authority, &[story.asked("2024-03-05")]);
        let document = read_return(server, &authority, "code-part-8", "2024-Q1", "2024-03-31");
        let headings = ["not_processed_extended", "not_processed_stopped_for_clarification", "received_denominator"];
        assert_eq!((cells(&document, headings), &document["not_yet_due"], &document["can_be_filed"]), ([1, 0, 1], &json!(1), &json!(false)));
        file(server, &authority, "code-part-8", "2024-Q1", Some("2024-03-31")).problem(409, "return-not-complete");
        let document = read_return(server, &authority, "cabinet-office", "2024-Q1", "2024-03-31");
        assert_eq!(cells(&document, ["Requests on-hold or lapsed", "Permitted extension to 20-day deadline"]), [0, 1]);
        let workload = row(server, &authority, "workload?as_at=2024-03-28");
        let told = ["open", "due_within_5", "extensions_running", "stopped_for_clarification"].map(|name| workload[name].clone());
        assert_eq!(json!(told), json!([1, 1, 1, 1]));
        let timely = |as_at: &str| {
            let row = row(server, &authority, &format!("timeliness?basis=received&start_on=2024-02-01&end_on=2024-02-29&as_at={as_at}"));
            json!([row["not_yet_due"], row["late"]["numerator"], row["on_hold_or_lapsed"]])
        };
        assert_eq!(timely("2024-03-31"), json!([1, 0, 0]));
        assert_eq!(timely("2024-04-02"), json!([1, 0, 0]));
        assert_eq!(timely("2024-04-03"), json!([0, 1, 0]));
    }

    /// The last day of a quarter is in it until it is over.
    fn nothing_is_filed_before_the_last_day_is_over(server) {
        let authority = server.authority("Council");
        let kind = "commissioner-self-assessment";
        let early = file(server, &authority, kind, "2026-Q2", None).problem(409, "return-not-complete");
        assert_eq!(early["detail"], "The period ends on 2026-06-30: it is not over yet.");
        assert_eq!(read_return(server, &authority, kind, "2026-Q2", "2026-06-30")["can_be_filed"], false);
        server.set_now("2026-07-01T09:00:00Z");
        assert_eq!(read_return(server, &authority, kind, "2026-Q2", "2026-06-30")["can_be_filed"], true);
        file(server, &authority, kind, "2026-Q2", Some("2026-06-30")).expect(201);
    }

    fn a_part_refused_as_manifestly_unreasonable_is_in_its_row(server) {
        let authority = server.authority("Council");
        let request = || Story::new("eisr", "2024-01-08").parts(&["1", "2"]);
        let unreasonable: (&str, &[&str]) = ("withheld", &["10(4)(b)"]);
        let read = |of: &str| {
            let document = read_return(server, &authority, "scottish-commissioner", "2024-Q1", of);
            cells(&document, ["EIRs - manifestly unreasonable", "EIRs - none released", "EIRs - some released", "EIRs response on time"])
        };
        record_all(server, &authority, &[letter(request(), "2024-01-22", [("disclosed", &[]), unreasonable])]);
        assert_eq!(read("2024-01-31"), [1, 0, 1, 1]);
        record_all(server, &authority, &[letter(request(), "2024-02-01", [("withheld", &["10(5)(e)"]), unreasonable])]);
        assert_eq!(read("2024-02-01"), [2, 1, 1, 2]);
        record_all(server, &authority, &[letter(request(), "2024-02-02", [unreasonable, unreasonable])]);
        assert_eq!(read("2024-02-02"), [3, 1, 1, 3]);
        let outcomes = ["refused_vexatious", "refused_repeated", "refused_cost"];
        record_all(server, &authority, &outcomes.map(|outcome| Story::new("eisr", "2024-01-08").answered("2024-02-05", outcome, &["10(4)(b)"])));
        assert_eq!(read("2024-02-05"), [6, 1, 1, 6]);
        let document = read_return(server, &authority, "scottish-commissioner", "2024-Q1", "2024-02-05");
        let answers = document["identities"].as_array().unwrap().iter().find(|one| one["name"] == "EI(S)Rs: on time + late = answers sent");
        assert_eq!(answers.unwrap()["residual"], 0, "each letter is one answer");
    }

    fn a_letter_after_the_withdrawal_leaves_it_withdrawn(server) {
        let authority = server.authority("Council");
        let withdrawn = Story::new("foisa", "2024-01-08").withdrawn("2024-01-15").answered("2024-01-22", "withheld", &["30(c)"]);
        let half = Story::new("foisa", "2024-01-08").parts(&["1", "2"])
            .letter("2024-01-15", "1", "withheld", &["33(1)(b)"])
            .step("withdrawal", json!({"withdrawn_on": "2024-01-16", "parts": ["2"]}))
            .letter("2024-01-22", "2", "withheld", &["30(c)"]);
        record_all(server, &authority, &[withdrawn, half]);
        let document = read_return(server, &authority, "scottish-commissioner", "2024-Q1", "2024-04-02");
        let headings = [
            "FOISA closed - withdrawn",
            "FOISA response on time",
            "FOISA - none released",
            "Substantial prejudice to effective conduct of public affairs",
            "Substantial prejudice to commercial interests",
        ];
        assert_eq!(cells(&document, headings), [1, 1, 1, 0, 1]);
    }

    /// Received on 9 January 2023, withdrawn, and received again on 4 March 2024: due on 4 April.
    fn the_age_of_a_reopened_request_counts_from_its_reopening(server) {
        let authority = server.authority("Council");
        let story = Story::new("foia", "2023-01-09").withdrawn("2023-01-16");
        record_all(server, &authority, &[story.step("reopening", json!({"received_on": "2024-03-04"}))]);
        let ages = |as_at: &str| {
            let workload = row(server, &authority, &format!("workload?as_at={as_at}"));
            json!([workload["overdue"]["numerator"], workload["overdue_over_6_months"], workload["overdue_over_12_months"]])
        };
        assert_eq!(ages("2024-04-12"), json!([1, 0, 0]));
        assert_eq!(ages("2024-09-05"), json!([1, 1, 0]));
        assert_eq!(ages("2025-03-05"), json!([1, 1, 1]));
        let document = read_return(server, &authority, "commissioner-self-assessment", "2024-Q2", "2024-06-30");
        assert_eq!(cells(&document, ["overdue_end", "overdue_over_6_months", "overdue_over_12_months"]), [1, 0, 0]);
        assert_eq!(document["overdue"][0]["received_on"], "2023-01-09");
    }

    fn a_first_decision_is_beside_what_became_of_the_others(server) {
        let authority = server.authority("Council");
        let reviewed = |regime: &str, results: &[&str]| {
            let story = Story::new(regime, "2024-01-08").parts(&["1", "2"]).letter("2024-01-22", "1", "not_held", &[]);
            story.step("reviews", review("2024-02-19", "2024-03-04", results))
        };
        let first = "decision_where_none";
        record_all(server, &authority, &[
            reviewed("foisa", &["overturned", first]),
            reviewed("foisa", &["position_maintained", first]),
            reviewed("eisr", &["position_maintained", first]),
            reviewed("foia", &["position_maintained", first]),
        ]);
        let document = read_return(server, &authority, "scottish-commissioner", "2024-Q1", "2024-04-02");
        let headings = [
            "FOISA review - wholly/partially upheld",
            "FOISA review - substituted decision",
            "FOISA review - decision reached",
            "EIR review - upheld",
            "EIR review - not upheld",
        ];
        assert_eq!(cells(&document, headings), [1, 1, 2, 0, 1]);
        let document = read_return(server, &authority, "cabinet-office", "2024", "2025-01-31");
        assert_eq!(cells(&document, ["IR number upheld in full", "IR number upheld in part"]), [1, 0]);
        let row = row(server, &authority, "reviews?start_on=2024-01-01&end_on=2024-03-31");
        let told = ["decided", "position_maintained", "partly_changed", "overturned", "decision_where_none"];
        let told = told.map(|name| row[name].get("numerator").unwrap_or(&row[name]).clone());
        assert_eq!(json!(told), json!([4, 3, 0, 1, 0]));
    }

    /// Asked for on 2 September 2024, and so to be decided by the thirtieth, the last day of the quarter.
    fn a_review_that_can_still_be_in_time_keeps_the_return_back(server) {
        let authority = server.authority("Council");
        let story = Story::new("foisa", "2024-07-01").answered("2024-07-08", "not_held", &[]);
        record_all(server, &authority, &[story.step("reviews", json!({"requested_on": "2024-09-02"}))]);
        let kind = "scottish-commissioner";
        let problem = file(server, &authority, kind, "2024-Q3", Some("2024-09-30")).problem(409, "return-not-complete");
        assert_eq!(problem["detail"], "Not yet due at the end of 2024-09-30: 1 of the period.");
        let filed = file(server, &authority, kind, "2024-Q3", Some("2024-10-01")).expect(201);
        assert_eq!(cell(&filed["document"], "FOISA review - failure to respond"), "1");
        let next = read_return(server, &authority, kind, "2024-Q4", "2024-12-31");
        assert_eq!((cell(&next, "FOISA review - failure to respond"), &next["not_yet_due"]), ("0", &json!(0)));
    }

    /// What was known of the year before on a day of that year does not follow from what happened later in it.
    fn an_annual_return_knows_nothing_of_later_days(server) {
        let extended = || Story::new("foia", "2023-11-06").extended("public_interest", "2023-11-10", "2024-02-01", &["43(2)"]);
        let read = |name: &str, story: Story| {
            let authority = server.authority(name);
            record_all(server, &authority, &[story]);
            let document = read_return(server, &authority, "cabinet-office", "2024", "2023-11-20");
            cell(&document, "PIT uncompleted prev year Total last year").to_owned()
        };
        assert_eq!(read("Open", extended()), "1");
        assert_eq!(read("Answered later", extended().answered("2023-12-01", "disclosed", &[])), "1");
    }

    /// Received on 15 March 2024, and under FOIA due on 16 April; the part under the EIR was clarified on 10 June, and so due
    /// on 8 July, and the whole request with it.
    fn a_forecast_of_one_regime_finds_what_is_due_under_it(server) {
        let authority = server.authority("Council");
        let mut story = Story::new("foia", "2024-03-15").parts(&["1", "2"]);
        story.request["parts"][1]["regime"] = json!("eir");
        let story = story
            .letter("2024-03-25", "1", "disclosed", &[])
            .step("clarifications", json!({"asked_on": "2024-03-26", "parts": ["2"]}))
            .step("clarifications/{}/answer", json!({"answered_on": "2024-06-10"}))
            .step("withdrawal", json!({"withdrawn_on": "2024-06-11", "parts": ["2"]}));
        record_all(server, &authority, &[story]);
        let both = |regime: &str| {
            let question = "basis=due&start_on=2024-04-01&end_on=2024-06-30&as_at=2024-06-20";
            let timely = row(server, &authority, &format!("timeliness?{question}&regime={regime}"));
            let workload = row(server, &authority, &format!("workload?as_at=2024-06-20&regime={regime}"));
            let forecast = workload["forecasts"].as_array().unwrap().iter().find(|one| one["basis"] == "due").unwrap();
            json!([timely["in_time"]["denominator"], forecast["in_time"]["denominator"]])
        };
        assert_eq!(both("foia"), json!([1, 1]));
        assert_eq!(both("eir"), json!([0, 0]));
    }

    /// A request of 17 parts is about where its facts no longer fit into an index, and one of 200 far beyond.
    fn a_request_counts_however_much_there_is_to_tell_of_it(server) {
        let authority = server.authority("Council");
        let sizes = [1, 15, 16, 17, 18, 19, 20, 40, 200];
        record_all(server, &authority, &sizes.map(withheld_in_parts));
        let citing = row(server, &authority, "provisions?start_on=2024-01-01&end_on=2024-12-31");
        assert_eq!((&citing["times_cited"], &citing["requests_citing"]["numerator"]), (&json!(346), &json!(9)));
        let told = |kind: &str, heading: &str| cells(&read_return(server, &authority, kind, "2024", "2025-01-02"), [heading]);
        assert_eq!(told("code-part-8", "closed_in_time"), [9]);
        assert_eq!(told("commissioner-self-assessment", "closed_in_time"), [9]);
        assert_eq!(told("cabinet-office", "Total exemptions and exceptions applied"), [9]);
    }
}
