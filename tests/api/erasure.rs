//! Erasing the people of a request: nothing of them is left, every figure is as it was, and a legal hold stands in the way.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::{
    on_both, published_cases,
    support::{
        Database, Server,
        casework::{disclosed, draft, ncnd, path, record, sent, withheld},
        keys::client,
        server::id,
        world,
    },
};

/// Every question about figures that the service answers, about one authority.
fn questions(authority: &str) -> Vec<String> {
    let mut all = Vec::new();
    for as_at in ["2020-06-30", "2021-12-31", "2026-06-30"] {
        let days =
            format!("start_on=2015-01-01&end_on=2026-06-30&group_by=year&as_at={as_at}&authority_id={authority}");
        for basis in ["received", "closed", "due"] {
            all.push(format!("/v1/metrics/timeliness?basis={basis}&{days}"));
        }
        for metric in ["outcomes", "provisions", "ncnd", "reviews", "regulator"] {
            all.push(format!("/v1/metrics/{metric}?{days}"));
        }
        all.push(format!("/v1/metrics/workload?as_at={as_at}&authority_id={authority}"));
        for kind in ["code-part-8", "cabinet-office", "scottish-commissioner", "commissioner-self-assessment"] {
            for period in ["2020-Q1", "2020-Q2", "2026-Q2"] {
                all.push(format!("/v1/returns/{kind}?period={period}&as_at={as_at}&authority_id={authority}"));
            }
        }
        all.push(format!("/v1/returns/cabinet-office?period=2020&as_at={as_at}&authority_id={authority}"));
    }
    for period in ["2020-Q1", "2026-Q1"] {
        all.push(format!("/v1/metrics/ncnd-by-topic?period={period}&authority_id={authority}"));
    }
    for metric in ["timeliness", "outcomes", "ncnd", "workload"] {
        let basis = if metric == "timeliness" { "&basis=received" } else { "" };
        all.push(format!("/v1/metrics/comparison?metric={metric}{basis}&start_on=2015-01-01&end_on=2026-06-30"));
    }
    all
}

/// The document without references, which are no figures and go with the people.
fn without_references(document: Value) -> Value {
    match document {
        Value::Object(members) => members
            .into_iter()
            .filter(|(name, _)| name != "reference")
            .map(|(name, value)| (name, without_references(value)))
            .collect(),
        Value::Array(items) => items.into_iter().map(without_references).collect(),
        other => other,
    }
}

fn figures(server: &Server, authorities: &[String]) -> Vec<(String, u16, Value)> {
    let ask = |question: String| {
        let answer = server.get(&question);
        let document = if answer.status == 200 { without_references(answer.json()) } else { Value::Null };
        (question, answer.status, document)
    };
    authorities.iter().flat_map(|authority| questions(authority)).map(ask).collect()
}

/// Requests in every state that figures tell apart.
fn further_requests(server: &Server, authority: &str) -> Vec<String> {
    let made = |received_on: &str| {
        let body = json!({"regime": "foia", "received_on": received_on, "subject": "Canary subject", "authority_id": authority,
            "topics": ["technology-partners"], "requester": {"name": "Canary Name", "email": "canary@example.org"}, "original_text": "Canary letter",
            "parts": [{"label": "1", "text": "Canary one"}, {"label": "2", "text": "Canary two", "valid_request": false, "invalid_reason": "Canary opinion"}]});
        id(&server.post("/v1/requests", &body).expect(201))
    };
    let all: Vec<String> = (0..8).map(|_| made("2026-04-01")).collect();
    record(server, &all[1], "withdrawal", json!({"withdrawn_on": "2026-04-10"}));
    let asked = record(server, &all[2], "clarifications", json!({"asked_on": "2026-04-07", "text": "Canary question"}));
    record(
        server,
        &all[2],
        &format!("clarifications/{}/answer", id(&asked)),
        json!({"answered_on": "2026-04-20", "text": "Canary answer"}),
    );
    record(server, &all[3], "fee-notices", json!({"given_on": "2026-04-08", "amount": "25"}));
    record(
        server,
        &all[4],
        "extensions",
        json!({"kind": "public_interest", "notified_on": "2026-04-28", "estimated_on": "2026-06-01", "grounds": ["31(1)(a)"], "reasons": "Canary reasons"}),
    );
    record(server, &all[4], "responses", sent("2026-05-27", &[withheld("1")]));
    record(server, &all[5], "responses", sent("2026-06-20", &[ncnd("1")]));
    record(server, &all[6], "transfers", json!({"transferred_on": "2026-04-09", "transferred_to": "Another council"}));
    record(server, &all[7], "receipt-corrections", json!({"received_on": "2026-04-02", "reason": "Canary stamp"}));
    record(server, &all[7], "responses", sent("2026-04-24", &[disclosed("1")]));
    let review = record(server, &all[7], "reviews", json!({"requested_on": "2026-05-05", "grounds": "Canary grounds"}));
    record(
        server,
        &all[7],
        &format!("reviews/{}/decision", id(&review)),
        json!({"decided_on": "2026-06-01", "results": [{"part": "1", "result": "position_maintained", "reasons": "Canary"}]}),
    );
    all
}

