//! Orders of days that cannot have been, between a request and what came after its answer: refused with both named, whichever
//! of the two is recorded later.

use serde_json::{Value, json};

use crate::{
    complaints::{answered, complain},
    on_both,
    support::{
        Server,
        casework::{address_of, disclosed, draft, names_both, path, record, record_response, sent, void, with},
        server::id,
    },
};

/// Everything that can be read of a request and what came after its answer.
fn everything(server: &Server, request: &str) -> Vec<String> {
    ["", "/clock", "/timeline", "/responses", "/reviews", "/complaints", "/compliance"]
        .map(|below| server.get(&format!("{}{below}", path(request))).text)
        .to_vec()
}

/// A POST that must be refused as impossible, with both named and nothing written.
#[track_caller]
fn impossible(server: &Server, request: &str, below: &str, body: &Value, both: [&str; 2]) {
    let before = everything(server, request);
    let address = if below.starts_with("/v1/") { below.to_owned() } else { format!("{}/{below}", path(request)) };
    let problem = server.post(&address, body).problem(409, "impossible-order");
    names_both(&problem, both[0], both[1]);
    assert_eq!(everything(server, request), before, "nothing was written");
}

fn corrected_to(received_on: &str) -> Value {
    json!({"received_on": received_on, "reason": "The stamp was misread."})
}

