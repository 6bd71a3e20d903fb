//! Parts of a request: added, reworded, moved to another regime and split, until they are determined.

use serde_json::{Value, json};

use crate::{
    on_both,
    support::{Server, server::id},
};

fn fault(place: &str, code: &str) -> (String, String) {
    (place.to_owned(), code.to_owned())
}

/// Records a request of 15 March 2024 (due on 17 April under FOIA, on 15 April under FOISA) and gives its path.
fn record(server: &Server, labels: &[&str]) -> String {
    format!("/v1/requests/{}", server.request("2024-03-15", labels))
}

fn read(server: &Server, path: &str) -> Value {
    server.get(path).expect(200)
}

fn labels(request: &Value) -> Vec<&str> {
    request["parts"].as_array().unwrap().iter().map(|part| part["label"].as_str().unwrap()).collect()
}

fn column<'a>(request: &'a Value, member: &str) -> Vec<&'a str> {
    request["parts"].as_array().unwrap().iter().map(|part| part[member].as_str().unwrap_or("-")).collect()
}

fn timeline(server: &Server, path: &str) -> Vec<(String, String)> {
    let items = server.get(&format!("{path}/timeline")).expect(200)["items"].clone();
    let word = |entry: &Value, member: &str| entry[member].as_str().unwrap_or_default().to_owned();
    items.as_array().unwrap().iter().map(|entry| (word(entry, "kind"), word(entry, "subject_id"))).collect()
}

fn send_letter(server: &Server, path: &str, label: &str) {
    server
        .post(
            &format!("{path}/responses"),
            &json!({"kind": "initial", "record_as": "sent", "issued_on": "2024-04-10",
        "determinations": [{"part": label, "outcome": "disclosed"}]}),
        )
        .expect(201);
}

