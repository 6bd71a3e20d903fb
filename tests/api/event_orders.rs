//! Events over HTTP, whatever their kind: in any order of recording, refused where they cannot have been, voided as if they
//! had never been, and read back.

use serde_json::{Value, json};

use crate::{
    on_both,
    support::{
        casework::{
            answer, ask, clock_of, disclosed, extend, names_both, path, read, record, respond, sent, state, void, with,
        },
        server::id,
    },
};

on_both! {
    fn a_receipt_cannot_be_corrected_to_after_what_happened(server) {
        let request = server.request("2024-01-08", &["1"]);
        let question = ask(server, &request, "2024-01-15");
        let correction = server.post(
            &format!("{}/receipt-corrections", path(&request)),
            &json!({"received_on": "2024-01-16", "reason": "A slip."}),
        );
        let problem = correction.problem(409, "impossible-order");
        names_both(&problem, "receipt_correction", "clarification_asked");
        assert!(problem["detail"].as_str().unwrap().contains(&question), "{problem}");
        assert_eq!(read(server, &request)["received_on"], "2024-01-08", "nothing was written");
    }

    fn what_cannot_have_been_is_refused_with_both_named(server) {
        let request = server.request("2024-01-08", &["1"]);
        let question = ask(server, &request, "2024-01-15");
        let address = |resource: &str| format!("{}/{resource}", path(&request));
        let before = state(server, &request);
        let early = server
            .post(&address(&format!("clarifications/{question}/answer")), &json!({"answered_on": "2024-01-14"}))
            .problem(409, "impossible-order");
        names_both(&early, "clarification_asked", "clarification_answered");
        assert!(early["detail"].as_str().unwrap().contains(&question), "{early}");
        assert!(early["detail"].as_str().unwrap().contains("2024-01-14"), "{early}");
        let unborn = server
            .post(&address("clarifications"), &json!({"asked_on": "2024-01-07"}))
            .problem(409, "impossible-order");
        names_both(&unborn, "receipt", "clarification_asked");
        assert!(unborn["detail"].as_str().unwrap().contains("2024-01-08"), "{unborn}");
        let nothing_ended =
            server.post(&address("reopening"), &json!({"received_on": "2024-02-01"})).problem(409, "impossible-order");
        names_both(&nothing_ended, "receipt", "reopening");
        let unanswerable =
            server.post(&address("responses"), &sent("2024-01-07", &[disclosed("1")])).problem(409, "impossible-order");
        names_both(&unanswerable, "receipt", "response");
        assert_eq!(state(server, &request), before, "nothing was written");
        answer(server, &request, &question, "2024-01-20");
        let twice = server
            .post(&address(&format!("clarifications/{question}/answer")), &json!({"answered_on": "2024-01-22"}))
            .problem(409, "impossible-order");
        assert!(twice["detail"].as_str().unwrap().contains("once"), "{twice}");
        let notice = id(&record(server, &request, "fee-notices", json!({"given_on": "2024-01-25", "amount": "5"})));
        let paid_early = server
            .post(&address(&format!("fee-notices/{notice}/payment")), &json!({"paid_on": "2024-01-24"}))
            .problem(409, "impossible-order");
        names_both(&paid_early, "fee_notice_given", "fee_paid");
        respond(server, &request, "2024-02-01");
        let answered =
            server.post(&address("reopening"), &json!({"received_on": "2024-02-05"})).problem(409, "impossible-order");
        names_both(&answered, "response", "reopening");
        // Nor what was withdrawn and answered all the same, by a letter that names the parts.
        let withdrawn = server.request("2024-01-08", &["1"]);
        record(server, &withdrawn, "withdrawal", json!({"withdrawn_on": "2024-01-15"}));
        respond(server, &withdrawn, "2024-01-22");
        let answered = server.post(&format!("{}/reopening", path(&withdrawn)), &json!({"received_on": "2024-02-05"}));
        names_both(&answered.problem(409, "impossible-order"), "response", "reopening");
    }

    fn days_to_come_and_unknown_parts_are_refused_everywhere(server) {
        let request = server.request("2026-06-01", &["1", "2"]);
        let question = ask(server, &request, "2026-06-02");
        let notice = id(&record(server, &request, "fee-notices", json!({"given_on": "2026-06-03", "amount": "5"})));
        let before = state(server, &request);
        let tomorrow = "2026-07-01";
        for (resource, member, rest) in [
            ("clarifications".to_owned(), "asked_on", json!({})),
            (format!("clarifications/{question}/answer"), "answered_on", json!({})),
            ("fee-notices".to_owned(), "given_on", json!({"amount": "5"})),
            (format!("fee-notices/{notice}/payment"), "paid_on", json!({})),
            ("extensions".to_owned(), "notified_on", json!({"kind": "public_interest"})),
            ("withdrawal".to_owned(), "withdrawn_on", json!({})),
            ("lapse".to_owned(), "lapsed_on", json!({})),
            ("transfers".to_owned(), "transferred_on", json!({"transferred_to": "Another"})),
            ("reopening".to_owned(), "received_on", json!({})),
            ("receipt-corrections".to_owned(), "received_on", json!({"reason": "A slip."})),
        ] {
            let address = format!("{}/{resource}", path(&request));
            let refused = server.post(&address, &with(rest.clone(), &json!({member: tomorrow})));
            refused.problem(422, "validation-failed");
            assert_eq!(refused.faults(), [(format!("#/{member}"), "date-in-future".to_owned())], "{resource}");
            let of_all_parts = resource.contains('/') || resource == "receipt-corrections";
            let body = with(rest, &json!({member: "2026-06-04", "parts": ["1", "9", "x"]}));
            let unknown = server.post(&address, &body);
            if of_all_parts {
                unknown.problem(400, "unknown-member");
            } else {
                unknown.problem(422, "validation-failed");
                let faults = ["/parts/1", "/parts/2"].map(|at| (format!("#{at}"), "unknown-part".to_owned()));
                assert_eq!(unknown.faults(), faults, "{resource}");
            }
        }
        assert_eq!(state(server, &request), before, "nothing was written");
        let all_at_once = server.post(
            &format!("{}/fee-notices", path(&request)),
            &json!({"given_on": tomorrow, "amount": "0", "parts": ["1", "1", "9"]}),
        );
        all_at_once.problem(422, "validation-failed");
        let mut faults = all_at_once.faults();
        faults.sort();
        assert_eq!(
            faults,
            [
                ("/amount", "invalid-value"),
                ("/given_on", "date-in-future"),
                ("/parts/1", "duplicate-value"),
                ("/parts/2", "unknown-part")
            ]
            .map(|(at, code)| (format!("#{at}"), code.to_owned()))
        );
    }

    fn an_event_is_read_back_as_it_was_recorded(server) {
        let request = server.request("2024-01-08", &["1", "2"]);
        let other = server.request("2024-01-08", &["1"]);
        let body = json!({"asked_on": "2024-01-15", "text": "Which period do you mean?", "parts": ["2"]});
        let recorded = server.post(&format!("{}/clarifications", path(&request)), &body);
        let event = recorded.expect(201);
        assert_eq!(recorded.header("location"), format!("{}/events/{}", path(&request), id(&event)));
        let read_back = server.get(recorded.header("location"));
        assert_eq!(read_back.expect(200), event);
        assert_eq!(read_back.header("etag"), recorded.header("etag"));
        assert_eq!(
            (&event["request_id"], &event["kind"], &event["effective_on"], &event["text"], &event["parts"]),
            (
                &json!(request),
                &json!("clarification_asked"),
                &json!("2024-01-15"),
                &json!("Which period do you mean?"),
                &json!(["2"])
            )
        );
        server.get(&format!("{}/events/{}", path(&other), id(&event))).problem(404, "not-found");
        server.get(&format!("{}/events/{}", path(&request), uuid::Uuid::new_v4())).problem(404, "not-found");
        let voided = void(server, &request, "clarifications", &id(&event));
        assert_eq!(voided["void_reason"], "Recorded on the wrong request.");
        assert_eq!(voided["voided_at"], "2026-06-30T12:00:00.000000Z");
        let after = server.get(recorded.header("location"));
        assert_eq!(after.expect(200), voided, "nothing is deleted");
        assert_ne!(after.header("etag"), recorded.header("etag"));
    }

    fn the_timeline_is_in_the_order_of_recording(server) {
        let request = server.request("2024-01-08", &["1"]);
        respond(server, &request, "2024-02-20");
        let question = ask(server, &request, "2024-01-15");
        answer(server, &request, &question, "2024-01-22");
        let extension = id(&extend(server, &request, "public_interest", "2024-01-30", "2024-02-28"));
        void(server, &request, "extensions", &extension);
        let timeline = server.get(&format!("{}/timeline", path(&request))).expect(200);
        let told: Vec<Value> = timeline["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|entry| json!([entry["kind"], entry["effective_on"], entry["detail"]]))
            .collect();
        assert_eq!(
            json!(told),
            json!([
                ["request_recorded", "2024-01-08", null],
                ["response_issued", "2024-02-20", "initial"],
                ["event_recorded", "2024-01-15", "clarification_asked"],
                ["event_recorded", "2024-01-22", "clarification_answered"],
                ["event_recorded", "2024-01-30", "extension"],
                ["event_voided", "2024-01-30", "extension"],
            ])
        );
        assert_eq!(timeline["items"][2]["subject_id"], question);
        assert_eq!(
            (&timeline["items"][4]["subject_id"], &timeline["items"][5]["subject_id"]),
            (&json!(extension), &json!(extension))
        );
    }

    fn any_order_of_recording_gives_the_same_clock(server) {
        let mut states = Vec::new();
        for order in [["q", "a", "e", "f", "p", "r"], ["r", "e", "f", "p", "q", "a"], ["f", "q", "r", "a", "p", "e"]] {
            let request = server.request("2024-01-08", &["1"]);
            let (mut question, mut notice) = (String::new(), String::new());
            for step in order {
                match step {
                    "q" => question = ask(server, &request, "2024-01-15"),
                    "a" => drop(answer(server, &request, &question, "2024-01-22")),
                    "e" => drop(extend(server, &request, "public_interest", "2024-02-19", "2024-03-08")),
                    "f" => {
                        notice = id(&record(
                            server,
                            &request,
                            "fee-notices",
                            json!({"given_on": "2024-01-29", "amount": "25"}),
                        ));
                    }
                    "p" => drop(record(
                        server,
                        &request,
                        &format!("fee-notices/{notice}/payment"),
                        json!({"paid_on": "2024-02-02"}),
                    )),
                    _ => drop(respond(server, &request, "2024-03-04")),
                }
            }
            states.push(state(server, &request));
        }
        let (document, clock) = &states[0];
        assert_eq!(
            (&document["status"], &document["due_on"], &document["extended_to"]),
            (&json!("responded"), &json!("2024-02-26"), &json!("2024-03-08"))
        );
        assert_eq!((&document["working_days_taken"], &document["on_time"]), (&json!(25), &json!(true)));
        assert!(clock.contains("fee_paid"));
        assert_eq!(states[1], states[0]);
        assert_eq!(states[2], states[0]);
    }

    fn voiding_gives_the_state_of_never_having_had_it(server) {
        let plain = server.request("2024-01-08", &["1"]);
        let question = ask(server, &plain, "2024-01-15");
        answer(server, &plain, &question, "2024-01-22");
        respond(server, &plain, "2024-02-12");
        let tangled = server.request("2024-01-08", &["1"]);
        let withdrawal = id(&record(server, &tangled, "withdrawal", json!({"withdrawn_on": "2024-02-05"})));
        let first = ask(server, &tangled, "2024-01-10");
        let second = ask(server, &tangled, "2024-01-15");
        let notice = id(&record(server, &tangled, "fee-notices", json!({"given_on": "2024-01-26", "amount": "25"})));
        let payment =
            id(&record(server, &tangled, &format!("fee-notices/{notice}/payment"), json!({"paid_on": "2024-02-02"})));
        let correction = id(&record(
            server,
            &tangled,
            "receipt-corrections",
            json!({"received_on": "2024-01-05", "reason": "A slip."}),
        ));
        let extension = id(&extend(server, &tangled, "public_interest", "2024-01-30", "2024-02-28"));
        let transfer = id(&record(
            server,
            &tangled,
            "transfers",
            json!({"transferred_on": "2024-02-06", "transferred_to": "Another"}),
        ));
        let lapse = id(&record(server, &tangled, "lapse", json!({"lapsed_on": "2024-02-07"})));
        let reopening = id(&record(server, &tangled, "reopening", json!({"received_on": "2024-02-08"})));
        let early = id(&answer(server, &tangled, &first, "2024-01-12"));
        let late = id(&answer(server, &tangled, &second, "2024-01-23"));
        respond(server, &tangled, "2024-02-12");
        assert_ne!(state(server, &tangled), state(server, &plain));
        for (resource, event) in [
            ("reopening", &reopening),
            ("lapse", &lapse),
            ("transfers", &transfer),
            ("withdrawal", &withdrawal),
            ("extensions", &extension),
            ("receipt-corrections", &correction),
            ("fee-notices", &payment),
            ("fee-notices", &notice),
            ("clarifications", &early),
            ("clarifications", &first),
            ("clarifications", &late),
        ] {
            void(server, &tangled, resource, event);
        }
        answer(server, &tangled, &second, "2024-01-22");
        assert_eq!(state(server, &tangled), state(server, &plain));
    }

    fn an_event_is_voided_once_under_its_own_name(server) {
        let request = server.request("2024-01-08", &["1"]);
        let other = server.request("2024-01-08", &["1"]);
        let question = ask(server, &request, "2024-01-10");
        let notice = id(&record(server, &request, "fee-notices", json!({"given_on": "2024-01-11", "amount": "25"})));
        let extension = id(&extend(server, &request, "public_interest", "2024-01-12", "2024-03-01"));
        let withdrawal = id(&record(server, &request, "withdrawal", json!({"withdrawn_on": "2024-01-15"})));
        let lapse = id(&record(server, &request, "lapse", json!({"lapsed_on": "2024-01-16"})));
        let transfer = id(&record(
            server,
            &request,
            "transfers",
            json!({"transferred_on": "2024-01-17", "transferred_to": "Another"}),
        ));
        let reopening = id(&record(server, &request, "reopening", json!({"received_on": "2024-01-18"})));
        let correction = id(&record(
            server,
            &request,
            "receipt-corrections",
            json!({"received_on": "2024-01-05", "reason": "A slip."}),
        ));
        let all = [
            ("clarifications", &question),
            ("fee-notices", &notice),
            ("extensions", &extension),
            ("transfers", &transfer),
            ("reopening", &reopening),
            ("lapse", &lapse),
            ("withdrawal", &withdrawal),
            ("receipt-corrections", &correction),
        ];
        let reason = json!({"reason": "It did not happen."});
        for (resource, _) in all {
            for (own, event) in all.iter().filter(|(own, _)| *own != resource) {
                let foreign = server.post(&format!("{}/{resource}/{event}/void", path(&request)), &reason);
                assert_eq!(foreign.status, 404, "{own} voided as one of {resource}");
            }
        }
        for (resource, event) in all {
            let elsewhere = server.post(&format!("{}/{resource}/{event}/void", path(&other)), &reason);
            elsewhere.problem(404, "not-found");
            void(server, &request, resource, event);
            let again = server.post(&format!("{}/{resource}/{event}/void", path(&request)), &reason);
            again.problem(409, "not-possible-in-this-state");
            server
                .post(&format!("{}/{resource}/{event}/void", path(&request)), &json!({}))
                .problem(400, "missing-member");
        }
        assert_eq!(clock_of(server, &request, "1")["events"], json!([]));
        let nowhere = uuid::Uuid::new_v4().to_string();
        for question in [&question, &notice, &nowhere] {
            let address = format!("{}/clarifications/{question}/answer", path(&request));
            server.post(&address, &json!({"answered_on": "2024-01-20"})).problem(404, "not-found");
        }
        for notice in [&notice, &question, &nowhere] {
            let address = format!("{}/fee-notices/{notice}/payment", path(&request));
            server.post(&address, &json!({"paid_on": "2024-01-20"})).problem(404, "not-found");
        }
    }

    fn what_another_event_rests_on_cannot_be_voided(server) {
        let request = server.request("2024-01-08", &["1"]);
        let question = ask(server, &request, "2024-01-10");
        let answered = id(&answer(server, &request, &question, "2024-01-12"));
        let notice = id(&record(server, &request, "fee-notices", json!({"given_on": "2024-01-15", "amount": "25"})));
        let payment =
            id(&record(server, &request, &format!("fee-notices/{notice}/payment"), json!({"paid_on": "2024-01-16"})));
        let withdrawal = id(&record(server, &request, "withdrawal", json!({"withdrawn_on": "2024-01-17"})));
        let reopening = id(&record(server, &request, "reopening", json!({"received_on": "2024-01-18"})));
        for (resource, event, dependents, dependent) in [
            ("withdrawal", &withdrawal, "reopening", &reopening),
            ("fee-notices", &notice, "fee-notices", &payment),
            ("clarifications", &question, "clarifications", &answered),
        ] {
            let before = state(server, &request);
            let address = format!("{}/{resource}/{event}/void", path(&request));
            let problem =
                server.post(&address, &json!({"reason": "It did not happen."})).problem(409, "impossible-order");
            assert!(problem["detail"].as_str().unwrap().contains(dependent.as_str()), "{problem}");
            assert_eq!(state(server, &request), before, "nothing was written");
            void(server, &request, dependents, dependent);
            void(server, &request, resource, event);
        }
        assert_eq!(clock_of(server, &request, "1")["events"], json!([]));
    }

    fn events_need_a_request_that_is_there(server) {
        server.request("2024-01-08", &["1"]);
        let nowhere = uuid::Uuid::new_v4();
        for (resource, body) in [
            ("clarifications", json!({"asked_on": "2024-01-10"})),
            ("fee-notices", json!({"given_on": "2024-01-10", "amount": "1"})),
            ("extensions", json!({"kind": "public_interest", "notified_on": "2024-01-10"})),
            ("withdrawal", json!({"withdrawn_on": "2024-01-10"})),
            ("lapse", json!({"lapsed_on": "2024-01-10"})),
            ("transfers", json!({"transferred_on": "2024-01-10", "transferred_to": "x"})),
            ("reopening", json!({"received_on": "2024-01-10"})),
            ("receipt-corrections", json!({"received_on": "2024-01-10", "reason": "x"})),
        ] {
            server.post(&format!("/v1/requests/{nowhere}/{resource}"), &body).problem(404, "not-found");
        }
    }
}
