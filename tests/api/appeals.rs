//! Appeals over HTTP: out of time with a finding, steps that wait for them, notices that tribunals put in the place of others,
//! and Scotland's own way.

use serde_json::{Value, json};

use crate::{
    complaints::{answered, complain},
    on_both,
    support::{
        Server,
        casework::{clock_of, due_date, finding, finding_ids, names_both, path, read, record},
        server::id,
    },
};

/// A notice of 23 June 2020 with 35 days for its steps, on an answered request: the request, the complaint's resource, the
/// notice's id.
fn noticed(server: &Server) -> (String, String, String) {
    let request = answered(server);
    let complaint = complain(server, &request);
    let body = json!({"sent_on": "2020-06-23", "steps": [{"text": "Give a fresh answer.", "parts": ["1"]}],
        "steps_period": {"days": 35, "unit": "calendar_days", "runs_from_on": "2020-06-23"}});
    let notice = id(&record(server, &request, &format!("{complaint}/decision-notices"), body));
    (request, complaint, notice)
}

fn appeal(made_on: &str) -> Value {
    json!({"tribunal": "first_tier", "made_on": made_on, "made_by": "authority"})
}

fn read_notice(server: &Server, request: &str, complaint: &str, notice: &str) -> Value {
    server.get(&format!("{}/{complaint}/decision-notices/{notice}", path(request))).expect(200)
}

