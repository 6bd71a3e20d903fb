//! Letters that lacked what the statute asks: the errors that the checks of a notice found, provisions that had been
//! replaced, and answers that neither confirm nor deny without the harm of each answer by itself.

use std::collections::BTreeMap;

use crate::{
    casework::{
        response::{Determination, Ground, ResponseKind},
        text::{Label, Word},
    },
    law::{
        Date, Finding, Regime, Severity,
        catalogue::{Basis, Catalogue, Provision, WrittenCitation},
        citations::{on_one_line, within},
        clock::ExtensionKind,
        compliance::{ComplianceFacts, ComplianceLetter, Wrong, citation, events, listed, push_once},
        notice::{CitationStatus, cited_row, is_late_response, reasons_provision, resolve},
    },
};

/// The check of a notice that says that a provision was not in force: said here with the day it was replaced.
const NOT_IN_FORCE: &str = "provision-not-in-force";

/// The check of a notice that asks for a public-interest test: it is met by the separate notice of one too.
const MISSING_TEST: &str = "missing-public-interest-test";

/// The check of a notice that asks for every part at once. Parts may be answered one after the other, each in time: that one
/// was not is found of the times.
const PART_LEFT: &str = "part-not-answered";

pub(super) fn findings(facts: &ComplianceFacts<'_>, letter: &ComplianceLetter) -> Vec<Finding> {
    let mut findings = defects(facts, letter);
    findings.extend(replaced(letter));
    findings.extend(one_sided(letter));
    findings
}

/// The errors and breaches of the letter as facts; that the answer as a whole came late is found of the times.
fn wrongs(facts: &ComplianceFacts<'_>, letter: &ComplianceLetter) -> Vec<Finding> {
    let is_wrong = |finding: &&Finding| match finding.severity {
        Severity::Error => finding.id != NOT_IN_FORCE && finding.id != PART_LEFT,
        Severity::Breach => !is_late_response(finding),
        Severity::Warning | Severity::Advice => false,
    };
    let as_fact = |finding: &Finding| Finding { severity: events::as_fact(finding), ..finding.clone() };
    let wrongs = letter.findings.iter().filter(is_wrong);
    wrongs.filter_map(|finding| without_separate_test(facts, letter, as_fact(finding))).collect()
}

/// The wrongs of the letter, each once for all the parts it stands for.
fn defects(facts: &ComplianceFacts<'_>, letter: &ComplianceLetter) -> Vec<Finding> {
    let wrongs = wrongs(facts, letter);
    let mut defects: BTreeMap<(&str, Option<&str>, [&str; 2]), (&Finding, Vec<&str>)> = BTreeMap::new();
    for finding in &wrongs {
        let fact = |name: &str| finding.facts.get(name).map(String::as_str);
        let told_apart = ["provision", "due_on"].map(|name| fact(name).unwrap_or_default());
        let key = (finding.id.as_ref(), finding.provision.as_deref(), told_apart);
        let (_, parts) = defects.entry(key).or_insert((finding, Vec::new()));
        parts.extend(fact("part"));
    }
    let merged = defects.into_values().map(|(finding, parts)| {
        let mut facts = finding.facts.clone();
        if !parts.is_empty() {
            facts.remove("part");
            facts.insert("parts".to_owned(), parts.join(", "));
        }
        facts.insert("issued_on".to_owned(), letter.issued_on.to_string());
        let pointer = match parts.as_slice() {
            [] | [_] => finding.pointer.clone().unwrap_or_default(),
            _ => "/determinations".to_owned(),
        };
        let pointer = Some(format!("/responses/{}{pointer}", letter.response_id));
        Finding { pointer, facts, ..finding.clone() }
    });
    merged.collect()
}

/// What is left of the finding where a separate notice gave the test that it misses: nothing where the letter could leave the
/// test out, because a notice had announced by when it would be decided; else that it gave neither (FOIA s17(2)). Whether
/// the day announced was kept is found of that notice.
fn without_separate_test(facts: &ComplianceFacts<'_>, letter: &ComplianceLetter, finding: Finding) -> Option<Finding> {
    let Some(weighed_on) = weighed_separately_on(facts, letter, &finding) else { return Some(finding) };
    if is_announced(facts, letter, &finding) {
        return None;
    }
    let named = finding.facts.get("provision").map(String::as_str).unwrap_or_default();
    let message = format!(
        "The notice gave neither the public-interest test for {named} nor a day by which it would be decided; the test \
         came with the letter of {weighed_on}."
    );
    let mut facts = finding.facts.clone();
    facts.insert("weighed_on".to_owned(), weighed_on.to_string());
    Some(Finding {
        id: "test-not-announced".into(),
        provision: Some(citation(Regime::Foia, "17(2)")),
        message,
        next_step: "Say in the first notice by when the decision is expected, with the particulars of one.".to_owned(),
        facts,
        ..finding
    })
}

