//! Who has looked at a case: entries of lists and tables name the cases that were shown, and the log is searched by them.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::{
    audit::{LOG, found},
    on_both,
    support::{
        Answer, Client, Server,
        casework::{address_of, ncnd, path, record, record_response, respond, sent, with},
        contract,
        keys::{LAST_DAY, client},
        server::id,
        world,
    },
};

/// Answers that hold the log itself, and one that names references alone.
const OTHERS: [&str; 3] = ["list_audit_entries", "export_audit_entries", "list_related"];

/// Records a request of the authority.
fn ask(server: &Server, authority: &str, members: &Value) -> String {
    let body =
        json!({"authority_id": authority, "regime": "foia", "received_on": "2026-06-01", "subject": "A subject"});
    id(&server.post("/v1/requests", &with(body, members)).expect(201))
}

/// What the entries of this call say, in the order of the chain of the authority.
fn entries_of(server: &Server, authority: &str, answer: &Answer) -> Vec<Value> {
    let items = server.get(&format!("{LOG}&authority_id={authority}")).expect(200)["items"].clone();
    let contents = items.as_array().unwrap().iter().map(|item| item["content"].clone());
    contents.filter(|content| content["call_id"] == answer.header("x-request-id")).collect()
}

/// The cases that the one entry of the call names beside its own.
#[track_caller]
fn named(server: &Server, authority: &str, answer: &Answer) -> Value {
    assert!((200..300).contains(&answer.status), "{}", answer.text);
    let mut entries = entries_of(server, authority, answer);
    assert_eq!(entries.len(), 1, "{entries:?}");
    entries.remove(0).get("case_ids").cloned().unwrap_or_else(|| json!([]))
}

fn sorted(ids: &[&String]) -> Value {
    json!(ids.iter().copied().collect::<BTreeSet<&String>>())
}

/// The actions of the entries that the search for a case finds, but for the searches themselves.
#[track_caller]
fn looked_at(reader: &Client, authority: &str, case: &str) -> Vec<String> {
    let items = reader.get(&format!("{LOG}&authority_id={authority}&case_id={case}")).expect(200)["items"].clone();
    items.as_array().unwrap().iter().map(|item| item["content"]["action"].as_str().unwrap().to_owned()).collect()
}

