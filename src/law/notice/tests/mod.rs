//! Each check fails on what it is for and passes otherwise; and what holds for all findings.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::*;
use crate::{
    casework::authority::AuthorityKind,
    law::{clock::ExtensionKind, cost::UPPER_LIMIT},
};

mod around_grounds;
mod further;
mod of_events;
mod of_letters;
mod of_reasons;
mod published;

/// A check's id, findings that have it and findings that have not.
type Case = (&'static str, Vec<Finding>, Vec<Finding>);

/// A letter and what is known of its request, small enough to change in one place.
#[derive(Clone)]
struct Draft {
    kind: ResponseKind,
    issued_on: Option<Date>,
    parts: Vec<PartFacts>,
    particulars: Particulars,
    determinations: Vec<Determination>,
    left_open: Vec<LeftOpen>,
    review: Option<(Vec<Label>, bool)>,
    particulars_in_settings: Option<ParticularsInSettings>,
    cost_limit: Option<Decimal>,
    authority_kind: Option<AuthorityKind>,
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn part(label: &str, regime: Regime) -> PartFacts {
    PartFacts {
        label: label.parse().unwrap(),
        regime,
        standing: PartStanding::AwaitsAnswer,
        received_on: Some(day("2021-03-01")),
        due_on: Some(day("2021-03-29")),
        extended_to: None,
        announced_for: None,
        answered_on: None,
        weighed_before: false,
        working_days_late: None,
        fee_notice_given: false,
        complexity_extension: false,
        transferred_or_advised: false,
        public_interest_extension: false,
        public_interest_extension_named: Vec::new(),
        standing_position: false,
        words: Vec::new(),
    }
}

/// A first answer under FOIA on 2021-03-15, in time, with all particulars, to as many parts as it determines.
fn letter(determinations: Value) -> Draft {
    let determinations: Vec<Determination> = serde_json::from_value(determinations).unwrap();
    Draft {
        kind: ResponseKind::Initial,
        issued_on: Some(day("2021-03-15")),
        parts: determinations.iter().map(|determination| part(determination.part.as_str(), Regime::Foia)).collect(),
        particulars: serde_json::from_value(json!({"internal_review": "stated", "regulator": "stated"})).unwrap(),
        determinations,
        left_open: Vec::new(),
        review: None,
        particulars_in_settings: None,
        cost_limit: None,
        authority_kind: None,
    }
}

/// A letter of one part.
fn one(outcome: &str, grounds: Value) -> Draft {
    letter(json!([{"part": "1", "outcome": outcome, "grounds": grounds}]))
}

/// A letter of one part with these public-interest tests.
fn tested(outcome: &str, grounds: Value, tests: Value) -> Draft {
    letter(json!([{"part": "1", "outcome": outcome, "grounds": grounds, "public_interest_tests": tests}]))
}

/// A complete public-interest test of these provisions.
fn weighed(provisions: &[&str]) -> Value {
    json!({
        "provisions": provisions, "factors_for": [{"text": "openness"}], "factors_against": [{"text": "harm"}],
        "balance": "maintain", "decided_on": "2021-03-10"
    })
}

/// The ground with these members added or, where null, taken away.
fn changed(mut ground: Value, changes: Value) -> Value {
    for (member, value) in changes.as_object().unwrap() {
        if value.is_null() {
            ground.as_object_mut().unwrap().remove(member);
        } else {
            ground[member] = value.clone();
        }
    }
    ground
}

fn prejudice() -> Value {
    json!({"interest": "crime", "harm": "offenders learn", "causal_link": "by reading the answer"})
}

/// A complete ground of prejudice.
fn crime() -> Value {
    json!({"provision": "31(1)(a)", "threshold": "would", "prejudice": prejudice(), "reasons": "as the harm shows"})
}

/// A complete NCND ground.
fn ncnd() -> Value {
    json!({
        "provision": "31(3)", "relies_on": [{"provision": "31(1)(a)", "threshold": "would"}],
        "prejudice": prejudice(), "consistency_reasons": "like requests get like answers"
    })
}

fn neither(grounds: Value) -> Draft {
    tested("neither_confirmed_nor_denied", grounds, json!([weighed(&["31(3)"])]))
}

impl Draft {
    fn under(mut self, regime: Regime) -> Self {
        self.parts.iter_mut().for_each(|part| part.regime = regime);
        self
    }

    fn on(mut self, date: &str) -> Self {
        self.issued_on = Some(day(date));
        self
    }

    fn with(mut self, change: impl Fn(&mut Self)) -> Self {
        change(&mut self);
        self
    }

    fn knowing(mut self, change: impl Fn(&mut PartFacts)) -> Self {
        self.parts.iter_mut().for_each(change);
        self
    }

    fn findings(&self) -> Vec<Finding> {
        findings(&NoticeFacts {
            kind: self.kind,
            issued_on: self.issued_on,
            today: day("2021-03-20"),
            parts: &self.parts,
            particulars: &self.particulars,
            determinations: &self.determinations,
            left_open: &self.left_open,
            review: self.review.as_ref().map(|(parts, is_decided)| ReviewOfLetter { parts, is_decided: *is_decided }),
            particulars_in_settings: self.particulars_in_settings,
            cost_limit: self.cost_limit,
            authority_kind: self.authority_kind,
            calendars: Calendars::embedded(),
        })
    }
}

fn case(id: &'static str, fails: Draft, passes: Draft) -> Case {
    (id, fails.findings(), passes.findings())
}

fn ids(findings: &[Finding]) -> Vec<&str> {
    findings.iter().map(|finding| finding.id.as_ref()).collect()
}

fn all_cases() -> Vec<Case> {
    [
        around_grounds::cases(),
        further::cases(),
        of_reasons::cases(),
        of_letters::cases(),
        of_letters::extension_cases(),
        of_events::cases(),
    ]
    .concat()
}

fn all_checks() -> impl Iterator<Item = &'static Check> {
    CHECKS.iter().copied().flatten()
}

#[test]
fn every_check_fails_on_what_it_is_for_and_passes_otherwise() {
    for (id, fails, passes) in all_cases() {
        assert!(ids(&fails).contains(&id), "{id} is not found in {:?}", ids(&fails));
        assert!(!ids(&passes).contains(&id), "{id} is found where it should not be");
    }
}

#[test]
fn every_check_has_a_case_and_an_id_of_its_own() {
    let cases = all_cases();
    let tried: BTreeSet<&str> = cases.iter().map(|(id, ..)| *id).collect();
    let checks: BTreeSet<&str> = all_checks().map(|check| check.id).collect();
    assert_eq!(tried, checks);
    assert_eq!(checks.len(), all_checks().count(), "two checks share an id");
    for check in all_checks() {
        assert!(check.id.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'), "{}", check.id);
        assert!(check.applies_to().next().is_some(), "{} applies nowhere", check.id);
    }
}

#[test]
fn messages_are_filled_and_findings_agree_with_the_table() {
    for (_, fails, passes) in all_cases() {
        for finding in fails.iter().chain(&passes) {
            let check = all_checks().find(|check| check.id == finding.id).unwrap();
            assert_eq!(finding.severity, check.severity);
            let texts = format!("{}{}", finding.message, finding.next_step);
            assert!(!texts.contains(['{', '}']) && !texts.contains("  ") && !texts.contains(" ."), "{texts}");
            for pattern in [check.message, check.next_step] {
                for name in pattern.split('{').skip(1).filter_map(|rest| rest.split('}').next()) {
                    assert!(finding.facts.get(name).is_some_and(|fact| !fact.is_empty()), "{}: {name}", check.id);
                }
            }
        }
    }
}

#[test]
fn no_message_says_that_anything_is_held() {
    for check in all_checks().filter(|check| !check.id.starts_with("not-held")) {
        for text in [check.message, check.next_step] {
            assert!(!text.contains("held") || text.contains("withheld"), "{}: {text}", check.id);
            assert!(!text.contains("withheld"), "{}: {text}", check.id);
        }
    }
}

#[test]
fn findings_come_in_the_order_of_the_parts_and_of_the_letter() {
    let refused = |label: &str| json!({"part": label, "outcome": "withheld"});
    let draft = letter(json!([refused("10"), refused("2")])).with(|draft| draft.parts.reverse());
    let pointers =
        |draft: &Draft| -> Vec<String> { draft.findings().into_iter().filter_map(|finding| finding.pointer).collect() };
    assert_eq!(pointers(&draft), ["/determinations/1/grounds", "/determinations/0/grounds"]);
    let many: Vec<Value> = (0..12).map(|_| json!({"provision": "99"})).collect();
    let last = pointers(&one("withheld", json!(many))).pop().unwrap();
    assert_eq!(last, "/determinations/0/grounds/11/provision");
}
