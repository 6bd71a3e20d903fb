//! What the explanation says beside the figures.

use super::*;

fn segments(story: &Story, up_to: &str) -> Vec<String> {
    let end = |segment: &Segment| text(segment.end_on).unwrap_or_default();
    let segments = story.explained(up_to).segments;
    segments.iter().map(|segment| format!("{} {}..{}", segment.kind, segment.start_on, end(segment))).collect()
}

#[test]
fn stretches_follow_the_events() {
    let story = Story::foia("2023-07-26").asked("q", "2023-08-10").answered("q", "2023-09-01").responded("2023-10-04");
    assert_eq!(
        segments(&story, "2023-12-31"),
        [
            "running 2023-07-26..2023-08-09",
            "waiting_for_clarification 2023-08-10..2023-08-31",
            "running 2023-09-01..2023-09-29",
            "overdue 2023-09-30..2023-10-03",
            "closed 2023-10-04..",
        ]
    );
}

#[test]
fn the_day_of_payment_belongs_to_the_waiting() {
    let story = Story::foia("2024-01-08").fee_notice("n", "2024-01-15").paid("n", "2024-01-24");
    assert_eq!(
        segments(&story, "2024-02-01"),
        ["running 2024-01-08..2024-01-14", "waiting_for_fee 2024-01-15..2024-01-24", "running 2024-01-25.."]
    );
    assert_eq!(segments(&story.responded("2024-01-24"), "2024-02-01").last().unwrap(), "closed 2024-01-25..");
}

#[test]
fn an_extension_shows_once_the_limit_has_passed() {
    let story = Story::foia("2024-01-08").public_interest("2024-02-05", "2024-02-16");
    assert_eq!(segments(&story, "2024-02-05"), ["running 2024-01-08.."]);
    assert_eq!(
        segments(&story, "2024-02-20"),
        ["running 2024-01-08..2024-02-05", "extended 2024-02-06..2024-02-16", "overdue 2024-02-17.."]
    );
}

#[test]
fn an_unpaid_fee_closes_by_date() {
    let story = Story::foia("2024-01-08").fee_notice("n", "2024-01-15").with("r", "2024-06-03", Happening::Reopening);
    assert_eq!(
        segments(&story, "2024-06-04"),
        [
            "running 2024-01-08..2024-01-14",
            "waiting_for_fee 2024-01-15..2024-04-14",
            "closed 2024-04-15..2024-06-02",
            "running 2024-06-03..",
        ]
    );
}

#[test]
fn the_days_that_did_not_count_are_named() {
    let skipped = Story::foia("2019-11-07").explained("2019-11-20").skipped;
    assert_eq!(skipped.iter().map(|day| day.date.to_string()).collect::<Vec<_>>(), ["2019-12-02"]);
}

#[test]
fn effects_are_told_in_plain_words_with_their_provision() {
    let story = Story::foia("2023-07-26")
        .corrected("c", "2023-07-27", 1)
        .asked("q", "2023-08-29")
        .answered("q", "2023-09-05")
        .responded("2023-09-06");
    let effects = story.explained("2030-01-01").effects;
    let told: Vec<_> = effects.iter().map(|told| (told.id.as_str(), told.provision, told.effect.as_str())).collect();
    assert_eq!(
        told,
        [
            (
                "q",
                "section 1(3)",
                "The duty waits until clarification comes. The limit of 2023-08-25 had passed before: that breach stands."
            ),
            (
                "answer-q",
                "section 10(6)",
                "Clarification came: a new clock started on 2023-09-05 and ends on 2023-10-03. The limit of 2023-08-25 \
                 had passed before: that breach stands."
            ),
            ("response", "section 10(1)", "Answered on working day 1 of the clock, late: the limit was 2023-08-25."),
            ("c", "section 10(1)", "The request was received on 2023-07-27; every date is counted anew from there."),
        ]
    );
}

#[test]
fn a_working_clock_is_listed_only_where_it_differs() {
    let late = Story::foia("2023-07-26").asked("q", "2023-08-25").answered("q", "2023-09-05");
    assert_eq!(late.date("2023-09-05", DueDateKind::WorkingClock).as_deref(), Some("2023-10-03"));
    let in_time = Story::foia("2023-07-26").asked("q", "2023-08-24").answered("q", "2023-09-05");
    assert_eq!(in_time.date("2023-09-05", DueDateKind::WorkingClock), None);
}
