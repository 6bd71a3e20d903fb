//! Citations resolved over HTTP, without a key; and drafts and letters that cite as people write.

use serde_json::{Value, json};

use crate::{
    on_both,
    support::{Answer, Server},
};

const PATH: &str = "/v1/citations/resolve";

fn resolve(server: &Server, body: &Value) -> Answer {
    server.anonymous().post(PATH, body)
}

/// A member of each entry of a list.
fn each<'a>(list: &'a Value, member: &str) -> Vec<&'a str> {
    list.as_array().unwrap().iter().map(|entry| entry[member].as_str().unwrap()).collect()
}

on_both! {
    fn a_misprint_is_refused_and_the_rest_accepted(server) {
        let body = json!({"regime": "foia", "text": "sections 24(2), 31(3) and 3(3)", "in_force_on": "2020-01-28"});
        assert_eq!(
            resolve(server, &body).expect(200),
            json!({
                "citations": [
                    {"text": "sections 24(2)", "provision": "24(2)", "provision_id": "foia-24-2", "kind": "ncnd", "warnings": []},
                    {"text": "31(3)", "provision": "31(3)", "provision_id": "foia-31-3", "kind": "ncnd", "warnings": []}
                ],
                "rejected": [{
                    "text": "3(3)", "code": "unknown", "detail": "The Freedom of Information Act 2000 has no section 3(3).",
                    "suggestions": ["43(3)", "30(3)", "31(3)", "32(3)", "33(3)", "35(3)", "36(3)"]
                }]
            })
        );
    }

    fn the_day_decides_and_is_today_when_absent(server) {
        let warned = |body: Value| resolve(server, &body).expect(200)["citations"][0].clone();
        let then = warned(json!({"regime": "foia", "text": "s.40(5)(a)", "in_force_on": "2018-05-24"}));
        assert_eq!(then["warnings"], json!([]));
        assert_eq!(then.get("superseded_by"), None);
        for later in [
            json!({"regime": "foia", "text": "s.40(5)(a)", "in_force_on": "2018-05-25"}),
            json!({"regime": "foia", "text": "s.40(5)(a)"}),
        ] {
            let later = warned(later);
            assert_eq!((&later["warnings"], &later["superseded_by"]), (&json!(["superseded"]), &json!(["40(5A)"])));
        }
        server.set_now("2018-05-24T12:00:00Z");
        assert_eq!(warned(json!({"regime": "foia", "text": "s.40(5)(a)"}))["warnings"], json!([]));
    }

    fn every_regime_has_its_own_numbers(server) {
        for (regime, text, ids) in [
            ("foia", "S.31(1)(a), (b) & 40(2)", vec!["foia-31-1-a", "foia-31-1-b", "foia-40-2"]),
            ("eir", "12(4)(d), (e) and 12(5)(a) of the EIR", vec!["eir-12-4-d", "eir-12-4-e", "eir-12-5-a"]),
            ("foisa", "section 18(1) read with section 35(1)(a)", vec!["foisa-18-1", "foisa-35-1-a"]),
            ("eisr", "regulation 11(2), (3A)(a)", vec!["eisr-11-2", "eisr-11-3A-a"]),
        ] {
            let answer = resolve(server, &json!({"regime": regime, "text": text})).expect(200);
            assert_eq!(each(&answer["citations"], "provision_id"), ids);
            assert_eq!(answer["rejected"], json!([]));
        }
    }

    fn refusals_have_codes_and_suggestions(server) {
        for (regime, text, code, suggestions) in [
            ("foia", "section 17(4)", "not-a-ground", vec![]),
            ("foia", "section 12(4)", "cannot-stand-alone", vec!["12(1)", "12(2)"]),
            ("foia", "40(5)(B)(a)(i)", "wrong-bracketing", vec!["40(5B)(a)(i)"]),
            ("foia", "sections 30 to 32", "range-across-levels", vec![]),
            ("foia", "section 1(1) of the Official Secrets Act 1989", "another-enactment", vec![]),
            ("foia", "31()", "malformed", vec![]),
            ("foia", "no citation", "malformed", vec![]),
            ("eir", "section 12(5)(b) of the EIR", "wrong-keyword", vec!["regulation 12(5)(b)"]),
        ] {
            let answer = resolve(server, &json!({"regime": regime, "text": text})).expect(200);
            assert_eq!(answer["citations"], json!([]), "{text}");
            assert_eq!(each(&answer["rejected"], "code"), [code], "{text}");
            assert_eq!(answer["rejected"][0]["suggestions"], json!(suggestions), "{text}");
            assert!(!answer["rejected"][0]["detail"].as_str().unwrap().is_empty());
        }
        let early = resolve(server, &json!({"regime": "foia", "text": "22A(1)", "in_force_on": "2014-09-30"})).expect(200);
        assert_eq!(each(&early["rejected"], "code"), ["not-in-force-yet"]);
    }

    fn bad_input_is_refused_with_every_fault(server) {
        let answer = resolve(server, &json!({"regime": "foi", "text": "  ", "in_force_on": "2021-02-30"}));
        answer.problem(422, "validation-failed");
        let faults = [("#/regime", "unknown-value"), ("#/text", "invalid-text"), ("#/in_force_on", "invalid-date")];
        let mut found = answer.faults();
        found.sort_by_key(|(pointer, _)| faults.iter().position(|(known, _)| known == pointer));
        assert_eq!(found, faults.map(|(pointer, code)| (pointer.to_owned(), code.to_owned())));
        let nul = resolve(server, &json!({"regime": "foia", "text": "31(3)\u{0}"}));
        nul.problem(422, "validation-failed");
        for (body, status, code) in [
            (json!({"regime": "foia"}), 400, "missing-member"),
            (json!({"regime": "foia", "text": "31(3)", "held": true}), 400, "unknown-member"),
            (json!({"regime": "foia", "text": 31}), 400, "wrong-type"),
            (json!({"regime": "foia", "text": null}), 400, "wrong-type"),
        ] {
            resolve(server, &body).problem(status, code);
        }
        server.anonymous().get(PATH).problem(405, "method-not-allowed");
        server
            .anonymous()
            .send("POST", PATH, &[("Content-Type", "text/plain")], Some(b"31(3)"))
            .problem(415, "unsupported-media-type");
    }

    fn a_citation_of_a_megabyte_is_refused_and_the_longest_text_answered(server) {
        let text = |length: usize| json!({"regime": "foia", "text": "section 31(3), ".chars().cycle().take(length).collect::<String>()});
        let answer = resolve(server, &text(1024 * 1024));
        answer.problem(422, "validation-failed");
        assert_eq!(answer.faults(), [("#/text".to_owned(), "invalid-text".to_owned())]);
        resolve(server, &text(3 * 1024 * 1024)).problem(413, "payload-too-large");
        resolve(server, &text(100_001)).problem(422, "validation-failed");
        let longest = resolve(server, &text(100_000)).expect(200);
        assert_eq!(longest["citations"].as_array().unwrap().len(), 500);
        assert_eq!(each(&longest["rejected"], "code"), ["too-many"]);
        let brackets = resolve(server, &json!({"regime": "foia", "text": "(".repeat(100_000)})).expect(200);
        assert_eq!(each(&brackets["rejected"], "code"), ["malformed"]);
    }

    fn grounds_are_cited_as_people_write(server) {
        let request = server.request("2026-05-01", &["1"]);
        let path = format!("/v1/requests/{request}/responses");
        let letter = |record_as: &str, ground: Value| json!({
            "kind": "initial", "record_as": record_as, "issued_on": "2026-06-01",
            "determinations": [{"part": "1", "outcome": "withheld", "grounds": [ground]}]
        });
        let draft = |ground: Value| {
            let mut body = letter("draft", ground);
            body.as_object_mut().unwrap().remove("issued_on");
            server.post(&path, &body)
        };
        for (member, text) in [
            ("provision", "s.31 (1)(a)"),
            ("provision", "Section 31(1)(a) - Law Enforcement"),
            ("as_cited", "Section 31 (1)(a) (law enforcement) of the FOI Act"),
        ] {
            draft(json!({member: text})).expect(201);
        }
        for text in ["3(3)", "31(1)(a)&(b)", "regulation 12(5)(b) of the EIR", "the exemption for crime"] {
            let answer = draft(json!({"as_cited": text}));
            answer.problem(422, "validation-failed");
            let place = "#/determinations/0/grounds/0/as_cited".to_owned();
            assert_eq!(answer.faults(), [(place, "unknown-provision".to_owned())], "{text}");
        }
        let written = draft(json!({"provision": "section 31 (1)(a)", "relies_on": [{"provision": "s.31(2)(a)"}]})).expect(201);
        let address = format!("{path}/{}", written["id"].as_str().unwrap());
        let named = json!([{"provision": "31(1)(a)", "as_cited": "section 31 (1)(a)", "relies_on": [{"provision": "31(2)(a)"}]}]);
        assert_eq!(server.get(&address).expect(200)["determinations"][0]["grounds"], named);
        let replacement = json!({"outcome": "withheld", "grounds": [{"provision": "s40(2)", "as_cited": "Section 40(2) of the Act", "relies_on": [{"provision": "s.40(3A)(a)"}]}],
            "public_interest_tests": [{"provisions": ["Section 40(2)"]}]});
        let replaced = server.put(&format!("{address}/determinations/1"), "*", &replacement).expect(200);
        assert_eq!(replaced["determinations"][0]["grounds"], json!([{"provision": "40(2)", "as_cited": "Section 40(2) of the Act", "relies_on": [{"provision": "40(3A)(a)"}]}]));
        assert_eq!(replaced["determinations"][0]["public_interest_tests"], json!([{"provisions": ["40(2)"]}]));
        let misprint = server.request("2026-05-01", &["1"]);
        let misprinted = server.post(&format!("/v1/requests/{misprint}/responses"), &letter("sent", json!({"provision": "3(3)"}))).expect(201);
        assert_eq!(misprinted["determinations"][0]["grounds"], json!([{"as_cited": "3(3)"}]));
        let found = misprinted["findings"].as_array().unwrap().iter().find(|finding| finding["id"] == "unknown-provision").unwrap();
        assert_eq!((&found["pointer"], &found["facts"]["cited"]), (&json!("/determinations/0/grounds/0/as_cited"), &json!("3(3)")));
        let sent = server.post(&path, &letter("sent", json!({"as_cited": "sections 24(2), 31(3)"}))).expect(201);
        let id = sent["id"].as_str().unwrap();
        let checks = server.get(&format!("{path}/{id}/checks")).expect(200);
        assert!(checks.to_string().contains("unknown-provision"), "{checks}");
    }
}
