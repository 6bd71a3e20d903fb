//! The published cases after their responses: reviews, changes of position, decision notices, and the dates that follow, as
//! the documents tell them. And the same cases once more, call by call.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::{
    on_both,
    published_cases::{Recorded, history_of, record_all},
    support::{
        Server,
        casework::{clock_of, due_date, finding, finding_ids, path, state, with, without, without_ids},
        server::id,
    },
};

fn case<'a>(cases: &'a [Recorded], name: &str) -> &'a Recorded {
    cases.iter().find(|case| case.name() == name).unwrap()
}

fn review(server: &Server, case: &Recorded) -> Value {
    server.get(&format!("{}/reviews/{}", path(&case.request), case.id_of("review"))).expect(200)
}

fn complaint_path(case: &Recorded) -> String {
    format!("{}/complaints/{}", path(&case.request), case.id_of("complaint"))
}

fn notice(server: &Server, case: &Recorded) -> Value {
    server.get(&format!("{}/decision-notices/{}", complaint_path(case), case.id_of("decision notice"))).expect(200)
}

/// Provision and word of each finding that decided something.
fn decided(notice: &Value) -> Value {
    let findings = notice["findings"].as_array().unwrap().iter();
    let decided = findings.filter(|finding| finding["finding"] != "not_examined");
    decided.map(|finding| json!({"provision": finding["provision"], "finding": finding["finding"]})).collect()
}

