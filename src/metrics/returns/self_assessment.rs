//! The questions of the Information Commissioner's self-assessment: what was closed in the period, how much of it in time,
//! and what is open at its end, the overdue with their ages. Knows nothing of other returns.

use crate::{
    law::{Date, Regime, calendar::Calendars, clock::is_overdue},
    metrics::{
        Case, Figure,
        case::Seen,
        definition::{DefinitionBasis, DefinitionId},
        figure::count,
        returns::{
            CaseState, OverdueRequest, ReturnDocument, ReturnKind, ReturnQuestion,
            document::{Columns, identity},
            record::{Record, count_of, is_of_uk},
            states::{SelfAssessmentPlace, state},
        },
    },
    vocabulary,
};

vocabulary! {
    /// The rating of the Information Commissioner's toolkit. The published bands touch at 95: that is good here.
    pub enum SelfAssessmentBand {
        /// 95 per cent or more.
        Good = "good",
        /// 90 per cent or more, and less than 95.
        Adequate = "adequate",
        /// Less than 90 per cent.
        Unsatisfactory = "unsatisfactory",
    }
}

impl SelfAssessmentBand {
    /// The band of a share; none where nothing was closed.
    pub(super) fn of(figure: Figure) -> Option<Self> {
        let reaches = |percent: u64| u64::from(figure.numerator) * 100 >= u64::from(figure.denominator) * percent;
        (figure.denominator > 0).then(|| match () {
            () if reaches(95) => Self::Good,
            () if reaches(90) => Self::Adequate,
            () => Self::Unsatisfactory,
        })
    }
}

const DECIMALS: u32 = 2;

/// The return; `cases` are those answered in the period and those open at its end.
pub(super) fn prepare(calendars: &Calendars, cases: &[Case], question: &ReturnQuestion<'_>) -> ReturnDocument {
    let end = question.last_day();
    let seen: Vec<Record<'_>> = cases.iter().filter_map(|case| Record::of(calendars, case, end, is_of_uk)).collect();
    let (closed, others): (Vec<_>, Vec<_>) =
        seen.into_iter().partition(|one| one.answered_on.is_some_and(|day| question.contains(day)));
    let of_place = |place| count_of(&closed, |one| place_of(one) == Some(place));
    let in_time = of_place(SelfAssessmentPlace::ClosedInTime);
    let late = of_place(SelfAssessmentPlace::ClosedLate);
    let open = count_of(&others, |one| one.case.left_to_do(&one.seen, end).is_some_and(|left| is_open(&left, end)));
    let rate = Figure::new(in_time, in_time + late);
    let band = SelfAssessmentBand::of(rate);
    let overdue = overdue_requests(calendars, others.iter().map(|one| one.case), end, is_of_uk);
    let older_than = |months: u32| count(overdue.iter().filter(|one| one.is_older_than(months, end)));
    let oldest = overdue.iter().map(|one| one.listed.age_working_days).max();
    let mut columns = Columns::default();
    columns.text("authority", question.subject.name);
    columns.text("period", question.period.to_string());
    columns.text("as_at", end.to_string());
    columns.count("open_end", open);
    columns.count("overdue_end", count(overdue.iter()));
    columns.count("closed", rate.denominator);
    columns.count("closed_in_time", rate.numerator);
    columns.percentage("response_rate", rate, DECIMALS);
    columns.text("band", band.map_or("", SelfAssessmentBand::as_str));
    let reviews = reviews(calendars, question, end);
    columns.count("reviews_closed", reviews.denominator);
    columns.count("reviews_in_time", reviews.numerator);
    columns.percentage("review_rate", reviews, DECIMALS);
    columns.text("review_band", SelfAssessmentBand::of(reviews).map_or("", SelfAssessmentBand::as_str));
    columns.count("overdue_over_6_months", older_than(6));
    columns.count("overdue_over_12_months", older_than(12));
    columns.optional("oldest_working_days", oldest);
    ReturnDocument {
        as_at: end,
        identities: vec![identity("closed = in time + late", count_closed(&closed), &[in_time, late], true)],
        band,
        overdue: Some(overdue.into_iter().map(|one| one.listed).collect()),
        ..question.document(
            ReturnKind::CommissionerSelfAssessment,
            DefinitionBasis::Closed,
            DefinitionId::ReturnCommissionerSelfAssessment,
            0,
            columns,
        )
    }
}

