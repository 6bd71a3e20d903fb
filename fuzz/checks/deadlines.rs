//! Any history of events that is accepted has a clock, and the clock keeps its own word.

use candour::{
    api::reading::{Nulls, parse, read},
    casework::clock::WhatIf,
    law::{
        Date, Deadline, Regime,
        calendar::{Calendars, Weekends},
        clock::impossible_order,
    },
};

pub fn check(bytes: &[u8]) {
    count(bytes);
    let Ok(document) = parse(bytes) else { return };
    let Ok(reading) = read::<WhatIf>(document, Nulls::Refused) else { return };
    if !reading.faults.is_empty() {
        return;
    }
    let what_if = reading.value;
    let Ok(events) = what_if.events() else { return };
    let calendars = Calendars::embedded();
    if impossible_order(calendars, what_if.regime, what_if.received_on, &events).is_some() {
        return;
    }
    let today: Date = "2026-06-30".parse().expect("a date");
    let clock = what_if.reckon(calendars, &events, today);
    // The order of telling makes no difference, but for corrections of the receipt, of which the last told stands.
    let corrections = |event: &&candour::law::clock::Event| {
        matches!(event.happening, candour::law::clock::Happening::ReceiptCorrection { .. })
    };
    if events.iter().filter(corrections).count() < 2 {
        let reversed: Vec<_> = events.iter().rev().cloned().collect();
        assert_eq!(what_if.reckon(calendars, &reversed, today), clock);
    }
}

/// The first bytes as a regime, a day of receipt and a number of working days: as many days count as were asked for.
fn count(bytes: &[u8]) {
    let [regime, high, low, days, ..] = bytes else { return };
    let regime = Regime::ALL[usize::from(*regime) % Regime::ALL.len()];
    let first: Date = "2005-01-01".parse().expect("a date");
    let received_on = first.plus_days(i64::from(u16::from_be_bytes([*high, *low])) % 34_000);
    let wanted = u32::from(*days) + 1;
    let calendars = Calendars::embedded();
    let deadline = Deadline::compute(calendars, regime, received_on, wanted);
    let calendar = calendars.get(regime.calendar());
    assert!(calendar.is_working_day(deadline.due_on));
    let between = (1..).map(|days| received_on.plus_days(days)).take_while(|day| *day <= deadline.due_on);
    let (working, others): (Vec<Date>, Vec<Date>) = between.partition(|day| calendar.is_working_day(*day));
    assert_eq!(working.len(), usize::try_from(wanted).expect("small"));
    assert_eq!(others.len(), deadline.skipped.len());
    let skipped =
        calendar.non_working_days(received_on.plus_days(1), deadline.due_on.plus_days(-1), Weekends::Included);
    assert_eq!(skipped, deadline.skipped);
}
