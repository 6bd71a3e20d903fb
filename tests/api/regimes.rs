//! Scotland and the environment: parts of one request under different regimes, a part recast to another, the time, the
//! review and the notices of each.

use serde_json::{Value, json};

use crate::{
    on_both,
    support::{
        Server,
        casework::{clock_of, due_date, finding, finding_ids, path, read, record, sent, weighing, with},
        server::id,
    },
};

fn under(server: &Server, regime: &str, received_on: &str, parts: Value) -> String {
    if server.get("/v1/authorities").expect(200)["items"].as_array().unwrap().is_empty() {
        server.authority("Authority");
    }
    let body = json!({"regime": regime, "received_on": received_on, "subject": "A site", "parts": parts});
    id(&server.post("/v1/requests", &body).expect(201))
}

fn one(server: &Server, regime: &str, received_on: &str) -> String {
    under(server, regime, received_on, json!([{"label": "1", "text": "Any report"}]))
}

fn ids_of(server: &Server, request: &str, determination: Value) -> Vec<String> {
    let response = record(server, request, "responses", sent("2026-06-15", &[determination]));
    finding_ids(&response["findings"]).into_iter().map(str::to_owned).collect()
}

on_both! {
    fn parts_under_four_regimes_have_their_own_clocks(server) {
        // In August 2023 the 7th is a bank holiday in Scotland alone, the 28th everywhere but there.
        let request = under(server, "foia", "2023-07-26", json!([
            {"label": "1", "text": "a"}, {"label": "2", "text": "b", "regime": "eir"},
            {"label": "3", "text": "c", "regime": "foisa"}, {"label": "4", "text": "d", "regime": "eisr"}]));
        let due = |label: &str| due_date(&clock_of(server, &request, label), "statutory").unwrap();
        assert_eq!(["1", "2", "3", "4"].map(due), [
            ("2023-08-24".to_owned(), "section 10(1)".to_owned()),
            ("2023-08-24".to_owned(), "regulation 5(2)".to_owned()),
            ("2023-08-24".to_owned(), "section 10(1)".to_owned()),
            ("2023-08-24".to_owned(), "regulation 5(2)(a)".to_owned()),
        ]);
        // From 31 July the Scottish day is 29 August without, and 30 August with, the late summer holiday.
        let request = under(server, "foisa", "2023-08-01", json!([{"label": "1", "text": "a"}, {"label": "2", "text": "b", "regime": "foia"}]));
        let parts = read(server, &request);
        assert_eq!((&parts["parts"][0]["due_on"], &parts["parts"][1]["due_on"]), (&json!("2023-08-30"), &json!("2023-08-31")));
        assert_eq!(parts["due_on"], "2023-08-30", "the earliest of the open parts");
    }

    fn an_environmental_ground_is_for_a_part_recast_to_the_regulations(server) {
        let request = one(server, "foia", "2026-06-01");
        let responses = format!("{}/responses", path(&request));
        let determination = json!({"part": "1", "outcome": "withheld", "grounds": [{"provision": "12(5)(e)", "reasons": "Prices."}],
            "public_interest_tests": [weighing("12(5)(e)")]});
        let draft = json!({"kind": "initial", "determinations": [determination]});
        let answer = server.post(&responses, &draft);
        answer.problem(422, "validation-failed");
        assert_eq!(answer.faults(), [("#/determinations/0/grounds/0/provision".to_owned(), "unknown-provision".to_owned())]);
        assert_eq!(server.get(&responses).expect(200), json!({"items": []}), "nothing was written");
        server.put(&format!("{}/parts/1", path(&request)), "*", &json!({"text": "Any report", "regime": "eir"})).expect(200);
        let drafted = server.post(&responses, &draft).expect(201);
        // Recast back, the checks of the draft look at it under the Act.
        server.put(&format!("{}/parts/1", path(&request)), "*", &json!({"text": "Any report", "regime": "foia"})).expect(200);
        let checks = server.get(&format!("{responses}/{}/checks", id(&drafted))).expect(200);
        assert_eq!(finding(&checks["findings"], "provision-of-another-regime")["severity"], "error");
        // A letter that said so is a fact.
        assert!(ids_of(server, &request, determination).contains(&"provision-of-another-regime".to_owned()));
    }

    fn a_part_recast_to_another_regime_has_its_clock_computed_anew(server) {
        let request = one(server, "foia", "2023-08-01");
        record(server, &request, "extensions", json!({"kind": "complexity_and_volume", "notified_on": "2023-08-10", "reasons": "Many files.",
            "particulars": {"internal_review": "stated", "regulator": "stated"}}));
        let before = read(server, &request);
        assert_eq!((&before["due_on"], before.get("extended_to")), (&json!("2023-08-31"), None), "FOIA knows no such extension");
        let recast = |regime: &str| server.put(&format!("{}/parts/1", path(&request)), "*", &json!({"text": "Any report", "regime": regime})).expect(200);
        let eir = recast("eir");
        // Day 40 of 1 August 2023 under the union calendar: two bank holidays lie between.
        assert_eq!((&eir["parts"][0]["due_on"], &eir["parts"][0]["extended_to"]), (&json!("2023-08-31"), &json!("2023-09-28")));
        let eisr = recast("eisr");
        assert_eq!((&eisr["parts"][0]["due_on"], &eisr["parts"][0]["extended_to"]), (&json!("2023-08-30"), &json!("2023-09-27")));
        let back = recast("foia");
        assert_eq!((&back["parts"][0]["due_on"], back["parts"][0].get("extended_to")), (&json!("2023-08-31"), None));
        let events = server.get(&format!("{}/clock", path(&request))).expect(200);
        assert_eq!(events["parts"][0]["events"][0]["kind"], "extension");
    }

    fn the_findings_of_an_event_follow_the_regime_of_its_parts(server) {
        let request = one(server, "foisa", "2024-01-08");
        let extension = record(server, &request, "extensions", json!({"kind": "public_interest", "notified_on": "2024-02-05", "estimated_on": "2024-03-04",
            "grounds": ["35(1)(a)"], "reasons": "It is being weighed.", "particulars": {"internal_review": "stated", "regulator": "stated"}}));
        assert_eq!(finding_ids(&extension["findings"]), ["extension-not-in-regime"]);
        let foreign = finding(&extension["findings"], "extension-not-in-regime");
        assert_eq!((&foreign["severity"], &foreign["provision"]), (&json!("error"), &json!("section 10(1)")));
        assert_eq!((&read(server, &request)["due_on"], read(server, &request).get("extended_to")), (&json!("2024-02-05"), None));
        // The same notice under the Act of 2000 names a provision of another regime's number.
        server.put(&format!("{}/parts/1", path(&request)), "*", &json!({"text": "Any report", "regime": "foia"})).expect(200);
        let recast = server.get(&format!("{}/events/{}", path(&request), id(&extension))).expect(200);
        assert_eq!(recast["findings"], json!([]), "35(1)(a) is a qualified exemption there as well");
        assert_eq!(read(server, &request)["parts"][0]["extended_to"], "2024-03-04");
    }

    fn each_regime_has_its_review_and_its_time_for_it(server) {
        for (regime, until, provision) in [
            ("foia", "2026-08-12", "section 45 Code of Practice (guidance)"),
            ("eir", "2026-08-12", "regulation 11(2)"),
            ("foisa", "2026-08-26", "section 20(5)"),
            ("eisr", "2026-08-11", "regulation 16(2)"),
        ] {
            let request = one(server, regime, "2026-06-01");
            record(server, &request, "responses", sent("2026-06-12", &[json!({"part": "1", "outcome": "disclosed"})]));
            let date = due_date(&clock_of(server, &request, "1"), "review_may_be_asked_until").unwrap();
            assert_eq!(date, (until.to_owned(), provision.to_owned()), "{regime}");
        }
    }

    fn an_environmental_refusal_shows_the_presumption_and_keeps_emissions_open(server) {
        let withheld = |ground: Value, test: Value| {
            json!({"part": "1", "outcome": "withheld", "grounds": [with(json!({"reasons": "It would harm trade.", "prejudice": {"interest": "Trade",
                "harm": "Rivals would learn prices", "causal_link": "By comparison"}, "threshold": "would"}), &ground)],
              "public_interest_tests": [with(weighing(ground["provision"].as_str().unwrap()), &test)]})
        };
        let applied = json!({"presumption_applied": true});
        let found = |regime: &str, ground: Value, test: Value| ids_of(server, &one(server, regime, "2026-06-01"), withheld(ground, test));
        let nothing: [&str; 0] = [];
        assert_eq!(found("eir", json!({"provision": "12(5)(e)", "concerns_emissions": false}), applied.clone()), nothing);
        assert_eq!(found("eir", json!({"provision": "12(5)(e)"}), json!({})), ["emissions-not-considered", "presumption-not-applied"]);
        assert_eq!(found("eir", json!({"provision": "12(5)(e)", "concerns_emissions": true}), applied.clone()), ["emissions-refused"]);
        assert_eq!(found("eir", json!({"provision": "12(5)(b)", "concerns_emissions": true}), applied.clone()), nothing, "not one of the four");
        assert_eq!(found("eisr", json!({"provision": "10(5)(e)", "concerns_emissions": true}), applied), ["emissions-refused"]);
    }

    fn a_scottish_not_held_is_a_notice_with_its_particulars_and_neither_needs_the_exemption_behind_it(server) {
        let request = one(server, "foisa", "2026-06-01");
        let letter = json!({"kind": "initial", "record_as": "sent", "issued_on": "2026-06-15", "determinations": [{"part": "1", "outcome": "not_held"}]});
        let response = record(server, &request, "responses", letter);
        let notice = |id: &str| finding(&response["findings"], id)["provision"].clone();
        assert_eq!((notice("not-held-notice"), notice("missing-internal-review"), notice("missing-regulator")),
            (json!("section 17(1)"), json!("section 19(a)"), json!("section 19(b)")));
        let neither = |ground: Value| json!({"part": "1", "outcome": "neither_confirmed_nor_denied", "grounds": [with(ground, &json!({"consistency_reasons": "Always so.",
            "reasons": "Either would harm.", "prejudice": {"interest": "Crime", "harm": "Both tell", "causal_link": "By comparison"}}))], "public_interest_tests": [weighing("18(1)")]});
        assert_eq!(ids_of(server, &one(server, "foisa", "2026-06-01"), neither(json!({"provision": "18(1)"}))), ["missing-companion-provision"]);
        assert_eq!(ids_of(server, &one(server, "foisa", "2026-06-01"), neither(json!({"provision": "18(1)", "relies_on": [{"provision": "35(1)(a)", "threshold": "would"}]}))), Vec::<String>::new());
    }

    fn an_announced_outcome_belongs_to_the_act_of_2000_and_to_a_notice_before_it(server) {
        let outcome = |regime: &str, grounds: &str| {
            let request = one(server, regime, "2026-05-01");
            if regime == "foia" {
                record(server, &request, "extensions", json!({"kind": "public_interest", "notified_on": "2026-05-26", "estimated_on": "2026-06-12",
                    "grounds": [grounds], "reasons": "It is being weighed.", "particulars": {"internal_review": "stated", "regulator": "stated"}}));
            }
            let letter = with(sent("2026-06-15", &[crate::support::casework::withheld("1")]), &json!({"kind": "public_interest_outcome"}));
            let response = record(server, &request, "responses", letter);
            finding_ids(&response["findings"]).into_iter().map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(outcome("foia", "31"), ["outcome-after-estimate"]);
        assert_eq!(outcome("foia", "43(2)"), ["outcome-on-unannounced-ground", "outcome-after-estimate"]);
        assert!(outcome("foisa", "31").contains(&"separate-outcome-not-in-regime".to_owned()));
        let unannounced = one(server, "foia", "2026-06-01");
        let letter = with(sent("2026-06-15", &[crate::support::casework::withheld("1")]), &json!({"kind": "public_interest_outcome"}));
        assert_eq!(finding_ids(&record(server, &unannounced, "responses", letter)["findings"]), ["outcome-not-announced"]);
    }

    fn the_outcome_of_a_scottish_review_gives_further_rights_whatever_it_is(server) {
        let outcome = |regime: &str, outcome: &str, particulars: Value| {
            let request = one(server, regime, "2026-06-01");
            let letter = with(sent("2026-06-15", &[json!({"part": "1", "outcome": outcome})]), &json!({"kind": "review", "particulars": particulars}));
            let letter = record(server, &request, "responses", letter);
            let found = letter["findings"].as_array().unwrap().iter().find(|finding| finding["id"] == "review-outcome-without-further-rights");
            found.map(|finding| (finding["severity"].clone(), finding["provision"].clone()))
        };
        for given in ["disclosed", "not_held", "withheld", "advice_given"] {
            assert_eq!(outcome("foisa", given, json!({})), Some((json!("error"), json!("section 21(10)"))), "{given}");
            assert_eq!(outcome("foisa", given, json!({"regulator": "stated"})), None, "{given}");
            assert_eq!(outcome("foia", given, json!({})), None, "{given}");
        }
    }

    fn statistical_information_needs_neither_an_opinion_nor_who_gave_it(server) {
        let opinion = |person: Value| {
            let answer = json!({"part": "1", "outcome": "withheld", "public_interest_tests": [weighing("36(2)(c)")], "grounds": [{"provision": "36(2)(c)",
                "threshold": "would", "reasons": "It would harm.", "prejudice": {"interest": "Public affairs", "harm": "Delay", "causal_link": "By comparison"},
                "qualified_person": person}]});
            let request = one(server, "foia", "2026-06-01");
            let letter = record(server, &request, "responses", sent("2026-06-15", &[answer]));
            assert_eq!(letter["determinations"][0]["grounds"][0]["qualified_person"], person, "as it was given");
            finding_ids(&letter["findings"]).into_iter().map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(opinion(json!({"statistical_information": true})), Vec::<String>::new());
        assert_eq!(opinion(json!({"office": "The chief officer", "opinion_on": "2026-06-08", "opinion": "It would."})), Vec::<String>::new());
        assert_eq!(opinion(json!({"opinion_on": "2026-06-08", "opinion": "It would."})), ["missing-qualified-person"]);
        assert_eq!(opinion(json!({"statistical_information": false})), ["missing-qualified-person"]);
        assert_eq!(opinion(json!({"office": "The chief officer"})), ["qualified-person-opinion-incomplete"]);
    }

    fn the_public_interest_of_section_18_rests_on_section_18(server) {
        let found = |ground: Value, outcome: &str, id_of: &str| {
            let request = one(server, "foisa", "2026-06-01");
            let letter = record(server, &request, "responses", sent("2026-06-15", &[json!({"part": "1", "outcome": outcome, "grounds": [ground]})]));
            finding(&letter["findings"], id_of)["provision"].clone()
        };
        let neither = json!({"provision": "18(1)", "relies_on": [{"provision": "35(1)(a)", "threshold": "would"}]});
        assert_eq!(found(neither, "neither_confirmed_nor_denied", "public-interest-test-not-shown"), "section 18(1)");
        assert_eq!(found(json!({"provision": "39(2)(a)"}), "withheld", "conditional-ground-without-test"), "section 16(2)");
    }

    fn the_kind_of_an_authority_tells_its_limit_of_cost_and_what_is_not_open_to_it(server) {
        let authority = |name: &str, members: Value| id(&server.post("/v1/authorities", &with(json!({"name": name, "nation": "england"}), &members)).expect(201));
        let letter = |authority: &str, regime: &str, determination: Value| {
            let body = json!({"authority_id": authority, "regime": regime, "received_on": "2026-06-01", "subject": "A subject"});
            let request = id(&server.post("/v1/requests", &body).expect(201));
            record(server, &request, "responses", sent("2026-06-15", &[determination]))["findings"].clone()
        };
        let costly = || json!({"part": "1", "outcome": "refused_cost", "grounds": [{"provision": "12(1)", "cost_estimate": {"hours": "20", "amount": "500", "basis": "A sample."}}]});
        let within = "cost-estimate-within-limit";
        let department = authority("Department", json!({"kind": "government_department"}));
        assert_eq!(finding(&letter(&department, "foia", costly()), within)["facts"]["limit"], "600");
        let lower = authority("Department with a limit", json!({"kind": "government_department", "cost_limit": "450"}));
        let council = authority("Council", json!({"kind": "council"}));
        for exceeded in [&lower, &council] {
            assert!(!finding_ids(&letter(exceeded, "foia", costly())).contains(&within));
        }
        let policy = |provision: &str| json!({"part": "1", "outcome": "withheld", "grounds": [{"provision": provision, "reasons": "It is policy."}],
            "public_interest_tests": [weighing(provision)]});
        for (regime, provision, rests_on) in [("foia", "35(1)(a)", "section 35(1)"), ("foisa", "29(1)(a)", "section 29(1)")] {
            let warned = letter(&council, regime, policy(provision));
            let warning = finding(&warned, "ground-not-open-to-authority");
            assert_eq!((&warning["severity"], &warning["provision"], &warning["facts"]["kind"]), (&json!("warning"), &json!(rests_on), &json!("council")));
            for open in [&department, &authority(&format!("Other under {regime}"), json!({}))] {
                assert!(!finding_ids(&letter(open, regime, policy(provision))).contains(&"ground-not-open-to-authority"), "{regime}");
            }
        }
    }
}
