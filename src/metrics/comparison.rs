//! Figures of several authorities side by side: by authority, in total, and ranked by one of them. Knows nothing of how they
//! were counted.

use std::cmp::Ordering;

use serde::Serialize;
use utoipa::ToSchema;

use crate::metrics::{Figure, RegulatorRow, ReviewsRow, Workload};

/// A figure with its name.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct NamedFigure {
    /// What it counts, as the metric names it.
    #[schema(example = "in_time")]
    pub name: String,
    /// How many of how many.
    pub figure: Figure,
}

/// The figures of one authority.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ComparedAuthority {
    /// Its place, from 1, by the figure that ranks; equal shares have equal ranks.
    pub rank: u32,
    /// The authority.
    #[schema(format = "uuid")]
    pub authority_id: String,
    /// Its name.
    pub name: String,
    /// Its figures.
    #[schema(max_items = 1000)]
    pub figures: Vec<NamedFigure>,
}

/// What can be compared: the figures of one period.
pub trait Comparable {
    /// The figures, always the same ones in the same order.
    fn figures(&self) -> Vec<NamedFigure>;
}

pub(super) fn named(name: impl Into<String>, figure: Figure) -> NamedFigure {
    NamedFigure { name: name.into(), figure }
}

/// A count that is a share of nothing.
pub(super) fn alone(count: u32) -> Figure {
    Figure::new(count, 0)
}

impl Comparable for Workload {
    fn figures(&self) -> Vec<NamedFigure> {
        let of_open = |count| Figure::new(count, self.open);
        let bands = self.overdue_bands.iter().map(|band| named(band.heading(), of_open(band.requests)));
        let counts = [
            named("overdue", self.overdue),
            named("overdue_over_6_months", of_open(self.overdue_over_6_months)),
            named("overdue_over_12_months", of_open(self.overdue_over_12_months)),
            named("due_within_10", of_open(self.due_within_10)),
            named("stopped_for_clarification", of_open(self.stopped_for_clarification)),
            named("stopped_for_fee", of_open(self.stopped_for_fee)),
            named("extensions_running", of_open(self.extensions_running)),
            named("due_within_5", of_open(self.due_within_5)),
            named("open", alone(self.open)),
        ];
        counts.into_iter().chain(bands).collect()
    }
}

impl Comparable for ReviewsRow {
    fn figures(&self) -> Vec<NamedFigure> {
        let bands = self.bands.iter().map(|band| named(band.heading(), Figure::new(band.reviews, self.decided)));
        let counts = [
            named("within_20_working_days", self.within_20_working_days),
            named("within_40_working_days", self.within_40_working_days),
            named("position_maintained", self.position_maintained),
            named("partly_changed", self.partly_changed),
            named("overturned", self.overturned),
            named("decision_where_none", self.decision_where_none),
            named("overdue", Figure::new(self.overdue, self.received)),
            named("received", alone(self.received)),
            named("decided", alone(self.decided)),
        ];
        counts.into_iter().chain(bands).collect()
    }
}

impl Comparable for RegulatorRow {
    fn figures(&self) -> Vec<NamedFigure> {
        let of_notices = |count| Figure::new(count, self.notices_sent);
        vec![
            named("complaints_made", alone(self.complaints_made)),
            named("complaints_ended_without_notice", alone(self.complaints_ended_without_notice)),
            named("notices_sent", alone(self.notices_sent)),
            named("appeals_made", alone(self.appeals_made)),
            named("notices_finding_a_breach", of_notices(self.notices_finding_a_breach)),
            named("steps_open", of_notices(self.steps_open)),
            named("steps_overdue", of_notices(self.steps_overdue)),
        ]
    }
}

/// The figures of all authorities together.
#[must_use]
pub fn total(authorities: &[ComparedAuthority]) -> Vec<NamedFigure> {
    let mut total: Vec<NamedFigure> = Vec::new();
    for figure in authorities.iter().flat_map(|one| &one.figures) {
        match total.iter_mut().find(|known| known.name == figure.name) {
            Some(known) => {
                let (one, other) = (known.figure, figure.figure);
                known.figure = Figure::new(one.numerator + other.numerator, one.denominator + other.denominator);
            }
            None => total.push(figure.clone()),
        }
    }
    total
}

/// Puts the authorities in the order of the figure `by`, the greatest share first, and gives each its rank. A count that is
/// of nothing ranks by itself, after every share.
pub fn rank(authorities: &mut [ComparedAuthority], by: &str) {
    let figure = |one: &ComparedAuthority| one.figures.iter().find(|found| found.name == by).map(|found| found.figure);
    authorities.sort_by(|one, other| compare(figure(other), figure(one)).then_with(|| one.name.cmp(&other.name)));
    let mut before: Option<(u32, Option<Figure>)> = None;
    for (position, one) in (1..).zip(authorities.iter_mut()) {
        let own = figure(one);
        one.rank = match before {
            Some((rank, former)) if compare(own, former).is_eq() => rank,
            _ => position,
        };
        before = Some((one.rank, own));
    }
}

/// Shares compared in whole numbers; what is no share comes before all of them, by its count.
fn compare(one: Option<Figure>, other: Option<Figure>) -> Ordering {
    let (Some(one), Some(other)) = (one, other) else { return one.is_some().cmp(&other.is_some()) };
    let product = |numerator: u32, denominator: u32| u64::from(numerator) * u64::from(denominator);
    match (one.denominator, other.denominator) {
        (0, 0) => one.numerator.cmp(&other.numerator),
        (0, _) => Ordering::Less,
        (_, 0) => Ordering::Greater,
        _ => product(one.numerator, other.denominator).cmp(&product(other.numerator, one.denominator)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn authority(name: &str, numerator: u32, denominator: u32) -> ComparedAuthority {
        let figures = vec![named("in_time", Figure::new(numerator, denominator))];
        ComparedAuthority { rank: 0, authority_id: String::new(), name: name.to_owned(), figures }
    }

    #[test]
    fn equal_shares_have_equal_ranks_and_nothing_comes_last() {
        let mut all = vec![
            authority("E", 0, 0),
            authority("D", 1, 3),
            authority("B", 2, 4),
            authority("A", 1, 2),
            authority("C", 9, 10),
            authority("F", 0, 0),
        ];
        rank(&mut all, "in_time");
        let ranked: Vec<_> = all.iter().map(|one| (one.name.as_str(), one.rank)).collect();
        assert_eq!(ranked, [("C", 1), ("A", 2), ("B", 2), ("D", 4), ("E", 5), ("F", 5)]);
        assert_eq!(total(&all)[0].figure, Figure::new(13, 19));
    }
}
