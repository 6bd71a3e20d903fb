//! What the catalogue must hold together, and how citations are looked up in it.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;
use crate::law::{Date, Regime, citations::find_single};

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn today() -> Date {
    day("2026-05-01")
}

fn find(regime: Regime, text: &str, on: &str) -> Lookup<'static> {
    find_single(regime, text, day(on))
}

fn found(regime: Regime, text: &str, on: &str) -> &'static Provision {
    match find(regime, text, on) {
        Lookup::InForce(row) => row,
        other => panic!("{regime} {text} on {on}: {other:?}"),
    }
}

fn suggestions(regime: Regime, text: &str) -> Vec<String> {
    match find(regime, text, "2026-05-01") {
        Lookup::Unknown { suggestions } => suggestions,
        other => panic!("{regime} {text}: {other:?}"),
    }
}

/// Whether the citation names something in the catalogue at any time.
fn exists(regime: Regime, text: &str) -> bool {
    !matches!(find_single(regime, text, today()), Lookup::Unknown { .. })
}

#[test]
fn holds_every_row_of_the_four_regimes() {
    use ProvisionKind::{Exemption, Ncnd, NotAGround, ProceduralRefusal};
    let mut counted: BTreeMap<(Regime, ProvisionKind), usize> = BTreeMap::new();
    for row in Catalogue::embedded().iter() {
        *counted.entry((row.regime, row.kind)).or_default() += 1;
    }
    let expected = BTreeMap::from([
        ((Regime::Foia, Exemption), 122),
        ((Regime::Foia, Ncnd), 38),
        ((Regime::Foia, ProceduralRefusal), 7),
        ((Regime::Foia, NotAGround), 157),
        ((Regime::Eir, Exemption), 31),
        ((Regime::Eir, Ncnd), 13),
        ((Regime::Eir, NotAGround), 64),
        ((Regime::Foisa, Exemption), 111),
        ((Regime::Foisa, Ncnd), 1),
        ((Regime::Foisa, ProceduralRefusal), 6),
        ((Regime::Foisa, NotAGround), 84),
        ((Regime::Eisr, Exemption), 29),
        ((Regime::Eisr, Ncnd), 2),
        ((Regime::Eisr, NotAGround), 45),
    ]);
    assert_eq!(counted, expected);
}

#[test]
fn ids_are_unique_and_tell_the_regime_and_the_provision() {
    let mut ids = BTreeSet::new();
    for row in Catalogue::embedded().iter() {
        assert!(ids.insert(&row.id), "{} twice", row.id);
        assert_eq!(Catalogue::embedded().get(&row.id), Some(row));
        let dashed = row.provision.replace(")(", "-").replace('(', "-").replace(')', "");
        assert!(row.id.starts_with(&format!("{}-", row.regime)), "{}", row.id);
        let tail = row.id.trim_start_matches(&format!("{}-", row.regime));
        // Section 21 has one ground; its row keeps the short name.
        assert!(tail.starts_with(&dashed) || row.id == "foia-21", "{} is {}", row.id, row.provision);
        assert_eq!(row.citation, format!("{} {}", row.regime.division(), row.provision));
    }
}

#[test]
fn wordings_of_one_provision_do_not_overlap() {
    let rows: Vec<_> = Catalogue::embedded().iter().collect();
    for row in &rows {
        assert!(row.in_force_to.is_none_or(|last| row.in_force_from <= last), "{}", row.id);
    }
    for pair in rows.windows(2) {
        if pair[0].regime == pair[1].regime && pair[0].provision == pair[1].provision {
            assert!(pair[0].in_force_to.is_some_and(|last| last < pair[1].in_force_from), "{}", pair[1].id);
        }
    }
    let distinct: BTreeSet<_> = rows.iter().map(|row| (row.regime, &row.provision, row.in_force_from)).collect();
    assert_eq!(distinct.len(), rows.len());
}

