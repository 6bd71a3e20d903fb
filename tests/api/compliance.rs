//! What a regulator would find, from the facts of a request: of the published cases exactly, and of nothing else.

use candour::demo::CASES;
use serde_json::{Value, json};

use crate::{
    on_both,
    published_cases::history_of,
    support::{
        Server,
        casework::{disclosed, draft, ncnd, path, record, sent, with, without},
        server::id,
    },
};

/// Records a published case and gives its request, the ids of its events and of its first answer, and its review's.
fn recorded(server: &Server, case: usize) -> (String, Vec<String>, Option<String>) {
    let file: Value = serde_json::from_str(CASES[case]).unwrap();
    let authority = id(&server.post("/v1/authorities", &file["authority"]).expect(201));
    let recorded = server.post("/v1/case-histories", &history_of(&file, &authority)).expect(201);
    let request = id(&recorded["request"]);
    let named = |name: &str| {
        let mut entries = recorded["identifiers"].as_array().unwrap().iter();
        entries.find(|entry| entry["known_as"] == name).map(id)
    };
    let answer = named("answer").unwrap();
    let clock = server.get(&format!("{}/clock", path(&request))).expect(200);
    let events = clock["parts"][0]["events"].as_array().unwrap().iter().map(id).filter(|event| *event != answer);
    let posted = events.chain([answer.clone()]).collect();
    (request.clone(), posted, named("review"))
}

/// The address of the only decision notice of a request, below it.
fn notice_of(server: &Server, request: &str) -> String {
    let only = |address: &str| id(&server.get(&format!("{}{address}", path(request))).expect(200)["items"][0]);
    let complaint = format!("/complaints/{}", only("/complaints"));
    format!("{complaint}/decision-notices/{}", only(&format!("{complaint}/decision-notices")))
}

fn compliance(server: &Server, request: &str) -> Value {
    server.get(&format!("{}/compliance", path(request))).expect(200)
}

/// Findings without their words.
fn told(findings: &Value) -> Value {
    let bare = findings.as_array().unwrap().iter().map(|finding| without(finding.clone(), &["message", "next_step"]));
    bare.collect()
}

