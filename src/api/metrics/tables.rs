//! Figures as tables: one line for each row, a figure in three columns, headings that stay as they are. Every count of a
//! list has a column of its own, so that the columns are the same for every period.

use crate::{
    api::csv::{Cell, Table},
    law::{Date, Regime},
    metrics::{
        ComparedAuthority, Definition, DefinitionBasis, DefinitionId, Figure, NamedFigure, NcndRow, NcndTopicRow,
        OutcomesRow, ProvisionRow, TimelinessRow, Workload,
    },
    services::metrics::{
        ComparisonReport, NcndReport, NcndTopicsReport, OutcomesReport, ProvisionsReport, TimelinessReport,
        WorkloadReport,
    },
};

/// One line: headings and cells are written side by side so that they cannot come apart.
#[derive(Default)]
pub(super) struct Line {
    headings: Vec<String>,
    cells: Vec<Cell>,
}

impl Line {
    /// What every row begins with.
    pub(super) fn of(
        period: &str,
        days: (Date, Date),
        basis: DefinitionBasis,
        as_at: Date,
        definition: DefinitionId,
    ) -> Self {
        Self::default()
            .text("period", period)
            .text("start_on", &days.0.to_string())
            .text("end_on", &days.1.to_string())
            .text("basis", basis.as_str())
            .text("as_at", &as_at.to_string())
            .text("definition", definition.as_str())
    }

    /// Whose figures the row has, and of which regime alone: what JSON says once for all rows. Empty where all regimes are
    /// counted.
    pub(super) fn asked_of(self, authority_id: &str, regime: Option<Regime>) -> Self {
        self.text("authority_id", authority_id).regime("regime", regime)
    }

    fn regime(self, heading: &str, regime: Option<Regime>) -> Self {
        self.text(heading, regime.map_or("", Regime::as_str))
    }

    pub(super) fn text(mut self, heading: &str, text: &str) -> Self {
        self.headings.push(heading.to_owned());
        self.cells.push(Cell::text(text));
        self
    }

    fn number(mut self, heading: &str, number: Option<impl ToString>) -> Self {
        self.headings.push(heading.to_owned());
        self.cells.push(Cell::optional_number(number));
        self
    }

    pub(super) fn count(self, heading: &str, count: u32) -> Self {
        self.number(heading, Some(count))
    }

    pub(super) fn figure(self, name: &str, figure: Figure) -> Self {
        self.count(&format!("{name}_numerator"), figure.numerator)
            .count(&format!("{name}_denominator"), figure.denominator)
            .number(&format!("{name}_ratio"), figure.ratio)
    }
}

/// The table of `rows`. All lines have the headings of the first.
pub(super) fn table<T>(rows: &[T], line: impl Fn(&T) -> Line) -> csv::Result<Table> {
    let first = rows.first().map(&line).unwrap_or_default();
    let headings: Vec<&str> = first.headings.iter().map(String::as_str).collect();
    let mut table = Table::new(&headings)?;
    for row in rows {
        table.row(line(row).cells)?;
    }
    Ok(table)
}

/// Timeliness, a line for each period.
pub(super) fn timeliness(report: &TimelinessReport) -> csv::Result<Table> {
    let line = |row: &TimelinessRow| {
        let days = &row.working_days;
        let line = Line::of(&row.period, (row.start_on, row.end_on), row.basis, row.as_at, row.definition)
            .asked_of(&report.authority_id, report.regime)
            .count("requests", row.requests)
            .figure("in_deadline", row.in_deadline)
            .figure("in_time", row.in_time)
            .figure("late", row.late)
            .count("not_yet_due", row.not_yet_due)
            .count("on_hold_or_lapsed", row.on_hold_or_lapsed)
            .count("working_days_measured", days.measured)
            .number("working_days_median", days.median)
            .number("working_days_p90", days.p90)
            .number("working_days_min", days.min)
            .number("working_days_max", days.max);
        days.bands.iter().fold(line, |line, band| line.count(&band.heading(), band.requests))
    };
    table(&report.rows, line)
}