#[test]
fn stands_in_the_order_of_the_statutes() {
    let order: Vec<_> = Catalogue::embedded()
        .filtered(Some(Regime::Foia), None, Some(today()))
        .map(|row| row.provision.as_str())
        .filter(|provision| {
            provision.starts_with("37(1)") || provision.starts_with("22") || provision.starts_with("40(5")
        })
        .collect();
    let expected = "22(1) 22(1)(a) 22(1)(b) 22(1)(c) 22(2) 22A(1) 22A(1)(a) 22A(1)(b) 22A(1)(b)(i) 22A(1)(b)(ii) \
                    22A(1)(b)(iii) 22A(1)(b)(iv) 22A(2) 37(1) 37(1)(a) 37(1)(aa) 37(1)(ab) 37(1)(ac) 37(1)(ad) 37(1)(b) \
                    40(5A) 40(5B) 40(5B)(a) 40(5B)(a)(i) 40(5B)(a)(ii) 40(5B)(b) 40(5B)(c) 40(5B)(d)";
    assert_eq!(order, expected.split_whitespace().collect::<Vec<_>>());
    let regimes: Vec<_> = Catalogue::embedded().iter().map(|row| row.regime).collect();
    assert!(regimes.is_sorted());
}

#[test]
fn references_lead_somewhere() {
    for row in Catalogue::embedded().iter() {
        for id in &row.ncnd_of {
            let mirrored = Catalogue::embedded().get(id).unwrap_or_else(|| panic!("{}: {id}", row.id));
            assert_eq!((mirrored.regime, mirrored.kind), (row.regime, ProvisionKind::Exemption), "{}: {id}", row.id);
            let meet = mirrored.in_force_to.is_none_or(|last| row.in_force_from <= last)
                && row.in_force_to.is_none_or(|last| mirrored.in_force_from <= last);
            assert!(meet, "{} and {id} were never in force together", row.id);
            assert!(row.mirrors(mirrored));
        }
        let required =
            row.requires.iter().inspect(|entry| assert!(!entry.any_of.is_empty())).flat_map(|entry| &entry.any_of);
        for provision in required {
            let mut rows = Catalogue::embedded().rows_of(row.regime, provision);
            assert!(
                rows.any(|other| other.provision == *provision && other.is_ground_of_refusal()),
                "{}: {provision}",
                row.id
            );
        }
        let others = row.mutually_exclusive_with.iter().chain(&row.superseded_by).chain(&row.certificate);
        for provision in others {
            assert!(exists(row.regime, provision), "{}: {provision}", row.id);
        }
    }
}

#[test]
fn what_is_required_is_in_force_at_the_same_time() {
    for row in Catalogue::embedded().iter() {
        let last = row.in_force_to.unwrap_or_else(today);
        for entry in &row.requires {
            let at_last = |provision: &String| matches!(find_single(row.regime, provision, last), Lookup::InForce(_));
            assert!(entry.any_of.iter().any(at_last), "{}: {:?}", row.id, entry.any_of);
        }
    }
}

#[test]
fn ncnd_provisions_mirror_something_and_nothing_else_does() {
    for row in Catalogue::embedded().iter() {
        assert_eq!(row.is_ncnd(), !row.ncnd_of.is_empty(), "{}", row.id);
        assert_eq!(row.is_ncnd() && row.regime == Regime::Foisa, row.id == "foisa-18-1");
    }
    assert!(
        !Catalogue::embedded().iter().any(|row| { row.ncnd_of.iter().any(|id| id == "foia-43-1" || id == "foia-21") })
    );
    let eighteen = Catalogue::embedded().get("foisa-18-1").unwrap();
    for row in Catalogue::embedded().filtered(Some(Regime::Foisa), Some(ProvisionKind::Exemption), None) {
        let limb = row.role == Some(Role::Ground) && row.section_18_available;
        assert_eq!(eighteen.mirrors(row), limb, "{}", row.id);
    }
}

#[test]
fn members_fit_each_other() {
    for row in Catalogue::embedded().iter() {
        let id = &row.id;
        assert_eq!(row.role.is_none(), row.kind == ProvisionKind::NotAGround, "{id}");
        assert_eq!(row.harm.is_some(), !row.harm_thresholds.is_empty(), "{id}");
        assert_eq!(row.harm.is_some(), row.is_prejudice_based(), "{id}");
        let limb = matches!(row.role, Some(Role::Condition | Role::Purpose | Role::Modifier));
        let parent_of_limbs = row.is_parent() && row.provision.starts_with("40(3)");
        assert_eq!(row.citable_alone, row.is_ground_of_refusal() && !limb && !parent_of_limbs, "{id}");
        assert_eq!(
            row.absolute == Applicability::Conditional,
            row.requires_public_interest_test == Applicability::Conditional,
            "{id}"
        );
        let absolute = row.absolute == Applicability::Yes;
        let must_weigh = row.requires_public_interest_test == Applicability::Yes;
        assert!(!(absolute && must_weigh), "{id}");
        let substantive = matches!(row.kind, ProvisionKind::Exemption | ProvisionKind::Ncnd);
        assert!(!substantive || absolute || row.requires_public_interest_test != Applicability::No, "{id}");
        assert!(row.missing_test.is_none() || row.requires_public_interest_test != Applicability::No, "{id}");
        assert!(!must_weigh || row.missing_test.is_some(), "{id}");
        assert!(row.verified || row.note.is_some() || row.kind == ProvisionKind::NotAGround, "{id}");
        let thresholds: &[HarmThreshold] = match (row.is_prejudice_based(), row.regime) {
            (false, _) => &[],
            (true, Regime::Eir) => &[HarmThreshold::Would],
            (true, _) => HarmThreshold::ALL,
        };
        assert_eq!(row.harm_thresholds, thresholds, "{id}");
    }
}

