//! What the regulator made of it: complaints, notices, findings, steps, appeals.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    casework::decision_notice::RegulatorFinding,
    law::{Date, Regime, calendar::Calendars},
    metrics::{
        ComplaintCase, FoundOn, NoticeCase, Selection,
        definition::{DefinitionBasis, DefinitionId},
        figure::count,
        period::Period,
        proceedings::Steps,
    },
};

/// What findings on grounds in the alternative stand under: one class, whose members nobody tells apart.
const ALTERNATIVES: &str = "alternatives";

/// The complaints and notices of one period.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct RegulatorRow {
    /// The period, as in the timeliness.
    #[schema(example = "2019-Q4")]
    pub period: String,
    /// The first day counted.
    pub start_on: Date,
    /// The last day counted.
    pub end_on: Date,
    /// Each count goes by its own day: of the complaint, its end, the notice, the appeal.
    pub basis: DefinitionBasis,
    /// The day at whose end they are looked at.
    pub as_at: Date,
    /// What the figures mean: see `GET /v1/metrics/definitions`.
    pub definition: DefinitionId,
    /// Complaints made in the period.
    pub complaints_made: u32,
    /// Complaints that ended in the period without a notice.
    pub complaints_ended_without_notice: u32,
    /// Decision notices sent in the period.
    pub notices_sent: u32,
    /// Of these, notices that found a breach of a duty, with `regime` one under it.
    pub notices_finding_a_breach: u32,
    /// Of these, notices whose steps were not taken by the end of `as_at`, the overdue among them.
    pub steps_open: u32,
    /// Of these, notices whose steps are overdue.
    pub steps_overdue: u32,
    /// Appeals made in the period against any notice.
    pub appeals_made: u32,
    /// The findings of the notices sent in the period, by provision, NCND provisions among them; only what was found has an
    /// entry. Absent without `ncnd:read`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_items = 10_000)]
    pub findings: Option<Vec<RegulatorFindingCount>>,
}

/// How often one thing was found of one provision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct RegulatorFindingCount {
    /// The regime of the provision.
    pub regime: Regime,
    /// The provision, or `alternatives` for grounds relied on in the alternative.
    #[schema(example = "31(3)")]
    pub provision: String,
    /// What was found.
    pub finding: RegulatorFinding,
    /// In how many notices, each once.
    pub notices: u32,
}

/// The complaints by period.
#[must_use]
pub fn regulator(calendars: &Calendars, cases: &[ComplaintCase], selection: &Selection) -> Vec<RegulatorRow> {
    let wanted = |case: &&ComplaintCase| {
        case.made_on <= selection.as_at && selection.regime.is_none_or(|wanted| case.regimes.contains(&wanted))
    };
    let cases: Vec<&ComplaintCase> = cases.iter().filter(wanted).collect();
    selection.periods().into_iter().map(|period| row(period, calendars, selection, &cases)).collect()
}

fn row(period: Period, calendars: &Calendars, selection: &Selection, cases: &[&ComplaintCase]) -> RegulatorRow {
    let inside = |day: Date| period.start_on <= day && day <= period.end_on && day <= selection.as_at;
    let notices: Vec<&NoticeCase> =
        cases.iter().flat_map(|case| &case.notices).filter(|one| inside(one.notice.sent_on)).collect();
    let appeals = cases.iter().flat_map(|case| &case.notices).flat_map(|notice| &notice.appeals);
    let steps =
        |wanted: &[Steps]| count(notices.iter().filter(|one| wanted.contains(&one.steps(calendars, selection.as_at))));
    let counted = |found: &&FoundOn| selection.regime.is_none_or(|wanted| wanted == found.regime);
    let found: Vec<Vec<&FoundOn>> = notices.iter().map(|one| one.findings.iter().filter(counted).collect()).collect();
    let finds_breach =
        |findings: &&Vec<&FoundOn>| findings.iter().any(|found| found.finding == RegulatorFinding::Breach);
    RegulatorRow {
        start_on: period.start_on,
        end_on: period.end_on,
        basis: DefinitionBasis::Activity,
        as_at: selection.as_at,
        definition: DefinitionId::Regulator,
        complaints_made: count(cases.iter().filter(|case| inside(case.made_on))),
        complaints_ended_without_notice: count(cases.iter().filter(|case| case.ended_on.is_some_and(inside))),
        notices_sent: count(notices.iter()),
        notices_finding_a_breach: count(found.iter().filter(finds_breach)),
        steps_open: steps(&[Steps::Open, Steps::Overdue]),
        steps_overdue: steps(&[Steps::Overdue]),
        appeals_made: count(appeals.filter(|appeal| inside(appeal.made_on))),
        findings: Some(findings(&found)),
        period: period.label,
    }
}

fn findings(of_notices: &[Vec<&FoundOn>]) -> Vec<RegulatorFindingCount> {
    let mut counted: BTreeMap<(Regime, &str, RegulatorFinding), u32> = BTreeMap::new();
    for found in of_notices {
        let each = found.iter().map(|one| (one.regime, one.provision.as_deref().unwrap_or(ALTERNATIVES), one.finding));
        for once in each.collect::<BTreeSet<_>>() {
            *counted.entry(once).or_default() += 1;
        }
    }
    let entry = |((regime, provision, finding), notices): ((Regime, &str, RegulatorFinding), u32)| {
        RegulatorFindingCount { regime, provision: provision.to_owned(), finding, notices }
    };
    counted.into_iter().map(entry).collect()
}
