//! Reasons, prejudice, the public interest, and what stands around an NCND answer.

use super::*;

pub(super) fn cases() -> Vec<Case> {
    [reasons(), thresholds(), public_interest(), conditional_interest(), around_ncnd()].concat()
}

fn withheld(ground: Value) -> Draft {
    tested("withheld", json!([ground]), json!([weighed(&["31(1)(a)", "42(1)"])]))
}

fn claiming(members: Value) -> Draft {
    withheld(changed(crime(), json!({"prejudice": members})))
}

fn omitting(under: &str, covers: &[&str]) -> Value {
    json!({"provision": "42(1)", "statement_omitted": {"under": under, "covers": covers}})
}

fn reasons() -> Vec<Case> {
    let decided = json!({"under": "17(4)", "covers": ["17(1)(c)"], "decided_by": {"staff_ref": "s-1"}});
    vec![
        case(
            "missing-reasons",
            withheld(json!({"provision": "42(1)"})),
            withheld(json!({"provision": "42(1)", "reasons": "why"})),
        ),
        case("missing-reasons", withheld(omitting("17(4)", &["17(3)"])), withheld(omitting("17(4)", &["17(1)(c)"]))),
        case(
            "missing-reasons",
            withheld(json!({"provision": "42(1)"})),
            withheld(changed(crime(), json!({"reasons": null}))),
        ),
        case("missing-harm", withheld(changed(crime(), json!({"prejudice": null}))), withheld(crime())),
        case("missing-causal-link", claiming(json!({"interest": "crime", "harm": "some"})), claiming(prejudice())),
        case("missing-interest", claiming(json!({"harm": "some", "causal_link": "how"})), claiming(prejudice())),
        case(
            "omission-not-allowed",
            withheld(omitting("17(4)", &["17(1)(b)"])),
            withheld(omitting("17(4)", &["17(1)(c)", "17(3)(b)"])),
        ),
        case(
            "omission-not-allowed",
            withheld(omitting("16(3)", &["16(2)"])).under(Regime::Foisa),
            withheld(omitting("16(3)", &["16(1)(d)"])).under(Regime::Foisa),
        ),
        case(
            "omission-without-decider",
            withheld(omitting("17(4)", &["17(1)(c)"])),
            withheld(json!({"provision": "42(1)", "statement_omitted": decided})),
        ),
    ]
}

fn thresholds() -> Vec<Case> {
    let limbs = |second: Value| {
        let relies_on = json!([{"provision": "31(1)(a)", "threshold": "would"}, second]);
        neither(json!([changed(ncnd(), json!({"relies_on": relies_on}))]))
    };
    let section_18 = |limb: Value| {
        one("neither_confirmed_nor_denied", json!([{"provision": "18(1)", "relies_on": [limb]}])).under(Regime::Foisa)
    };
    let adverse = |threshold: &str| {
        let ground = changed(crime(), json!({"provision": "12(5)(b)", "threshold": threshold}));
        tested("withheld", json!([ground]), json!([weighed(&["12(5)(b)"])])).under(Regime::Eir)
    };
    vec![
        case("missing-threshold", withheld(changed(crime(), json!({"threshold": null}))), withheld(crime())),
        case(
            "missing-threshold",
            limbs(json!({"provision": "31(1)(b)"})),
            limbs(json!({"provision": "31(1)(b)", "threshold": "would_be_likely"})),
        ),
        case(
            "missing-threshold",
            section_18(json!({"provision": "35(1)(a)"})),
            section_18(json!({"provision": "38(1)(a)"})),
        ),
        case("foreign-threshold", adverse("would_be_likely"), adverse("would")),
    ]
}

fn public_interest() -> Vec<Case> {
    let advice = || json!({"provision": "42(1)", "reasons": "legal advice"});
    let test = |changes: Value| tested("withheld", json!([advice()]), json!([changed(weighed(&["42(1)"]), changes)]));
    let sound = || test(json!({}));
    let no_factors = || json!({"factors_for": null, "factors_against": null});
    let scottish = |changes: Value| {
        let ground = json!({"provision": "18(1)", "relies_on": [{"provision": "35(1)(a)"}], "reasons": "why"});
        let test = changed(weighed(&["18(1)"]), changes);
        tested("neither_confirmed_nor_denied", json!([ground]), json!([test])).under(Regime::Foisa)
    };
    let not_held = |changes: Value| {
        let ground = json!({"provision": "12(4)(a)", "reasons": "why"});
        tested("not_held", json!([ground]), json!([changed(weighed(&["12(4)(a)"]), changes)])).under(Regime::Eir)
    };
    vec![
        case("missing-public-interest-test", one("withheld", json!([advice()])), sound()),
        case(
            "missing-public-interest-test",
            tested("withheld", json!([advice(), crime()]), json!([weighed(&["42(1)"])])),
            tested("withheld", json!([advice(), crime()]), json!([weighed(&["section 42", "31"])])),
        ),
        case("balance-favours-disclosure", test(json!({"balance": "equal"})), sound()),
        case("balance-favours-disclosure", test(json!({"balance": "disclose"})), sound()),
        case("missing-balance", test(json!({"balance": null})), sound()),
        case("missing-factors", test(json!({"factors_for": null, "factors_against": null})), sound()),
        case("one-sided-factors", test(json!({"factors_for": null})), sound()),
        case("public-interest-test-incomplete", scottish(json!({"balance": null})), scottish(json!({}))),
        case("public-interest-test-incomplete", not_held(json!({"factors_for": null})), not_held(json!({}))),
        case("missing-factors", test(no_factors()), not_held(no_factors())),
        case("missing-factors", test(no_factors()), scottish(no_factors())),
        case("missing-balance", test(json!({"balance": null})), scottish(json!({"balance": null}))),
        case("one-sided-factors", test(json!({"factors_for": null})), not_held(json!({"factors_for": null}))),
        case("test-of-uncited-provision", test(json!({"provisions": ["42(1)", "43(2)"]})), sound()),
        case(
            "test-decided-after-issue",
            test(json!({"decided_on": "2021-03-16"})),
            test(json!({"decided_on": "2021-03-15"})),
        ),
    ]
}

