//! Citations, outcomes, what goes with a ground, costs and alternatives.

use super::*;

/// A qualified ground that is complete but for what a case changes.
fn advice() -> Value {
    json!({"provision": "42(1)", "reasons": "legal advice"})
}

fn withheld(ground: Value) -> Draft {
    let provision = ground["provision"].as_str().unwrap_or("42(1)").to_owned();
    tested("withheld", json!([ground]), json!([weighed(&[&provision])]))
}

fn citing(provision: &str) -> Draft {
    withheld(json!({"provision": provision, "reasons": "why"}))
}

fn relying(provision: &str, relied_on: &str) -> Draft {
    withheld(json!({"provision": provision, "reasons": "why", "relies_on": [{"provision": relied_on}]}))
}

pub(super) fn cases() -> Vec<Case> {
    [
        citations(),
        outcomes(),
        outcomes_by_regime(),
        mirrors(),
        accompaniments(),
        further_accompaniments(),
        costs(),
        alternatives(),
    ]
    .concat()
}

fn citations() -> Vec<Case> {
    vec![
        case("unknown-provision", citing("3(3)"), citing("43(2)")),
        case(
            "provision-of-another-regime",
            citing("12(5)(b)").under(Regime::Foisa),
            citing("12(5)(b)").under(Regime::Eir),
        ),
        case("provision-not-a-ground", citing("17(4)"), citing("42(1)")),
        case(
            "provision-cannot-stand-alone",
            citing("31(2)(a)"),
            one("withheld", json!([{"provision": "31(1)(g)"}, {"provision": "31(2)(a)"}])),
        ),
        case("imprecise-provision", citing("31(1)"), citing("31(1)(a)")),
        case("provision-not-in-force", citing("40(5)(a)"), citing("40(5)(a)").on("2018-05-24")),
        case("unknown-provision-relied-on", relying("31(1)(g)", "31(2)(z)"), relying("31(1)(g)", "31(2)(a)")),
        case(
            "provision-relied-on-not-in-force",
            relying("40(2)", "40(3)(a)(i)"),
            relying("40(2)", "40(3)(a)(i)").on("2018-05-24"),
        ),
    ]
}

fn outcomes() -> Vec<Case> {
    vec![
        case(
            "substantive-ground-for-ncnd",
            one("neither_confirmed_nor_denied", json!([crime()])),
            neither(json!([ncnd()])),
        ),
        case("ncnd-ground-to-withhold", one("withheld", json!([ncnd()])), one("withheld", json!([crime()]))),
        case("mixed-ncnd-and-withholding", neither(json!([ncnd(), crime()])), neither(json!([ncnd()]))),
        case("exemption-beside-scottish-ncnd", section_18(json!([])), section_18(json!(["35(1)(a)"]))),
        case("ncnd-without-ground", neither(json!([])), neither(json!([ncnd()]))),
        case("refusal-without-ground", one("withheld", json!([])), one("withheld", json!([advice()]))),
        case("ground-without-refusal", one("disclosed", json!([advice()])), one("disclosed", json!([]))),
        case(
            "cost-refusal-ground",
            one("refused_cost", json!([])),
            one("refused_cost", json!([{"provision": "12(1)"}])),
        ),
        case(
            "cost-refusal-ground",
            one("refused_cost", json!([{"provision": "12(1)"}, advice()])),
            one("refused_cost", json!([{"provision": "12(2)"}, {"provision": "12(4)"}])),
        ),
        case(
            "vexatious-refusal-ground",
            one("refused_vexatious", json!([{"provision": "14(2)"}])),
            one("refused_vexatious", json!([{"provision": "14(1)"}])),
        ),
        case(
            "repeated-refusal-ground",
            one("refused_repeated", json!([{"provision": "14(1)"}])),
            one("refused_repeated", json!([{"provision": "14(2)"}])),
        ),
        case(
            "procedural-ground-for-other-outcome",
            one("withheld", json!([{"provision": "14(1)"}])),
            one("refused_vexatious", json!([{"provision": "14(1)"}])),
        ),
    ]
}