/// Whether a notice given by the day of the letter said by when the public interest of the part would be decided, for the
/// clock that runs.
fn is_announced(facts: &ComplianceFacts<'_>, letter: &ComplianceLetter, finding: &Finding) -> bool {
    let of_part = |label: &Label| finding.facts.get("part").is_some_and(|part| label.as_str() == part);
    let started_on = facts.parts.iter().find(|part| of_part(&part.label)).map(|part| part.clock.started_on);
    facts.extensions.iter().any(|notice| {
        notice.kind == ExtensionKind::PublicInterest
            && notice.parts.iter().any(of_part)
            && notice.notified_on <= letter.issued_on
            && started_on.is_none_or(|started_on| notice.notified_on >= started_on)
            && notice.estimated_on.is_some_and(|estimated_on| estimated_on >= notice.notified_on)
    })
}

/// The day of the later letter that is the separate notice of a public-interest test (FOIA s17(3)(b)) and gives the one which
/// this finding misses: for the same part, and the provision or a member of its alternative group.
fn weighed_separately_on(facts: &ComplianceFacts<'_>, letter: &ComplianceLetter, finding: &Finding) -> Option<Date> {
    let fact = |name: &str| finding.facts.get(name).map(String::as_str);
    let (part, provision) = (fact("part")?, fact("provision").filter(|_| finding.id == MISSING_TEST)?);
    let is_of_part = |(regime, determination): &&(Regime, Determination)| {
        *regime == Regime::Foia && determination.part.as_str() == part
    };
    // The name of a group stands for its members; a bare section for what is below it.
    let own = letter.determinations.iter().filter(is_of_part).flat_map(|(_, determination)| &determination.grounds);
    let groups: Vec<&Word> = own.filter_map(|ground| ground.alternative_group.as_ref()).collect();
    let members: Vec<&str> = provision.split(" or ").collect();
    let weighs = |named: &Word| {
        let canonical = WrittenCitation::read(named).map(|written| written.canonical.to_string());
        let covers = |member: &&str| within(member, canonical.as_deref().unwrap_or(named.as_str()));
        (members.len() > 1 && groups.contains(&named)) || members.iter().any(covers)
    };
    let mut later = facts.letters.iter().filter(|other| {
        other.kind == ResponseKind::PublicInterestOutcome
            && other.response_id != letter.response_id
            && other.issued_on >= letter.issued_on
    });
    let gives_test = |other: &&ComplianceLetter| {
        let mut answers = other.determinations.iter().filter(is_of_part);
        answers.any(|(_, answer)| answer.public_interest_tests.iter().flat_map(|test| &test.provisions).any(weighs))
    };
    later.find(gives_test).map(|other| other.issued_on)
}

/// The grounds of a letter with what the catalogue has of each: by regime and name, alternatives as one.
fn cited(letter: &ComplianceLetter) -> impl Iterator<Item = (Regime, &Determination, &Ground, &'static Provision)> {
    letter.determinations.iter().flat_map(move |(regime, determination)| {
        determination.grounds.iter().filter_map(move |ground| {
            let id = resolve(*regime, letter.issued_on, ground).provision_id?;
            Some((*regime, determination, ground, Catalogue::embedded().get(&id)?))
        })
    })
}

/// The provision, or all members of its alternative group in the order of their numbers: none is told apart.
fn name(regime: Regime, on: Date, determination: &Determination, ground: &Ground, row: &Provision) -> String {
    let Some(group) = &ground.alternative_group else { return row.provision.clone() };
    let members = determination.grounds.iter().filter(|other| other.alternative_group.as_ref() == Some(group));
    let mut names: Vec<String> = members.filter_map(|member| resolve(regime, on, member).provision).collect();
    names.sort_unstable();
    names.dedup();
    names.join(" or ")
}

fn replaced(letter: &ComplianceLetter) -> Vec<Finding> {
    let mut replaced: BTreeMap<(Regime, String), (Date, Vec<&Label>)> = BTreeMap::new();
    for (regime, determination, ground, row) in cited(letter) {
        let status = resolve(regime, letter.issued_on, ground).status;
        let Some(in_force_to) = row.in_force_to.filter(|_| status == CitationStatus::NotInForce) else { continue };
        let name = name(regime, letter.issued_on, determination, ground, row);
        let (_, parts) = replaced.entry((regime, name)).or_insert((in_force_to, Vec::new()));
        if !parts.contains(&&determination.part) {
            parts.push(&determination.part);
        }
    }
    let finding = |((regime, name), (in_force_to, parts)): ((Regime, String), (Date, Vec<&Label>))| {
        let replaced_on = in_force_to.plus_days(1);
        let years = full_years(replaced_on, letter.issued_on);
        let labels = listed(parts);
        let wrong = Wrong {
            id: "replaced-provision-cited",
            severity: Severity::Breach,
            provision: Some(citation(regime, specifying(regime))),
            next_step: "Cite what is in force on the day of a letter.",
        };
        wrong.finding(
            format!("/responses/{}/determinations", letter.response_id),
            format!(
                "The letter of {} cites {name}, which had been replaced on {replaced_on}, {years} full years before.",
                letter.issued_on
            ),
            [
                ("provision", name.clone()),
                ("parts", labels),
                ("issued_on", letter.issued_on.to_string()),
                ("replaced_on", replaced_on.to_string()),
                ("years_since", years.to_string()),
            ],
        )
    };
    replaced.into_iter().map(finding).collect()
}

