//! The periods that returns are made for: quarters and years of the calendar and of the financial year. Knows no request.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::openapi::schema::{ObjectBuilder, Type};

use crate::{
    fault::{INVALID_VALUE, Refusal},
    law::Date,
    written,
};

/// How a period is written, as a pattern.
const PATTERN: &str = "^20(0[5-9]|[1-8][0-9]|9[0-8])(-[0-9]{2})?(-Q[1-4])?$";

/// A quarter or a year: `2020`, `2020-Q4`, `2020-21` (April to March), `2020-21-Q4` (January to March).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ReturnPeriod {
    year: i32,
    is_financial: bool,
    quarter: Option<u32>,
}

impl ReturnPeriod {
    /// The first day.
    #[must_use]
    pub fn start_on(self) -> Date {
        let first = if self.is_financial { 4 } else { 1 };
        let months = self.quarter.map_or(0, |quarter| (quarter - 1) * 3);
        Date::new(self.year, first, 1).unwrap_or(Date::FIRST).plus_months(months)
    }

    /// The last day.
    #[must_use]
    pub fn end_on(self) -> Date {
        self.start_on().plus_months(if self.is_year() { 12 } else { 3 }).plus_days(-1)
    }

    /// Whether it is a whole year: some columns exist in annual returns only.
    #[must_use]
    pub fn is_year(self) -> bool {
        self.quarter.is_none()
    }

    /// As the quarterly statistics of central government write it: `2020`, `Q4 2020`.
    #[must_use]
    pub fn quarter_first(self) -> String {
        match self.quarter {
            Some(quarter) => format!("Q{quarter} {}", self.years()),
            None => self.years(),
        }
    }

    fn years(self) -> String {
        if self.is_financial { format!("{}-{:02}", self.year, (self.year + 1) % 100) } else { self.year.to_string() }
    }
}

impl fmt::Display for ReturnPeriod {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.years())?;
        self.quarter.map_or(Ok(()), |quarter| write!(formatter, "-Q{quarter}"))
    }
}

impl FromStr for ReturnPeriod {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        parse(text).ok_or_else(|| {
            let detail = "A period is `2020`, `2020-Q4`, `2020-21` (April 2020 to March 2021) or `2020-21-Q4`, from 2005 to 2098.";
            Refusal::new(INVALID_VALUE, detail)
        })
    }
}

fn parse(text: &str) -> Option<ReturnPeriod> {
    let mut pieces = text.split('-');
    let year = number(pieces.next()?, 4).filter(|year| (2005..=2098).contains(year))?;
    let mut next = pieces.next();
    let second = next.and_then(|piece| number(piece, 2));
    if let Some(second) = second {
        if second != (year + 1) % 100 {
            return None;
        }
        next = pieces.next();
    }
    let quarter = match next {
        None => None,
        Some(piece) => Some(number(piece.strip_prefix('Q')?, 1).filter(|quarter| (1..=4).contains(quarter))?),
    };
    let quarter = quarter.and_then(|quarter| u32::try_from(quarter).ok());
    pieces.next().is_none().then_some(ReturnPeriod { year, is_financial: second.is_some(), quarter })
}

fn number(text: &str, digits: usize) -> Option<i32> {
    (text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())?
}

impl Serialize for ReturnPeriod {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ReturnPeriod {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        written::read(deserializer, "2005")
    }
}

impl utoipa::PartialSchema for ReturnPeriod {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .pattern(Some(PATTERN))
            .max_length(Some(10))
            .description(Some("`2020`, `2020-Q4`, `2020-21` (April to March) or `2020-21-Q4` (January to March)."))
            .examples([serde_json::json!("2020-Q4")])
            .into()
    }
}

impl utoipa::ToSchema for ReturnPeriod {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_form_has_its_days() {
        for (text, start_on, end_on, quarter_first) in [
            ("2020", "2020-01-01", "2020-12-31", "2020"),
            ("2020-Q1", "2020-01-01", "2020-03-31", "Q1 2020"),
            ("2020-Q4", "2020-10-01", "2020-12-31", "Q4 2020"),
            ("2020-21", "2020-04-01", "2021-03-31", "2020-21"),
            ("2020-21-Q4", "2021-01-01", "2021-03-31", "Q4 2020-21"),
            ("2023-24-Q1", "2023-04-01", "2023-06-30", "Q1 2023-24"),
            ("2019-20", "2019-04-01", "2020-03-31", "2019-20"),
        ] {
            let period: ReturnPeriod = text.parse().unwrap();
            let days = (period.start_on().to_string(), period.end_on().to_string());
            assert_eq!(days, (start_on.to_owned(), end_on.to_owned()), "{text}");
            assert_eq!((period.to_string(), period.quarter_first()), (text.to_owned(), quarter_first.to_owned()));
        }
    }

    #[test]
    fn what_is_no_period_is_refused() {
        for text in [
            "",
            "20",
            "2004",
            "2099",
            "2020-Q5",
            "2020-Q0",
            "2020-22",
            "2020-Q4-",
            "2020-21-Q4-Q1",
            "2020-q4",
            "Q4 2020",
            "+020",
        ] {
            assert!(text.parse::<ReturnPeriod>().is_err(), "{text}");
        }
    }
}
