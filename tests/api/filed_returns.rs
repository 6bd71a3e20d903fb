//! Filing a return over HTTP: the copy, its number and hash, and how today differs from it.

use candour::hexadecimal::hex;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::{
    on_both,
    support::{
        Server,
        casework::{path, record, without},
        cohort::{Story, cell, cells, read_return, record_all},
        keys::{LAST_DAY, made},
        server::id,
    },
};

/// Three requests of January 2024: one answered in time, one late, one overdue.
fn first_quarter(server: &Server) -> String {
    let authority = server.authority("Council");
    server.authority("Another");
    record_all(
        server,
        &authority,
        &[
            Story::new("foia", "2024-01-08").answered("2024-02-05", "disclosed", &[]),
            Story::new("foia", "2024-01-08").answered("2024-02-06", "withheld", &["43(2)"]),
            Story::new("foia", "2024-01-15"),
        ],
    );
    authority
}

fn filing(authority: &str, as_at: &str) -> Value {
    json!({"return_kind": "code-part-8", "period": "2024-Q1", "as_at": as_at, "authority_id": authority})
}

#[track_caller]
fn filed(server: &Server, authority: &str) -> Value {
    server.get(&format!("/v1/filed-returns?authority_id={authority}")).expect(200)["items"].clone()
}