/// Outcomes, a line for each period.
pub(super) fn outcomes(report: &OutcomesReport) -> csv::Result<Table> {
    let line = |row: &OutcomesRow| {
        let line = Line::of(&row.period, (row.start_on, row.end_on), row.basis, row.as_at, row.definition)
            .asked_of(&report.authority_id, report.regime)
            .count("requests_answered", row.requests_answered)
            .count("parts_answered", row.parts_answered)
            .figure("requests_refused_in_full", row.refused_in_full);
        let line = row
            .by_request
            .iter()
            .fold(line, |line, one| line.figure(&format!("requests_{}", one.outcome), one.requests));
        row.by_part.iter().fold(line, |line, one| line.figure(&format!("parts_{}", one.outcome), one.parts))
    };
    table(&report.rows, line)
}

/// NCND answers, a line for each period.
pub(super) fn ncnd(report: &NcndReport) -> csv::Result<Table> {
    let line = |row: &NcndRow| {
        let line = Line::of(&row.period, (row.start_on, row.end_on), row.basis, row.as_at, row.definition)
            .asked_of(&report.authority_id, report.regime)
            .figure("requests_with_ncnd", row.requests_with_ncnd)
            .figure("parts_with_ncnd", row.parts_with_ncnd);
        row.redress.iter().fold(line, |line, redress| {
            line.figure("maintained_at_review", redress.maintained_at_review)
                .figure("changed_at_review", redress.changed_at_review)
                .figure("found_not_engaged", redress.found_not_engaged)
        })
    };
    table(&report.rows, line)
}

/// NCND by topic, a line for each; a suppressed count is empty. It is never of one regime.
pub(super) fn ncnd_by_topic(report: &NcndTopicsReport) -> csv::Result<Table> {
    table(&report.rows, |row: &NcndTopicRow| {
        Line::of(&row.period, (row.start_on, row.end_on), row.basis, row.as_at, row.definition)
            .text("authority_id", &report.authority_id)
            .text("topic", row.topic.as_deref().unwrap_or_default())
            .number("requests_with_ncnd", row.requests_with_ncnd)
            .text("suppressed", if row.suppressed { "true" } else { "false" })
    })
}

/// The workload in one line; the oldest by their references.
pub(super) fn workload(report: &WorkloadReport) -> csv::Result<Table> {
    table(&report.rows, |row: &Workload| {
        let line = Line::default()
            .text("basis", row.basis.as_str())
            .text("as_at", &row.as_at.to_string())
            .text("definition", row.definition.as_str())
            .asked_of(&report.authority_id, report.regime)
            .count("open", row.open)
            .figure("overdue", row.overdue);
        let line = row.overdue_bands.iter().fold(line, |line, band| line.count(&band.heading(), band.requests));
        let line = line
            .count("overdue_over_6_months", row.overdue_over_6_months)
            .count("overdue_over_12_months", row.overdue_over_12_months)
            .count("due_within_5", row.due_within_5)
            .count("due_within_10", row.due_within_10)
            .count("stopped_for_clarification", row.stopped_for_clarification)
            .count("stopped_for_fee", row.stopped_for_fee)
            .count("extensions_running", row.extensions_running)
            .text("oldest", &row.oldest.iter().map(|one| one.reference.as_str()).collect::<Vec<_>>().join(" "));
        row.forecasts.iter().fold(line, |line, forecast| {
            let of = |name: &str| format!("forecast_{}_{name}", forecast.basis);
            let line = line
                .count(&of("late"), forecast.late)
                .count(&of("not_yet_due"), forecast.not_yet_due)
                .figure(&of("in_time"), forecast.in_time);
            forecast.targets.iter().fold(line, |line, target| {
                line.number(
                    &of(&format!("late_answers_affordable_at_{}", target.percent)),
                    target.late_answers_affordable,
                )
            })
        })
    })
}

