//! What a notice has to say of further rights, over HTTP: with a draft, a fees notice and the outcome of a review; and what
//! reviews leave undecided.

use serde_json::{Value, json};

use crate::{
    on_both,
    support::{
        Server,
        casework::{
            address_of, disclosed, draft, finding, finding_ids, path, record, record_response, sent, with, withheld,
        },
        server::id,
    },
};

/// A request under a regime, received on 8 January 2024; its answer is due on 5 February.
fn request_under(server: &Server, regime: &str, labels: &[&str]) -> String {
    if server.get("/v1/authorities").expect(200)["items"].as_array().unwrap().is_empty() {
        server.authority("Authority of the test");
    }
    let parts: Vec<Value> = labels.iter().map(|label| json!({"label": label, "text": "A question"})).collect();
    let body = json!({"regime": regime, "received_on": "2024-01-08", "subject": "A subject", "parts": parts});
    id(&server.post("/v1/requests", &body).expect(201))
}

/// A part met with this outcome, and nothing else said.
fn answered(part: &str, outcome: &str) -> Value {
    json!({"part": part, "outcome": outcome})
}

/// The findings of a draft as they are today.
fn checks(server: &Server, response: &Value) -> Value {
    server.get(&format!("{}/checks", address_of(response))).expect(200)["findings"].clone()
}

fn compliance(server: &Server, request: &str) -> Value {
    server.get(&format!("{}/compliance", path(request))).expect(200)["findings"].clone()
}

/// What a finding weighs and rests on.
fn weight(finding: &Value) -> (&str, Option<&str>) {
    (finding["severity"].as_str().unwrap(), finding.get("provision").and_then(Value::as_str))
}

