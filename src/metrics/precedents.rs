//! How often requests on a topic were answered by neither confirming nor denying, by whole quarters that are over. A count
//! under five, or one that leaves fewer than five, is not shown: it could tell of a single request.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    casework::text::Word,
    law::Date,
    metrics::period::{GroupBy, periods},
};

/// Counts below this are not shown, nor counts that leave less than this.
const SMALLEST_SHOWN: u64 = 5;
/// How many quarters are looked at.
const QUARTERS: u32 = 8;

/// A request on a topic that was answered in full.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnsweredOnTopic {
    /// The topic.
    pub topic: Word,
    /// The day of the complete answer.
    pub responded_on: Date,
    /// Whether a part was answered by neither confirming nor denying.
    pub is_ncnd: bool,
}

/// The requests on one topic that were answered in one quarter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PrecedentRow {
    /// The topic.
    pub topic: Word,
    /// The quarter, like `2025-Q4`.
    pub period: String,
    /// How many requests were answered in it.
    pub requests: u64,
    /// How many of them in part or in whole by neither confirming nor denying. Absent where it, or the rest, is under
    /// five.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub requests_with_ncnd: Option<u64>,
    /// Whether the count is left out for being small.
    pub suppressed: bool,
}

/// The first and the last day of the quarters looked at: the last eight that are over.
#[must_use]
pub fn precedent_days(today: Date) -> (Date, Date) {
    let first_of_quarter = Date::new(today.year(), (today.month() - 1) / 3 * 3 + 1, 1).unwrap_or(today);
    let months = QUARTERS * 3;
    let earliest = i32::try_from(months / 12)
        .ok()
        .and_then(|years| Date::new(first_of_quarter.year() - years, first_of_quarter.month(), 1));
    (earliest.unwrap_or(first_of_quarter), first_of_quarter.plus_days(-1))
}

/// The counts, by topic and quarter; a quarter without a request on the topic has no row.
#[must_use]
pub fn precedents(answered: &[AnsweredOnTopic], today: Date) -> Vec<PrecedentRow> {
    let (start_on, end_on) = precedent_days(today);
    let quarters = periods(start_on, end_on, Some(GroupBy::Quarter));
    let mut counts: BTreeMap<(&str, usize), (u64, u64, &Word)> = BTreeMap::new();
    for request in answered {
        let found =
            quarters.iter().position(|quarter| (quarter.start_on..=quarter.end_on).contains(&request.responded_on));
        let Some(quarter) = found else { continue };
        let count = counts.entry((request.topic.as_str(), quarter)).or_insert((0, 0, &request.topic));
        count.0 += 1;
        count.1 += u64::from(request.is_ncnd);
    }
    let rows = counts.into_iter().filter_map(|((_, quarter), (requests, ncnd, topic))| {
        let suppressed = ncnd < SMALLEST_SHOWN || requests - ncnd < SMALLEST_SHOWN;
        Some(PrecedentRow {
            topic: topic.clone(),
            period: quarters.get(quarter)?.label.clone(),
            requests,
            requests_with_ncnd: (!suppressed).then_some(ncnd),
            suppressed,
        })
    });
    rows.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn answered(topic: &str, responded_on: &str, of: u64, ncnd: u64) -> Vec<AnsweredOnTopic> {
        let one =
            |at| AnsweredOnTopic { topic: topic.parse().unwrap(), responded_on: day(responded_on), is_ncnd: at < ncnd };
        (0..of).map(one).collect()
    }

    #[test]
    fn eight_quarters_that_are_over_are_looked_at() {
        assert_eq!(precedent_days(day("2026-06-30")), (day("2024-04-01"), day("2026-03-31")));
        assert_eq!(precedent_days(day("2026-07-01")), (day("2024-07-01"), day("2026-06-30")));
        assert_eq!(precedent_days(day("2026-01-01")), (day("2024-01-01"), day("2025-12-31")));
    }

    #[test]
    fn a_count_is_shown_when_it_and_the_rest_are_five_or_more() {
        for (of, ncnd, shown) in
            [(10, 5, Some(5)), (9, 5, None), (9, 4, None), (5, 5, None), (11, 6, Some(6)), (10, 0, None)]
        {
            let rows = precedents(&answered("a", "2026-03-31", of, ncnd), day("2026-06-30"));
            assert_eq!(rows.len(), 1);
            assert_eq!((rows[0].requests, rows[0].requests_with_ncnd), (of, shown), "{ncnd} of {of}");
            assert_eq!(rows[0].suppressed, shown.is_none());
        }
    }

    #[test]
    fn rows_go_by_topic_and_quarter_and_leave_out_what_is_not_over() {
        let all = [
            answered("b", "2025-10-01", 10, 5),
            answered("a", "2026-03-31", 12, 6),
            answered("a", "2025-12-31", 10, 5),
            answered("a", "2026-04-01", 20, 10),
            answered("a", "2024-03-31", 20, 10),
        ]
        .concat();
        let rows = precedents(&all, day("2026-06-30"));
        let told: Vec<_> = rows.iter().map(|row| (row.topic.as_str(), row.period.as_str(), row.requests)).collect();
        assert_eq!(told, [("a", "2025-Q4", 10), ("a", "2026-Q1", 12), ("b", "2025-Q4", 10)]);
    }
}
