//! Authorities: recorded, listed, read and changed.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::{
    on_both,
    support::{Server, casework::with, server::id},
};

const NOW: &str = "2026-06-30T12:00:00.000000Z";

fn everything(name: &str) -> Value {
    json!({
        "name": name, "kind": "regulator", "nation": "uk",
        "identifiers": [{"scheme": "gss", "value": "E23000001"}, {"scheme": "wikidata", "value": "Q1"}],
        "reference_pattern": "01/FOI/{year}/{number:6}", "cost_limit": "450",
        "review_particulars": {"name": "Information unit", "contact": "reviews@authority.example", "time_limit": "40 working days"},
        "regulator_particulars": {"name": "Information Commissioner"},
    })
}

fn path(authority: &Value) -> String {
    format!("/v1/authorities/{}", id(authority))
}

/// A place and code as [`crate::support::Answer::faults`] gives them.
fn fault(place: &str, code: &str) -> (String, String) {
    (place.to_owned(), code.to_owned())
}

fn names(server: &Server) -> BTreeSet<String> {
    let items = server.get("/v1/authorities?limit=200").expect(200)["items"].clone();
    items.as_array().unwrap().iter().map(|item| item["name"].as_str().unwrap().to_owned()).collect()
}

on_both! {
    fn an_array_is_no_object(server) {
        let body = json!({"name": "Borough of Example", "nation": "wales", "review_particulars": ["Review office", "By letter"]});
        let refused = server.post("/v1/authorities", &body);
        refused.problem(400, "wrong-type");
        assert_eq!(refused.faults(), [("#/review_particulars".to_owned(), "wrong-type".to_owned())]);
        let made = server.post("/v1/authorities", &json!({"name": "Borough of Example", "nation": "wales"})).expect(201);
        let patched = server.patch(&path(&made), "*", &json!({"review_particulars": []}));
        patched.problem(400, "wrong-type");
        assert_eq!(patched.faults(), [("#/review_particulars".to_owned(), "wrong-type".to_owned())]);
        assert_eq!(server.get(&path(&made)).expect(200), made);
    }

    fn only_name_and_nation_are_required(server) {
        let answer = server.post("/v1/authorities", &json!({"name": "Borough of Example", "nation": "wales"}));
        let authority = answer.expect(201);
        assert_eq!(authority, json!({"id": id(&authority), "name": "Borough of Example", "kind": "other", "nation": "wales",
            "identifiers": [], "retention_rules": [], "version": 1, "created_at": NOW, "updated_at": NOW}));
        assert_eq!(answer.header("location"), path(&authority));
        assert_eq!(answer.header("cache-control"), "no-store");
        let read = server.get(&path(&authority));
        assert_eq!(read.expect(200), authority);
        assert_eq!(read.header("etag"), answer.header("etag"));

        for (body, member) in [(json!({"nation": "wales"}), "#/name"), (json!({"name": "Another"}), "#/nation")] {
            let answer = server.post("/v1/authorities", &body);
            answer.problem(400, "missing-member");
            assert_eq!(answer.faults(), [fault(member, "missing-member")]);
        }
        assert_eq!(names(server), BTreeSet::from(["Borough of Example".to_owned()]));
    }

    fn every_setting_is_kept_and_echoed(server) {
        let body = everything("Force");
        let authority = server.post("/v1/authorities", &body).expect(201);
        for (member, value) in body.as_object().unwrap() {
            assert_eq!(authority[member], *value, "{member}");
        }
        assert_eq!(server.get(&path(&authority)).expect(200), authority);
    }

    fn values_that_cannot_be_are_told_all_at_once(server) {
        let answer = server.post("/v1/authorities", &json!({"name": " ", "nation": "mars", "kind": "club", "cost_limit": "500",
            "identifiers": [{"scheme": "gss", "value": "1"}, {"scheme": "gss", "value": "1"}]}));
        answer.problem(422, "validation-failed");
        let faults: BTreeSet<_> = answer.faults().into_iter().collect();
        assert_eq!(faults, BTreeSet::from([fault("#/name", "invalid-text"), fault("#/nation", "unknown-value"),
            fault("#/kind", "unknown-value"), fault("#/cost_limit", "unknown-value"), fault("#/identifiers/1", "duplicate-value")]));
        let answer = server.post("/v1/authorities", &json!({"name": "Force", "nation": "england", "held": true}));
        answer.problem(400, "unknown-member");
        assert_eq!(answer.faults(), [fault("#/held", "unknown-member")]);
        assert_eq!(names(server), BTreeSet::new());
    }

    fn pages_hold_every_authority_once(server) {
        let all: BTreeSet<String> = (1..=7).map(|number| server.authority(&format!("Force {number}"))).collect();
        for limit in 1..=8 {
            let mut seen = Vec::new();
            let mut next = Some(format!("/v1/authorities?limit={limit}"));
            while let Some(address) = next {
                let answer = server.get(&address);
                let page = answer.expect(200);
                let items = page["items"].as_array().unwrap();
                assert!(!items.is_empty() && items.len() <= limit, "{page}");
                seen.extend(items.iter().map(id));
                next = page["next_cursor"].as_str().map(|cursor| format!("/v1/authorities?limit={limit}&cursor={cursor}"));
                let link = next.as_ref().map_or(String::new(), |next| format!("<{next}>; rel=\"next\""));
                assert_eq!(answer.header("link"), link);
            }
            assert_eq!(seen.len(), 7, "limit {limit}");
            assert_eq!(seen.iter().cloned().collect::<BTreeSet<_>>(), all, "limit {limit}");
        }
    }

    fn a_patch_changes_what_it_names_and_nothing_else(server) {
        let before = server.post("/v1/authorities", &everything("Force")).expect(201);
        let changes = [
            ("name", json!("Constabulary")),
            ("kind", json!("police_force")),
            ("identifiers", json!([{"scheme": "gss", "value": "E2"}])),
            ("reference_pattern", json!("FOI-{year}-{number}")),
            ("cost_limit", json!("600")),
            ("review_particulars", json!({"name": "Appeals desk", "contact": null})),
            ("regulator_particulars", json!({"name": "Scottish Information Commissioner", "time_limit": "six months"})),
        ];
        // Objects are merged too: what a patch does not name stays, and null clears.
        let merged = |member: &str, value: &Value| match member {
            "review_particulars" => json!({"name": "Appeals desk", "time_limit": "40 working days"}),
            _ => value.clone(),
        };
        let mut expected = before.clone();
        for (at, (member, value)) in changes.iter().enumerate() {
            let instant = format!("2026-07-01T12:00:{at:02}Z");
            server.set_now(&instant);
            let answer = server.patch(&path(&before), &format!("\"{}-0-json\"", at + 1), &json!({*member: value}));
            expected[*member] = merged(member, value);
            expected["version"] = json!(at + 2);
            expected["updated_at"] = json!(instant.replace('Z', ".000000Z"));
            assert_eq!(answer.expect(200), expected, "{member}");
            assert_eq!(answer.header("etag"), format!("\"{}-0-json\"", at + 2));
            assert_eq!(server.get(&path(&before)).expect(200), expected, "{member}");
        }
    }

    fn null_clears_what_can_be_without_a_value(server) {
        let before = server.post("/v1/authorities", &everything("Force")).expect(201);
        let cleared = server.patch(&path(&before), "*", &json!({"kind": null, "identifiers": null, "reference_pattern": null,
            "cost_limit": null, "review_particulars": null, "regulator_particulars": null})).expect(200);
        assert_eq!(cleared, json!({"id": id(&before), "name": "Force", "kind": "other", "nation": "uk", "identifiers": [],
            "retention_rules": [], "version": 2, "created_at": NOW, "updated_at": NOW}));
        let answer = server.patch(&path(&before), "*", &json!({"name": null}));
        answer.problem(422, "validation-failed");
        assert_eq!(answer.faults(), [fault("#/name", "invalid-value")]);
        assert_eq!(server.get(&path(&before)).expect(200), cleared);
    }

    fn the_nation_stays(server) {
        let before = server.post("/v1/authorities", &everything("Force")).expect(201);
        let answer = server.patch(&path(&before), "*", &json!({"nation": "wales", "name": "Other"}));
        answer.problem(400, "unknown-member");
        assert_eq!(answer.faults(), [fault("#/nation", "unknown-member")]);
        assert_eq!(server.get(&path(&before)).expect(200), before);
    }

    fn authorities_of_one_name_are_told_apart_by_their_ids(server) {
        let force = json!({"name": "Force", "nation": "scotland"});
        let [one, other] = [(); 2].map(|()| server.post("/v1/authorities", &force).expect(201));
        assert_ne!(one["id"], other["id"]);
        server.patch(&path(&other), "*", &json!({"name": "Council"})).expect(200);
        assert_eq!(server.get(&path(&one)).expect(200), one);
        assert_eq!(names(server), BTreeSet::from(["Council".to_owned(), "Force".to_owned()]));
    }

    fn a_change_needs_the_version_it_is_based_on(server) {
        let before = server.post("/v1/authorities", &everything("Force")).expect(201);
        let patch = json!({"name": "Constabulary"});
        let headers = [("Content-Type", "application/merge-patch+json")];
        server.send("PATCH", &path(&before), &headers, Some(patch.to_string().as_bytes())).problem(428, "precondition-required");
        for stale in ["\"2-0-json\"", "\"0-0-json\"", "\"nonsense\"", "W/\"1-0-json\""] {
            server.patch(&path(&before), stale, &patch).problem(412, "precondition-failed");
        }
        server.patch(&path(&before), "1", &patch).problem(400, "invalid-parameter");
        assert_eq!(server.get(&path(&before)).expect(200), before);
        assert_eq!(server.patch(&path(&before), "\"7-0-json\", \"1-0-json\"", &patch).expect(200)["version"], 2);
        server.patch(&path(&before), "\"1-0-json\"", &json!({"name": "Third"})).problem(412, "precondition-failed");
        assert_eq!(server.patch(&path(&before), "*", &json!({"name": "Third"})).expect(200)["version"], 3);
    }

    fn of_changes_based_on_one_version_one_is_made(server) {
        let before = server.post("/v1/authorities", &everything("Force")).expect(201);
        let (client, path) = (&server.client, &path(&before));
        let mut statuses: Vec<u16> = std::thread::scope(|scope| {
            let calls: Vec<_> = (0..12)
                .map(|at| scope.spawn(move || client.patch(path, "\"1-0-json\"", &json!({"name": format!("Force {at}")})).status))
                .collect();
            calls.into_iter().map(|call| call.join().unwrap()).collect()
        });
        statuses.sort_unstable();
        assert_eq!(statuses, [vec![200], vec![412; 11]].concat());
        assert_eq!(server.get(path).expect(200)["version"], 2);
    }

    fn a_reference_pattern_must_be_able_to_count(server) {
        let present = server.post("/v1/authorities", &json!({"name": "Present", "nation": "england"})).expect(201);
        for pattern in ["FOI", "{year}", "{number}{number}", "{number:0}", "{number:13}", "{number:x}", "{month}{number}",
            "{number", "{number}}", "{}{number}", "{Number}", "{year:2}{number}", "FOI/{number} ", " {number}", "FOI\t{number}"] {
            let answer = server.post("/v1/authorities", &json!({"name": "New", "nation": "england", "reference_pattern": pattern}));
            answer.problem(422, "validation-failed");
            assert_eq!(answer.faults(), [fault("#/reference_pattern", "invalid-value")], "{pattern}");
            let answer = server.patch(&path(&present), "*", &json!({"reference_pattern": pattern}));
            answer.problem(422, "validation-failed");
            assert_eq!(answer.faults(), [fault("#/reference_pattern", "invalid-value")], "{pattern}");
        }
        assert_eq!(server.get(&path(&present)).expect(200), present);
        assert_eq!(names(server), BTreeSet::from(["Present".to_owned()]));
    }

    fn a_reference_pattern_makes_references_from_the_next_request_on(server) {
        let authority = server.post("/v1/authorities", &json!({"name": "Force", "nation": "england"})).expect(201);
        let record = || {
            let body = json!({"regime": "foia", "received_on": "2025-02-03", "subject": "A subject"});
            server.post("/v1/requests", &body).expect(201)["reference"].as_str().unwrap().to_owned()
        };
        assert_eq!(record(), "FOI-2025-00001");
        for (pattern, reference) in [
            (json!("01/FOI/{year}/{number:6}"), "01/FOI/2025/000002"),
            (json!("{number}"), "3"),
            (json!("{number:12} of {year} ({year})"), "000000000004 of 2025 (2025)"),
            (json!("Auskunft-ä-{number:1}"), "Auskunft-ä-5"),
            (Value::Null, "FOI-2025-00006"),
        ] {
            server.patch(&path(&authority), "*", &json!({"reference_pattern": pattern})).expect(200);
            assert_eq!(record(), reference);
        }
    }

    /// Numbers given by hand before, or in a year that the pattern does not tell, are passed over however many they are.
    fn references_go_on_after_those_that_are_taken(server) {
        let new = json!({"name": "Force", "nation": "england", "reference_pattern": "F-{number}"});
        let authority = server.post("/v1/authorities", &new).expect(201);
        let record = |received_on: &str, more: Value| {
            let body = with(json!({"regime": "foia", "received_on": received_on, "subject": "A subject"}), &more);
            server.post("/v1/requests", &body).expect(201)["reference"].as_str().unwrap().to_owned()
        };
        let by_hand = |number: u32| record("2024-03-04", json!({"reference": format!("F-{number}")}));
        (1..=37).for_each(|number| drop(by_hand(number)));
        assert_eq!(record("2024-03-04", json!({})), "F-38");
        (40..=42).for_each(|number| drop(by_hand(number)));
        for reference in ["F-39", "F-43", "F-44"] {
            assert_eq!(record("2024-03-04", json!({})), reference);
        }
        // Another year counts from its own beginning, and finds all of these taken.
        assert_eq!(record("2025-03-03", json!({})), "F-45");
        assert_eq!(record("2024-03-04", json!({})), "F-46");
        server.patch(&path(&authority), "*", &json!({"reference_pattern": Value::Null})).expect(200);
        assert_eq!(record("2024-03-04", json!({})), "FOI-2024-00047");
        assert_eq!(record("2025-03-03", json!({})), "FOI-2025-00046");
    }

    fn what_is_not_there_is_not_found(server) {
        server.authority("Force");
        let absent = "/v1/authorities/6b1c2d34-0000-4000-8000-000000000000";
        server.get(absent).problem(404, "not-found");
        server.patch(absent, "*", &json!({"name": "X"})).problem(404, "not-found");
        let answer = server.get("/v1/authorities/1");
        answer.problem(400, "invalid-parameter");
        assert_eq!(answer.faults(), [fault("authority_id", "invalid-parameter")]);
        assert_eq!(server.send("DELETE", absent, &[], None).problem(405, "method-not-allowed")["status"], 405);
        assert_eq!(server.send("DELETE", absent, &[], None).header("allow"), "GET, HEAD, OPTIONS, PATCH");
    }

    fn authorities_are_for_callers_with_a_key(server) {
        let path = format!("/v1/authorities/{}", server.authority("Force"));
        for client in [server.anonymous(), server.with_key("another-key-of-more-than-32-characters-here")] {
            for answer in [client.get("/v1/authorities"), client.get(&path), client.patch(&path, "*", &json!({"name": "X"})),
                client.post("/v1/authorities", &json!({"name": "X", "nation": "england"}))] {
                answer.problem(401, "unauthenticated");
                assert!(answer.header("www-authenticate").starts_with("Bearer"), "{:?}", answer.headers);
            }
        }
        assert_eq!(names(server), BTreeSet::from(["Force".to_owned()]));
    }
}