fn conditional_interest() -> Vec<Case> {
    let untested = |provision: &str, relied_on: &[&str]| {
        let relies_on: Vec<Value> = relied_on.iter().map(|provision| json!({"provision": provision})).collect();
        one("withheld", json!([{"provision": provision, "reasons": "why", "relies_on": relies_on}]))
    };
    let ncnd =
        |provision: &str| one("neither_confirmed_nor_denied", json!([{"provision": provision, "reasons": "why"}]));
    let certified = json!([{"provision": "36(2)(c)", "certificate": "36(7)"}]);
    vec![
        case("missing-public-interest-test", untested("40(2)", &["40(3B)"]), untested("40(2)", &["40(3A)(a)"])),
        case("missing-public-interest-test", untested("36(2)(c)", &[]), one("withheld", certified)),
        case("missing-public-interest-test", untested("24(1)", &[]), untested("23(1)", &[])),
        case("public-interest-test-not-shown", untested("40(2)", &[]), untested("40(2)", &["40(3A)(a)", "40(3B)"])),
        case("public-interest-test-not-shown", ncnd("40(5B)(a)(i)"), ncnd("23(5)")),
        case("public-interest-test-not-shown", ncnd("18(1)").under(Regime::Foisa), ncnd("11(6)").under(Regime::Eisr)),
        case(
            "conditional-ground-without-test",
            untested("38(1)(b)", &[]).under(Regime::Foisa),
            ncnd("18(1)").under(Regime::Foisa),
        ),
        case("conditional-ground-without-test", untested("39(2)(a)", &[]).under(Regime::Foisa), untested("40(2)", &[])),
    ]
}

fn around_ncnd() -> Vec<Case> {
    let answer = || neither(json!([ncnd()]));
    let saying = |changes: Value| neither(json!([changed(ncnd(), changes)]));
    let estimate = json!({"hours": "20", "amount": "500"});
    let under_12_2 = |draft: &mut PartFacts| draft.fee_notice_given = true;
    let confirming = |provision: &str| one("refused_cost", json!([{"provision": provision}])).knowing(under_12_2);
    let named = |provision: &'static str| {
        answer().knowing(move |part| part.public_interest_extension_named = vec![provision.to_owned()])
    };
    vec![
        case("ncnd-fee-notice", answer().knowing(|part| part.fee_notice_given = true), answer()),
        case("ncnd-fee-notice", confirming("12(2)"), confirming("12(1)")),
        case("ncnd-complexity-extension", answer().knowing(|part| part.complexity_extension = true), answer()),
        case("ncnd-transfer-or-advice", answer().knowing(|part| part.transferred_or_advised = true), answer()),
        case(
            "ncnd-cost-estimate",
            saying(json!({"cost_estimate": estimate})),
            one("refused_cost", json!([{"provision": "12(2)", "cost_estimate": estimate}])),
        ),
        case("ncnd-extension-named-exemption", named("section 31(1)"), named("section 31(3)")),
        case("ncnd-extension-named-exemption", named("31(1)(a)"), named("31")),
        case("ncnd-detail", saying(json!({"available_at": ["a web page"]})), answer()),
        case("ncnd-limb-not-named", saying(json!({"relies_on": null, "threshold": "would"})), answer()),
        case("ncnd-consistency-reasons", saying(json!({"consistency_reasons": null})), answer()),
    ]
}

#[test]
fn one_test_may_serve_a_whole_alternative_group() {
    let member = |provision: &str| json!({"provision": provision, "alternative_group": "security", "reasons": "why"});
    let draft = |provisions: &[&str]| {
        tested("withheld", json!([member("23(1)"), member("24(1)")]), json!([weighed(provisions)])).findings()
    };
    assert_eq!(draft(&["23(1)", "24(1)"]), []);
    assert_eq!(draft(&["security"]), []);
}

#[test]
fn a_missing_threshold_points_at_its_limb() {
    let relies_on = json!([{"provision": "31(1)(a)", "threshold": "would"}, {"provision": "31(1)(b)"}]);
    let findings = neither(json!([changed(ncnd(), json!({"relies_on": relies_on}))])).findings();
    assert_eq!(ids(&findings), ["missing-threshold"]);
    assert_eq!(findings[0].pointer.as_deref(), Some("/determinations/0/grounds/0/relies_on/1/threshold"));
    assert_eq!(findings[0].facts["limb"], "31(1)(b)");
}