on_both! {
    fn a_part_is_added_at_the_end(server) {
        let path = record(server, &["1", "2"]);
        let before = read(server, &path);
        server.set_now("2026-07-01T12:00:00Z");
        let part = json!({"label": "10", "text": "Any other information", "regime": "foisa", "scope_note": "s", "interpretation": "i",
            "residual": true, "prior_publication": "p"});
        let answer = server.post(&format!("{path}/parts"), &part);
        let mut expected = before.clone();
        expected["parts"].as_array_mut().unwrap().push(json!({"label": "10", "text": "Any other information", "regime": "foisa",
            "valid_request": true, "scope_note": "s", "interpretation": "i", "residual": true, "prior_publication": "p",
            "status": "open", "due_on": "2024-04-15"}));
        expected["due_on"] = json!("2024-04-15");
        expected["version"] = json!(2);
        expected["updated_at"] = json!("2026-07-01T12:00:00.000000Z");
        assert_eq!(answer.expect(201), expected);
        assert_eq!(answer.header("location"), path);
        assert_eq!(answer.header("etag"), server.get(&path).header("etag"));
        assert_eq!(read(server, &path), expected);
        assert_eq!(timeline(server, &path)[1..], [("part_added".to_owned(), "10".to_owned())]);
    }

    fn an_added_part_shares_what_happened_to_all(server) {
        let path = record(server, &["1"]);
        server.post(&format!("{path}/clarifications"), &json!({"asked_on": "2024-03-20"})).expect(201);
        server.post(&format!("{path}/fee-notices"), &json!({"given_on": "2024-03-20", "amount": "1", "parts": ["1"]})).expect(201);
        let request = server.post(&format!("{path}/parts"), &json!({"label": "2", "text": "x"})).expect(201);
        assert_eq!(column(&request, "status"), ["lapsed", "awaiting_clarification"]);
    }

    fn a_label_is_taken_once(server) {
        let path = record(server, &["1", "2"]);
        let before = read(server, &path);
        let answer = server.post(&format!("{path}/parts"), &json!({"label": "2", "text": "x"}));
        answer.problem(422, "validation-failed");
        assert_eq!(answer.faults(), [fault("#/label", "duplicate-value")]);
        for (body, faults) in [
            (json!({"label": "no label", "text": " "}), vec![fault("#/label", "invalid-text"), fault("#/text", "invalid-text")]),
            (json!({"label": "3", "text": "x", "invalid_reason": "y"}), vec![fault("#/invalid_reason", "inconsistent-members")]),
            (json!({"label": "3", "text": "x", "regime": "gdpr"}), vec![fault("#/regime", "unknown-value")]),
        ] {
            let answer = server.post(&format!("{path}/parts"), &body);
            answer.problem(422, "validation-failed");
            assert_eq!(answer.faults(), faults);
        }
        server.post(&format!("{path}/parts"), &json!({"text": "x"})).problem(400, "missing-member");
        server.post(&format!("{path}/parts"), &json!({"label": "3", "text": "x", "held": true})).problem(400, "unknown-member");
        assert_eq!(read(server, &path), before);
        assert_eq!(timeline(server, &path).len(), 1);
    }

    fn one_label_from_many_clients_at_once_is_added_once(server) {
        let path = record(server, &["1"]);
        let (client, path) = (&server.client, &path);
        let mut statuses: Vec<u16> = std::thread::scope(|scope| {
            let calls: Vec<_> = (0..15)
                .map(|_| scope.spawn(move || client.post(&format!("{path}/parts"), &json!({"label": "2", "text": "x"})).status))
                .collect();
            calls.into_iter().map(|call| call.join().unwrap()).collect()
        });
        statuses.sort_unstable();
        assert_eq!(statuses, [vec![201], vec![422; 14]].concat());
        let request = read(server, path);
        assert_eq!((labels(&request), &request["version"]), (vec!["1", "2"], &json!(2)));
    }

    fn parts_added_by_many_clients_at_once_are_all_kept(server) {
        let path = record(server, &["1"]);
        let (client, path) = (&server.client, &path);
        std::thread::scope(|scope| {
            for at in 2..=16 {
                scope.spawn(move || client.post(&format!("{path}/parts"), &json!({"label": at.to_string(), "text": "x"})).expect(201));
            }
        });
        let request = read(server, path);
        let mut numbers: Vec<u32> = labels(&request).iter().map(|label| label.parse().unwrap()).collect();
        numbers.sort_unstable();
        assert_eq!(numbers, (1..=16).collect::<Vec<_>>());
        assert_eq!(request["version"], 16);
        assert_eq!(timeline(server, path).len(), 16);
    }

    fn a_part_is_replaced_whole(server) {
        let path = record(server, &["1", "2(a)", "3"]);
        let part = json!({"text": "First words", "scope_note": "s", "interpretation": "i", "residual": true, "prior_publication": "p"});
        let tag = server.get(&path).header("etag").to_owned();
        let answer = server.put(&format!("{path}/parts/2(a)"), &tag, &part);
        let request = answer.expect(200);
        assert_eq!(request["parts"][1], json!({"label": "2(a)", "text": "First words", "regime": "foia", "valid_request": true, "scope_note": "s",
            "interpretation": "i", "residual": true, "prior_publication": "p", "status": "open", "due_on": "2024-04-17"}));
        assert_eq!(answer.header("etag"), server.get(&path).header("etag"));
        assert_ne!(answer.header("etag"), tag);
        let request = server.put(&format!("{path}/parts/2(a)"), "*", &json!({"text": "Second words"})).expect(200);
        assert_eq!(request["parts"][1], json!({"label": "2(a)", "text": "Second words", "regime": "foia", "valid_request": true,
            "residual": false, "status": "open", "due_on": "2024-04-17"}));
        assert_eq!((labels(&request), &request["version"]), (vec!["1", "2(a)", "3"], &json!(3)));
        assert_eq!(column(&request, "text"), ["Question 1", "Second words", "Question 3"]);
        assert_eq!(read(server, &path), request);
        let replaced = ("part_replaced".to_owned(), "2(a)".to_owned());
        assert_eq!(timeline(server, &path)[1..], [replaced.clone(), replaced]);
    }

    fn another_regime_computes_the_clock_anew(server) {
        let path = record(server, &["1", "2"]);
        let regime = |label: &str, regime: &str| server.put(&format!("{path}/parts/{label}"), "*", &json!({"text": "x", "regime": regime})).expect(200);
        let request = regime("2", "foisa");
        assert_eq!(column(&request, "due_on"), ["2024-04-17", "2024-04-15"]);
        assert_eq!(request["due_on"], "2024-04-15");
        let extension = json!({"kind": "complexity_and_volume", "notified_on": "2024-04-02"});
        server.post(&format!("{path}/extensions"), &extension).expect(201);
        assert_eq!(column(&read(server, &path), "extended_to"), ["-", "-"], "neither Act knows this extension");
        let request = regime("2", "eisr");
        assert_eq!(column(&request, "extended_to"), ["-", "2024-05-14"]);
        let request = regime("1", "eir");
        assert_eq!(column(&request, "extended_to"), ["2024-05-16", "2024-05-14"]);
        let request = server.put(&format!("{path}/parts/2"), "*", &json!({"text": "x"})).expect(200);
        assert_eq!(column(&request, "regime"), ["eir", "foia"], "without a regime a part has the request's");
        assert_eq!(column(&request, "due_on"), ["2024-04-17", "2024-04-17"]);
        assert_eq!(column(&request, "extended_to"), ["2024-05-16", "-"]);
        assert_eq!(read(server, &path), request);
    }

    fn words_found_to_be_no_valid_request_lose_their_clock(server) {
        let path = record(server, &["1", "2"]);
        let valid = |label: &str, valid: bool| server.put(&format!("{path}/parts/{label}"), "*", &json!({"text": "x", "valid_request": valid})).expect(200);
        let request = valid("2", false);
        assert_eq!((column(&request, "status"), column(&request, "due_on")), (vec!["open", "-"], vec!["2024-04-17", "-"]));
        let request = valid("1", false);
        assert_eq!((column(&request, "due_on"), request.get("due_on"), &request["overdue"]), (vec!["-", "-"], None, &json!(false)));
        let request = valid("2", true);
        assert_eq!((column(&request, "due_on"), &request["due_on"], &request["overdue"]), (vec!["-", "2024-04-17"], &json!("2024-04-17"), &json!(true)));
        assert_eq!(read(server, &path), request);
    }

    fn a_replacement_needs_the_version_of_the_request(server) {
        let path = record(server, &["1"]);
        let before = server.get(&path);
        let tag = before.header("etag");
        let target = format!("{path}/parts/1");
        let body = json!({"text": "x"});
        server.send("PUT", &target, &[("Content-Type", "application/json")], Some(body.to_string().as_bytes())).problem(428, "precondition-required");
        server.put(&target, "\"2-0-json\"", &body).problem(412, "precondition-failed");
        assert_eq!(read(server, &path), before.json());
        server.put(&target, tag, &body).expect(200);
        server.put(&target, tag, &body).problem(412, "precondition-failed");
        server.put(&format!("{path}/parts/2"), "*", &body).problem(404, "not-found");
        for (body, faults) in [(json!({"label": "2", "text": "x"}), vec![fault("#/label", "inconsistent-members")]),
            (json!({"text": "", "regime": "gdpr"}), vec![fault("#/text", "invalid-text"), fault("#/regime", "unknown-value")]),
            (json!({"text": "x", "invalid_reason": "y"}), vec![fault("#/invalid_reason", "inconsistent-members")])] {
            let answer = server.put(&target, "*", &body);
            answer.problem(422, "validation-failed");
            assert_eq!(answer.faults(), faults, "{body}");
        }
        server.put(&format!("{path}/parts/a%20b"), "*", &body).problem(400, "invalid-parameter");
        assert_eq!(read(server, &path)["version"], 2);
        // The label of the path may be repeated.
        let repeated = server.put(&target, "*", &json!({"label": "1", "text": "In other words"})).expect(200);
        assert_eq!((&repeated["parts"][0]["label"], &repeated["parts"][0]["text"]), (&json!("1"), &json!("In other words")));
    }

    fn a_part_is_split_into_others_with_its_words_and_events(server) {
        let path = record(server, &["1", "2", "3"]);
        server.put(&format!("{path}/parts/2"), "*", &json!({"text": "Both", "regime": "eir", "scope_note": "s"})).expect(200);
        let question = server.post(&format!("{path}/clarifications"), &json!({"asked_on": "2024-03-20", "parts": ["2", "3"]})).expect(201);
        let answer = server.post(&format!("{path}/parts/2/split"), &json!({"labels": ["2a", "2b"]}));
        let request = answer.expect(200);
        assert_eq!(answer.header("etag"), server.get(&path).header("etag"));
        assert_eq!(read(server, &path), request);
        let of = |label: &str| request["parts"].as_array().unwrap().iter().find(|part| part["label"] == label).unwrap().clone();
        for label in ["2a", "2b"] {
            assert_eq!(of(label), json!({"label": label, "text": "Both", "regime": "eir", "valid_request": true, "scope_note": "s",
                "residual": false, "status": "awaiting_clarification", "due_on": "2024-04-17"}));
        }
        let mut sorted = labels(&request);
        sorted.sort_unstable();
        assert_eq!(sorted, ["1", "2a", "2b", "3"]);
        assert_eq!(request["version"], 4);
        assert_eq!(timeline(server, &path).last().unwrap(), &("part_split".to_owned(), "2".to_owned()));

        // The answer to the question reaches both halves.
        let event = server.get(&format!("{path}/events/{}", id(&question))).expect(200);
        assert_eq!(event["parts"], json!(["3", "2a", "2b"]));
        server.post(&format!("{path}/clarifications/{}/answer", id(&question)), &json!({"answered_on": "2024-04-02"})).expect(201);
        let clock = server.get(&format!("{path}/clock")).expect(200);
        for part in clock["parts"].as_array().unwrap() {
            let restarted = part["label"] != "1";
            assert_eq!(part["due_on"], if restarted { "2024-04-30" } else { "2024-04-17" }, "{part}");
        }
    }

    fn halves_stand_where_the_whole_stood(server) {
        let path = record(server, &["1", "2", "3"]);
        let request = server.post(&format!("{path}/parts/1/split"), &json!({"labels": ["1", "1b", "1c"]})).expect(200);
        assert_eq!(labels(&request), ["1", "1b", "1c", "2", "3"]);
        let request = server.post(&format!("{path}/parts/2/split"), &json!({"labels": ["2a", "2b"]})).expect(200);
        assert_eq!(labels(&request), ["1", "1b", "1c", "2a", "2b", "3"]);
        let request = server.post(&format!("{path}/parts"), &json!({"label": "4", "text": "x"})).expect(201);
        assert_eq!(labels(&request), ["1", "1b", "1c", "2a", "2b", "3", "4"]);
        assert_eq!(read(server, &path), request);
    }

    fn labels_of_a_split_are_new_and_at_least_two(server) {
        let path = record(server, &["1", "2"]);
        let before = read(server, &path);
        let many: Vec<String> = (0..101).map(|at| format!("1.{at}")).collect();
        for (new, faults) in [
            (json!([]), vec![fault("#/labels", "invalid-value")]),
            (json!(["1a"]), vec![fault("#/labels", "invalid-value")]),
            (json!(many), vec![fault("#/labels", "invalid-value")]),
            (json!(["1a", "1a"]), vec![fault("#/labels/1", "duplicate-value")]),
            (json!(["1a", "2"]), vec![fault("#/labels/1", "duplicate-value")]),
            (json!(["1a", "1 b"]), vec![fault("#/labels/1", "invalid-text")]),
        ] {
            let answer = server.post(&format!("{path}/parts/1/split"), &json!({"labels": new}));
            answer.problem(422, "validation-failed");
            assert_eq!(answer.faults(), faults, "{new}");
        }
        server.post(&format!("{path}/parts/7/split"), &json!({"labels": ["a", "b"]})).problem(404, "not-found");
        assert_eq!(read(server, &path), before);
        assert_eq!(timeline(server, &path).len(), 1);
    }

    fn a_split_keeps_to_the_number_of_parts(server) {
        let all: Vec<String> = (1..=500).map(|at| at.to_string()).collect();
        let path = record(server, &all.iter().map(String::as_str).collect::<Vec<_>>());
        let before = read(server, &path);
        server.post(&format!("{path}/parts/1/split"), &json!({"labels": ["1a", "1b"]})).problem(409, "not-possible-in-this-state");
        assert_eq!(read(server, &path), before);
    }

    fn a_part_that_was_answered_stands_as_it_was(server) {
        let path = record(server, &["1", "2"]);
        send_letter(server, &path, "1");
        let before = read(server, &path);
        server.put(&format!("{path}/parts/1"), "*", &json!({"text": "Other words"})).problem(409, "not-possible-in-this-state");
        server.post(&format!("{path}/parts/1/split"), &json!({"labels": ["1a", "1b"]})).problem(409, "not-possible-in-this-state");
        assert_eq!(read(server, &path), before);
        // Its neighbour is free, until it is answered too.
        server.put(&format!("{path}/parts/2"), "*", &json!({"text": "Other words"})).expect(200);
        server.post(&format!("{path}/parts/2/split"), &json!({"labels": ["2", "2b"]})).expect(200);
        send_letter(server, &path, "2");
        server.put(&format!("{path}/parts/2"), "*", &json!({"text": "Words again"})).problem(409, "not-possible-in-this-state");
        let request = read(server, &path);
        assert_eq!(column(&request, "status"), ["responded", "responded", "open"]);
    }

    fn a_question_found_after_the_answer_opens_the_request_again(server) {
        let path = record(server, &["1"]);
        send_letter(server, &path, "1");
        let answered = read(server, &path);
        assert_eq!((&answered["status"], &answered["outcome"]), (&json!("responded"), &json!("granted_in_full")));
        let request = server.post(&format!("{path}/parts"), &json!({"label": "2", "text": "Overlooked"})).expect(201);
        assert_eq!((&request["status"], &request["overdue"]), (&json!("open"), &json!(true)));
        for member in ["outcome", "responded_on", "closed_on", "on_time", "working_days_taken"] {
            assert!(request.get(member).is_none(), "{member}: {request}");
        }
        assert_eq!(column(&request, "status"), ["responded", "open"]);
    }

    fn a_draft_does_not_hold_a_part_fast(server) {
        let path = record(server, &["1", "2"]);
        let draft = server.post(&format!("{path}/responses"), &json!({"kind": "initial",
            "determinations": [{"part": "1", "outcome": "disclosed"}, {"part": "2", "outcome": "disclosed"}]})).expect(201);
        let draft = format!("{path}/responses/{}", id(&draft));
        server.put(&format!("{path}/parts/1"), "*", &json!({"text": "Other words"})).expect(200);
        server.post(&format!("{path}/parts/1/split"), &json!({"labels": ["1a", "1b"]})).expect(200);
        // What the draft says of a part that is no more cannot be issued, and says so.
        server.get(&format!("{draft}/checks")).expect(200);
        let refused = server.post(&format!("{draft}/issue"), &json!({"issued_on": "2024-04-10"}));
        assert!([409, 422].contains(&refused.status), "{} {}", refused.status, refused.text);
        let request = read(server, &path);
        assert_eq!(request["status"], "open", "{request}");
    }
}
