//! Findings that follow from the events: whatever the order of recording, whatever is corrected or voided later.

use serde_json::{Value, json};

use crate::{
    on_both,
    support::{
        Server,
        casework::{
            address_of, answer, ask, disclosed, extend, finding, finding_ids, path, read, record, respond, sent, void,
            withheld, without,
        },
        server::id,
    },
};

/// An event as it is read now.
#[track_caller]
fn event(server: &Server, request: &str, event: &str) -> Value {
    server.get(&format!("{}/events/{event}", path(request))).expect(200)
}

/// The ids of an event's findings as it is read now.
#[track_caller]
fn found(server: &Server, request: &str, of: &str) -> Vec<String> {
    finding_ids(&event(server, request, of)["findings"]).into_iter().map(str::to_owned).collect()
}

fn correct(server: &Server, request: &str, received_on: &str) -> String {
    let body = json!({"received_on": received_on, "reason": "The stamp was misread."});
    id(&record(server, request, "receipt-corrections", body))
}

fn under(server: &Server, regime: &str, received_on: &str) -> String {
    if server.get("/v1/authorities").expect(200)["items"].as_array().unwrap().is_empty() {
        server.authority("Force");
    }
    id(&server
        .post("/v1/requests", &json!({"regime": regime, "received_on": received_on, "subject": "A subject"}))
        .expect(201))
}

