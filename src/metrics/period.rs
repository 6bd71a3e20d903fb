//! Periods of the calendar and of the financial year, and cutting a stretch of days into them. Knows nothing of
//! requests.

use crate::{law::Date, vocabulary};

vocabulary! {
    /// The periods that figures are given by.
    pub enum GroupBy {
        /// Calendar months, like `2019-11`.
        Month = "month",
        /// Quarters of the calendar year, like `2019-Q4` for October to December 2019.
        Quarter = "quarter",
        /// Quarters of the financial year, like `2019-20-Q3` for October to December 2019.
        FinancialQuarter = "financial_quarter",
        /// Calendar years, like `2019`.
        Year = "year",
        /// Financial years from April to March, like `2019-20`.
        FinancialYear = "financial_year",
    }
}

/// The first month of the financial year.
const APRIL: u32 = 4;

/// Some days with a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Period {
    /// `2019-11`, `2019-Q4`, `2019-20-Q3`, `2019` or `2019-20`; without a grouping the first and the last day, divided by
    /// a slash.
    pub label: String,
    /// The first day.
    pub start_on: Date,
    /// The last day. The period belongs to its label, but may be cut short at either end by the days asked for.
    pub end_on: Date,
}

/// The days from `start_on` to `end_on`, both included, cut into periods in their order; in one piece without a grouping.
pub(super) fn periods(start_on: Date, end_on: Date, group_by: Option<GroupBy>) -> Vec<Period> {
    let Some(group_by) = group_by else {
        return vec![Period { label: format!("{start_on}/{end_on}"), start_on, end_on }];
    };
    let mut periods = Vec::new();
    let mut start_on = start_on;
    while start_on <= end_on {
        let next = group_by.end_of(start_on).plus_days(1);
        periods.push(Period { label: group_by.label(start_on), start_on, end_on: next.plus_days(-1).min(end_on) });
        start_on = next;
    }
    periods
}

/// Which of the `periods`, which are in order, `day` falls into.
pub(super) fn position(periods: &[Period], day: Date) -> Option<usize> {
    let position = periods.partition_point(|period| period.end_on < day);
    periods.get(position).filter(|period| period.start_on <= day).map(|_| position)
}

impl GroupBy {
    /// Calendar months in one period.
    const fn months(self) -> u32 {
        match self {
            Self::Month => 1,
            Self::Quarter | Self::FinancialQuarter => 3,
            Self::Year | Self::FinancialYear => 12,
        }
    }

    /// The last day of the period that `day` is in.
    fn end_of(self, day: Date) -> Date {
        let before = match self {
            Self::FinancialYear => months_since_april(day),
            _ => day.month() - 1,
        };
        let left = self.months() - before % self.months();
        Date::new(day.year(), day.month(), 1).unwrap_or(day).plus_months(left).plus_days(-1)
    }

    /// The name of the period that `day` is in.
    fn label(self, day: Date) -> String {
        let year = day.year();
        match self {
            Self::Month => format!("{year}-{:02}", day.month()),
            Self::Quarter => format!("{year}-Q{}", (day.month() - 1) / 3 + 1),
            Self::FinancialQuarter => format!("{}-Q{}", financial_year(day), months_since_april(day) / 3 + 1),
            Self::Year => year.to_string(),
            Self::FinancialYear => financial_year(day),
        }
    }
}

/// Full months of the financial year that have passed before the month of `day`.
fn months_since_april(day: Date) -> u32 {
    (day.month() + 12 - APRIL) % 12
}

fn financial_year(day: Date) -> String {
    let first = if day.month() >= APRIL { day.year() } else { day.year() - 1 };
    format!("{first}-{:02}", (first + 1) % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn each_grouping_has_its_labels_and_ends() {
        let cases = [
            (GroupBy::Month, "2019-11", "2019-11-30"),
            (GroupBy::Quarter, "2019-Q4", "2019-12-31"),
            (GroupBy::FinancialQuarter, "2019-20-Q3", "2019-12-31"),
            (GroupBy::Year, "2019", "2019-12-31"),
            (GroupBy::FinancialYear, "2019-20", "2020-03-31"),
        ];
        for (group_by, label, end_on) in cases {
            let found = periods(day("2019-11-07"), day("2020-12-31"), Some(group_by));
            assert_eq!(found[0], Period { label: label.to_owned(), start_on: day("2019-11-07"), end_on: day(end_on) });
        }
    }

    #[test]
    fn january_belongs_to_the_financial_year_before() {
        let labels = |group_by| {
            let found = periods(day("2020-01-31"), day("2020-04-01"), Some(group_by));
            found.into_iter().map(|period| period.label).collect::<Vec<_>>()
        };
        assert_eq!(labels(GroupBy::FinancialYear), ["2019-20", "2020-21"]);
        assert_eq!(labels(GroupBy::FinancialQuarter), ["2019-20-Q4", "2020-21-Q1"]);
        assert_eq!(labels(GroupBy::Month), ["2020-01", "2020-02", "2020-03", "2020-04"]);
        assert_eq!(periods(day("2099-12-31"), day("2099-12-31"), Some(GroupBy::FinancialYear))[0].label, "2099-00");
    }

    #[test]
    fn every_day_falls_into_exactly_one_period() {
        let (start_on, end_on) = (day("2007-02-17"), day("2012-05-03"));
        for group_by in GroupBy::ALL.iter().copied().map(Some).chain([None]) {
            let periods = periods(start_on, end_on, group_by);
            for later in 0..=end_on.days_since(start_on) {
                let at = start_on.plus_days(later);
                let inside = periods.iter().filter(|period| period.start_on <= at && at <= period.end_on).count();
                assert_eq!(inside, 1, "{at} by {group_by:?}");
                assert!(position(&periods, at).is_some_and(|found| periods[found].start_on <= at));
            }
            assert_eq!(position(&periods, start_on.plus_days(-1)), None);
            assert_eq!(position(&periods, end_on.plus_days(1)), None);
        }
    }
}