on_both! {
    fn case_003_is_found_late_with_an_extension_notified_late_and_missed_and_a_harm_not_shown(server) {
        let (request, posted, _) = recorded(server, 3);
        let found = compliance(server, &request);
        assert_eq!((&found["request_id"], &found["as_at"]), (&json!(request), &json!("2026-06-30")));
        assert_eq!(told(&found["findings"]), json!([
            {"id": "late-response", "severity": "breach", "provision": "section 10(1)", "pointer": format!("/responses/{}/issued_on", posted[1]),
                "facts": {"parts": "1, 2, 3, 4", "due_on": "2019-12-06", "limit_on": "2019-12-06", "responded_on": "2020-01-28",
                    "working_days_taken": "53", "working_days_late": "33"}},
            {"id": "extension-notified-late", "severity": "breach", "provision": "section 17(2)", "pointer": format!("/events/{}/notified_on", posted[0]),
                "facts": {"due_on": "2019-12-06", "notified_on": "2019-12-20", "working_days_late": "10"}},
            {"id": "extension-estimate-missed", "severity": "warning", "pointer": format!("/events/{}/estimated_on", posted[0]),
                "facts": {"parts": "1, 2, 3, 4", "estimated_on": "2020-01-07", "answered_on": "2020-01-28", "working_days_late": "15"}},
            {"id": "ncnd-harm-not-shown", "severity": "warning", "provision": "section 31(3)", "pointer": format!("/responses/{}/determinations", posted[1]),
                "facts": {"provision": "31(3)", "parts": "4", "limbs": "31(1)(a)", "missing": "confirming or denying", "issued_on": "2020-01-28"}},
            // The notice ordered a fresh answer within 35 days, and what came of it was not published.
            {"id": "steps-not-taken", "severity": "breach", "provision": "section 50(4)", "pointer": notice_of(server, &request),
                "facts": {"due_on": "2020-07-28", "as_at": "2026-06-30", "days_late": "2163"}},
        ]));
        for finding in found["findings"].as_array().unwrap() {
            assert!(finding["message"].as_str().unwrap().len() > 20 && finding["next_step"].as_str().unwrap().len() > 20);
        }
    }

    fn case_004_is_found_late_and_to_cite_what_was_replaced_five_years_before(server) {
        let (request, posted, review) = recorded(server, 4);
        let parts: Vec<String> = (1..=18).map(|part| part.to_string()).collect();
        assert_eq!(told(&compliance(server, &request)["findings"]), json!([
            {"id": "late-response", "severity": "breach", "provision": "section 10(1)", "pointer": format!("/responses/{}/issued_on", posted[0]),
                "facts": {"parts": parts.join(", "), "due_on": "2023-03-13", "limit_on": "2023-03-13", "responded_on": "2023-06-22",
                    "working_days_taken": "87", "working_days_late": "67"}},
            {"id": "replaced-provision-cited", "severity": "breach", "provision": "section 17(1)(b)", "pointer": format!("/responses/{}/determinations", posted[0]),
                "facts": {"provision": "40(5)", "parts": "7, 10, 12, 13, 14, 15, 16, 17", "issued_on": "2023-06-22", "replaced_on": "2018-05-25", "years_since": "5"}},
            {"id": "review-beyond-forty-days", "severity": "warning", "pointer": format!("/reviews/{}", review.unwrap()),
                "facts": {"requested_on": "2023-07-20", "decided_on": "2023-09-19", "due_on": "2023-09-18", "working_days_taken": "41", "working_days_late": "1"}},
        ]));
    }

    fn a_request_in_order_has_no_findings_and_drafts_make_none(server) {
        let request = server.request("2026-06-01", &["1"]);
        assert_eq!(compliance(server, &request)["findings"], json!([]));
        record(server, &request, "responses", draft(&[json!({"part": "1", "outcome": "withheld", "grounds": [{"provision": "40(5)"}]})]));
        assert_eq!(compliance(server, &request)["findings"], json!([]), "a draft is no fact");
        record(server, &request, "responses", sent("2026-06-29", &[disclosed("1")]));
        assert_eq!(compliance(server, &request)["findings"], json!([]));
        server.get("/v1/requests/00000000-0000-4000-8000-000000000000/compliance").problem(404, "not-found");
    }

    fn an_answer_still_owed_is_found_from_the_day_after_the_limit(server) {
        // Day 20 of a receipt on 1 June 2026 is 30 June: 15 June is a bank holiday in Scotland.
        let request = server.request("2026-06-01", &["1"]);
        server.set_now("2026-07-01T12:00:00Z");
        assert_eq!(told(&compliance(server, &request)["findings"]), json!([{"id": "no-response", "severity": "breach", "provision": "section 10(1)",
            "pointer": "/due_on", "facts": {"parts": "1", "due_on": "2026-06-30", "limit_on": "2026-06-30", "as_at": "2026-07-01", "working_days_late": "1"}}]));
    }

    fn in_scotland_the_limbs_of_section_18_tell_whether_harm_must_be_shown(server) {
        let authority = id(&server.post("/v1/authorities", &json!({"name": "Police Service of Scotland", "nation": "scotland"})).expect(201));
        let found = |limb: &str, more: Value| {
            let body = json!({"authority_id": authority, "regime": "foisa", "received_on": "2026-06-01", "subject": "Operations",
                "parts": [{"label": "1", "text": "Is there one?"}]});
            let request = id(&server.post("/v1/requests", &body).expect(201));
            let ground = with(json!({"provision": "18(1)", "relies_on": [{"provision": limb, "threshold": "would_be_likely"}],
                "reasons": "Either answer would tell.", "prejudice": {"interest": "Policing", "harm": "Fewer crimes prevented"}}), &more);
            let answer = json!({"part": "1", "outcome": "neither_confirmed_nor_denied", "grounds": [ground]});
            record(server, &request, "responses", sent("2026-06-29", &[answer]));
            let findings = compliance(server, &request)["findings"].clone();
            let harm = findings.as_array().unwrap().iter().find(|finding| finding["id"] == "ncnd-harm-not-shown");
            harm.map(|finding| (finding["provision"].clone(), finding["facts"]["limbs"].clone(), finding["facts"]["missing"].clone()))
        };
        assert_eq!(found("35(1)(a)", json!({})), Some((json!("section 18(1)"), json!("35(1)(a)"), json!("confirming or denying"))));
        assert_eq!(found("34(1)(a)(i)", json!({})), None, "a limb that turns on no prejudice");
        let omitted = json!({"statement_omitted": {"under": "16(3)", "covers": ["16(1)(d)"]}});
        assert_eq!(found("35(1)(a)", omitted), None, "the reasons are left out as the Act allows");
    }

    fn what_a_letter_lacked_is_a_breach_and_what_the_harm_of_both_answers_shows_is_none(server) {
        let request = server.request("2026-06-01", &["1"]);
        let mut shown = ncnd("1");
        shown["grounds"][0]["prejudice"]["from_confirming"] = json!("It would show where policing looks.");
        shown["grounds"][0]["prejudice"]["from_denying"] = json!("It would show where it does not.");
        let letter = with(sent("2026-06-29", &[shown]), &json!({"particulars": {"internal_review": "stated"}}));
        let response = id(&record(server, &request, "responses", letter));
        assert_eq!(told(&compliance(server, &request)["findings"]), json!([{"id": "missing-regulator", "severity": "breach",
            "provision": "section 17(7)(b)", "pointer": format!("/responses/{response}/particulars/regulator"), "facts": {"issued_on": "2026-06-29"}}]));
    }
}