/// The reviews closed in the period, and of them those in the usual time: 20 working days, under the EIR the 40 of regulation
/// 11(4).
fn reviews(calendars: &Calendars, question: &ReturnQuestion<'_>, end: Date) -> Figure {
    let mut closed = question.seen_reviews(calendars, end, is_of_uk);
    closed.retain(|one| one.decided_on.is_some_and(|day| question.contains(day)));
    let in_time = closed.iter().filter(|one| one.decided_on.is_some_and(|day| day <= one.usual_limit_on));
    Figure::new(count(in_time), count(closed.iter()))
}

/// The requests closed by an answer that was owed.
fn count_closed(closed: &[Record<'_>]) -> u32 {
    count_of(closed, |one| place_of(one) != Some(SelfAssessmentPlace::LeftOut))
}

fn place_of(record: &Record<'_>) -> Option<SelfAssessmentPlace> {
    place(record.state)
}

fn place(state: CaseState) -> Option<SelfAssessmentPlace> {
    state.places().map(|row| row.commissioner_self_assessment)
}

fn is_open(left: &Seen<'_>, end: Date) -> bool {
    matches!(place(state(left, end)), Some(SelfAssessmentPlace::Open | SelfAssessmentPlace::OpenOverdue))
}

/// A request that is overdue, and how it is listed.
pub(in crate::metrics) struct Overdue {
    pub listed: OverdueRequest,
    /// The day from which its age counts: the receipt of the part overdue longest, or the day on which that was reopened.
    since: Date,
}

impl Overdue {
    /// Whether it was received, or reopened, more than so many months before `day`.
    pub fn is_older_than(&self, months: u32, day: Date) -> bool {
        self.since.plus_months(months) < day
    }
}

/// The requests that are overdue at the end of `day`, the longest overdue first, as far as their regimes are `wanted`.
pub(in crate::metrics) fn overdue_requests<'a>(
    calendars: &Calendars,
    cases: impl Iterator<Item = &'a Case>,
    day: Date,
    wanted: impl Fn(Regime) -> bool,
) -> Vec<Overdue> {
    let mut overdue: Vec<Overdue> = cases.filter_map(|case| overdue_request(calendars, case, day, &wanted)).collect();
    overdue.sort_by(|Overdue { listed: one, .. }, Overdue { listed: other, .. }| {
        let key = |it: &OverdueRequest| (std::cmp::Reverse(it.working_days_overdue), it.received_on);
        key(one).cmp(&key(other)).then_with(|| one.reference.cmp(&other.reference))
    });
    overdue
}

/// The request, if a part of what is left to do of it is overdue; by the part that is overdue longest.
fn overdue_request(calendars: &Calendars, case: &Case, day: Date, wanted: &impl Fn(Regime) -> bool) -> Option<Overdue> {
    let left = case.left_to_do(&case.seen_under(calendars, day, wanted)?, day)?;
    let parts = left.parts.iter().filter(|part| is_overdue(&part.clock, day));
    let part = parts.min_by_key(|part| part.clock.limit_on())?;
    let calendar = calendars.get(part.regime.calendar());
    let since = |from: Date| u32::try_from(calendar.working_days_between(from, day)).unwrap_or_default();
    let listed = OverdueRequest {
        request_id: case.name().id.clone(),
        reference: case.name().reference.clone(),
        received_on: left.received_on,
        due_on: part.clock.due_on,
        extended_to: part.clock.extended_to,
        working_days_overdue: since(part.clock.limit_on()),
        age_working_days: since(part.clock.received_on),
    };
    Some(Overdue { listed, since: part.clock.received_on })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bands_of_the_toolkit_in_whole_numbers() {
        let band = |numerator, denominator| SelfAssessmentBand::of(Figure::new(numerator, denominator));
        assert_eq!(band(95, 100), Some(SelfAssessmentBand::Good));
        assert_eq!(band(949, 1000), Some(SelfAssessmentBand::Adequate));
        assert_eq!(band(90, 100), Some(SelfAssessmentBand::Adequate));
        assert_eq!(band(899, 1000), Some(SelfAssessmentBand::Unsatisfactory));
        assert_eq!(band(0, 0), None);
    }
}
