//! Whole past cases over HTTP: all or nothing, every fault at once, safe to repeat.

use serde_json::{Value, json};

use crate::{
    on_both,
    support::{
        Server,
        casework::{disclosed, ncnd, path, with, without},
        server::id,
    },
};

/// A case from receipt to tribunal, every entry with a name.
fn history() -> Value {
    json!({
        "request": {"reference": "PAST/1", "regime": "foia", "received_on": "2019-11-07", "subject": "A subject",
            "parts": [{"label": "1", "text": "One"}, {"label": "2", "text": "Two"}]},
        "events": [
            {"clarification": {"asked_on": "2019-11-08", "text": "Which?"}, "answer": {"answered_on": "2019-11-11"}},
            {"fee_notice": {"given_on": "2019-11-12", "amount": "10.00"}, "payment": {"paid_on": "2019-11-14"}},
            {"extension": {"kind": "public_interest", "notified_on": "2019-12-05", "estimated_on": "2019-12-20", "grounds": ["31(1)(a)"], "reasons": "Weighing."}}],
        "responses": [
            {"known_as": "answer", "response": {"kind": "initial", "issued_on": "2019-12-19", "determinations": [ncnd("1"), disclosed("2")]}},
            {"known_as": "review letter", "response": {"kind": "review", "issued_on": "2020-02-19", "review_id": "review", "supersedes": "answer", "determinations": [ncnd("1")]}},
            {"known_as": "fresh answer", "response": {"kind": "fresh", "issued_on": "2020-08-03", "complaint_id": "complaint", "decision_notice_id": "notice", "supersedes": "review letter", "determinations": [disclosed("1")]}}],
        "reviews": [{"known_as": "review", "review": {"requested_on": "2020-02-10", "parts": ["1"],
            "decision": {"decided_on": "2020-02-19", "results": [{"part": "1", "result": "position_maintained"}]}}}],
        "complaints": [{"known_as": "complaint", "complaint": {"made_on": "2020-02-20"},
            "position_changes": [{"stated_on": "2020-04-01", "communicated_to": ["regulator"], "parts": ["1"], "grounds_added": [{"provision": "43(3)", "threshold": "would_be_likely"}]}],
            "submissions": [{"submitted_on": "2020-04-01", "submitted_by": "authority", "summary": "So."}],
            "decision_notices": [{"known_as": "notice",
                "decision_notice": {"sent_on": "2020-06-23", "findings": [{"provision": "31(3)", "parts": ["1"], "finding": "not_engaged"}],
                    "steps": [{"text": "Confirm or deny.", "parts": ["1"]}], "steps_period": {"days": 35, "unit": "calendar_days", "runs_from_on": "2020-06-23"},
                    "compliance": {"complied_on": "2020-08-03", "response_id": "fresh answer"}},
                "appeals": [
                    {"known_as": "first appeal", "appeal": {"tribunal": "first_tier", "made_on": "2020-07-20", "made_by": "authority", "decision": {"decided_on": "2020-07-27", "outcome": "struck_out"}}},
                    {"appeal": {"tribunal": "upper_tribunal", "earlier_appeal_id": "first appeal", "made_on": "2020-07-28", "made_by": "authority", "decision": {"decided_on": "2020-07-30", "outcome": "withdrawn"}}}]}]}]
    })
}

/// The history with another value at a pointer.
fn but(pointer: &str, value: Value) -> Value {
    let mut history = history();
    *history.pointer_mut(pointer).unwrap_or_else(|| panic!("no {pointer}")) = value;
    history
}

#[track_caller]
fn nothing_written(server: &Server) {
    assert_eq!(server.get("/v1/requests").expect(200), json!({"items": []}));
    assert_eq!(server.get("/v1/due-dates?within=1000").expect(200), json!({"items": []}));
}

fn refused(server: &Server, history: &Value) -> Vec<(String, String)> {
    let answer = server.post("/v1/case-histories", history);
    answer.problem(422, "validation-failed");
    answer.faults()
}

