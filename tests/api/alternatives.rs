//! Attacks on sections 23 and 24 in the alternative: by list, filter, count, order, redaction, finding and certificate.
//! Two histories differ only in which member has everything said about it; nothing that is shown may differ.

use serde_json::{Value, json};

use crate::{
    on_both,
    support::{
        Server,
        casework::{address_of, finding, path, record_response, sent, weighing, with, without, without_ids},
        server::id,
    },
};

fn member(provision: &str, more: Value) -> Value {
    with(json!({"provision": provision, "alternative_group": "security"}), &more)
}

/// A letter that withholds part 1 for the two in the alternative.
fn letter(grounds: Value) -> Value {
    sent(
        "2026-06-29",
        &[
            json!({"part": "1", "outcome": "withheld", "grounds": grounds, "public_interest_tests": [weighing("24(1)")]}),
        ],
    )
}

/// Requests of two authorities, answered by these letters.
fn answered(server: &Server, letters: [Value; 2]) -> [(String, String, Value); 2] {
    answered_anew(server, "", letters)
}

/// The same, of authorities with this in their names.
fn answered_anew(server: &Server, name: &str, letters: [Value; 2]) -> [(String, String, Value); 2] {
    let mut number = 0;
    letters.map(|letter| {
        number += 1;
        let authority = server.authority(&format!("Authority {name}{number}"));
        let body = json!({"authority_id": authority, "reference": "FOI/1", "regime": "foia", "received_on": "2026-06-01", "subject": "A body"});
        let request = id(&server.post("/v1/requests", &body).expect(201));
        let response = record_response(server, &request, &letter);
        (authority, request, response)
    })
}

/// Everything that is shown of a request and its authority but the record of the letter itself.
fn shown(server: &Server, (authority, request, response): &(String, String, Value)) -> Vec<String> {
    let days = format!("authority_id={authority}&start_on=2026-01-01&end_on=2026-12-31");
    let addresses = [
        path(request),
        format!("{}/clock", path(request)),
        format!("{}/timeline", path(request)),
        format!("{}/compliance", path(request)),
        format!("{}/precedents", path(request)),
        format!("{}/records", path(request)),
        format!("{}/checks", address_of(response)),
        format!("{}/notice?format=json", address_of(response)),
        format!("{}/notice?format=text", address_of(response)),
        format!("{}/notice?format=html", address_of(response)),
        format!("{}/notice?format=markdown", address_of(response)),
        format!("/v1/requests?authority_id={authority}"),
        format!("/v1/requests?authority_id={authority}&format=csv"),
        format!("/v1/requests?authority_id={authority}&q=24(1)"),
        format!("/v1/requests?authority_id={authority}&q=23(1)"),
        format!("/v1/metrics/provisions?{days}"),
        format!("/v1/metrics/provisions?{days}&format=csv"),
        format!("/v1/metrics/provisions?{days}&group_by=month"),
        format!("/v1/metrics/outcomes?{days}"),
        format!("/v1/metrics/ncnd?{days}"),
        format!("/v1/metrics/regulator?{days}"),
        format!("/v1/metrics/reviews?{days}"),
        format!("/v1/returns/code-part-8?authority_id={authority}&period=2026-Q2"),
        format!("/v1/returns/cabinet-office?authority_id={authority}&period=2026-Q2"),
        format!("/v1/returns/cabinet-office?authority_id={authority}&period=2026-Q2&format=csv"),
        format!("{}/reviews", path(request)),
        format!("{}/complaints", path(request)),
        format!("/v1/due-dates?authority_id={authority}"),
    ];
    let text = |address: &String| {
        let answer = server.get(address);
        assert_eq!(answer.status, 200, "{address}: {}", answer.text);
        without_ids(&answer.text).replace("Authority 1", "A").replace("Authority 2", "A")
    };
    addresses
        .iter()
        .map(|address| {
            format!(
                "{} {}",
                address.replace(authority, "A").replace(request, "R").replace(&id(response), "S"),
                text(address)
            )
        })
        .collect()
}

#[track_caller]
fn alike(server: &Server, letters: [Value; 2]) -> [(String, String, Value); 2] {
    let both = answered(server, letters);
    let [one, other] = [shown(server, &both[0]), shown(server, &both[1])];
    for (one, other) in one.iter().zip(&other) {
        assert_eq!(one, other);
    }
    both
}