on_both! {
    fn what_was_filed_stays_and_is_numbered_within_the_authority(server) {
        let authority = first_quarter(server);
        let answer = server.post("/v1/filed-returns", &filing(&authority, "2024-04-30"));
        let first = answer.expect(201);
        let address = answer.header("location").to_owned();
        assert_eq!(address, format!("/v1/filed-returns/{}", id(&first)));
        assert_eq!(
            (&first["number"], &first["return_kind"], &first["period"], &first["as_at"], &first["authority_id"]),
            (&json!(1), &json!("code-part-8"), &json!("2024-Q1"), &json!("2024-04-30"), &json!(authority))
        );
        let text = answer.text.split_once("\"document\":").unwrap().1.strip_suffix('}').unwrap().to_owned();
        let hash = hex(Sha256::digest(text.as_bytes()));
        assert_eq!(first["sha256"], hash);
        assert_eq!((cell(&first["document"], "received"), cell(&first["document"], "processed_late")), ("3", "1"));
        // The form as it is handed in is that of the day it was filed, under its headings.
        let form = server.get(&format!("{address}?format=csv"));
        let then = server.get(&format!("/v1/returns/code-part-8?period=2024-Q1&as_at=2024-04-30&authority_id={authority}&format=csv"));
        assert_eq!((form.status, &form.text, form.header("content-type")), (200, &then.text, "text/csv; charset=utf-8; header=present"));
        // Filed again, with another number; of another authority from 1 again.
        let second = server.post("/v1/filed-returns", &filing(&authority, "2024-04-30")).expect(201);
        assert_eq!((&second["number"], &second["sha256"]), (&json!(2), &first["sha256"]));
        let other = id(&server.get("/v1/authorities").expect(200)["items"].as_array().unwrap().iter().find(|one| one["name"] == "Another").unwrap().clone());
        assert_eq!(server.post("/v1/filed-returns", &filing(&other, "2024-04-30")).expect(201)["number"], 1);
        // The list has everything but the form.
        let listed = |document: &Value| without(document.clone(), &["document"]);
        assert_eq!(filed(server, &authority), json!([listed(&second), listed(&first)]));
        let page = server.get(&format!("/v1/filed-returns?authority_id={authority}&limit=1"));
        let next = page.expect(200)["next_cursor"].as_str().unwrap().to_owned();
        let rest = server.get(&format!("/v1/filed-returns?authority_id={authority}&limit=1&cursor={next}")).expect(200);
        assert_eq!((&rest["items"][0]["number"], rest.get("next_cursor")), (&json!(1), None));
        // What is recorded afterwards changes nothing in it, and no method does.
        record_all(server, &authority, &[Story::new("foia", "2024-01-09").answered("2024-01-20", "disclosed", &[])]);
        let again = server.get(&address);
        assert_eq!(again.expect(200), first);
        let known = again.header("etag").to_owned();
        assert_eq!(server.send("GET", &address, &[("If-None-Match", &known)], None).status, 304);
        for method in ["PATCH", "PUT", "DELETE"] {
            server.send(method, &address, &[("If-Match", "*")], None).problem(405, "method-not-allowed");
        }
    }

    fn drift_tells_what_was_recorded_since_from_what_the_days_changed(server) {
        let authority = first_quarter(server);
        let first = server.post("/v1/filed-returns", &filing(&authority, "2024-04-30")).expect(201);
        let address = format!("/v1/filed-returns/{}/drift", id(&first));
        let none = server.get(&address).expect(200);
        assert_eq!((&none["has_drifted"], &none["columns"], &none["as_at"]), (&json!(false), &json!([]), &json!("2026-06-30")));
        // Recorded late: a request of January, withdrawn in May.
        record_all(server, &authority, &[Story::new("foia", "2024-01-22").withdrawn("2024-05-01")]);
        let drift = server.get(&address).expect(200);
        assert_eq!((&drift["has_drifted"], &drift["filed_as_at"]), (&json!(true), &json!("2024-04-30")));
        let column = |heading: &str| {
            let columns = drift["columns"].as_array().unwrap().iter();
            let found = columns.filter(|column| column["heading"] == heading);
            found.map(|one| json!([one["filed"], one["same_day"], one["today"]])).next()
        };
        assert_eq!(column("received"), Some(json!(["3", "4", "4"])));
        assert_eq!(column("not_processed_overdue"), Some(json!(["1", "2", "1"])), "overdue then, withdrawn since");
        assert_eq!(column("closed_withdrawn"), Some(json!(["0", "0", "1"])));
        assert_eq!(column("processed"), None);
        assert_eq!(column("as_at"), None);
    }

    /// The self-assessment is of the end of its period: the form says so, and what is filed keeps the day asked for.
    fn a_form_names_the_day_that_it_is_counted_at(server) {
        let authority = first_quarter(server);
        let read = |as_at: &str| {
            let document = read_return(server, &authority, "commissioner-self-assessment", "2024-Q1", as_at);
            (document["as_at"].clone(), cell(&document, "as_at").to_owned(), document["can_be_filed"].clone())
        };
        assert_eq!(read("2024-03-01"), (json!("2024-03-01"), "2024-03-01".to_owned(), json!(false)));
        assert_eq!(read("2024-06-03"), (json!("2024-03-31"), "2024-03-31".to_owned(), json!(true)));
        let filing = |as_at: &str| json!({"return_kind": "commissioner-self-assessment", "period": "2024-Q1", "as_at": as_at, "authority_id": authority});
        let early = server.post("/v1/filed-returns", &filing("2024-03-30")).problem(409, "return-not-complete");
        assert_eq!(early["detail"], "The period ends on 2024-03-31, after 2024-03-30.");
        let filed = server.post("/v1/filed-returns", &filing("2024-06-03")).expect(201);
        assert_eq!((&filed["as_at"], &filed["document"]["as_at"]), (&json!("2024-06-03"), &json!("2024-03-31")));
        let drift = server.get(&format!("/v1/filed-returns/{}/drift", id(&filed))).expect(200);
        assert_eq!((&drift["filed_as_at"], &drift["has_drifted"]), (&json!("2024-06-03"), &json!(false)));
    }

    fn a_list_of_overdue_requests_drifts_without_any_column(server) {
        let authority = server.authority("Council");
        let body = json!({"authority_id": authority, "regime": "foia", "received_on": "2024-01-08", "subject": "A subject"});
        let request = id(&server.post("/v1/requests", &body).expect(201));
        let filing = json!({"return_kind": "commissioner-self-assessment", "period": "2024-Q1", "as_at": "2024-06-03", "authority_id": authority});
        let filed = server.post("/v1/filed-returns", &filing).expect(201);
        assert_eq!(filed["document"]["overdue"].as_array().unwrap().len(), 1);
        let drift = || {
            let drift = server.get(&format!("/v1/filed-returns/{}/drift", id(&filed))).expect(200);
            (drift["has_drifted"].clone(), drift["columns"].clone())
        };
        assert_eq!(drift(), (json!(false), json!([])));
        // Withdrawn at once, as was recorded late; another of the same day takes its place in every count.
        record(server, &request, "withdrawal", json!({"withdrawn_on": "2024-01-09"}));
        server.post("/v1/requests", &body).expect(201);
        assert_eq!(drift(), (json!(true), json!([])));
    }

    /// A request received in the quarter before is in the rate of those due in this one.
    fn nothing_is_filed_while_an_extension_of_what_was_due_runs(server) {
        let authority = server.authority("Council");
        let extended = Story::new("foia", "2024-03-11").extended("public_interest", "2024-04-11", "2024-09-30", &["43(2)"]);
        record_all(server, &authority, &[extended]);
        let filing = |as_at: &str| json!({"return_kind": "code-part-8", "period": "2024-Q2", "as_at": as_at, "authority_id": authority});
        let open = read_return(server, &authority, "code-part-8", "2024-Q2", "2024-07-01");
        assert_eq!((&open["not_yet_due"], &open["can_be_filed"]), (&json!(1), &json!(false)));
        assert_eq!(cells(&open, ["received", "not_processed_extended", "due_denominator", "due_in_time"]), [0, 0, 1, 0]);
        for as_at in ["2024-07-01", "2024-09-30"] {
            let problem = server.post("/v1/filed-returns", &filing(as_at)).problem(409, "return-not-complete");
            assert_eq!(problem["detail"], format!("Not yet due at the end of {as_at}: 1 of the period."));
        }
        assert_eq!(filed(server, &authority), json!([]), "nothing was written");
        let late = server.post("/v1/filed-returns", &filing("2024-10-01")).expect(201);
        assert_eq!(cells(&late["document"], ["due_denominator", "due_in_time"]), [1, 0]);
    }

    fn a_list_of_overdue_requests_does_not_drift_by_erasure(server) {
        let authority = server.authority("Council");
        let body = json!({"authority_id": authority, "regime": "foia", "received_on": "2024-01-08", "subject": "A subject"});
        let [first, second] = [(); 2].map(|()| id(&server.post("/v1/requests", &body).expect(201)));
        let filing = json!({"return_kind": "commissioner-self-assessment", "period": "2024-Q1", "as_at": "2024-06-03", "authority_id": authority});
        let filed = server.post("/v1/filed-returns", &filing).expect(201);
        assert_eq!(filed["document"]["overdue"].as_array().unwrap().len(), 2);
        let drift = || {
            let drift = server.get(&format!("/v1/filed-returns/{}/drift", id(&filed))).expect(200);
            (drift["has_drifted"].clone(), drift["columns"].clone())
        };
        // What ends after the period changes nothing in it, and neither does erasing it, though the reference that it was
        // listed by, and its place in the list, have gone.
        record(server, &first, "withdrawal", json!({"withdrawn_on": "2024-07-01"}));
        assert_eq!(drift(), (json!(false), json!([])));
        server.post(&format!("{}/erasure", path(&first)), &json!({})).expect(200);
        let listed = read_return(server, &authority, "commissioner-self-assessment", "2024-Q1", "2024-06-03")["overdue"].clone();
        assert_ne!(listed, filed["document"]["overdue"]);
        assert_eq!(drift(), (json!(false), json!([])));
        // A correction is drift as before.
        record(server, &second, "withdrawal", json!({"withdrawn_on": "2024-01-09"}));
        assert_eq!(drift().0, json!(true));
    }

    fn the_filed_return_of_another_is_not_there(server) {
        let authority = first_quarter(server);
        let filed = id(&server.post("/v1/filed-returns", &filing(&authority, "2024-04-30")).expect(201));
        let other = server.authority("A third");
        let key = made(server, &json!({"authority_id": other, "name": "Figures", "kind": "person", "scopes": ["metrics:read", "metrics:all"], "expires_on": LAST_DAY}));
        let client = server.with_key(key["key"].as_str().unwrap());
        for below in ["", "?format=csv", "/drift"] {
            client.get(&format!("/v1/filed-returns/{filed}{below}")).problem(404, "not-found");
            assert_eq!(server.get(&format!("/v1/filed-returns/{filed}{below}")).status, 200);
        }
        client.get(&format!("/v1/filed-returns?authority_id={authority}")).problem(404, "not-found");
    }

    fn nothing_is_filed_while_an_extension_runs(server) {
        let authority = first_quarter(server);
        let extended = Story::new("foia", "2024-03-01").extended("public_interest", "2024-03-20", "2024-05-01", &["43(2)"]);
        record_all(server, &authority, &[extended]);
        let problem = server.post("/v1/filed-returns", &filing(&authority, "2024-04-10")).problem(409, "return-not-complete");
        assert_eq!(problem["detail"], "Not yet due at the end of 2024-04-10: 1 of the period.");
        assert_eq!(filed(server, &authority), json!([]), "nothing was written");
        assert_eq!(server.post("/v1/filed-returns", &filing(&authority, "2024-05-02")).expect(201)["number"], 1);
    }

    fn nothing_is_filed_before_its_time(server) {
        let authority = first_quarter(server);
        record_all(server, &authority, &[Story::new("foia", "2024-03-11")]);
        for (as_at, detail) in [
            ("2024-03-30", "The period ends on 2024-03-31, after 2024-03-30."),
            ("2024-04-11", "Not yet due at the end of 2024-04-11: 1 of the period."),
        ] {
            let problem = server.post("/v1/filed-returns", &filing(&authority, as_at)).problem(409, "return-not-complete");
            assert_eq!(problem["detail"], detail);
        }
        let ahead = server.post("/v1/filed-returns", &filing(&authority, "2026-07-01"));
        ahead.problem(422, "validation-failed");
        assert_eq!(ahead.faults(), [("#/as_at".to_owned(), "date-in-future".to_owned())]);
        let wrong = json!({"return_kind": "code-part-9", "period": "2024-Q5", "authority_id": authority});
        let refused = server.post("/v1/filed-returns", &wrong);
        refused.problem(422, "validation-failed");
        assert_eq!(
            refused.faults(),
            [("#/return_kind".to_owned(), "unknown-value".to_owned()), ("#/period".to_owned(), "invalid-value".to_owned())]
        );
        assert_eq!(filed(server, &authority), json!([]), "nothing was written");
        // The day after the last request fell due it can be filed; without `as_at` it is as of today.
        assert_eq!(server.post("/v1/filed-returns", &filing(&authority, "2024-04-12")).expect(201)["number"], 1);
        let today = json!({"return_kind": "cabinet-office", "period": "2024-Q1", "authority_id": authority});
        assert_eq!(server.post("/v1/filed-returns", &today).expect(201)["as_at"], "2026-06-30");
    }

    fn the_same_key_files_once(server) {
        let authority = first_quarter(server);
        let first = server.post_keyed("/v1/filed-returns", "key-1", &filing(&authority, "2024-04-30"));
        let again = server.post_keyed("/v1/filed-returns", "key-1", &filing(&authority, "2024-04-30"));
        assert_eq!((again.expect(201), again.header("idempotency-replayed")), (first.expect(201), "true"));
        assert_eq!(filed(server, &authority).as_array().unwrap().len(), 1);
    }

    fn numbers_have_no_gap_and_none_is_given_twice(server) {
        let authority = first_quarter(server);
        std::thread::scope(|threads| {
            for _ in 0..6 {
                threads.spawn(|| server.client.post("/v1/filed-returns", &filing(&authority, "2024-04-30")).expect(201));
            }
        });
        let mut numbers: Vec<u64> = filed(server, &authority).as_array().unwrap().iter().map(|one| one["number"].as_u64().unwrap()).collect();
        numbers.sort_unstable();
        assert_eq!(numbers, [1, 2, 3, 4, 5, 6]);
    }

    fn a_list_spans_the_authorities_of_the_credential(server) {
        let authority = first_quarter(server);
        let others = server.get("/v1/authorities").expect(200)["items"].clone();
        let other = others.as_array().unwrap().iter().find(|one| one["name"] == "Another").unwrap()["id"].as_str().unwrap().to_owned();
        for (of, now) in [(&authority, "2026-06-30T12:00:01Z"), (&other, "2026-06-30T12:00:02Z"), (&authority, "2026-06-30T12:00:03Z")] {
            server.set_now(now);
            server.post("/v1/filed-returns", &filing(of, "2024-04-30")).expect(201);
        }
        let (mut path, mut found) = ("/v1/filed-returns?limit=2".to_owned(), Vec::new());
        loop {
            let page = server.get(&path).expect(200);
            found.extend(page["items"].as_array().unwrap().iter().map(|one| json!([one["authority_id"], one["number"]])));
            let Some(cursor) = page["next_cursor"].as_str() else { break };
            path = format!("/v1/filed-returns?limit=2&cursor={cursor}");
        }
        assert_eq!(found, [json!([authority, 2]), json!([other, 1]), json!([authority, 1])]);
        let own = made(server, &json!({"authority_id": other, "name": "Figures", "kind": "person", "scopes": ["metrics:read"], "expires_on": LAST_DAY}));
        let own = server.with_key(own["key"].as_str().unwrap());
        assert_eq!(own.get("/v1/filed-returns").expect(200)["items"].as_array().unwrap().len(), 1);
        own.get(&format!("/v1/filed-returns?authority_id={authority}")).problem(404, "not-found");
    }

    fn filing_and_reading_at_once_wait_for_neither(server) {
        let authority = first_quarter(server);
        std::thread::scope(|threads| {
            for _ in 0..4 {
                threads.spawn(|| {
                    for _ in 0..10 {
                        server.client.get("/v1/requests?limit=1").expect(200);
                    }
                });
                threads.spawn(|| {
                    for _ in 0..3 {
                        server.client.post("/v1/filed-returns", &filing(&authority, "2024-04-30")).expect(201);
                    }
                });
            }
        });
        assert_eq!(filed(server, &authority).as_array().unwrap().len(), 12);
    }

    fn a_return_is_of_a_period_and_of_what_has_happened(server) {
        let authority = first_quarter(server);
        for (question, parameter) in [
            ("period=2024-Q5", "period"),
            ("period=2024-26", "period"),
            ("period=2024-Q1&as_at=2026-07-01", "as_at"),
            ("period=2024-Q1&group_by=month", "group_by"),
            ("", "period"),
        ] {
            let refused = server.get(&format!("/v1/returns/code-part-8?{question}&authority_id={authority}"));
            refused.problem(400, "invalid-parameter");
            assert_eq!(refused.faults(), [(parameter.to_owned(), "invalid-parameter".to_owned())], "{question}");
        }
        server.get(&format!("/v1/returns/code-part-9?period=2024-Q1&authority_id={authority}")).problem(400, "invalid-parameter");
        server.get(&format!("/v1/returns/code-part-8?period=2024-Q1&authority_id={}", uuid::Uuid::new_v4())).problem(404, "not-found");
        let unnamed = server.get("/v1/returns/code-part-8?period=2024-Q1");
        unnamed.problem(400, "invalid-parameter");
        server.get(&format!("/v1/filed-returns/{}", uuid::Uuid::new_v4())).problem(404, "not-found");
        server.get(&format!("/v1/filed-returns/{}/drift", uuid::Uuid::new_v4())).problem(404, "not-found");
        // A receipt that is corrected into another quarter leaves this one.
        let request = id(&server.post("/v1/requests", &json!({"authority_id": authority, "regime": "foia", "received_on": "2024-03-11", "subject": "A subject"})).expect(201));
        record(server, &request, "receipt-corrections", json!({"received_on": "2024-04-02", "reason": "Misread"}));
        assert!(path(&request).ends_with(&request));
        let question = format!("period=2024-Q1&as_at=2024-04-30&authority_id={authority}");
        let document = server.get(&format!("/v1/returns/code-part-8?{question}")).expect(200);
        assert_eq!(cell(&document["document"], "received"), "3");
    }
}
