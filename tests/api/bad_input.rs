//! Bad input: each refusal has the right status, a problem document with every fault, and leaves nothing behind.

use std::{sync::Barrier, thread};

use serde_json::{Value, json};

use crate::{
    on_both,
    support::{Answer, Client, Server, server::id, wire},
};

const JSON: (&str, &str) = ("Content-Type", "application/json");

/// Everything that callers can see of the casework, for comparing before and after.
fn everything(client: &Client) -> String {
    let list = client.get("/v1/requests?limit=200").expect(200);
    let mut seen = client.get("/v1/authorities").text + &list.to_string();
    for request in list["items"].as_array().unwrap() {
        let path = format!("/v1/requests/{}", request["id"].as_str().unwrap());
        for part in ["", "/timeline", "/responses", "/clock", "/requester"] {
            seen += &client.get(&format!("{path}{part}")).text;
        }
    }
    seen
}

/// A server with one request of two parts, and what is refused there.
struct Desk<'a> {
    server: &'a Server,
    request: String,
}

impl<'a> Desk<'a> {
    fn new(server: &'a Server) -> Self {
        let request = server.request("2019-11-07", &["1", "2"]);
        Self { server, request: format!("/v1/requests/{request}") }
    }

    /// Runs `attempt`, which must be this failure with exactly these faults and change nothing that anyone can see.
    #[track_caller]
    fn refused(&self, status: u16, code: &str, faults: &[(&str, &str)], attempt: impl FnOnce() -> Answer) -> Value {
        let before = everything(self.server);
        let answer = attempt();
        let problem = answer.problem(status, code);
        let mut found = answer.faults();
        let mut expected: Vec<(String, String)> =
            faults.iter().map(|(place, code)| ((*place).to_owned(), (*code).to_owned())).collect();
        found.sort();
        expected.sort();
        assert_eq!(found, expected, "{problem}");
        assert!(everything(self.server) == before, "something was written: {problem}");
        problem
    }

    /// A POST that must be refused; `at` is below the request when it begins with a slash and no `/v1`.
    #[track_caller]
    fn refuses(&self, at: &str, body: &Value, status: u16, code: &str, faults: &[(&str, &str)]) -> Value {
        let path = if at.starts_with("/v1/") { at.to_owned() } else { format!("{}{at}", self.request) };
        self.refused(status, code, faults, || self.server.post(&path, body))
    }

    #[track_caller]
    fn refuses_get(&self, target: &str, code: &str, parameters: &[&str]) {
        let faults: Vec<_> = parameters.iter().map(|name| (*name, "invalid-parameter")).collect();
        self.refused(400, code, &faults, || wire::send(self.server, "GET", target, &[], b""));
    }
}

/// A request's body with one member replaced or added.
fn request_with(member: &str, value: Value) -> Value {
    let mut body = json!({"regime": "foia", "received_on": "2019-11-07", "subject": "A subject"});
    body[member] = value;
    body
}

/// A letter already sent, or a draft, that determines parts so.
fn response(sent_on: Option<&str>, determinations: Value) -> Value {
    let mut body = json!({"kind": "initial", "determinations": determinations});
    if let Some(day) = sent_on {
        body["record_as"] = json!("sent");
        body["issued_on"] = json!(day);
    }
    body
}

fn finding_ids(document: &Value) -> Vec<String> {
    document["findings"].as_array().unwrap().iter().map(|finding| finding["id"].as_str().unwrap().to_owned()).collect()
}

