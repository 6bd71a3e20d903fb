//! Breaches that nothing cures: what was asked for too late, what ended after its limit, what an extension does not cover.

use serde_json::{Value, json};

use crate::{
    on_both,
    support::{
        Server,
        casework::{
            address_of, answer, ask, clock_of, disclosed, due_date, extend, finding, finding_ids, path, read, record,
            respond, sent, void, weighing, with, withheld, without,
        },
        server::id,
    },
};

/// A request of 8 January 2024: day 20 is 5 February and day 40 is 4 March in every calendar.
fn under(server: &Server, regime: &str) -> String {
    if server.get("/v1/authorities").expect(200)["items"].as_array().unwrap().is_empty() {
        server.authority("Force");
    }
    let body = json!({"regime": regime, "received_on": "2024-01-08", "subject": "A subject"});
    id(&server.post("/v1/requests", &body).expect(201))
}

fn fee_notice(server: &Server, request: &str, given_on: &str) -> Value {
    let particulars = json!({"internal_review": "stated", "regulator": "stated"});
    record(server, request, "fee-notices", json!({"given_on": given_on, "amount": "25.00", "particulars": particulars}))
}

fn complex(server: &Server, request: &str) -> String {
    let body = json!({"kind": "complexity_and_volume", "notified_on": "2024-02-05", "reasons": "Many files, each of many pages.",
        "particulars": {"internal_review": "stated", "regulator": "stated"}});
    id(&record(server, request, "extensions", body))
}

/// What compliance finds, without its words.
fn compliance(server: &Server, request: &str) -> Value {
    let found = server.get(&format!("{}/compliance", path(request))).expect(200)["findings"].clone();
    let bare = found.as_array().unwrap().iter().map(|finding| without(finding.clone(), &["message", "next_step"]));
    bare.collect()
}

/// Ids of what compliance finds, with the provisions.
fn breaches(server: &Server, request: &str) -> Vec<(String, String)> {
    let found = compliance(server, request);
    let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    found.as_array().unwrap().iter().map(|finding| (word(&finding["id"]), word(&finding["provision"]))).collect()
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(id, provision)| ((*id).to_owned(), (*provision).to_owned())).collect()
}

/// How the requests received in January 2024 stood at the end of a day: late, on hold or ended.
fn counted(server: &Server, as_at: &str) -> (Value, Value) {
    let report = server
        .get(&format!("/v1/metrics/timeliness?start_on=2024-01-01&end_on=2024-01-31&basis=received&as_at={as_at}"))
        .expect(200);
    (report["rows"][0]["late"]["numerator"].clone(), report["rows"][0]["on_hold_or_lapsed"].clone())
}

/// A decision of a review that changes nothing.
fn maintained(decided_on: &str) -> Value {
    json!({"decided_on": decided_on, "results": [{"part": "1", "result": "position_maintained"}]})
}