on_both! {
    fn a_letter_is_no_longer_late_once_the_question_before_it_is_recorded(server) {
        let request = server.request("2024-01-08", &["1"]);
        let bare = without(withheld("1"), &["public_interest_tests"]);
        let letter = record(server, &request, "responses", sent("2024-02-20", &[bare]));
        let late = finding(&letter["findings"], "late-response").clone();
        assert_eq!((&late["facts"]["due_on"], &letter["version"]), (&json!("2024-02-05"), &json!(1)));
        let of_words: Vec<&str> = finding_ids(&letter["findings"]).into_iter().filter(|id| *id != "late-response").collect();
        assert!(!of_words.is_empty());
        let tag = server.get(&address_of(&letter)).header("etag").to_owned();

        server.set_now("2026-07-01T09:00:00Z");
        let question = ask(server, &request, "2024-01-15");
        let waiting = server.get(&address_of(&letter)).expect(200);
        assert_eq!(finding_ids(&waiting["findings"]), of_words, "the duty waited when it was sent");
        assert_eq!((&waiting["version"], &waiting["updated_at"]), (&json!(2), &json!("2026-07-01T09:00:00.000000Z")));
        server.set_now("2026-07-02T09:00:00Z");
        let answered = id(&answer(server, &request, &question, "2024-01-30"));
        let in_time = server.get(&address_of(&letter));
        assert_eq!(in_time.expect(200), waiting, "what does not change keeps its version");
        assert_ne!(in_time.header("etag"), tag);
        assert_eq!(server.get(&format!("{}/checks", address_of(&letter))).expect(200)["findings"], waiting["findings"]);
        assert_eq!(read(server, &request)["on_time"], true);

        void(server, &request, "clarifications", &answered);
        void(server, &request, "clarifications", &question);
        let late_again = server.get(&address_of(&letter)).expect(200);
        assert_eq!((&late_again["findings"], &late_again["version"]), (&letter["findings"], &json!(3)));
    }

    fn a_letter_becomes_late_once_the_receipt_is_corrected(server) {
        let request = server.request("2024-01-10", &["1"]);
        let letter = record(server, &request, "responses", sent("2024-02-07", &[disclosed("1")]));
        assert_eq!((&letter["findings"], &letter["version"]), (&json!([]), &json!(1)));
        let correction = correct(server, &request, "2024-01-08");
        let late = server.get(&address_of(&letter)).expect(200);
        let breach = finding(&late["findings"], "late-response");
        assert_eq!((&breach["facts"]["due_on"], &breach["facts"]["working_days_late"]), (&json!("2024-02-05"), &json!("2")));
        assert_eq!(late["version"], 2);
        void(server, &request, "receipt-corrections", &correction);
        let in_time = server.get(&address_of(&letter)).expect(200);
        assert_eq!((&in_time["findings"], &in_time["version"]), (&json!([]), &json!(3)));
    }

    fn an_answer_of_another_kind_does_not_decide_whether_the_first_is_late(server) {
        let mut letters = Vec::new();
        for order in [[0, 1], [1, 0]] {
            let request = server.request("2024-01-08", &["1"]);
            let both = [
                sent("2024-02-20", &[disclosed("1")]),
                crate::support::casework::with(sent("2024-01-30", &[disclosed("1")]), &json!({"kind": "fresh"})),
            ];
            let kept = order.map(|at| record(server, &request, "responses", both[at].clone()));
            let initial = kept.iter().find(|letter| letter["kind"] == "initial").unwrap();
            letters.push(server.get(&address_of(initial)).expect(200));
            assert_eq!(letters.last(), Some(initial));
        }
        assert_eq!(finding_ids(&letters[0]["findings"]), ["late-response"]);
        assert_eq!(letters[1]["findings"], letters[0]["findings"]);
    }

    fn a_draft_is_left_alone_by_events(server) {
        let request = server.request("2024-01-08", &["1"]);
        let draft = record(server, &request, "responses", crate::support::casework::draft(&[disclosed("1")]));
        assert_eq!(finding_ids(&draft["findings"]), ["late-response"]);
        server.set_now("2026-07-01T09:00:00Z");
        ask(server, &request, "2024-01-15");
        assert_eq!(server.get(&address_of(&draft)).expect(200), draft);
    }

    fn an_extension_is_judged_by_the_receipt_that_stands(server) {
        let request = server.request("2024-01-05", &["1"]);
        let extension = extend(server, &request, "public_interest", "2024-02-05", "2024-03-01");
        assert_eq!(finding(&extension["findings"], "extension-notified-late")["facts"]["due_on"], "2024-02-02");
        let address = format!("{}/events/{}", path(&request), id(&extension));
        let tag = server.get(&address).header("etag").to_owned();
        let correction = correct(server, &request, "2024-01-08");
        let corrected = server.get(&address);
        assert_eq!(corrected.expect(200)["findings"], json!([]));
        assert_ne!(corrected.header("etag"), tag, "what it says has changed");
        void(server, &request, "receipt-corrections", &correction);
        let as_before = server.get(&address);
        assert_eq!((as_before.expect(200), as_before.header("etag")), (extension.clone(), tag.as_str()));
        // A void event keeps what was found of it.
        void(server, &request, "extensions", &id(&extension));
        correct(server, &request, "2024-01-08");
        assert_eq!(event(server, &request, &id(&extension))["findings"], extension["findings"]);
    }

    fn findings_are_the_same_in_any_order_of_recording(server) {
        let mut told = Vec::new();
        for order in ["qaxerc", "cerqax", "rexqca", "xcqrea"] {
            let request = server.request("2024-01-05", &["1"]);
            let (mut question, mut extension, mut further, mut letter) = (String::new(), String::new(), String::new(), Value::Null);
            for step in order.chars() {
                match step {
                    'q' => question = ask(server, &request, "2024-02-06"),
                    'a' => drop(answer(server, &request, &question, "2024-02-12")),
                    'x' => extension = id(&extend(server, &request, "public_interest", "2024-02-05", "2024-03-01")),
                    'e' => further = id(&extend(server, &request, "public_interest", "2024-03-12", "2024-03-20")),
                    'c' => drop(correct(server, &request, "2024-01-08")),
                    _ => letter = respond(server, &request, "2024-03-21"),
                }
            }
            told.push(json!([
                event(server, &request, &question)["findings"], event(server, &request, &extension)["findings"],
                event(server, &request, &further)["findings"], server.get(&address_of(&letter)).expect(200)["findings"]
            ]));
        }
        for (other, order) in told.iter().zip(["first", "second", "third", "fourth"]) {
            assert_eq!(*other, told[0], "{order}");
        }
        let ids: Vec<Vec<&str>> = told[0].as_array().unwrap().iter().map(finding_ids).collect();
        assert_eq!(ids, [vec![], vec![], vec!["extension-notified-late"], vec!["late-response"]]);
    }

    fn a_question_asked_too_late_is_a_breach(server) {
        let request = server.request("2024-01-08", &["1"]);
        let in_time = ask(server, &request, "2024-02-05");
        assert_eq!(found(server, &request, &in_time), [""; 0]);
        let other = server.request("2024-01-08", &["1"]);
        let body = json!({"asked_on": "2024-02-06"});
        let late = record(server, &other, "clarifications", body);
        let breach = finding(&late["findings"], "clarification-asked-late");
        assert_eq!(
            (&breach["severity"], &breach["provision"], &breach["pointer"], &breach["facts"]),
            (&json!("breach"), &json!("section 10(1)"), &json!("/asked_on"),
                &json!({"asked_on": "2024-02-06", "limit_on": "2024-02-05"}))
        );
        // More time that was permitted is time to ask, whenever it is recorded.
        let extension = id(&extend(server, &other, "public_interest", "2024-02-05", "2024-03-01"));
        assert_eq!(found(server, &other, &id(&late)), [""; 0]);
        void(server, &other, "extensions", &extension);
        assert_eq!(event(server, &other, &id(&late)), late);
    }

    fn under_the_regulations_to_ask_is_to_refuse(server) {
        for (regime, provision, notice_under) in
            [("eir", "regulation 12(4)(c)", "regulation 14"), ("eisr", "regulation 10(4)(c)", "regulation 13")]
        {
            let request = under(server, regime, "2024-01-08");
            let question = record(server, &request, "clarifications", json!({"asked_on": "2024-01-15"}));
            assert_eq!(finding_ids(&question["findings"]), ["clarification-is-refusal"]);
            let refusal = finding(&question["findings"], "clarification-is-refusal");
            assert_eq!(
                (&refusal["severity"], &refusal["provision"], &refusal["facts"]),
                (&json!("warning"), &json!(provision), &json!({"notice_under": notice_under}))
            );
        }
        // The regime of the part decides, as it stands.
        let request = under(server, "foia", "2024-01-08");
        let question = ask(server, &request, "2024-01-15");
        assert_eq!(found(server, &request, &question), [""; 0]);
        server.put(&format!("{}/parts/1", path(&request)), "*", &json!({"text": "A subject", "regime": "eir"})).expect(200);
        assert_eq!(found(server, &request, &question), ["clarification-is-refusal"]);
    }

    fn a_lapse_needs_a_question_and_two_months(server) {
        let request = server.request("2024-01-08", &["1"]);
        let lapse = record(server, &request, "lapse", json!({"lapsed_on": "2024-03-14"}));
        let unasked = finding(&lapse["findings"], "lapse-without-question");
        assert_eq!((&unasked["severity"], &unasked["facts"]), (&json!("warning"), &json!({"part": "1"})));
        let question = ask(server, &request, "2024-01-15");
        let early = event(server, &request, &id(&lapse));
        assert_eq!(finding_ids(&early["findings"]), ["lapse-early"]);
        let early = finding(&early["findings"], "lapse-early");
        assert_eq!(
            (&early["severity"], early.get("provision"), &early["facts"]),
            (&json!("warning"), None, &json!({"lapsed_on": "2024-03-14", "may_lapse_on": "2024-03-15"}))
        );
        void(server, &request, "lapse", &id(&lapse));
        let in_time = record(server, &request, "lapse", json!({"lapsed_on": "2024-03-15"}));
        assert_eq!(in_time["findings"], json!([]));
        answer(server, &request, &question, "2024-03-14");
        assert_eq!(found(server, &request, &id(&in_time)), ["lapse-without-question"]);
    }

    fn a_transfer_under_the_acts_ends_no_duty(server) {
        let body = json!({"transferred_on": "2024-01-15", "transferred_to": "Another authority"});
        for (regime, provision) in [("foia", Some("section 1(1)(a)")), ("foisa", Some("section 1(1)")), ("eisr", None)] {
            let request = under(server, regime, "2024-01-08");
            let transfer = record(server, &request, "transfers", body.clone());
            let Some(provision) = provision else {
                assert_eq!(transfer["findings"], json!([]), "{regime}");
                continue;
            };
            assert_eq!(finding_ids(&transfer["findings"]), ["transfer-discharges-no-duty"], "{regime}");
            let advice = finding(&transfer["findings"], "transfer-discharges-no-duty");
            assert_eq!((&advice["severity"], &advice["provision"]), (&json!("advice"), &json!(provision)));
            respond(server, &request, "2024-01-12");
            assert_eq!(found(server, &request, &id(&transfer)), [""; 0], "it was answered before");
        }
    }
}
