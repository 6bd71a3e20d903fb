//! Standing positions: kept by topic, shown beside a request with its precedents, departed from for a reason only.

use serde_json::{Value, json};

use crate::{
    on_both,
    support::{
        Server,
        casework::{
            address_of, disclosed, draft, finding, finding_ids, ncnd, path, record_response, sent, with, without,
        },
        server::id,
    },
};

const POSITIONS: &str = "/v1/ncnd-positions";

fn position(topics: &[&str]) -> Value {
    json!({"title": "Covert use of technology", "topics": topics, "regime": "foia", "provisions": ["31(3)", "24(2)"],
        "reasons": "Either answer would tell.", "review_on": "2026-07-01"})
}

fn on_topic(server: &Server, authority: &str, received_on: &str, topics: &[&str]) -> String {
    let body = json!({"authority_id": authority, "regime": "foia", "received_on": received_on, "subject": "A subject", "topics": topics});
    id(&server.post("/v1/requests", &body).expect(201))
}

fn precedents(server: &Server, request: &str) -> Value {
    server.get(&format!("{}/precedents", path(request))).expect(200)
}

on_both! {
    fn a_position_is_kept_changed_by_its_version_and_deleted(server) {
        let authority = server.authority("Force");
        let made = server.post(POSITIONS, &position(&["technology-partners"]));
        let document = made.expect(201);
        let address = format!("{POSITIONS}/{}", id(&document));
        assert_eq!(made.header("location"), address);
        for (name, value) in position(&["technology-partners"]).as_object().unwrap() {
            assert_eq!(document[name], *value, "{name}");
        }
        assert_eq!((&document["authority_id"], &document["review_due"], &document["version"]), (&json!(authority), &json!(false), &json!(1)));
        assert_eq!(server.get(&address).expect(200), document);
        assert_eq!(server.send("GET", &address, &[("If-None-Match", made.header("etag"))], None).status, 304);
        let changed = server.put(&address, made.header("etag"), &position(&["a", "b"]));
        assert_eq!((&changed.expect(200)["topics"], &changed.json()["version"]), (&json!(["a", "b"]), &json!(2)));
        server.put(&address, made.header("etag"), &position(&["c"])).problem(412, "precondition-failed");
        server.delete(&address, made.header("etag")).problem(412, "precondition-failed");
        server.set_now("2026-07-02T12:00:00Z");
        assert_eq!(server.get(&address).expect(200)["review_due"], true);
        server.delete(&address, "*").expect(204);
        server.get(&address).problem(404, "not-found");
        assert_eq!(server.get(POSITIONS).expect(200)["items"], json!([]));
    }

    fn of_changes_based_on_one_version_one_is_made(server) {
        server.authority("Force");
        let made = server.post(POSITIONS, &position(&["a"]));
        let (address, tag) = (format!("{POSITIONS}/{}", id(&made.expect(201))), made.header("etag"));
        let statuses = |call: &(dyn Fn(usize) -> u16 + Sync)| {
            let mut statuses: Vec<u16> = std::thread::scope(|scope| {
                let calls: Vec<_> = (0..8).map(|at| scope.spawn(move || call(at))).collect();
                calls.into_iter().map(|call| call.join().unwrap()).collect()
            });
            statuses.sort_unstable();
            statuses
        };
        let replaced = statuses(&|at| server.client.put(&address, tag, &position(&[&format!("topic-{at}")])).status);
        assert_eq!(replaced, [vec![200], vec![412; 7]].concat());
        let now = server.get(&address);
        assert_eq!(now.expect(200)["version"], 2);
        // A change and a removal of one version: whichever came first, the other is told.
        let ended = statuses(&|at| {
            if at == 0 { server.client.delete(&address, now.header("etag")) } else { server.client.put(&address, now.header("etag"), &position(&["b"])) }
                .status
        });
        let removed = [vec![204], vec![404; 7]].concat();
        let changed = [vec![200], vec![412; 7]].concat();
        assert!(ended == removed || ended == changed, "{ended:?}");
    }

    fn a_position_needs_topics_and_provisions_that_exclude_the_duty(server) {
        server.authority("Force");
        let bad = with(position(&[]), &json!({"provisions": ["31(1)(a)", "40(5)", "31(3)", "3(3)", "31(3)"], "reasons": ""}));
        let answer = server.post(POSITIONS, &bad);
        answer.problem(422, "validation-failed");
        let fault = |pointer: &str, code: &str| (pointer.to_owned(), code.to_owned());
        assert_eq!(answer.faults(), [
            fault("#/reasons", "invalid-text"),
            fault("#/topics", "invalid-value"),
            fault("#/provisions/4", "duplicate-value"),
            fault("#/provisions/0", "unknown-provision"),
            fault("#/provisions/1", "unknown-provision"),
            fault("#/provisions/3", "unknown-provision"),
        ]);
        server.authority("Another");
        let unnamed = server.post(POSITIONS, &position(&["a"]));
        assert_eq!(unnamed.faults(), [fault("#/authority_id", "inconsistent-members")]);
        assert_eq!(server.get(POSITIONS).expect(200)["items"], json!([]));
    }

    fn a_list_of_an_authority_that_is_not_there_is_not_found(server) {
        let [one, other] = ["One", "Other"].map(|name| server.authority(name));
        let wanted = json!({"name": "K", "kind": "person", "scopes": ["ncnd:read"], "expires_on": "2026-12-31", "authority_id": one});
        let client = server.with_key(server.post("/v1/api-keys", &wanted).expect(201)["key"].as_str().unwrap());
        server.post(POSITIONS, &with(position(&["a"]), &json!({"authority_id": other}))).expect(201);
        assert_eq!(client.get(&format!("{POSITIONS}?authority_id={one}")).expect(200)["items"], json!([]));
        let absent = client.get(&format!("{POSITIONS}?authority_id=6b1c2d34-0000-4000-8000-000000000000")).problem(404, "not-found");
        let foreign = client.get(&format!("{POSITIONS}?authority_id={other}")).problem(404, "not-found");
        let of_call = ["instance", "request_id"];
        assert_eq!(without(absent, &of_call), without(foreign, &of_call));
        server.get(&format!("{POSITIONS}?authority_id=6b1c2d34-0000-4000-8000-000000000000")).problem(404, "not-found");
    }

    fn changes_of_positions_are_listed_in_their_order(server) {
        let [one, other] = ["One", "Other"].map(|name| server.authority(name));
        let at = |second: u8| server.set_now(&format!("2026-06-30T12:00:{second:02}Z"));
        let made: Vec<String> = [&one, &other, &one, &one]
            .iter()
            .zip(1..)
            .map(|(authority, second)| {
                at(second);
                id(&server.post(POSITIONS, &with(position(&["a"]), &json!({"authority_id": authority}))).expect(201))
            })
            .collect();
        at(10);
        server.put(&format!("{POSITIONS}/{}", made[0]), "*", &with(position(&["b"]), &json!({"authority_id": one}))).expect(200);
        at(11);
        let ids = |page: &Value| -> Vec<String> { page["items"].as_array().unwrap().iter().map(id).collect() };
        let in_order = |order: &[usize]| -> Vec<String> { order.iter().map(|at| made[*at].clone()).collect() };
        let since = |second: &str, more: &str| {
            server.get(&format!("{POSITIONS}?updated_at_from=2026-06-30T12:00:{second}Z{more}")).expect(200)
        };
        assert_eq!(ids(&server.get(POSITIONS).expect(200)), made);
        assert_eq!(ids(&since("00", "")), in_order(&[1, 2, 3, 0]));
        assert_eq!(ids(&since("03", "")), in_order(&[2, 3, 0]));
        assert_eq!(ids(&since("10", "")), in_order(&[0]));
        assert_eq!(ids(&since("10.000001", "")), in_order(&[]));
        assert_eq!(ids(&since("00", &format!("&authority_id={one}"))), in_order(&[2, 3, 0]));
        let (mut walked, mut page) = (Vec::new(), since("00", "&limit=1"));
        loop {
            walked.extend(ids(&page));
            let Some(cursor) = page["next_cursor"].as_str() else { break };
            page = since("00", &format!("&limit=1&cursor={cursor}"));
        }
        assert_eq!(walked, in_order(&[1, 2, 3, 0]));
        let cursor = since("00", "&limit=1")["next_cursor"].as_str().unwrap().to_owned();
        server.get(&format!("{POSITIONS}?cursor={cursor}")).problem(400, "invalid-cursor");
        server.get(&format!("{POSITIONS}?updated_at_from=yesterday")).problem(400, "invalid-parameter");
    }

    fn positions_are_listed_by_authority_page_by_page(server) {
        let [one, other] = ["One", "Other"].map(|name| server.authority(name));
        let made: Vec<String> = [&one, &other, &one, &one]
            .iter()
            .map(|authority| id(&server.post(POSITIONS, &with(position(&["a"]), &json!({"authority_id": authority}))).expect(201)))
            .collect();
        let ids = |page: &Value| -> Vec<String> { page["items"].as_array().unwrap().iter().map(id).collect() };
        assert_eq!(ids(&server.get(POSITIONS).expect(200)), made);
        let first = server.get(&format!("{POSITIONS}?authority_id={one}&limit=2")).expect(200);
        assert_eq!(ids(&first), [made[0].clone(), made[2].clone()]);
        let cursor = first["next_cursor"].as_str().unwrap();
        let last = server.get(&format!("{POSITIONS}?authority_id={one}&limit=2&cursor={cursor}")).expect(200);
        assert_eq!((ids(&last), last.get("next_cursor")), (vec![made[3].clone()], None));
        let elsewhere = with(position(&["a"]), &json!({"authority_id": other}));
        assert_eq!(server.put(&format!("{POSITIONS}/{}", made[0]), "*", &elsewhere).faults(),
            [("#/authority_id".to_owned(), "inconsistent-members".to_owned())]);
    }

    fn a_draft_that_departs_from_a_position_needs_a_reason_and_the_letter_keeps_nothing_of_it(server) {
        let authority = server.authority("Force");
        server.post(POSITIONS, &position(&["technology-partners"])).expect(201);
        let plain = on_topic(server, &authority, "2026-06-01", &["another-topic"]);
        // Neither a capital nor white space around it hides a topic.
        let matching = on_topic(server, &authority, "2026-06-01", &["another-topic", " Technology-PARTNERS"]);
        assert_eq!(server.get(&path(&matching)).expect(200)["topics"], json!(["another-topic", "technology-partners"]));
        assert_eq!(server.get("/v1/requests?topic=Technology-Partners").expect(200)["items"][0]["id"], matching);
        let departing = draft(&[disclosed("1")]);
        assert_eq!(record_response(server, &plain, &departing)["findings"], json!([]));
        let response = record_response(server, &matching, &departing);
        assert_eq!(finding_ids(&response["findings"]), ["departs-from-position"]);
        assert_eq!(finding(&response["findings"], "departs-from-position")["pointer"], "/determinations/0/position_departure");
        let issue = format!("{}/issue", address_of(&response));
        let refused = server.post(&issue, &json!({"issued_on": "2026-06-30"})).problem(422, "notice-checks-failed");
        assert_eq!(finding_ids(&refused["findings"]), ["departs-from-position"]);
        let determination = format!("{}/determinations/1", address_of(&response));
        let because = |reason: &str| json!({"outcome": "disclosed", "position_departure": reason});
        server.put(&determination, "*", &because("nothing_was_found")).problem(422, "validation-failed");
        let mended = server.put(&determination, "*", &because("officially_public")).expect(200);
        assert_eq!((&mended["findings"], &mended["determinations"][0]["position_departure"]), (&json!([]), &json!("officially_public")));
        let letter = server.post(&issue, &json!({"issued_on": "2026-06-30"})).expect(200);
        assert!(!letter.to_string().contains("position"), "{letter}");
        assert!(!server.get(&address_of(&response)).text.contains("position"));
        assert_eq!(precedents(server, &matching)["departures"], json!([{"response_id": id(&response), "part": "1", "reason": "officially_public"}]));
        // Neither a letter already sent, nor one issued past the check, says that there is a position.
        let late = on_topic(server, &authority, "2026-06-01", &["technology-partners"]);
        assert_eq!(record_response(server, &late, &sent("2026-06-30", &[disclosed("1")]))["findings"], json!([]));
        let overridden = on_topic(server, &authority, "2026-06-01", &["technology-partners"]);
        let response = record_response(server, &overridden, &departing);
        let issue = json!({"issued_on": "2026-06-30", "override": {"reason": "A test."}});
        assert_eq!(server.post(&format!("{}/issue", address_of(&response)), &issue).expect(200)["findings"], json!([]));
        assert_eq!(record_response(server, &on_topic(server, &authority, "2026-06-01", &["technology-partners"]), &draft(&[ncnd("1")]))["findings"], json!([]));
    }

    fn precedents_show_matching_positions_and_whole_quarters_with_small_counts_left_out(server) {
        let [authority, other] = ["Force", "Other"].map(|name| server.authority(name));
        let matching = server.post(POSITIONS, &with(position(&["a", "b"]), &json!({"authority_id": authority}))).expect(201);
        server.post(POSITIONS, &with(position(&["c"]), &json!({"authority_id": authority}))).expect(201);
        server.post(POSITIONS, &with(position(&["a"]), &json!({"authority_id": other}))).expect(201);
        let answer = |authority: &str, topic: &str, on: &str, is_ncnd: bool| {
            let request = on_topic(server, authority, "2025-10-06", &[topic]);
            record_response(server, &request, &sent(on, &[if is_ncnd { ncnd("1") } else { disclosed("1") }]));
            request
        };
        for number in 0..11 {
            answer(&authority, "a", "2026-02-02", number < 6);
            answer(&authority, "b", "2026-02-02", number < 4);
        }
        for number in 0..10 {
            answer(&authority, "a", "2025-12-31", number < 5);
            answer(&authority, "b", "2025-10-20", number < 6);
        }
        answer(&authority, "a", "2026-04-01", true);
        answer(&authority, "c", "2026-02-02", true);
        answer(&other, "a", "2026-02-02", true);
        let request = on_topic(server, &authority, "2026-06-01", &["b", "a"]);
        let found = precedents(server, &request);
        assert_eq!((&found["topics"], &found["start_on"], &found["end_on"]), (&json!(["a", "b"]), &json!("2024-04-01"), &json!("2026-03-31")));
        assert_eq!(found["positions"], json!([matching]));
        assert_eq!(found["rows"], json!([
            {"topic": "a", "period": "2025-Q4", "requests": 10, "requests_with_ncnd": 5, "suppressed": false},
            {"topic": "a", "period": "2026-Q1", "suppressed": true},
            {"topic": "b", "period": "2025-Q4", "requests_with_ncnd": 6, "suppressed": false},
            {"topic": "b", "period": "2026-Q1", "suppressed": true},
        ]));
        // What is told here is what the table of the quarter tells, and nothing that it hides: `c` was met by nothing else.
        for (quarter, table) in [("2025-Q4", json!([["a", 5], ["b", 6]])), ("2026-Q1", json!([["a", null], ["b", null]]))] {
            let report = server.get(&format!("/v1/metrics/ncnd-by-topic?period={quarter}&authority_id={authority}")).expect(200);
            let rows = report["rows"].as_array().unwrap().iter().filter(|row| row["topic"].is_string());
            assert_eq!(json!(rows.map(|row| json!([row["topic"], row["requests_with_ncnd"]])).collect::<Vec<_>>()), table);
        }
        let elsewhere = precedents(server, &on_topic(server, &authority, "2026-06-01", &["d"]));
        assert_eq!((&elsewhere["positions"], &elsewhere["rows"]), (&json!([]), &json!([])));
        assert_eq!(precedents(server, &on_topic(server, &authority, "2026-06-01", &[]))["rows"], json!([]));
    }
}
