//! The audit log: an entry for every call that reads or writes case data, or tells or changes who may.

use std::thread;

use candour::api::scopes::{self, Matter};
use serde_json::{Value, json};

use crate::{
    on_both,
    support::{
        Server,
        casework::{disclosed, draft, ncnd, path, record, sent, with, withheld},
        contract,
        keys::{LAST_DAY, client, made, wanted},
        server::id,
        world,
    },
};

/// Figures that name requests.
const NAMES_CASES: [&str; 1] = ["get_workload"];
/// What tells or changes who may see what: no casework, and yet in the log.
const ADMINISTRATION: [&str; 7] = [
    "list_api_keys",
    "create_api_key",
    "get_api_key",
    "revoke_api_key",
    "rotate_api_key",
    "create_authority",
    "patch_authority",
];
pub const LOG: &str = "/v1/audit-entries?purpose=self_monitoring&limit=200";

/// What the entries of the only authority say, without the reading of the log itself.
#[track_caller]
fn entries(server: &Server) -> Vec<Value> {
    let items = server.get(LOG).expect(200)["items"].as_array().unwrap().clone();
    let contents = items.into_iter().map(|item| item["content"].clone());
    contents.filter(|content| content["action"] != "list_audit_entries").collect()
}

fn told(entry: &Value) -> (&str, &str) {
    (entry["operation"].as_str().unwrap(), entry["action"].as_str().unwrap())
}

/// Operation, action and recipients of an entry.
fn disclosure_told(entry: &Value) -> (&str, &str, Vec<&str>) {
    let recipients = entry["recipients"].as_array().into_iter().flatten().map(|recipient| recipient.as_str().unwrap());
    let (operation, action) = told(entry);
    (operation, action, recipients.collect())
}

/// What the service finds wrong with the log, as kind and place.
#[track_caller]
pub fn found(server: &Server) -> Vec<(String, i64)> {
    let answer = server.get("/v1/audit-entries/verification?purpose=integrity_and_security").expect(200);
    let faults = answer["faults"].as_array().unwrap();
    assert_eq!(answer["is_intact"], faults.is_empty(), "{answer}");
    faults.iter().map(|fault| (fault["kind"].as_str().unwrap().to_owned(), fault["seq"].as_i64().unwrap())).collect()
}

