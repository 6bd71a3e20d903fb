//! Reviews and complaints as tables.

use crate::{
    api::{
        csv::Table,
        metrics::tables::{Line, table},
    },
    metrics::{RegulatorFindingCount, RegulatorRow, ReviewsRow},
    services::metrics::{RegulatorReport, ReviewsReport},
};

/// Reviews, a line for each period.
pub(super) fn reviews(report: &ReviewsReport) -> csv::Result<Table> {
    table(&report.rows, |row: &ReviewsRow| {
        let line = Line::of(&row.period, (row.start_on, row.end_on), row.basis, row.as_at, row.definition)
            .asked_of(&report.authority_id, report.regime)
            .count("received", row.received)
            .count("overdue", row.overdue)
            .count("decided", row.decided)
            .figure("within_20_working_days", row.within_20_working_days)
            .figure("within_40_working_days", row.within_40_working_days)
            .figure("position_maintained", row.position_maintained)
            .figure("partly_changed", row.partly_changed)
            .figure("overturned", row.overturned)
            .figure("decision_where_none", row.decision_where_none);
        row.bands.iter().fold(line, |line, band| line.count(&band.heading(), band.reviews))
    })
}

/// Complaints, a line for each period; the findings in one cell, each with its number.
pub(super) fn regulator(report: &RegulatorReport) -> csv::Result<Table> {
    table(&report.rows, |row: &RegulatorRow| {
        let line = Line::of(&row.period, (row.start_on, row.end_on), row.basis, row.as_at, row.definition)
            .asked_of(&report.authority_id, report.regime)
            .count("complaints_made", row.complaints_made)
            .count("complaints_ended_without_notice", row.complaints_ended_without_notice)
            .count("notices_sent", row.notices_sent)
            .count("notices_finding_a_breach", row.notices_finding_a_breach)
            .count("steps_open", row.steps_open)
            .count("steps_overdue", row.steps_overdue)
            .count("appeals_made", row.appeals_made);
        let Some(findings) = &row.findings else { return line };
        let told =
            |one: &RegulatorFindingCount| format!("{} {} {}: {}", one.regime, one.provision, one.finding, one.notices);
        line.text("findings", &findings.iter().map(told).collect::<Vec<_>>().join("; "))
    })
}