on_both! {
    fn one_history_from_many_clients_at_once_makes_one_case(server) {
        server.authority("Authority of the test");
        let client = &server.client;
        let mut answers: Vec<(u16, String)> = std::thread::scope(|scope| {
            let calls: Vec<_> = (0..10).map(|_| scope.spawn(move || client.post("/v1/case-histories", &history()))).collect();
            let answers = calls.into_iter().map(|call| call.join().unwrap());
            answers.map(|answer| (answer.status, id(&answer.json()["request"]))).collect()
        });
        answers.sort_unstable();
        let made = answers[0].1.clone();
        assert!(answers.iter().all(|(_, request)| *request == made), "{answers:?}");
        let statuses: Vec<u16> = answers.iter().map(|(status, _)| *status).collect();
        assert_eq!(statuses, [vec![200; 9], vec![201]].concat());
    }

    fn a_whole_case_is_recorded_in_one_call(server) {
        server.authority("Authority of the test");
        let answer = server.post("/v1/case-histories", &history());
        let recorded = answer.expect(201);
        let request = &recorded["request"];
        let address = path(&id(request));
        assert_eq!(answer.header("location"), address);
        assert_eq!(server.get(&address).expect(200), *request);
        assert_eq!((&request["status"], &request["responded_on"]), (&json!("responded"), &json!("2019-12-19")));
        let identifier = |name: &str| {
            let entries = recorded["identifiers"].as_array().unwrap();
            id(entries.iter().find(|entry| entry["known_as"] == name).unwrap())
        };
        let letter = server.get(&format!("{address}/responses/{}", identifier("fresh answer"))).expect(200);
        assert_eq!((&letter["complaint_id"], &letter["decision_notice_id"], &letter["supersedes"], &letter["status"]),
            (&json!(identifier("complaint")), &json!(identifier("notice")), &json!(identifier("review letter")), &json!("issued")));
        let reviewed = server.get(&format!("{address}/responses/{}", identifier("review letter"))).expect(200);
        assert_eq!((&reviewed["review_id"], &reviewed["supersedes"]), (&json!(identifier("review")), &json!(identifier("answer"))));
        let complaint = format!("{address}/complaints/{}", identifier("complaint"));
        let notice = server.get(&format!("{complaint}/decision-notices/{}", identifier("notice"))).expect(200);
        assert_eq!(notice["compliance"], json!({"complied_on": "2020-08-03", "response_id": identifier("fresh answer")}));
        let appeals = server.get(&format!("{complaint}/appeals")).expect(200);
        assert_eq!(appeals["items"][1]["earlier_appeal_id"], json!(identifier("first appeal")));
        assert_eq!(server.get(&format!("{complaint}/submissions")).expect(200)["items"].as_array().unwrap().len(), 1);
        let clock = server.get(&format!("{address}/clock")).expect(200);
        assert_eq!(clock["parts"][0]["events"].as_array().unwrap().len(), 6);
    }

    fn the_same_history_again_is_answered_with_the_case_it_made(server) {
        server.authority("Authority of the test");
        let first = server.post("/v1/case-histories", &history());
        let again = server.post("/v1/case-histories", &history());
        assert_eq!((first.status, again.status), (201, 200));
        assert_eq!(first.json(), again.json());
        // Written otherwise, it is the same; saying something else, it is not.
        let mut members: Vec<(String, Value)> = history().as_object().unwrap().clone().into_iter().collect();
        members.reverse();
        let turned: serde_json::Map<String, Value> = members.into_iter().collect();
        assert_eq!(server.post("/v1/case-histories", &Value::Object(turned)).status, 200);
        server.post("/v1/case-histories", &but("/request/subject", json!("Another subject"))).problem(409, "duplicate-reference");
        server.post("/v1/case-histories", &without(history(), &["reviews", "responses", "complaints"])).problem(409, "duplicate-reference");
        server.post("/v1/requests", &with(history()["request"].clone(), &json!({"reference": "PAST/2"}))).expect(201);
        server.post("/v1/case-histories", &but("/request/reference", json!("PAST/2"))).problem(409, "duplicate-reference");
        assert_eq!(server.get("/v1/requests").expect(200)["items"].as_array().unwrap().len(), 2);
        // Another authority may have the same reference.
        let other = server.authority("Another authority");
        let theirs = with(history(), &json!({"request": with(history()["request"].clone(), &json!({"authority_id": other}))}));
        server.post("/v1/case-histories", &theirs).expect(201);
    }

    fn a_third_event_that_is_impossible_undoes_all(server) {
        server.authority("Authority of the test");
        let impossible = json!({"clarification": {"asked_on": "2019-12-02"}, "answer": {"answered_on": "2019-12-01"}});
        let problem = server.post("/v1/case-histories", &but("/events/2", impossible)).problem(409, "impossible-order");
        assert_eq!(problem["errors"].as_array().unwrap().len(), 1, "{problem}");
        assert_eq!((&problem["errors"][0]["pointer"], &problem["errors"][0]["code"]), (&json!("#/events/2/answer"), &json!("impossible-order")));
        let detail = problem["errors"][0]["detail"].as_str().unwrap();
        assert!(detail.contains("clarification_asked") && detail.contains("clarification_answered"), "{detail}");
        nothing_written(server);
    }

    fn every_fault_of_every_entry_comes_at_once(server) {
        server.authority("Authority of the test");
        let mut bad = history();
        for (pointer, value) in [
            ("/events/2/extension/notified_on", json!("2026-07-01")),
            ("/responses/0/response/determinations/0/part", json!("9")),
            ("/responses/1/response/review_id", json!("no such review")),
            ("/reviews/0/review/parts", json!(["7"])),
            ("/complaints/0/decision_notices/0/decision_notice/steps_period/days", json!(0)),
        ] {
            *bad.pointer_mut(pointer).unwrap() = value;
        }
        bad["events"][1]["payment"]["paid_on"] = json!("2019-11-11");
        let mut faults = refused(server, &bad);
        faults.sort();
        assert_eq!(faults, [
            ("#/complaints/0/decision_notices/0/decision_notice/steps_period/days", "invalid-value"),
            ("#/events/1/payment", "impossible-order"),
            ("#/events/2/extension/notified_on", "date-in-future"),
            ("#/responses/0/response/determinations/0/part", "unknown-part"),
            ("#/responses/1/response/review_id", "invalid-value"),
            ("#/reviews/0/review/decision/results/0/part", "inconsistent-members"),
            ("#/reviews/0/review/parts/0", "unknown-part"),
        ].map(|(at, code)| (at.to_owned(), code.to_owned())));
        nothing_written(server);
    }

    fn faults_of_the_frame_and_of_the_request_are_told_with_the_others(server) {
        server.authority("Authority of the test");
        let mut bad = without(history(), &["complaints"]);
        bad["request"] = without(with(bad["request"].clone(), &json!({"received_on": "2026-07-01"})), &["reference"]);
        bad["events"] = json!([{}, {"lapse": {"lapsed_on": "2020-01-20"}, "withdrawal": {"withdrawn_on": "2020-01-20"}}, {"answer": {"answered_on": "2020-01-20"}}]);
        bad["responses"] = json!([{"known_as": "review", "response": {"kind": "initial", "record_as": "draft", "determinations": []}}]);
        bad["reviews"][0]["review"]["requested_on"] = json!("2026-07-01");
        let mut faults = refused(server, &bad);
        faults.sort();
        assert_eq!(faults, [
            ("#/events/0", "inconsistent-members"), ("#/events/1", "inconsistent-members"), ("#/events/2", "inconsistent-members"),
            ("#/events/2/answer", "inconsistent-members"), ("#/request/received_on", "date-in-future"), ("#/request/reference", "invalid-value"),
            ("#/responses/0/response/record_as", "invalid-value"), ("#/reviews/0/known_as", "duplicate-value"),
            ("#/reviews/0/review/requested_on", "date-in-future"),
        ].map(|(at, code)| (at.to_owned(), code.to_owned())));
        nothing_written(server);
        let value = but("/responses/2/response/kind", json!("final"));
        assert_eq!(refused(server, &value), [("#/responses/2/response/kind".to_owned(), "unknown-value".to_owned())]);
        let unknown = but("/complaints/0/complaint", json!({"made_on": "2020-02-20", "held": true}));
        let answer = server.post("/v1/case-histories", &unknown);
        answer.problem(400, "unknown-member");
        assert_eq!(answer.faults(), [("#/complaints/0/complaint/held".to_owned(), "unknown-member".to_owned())]);
        nothing_written(server);
    }

    fn a_review_decided_before_it_was_asked_undoes_all(server) {
        server.authority("Authority of the test");
        let early = but("/reviews/0/review/decision/decided_on", json!("2020-02-09"));
        let problem = server.post("/v1/case-histories", &early).problem(409, "impossible-order");
        assert_eq!(problem["errors"][0]["pointer"], "#/reviews/0/review");
        nothing_written(server);
        server.post("/v1/case-histories", &history()).expect(201);
    }
}
