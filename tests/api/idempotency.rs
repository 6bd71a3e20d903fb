//! Safe retries: a keyed POST has its effect once, and its first answer is replayed.

use std::thread;

use serde_json::{Value, json};

use crate::{
    on_both,
    support::{
        Answer, Database, Server,
        contract::{self, Operation},
        server::id,
        until, world,
    },
};

const BODY: &str = r#"{"regime": "foia", "received_on": "2026-06-01", "subject": "A subject"}"#;

fn body() -> Value {
    serde_json::from_str(BODY).unwrap()
}

fn count(server: &Server) -> usize {
    server.get("/v1/requests?limit=200").expect(200)["items"].as_array().unwrap().len()
}

/// Sends `body` as it stands, byte for byte, with these values of `Idempotency-Key`.
fn post(server: &Server, path: &str, keys: &[&str], body: &str) -> Answer {
    let mut headers = vec![("Content-Type", "application/json")];
    headers.extend(keys.iter().map(|key| ("Idempotency-Key", *key)));
    server.send("POST", path, &headers, Some(body.as_bytes()))
}

/// Whether `second` is `first` once more, marked as such.
#[track_caller]
fn assert_replayed(first: &Answer, second: &Answer) {
    assert_eq!(first.header("idempotency-replayed"), "");
    assert_eq!(second.header("idempotency-replayed"), "true", "{}", second.text);
    assert_eq!((second.status, &second.text), (first.status, &first.text));
    for header in ["location", "etag", "content-type", "cache-control"] {
        assert_eq!(second.header(header), first.header(header), "{header}");
    }
}

/// Every row of every table, but for the audit log.
fn everything(server: &Server) -> Vec<(String, Vec<String>)> {
    let mut session = server.place.session();
    let tables = match server.database {
        Database::Sqlite => {
            "SELECT name AS words FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name"
        }
        Database::Postgres => "SELECT tablename AS words FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename",
    };
    let mut all = Vec::new();
    for table in session.words(tables).into_iter().filter(|table| !table.starts_with("audit_")) {
        let row = match server.database {
            Database::Sqlite => {
                let columns =
                    format!("SELECT 'quote(' || name || ')' AS words FROM pragma_table_info('{table}') ORDER BY cid");
                session.words(&columns).join(" || ',' || ")
            }
            Database::Postgres => "CAST(one AS TEXT)".to_owned(),
        };
        all.push((table.clone(), session.words(&format!("SELECT {row} AS words FROM {table} one ORDER BY 1"))));
    }
    all
}

/// The POST operations of the document that take a key; what makes another authority comes last.
fn keyed_operations() -> Vec<Operation> {
    let takes_key = |operation: &Operation| {
        let is_post = operation.method == "POST";
        is_post && operation.parameters("header").iter().any(|header| header["name"] == "Idempotency-Key")
    };
    let mut all: Vec<Operation> = contract::operations().into_iter().filter(takes_key).collect();
    all.sort_by_key(|operation| operation.id() == "create_authority");
    all
}

