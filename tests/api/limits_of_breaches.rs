//! What looks like a breach and is none, and what looks mended and is not: answers in pieces, in time or not, notices of a
//! public-interest test, ends of a duty that was not ended.

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

/// A request of 8 January 2024 in one part: day 20 is 5 February and day 40 is 4 March in every calendar.
fn under(server: &Server, regime: &str) -> String {
    parts_under(server, regime, &["1"])
}

fn parts_under(server: &Server, regime: &str, labels: &[&str]) -> String {
    if server.get("/v1/authorities").expect(200)["items"].as_array().unwrap().is_empty() {
        server.authority("Force");
    }
    let parts: Vec<Value> = labels.iter().map(|label| json!({"label": label, "text": "A question"})).collect();
    let body = json!({"regime": regime, "received_on": "2024-01-08", "subject": "A subject", "parts": parts});
    id(&server.post("/v1/requests", &body).expect(201))
}

/// What compliance finds: id, severity, provision and facts.
fn told(server: &Server, request: &str) -> Value {
    let found = server.get(&format!("{}/compliance", path(request))).expect(200)["findings"].clone();
    let bare =
        found.as_array().unwrap().iter().map(|finding| without(finding.clone(), &["message", "next_step", "pointer"]));
    bare.collect()
}

/// Ids and severities of what compliance finds.
fn weights(server: &Server, request: &str) -> Vec<(String, String)> {
    let word = |value: &Value| value.as_str().unwrap().to_owned();
    told(server, request)
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| (word(&finding["id"]), word(&finding["severity"])))
        .collect()
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(id, severity)| ((*id).to_owned(), (*severity).to_owned())).collect()
}

fn outcome_letter(issued_on: &str) -> Value {
    with(sent(issued_on, &[withheld("1")]), &json!({"kind": "public_interest_outcome"}))
}

fn untested() -> Value {
    without(withheld("1"), &["public_interest_tests"])
}

