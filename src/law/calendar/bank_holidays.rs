//! The bank holidays of each nation as data: the table that comes with the program, completed by rule, and what newer
//! published days do to it. Knows nothing of counting working days.

use std::collections::BTreeMap;

use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::{Calendar, Nation, published::Published, rules};
use crate::law::Date;

/// Days with their names.
pub(super) type NamedDays = BTreeMap<Date, String>;

/// The bank holidays of each nation, and how far they are official.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BankHolidays {
    pub(super) version: String,
    pub(super) official_until: Date,
    #[serde(rename = "bank_holidays")]
    by_nation: BTreeMap<Nation, NamedDays>,
}

impl BankHolidays {
    /// The table that comes with the program, completed by rule to the end of the range.
    pub(super) fn embedded() -> Self {
        let mut holidays = Self::table();
        for (nation, days) in &mut holidays.by_nation {
            let first_year = days.keys().next_back().map_or(Date::FIRST.year(), |last| last.year() + 1);
            for year in first_year..=Calendar::LAST.year() {
                days.extend(rules::bank_holidays(*nation, year));
            }
        }
        holidays
    }

    /// The table alone.
    #[expect(clippy::expect_used, reason = "the text is part of the program, and the tests read it")]
    pub(super) fn table() -> Self {
        serde_json::from_str(include_str!("bank-holidays.json")).expect("the embedded bank holidays are well formed")
    }

    /// The bank holidays of one nation, in order.
    pub(super) fn of(&self, nation: Nation) -> impl Iterator<Item = (Date, &str)> {
        self.by_nation.get(&nation).into_iter().flatten().map(|(date, name)| (*date, name.as_str()))
    }

    /// The nations in which `day` is a bank holiday.
    pub(super) fn nations_keeping(&self, day: Date) -> Vec<Nation> {
        self.by_nation.iter().filter(|(_, days)| days.contains_key(&day)).map(|(nation, _)| *nation).collect()
    }

    /// These bank holidays with the `published` ones in the years that those cover, under a version of their own.
    pub(super) fn updated(mut self, published: &Published) -> Self {
        for (nation, days) in published.by_nation() {
            let years = Published::years(days);
            let own = self.by_nation.entry(nation).or_default();
            own.retain(|date, _| !years.contains(&date.year()));
            own.extend(days.iter().map(|(date, name)| (*date, name.clone())));
        }
        let covered = published.years_of_all();
        // A gap between the years known so far and the published ones is filled by rule, and so not official.
        if *covered.start() <= self.official_until.year() + 1 {
            let end = Date::new(*covered.end(), 12, 31);
            self.official_until = end.map_or(self.official_until, |end| end.max(self.official_until));
        }
        self.version = self.version_of_content();
        self
    }

    /// The version of the embedded table with a hash of the days as they are now: the same days, by whatever way they
    /// were reached, have the same version.
    fn version_of_content(&self) -> String {
        let base = self.version.split('+').next().unwrap_or_default();
        let mut hash = Sha256::new();
        hash.update(format!("{}\n", self.official_until));
        for (nation, days) in &self.by_nation {
            for (date, name) in days {
                hash.update(format!("{nation} {date} {name}\n"));
            }
        }
        let prefix = hash.finalize().iter().take(4).fold(0_u32, |prefix, byte| (prefix << 8) | u32::from(*byte));
        format!("{base}+{prefix:08x}")
    }
}