#[test]
fn parents_have_children_and_children_have_parents() {
    let catalogue = Catalogue::embedded();
    for row in catalogue.iter().filter(|row| row.is_ground_of_refusal()) {
        let below = |other: &&Provision| {
            other.regime == row.regime && other.provision.starts_with(&format!("{}(", row.provision))
        };
        let pointer = ["eir-12-3", "eir-13-5A", "eisr-10-3"].contains(&row.id.as_str());
        assert!(!row.is_parent() || pointer || catalogue.iter().any(|other| below(&other)), "{}", row.id);
        let mut above = row.provision.as_str();
        while let Some((shorter, _)) = above.rsplit_once('(') {
            assert!(exists(row.regime, shorter), "{} under {shorter}", row.id);
            above = shorter;
        }
    }
}

#[test]
fn aliases_mean_one_provision_and_hide_none() {
    for row in Catalogue::embedded().iter() {
        for alias in &row.aliases {
            let rows: BTreeSet<_> =
                Catalogue::embedded().rows_of(row.regime, alias).map(|other| &other.provision).collect();
            assert_eq!(rows, BTreeSet::from([&row.provision]), "{alias}");
        }
    }
    for (text, provision) in
        [("21", "21(1)"), ("22A", "22A(1)"), ("23", "23(1)"), ("24", "24(1)"), ("31", "31(1)"), ("36", "36(2)")]
    {
        assert_eq!(found(Regime::Foia, text, "2026-05-01").provision, provision);
    }
    for text in ["12", "14", "27", "30", "31", "32", "36", "37", "40", "43"] {
        assert!(found(Regime::Foia, text, "2026-05-01").is_parent(), "{text}");
        assert!(!found(Regime::Foia, text, "2026-05-01").sufficiently_precise, "{text}");
    }
}

#[test]
fn reads_citations_as_people_write_them() {
    for text in [
        "31(3)",
        "s.31(3)",
        "s31(3)",
        "Section 31 (3)",
        "SECTION 31(3).",
        "ss. 31 ( 3 )",
        "section\u{a0}31\u{202f}(3)",
        " sect. 31.3 ",
    ] {
        assert_eq!(found(Regime::Foia, text, "2026-05-01").provision, "31(3)", "{text}");
    }
    for text in ["12(5)(b)", "regulation 12(5)(b)", "reg 12(5)(b)", "Reg. 12 (5) (b)", "regs 12(5)(B)", "12.5.b"] {
        assert_eq!(found(Regime::Eir, text, "2026-05-01").citation, "regulation 12(5)(b)", "{text}");
    }
    assert_eq!(found(Regime::Foia, "s.40(3a)(A)", "2026-05-01").provision, "40(3A)(a)");
    assert_eq!(found(Regime::Foia, "s 22a(1)", "2026-05-01").provision, "22A(1)");
    assert_eq!(found(Regime::Foisa, "section 30(b)(ii)", "2026-05-01").id, "foisa-30-b-ii");
    for text in
        ["", " ", "section", "31()", "31(3) and 43(3)", "Article 31(3)", "31(1)(a)(b)(c)(d)(e)(f)(g)", "(3)", "4567"]
    {
        assert!(matches!(find(Regime::Foia, text, "2026-05-01"), Lookup::Unknown { .. }), "{text}");
    }
}

