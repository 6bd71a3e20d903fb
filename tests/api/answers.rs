//! What an issued response does to its request: parts answered and left open, first answers and later ones, outcomes.

use serde_json::{Value, json};

use crate::{
    on_both,
    support::{
        casework::{
            address_of, clock_of, disclosed, draft, finding_ids, names_both, ncnd, path, read, record_response,
            responses, sent, with, withheld, without,
        },
        server::id,
    },
};

/// How each part of a request stands: status, outcome, due date.
fn parts(request: &Value) -> Value {
    let parts = request["parts"].as_array().unwrap().iter();
    parts.map(|part| json!([part["label"], part["status"], part["outcome"], part["due_on"]])).collect()
}

on_both! {
    fn a_partial_response_leaves_the_rest_open(server) {
        let request = server.request("2024-01-08", &["1", "2", "3"]);
        let question = id(&server
            .post(&format!("{}/clarifications", path(&request)), &json!({"asked_on": "2024-01-10", "parts": ["2"]}))
            .expect(201));
        server
            .post(
                &format!("{}/clarifications/{question}/answer", path(&request)),
                &json!({"answered_on": "2024-01-15"}),
            )
            .expect(201);
        server.set_now("2024-02-06T12:00:00Z");
        let both = [json!({"part": "2", "reason": "The public interest is still being weighed."})];
        let unsaid = record_response(server, &request, &sent("2024-02-05", &[disclosed("1")]));
        let missing: Vec<&Value> =
            unsaid["findings"].as_array().unwrap().iter().map(|finding| &finding["facts"]["part"]).collect();
        assert_eq!(
            (finding_ids(&unsaid["findings"]), missing),
            (vec!["part-not-answered"; 2], vec![&json!("2"), &json!("3")])
        );
        let partial = with(sent("2024-02-06", &[withheld("3")]), &json!({"left_open": both}));
        let letter = record_response(server, &request, &partial);
        assert_eq!(letter["left_open"], json!(both));
        assert_eq!(
            finding_ids(&letter["findings"]),
            ["late-response"],
            "part 2 was left open on purpose, part 1 is answered"
        );
        let open = read(server, &request);
        assert_eq!(
            (&open["status"], &open["due_on"], &open["overdue"]),
            (&json!("open"), &json!("2024-02-12"), &json!(false))
        );
        assert_eq!(
            (open.get("outcome"), open.get("responded_on"), open.get("on_time"), open.get("working_days_taken")),
            (None, None, None, None)
        );
        assert_eq!(
            parts(&open),
            json!([
                ["1", "responded", "disclosed", "2024-02-05"],
                ["2", "open", null, "2024-02-12"],
                ["3", "responded", "withheld", "2024-02-05"],
            ])
        );
        server.set_now("2024-02-13T12:00:00Z");
        assert_eq!(read(server, &request)["overdue"], true);
        let again = server.post(&responses(&request), &sent("2024-02-12", &[ncnd("2"), disclosed("3")]));
        let problem = again.problem(409, "not-possible-in-this-state");
        assert!(problem["detail"].as_str().unwrap().contains("Part 3"), "{problem}");
        assert_eq!(parts(&read(server, &request))[1][1], "open", "nothing was written");
        record_response(
            server,
            &request,
            &with(sent("2024-02-12", &[ncnd("2")]), &json!({"kind": "public_interest_outcome"})),
        );
        let done = read(server, &request);
        assert_eq!(
            (&done["status"], &done["outcome"], &done["responded_on"]),
            (&json!("responded"), &json!("partly_withheld"), &json!("2024-02-12"))
        );
        assert_eq!(
            (&done["working_days_taken"], &done["on_time"]),
            (&json!(21), &json!(false)),
            "part 3 was a day late"
        );
        let announced = server.post(
            &responses(&request),
            &with(sent("2024-02-13", &[ncnd("2")]), &json!({"kind": "public_interest_outcome"})),
        );
        announced.problem(409, "not-possible-in-this-state");
    }

    fn a_separate_notice_of_the_outcome_follows_an_initial_answer(server) {
        let request = server.request("2024-01-08", &["1"]);
        record_response(server, &request, &sent("2024-02-05", &[withheld("1")]));
        let answered = read(server, &request);
        let outcome = |issued_on: &str| with(sent(issued_on, &[disclosed("1")]), &json!({"kind": "public_interest_outcome"}));
        let early = server.post(&responses(&request), &outcome("2024-02-02")).problem(409, "impossible-order");
        names_both(&early, "initial", "public_interest_outcome");
        let separate = record_response(server, &request, &outcome("2024-03-20"));
        assert_eq!(separate["findings"], json!([]));
        let after = read(server, &request);
        let members = ["status", "outcome", "responded_on", "working_days_taken", "on_time", "parts"];
        for member in members {
            assert_eq!(after[member], answered[member], "{member}: the first complete answer decides");
        }
        assert_eq!((&after["on_time"], &after["outcome"]), (&json!(true), &json!("withheld_in_full")));
        let authority = after["authority_id"].as_str().unwrap();
        let rows = server.get(&format!("/v1/metrics/provisions?authority_id={authority}&start_on=2024-01-01&end_on=2024-12-31")).expect(200);
        assert_eq!(rows["rows"].as_array().unwrap().len(), 1);
        assert_eq!((&rows["rows"][0]["provision"], &rows["rows"][0]["times_cited"]), (&json!("31(1)(a)"), &json!(1)));
        server.post(&responses(&request), &outcome("2024-03-21")).problem(409, "not-possible-in-this-state");
        server.post(&responses(&request), &sent("2024-03-21", &[disclosed("1")])).problem(409, "not-possible-in-this-state");

        // As a draft too, and of two on one day the initial one decides.
        let other = server.request("2024-01-08", &["1"]);
        let kind = json!({"kind": "public_interest_outcome"});
        let drafted = record_response(server, &other, &with(draft(&[disclosed("1")]), &kind));
        record_response(server, &other, &sent("2024-02-05", &[withheld("1")]));
        let issue = |issued_on: &str| server.post(&format!("{}/issue", address_of(&drafted)), &json!({"issued_on": issued_on}));
        names_both(&issue("2024-02-02").problem(409, "impossible-order"), "initial", "public_interest_outcome");
        issue("2024-02-05").expect(200);
        assert_eq!(read(server, &other)["outcome"], "withheld_in_full");

        // Facts come in any order: the initial letter may be recorded after the notice that followed it.
        let late = server.request("2024-01-08", &["1"]);
        record_response(server, &late, &outcome("2024-02-20"));
        assert_eq!(read(server, &late)["on_time"], false);
        record_response(server, &late, &sent("2024-02-05", &[withheld("1")]));
        let recorded = read(server, &late);
        assert_eq!((&recorded["on_time"], &recorded["responded_on"], &recorded["outcome"]), (&json!(true), &json!("2024-02-05"), &json!("withheld_in_full")));
    }

    fn a_second_first_answer_is_refused_at_issue_too(server) {
        let request = server.request("2026-06-08", &["1"]);
        let response = record_response(server, &request, &draft(&[disclosed("1")]));
        record_response(server, &request, &sent("2026-06-29", &[withheld("1")]));
        let issue = server.post(
            &format!("{}/issue", address_of(&response)),
            &json!({"issued_on": "2026-06-30", "override": {"reason": "In haste."}}),
        );
        issue.problem(409, "not-possible-in-this-state");
        assert_eq!(read(server, &request)["outcome"], "withheld_in_full");
        server.delete(&address_of(&response), "*").expect(204);
    }

    fn later_answers_change_neither_outcome_nor_timeliness(server) {
        let request = server.request("2024-01-08", &["1", "2"]);
        let first = record_response(server, &request, &sent("2024-02-06", &[withheld("1"), ncnd("2")]));
        let unmoved = |document: Value| without(document, &["version", "updated_at"]);
        let before = unmoved(read(server, &request));
        let clock = clock_of(server, &request, "1");
        let authority = before["authority_id"].as_str().unwrap();
        let figures = || {
            ["timeliness?basis=closed&", "outcomes?", "provisions?", "ncnd?"].map(|metric| {
                server
                    .get(&format!("/v1/metrics/{metric}start_on=2024-01-01&end_on=2026-06-30&authority_id={authority}"))
                    .expect(200)
            })
        };
        let counted = figures();
        for kind in ["fresh", "revised", "review"] {
            let later = with(
                sent("2024-05-01", &[disclosed("1"), disclosed("2")]),
                &json!({"kind": kind, "supersedes": id(&first)}),
            );
            let letter = record_response(server, &request, &later);
            assert_eq!((&letter["kind"], &letter["supersedes"]), (&json!(kind), &json!(id(&first))));
            assert!(
                !finding_ids(&letter["findings"]).contains(&"late-response"),
                "timeliness is that of the first answer"
            );
            assert_eq!(unmoved(read(server, &request)), before, "{kind}");
            assert_eq!(clock_of(server, &request, "1"), clock, "{kind}");
            assert_eq!(figures(), counted, "{kind}");
        }
        let list = server.get(&responses(&request)).expect(200);
        let kinds: Vec<&str> =
            list["items"].as_array().unwrap().iter().map(|response| response["kind"].as_str().unwrap()).collect();
        assert_eq!(kinds, ["initial", "fresh", "revised", "review"]);
    }

    fn only_an_issued_response_of_the_request_is_superseded(server) {
        let request = server.request("2024-01-08", &["1"]);
        let other = server.request("2024-01-08", &["1"]);
        let elsewhere = record_response(server, &other, &sent("2024-02-05", &[disclosed("1")]));
        let unsent = record_response(server, &request, &draft(&[]));
        for superseded in [id(&elsewhere), id(&unsent), uuid::Uuid::new_v4().to_string(), "nonsense".to_owned()] {
            let refused = server.post(
                &responses(&request),
                &with(sent("2024-02-05", &[disclosed("1")]), &json!({"kind": "revised", "supersedes": superseded})),
            );
            refused.problem(422, "validation-failed");
            assert_eq!(refused.faults(), [("#/supersedes".to_owned(), "invalid-value".to_owned())]);
        }
    }

    fn the_outcome_of_the_request_follows_from_its_parts(server) {
        let combinations: &[(&[&str], &str)] = &[
            (&["disclosed", "disclosed"], "granted_in_full"),
            (&["disclosed", "not_held"], "granted_in_full"),
            (&["disclosed", "withheld"], "partly_withheld"),
            (&["disclosed", "neither_confirmed_nor_denied"], "partly_withheld"),
            (&["disclosed", "accessible_elsewhere"], "partly_withheld"),
            (&["partly_disclosed", "not_held"], "partly_withheld"),
            (&["withheld", "neither_confirmed_nor_denied"], "withheld_in_full"),
            (&["withheld", "refused_cost"], "withheld_in_full"),
            (&["accessible_elsewhere", "not_held"], "withheld_in_full"),
            (&["neither_confirmed_nor_denied", "not_held"], "neither_confirmed_nor_denied"),
            (&["neither_confirmed_nor_denied", "refused_cost"], "neither_confirmed_nor_denied"),
            (&["refused_cost", "not_held"], "refused_cost"),
            (&["refused_vexatious", "not_held"], "refused_vexatious"),
            (&["refused_repeated", "not_held"], "refused_repeated"),
            (&["not_held", "not_held"], "not_held"),
            (&["not_held", "transferred"], "not_held"),
            (&["advice_given"], "advice_given"),
            (&["transferred"], "transferred"),
        ];
        for (outcomes, expected) in combinations {
            for turned in [false, true] {
                let mut outcomes = outcomes.to_vec();
                if turned {
                    outcomes.reverse();
                }
                let labels: Vec<String> = (1..=outcomes.len()).map(|number| number.to_string()).collect();
                let request = server.request("2024-01-08", &labels.iter().map(String::as_str).collect::<Vec<_>>());
                let determinations: Vec<Value> = labels
                    .iter()
                    .zip(&outcomes)
                    .map(|(part, outcome)| json!({"part": part, "outcome": outcome}))
                    .collect();
                record_response(server, &request, &sent("2024-02-05", &determinations));
                let document = read(server, &request);
                assert_eq!(
                    (&document["status"], &document["outcome"]),
                    (&json!("responded"), &json!(expected)),
                    "{outcomes:?}"
                );
                let found: Vec<&str> = document["parts"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|part| part["outcome"].as_str().unwrap())
                    .collect();
                assert_eq!(found, outcomes);
            }
        }
    }

    fn what_is_no_valid_request_is_left_out_of_the_outcome(server) {
        server.authority("Force");
        let body = json!({"regime": "foia", "received_on": "2024-01-08", "subject": "A subject", "parts": [
            {"label": "1", "text": "A question"}, {"label": "2", "text": "A remark", "valid_request": false, "invalid_reason": "It asks for nothing."}]});
        let request = id(&server.post("/v1/requests", &body).expect(201));
        let letter = record_response(server, &request, &sent("2024-02-05", &[withheld("1"), disclosed("2")]));
        assert_eq!(finding_ids(&letter["findings"]), ["invalid-part-answered"]);
        let document = read(server, &request);
        assert_eq!((&document["status"], &document["outcome"]), (&json!("responded"), &json!("withheld_in_full")));
        assert_eq!(document["parts"][1].get("outcome"), None);
    }

    fn outcomes_foreign_to_the_regime_are_found(server) {
        server.request("2024-01-08", &["1"]);
        for (regime, outcome, expected) in [
            ("eir", "refused_vexatious", "outcome-not-in-regime"),
            ("eisr", "refused_cost", "outcome-not-in-regime"),
            ("eir", "not_held", "not-held-without-exception"),
            ("eisr", "not_held", "not-held-without-exception"),
            ("foisa", "not_held", "not-held-notice"),
        ] {
            let request = id(&server
                .post("/v1/requests", &json!({"regime": regime, "received_on": "2024-01-08", "subject": "A subject"}))
                .expect(201));
            let letter =
                record_response(server, &request, &sent("2024-02-05", &[json!({"part": "1", "outcome": outcome})]));
            assert!(
                finding_ids(&letter["findings"]).contains(&expected),
                "{regime} {outcome}: {:?}",
                finding_ids(&letter["findings"])
            );
        }
    }
}
