//! Requests: recorded with everything that is said of them, referenced, changed; who asked is kept apart.

use std::{collections::BTreeSet, thread};

use serde_json::{Value, json};

use crate::{
    on_both,
    support::{Server, server::id},
};

fn fault(place: &str, code: &str) -> (String, String) {
    (place.to_owned(), code.to_owned())
}

fn path(request: &Value) -> String {
    format!("/v1/requests/{}", id(request))
}

/// A request as small as can be, with these members besides.
fn body(members: Value) -> Value {
    let mut body = json!({"regime": "foia", "received_on": "2026-06-01", "subject": "A subject"});
    body.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    body
}

fn record(server: &Server, members: Value) -> Value {
    server.post("/v1/requests", &body(members)).expect(201)
}

#[track_caller]
fn refused(server: &Server, members: Value) -> Vec<(String, String)> {
    let answer = server.post("/v1/requests", &body(members));
    answer.problem(422, "validation-failed");
    answer.faults()
}

fn count(server: &Server) -> usize {
    server.get("/v1/requests?limit=200").expect(200)["items"].as_array().unwrap().len()
}

fn everything() -> Value {
    json!({
        "reference": "01/FOI/19/012345", "regime": "foia", "received_on": "2019-11-07", "acknowledged_on": "2019-12-20",
        "channel": "email", "subject": "Partnership with a social media provider", "topics": ["technology-partners", "training"],
        "requester": {"name": "Mx Secretname", "email": "secretmail@requester.example", "address": "1 Secretstreet\nTown",
            "organisation": "Secretorganisation"},
        "original_text": "Secretletter: please tell me\r\nabout it — with “quotes” and ünïcode.",
        "parts": [
            {"label": "1", "text": "Any agreement"},
            {"label": "2(a)", "text": "Meetings", "regime": "eir", "scope_note": "From 2018", "interpretation": "Formal meetings",
                "prior_publication": "Press release of May 2019"},
            {"label": "B.3_x-y", "text": "Why?", "valid_request": false, "invalid_reason": "Asks for an opinion"},
            {"label": "rest", "text": "Any other information", "residual": true},
        ],
        "external_ids": [{"scheme": "case-system", "value": "4711"}, {"scheme": "web-form", "value": "4711"}],
        "case_file_uri": "file://store/cases/4711 (opaque)",
    })
}