on_both! {
    fn each_call_has_an_entry_that_says_who_did_what(server) {
        let authority = world::only_authority(server);
        let key = made(server, &wanted("system", &["requests:read", "requests:write", "responses:write", "ncnd:read", "requesters:read", "requesters:match"], LAST_DAY));
        let system = server.with_key(key["key"].as_str().unwrap());
        let call = |method: &str, target: &str, more: &[(&str, &str)], body: Option<Value>| {
            let mut headers = vec![("Candour-Actor", "staff-7"), ("Content-Type", "application/json")];
            headers.extend_from_slice(more);
            system.send(method, target, &headers, body.map(|body| body.to_string().into_bytes()).as_deref())
        };
        let body = json!({"regime": "foia", "received_on": "2019-11-07", "subject": "Canary subject", "requester": {"name": "Canary Name"},
            "original_text": "Canary letter", "parts": [{"label": "1", "text": "Canary question"}, {"label": "2", "text": "Two"}]});
        let keyed = [("Idempotency-Key", "one")];
        let request = id(&call("POST", "/v1/requests", &keyed, Some(body.clone())).expect(201));
        call("POST", "/v1/requests", &keyed, Some(body)).expect(201);
        let address = path(&request);
        let tag = call("GET", &address, &[("X-Request-Id", "0e9b2c0c-64b1-4b0e-9f1c-2f3a4a6a2b10"), ("Candour-Justification", "A call from the press")], None).header("etag").to_owned();
        assert_eq!(call("GET", &address, &[("If-None-Match", &tag)], None).status, 304);
        call("GET", "/v1/requests?q=canary&format=csv", &[], None);
        call("GET", &format!("{address}/requester"), &[], None).expect(200);
        call("GET", &format!("{address}/related?relation=same_requester"), &[], None).expect(200);
        let list = format!("{address}/responses");
        let drafted = id(&call("POST", &list, &[], Some(draft(&[ncnd("2")]))).expect(201));
        call("DELETE", &format!("{list}/{drafted}"), &[("If-Match", "*")], None).expect(204);
        call("POST", &list, &[], Some(sent("2019-12-02", &[disclosed("1")]))).expect(201);
        call("POST", &format!("{address}/transfers"), &[], Some(json!({"transferred_on": "2019-12-03", "transferred_to": "Another force", "parts": ["2"]}))).expect(201);
        // What was refused showed nothing.
        call("GET", &path(&uuid::Uuid::new_v4().to_string()), &[], None).problem(404, "not-found");
        call("POST", &list, &[], Some(json!({}))).problem(400, "missing-member");
        call("GET", &address, &[("Candour-Justification", &"a".repeat(501))], None).problem(400, "invalid-parameter");
        system.get(&address).problem(400, "invalid-parameter");
        let log = entries(server);
        let expected = [
            ("alteration", "create_authority"), ("alteration", "create_api_key"), ("collection", "create_request"), ("consultation", "create_request"),
            ("consultation", "get_request"), ("consultation", "get_request"), ("consultation", "list_requests"),
            ("consultation", "get_requester"), ("combination", "list_related"), ("alteration", "create_response"),
            ("erasure", "delete_response"), ("disclosure", "create_response"), ("disclosure", "create_transfer"),
        ];
        assert_eq!(log.iter().map(told).collect::<Vec<_>>(), expected);
        assert_eq!(log[4], json!({"authority_id": authority, "seq": 5, "recorded_at": "2026-06-30T12:00:00.000000Z", "operation": "consultation",
            "action": "get_request", "address": address, "case_id": request, "actor": "staff-7", "credential": format!("api_key:{}", id(&key)),
            "call_id": "0e9b2c0c-64b1-4b0e-9f1c-2f3a4a6a2b10", "justification": "A call from the press"}));
        assert_eq!(log[2]["case_id"], request);
        assert_eq!((log[6]["address"].as_str(), log[6].get("case_id")), (Some("/v1/requests"), None));
        assert_eq!(log[11]["recipients"], json!(["requester"]));
        assert_eq!((&log[12]["recipients"], &log[12]["is_transfer"]), (&json!(["Another force"]), &json!(true)));
        let text = server.place.words("SELECT content AS words FROM audit_entries").concat();
        for value in ["canary", "Canary", "31(3)", "prejudice", "neither"] {
            assert!(!text.contains(value), "{value}");
        }
        assert_eq!(found(server), []);
    }

    fn a_call_refused_for_what_the_case_says_has_an_entry_too(server) {
        let request = server.request("2026-06-08", &["1"]);
        let responses = format!("{}/responses", path(&request));
        let mut bare = draft(&[json!({"part": "1", "outcome": "neither_confirmed_nor_denied", "grounds": [{"provision": "31(3)"}]})]);
        bare["particulars"] = json!({});
        let drafted = id(&server.post(&responses, &bare).expect(201));
        let before = entries(server).len();
        let issue = |tag: &str| {
            let headers = [("If-Match", tag), ("Content-Type", "application/json")];
            server.send("POST", &format!("{responses}/{drafted}/issue"), &headers, Some(b"{\"issued_on\": \"2026-06-30\"}"))
        };
        issue("\"99-0-json\"").problem(412, "precondition-failed");
        issue("*").problem(422, "notice-checks-failed");
        server.post(&format!("{}/reopening", path(&request)), &json!({"received_on": "2026-06-10"})).problem(409, "impossible-order");
        let log = entries(server).split_off(before);
        let expected = [("consultation", "issue_response"), ("consultation", "issue_response"), ("consultation", "create_reopening")];
        assert_eq!(log.iter().map(told).collect::<Vec<_>>(), expected);
        for entry in &log {
            assert_eq!((&entry["is_refused"], &entry["case_id"]), (&json!(true), &json!(request)), "{entry}");
        }
        // A case that is not there has no log, and what was refused as malformed has told nothing.
        let absent = path(&uuid::Uuid::new_v4().to_string());
        server.post(&format!("{absent}/responses"), &draft(&[ncnd("1")])).problem(404, "not-found");
        server.post(&format!("{absent}/responses"), &json!({})).problem(400, "missing-member");
        server.post(&responses, &json!({})).problem(400, "missing-member");
        let never = json!({"asked_on": "2026-02-30", "text": "Which year?"});
        server.post(&format!("{absent}/clarifications"), &never).problem(422, "validation-failed");
        assert_eq!(entries(server).len(), before + expected.len());
        assert_eq!(found(server), []);
    }

    fn what_went_out_is_a_disclosure_to_whoever_had_it(server) {
        let request = server.request("2019-11-07", &["1", "2"]);
        let of_request = |resource: &str, body: Value| record(server, &request, resource, body);
        let before = entries(server).len();
        let question = id(&of_request("clarifications", json!({"asked_on": "2019-11-08", "text": "Which?"})));
        of_request(&format!("clarifications/{question}/answer"), json!({"answered_on": "2019-11-11"}));
        let fee = id(&of_request("fee-notices", json!({"given_on": "2019-11-12", "amount": "10.00"})));
        of_request(&format!("fee-notices/{fee}/payment"), json!({"paid_on": "2019-11-14"}));
        of_request("extensions", json!({"kind": "public_interest", "notified_on": "2019-12-05", "estimated_on": "2019-12-20"}));
        of_request("transfers", json!({"transferred_on": "2019-12-06", "transferred_to": "Another force", "parts": ["2"]}));
        let mut letter = draft(&[withheld("1")]);
        letter["decided_by"] = json!({"staff_ref": "staff-7", "role": "Manager"});
        let issue = format!("{}/responses/{}/issue", path(&request), id(&of_request("responses", letter)));
        for _ in 0..2 {
            server.post_keyed(&issue, "issue", &json!({"issued_on": "2019-12-19"})).expect(200);
        }
        let complaint = format!("complaints/{}", id(&of_request("complaints", json!({"made_on": "2020-02-20"}))));
        let changed = json!({"stated_on": "2020-04-01", "communicated_to": ["regulator", "requester"], "grounds_added": [{"provision": "43(2)"}]});
        let changed = id(&of_request(&format!("{complaint}/position-changes"), changed));
        of_request(&format!("{complaint}/position-changes/{changed}/void"), json!({"reason": "Never stated."}));
        for party in ["authority", "complainant"] {
            of_request(&format!("{complaint}/submissions"), json!({"submitted_on": "2020-04-02", "submitted_by": party, "summary": "So."}));
        }
        of_request(&format!("{complaint}/decision-notices"), json!({"sent_on": "2020-06-23", "findings": [{"provision": "31(1)(a)", "finding": "not_engaged"}]}));
        for party in ["authority", "complainant"] {
            of_request(&format!("{complaint}/appeals"), json!({"tribunal": "first_tier", "made_on": "2020-07-01", "made_by": party}));
        }
        let log = entries(server).split_off(before);
        let told: Vec<(&str, &str, Vec<&str>)> = log.iter().map(disclosure_told).collect();
        let alteration = |action| ("alteration", action, vec![]);
        let expected = [
            ("disclosure", "create_clarification", vec!["requester"]), alteration("answer_clarification"),
            ("disclosure", "create_fee_notice", vec!["requester"]), alteration("pay_fee"),
            ("disclosure", "create_extension", vec!["requester"]), ("disclosure", "create_transfer", vec!["Another force"]),
            alteration("create_response"), ("disclosure", "issue_response", vec!["requester"]), ("consultation", "issue_response", vec![]),
            alteration("create_complaint"), ("disclosure", "create_position_change", vec!["requester", "regulator"]),
            alteration("void_position_change"), ("disclosure", "create_submission", vec!["regulator"]), alteration("create_submission"),
            alteration("create_decision_notice"), ("disclosure", "create_appeal", vec!["tribunal"]), alteration("create_appeal"),
        ];
        assert_eq!(told, expected);
        for entry in &log {
            assert_eq!(entry["case_id"], request, "{entry}");
            let is_transfer = entry["action"] == "create_transfer";
            assert_eq!(entry.get("is_transfer"), is_transfer.then_some(&json!(true)), "{entry}");
        }
        assert_eq!(found(server), []);
    }

    fn a_past_case_is_a_collection_and_what_went_out_in_it_are_disclosures(server) {
        world::only_authority(server);
        let bare = json!({"request": {"reference": "PAST/1", "regime": "foia", "received_on": "2019-11-07", "subject": "A subject",
            "parts": [{"label": "1", "text": "One"}, {"label": "2", "text": "Two"}]}});
        let mut whole = with(bare.clone(), &json!({
            "events": [{"transfer": {"transferred_on": "2019-11-08", "transferred_to": "Another force", "parts": ["2"]}}],
            "responses": [{"response": {"kind": "initial", "issued_on": "2019-12-05", "determinations": [withheld("1")]}}],
            "complaints": [{"complaint": {"made_on": "2020-02-20"},
                "position_changes": [{"stated_on": "2020-04-01", "communicated_to": ["tribunal"], "grounds_added": [{"provision": "43(2)"}]}],
                "submissions": [{"submitted_on": "2020-04-02", "submitted_by": "authority", "summary": "So."}]}]
        }));
        whole["request"]["reference"] = json!("PAST/2");
        let before = entries(server).len();
        let bare = id(&server.post("/v1/case-histories", &bare).expect(201)["request"]);
        let mut wrong = whole.clone();
        wrong["complaints"][0]["submissions"][0]["submitted_on"] = json!("2099-01-01");
        server.post("/v1/case-histories", &wrong).problem(422, "validation-failed");
        let made = server.post_keyed("/v1/case-histories", "past", &whole);
        let request = id(&made.expect(201)["request"]);
        assert_eq!(server.post_keyed("/v1/case-histories", "past", &whole).header("idempotency-replayed"), "true");
        server.post("/v1/case-histories", &whole).expect(200);
        let log = entries(server).split_off(before);
        let told: Vec<(&str, &str, Vec<&str>)> = log.iter().map(disclosure_told).collect();
        let entry = |operation, recipients: &[&'static str]| (operation, "create_case_history", recipients.to_vec());
        let expected = [
            entry("collection", &[]), entry("collection", &[]), entry("disclosure", &["requester", "regulator", "tribunal"]),
            entry("disclosure", &["Another force"]), entry("consultation", &[]), entry("consultation", &[]),
        ];
        assert_eq!(told, expected);
        assert_eq!((&log[0]["case_id"], log[0].get("is_transfer")), (&json!(bare), None));
        for entry in &log[1..] {
            assert_eq!(entry["case_id"], request, "{entry}");
        }
        for entry in &log[1..4] {
            assert_eq!(entry["call_id"], made.header("x-request-id"), "{entry}");
        }
        assert_eq!((log[2].get("is_transfer"), &log[3]["is_transfer"]), (None, &json!(true)));
        assert_eq!(found(server), []);
    }

    fn every_casework_call_of_the_document_has_one_entry(server) {
        world::only_authority(server);
        let count = || server.place.count("audit_entries");
        let (mut audited, mut others) = (0, 0);
        let mut all = contract::operations();
        // A second authority has a log of its own.
        all.sort_by_key(|operation| operation.id() == "create_authority");
        for operation in all {
            let target = format!("{}{}", world::path(server, &operation), world::query(&operation));
            let (media, body) = operation.bodies().into_iter().next().map(|(media, _, body)| (media, Some(body))).unwrap_or_default();
            let before = count();
            let answer = world::send(server, &operation, &target, &media, body.as_ref());
            assert!((200..300).contains(&answer.status), "{} {}", operation.id(), answer.text);
            let rule = scopes::rule_of(&operation.method, &operation.path);
            let is_listed = NAMES_CASES.contains(&operation.id()) || ADMINISTRATION.contains(&operation.id());
            let is_audited = is_listed || rule.is_some_and(|rule| rule.matter == Matter::Casework);
            // The letters of a past case are disclosures, beside the collection.
            let discloses = operation.id() == "create_case_history";
            assert_eq!(count() - before, i64::from(is_audited) + i64::from(discloses), "{}", operation.id());
            if is_audited { audited += 1 } else { others += 1 }
        }
        assert!(audited > 40 && others > 15, "{audited} {others}");
    }

    fn however_an_id_is_written_the_call_has_its_entry(server) {
        let authority = world::only_authority(server);
        let body = json!({"regime": "foia", "received_on": "2026-06-01", "subject": "A subject", "requester": {"name": "A person"}});
        let request = id(&server.post("/v1/requests", &body).expect(201));
        let (address, named) = (path(&request.to_uppercase()), authority.to_uppercase());
        let before = entries(server).len();
        let whole = ["", "/requester", "/clock", "/timeline", "/responses", "/related?relation=same_requester"].map(|below| format!("{address}{below}"));
        let lists = ["requests?", "due-dates?", "deletions?", "audit-entries?purpose=lawfulness&", "audit-entries/export?purpose=lawfulness&"];
        let lists = lists.map(|list| format!("/v1/{list}authority_id={named}"));
        for target in whole.iter().chain(&lists) {
            assert_eq!(server.get(target).status, 200, "{target}");
        }
        server.patch(&address, "*", &json!({"subject": "Another"})).expect(200);
        server.post(&format!("{address}/withdrawal"), &json!({"withdrawn_on": "2026-06-02"})).expect(201);
        server.post(&format!("{address}/erasure"), &json!({})).expect(200);
        let log = entries(server);
        // Two of the lists are readings of the log, one of which `entries` leaves out.
        assert_eq!(log.len() - before, whole.len() + lists.len() - 1 + 3, "{log:?}");
        let of_case = log[before..].iter().filter(|entry| entry["case_id"] == json!(request)).count();
        assert_eq!(of_case, whole.len() + 3);
        assert_eq!(found(server), []);
    }

    fn what_one_authority_is_told_stands_in_its_own_log(server) {
        let [one, other] = ["One", "Other"].map(|name| server.authority(name));
        let count = |authority: &str| server.get(&format!("{LOG}&authority_id={authority}")).expect(200)["items"].as_array().unwrap().len();
        let before = (count(&one), count(&other));
        let action = json!({"authority_id": one, "kind": "audit", "regulator": "Information Commissioner", "subject_body": "The force", "basis": "Section 51", "dated_on": "2026-05-01", "voluntary": true});
        let made = server.post("/v1/regulatory-actions", &action);
        let action = id(&made.expect(201));
        server.get(&format!("/v1/regulatory-actions/{action}")).expect(200);
        let position = id(&server.post("/v1/ncnd-positions", &json!({"authority_id": one, "title": "Informants", "topics": ["informants"], "regime": "foia", "provisions": ["30(3)"], "reasons": "Always.", "review_on": "2026-12-01"})).expect(201));
        server.get(&format!("/v1/ncnd-positions/{position}")).expect(200);
        server.patch(&format!("/v1/authorities/{one}"), "*", &json!({"name": "First"})).expect(200);
        let key = json!({"name": "A key", "kind": "person", "scopes": ["requests:read"], "authority_id": one, "expires_on": LAST_DAY});
        let key = id(&server.post("/v1/api-keys", &key).expect(201));
        server.delete(&format!("/v1/api-keys/{key}"), "*").expect(204);
        // Each reading of a log is in it as well.
        assert_eq!((count(&one) - before.0, count(&other) - before.1), (8, 1));
    }

    fn who_makes_an_authority_or_asks_who_may_see_what_is_in_the_log(server) {
        let body = json!({"name": "One", "nation": "england", "retention_rules": [{"outcome": "not_held", "months": 12}]});
        let one = id(&server.post_keyed("/v1/authorities", "one", &body).expect(201));
        let other = server.authority("Other");
        assert_eq!(server.post_keyed("/v1/authorities", "one", &body).header("idempotency-replayed"), "true");
        let told = |authority: &str| -> Vec<(String, String)> {
            let items = server.get(&format!("{LOG}&authority_id={authority}")).expect(200)["items"].clone();
            let contents = items.as_array().unwrap().iter().map(|item| told(&item["content"]));
            let contents = contents.filter(|(_, action)| *action != "list_audit_entries");
            contents.map(|(operation, action)| (operation.to_owned(), action.to_owned())).collect()
        };
        let expected = |entries: &[(&str, &str)]| entries.iter().map(|(operation, action)| ((*operation).to_owned(), (*action).to_owned())).collect::<Vec<_>>();
        let mut of_one = vec![("alteration", "create_authority"), ("consultation", "create_authority")];
        let mut of_other = vec![("alteration", "create_authority")];
        assert_eq!((told(&one), told(&other)), (expected(&of_one), expected(&of_other)));
        let wanted = |authority: &str, further: &[&str]| json!({"name": "A clerk", "kind": "person", "scopes": ["authority:admin"],
            "authority_id": authority, "further_authority_ids": further, "expires_on": LAST_DAY});
        let own = server.post("/v1/api-keys", &wanted(&one, &[])).expect(201);
        let both = id(&server.post("/v1/api-keys", &wanted(&other, &[&one])).expect(201));
        of_one.extend([("alteration", "create_api_key"); 2]);
        of_other.push(("alteration", "create_api_key"));
        let admin = server.with_key(own["key"].as_str().unwrap());
        let address = format!("/v1/api-keys/{both}");
        let tag = admin.get(&address).header("etag").to_owned();
        assert_eq!(admin.send("GET", &address, &[("If-None-Match", &tag)], None).status, 304);
        admin.get("/v1/api-keys").expect(200);
        admin.get(&format!("/v1/api-keys?authority_id={one}")).expect(200);
        of_one.extend([("consultation", "get_api_key"), ("consultation", "get_api_key"), ("consultation", "list_api_keys"), ("consultation", "list_api_keys")]);
        assert_eq!((told(&one), told(&other)), (expected(&of_one), expected(&of_other)), "what the admin of one is told stands in its log alone");
        server.get(&address).expect(200);
        of_one.push(("consultation", "get_api_key"));
        of_other.push(("consultation", "get_api_key"));
        assert_eq!((told(&one), told(&other)), (expected(&of_one), expected(&of_other)));
        // Nothing was told.
        admin.get(&format!("/v1/api-keys/{}", uuid::Uuid::new_v4())).problem(404, "not-found");
        let reader = server.post("/v1/api-keys", &with(wanted(&one, &[]), &json!({"scopes": ["requests:read"]}))).expect(201);
        server.with_key(reader["key"].as_str().unwrap()).get("/v1/api-keys").problem(403, "insufficient-scope");
        of_one.push(("alteration", "create_api_key"));
        assert_eq!((told(&one), told(&other)), (expected(&of_one), expected(&of_other)));
    }

    fn that_a_reference_is_taken_is_in_the_log_of_the_authority_that_has_it(server) {
        let [one, other] = ["One", "Other"].map(|name| server.authority(name));
        let body = |authority: &str| json!({"authority_id": authority, "regime": "foia", "received_on": "2026-06-01", "subject": "A subject", "reference": "A/1"});
        let request = body(&one);
        server.post("/v1/requests", &request).expect(201);
        let history = json!({"request": with(request.clone(), &json!({"subject": "Another", "parts": [{"label": "1", "text": "One"}]}))});
        let tried = [("/v1/requests", "create_request", &request), ("/v1/case-histories", "create_case_history", &history)];
        for (address, action, body) in tried {
            let refused = server.post(address, body);
            refused.problem(409, "duplicate-reference");
            let items = server.get(&format!("{LOG}&authority_id={one}")).expect(200)["items"].clone();
            let entry = items.as_array().unwrap().iter().map(|item| &item["content"]).rfind(|content| content["action"] != "list_audit_entries").unwrap();
            assert_eq!((told(entry), &entry["is_refused"], &entry["call_id"]), (("consultation", action), &json!(true), &json!(refused.header("x-request-id"))));
            assert_eq!(entry.get("case_id"), None);
        }
        server.post_keyed("/v1/requests", "again", &request).problem(409, "duplicate-reference");
        let refusals = |authority: &str| {
            let items = server.get(&format!("{LOG}&authority_id={authority}")).expect(200)["items"].clone();
            items.as_array().unwrap().iter().filter(|item| item["content"]["is_refused"] == true).count()
        };
        assert_eq!((refusals(&one), refusals(&other)), (3, 0));
        server.post("/v1/requests", &body(&other)).expect(201);
        server.post("/v1/requests", &with(body(&other), &json!({"received_on": "2026-02-30"}))).problem(422, "validation-failed");
        assert_eq!((refusals(&one), refusals(&other)), (3, 0), "what was not about a reference tells of no case");
    }

    fn figures_name_cases_to_their_own_authority_alone_and_say_so_in_its_log(server) {
        server.set_now("2026-06-30T12:00:00Z");
        let [own, foreign] = ["Own", "Foreign"].map(|name| server.authority(name));
        for authority in [&own, &foreign] {
            let body = json!({"authority_id": authority, "regime": "foia", "received_on": "2026-02-02", "subject": "A subject", "reference": "SECRET-1"});
            server.post("/v1/requests", &body).expect(201);
        }
        let key = json!({"name": "Statistics", "kind": "person", "scopes": ["metrics:read", "metrics:all"], "authority_id": own, "expires_on": LAST_DAY});
        let reader = server.with_key(server.post("/v1/api-keys", &key).expect(201)["key"].as_str().unwrap());
        let names = |authority: &str| {
            ["metrics/workload?", "returns/commissioner-self-assessment?period=2026-Q1&"].map(|figure| {
                let answer = reader.get(&format!("/v1/{figure}authority_id={authority}"));
                assert_eq!(answer.status, 200, "{}", answer.text);
                let csv = reader.get(&format!("/v1/{figure}authority_id={authority}&format=csv"));
                assert_eq!(answer.text.contains("SECRET-1"), csv.text.contains("SECRET-1"));
                answer.text.contains("SECRET-1")
            })
        };
        let told = |authority: &str| -> Vec<String> {
            let items = server.get(&format!("{LOG}&authority_id={authority}&operation=consultation")).expect(200)["items"].clone();
            let actions = items.as_array().unwrap().iter().map(|item| item["content"]["action"].as_str().unwrap().to_owned());
            actions.filter(|action| action != "list_audit_entries").collect()
        };
        assert_eq!((names(&own), names(&foreign)), ([true, true], [false, false]));
        assert_eq!(told(&own), ["get_workload", "get_workload", "get_return", "get_return"]);
        assert_eq!(told(&foreign), Vec::<String>::new());
        let filed = id(&server.post("/v1/filed-returns", &json!({"authority_id": foreign, "return_kind": "commissioner-self-assessment", "period": "2026-Q1"})).expect(201));
        for target in [format!("/v1/filed-returns/{filed}"), format!("/v1/filed-returns/{filed}/drift"), format!("/v1/filed-returns?authority_id={foreign}")] {
            reader.get(&target).problem(404, "not-found");
        }
    }

    fn reading_the_log_needs_a_lawful_purpose_and_is_logged(server) {
        world::only_authority(server);
        let reader = client(server, &["audit:read"]);
        for target in ["/v1/audit-entries", "/v1/audit-entries/export", "/v1/audit-entries/verification"] {
            for wrong in ["", "?purpose=curiosity", "?purpose=lawfulness&purpose=lawfulness"] {
                let answer = reader.get(&format!("{target}{wrong}"));
                answer.problem(400, "invalid-parameter");
                assert_eq!(answer.faults()[0].0, "purpose");
            }
            client(server, &["requests:read"]).get(&format!("{target}?purpose=lawfulness")).problem(403, "insufficient-scope");
            for purpose in ["lawfulness", "self_monitoring", "integrity_and_security", "criminal_proceedings"] {
                assert_eq!(reader.get(&format!("{target}?purpose={purpose}")).status, 200);
            }
        }
        let items = server.get(&format!("{LOG}&operation=consultation")).expect(200)["items"].as_array().unwrap().clone();
        let read: Vec<_> = items.iter().map(|item| (item["content"]["action"].as_str().unwrap(), item["content"]["purpose"].as_str().unwrap())).collect();
        assert_eq!(read.len(), 12, "{read:?}");
        assert_eq!(read[..4], [("list_audit_entries", "lawfulness"), ("list_audit_entries", "self_monitoring"), ("list_audit_entries", "integrity_and_security"), ("list_audit_entries", "criminal_proceedings")]);
        assert!(read[4..8].iter().all(|(action, _)| *action == "export_audit_entries"));
        let one = reader.get("/v1/audit-entries?purpose=lawfulness&limit=1").expect(200);
        let next = reader.get(&format!("/v1/audit-entries?purpose=lawfulness&limit=1&cursor={}", one["next_cursor"].as_str().unwrap())).expect(200);
        assert_eq!((&one["items"][0]["content"]["seq"], &next["items"][0]["content"]["seq"]), (&json!(1), &json!(2)));
        assert_eq!(next["items"][0]["previous_hash"], one["items"][0]["hash"]);
        server.authority("Another authority");
        let answer = server.get("/v1/audit-entries?purpose=lawfulness");
        answer.problem(400, "invalid-parameter");
        assert_eq!(answer.faults(), [("authority_id".to_owned(), "invalid-parameter".to_owned())]);
        server.get(&format!("{LOG}&authority_id={}", uuid::Uuid::new_v4())).problem(404, "not-found");
    }

    fn calls_that_come_at_once_all_have_their_place(server) {
        let request = server.request("2019-11-07", &["1"]);
        let before = server.place.count("audit_entries");
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    for _ in 0..10 {
                        server.get(&path(&request)).expect(200);
                        server.post(&format!("{}/responses", path(&request)), &draft(&[disclosed("1")])).expect(201);
                    }
                });
            }
        });
        assert_eq!(server.place.count("audit_entries") - before, 160);
        assert_eq!(server.place.number("SELECT max(seq) AS number FROM audit_entries"), before + 160);
        assert_eq!(found(server), []);
    }
}
