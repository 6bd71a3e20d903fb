//! Bank holidays by rule: what the Banking and Financial Dealings Act 1971, and the proclamations ordinarily made under
//! it, give for a year. Knows no one-off days and no moved ones: those are data.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate, Weekday};

use super::Nation;
use crate::law::Date;

/// The first year in which St Andrew's Day was a bank holiday (St Andrew's Day Bank Holiday (Scotland) Act 2007).
const FIRST_ST_ANDREWS_DAY: i32 = 2007;

/// The bank holidays of `nation` in `year`, with their names. Weekends have none: their substitutes stand instead.
pub(super) fn bank_holidays(nation: Nation, year: i32) -> BTreeMap<Date, String> {
    let mut holidays = YearOfHolidays { year, days: BTreeMap::new() };
    holidays.add_common();
    match nation {
        Nation::England | Nation::Wales => holidays.add_outside_scotland(),
        Nation::NorthernIreland => {
            holidays.add_outside_scotland();
            holidays.add_fixed(3, 17, "St Patrick's Day");
            holidays.add_fixed(7, 12, "Battle of the Boyne");
        }
        Nation::Scotland => holidays.add_scottish(),
    }
    holidays.days
}

/// Good Friday of `year`: named in FOIA s10(6), a bank holiday by statute in Scotland.
pub(super) fn good_friday(year: i32) -> Option<Date> {
    easter_sunday(year).map(|sunday| sunday.plus_days(-2))
}

/// Easter Sunday in the Gregorian calendar, by the computation of Meeus, Jones and Butcher.
fn easter_sunday(year: i32) -> Option<Date> {
    let golden = year % 19;
    let (century, of_century) = (year / 100, year % 100);
    let lunar_correction = (century - (century + 8) / 25 + 1) / 3;
    let epact = (19 * golden + century - century / 4 - lunar_correction + 15) % 30;
    let to_sunday = (32 + 2 * (century % 4) + 2 * (of_century / 4) - epact - of_century % 4) % 7;
    let late_moon = (golden + 11 * epact + 22 * to_sunday) / 451;
    let day_count = epact + to_sunday - 7 * late_moon + 114;
    let month = u32::try_from(day_count / 31).ok()?;
    let day = u32::try_from(day_count % 31 + 1).ok()?;
    Date::new(year, month, day)
}

/// The bank holidays of one year while they are put together.
struct YearOfHolidays {
    year: i32,
    days: BTreeMap<Date, String>,
}

impl YearOfHolidays {
    /// Days that every nation keeps, though by different authority.
    fn add_common(&mut self) {
        self.add(good_friday(self.year), "Good Friday");
        self.add(self.first_monday(5), "Early May bank holiday");
        self.add(self.last_monday(5), "Spring bank holiday");
        self.add_pair((12, 25), "Christmas Day", "Boxing Day");
    }

    /// Days of England, Wales and Northern Ireland.
    fn add_outside_scotland(&mut self) {
        self.add_fixed(1, 1, "New Year's Day");
        self.add(easter_sunday(self.year).map(|sunday| sunday.plus_days(1)), "Easter Monday");
        self.add(self.last_monday(8), "Summer bank holiday");
    }

    fn add_scottish(&mut self) {
        self.add_pair((1, 1), "New Year's Day", "2 January");
        self.add(self.first_monday(8), "Summer bank holiday");
        if self.year >= FIRST_ST_ANDREWS_DAY {
            self.add_fixed(11, 30, "St Andrew's Day");
        }
    }

    fn add(&mut self, date: Option<Date>, name: &str) {
        self.days.extend(date.map(|date| (date, name.to_owned())));
    }

    fn add_substitute(&mut self, date: Date, name: &str) {
        self.days.insert(date, format!("{name} (substitute day)"));
    }

    /// A day of the month; the Monday after, when it falls on a weekend.
    fn add_fixed(&mut self, month: u32, day: u32, name: &str) {
        let Some(date) = Date::new(self.year, month, day) else {
            return;
        };
        match date.0.weekday() {
            Weekday::Sat => self.add_substitute(date.plus_days(2), name),
            Weekday::Sun => self.add_substitute(date.plus_days(1), name),
            _ => self.add(Some(date), name),
        }
    }

    /// Two holidays on successive days, the first on `(month, day)`. Whichever of them falls on a weekend passes to the
    /// next weekday that the other does not take.
    fn add_pair(&mut self, (month, day): (u32, u32), first_name: &str, second_name: &str) {
        let Some(first) = Date::new(self.year, month, day) else {
            return;
        };
        let second = first.plus_days(1);
        match first.0.weekday() {
            Weekday::Fri => {
                self.add(Some(first), first_name);
                self.add_substitute(first.plus_days(3), second_name);
            }
            Weekday::Sat => {
                self.add_substitute(first.plus_days(2), first_name);
                self.add_substitute(first.plus_days(3), second_name);
            }
            Weekday::Sun => {
                self.add(Some(second), second_name);
                self.add_substitute(first.plus_days(2), first_name);
            }
            _ => {
                self.add(Some(first), first_name);
                self.add(Some(second), second_name);
            }
        }
    }

    fn first_monday(&self, month: u32) -> Option<Date> {
        NaiveDate::from_weekday_of_month_opt(self.year, month, Weekday::Mon, 1).map(Date)
    }

    fn last_monday(&self, month: u32) -> Option<Date> {
        [5, 4]
            .into_iter()
            .find_map(|n| NaiveDate::from_weekday_of_month_opt(self.year, month, Weekday::Mon, n))
            .map(Date)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn easter_falls_where_the_church_puts_it() {
        // The earliest and latest Easters that can be, and the exceptions of the golden number, are among them.
        for (year, month, day) in [
            (1818, 3, 22),
            (1943, 4, 25),
            (1954, 4, 18),
            (1981, 4, 19),
            (2000, 4, 23),
            (2008, 3, 23),
            (2011, 4, 24),
            (2019, 4, 21),
            (2024, 3, 31),
            (2038, 4, 25),
            (2049, 4, 18),
            (2076, 4, 19),
            (2100, 3, 28),
        ] {
            assert_eq!(easter_sunday(year), Date::new(year, month, day), "{year}");
        }
    }
}
