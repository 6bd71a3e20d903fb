//! NCND by topic, with small cells suppressed so that none can be worked out. Which cells are suppressed depends on what
//! would be visible and on nothing else.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    casework::response::DeterminationOutcome,
    law::{Date, calendar::Calendars},
    metrics::{
        Case, Selection,
        definition::{DefinitionBasis, DefinitionId},
    },
};

/// Counts from 1 to this one are suppressed.
const SMALL: u32 = 4;
/// With a suppressed count, every other up to this one is suppressed as well, and 0.
const MASKED: u32 = 9;

/// NCND of one topic in one quarter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct NcndTopicRow {
    /// The quarter.
    #[schema(example = "2019-Q4")]
    pub period: String,
    /// The first day counted.
    pub start_on: Date,
    /// The last day counted.
    pub end_on: Date,
    /// Which day puts a request into the quarter.
    pub basis: DefinitionBasis,
    /// The day at whose end the requests are looked at: the last of the quarter.
    pub as_at: Date,
    /// What the figures mean: see `GET /v1/metrics/definitions`.
    pub definition: DefinitionId,
    /// The topic; absent for requests without one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub topic: Option<String>,
    /// Requests with at least one part neither confirmed nor denied; absent where suppressed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub requests_with_ncnd: Option<u32>,
    /// Whether the count is suppressed.
    pub suppressed: bool,
}

/// NCND by topic among `cases`, each with its topics, in the quarter from `start_on` to `end_on`. Every topic of a request
/// answered in the quarter has a row, however it was answered, and so have requests without a topic.
#[must_use]
pub fn ncnd_by_topic(
    calendars: &Calendars,
    cases: &[(Case, Vec<String>)],
    period: &str,
    (start_on, end_on): (Date, Date),
) -> Vec<NcndTopicRow> {
    let selection = Selection { start_on, end_on, group_by: None, as_at: end_on, regime: None };
    let mut cells: BTreeMap<Option<&str>, u32> = BTreeMap::from([(None, 0)]);
    for (case, topics) in cases {
        let Some(seen) = case.seen(calendars, &selection) else { continue };
        let in_quarter = seen.clock.responded_on.is_some_and(|day| start_on <= day && day <= end_on);
        if !in_quarter {
            continue;
        }
        let counted = u32::from(seen.outcomes().contains(&DeterminationOutcome::NeitherConfirmedNorDenied));
        if topics.is_empty() {
            *cells.entry(None).or_default() += counted;
        }
        for topic in topics {
            *cells.entry(Some(topic)).or_default() += counted;
        }
    }
    let shown = shown(&cells.values().copied().collect::<Vec<_>>());
    cells
        .into_keys()
        .zip(shown)
        .map(|(topic, requests_with_ncnd)| NcndTopicRow {
            period: period.to_owned(),
            start_on,
            end_on,
            basis: DefinitionBasis::Closed,
            as_at: end_on,
            definition: DefinitionId::NcndByTopic,
            topic: topic.map(str::to_owned),
            requests_with_ncnd,
            suppressed: requests_with_ncnd.is_none(),
        })
        .collect()
}

/// The cells that may be shown; `None` for those that are suppressed.
///
/// The total is known, so one suppressed cell alone, or several that are all as great as they can be, could be worked out.
/// With a count of 1 to 4 everything below 10 is therefore suppressed, 0 too, and everything where that is one cell. Which
/// cells are suppressed does not depend on their order: those suppressed can change places, or one can be greater and
/// another less, and the same is shown.
fn shown(cells: &[u32]) -> Vec<Option<u32>> {
    let any_small = cells.iter().any(|cell| (1..=SMALL).contains(cell));
    let masked = cells.iter().filter(|cell| **cell <= MASKED).count();
    let mask = |cell: u32| any_small && (cell <= MASKED || masked < 2);
    cells.iter().map(|cell| (!mask(*cell)).then_some(*cell)).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_suppressed() {
        assert_eq!(shown(&[0, 5, 12]), [Some(0), Some(5), Some(12)]);
        assert_eq!(shown(&[0, 3, 12]), [None, None, Some(12)]);
        assert_eq!(shown(&[3, 12, 30]), [None, None, None]);
        assert_eq!(shown(&[4, 4, 9, 10]), [None, None, None, Some(10)]);
        assert_eq!(shown(&[]), []);
    }

    /// Every way to spread `total` over `cells`.
    fn spreads(total: u32, cells: usize) -> Vec<Vec<u32>> {
        if cells == 1 {
            return vec![vec![total]];
        }
        (0..=total)
            .flat_map(|first| {
                spreads(total - first, cells - 1).into_iter().map(move |rest| [vec![first], rest].concat())
            })
            .collect()
    }

    proptest! {
        /// Who knows the total of the quarter, which topics exclude each other, and this very rule, still finds another
        /// table that looks the same, whichever suppressed cell is asked for.
        #[test]
        fn no_suppressed_cell_can_be_worked_out(cells in proptest::collection::vec(0..14_u32, 2..5)) {
            let published = shown(&cells);
            let alike: Vec<Vec<u32>> = spreads(cells.iter().sum(), cells.len())
                .into_iter()
                .filter(|other| shown(other) == published)
                .collect();
            for (at, cell) in published.iter().enumerate() {
                if cell.is_none() {
                    prop_assert!(alike.iter().any(|other| other[at] != cells[at]), "{cells:?} at {at}");
                }
            }
        }

        #[test]
        fn no_small_count_is_shown(cells in proptest::collection::vec(0..14_u32, 2..8)) {
            prop_assert!(shown(&cells).into_iter().flatten().all(|cell| !(1..=SMALL).contains(&cell)));
        }
    }
}
