//! The clock of a request with several parts.

use super::*;

const TODAY: &str = "2024-02-12";

fn of(stories: &[&Story]) -> RequestClock {
    let parts: Vec<PartClock> = stories.iter().map(|story| story.on(TODAY)).collect();
    request_clock(&parts, day(TODAY)).unwrap()
}

#[test]
fn without_a_valid_part_there_is_no_clock() {
    assert_eq!(request_clock(&[], day(TODAY)), None);
}

#[test]
fn one_state_speaks_for_all() {
    let open = Story::foia("2024-01-08");
    let fee = open.clone().fee_notice("n", "2024-01-15");
    let question = open.clone().asked("q", "2024-01-15");
    let answered = open.clone().responded("2024-01-20");
    let transferred = open.clone().with("t", "2024-01-15", Happening::Transfer);
    let withdrawn = open.clone().with("w", "2024-01-16", Happening::Withdrawal);
    let lapsed = open.clone().with("l", "2024-01-17", Happening::Lapse);
    let in_order = [&open, &fee, &question, &answered, &transferred, &withdrawn, &lapsed];
    for (position, story) in in_order.iter().enumerate() {
        let mut rest = in_order[position..].to_vec();
        rest.reverse();
        assert_eq!(of(&rest).status, story.on(TODAY).state);
    }
}

#[test]
fn the_earliest_open_part_gives_the_due_date() {
    let first = Story::foia("2024-01-08");
    let restarted = first.clone().asked("q", "2024-01-15").answered("q", "2024-01-22");
    let answered = first.clone().responded("2024-02-01");
    let both = of(&[&restarted, &first]);
    assert_eq!((both.due_on, both.overdue, both.closed_on), (day("2024-02-05"), true, None));
    let rest = of(&[&restarted, &answered]);
    assert_eq!((rest.due_on, rest.overdue, rest.status), (day("2024-02-19"), false, PartState::Open));
    assert_eq!((rest.responded_on, rest.on_time, rest.working_days_taken), (None, None, None));
    let waiting = first.asked("q", "2024-01-15");
    assert_eq!(of(&[&waiting, &restarted]).due_on, day("2024-02-19"), "a clock that waits is not the next to end");
}

#[test]
fn an_answer_to_every_part_completes_the_request() {
    let first = Story::foia("2024-01-08").responded("2024-02-01");
    let extended = Story::foia("2024-01-08").public_interest("2024-02-01", "2024-02-09").responded("2024-02-08");
    let clock = of(&[&extended, &first]);
    assert_eq!(
        (clock.status, clock.on_time, clock.extended_to),
        (PartState::Responded, Some(true), Some(day("2024-02-09")))
    );
    assert_eq!((clock.responded_on, clock.closed_on), (Some(day("2024-02-08")), Some(day("2024-02-08"))));
    assert_eq!((clock.working_days_taken, clock.due_on), (Some(23), day("2024-02-05")));
    let late = Story::foia("2024-01-08").responded("2024-02-06");
    assert_eq!(of(&[&late, &first]).on_time, Some(false));
}

#[test]
fn an_extension_of_one_part_does_not_excuse_another() {
    let extended = Story::foia("2024-01-08").public_interest("2024-02-01", "2024-02-20");
    let plain = Story::foia("2024-01-08");
    assert!(!of(&[&extended]).overdue);
    let both = of(&[&extended, &plain]);
    assert_eq!((both.overdue, both.extended_to), (true, Some(day("2024-02-20"))));
}

#[test]
fn a_stored_clock_lapses_without_being_computed_anew() {
    let stored = [Story::foia("2024-01-08").fee_notice("n", "2024-01-15").on("2024-01-20")];
    let before = request_clock(&stored, day("2024-04-14")).unwrap();
    assert_eq!((before.status, before.lapses_on), (PartState::AwaitingFee, Some(day("2024-04-15"))));
    let after = request_clock(&stored, day("2024-04-15")).unwrap();
    assert_eq!((after.status, after.closed_on), (PartState::Lapsed, Some(day("2024-04-15"))));
}

#[test]
fn a_fee_asked_for_too_late_keeps_the_whole_request_from_lapsing() {
    let in_time = Story::foia("2024-01-08").fee_notice("n", "2024-01-15");
    let late = Story::foia("2024-01-01").fee_notice("n", "2024-02-06");
    assert_eq!(of(&[&in_time]).lapses_on, Some(day("2024-04-15")));
    assert_eq!(of(&[&in_time, &late]).lapses_on, None);
    assert_eq!(of(&[&in_time, &late]).status, PartState::AwaitingFee);
}