/// A comparison: the total first, without a rank, then a line for each authority.
pub(super) fn comparison(report: &ComparisonReport) -> csv::Result<Table> {
    let line = |(of, figures): &(Option<&ComparedAuthority>, &[NamedFigure])| {
        let line = Line::default()
            .text("metric", report.metric.as_str())
            .text("start_on", &report.start_on.to_string())
            .text("end_on", &report.end_on.to_string())
            .text("basis", report.basis.as_str())
            .text("as_at", &report.as_at.to_string())
            .text("definition", report.definition.as_str())
            .text("metric_definition", report.metric_definition.as_str())
            .regime("regime", report.regime)
            .text("rank_by", &report.rank_by)
            .number("rank", of.map(|one| one.rank))
            .text("authority_id", of.map_or("", |one| one.authority_id.as_str()))
            .text("authority", of.map_or("", |one| one.name.as_str()));
        figures.iter().fold(line, |line, figure| line.figure(&figure.name, figure.figure))
    };
    let each = report.authorities.iter().map(|one| (Some(one), one.figures.as_slice()));
    let rows: Vec<(Option<&ComparedAuthority>, &[NamedFigure])> =
        [(None, report.total.as_slice())].into_iter().chain(each).collect();
    table(&rows, line)
}

/// What the figures mean, a line for each definition.
pub(super) fn definitions(definitions: &[Definition]) -> csv::Result<Table> {
    let line = |definition: &Definition| {
        Line::default()
            .text("id", definition.id.as_str())
            .text("title", definition.title)
            .text("text", definition.text)
            .text("unit", definition.unit)
            .text("basis", definition.basis.map_or("", DefinitionBasis::as_str))
            .text("source", definition.source)
    };
    table(definitions, line)
}

const PROVISION_HEADINGS: &[&str] = &[
    "period",
    "start_on",
    "end_on",
    "basis",
    "as_at",
    "definition",
    "authority_id",
    "regime_asked",
    "regime",
    "provision",
    "ncnd",
    "times_cited",
    "requests_citing_numerator",
    "requests_citing_denominator",
    "requests_citing_ratio",
    "review_position_maintained_numerator",
    "review_position_maintained_denominator",
    "review_position_maintained_ratio",
    "review_partly_changed_numerator",
    "review_partly_changed_denominator",
    "review_partly_changed_ratio",
    "review_overturned_numerator",
    "review_overturned_denominator",
    "review_overturned_ratio",
    "regulator_correctly_applied_numerator",
    "regulator_correctly_applied_denominator",
    "regulator_correctly_applied_ratio",
    "regulator_not_engaged_numerator",
    "regulator_not_engaged_denominator",
    "regulator_not_engaged_ratio",
    "regulator_public_interest_favours_disclosure_numerator",
    "regulator_public_interest_favours_disclosure_denominator",
    "regulator_public_interest_favours_disclosure_ratio",
    "regulator_partly_numerator",
    "regulator_partly_denominator",
    "regulator_partly_ratio",
    "regulator_not_examined_numerator",
    "regulator_not_examined_denominator",
    "regulator_not_examined_ratio",
];