on_both! {
    /// That a scope is asked for tells of the case what has it asked for; and of requests that a call names, that they cannot
    /// be linked.
    fn a_refusal_that_tells_of_a_case_names_it(server) {
        let authority = server.authority("Force");
        let request = server.request("2026-06-01", &["1"]);
        let letter = record_response(server, &request, &sent("2026-06-15", &[ncnd("1")]));
        let reader = client(server, &["requests:read"]);
        let regulated = client(server, &["complaints:write"]);
        let log = |action: &str| -> Vec<Value> {
            let items = server.get("/v1/audit-entries?purpose=self_monitoring&limit=200").expect(200)["items"].clone();
            let contents = items.as_array().unwrap().iter().map(|item| item["content"].clone());
            contents.filter(|content| content["action"] == action).collect()
        };
        reader.get(&format!("{}/notice", address_of(&letter))).problem(403, "insufficient-scope");
        let refused = log("get_notice");
        assert_eq!((refused.len(), &refused[0]["is_refused"], &refused[0]["case_id"]), (1, &json!(true), &json!(request)));
        let action = |ids: &[&str]| json!({"authority_id": authority, "kind": "audit", "regulator": "Information Commissioner",
            "subject_body": "The force", "basis": "Section 51", "dated_on": "2026-05-01", "voluntary": true, "request_ids": ids});
        regulated.post("/v1/regulatory-actions", &action(&[&request])).problem(409, "not-possible-in-this-state");
        let absent = uuid::Uuid::new_v4().to_string();
        regulated.post("/v1/regulatory-actions", &action(&[&request, &absent])).problem(422, "validation-failed");
        let refused = log("create_regulatory_action");
        assert_eq!(refused.len(), 2);
        for entry in &refused {
            assert_eq!((&entry["is_refused"], &entry["case_ids"]), (&json!(true), &json!([request])), "{entry}");
        }
        regulated.post("/v1/regulatory-actions", &action(&[&absent])).problem(422, "validation-failed");
        assert_eq!(log("create_regulatory_action").len(), 2, "of no case");
        // The door itself looks at no case.
        reader.patch(&path(&request), "*", &json!({"subject": "Another"})).problem(403, "insufficient-scope");
        assert_eq!(log("patch_request"), Vec::<Value>::new());
    }

    fn what_is_released_or_revoked_is_not_erased(server) {
        world::only_authority(server);
        let request = server.request("2026-06-01", &["1"]);
        let hold = format!("{}/legal-hold", path(&request));
        server.put(&hold, "*", &json!({"reason": "A claim."})).expect(200);
        server.delete(&hold, "*").expect(204);
        let erased = server.get("/v1/audit-entries?purpose=self_monitoring&operation=erasure").expect(200);
        assert_eq!(erased["items"], json!([]));
    }

    fn the_entry_of_a_page_names_the_cases_of_that_page(server) {
        let [own, foreign] = ["Own", "Foreign"].map(|name| server.authority(name));
        let of_day = |day: &str| ask(server, &own, &json!({"received_on": day}));
        let [first, second, third] = ["2026-06-01", "2026-06-02", "2026-06-03"].map(of_day);
        let other = ask(server, &foreign, &json!({}));
        let list = format!("/v1/requests?authority_id={own}&sort=received_on");
        let page = server.get(&format!("{list}&limit=2"));
        assert_eq!(named(server, &own, &page), sorted(&[&first, &second]));
        let next = page.expect(200)["next_cursor"].as_str().unwrap().to_owned();
        let page = server.get(&format!("{list}&limit=2&cursor={next}"));
        assert_eq!(named(server, &own, &page), sorted(&[&third]));
        let table = server.get(&format!("{list}&format=csv"));
        assert_eq!(named(server, &own, &table), sorted(&[&first, &second, &third]));
        let empty = server.get(&format!("{list}&status=lapsed"));
        assert_eq!(named(server, &own, &empty), json!([]));
        assert_eq!(entries_of(server, &own, &empty)[0].get("case_ids"), None);
        let one = server.get(&path(&first));
        let entry = entries_of(server, &own, &one).remove(0);
        assert_eq!((&entry["case_id"], entry.get("case_ids")), (&json!(first), None));
        // A list of all authorities names to each its own.
        let both = server.get("/v1/requests?sort=received_on");
        assert_eq!(named(server, &own, &both), sorted(&[&first, &second, &third]));
        assert_eq!(named(server, &foreign, &both), sorted(&[&other]));
        let all = ["create_request", "list_requests", "list_requests", "get_request", "list_requests"];
        assert_eq!(looked_at(server, &own, &first), all);
        assert_eq!(looked_at(server, &own, &second), ["create_request", "list_requests", "list_requests", "list_requests"]);
        assert_eq!(looked_at(server, &own, &third), ["create_request", "list_requests", "list_requests", "list_requests"]);
        assert_eq!(looked_at(server, &foreign, &other), ["create_request", "list_requests"]);
        assert_eq!(looked_at(server, &own, &other), Vec::<String>::new());
        assert_eq!(looked_at(server, &foreign, &first), Vec::<String>::new());
        // The other conditions hold for both ways of being about a case, and pages of the search go on where they ended.
        let search = format!("{LOG}&authority_id={own}&case_id={first}");
        let places = |query: &str| -> Vec<i64> {
            let items = server.get(&format!("{search}{query}")).expect(200)["items"].clone();
            items.as_array().unwrap().iter().map(|item| item["content"]["seq"].as_i64().unwrap()).collect()
        };
        let every = places("");
        assert_eq!(places("&operation=consultation"), every[1..]);
        assert_eq!(places("&actor=nobody"), Vec::<i64>::new());
        let search = search.replace("limit=200", "limit=2");
        let mut walked = Vec::new();
        let mut target = search.clone();
        loop {
            let page = server.get(&target).expect(200);
            walked.extend(page["items"].as_array().unwrap().iter().map(|item| item["content"]["seq"].as_i64().unwrap()));
            let Some(next) = page["next_cursor"].as_str() else { break };
            target = format!("{search}&cursor={next}");
        }
        assert_eq!(walked, every);
        let verification = |authority: &str| server.get(&format!("/v1/audit-entries/verification?purpose=lawfulness&authority_id={authority}")).expect(200);
        assert_eq!((&verification(&own)["faults"], &verification(&foreign)["faults"]), (&json!([]), &json!([])));
    }

    fn a_whole_table_is_told_of_in_as_many_entries_as_it_takes_and_before_each_of_its_pieces(server) {
        let authority = server.authority("Own");
        let cases: BTreeSet<String> = (0..203).map(|_| ask(server, &authority, &json!({}))).collect();
        let table = server.get("/v1/requests?format=csv");
        assert_eq!(table.text.lines().count(), 204);
        let contents: Vec<Value> = server.place.words("SELECT content AS words FROM audit_entries ORDER BY seq").iter()
            .map(|text| serde_json::from_str(text).unwrap()).collect();
        let entries: Vec<&Value> = contents.iter().filter(|content| content["call_id"] == table.header("x-request-id")).collect();
        let lengths: Vec<usize> = entries.iter().map(|entry| entry["case_ids"].as_array().unwrap().len()).collect();
        assert_eq!(lengths, [200, 3]);
        let told: BTreeSet<String> = entries.iter().flat_map(|entry| entry["case_ids"].as_array().unwrap())
            .map(|id| id.as_str().unwrap().to_owned()).collect();
        assert_eq!(told, cases);
        assert_eq!(server.place.count("audit_cases_shown"), 203);
        assert_eq!(found(server), []);
    }

    /// Whatever is added to the document later: no answer shows a case that its entry does not name.
    fn no_call_of_the_document_shows_a_case_that_its_entry_does_not_name(server) {
        let authority = world::only_authority(server);
        let erased = server.request("2019-11-07", &["1"]);
        record(server, &erased, "withdrawal", json!({"withdrawn_on": "2019-11-08"}));
        server.post(&format!("{}/erasure", path(&erased)), &json!({})).expect(200);
        server.request("2019-11-07", &["1"]);
        let told = server.request("2019-11-07", &["1"]);
        respond(server, &told, "2019-12-05");
        let action = json!({"kind": "audit", "regulator": "Information Commissioner", "subject_body": "The force", "basis": "Section 51",
            "dated_on": "2026-05-01", "voluntary": true, "request_ids": [told]});
        server.post("/v1/regulatory-actions", &action).expect(201);
        let mut all = contract::operations();
        all.sort_by_key(|operation| operation.id() == "create_authority");
        let mut showing = BTreeSet::new();
        for operation in all.iter().filter(|operation| !OTHERS.contains(&operation.id())) {
            let target = format!("{}{}", world::path(server, operation), world::query(operation));
            let (media, body) = operation.bodies().into_iter().next().map(|(media, _, body)| (media, Some(body))).unwrap_or_default();
            let answer = world::send(server, operation, &target, &media, body.as_ref());
            assert!((200..300).contains(&answer.status), "{} {}", operation.id(), answer.text);
            let known = server.place.words("SELECT id AS words FROM requests UNION SELECT id FROM deletions");
            let shown: BTreeSet<String> = known.into_iter().filter(|id| answer.text.contains(id.as_str())).collect();
            let call = answer.header("x-request-id");
            let contents = server.place.words(&format!("SELECT content AS words FROM audit_entries WHERE content LIKE '%\"{call}\"%'"));
            let contents: Vec<Value> = contents.iter().map(|text| serde_json::from_str(text).unwrap()).collect();
            let own: BTreeSet<String> = contents.iter().filter_map(|content| content["case_id"].as_str()).map(str::to_owned).collect();
            let beside: BTreeSet<String> = contents.iter().flat_map(|content| content["case_ids"].as_array().into_iter().flatten())
                .map(|id| id.as_str().unwrap().to_owned()).collect();
            let expected: BTreeSet<String> = shown.difference(&own).cloned().collect();
            assert_eq!(beside, expected, "{}", operation.id());
            if !beside.is_empty() {
                showing.insert(operation.id().to_owned());
            }
        }
        let expected = ["get_workload", "list_deletions", "list_due_dates", "list_regulatory_actions", "list_requests"];
        assert_eq!(showing, expected.map(str::to_owned).into());
        let verification = format!("/v1/audit-entries/verification?purpose=lawfulness&authority_id={authority}");
        assert_eq!(server.get(&verification).expect(200)["faults"], json!([]));
    }

    fn figures_and_forms_name_what_they_list_to_its_own_authority_alone(server) {
        let [own, foreign] = ["Own", "Foreign"].map(|name| server.authority(name));
        let old = json!({"received_on": "2026-02-02"});
        let [first, second, _] = [&own, &own, &foreign].map(|authority| ask(server, authority, &old));
        ask(server, &own, &json!({}));
        let both = sorted(&[&first, &second]);
        let form = format!("/v1/returns/commissioner-self-assessment?period=2026-Q1&authority_id={own}");
        for target in [format!("/v1/metrics/workload?authority_id={own}"), form] {
            for format in ["json", "csv"] {
                let answer = server.get(&format!("{target}&format={format}"));
                assert_eq!(named(server, &own, &answer), both, "{target} {format}");
                assert_eq!(entries_of(server, &foreign, &answer), Vec::<Value>::new());
            }
        }
        let counts = server.get(&format!("/v1/returns/code-part-8?period=2026-Q1&authority_id={own}"));
        assert_eq!(entries_of(server, &own, &counts), Vec::<Value>::new());
        // Whoever may have the figures of others is not shown their cases, and no log says so.
        let key = json!({"name": "Statistics", "kind": "person", "scopes": ["metrics:read", "metrics:all"], "authority_id": foreign, "expires_on": LAST_DAY});
        let reader = server.with_key(server.post("/v1/api-keys", &key).expect(201)["key"].as_str().unwrap());
        let answer = reader.get(&format!("/v1/metrics/workload?authority_id={own}"));
        assert_eq!((answer.status, entries_of(server, &own, &answer)), (200, Vec::new()));
        let filing = json!({"return_kind": "commissioner-self-assessment", "period": "2026-Q1", "authority_id": own});
        let filed = server.post_keyed("/v1/filed-returns", "filed", &filing);
        assert_eq!(named(server, &own, &filed), both);
        let again = server.post_keyed("/v1/filed-returns", "filed", &filing);
        assert_eq!((again.header("idempotency-replayed"), named(server, &own, &again)), ("true", both.clone()));
        let address = format!("/v1/filed-returns/{}", id(&filed.expect(201)));
        for (below, expected) in [("", &both), ("?format=csv", &both), ("/drift", &json!([]))] {
            assert_eq!(named(server, &own, &server.get(&format!("{address}{below}"))), *expected, "{below}");
        }
        let list = server.get(&format!("/v1/filed-returns?authority_id={own}"));
        assert_eq!(named(server, &own, &list), json!([]), "the list is without the forms");
    }

    fn what_an_answer_leaves_out_is_not_named_either(server) {
        let authority = world::only_authority(server);
        let requester = json!({"name": "Ann Canary", "email": "ann@example.org"});
        let asked = |received_on: &str| ask(server, &authority, &json!({"received_on": received_on, "requester": requester}));
        let [told, other] = ["2019-11-07", "2019-11-08"].map(asked);
        respond(server, &told, "2019-12-05");
        let related = server.get(&format!("{}/related?relation=same_requester", path(&told)));
        assert_eq!(named(server, &authority, &related), sorted(&[&other]));
        assert_eq!(entries_of(server, &authority, &related)[0]["case_id"], told);
        let action = json!({"kind": "reprimand", "regulator": "Information Commissioner", "subject_body": "The force", "basis": "Part 3",
            "dated_on": "2021-12-03", "voluntary": false, "request_ids": [told]});
        let linked = server.post_keyed("/v1/regulatory-actions", "linked", &action);
        assert_eq!(named(server, &authority, &linked), sorted(&[&told]));
        let again = server.post_keyed("/v1/regulatory-actions", "linked", &action);
        assert_eq!((again.header("idempotency-replayed"), named(server, &authority, &again)), ("true", sorted(&[&told])));
        let address = format!("/v1/regulatory-actions/{}", id(&linked.expect(201)));
        for target in [address.as_str(), "/v1/regulatory-actions"] {
            assert_eq!(named(server, &authority, &server.get(target)), sorted(&[&told]));
        }
        // Once it was neither confirmed nor denied the link is told to nobody, and so to no reader of the log.
        record_response(server, &told, &with(sent("2020-02-01", &[ncnd("1")]), &json!({"kind": "revised"})));
        for target in [address.as_str(), "/v1/regulatory-actions"] {
            assert_eq!(named(server, &authority, &server.get(target)), json!([]));
        }
        assert_eq!(found(server), []);
    }

    fn a_link_that_was_taken_away_or_put_there_is_named(server) {
        let authority = server.authority("Own");
        for _ in 0..3 {
            ask(server, &authority, &json!({}));
        }
        server.get("/v1/requests").expect(200);
        server.get("/v1/due-dates").expect(200);
        let of_list = |action: &str| server.place.number(&format!("SELECT max(seq) AS number FROM audit_entries WHERE content LIKE '%\"{action}\"%'"));
        let (list, dates) = (of_list("list_requests"), of_list("list_due_dates"));
        assert_eq!(found(server), []);
        server.place.run("CREATE TABLE kept_cases AS SELECT * FROM audit_cases_shown;");
        let copy = |seq: &str| format!("INSERT INTO audit_cases_shown SELECT authority_key, case_id, {seq} FROM kept_cases WHERE seq = {list};");
        let one = format!("(SELECT min(case_id) FROM kept_cases WHERE seq = {list})");
        let attacks = [
            (format!("DELETE FROM audit_cases_shown WHERE seq = {list} AND case_id = {one}"), vec![list]),
            ("DELETE FROM audit_cases_shown".to_owned(), vec![list, dates]),
            (format!("UPDATE audit_cases_shown SET case_id = 'another' WHERE seq = {list} AND case_id = {one}"), vec![list]),
            (format!("DELETE FROM audit_cases_shown WHERE seq = {list}; {}", copy("2")), vec![2, list]),
            (copy("0"), vec![0]),
            (copy("-9"), vec![-9]),
            (copy("9000"), vec![9000]),
        ];
        for (attack, expected) in attacks {
            server.place.run("DELETE FROM audit_cases_shown; INSERT INTO audit_cases_shown SELECT * FROM kept_cases;");
            server.place.run(&attack);
            let expected: Vec<(String, i64)> = expected.into_iter().map(|seq| ("changed".to_owned(), seq)).collect();
            assert_eq!(found(server), expected, "{attack}");
        }
    }
}