/// FOISA s18(1) for the sake of 35(1)(a), named as what it relies on or as a ground beside it.
fn section_18(relies_on: Value) -> Draft {
    let limbs = relies_on.as_array().unwrap().iter().map(|limb| json!({"provision": limb}));
    let limbs: Vec<Value> = limbs.collect();
    let beside = limbs.is_empty().then(|| changed(crime(), json!({"provision": "35(1)(a)"})));
    let section_18 = json!({"provision": "18(1)", "reasons": "why", "relies_on": limbs});
    let grounds: Vec<Value> = [section_18].into_iter().chain(beside).collect();
    one("neither_confirmed_nor_denied", json!(grounds)).under(Regime::Foisa)
}

#[test]
fn the_exemption_behind_section_18_is_no_contradiction_in_scotland() {
    let findings = section_18(json!([])).findings();
    assert!(!ids(&findings).contains(&"mixed-ncnd-and-withholding"));
    assert!(!ids(&findings).contains(&"missing-public-interest-test"));
}

fn outcomes_by_regime() -> Vec<Case> {
    let elsewhere =
        |provision: &str| one("accessible_elsewhere", json!([{"provision": provision, "reasons": "published"}]));
    let not_held = |provision: &str| one("not_held", json!([{"provision": provision}]));
    vec![
        case(
            "outcome-not-in-regime",
            one("refused_vexatious", json!([{"provision": "12(4)(b)"}])).under(Regime::Eir),
            one("withheld", json!([{"provision": "12(4)(b)"}])).under(Regime::Eir),
        ),
        case(
            "not-held-without-exception",
            one("not_held", json!([])).under(Regime::Eisr),
            not_held("10(4)(a)").under(Regime::Eisr),
        ),
        case(
            "ground-without-refusal",
            not_held("12(4)(b)").under(Regime::Eir),
            not_held("12(4)(a)").under(Regime::Eir),
        ),
        case("not-held-notice", one("not_held", json!([])).under(Regime::Foisa), one("not_held", json!([]))),
        case("accessible-elsewhere-without-exemption", elsewhere("22(1)"), elsewhere("21(1)")),
        case(
            "accessible-elsewhere-without-exemption",
            elsewhere("27(1)").under(Regime::Foisa),
            elsewhere("25(1)").under(Regime::Foisa),
        ),
        case(
            "accessible-elsewhere-unexplained",
            one("accessible_elsewhere", json!([])).under(Regime::Eir),
            elsewhere("6(1)(b)").under(Regime::Eir),
        ),
        case("provision-not-a-ground", elsewhere("17(4)"), elsewhere("6(1)(b)").under(Regime::Eir)),
    ]
}

fn mirrors() -> Vec<Case> {
    vec![
        case(
            "relies-on-what-is-not-mirrored",
            one("neither_confirmed_nor_denied", json!([{"provision": "31(3)", "relies_on": [{"provision": "43(2)"}]}])),
            one(
                "neither_confirmed_nor_denied",
                json!([{"provision": "31(3)", "relies_on": [{"provision": "31(1)(g)"}, {"provision": "31(2)(a)"}]}]),
            ),
        ),
        case(
            "relies-on-what-is-not-mirrored",
            one(
                "neither_confirmed_nor_denied",
                json!([{"provision": "12(6)", "relies_on": [{"provision": "12(5)(b)"}]}]),
            )
            .under(Regime::Eir),
            one(
                "neither_confirmed_nor_denied",
                json!([{"provision": "12(6)", "relies_on": [{"provision": "12(5)(a)"}]}]),
            )
            .under(Regime::Eir),
        ),
    ]
}

