//! The calendars against the rules of the Act, against days that GOV.UK published and against time limits worked out
//! elsewhere.

use std::collections::BTreeSet;

use chrono::Datelike;
use proptest::prelude::*;

use super::{bank_holidays::NamedDays, *};

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

fn calendar(id: CalendarId) -> &'static Calendar {
    Calendars::embedded().get(id)
}

fn table(nation: Nation) -> NamedDays {
    BankHolidays::table().of(nation).map(|(date, name)| (date, name.to_owned())).collect()
}

/// Days that no rule gives: proclaimed once, or moved from their usual place.
const PROCLAIMED: [(&str, &str, &[Nation]); 9] = [
    ("2011-04-29", "Wedding of Prince William", Nation::ALL),
    ("2012-06-04", "Spring bank holiday (moved for the Diamond Jubilee)", Nation::ALL),
    ("2012-06-05", "Diamond Jubilee of Queen Elizabeth II", Nation::ALL),
    ("2020-05-08", "Early May bank holiday (moved to the anniversary of VE Day)", Nation::ALL),
    ("2022-06-02", "Spring bank holiday (moved for the Platinum Jubilee)", Nation::ALL),
    ("2022-06-03", "Platinum Jubilee of Queen Elizabeth II", Nation::ALL),
    ("2022-09-19", "State Funeral of Queen Elizabeth II", Nation::ALL),
    ("2023-05-08", "Coronation of King Charles III", Nation::ALL),
    ("2026-06-15", "Football World Cup", &[Nation::Scotland]),
];
/// The usual places that moved days left.
const LEFT: [&str; 3] = ["2012-05-28", "2020-05-04", "2022-05-30"];

#[test]
fn the_rules_give_the_table_but_for_days_proclaimed_once() {
    for nation in Nation::ALL {
        let mut by_rule: NamedDays = (2005..=2030).flat_map(|year| rules::bank_holidays(*nation, year)).collect();
        for left in LEFT {
            assert!(by_rule.remove(&date(left)).is_some(), "{nation} {left}");
        }
        for (day, name, nations) in PROCLAIMED {
            if nations.contains(nation) {
                assert_eq!(by_rule.insert(date(day), name.to_owned()), None, "{nation} {day}");
            }
        }
        assert_eq!(by_rule, table(*nation), "{nation}");
    }
}

#[test]
fn the_table_has_the_days_that_gov_uk_published() {
    let mut lines = 0;
    for line in include_str!("testdata/gov-uk-2015-2028.csv").lines().skip(1) {
        let (division, rest) = line.split_once(',').unwrap();
        let (year, days) = rest.split_once(',').unwrap();
        let published: Vec<&str> = days.split(' ').collect();
        let nations: &[Nation] = match division {
            "england-and-wales" => &[Nation::England, Nation::Wales],
            "scotland" => &[Nation::Scotland],
            "northern-ireland" => &[Nation::NorthernIreland],
            other => panic!("{other}"),
        };
        for nation in nations {
            let own: Vec<String> = table(*nation)
                .into_iter()
                .filter(|(date, _)| date.year().to_string() == year)
                .map(|(date, name)| (date, if name.ends_with(" (substitute day)") { "*" } else { "" }))
                .map(|(date, mark)| format!("{:02}-{:02}{mark}", date.0.month(), date.0.day()))
                .collect();
            // In 2023 GOV.UK put Scotland's New Year on 2 January; by the Schedule that day stands for itself.
            if (*nation, year) == (Nation::Scotland, "2023") {
                assert!(own.starts_with(&["01-02".to_owned(), "01-03*".to_owned()]), "{own:?}");
                assert!(published.starts_with(&["01-02*", "01-03*"]), "{published:?}");
                assert_eq!(own[2..], published[2..]);
            } else {
                assert_eq!(own, published, "{nation} {year}");
            }
        }
        lines += 1;
    }
    assert_eq!(lines, 3 * 14);
}