on_both! {
    fn reviews_took_and_were_due_as_the_documents_tell(server) {
        let cases = record_all(server);
        for (name, ids) in [("003", vec![]), ("004", vec!["review-beyond-forty-days"])] {
            let case = case(&cases, name);
            let expected = case.expected("review");
            let review = review(server, case);
            assert_eq!(review["requested_on"], expected["requested_on"]);
            assert_eq!(review["decision"]["decided_on"], expected["decided_on"]);
            assert_eq!(review["working_days_taken"], expected["working_days_taken"]);
            assert_eq!(review["due_on"], expected["due_20"]);
            assert_eq!(due_date(&review, "review").unwrap().0, expected["due_20"]);
            assert_eq!(due_date(&review, "review_guidance_limit").unwrap().0, expected["due_40"]);
            assert_eq!(review["overdue"], false);
            assert_eq!(finding_ids(&review["findings"]), ids, "case {name}");
        }
        let late = review(server, case(&cases, "004"));
        let facts = &finding(&late["findings"], "review-beyond-forty-days")["facts"];
        assert_eq!((&facts["working_days_taken"], &facts["working_days_late"]), (&json!("41"), &json!("1")));
        assert_eq!(late["decision"]["results"].as_array().unwrap().len(), 18);
        assert_eq!(
            review(server, case(&cases, "003"))["decision"]["results"],
            json!([{"part": "4", "result": "position_maintained"}])
        );
    }

    fn notices_find_order_and_may_be_appealed_as_the_documents_tell(server) {
        let cases = record_all(server);
        for name in ["003", "004"] {
            let case = case(&cases, name);
            let expected = case.expected("complaint");
            let complaint = server.get(&complaint_path(case)).expect(200);
            let notice = notice(server, case);
            assert_eq!(complaint["made_on"], expected["made_on"]);
            assert_eq!(complaint["decided_on"], expected["decided_on"]);
            assert_eq!(complaint["status"], "closed");
            assert_eq!(complaint["regulator"], "Information Commissioner");
            assert_eq!(complaint["findings"], json!([]));
            assert_eq!(notice["sent_on"], expected["decided_on"]);
            assert_eq!(notice["appeal_by"]["due_on"], expected["appeal_by"]);
            assert_eq!(decided(&notice), expected["findings"], "case {name}");
        }
        let ordered = notice(server, case(&cases, "003"));
        let expected = case(&cases, "003").expected("complaint");
        assert_eq!(ordered["steps_period"]["days"], expected["steps_days"]);
        assert_eq!(ordered["steps_due_on"], expected["steps_due_on"]);
        assert_eq!(ordered["steps"].as_array().unwrap().len(), 2);
        let none = notice(server, case(&cases, "004"));
        assert_eq!(none["steps"], case(&cases, "004").expected("complaint")["steps"]);
        assert_eq!(none.get("steps_due_on"), None);
        assert_eq!(none["other_matters"][0]["may_inform_enforcement"], true);
    }

    fn the_clock_of_case_003_ends_with_its_notice(server) {
        let cases = record_all(server);
        let case = case(&cases, "003");
        let clock = clock_of(server, &case.request, "4");
        assert_eq!(due_date(&clock, "steps").unwrap(), ("2020-07-28".to_owned(), "section 50(4)".to_owned()));
        let appeal = ("2020-07-21".to_owned(), "rule 22(1)(b) of SI 2009/1976".to_owned());
        assert_eq!(due_date(&clock, "appeal").unwrap(), appeal);
        assert_eq!(due_date(&clock, "review"), None, "the review is decided");
    }

    fn the_compliance_of_case_004_has_its_review_one_day_over_forty(server) {
        let cases = record_all(server);
        let case = case(&cases, "004");
        let compliance = server.get(&format!("{}/compliance", path(&case.request))).expect(200);
        let late = finding(&compliance["findings"], "review-beyond-forty-days");
        assert_eq!(late["pointer"], json!(format!("/reviews/{}", case.id_of("review"))));
        assert_eq!(late["facts"]["working_days_late"], "1");
    }

    fn case_003_has_two_limbs_at_two_thresholds(server) {
        let cases = record_all(server);
        let changes = server.get(&format!("{}/position-changes", complaint_path(case(&cases, "003")))).expect(200);
        let added = &changes["items"][0]["grounds_added"];
        assert_eq!(added[0]["provision"], "31(3)");
        assert_eq!(added[0]["relies_on"], json!([
            {"provision": "31(1)(a)", "threshold": "would", "rank": "primary"},
            {"provision": "31(1)(b)", "threshold": "would_be_likely", "rank": "secondary"}]));
        let positions = server.get(&complaint_path(case(&cases, "003"))).expect(200)["positions"].clone();
        assert_eq!(positions[3], json!({"part": "4", "outcome": "neither_confirmed_nor_denied", "provisions": ["31(3)"]}));
    }

    fn case_004_came_to_withhold_eight_and_to_neither_confirm_nor_deny_ten(server) {
        let cases = record_all(server);
        let expected = &case(&cases, "004").expected("positions")["investigation"];
        let complaint = server.get(&complaint_path(case(&cases, "004"))).expect(200);
        let positions = complaint["positions"].as_array().unwrap();
        assert_eq!(positions.len(), 18);
        let item = |position: &Value| position["part"].as_str().unwrap().parse::<u64>().unwrap();
        let of = |outcome: &str| -> Vec<u64> {
            positions.iter().filter(|position| position["outcome"] == outcome).map(item).collect()
        };
        assert_eq!(json!(of("withheld")), expected["withheld_items"]);
        assert_eq!(json!(of("withheld").len()), expected["withheld"]);
        assert_eq!(json!(of("neither_confirmed_nor_denied").len()), expected["neither_confirmed_nor_denied"]);
        assert_eq!(of("neither_confirmed_nor_denied"), [2, 6, 7, 10, 12, 13, 14, 15, 16, 17]);
        let provisions = |position: &Value| -> Vec<String> {
            position["provisions"].as_array().unwrap().iter().map(|name| name.as_str().unwrap().to_owned()).collect()
        };
        let on_24_1: Vec<u64> =
            positions.iter().filter(|position| provisions(position).contains(&"24(1)".to_owned())).map(item).collect();
        assert_eq!(json!(on_24_1), expected["also_24_1"]);
        let kinds: BTreeMap<&str, Vec<String>> =
            positions.iter().map(|position| (position["part"].as_str().unwrap(), provisions(position))).collect();
        assert_eq!(kinds["8"], ["31(1)(a)", "31(1)(b)", "40(2)", "43(2)"]);
        assert_eq!(kinds["1"], ["24(1)", "31(1)(a)", "31(1)(b)", "40(2)", "43(2)"]);
        for part in ["2", "6", "7"] {
            assert_eq!(kinds[part], ["24(2)", "31(3)", "40(5)", "43(3)"], "item {part}");
        }
        // The answer of the request stays what the first letter said.
        let request = server.get(&path(&case(&cases, "004").request)).expect(200);
        assert_eq!(request["parts"][1]["outcome"], "withheld");
    }

    fn what_the_regulator_did_outside_a_complaint_stands_with_cases_001_and_002(server) {
        let cases = record_all(server);
        let action = |case: &Recorded, name: &str| server.get(&format!("/v1/regulatory-actions/{}", case.id_of(name))).expect(200);
        let told = |action: &Value| json!([action["kind"], action["dated_on"], action["date_precision"], action["voluntary"], action["request_ids"]]);
        let (audited, reprimanded) = (case(&cases, "001"), case(&cases, "002"));
        let audit = action(audited, "audit");
        assert_eq!(told(&audit), json!(["audit", "2021-11-01", "month", true, [audited.request]]));
        assert!(audit["publications"][0]["uri"].as_str().unwrap().starts_with("https://webarchive.nationalarchives.gov.uk/"));
        assert_eq!(told(&action(audited, "follow-up")), json!(["audit", "2023-01-01", "month", true, [audited.request]]));
        let reprimand = action(reprimanded, "reprimand");
        assert_eq!(told(&reprimand), json!(["reprimand", "2021-12-03", "day", false, [reprimanded.request]]));
        assert_eq!(reprimand["basis"], "Part 3 of the Data Protection Act 2018");
    }

    fn cases_without_a_complaint_end_with_their_answer(server) {
        for case in record_all(server).iter().filter(|case| ["000", "001", "002"].contains(&case.name())) {
            for entries in ["reviews", "complaints"] {
                let list = server.get(&format!("{}/{entries}", path(&case.request))).expect(200);
                assert_eq!(list, json!({"items": []}), "case {}", case.name());
            }
        }
    }

    fn the_same_cases_call_by_call_are_the_same(server) {
        for case in record_all(server) {
            let name = format!("Twin of the authority of case {}", case.name());
            let authority = id(&server.post("/v1/authorities", &with(case.file["authority"].clone(), &json!({"name": name}))).expect(201));
            let twin = call_by_call(server, &history_of(&case.file, &authority));
            assert_eq!(of_case(server, &twin), of_case(server, &case.request), "case {}", case.name());
            let told = |request: &str| -> Vec<Value> {
                let timeline = server.get(&format!("{}/timeline?limit=200", path(request))).expect(200);
                let entries = timeline["items"].as_array().unwrap().iter();
                entries.map(|entry| without(entry.clone(), &["subject_id", "recorded_at"])).collect()
            };
            assert_eq!(told(&twin), told(&case.request), "case {}", case.name());
        }
    }
}