fn accompaniments() -> Vec<Case> {
    let with = |provision: &str, member: &str, value: Value| {
        let mut ground = json!({"provision": provision, "reasons": "why"});
        ground[member] = value;
        withheld(ground)
    };
    vec![
        case("missing-purpose", citing("31(1)(g)"), relying("31(1)(g)", "31(2)(d)")),
        case(
            "missing-purpose",
            citing("35(1)(g)").under(Regime::Foisa),
            relying("35(1)(g)", "35(2)(a)").under(Regime::Foisa),
        ),
        case("missing-condition", citing("40(2)"), relying("40(2)", "40(3A)(a)")),
        case(
            "missing-condition",
            relying("40(2)", "40(3)(a)(i)"),
            one("withheld", json!([{"provision": "40(2)"}, {"provision": "40(3A)(a)"}])),
        ),
        case("missing-companion-provision", citing("30(2)(a)(i)"), relying("30(2)(a)(i)", "30(2)(b)")),
        case(
            "missing-companion-provision",
            one("neither_confirmed_nor_denied", json!([{"provision": "18(1)"}])).under(Regime::Foisa),
            one(
                "neither_confirmed_nor_denied",
                json!([{"provision": "18(1)", "relies_on": [{"provision": "35(1)(a)"}]}]),
            )
            .under(Regime::Foisa),
        ),
        case("missing-place", citing("21(1)"), with("21(1)", "available_at", json!(["the publication scheme"]))),
        case(
            "missing-qualified-person",
            citing("36(2)(b)(ii)"),
            with(
                "36(2)(b)(ii)",
                "qualified_person",
                json!({"office": "chief officer", "statistical_information": true}),
            ),
        ),
        case(
            "missing-qualified-person",
            with("36(2)(c)", "qualified_person", json!({"opinion": "it would prejudice"})),
            with("36(2)(c)", "qualified_person", json!({"statistical_information": true})),
        ),
        case(
            "qualified-person-opinion-incomplete",
            with("36(2)(c)", "qualified_person", json!({"office": "chief officer"})),
            with(
                "36(2)(c)",
                "qualified_person",
                json!({"office": "chief officer", "opinion_on": "2021-03-08", "opinion": "it would prejudice"}),
            ),
        ),
    ]
}

fn further_accompaniments() -> Vec<Case> {
    let planned = |provision: &str, on: &str| {
        withheld(json!({"provision": provision, "reasons": "why", "publication_planned_on": on}))
    };
    vec![
        case(
            "missing-enactment",
            citing("44(1)(a)"),
            withheld(json!({"provision": "44(1)(a)", "reasons": "why", "enactment": "an Act"})),
        ),
        case("missing-publication-date", citing("22(1)"), planned("22(1)", "2022-01-01")),
        case(
            "publication-beyond-twelve-weeks",
            planned("27(1)", "2021-05-25").under(Regime::Foisa),
            planned("27(1)", "2021-05-24").under(Regime::Foisa),
        ),
        case(
            "missing-completion-date",
            citing("12(4)(d)").under(Regime::Eir),
            planned("12(4)(d)", "2021-06-01").under(Regime::Eir),
        ),
        case(
            "missing-legitimate-interests",
            relying("40(2)", "40(3A)(a)"),
            withheld(json!({
                "provision": "40(2)", "relies_on": [{"provision": "40(3A)(a)"}],
                "legitimate_interests": {"interest": "openness", "necessary": false}
            })),
        ),
        case("environmental-answer-due", citing("39(1)(a)"), citing("42(1)")),
    ]
}

fn refused_cost(estimate: Value) -> Draft {
    one("refused_cost", json!([{"provision": "12(1)", "cost_estimate": estimate}]))
}