/// The provision that asks a notice to specify the ground.
const fn specifying(regime: Regime) -> &'static str {
    match regime {
        Regime::Foia => "17(1)(b)",
        Regime::Eir => "14(3)(a)",
        Regime::Foisa => "16(1)(c)",
        Regime::Eisr => "13(b)",
    }
}

/// Full years from one day to another.
fn full_years(from: Date, to: Date) -> u32 {
    (1..100).take_while(|years| from.plus_months(years * 12) <= to).last().unwrap_or_default()
}

/// Exclusions of the duty to confirm or deny that turn on prejudice, where the harm of a confirmation or of a denial is not
/// shown by itself. A statement left out because it would itself disclose is not asked for.
fn one_sided(letter: &ComplianceLetter) -> Vec<Finding> {
    let mut found: BTreeMap<(Regime, String, &str), (Vec<&Label>, Vec<Word>)> = BTreeMap::new();
    for (regime, determination, ground, row) in cited(letter) {
        let turns_on_harm = row.is_ncnd() && turns_on_prejudice(regime, letter.issued_on, ground, row);
        let Some(missing) = missing_side(ground).filter(|_| turns_on_harm && !leaves_out_reasons(regime, ground))
        else {
            continue;
        };
        let name = name(regime, letter.issued_on, determination, ground, row);
        let (parts, limbs) = found.entry((regime, name, missing)).or_default();
        parts.push(&determination.part);
        ground.relies_on.iter().for_each(|limb| push_once(limbs, &limb.provision));
    }
    let finding = |((regime, name, missing), (parts, limbs)): ((Regime, String, &str), (Vec<&Label>, Vec<Word>))| {
        let labels = listed(parts);
        let limbs = limbs.iter().map(Word::as_str).collect::<Vec<_>>().join(", ");
        let wrong = Wrong {
            id: "ncnd-harm-not-shown",
            severity: Severity::Warning,
            provision: Some(citation(regime, &name)),
            next_step: "Show what harm a confirmation by itself would do, and what a denial would, each real and of substance.",
        };
        wrong.finding(
            format!("/responses/{}/determinations", letter.response_id),
            format!("Part {labels} is answered under {name} without a harm from {missing} shown by itself, as against the harm of the content."),
            [
                ("provision", name.clone()),
                ("parts", labels.clone()),
                ("limbs", limbs),
                ("missing", missing.to_owned()),
                ("issued_on", letter.issued_on.to_string()),
            ],
        )
    };
    found.into_iter().map(finding).collect()
}

/// Which of the two harms is not shown.
fn missing_side(ground: &Ground) -> Option<&'static str> {
    let prejudice = ground.prejudice.as_ref();
    let confirming = prejudice.is_some_and(|prejudice| prejudice.from_confirming.is_some());
    let denying = prejudice.is_some_and(|prejudice| prejudice.from_denying.is_some());
    match (confirming, denying) {
        (true, true) => None,
        (false, true) => Some("confirming"),
        (true, false) => Some("denying"),
        (false, false) => Some("confirming or denying"),
    }
}

/// Whether the row turns on prejudice, by itself or, where it stands for grounds of both kinds, by a limb relied on.
fn turns_on_prejudice(regime: Regime, on: Date, ground: &Ground, row: &Provision) -> bool {
    let is_prejudice = |basis: Option<Basis>| basis == Some(Basis::Prejudice);
    let mut limbs = ground.relies_on.iter().filter_map(|limb| cited_row(regime, on, &limb.provision));
    if row.basis.is_some() { is_prejudice(row.basis) } else { limbs.any(|limb| is_prejudice(limb.basis)) }
}

/// Whether the letter leaves out why the ground applies, as both Acts allow where the reasons would themselves disclose.
fn leaves_out_reasons(regime: Regime, ground: &Ground) -> bool {
    let omitted = ground.statement_omitted.as_ref();
    omitted.is_some_and(|omitted| omitted.covers.iter().any(|one| on_one_line(one, reasons_provision(regime))))
}
