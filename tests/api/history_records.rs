//! Records and regulatory actions within whole past cases: they go with the letter that they stand with, and undo all when
//! they cannot.

use serde_json::{Value, json};

use crate::{
    on_both,
    support::{
        Server,
        casework::{disclosed, ncnd, path, with, withheld, without},
        keys,
        server::id,
    },
};

fn record(label: &str, parts: &[&str]) -> Value {
    json!({"label": label, "title": format!("File {label}"), "dated_on": "2019-06-01", "date_precision": "month", "parts": parts, "disposition": "redacted",
        "redactions": [{"category": "operational_detail", "ground": "31(1)(a)"}]})
}

/// A case whose first answer withheld both parts, with records, and whose review turned the second to neither confirming nor
/// denying.
fn history() -> Value {
    json!({
        "request": {"reference": "PAST/9", "regime": "foia", "received_on": "2019-11-07", "subject": "A subject",
            "parts": [{"label": "1", "text": "One"}, {"label": "2", "text": "Two"}]},
        // The later letter stands first in the document: the days decide.
        "responses": [
            {"known_as": "second", "response": {"kind": "review", "issued_on": "2020-02-19", "review_id": "review", "supersedes": "first", "determinations": [ncnd("2")]},
                "records": [record("9", &["1"])]},
            {"known_as": "first", "response": {"kind": "initial", "issued_on": "2019-12-05", "determinations": [withheld("1"), withheld("2")]},
                "records": [record("1", &["1", "2"]), record("2", &["2"])]}],
        "reviews": [{"known_as": "review", "review": {"requested_on": "2020-02-10", "decision": {"decided_on": "2020-02-19", "results": [{"part": "2", "result": "partly_changed"}]}}}]
    })
}

fn disclosing() -> Value {
    json!({"request": {"reference": "PAST/10", "regime": "foia", "received_on": "2019-11-07", "subject": "An audit"},
        "responses": [{"response": {"kind": "initial", "issued_on": "2019-12-05", "determinations": [disclosed("1")]}}],
        "regulatory_actions": [{"known_as": "audit", "regulatory_action": {"kind": "audit", "regulator": "Information Commissioner", "subject_body": "The force",
            "dated_on": "2020-01-01", "date_precision": "year", "voluntary": true}}]})
}

#[track_caller]
fn nothing_written(server: &Server) {
    assert_eq!(server.get("/v1/requests").expect(200), json!({"items": []}));
    assert_eq!(server.get("/v1/regulatory-actions").expect(200), json!({"items": []}));
    for table in ["records", "record_parts", "responses", "case_histories"] {
        assert_eq!(server.place.count(table), 0, "{table}");
    }
}