on_both! {
    fn every_keyed_operation_of_the_document_has_its_effect_once(server) {
        world::only_authority(server);
        let all = keyed_operations();
        assert!(all.len() > 45, "{}", all.len());
        for operation in all {
            let target = format!("{}{}", world::path(server, &operation), world::query(&operation));
            let (media, body) = operation.bodies().into_iter().next().map(|(media, _, body)| (media, Some(body))).unwrap_or_default();
            let send = || world::send_with(server, &operation, &target, &[("Idempotency-Key", operation.id())], &media, body.as_ref());
            let before = everything(server);
            let mut first = send();
            assert!([200, 201].contains(&first.status), "{}: {}", operation.id(), first.text);
            let after = everything(server);
            assert!(before != after, "{}", operation.id());
            let log = || server.place.words("SELECT content AS words FROM audit_entries");
            let entered = log();
            let second = send();
            if ["create_api_key", "rotate_api_key"].contains(&operation.id()) {
                // The secret is told once.
                let mut made = first.json();
                assert!(made.as_object_mut().unwrap().remove("key").is_some());
                assert_eq!(second.json(), made);
                first.text.clone_from(&second.text);
            }
            assert_replayed(&first, &second);
            for (table, again) in after.iter().zip(everything(server)) {
                assert_eq!(*table, again, "{}", operation.id());
            }
            // Whoever repeats a call reads, and is told of as such.
            let told: Vec<String> = log().into_iter().filter(|entry| !entered.contains(entry)).collect();
            assert_eq!(told.len(), 1, "{}: {told:?}", operation.id());
            for entry in told {
                let entry: Value = serde_json::from_str(&entry).unwrap();
                assert_eq!((&entry["operation"], &entry["action"]), (&json!("consultation"), &json!(operation.id())));
            }
        }
    }

    fn every_kind_of_post_has_its_effect_once(server) {
        let authority = server.post_keyed("/v1/authorities", "authority", &json!({"name": "Force", "nation": "england"}));
        authority.expect(201);
        let again = server.post_keyed("/v1/authorities", "authority", &json!({"name": "Force", "nation": "england"}));
        assert_replayed(&authority, &again);
        assert_eq!(server.get("/v1/authorities").expect(200)["items"].as_array().unwrap().len(), 1);

        let parts = json!([{"label": "1", "text": "x"}, {"label": "2", "text": "y"}]);
        let mut whole = body();
        whole["parts"] = parts;
        let request = server.post_keyed("/v1/requests", "request", &whole);
        let path = format!("/v1/requests/{}", id(&request.expect(201)));
        assert_replayed(&request, &server.post_keyed("/v1/requests", "request", &whole));
        assert_eq!(count(server), 1);

        let look = || ["", "/timeline", "/responses"].map(|below| server.get(&format!("{path}{below}")).text);
        let once = |key: &str, below: &str, body: Value| {
            let address = format!("{path}/{below}");
            let first = server.post_keyed(&address, key, &body);
            assert!([200, 201].contains(&first.status), "{below}: {}", first.text);
            let after = look();
            assert_replayed(&first, &server.post_keyed(&address, key, &body));
            assert_eq!(look(), after, "{below}");
            first.json()
        };
        once("part", "parts", json!({"label": "3", "text": "z"}));
        once("split", "parts/3/split", json!({"labels": ["3a", "3b"]}));
        let question = once("question", "clarifications", json!({"asked_on": "2026-06-02", "parts": ["1"]}));
        let answer = format!("clarifications/{}/answer", id(&question));
        once("answer", &answer, json!({"answered_on": "2026-06-03"}));
        let notice = once("notice", "fee-notices", json!({"given_on": "2026-06-04", "amount": "25", "parts": ["1"]}));
        let payment = format!("fee-notices/{}/payment", id(&notice));
        let payment = once("payment", &payment, json!({"paid_on": "2026-06-05"}));
        once("void", &format!("fee-notices/{}/void", id(&payment)), json!({"reason": "Bounced"}));
        once("extension", "extensions", json!({"kind": "public_interest", "notified_on": "2026-06-08", "estimated_on": "2026-07-20"}));
        once("transfer", "transfers", json!({"transferred_on": "2026-06-09", "transferred_to": "Council", "parts": ["3b"]}));
        once("withdrawal", "withdrawal", json!({"withdrawn_on": "2026-06-10", "parts": ["3a"]}));
        once("reopening", "reopening", json!({"received_on": "2026-06-11", "parts": ["3a"]}));
        once("lapse", "lapse", json!({"lapsed_on": "2026-06-12", "parts": ["3a"]}));
        once("correction", "receipt-corrections", json!({"received_on": "2026-05-29", "reason": "Stamp"}));
        once("letter", "responses", json!({"kind": "initial", "record_as": "sent", "issued_on": "2026-06-29",
            "determinations": [{"part": "1", "outcome": "disclosed"}]}));
        let draft = once("draft", "responses", json!({"kind": "initial", "particulars": {"internal_review": "stated", "regulator": "stated"},
            "determinations": [{"part": "2", "outcome": "disclosed"}], "decided_by": {"staff_ref": "s", "role": "r"}}));
        once("issue", &format!("responses/{}/issue", id(&draft)), json!({"issued_on": "2026-06-30", "override": {"reason": "Agreed"}}));
        assert_eq!(server.get(&path).expect(200)["parts"][1]["status"], "responded");
    }

    fn a_replay_is_the_answer_of_then(server) {
        server.authority("Force");
        let first = server.post_keyed("/v1/requests", "key", &body());
        let path = format!("/v1/requests/{}", id(&first.expect(201)));
        server.patch(&path, "*", &json!({"subject": "Changed meanwhile"})).expect(200);
        server.set_now("2026-07-02T12:00:00Z");
        assert_replayed(&first, &server.post_keyed("/v1/requests", "key", &body()));
        assert_eq!(server.get(&path).expect(200)["version"], 2);
    }

    fn an_answer_past_its_time_is_gone_within_the_hour(server) {
        server.authority("Force");
        server.post_keyed("/v1/requests", "first", &body()).expect(201);
        server.set_now("2026-06-30T14:00:00Z");
        server.post_keyed("/v1/requests", "second", &body()).expect(201);
        let left = || server.place.words("SELECT idempotency_key AS words FROM idempotency_keys");
        server.set_now("2026-07-03T13:00:00Z");
        until("the first is gone", || left() == ["second"]);
        server.set_now("2026-07-03T14:00:01Z");
        until("the second is gone on the same day", || left().is_empty());
        assert_eq!(count(server), 2);
    }

    fn without_a_key_each_call_has_its_effect(server) {
        server.authority("Force");
        for _ in 0..2 {
            assert_eq!(server.post("/v1/requests", &body()).header("idempotency-replayed"), "");
        }
        assert_eq!(count(server), 2);
    }

    fn a_key_belongs_to_one_call(server) {
        server.authority("Force");
        let first = post(server, "/v1/requests", &["key"], BODY);
        let path = format!("/v1/requests/{}", id(&first.expect(201)));
        let other_subject = BODY.replace("A subject", "Another");
        for (address, body) in [
            ("/v1/requests", other_subject.as_str()),
            ("/v1/requests", &BODY.replace(": ", ":")),
            ("/v1/authorities", BODY),
            ("/v1/authorities", r#"{"name": "Council", "nation": "england"}"#),
            (&format!("{path}/clarifications"), r#"{"asked_on": "2026-06-02"}"#),
        ] {
            let answer = post(server, address, &["key"], body);
            if address == "/v1/authorities" && body == BODY {
                // What cannot be read is refused for that.
                answer.problem(400, "unknown-member");
            } else {
                answer.problem(422, "idempotency-key-reused");
            }
            assert_eq!(answer.header("idempotency-replayed"), "");
        }
        assert_eq!(count(server), 1);
        assert_eq!(server.get("/v1/authorities").expect(200)["items"].as_array().unwrap().len(), 1);
        assert_eq!(server.get(&path).expect(200)["version"], 1);
        assert_replayed(&first, &post(server, "/v1/requests", &["key"], BODY));
    }

    fn a_key_belongs_to_one_request(server) {
        server.authority("Force");
        let paths = [0, 1].map(|_| format!("/v1/requests/{}", id(&server.post("/v1/requests", &body()).expect(201))));
        let question = json!({"asked_on": "2026-06-02"});
        server.post_keyed(&format!("{}/clarifications", paths[0]), "key", &question).expect(201);
        server.post_keyed(&format!("{}/clarifications", paths[1]), "key", &question).problem(422, "idempotency-key-reused");
        assert_eq!(server.get(&paths[1]).expect(200)["status"], "open");
    }

    fn failures_leave_the_key_free(server) {
        let refused = server.post_keyed("/v1/requests", "key", &body());
        refused.problem(422, "validation-failed");
        server.authority("Force");
        // The same key, now with another body and with the same: nothing was kept.
        let mut wrong = body();
        wrong["received_on"] = json!("2026-07-01");
        server.post_keyed("/v1/requests", "key", &wrong).problem(422, "validation-failed");
        let absent = "/v1/requests/6b1c2d34-0000-4000-8000-000000000000/clarifications";
        server.post_keyed(absent, "key", &json!({"asked_on": "2026-06-02"})).problem(404, "not-found");
        server.anonymous().post_keyed("/v1/requests", "key", &body()).problem(401, "unauthenticated");
        post(server, "/v1/requests", &["key"], "{").problem(400, "malformed-json");
        let made = server.post_keyed("/v1/requests", "key", &body());
        made.expect(201);
        assert_replayed(&made, &server.post_keyed("/v1/requests", "key", &body()));
        assert_eq!(count(server), 1);
    }

    fn a_conflict_may_pass(server) {
        server.authority("Force");
        let path = format!("/v1/requests/{}", id(&server.post("/v1/requests", &body()).expect(201)));
        let question = server.post(&format!("{path}/clarifications"), &json!({"asked_on": "2026-06-10"})).expect(201);
        let answer = format!("{path}/clarifications/{}/answer", id(&question));
        server.post_keyed(&answer, "key", &json!({"answered_on": "2026-06-09"})).problem(409, "impossible-order");
        server.post_keyed(&answer, "key", &json!({"answered_on": "2026-06-11"})).expect(201);
    }

    fn a_hundred_clients_with_one_key_have_one_effect(server) {
        server.authority("Force");
        let client = &server.client;
        let answers: Vec<Answer> = thread::scope(|scope| {
            let calls: Vec<_> = (0..100).map(|_| scope.spawn(|| client.post_keyed("/v1/requests", "key", &body()))).collect();
            calls.into_iter().map(|call| call.join().unwrap()).collect()
        });
        assert_eq!(count(server), 1);
        let first: Vec<&Answer> = answers.iter().filter(|answer| answer.status == 201 && answer.header("idempotency-replayed").is_empty()).collect();
        assert_eq!(first.len(), 1, "one of them was first");
        for answer in &answers {
            match answer.status {
                201 if answer.header("idempotency-replayed").is_empty() => {}
                201 => assert_replayed(first[0], answer),
                _ => drop(answer.problem(409, "idempotency-key-in-use")),
            }
        }
        assert_replayed(first[0], &server.post_keyed("/v1/requests", "key", &body()));
        assert_eq!(server.post("/v1/requests", &body()).expect(201)["reference"], "FOI-2026-00002");
    }

    fn a_hundred_clients_with_keys_of_their_own_have_effects_of_their_own(server) {
        server.authority("Force");
        let client = &server.client;
        let run = || -> Vec<Answer> {
            thread::scope(|scope| {
                let calls: Vec<_> = (0..100).map(|at| scope.spawn(move || client.post_keyed("/v1/requests", &format!("key-{at}"), &body()))).collect();
                calls.into_iter().map(|call| call.join().unwrap()).collect()
            })
        };
        let (first, second) = (run(), run());
        for (first, second) in first.iter().zip(&second) {
            assert_eq!(first.status, 201, "{}", first.text);
            assert_replayed(first, second);
        }
        assert_eq!(count(server), 100);
    }

    fn a_key_is_kept_for_seventy_two_hours(server) {
        server.authority("Force");
        let first = server.post_keyed("/v1/requests", "key", &body());
        first.expect(201);
        server.set_now("2026-07-03T12:00:00Z");
        assert_replayed(&first, &server.post_keyed("/v1/requests", "key", &body()));
        server.set_now("2026-07-03T12:00:00.000001Z");
        let anew = server.post_keyed("/v1/requests", "key", &body());
        assert_eq!((anew.status, anew.header("idempotency-replayed")), (201, ""));
        assert_ne!(id(&anew.json()), id(&first.json()));
        assert_eq!(count(server), 2);
        // And for seventy-two hours again, with a body of its own.
        server.set_now("2026-07-06T12:00:00Z");
        assert_replayed(&anew, &server.post_keyed("/v1/requests", "key", &body()));
        server.set_now("2026-07-07T12:00:00Z");
        server.post_keyed("/v1/requests", "key", &json!({"regime": "eir", "received_on": "2026-06-01", "subject": "Other"})).expect(201);
        assert_eq!(count(server), 3);
    }

    fn a_key_is_one_word_of_visible_characters(server) {
        server.authority("Force");
        let longest = "k".repeat(255);
        for key in [&longest, "k", "8e03978e-40d5-43dd-bc93-6894a57f9324", "!#$%&'()*+,-./:;<=>?@[]^_`{|}~"] {
            let first = post(server, "/v1/requests", &[key], BODY);
            assert_eq!(first.status, 201, "{key}: {}", first.text);
            // As a structured field (quoted) it is the same key.
            assert_replayed(&first, &post(server, "/v1/requests", &[&format!("\"{key}\"")], BODY));
        }
        let made = count(server);
        let too_long = "k".repeat(256);
        for keys in [&[""][..], &[" "], &["\"\""], &["two words"], &["\"two words\""], &["tab\tbed"], &["ü"], &[&too_long], &["a\"b"], &["\"open"],
            &["one", "two"], &["one", "one"]] {
            let answer = post(server, "/v1/requests", keys, BODY);
            answer.problem(400, "invalid-parameter");
            assert_eq!(answer.faults(), [("Idempotency-Key".to_owned(), "invalid-parameter".to_owned())], "{keys:?}");
        }
        assert_eq!(count(server), made);
    }

    fn a_key_matters_to_posts_only(server) {
        server.authority("Force");
        let path = format!("/v1/requests/{}", id(&server.post_keyed("/v1/requests", "key", &body()).expect(201)));
        let headers = [("Content-Type", "application/json"), ("If-Match", "*"), ("Idempotency-Key", "key")];
        for version in [2, 3] {
            let patch = json!({"subject": format!("Subject {version}")});
            let answer = server.send("PATCH", &path, &headers, Some(patch.to_string().as_bytes()));
            assert_eq!((&answer.expect(200)["version"], answer.header("idempotency-replayed")), (&json!(version), ""));
        }
        assert_eq!(server.send("GET", &path, &[("Idempotency-Key", "key")], None).header("idempotency-replayed"), "");
    }

    fn what_is_stored_says_nothing_of_who_asked(server) {
        server.authority("Force");
        let mut whole = body();
        whole["requester"] = json!({"name": "Mx Secretname"});
        whole["original_text"] = json!("Secretletter");
        let first = server.post_keyed("/v1/requests", "key", &whole);
        let second = server.post_keyed("/v1/requests", "key", &whole);
        assert_replayed(&first, &second);
        assert!(!second.text.contains("Secret"), "{}", second.text);
        // Another letter is another call.
        whole["original_text"] = json!("Secretletter of the next day");
        server.post_keyed("/v1/requests", "key", &whole).problem(422, "idempotency-key-reused");
    }
}