#[test]
fn one_number_means_different_things_under_different_regimes() {
    assert_eq!(found(Regime::Foia, "31(1)", "2026-05-01").title, "Law enforcement");
    assert_eq!(found(Regime::Foisa, "31(1)", "2026-05-01").title, "National security");
    assert_eq!(suggestions(Regime::Eir, "31(1)"), Vec::<String>::new());
    assert_eq!(suggestions(Regime::Eir, "section 12(5)(b)"), ["regulation 12(5)(b)"]);
}

#[test]
fn chooses_the_wording_by_the_day_of_the_letter() {
    assert_eq!(found(Regime::Foia, "40(2)", "2018-05-24").id, "foia-40-2-pre2018");
    assert_eq!(found(Regime::Foia, "40(2)", "2018-05-25").id, "foia-40-2");
    assert_eq!(found(Regime::Foia, "37(1)(a)", "2011-01-18").absolute, Applicability::No);
    assert_eq!(found(Regime::Foia, "37(1)(a)", "2011-01-19").absolute, Applicability::Yes);
    let weighing = |on: &str| found(Regime::Foia, "37(2)", on).requires_public_interest_test;
    assert_eq!(weighing("2011-01-18"), Applicability::Yes);
    assert_eq!(weighing("2011-01-19"), Applicability::Conditional);
    assert_eq!(found(Regime::Eir, "13(1)", "2018-05-24").id, "eir-13-1-pre2018");
    assert_eq!(found(Regime::Eir, "13(1)", "2018-05-25").id, "eir-13-1");
    assert_eq!(found(Regime::Foisa, "38(1)(b)", "2018-05-24").id, "foisa-38-1-b-pre2018");
    assert_eq!(found(Regime::Eisr, "11(2)", "2018-05-24").id, "eisr-11-2-pre2018");
}

#[test]
fn tells_what_replaced_a_provision() {
    assert_eq!(found(Regime::Foia, "40(5)", "2018-05-24").id, "foia-40-5-pre2018");
    let replaced = |regime, text, on| match find(regime, text, on) {
        Lookup::NotInForce { provision, superseded_by } => (provision.id.clone(), superseded_by),
        other => panic!("{other:?}"),
    };
    let (id, by) = replaced(Regime::Foia, "40(5)", "2018-05-25");
    assert_eq!((id.as_str(), by), ("foia-40-5-pre2018", vec!["40(5A)".to_owned(), "40(5B)".to_owned()]));
    let (id, by) = replaced(Regime::Foia, "40(5B)(a)(i)", "2018-05-24");
    assert_eq!((id.as_str(), by), ("foia-40-5B-a-i", vec!["40(5)(b)(i)".to_owned()]));
    let (_, by) = replaced(Regime::Foia, "22A(1)", "2014-09-30");
    assert_eq!(by, Vec::<String>::new());
    let ended = Catalogue::embedded().iter().filter(|row| row.is_ground_of_refusal() && row.in_force_to.is_some());
    for row in ended {
        let mut wordings = Catalogue::embedded().rows_of(row.regime, &row.provision);
        assert!(wordings.any(|other| other.is_in_force_on(today())) || !row.superseded_by.is_empty(), "{}", row.id);
    }
}

#[test]
fn never_corrects_but_suggests() {
    assert_eq!(suggestions(Regime::Foia, "3(3)"), ["43(3)", "30(3)", "31(3)", "32(3)", "33(3)", "35(3)", "36(3)"]);
    assert_eq!(suggestions(Regime::Foia, "section 3(3)").first().map(String::as_str), Some("43(3)"));
    assert_eq!(suggestions(Regime::Foia, "43(4)"), ["43(3)", "43(1)", "43(2)"]);
    assert_eq!(suggestions(Regime::Foia, "40(5C)"), ["40(5A)", "40(5B)"]);
    assert!(suggestions(Regime::Foia, "31(1)(k)").contains(&"31(1)(a)".to_owned()));
    let all: Vec<_> = ["a", "b", "c", "d", "e", "f", "g"].map(|letter| format!("12(5)({letter})")).to_vec();
    assert_eq!(suggestions(Regime::Eir, "12(5)(h)"), all);
    for text in ["21(4)", "40(2)(a)(z)"] {
        assert!(matches!(find(Regime::Foia, text, "2026-05-01"), Lookup::Unknown { .. }), "{text}");
    }
}

