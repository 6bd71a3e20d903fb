//! Letters of published cases: what the regulator found, and nothing that the letter does not deserve.

use super::*;

/// The letter of 28 January 2020 to a request of 7 November 2019: names withheld in part 1, part 4 neither confirmed nor
/// denied under two limbs with a threshold each. More time was taken, too late, "in respect of section 31".
fn partnership() -> Draft {
    let names = json!({
        "provision": "40(2)", "relies_on": [{"provision": "40(3A)(a)"}], "applies_to": "names", "reasons": "personal data",
        "legitimate_interests": {"interest": "openness", "necessary": false, "balance": "not necessary"}
    });
    let other_work = changed(
        ncnd(),
        json!({"as_cited": "section 31(3)", "relies_on": [
            {"provision": "31(1)(a)", "threshold": "would", "rank": "primary"},
            {"provision": "31(1)(b)", "threshold": "would_be_likely", "rank": "secondary"}
        ]}),
    );
    let draft = letter(json!([
        {"part": "1", "outcome": "partly_disclosed", "grounds": [names]},
        {"part": "2", "outcome": "disclosed"},
        {"part": "3", "outcome": "disclosed"},
        {"part": "4", "outcome": "neither_confirmed_nor_denied", "grounds": [other_work],
         "public_interest_tests": [changed(weighed(&["31(3)"]), json!({"decided_on": "2020-01-28"}))]}
    ]));
    draft.on("2020-01-28").knowing(|part| {
        part.received_on = Some(day("2019-11-07"));
        part.due_on = Some(day("2019-12-05"));
        part.working_days_late = Some(33);
        part.public_interest_extension_named = vec!["31".to_owned()];
    })
}

#[test]
fn a_letter_that_says_all_it_must_is_only_late() {
    let findings = partnership().findings();
    assert_eq!(ids(&findings), ["late-response"]);
    let late = &findings[0];
    assert_eq!((late.severity, late.provision.as_deref()), (crate::law::Severity::Breach, Some("section 10(1)")));
    assert_eq!(late.facts["working_days_late"], "33");
    assert_eq!(late.facts["due_on"], "2019-12-05");
}

#[test]
fn without_a_harm_from_confirming_the_answer_is_found_wanting() {
    let findings = partnership().with(|draft| draft.determinations[3].grounds[0].prejudice = None).findings();
    assert_eq!(ids(&findings), ["late-response", "missing-harm", "missing-reasons"]);
}

#[test]
fn a_list_of_exclusions_with_a_repealed_one_is_found_so() {
    let grounds = json!([
        {"provision": "23(5)", "reasons": "why", "consistency_reasons": "always"},
        {"provision": "24(2)", "reasons": "why"}, changed(ncnd(), json!({})),
        {"provision": "43(3)", "threshold": "would", "prejudice": prejudice()},
        {"provision": "40(5)", "reasons": "why"}
    ]);
    let draft =
        tested("neither_confirmed_nor_denied", grounds, json!([weighed(&["24(2)", "31(3)", "43(3)", "40(5)"])]));
    assert_eq!(ids(&draft.findings()), ["imprecise-provision", "provision-not-in-force"]);
}