on_both! {
    fn every_input_but_who_asked_is_echoed(server) {
        let authority = server.authority("Force");
        let given = everything();
        let answer = server.post("/v1/requests", &given);
        let request = answer.expect(201);
        assert_eq!(answer.header("location"), path(&request));
        assert!(answer.header("etag").starts_with('"'), "{:?}", answer.headers);
        for (member, value) in given.as_object().unwrap() {
            match member.as_str() {
                "requester" | "original_text" => assert!(request.get(member).is_none(), "{request}"),
                "parts" => assert_eq!(request["parts"].as_array().unwrap().len(), 4),
                _ => assert_eq!(request[member], *value, "{member}"),
            }
        }
        for (part, told) in given["parts"].as_array().unwrap().iter().zip(request["parts"].as_array().unwrap()) {
            for (member, value) in part.as_object().unwrap() {
                assert_eq!(told[member], *value, "{member} of {told}");
            }
        }
        assert_eq!(request["authority_id"], authority);
        assert_eq!(request["version"], 1);
        assert_eq!(request["created_at"], "2026-06-30T12:00:00.000000Z");
        assert_eq!(request["updated_at"], "2026-06-30T12:00:00.000000Z");
        let read = server.get(&path(&request));
        assert_eq!(read.expect(200), request);
        assert_eq!(read.header("etag"), answer.header("etag"));
        assert_eq!(read.header("cache-control"), "no-store");
        assert_eq!(server.get("/v1/requests").expect(200), json!({"items": [request]}));
        assert_eq!(server.get(&format!("{}/requester", path(&request))).expect(200), json!({"request_id": id(&request),
            "requester": given["requester"], "original_text": given["original_text"]}));
    }

    fn who_asked_shows_at_one_address_only(server) {
        server.authority("Force");
        let created = server.post_keyed("/v1/requests", "key", &everything());
        let request = created.expect(201);
        let path = path(&request);
        let post = |below: &str, body: Value| server.post(&format!("{path}/{below}"), &body);
        let draft = post("responses", json!({"kind": "initial", "determinations": [{"part": "rest", "outcome": "not_held"}]}));
        let draft_path = format!("{path}/responses/{}", id(&draft.expect(201)));
        let mut answers = vec![
            created,
            server.post_keyed("/v1/requests", "key", &everything()),
            draft,
            server.get(&draft_path),
            server.get(&format!("{draft_path}/checks")),
            post("clarifications", json!({"asked_on": "2019-11-12", "text": "Which period?"})),
            post("parts", json!({"label": "5", "text": "More"})),
            post("parts/5/split", json!({"labels": ["5a", "5b"]})),
            server.patch(&path, "*", &json!({"subject": "Another subject"})),
            post("responses", json!({"kind": "initial", "record_as": "sent", "issued_on": "2020-01-28",
                "determinations": [{"part": "1", "outcome": "disclosed"}]})),
        ];
        for below in ["", "/clock", "/timeline", "/responses"] {
            answers.push(server.get(&format!("{path}{below}")));
        }
        for query in ["", "?format=csv", "?q=subject", "?updated_at_from=2005-01-01T00:00:00Z"] {
            answers.push(server.get(&format!("/v1/requests{query}")));
        }
        answers.push(server.get("/v1/metrics/timeliness?start_on=2019-01-01&end_on=2020-12-31&basis=received&as_at=2020-12-31"));
        for answer in &answers {
            assert!((200..300).contains(&answer.status), "{}", answer.text);
            assert!(!answer.text.to_lowercase().contains("secret"), "{}", answer.text);
            assert!(!answer.headers.values().any(|value| value.to_lowercase().contains("secret")), "{:?}", answer.headers);
        }
        for word in ["Secretname", "secretmail", "Secretstreet", "Secretorganisation", "Secretletter"] {
            assert_eq!(server.get(&format!("/v1/requests?q={word}")).expect(200), json!({"items": []}), "{word}");
            assert!(server.get(&format!("{path}/requester")).text.contains(word), "{word}");
        }
    }

    fn a_requester_is_told_as_far_as_recorded(server) {
        server.authority("Force");
        let of = |members: Value| {
            let request = record(server, members);
            let mut told = server.get(&format!("{}/requester", path(&request))).expect(200);
            assert_eq!(told.as_object_mut().unwrap().remove("request_id"), Some(request["id"].clone()));
            told
        };
        assert_eq!(of(json!({})), json!({}));
        assert_eq!(of(json!({"requester": {}})), json!({"requester": {}}));
        assert_eq!(of(json!({"requester": {"name": "A"}})), json!({"requester": {"name": "A"}}));
        assert_eq!(of(json!({"original_text": "Dear"})), json!({"original_text": "Dear"}));
        server.get("/v1/requests/6b1c2d34-0000-4000-8000-000000000000/requester").problem(404, "not-found");
    }

    fn three_members_are_required(server) {
        server.authority("Force");
        let request = record(server, json!({}));
        assert_eq!(request["parts"], json!([{"label": "1", "text": "A subject", "regime": "foia", "valid_request": true,
            "residual": false, "status": "open", "due_on": "2026-06-30"}]));
        let mut rest = request.clone();
        for member in ["id", "authority_id", "parts"] {
            rest.as_object_mut().unwrap().remove(member);
        }
        assert_eq!(rest, json!({"reference": "FOI-2026-00001", "regime": "foia", "status": "open", "received_on": "2026-06-01",
            "due_on": "2026-06-30", "overdue": false, "subject": "A subject", "topics": [], "external_ids": [], "version": 1,
            "created_at": "2026-06-30T12:00:00.000000Z", "updated_at": "2026-06-30T12:00:00.000000Z"}));
        for member in ["regime", "received_on", "subject"] {
            let mut incomplete = body(json!({}));
            incomplete.as_object_mut().unwrap().remove(member);
            let answer = server.post("/v1/requests", &incomplete);
            answer.problem(400, "missing-member");
            assert_eq!(answer.faults(), [fault(&format!("#/{member}"), "missing-member")]);
        }
        assert_eq!(count(server), 1);
    }

    fn a_compressed_body_is_not_taken_for_a_plain_one(server) {
        let authority = server.authority("Authority");
        let body = json!({"authority_id": authority, "regime": "foia", "received_on": "2026-06-01", "subject": "x"}).to_string();
        let sent = |method: &str, path: &str, coding: &str| {
            let headers = [("Content-Type", "application/json"), ("If-Match", "*"), ("Content-Encoding", coding)];
            server.send(method, path, &headers, Some(body.as_bytes()))
        };
        for coding in ["gzip", "GZIP", "br", "deflate", "identity, gzip", "x-unknown"] {
            let problem = sent("POST", "/v1/requests", coding).problem(415, "unsupported-media-type");
            assert!(problem["detail"].as_str().unwrap().contains("`identity`"), "{coding}: {problem}");
            sent("PATCH", &format!("/v1/authorities/{authority}"), coding).problem(415, "unsupported-media-type");
        }
        assert_eq!(server.get("/v1/requests").expect(200)["items"], json!([]));
        for coding in ["identity", "Identity"] {
            sent("POST", "/v1/requests", coding).expect(201);
        }
    }

    fn a_member_that_does_not_exist_is_refused(server) {
        server.authority("Force");
        for (members, place) in [(json!({"held": true}), "#/held"), (json!({"due_on": "2026-06-30"}), "#/due_on"),
            (json!({"requester": {"held": false}}), "#/requester/held"),
            (json!({"parts": [{"label": "1", "text": "x", "held": false}]}), "#/parts/0/held")] {
            let answer = server.post("/v1/requests", &body(members));
            answer.problem(400, "unknown-member");
            assert_eq!(answer.faults(), [fault(place, "unknown-member")]);
        }
        assert_eq!(count(server), 0);
    }

    fn due_dates_of_the_published_cases(server) {
        server.authority("Force");
        for (received_on, due_on) in [("2023-07-26", "2023-08-24"), ("2019-11-07", "2019-12-06"), ("2023-02-13", "2023-03-13")] {
            let request = record(server, json!({"received_on": received_on}));
            assert_eq!(request["due_on"], due_on);
            assert_eq!(request["parts"][0]["due_on"], due_on);
            assert_eq!(request["status"], "open");
            assert_eq!(request["overdue"], true);
        }
    }

    fn a_request_names_its_authority_where_there_are_several(server) {
        let answer = server.post("/v1/requests", &body(json!({})));
        answer.problem(422, "validation-failed");
        assert_eq!(answer.faults(), [fault("#/authority_id", "inconsistent-members")]);
        let first = server.authority("Force");
        assert_eq!(record(server, json!({}))["authority_id"], first);
        let second = server.authority("Council");
        assert_eq!(refused(server, json!({})), [fault("#/authority_id", "inconsistent-members")]);
        assert_eq!(refused(server, json!({"authority_id": "6b1c2d34-0000-4000-8000-000000000000"})), [fault("#/authority_id", "invalid-value")]);
        let request = record(server, json!({"authority_id": second}));
        assert_eq!(request["authority_id"], second);
        assert_eq!(request["reference"], "FOI-2026-00001", "each authority counts for itself");
    }

    fn a_reference_is_numbered_within_the_year_of_receipt(server) {
        server.post("/v1/authorities", &json!({"name": "Force", "nation": "england", "reference_pattern": "F/{year}/{number:3}"})).expect(201);
        let reference = |received_on: &str| record(server, json!({"received_on": received_on}))["reference"].clone();
        assert_eq!(reference("2019-12-31"), "F/2019/001");
        assert_eq!(reference("2020-01-01"), "F/2020/001");
        assert_eq!(reference("2019-01-01"), "F/2019/002");
        assert_eq!(reference("2020-06-01"), "F/2020/002");
        assert_eq!(reference("2019-06-01"), "F/2019/003");
    }

    fn references_of_thirty_clients_at_once_are_consecutive(server) {
        server.authority("Force");
        let client = &server.client;
        let references: BTreeSet<String> = thread::scope(|scope| {
            let calls: Vec<_> = (0..30)
                .map(|at| scope.spawn(move || {
                    let years = if at % 2 == 0 { ["2019", "2020"] } else { ["2020", "2019"] };
                    years.map(|year| {
                        let request = client.post("/v1/requests", &body(json!({"received_on": format!("{year}-11-07")}))).expect(201);
                        request["reference"].as_str().unwrap().to_owned()
                    })
                }))
                .collect();
            calls.into_iter().flat_map(|call| call.join().unwrap()).collect()
        });
        let expected = ["2019", "2020"].iter().flat_map(|year| (1..=30).map(move |number| format!("FOI-{year}-{number:05}"))).collect();
        assert_eq!(references, expected);
    }

    fn what_is_refused_takes_no_number(server) {
        server.authority("Force");
        assert_eq!(record(server, json!({}))["reference"], "FOI-2026-00001");
        refused(server, json!({"received_on": "2026-07-01"}));
        refused(server, json!({"topics": ["a", "a"]}));
        server.post("/v1/requests", &body(json!({"reference": "FOI-2026-00001"}))).problem(409, "duplicate-reference");
        assert_eq!(record(server, json!({"reference": "own"}))["reference"], "own");
        assert_eq!(record(server, json!({}))["reference"], "FOI-2026-00002");
    }

    fn a_number_given_by_hand_is_left_out(server) {
        server.authority("Force");
        for number in [2, 3, 5] {
            record(server, json!({"reference": format!("FOI-2026-0000{number}")}));
        }
        for number in [1, 4, 6] {
            assert_eq!(record(server, json!({}))["reference"], format!("FOI-2026-0000{number}"));
        }
    }

    fn one_reference_from_fifty_clients_at_once_is_taken_once(server) {
        server.authority("Force");
        let client = &server.client;
        let answers: Vec<_> = thread::scope(|scope| {
            let calls: Vec<_> = (0..50)
                .map(|_| scope.spawn(|| client.post("/v1/requests", &body(json!({"reference": "01/FOI/26/1", "topics": ["t"],
                    "requester": {"name": "A"}})))))
                .collect();
            calls.into_iter().map(|call| call.join().unwrap()).collect()
        });
        assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1);
        for answer in answers.iter().filter(|answer| answer.status != 201) {
            answer.problem(409, "duplicate-reference");
        }
        assert_eq!(count(server), 1);
        // The same reference is free for another authority.
        let other = server.authority("Council");
        record(server, json!({"reference": "01/FOI/26/1", "authority_id": other}));
    }

    fn parts_under_two_regimes_have_due_dates_of_their_own(server) {
        server.authority("Force");
        let request = record(server, json!({"received_on": "2024-03-15", "parts": [
            {"label": "1", "text": "x"}, {"label": "2", "text": "y", "regime": "foisa"},
            {"label": "3", "text": "z", "regime": "eir"}, {"label": "4", "text": "z", "regime": "eisr"}]}));
        let due: Vec<_> = request["parts"].as_array().unwrap().iter().map(|part| (part["regime"].as_str().unwrap(), part["due_on"].as_str().unwrap())).collect();
        assert_eq!(due, [("foia", "2024-04-17"), ("foisa", "2024-04-15"), ("eir", "2024-04-17"), ("eisr", "2024-04-15")]);
        assert_eq!(request["due_on"], "2024-04-15", "the earliest of the open parts");

        let path = path(&request);
        let answer = |labels: &[&str], day: &str| {
            let determinations: Vec<_> = labels.iter().map(|label| json!({"part": label, "outcome": "disclosed"})).collect();
            server.post(&format!("{path}/responses"), &json!({"kind": "initial", "record_as": "sent", "issued_on": day,
                "determinations": determinations})).expect(201);
            server.get(&path).expect(200)
        };
        let partly = answer(&["2", "4"], "2024-04-02");
        assert_eq!((&partly["status"], &partly["due_on"]), (&json!("open"), &json!("2024-04-17")), "{partly}");
        assert!(partly.get("closed_on").is_none(), "{partly}");
        let wholly = answer(&["1", "3"], "2024-04-17");
        assert_eq!((&wholly["status"], &wholly["due_on"]), (&json!("responded"), &json!("2024-04-17")), "the latest, once all are answered");
        assert_eq!(wholly["on_time"], true);
    }

    fn words_that_are_no_valid_request_have_no_clock(server) {
        server.authority("Force");
        let request = record(server, json!({"parts": [{"label": "1", "text": "x"},
            {"label": "2", "text": "Why?", "valid_request": false, "invalid_reason": "An opinion"}]}));
        assert_eq!(request["due_on"], "2026-06-30");
        assert_eq!(request["parts"][1], json!({"label": "2", "text": "Why?", "regime": "foia", "valid_request": false,
            "invalid_reason": "An opinion", "residual": false}));
        let clock = server.get(&format!("{}/clock", path(&request))).expect(200);
        let labels: Vec<_> = clock["parts"].as_array().unwrap().iter().map(|part| part["label"].clone()).collect();
        assert_eq!(labels, ["1"]);

        let none = record(server, json!({"received_on": "2019-11-07", "parts": [{"label": "1", "text": "Why?", "valid_request": false}]}));
        assert!(none.get("due_on").is_none(), "{none}");
        assert_eq!((&none["status"], &none["overdue"]), (&json!("open"), &json!(false)), "{none}");
        assert_eq!(server.get(&format!("{}/clock", path(&none))).expect(200)["parts"], json!([]));
        assert_eq!(refused(server, json!({"parts": [{"label": "1", "text": "x", "invalid_reason": "An opinion"}]})),
            [fault("#/parts/0/invalid_reason", "inconsistent-members")]);
    }

    fn a_request_has_one_to_five_hundred_parts(server) {
        server.authority("Force");
        let parts = |count: usize| -> Value {
            (1..=count).map(|at| json!({"label": format!("{at}"), "text": format!("Question {at}")})).collect::<Vec<_>>().into()
        };
        assert_eq!(refused(server, json!({"parts": []})), [fault("#/parts", "invalid-value")]);
        assert_eq!(refused(server, json!({"parts": parts(501)})), [fault("#/parts", "invalid-value")]);
        let request = record(server, json!({"parts": parts(500)}));
        let told = server.get(&path(&request)).expect(200);
        assert_eq!(told, request);
        let labels: Vec<String> = told["parts"].as_array().unwrap().iter().map(|part| part["label"].as_str().unwrap().to_owned()).collect();
        assert_eq!(labels, (1..=500).map(|at| at.to_string()).collect::<Vec<_>>());
        server.post(&format!("{}/parts", path(&request)), &json!({"label": "501", "text": "x"})).problem(409, "not-possible-in-this-state");
        assert_eq!(server.get(&path(&request)).expect(200), request);
    }

    fn labels_are_unique_and_keep_to_their_form(server) {
        server.authority("Force");
        let part = |label: &str| json!({"label": label, "text": "x"});
        assert_eq!(refused(server, json!({"parts": [part("1"), part("2"), part("1"), part("1")]})),
            [fault("#/parts/2/label", "duplicate-value"), fault("#/parts/3/label", "duplicate-value")]);
        for label in ["", " ", "one two", "ä", "1/2", &"x".repeat(33), "1\u{0}"] {
            assert_eq!(refused(server, json!({"parts": [part(label)]})), [fault("#/parts/0/label", "invalid-text")], "{label:?}");
        }
        let longest = "x".repeat(32);
        assert_eq!(record(server, json!({"parts": [part(&longest)]}))["parts"][0]["label"], longest);
        assert_eq!(record(server, json!({"parts": [part("a"), part("A")]}))["parts"][1]["label"], "A");
    }

    fn days_that_cannot_be_are_refused(server) {
        server.authority("Force");
        for (members, faults) in [
            (json!({"received_on": "2026-07-01"}), vec![fault("#/received_on", "date-in-future")]),
            (json!({"received_on": "2026-02-30"}), vec![fault("#/received_on", "invalid-date")]),
            (json!({"received_on": "0000-01-01"}), vec![fault("#/received_on", "invalid-date")]),
            (json!({"received_on": "99999-01-01"}), vec![fault("#/received_on", "invalid-date")]),
            (json!({"received_on": "2004-12-31"}), vec![fault("#/received_on", "invalid-date")]),
            (json!({"acknowledged_on": "2026-05-31"}), vec![fault("#/acknowledged_on", "impossible-order")]),
            (json!({"acknowledged_on": "2026-07-01"}), vec![fault("#/acknowledged_on", "date-in-future")]),
            (json!({"acknowledged_on": "2026-06-31"}), vec![fault("#/acknowledged_on", "invalid-date")]),
            (json!({"received_on": "2026-07-02", "acknowledged_on": "2026-07-01"}),
                vec![fault("#/received_on", "date-in-future"), fault("#/acknowledged_on", "date-in-future")]),
            // The stand-in for a day that cannot be is not compared with others.
            (json!({"received_on": "2026-06-31", "acknowledged_on": "2005-01-01"}), vec![fault("#/received_on", "invalid-date")]),
        ] {
            assert_eq!(refused(server, members.clone()), faults, "{members}");
        }
        assert_eq!(count(server), 0);
        assert_eq!(record(server, json!({"received_on": "2026-06-30", "acknowledged_on": "2026-06-30"}))["acknowledged_on"], "2026-06-30");
        assert_eq!(record(server, json!({"received_on": "2005-01-01"}))["due_on"], "2005-02-01");
    }

    fn today_is_the_date_in_london(server) {
        server.authority("Force");
        server.set_now("2026-06-30T22:59:59Z");
        assert_eq!(refused(server, json!({"received_on": "2026-07-01"})), [fault("#/received_on", "date-in-future")]);
        server.set_now("2026-06-30T23:30:00Z");
        assert_eq!(record(server, json!({"received_on": "2026-07-01"}))["due_on"], "2026-07-30");
        server.set_now("2026-11-30T23:30:00Z");
        assert_eq!(refused(server, json!({"received_on": "2026-12-01"})), [fault("#/received_on", "date-in-future")]);
    }

    fn faults_in_all_places_are_told_at_once(server) {
        server.authority("Force");
        let answer = server.post("/v1/requests", &json!({"regime": "ffoia", "received_on": "2026-06-31", "subject": "\t",
            "channel": "pigeon", "topics": ["a", "b", "a"], "external_ids": [{"scheme": "s", "value": "v"}, {"scheme": "s", "value": "v"}],
            "requester": {"name": ""}, "parts": [{"label": "1", "text": ""}, {"label": "1", "text": "x"}]}));
        answer.problem(422, "validation-failed");
        let faults: BTreeSet<_> = answer.faults().into_iter().collect();
        assert_eq!(faults, BTreeSet::from([fault("#/regime", "unknown-value"), fault("#/received_on", "invalid-date"),
            fault("#/subject", "invalid-text"), fault("#/channel", "unknown-value"), fault("#/topics/2", "duplicate-value"),
            fault("#/external_ids/1", "duplicate-value"), fault("#/requester/name", "invalid-text"),
            fault("#/parts/0/text", "invalid-text"), fault("#/parts/1/label", "duplicate-value")]));
        assert_eq!(count(server), 0);
    }

    fn lengths_are_counted_in_characters(server) {
        server.authority("Force");
        let subject = "ü".repeat(500);
        let text = "é".repeat(100_000);
        let request = record(server, json!({"subject": subject, "parts": [{"label": "1", "text": text}]}));
        assert_eq!((&request["subject"], &request["parts"][0]["text"]), (&json!(subject), &json!(text)));
        assert_eq!(refused(server, json!({"subject": "ü".repeat(501)})), [fault("#/subject", "invalid-text")]);
        assert_eq!(refused(server, json!({"reference": "r".repeat(129)})), [fault("#/reference", "invalid-text")]);
        assert_eq!(refused(server, json!({"original_text": "x".repeat(100_001)})), [fault("#/original_text", "invalid-text")]);
        let topics: Vec<String> = (0..51).map(|at| format!("topic {at}")).collect();
        assert_eq!(refused(server, json!({"topics": topics})), [fault("#/topics", "invalid-value")]);
        assert_eq!(record(server, json!({"topics": topics[..50]}))["topics"], json!(topics[..50]));
    }

    fn what_is_not_there_is_not_found(server) {
        server.authority("Force");
        let absent = "/v1/requests/6b1c2d34-0000-4000-8000-000000000000";
        for below in ["", "/clock", "/timeline", "/requester", "/responses"] {
            server.get(&format!("{absent}{below}")).problem(404, "not-found");
            server.get(&format!("/v1/requests/7{below}")).problem(400, "invalid-parameter");
            server.anonymous().get(&format!("{absent}{below}")).problem(401, "unauthenticated");
        }
    }
}