/// Takes the steps of every notice that stands open, so that nothing holds a request.
fn end_what_is_open(server: &Server, request: &str) {
    for complaint in server.get(&format!("{}/complaints", path(request))).expect(200)["items"].as_array().unwrap() {
        let notices = format!("{}/complaints/{}/decision-notices", path(request), id(complaint));
        for notice in server.get(&notices).expect(200)["items"].as_array().unwrap() {
            if notice["compliance"].is_null() && !notice["steps_due_on"].is_null() {
                let taken = json!({"complied_on": "2022-01-10"});
                server.post(&format!("{notices}/{}/compliance", id(notice)), &taken).expect(201);
            }
        }
    }
}

/// Lets those who wait for an answer withdraw, after nothing but a closed request can be erased.
fn withdraw_what_is_owed(server: &Server, requests: &[String]) {
    for request in requests {
        if server.get(&format!("{}/legal-hold", path(request))).expect(200)["erasable"] == false {
            record(server, request, "withdrawal", json!({"withdrawn_on": "2026-06-28"}));
        }
    }
}

#[track_caller]
fn erase(server: &Server, request: &str) -> Value {
    server.post(&format!("{}/erasure", path(request)), &json!({})).expect(200)
}

on_both! {
    fn every_figure_is_as_it_was(server) {
        let recorded = published_cases::record_all(server);
        let mut authorities: Vec<String> = recorded.iter().map(|case| case.authority.clone()).collect();
        authorities.sort();
        authorities.dedup();
        let mut requests: Vec<String> = recorded.iter().map(|case| case.request.clone()).collect();
        for request in &requests {
            end_what_is_open(server, request);
        }
        requests.extend(further_requests(server, &authorities[0]));
        withdraw_what_is_owed(server, &requests);
        let before = figures(server, &authorities);
        assert!(before.iter().filter(|(_, status, _)| *status == 200).count() > 60);
        for request in &requests {
            erase(server, request);
        }
        assert_eq!(server.get("/v1/requests").expect(200)["items"], json!([]));
        for (one, other) in before.iter().zip(figures(server, &authorities)) {
            assert_eq!(*one, other);
        }
        // The days that pass bring to erased requests what they bring to others: an unpaid fee, a newer day.
        server.set_now("2026-09-01T12:00:00Z");
        let workload = server.get(&format!("/v1/metrics/workload?authority_id={}", authorities[0])).expect(200);
        assert!(!workload.to_string().contains("Canary"), "{workload}");
    }

    fn an_erased_request_was_never_there(server) {
        let authority = world::only_authority(server);
        let requests = further_requests(server, &authority);
        let (request, other) = (&requests[7], &requests[4]);
        let letter = server.get(&format!("{}/responses", path(request))).expect(200)["items"][0]["id"].as_str().unwrap().to_owned();
        server.post(&format!("{}/responses", path(request)), &draft(&[])).expect(201);
        let own = server.post_keyed(&format!("{}/clarifications", path(&requests[0])), "question", &json!({"asked_on": "2026-04-03", "text": "Canary"}));
        own.expect(201);
        server.set_now("2026-06-30T13:00:00.000001Z");
        let answer = server.post_keyed(&format!("{}/erasure", path(request)), "erase", &json!({}));
        let told = json!({"id": request, "authority_id": authority, "deleted_at": "2026-06-30T13:00:00.000001Z"});
        assert_eq!(answer.expect(200), told);
        for below in ["", "/requester", "/clock", "/timeline", "/compliance", "/responses", "/reviews", "/complaints", "/records", "/legal-hold",
            "/precedents", "/related?relation=same_requester", &format!("/responses/{letter}"), &format!("/responses/{letter}/notice")] {
            server.get(&format!("{}{below}", path(request))).problem(404, "not-found");
        }
        server.patch(&path(request), "*", &json!({"subject": "Back"})).problem(404, "not-found");
        server.post(&format!("{}/clarifications", path(request)), &json!({"asked_on": "2026-06-03"})).problem(404, "not-found");
        server.post(&format!("{}/erasure", path(request)), &json!({})).problem(404, "not-found");
        let again = server.post_keyed(&format!("{}/erasure", path(request)), "erase", &json!({}));
        assert_eq!((again.status, again.header("idempotency-replayed"), &again.text), (200, "true", &answer.text));
        let listed = |target: &str| server.get(target).expect(200)["items"].as_array().unwrap().len();
        assert_eq!((listed("/v1/requests"), listed("/v1/requests?q=canary"), listed("/v1/requests?topic=technology-partners&sort=updated_at")), (7, 7, 7));
        assert_eq!(listed(&format!("{}/related?relation=same_requester", path(other))), 6);
        let due = server.get("/v1/due-dates?within=1000").expect(200);
        assert!(!due.to_string().contains(request.as_str()), "{due}");
        assert_eq!(server.get("/v1/deletions").expect(200)["items"], json!([told]));
        assert_eq!(listed("/v1/deletions?deleted_at_from=2026-06-30T13:00:00.000002Z"), 0);
        // Its reference is free, and what others stored is theirs.
        assert_eq!(server.post_keyed(&format!("{}/clarifications", path(&requests[0])), "question", &json!({"asked_on": "2026-04-03", "text": "Canary"})).header("idempotency-replayed"), "true");
        let log = server.place.words(&format!("SELECT content AS words FROM audit_entries WHERE case_id = '{request}' ORDER BY seq DESC"));
        let operations: Vec<Value> = log.iter().take(2).map(|text| serde_json::from_str::<Value>(text).unwrap()).collect();
        assert_eq!((operations[0]["operation"].as_str(), operations[1]["operation"].as_str()), (Some("consultation"), Some("erasure")));
        assert_eq!(operations[1]["action"], "erase_request");
        assert_eq!(server.get("/v1/audit-entries/verification?purpose=lawfulness").expect(200)["is_intact"], true);
    }

    fn no_word_is_left_in_the_database(server) {
        let authority = world::only_authority(server);
        let recorded = published_cases::record_all(server);
        for case in &recorded {
            end_what_is_open(server, &case.request);
        }
        let requests = further_requests(server, &authority);
        server.post_keyed(&format!("{}/clarifications", path(&requests[0])), "kept", &json!({"asked_on": "2026-04-08", "text": "Canary"})).expect(201);
        withdraw_what_is_owed(server, &requests);
        let columns = text_columns(server);
        assert!(columns.len() > 80, "{}", columns.len());
        let all: Vec<&String> = recorded.iter().map(|case| &case.request).chain(&requests).collect();
        let (one, others) = all.split_last().unwrap();
        let people = server.place.count("requesters");
        erase(server, one);
        // Who asked stands sealed in the rows of the others, where no search for words would find it.
        let sealed = ["identity", "original_text"].map(|column| {
            let texts = server.place.words(&format!("SELECT {column} AS words FROM requesters WHERE {column} IS NOT NULL"));
            assert!(texts.len() >= 7 && texts.iter().all(|text| text.starts_with("candour1.") && !text.contains("anary")), "{texts:?}");
            texts
        });
        assert_eq!(server.place.count("requesters"), people - 1);
        for request in others {
            erase(server, request);
        }
        nothing_but_figures_is_left(server, all.len());
        for (table, column) in columns {
            // Names of authorities are no one's; the log of calls never had a word of a case.
            if ["authorities", "schema_migrations", "__diesel_schema_migrations"].contains(&table.as_str()) {
                continue;
            }
            for words in server.place.words(&format!("SELECT {column} AS words FROM {table} WHERE {column} IS NOT NULL")) {
                for mark in ["anary", "Facebook", "Liberty", "CASE-003", "mosaic"] {
                    assert!(!words.contains(mark), "{table}.{column}: {words}");
                }
            }
        }
        if server.database == Database::Sqlite {
            // Every call is entered in the audit log, so that the server never pauses in writing.
            let begun = Instant::now();
            let marks = ["Canary", "canary", "Liberty Investigates", "CASE-003", "mosaic"];
            let marks: Vec<&str> = marks.into_iter().chain(sealed.iter().flatten().map(String::as_str)).collect();
            loop {
                for _ in 0..50 {
                    server.get("/v1/requests").expect(200);
                }
                let bytes = server.bytes_on_disk();
                let left = marks.iter().find(|mark| bytes.windows(mark.len()).any(|window| window == mark.as_bytes()));
                let Some(left) = left else { break };
                assert!(begun.elapsed() < Duration::from_mins(1), "{left} is on disk");
            }
        }
    }

    fn what_is_owed_an_answer_is_not_erased(server) {
        let authority = world::only_authority(server);
        let workload = || server.get(&format!("/v1/metrics/workload?authority_id={authority}")).text;
        let refused = |request: &str| {
            let before = (server.get(&path(request)).text, server.get(&format!("{}/timeline", path(request))).text, workload());
            let held = server.get(&format!("{}/legal-hold", path(request))).expect(200);
            assert_eq!((&held["erasable"], &held["holds"]), (&json!(false), &json!([])));
            let problem = server.post_keyed(&format!("{}/erasure", path(request)), "erase", &json!({})).problem(409, "not-possible-in-this-state");
            let detail = problem["detail"].as_str().unwrap();
            assert!(detail.contains("FOIA s77") && detail.contains("Record its answer, withdrawal, lapse or transfer first."), "{detail}");
            assert_eq!((server.get(&path(request)).text, server.get(&format!("{}/timeline", path(request))).text, workload()), before);
            assert_eq!(server.place.count("deletions"), 0);
        };
        // Overdue, waiting for a clarification, waiting for a fee, answered in part.
        let overdue = server.request("2026-03-02", &["1"]);
        refused(&overdue);
        record(server, &overdue, "clarifications", json!({"asked_on": "2026-03-05"}));
        refused(&overdue);
        let fee = server.request("2026-06-01", &["1"]);
        record(server, &fee, "fee-notices", json!({"given_on": "2026-06-02", "amount": "25"}));
        refused(&fee);
        let partly = server.request("2026-06-01", &["1", "2"]);
        record(server, &partly, "responses", sent("2026-06-29", &[disclosed("1")]));
        refused(&partly);
        // Each way of closing it opens the way.
        record(server, &partly, "withdrawal", json!({"withdrawn_on": "2026-06-30", "parts": ["2"]}));
        assert_eq!(server.get(&format!("{}/legal-hold", path(&partly))).expect(200)["erasable"], true);
        server.post_keyed(&format!("{}/erasure", path(&partly)), "erase", &json!({})).expect(200);
        record(server, &overdue, "lapse", json!({"lapsed_on": "2026-06-30"}));
        erase(server, &overdue);
        assert!(!server.get("/v1/requests?overdue=true").text.contains(&overdue));
        // An unpaid fee ends the duty by date alone: three months from the notice.
        server.set_now("2026-09-03T12:00:00Z");
        erase(server, &fee);
        // A lapsed request that came back is owed an answer again; words that are no valid request are owed none.
        let back = server.request("2026-06-01", &["1"]);
        record(server, &back, "withdrawal", json!({"withdrawn_on": "2026-06-02"}));
        record(server, &back, "reopening", json!({"received_on": "2026-06-03"}));
        server.post(&format!("{}/erasure", path(&back)), &json!({})).problem(409, "not-possible-in-this-state");
        let body = json!({"regime": "foia", "received_on": "2026-06-01", "subject": "Words",
            "parts": [{"label": "1", "text": "Hello", "valid_request": false, "invalid_reason": "It asks for nothing"}]});
        let no_request = id(&server.post("/v1/requests", &body).expect(201));
        let standing = || {
            let document = server.get(&path(&no_request)).expect(200);
            (document["status"].clone(), document["closed_on"].clone())
        };
        assert_eq!(standing(), (json!("open"), Value::Null));
        record(server, &no_request, "withdrawal", json!({"withdrawn_on": "2026-06-02"}));
        assert_eq!(standing(), (json!("withdrawn"), json!("2026-06-02")), "closed, though it never was a request");
        erase(server, &no_request);
    }

    fn what_is_open_holds_a_request(server) {
        world::only_authority(server);
        let request = server.request("2026-03-02", &["1"]);
        record(server, &request, "responses", sent("2026-03-20", &[withheld("1")]));
        let holds = |expected: &[&str]| {
            let held = server.get(&format!("{}/legal-hold", path(&request))).expect(200);
            let kinds: Vec<&str> = held["holds"].as_array().unwrap().iter().map(|hold| hold["kind"].as_str().unwrap()).collect();
            assert_eq!((kinds.as_slice(), &held["erasable"]), (expected, &json!(expected.is_empty())), "{held}");
            if !expected.is_empty() {
                let before = server.get(&path(&request)).text;
                let refused = server.post_keyed(&format!("{}/erasure", path(&request)), "erase", &json!({})).problem(409, "not-possible-in-this-state");
                assert!(refused["detail"].as_str().unwrap().contains("legal hold"), "{refused}");
                assert_eq!(server.get(&path(&request)).text, before);
                assert_eq!(server.place.count("deletions"), 0);
            }
        };
        holds(&[]);
        let review = record(server, &request, "reviews", json!({"requested_on": "2026-04-01"}));
        holds(&["proceedings_open"]);
        record(server, &request, &format!("reviews/{}/decision", id(&review)), json!({"decided_on": "2026-04-20", "results": [{"part": "1", "result": "position_maintained"}]}));
        holds(&[]);
        let mistaken = record(server, &request, "reviews", json!({"requested_on": "2026-04-22"}));
        holds(&["proceedings_open"]);
        record(server, &request, &format!("reviews/{}/void", id(&mistaken)), json!({"reason": "Another case"}));
        holds(&[]);
        let complaint = id(&record(server, &request, "complaints", json!({"made_on": "2026-04-25"})));
        holds(&["proceedings_open"]);
        let steps = json!({"sent_on": "2026-05-01", "findings": [{"provision": "31(1)(a)", "finding": "not_engaged"}],
            "steps": [{"text": "Disclose"}], "steps_period": {"days": 35, "unit": "calendar_days", "runs_from_on": "2026-05-01"}});
        let notices = format!("complaints/{complaint}/decision-notices");
        let notice = id(&record(server, &request, &notices, steps));
        // The steps are open, and so they are when the time for an appeal is over: 28 days, to 29 May.
        holds(&["proceedings_open"]);
        record(server, &request, &format!("{notices}/{notice}/compliance"), json!({"complied_on": "2026-06-02"}));
        holds(&[]);
        let appeal = id(&record(server, &request, &format!("complaints/{complaint}/appeals"), json!({"tribunal": "first_tier", "made_on": "2026-05-20", "made_by": "authority"})));
        holds(&["proceedings_open"]);
        record(server, &request, &format!("complaints/{complaint}/appeals/{appeal}/decision"), json!({"decided_on": "2026-06-15", "outcome": "dismissed"}));
        holds(&[]);
        erase(server, &request);
    }

    fn the_right_to_appeal_holds_a_request_to_its_last_day(server) {
        world::only_authority(server);
        let request = server.request("2026-03-02", &["1"]);
        record(server, &request, "responses", sent("2026-03-20", &[withheld("1")]));
        let complaint = id(&record(server, &request, "complaints", json!({"made_on": "2026-04-25"})));
        let notice = json!({"sent_on": "2026-06-03", "findings": [{"provision": "31(1)(a)", "finding": "correctly_applied"}]});
        record(server, &request, &format!("complaints/{complaint}/decision-notices"), notice);
        // 28 days after Wednesday 3 June 2026: Wednesday 1 July.
        server.set_now("2026-07-01T22:59:59Z");
        server.post(&format!("{}/erasure", path(&request)), &json!({})).problem(409, "not-possible-in-this-state");
        server.set_now("2026-07-01T23:00:00Z");
        erase(server, &request);
    }

    fn the_authority_holds_and_releases(server) {
        world::only_authority(server);
        let request = server.request("2026-03-02", &["1"]);
        record(server, &request, "responses", sent("2026-03-20", &[withheld("1")]));
        let address = format!("{}/legal-hold", path(&request));
        let hold = json!({"reason": "A claim was announced"});
        server.send("PUT", &address, &[("Content-Type", "application/json")], Some(hold.to_string().as_bytes())).problem(428, "precondition-required");
        server.put(&address, "\"9-0-json\"", &hold).problem(412, "precondition-failed");
        server.put(&address, "*", &json!({"reason": " "})).problem(422, "validation-failed");
        server.put(&address, "*", &json!({})).problem(400, "missing-member");
        server.delete(&address, "*").problem(404, "not-found");
        assert_eq!(server.get(&address).expect(200), json!({"request_id": request, "erasable": true, "holds": []}));
        let tag = server.get(&path(&request)).header("etag").to_owned();
        let placed = server.put(&address, &tag, &hold);
        let expected = json!({"request_id": request, "erasable": false, "holds": [{"kind": "placed_by_authority", "reason": "A claim was announced", "placed_at": "2026-06-30T12:00:00.000000Z"}]});
        assert_eq!(placed.expect(200), expected);
        assert_eq!(server.get(&path(&request)).expect(200)["version"], 3);
        server.put(&address, &tag, &hold).problem(412, "precondition-failed");
        assert_eq!(server.send("GET", &address, &[("If-None-Match", placed.header("etag"))], None).status, 304);
        server.post(&format!("{}/erasure", path(&request)), &json!({})).problem(409, "not-possible-in-this-state");
        server.put(&address, placed.header("etag"), &json!({"reason": "Another"})).expect(200);
        let timeline = server.get(&format!("{}/timeline", path(&request))).expect(200);
        assert_eq!(timeline["items"][2]["kind"], "legal_hold_placed");
        server.delete(&address, "\"1-0-json\"").problem(412, "precondition-failed");
        server.delete(&address, "*").expect(204);
        erase(server, &request);
        assert_eq!(server.place.count("legal_holds"), 0);
    }

    fn erasing_takes_a_case_worker_who_may_see_people(server) {
        world::only_authority(server);
        let request = server.request("2026-03-02", &["1"]);
        record(server, &request, "responses", sent("2026-03-20", &[withheld("1")]));
        let address = format!("{}/erasure", path(&request));
        for scopes in [&["requests:write"][..], &["requesters:read"], &["authority:admin"], &["requests:read", "requesters:match"]] {
            client(server, scopes).post(&address, &json!({})).problem(403, "insufficient-scope");
        }
        server.post(&address, &json!({"reason": "x"})).problem(400, "unknown-member");
        assert_eq!(server.place.count("deletions"), 0);
        client(server, &["requests:write", "requesters:read"]).post(&address, &json!({})).expect(200);
    }
}

