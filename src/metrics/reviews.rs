//! Internal reviews: asked for, decided, how long they took, what became of them.

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    casework::review::ReviewOutcome,
    law::{Date, calendar::Calendars},
    metrics::{
        Figure, ReviewCase, Selection,
        definition::{DefinitionBasis, DefinitionId},
        figure::count,
        period::Period,
        proceedings::SeenReview,
    },
};

/// The last day of each band of lengths but the last, in working days: those of central government's form.
pub(super) const BANDS: [u32; 6] = [10, 20, 40, 60, 80, 100];

/// The reviews of one period.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ReviewsRow {
    /// The period, as in the timeliness.
    #[schema(example = "2019-Q4")]
    pub period: String,
    /// The first day counted.
    pub start_on: Date,
    /// The last day counted.
    pub end_on: Date,
    /// Each count goes by its own day: that of asking, or that of deciding.
    pub basis: DefinitionBasis,
    /// The day at whose end the reviews are looked at.
    pub as_at: Date,
    /// What the figures mean: see `GET /v1/metrics/definitions`.
    pub definition: DefinitionId,
    /// Asked for in the period.
    pub received: u32,
    /// Asked for in the period, not decided, and past the time for it.
    pub overdue: u32,
    /// Decided in the period.
    pub decided: u32,
    /// Decided within 20 working days, of those decided.
    pub within_20_working_days: Figure,
    /// Decided within 40 working days, of those decided.
    pub within_40_working_days: Figure,
    /// The answer stood in every part.
    pub position_maintained: Figure,
    /// The answer was changed in part, or differently for different parts.
    pub partly_changed: Figure,
    /// The answer was replaced in every part.
    pub overturned: Figure,
    /// There had been no answer.
    pub decision_where_none: Figure,
    /// How long the decided ones took.
    #[schema(max_items = 7)]
    pub bands: Vec<ReviewBand>,
}

/// One band of lengths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct ReviewBand {
    /// The fewest working days in the band.
    #[schema(example = 0)]
    pub from_days: u32,
    /// The most; absent for the last band.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = 10)]
    pub to_days: Option<u32>,
    /// How many reviews.
    pub reviews: u32,
}

impl ReviewBand {
    /// What it is called where it stands by itself: `working_days_0_to_10`.
    #[must_use]
    pub fn heading(&self) -> String {
        let to = self.to_days.map_or_else(|| "more".to_owned(), |to| to.to_string());
        format!("working_days_{}_to_{to}", self.from_days)
    }
}

/// How many of the lengths lie in each band.
pub(super) fn by_length(lengths: impl Iterator<Item = u32>) -> [u32; 7] {
    let mut bands = [0; 7];
    for days in lengths {
        let at = BANDS.iter().position(|most| days <= *most).unwrap_or(BANDS.len());
        if let Some(counted) = bands.get_mut(at) {
            *counted += 1;
        }
    }
    bands
}

/// The reviews by period.
#[must_use]
pub fn reviews(calendars: &Calendars, cases: &[ReviewCase], selection: &Selection) -> Vec<ReviewsRow> {
    let wanted = |regime| selection.regime.is_none_or(|wanted| wanted == regime);
    let seen: Vec<SeenReview> = cases.iter().filter_map(|case| case.seen(calendars, selection.as_at, wanted)).collect();
    selection.periods().into_iter().map(|period| row(period, selection, &seen)).collect()
}

fn row(period: Period, selection: &Selection, seen: &[SeenReview]) -> ReviewsRow {
    let inside = |day: Date| period.start_on <= day && day <= period.end_on;
    let received = || seen.iter().filter(|one| inside(one.requested_on));
    let decided: Vec<&SeenReview> = seen.iter().filter(|one| one.decided_on.is_some_and(inside)).collect();
    let of_decided = |wanted: &dyn Fn(&SeenReview) -> bool| {
        Figure::new(count(decided.iter().filter(|one| wanted(one))), count(decided.iter()))
    };
    let outcome = |outcome| of_decided(&|one| one.outcome == Some(outcome));
    let within = |days: u32| of_decided(&|one| one.taken.is_some_and(|taken| taken <= days));
    let is_overdue = |one: &&SeenReview| one.decided_on.is_none() && one.limit_on < selection.as_at;
    let firsts = [0].into_iter().chain(BANDS.iter().map(|last| last + 1));
    let lasts = BANDS.iter().copied().map(Some).chain([None]);
    let lengths = by_length(decided.iter().filter_map(|one| one.taken));
    let bands = firsts.zip(lasts).zip(lengths);
    ReviewsRow {
        start_on: period.start_on,
        end_on: period.end_on,
        basis: DefinitionBasis::Activity,
        as_at: selection.as_at,
        definition: DefinitionId::Reviews,
        received: count(received()),
        overdue: count(received().filter(is_overdue)),
        decided: count(decided.iter()),
        within_20_working_days: within(20),
        within_40_working_days: within(40),
        position_maintained: outcome(ReviewOutcome::PositionMaintained),
        partly_changed: outcome(ReviewOutcome::PartlyChanged),
        overturned: outcome(ReviewOutcome::Overturned),
        decision_where_none: outcome(ReviewOutcome::DecisionWhereNone),
        bands: bands.map(|((from_days, to_days), reviews)| ReviewBand { from_days, to_days, reviews }).collect(),
        period: period.label,
    }
}
