//! How often requests on the topics of a request were answered by neither confirming nor denying, by whole quarters that are
//! over. It tells what the table of each quarter tells of these topics: which counts are suppressed is decided there.

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    casework::text::Topic,
    law::Date,
    metrics::{
        Period, ToldTopic,
        period::{GroupBy, periods},
    },
};

/// How many years are looked at, by their quarters.
const YEARS: i32 = 2;

/// The requests on one topic that were answered in one quarter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PrecedentRow {
    /// The topic.
    pub topic: Topic,
    /// The quarter, like `2025-Q4`.
    pub period: String,
    /// How many requests were answered in it. Absent where the other count is suppressed, and where fewer than five were
    /// answered otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub requests: Option<u32>,
    /// How many of them in part or in whole by neither confirming nor denying. Absent where the table of the quarter,
    /// `GET /v1/metrics/ncnd-by-topic`, suppresses it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub requests_with_ncnd: Option<u32>,
    /// Whether that count is suppressed.
    pub suppressed: bool,
}

/// The quarters looked at, in their order: the last eight that are over.
#[must_use]
pub fn precedent_quarters(today: Date) -> Vec<Period> {
    let first_of_quarter = Date::new(today.year(), (today.month() - 1) / 3 * 3 + 1, 1).unwrap_or(today);
    let earliest = Date::new(first_of_quarter.year() - YEARS, first_of_quarter.month(), 1).unwrap_or(first_of_quarter);
    periods(earliest, first_of_quarter.plus_days(-1), Some(GroupBy::Quarter))
}

/// What the tables of quarters tell of `topics`, by topic and quarter; a quarter without a
/// row for the topic in its table has none here.
#[must_use]
pub fn precedents(topics: &[Topic], tables: &[(Period, Vec<ToldTopic>)]) -> Vec<PrecedentRow> {
    let of_topic = |topic: &Topic| -> Vec<PrecedentRow> {
        let told = |(quarter, table): &(Period, Vec<ToldTopic>)| {
            let one = table.iter().find(|one| one.topic.as_deref() == Some(topic.as_str()))?;
            Some(PrecedentRow {
                topic: topic.clone(),
                period: quarter.label.clone(),
                requests: one.answered,
                requests_with_ncnd: one.with_ncnd,
                suppressed: one.with_ncnd.is_none(),
            })
        };
        tables.iter().filter_map(told).collect()
    };
    topics.iter().flat_map(of_topic).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(today: &str) -> (usize, String, String) {
        let quarters = precedent_quarters(today.parse().unwrap());
        let (first, last) = (&quarters[0], &quarters[quarters.len() - 1]);
        (quarters.len(), first.start_on.to_string(), last.end_on.to_string())
    }

    #[test]
    fn eight_quarters_that_are_over_are_looked_at() {
        assert_eq!(days("2026-06-30"), (8, "2024-04-01".to_owned(), "2026-03-31".to_owned()));
        assert_eq!(days("2026-07-01"), (8, "2024-07-01".to_owned(), "2026-06-30".to_owned()));
        assert_eq!(days("2026-01-01"), (8, "2024-01-01".to_owned(), "2025-12-31".to_owned()));
    }

    #[test]
    fn rows_go_by_topic_and_quarter_and_tell_what_the_tables_do() {
        let quarters = precedent_quarters("2026-06-30".parse().unwrap());
        let table = |label: &str, told: &[(Option<&str>, Option<u32>, Option<u32>)]| {
            let quarter = quarters.iter().find(|quarter| quarter.label == label).unwrap().clone();
            let topic = |one: &(Option<&str>, Option<u32>, Option<u32>)| ToldTopic {
                topic: one.0.map(str::to_owned),
                answered: one.1,
                with_ncnd: one.2,
            };
            (quarter, told.iter().map(topic).collect::<Vec<_>>())
        };
        let tables = [
            table("2025-Q4", &[(None, None, Some(0)), (Some("a"), Some(12), Some(6)), (Some("b"), None, Some(5))]),
            table("2026-Q1", &[(None, None, None), (Some("a"), None, None), (Some("c"), None, None)]),
        ];
        let topics = ["a", "b"].map(|topic| topic.parse::<Topic>().unwrap());
        let told: Vec<_> = precedents(&topics, &tables)
            .into_iter()
            .map(|row| (row.topic.to_string(), row.period, row.requests, row.requests_with_ncnd, row.suppressed))
            .collect();
        assert_eq!(
            told,
            [
                ("a".to_owned(), "2025-Q4".to_owned(), Some(12), Some(6), false),
                ("a".to_owned(), "2026-Q1".to_owned(), None, None, true),
                ("b".to_owned(), "2025-Q4".to_owned(), None, Some(5), false),
            ]
        );
    }
}