/// What is sealed at rest is found by no search for words: the rows that held it are gone, and columns of words say nothing.
#[track_caller]
fn nothing_but_figures_is_left(server: &Server, erased: usize) {
    for table in [
        "requesters",
        "requester_matches",
        "records",
        "record_parts",
        "timeline_entries",
        "case_histories",
        "due_dates",
        "legal_holds",
    ] {
        assert_eq!(server.place.count(table), 0, "{table}");
    }
    let left = |from: &str| server.place.number(&format!("SELECT count(*) AS number FROM {from}"));
    let nothing = [
        "requests WHERE erased_at IS NULL OR subject <> 'Erased' OR search_text <> '' OR details <> '{}' OR reference <> 'erased-' || id",
        "parts WHERE text <> 'Erased' OR details <> '{}'",
        "events WHERE details <> '{}' OR void_reason IS NOT NULL OR voided_at IS NOT NULL",
        "responses WHERE content <> '{}' OR findings <> '[]' OR override_reason IS NOT NULL OR issued_on IS NULL",
        "proceedings WHERE kind IN ('position_change', 'submission') OR void_reason IS NOT NULL OR voided_at IS NOT NULL",
        // Of the answers kept for retries only those about no request stay, and those that say that it was erased.
        "idempotency_keys WHERE request_id IS NOT NULL",
    ];
    for from in nothing {
        assert_eq!(left(from), 0, "{from}");
    }
    // What figures are counted from stays: of each request its row, parts, events, answers and bare proceedings.
    let kept = i64::try_from(erased).unwrap();
    assert_eq!((left("requests"), left("case_sheets"), left("deletions")), (kept, kept, kept));
    for table in ["parts", "events", "responses", "answers", "proceedings"] {
        assert!(left(table) > 0, "{table}");
    }
}

/// Every column of the database that holds text.
fn text_columns(server: &Server) -> Vec<(String, String)> {
    let query = match server.database {
        Database::Sqlite => {
            "SELECT t.name || ' ' || c.name AS words FROM sqlite_schema t, pragma_table_info(t.name) c WHERE t.type = 'table' AND c.type = 'TEXT'"
        }
        Database::Postgres => {
            "SELECT table_name || ' ' || column_name AS words FROM information_schema.columns WHERE table_schema = 'public' AND data_type = 'text'"
        }
    };
    let split =
        |words: String| words.split_once(' ').map(|(table, column)| (table.to_owned(), column.to_owned())).unwrap();
    server.place.words(query).into_iter().map(split).collect()
}
