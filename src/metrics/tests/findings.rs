//! What the regulator found, by regime and provision.

use super::*;
use crate::casework::decision_notice::{NewDecisionNotice, RegulatorFinding};
use RegulatorFinding::{Breach, NotEngaged};

fn found(regime: Regime, provision: Option<&str>, finding: RegulatorFinding) -> FoundOn {
    let provision = provision.map(str::to_owned);
    FoundOn { parts: None, sent_on: day("2024-05-13"), regime, provision, finding }
}

/// A complaint about parts under both regimes, with a notice that found this.
fn decided(findings: Vec<FoundOn>) -> ComplaintCase {
    let notice: NewDecisionNotice = serde_json::from_value(serde_json::json!({"sent_on": "2024-05-13"})).unwrap();
    let notice = NoticeCase { notice, findings, regime: Regime::Foia, appeals: Vec::new() };
    let (made_on, regimes) = (day("2024-03-11"), vec![Regime::Foia, Regime::Eir]);
    ComplaintCase { made_on, regimes, ended_on: None, notices: vec![notice] }
}

fn row(cases: &[ComplaintCase], regime: Option<Regime>) -> RegulatorRow {
    let asked = Selection { regime, ..selection("2024-01-01", "2024-12-31", "2024-12-31") };
    regulator(Calendars::embedded(), cases, &asked).remove(0)
}

fn told(row: &RegulatorRow) -> Vec<(Regime, &str, RegulatorFinding, u32)> {
    let findings = row.findings.iter().flatten();
    findings.map(|one| (one.regime, one.provision.as_str(), one.finding, one.notices)).collect()
}

#[test]
fn the_same_number_under_two_regimes_is_two_provisions() {
    let (act, regulations) = (Regime::Foia, Regime::Eir);
    let twice = vec![found(act, Some("14(2)"), NotEngaged), found(act, Some("14(2)"), NotEngaged)];
    let cases =
        [decided(twice), decided(vec![found(regulations, Some("14(2)"), NotEngaged), found(act, None, NotEngaged)])];
    assert_eq!(
        told(&row(&cases, None)),
        [(act, "14(2)", NotEngaged, 1), (act, "alternatives", NotEngaged, 1), (regulations, "14(2)", NotEngaged, 1)]
    );
    assert_eq!(told(&row(&cases, Some(regulations))), [(regulations, "14(2)", NotEngaged, 1)]);
}

#[test]
fn a_breach_under_one_regime_is_none_under_the_other() {
    let cases = [decided(vec![found(Regime::Foia, Some("10(1)"), Breach)])];
    for (regime, breaches) in [(None, 1), (Some(Regime::Foia), 1), (Some(Regime::Eir), 0)] {
        let row = row(&cases, regime);
        assert_eq!(
            (row.notices_sent, row.notices_finding_a_breach, told(&row).len()),
            (1, breaches, usize::try_from(breaches).unwrap())
        );
    }
}
