//! The five calendars of working days, made from the bank holidays of the four nations. Knows nothing of regimes, of
//! requests or of where a newer file of bank holidays is kept.

use std::{collections::BTreeMap, sync::LazyLock};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{law::Date, vocabulary};

mod bank_holidays;
mod published;
mod rules;
#[cfg(test)]
mod tests;
mod working_days;

use bank_holidays::BankHolidays;
use published::Published;
pub use working_days::Calendar;

vocabulary! {
    /// A calendar of working days.
    pub enum CalendarId {
        /// FOIA s10(6) and EIR reg 2(1): bank holidays of any nation, Good Friday and 25 December are left out.
        UkAny = "uk_any",
        /// FOISA s73 and EI(S)Rs reg 2(1): the bank holidays of Scotland and 25 December are left out.
        Scotland = "scotland",
        /// The bank holidays of England, Good Friday and 25 December are left out.
        England = "england",
        /// The bank holidays of Wales, Good Friday and 25 December are left out.
        Wales = "wales",
        /// The bank holidays of Northern Ireland, Good Friday and 25 December are left out.
        NorthernIreland = "northern_ireland",
    }
}

vocabulary! {
    /// A nation of the United Kingdom, with bank holidays of its own.
    pub enum Nation {
        /// England.
        England = "england",
        /// Wales.
        Wales = "wales",
        /// Scotland.
        Scotland = "scotland",
        /// Northern Ireland.
        NorthernIreland = "northern_ireland",
    }
}

impl CalendarId {
    /// The nations whose bank holidays this calendar leaves out.
    #[must_use]
    pub const fn nations(self) -> &'static [Nation] {
        match self {
            Self::UkAny => Nation::ALL,
            Self::Scotland => &[Nation::Scotland],
            Self::England => &[Nation::England],
            Self::Wales => &[Nation::Wales],
            Self::NorthernIreland => &[Nation::NorthernIreland],
        }
    }

    /// The days of `year` that are left out by name, bank holidays or not. FOISA s73 names 25 December alone.
    fn named_days(self, year: i32) -> impl Iterator<Item = (Date, &'static str)> {
        let good_friday = if self == Self::Scotland { None } else { rules::good_friday(year) };
        let christmas_day = Date::new(year, 12, 25);
        good_friday
            .map(|date| (date, "Good Friday"))
            .into_iter()
            .chain(christmas_day.map(|date| (date, "Christmas Day")))
    }
}

/// A day that does not count, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NonWorkingDay {
    /// The day.
    pub date: Date,
    /// `Saturday`, `Sunday` or the name of the holiday; names that differ between nations are joined by semicolons.
    pub reason: String,
    /// The nations of the United Kingdom in which the day is a bank holiday, whichever calendar is asked; absent for
    /// weekends.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 4)]
    pub nations: Vec<Nation>,
}

/// Whether a list of non-working days has the weekends too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weekends {
    /// Saturdays and Sundays are listed.
    Included,
    /// Only weekdays are listed.
    LeftOut,
}

/// The five calendars, made from one version of the bank holidays. They never change: a newer file of bank holidays
/// makes a new set.
#[derive(Debug, Clone)]
pub struct Calendars {
    bank_holidays: BankHolidays,
    uk_any: Calendar,
    scotland: Calendar,
    england: Calendar,
    wales: Calendar,
    northern_ireland: Calendar,
}

impl Calendars {
    /// The calendars that come with the program, built at first use.
    #[must_use]
    pub fn embedded() -> &'static Self {
        static EMBEDDED: LazyLock<Calendars> = LazyLock::new(|| Calendars::build(BankHolidays::embedded()));
        &EMBEDDED
    }

    /// Names the bank holidays that these calendars are made from. Equal versions stand for equal days.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.bank_holidays.version
    }

    /// The last day for which bank holidays are as proclaimed and published; later ones follow from the rules of the
    /// Banking and Financial Dealings Act 1971 and the ordinary proclamations.
    #[must_use]
    pub fn official_until(&self) -> Date {
        self.bank_holidays.official_until
    }

    /// One of the calendars.
    #[must_use]
    pub fn get(&self, id: CalendarId) -> &Calendar {
        match id {
            CalendarId::UkAny => &self.uk_any,
            CalendarId::Scotland => &self.scotland,
            CalendarId::England => &self.england,
            CalendarId::Wales => &self.wales,
            CalendarId::NorthernIreland => &self.northern_ireland,
        }
    }

    /// These calendars with the days of a bank-holidays file in the form that GOV.UK publishes. Each division's days are
    /// replaced in every year from its first event to its last; years outside keep the days they have.
    ///
    /// # Errors
    /// Everything that is wrong with the file, one sentence each: not a JSON object, a division missing or unknown, no
    /// events, an event without title, without a date between 2005-01-01 and 2099-12-31, or on a day already listed.
    pub fn with_published(&self, json: &str) -> Result<Self, Vec<String>> {
        let published = Published::read(json)?;
        Ok(Self::build(self.bank_holidays.clone().updated(&published)))
    }

    fn build(bank_holidays: BankHolidays) -> Self {
        let calendar = |id| Calendar::new(id, non_working_weekdays(id, &bank_holidays));
        Self {
            uk_any: calendar(CalendarId::UkAny),
            scotland: calendar(CalendarId::Scotland),
            england: calendar(CalendarId::England),
            wales: calendar(CalendarId::Wales),
            northern_ireland: calendar(CalendarId::NorthernIreland),
            bank_holidays,
        }
    }
}

/// The weekdays that the calendar `id` leaves out, with their reasons, in order.
fn non_working_weekdays(id: CalendarId, bank_holidays: &BankHolidays) -> Vec<NonWorkingDay> {
    let mut names: BTreeMap<Date, Vec<&str>> = BTreeMap::new();
    for (date, name) in id.nations().iter().flat_map(|nation| bank_holidays.of(*nation)) {
        let of_day = names.entry(date).or_default();
        if !of_day.contains(&name) {
            of_day.push(name);
        }
    }
    for (date, name) in (Date::FIRST.year()..=Calendar::LAST.year()).flat_map(|year| id.named_days(year)) {
        names.entry(date).or_insert_with(|| vec![name]);
    }
    names
        .into_iter()
        .filter(|(date, _)| !working_days::is_weekend(*date))
        .map(|(date, names)| NonWorkingDay {
            date,
            reason: names.join("; "),
            nations: bank_holidays.nations_keeping(date),
        })
        .collect()
}
