//! Checks that rest on facts of their own: announced outcomes, the Regulations, aggregation, positions, words.

use super::*;

pub(super) fn cases() -> Vec<Case> {
    [citations(), announced(), covered(), holders(), regulations(), costs(), guards()].concat()
}

fn citations() -> Vec<Case> {
    let cited = |provision: &str, as_cited: &str| {
        one("withheld", json!([{"provision": provision, "as_cited": as_cited, "reasons": "why"}]))
    };
    vec![
        case(
            "citation-mismatch",
            cited("43(2)", "section 42(1)"),
            cited("43(2)", "section 43(2) - Commercial interests"),
        ),
        case("citation-mismatch", cited("31(1)(a)", "section 3(3)"), cited("31(1)(a)", "section 31(1)")),
        case(
            "citation-mismatch",
            cited("40(2)", "the law"),
            cited("31(1)(b)", "Section 31(1)(a)&(b) - Law Enforcement"),
        ),
    ]
}

fn announced() -> Vec<Case> {
    let outcome = |grounds: Value| {
        tested("withheld", grounds, json!([weighed(&["31(1)(a)", "43(2)"])])).with(|draft| {
            draft.kind = ResponseKind::PublicInterestOutcome;
        })
    };
    let announcing = |draft: Draft, named: &[&str]| {
        let named: Vec<String> = named.iter().map(|cited| (*cited).to_owned()).collect();
        draft.knowing(move |part| {
            part.public_interest_extension = true;
            part.public_interest_extension_named = named.clone();
            part.announced_for = Some(day("2021-04-29"));
        })
    };
    let following = |weighed_before: bool| {
        outcome(json!([super::crime()])).knowing(move |part| {
            part.standing = PartStanding::Settled;
            (part.answered_on, part.weighed_before) = (Some(day("2021-03-10")), weighed_before);
        })
    };
    let crime = || outcome(json!([crime()]));
    vec![
        case("separate-outcome-not-in-regime", crime().under(Regime::Foisa), crime()),
        case(
            "separate-outcome-not-in-regime",
            crime().under(Regime::Eir),
            one("withheld", json!([])).under(Regime::Eir),
        ),
        case("outcome-not-announced", crime(), announcing(crime(), &["31"])),
        case("outcome-not-announced", crime(), one("withheld", json!([super::crime()]))),
        case("outcome-not-announced", following(false), following(true)),
        case("outcome-not-announced", following(false), announcing(following(false), &["31"])),
        case(
            "outcome-on-unannounced-ground",
            announcing(crime(), &["43(2)"]),
            announcing(crime(), &["43(2)", "section 31(1)"]),
        ),
        case(
            "outcome-on-unannounced-ground",
            announcing(outcome(json!([{"provision": "43(2)"}])), &["31"]),
            announcing(outcome(json!([{"provision": "44(1)(a)"}])), &["31"]),
        ),
        case(
            "outcome-after-estimate",
            announcing(crime(), &["31"]).on("2021-04-30"),
            announcing(crime(), &["31"]).on("2021-04-29"),
        ),
    ]
}

/// Letters around the due date of 29 March 2021 with more time to weigh the public interest until 29 April.
fn covered() -> Vec<Case> {
    let extended = |draft: Draft, named: &'static str, on: &str| {
        let draft = draft.knowing(move |part| {
            part.public_interest_extension = true;
            part.public_interest_extension_named = vec![named.to_owned()];
            part.extended_to = Some(day("2021-04-29"));
        });
        draft.on(on)
    };
    let within = |draft: Draft| extended(draft, "31", "2021-03-30");
    let refused = |grounds: Value| one("withheld", grounds);
    let absolute = || refused(json!([{"provision": "44(1)(a)", "enactment": "An Act"}]));
    let weighed_too =
        || tested("withheld", json!([crime(), {"provision": "44(1)(a)"}]), json!([weighed(&["31(1)(a)"])]));
    let not_held = |named: &'static str, on: &str| extended(one("not_held", json!([])), named, on);
    let vexatious = || one("refused_vexatious", json!([{"provision": "14(1)"}]));
    let initial = || tested("withheld", json!([crime()]), json!([weighed(&["31(1)(a)"])]));
    let settled = |draft: Draft| draft.knowing(|part| part.answered_on = Some(day("2021-03-15")));
    let group = |first: &str| {
        let member = |provision: &str| json!({"provision": provision, "alternative_group": "a", "reasons": "why"});
        within(refused(json!([member(first), member("44(1)(a)")])))
    };
    vec![
        case("extension-does-not-cover", within(absolute()), extended(absolute(), "31", "2021-03-29")),
        case("extension-does-not-cover", within(absolute()), within(weighed_too())),
        case("extension-does-not-cover", within(absolute()), extended(absolute(), "31", "2021-04-30")),
        case("extension-does-not-cover", within(absolute()), within(one("disclosed", json!([])))),
        case("extension-does-not-cover", group("23(1)"), group("24(1)")),
        case("extension-does-not-cover", within(absolute()), within(absolute()).under(Regime::Foisa)),
        case("extension-does-not-cover-cost-or-vexatious", within(vexatious()), within(absolute())),
        case(
            "extension-does-not-cover-cost-or-vexatious",
            within(vexatious()),
            settled(within(vexatious())).with(|draft| {
                draft.kind = ResponseKind::PublicInterestOutcome;
            }),
        ),
        case(
            "extension-does-not-cover-not-held",
            not_held("31(1)(a)", "2021-03-30"),
            not_held("31(1)(a)", "2021-03-29"),
        ),
        case("extension-does-not-cover-not-held", not_held("31(1)(a)", "2021-03-30"), not_held("31", "2021-03-30")),
        case("extension-does-not-cover-not-held", not_held("31(1)(a)", "2021-03-30"), not_held("31(3)", "2021-03-30")),
        case("outcome-on-unannounced-ground", extended(initial(), "43(2)", "2021-03-30"), within(initial())),
        case(
            "outcome-on-unannounced-ground",
            extended(initial(), "43(2)", "2021-03-30"),
            extended(initial(), "43(2)", "2021-03-29"),
        ),
    ]
}

