//! NCND by topic, with small cells suppressed so that none can be worked out. Which cells are suppressed depends on what
//! would be visible and on nothing else; which topics have a row depends on the other answers alone, so that a row tells
//! nothing of NCND. Whatever tells of NCND by topic, the table of a quarter and the precedents of a request, is told by
//! [`told_by_topic`] and by nothing else.

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

/// What may be told of one topic in one quarter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToldTopic {
    /// The topic; none for the requests on none that has an entry.
    pub topic: Option<String>,
    /// Requests answered completely. Not told where the count of NCND is suppressed, for it bounds that count, nor where fewer
    /// than five of them were answered otherwise.
    pub answered: Option<u32>,
    /// Those of them with at least one part neither confirmed nor denied; none where suppressed.
    pub with_ncnd: Option<u32>,
}

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
    /// The topic; absent for the requests on no topic that has a row of its own.
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

/// How often requests on one topic were answered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct TopicCount {
    answered: u32,
    with_ncnd: u32,
}

/// What may be told of `cases`, each with its topics, in the quarter from `start_on` to `end_on`, as they stood at its end.
/// A topic has an entry where a request on it was answered in the quarter without NCND; the requests on no such topic have
/// one together.
#[must_use]
pub fn told_by_topic(
    calendars: &Calendars,
    cases: &[(Case, Vec<String>)],
    (start_on, end_on): (Date, Date),
) -> Vec<ToldTopic> {
    let selection = Selection { start_on, end_on, group_by: None, as_at: end_on, regime: None };
    let answered = |(case, topics): &'_ (Case, Vec<String>)| {
        let seen = case.seen(calendars, &selection)?;
        seen.answered_on(end_on).filter(|day| start_on <= *day && *day <= end_on)?;
        let with_ncnd = seen.outcomes().contains(&DeterminationOutcome::NeitherConfirmedNorDenied);
        Some(AnsweredOn { topics: topics.clone(), with_ncnd })
    };
    told(&cases.iter().filter_map(answered).collect::<Vec<_>>())
}

/// A request answered in the quarter.
struct AnsweredOn {
    topics: Vec<String>,
    with_ncnd: bool,
}

/// What may be told of the requests answered in one quarter.
fn told(answered: &[AnsweredOn]) -> Vec<ToldTopic> {
    // That a topic was answered otherwise says nothing of NCND on it. Were there a row for a topic on which all was NCND, it
    // would tell of one at least, and in a quarter of few answers of the very request.
    let without_ncnd = answered.iter().filter(|one| !one.with_ncnd).flat_map(|one| &one.topics);
    let mut cells: BTreeMap<Option<&str>, TopicCount> = without_ncnd
        .map(|topic| Some(topic.as_str()))
        .chain([None])
        .map(|topic| (topic, TopicCount::default()))
        .collect();
    for one in answered {
        let own: Vec<Option<&str>> =
            one.topics.iter().map(|topic| Some(topic.as_str())).filter(|topic| cells.contains_key(topic)).collect();
        for topic in if own.is_empty() { vec![None] } else { own } {
            let cell = cells.entry(topic).or_default();
            cell.answered += 1;
            cell.with_ncnd += u32::from(one.with_ncnd);
        }
    }
    let shown = shown(&cells.values().map(|cell| cell.with_ncnd).collect::<Vec<_>>());
    let told = |((topic, cell), with_ncnd): ((Option<&str>, TopicCount), Option<u32>)| ToldTopic {
        topic: topic.map(str::to_owned),
        answered: with_ncnd.map(|_| cell.answered).filter(|answered| answered - cell.with_ncnd > SMALL),
        with_ncnd,
    };
    cells.into_iter().zip(shown).map(told).collect()
}

/// NCND by topic as the table of the quarter has it.
#[must_use]
pub fn ncnd_by_topic(told: Vec<ToldTopic>, period: &str, (start_on, end_on): (Date, Date)) -> Vec<NcndTopicRow> {
    told.into_iter()
        .map(|one| NcndTopicRow {
            period: period.to_owned(),
            start_on,
            end_on,
            basis: DefinitionBasis::Closed,
            as_at: end_on,
            definition: DefinitionId::NcndByTopic,
            topic: one.topic,
            requests_with_ncnd: one.with_ncnd,
            suppressed: one.with_ncnd.is_none(),
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

    const TOPICS: [Option<&str>; 4] = [None, Some("a"), Some("b"), Some("c")];

    /// The requests of a quarter, each on one of the topics or on none: so many with NCND on each, and so many without.
    fn quarter(with_ncnd: &[u32], without: &[u32]) -> Vec<AnsweredOn> {
        let of = |counts: &[u32], with_ncnd: bool| -> Vec<AnsweredOn> {
            let on = |(topic, count): (Option<&str>, u32)| {
                let topics: Vec<String> = topic.iter().map(|topic| (*topic).to_owned()).collect();
                (0..count).map(|_| AnsweredOn { topics: topics.clone(), with_ncnd }).collect::<Vec<_>>()
            };
            TOPICS.into_iter().zip(counts.iter().copied()).flat_map(on).collect()
        };
        [of(with_ncnd, true), of(without, false)].into_iter().flatten().collect()
    }

    #[test]
    fn a_topic_that_was_met_by_ncnd_alone_has_no_row() {
        let rows = |with_ncnd: [u32; 4], without: [u32; 4]| -> Vec<(Option<String>, Option<u32>)> {
            told(&quarter(&with_ncnd, &without)).into_iter().map(|one| (one.topic, one.with_ncnd)).collect()
        };
        let of = |topic: &str, count: Option<u32>| (Some(topic.to_owned()), count);
        assert_eq!(rows([0, 1, 0, 0], [0, 0, 0, 0]), [(None, None)]);
        assert_eq!(rows([0, 12, 1, 0], [0, 0, 0, 0]), [(None, Some(13))]);
        assert_eq!(rows([0, 12, 1, 0], [0, 3, 0, 0]), [(None, None), of("a", None)]);
        assert_eq!(rows([0, 12, 0, 0], [0, 3, 1, 0]), [(None, Some(0)), of("a", Some(12)), of("b", Some(0))]);
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

        /// Who knows besides, as other figures tell, how many requests were answered and how many of them by NCND, and of
        /// each topic how many were answered otherwise, learns of no topic how often it was met by NCND where that is not
        /// shown, whether the topic has a row or not: the requests with NCND may be on other topics as well.
        #[test]
        fn the_rows_tell_of_no_topic_what_their_cells_do_not(
            with_ncnd in proptest::collection::vec(0..7_u32, 4),
            without in proptest::collection::vec(0..3_u32, 4),
        ) {
            let published = told(&quarter(&with_ncnd, &without));
            let alike: Vec<Vec<u32>> = spreads(with_ncnd.iter().sum(), with_ncnd.len())
                .into_iter()
                .filter(|other| told(&quarter(other, &without)) == published)
                .collect();
            for (at, count) in with_ncnd.iter().enumerate() {
                let topic = TOPICS[at].map(str::to_owned);
                let is_shown = published.iter().any(|one| one.topic == topic && one.with_ncnd.is_some());
                if *count > 0 && !is_shown {
                    prop_assert!(alike.iter().any(|other| other[at] != *count), "{with_ncnd:?} at {at}");
                }
            }
        }

        #[test]
        fn no_small_count_is_shown(cells in proptest::collection::vec(0..14_u32, 2..8)) {
            prop_assert!(shown(&cells).into_iter().flatten().all(|cell| !(1..=SMALL).contains(&cell)));
        }
    }
}