on_both! {
    fn records_stay_with_the_letter_that_they_stand_with(server) {
        server.authority("Authority of the test");
        let recorded = server.post("/v1/case-histories", &history()).expect(201);
        let request = id(&recorded["request"]);
        let listed = server.get(&format!("{}/records", path(&request))).expect(200);
        let labels: Vec<Value> = listed["items"].as_array().unwrap().iter().map(|item| json!([item["label"], item["parts"], item["frozen"]])).collect();
        assert_eq!(json!(labels), json!([["1", ["1"], false], ["9", ["1"], false]]), "part 2 and record 2 are frozen with the first letter");
        assert_eq!(listed["items"][0]["redactions"][0]["ground"], "31(1)(a)");
        assert_eq!((server.place.count("records"), server.place.count("record_parts")), (3, 4));
        // As if each had been recorded by a call of its own: the letters came in the order of their days.
        let letters = server.get(&format!("{}/responses", path(&request))).expect(200);
        let days: Vec<&Value> = letters["items"].as_array().unwrap().iter().map(|letter| &letter["issued_on"]).collect();
        assert_eq!(days, ["2019-12-05", "2020-02-19"]);
        assert_eq!(letters["items"][1]["supersedes"], letters["items"][0]["id"]);
        assert_eq!(server.post("/v1/case-histories", &history()).status, 200, "safe to repeat");
        assert_eq!(server.place.count("records"), 3);
    }

    fn records_that_no_answer_is_open_to_undo_all(server) {
        server.authority("Authority of the test");
        let mut closed = history();
        closed["responses"][0]["records"][0]["parts"] = json!(["2"]);
        let problem = server.post("/v1/case-histories", &closed).problem(409, "impossible-order");
        assert_eq!(problem["errors"].as_array().unwrap().len(), 1, "{problem}");
        assert_eq!((&problem["errors"][0]["pointer"], &problem["errors"][0]["code"]), (&json!("#/responses/0/records/0"), &json!("part-not-open-to-records")));
        nothing_written(server);
        // A part that is not there is refused in the same words.
        let mut nowhere = history();
        nowhere["responses"][0]["records"][0]["parts"] = json!(["7"]);
        let same = |problem: Value| without(problem, &["request_id", "instance"]);
        assert_eq!(same(server.post("/v1/case-histories", &nowhere).problem(409, "impossible-order")), same(problem));
        nothing_written(server);
    }

    fn every_fault_of_every_record_comes_at_once(server) {
        server.authority("Authority of the test");
        let mut bad = history();
        bad["responses"][1]["records"] = json!([
            with(record("1", &["1"]), &json!({"dated_on": "2026-07-01", "redactions": [{"category": "names", "ground": "3(3)"}]})),
            with(record("2", &["1"]), &json!({"redactions": [{"category": "names", "ground": "3(3)"}]})),
            record("3", &["1"]), record("3", &["2"])]);
        bad["responses"][0]["response"]["supersedes"] = json!("none");
        let answer = server.post("/v1/case-histories", &bad);
        answer.problem(422, "validation-failed");
        let mut faults = answer.faults();
        faults.sort();
        assert_eq!(faults, [
            ("#/responses/0/response/supersedes", "invalid-value"), ("#/responses/1/records/0/dated_on", "date-in-future"),
            ("#/responses/1/records/1/redactions/0/ground", "unknown-provision"), ("#/responses/1/records/3/label", "duplicate-value"),
        ].map(|(at, code)| (at.to_owned(), code.to_owned())));
        nothing_written(server);
        // Records of a letter that cannot be recorded are looked at by themselves.
        bad["responses"][1]["response"]["determinations"][0]["part"] = json!("8");
        let answer = server.post("/v1/case-histories", &bad);
        let faults = answer.faults();
        for (at, code) in [("#/responses/1/response/determinations/0/part", "unknown-part"), ("#/responses/1/records/0/dated_on", "date-in-future")] {
            assert!(faults.contains(&(at.to_owned(), code.to_owned())), "{faults:?}");
        }
        nothing_written(server);
    }

    fn a_history_has_at_most_five_hundred_records(server) {
        server.authority("Authority of the test");
        let mut long = history();
        let many = |count: usize| -> Value { (0..count).map(|number| record(&number.to_string(), &["1"])).collect() };
        long["responses"][0]["records"] = many(300);
        long["responses"][1]["records"] = many(201);
        long["reviews"][0]["review"]["requested_on"] = json!("2026-07-01");
        let answer = server.post("/v1/case-histories", &long);
        answer.problem(422, "validation-failed");
        let mut faults = answer.faults();
        faults.sort();
        assert_eq!(faults, [("#/responses/1/records", "invalid-value"), ("#/reviews/0/review/requested_on", "date-in-future")].map(|(at, code)| (at.to_owned(), code.to_owned())));
        nothing_written(server);
    }

    fn a_history_with_records_needs_the_scope_for_records(server) {
        server.authority("Authority of the test");
        let scopes = ["requests:read", "requests:write", "responses:write", "reviews:write", "complaints:write"];
        let writer = keys::client(server, &scopes);
        let problem = writer.post("/v1/case-histories", &history()).problem(403, "insufficient-scope");
        assert!(problem["detail"].as_str().unwrap().contains("records:write"), "{problem}");
        nothing_written(server);
        let mut plain = history();
        for at in 0..2 {
            plain["responses"][at] = without(plain["responses"][at].clone(), &["records"]);
        }
        writer.post("/v1/case-histories", &plain).expect(201);
    }

    fn a_name_that_comes_later_is_a_fault_and_not_left_out(server) {
        server.authority("Authority of the test");
        let mut bad = history();
        // Each takes the other's place on one day: when the first of the document is recorded, the other is not there yet.
        for at in 0..2 {
            bad["responses"][at] = without(bad["responses"][at].clone(), &["records"]);
        }
        bad["responses"][1]["response"]["issued_on"] = json!("2020-02-19");
        bad["responses"][1]["response"]["supersedes"] = json!("second");
        let answer = server.post("/v1/case-histories", &bad);
        answer.problem(422, "validation-failed");
        let faults = answer.faults();
        assert_eq!(faults, [("#/responses/0/response/supersedes".to_owned(), "inconsistent-members".to_owned())]);
        nothing_written(server);
    }

    fn a_letter_from_before_its_review_undoes_all(server) {
        server.authority("Authority of the test");
        let mut early = history();
        early["responses"][0]["response"]["issued_on"] = json!("2020-02-09");
        let problem = server.post("/v1/case-histories", &early).problem(409, "impossible-order");
        assert_eq!(problem["errors"][0]["pointer"], "#/responses/0/response");
        let detail = problem["errors"][0]["detail"].as_str().unwrap();
        assert!(detail.contains("`review_requested`") && detail.contains("`response`"), "{detail}");
        nothing_written(server);
    }

    fn what_the_regulator_did_outside_a_complaint_is_part_of_the_life_of_a_case(server) {
        server.authority("Authority of the test");
        let recorded = server.post("/v1/case-histories", &disclosing()).expect(201);
        assert_eq!(recorded["identifiers"][0]["known_as"], "audit");
        let action = server.get(&format!("/v1/regulatory-actions/{}", id(&recorded["identifiers"][0]))).expect(200);
        assert_eq!((&action["kind"], &action["request_ids"], &action["date_precision"]), (&json!("audit"), &json!([id(&recorded["request"])]), &json!("year")));
    }

    fn an_action_is_not_linked_to_an_answer_that_leaves_the_question_open(server) {
        server.authority("Authority of the test");
        let mut open = disclosing();
        open["responses"][0]["response"]["determinations"] = json!([ncnd("1")]);
        let problem = server.post("/v1/case-histories", &open).problem(409, "impossible-order");
        assert_eq!((&problem["errors"][0]["pointer"], &problem["errors"][0]["code"]),
            (&json!("#/regulatory_actions/0/regulatory_action"), &json!("not-possible-in-this-state")));
        nothing_written(server);
        let mut named = disclosing();
        named["regulatory_actions"][0]["regulatory_action"]["request_ids"] = json!(["x"]);
        named["regulatory_actions"][0]["regulatory_action"]["authority_id"] = json!("x");
        let answer = server.post("/v1/case-histories", &named);
        answer.problem(422, "validation-failed");
        let mut faults = answer.faults();
        faults.sort();
        assert_eq!(faults, ["authority_id", "request_ids"].map(|member| (format!("#/regulatory_actions/0/regulatory_action/{member}"), "inconsistent-members".to_owned())));
        nothing_written(server);
    }
}