/// Everything that can be read of a case, but for ids, instants and authorities.
fn of_case(server: &Server, request: &str) -> Value {
    let (document, clock) = state(server, request);
    let read = |below: &str| without_ids(&server.get(&format!("{}/{below}", path(request))).text);
    let mut all = json!({"request": without(document, &["authority_id"]), "clock": clock, "responses": read("responses"),
        "reviews": read("reviews"), "complaints": read("complaints")});
    let complaints = server.get(&format!("{}/complaints", path(request))).expect(200);
    for complaint in complaints["items"].as_array().unwrap() {
        for below in ["position-changes", "submissions", "decision-notices", "appeals"] {
            all[below] = json!(read(&format!("complaints/{}/{below}", id(complaint))));
        }
    }
    all
}

/// Records a history by the single calls, in the order in which the whole is recorded.
fn call_by_call(server: &Server, history: &Value) -> String {
    let request = id(&server.post("/v1/requests", &history["request"]).expect(201));
    let post = |below: &str, body: &Value| server.post(&format!("{}/{below}", path(&request)), body).expect(201);
    let each = |value: &Value| value.as_array().cloned().unwrap_or_default();
    for event in each(&history["events"]) {
        post("extensions", &event["extension"]);
    }
    for entry in each(&history["responses"]) {
        post("responses", &entry["response"]);
    }
    for entry in each(&history["reviews"]) {
        post("reviews", &entry["review"]);
    }
    for entry in each(&history["complaints"]) {
        let complaint = format!("complaints/{}", id(&post("complaints", &entry["complaint"])));
        for change in each(&entry["position_changes"]) {
            post(&format!("{complaint}/position-changes"), &change);
        }
        for submission in each(&entry["submissions"]) {
            post(&format!("{complaint}/submissions"), &submission);
        }
        for notice in each(&entry["decision_notices"]) {
            post(&format!("{complaint}/decision-notices"), &notice["decision_notice"]);
        }
    }
    request
}