on_both! {
    fn a_receipt_is_not_corrected_to_after_a_review_or_a_complaint(server) {
        let request = server.request("2019-11-07", &["1"]);
        let review = id(&record(server, &request, "reviews", json!({"requested_on": "2019-12-10"})));
        let complaint = complain(server, &request);
        impossible(server, &request, "receipt-corrections", &corrected_to("2019-12-11"), ["request_received", "review_requested"]);
        impossible(server, &request, "receipt-corrections", &corrected_to("2020-02-20"), ["request_received", "review_requested"]);
        let on_the_day = record(server, &request, "receipt-corrections", corrected_to("2019-12-10"));
        assert_eq!(server.get(&path(&request)).expect(200)["received_on"], "2019-12-10", "on the same day it can have been");
        void(server, &request, "receipt-corrections", &id(&on_the_day));
        void(server, &request, "reviews", &review);
        record(server, &request, "receipt-corrections", corrected_to("2020-02-19"));
        impossible(server, &request, "receipt-corrections", &corrected_to("2020-02-20"), ["request_received", "complaint_made"]);
        record(server, &request, &format!("{complaint}/void"), json!({"reason": "Of another case."}));
        record(server, &request, "receipt-corrections", corrected_to("2020-02-20"));
    }

    fn a_correction_that_a_review_or_a_complaint_rests_on_is_not_voided(server) {
        for (resource, member, kind) in [("reviews", "requested_on", "review_requested"), ("complaints", "made_on", "complaint_made")] {
            let request = server.request("2019-12-02", &["1"]);
            let correction = id(&record(server, &request, "receipt-corrections", corrected_to("2019-11-01")));
            record(server, &request, resource, json!({member: "2019-11-29"}));
            impossible(server, &request, &format!("receipt-corrections/{correction}/void"), &json!({"reason": "No."}), ["request_received", kind]);
            // A second correction that keeps the order lets the first be voided.
            record(server, &request, "receipt-corrections", corrected_to("2019-11-29"));
            void(server, &request, "receipt-corrections", &correction);
        }
    }

    fn a_receipt_is_not_corrected_to_after_its_acknowledgement(server) {
        server.authority("Authority of the test");
        let body = json!({"regime": "foia", "received_on": "2019-11-07", "acknowledged_on": "2019-11-12", "subject": "A subject"});
        let request = id(&server.post("/v1/requests", &body).expect(201));
        impossible(server, &request, "receipt-corrections", &corrected_to("2019-11-13"), ["request_received", "request_acknowledged"]);
        record(server, &request, "receipt-corrections", corrected_to("2019-11-12"));
    }

    fn a_review_and_a_complaint_need_no_answer_before_them(server) {
        // Silence is the commonest reason: no order of these is impossible.
        let request = server.request("2019-11-07", &["1"]);
        record(server, &request, "reviews", json!({"requested_on": "2019-12-10",
            "decision": {"decided_on": "2019-12-20", "results": [{"part": "1", "result": "decision_where_none"}]}}));
        complain(server, &request);
        record_response(server, &request, &sent("2020-03-02", &[disclosed("1")]));
        assert_eq!(server.get(&path(&request)).expect(200)["status"], "responded");
    }

    fn a_letter_comes_after_what_it_came_out_of(server) {
        let request = answered(server);
        let review = id(&record(server, &request, "reviews", json!({"requested_on": "2020-02-10"})));
        let complaint = complain(server, &request);
        let notice = id(&record(server, &request, &format!("{complaint}/decision-notices"), json!({"sent_on": "2020-06-23"})));
        let complaint = complaint.trim_start_matches("complaints/").to_owned();
        let first = id(&server.get(&format!("{}/responses", path(&request))).expect(200)["items"][0]);
        for (kind, member, origin, day, name) in [
            ("review", "review_id", &review, ["2020-02-09", "2020-02-10"], "review_requested"),
            ("revised", "complaint_id", &complaint, ["2020-02-18", "2020-02-19"], "complaint_made"),
            ("fresh", "decision_notice_id", &notice, ["2020-06-22", "2020-06-23"], "decision_notice_sent"),
            ("revised", "supersedes", &first, ["2019-12-04", "2019-12-05"], "superseded_response"),
        ] {
            let members = json!({"kind": kind, member: origin});
            let letter = |on: &str| with(sent(on, &[disclosed("1")]), &members);
            impossible(server, &request, "responses", &letter(day[0]), [name, "response"]);
            let drafted = record_response(server, &request, &with(draft(&[disclosed("1")]), &members));
            impossible(server, &request, &format!("{}/issue", address_of(&drafted)), &json!({"issued_on": day[0], "override": {"reason": "x"}}), [name, "response"]);
            server.delete(&address_of(&drafted), "*").expect(204);
            record_response(server, &request, &letter(day[1]));
        }
    }

    fn steps_are_taken_by_a_letter_after_the_notice_and_not_after_they_were_taken(server) {
        let request = answered(server);
        let complaint = complain(server, &request);
        let early = id(&record_response(server, &request, &with(sent("2020-06-22", &[disclosed("1")]), &json!({"kind": "revised"}))));
        let fresh = id(&record_response(server, &request, &with(sent("2020-07-20", &[disclosed("1")]), &json!({"kind": "fresh"}))));
        let notices = format!("{complaint}/decision-notices");
        let notice = json!({"sent_on": "2020-06-23", "steps": [{"text": "Give a fresh answer.", "parts": ["1"]}],
            "steps_period": {"days": 35, "unit": "calendar_days", "runs_from_on": "2020-06-23"}});
        let complied = |on: &str, response: &str| json!({"complied_on": on, "response_id": response});
        for (compliance, both) in [
            (complied("2020-07-20", &early), ["decision_notice_sent", "response"]),
            (complied("2020-07-19", &fresh), ["response", "steps_taken"]),
        ] {
            impossible(server, &request, &notices, &with(notice.clone(), &json!({"compliance": compliance})), both);
        }
        let recorded = id(&record(server, &request, &notices, notice));
        let address = format!("{notices}/{recorded}/compliance");
        impossible(server, &request, &address, &complied("2020-07-20", &early), ["decision_notice_sent", "response"]);
        impossible(server, &request, &address, &complied("2020-07-19", &fresh), ["response", "steps_taken"]);
        record(server, &request, &address, complied("2020-07-20", &fresh));
    }

    fn what_a_later_entry_rests_on_is_not_voided(server) {
        let request = answered(server);
        let complaint = complain(server, &request);
        let notice = id(&record(server, &request, &format!("{complaint}/decision-notices"), json!({"sent_on": "2020-06-23"})));
        let first = id(&record(server, &request, &format!("{complaint}/appeals"), json!({"tribunal": "first_tier", "made_on": "2020-07-20", "made_by": "authority",
            "decision": {"decided_on": "2020-12-01", "outcome": "dismissed"}})));
        let upper = id(&record(server, &request, &format!("{complaint}/appeals"), json!({"tribunal": "upper_tribunal", "made_on": "2020-12-20", "made_by": "authority", "earlier_appeal_id": first})));
        for (entry, resting) in [(complaint.clone(), &notice), (format!("{complaint}/decision-notices/{notice}"), &first), (format!("{complaint}/appeals/{first}"), &upper)] {
            let before = everything(server, &request);
            let problem = server.post(&format!("{}/{entry}/void", path(&request)), &json!({"reason": "No."})).problem(409, "not-possible-in-this-state");
            assert!(problem["detail"].as_str().unwrap().contains(resting.as_str()), "{problem}");
            assert_eq!(everything(server, &request), before, "nothing was written");
        }
    }
}
