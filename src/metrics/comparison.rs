//! Figures of several authorities side by side: by authority, in total, and ranked by one of them. Knows nothing of how they
//! were counted.

use serde::Serialize;
use utoipa::ToSchema;

use crate::metrics::{Figure, Workload};

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
    #[schema(max_items = 50)]
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

impl Comparable for Workload {
    fn figures(&self) -> Vec<NamedFigure> {
        let of_open = |count| Figure::new(count, self.open);
        vec![
            named("overdue", self.overdue),
            named("overdue_over_6_months", of_open(self.overdue_over_6_months)),
            named("overdue_over_12_months", of_open(self.overdue_over_12_months)),
            named("due_within_10", of_open(self.due_within_10)),
            named("stopped_for_clarification", of_open(self.stopped_for_clarification)),
            named("stopped_for_fee", of_open(self.stopped_for_fee)),
            named("extensions_running", of_open(self.extensions_running)),
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

/// Puts the authorities in the order of the figure `by`, the greatest share first, and gives each its rank.
pub fn rank(authorities: &mut [ComparedAuthority], by: &str) {
    let share = |one: &ComparedAuthority| {
        let found = one.figures.iter().find(|figure| figure.name == by);
        found.filter(|found| found.figure.denominator > 0).map(|found| found.figure)
    };
    authorities.sort_by(|one, other| {
        let by_share = match (share(one), share(other)) {
            (Some(one), Some(other)) => compare(other, one),
            (one, other) => other.is_some().cmp(&one.is_some()),
        };
        by_share.then_with(|| one.name.cmp(&other.name))
    });
    let mut before: Option<(u32, Option<Figure>)> = None;
    for (position, one) in (1..).zip(authorities.iter_mut()) {
        let own = share(one);
        one.rank = match before {
            Some((rank, Some(former))) if own.is_some_and(|own| compare(own, former).is_eq()) => rank,
            Some((rank, None)) => rank,
            _ => position,
        };
        before = Some((one.rank, own));
    }
}

/// Shares compared in whole numbers.
fn compare(one: Figure, other: Figure) -> std::cmp::Ordering {
    let product = |numerator: u32, denominator: u32| u64::from(numerator) * u64::from(denominator);
    product(one.numerator, other.denominator).cmp(&product(other.numerator, one.denominator))
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