on_both! {
    fn days_that_cannot_be_are_refused(server) {
        let desk = Desk::new(server);
        for day in ["2019-02-30", "2019-04-31", "2019-02-29", "0000-01-01", "0001-01-01", "99999-01-01", "+9999-01-01", "-2019-01-01", "2004-12-31",
            "2100-01-01", "2019-11-7", "07/11/2019", "2019-11-07T00:00:00Z", " 2019-11-07", "", "today"] {
            desk.refuses("/v1/requests", &request_with("received_on", json!(day)), 422, "validation-failed", &[("#/received_on", "invalid-date")]);
            desk.refuses("/clarifications", &json!({"asked_on": day}), 422, "validation-failed", &[("#/asked_on", "invalid-date")]);
            let target = format!("/v1/deadlines?regime=foia&received_on={}", day.replace(' ', "%20").replace('+', "%2B"));
            desk.refuses_get(&target, "invalid-parameter", &["received_on"]);
        }
        desk.refuses("/v1/requests", &request_with("received_on", json!(20_191_107)), 400, "wrong-type", &[("#/received_on", "wrong-type")]);
        // Today in London has begun when it is still yesterday in UTC.
        server.set_now("2026-06-30T22:59:59Z");
        desk.refuses("/v1/requests", &request_with("received_on", json!("2026-07-01")), 422, "validation-failed", &[("#/received_on", "date-in-future")]);
        server.set_now("2026-06-30T23:00:00Z");
        server.post("/v1/requests", &request_with("received_on", json!("2026-07-01"))).expect(201);
    }

    fn what_has_not_happened_is_not_recorded(server) {
        let desk = Desk::new(server);
        let tomorrow = "2026-07-01";
        let future = |member| (member, "date-in-future");
        desk.refuses("/clarifications", &json!({"asked_on": tomorrow}), 422, "validation-failed", &[future("#/asked_on")]);
        desk.refuses("/fee-notices", &json!({"given_on": tomorrow, "amount": "1"}), 422, "validation-failed", &[future("#/given_on")]);
        desk.refuses("/extensions", &json!({"kind": "public_interest", "notified_on": tomorrow}), 422, "validation-failed", &[future("#/notified_on")]);
        desk.refuses("/withdrawal", &json!({"withdrawn_on": tomorrow}), 422, "validation-failed", &[future("#/withdrawn_on")]);
        desk.refuses("/lapse", &json!({"lapsed_on": tomorrow}), 422, "validation-failed", &[future("#/lapsed_on")]);
        desk.refuses("/transfers", &json!({"transferred_on": tomorrow, "transferred_to": "x"}), 422, "validation-failed", &[future("#/transferred_on")]);
        desk.refuses("/receipt-corrections", &json!({"received_on": tomorrow, "reason": "x"}), 422, "validation-failed", &[future("#/received_on")]);
        desk.refuses("/responses", &response(Some(tomorrow), json!([])), 422, "validation-failed", &[future("#/issued_on")]);
        let body = request_with("acknowledged_on", json!(tomorrow));
        desk.refuses("/v1/requests", &body, 422, "validation-failed", &[future("#/acknowledged_on")]);
        let draft = id(&server.post(&format!("{}/responses", desk.request), &response(None, json!([{"part": "1", "outcome": "disclosed"}]))).expect(201));
        desk.refuses(&format!("/responses/{draft}/issue"), &json!({"issued_on": tomorrow}), 422, "validation-failed", &[future("#/issued_on")]);
    }

    fn an_answer_before_its_question_is_a_conflict_that_names_both(server) {
        let desk = Desk::new(server);
        let disclosed = json!([{"part": "1", "outcome": "disclosed"}, {"part": "2", "outcome": "disclosed"}]);
        let problem = desk.refuses("/responses", &response(Some("2019-11-06"), disclosed.clone()), 409, "impossible-order", &[]);
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.contains("2019-11-06") && detail.contains("2019-11-07"), "{detail}");
        let draft = id(&server.post(&format!("{}/responses", desk.request), &response(None, disclosed.clone())).expect(201));
        desk.refuses(&format!("/responses/{draft}/issue"), &json!({"issued_on": "2019-11-06", "override": {"reason": "x"}}), 409, "impossible-order", &[]);
        desk.refuses("/clarifications", &json!({"asked_on": "2019-11-06"}), 409, "impossible-order", &[]);
        let question = id(&server.post(&format!("{}/clarifications", desk.request), &json!({"asked_on": "2019-11-12"})).expect(201));
        desk.refuses(&format!("/clarifications/{question}/answer"), &json!({"answered_on": "2019-11-11"}), 409, "impossible-order", &[]);
        server.post(&format!("{}/clarifications/{question}/answer", desk.request), &json!({"answered_on": "2019-11-13"})).expect(201);
        let fee = id(&server.post(&format!("{}/fee-notices", desk.request), &json!({"given_on": "2019-11-14", "amount": "10"})).expect(201));
        desk.refuses(&format!("/fee-notices/{fee}/payment"), &json!({"paid_on": "2019-11-13"}), 409, "impossible-order", &[]);
        server.post(&format!("{}/fee-notices/{fee}/void", desk.request), &json!({"reason": "x"})).expect(201);
        // Received after it was responded to: the correction of the receipt comes too late in the calendar.
        server.post(&format!("{}/responses", desk.request), &response(Some("2019-12-05"), disclosed)).expect(201);
        desk.refuses("/receipt-corrections", &json!({"received_on": "2019-12-06", "reason": "x"}), 409, "impossible-order", &[]);
        let early = json!({"regime": "foia", "received_on": "2019-11-07", "acknowledged_on": "2019-11-06", "subject": "x"});
        desk.refuses("/v1/requests", &early, 422, "validation-failed", &[("#/acknowledged_on", "impossible-order")]);
    }

    fn numbers_of_working_days_have_their_bounds(server) {
        let desk = Desk::new(server);
        for days in ["0", "-1", "1000000", "1001", "20.0", "20,0", "%2B20", "+20", "", "1e2", "0x14", "%D9%A2%D9%A0", "20%20", "99999999999999999999", "00x"] {
            desk.refuses_get(&format!("/v1/deadlines?regime=foia&received_on=2019-11-07&working_days={days}"), "invalid-parameter", &["working_days"]);
        }
        for (days, due_on) in [("1", "2019-11-08"), ("20", "2019-12-05"), ("1000", "")] {
            let deadline = server.get(&format!("/v1/deadlines?regime=foia&received_on=2019-11-07&working_days={days}")).expect(200);
            assert_eq!(deadline["working_days"].to_string(), days);
            if days == "1" { assert_eq!(deadline["due_on"], due_on); }
        }
        desk.refuses_get("/v1/deadlines?regime=ffoia&received_on=2019-02-30&working_days=0&days=1", "invalid-parameter",
            &["regime", "received_on", "working_days", "days"]);
        desk.refuses_get("/v1/deadlines", "invalid-parameter", &["regime"]);
    }

    fn references_and_parts_are_each_themselves(server) {
        let desk = Desk::new(server);
        for reference in [" F-1", "F-1 ", "F\n1", "F\t1", "\u{2003}F-1"] {
            desk.refuses("/v1/requests", &request_with("reference", json!(reference)), 422, "validation-failed", &[("#/reference", "invalid-value")]);
        }
        let twice = json!([{"label": "1", "text": "x"}, {"label": "2", "text": "y"}, {"label": "1", "text": "z"}, {"label": "2", "text": "z"}]);
        desk.refuses("/v1/requests", &request_with("parts", twice), 422, "validation-failed",
            &[("#/parts/2/label", "duplicate-value"), ("#/parts/3/label", "duplicate-value")]);
        desk.refuses("/v1/requests", &request_with("parts", json!([])), 422, "validation-failed", &[("#/parts", "invalid-value")]);
        for label in ["", " ", "a b", "a/b", "é", "x\u{0}", ".", "..", &"1".repeat(33)] {
            desk.refuses("/v1/requests", &request_with("parts", json!([{"label": label, "text": "x"}])), 422, "validation-failed",
                &[("#/parts/0/label", "invalid-text")]);
        }
        desk.refuses("/parts", &json!({"label": "2", "text": "x"}), 422, "validation-failed", &[("#/label", "duplicate-value")]);
        desk.refuses("/parts/1/split", &json!({"labels": ["3", "3", "4", "3"]}), 422, "validation-failed",
            &[("#/labels/1", "duplicate-value"), ("#/labels/3", "duplicate-value")]);
        desk.refuses("/parts/1/split", &json!({"labels": ["2", "3", "3"]}), 422, "validation-failed",
            &[("#/labels/0", "duplicate-value"), ("#/labels/2", "duplicate-value")]);
        desk.refuses("/parts/1/split", &json!({"labels": ["3", "2"]}), 422, "validation-failed", &[("#/labels/1", "duplicate-value")]);
        desk.refuses("/parts/1/split", &json!({"labels": ["1a"]}), 422, "validation-failed", &[("#/labels", "invalid-value")]);
        desk.refuses("/clarifications", &json!({"asked_on": "2019-11-12", "parts": ["1", "9", "1"]}), 422, "validation-failed",
            &[("#/parts/1", "unknown-part"), ("#/parts/2", "duplicate-value")]);
        desk.refuses("/clarifications", &json!({"asked_on": "2019-11-12", "parts": []}), 422, "validation-failed", &[("#/parts", "invalid-value")]);
    }

    fn determinations_are_of_parts_that_exist_once_each(server) {
        let desk = Desk::new(server);
        for sent_on in [None, Some("2019-12-05")] {
            let unknown = json!([{"part": "9", "outcome": "disclosed"}, {"part": "1", "outcome": "disclosed"}, {"part": "x", "outcome": "disclosed"}]);
            desk.refuses("/responses", &response(sent_on, unknown), 422, "validation-failed",
                &[("#/determinations/0/part", "unknown-part"), ("#/determinations/2/part", "unknown-part")]);
            let twice = json!([{"part": "1", "outcome": "disclosed"}, {"part": "2", "outcome": "withheld"}, {"part": "1", "outcome": "withheld"}]);
            desk.refuses("/responses", &response(sent_on, twice), 422, "validation-failed", &[("#/determinations/2/part", "duplicate-value")]);
            let mut both = response(sent_on, json!([{"part": "1", "outcome": "disclosed"}]));
            both["left_open"] = json!([{"part": "1", "reason": "x"}, {"part": "2", "reason": "x"}, {"part": "2", "reason": "y"}]);
            desk.refuses("/responses", &both, 422, "validation-failed",
                &[("#/left_open/0/part", "inconsistent-members"), ("#/left_open/2/part", "duplicate-value")]);
            let all = json!([{"part": "9", "outcome": "disclosed"}, {"part": "1", "outcome": "disclosed"}, {"part": "1", "outcome": "withheld", "grounds": [{}]}]);
            desk.refuses("/responses", &response(sent_on, all), 422, "validation-failed",
                &[("#/determinations/0/part", "unknown-part"), ("#/determinations/2/part", "duplicate-value"),
                  ("#/determinations/2/grounds/0", "inconsistent-members")]);
            let bare = json!([{"part": "1", "outcome": "withheld", "grounds": [{"reasons": "x"}], "public_interest_tests": [{"provisions": []}]}]);
            desk.refuses("/responses", &response(sent_on, bare), 422, "validation-failed",
                &[("#/determinations/0/grounds/0", "inconsistent-members"), ("#/determinations/0/public_interest_tests/0/provisions", "invalid-value")]);
        }
        let draft = id(&server.post(&format!("{}/responses", desk.request), &response(None, json!([]))).expect(201));
        let path = format!("{}/responses/{draft}/determinations/9", desk.request);
        desk.refused(404, "not-found", &[], || server.put(&path, "*", &json!({"outcome": "disclosed"})));
        desk.refuses("/responses", &json!({"kind": "initial", "record_as": "sent"}), 422, "validation-failed", &[("#/issued_on", "inconsistent-members")]);
        desk.refuses("/responses", &json!({"kind": "initial", "issued_on": "2019-12-05"}), 422, "validation-failed", &[("#/issued_on", "inconsistent-members")]);
    }

    fn withholding_with_a_provision_of_neither_confirming_nor_denying_stops_a_draft_only(server) {
        let desk = Desk::new(server);
        let withheld = json!([{"part": "1", "outcome": "withheld", "grounds": [{"provision": "31(3)"}]}, {"part": "2", "outcome": "disclosed"}]);
        let draft = server.post(&format!("{}/responses", desk.request), &response(None, withheld.clone())).expect(201);
        let finding = draft["findings"].as_array().unwrap().iter().find(|finding| finding["id"] == "ncnd-ground-to-withhold").unwrap();
        assert_eq!(finding["severity"], "error");
        assert_eq!(finding["pointer"], "/determinations/0/grounds/0/provision");
        let problem = desk.refuses(&format!("/responses/{}/issue", id(&draft)), &json!({"issued_on": "2019-12-05"}), 422, "notice-checks-failed", &[]);
        assert!(finding_ids(&problem).contains(&"ncnd-ground-to-withhold".to_owned()), "{problem}");
        let sent = server.post(&format!("{}/responses", desk.request), &response(Some("2019-12-05"), withheld)).expect(201);
        assert_eq!(sent["status"], "issued");
        assert!(finding_ids(&sent).contains(&"ncnd-ground-to-withhold".to_owned()), "{sent}");
    }

    fn a_provision_that_the_catalogue_does_not_know_is_refused_in_a_draft_and_found_in_a_letter(server) {
        let desk = Desk::new(server);
        let cited = |ground: Value| json!([{"part": "1", "outcome": "neither_confirmed_nor_denied", "grounds": [ground]}, {"part": "2", "outcome": "disclosed"}]);
        for (ground, pointer) in [
            (json!({"provision": "3(3)"}), "#/determinations/0/grounds/0/provision"),
            (json!({"as_cited": "section 3(3)"}), "#/determinations/0/grounds/0/as_cited"),
            (json!({"provision": "31(3)", "relies_on": [{"provision": "3(3)"}]}), "#/determinations/0/grounds/0/relies_on/0/provision"),
        ] {
            let before = everything(server);
            let answer = server.post(&format!("{}/responses", desk.request), &response(None, cited(ground)));
            let problem = answer.problem(422, "validation-failed");
            assert_eq!(answer.faults(), [(pointer.to_owned(), "unknown-provision".to_owned())]);
            assert!(problem["errors"][0]["detail"].as_str().unwrap().contains("43(3)"), "{problem}");
            assert!(everything(server) == before);
        }
        let both = json!([{"part": "1", "outcome": "withheld", "grounds": [{"provision": "3(3)"}, {"provision": "31(3)"}, {"provision": "999"}]}]);
        desk.refuses("/responses", &response(None, both), 422, "validation-failed",
            &[("#/determinations/0/grounds/0/provision", "unknown-provision"), ("#/determinations/0/grounds/2/provision", "unknown-provision")]);
        let draft = id(&server.post(&format!("{}/responses", desk.request), &response(None, json!([]))).expect(201));
        let path = format!("{}/responses/{draft}/determinations/1", desk.request);
        let replacement = json!({"outcome": "withheld", "grounds": [{"provision": "3(3)"}]});
        desk.refused(422, "validation-failed", &[("#/grounds/0/provision", "unknown-provision")], || server.put(&path, "*", &replacement));
        let sent = server.post(&format!("{}/responses", desk.request), &response(Some("2019-12-05"), cited(json!({"as_cited": "section 3(3)"})))).expect(201);
        let unknown = sent["findings"].as_array().unwrap().iter().find(|finding| finding["id"] == "unknown-provision").unwrap();
        assert!(unknown.to_string().contains("43(3)"), "{unknown}");
        assert_eq!(sent["determinations"][0]["grounds"][0], json!({"as_cited": "section 3(3)"}));
    }

    fn a_provision_out_of_force_is_found_and_kept(server) {
        let authority = server.authority("Authority");
        for (received_on, sent_on, provision) in [("2023-04-03", "2023-05-02", "40(5)"), ("2017-03-01", "2017-03-28", "40(5B)(a)(i)")] {
            let body = json!({"authority_id": authority, "regime": "foia", "received_on": received_on, "subject": "x"});
            let request = id(&server.post("/v1/requests", &body).expect(201));
            let cited = json!([{"part": "1", "outcome": "neither_confirmed_nor_denied", "grounds": [{"provision": provision}]}]);
            let path = format!("/v1/requests/{request}/responses");
            let sent = server.post(&path, &response(Some(sent_on), cited.clone())).expect(201);
            assert!(finding_ids(&sent).contains(&"provision-not-in-force".to_owned()), "{sent}");
            assert_eq!(sent["determinations"][0]["grounds"][0]["provision"], provision);
            // A draft is kept too, and stopped on the day on which it would go out.
            let request = id(&server.post("/v1/requests", &body).expect(201));
            let draft = id(&server.post(&format!("/v1/requests/{request}/responses"), &response(None, cited)).expect(201));
            let issue = server.post(&format!("/v1/requests/{request}/responses/{draft}/issue"), &json!({"issued_on": sent_on}));
            assert!(finding_ids(&issue.problem(422, "notice-checks-failed")).contains(&"provision-not-in-force".to_owned()));
            assert_eq!(server.get(&format!("/v1/requests/{request}")).expect(200)["status"], "open");
        }
    }

    fn one_reference_from_fifty_clients_is_recorded_once(server) {
        server.authority("Authority");
        let body = json!({"reference": "01/FOI/19/1", "regime": "foia", "received_on": "2019-11-07", "subject": "x"});
        let start = Barrier::new(50);
        let answers: Vec<Answer> = thread::scope(|scope| {
            let clients: Vec<_> = (0..50)
                .map(|_| scope.spawn(|| {
                    let client = Client::new(&server.base, Some(crate::support::server::KEY));
                    start.wait();
                    client.post("/v1/requests", &body)
                }))
                .collect();
            clients.into_iter().map(|client| client.join().unwrap()).collect()
        });
        assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1);
        for answer in answers.iter().filter(|answer| answer.status != 201) {
            answer.problem(409, "duplicate-reference");
        }
        assert_eq!(server.get("/v1/requests").expect(200)["items"].as_array().unwrap().len(), 1);
    }

    fn pages_that_are_none_are_refused(server) {
        let desk = Desk::new(server);
        server.request("2019-11-08", &["1"]);
        let lists = ["/v1/requests", "/v1/authorities", "/v1/deletions"].map(str::to_owned).into_iter().chain([format!("{}/timeline", desk.request)]);
        for list in lists {
            for limit in ["0", "201", "abc", "-1", "", "1.5", "+1", "99999999999"] {
                desk.refuses_get(&format!("{list}?limit={limit}"), "invalid-parameter", &["limit"]);
            }
            for cursor in ["", "x", "AAAA", "!!!!", &"A".repeat(1000)] {
                desk.refuses_get(&format!("{list}?cursor={cursor}"), "invalid-cursor", &[]);
            }
            desk.refuses_get(&format!("{list}?no_such=1&limit=0&limit=5"), "invalid-parameter", &["limit", "no_such"]);
            desk.refuses_get(&format!("{list}?limit=1&limit=1"), "invalid-parameter", &["limit"]);
        }
        let cursor = server.get("/v1/requests?limit=1&regime=foia").expect(200)["next_cursor"].as_str().unwrap().to_owned();
        assert_eq!(server.get(&format!("/v1/requests?limit=2&regime=foia&cursor={cursor}")).expect(200)["items"].as_array().unwrap().len(), 1);
        for other in ["", "regime=eir&", "regime=foia&overdue=true&", "regime=foia&sort=received_on&", "regime=foia&q=x&"] {
            desk.refuses_get(&format!("/v1/requests?{other}limit=1&cursor={cursor}"), "invalid-cursor", &[]);
        }
        desk.refuses_get(&format!("/v1/authorities?cursor={cursor}"), "invalid-cursor", &[]);
        // A cursor in which one character is another, wherever it stands.
        for (at, character) in cursor.char_indices() {
            let other = if character == 'A' { 'B' } else { 'A' };
            let forged = format!("{}{other}{}", &cursor[..at], &cursor[at + 1..]);
            server.get(&format!("/v1/requests?limit=1&regime=foia&cursor={forged}")).problem(400, "invalid-cursor");
        }
        desk.refuses_get("/v1/requests?sort=subject&status=held&overdue=yes&regime=x&due_on_from=2019-02-30&updated_at_from=now&format=xml&authority_id=1", "invalid-parameter",
            &["sort", "status", "overdue", "regime", "due_on_from", "updated_at_from", "format", "authority_id"]);
    }

    fn a_member_that_does_not_exist_is_refused_wherever_it_stands(server) {
        let desk = Desk::new(server);
        let unknown = |at| (at, "unknown-member");
        desk.refuses("/v1/requests", &request_with("held", json!(true)), 400, "unknown-member", &[unknown("#/held")]);
        desk.refuses("/v1/requests", &request_with("parts", json!([{"label": "1", "text": "x", "held": false}, {"label": "2", "text": "x", "held": "no"}])), 400, "unknown-member",
            &[unknown("#/parts/0/held"), unknown("#/parts/1/held")]);
        for sent_on in [None, Some("2019-12-05")] {
            let body = json!([{"part": "1", "outcome": "withheld", "held": true, "grounds": [{"provision": "31(3)", "held": true, "relies_on": [{"provision": "31(1)(a)", "held": 1}], "prejudice": {"held": 1}}]}]);
            desk.refuses("/responses", &response(sent_on, body), 400, "unknown-member", &[
                unknown("#/determinations/0/held"), unknown("#/determinations/0/grounds/0/held"),
                unknown("#/determinations/0/grounds/0/relies_on/0/held"), unknown("#/determinations/0/grounds/0/prejudice/held")]);
        }
        let held = json!({"held": true});
        let etag = server.get(&desk.request).header("etag").to_owned();
        desk.refused(400, "unknown-member", &[unknown("#/held")], || server.patch(&desk.request, &etag, &held));
        desk.refuses("/v1/deadlines", &json!({"regime": "foia", "received_on": "2019-11-07", "held": true, "events": [{"kind": "lapse", "effective_on": "2020-01-01", "held": 1}]}),
            400, "unknown-member", &[unknown("#/held"), unknown("#/events/0/held")]);
        // With faults in values beside it, all of them are told.
        let mut body = request_with("held", json!(true));
        body["received_on"] = json!("2019-02-30");
        body["a~b/c"] = json!(1);
        desk.refuses("/v1/requests", &body, 400, "unknown-member",
            &[unknown("#/held"), unknown("#/a~0b~1c"), ("#/received_on", "invalid-date")]);
    }

    fn null_is_no_value_where_nothing_is_cleared(server) {
        let desk = Desk::new(server);
        let wrong = |at| (at, "wrong-type");
        desk.refuses("/v1/requests", &request_with("channel", Value::Null), 400, "wrong-type", &[wrong("#/channel")]);
        desk.refuses("/v1/requests", &request_with("regime", Value::Null), 400, "wrong-type", &[wrong("#/regime")]);
        desk.refuses("/v1/requests", &request_with("parts", json!([{"label": "1", "text": null, "regime": null}, null])), 400, "wrong-type",
            &[wrong("#/parts/0/text"), wrong("#/parts/0/regime"), wrong("#/parts/1")]);
        desk.refuses("/responses", &json!({"kind": "initial", "decided_by": null, "determinations": [{"part": "1", "outcome": "disclosed", "explanation": null}]}), 400, "wrong-type",
            &[wrong("#/decided_by"), wrong("#/determinations/0/explanation")]);
        desk.refuses("/parts", &json!({"label": "3", "text": "x", "scope_note": null}), 400, "wrong-type", &[wrong("#/scope_note")]);
        let path = format!("{}/parts/1", desk.request);
        desk.refused(400, "wrong-type", &[wrong("#/interpretation")], || server.put(&path, "*", &json!({"text": "x", "interpretation": null})));
        // What cannot be cleared.
        desk.refused(422, "validation-failed", &[("#/subject", "invalid-value")], || server.patch(&desk.request, "*", &json!({"subject": null})));
    }

    fn all_faults_of_a_body_come_at_once(server) {
        let desk = Desk::new(server);
        let body = json!({"regime": "ffoia", "received_on": "2019-02-30", "subject": "  ", "channel": "pigeon", "topics": ["a", "a", ""],
            "external_ids": [{"scheme": "", "value": "x".repeat(129)}], "acknowledged_on": "x", "reference": "\u{0}",
            "parts": [{"label": "1", "text": "x", "invalid_reason": "no"}, {"label": "1", "text": ""}, {"label": "a b", "text": "x", "regime": "gdpr"}]});
        desk.refuses("/v1/requests", &body, 422, "validation-failed", &[
            ("#/regime", "unknown-value"), ("#/received_on", "invalid-date"), ("#/subject", "invalid-text"), ("#/channel", "unknown-value"),
            ("#/topics/1", "duplicate-value"), ("#/topics/2", "invalid-text"), ("#/external_ids/0/scheme", "invalid-text"),
            ("#/external_ids/0/value", "invalid-text"), ("#/acknowledged_on", "invalid-date"), ("#/reference", "invalid-text"),
            ("#/parts/0/invalid_reason", "inconsistent-members"), ("#/parts/1/label", "duplicate-value"), ("#/parts/1/text", "invalid-text"),
            ("#/parts/2/label", "invalid-text"), ("#/parts/2/regime", "unknown-value")]);
        desk.refuses("/v1/requests", &json!({}), 400, "missing-member", &[("#/regime", "missing-member")]);
        desk.refuses("/v1/requests", &request_with("subject", json!(5)), 400, "wrong-type", &[("#/subject", "wrong-type")]);
        desk.refuses("/v1/requests", &request_with("parts", json!({})), 400, "wrong-type", &[("#/parts", "wrong-type")]);
        desk.refuses("/v1/requests", &request_with("topics", json!("a")), 400, "wrong-type", &[("#/topics", "wrong-type")]);
    }

    fn sums_and_counts_keep_to_their_form(server) {
        let desk = Desk::new(server);
        for amount in ["0", "-5", "abc", "1.001", "1e3", "+5", "£5", "", " 5", "5.", "12345678901", "NaN", "１"] {
            desk.refuses("/fee-notices", &json!({"given_on": "2019-11-12", "amount": amount}), 422, "validation-failed", &[("#/amount", "invalid-value")]);
        }
        desk.refuses("/fee-notices", &json!({"given_on": "2019-11-12", "amount": 5}), 400, "wrong-type", &[("#/amount", "wrong-type")]);
        let estimate = |hours: &str, amount: &str| json!([{"part": "1", "outcome": "refused_cost", "grounds": [{"provision": "12(1)", "cost_estimate": {"hours": hours, "amount": amount}}]}]);
        for wrong in ["x", "-1", "1e9", "1.234"] {
            let at = "#/determinations/0/grounds/0/cost_estimate";
            desk.refuses("/responses", &response(None, estimate(wrong, wrong)), 422, "validation-failed",
                &[(&format!("{at}/hours"), "invalid-value"), (&format!("{at}/amount"), "invalid-value")]);
        }
        server.post(&format!("{}/responses", desk.request), &response(None, estimate("21.5", "537.50"))).expect(201);
    }

    fn lists_keep_to_their_lengths(server) {
        let desk = Desk::new(server);
        let words = |count: usize| -> Value { (0..count).map(|number| json!(number.to_string())).collect() };
        let too_many = |at| (at, "invalid-value");
        desk.refuses("/v1/requests", &request_with("topics", words(51)), 422, "validation-failed", &[too_many("#/topics")]);
        let ids: Value = (0..51).map(|number| json!({"scheme": "s", "value": number.to_string()})).collect();
        desk.refuses("/v1/requests", &request_with("external_ids", ids.clone()), 422, "validation-failed", &[too_many("#/external_ids")]);
        let parts: Value = (0..501).map(|number| json!({"label": number.to_string(), "text": "x"})).collect();
        desk.refuses("/v1/requests", &request_with("parts", parts), 422, "validation-failed", &[too_many("#/parts")]);
        desk.refuses("/v1/authorities", &json!({"name": "Another", "nation": "wales", "identifiers": ids}), 422, "validation-failed", &[too_many("#/identifiers")]);
        desk.refuses("/parts/1/split", &json!({"labels": words(101)}), 422, "validation-failed",
            &[too_many("#/labels"), ("#/labels/2", "duplicate-value")]);
        desk.refuses("/extensions", &json!({"kind": "public_interest", "notified_on": "2019-11-29", "grounds": words(51)}), 422, "validation-failed", &[too_many("#/grounds")]);
        let events: Value = (0..201).map(|_| json!({"kind": "clarification_asked", "effective_on": "2019-11-12"})).collect();
        desk.refuses("/v1/deadlines", &json!({"regime": "foia", "received_on": "2019-11-07", "events": events}), 422, "validation-failed", &[too_many("#/events")]);
        let grounds: Value = (0..51).map(|_| json!({"provision": "31(3)", "relies_on": [], "available_at": []})).collect();
        let limbs: Value = (0..51).map(|_| json!({"provision": "31(1)(a)"})).collect();
        let factors: Value = (0..101).map(|_| json!({"text": "x"})).collect();
        let tests: Value = (0..51).map(|_| json!({"provisions": ["31(3)"]})).collect();
        let documents: Value = (0..201).map(|number| json!({"uri": number.to_string()})).collect();
        let first = json!({"part": "1", "outcome": "withheld", "grounds": grounds, "public_interest_tests": tests});
        let second = json!({"part": "2", "outcome": "withheld",
            "grounds": [{"provision": "31(3)", "relies_on": limbs, "available_at": words(51), "statement_omitted": {"under": "17(4)", "covers": words(11)}}],
            "public_interest_tests": [{"provisions": words(51), "factors_for": factors, "factors_against": factors}]});
        let mut body = response(Some("2019-12-05"), json!([first, second]));
        body["sent_documents"] = documents;
        desk.refuses("/responses", &body, 422, "validation-failed", &[
            too_many("#/sent_documents"), too_many("#/determinations/0/grounds"), too_many("#/determinations/0/public_interest_tests"),
            too_many("#/determinations/1/grounds/0/relies_on"), too_many("#/determinations/1/grounds/0/available_at"),
            too_many("#/determinations/1/grounds/0/statement_omitted/covers"),
            too_many("#/determinations/1/public_interest_tests/0/provisions"), too_many("#/determinations/1/public_interest_tests/0/factors_for"),
            too_many("#/determinations/1/public_interest_tests/0/factors_against")]);
    }

    fn bodies_that_are_not_one_json_object_are_refused(server) {
        let desk = Desk::new(server);
        let good = r#"{"regime": "foia", "received_on": "2019-11-07", "subject": "x"}"#;
        let nested = |open: &str, close: &str, depth: usize| format!("{}{}", open.repeat(depth), close.repeat(depth));
        let malformed: Vec<(&str, Vec<u8>)> = vec![
            ("nothing", b"".to_vec()),
            ("white space", b" \n\t ".to_vec()),
            ("half an object", good.as_bytes()[..good.len() - 1].to_vec()),
            ("something after it", format!("{good} x").into_bytes()),
            ("two documents", format!("{good}{good}").into_bytes()),
            ("a trailing comma", good.replace('}', ",}").into_bytes()),
            ("single quotes", good.replace('"', "'").into_bytes()),
            ("a comment", format!("/* */{good}").into_bytes()),
            ("a byte order mark", [b"\xef\xbb\xbf", good.as_bytes()].concat()),
            ("UTF-16", good.encode_utf16().flat_map(u16::to_le_bytes).collect()),
            ("not UTF-8", good.replace('x', "\u{1}").bytes().map(|byte| if byte == 1 { 0xff } else { byte }).collect()),
            ("a lone surrogate", good.replace('x', "\\ud800").into_bytes()),
            ("a control character", good.replace('x', "\n").into_bytes()),
            ("a bare NUL", good.replace('x', "\0").into_bytes()),
            ("not a number", good.replace("\"x\"", "NaN").into_bytes()),
            ("a member twice", good.replace('}', r#", "subject": "y"}"#).into_bytes()),
            ("a member twice by escape", good.replace('}', r#", "\u0073ubject": "y"}"#).into_bytes()),
            (
                "a member twice below",
                good.replace('}', r#", "parts": [{"label": "1", "label": "2", "text": "x"}]}"#).into_bytes(),
            ),
            ("10,000 nested arrays", nested("[", "]", 10_000).into_bytes()),
            ("10,000 open arrays", "[".repeat(10_000).into_bytes()),
            ("10,000 nested objects", format!("{}1{}", "{\"a\":".repeat(10_000), "}".repeat(10_000)).into_bytes()),
            ("one level too deep", good.replace("\"x\"", &nested("[", "]", 32)).into_bytes()),
        ];
        for (what, bytes) in malformed {
            for path in ["/v1/requests", "/v1/deadlines", "/v1/authorities"] {
                let before = everything(server);
                let answer = wire::send(server, "POST", path, &[JSON], &bytes);
                assert_eq!(answer.status, 400, "{what}: {}", answer.text);
                answer.problem(400, "malformed-json");
                assert!(everything(server) == before, "{what}");
            }
            let patched = wire::send(server, "PATCH", &desk.request, &[JSON, ("If-Match", "*")], &bytes);
            assert_eq!(patched.json()["code"], "malformed-json", "{what}: {}", patched.text);
        }
        for other in ["null", "[]", "[{}]", "1", "\"x\"", "true", "-0.0e1"] {
            desk.refused(400, "wrong-type", &[("#", "wrong-type")], || {
                wire::send(server, "POST", "/v1/requests", &[JSON], other.as_bytes())
            });
            desk.refused(400, "wrong-type", &[("#", "wrong-type")], || {
                wire::send(server, "PATCH", &desk.request, &[JSON, ("If-Match", "*")], other.as_bytes())
            });
        }
        let nul = good.replace('x', "\\u0000");
        desk.refused(422, "validation-failed", &[("#/subject", "invalid-text")], || {
            wire::send(server, "POST", "/v1/requests", &[JSON], nul.as_bytes())
        });
        desk.refused(400, "unknown-member", &[("#/\0", "unknown-member")], || {
            wire::send(server, "POST", "/v1/requests", &[JSON], good.replace('}', r#", "\u0000": 1}"#).as_bytes())
        });
        desk.refused(415, "unsupported-media-type", &[], || {
            wire::send(server, "POST", "/v1/requests", &[("Content-Type", "text/csv")], good.as_bytes())
        });
        // The good one is good.
        assert_eq!(wire::send(server, "POST", "/v1/requests", &[JSON], good.as_bytes()).status, 201);
    }
}
