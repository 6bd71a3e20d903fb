//! The calendar date of the law: a day in London, without a time of day.

use std::{fmt, str::FromStr};

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Deserializer, Serialize};

use crate::{
    fault::{INVALID_DATE, Refusal},
    written,
};

/// A calendar date. Dates that callers send lie between 2005-01-01, when the Acts came into force, and 2099-12-31;
/// dates that are computed may lie after that.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Date(pub NaiveDate);

impl Date {
    /// The first day a caller may send: FOIA, EIR, FOISA and the EI(S)Rs came fully into force on it.
    pub const FIRST: Self = Self(match NaiveDate::from_ymd_opt(2005, 1, 1) {
        Some(date) => date,
        None => NaiveDate::MIN,
    });
    /// The last day a caller may send.
    pub const LAST: Self = Self(match NaiveDate::from_ymd_opt(2099, 12, 31) {
        Some(date) => date,
        None => NaiveDate::MAX,
    });

    /// The date of this year, month and day, if there is one.
    #[must_use]
    pub fn new(year: i32, month: u32, day: u32) -> Option<Self> {
        NaiveDate::from_ymd_opt(year, month, day).map(Self)
    }

    /// The date this many calendar days later (earlier when negative), held within what chrono can express.
    #[must_use]
    pub fn plus_days(self, days: i64) -> Self {
        let moved = chrono::TimeDelta::try_days(days).and_then(|delta| self.0.checked_add_signed(delta));
        Self(moved.unwrap_or(if days < 0 { NaiveDate::MIN } else { NaiveDate::MAX }))
    }

    /// The corresponding date this many months later; the last day of the month when there is none.
    #[must_use]
    pub fn plus_months(self, months: u32) -> Self {
        Self(self.0.checked_add_months(chrono::Months::new(months)).unwrap_or(NaiveDate::MAX))
    }

    /// Calendar days from `earlier` to this date; negative when `earlier` is later.
    #[must_use]
    pub fn days_since(self, earlier: Self) -> i64 {
        i64::from(self.0.num_days_from_ce()) - i64::from(earlier.0.num_days_from_ce())
    }

    /// The calendar year.
    #[must_use]
    pub fn year(self) -> i32 {
        self.0.year()
    }

    /// The month, 1 to 12.
    #[must_use]
    pub fn month(self) -> u32 {
        self.0.month()
    }
}

impl fmt::Display for Date {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl fmt::Debug for Date {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl FromStr for Date {
    type Err = Refusal;

    /// Reads `YYYY-MM-DD` and nothing else.
    fn from_str(text: &str) -> Result<Self, Refusal> {
        let well_formed = text.len() == 10
            && text.bytes().enumerate().all(
                |(at, byte)| {
                    if at == 4 || at == 7 { byte == b'-' } else { byte.is_ascii_digit() }
                },
            );
        let refusal = |detail: &str| Refusal::new(INVALID_DATE, detail);
        if !well_formed {
            return Err(refusal("A date is written YYYY-MM-DD, like 2019-11-07."));
        }
        let number = |digits: Option<&str>| digits.and_then(|digits| digits.parse::<u32>().ok()).unwrap_or_default();
        let (year, month, day) = (number(text.get(..4)), number(text.get(5..7)), number(text.get(8..)));
        let year = i32::try_from(year).unwrap_or_default();
        let date = NaiveDate::from_ymd_opt(year, month, day).ok_or_else(|| refusal("The calendar has no such day."))?;
        if date < Self::FIRST.0 || date > Self::LAST.0 {
            return Err(refusal("Dates lie between 2005-01-01 and 2099-12-31."));
        }
        Ok(Self(date))
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        written::read(deserializer, "2005-01-03")
    }
}

impl utoipa::PartialSchema for Date {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type};
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Date)))
            .pattern(Some("^2(00[5-9]|0[1-9][0-9]|1[0-9]{2})-[0-9]{2}-[0-9]{2}$"))
            .description(Some(
                "A calendar date in London, `YYYY-MM-DD`. Dates that are sent lie between 2005-01-01 and 2099-12-31; one that \
                 is computed from them may lie later.",
            ))
            .into()
    }
}

impl utoipa::ToSchema for Date {
    fn name() -> std::borrow::Cow<'static, str> {
        // Clients have types of their own called Date.
        "CalendarDate".into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_what_the_calendar_does_not_have() {
        for text in [
            "2019-02-30",
            "2019-13-01",
            "0000-01-01",
            "99999-01-01",
            "2004-12-31",
            "2100-01-01",
            "2019-1-1",
            "2019-11-07T00:00:00Z",
            "२०१९-११-०७",
            "",
        ] {
            assert!(text.parse::<Date>().is_err(), "{text}");
        }
        assert_eq!("2020-02-29".parse::<Date>().unwrap().to_string(), "2020-02-29");
    }
}
