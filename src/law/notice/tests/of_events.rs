//! Events that are not answers: questions, lapses, transfers.

use super::*;
use crate::law::clock::EventName;

/// An event of one part that is open, due on 2021-03-29, its question of 2021-03-10 without an answer where `asked`.
fn event(kind: EventName, on: &str, regime: Regime, change: impl Fn(&mut EventPart)) -> Vec<Finding> {
    let mut part = EventPart {
        label: Label::only(),
        regime,
        is_closed: false,
        due_on: Some(day("2021-03-29")),
        limit_on: Some(day("2021-03-29")),
        may_lapse_on: None,
        fee_notice_due_on: None,
    };
    change(&mut part);
    event_findings(&facts(kind, on, &[part], &stated()))
}

fn facts<'a>(kind: EventName, on: &str, parts: &'a [EventPart], particulars: &'a Particulars) -> EventFacts<'a> {
    EventFacts { kind, effective_on: day(on), parts, amount: None, particulars }
}

fn stated() -> Particulars {
    serde_json::from_value(json!({"internal_review": "stated", "regulator": "stated"})).unwrap()
}

/// A fees notice in time that asks for `amount` and says this of further rights.
fn asking(regime: Regime, amount: &str, particulars: Value) -> Vec<Finding> {
    let particulars: Particulars = serde_json::from_value(particulars).unwrap();
    let part = EventPart {
        label: Label::only(),
        regime,
        is_closed: false,
        due_on: Some(day("2021-03-29")),
        limit_on: Some(day("2021-03-29")),
        may_lapse_on: None,
        fee_notice_due_on: None,
    };
    let facts = facts(EventName::FeeNoticeGiven, "2021-03-10", std::slice::from_ref(&part), &particulars);
    event_findings(&EventFacts { amount: Some(amount.parse().unwrap()), ..facts })
}

fn question(on: &str, regime: Regime) -> Vec<Finding> {
    event(EventName::ClarificationAsked, on, regime, |_| {})
}

fn lapse(on: &str, change: impl Fn(&mut EventPart)) -> Vec<Finding> {
    event(EventName::Lapse, on, Regime::Foia, change)
}

fn fee(regime: Regime, due_on: Option<&str>) -> Vec<Finding> {
    event(EventName::FeeNoticeGiven, "2021-03-30", regime, |part| part.fee_notice_due_on = due_on.map(day))
}

fn asked(part: &mut EventPart) {
    (part.due_on, part.limit_on, part.may_lapse_on) = (None, None, Some(day("2021-05-10")));
}

fn extended(part: &mut EventPart) {
    part.limit_on = Some(day("2021-04-28"));
}

fn closed(part: &mut EventPart) {
    (part.is_closed, part.due_on, part.limit_on) = (true, None, None);
}

pub(super) fn cases() -> Vec<Case> {
    let transfer = |regime| event(EventName::Transfer, "2021-03-10", regime, |_| {});
    let asked_when_extended = |regime| event(EventName::ClarificationAsked, "2021-03-30", regime, extended);
    let silent = || json!({});
    let stated = || json!({"internal_review": "stated", "regulator": "stated"});
    vec![
        (
            "fee-notice-without-internal-review",
            asking(Regime::Foisa, "50", silent()),
            asking(Regime::Foisa, "50", stated()),
        ),
        (
            "fee-notice-without-internal-review",
            asking(Regime::Foisa, "50", json!({"internal_review": "none_exists", "regulator": "stated"})),
            asking(Regime::Eisr, "50", silent()),
        ),
        ("fee-notice-without-regulator", asking(Regime::Foisa, "50", silent()), asking(Regime::Foia, "50", silent())),
        ("fee-above-maximum", asking(Regime::Foisa, "50.01", stated()), asking(Regime::Foisa, "50", stated())),
        ("fee-above-maximum", asking(Regime::Foisa, "51", stated()), asking(Regime::Foia, "51", stated())),
        ("clarification-asked-late", question("2021-03-30", Regime::Foia), question("2021-03-29", Regime::Foia)),
        ("clarification-asked-late", asked_when_extended(Regime::Eir), asked_when_extended(Regime::Foia)),
        (
            "clarification-asked-late",
            question("2021-03-30", Regime::Eisr),
            event(EventName::ClarificationAsked, "2021-03-30", Regime::Eisr, asked),
        ),
        ("clarification-is-refusal", question("2021-03-10", Regime::Eir), question("2021-03-10", Regime::Foia)),
        (
            "clarification-is-refusal",
            question("2021-03-10", Regime::Eisr),
            event(EventName::ClarificationAsked, "2021-03-10", Regime::Eisr, closed),
        ),
        ("fee-notice-late", fee(Regime::Foia, Some("2021-03-29")), fee(Regime::Foia, None)),
        ("fee-notice-late", fee(Regime::Eisr, Some("2021-03-29")), fee(Regime::Eisr, None)),
        ("lapse-without-question", lapse("2021-03-10", |_| {}), lapse("2021-05-10", asked)),
        ("lapse-without-question", lapse("2021-03-10", |_| {}), lapse("2021-03-10", closed)),
        ("lapse-early", lapse("2021-05-09", asked), lapse("2021-05-10", asked)),
        ("transfer-discharges-no-duty", transfer(Regime::Foia), transfer(Regime::Eir)),
        ("transfer-needs-refusal", transfer(Regime::Eir), transfer(Regime::Eisr)),
        (
            "transfer-needs-refusal",
            transfer(Regime::Eir),
            event(EventName::Transfer, "2021-03-10", Regime::Eir, closed),
        ),
        (
            "transfer-discharges-no-duty",
            transfer(Regime::Foisa),
            event(EventName::Transfer, "2021-03-10", Regime::Foisa, closed),
        ),
    ]
}

#[test]
fn a_sound_event_has_no_finding() {
    assert_eq!(question("2021-03-29", Regime::Foisa), []);
    assert_eq!(lapse("2021-05-10", asked), []);
    for kind in EventName::ALL.iter().filter(|kind| **kind != EventName::Lapse && **kind != EventName::Transfer) {
        assert_eq!(event(*kind, "2021-03-10", Regime::Foia, |_| {}), [], "{kind}");
    }
}

#[test]
fn parts_alike_make_one_finding_and_each_regime_its_own() {
    let part = |label: &str, regime| EventPart {
        label: label.parse().unwrap(),
        regime,
        is_closed: false,
        due_on: Some(day("2021-03-29")),
        limit_on: Some(day("2021-03-29")),
        may_lapse_on: None,
        fee_notice_due_on: None,
    };
    let parts = [part("1", Regime::Foia), part("2", Regime::Foia), part("3", Regime::Eir)];
    let particulars = stated();
    let asked = facts(EventName::ClarificationAsked, "2021-04-01", &parts, &particulars);
    let findings = event_findings(&asked);
    let told: Vec<(&str, &str)> =
        findings.iter().map(|finding| (finding.id.as_ref(), finding.provision.as_deref().unwrap())).collect();
    assert_eq!(
        told,
        [
            ("clarification-asked-late", "section 10(1)"),
            ("clarification-asked-late", "regulation 9(2)"),
            ("clarification-is-refusal", "regulation 12(4)(c)"),
        ]
    );
    assert_eq!(findings[2].facts["notice_under"], "regulation 14");
}