on_both! {
    fn a_fee_notice_given_too_late_ends_no_duty(server) {
        for (regime, provision) in
            [("foia", "section 9(1)"), ("eir", "regulation 8(4)"), ("foisa", "section 9(1)"), ("eisr", "regulation 8")]
        {
            let request = under(server, regime);
            let late = fee_notice(server, &request, "2024-02-06");
            let breach = finding(&late["findings"], "fee-notice-late");
            assert_eq!(
                (&breach["severity"], &breach["provision"], &breach["pointer"], &breach["facts"]),
                (&json!("breach"), &json!(provision), &json!("/given_on"), &json!({"given_on": "2024-02-06", "limit_on": "2024-02-05"})),
                "{regime}"
            );
            let stands = read(server, &request);
            assert_eq!((&stands["status"], &stands["overdue"], &stands["due_on"]), (&json!("awaiting_fee"), &json!(true), &json!("2024-02-05")));
            assert_eq!(due_date(&clock_of(server, &request, "1"), "fee_payable_until"), None);
            let told = breaches(server, &request);
            assert_eq!(told.iter().map(|(id, _)| id.as_str()).collect::<Vec<_>>(), ["no-response", "fee-notice-late"], "{regime}");
            let event = finding(&compliance(server, &request), "fee-notice-late")["pointer"].clone();
            assert_eq!(event, json!(format!("/events/{}/given_on", id(&late))));
        }
        // Three months, sixty working days and two years on nothing has ended.
        for as_at in ["2024-02-06", "2024-05-07", "2024-06-30", "2026-06-30"] {
            assert_eq!(counted(server, as_at), (json!(4), json!(0)), "{as_at}");
        }
        let list = server.get("/v1/requests?overdue=true&status=awaiting_fee").expect(200);
        assert_eq!(list["items"].as_array().unwrap().len(), 4);
        let first = list["items"][0]["id"].as_str().unwrap();
        server.post(&format!("{}/reopening", path(first)), &json!({"received_on": "2025-01-06"})).problem(409, "impossible-order");
    }

    fn a_fee_notice_in_time_ends_the_duty_and_no_breach_before_it(server) {
        let in_time = under(server, "foia");
        assert_eq!(fee_notice(server, &in_time, "2024-02-05")["findings"], json!([]));
        assert_eq!((&read(server, &in_time)["status"], breaches(server, &in_time)), (&json!("lapsed"), pairs(&[])));
        // A late question was answered on 12 February: the new clock runs to 11 March.
        let request = under(server, "foia");
        let question = ask(server, &request, "2024-02-06");
        answer(server, &request, &question, "2024-02-12");
        let notice = fee_notice(server, &request, "2024-02-20");
        assert_eq!(notice["findings"], json!([]));
        assert_eq!(read(server, &request)["status"], "lapsed");
        let told = compliance(server, &request);
        assert_eq!(finding_ids(&told), ["no-response", "clarification-asked-late"]);
        assert_eq!(told[0]["facts"], json!({"parts": "1", "due_on": "2024-02-05", "limit_on": "2024-02-05", "ended_as": "lapsed",
            "ended_on": "2024-05-20", "working_days_late": "71"}));
        assert_eq!(told[1]["pointer"], format!("/events/{question}/asked_on"));
        // The findings follow the events: with the receipt corrected the notice was in time.
        let corrected = under(server, "foia");
        let late = fee_notice(server, &corrected, "2024-02-06");
        record(server, &corrected, "receipt-corrections", json!({"received_on": "2024-01-09", "reason": "The stamp was misread."}));
        assert_eq!(server.get(&format!("{}/events/{}", path(&corrected), id(&late))).expect(200)["findings"], json!([]));
        assert_eq!(read(server, &corrected)["status"], "lapsed");
    }

    fn what_ended_without_an_answer_keeps_its_breach(server) {
        let ended = |regime: &str, resource: &str, body: Value| {
            let request = under(server, regime);
            record(server, &request, resource, body);
            compliance(server, &request)
        };
        let withdrawn = |on: &str| ended("foia", "withdrawal", json!({"withdrawn_on": on}));
        assert_eq!(withdrawn("2024-02-08"), json!([{"id": "no-response", "severity": "breach", "provision": "section 10(1)", "pointer": "/due_on",
            "facts": {"parts": "1", "due_on": "2024-02-05", "limit_on": "2024-02-05", "ended_as": "withdrawn", "ended_on": "2024-02-08", "working_days_late": "3"}}]));
        assert_eq!(withdrawn("2024-02-05"), json!([]));
        let transfer = |regime: &str, on: &str| ended(regime, "transfers", json!({"transferred_on": on, "transferred_to": "Another authority"}));
        let late = transfer("eir", "2024-02-08");
        assert_eq!((&late[0]["id"], &late[0]["facts"]["ended_as"]), (&json!("no-response"), &json!("transferred")));
        // Under the Acts the duty to say something stays with the authority asked first.
        for regime in ["foia", "foisa"] {
            let silent = transfer(regime, "2024-01-15");
            assert_eq!((finding_ids(&silent), &silent[0]["provision"]), (vec!["transfer-without-answer"], &json!("section 10(1)")), "{regime}");
            let facts = without(silent[0]["facts"].clone(), &["working_days_late"]);
            assert_eq!(facts, json!({"parts": "1", "due_on": "2024-02-05", "limit_on": "2024-02-05", "transferred_on": "2024-01-15", "as_at": "2026-06-30"}));
            assert_eq!(finding_ids(&transfer(regime, "2024-02-08")), ["no-response"], "{regime}");
        }
        assert_eq!(transfer("eisr", "2024-01-15"), json!([]));
        let answered = under(server, "foia");
        record(server, &answered, "transfers", json!({"transferred_on": "2024-01-15", "transferred_to": "Another authority"}));
        record(server, &answered, "responses", sent("2024-01-15", &[json!({"part": "1", "outcome": "transferred"})]));
        assert_eq!(compliance(server, &answered), json!([]), "the letter said so");
        let waiting = under(server, "foia");
        ask(server, &waiting, "2024-01-12");
        record(server, &waiting, "transfers", json!({"transferred_on": "2024-01-15", "transferred_to": "Another authority"}));
        assert_eq!(compliance(server, &waiting), json!([]), "nothing was owed while it waited");
    }

    fn more_time_for_the_public_interest_covers_no_absolute_ground_and_no_section_12_or_14(server) {
        let answered = |issued_on: &str, determination: Value| {
            let request = under(server, "foia");
            let extension = id(&extend(server, &request, "public_interest", "2024-02-05", "2024-03-01"));
            let letter = record(server, &request, "responses", sent(issued_on, &[determination]));
            (request, extension, letter)
        };
        let vexatious = || json!({"part": "1", "outcome": "refused_vexatious", "grounds": [{"provision": "14(1)", "reasons": "It is one of many."}]});
        let absolute = || json!({"part": "1", "outcome": "withheld", "grounds": [{"provision": "44(1)(a)", "enactment": "An Act", "reasons": "It forbids it."}]});
        for (determination, id_of, provision) in [
            (vexatious(), "extension-does-not-cover-cost-or-vexatious", "section 17(5)"),
            (absolute(), "extension-does-not-cover", "section 17(1)"),
        ] {
            let (request, extension, letter) = answered("2024-02-12", determination.clone());
            let breach = finding(&letter["findings"], id_of).clone();
            assert_eq!((&breach["severity"], &breach["provision"]), (&json!("breach"), &json!(provision)));
            assert_eq!(breach["facts"], json!({"part": "1", "due_on": "2024-02-05", "issued_on": "2024-02-12", "working_days_late": "5"}));
            let told = compliance(server, &request);
            let of_letter = finding(&told, id_of);
            assert_eq!((&of_letter["severity"], &of_letter["pointer"]), (&json!("breach"), &json!(format!("/responses/{}/determinations/0/outcome", id(&letter)))));
            assert_eq!(read(server, &request)["on_time"], true, "it came within a permitted extension");
            // Without the extension the letter is late as a whole, and with it as before.
            let version = letter["version"].as_i64().unwrap();
            void(server, &request, "extensions", &extension);
            let late = server.get(&address_of(&letter)).expect(200);
            assert!(finding_ids(&late["findings"]).contains(&"late-response") && !finding_ids(&late["findings"]).contains(&id_of));
            extend(server, &request, "public_interest", "2024-02-05", "2024-03-01");
            let again = server.get(&address_of(&letter)).expect(200);
            assert_eq!((&again["findings"], &again["version"]), (&letter["findings"], &json!(version + 2)));
            for in_time in ["2024-02-05", "2024-03-04"] {
                let (_, _, letter) = answered(in_time, determination.clone());
                assert!(!finding_ids(&letter["findings"]).contains(&id_of), "{in_time}");
            }
        }
        let (_, _, letter) = answered("2024-02-12", disclosed("1"));
        assert_eq!(letter["findings"], json!([]));
        let (request, _, letter) = answered("2024-02-12", withheld("1"));
        assert_eq!((finding_ids(&letter["findings"]), compliance(server, &request)), (vec![], json!([])));
        // A ground that is weighed and that the notice did not name was due with the first answer too.
        let unnamed = with(withheld("1"), &json!({"grounds": [with(withheld("1")["grounds"][0].clone(), &json!({"provision": "43(2)"}))],
            "public_interest_tests": [weighing("43(2)")]}));
        let (_, _, letter) = answered("2024-02-12", unnamed.clone());
        assert_eq!(finding_ids(&letter["findings"]), ["outcome-on-unannounced-ground"]);
        assert_eq!(answered("2024-02-05", unnamed).2["findings"], json!([]));
    }

    fn under_the_regulations_a_late_question_moves_no_date_of_an_extension(server) {
        for (regime, working_clock) in [("eir", "2024-03-20"), ("eisr", "2024-03-19")] {
            let request = under(server, regime);
            complex(server, &request);
            let question = ask(server, &request, "2024-02-12");
            let stands = read(server, &request);
            assert_eq!(
                (&stands["status"], &stands["due_on"], &stands["extended_to"], &stands["overdue"]),
                (&json!("awaiting_clarification"), &json!("2024-02-05"), &json!("2024-03-04"), &json!(true)), "{regime}"
            );
            assert_eq!(finding_ids(&compliance(server, &request)), ["no-response", "clarification-asked-late"]);
            answer(server, &request, &question, "2024-02-20");
            let clock = clock_of(server, &request, "1");
            let dates = ["statutory", "working_clock", "extended_limit"].map(|kind| due_date(&clock, kind).unwrap().0);
            assert_eq!(dates, ["2024-02-05", working_clock, "2024-03-04"], "{regime}");
            assert_eq!(read(server, &request)["due_on"], "2024-02-05");
            let late = respond(server, &request, "2024-03-05");
            assert_eq!(finding(&late["findings"], "late-response")["facts"]["extended_to"], "2024-03-04");
            assert_eq!(read(server, &request)["on_time"], false, "{regime}");
            let other = under(server, regime);
            complex(server, &other);
            ask(server, &other, "2024-02-12");
            respond(server, &other, "2024-03-04");
            assert_eq!(read(server, &other)["on_time"], true, "{regime}: the extension stands, question or not");
        }
        assert_eq!(counted(server, "2024-03-04"), (json!(0), json!(0)));
        // Both questions wait no more than any other: what is open on 5 March is late.
        let waiting = under(server, "eir");
        complex(server, &waiting);
        ask(server, &waiting, "2024-02-12");
        assert_eq!(counted(server, "2024-03-04").0, json!(0));
        assert_eq!(counted(server, "2024-03-05").0, json!(3));
        // Under the Acts a permitted extension is time to ask.
        let act = under(server, "foia");
        extend(server, &act, "public_interest", "2024-02-05", "2024-03-04");
        let question = ask(server, &act, "2024-02-12");
        answer(server, &act, &question, "2024-02-20");
        assert_eq!(read(server, &act)["due_on"], "2024-03-20");
        // A fees notice under the Regulations has twenty days as well.
        let fee = under(server, "eisr");
        complex(server, &fee);
        let notice = fee_notice(server, &fee, "2024-02-06");
        assert_eq!(finding(&notice["findings"], "fee-notice-late")["facts"]["limit_on"], "2024-02-05");
        let stands = read(server, &fee);
        assert_eq!((&stands["status"], &stands["overdue"], &stands["extended_to"]), (&json!("awaiting_fee"), &json!(true), &json!("2024-03-04")));
    }

    fn day_forty_leaves_out_the_days_of_a_fee(server) {
        let request = under(server, "foia");
        let notice = id(&fee_notice(server, &request, "2024-01-15"));
        record(server, &request, &format!("fee-notices/{notice}/payment"), json!({"paid_on": "2024-01-24"}));
        let notified = |estimated_on: &str| extend(server, &request, "public_interest", "2024-02-05", estimated_on);
        assert_eq!(notified("2024-03-14")["findings"], json!([]), "day 40 of the clock");
        let beyond = notified("2024-03-15");
        assert_eq!(finding(&beyond["findings"], "extension-beyond-day-forty")["facts"]["day_forty"], "2024-03-14");
    }

    fn a_test_that_the_separate_notice_gives_is_no_breach_of_the_first(server) {
        let request = under(server, "foia");
        extend(server, &request, "public_interest", "2024-02-05", "2024-03-01");
        let untested = without(withheld("1"), &["public_interest_tests"]);
        let first = record(server, &request, "responses", sent("2024-02-05", &[untested]));
        assert!(finding_ids(&first["findings"]).contains(&"missing-public-interest-test"));
        assert_eq!(breaches(server, &request), pairs(&[("missing-public-interest-test", "section 17(3)")]));
        assert_eq!(due_date(&clock_of(server, &request, "1"), "review_may_be_asked_until").unwrap().0, "2024-04-04");
        let outcome = with(sent("2024-02-20", &[withheld("1")]), &json!({"kind": "public_interest_outcome"}));
        record(server, &request, "responses", outcome);
        assert_eq!(breaches(server, &request), pairs(&[]));
        assert_eq!(server.get(&address_of(&first)).expect(200)["findings"], first["findings"], "the letter stays what it was");
        // A review may be asked for from the later letter.
        assert_eq!(due_date(&clock_of(server, &request, "1"), "review_may_be_asked_until").unwrap().0, "2024-04-19");
        let in_time = record(server, &request, "reviews", json!({"requested_on": "2024-04-19", "decision": maintained("2024-04-26")}));
        assert_eq!(in_time["findings"], json!([]));
        let late = record(server, &request, "reviews", json!({"requested_on": "2024-04-22", "decision": maintained("2024-04-26")}));
        assert_eq!(finding(&late["findings"], "review-asked-late")["facts"]["until"], "2024-04-19");
    }

    fn without_an_answer_a_review_may_be_asked_for_from_the_day_it_was_due(server) {
        for (regime, until, day_after) in [("eir", "2024-04-04", "2024-04-05"), ("foisa", "2024-04-02", "2024-04-03"), ("eisr", "2024-04-02", "2024-04-03")] {
            let request = under(server, regime);
            assert_eq!(due_date(&clock_of(server, &request, "1"), "review_may_be_asked_until").unwrap().0, until, "{regime}");
            let asked = |on: &str| record(server, &request, "reviews", json!({"requested_on": on, "decision": maintained(on)}))["findings"].clone();
            assert_eq!(asked(until), json!([]), "{regime}");
            assert_eq!(finding(&asked(day_after), "review-asked-late")["facts"]["until"], until, "{regime}");
        }
        let guidance = under(server, "foia");
        assert_eq!(due_date(&clock_of(server, &guidance, "1"), "review_may_be_asked_until"), None);
        let review = record(server, &guidance, "reviews", json!({"requested_on": "2025-02-03", "decision": maintained("2025-02-04")}));
        assert_eq!(review["findings"], json!([]), "the Code speaks of an answer");
    }

    fn in_scotland_the_commissioner_is_applied_to_within_six_months(server) {
        for (regime, provision) in [("foisa", "section 47(4)"), ("eisr", "section 47(4) of FOISA, by regulation 17")] {
            let request = under(server, regime);
            respond(server, &request, "2024-02-05");
            record(server, &request, "reviews", json!({"requested_on": "2024-02-12", "decision": maintained("2024-02-29")}));
            let by = || due_date(&clock_of(server, &request, "1"), "regulator_application");
            assert_eq!(by(), Some(("2024-08-29".to_owned(), provision.to_owned())), "{regime}");
            let in_time = record(server, &request, "complaints", json!({"made_on": "2024-08-29"}));
            assert_eq!((in_time["findings"].clone(), by()), (json!([]), None), "{regime}");
            let late = record(server, &request, "complaints", json!({"made_on": "2024-08-30"}));
            let warning = finding(&late["findings"], "complaint-after-six-months");
            assert_eq!((&warning["severity"], &warning["provision"], &warning["facts"]),
                (&json!("warning"), &json!(provision), &json!({"made_on": "2024-08-30", "until": "2024-08-29"})), "{regime}");
            // Without an outcome the six months run from the end of the time for one: 11 March.
            let silent = under(server, regime);
            record(server, &silent, "reviews", json!({"requested_on": "2024-02-12"}));
            assert_eq!(due_date(&clock_of(server, &silent, "1"), "regulator_application").unwrap().0, "2024-09-11", "{regime}");
            assert_eq!(finding_ids(&record(server, &silent, "complaints", json!({"made_on": "2024-09-12"}))["findings"]), ["complaint-after-six-months"]);
        }
        let act = under(server, "foia");
        record(server, &act, "reviews", json!({"requested_on": "2024-02-12"}));
        assert_eq!(due_date(&clock_of(server, &act, "1"), "regulator_application"), None);
        assert_eq!(record(server, &act, "complaints", json!({"made_on": "2026-01-12"}))["findings"], json!([]));
    }

    fn steps_not_taken_by_their_day_are_a_breach(server) {
        for (regime, provision) in [("foia", "section 50(4)"), ("eir", "section 50(4) of FOIA, by regulation 18"), ("foisa", "section 49"),
            ("eisr", "section 49 of FOISA, by regulation 17")]
        {
            let request = under(server, regime);
            respond(server, &request, "2024-02-05");
            record(server, &request, "reviews", json!({"requested_on": "2024-02-12", "decision": maintained("2024-02-29")}));
            let complaint = id(&record(server, &request, "complaints", json!({"made_on": "2024-03-11"})));
            let notices = format!("complaints/{complaint}/decision-notices");
            let notice = id(&record(server, &request, &notices, json!({"sent_on": "2024-06-03", "steps": [{"text": "Answer anew.", "parts": ["1"]}],
                "steps_period": {"days": 35, "unit": "calendar_days", "runs_from_on": "2024-06-03"}})));
            let pointer = format!("/complaints/{complaint}/decision-notices/{notice}");
            let of_steps = || compliance(server, &request)[0].clone();
            server.set_now("2024-07-10T09:00:00Z");
            assert_eq!(of_steps(), json!({"id": "steps-not-taken", "severity": "breach", "provision": provision, "pointer": pointer,
                "facts": {"due_on": "2024-07-08", "as_at": "2024-07-10", "days_late": "2"}}), "{regime}");
            server.set_now("2024-07-08T09:00:00Z");
            assert_eq!(of_steps(), Value::Null, "it is the last day");
            server.set_now("2026-06-30T12:00:00Z");
            record(server, &request, &format!("{notices}/{notice}/compliance"), json!({"complied_on": "2024-07-11"}));
            assert_eq!(of_steps(), json!({"id": "steps-taken-late", "severity": "breach", "provision": provision, "pointer": pointer,
                "facts": {"due_on": "2024-07-08", "taken_on": "2024-07-11", "days_late": "3"}}), "{regime}");
        }
        // While an appeal holds them up nothing is due.
        let request = under(server, "foia");
        respond(server, &request, "2024-02-05");
        let complaint = format!("complaints/{}", id(&record(server, &request, "complaints", json!({"made_on": "2024-03-11"}))));
        record(server, &request, &format!("{complaint}/decision-notices"), json!({"sent_on": "2024-06-03", "steps": [{"text": "Answer anew."}],
            "steps_period": {"days": 35, "unit": "calendar_days", "runs_from_on": "2024-06-03"}}));
        assert_eq!(finding_ids(&compliance(server, &request)), ["steps-not-taken"]);
        record(server, &request, &format!("{complaint}/appeals"), json!({"tribunal": "first_tier", "made_on": "2024-07-01", "made_by": "authority"}));
        assert_eq!(compliance(server, &request), json!([]));
    }
}