#[test]
fn knows_what_exists_but_refuses_nothing() {
    for text in ["17(4)", "36(5)", "24(3)", "2(2)(b)", "section 17", "31(2)", "40(3A)", "77"] {
        assert!(matches!(find(Regime::Foia, text, "2026-05-01"), Lookup::NotAGround(_)), "{text}");
    }
    for (regime, text) in
        [(Regime::Eir, "12(2)"), (Regime::Eir, "reg 14"), (Regime::Foisa, "s16(1)"), (Regime::Eisr, "10(7)")]
    {
        assert!(matches!(find(regime, text, "2026-05-01"), Lookup::NotAGround(_)), "{text}");
    }
}

#[test]
fn says_what_goes_with_a_ground() {
    let on = "2026-05-01";
    assert!(found(Regime::Foia, "36(2)(b)(i)", on).needs(Need::QualifiedPersonOpinion));
    assert!(!found(Regime::Foisa, "30(b)(i)", on).needs(Need::QualifiedPersonOpinion));
    assert!(found(Regime::Foia, "12(2)", on).needs(Need::CostEstimate));
    assert!(found(Regime::Foia, "44(1)(a)", on).needs(Need::Enactment));
    assert_eq!(found(Regime::Foia, "31(1)(g)", on).requires.first().map(|entry| entry.any_of.len()), Some(10));
    assert!(found(Regime::Eir, "12(5)(e)", on).emissions_bar && !found(Regime::Eir, "12(5)(a)", on).emissions_bar);
    let foia = |text| found(Regime::Foia, text, on);
    for (one, other) in [("23(1)", "24(1)"), ("30(1)(a)", "31(1)(a)"), ("35(1)(a)", "36(2)(c)"), ("30", "31")] {
        assert!(foia(one).excludes(foia(other)) && foia(other).excludes(foia(one)), "{one} {other}");
    }
    for (one, other) in [("23(5)", "24(2)"), ("30(3)", "31(3)"), ("31(1)(a)", "31(1)(b)"), ("30(1)(a)", "31(3)")] {
        assert!(!foia(one).excludes(foia(other)), "{one} {other}");
    }
}

#[test]
fn answers_with_the_members_of_the_contract() {
    let row = serde_json::to_value(found(Regime::Foia, "31(1)(g)", "2026-05-01")).unwrap();
    let members: Vec<_> = row.as_object().unwrap().keys().map(String::as_str).collect();
    let expected = "id regime provision citation title kind role basis absolute requires_public_interest_test harm_thresholds \
                    ncnd_of requires in_force_from note verified";
    assert_eq!(members, expected.split_whitespace().collect::<Vec<_>>());
    assert_eq!(row["harm_thresholds"], serde_json::json!(["would", "would_be_likely"]));
    assert_eq!(row["requires"][0]["any_of"][0], "31(2)(a)");
    let schema = serde_json::to_value(<Provision as utoipa::PartialSchema>::schema()).unwrap();
    assert_eq!(schema["properties"].as_object().unwrap().len(), 17);
    let past = serde_json::to_string(Catalogue::embedded().get("foia-40-5-pre2018").unwrap()).unwrap();
    assert!(past.contains(r#""in_force_to":"2018-05-24""#) && !past.contains("null"));
}

proptest! {
    #[test]
    fn any_text_is_answered(text in ".{0,600}", shaped in "(s|reg|section)?[. ]{0,2}[0-9]{0,4}[A-Za-z]?([(. ]{0,2}[0-9a-zA-Z]{0,6}[) ]{0,2}){0,8}") {
        for regime in Regime::ALL {
            let _ = find_single(*regime, &text, today());
            let _ = find_single(*regime, &shaped, today());
        }
    }

    #[test]
    fn a_provision_finds_itself_however_it_is_written(
        at in any::<prop::sample::Index>(),
        keyword in prop::sample::select(vec!["", "s", "s. ", "Section ", "SECTIONS\u{a0}"]),
        space in prop::sample::select(vec!["", " ", "\u{a0}", "\u{2009} "]),
    ) {
        let rows: Vec<_> = Catalogue::embedded().iter().collect();
        let row = *at.get(&rows);
        let keyword = if Division::of(row.regime) == Division::Section { keyword } else { "reg. " };
        let text = format!("{keyword}{}", row.provision.replace('(', &format!("{space}({space}")));
        match find_single(row.regime, &text, row.in_force_from) {
            Lookup::InForce(hit) | Lookup::NotAGround(hit) => prop_assert_eq!(hit, row),
            other => prop_assert!(false, "{}: {:?}", text, other),
        }
    }
}