on_both! {
    fn an_appeal_on_day_29_is_recorded_with_a_finding(server) {
        let (request, complaint, notice) = noticed(server);
        assert_eq!(due_date(&clock_of(server, &request, "1"), "appeal").unwrap().0, "2020-07-21");
        let late = record(server, &request, &format!("{complaint}/appeals"), appeal("2020-07-22"));
        let found = finding(&late["findings"], "appeal-late");
        assert_eq!((&found["severity"], &found["provision"]), (&json!("warning"), &json!("rule 22(1)(b) of SI 2009/1976")));
        assert_eq!(found["facts"], json!({"notice_sent_on": "2020-06-23", "due_on": "2020-07-21", "made_on": "2020-07-22", "days_late": "1"}));
        assert_eq!(late["decision_notice_id"], json!(notice), "the notice of the complaint is taken where none is named");
        let (request, complaint, _) = noticed(server);
        let in_time = record(server, &request, &format!("{complaint}/appeals"), appeal("2020-07-21"));
        assert_eq!(in_time["findings"], json!([]));
        assert_eq!(due_date(&clock_of(server, &request, "1"), "appeal"), None, "the appeal was made");
    }

    fn steps_wait_while_an_appeal_is_pending(server) {
        let (request, complaint, notice) = noticed(server);
        let made = id(&record(server, &request, &format!("{complaint}/appeals"), appeal("2020-07-21")));
        let waiting = read_notice(server, &request, &complaint, &notice);
        assert_eq!((waiting.get("steps_due_on"), &waiting["steps_suspended"], &waiting["version"]), (None, &json!(true), &json!(2)));
        assert_eq!(due_date(&clock_of(server, &request, "1"), "steps"), None);
        assert_eq!(server.get("/v1/due-dates").expect(200), json!({"items": []}));
        let decided = record(server, &request, &format!("{complaint}/appeals/{made}/decision"),
            json!({"decided_on": "2021-01-04", "outcome": "dismissed", "citation": "EA/2020/0200"}));
        assert_eq!((&decided["decision"]["outcome"], &decided["version"]), (&json!("dismissed"), &json!(2)));
        let again = read_notice(server, &request, &complaint, &notice);
        assert_eq!((&again["steps_due_on"], &again["steps_suspended"]), (&json!("2021-01-11"), &json!(false)), "seven days were left");
        let address = format!("{}/{complaint}/appeals/{made}", path(&request));
        server.post(&format!("{address}/decision"), &json!({"decided_on": "2021-01-04", "outcome": "allowed"})).problem(409, "not-possible-in-this-state");
        // Voided, the appeal never held anything up.
        record(server, &request, &format!("{complaint}/appeals/{made}/void"), json!({"reason": "Another case."}));
        assert_eq!(read_notice(server, &request, &complaint, &notice)["steps_due_on"], "2020-07-28");
    }

    fn what_is_voided_has_no_findings(server) {
        let (request, complaint, _) = noticed(server);
        let late = record(server, &request, &format!("{complaint}/appeals"), appeal("2020-09-01"));
        assert_eq!(late["findings"][0]["id"], "appeal-late", "{late}");
        record(server, &request, &format!("{complaint}/appeals/{}/void", id(&late)), json!({"reason": "Another case."}));
        let voided = server.get(&format!("{}/{complaint}/appeals/{}", path(&request), id(&late))).expect(200);
        assert_eq!((&voided["findings"], &voided["void_reason"]), (&json!([]), &json!("Another case.")));
    }

    fn a_substituted_notice_has_days_of_its_own_through_the_chain_of_tribunals(server) {
        let (request, complaint, notice) = noticed(server);
        let appeals = format!("{complaint}/appeals");
        let first = id(&record(server, &request, &appeals, appeal("2020-07-20")));
        record(server, &request, &format!("{appeals}/{first}/decision"), json!({"decided_on": "2021-01-12", "outcome": "allowed_in_part",
            "substituted_notice": {"findings": [{"provision": "31(1)(a)", "parts": ["1"], "finding": "partly"}],
                "steps": [{"text": "Disclose the first page.", "parts": ["1"]}],
                "steps_period": {"days": 20, "unit": "working_days", "runs_from_on": "2021-01-12"}}}));
        let substituted = read_notice(server, &request, &complaint, &notice);
        assert_eq!((&substituted["steps_due_on"], &substituted["replaced_on_appeal"]), (&json!("2021-02-09"), &json!(true)));
        assert_eq!(substituted["steps"][0]["text"], "Disclose the first page.");
        let mut upper = appeal("2021-02-01");
        upper["tribunal"] = json!("upper_tribunal");
        upper["earlier_appeal_id"] = json!(first);
        let upper = record(server, &request, &appeals, upper);
        assert_eq!((&upper["findings"], &upper["earlier_appeal_id"]), (&json!([]), &json!(first)));
        assert_eq!(read_notice(server, &request, &complaint, &notice)["steps_suspended"], true);
        record(server, &request, &format!("{appeals}/{}/decision", id(&upper)), json!({"decided_on": "2021-06-01", "outcome": "allowed"}));
        let set_aside = read_notice(server, &request, &complaint, &notice);
        assert_eq!((set_aside.get("steps_due_on"), &set_aside["steps"], &set_aside["steps_suspended"]), (None, &json!([]), &json!(false)));
        assert_eq!(due_date(&clock_of(server, &request, "1"), "steps"), None);
        let resting = server.post(&format!("{}/{appeals}/{first}/void", path(&request)), &json!({"reason": "No."}));
        assert!(resting.problem(409, "not-possible-in-this-state")["detail"].as_str().unwrap().contains(&id(&upper)));
    }

    fn in_scotland_an_appeal_lies_to_the_court_of_session_on_a_point_of_law(server) {
        server.authority("Authority of the test");
        let request = id(&server.post("/v1/requests", &json!({"regime": "foisa", "received_on": "2019-11-07", "subject": "A subject"})).expect(201));
        let complaint = complain(server, &request);
        let notice = record(server, &request, &format!("{complaint}/decision-notices"), json!({"sent_on": "2020-06-23"}));
        assert_eq!(notice.get("appeal_by"), None, "the time stands in rules of court");
        for tribunal in ["first_tier", "upper_tribunal"] {
            let answer = server.post(&format!("{}/{complaint}/appeals", path(&request)), &json!({"tribunal": tribunal, "made_on": "2020-07-01", "made_by": "authority"}));
            answer.problem(422, "validation-failed");
            assert_eq!(answer.faults(), [("#/tribunal".to_owned(), "inconsistent-members".to_owned())]);
        }
        let court = json!({"tribunal": "court_of_session", "made_on": "2020-07-01", "made_by": "complainant"});
        let unsaid = record(server, &request, &format!("{complaint}/appeals"), court.clone());
        assert_eq!(finding_ids(&unsaid["findings"]), ["appeal-without-point-of-law"]);
        let mut said = court;
        said["point_of_law"] = json!("The meaning of `would prejudice substantially`.");
        assert_eq!(record(server, &request, &format!("{complaint}/appeals"), said)["findings"], json!([]));
    }

    fn impossible_and_bad_appeals_are_refused_and_write_nothing(server) {
        let (request, complaint, notice) = noticed(server);
        let before = read(server, &request);
        let address = format!("{}/{complaint}/appeals", path(&request));
        names_both(&server.post(&address, &appeal("2020-06-22")).problem(409, "impossible-order"), "decision_notice_sent", "appeal_made");
        let mut decided_first = appeal("2020-07-20");
        decided_first["decision"] = json!({"decided_on": "2020-07-19", "outcome": "dismissed"});
        names_both(&server.post(&address, &decided_first).problem(409, "impossible-order"), "appeal_made", "appeal_decided");
        let mut bad = appeal("2026-07-01");
        bad["decision_notice_id"] = json!("nothing");
        bad["earlier_appeal_id"] = json!("nothing");
        bad["decision"] = json!({"decided_on": "2026-07-01", "outcome": "dismissed", "substituted_notice": {"steps": [{"text": "Do it."}]}});
        let answer = server.post(&address, &bad);
        answer.problem(422, "validation-failed");
        let mut faults = answer.faults();
        faults.sort();
        assert_eq!(faults, [
            ("#/decision/decided_on", "date-in-future"), ("#/decision/substituted_notice", "inconsistent-members"),
            ("#/decision/substituted_notice/steps_period", "inconsistent-members"), ("#/decision_notice_id", "invalid-value"),
            ("#/earlier_appeal_id", "invalid-value"), ("#/made_on", "date-in-future"),
        ].map(|(at, code)| (at.to_owned(), code.to_owned())));
        assert_eq!(read(server, &request), before);
        assert_eq!(server.get(&address).expect(200), json!({"items": []}));
        let mut grouped = appeal("2020-07-20");
        grouped["decision"] = json!({"decided_on": "2021-01-12", "outcome": "allowed", "substituted_notice": {"findings": [{"provision": "24(1)", "parts": ["3"], "finding": "not_engaged"}]}});
        assert_eq!(server.post(&address, &grouped).faults(), [("#/decision/substituted_notice/findings/0/provision".to_owned(), "inconsistent-members".to_owned())]);
        assert_eq!(read_notice(server, &request, &complaint, &notice)["version"], 1);
        let without = complain(server, &request);
        assert_eq!(server.post(&format!("{}/{without}/appeals", path(&request)), &appeal("2020-07-20")).faults(),
            [("#/decision_notice_id".to_owned(), "inconsistent-members".to_owned())]);
    }
}