on_both! {
    fn the_separate_notice_of_a_test_is_measured_by_what_was_announced(server) {
        let decided = |outcome_on: &str| {
            let request = under(server, "foia");
            let notice = id(&extend(server, &request, "public_interest", "2024-02-05", "2024-03-01"));
            record(server, &request, "responses", sent("2024-02-05", &[untested()]));
            let letter = record(server, &request, "responses", outcome_letter(outcome_on));
            (request, notice, letter)
        };
        let (request, notice, letter) = decided("2024-06-03");
        assert_eq!(finding_ids(&letter["findings"]), ["outcome-after-estimate"]);
        assert_eq!(finding(&letter["findings"], "outcome-after-estimate")["facts"],
            json!({"part": "1", "estimated_on": "2024-03-01", "issued_on": "2024-06-03"}));
        assert_eq!(told(server, &request), json!([{"id": "extension-estimate-missed", "severity": "warning",
            "facts": {"parts": "1", "estimated_on": "2024-03-01", "decided_on": "2024-06-03", "working_days_late": "61"}}]));
        // The finding follows from the events: a day announced before the first ran out is the one that counts.
        let further = id(&extend(server, &request, "public_interest", "2024-02-29", "2024-06-03"));
        assert_eq!((server.get(&address_of(&letter)).expect(200)["findings"].clone(), told(server, &request)), (json!([]), json!([])));
        void(server, &request, "extensions", &further);
        assert_eq!(server.get(&address_of(&letter)).expect(200)["findings"], letter["findings"]);
        void(server, &request, "extensions", &notice);
        assert_eq!(told(server, &request)[0]["id"], "test-not-announced");
        let (request, _, letter) = decided("2024-03-01");
        assert_eq!((letter["findings"].clone(), told(server, &request)), (json!([]), json!([])));
    }

    fn a_test_that_nothing_announced_was_due_with_the_first_notice(server) {
        let request = under(server, "foia");
        let first = record(server, &request, "responses", sent("2024-02-05", &[untested()]));
        let letter = record(server, &request, "responses", outcome_letter("2025-02-05"));
        let unannounced = finding(&letter["findings"], "outcome-not-announced");
        assert_eq!((&unannounced["severity"], &unannounced["provision"]), (&json!("warning"), &json!("section 17(2)")));
        assert_eq!(told(server, &request), json!([{"id": "test-not-announced", "severity": "breach", "provision": "section 17(2)",
            "facts": {"provision": "31(1)(a)", "parts": "1", "issued_on": "2024-02-05", "weighed_on": "2025-02-05"}}]));
        assert_eq!(server.get(&address_of(&first)).expect(200)["findings"], first["findings"], "the letter stays what it was");
        // A first answer that gave its test had nothing to announce.
        let weighed = under(server, "foia");
        respond_withheld(server, &weighed);
        assert_eq!(record(server, &weighed, "responses", outcome_letter("2024-03-20"))["findings"], json!([]));
        assert_eq!(told(server, &weighed), json!([]));
    }

    fn parts_may_be_answered_one_after_the_other(server) {
        let request = parts_under(server, "foia", &["1", "2"]);
        let first = record(server, &request, "responses", sent("2024-01-15", &[disclosed("1")]));
        assert_eq!(finding_ids(&first["findings"]), ["part-not-answered"], "a draft would be stopped");
        server.set_now("2024-01-16T12:00:00Z");
        assert_eq!(told(server, &request), json!([]));
        server.set_now("2024-02-06T12:00:00Z");
        assert_eq!(weights(server, &request), pairs(&[("no-response", "breach")]));
        record(server, &request, "responses", sent("2024-01-22", &[disclosed("2")]));
        assert_eq!(told(server, &request), json!([]));
    }

    fn an_answer_when_no_duty_is_left_undoes_no_breach(server) {
        let request = under(server, "foia");
        record(server, &request, "withdrawal", json!({"withdrawn_on": "2024-02-08"}));
        let breach = json!([{"id": "no-response", "severity": "breach", "provision": "section 10(1)", "facts": {"parts": "1", "due_on": "2024-02-05",
            "limit_on": "2024-02-05", "ended_as": "withdrawn", "ended_on": "2024-02-08", "working_days_late": "3"}}]);
        assert_eq!(told(server, &request), breach);
        respond(server, &request, "2024-02-12");
        assert_eq!(told(server, &request), breach);
        // Nor does one undo the breach before a fee that was not paid.
        let lapsed = under(server, "foia");
        let question = ask(server, &lapsed, "2024-02-06");
        answer(server, &lapsed, &question, "2024-02-12");
        record(server, &lapsed, "fee-notices", json!({"given_on": "2024-02-20", "amount": "25.00"}));
        respond(server, &lapsed, "2024-06-03");
        let still = finding(&told(server, &lapsed), "no-response")["facts"].clone();
        assert_eq!((&still["ended_as"], &still["ended_on"]), (&json!("lapsed"), &json!("2024-05-20")));
        let eir = under(server, "eir");
        record(server, &eir, "transfers", json!({"transferred_on": "2024-02-08", "transferred_to": "Another authority"}));
        record(server, &eir, "responses", sent("2024-02-09", &[json!({"part": "1", "outcome": "transferred"})]));
        assert_eq!(weights(server, &eir), pairs(&[("no-response", "breach")]));
        let in_time = under(server, "foia");
        record(server, &in_time, "withdrawal", json!({"withdrawn_on": "2024-02-05"}));
        respond(server, &in_time, "2024-02-12");
        assert_eq!(told(server, &in_time), json!([]));
    }

    fn a_transfer_under_the_regulations_goes_with_a_refusal(server) {
        let transfer = |regime: &str| {
            let request = under(server, regime);
            let body = json!({"transferred_on": "2024-01-15", "transferred_to": "Another authority"});
            let event = record(server, &request, "transfers", body);
            (request, event["findings"].clone())
        };
        let (request, findings) = transfer("eir");
        assert_eq!(finding_ids(&findings), ["transfer-needs-refusal"]);
        let advice = finding(&findings, "transfer-needs-refusal");
        assert_eq!((&advice["severity"], &advice["provision"], &advice["pointer"]),
            (&json!("advice"), &json!("regulation 10(1)"), &json!("/transferred_to")));
        server.set_now("2024-02-05T12:00:00Z");
        assert_eq!(told(server, &request), json!([]));
        server.set_now("2024-02-06T12:00:00Z");
        assert_eq!(told(server, &request), json!([{"id": "transfer-without-refusal", "severity": "warning", "provision": "regulation 14(2)",
            "facts": {"parts": "1", "due_on": "2024-02-05", "limit_on": "2024-02-05", "transferred_on": "2024-01-15", "as_at": "2024-02-06",
                "working_days_late": "1"}}]));
        assert_eq!(read(server, &request)["status"], "transferred", "the clock stays as it is");
        let refusal = json!({"part": "1", "outcome": "not_held", "grounds": [{"provision": "12(4)(a)", "reasons": "It lies with another authority."}]});
        record(server, &request, "responses", sent("2024-02-05", &[refusal]));
        assert_eq!(told(server, &request), json!([]));
        let (scottish, findings) = transfer("eisr");
        assert_eq!((findings, told(server, &scottish)), (json!([]), json!([])));
    }

    fn while_no_duty_runs_no_answer_is_late_for_want_of_an_extension(server) {
        let vexatious = || json!({"part": "1", "outcome": "refused_vexatious", "grounds": [{"provision": "14(1)", "reasons": "It is one of many."}]});
        let unnamed = || with(withheld("1"), &json!({"grounds": [with(withheld("1")["grounds"][0].clone(), &json!({"provision": "43(2)"}))],
            "public_interest_tests": [weighing("43(2)")]}));
        let stops = [
            ("clarifications", json!({"asked_on": "2024-02-01"})),
            ("fee-notices", json!({"given_on": "2024-02-01", "amount": "25.00"})),
            ("withdrawal", json!({"withdrawn_on": "2024-02-01"})),
        ];
        for (resource, body) in stops {
            for determination in [vexatious(), unnamed()] {
                let request = under(server, "foia");
                extend(server, &request, "public_interest", "2024-01-25", "2024-03-04");
                let stop = record(server, &request, resource, body.clone());
                let letter = record(server, &request, "responses", sent("2024-02-12", &[determination]));
                assert_eq!((letter["findings"].clone(), told(server, &request)), (json!([]), json!([])), "{resource}");
                void(server, &request, resource, &id(&stop));
                let found = server.get(&address_of(&letter)).expect(200)["findings"].clone();
                assert_eq!(finding_ids(&found).len(), 1, "{resource}: without it the time ran");
            }
        }
    }

    fn what_breaks_no_provision_is_a_warning(server) {
        let request = under(server, "foisa");
        let foreign = extend(server, &request, "public_interest", "2024-01-22", "2024-03-01");
        assert_eq!(finding(&foreign["findings"], "extension-not-in-regime")["severity"], "error");
        respond(server, &request, "2024-02-01");
        assert_eq!(weights(server, &request), pairs(&[("extension-not-in-regime", "warning")]));
        let certified = under(server, "foia");
        let member = |provision: &str| json!({"provision": provision, "alternative_group": "a", "reasons": "It would harm security."});
        let first = with(member("23(1)"), &json!({"certificate": "Certificate of the Secretary of State of 30 January 2024"}));
        let answer = json!({"part": "1", "outcome": "withheld", "grounds": [first, member("24(1)")], "public_interest_tests": [weighing("a")]});
        let letter = record(server, &certified, "responses", sent("2024-02-05", &[answer]));
        let shown = finding(&letter["findings"], "alternative-shown-by-certificate");
        assert_eq!((&shown["severity"], shown.get("provision")), (&json!("error"), None));
        assert!(weights(server, &certified).iter().all(|(_, severity)| severity == "warning"), "{:?}", weights(server, &certified));
        assert!(weights(server, &certified).iter().any(|(id, _)| id == "alternative-shown-by-certificate"));
    }

    fn more_time_to_weigh_whether_to_withhold_is_none_to_say_that_there_is_nothing(server) {
        let not_held = |named: &str, issued_on: &str| {
            let request = under(server, "foia");
            let body = json!({"kind": "public_interest", "notified_on": "2024-02-05", "estimated_on": "2024-03-01", "grounds": [named],
                "reasons": "It is still being weighed.", "particulars": {"internal_review": "stated", "regulator": "stated"}});
            record(server, &request, "extensions", body);
            let letter = record(server, &request, "responses", sent(issued_on, &[json!({"part": "1", "outcome": "not_held"})]));
            (request, letter)
        };
        let (request, letter) = not_held("31(1)(a)", "2024-02-12");
        let breach = finding(&letter["findings"], "extension-does-not-cover-not-held");
        assert_eq!((&breach["severity"], &breach["provision"], &breach["facts"]),
            (&json!("breach"), &json!("section 10(1)"), &json!({"part": "1", "due_on": "2024-02-05", "issued_on": "2024-02-12", "working_days_late": "5"})));
        assert_eq!((weights(server, &request), &read(server, &request)["on_time"]),
            (pairs(&[("extension-does-not-cover-not-held", "breach")]), &json!(true)));
        // It is found anew with the events, and of nothing else.
        record(server, &request, "receipt-corrections", json!({"received_on": "2024-01-15", "reason": "The stamp was misread."}));
        assert_eq!(server.get(&address_of(&letter)).expect(200)["findings"], json!([]));
        for (named, issued_on) in [("31(3)", "2024-02-12"), ("section 31", "2024-02-12"), ("31(1)(a)", "2024-02-05")] {
            assert_eq!(not_held(named, issued_on).1["findings"], json!([]), "{named}");
        }
    }

    fn a_fee_asked_for_within_an_extension_takes_no_day_of_it(server) {
        let request = under(server, "foia");
        extend(server, &request, "public_interest", "2024-02-05", "2024-03-01");
        let notice = record(server, &request, "fee-notices", json!({"given_on": "2024-02-12", "amount": "25.00"}));
        assert_eq!(notice["findings"], json!([]));
        record(server, &request, &format!("fee-notices/{}/payment", id(&notice)), json!({"paid_on": "2024-03-11"}));
        assert_eq!(due_date(&clock_of(server, &request, "1"), "extended_estimate").unwrap().0, "2024-04-04");
        let letter = record(server, &request, "responses", sent("2024-03-12", &[withheld("1")]));
        assert_eq!((letter["findings"].clone(), &read(server, &request)["on_time"], told(server, &request)), (json!([]), &json!(true), json!([])));
    }

    fn advice_is_no_answer_to_what_is_a_request(server) {
        let advised = || json!({"part": "1", "outcome": "advice_given", "explanation": "The register is kept by another authority."});
        for (regime, expected) in [("foia", vec!["advice-without-answer"]), ("foisa", vec!["advice-without-answer"]), ("eir", vec![])] {
            let letter = record(server, &under(server, regime), "responses", sent("2024-01-15", &[advised()]));
            assert_eq!(finding_ids(&letter["findings"]), expected, "{regime}");
        }
        let body = json!({"regime": "foia", "received_on": "2024-01-08", "subject": "A subject", "parts": [
            {"label": "1", "text": "A remark", "valid_request": false, "invalid_reason": "It asks for nothing."}]});
        let invalid = || id(&server.post("/v1/requests", &body).expect(201));
        assert_eq!(record(server, &invalid(), "responses", sent("2024-01-15", &[advised()]))["findings"], json!([]));
        assert_eq!(finding_ids(&respond(server, &invalid(), "2024-01-15")["findings"]), ["invalid-part-answered"]);
    }

    fn an_estimate_is_not_missed_once_its_extension_is_gone(server) {
        let request = under(server, "foia");
        extend(server, &request, "public_interest", "2024-02-05", "2024-03-04");
        let question = ask(server, &request, "2024-02-12");
        assert_eq!(told(server, &request), json!([]), "it waits, long after the day announced");
        answer(server, &request, &question, "2024-02-20");
        assert_eq!(read(server, &request)["due_on"], "2024-03-20");
        respond(server, &request, "2024-03-15");
        assert_eq!((&read(server, &request)["on_time"], told(server, &request)), (&json!(true), json!([])));
        // What had run out before the question was missed.
        let missed = under(server, "foia");
        extend(server, &missed, "public_interest", "2024-02-05", "2024-03-04");
        ask(server, &missed, "2024-03-11");
        assert_eq!(weights(server, &missed)[2..], pairs(&[("extension-estimate-missed", "warning")]));
    }

    fn to_close_what_nobody_asked_about_leaves_the_duty(server) {
        for regime in ["foia", "eir", "foisa", "eisr"] {
            let request = under(server, regime);
            record(server, &request, "lapse", json!({"lapsed_on": "2024-01-22"}));
            server.set_now("2024-02-05T12:00:00Z");
            assert_eq!(told(server, &request), json!([]));
            server.set_now("2024-02-08T12:00:00Z");
            let breach = told(server, &request)[0].clone();
            assert_eq!((&breach["id"], &breach["severity"], &breach["facts"]), (&json!("no-response"), &json!("breach"),
                &json!({"parts": "1", "due_on": "2024-02-05", "limit_on": "2024-02-05", "lapsed_on": "2024-01-22", "as_at": "2024-02-08", "working_days_late": "3"})));
            assert_eq!(read(server, &request)["status"], "lapsed", "{regime}: the clock stays as it is");
            respond(server, &request, "2024-02-02");
            assert_eq!((told(server, &request), &read(server, &request)["on_time"]), (json!([]), &json!(true)), "{regime}");
            server.set_now("2026-06-30T12:00:00Z");
        }
    }

    fn a_test_of_what_may_need_none_is_incomplete_and_no_error(server) {
        let neither = json!({"part": "1", "outcome": "neither_confirmed_nor_denied", "grounds": [{"provision": "18(1)", "relies_on": [{"provision": "35(1)(a)", "threshold": "would"}],
            "reasons": "Either would harm.", "prejudice": {"interest": "Crime", "harm": "Both tell", "causal_link": "By comparison"}, "consistency_reasons": "Always so."}],
            "public_interest_tests": [{"provisions": ["18(1)"], "balance": "maintain"}]});
        let not_held = json!({"part": "1", "outcome": "not_held", "grounds": [{"provision": "12(4)(a)", "reasons": "The search found nothing."}],
            "public_interest_tests": [{"provisions": ["12(4)(a)"], "balance": "maintain", "presumption_applied": true}]});
        for (regime, answer, provision) in [("foisa", neither, "section 18(1)"), ("eir", not_held, "regulation 14(3)(b)")] {
            let request = under(server, regime);
            let letter = record(server, &request, "responses", sent("2024-02-05", &[answer]));
            assert_eq!(finding_ids(&letter["findings"]), ["public-interest-test-incomplete"], "{regime}");
            let found = finding(&letter["findings"], "public-interest-test-incomplete");
            assert_eq!((&found["severity"], &found["provision"], &found["facts"]),
                (&json!("warning"), &json!(provision), &json!({"part": "1", "lacking": "factors"})), "{regime}");
            assert!(!weights(server, &request).iter().any(|(_, severity)| severity == "breach"), "{regime}");
        }
    }
}

/// A first answer in time that gives the public-interest test.
fn respond_withheld(server: &Server, request: &str) {
    record(server, request, "responses", sent("2024-02-05", &[withheld("1")]));
}