/// The days that the Python library `holidays` works out by rules of its own, weekdays alone. It knows St Andrew's Day from
/// 2006; the Schedule has it from January 2007, so 30 November 2006 is left out.
#[test]
fn the_table_has_the_days_that_another_program_works_out() {
    let mut lines = 0;
    for line in include_str!("testdata/holidays-2005-2030.csv").lines().skip(1) {
        let [nation, year, days] = line.splitn(3, ',').collect::<Vec<_>>().try_into().unwrap();
        let own = table(nation.replace('-', "_").parse().unwrap()).into_keys();
        let own = own.filter(|date| date.year().to_string() == year);
        let own: Vec<String> = own.map(|date| format!("{:02}-{:02}", date.0.month(), date.0.day())).collect();
        assert_eq!(own.join(" "), days, "{nation} {year}");
        lines += 1;
    }
    assert_eq!(lines, 4 * 26);
}

#[test]
fn the_table_has_no_weekends_and_ends_with_2030() {
    for nation in Nation::ALL {
        let days = table(*nation);
        assert!(days.keys().all(|date| !working_days::is_weekend(*date)), "{nation}");
        assert_eq!(days.keys().map(|date| date.year()).collect::<BTreeSet<_>>(), (2005..=2030).collect(), "{nation}");
    }
    let sizes: Vec<usize> = Nation::ALL.iter().map(|nation| table(*nation).len()).collect();
    assert_eq!(sizes, [213, 213, 238, 265]);
    assert_eq!(Calendars::embedded().version(), "2026-08-21");
    assert_eq!(Calendars::embedded().official_until(), date("2028-12-31"));
}

#[test]
fn time_limits_fall_where_they_were_worked_out_to_fall() {
    let mut lines = 0;
    for line in include_str!("testdata/time-limits.csv").lines().skip(1) {
        let [received_on, weekday, limits @ ..] = &line.split(',').collect::<Vec<_>>()[..] else { panic!("{line}") };
        let received_on = date(received_on);
        assert_eq!(received_on.0.weekday().to_string(), *weekday, "{line}");
        let counted = [
            (CalendarId::UkAny, 1),
            (CalendarId::UkAny, 20),
            (CalendarId::UkAny, 40),
            (CalendarId::Scotland, 20),
            (CalendarId::Scotland, 40),
        ]
        .map(|(id, n)| calendar(id).working_day_after(received_on, n).to_string());
        assert_eq!(counted, limits, "{line}");
        lines += 1;
    }
    assert_eq!(lines, 29);
}

#[test]
fn time_limits_of_known_requests() {
    for (id, received_on, n, expected) in [
        // A Monday after St Andrew's Day on a Saturday counts nowhere in the United Kingdom under FOIA.
        (CalendarId::UkAny, "2019-11-07", 20, "2019-12-06"),
        (CalendarId::England, "2019-11-07", 20, "2019-12-05"),
        (CalendarId::Scotland, "2019-11-07", 20, "2019-12-06"),
        // Two summer bank holidays lie in the way under FOIA: Scotland's on 7 August, the others' on 28 August.
        (CalendarId::UkAny, "2023-07-26", 20, "2023-08-24"),
        (CalendarId::UkAny, "2023-07-26", 22, "2023-08-29"),
        (CalendarId::Scotland, "2023-07-26", 22, "2023-08-28"),
        // Easter 2024: Monday 1 April counts in Scotland, Good Friday does not.
        (CalendarId::UkAny, "2024-03-28", 1, "2024-04-02"),
        (CalendarId::Scotland, "2024-03-28", 1, "2024-04-01"),
    ] {
        assert_eq!(calendar(id).working_day_after(date(received_on), n), date(expected), "{id} {received_on} {n}");
    }
}

#[test]
fn days_of_one_nation_count_in_the_calendars_of_others() {
    let nowhere_else = [
        ("2007-11-30", CalendarId::Scotland),
        ("2026-06-15", CalendarId::Scotland),
        ("2024-01-02", CalendarId::Scotland),
        ("2026-08-03", CalendarId::Scotland),
        ("2026-03-17", CalendarId::NorthernIreland),
        ("2026-07-13", CalendarId::NorthernIreland),
    ];
    for (day, own) in nowhere_else {
        for id in CalendarId::ALL {
            let expected = *id != own && *id != CalendarId::UkAny;
            assert_eq!(calendar(*id).is_working_day(date(day)), expected, "{id} {day}");
        }
    }
    for day in ["2006-11-30", "2012-05-28", "2020-05-04", "2022-05-30"] {
        assert!(calendar(CalendarId::UkAny).is_working_day(date(day)), "{day}");
    }
}