on_both! {
    fn the_order_of_the_letter_shows_nowhere(server) {
        let (first, second) = (member("23(1)", json!({"reasons": "One of the two applies."})), member("24(1)", json!({})));
        alike(server, [letter(json!([first, second])), letter(json!([second, first]))]);
    }

    fn the_letter_itself_keeps_the_members_in_the_order_of_the_statute(server) {
        let member = |provision: &str| member(provision, json!({"reasons": format!("Of {provision}")}));
        let grounds = |first: &str, second: &str| json!([member(first), {"provision": "40(2)"}, member(second)]);
        let test = |cited: &[&str]| with(weighing("24(2)"), &json!({"provisions": cited}));
        let determination = |one: &str, two: &str| json!({"part": "1", "outcome": "neither_confirmed_nor_denied", "grounds": grounds(one, two),
            "public_interest_tests": [test(&[one]), test(&["40(2)", one, two]), test(&[two])]});
        let shown = |document: &Value| without_ids(&document.to_string()).replace("\"reference\"", "");
        let mut told: Vec<Vec<String>> = Vec::new();
        for (one, two) in [("24(2)", "23(5)"), ("23(5)", "24(2)")] {
            let letter = sent("2026-06-29", &[determination(one, two)]);
            let [(_, request, response), (_, drafted, draft)] = answered_anew(server, one,
                [letter, json!({"kind": "initial", "determinations": [determination(one, two)]})]);
            let put = server.put(&format!("{}/determinations/1", address_of(&draft)), "*", &without(determination(one, two), &["part"])).expect(200);
            let complaint = id(&server.post(&format!("{}/complaints", path(&request)), &json!({"made_on": "2026-06-29"})).expect(201));
            let change = json!({"stated_on": "2026-06-30", "communicated_to": ["regulator"], "grounds_added": grounds(one, two)});
            let changed = server.post(&format!("{}/complaints/{complaint}/position-changes", path(&request)), &change).expect(201);
            let read = server.get(&address_of(&response)).expect(200);
            let cited: Vec<&str> = read["determinations"][0]["grounds"].as_array().unwrap().iter().map(|ground| ground["provision"].as_str().unwrap()).collect();
            assert_eq!(cited, ["23(5)", "40(2)", "24(2)"]);
            let weighed: Vec<&Value> = read["determinations"][0]["public_interest_tests"].as_array().unwrap().iter().map(|test| &test["provisions"]).collect();
            assert_eq!(weighed, [&json!(["23(5)"]), &json!(["24(2)"]), &json!(["40(2)", "23(5)", "24(2)"])]);
            let listed = server.get(&format!("{}/responses", path(&drafted))).expect(200);
            told.push([&response, &draft, &put, &changed, &read, &listed].map(shown).to_vec());
        }
        assert_eq!(told[0], told[1]);
    }

    fn what_is_said_with_one_member_is_said_of_both(server) {
        let said = json!({"reasons": "One of the two applies.", "applies_to": "The second page"});
        let both = alike(server, [
            letter(json!([member("23(1)", said.clone()), member("24(1)", json!({}))])),
            letter(json!([member("23(1)", json!({})), member("24(1)", said)])),
        ]);
        let findings = both.each_ref().map(|(_, _, response)| without_ids(&response["findings"].to_string()));
        assert_eq!(findings[0], findings[1]);
    }

    fn a_finding_names_all_members_and_points_to_none(server) {
        let both = alike(server, [
            letter(json!([member("23(1)", json!({})), member("24(1)", json!({}))])),
            letter(json!([member("24(1)", json!({})), member("23(1)", json!({}))])),
        ]);
        for (_, request, response) in &both {
            let reasons = finding(&response["findings"], "missing-reasons");
            assert_eq!((&reasons["facts"]["provision"], &reasons["pointer"]), (&json!("23(1) or 24(1)"), &json!("/determinations/0/grounds")));
            let compliance = server.get(&format!("{}/compliance", path(request))).expect(200);
            let breach = finding(&compliance["findings"], "missing-reasons");
            assert_eq!((&breach["severity"], &breach["facts"]["provision"]), (&json!("breach"), &json!("23(1) or 24(1)")));
        }
    }

    fn a_certificate_for_one_member_is_not_shown(server) {
        let certified = json!({"certificate": "Certificate of the Secretary of State of 1 June 2026", "reasons": "One of the two applies."});
        let plain = json!({"reasons": "One of the two applies."});
        let both = alike(server, [
            letter(json!([member("23(1)", certified.clone()), member("24(1)", plain.clone())])),
            letter(json!([member("23(1)", plain), member("24(1)", certified)])),
        ]);
        for (_, _, response) in &both {
            finding(&response["findings"], "alternative-shown-by-certificate");
            let notice = server.get(&format!("{}/notice?format=text", address_of(response))).text;
            assert!(notice.contains("23(1)") && notice.contains("24(1)") && !notice.contains("Secretary"), "{notice}");
        }
    }

    fn how_likely_the_harm_is_and_why_are_said_of_all_members_or_of_none(server) {
        let claim = json!({"threshold": "would", "reasons": "WHY ONE OF THEM APPLIES", "applies_to": "THE SECOND PAGE",
            "prejudice": {"harm": "THE HARM OF ONE"}});
        let both = alike(server, [
            letter(json!([member("23(1)", claim.clone()), member("24(1)", json!({}))])),
            letter(json!([member("23(1)", json!({})), member("24(1)", claim.clone())])),
        ]);
        for (_, _, response) in &both {
            let found = finding(&response["findings"], "alternative-shown-by-particulars");
            assert_eq!((&found["severity"], &found["pointer"], &found["facts"]["grounds"]), (&json!("error"), &json!("/determinations/0/grounds"), &json!("23(1) or 24(1)")));
            let notice = server.get(&format!("{}/notice?format=text", address_of(response))).text;
            for said in ["WHY ONE", "SECOND PAGE", "HARM OF ONE", "more probable than not"] {
                assert!(!notice.contains(said), "{said} in {notice}");
            }
        }
        let request = &both[0].1;
        let alone = without(letter(json!([member("23(1)", claim.clone()), member("24(1)", json!({}))])), &["record_as", "issued_on"]);
        let draft = |document: Value| record_response(server, request, &with(document, &json!({"kind": "revised"})));
        let issue = json!({"issued_on": "2026-06-30"});
        let stopped = server.post(&format!("{}/issue", address_of(&draft(alone))), &issue).problem(422, "notice-checks-failed");
        finding(&stopped["findings"], "alternative-shown-by-particulars");
        let joint = draft(without(letter(json!([member("23(1)", claim.clone()), member("24(1)", claim)])), &["record_as", "issued_on"]));
        let issued = server.post(&format!("{}/issue", address_of(&joint)), &issue).expect(200);
        let notice = server.get(&format!("{}/notice?format=text", address_of(&issued))).text;
        for said in ["WHY ONE", "SECOND PAGE", "HARM OF ONE", "section 23(1) or, if that does not apply, section 24(1): the harm would"] {
            assert_eq!(notice.matches(said).count(), 1, "{said} in {notice}");
        }
    }

    fn counts_and_filters_know_the_group_alone(server) {
        let [(authority, ..), _] = alike(server, [
            letter(json!([member("23(1)", json!({"reasons": "x"})), member("24(1)", json!({}))])),
            letter(json!([member("24(1)", json!({"reasons": "x"})), member("23(1)", json!({}))])),
        ]);
        let rows = server.get(&format!("/v1/metrics/provisions?authority_id={authority}&start_on=2026-01-01&end_on=2026-12-31")).expect(200);
        let cited: Vec<Value> = rows["rows"].as_array().unwrap().iter().map(|row| json!([row["provision"], row["times_cited"]])).collect();
        assert_eq!(json!(cited), json!([["23(1) or 24(1)", 1]]));
        for filter in ["provision=24(1)", "provision=23(1)", "ground=24(1)"] {
            server.get(&format!("/v1/requests?authority_id={authority}&{filter}")).problem(400, "invalid-parameter");
            let metric = format!("/v1/metrics/provisions?authority_id={authority}&start_on=2026-01-01&end_on=2026-12-31&{filter}");
            server.get(&metric).problem(400, "invalid-parameter");
        }
    }

    fn a_record_shows_the_group_and_takes_no_member(server) {
        let both = alike(server, [
            letter(json!([member("23(1)", json!({"reasons": "x"})), member("24(1)", json!({}))])),
            letter(json!([member("24(1)", json!({"reasons": "x"})), member("23(1)", json!({}))])),
        ]);
        let record = |reason: Value| {
            json!({"label": "1", "title": "A letter", "parts": ["1"], "disposition": "redacted",
                "redactions": [with(json!({"category": "security_detail"}), &reason)]})
        };
        for (_, request, _) in &both {
            let records = format!("{}/records", path(request));
            let refusals = ["23(1)", "24(1)"].map(|ground| {
                let problem = server.post(&records, &record(json!({"ground": ground}))).problem(422, "validation-failed");
                without(problem, &["instance", "request_id"])
            });
            assert_eq!(refusals[0], refusals[1]);
            server.post(&records, &record(json!({"alternative_group": "security"}))).expect(201);
        }
        let [one, other] = both.each_ref().map(|history| shown(server, history));
        assert_eq!(one, other);
    }
}