fn costs() -> Vec<Case> {
    let estimate = |hours: &str, amount: &str| json!({"hours": hours, "amount": amount});
    let upper = |draft: &mut Draft| draft.cost_limit = Some(UPPER_LIMIT);
    let repeated =
        |earlier: Value| one("refused_repeated", json!([{"provision": "14(2)", "earlier_request": earlier}]));
    let beside = |other: &str| {
        letter(json!([
            {"part": "1", "outcome": "refused_cost", "grounds": [{"provision": "12(1)"}]},
            {"part": "2", "outcome": other}
        ]))
    };
    vec![
        case(
            "missing-cost-estimate",
            one("refused_cost", json!([{"provision": "12(1)"}])),
            refused_cost(estimate("20", "500")),
        ),
        case(
            "cost-estimate-within-limit",
            refused_cost(estimate("18", "450")),
            refused_cost(estimate("18.5", "462.50")),
        ),
        case(
            "cost-estimate-within-limit",
            refused_cost(estimate("20", "500")).with(upper),
            refused_cost(estimate("25", "625")).with(upper),
        ),
        case(
            "cost-estimate-within-limit",
            refused_cost(estimate("35", "525")).under(Regime::Foisa),
            refused_cost(estimate("41", "615")).under(Regime::Foisa),
        ),
        case("cost-estimate-rate", refused_cost(estimate("20", "800")), refused_cost(estimate("20", "500"))),
        case(
            "cost-estimate-rate",
            refused_cost(estimate("30", "610")).under(Regime::Foisa),
            refused_cost(json!({"hours": "30", "amount": "610", "basis": "with the cost of a recovered tape"}))
                .under(Regime::Foisa),
        ),
        case(
            "missing-earlier-request",
            repeated(json!({"reference": "FOI-1"})),
            repeated(json!({"reference": "FOI-1", "complied_on": "2021-01-04"})),
        ),
        case("cost-refusal-beside-answers", beside("disclosed"), beside("transferred")),
    ]
}

fn alternatives() -> Vec<Case> {
    let security = |one: Value, other: Value| {
        let ground = |provision: &str, more: Value| changed(json!({"provision": provision, "reasons": "why"}), more);
        tested("withheld", json!([ground("23(1)", one), ground("24(1)", other)]), json!([weighed(&["23(1)", "24(1)"])]))
    };
    let group = || json!({"alternative_group": "a"});
    let for_information =
        |one: &str, other: &str| one_of_both(json!({"applies_to": one}), json!({"applies_to": other}));
    let tested_for = |provisions: &[&str]| {
        let mut draft = security(group(), group());
        draft.determinations[0].public_interest_tests = serde_json::from_value(json!([weighed(provisions)])).unwrap();
        draft
    };
    vec![
        case("alternatives-required", security(json!({}), json!({})), security(group(), group())),
        case("mutually-exclusive-grounds", one_of_both(json!({}), json!({})), for_information("the file", "the plan")),
        case("mutually-exclusive-grounds", for_information("the file", "the file"), one_of_both(group(), group())),
        case("alternative-group-of-one", security(group(), json!({})), security(group(), group())),
        case(
            "alternative-shown-by-certificate",
            security(json!({"alternative_group": "a", "certificate": "24(3)"}), group()),
            security(group(), group()),
        ),
        case(
            "alternative-shown-by-particulars",
            security(json!({"alternative_group": "a", "reasons": "One applies."}), group()),
            security(
                json!({"alternative_group": "a", "reasons": "One applies."}),
                json!({"alternative_group": "a", "reasons": "One applies."}),
            ),
        ),
        case(
            "alternative-shown-by-particulars",
            security(group(), json!({"alternative_group": "a", "threshold": "would"})),
            security(
                json!({"alternative_group": "a", "threshold": "would"}),
                json!({"alternative_group": "a", "threshold": "would"}),
            ),
        ),
        case(
            "alternative-shown-by-certificate",
            security(
                json!({"alternative_group": "a", "certificate": "of 1 June"}),
                json!({"alternative_group": "a", "certificate": "of 2 June"}),
            ),
            security(
                json!({"alternative_group": "a", "certificate": "of 1 June"}),
                json!({"alternative_group": "a", "certificate": "of 1 June"}),
            ),
        ),
        case("alternative-test-not-joint", tested_for(&["24(1)"]), tested_for(&["23(1)", "24(1)"])),
        case("alternative-test-not-joint", tested_for(&["24(1)"]), tested_for(&["a"])),
        case(
            "ncnd-security-pair",
            one("neither_confirmed_nor_denied", json!([{"provision": "24(2)"}])),
            one("neither_confirmed_nor_denied", json!([{"provision": "24(2)"}, {"provision": "23(5)"}])),
        ),
    ]
}

