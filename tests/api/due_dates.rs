//! What falls due, across authorities: every kind of date, by day, page by page.

use serde_json::{Value, json};

use crate::{
    complaints::complain,
    on_both,
    support::{
        Server,
        casework::{disclosed, extend, finding_ids, record, respond, sent},
        server::id,
    },
};

/// Kind, day and whether it is overdue, of each thing due.
fn due(server: &Server, query: &str) -> Vec<(String, String, bool)> {
    let list = server.get(&format!("/v1/due-dates{query}")).expect(200);
    list["items"].as_array().unwrap().iter().map(told).collect()
}

fn told(item: &Value) -> (String, String, bool) {
    let word = |member: &str| item[member].as_str().unwrap().to_owned();
    (word("kind"), word("due_on"), item["overdue"].as_bool().unwrap())
}

fn row(kind: &str, due_on: &str, overdue: bool) -> (String, String, bool) {
    (kind.to_owned(), due_on.to_owned(), overdue)
}

on_both! {
    fn every_kind_of_date_is_listed_by_day(server) {
        server.set_now("2020-06-24T12:00:00Z");
        let overdue = server.request("2020-05-01", &["1"]);
        let open = server.request("2020-06-22", &["1"]);
        let extended = server.request("2020-05-28", &["1"]);
        extend(server, &extended, "public_interest", "2020-06-23", "2020-07-15");
        let closed = server.request("2020-01-06", &["1"]);
        respond(server, &closed, "2020-01-20");
        let review = record(server, &closed, "reviews", json!({"requested_on": "2020-06-01"}));
        let complaint = complain(server, &closed);
        let notice = record(server, &closed, &format!("{complaint}/decision-notices"), json!({"sent_on": "2020-06-23",
            "steps": [{"text": "Do it."}], "steps_period": {"days": 35, "unit": "calendar_days", "runs_from_on": "2020-06-23"}}));
        let all = [
            row("statutory", "2020-06-02", true),
            row("statutory", "2020-06-25", false),
            row("review", "2020-06-29", false),
            row("extended_estimate", "2020-07-15", false),
            row("statutory", "2020-07-21", false),
            row("appeal", "2020-07-21", false),
            row("review_guidance_limit", "2020-07-28", false),
            row("steps", "2020-07-28", false),
        ];
        let mut expected = all.to_vec();
        expected.sort_by(|one, other| (&one.1, &one.0).cmp(&(&other.1, &other.0)));
        assert_eq!(due(server, "?within=40"), expected);
        assert_eq!(due(server, "?within=5"), expected[..3]);
        assert_eq!(due(server, "?within=0"), expected[..1], "what is overdue is always listed");
        let items = server.get("/v1/due-dates?within=40").expect(200)["items"].clone();
        assert_eq!((&items[0]["request_id"], &items[0]["subject_id"]), (&json!(overdue), &json!(overdue)));
        assert_eq!(items[2]["subject_id"], review["id"]);
        assert_eq!(items[2]["request_id"], json!(closed));
        assert_eq!(items[4]["subject_id"], notice["id"]);
        assert_eq!(items[5]["request_id"], json!(open));
        assert_eq!((&items[0]["provision"], &items[7]["provision"]), (&json!("section 10(1)"), &json!("section 50(4)")));

        // A day after its end the right to appeal is gone, but steps that were not taken stay; so does the extension missed.
        server.set_now("2020-07-29T12:00:00Z");
        assert_eq!(due(server, "?within=1"), [
            row("statutory", "2020-06-02", true), row("statutory", "2020-06-25", true), row("review", "2020-06-29", true),
            row("extended_estimate", "2020-07-15", true), row("statutory", "2020-07-21", true),
            row("review_guidance_limit", "2020-07-28", true), row("steps", "2020-07-28", true)]);
    }

    fn what_waits_for_its_requester_is_listed_once_it_is_late(server) {
        server.set_now("2020-06-24T12:00:00Z");
        let asked = |received_on: &str, asked_on: &str| {
            let request = server.request(received_on, &["1"]);
            record(server, &request, "clarifications", json!({"asked_on": asked_on, "text": "Which year?"}));
            request
        };
        let late = asked("2020-05-01", "2020-06-10");
        asked("2020-06-01", "2020-06-10");
        assert_eq!(server.get(&format!("/v1/requests/{late}")).expect(200)["overdue"], true);
        assert_eq!(due(server, "?within=0"), [row("statutory", "2020-06-02", true)]);
        let with_fee = server.request("2020-05-01", &["1"]);
        record(server, &with_fee, "fee-notices", json!({"given_on": "2020-06-10", "amount": "25"}));
        assert_eq!(due(server, "?within=0"), [row("statutory", "2020-06-02", true), row("statutory", "2020-06-02", true)]);
        let in_time = server.request("2020-06-01", &["1"]);
        record(server, &in_time, "fee-notices", json!({"given_on": "2020-06-10", "amount": "25"}));
        // Three months later neither fee is paid: nothing is owed where it was asked in time, and all where it was not.
        server.set_now("2020-09-11T12:00:00Z");
        let status = |request: &str| server.get(&format!("/v1/requests/{request}")).expect(200)["status"].clone();
        assert_eq!((status(&in_time), status(&with_fee)), (json!("lapsed"), json!("awaiting_fee")));
        assert_eq!(due(server, "?within=0"), [row("statutory", "2020-06-02", true), row("statutory", "2020-06-02", true)]);
    }

    fn an_extension_takes_the_place_of_the_day_that_has_passed(server) {
        server.set_now("2020-06-24T12:00:00Z");
        let request = server.request("2020-05-28", &["1"]);
        extend(server, &request, "public_interest", "2020-06-23", "2020-07-15");
        server.set_now("2020-07-01T12:00:00Z");
        assert_eq!(due(server, ""), [row("extended_estimate", "2020-07-15", false)]);
        respond(server, &request, "2020-07-01");
        assert_eq!(due(server, ""), []);
    }

    fn an_estimate_within_the_time_there_is_moves_nothing(server) {
        server.set_now("2020-06-24T12:00:00Z");
        let request = server.request("2020-05-28", &["1"]);
        let extension = extend(server, &request, "public_interest", "2020-06-10", "2020-06-25");
        assert_eq!(finding_ids(&extension["findings"]), ["extension-gives-no-time"]);
        assert_eq!(due(server, "?within=60"), [row("statutory", "2020-06-25", false)]);
        let document = server.get(&format!("/v1/requests/{request}")).expect(200);
        assert_eq!((&document["due_on"], &document["extended_to"]), (&json!("2020-06-25"), &Value::Null));
        extend(server, &request, "public_interest", "2020-06-10", "2020-06-26");
        assert_eq!(due(server, "?within=60"), [row("statutory", "2020-06-25", false), row("extended_estimate", "2020-06-26", false)]);
    }

    fn a_date_rests_on_the_regime_of_the_part_that_it_is_of(server) {
        server.set_now("2020-06-24T12:00:00Z");
        let provisions = || -> Vec<(String, String, String)> {
            let list = server.get("/v1/due-dates?within=60").expect(200);
            let word = |item: &Value, member: &str| item[member].as_str().unwrap().to_owned();
            list["items"].as_array().unwrap().iter().map(|item| (word(item, "kind"), word(item, "due_on"), word(item, "provision"))).collect()
        };
        let row = |kind: &str, due_on: &str, provision: &str| (kind.to_owned(), due_on.to_owned(), provision.to_owned());
        let authority = server.authority("Force");
        let body = json!({"authority_id": authority, "regime": "foia", "received_on": "2020-06-01", "subject": "A subject",
            "parts": [{"label": "1", "text": "One"}, {"label": "2", "text": "Two", "regime": "eir"}]});
        let request = id(&server.post("/v1/requests", &body).expect(201));
        assert_eq!(provisions(), [row("statutory", "2020-06-29", "section 10(1)")]);
        record(server, &request, "extensions", json!({"kind": "complexity_and_volume", "notified_on": "2020-06-23",
            "estimated_on": "2020-07-27", "parts": ["2"], "reasons": "Many records."}));
        let limit = row("extended_limit", "2020-07-28", "regulation 7(1)");
        assert_eq!(provisions(), [row("statutory", "2020-06-29", "section 10(1)"), limit.clone()]);
        // Once the part under the Act is answered, what is due is due under the Regulations.
        record(server, &request, "responses", sent("2020-06-24", &[disclosed("1")]));
        assert_eq!(provisions(), [row("statutory", "2020-06-29", "regulation 5(2)"), limit]);
    }

    fn parts_that_fall_due_apart_are_each_listed(server) {
        server.set_now("2020-06-24T12:00:00Z");
        let authority = server.authority("Force");
        let body = json!({"authority_id": authority, "regime": "foia", "received_on": "2020-05-28", "subject": "A subject",
            "parts": [{"label": "1", "text": "One"}, {"label": "2", "text": "Two", "regime": "eir"}, {"label": "3", "text": "Three", "regime": "eir"}]});
        let request = id(&server.post("/v1/requests", &body).expect(201));
        let extend_part = |kind: &str, parts: &[&str], estimated_on: &str| {
            record(server, &request, "extensions", json!({"kind": kind, "notified_on": "2020-06-23", "estimated_on": estimated_on, "parts": parts,
                "grounds": ["31(1)(a)"], "reasons": "Weighed.", "particulars": {"internal_review": "stated", "regulator": "stated"}}))
        };
        extend_part("public_interest", &["1"], "2020-07-08");
        assert_eq!(due(server, "?within=60"), [row("statutory", "2020-06-25", false), row("extended_estimate", "2020-07-08", false)]);
        extend_part("complexity_and_volume", &["2"], "2020-07-20");
        let all = [row("statutory", "2020-06-25", false), row("extended_estimate", "2020-07-08", false), row("extended_limit", "2020-07-24", false)];
        assert_eq!(due(server, "?within=60"), all, "the nearer estimate stays beside the later limit");
        let items = server.get("/v1/due-dates?within=60").expect(200)["items"].clone();
        assert_eq!((&items[1]["subject_id"], &items[1]["provision"]), (&json!(request), &json!("section 10(3)")));
        // Page by page, each once.
        let (mut path, mut found) = ("/v1/due-dates?within=60&limit=1".to_owned(), Vec::new());
        loop {
            let page = server.get(&path).expect(200);
            found.extend(page["items"].as_array().unwrap().iter().map(told));
            let Some(cursor) = page["next_cursor"].as_str() else { break };
            path = format!("/v1/due-dates?within=60&limit=1&cursor={cursor}");
        }
        assert_eq!(found, all);
        // What was answered is due no more.
        record(server, &request, "responses", sent("2020-06-24", &[disclosed("1"), disclosed("3")]));
        assert_eq!(due(server, "?within=60"), [row("statutory", "2020-06-25", false), row("extended_limit", "2020-07-24", false)]);
        // Easter Monday counts in Scotland: calendars that differ put parts apart from the beginning.
        let body = json!({"authority_id": authority, "regime": "foisa", "received_on": "2020-04-01", "subject": "Another",
            "parts": [{"label": "1", "text": "One"}, {"label": "2", "text": "Two", "regime": "foia"}]});
        server.post("/v1/requests", &body).expect(201);
        assert_eq!(due(server, "?within=0"), [row("statutory", "2020-04-30", true), row("statutory", "2020-05-01", true)]);
    }

    fn pages_cover_everything_once(server) {
        server.set_now("2020-06-24T12:00:00Z");
        let request = server.request("2020-01-06", &["1"]);
        respond(server, &request, "2020-01-20");
        for _ in 0..3 {
            record(server, &request, "reviews", json!({"requested_on": "2020-06-01"}));
            server.request("2020-06-01", &["1"]);
        }
        // Three answers, three reviews and their three guidance limits; answers and reviews fall on one day.
        let whole = server.get("/v1/due-dates?within=60").expect(200);
        let whole = whole["items"].as_array().unwrap();
        assert_eq!(whole.len(), 9);
        let mut walked: Vec<Value> = Vec::new();
        let mut address = "/v1/due-dates?within=60&limit=2".to_owned();
        loop {
            let page = server.get(&address).expect(200);
            walked.extend(page["items"].as_array().unwrap().iter().cloned());
            let Some(cursor) = page["next_cursor"].as_str() else { break };
            address = format!("/v1/due-dates?within=60&limit=2&cursor={cursor}");
        }
        assert_eq!(walked, *whole);
    }

    fn an_authority_narrows_the_list(server) {
        server.set_now("2020-06-24T12:00:00Z");
        let (one, other) = (server.authority("One"), server.authority("Other"));
        for authority in [&one, &other] {
            let body = json!({"regime": "foia", "received_on": "2020-06-01", "subject": "A subject", "authority_id": authority});
            let request = id(&server.post("/v1/requests", &body).expect(201));
            record(server, &request, "reviews", json!({"requested_on": "2020-06-02"}));
        }
        assert_eq!(due(server, "?within=60").len(), 6);
        let narrowed = server.get(&format!("/v1/due-dates?within=60&authority_id={one}")).expect(200);
        let items = narrowed["items"].as_array().unwrap();
        assert_eq!(items.len(), 3);
        assert!(items.iter().all(|item| item["authority_id"] == json!(one)), "{narrowed}");
        server.get("/v1/due-dates?authority_id=00000000-0000-4000-8000-000000000000").problem(404, "not-found");
        for query in ["?within=-1", "?within=1001", "?within=P5D", "?before=2020-01-01"] {
            server.get(&format!("/v1/due-dates{query}")).problem(400, "invalid-parameter");
        }
    }
}
