//! Events over HTTP: what each does to the clock, to the day, with the provision that says so.

use serde_json::{Value, json};

use crate::{
    on_both,
    support::{
        Server,
        casework::{
            answer, ask, clock_of, due_date, extend, finding, finding_ids, names_both, path, read, record, respond,
            state, void,
        },
        server::id,
    },
};

/// A request under another regime than FOIA.
fn request_under(server: &Server, regime: &str, received_on: &str) -> String {
    server.request("2020-01-06", &["1"]);
    id(&server
        .post("/v1/requests", &json!({"regime": regime, "received_on": received_on, "subject": "A subject"}))
        .expect(201))
}

/// What happened by a clock: kind, day and the provision that says what it did.
fn effects(clock: &Value) -> Vec<[String; 3]> {
    let events = clock["events"].as_array().unwrap().iter();
    let told =
        |event: &Value| ["kind", "effective_on", "provision"].map(|member| event[member].as_str().unwrap().to_owned());
    events.map(told).collect()
}

on_both! {
    fn a_question_asked_in_time_restarts_the_clock_on_its_answer(server) {
        let request = server.request("2023-07-26", &["1"]);
        assert_eq!(read(server, &request)["due_on"], "2023-08-24");
        let question = ask(server, &request, "2023-08-10");
        let waiting = read(server, &request);
        assert_eq!(
            (&waiting["status"], &waiting["due_on"], &waiting["overdue"]),
            (&json!("awaiting_clarification"), &json!("2023-08-24"), &json!(false))
        );
        let clock = clock_of(server, &request, "1");
        assert_eq!(
            due_date(&clock, "clarification_may_lapse"),
            Some(("2023-10-10".to_owned(), "section 45 Code of Practice (guidance)".to_owned()))
        );
        assert_eq!((&clock["working_days_used"], &clock["working_days_left"]), (&json!(10), &json!(10)));
        let answered = answer(server, &request, &question, "2023-09-01");
        assert_eq!(answered["kind"], "clarification_answered");
        assert_eq!(answered["answers"], question);
        let anew = clock_of(server, &request, "1");
        assert_eq!(anew["due_on"], "2023-09-29");
        assert_eq!(
            effects(&anew),
            [
                ["clarification_asked", "2023-08-10", "section 1(3)"],
                ["clarification_answered", "2023-09-01", "section 10(6)"],
            ]
        );
        assert_eq!(
            anew["events"][1]["effect"],
            "Clarification came: a new clock started on 2023-09-01 and ends on 2023-09-29."
        );
        assert_eq!(
            anew["segments"],
            json!([
                {"start_on": "2023-07-26", "end_on": "2023-08-09", "kind": "running"},
                {"start_on": "2023-08-10", "end_on": "2023-08-31", "kind": "waiting_for_clarification"},
                {"start_on": "2023-09-01", "end_on": "2023-09-29", "kind": "running"},
                {"start_on": "2023-09-30", "kind": "overdue"},
            ])
        );
        assert_eq!(due_date(&anew, "statutory"), Some(("2023-09-29".to_owned(), "section 10(1)".to_owned())));
        respond(server, &request, "2023-09-20");
        let done = read(server, &request);
        assert_eq!(
            (&done["status"], &done["working_days_taken"], &done["on_time"]),
            (&json!("responded"), &json!(13), &json!(true))
        );
        assert_eq!((&done["received_on"], &done["due_on"]), (&json!("2023-07-26"), &json!("2023-09-29")));
    }

    fn a_question_asked_late_cures_nothing(server) {
        let request = server.request("2023-07-26", &["1"]);
        let question = ask(server, &request, "2023-08-25");
        let waiting = read(server, &request);
        assert_eq!((&waiting["status"], &waiting["overdue"]), (&json!("awaiting_clarification"), &json!(true)));
        answer(server, &request, &question, "2023-09-05");
        let clock = clock_of(server, &request, "1");
        assert_eq!(clock["due_on"], "2023-08-24");
        assert_eq!(due_date(&clock, "working_clock"), Some(("2023-10-03".to_owned(), "section 10(6)".to_owned())));
        let letter = respond(server, &request, "2023-09-06");
        let done = read(server, &request);
        assert_eq!(
            (&done["due_on"], &done["working_days_taken"], &done["on_time"]),
            (&json!("2023-08-24"), &json!(1), &json!(false))
        );
        assert_eq!(finding(&letter["findings"], "late-response")["facts"]["due_on"], "2023-08-24");
    }

    fn an_answer_sent_while_the_duty_waits_is_not_found_late(server) {
        let request = server.request("2024-01-08", &["1"]);
        ask(server, &request, "2024-01-15");
        let letter = respond(server, &request, "2024-05-01");
        let done = read(server, &request);
        assert_eq!((&done["on_time"], &done["working_days_taken"]), (&json!(true), &json!(5)));
        assert_eq!(finding_ids(&letter["findings"]), [""; 0], "the clock and the findings say the same");
    }

    fn an_answer_after_a_withdrawal_is_not_found_late(server) {
        let request = server.request("2024-01-08", &["1"]);
        record(server, &request, "withdrawal", json!({"withdrawn_on": "2024-01-15"}));
        let letter = respond(server, &request, "2024-05-01");
        let done = read(server, &request);
        assert_eq!(
            (&done["status"], done.get("on_time"), done.get("working_days_taken")),
            (&json!("responded"), None, None)
        );
        assert_eq!(finding_ids(&letter["findings"]), [""; 0], "no time limit was left");
    }

    fn the_days_from_a_fees_notice_to_its_payment_do_not_count(server) {
        server.set_now("2024-01-15T12:00:00Z");
        let request = server.request("2024-01-08", &["1"]);
        let notice = record(server, &request, "fee-notices", json!({"given_on": "2024-01-15", "amount": "25.00"}));
        assert_eq!((&notice["kind"], &notice["amount"]), (&json!("fee_notice_given"), &json!("25.00")));
        server.set_now("2024-01-23T12:00:00Z");
        let waiting = read(server, &request);
        assert_eq!((&waiting["status"], &waiting["due_on"]), (&json!("awaiting_fee"), &json!("2024-02-05")));
        let clock = clock_of(server, &request, "1");
        assert_eq!(due_date(&clock, "fee_payable_until"), Some(("2024-04-14".to_owned(), "section 9(2)".to_owned())));
        assert_eq!(
            (&clock["working_days_used"], &clock["events"][0]["provision"]),
            (&json!(4), &json!("section 10(2)"))
        );
        server.set_now("2024-03-01T12:00:00Z");
        record(server, &request, &format!("fee-notices/{}/payment", id(&notice)), json!({"paid_on": "2024-01-24"}));
        let paid = read(server, &request);
        assert_eq!(
            (&paid["status"], &paid["due_on"], &paid["overdue"]),
            (&json!("open"), &json!("2024-02-15"), &json!(true))
        );
        respond(server, &request, "2024-02-15");
        let done = read(server, &request);
        assert_eq!((&done["working_days_taken"], &done["on_time"]), (&json!(20), &json!(true)));
    }

    fn an_unpaid_fee_ends_the_duty_by_date_alone(server) {
        server.set_now("2024-01-15T12:00:00Z");
        let request = server.request("2024-01-08", &["1"]);
        let notice = id(&record(server, &request, "fee-notices", json!({"given_on": "2024-01-15", "amount": "10"})));
        server.set_now("2024-04-14T12:00:00Z");
        let last_day = server.get(&path(&request));
        assert_eq!(last_day.expect(200)["status"], "awaiting_fee");
        // 23:30 UTC in April is the next day in London.
        server.set_now("2024-04-14T23:30:00Z");
        let lapsed = server.get(&path(&request));
        let document = lapsed.expect(200);
        assert_eq!(
            (&document["status"], &document["closed_on"], &document["overdue"]),
            (&json!("lapsed"), &json!("2024-04-15"), &json!(false))
        );
        assert_eq!(document["parts"][0]["status"], "lapsed");
        assert_ne!(lapsed.header("etag"), last_day.header("etag"), "the day changed what the request says");
        assert_eq!(document["version"], last_day.json()["version"], "and nothing was written for it");
        assert_eq!(clock_of(server, &request, "1")["state"], "lapsed");
        let list = server.get("/v1/requests?status=lapsed").expect(200);
        assert_eq!(list["items"][0]["id"], request);
        // Paid on the last day after all, and recorded later.
        record(server, &request, &format!("fee-notices/{notice}/payment"), json!({"paid_on": "2024-04-14"}));
        let open = read(server, &request);
        assert_eq!(open["status"], "open");
        assert_eq!(open.get("closed_on"), None);
    }

    fn a_public_interest_extension_counts_when_it_was_notified_in_time(server) {
        let request = server.request("2024-01-08", &["1"]);
        let extension = extend(server, &request, "public_interest", "2024-02-05", "2024-02-16");
        assert_eq!(extension["findings"], json!([]));
        assert_eq!(
            (&extension["extension_kind"], &extension["estimated_on"], &extension["grounds"]),
            (&json!("public_interest"), &json!("2024-02-16"), &json!(["31(1)(a)"]))
        );
        server.set_now("2024-02-16T12:00:00Z");
        let within = read(server, &request);
        assert_eq!(
            (&within["due_on"], &within["extended_to"], &within["overdue"]),
            (&json!("2024-02-05"), &json!("2024-02-16"), &json!(false))
        );
        // A further estimate, notified before the first ran out.
        let further = extend(server, &request, "public_interest", "2024-02-16", "2024-03-01");
        assert_eq!(further["findings"], json!([]), "it was in time, for the extension before it had not run out");
        let clock = clock_of(server, &request, "1");
        assert_eq!(clock["extended_to"], "2024-03-01");
        assert_eq!(due_date(&clock, "extended_estimate"), Some(("2024-03-01".to_owned(), "section 10(3)".to_owned())));
        assert_eq!(due_date(&clock, "guidance_fortieth_day").unwrap().0, "2024-03-04");
        server.set_now("2024-03-02T12:00:00Z");
        assert_eq!(read(server, &request)["overdue"], true);
        let letter = respond(server, &request, "2024-03-01");
        let done = read(server, &request);
        assert_eq!((&done["on_time"], &done["working_days_taken"]), (&json!(true), &json!(39)));
        assert_eq!(finding_ids(&letter["findings"]), [""; 0]);
    }

    fn an_extension_notified_late_gives_no_time(server) {
        let request = server.request("2024-01-08", &["1"]);
        let extension = extend(server, &request, "public_interest", "2024-02-06", "2024-02-16");
        let late = finding(&extension["findings"], "extension-notified-late");
        assert_eq!((&late["severity"], &late["provision"]), (&json!("breach"), &json!("section 17(2)")));
        assert_eq!(
            late["facts"],
            json!({"due_on": "2024-02-05", "notified_on": "2024-02-06", "working_days_late": "1"})
        );
        let clock = clock_of(server, &request, "1");
        assert_eq!(clock.get("extended_to"), None);
        assert_eq!(clock["events"][0]["effect"], "Not permitted: notified after the limit of 2024-02-05.");
        // A further one after a permitted one had run out is late by that.
        let other = server.request("2024-01-08", &["1"]);
        extend(server, &other, "public_interest", "2024-02-05", "2024-02-16");
        let further = extend(server, &other, "public_interest", "2024-02-19", "2024-03-01");
        assert_eq!(finding(&further["findings"], "extension-notified-late")["facts"]["due_on"], "2024-02-16");
        assert_eq!(clock_of(server, &other, "1")["extended_to"], "2024-02-16");
    }

    fn an_extension_notified_while_a_fee_is_awaited_is_not_late(server) {
        let request = server.request("2024-01-08", &["1"]);
        let notice = id(&record(server, &request, "fee-notices", json!({"given_on": "2024-01-15", "amount": "10"})));
        let extension = extend(server, &request, "public_interest", "2024-02-10", "2024-03-29");
        assert_eq!(
            finding_ids(&extension["findings"]),
            ["extension-beyond-day-forty"],
            "no day passes while the fee is awaited"
        );
        record(server, &request, &format!("fee-notices/{notice}/payment"), json!({"paid_on": "2024-02-14"}));
        assert_eq!(clock_of(server, &request, "1")["extended_to"], "2024-03-29");
    }

    fn complexity_and_volume_extend_to_day_forty_under_the_regulations_alone(server) {
        let request = request_under(server, "eir", "2024-01-08");
        let extension = extend(server, &request, "complexity_and_volume", "2024-02-05", "2024-02-20");
        assert_eq!(extension["findings"], json!([]));
        let clock = clock_of(server, &request, "1");
        assert_eq!((&clock["due_on"], &clock["extended_to"]), (&json!("2024-02-05"), &json!("2024-03-04")));
        assert_eq!(due_date(&clock, "extended_limit"), Some(("2024-03-04".to_owned(), "regulation 7(1)".to_owned())));
        respond(server, &request, "2024-03-04");
        assert_eq!(read(server, &request)["on_time"], true);
        let late = request_under(server, "eir", "2024-01-08");
        let notified_late = extend(server, &late, "complexity_and_volume", "2024-02-06", "2024-02-20");
        assert_eq!(finding_ids(&notified_late["findings"]), ["extension-notified-late"]);
        assert_eq!(clock_of(server, &late, "1").get("extended_to"), None);
    }

    fn an_extension_foreign_to_the_regime_is_recorded_and_moves_nothing(server) {
        for (regime, kind, provision) in [
            ("eir", "public_interest", "regulation 7(1)"),
            ("foia", "complexity_and_volume", "section 10(3)"),
            ("foisa", "public_interest", "section 10(1)"),
            ("eisr", "public_interest", "regulation 7(1)"),
        ] {
            let request = request_under(server, regime, "2024-01-08");
            let extension = extend(server, &request, kind, "2024-01-30", "2024-02-20");
            let foreign = finding(&extension["findings"], "extension-not-in-regime");
            assert_eq!((&foreign["severity"], &foreign["provision"]), (&json!("error"), &json!(provision)), "{regime}");
            let clock = clock_of(server, &request, "1");
            assert_eq!(clock.get("extended_to"), None, "{regime}");
            assert_eq!(
                clock["events"][0]["effect"],
                "No effect: the regime knows no extension of this kind, and the limit stays."
            );
        }
    }

    fn an_extension_without_what_its_notice_must_say_has_findings(server) {
        let request = server.request("2024-01-08", &["1"]);
        let bare =
            record(server, &request, "extensions", json!({"kind": "public_interest", "notified_on": "2024-01-30"}));
        assert_eq!(
            finding_ids(&bare["findings"]),
            [
                "extension-without-estimate",
                "extension-without-ground",
                "extension-without-internal-review",
                "extension-without-regulator",
                "extension-without-reasons"
            ]
        );
        assert_eq!(clock_of(server, &request, "1").get("extended_to"), None);
        let body = json!({"kind": "public_interest", "notified_on": "2024-01-30", "estimated_on": "2024-04-30", "grounds": ["21", "3(3)"], "reasons": "Weighing.",
            "particulars": {"internal_review": "none_exists", "regulator": "stated"}});
        let absolute = record(server, &request, "extensions", body);
        assert_eq!(
            finding_ids(&absolute["findings"]),
            ["extension-beyond-day-forty", "extension-ground-not-qualified", "extension-ground-unknown"]
        );
        assert_eq!(finding(&absolute["findings"], "extension-ground-not-qualified")["pointer"], "/grounds/0");
        assert_eq!(finding(&absolute["findings"], "extension-ground-unknown")["pointer"], "/grounds/1");
        assert_eq!(finding(&absolute["findings"], "extension-beyond-day-forty")["facts"]["day_forty"], "2024-03-04");
    }

    fn an_estimate_that_had_passed_is_recorded_with_a_finding_and_moves_nothing(server) {
        let request = server.request("2024-01-08", &["1"]);
        let notice = |notified_on: &str, estimated_on: &str| {
            let body = json!({"kind": "public_interest", "notified_on": notified_on, "estimated_on": estimated_on, "grounds": ["section 31(1)(a)"],
                "reasons": "It is still being weighed.", "particulars": {"internal_review": "stated", "regulator": "stated"}});
            record(server, &request, "extensions", body)
        };
        let backwards = notice("2024-01-30", "2024-01-29");
        assert_eq!((&backwards["estimated_on"], &backwards["grounds"]), (&json!("2024-01-29"), &json!(["31(1)(a)"])));
        assert_eq!(finding_ids(&backwards["findings"]), ["extension-estimate-in-the-past"]);
        let found = finding(&backwards["findings"], "extension-estimate-in-the-past");
        assert_eq!((&found["severity"], &found["pointer"], &found["provision"]), (&json!("error"), &json!("/estimated_on"), &json!("section 17(2)")));
        assert_eq!(found["facts"], json!({"estimated_on": "2024-01-29", "notified_on": "2024-01-30"}));
        let clock = clock_of(server, &request, "1");
        assert_eq!((&clock["due_on"], clock.get("extended_to")), (&json!("2024-02-05"), None));
        // A day still to come is an estimate, and one that had passed does not take its place.
        notice("2024-02-01", "2024-03-04");
        notice("2024-02-12", "2024-02-09");
        let clock = clock_of(server, &request, "1");
        assert_eq!((&clock["due_on"], &clock["extended_to"]), (&json!("2024-02-05"), &json!("2024-03-04")));
        respond(server, &request, "2024-03-04");
        assert_eq!(read(server, &request)["on_time"], true);
        // Before the statutory day nothing is taken away.
        let early = server.request("2024-01-08", &["1"]);
        extend(server, &early, "public_interest", "2024-01-12", "2024-01-11");
        respond(server, &early, "2024-02-05");
        assert_eq!(read(server, &early)["on_time"], true);
    }

    fn a_withdrawal_ends_the_duty_and_voiding_it_brings_it_back(server) {
        let request = server.request("2024-01-08", &["1"]);
        let before = state(server, &request);
        let withdrawal = record(server, &request, "withdrawal", json!({"withdrawn_on": "2024-01-15"}));
        let withdrawn = read(server, &request);
        assert_eq!(
            (&withdrawn["status"], &withdrawn["closed_on"], &withdrawn["overdue"]),
            (&json!("withdrawn"), &json!("2024-01-15"), &json!(false))
        );
        assert_eq!(clock_of(server, &request, "1")["events"][0]["provision"], "section 1(1)");
        void(server, &request, "withdrawal", &id(&withdrawal));
        assert_eq!(state(server, &request), before);
    }

    fn a_lapse_ends_it_and_what_comes_later_is_a_reopening(server) {
        let request = server.request("2023-07-26", &["1"]);
        let question = ask(server, &request, "2023-08-10");
        record(server, &request, "lapse", json!({"lapsed_on": "2023-10-11"}));
        let lapsed = read(server, &request);
        assert_eq!((&lapsed["status"], &lapsed["closed_on"]), (&json!("lapsed"), &json!("2023-10-11")));
        let clock = clock_of(server, &request, "1");
        assert_eq!(clock["events"][1]["effect"], "Closed because no clarification came within two months.");
        let late = server.post(
            &format!("{}/clarifications/{question}/answer", path(&request)),
            &json!({"answered_on": "2024-03-01"}),
        );
        names_both(&late.problem(409, "impossible-order"), "lapse", "clarification_answered");
        record(server, &request, "reopening", json!({"received_on": "2024-03-11"}));
        let reopened = read(server, &request);
        assert_eq!(
            (&reopened["status"], &reopened["due_on"], &reopened["received_on"]),
            (&json!("open"), &json!("2024-04-11"), &json!("2023-07-26"))
        );
        assert_eq!(reopened.get("closed_on"), None);
        respond(server, &request, "2024-03-20");
        assert_eq!(read(server, &request)["working_days_taken"], 6);
        let early = server.request("2023-07-26", &["1"]);
        ask(server, &early, "2023-08-10");
        record(server, &early, "lapse", json!({"lapsed_on": "2023-10-09"}));
        assert_eq!(
            clock_of(server, &early, "1")["events"][1]["effect"],
            "Closed for want of clarification, although two months had not passed."
        );
    }

    fn a_transfer_discharges_nothing_under_the_act_and_ends_it_under_the_regulations(server) {
        let act = server.request("2024-01-08", &["1"]);
        let transfer = record(
            server,
            &act,
            "transfers",
            json!({"transferred_on": "2024-01-15", "transferred_to": "Another force"}),
        );
        assert_eq!((&transfer["kind"], &transfer["transferred_to"]), (&json!("transfer"), &json!("Another force")));
        let clock = clock_of(server, &act, "1");
        assert_eq!(
            (&clock["state"], &clock["events"][0]["provision"]),
            (&json!("transferred"), &json!("section 1(1)(a)"))
        );
        assert!(clock["events"][0]["effect"].as_str().unwrap().contains("discharges no duty"));
        let letter = respond(server, &act, "2024-02-06");
        let answered = read(server, &act);
        assert_eq!((&answered["on_time"], &answered["working_days_taken"]), (&json!(false), &json!(21)));
        assert_eq!(finding(&letter["findings"], "late-response")["facts"]["working_days_late"], "1");
        let regulations = request_under(server, "eir", "2024-01-08");
        record(
            server,
            &regulations,
            "transfers",
            json!({"transferred_on": "2024-01-15", "transferred_to": "The agency"}),
        );
        let clock = clock_of(server, &regulations, "1");
        assert_eq!(
            (&clock["state"], &clock["events"][0]["provision"]),
            (&json!("transferred"), &json!("regulation 10(1)"))
        );
        assert!(clock["events"][0]["effect"].as_str().unwrap().contains("the duty ended"));
        let courtesy = respond(server, &regulations, "2024-05-06");
        assert_eq!(read(server, &regulations).get("on_time"), None);
        assert!(!finding_ids(&courtesy["findings"]).contains(&"late-response"), "no limit was left");
    }

    fn the_last_correction_of_the_receipt_stands_until_it_is_voided(server) {
        let request = server.request("2024-01-08", &["1"]);
        extend(server, &request, "public_interest", "2024-02-07", "2024-02-20");
        assert_eq!(read(server, &request).get("extended_to"), None);
        let first = record(
            server,
            &request,
            "receipt-corrections",
            json!({"received_on": "2024-01-11", "reason": "The stamp."}),
        );
        assert_eq!(
            (&first["kind"], &first["received_on"], &first["text"]),
            (&json!("receipt_correction"), &json!("2024-01-11"), &json!("The stamp."))
        );
        let second = record(
            server,
            &request,
            "receipt-corrections",
            json!({"received_on": "2024-01-10", "reason": "The other stamp."}),
        );
        let corrected = read(server, &request);
        assert_eq!(
            (&corrected["received_on"], &corrected["due_on"], &corrected["extended_to"]),
            (&json!("2024-01-10"), &json!("2024-02-07"), &json!("2024-02-20")),
            "the extension is recomputed too"
        );
        let clock = clock_of(server, &request, "1");
        let told: Vec<&str> =
            clock["events"].as_array().unwrap().iter().map(|event| event["effect"].as_str().unwrap()).collect();
        assert_eq!(
            told,
            [
                "The request was received on 2024-01-10; every date is counted anew from there.",
                "No effect: a later correction stands.",
                "Permitted: the time for answering is extended to 2024-02-20.",
            ]
        );
        void(server, &request, "receipt-corrections", &id(&second));
        assert_eq!(read(server, &request)["due_on"], "2024-02-08");
        void(server, &request, "receipt-corrections", &id(&first));
        let as_recorded = read(server, &request);
        assert_eq!(
            (&as_recorded["received_on"], &as_recorded["due_on"], as_recorded.get("extended_to")),
            (&json!("2024-01-08"), &json!("2024-02-05"), None)
        );
    }

    fn an_event_of_some_parts_leaves_the_others_alone(server) {
        let request = server.request("2024-01-08", &["1", "2", "3"]);
        let question =
            id(&record(server, &request, "clarifications", json!({"asked_on": "2024-01-15", "parts": ["2"]})));
        record(server, &request, "withdrawal", json!({"withdrawn_on": "2024-01-16", "parts": ["3"]}));
        let document = read(server, &request);
        let statuses: Vec<&str> =
            document["parts"].as_array().unwrap().iter().map(|part| part["status"].as_str().unwrap()).collect();
        assert_eq!(statuses, ["open", "awaiting_clarification", "withdrawn"]);
        assert_eq!((&document["status"], &document["due_on"]), (&json!("open"), &json!("2024-02-05")));
        let answered = answer(server, &request, &question, "2024-01-22");
        assert_eq!(answered["parts"], json!(["2"]), "an answer concerns the parts of its question");
        let document = read(server, &request);
        let due: Vec<&str> =
            document["parts"].as_array().unwrap().iter().map(|part| part["due_on"].as_str().unwrap()).collect();
        assert_eq!(due, ["2024-02-05", "2024-02-19", "2024-02-05"]);
        assert_eq!(document["due_on"], "2024-02-05", "the earliest of the open parts");
        assert_eq!(clock_of(server, &request, "1")["events"], json!([]));
        assert_eq!(clock_of(server, &request, "2")["events"].as_array().unwrap().len(), 2);
    }
}