on_both! {
    fn a_draft_is_warned_of_particulars_that_the_settings_lack(server) {
        server.set_now("2024-02-05T12:00:00Z");
        let authority = id(&server.post("/v1/authorities", &json!({"name": "Without settings", "nation": "england"})).expect(201));
        let request = server.request("2024-01-08", &["1"]);
        let recorded = record_response(server, &request, &draft(&[withheld("1")]));
        let findings = checks(server, &recorded);
        assert_eq!(findings, recorded["findings"]);
        assert_eq!(finding_ids(&findings), ["internal-review-not-in-settings", "regulator-not-in-settings"]);
        let told: Vec<_> = findings.as_array().unwrap().iter().map(weight).collect();
        assert_eq!(told, [("warning", Some("section 17(7)(a)")), ("warning", Some("section 17(7)(b)"))]);
        assert_eq!(findings[0]["pointer"], "/particulars/internal_review");
        assert_eq!(server.get(&format!("{}/checks", address_of(&recorded))).expect(200)["can_be_issued"], true);
        assert_eq!(server.get(&format!("{}/notice", address_of(&recorded))).expect(200)["has_gaps"], true);

        let given = record_response(server, &request, &draft(&[disclosed("1")]));
        assert_eq!(given["findings"], json!([]), "nothing is refused");
        let settings = json!({"review_particulars": {"name": "The office"}, "regulator_particulars": {"name": "The regulator"}});
        server.patch(&format!("/v1/authorities/{authority}"), "*", &settings).expect(200);
        assert_eq!(checks(server, &recorded), json!([]));
        server.patch(&format!("/v1/authorities/{authority}"), "*", &json!({"regulator_particulars": null})).expect(200);
        assert_eq!(finding_ids(&checks(server, &recorded)), ["regulator-not-in-settings"]);
        let letter = record_response(server, &request, &sent("2024-02-05", &[withheld("1")]));
        assert_eq!(letter["findings"], json!([]), "what a letter already sent said does not come from the settings");
    }

    fn what_is_accessible_elsewhere_has_its_own_particulars_under_the_eir(server) {
        let silent = json!({"particulars": {}});
        let cited = |outcome: &str| with(answered("1", outcome), &json!({"explanation": "It is in the register, regulation 6(1)(b)."}));
        let request = request_under(server, "eir", &["1", "2"]);
        let open = json!({"left_open": [{"part": "2", "reason": "It is being searched for."}]});
        let alone = record_response(server, &request, &with(with(draft(&[cited("accessible_elsewhere")]), &silent), &open));
        let found = &alone["findings"];
        assert_eq!(weight(finding(found, "accessible-without-internal-review")), ("error", Some("regulation 6(2)(c)")));
        assert_eq!(weight(finding(found, "accessible-without-regulator")), ("error", Some("regulation 6(2)(c)")));
        let ids = finding_ids(found);
        assert!(!ids.contains(&"missing-internal-review") && !ids.contains(&"missing-regulator"), "{ids:?}");
        let beside = record_response(server, &request, &with(draft(&[cited("accessible_elsewhere"), answered("2", "withheld")]), &silent));
        let found = &beside["findings"];
        assert_eq!(weight(finding(found, "missing-internal-review")), ("error", Some("regulation 14(5)(a)")));
        assert!(!finding_ids(found).contains(&"accessible-without-internal-review"), "it is told once");
        let said = record_response(server, &request, &with(draft(&[cited("accessible_elsewhere")]), &open));
        assert!(finding_ids(&said["findings"]).iter().all(|id| !id.starts_with("accessible-without")));
    }

    fn advice_alone_answers_no_valid_part(server) {
        server.set_now("2024-02-05T12:00:00Z");
        for (regime, provision) in [("foia", Some("section 1(1)")), ("foisa", Some("section 1(1)")), ("eir", None)] {
            let request = request_under(server, regime, &["1"]);
            let letter = record_response(server, &request, &sent("2024-01-15", &[answered("1", "advice_given")]));
            let told = letter["findings"].as_array().unwrap().iter().find(|finding| finding["id"] == "advice-without-answer");
            assert_eq!(told.map(weight), provision.map(|provision| ("warning", Some(provision))), "{regime}");
        }
        let body = json!({"regime": "foia", "received_on": "2024-01-08", "subject": "A subject",
            "parts": [{"label": "1", "text": "A question"}, {"label": "2", "text": "A remark", "valid_request": false}]});
        let request = id(&server.post("/v1/requests", &body).expect(201));
        let advised = record_response(server, &request, &draft(&[disclosed("1"), answered("2", "advice_given")]));
        assert_eq!(advised["findings"], json!([]));
        let answered = record_response(server, &request, &draft(&[disclosed("1"), disclosed("2")]));
        assert_eq!(finding_ids(&answered["findings"]), ["invalid-part-answered"]);
    }

    fn a_review_that_leaves_parts_out_is_told_of_until_they_are_decided(server) {
        server.set_now("2024-03-11T12:00:00Z");
        for (regime, provision, weighs) in
            [("foisa", Some("section 21(1)"), "breach"), ("foia", None, "warning")]
        {
            server.set_now("2024-03-11T12:00:00Z");
            let request = request_under(server, regime, &["1", "2"]);
            record_response(server, &request, &sent("2024-02-05", &[disclosed("1"), disclosed("2")]));
            let results = json!([{"part": "1", "result": "position_maintained"}]);
            let review = record(server, &request, "reviews",
                json!({"requested_on": "2024-02-12", "decision": {"decided_on": "2024-02-20", "results": results}}));
            assert_eq!(finding_ids(&review["findings"]), ["review-part-undecided"], "{regime}");
            assert_eq!(weight(&review["findings"][0]), ("warning", provision), "its time has not ended");
            let facts = json!({"parts": "2", "requested_on": "2024-02-12", "decided_on": "2024-02-20", "due_on": "2024-03-11"});
            assert_eq!(review["findings"][0]["facts"], facts);
            server.set_now("2024-03-12T12:00:00Z");
            let found = compliance(server, &request);
            let told = finding(&found, "review-part-undecided");
            assert_eq!((weight(told), &told["pointer"]), ((weighs, provision), &json!(format!("/reviews/{}", id(&review)))));
            let members = json!({"kind": "review", "review_id": id(&review)});
            let letter = record_response(server, &request, &with(sent("2024-03-12", &[disclosed("2")]), &members));
            assert_eq!(letter["findings"], json!([]));
            assert_eq!(compliance(server, &request), json!([]), "{regime}");
        }
    }

    fn a_review_letter_without_a_decision_says_so_and_gives_further_rights_in_scotland(server) {
        for (regime, provision) in [("foisa", Some("section 21(5)")), ("foia", None)] {
            let request = request_under(server, regime, &["1"]);
            record_response(server, &request, &sent("2024-02-05", &[disclosed("1")]));
            let review = record(server, &request, "reviews", json!({"requested_on": "2024-02-12"}));
            let members = json!({"kind": "review", "review_id": id(&review), "particulars": {}});
            let empty = record_response(server, &request, &with(draft(&[]), &members));
            assert_eq!(weight(finding(&empty["findings"], "review-letter-decides-nothing")), ("warning", provision), "{regime}");
            let rights = finding_ids(&empty["findings"]).contains(&"review-outcome-without-further-rights");
            assert_eq!(rights, regime == "foisa");
            let results = json!([{"part": "1", "result": "position_maintained"}]);
            record(server, &request, &format!("reviews/{}/decision", id(&review)), json!({"decided_on": "2024-02-20", "results": results}));
            let found = checks(server, &empty);
            let expected: &[&str] = if rights { &["review-outcome-without-further-rights"] } else { &[] };
            assert_eq!(finding_ids(&found), expected, "the decision stands with the review");
        }
    }

    fn a_review_asked_for_too_late_is_no_breach_while_it_is_not_taken_on(server) {
        for (regime, until) in [("foisa", "2024-04-02"), ("eir", "2024-04-04"), ("eisr", "2024-04-02")] {
            let request = request_under(server, regime, &["1"]);
            record_response(server, &request, &sent("2024-02-05", &[disclosed("1")]));
            let review = record(server, &request, "reviews", json!({"requested_on": "2024-06-03"}));
            assert_eq!(finding_ids(&review["findings"]), ["review-asked-late"], "{regime}");
            assert_eq!(review["findings"][0]["facts"]["until"], until, "{regime}");
            assert_eq!(compliance(server, &request), json!([]), "{regime}");
            let results = json!([{"part": "1", "result": "position_maintained"}]);
            let decided = record(server, &request, &format!("reviews/{}/decision", id(&review)),
                json!({"decided_on": "2024-12-02", "results": results}));
            assert_eq!(finding_ids(&decided["findings"]), ["review-late", "review-asked-late"], "{regime}: it was taken on");
        }
    }

    fn a_fees_notice_under_foisa_gives_further_rights_and_stays_below_the_highest_fee(server) {
        let notice = |amount: &str| json!({"given_on": "2024-01-15", "amount": amount});
        let said = json!({"internal_review": "stated", "regulator": "stated"});
        let request = request_under(server, "foisa", &["1"]);
        let silent = record(server, &request, "fee-notices", notice("50.01"));
        let ids = ["fee-above-maximum", "fee-notice-without-internal-review", "fee-notice-without-regulator"];
        assert_eq!(finding_ids(&silent["findings"]), ids);
        let told: Vec<_> = silent["findings"].as_array().unwrap().iter().map(weight).collect();
        assert_eq!(told, [("warning", Some("SSI 2004/467 reg 4")), ("error", Some("section 19(a)")), ("error", Some("section 19(b)"))]);
        assert_eq!(silent.get("particulars"), None);
        let found = compliance(server, &request);
        assert_eq!(weight(finding(&found, "fee-notice-without-internal-review")), ("breach", Some("section 19(a)")));
        assert_eq!(finding(&found, "fee-notice-without-regulator")["pointer"],
            format!("/events/{}/particulars/regulator", id(&silent)));
        assert!(!finding_ids(&found).contains(&"fee-above-maximum"));

        let other = request_under(server, "foisa", &["1"]);
        let complete = record(server, &other, "fee-notices", with(notice("50"), &json!({"particulars": said})));
        assert_eq!((&complete["findings"], &complete["particulars"]), (&json!([]), &said));
        assert_eq!(server.get(&format!("{}/events/{}", path(&other), id(&complete))).expect(200)["particulars"], said);
        for regime in ["foia", "eir", "eisr"] {
            let request = request_under(server, regime, &["1"]);
            assert_eq!(record(server, &request, "fee-notices", notice("75"))["findings"], json!([]), "{regime}");
        }
        let wrong = with(notice("50"), &json!({"particulars": {"internal_review": "perhaps"}}));
        let refused = server.post(&format!("{}/fee-notices", path(&other)), &wrong);
        assert_eq!(refused.faults(), [("#/particulars/internal_review".to_owned(), "unknown-value".to_owned())]);
    }
}