fn holders() -> Vec<Case> {
    let policy = |kind: AuthorityKind, provision: &str| {
        one("withheld", json!([{"provision": provision, "reasons": "why"}]))
            .with(|draft| draft.authority_kind = Some(kind))
    };
    let id = "ground-not-open-to-authority";
    vec![
        case(
            id,
            policy(AuthorityKind::PoliceForce, "35(1)(a)"),
            policy(AuthorityKind::GovernmentDepartment, "35(1)(a)"),
        ),
        case(id, policy(AuthorityKind::Council, "35(3)"), policy(AuthorityKind::Other, "35(3)")),
        case(id, policy(AuthorityKind::Health, "35"), policy(AuthorityKind::Regulator, "35")),
        case(
            id,
            policy(AuthorityKind::Council, "29(1)(b)").under(Regime::Foisa),
            policy(AuthorityKind::Council, "29(1)(b)"),
        ),
        case(id, policy(AuthorityKind::Education, "35(1)(d)"), policy(AuthorityKind::Education, "36(2)(c)")),
    ]
}

fn regulations() -> Vec<Case> {
    let refusing = |regime: Regime, provision: &str, changes: Value| {
        let ground = changed(
            json!({"provision": provision, "reasons": "why", "prejudice": prejudice(), "threshold": "would"}),
            changes,
        );
        tested("withheld", json!([ground]), json!([weighed(&[provision])])).under(regime)
    };
    let applying = |draft: Draft| {
        draft.with(|draft| draft.determinations[0].public_interest_tests[0].presumption_applied = Some(true))
    };
    let eir = || refusing(Regime::Eir, "12(5)(e)", json!({}));
    let emissions = |concerns: bool| json!({"concerns_emissions": concerns});
    vec![
        case("presumption-not-applied", eir(), applying(eir())),
        case(
            "presumption-not-applied",
            refusing(Regime::Eisr, "10(5)(e)", json!({})),
            tested("withheld", json!([crime()]), json!([weighed(&["31(1)(a)"])])),
        ),
        case(
            "emissions-refused",
            refusing(Regime::Eir, "12(5)(d)", emissions(true)),
            refusing(Regime::Eir, "12(5)(d)", emissions(false)),
        ),
        case(
            "emissions-refused",
            refusing(Regime::Eir, "12(5)(g)", emissions(true)),
            refusing(Regime::Eir, "12(5)(c)", emissions(true)),
        ),
        case(
            "emissions-refused",
            refusing(Regime::Eisr, "10(5)(f)", emissions(true)),
            refusing(Regime::Eisr, "10(5)(b)", emissions(true)),
        ),
        case("emissions-not-considered", eir(), refusing(Regime::Eir, "12(5)(e)", emissions(false))),
        case("emissions-not-considered", eir(), refusing(Regime::Eir, "12(4)(e)", json!({}))),
    ]
}