/// Citations, a line for each period and provision. There may be none, and the headings stand all the same. `regime` is that
/// of the provision; of which regime alone the figures are stands in `regime_asked`.
pub(super) fn provisions(report: &ProvisionsReport) -> csv::Result<Table> {
    if report.rows.is_empty() {
        return Table::new(PROVISION_HEADINGS);
    }
    table(&report.rows, |row: &ProvisionRow| {
        Line::of(&row.period, (row.start_on, row.end_on), row.basis, row.as_at, row.definition)
            .text("authority_id", &report.authority_id)
            .regime("regime_asked", report.regime)
            .text("regime", row.regime.as_str())
            .text("provision", &row.provision)
            .text("ncnd", if row.ncnd { "true" } else { "false" })
            .count("times_cited", row.times_cited)
            .figure("requests_citing", row.requests_citing)
            .figure("review_position_maintained", row.at_review.position_maintained)
            .figure("review_partly_changed", row.at_review.partly_changed)
            .figure("review_overturned", row.at_review.overturned)
            .figure("regulator_correctly_applied", row.at_regulator.correctly_applied)
            .figure("regulator_not_engaged", row.at_regulator.not_engaged)
            .figure("regulator_public_interest_favours_disclosure", row.at_regulator.public_interest_favours_disclosure)
            .figure("regulator_partly", row.at_regulator.partly)
            .figure("regulator_not_examined", row.at_regulator.not_examined)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        law::{Regime, calendar::Calendars},
        metrics::{RegulatorResults, ReviewResults, Selection, TimelinessBasis},
    };

    fn headings(table: Table) -> Vec<String> {
        let text = String::from_utf8(table.finish().unwrap()).unwrap();
        text.lines().next().unwrap().split(',').map(str::to_owned).collect()
    }

    fn nothing() -> Selection {
        let day = Date::FIRST;
        Selection { start_on: day, end_on: day, group_by: None, as_at: day, regime: None }
    }

    #[test]
    fn provisions_have_the_same_headings_with_rows_and_without() {
        let day = Date::FIRST;
        let row = ProvisionRow {
            period: "2005".to_owned(),
            start_on: day,
            end_on: day,
            basis: DefinitionBasis::Issued,
            as_at: day,
            definition: DefinitionId::Provisions,
            regime: Regime::Foia,
            provision: "31(3)".to_owned(),
            ncnd: true,
            times_cited: 2,
            requests_citing: Figure::new(1, 3),
            at_review: ReviewResults {
                position_maintained: Figure::new(1, 1),
                partly_changed: Figure::new(0, 1),
                overturned: Figure::new(0, 1),
            },
            at_regulator: RegulatorResults {
                correctly_applied: Figure::new(0, 1),
                not_engaged: Figure::new(1, 1),
                public_interest_favours_disclosure: Figure::new(0, 1),
                partly: Figure::new(0, 1),
                not_examined: Figure::new(0, 1),
            },
        };
        for rows in [vec![row], Vec::new()] {
            let (authority_id, regime) = (String::new(), None);
            let report = ProvisionsReport { authority_id, start_on: day, end_on: day, as_at: day, regime, rows };
            assert_eq!(headings(provisions(&report).unwrap()), PROVISION_HEADINGS);
        }
    }

    #[test]
    fn an_empty_period_has_its_line_and_no_heading_stands_twice() {
        let calendars = Calendars::embedded();
        let Selection { start_on, end_on, as_at, .. } = nothing();
        let (authority_id, regime) = ("an-authority".to_owned(), Some(Regime::Eir));
        let rows = crate::metrics::timeliness(calendars, &[], &nothing(), TimelinessBasis::Received);
        let timely = TimelinessReport { authority_id: authority_id.clone(), start_on, end_on, as_at, regime, rows };
        let rows = crate::metrics::outcomes(calendars, &[], &nothing());
        let answered = OutcomesReport { authority_id, start_on, end_on, as_at, regime, rows };
        for table in [timeliness(&timely).unwrap(), outcomes(&answered).unwrap()] {
            let headings = headings(table);
            let distinct: std::collections::HashSet<_> = headings.iter().collect();
            assert_eq!(distinct.len(), headings.len());
        }
        let text = String::from_utf8(timeliness(&timely).unwrap().finish().unwrap()).unwrap();
        let line = text.lines().nth(1).unwrap();
        assert!(line.starts_with(
            "2005-01-01/2005-01-01,2005-01-01,2005-01-01,received,2005-01-01,timeliness-received,an-authority,eir,0,0,0,,"
        ));
    }
}