#[test]
fn every_day_is_explained_with_its_nations() {
    let told = |id, start, end, weekends| -> Vec<String> {
        let days = calendar(id).non_working_days(date(start), date(end), weekends);
        days.into_iter().map(|day| format!("{} {} {:?}", day.date, day.reason, day.nations)).collect()
    };
    assert_eq!(
        told(CalendarId::UkAny, "2022-12-31", "2023-01-03", Weekends::Included),
        [
            "2022-12-31 Saturday []",
            "2023-01-01 Sunday []",
            "2023-01-02 New Year's Day (substitute day); 2 January [England, Wales, Scotland, NorthernIreland]",
            "2023-01-03 New Year's Day (substitute day) [Scotland]",
        ]
    );
    assert_eq!(
        told(CalendarId::UkAny, "2024-03-25", "2024-04-07", Weekends::LeftOut),
        [
            "2024-03-29 Good Friday [England, Wales, Scotland, NorthernIreland]",
            "2024-04-01 Easter Monday [England, Wales, NorthernIreland]",
        ]
    );
    assert_eq!(
        told(CalendarId::Scotland, "2023-01-02", "2023-01-02", Weekends::LeftOut),
        ["2023-01-02 2 January [England, Wales, Scotland, NorthernIreland]"]
    );
    assert!(told(CalendarId::UkAny, "2024-04-07", "2024-03-25", Weekends::Included).is_empty());
}

#[test]
fn counting_holds_at_the_ends_of_the_range() {
    let calendar = calendar(CalendarId::UkAny);
    let (early, late) = (Date::new(1999, 12, 31).unwrap(), Date::new(2150, 6, 1).unwrap());
    assert_eq!(calendar.working_day_after(early, 1), date("2005-01-05"));
    assert_eq!(calendar.on_or_after(early), date("2005-01-05"));
    assert_eq!(calendar.working_day_after(late, 3), late);
    assert_eq!(calendar.on_or_after(late), late);
    assert_eq!(calendar.working_day_after(date("2099-12-31"), u32::MAX), Calendar::LAST);
    assert!(!calendar.is_working_day(early) && !calendar.is_working_day(late));
    assert_eq!(calendar.working_days_between(early, date("2005-01-06")), 2);
    assert_eq!(calendar.working_days_between(Calendar::LAST, late), 0);
    let (first, last) = (Date(chrono::NaiveDate::MIN), Date(chrono::NaiveDate::MAX));
    assert_eq!(calendar.working_day_after(last, 1), last);
    assert_eq!(calendar.working_days_between(first, last), -calendar.working_days_between(last, first));
    assert_eq!(calendar.non_working_days(late, last, Weekends::Included), []);
}