fn costs() -> Vec<Case> {
    let refused = |provision: &str, estimate: Value| {
        one("refused_cost", json!([{"provision": provision, "cost_estimate": estimate}]))
    };
    let activities = |hours: &str| {
        json!({"hours": "30", "amount": "750", "activities": [
            {"activity": "locate", "hours": "10"}, {"activity": "extract", "hours": hours, "basis": "a sample"}],
          "aggregated_with": [{"reference": "FOI-2", "received_on": "2021-03-02", "hours": "5"}]})
    };
    let together = |received_on: &str| {
        json!({"hours": "30", "amount": "750", "aggregated_with": [
            {"reference": "FOI-2", "received_on": received_on, "hours": "5"}]})
    };
    let doing =
        |activity: &str| json!({"hours": "30", "amount": "750", "activities": [{"activity": activity, "hours": "30"}]});
    vec![
        case("cost-estimate-activities", refused("12(1)", activities("15.5")), refused("12(1)", activities("15"))),
        case(
            "cost-estimate-beyond-confirming",
            refused("12(2)", doing("locate")),
            refused("12(2)", doing("determine")),
        ),
        case("cost-estimate-beyond-confirming", refused("12(2)", doing("extract")), refused("12(1)", doing("extract"))),
        // From 1 March 2021 the 60th working day, the first included, is 27 May 2021: 17 March, Good Friday, Easter Monday
        // and the bank holiday of 3 May lie between.
        case(
            "cost-aggregation-window",
            refused("12(1)", together("2021-05-28")),
            refused("12(1)", together("2021-05-27")),
        ),
        case(
            "cost-aggregation-window",
            refused("12(1)", together("2020-12-01")),
            refused("12(1)", together("2021-02-01")),
        ),
        case("cost-estimate-not-counted", refused("12(1)", doing("provide")), refused("12(1)", doing("retrieve"))),
        case(
            "cost-estimate-not-counted",
            refused("12(1)", doing("determine")).under(Regime::Foisa),
            refused("12(1)", doing("provide")).under(Regime::Foisa),
        ),
        case(
            "cost-aggregation-without-publication",
            refused("12(1)", together("2021-03-02")).under(Regime::Foisa),
            refused("12(2)", together("2021-03-02")).under(Regime::Foisa),
        ),
        case(
            "cost-aggregation-publication",
            refused("12(2)", together("2021-03-02")).under(Regime::Foisa),
            refused("12(2)", doing("locate")).under(Regime::Foisa),
        ),
    ]
}

fn guards() -> Vec<Case> {
    let positioned = |draft: Draft| draft.knowing(|part| part.standing_position = true);
    let plain = |outcome: &str| one(outcome, json!([]));
    let departing = |draft: Draft| {
        draft.with(|draft| {
            let reason = crate::casework::ncnd_position::DepartureReason::OfficiallyPublic;
            draft.determinations[0].position_departure = Some(reason);
        })
    };
    let worded = |words: &str| neither(json!([changed(ncnd(), json!({"reasons": words}))]));
    let about = |words: &'static str| {
        neither(json!([ncnd()])).knowing(move |part| {
            part.words = vec![PartWords { place: "interpretation", text: words.to_owned() }];
        })
    };
    vec![
        case("departs-from-position", positioned(plain("disclosed")), plain("disclosed")),
        case("departs-from-position", positioned(plain("not_held")), departing(positioned(plain("not_held")))),
        case("departs-from-position", positioned(plain("withheld")), positioned(neither(json!([ncnd()])))),
        case(
            "departs-from-position",
            positioned(one("refused_cost", json!([{"provision": "12(1)"}]))),
            positioned(one("refused_cost", json!([{"provision": "12(2)"}]))),
        ),
        case("ncnd-wording", worded("The withheld documents are sensitive."), worded("Either answer would tell.")),
        case("ncnd-wording", about("We hold two files on this."), about("To say whether we hold anything would tell.")),
        case(
            "ncnd-wording",
            worded("We do not hold it."),
            one("withheld", json!([changed(crime(), json!({"reasons": "We hold it and keep it back."}))])),
        ),
    ]
}

#[test]
fn what_is_kept_of_words_is_that_there_were_some() {
    let draft =
        neither(json!([changed(ncnd(), json!({"reasons": "We hold it.", "consistency_reasons": "It is held."}))]));
    let findings = draft.findings();
    assert_eq!(ids(&findings), ["ncnd-wording", "ncnd-wording"]);
    assert_eq!(findings[1].facts["excerpt"], "We hold it");
    let kept = without_excerpts(findings);
    assert_eq!(ids(&kept), ["ncnd-wording"]);
    let said = serde_json::to_string(&kept).unwrap();
    assert!(!said.contains("hold it") && !said.contains("is held") && !said.contains("/determinations"), "{said}");
}

#[test]
fn words_with_one_of_several_alternatives_point_to_the_group() {
    let ground =
        |provision: &str, more: Value| changed(json!({"provision": provision, "alternative_group": "a"}), more);
    let draft = neither(json!([ground("23(5)", json!({"reasons": "We hold it."})), ground("24(2)", json!({}))]));
    let found = draft.findings().into_iter().find(|finding| finding.id == "ncnd-wording").unwrap();
    assert_eq!(found.pointer.as_deref(), Some("/determinations/0/grounds"));
}