/// Sections 30 and 31 on one part.
fn one_of_both(one_more: Value, other_more: Value) -> Draft {
    let file = changed(json!({"provision": "30(1)(a)(i)", "reasons": "why"}), one_more);
    tested("withheld", json!([file, changed(crime(), other_more)]), json!([weighed(&["30(1)(a)(i)", "31(1)(a)"])]))
}

#[test]
fn a_misprint_is_answered_with_what_may_have_been_meant() {
    let draft = one("neither_confirmed_nor_denied", json!([{"as_cited": "section 3(3)"}]));
    let findings = draft.findings();
    let finding = findings.iter().find(|finding| finding.id == "unknown-provision").unwrap();
    assert_eq!(finding.pointer.as_deref(), Some("/determinations/0/grounds/0/as_cited"));
    assert!(finding.facts["suggestions"].contains("43(3)"));
    assert!(!ids(&findings).contains(&"ncnd-without-ground"), "the misprint says what was meant");
}

#[test]
fn a_superseded_provision_names_its_successors_and_still_counts_as_what_it_was() {
    let findings = neither(json!([{"provision": "40(5)", "consistency_reasons": "why", "reasons": "why"}])).findings();
    let finding = findings.iter().find(|finding| finding.id == "provision-not-in-force").unwrap();
    assert!(finding.facts["superseded_by"].contains("40(5A)"));
    assert!(!ids(&findings).contains(&"ncnd-without-ground"));
}

#[test]
fn an_ncnd_answer_is_told_which_provision_would_serve() {
    let instead = |provision: &str| {
        let findings =
            one("neither_confirmed_nor_denied", json!([{"provision": provision, "reasons": "why"}])).findings();
        findings.into_iter().find(|finding| finding.id == "substantive-ground-for-ncnd").unwrap().facts["instead"]
            .clone()
    };
    assert_eq!(instead("31(1)(a)"), "31(3)");
    assert_eq!(instead("31(1)"), "31(3)");
    assert_eq!(instead("43(2)"), "43(3)");
    assert_eq!(instead("43(1)"), "there is none for this ground");
}

#[test]
fn findings_about_alternatives_do_not_depend_on_which_member_is_which() {
    let ground = |provision: &str| json!({"provision": provision, "alternative_group": "a", "applies_to": "some"});
    let findings_of = |members: [&str; 2]| one("withheld", json!(members.map(ground))).findings();
    let findings = findings_of(["23(1)", "24(1)"]);
    assert_eq!(findings, findings_of(["24(1)", "23(1)"]));
    assert!(ids(&findings).contains(&"missing-public-interest-test"));
    for finding in &findings {
        let texts = format!("{} {:?}", finding.message, finding.facts);
        assert_eq!(texts.contains("23(1)"), texts.contains("24(1)"), "{texts}");
        assert_eq!(finding.pointer.as_deref(), Some("/determinations/0/grounds"));
    }
}

#[test]
fn a_ground_resolves_once_to_the_row_that_counts() {
    let ground = |value: Value| serde_json::from_value(value).unwrap();
    let resolved = |value: Value, on: &str| resolve(Regime::Foia, day(on), &ground(value));
    let later = resolved(json!({"provision": "40(2)"}), "2021-03-15");
    let earlier = resolved(json!({"provision": "40(2)"}), "2012-03-15");
    assert_ne!(later.provision_id, earlier.provision_id, "each wording has its own row");
    let titled = resolved(json!({"as_cited": "Section 31(3) (law enforcement)"}), "2021-03-15");
    assert_eq!((titled.provision.as_deref(), titled.status), (Some("31(3)"), CitationStatus::InForce));
    assert_eq!(resolved(json!({"provision": "40(5)"}), "2023-01-09").status, CitationStatus::NotInForce);
    let list = resolved(json!({"as_cited": "sections 24(2), 31(3)"}), "2021-03-15");
    assert_eq!((list.provision_id, list.status), (None, CitationStatus::Unknown));
}