/// A file with these events, written as JSON, in its divisions.
fn file(england_and_wales: &str, scotland: &str, northern_ireland: &str) -> String {
    let division = |name, events| format!(r#""{name}": {{"division": "{name}", "events": [{events}]}}"#);
    format!(
        "{{{}, {}, {}}}",
        division("england-and-wales", england_and_wales),
        division("scotland", scotland),
        division("northern-ireland", northern_ireland)
    )
}

fn event(title: &str, date: &str, notes: &str) -> String {
    format!(r#"{{"title": "{title}", "date": "{date}", "notes": "{notes}", "bunting": true}}"#)
}

#[test]
fn published_days_replace_the_years_they_cover() {
    let english = [
        event("New Year’s Day", "2028-01-03", "Substitute day"),
        event("Abdication", "2028-07-03", ""),
        event("New Year’s Day", "2029-01-01", ""),
    ];
    let other = event("New Year’s Day", "2029-01-01", "");
    let json = file(&english.join(","), &other, &other);
    let embedded = Calendars::embedded();
    let newer = embedded.with_published(&json).unwrap();

    let england = newer.get(CalendarId::England);
    let listed = england.non_working_days(date("2028-01-01"), date("2029-12-31"), Weekends::LeftOut);
    let listed: Vec<String> =
        listed.into_iter().map(|day| format!("{} {} {:?}", day.date, day.reason, day.nations)).collect();
    assert_eq!(
        listed,
        [
            "2028-01-03 New Year’s Day (substitute day) [England, Wales, Scotland, NorthernIreland]",
            "2028-04-14 Good Friday [Scotland, NorthernIreland]",
            "2028-07-03 Abdication [England, Wales]",
            "2028-12-25 Christmas Day [Scotland, NorthernIreland]",
            "2029-01-01 New Year’s Day [England, Wales, Scotland, NorthernIreland]",
            "2029-03-30 Good Friday []",
            "2029-12-25 Christmas Day []",
        ]
    );
    assert!(!newer.get(CalendarId::UkAny).is_working_day(date("2028-07-03")));
    assert!(newer.get(CalendarId::Scotland).is_working_day(date("2028-07-03")));
    assert!(newer.get(CalendarId::Scotland).is_working_day(date("2029-03-30")), "FOISA s73 does not name Good Friday");
    assert!(!newer.get(CalendarId::Wales).is_working_day(date("2027-12-28")), "years outside keep their days");
    assert!(!newer.get(CalendarId::Wales).is_working_day(date("2030-01-01")), "years outside keep their days");

    assert_eq!(newer.official_until(), date("2029-12-31"));
    let (base, hash) = newer.version().split_once('+').unwrap();
    assert_eq!(base, "2026-08-21");
    assert!(hash.len() == 8 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()), "{hash}");
    assert_eq!(newer.with_published(&json).unwrap().version(), newer.version(), "the same days, the same version");
    let reformatted = serde_json::from_str::<serde_json::Value>(&json).unwrap().to_string();
    assert_eq!(embedded.with_published(&reformatted).unwrap().version(), newer.version());
    let renamed = embedded.with_published(&json.replace("Abdication", "Jubilee")).unwrap();
    assert_ne!(renamed.version(), newer.version());
}

#[test]
fn official_data_end_where_every_division_does_and_never_leap_a_gap() {
    let until = |english: &str, scottish: &str, irish: &str| {
        let [english, scottish, irish] = [english, scottish, irish].map(|date| event("Day", date, ""));
        Calendars::embedded().with_published(&file(&english, &scottish, &irish)).unwrap().official_until()
    };
    assert_eq!(until("2029-05-07", "2029-05-07", "2029-05-07"), date("2029-12-31"));
    assert_eq!(until("2029-05-07", "2028-05-01", "2029-05-07"), date("2028-12-31"));
    assert_eq!(until("2019-05-06", "2019-05-06", "2019-05-06"), date("2028-12-31"));
    assert_eq!(until("2035-05-07", "2035-05-07", "2035-05-07"), date("2028-12-31"));
}

#[test]
fn a_file_with_faults_is_refused_with_all_of_them() {
    let faults = |json: &str| Calendars::embedded().with_published(json).unwrap_err();
    assert!(faults("<html>")[0].starts_with("The file is not a JSON object: "));
    assert!(faults("[]")[0].starts_with("The file is not a JSON object: "));
    assert_eq!(faults("{}").len(), 3);
    assert_eq!(
        faults(&file("", "", "")),
        ["england-and-wales", "scotland", "northern-ireland"].map(|name| format!("{name}: `events` is empty."))
    );
    let good = event("Day", "2029-01-01", "");
    let bad = [
        event("Day", "2029-02-30", ""),
        event("Day", "1 May", ""),
        event(" ", "2029-05-07", ""),
        r#"{"title": "Day"}"#.to_owned(),
        event("Day", "2004-12-31", ""),
        "7".to_owned(),
        good.clone(),
        good.clone(),
    ];
    let json = file(&bad.join(","), &good, &good).replace(r#""scotland": {"#, r#""cornwall": {"#);
    assert_eq!(
        faults(&json),
        [
            "cornwall: no division of this name is known.",
            "england-and-wales: event 1: `date` is `2029-02-30`. The calendar has no such day.",
            "england-and-wales: event 2: `date` is `1 May`. A date is written YYYY-MM-DD, like 2019-11-07.",
            "england-and-wales: event 3: `title` is not a text, or is empty.",
            "england-and-wales: event 4: `date` is not a text.",
            "england-and-wales: event 5: `date` is `2004-12-31`. Dates lie between 2005-01-01 and 2099-12-31.",
            "england-and-wales: event 6: `title` is not a text, or is empty.",
            "england-and-wales: event 8: 2029-01-01 is listed already.",
            "scotland: the division is missing.",
        ]
    );
    assert_eq!(faults(&json.replace("\"events\"", "\"days\"")).len(), 4);
}

fn any_calendar() -> impl Strategy<Value = &'static Calendar> {
    proptest::sample::select(CalendarId::ALL).prop_map(calendar)
}

fn any_day() -> impl Strategy<Value = Date> {
    (0..=Date::LAST.days_since(Date::FIRST)).prop_map(|later| Date::FIRST.plus_days(later))
}

proptest! {
    #[test]
    fn a_later_receipt_is_never_due_earlier(
        calendar in any_calendar(), day in any_day(), later in 0..400_i64, n in 1..1000_u32,
    ) {
        prop_assert!(calendar.working_day_after(day, n) <= calendar.working_day_after(day.plus_days(later), n));
    }

    #[test]
    fn counting_in_two_steps_is_counting_in_one(
        calendar in any_calendar(), day in any_day(), n in 0..800_u32, m in 0..800_u32,
    ) {
        let stepwise = calendar.working_day_after(calendar.working_day_after(day, n), m);
        prop_assert_eq!(stepwise, calendar.working_day_after(day, n + m));
    }

    #[test]
    fn a_time_limit_ends_on_a_working_day_that_many_on(calendar in any_calendar(), day in any_day(), n in 1..1000_u32) {
        let end = calendar.working_day_after(day, n);
        prop_assert!(calendar.is_working_day(end));
        prop_assert_eq!(calendar.working_days_between(day, end), i64::from(n));
        prop_assert_eq!(calendar.working_days_between(end, day), -i64::from(n));
        prop_assert_eq!(calendar.working_days_between(day, end.plus_days(-1)), i64::from(n) - 1);
    }

    #[test]
    fn the_tables_agree_with_walking_day_by_day(calendar in any_calendar(), day in any_day(), length in 0..90_i64) {
        let end = day.plus_days(length);
        let days = || (1..=length).map(|later| day.plus_days(later));
        let working = days().filter(|day| calendar.is_working_day(*day)).count();
        prop_assert_eq!(calendar.working_days_between(day, end), i64::try_from(working).unwrap());
        let skipped = calendar.non_working_days(day.plus_days(1), end, Weekends::Included);
        let listed: Vec<Date> = skipped.iter().map(|skipped| skipped.date).collect();
        let expected: Vec<Date> = days().filter(|day| !calendar.is_working_day(*day)).collect();
        prop_assert_eq!(listed, expected);
        let weekdays: Vec<_> = skipped.into_iter().filter(|skipped| !working_days::is_weekend(skipped.date)).collect();
        prop_assert_eq!(calendar.non_working_days(day.plus_days(1), end, Weekends::LeftOut), weekdays);
        let next = (0..30).map(|later| day.plus_days(later)).find(|day| calendar.is_working_day(*day)).unwrap();
        prop_assert_eq!(calendar.on_or_after(day), next);
    }

    #[test]
    fn what_counts_everywhere_counts_in_every_nation(day in any_day()) {
        if calendar(CalendarId::UkAny).is_working_day(day) {
            prop_assert!(CalendarId::ALL.iter().all(|id| calendar(*id).is_working_day(day)));
        }
    }
}
