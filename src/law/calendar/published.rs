//! Reading the bank-holidays file as GOV.UK publishes it. Knows its form only, not what its days are used for.

use std::{collections::BTreeMap, ops::RangeInclusive};

use serde_json::{Map, Value};

use super::{Nation, bank_holidays::NamedDays};
use crate::law::Date;

/// The file's three divisions, and the nations that each speaks for.
const DIVISIONS: [(&str, &[Nation]); 3] = [
    ("england-and-wales", &[Nation::England, Nation::Wales]),
    ("scotland", &[Nation::Scotland]),
    ("northern-ireland", &[Nation::NorthernIreland]),
];

/// The bank holidays of a published file: of every nation, and at least one of each.
#[derive(Debug)]
pub(super) struct Published {
    by_nation: BTreeMap<Nation, NamedDays>,
}

impl Published {
    /// Reads `json`, or says everything that is wrong with it.
    pub(super) fn read(json: &str) -> Result<Self, Vec<String>> {
        let file: Map<String, Value> =
            serde_json::from_str(json).map_err(|error| vec![format!("The file is not a JSON object: {error}.")])?;
        let mut faults: Vec<String> = file
            .keys()
            .filter(|key| DIVISIONS.iter().all(|(division, _)| division != key))
            .map(|key| format!("{key}: no division of this name is known."))
            .collect();
        let mut by_nation = BTreeMap::new();
        for (division, nations) in DIVISIONS {
            match file.get(division) {
                Some(value) => {
                    let days = read_division(division, value, &mut faults);
                    by_nation.extend(nations.iter().map(|nation| (*nation, days.clone())));
                }
                None => faults.push(format!("{division}: the division is missing.")),
            }
        }
        if faults.is_empty() { Ok(Self { by_nation }) } else { Err(faults) }
    }

    /// Each nation with its days.
    pub(super) fn by_nation(&self) -> impl Iterator<Item = (Nation, &NamedDays)> {
        self.by_nation.iter().map(|(nation, days)| (*nation, days))
    }

    /// The years that `days` cover: from that of the first to that of the last, all whole.
    pub(super) fn years(days: &NamedDays) -> RangeInclusive<i32> {
        let first = days.keys().next().map_or(i32::MAX, |date| date.year());
        let last = days.keys().next_back().map_or(i32::MIN, |date| date.year());
        first..=last
    }

    /// The years that are covered for every nation; an empty range when there are none.
    pub(super) fn years_of_all(&self) -> RangeInclusive<i32> {
        let years = || self.by_nation.values().map(Self::years);
        let first = years().map(|years| *years.start()).max().unwrap_or(i32::MAX);
        let last = years().map(|years| *years.end()).min().unwrap_or(i32::MIN);
        first..=last
    }
}

/// The days of one division; what is wrong with it goes to `faults`.
fn read_division(division: &str, value: &Value, faults: &mut Vec<String>) -> NamedDays {
    let mut days = NamedDays::new();
    let Some(events) = value.get("events").and_then(Value::as_array) else {
        faults.push(format!("{division}: `events` is not a list."));
        return days;
    };
    if events.is_empty() {
        faults.push(format!("{division}: `events` is empty."));
    }
    for (number, event) in (1..).zip(events) {
        match read_event(event) {
            Ok((date, name)) => {
                if days.insert(date, name).is_some() {
                    faults.push(format!("{division}: event {number}: {date} is listed already."));
                }
            }
            Err(fault) => faults.push(format!("{division}: event {number}: {fault}")),
        }
    }
    days
}

/// The day and name of one event; a substitute day is one by its notes.
fn read_event(event: &Value) -> Result<(Date, String), String> {
    let member = |name: &str| event.get(name).and_then(Value::as_str).map(str::trim);
    let title = member("title").filter(|title| !title.is_empty()).ok_or("`title` is not a text, or is empty.")?;
    let date = member("date").ok_or("`date` is not a text.")?;
    let date: Date = date.parse().map_err(|refusal| format!("`date` is `{date}`. {refusal}"))?;
    let name = match member("notes").filter(|notes| !notes.is_empty()) {
        Some(notes) => format!("{title} ({})", notes.to_lowercase()),
        None => title.to_owned(),
    };
    Ok((date, name))
}
