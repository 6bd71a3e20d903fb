//! Worked examples under FOIA, the published cases among them.

use super::*;

#[test]
fn case_000_is_answered_on_working_day_18() {
    let story = Story::foia("2023-07-26").responded("2023-08-22");
    let clock = story.on("2023-12-31");
    assert_eq!((clock.due_on, clock.state), (day("2023-08-24"), PartState::Responded));
    assert_eq!((clock.working_days_taken, clock.in_deadline, clock.in_time), (Some(18), Some(true), Some(true)));
    assert_eq!((clock.working_days_used, clock.working_days_left), (18, 2));
    assert_eq!(story.date("2023-12-31", DueDateKind::ReviewMayBeAskedUntil).as_deref(), Some("2023-10-18"));
}

#[test]
fn case_003_has_an_extension_that_came_too_late() {
    let story = Story::foia("2019-11-07").public_interest("2019-12-20", "2020-01-07").responded("2020-01-28");
    assert_eq!(story.on("2019-12-20").working_days_used, 30);
    let clock = story.on("2020-06-23");
    assert_eq!((clock.due_on, clock.extended_to), (day("2019-12-06"), None));
    assert_eq!((clock.working_days_taken, clock.working_days_left), (Some(53), -33));
    assert_eq!((clock.in_deadline, clock.in_time), (Some(false), Some(false)));
    assert_eq!(story.date("2020-06-23", DueDateKind::GuidanceFortiethDay).as_deref(), Some("2020-01-09"));
    let expected = "Not permitted: notified after the limit of 2019-12-06.";
    assert_eq!(story.effects().first().map(String::as_str), Some(expected));
}

#[test]
fn case_004_is_answered_on_working_day_87() {
    let clock = Story::foia("2023-02-13").responded("2023-06-22").on("2024-02-08");
    assert_eq!((clock.due_on, clock.working_days_taken), (day("2023-03-13"), Some(87)));
    assert_eq!((clock.working_days_left, clock.in_time), (-67, Some(false)));
}

#[test]
fn a_request_is_overdue_from_the_day_after_its_due_date() {
    let story = Story::foia("2023-07-26");
    assert!(!is_overdue(&story.on("2023-08-24"), day("2023-08-24")));
    let late = story.on("2023-08-25");
    assert!(is_overdue(&late, day("2023-08-25")));
    assert_eq!((late.working_days_used, late.working_days_left), (21, -1));
}

#[test]
fn the_duty_waits_for_clarification_and_then_starts_anew() {
    let story = Story::foia("2023-07-26").asked("q", "2023-08-10").answered("q", "2023-09-01").responded("2023-09-20");
    let waiting = story.on("2023-08-31");
    assert_eq!((waiting.state, waiting.due_on), (PartState::AwaitingClarification, day("2023-08-24")));
    assert_eq!((waiting.working_days_used, waiting.working_days_left), (10, 10));
    assert!(!is_overdue(&waiting, day("2023-08-31")));
    assert_eq!(story.date("2023-08-31", DueDateKind::ClarificationMayLapse).as_deref(), Some("2023-10-10"));
    let anew = story.on("2023-09-01");
    assert_eq!((anew.state, anew.started_on, anew.due_on), (PartState::Open, day("2023-09-01"), day("2023-09-29")));
    assert_eq!((anew.received_on, anew.breach_stands), (day("2023-07-26"), false));
    let answered = story.on("2023-09-20");
    assert_eq!((answered.working_days_taken, answered.in_deadline), (Some(13), Some(true)));
}

#[test]
fn a_question_on_the_due_date_is_in_time_and_one_a_day_later_cures_nothing() {
    let in_time = Story::foia("2023-07-26").asked("q", "2023-08-24").answered("q", "2023-09-05");
    assert_eq!(in_time.on("2023-09-05").due_on, day("2023-10-03"));
    let late = Story::foia("2023-07-26").asked("q", "2023-08-25").answered("q", "2023-09-05").responded("2023-09-06");
    let waiting = late.on("2023-09-04");
    assert_eq!((waiting.state, waiting.breach_stands), (PartState::AwaitingClarification, true));
    assert!(is_overdue(&waiting, day("2023-09-04")));
    let anew = late.on("2023-09-05");
    assert_eq!((anew.due_on, anew.working_due_on), (day("2023-08-24"), day("2023-10-03")));
    assert!(is_overdue(&anew, day("2023-09-05")));
    let answered = late.on("2023-09-06");
    assert_eq!(
        (answered.working_days_taken, answered.in_deadline, answered.in_time),
        (Some(1), Some(false), Some(false))
    );
}

#[test]
fn the_duty_waits_until_every_question_is_answered() {
    let story = Story::foia("2023-07-26").asked("a", "2023-08-01").asked("b", "2023-08-03").answered("a", "2023-08-15");
    assert_eq!(story.on("2023-08-20").state, PartState::AwaitingClarification);
    let story = story.answered("b", "2023-09-01");
    assert_eq!(story.on("2023-09-01").due_on, day("2023-09-29"));
}

#[test]
fn an_answer_to_a_question_that_is_not_there_does_nothing() {
    let story = Story::foia("2023-07-26").answered("voided", "2023-08-10");
    assert_eq!(story.on("2023-08-10").started_on, day("2023-07-26"));
}

#[test]
fn silence_closes_nothing_until_a_lapse_is_recorded() {
    let story = Story::foia("2023-07-26").asked("q", "2023-08-10");
    assert_eq!(story.on("2024-08-10").state, PartState::AwaitingClarification);
    let lapsed = story.with("l", "2023-10-11", Happening::Lapse).answered("q", "2024-03-01");
    let clock = lapsed.on("2024-03-05");
    assert_eq!((clock.state, clock.closed_on), (PartState::Lapsed, Some(day("2023-10-11"))));
    let reopened = lapsed.with("r", "2024-03-11", Happening::Reopening).responded("2024-03-20").on("2024-03-31");
    assert_eq!((reopened.received_on, reopened.due_on), (day("2024-03-11"), day("2024-04-11")));
    assert_eq!((reopened.state, reopened.working_days_taken), (PartState::Responded, Some(6)));
}

#[test]
fn the_days_from_notice_to_payment_do_not_count() {
    let story = Story::foia("2024-01-08").fee_notice("n", "2024-01-15").paid("n", "2024-01-24");
    let waiting = story.on("2024-01-23");
    assert_eq!((waiting.state, waiting.due_on), (PartState::AwaitingFee, day("2024-02-05")));
    assert_eq!((waiting.working_days_used, waiting.lapses_on), (4, Some(day("2024-04-15"))));
    let paid = story.on("2024-01-24");
    assert_eq!((paid.state, paid.due_on, paid.lapses_on), (PartState::Open, day("2024-02-15"), None));
    assert_eq!(paid.working_days_used, 4);
    let last_day = story.responded("2024-02-15").on("2024-02-15");
    assert_eq!((last_day.working_days_taken, last_day.in_deadline), (Some(20), Some(true)));
}

#[test]
fn a_fee_suspends_the_clock_that_clarification_started() {
    let story =
        Story::foia("2024-01-08").fee_notice("n", "2024-01-15").asked("q", "2024-01-17").answered("q", "2024-01-22");
    assert_eq!(story.on("2024-01-22").state, PartState::AwaitingFee);
    assert_eq!(story.paid("n", "2024-01-26").on("2024-01-26").due_on, day("2024-02-23"));
}

#[test]
fn an_unpaid_fee_ends_the_duty_by_date_alone() {
    let story = Story::foia("2024-01-08").fee_notice("n", "2024-01-15");
    assert_eq!(story.date("2024-02-01", DueDateKind::FeePayableUntil).as_deref(), Some("2024-04-14"));
    let last_day = story.on("2024-04-14");
    assert_eq!(last_day.state, PartState::AwaitingFee);
    assert_eq!(
        (last_day.state_on(day("2024-04-15")), last_day.closed_by(day("2024-04-14"))),
        (PartState::Lapsed, None)
    );
    let lapsed = story.on("2024-04-15");
    assert_eq!((lapsed.state, lapsed.closed_on), (PartState::Lapsed, Some(day("2024-04-15"))));
    assert_eq!(lapsed.lapses_on, lapsed.closed_on);
    let late_payment = story.clone().paid("n", "2024-04-15").on("2024-05-01");
    assert_eq!(late_payment.state, PartState::Lapsed);
    assert_eq!(story.paid("n", "2024-04-14").on("2024-05-01").state, PartState::Open);
}

#[test]
fn three_months_without_a_corresponding_date_are_used_up_whole() {
    for (given_on, payable_until) in [
        ("2023-11-30", "2024-02-29"),
        ("2023-11-29", "2024-02-28"),
        ("2023-01-31", "2023-04-30"),
        ("2022-12-01", "2023-02-28"),
    ] {
        let story = Story::foia(given_on).fee_notice("n", given_on);
        assert_eq!(story.date(given_on, DueDateKind::FeePayableUntil).as_deref(), Some(payable_until), "{given_on}");
    }
}

#[test]
fn a_fee_notice_after_the_limit_cures_nothing() {
    let clock = Story::foia("2024-01-08").fee_notice("n", "2024-02-06").paid("n", "2024-02-09").on("2024-02-12");
    assert_eq!((clock.due_on, clock.breach_stands, clock.state), (day("2024-02-05"), true, PartState::Open));
    assert!(is_overdue(&clock, day("2024-02-12")));
    assert_eq!(clock.working_days_used, 21);
}

#[test]
fn a_payment_settles_its_notice_and_those_before_it() {
    let story = Story::foia("2024-01-08").fee_notice("a", "2024-01-15").fee_notice("b", "2024-01-22");
    assert_eq!(story.on("2024-01-22").lapses_on, Some(day("2024-04-22")));
    assert_eq!(story.clone().paid("a", "2024-01-24").on("2024-01-25").state, PartState::AwaitingFee);
    assert_eq!(story.paid("b", "2024-01-24").on("2024-01-25").due_on, day("2024-02-15"));
}

#[test]
fn a_public_interest_extension_moves_by_estimates_given_in_time() {
    let story = Story::foia("2024-01-08").public_interest("2024-02-05", "2024-02-16");
    let clock = story.on("2024-02-12");
    assert_eq!((clock.due_on, clock.extended_to), (day("2024-02-05"), Some(day("2024-02-16"))));
    assert_eq!((clock.working_days_used, clock.working_days_left), (25, 4));
    assert!(!is_overdue(&clock, day("2024-02-16")) && is_overdue(&clock, day("2024-02-17")));
    let moved = story.clone().public_interest("2024-02-16", "2024-03-08").responded("2024-03-08").on("2024-03-31");
    assert_eq!(moved.extended_to, Some(day("2024-03-08")));
    assert_eq!((moved.in_deadline, moved.in_time), (Some(false), Some(true)));
    let too_late = story.public_interest("2024-02-17", "2024-03-08").responded("2024-03-08").on("2024-03-31");
    assert_eq!((too_late.extended_to, too_late.in_time), (Some(day("2024-02-16")), Some(false)));
}

#[test]
fn an_extension_needs_an_estimate_and_a_running_clock() {
    let extension = Happening::Extension {
        extension: ExtensionKind::PublicInterest,
        estimated_on: None,
        names_qualified_ground: true,
    };
    assert_eq!(Story::foia("2024-01-08").with("e", "2024-01-20", extension).on("2024-01-20").extended_to, None);
    let waiting = Story::foia("2024-01-08").asked("q", "2024-01-10").public_interest("2024-01-12", "2024-03-01");
    assert_eq!(waiting.on("2024-01-12").extended_to, None);
    let restarted = Story::foia("2024-01-08").public_interest("2024-01-10", "2024-03-01").asked("q", "2024-01-11");
    assert_eq!(restarted.on("2024-01-11").extended_to, Some(day("2024-03-01")));
    assert_eq!(restarted.answered("q", "2024-01-12").on("2024-01-12").extended_to, None);
}

#[test]
fn a_question_within_a_permitted_extension_finds_no_breach() {
    let story = Story::foia("2024-01-08").public_interest("2024-02-05", "2024-03-01").asked("q", "2024-02-20");
    let clock = story.answered("q", "2024-03-11").on("2024-03-11");
    assert_eq!((clock.due_on, clock.breach_stands), (day("2024-04-11"), false));
}

#[test]
fn an_estimate_before_the_due_date_shortens_nothing() {
    let clock = Story::foia("2024-01-08").public_interest("2024-01-10", "2024-01-20").on("2024-02-01");
    assert_eq!((clock.limit_on(), clock.working_days_left), (day("2024-02-05"), 2));
    assert!(!is_overdue(&clock, day("2024-02-05")));
}

#[test]
fn withdrawal_ends_the_duty_and_an_answer_after_it_is_measured_by_nothing() {
    let story = Story::foia("2024-01-08").with("w", "2024-01-15", Happening::Withdrawal);
    let withdrawn = story.on("2024-06-01");
    assert_eq!((withdrawn.state, withdrawn.closed_on), (PartState::Withdrawn, Some(day("2024-01-15"))));
    assert!(!is_overdue(&withdrawn, day("2024-06-01")));
    assert_eq!(withdrawn.working_days_used, 5);
    let answered = story.responded("2024-06-01").on("2024-06-01");
    assert_eq!((answered.state, answered.in_time, answered.working_days_taken), (PartState::Responded, None, None));
}

#[test]
fn reopening_may_fall_on_the_day_of_the_ending() {
    let story = Story::foia("2024-01-08").with("w", "2024-03-11", Happening::Withdrawal);
    let clock = story.with("r", "2024-03-11", Happening::Reopening).on("2024-03-11");
    assert_eq!((clock.state, clock.due_on), (PartState::Open, day("2024-04-11")));
}

#[test]
fn a_transfer_under_the_act_leaves_the_answer_to_be_measured() {
    let story = Story::foia("2024-01-08").with("t", "2024-01-15", Happening::Transfer);
    assert_eq!(story.on("2024-03-01").state, PartState::Transferred);
    let clock = story.responded("2024-02-01").on("2024-03-01");
    assert_eq!((clock.working_days_taken, clock.in_deadline), (Some(18), Some(true)));
}

#[test]
fn the_last_recorded_correction_of_the_receipt_stands_for_every_day() {
    let story = Story::foia("2024-01-08").corrected("c2", "2024-01-10", 8).corrected("c1", "2024-01-11", 7);
    let story = story.public_interest("2024-02-07", "2024-02-20");
    let clock = story.on("2024-02-08");
    assert_eq!((clock.received_on, clock.due_on), (day("2024-01-10"), day("2024-02-07")));
    assert_eq!(clock.extended_to, Some(day("2024-02-20")), "permitted only by the correction");
}

#[test]
fn the_first_answer_decides() {
    let clock = Story::foia("2024-01-08").responded("2024-01-20").with("again", "2024-03-01", Happening::Response);
    assert_eq!(clock.on("2024-03-01").responded_on, Some(day("2024-01-20")));
}

#[test]
fn an_answer_while_the_duty_waits_is_in_time() {
    let story = Story::foia("2024-01-08").asked("q", "2024-01-15").responded("2024-05-01");
    let clock = story.on("2024-05-01");
    assert_eq!((clock.in_deadline, clock.working_days_taken), (Some(true), Some(5)));
}

#[test]
fn an_event_of_another_part_changes_nothing() {
    let mut story = Story::foia("2024-01-08").asked("q", "2024-01-15");
    story.events[0].scope = Scope::Parts(vec!["2".parse().unwrap()]);
    assert_eq!(story.on("2024-02-01").state, PartState::Open);
    assert_eq!(text(story.on("2024-02-01").closed_on), None);
}

#[test]
fn a_fee_notice_on_the_due_date_is_in_time() {
    let clock = Story::foia("2024-01-08").fee_notice("n", "2024-02-05").paid("n", "2024-02-09").on("2024-02-12");
    assert_eq!((clock.due_on, clock.breach_stands, clock.working_days_left), (day("2024-02-12"), false, 0));
}

#[test]
fn no_limit_passes_while_the_clock_is_stopped() {
    let waiting = Story::foia("2024-01-08").fee_notice("n", "2024-01-15");
    let asked = waiting.clone().asked("q", "2024-02-20").answered("q", "2024-02-22").on("2024-02-22");
    assert!(!asked.breach_stands);
    let both = waiting.clone().asked("q", "2024-02-20").responded("2024-03-01").on("2024-03-01");
    assert_eq!((both.in_deadline, both.working_days_taken), (Some(true), Some(4)));
    let extended = waiting.public_interest("2024-02-10", "2024-03-29").paid("n", "2024-02-14").on("2024-02-14");
    assert_eq!(extended.extended_to, Some(day("2024-03-29")));
}

#[test]
fn a_breach_that_stands_leaves_no_room_for_an_extension() {
    let story = Story::foia("2023-07-26").asked("q", "2023-08-25").answered("q", "2023-09-05");
    let clock = story.public_interest("2023-09-06", "2023-11-01").on("2023-09-06");
    assert_eq!((clock.extended_to, clock.breach_stands), (None, true));
}

#[test]
fn an_answer_on_the_day_of_the_withdrawal_counts() {
    let clock = Story::foia("2024-01-08").with("w", "2024-02-01", Happening::Withdrawal).responded("2024-02-01");
    assert_eq!(clock.on("2024-02-01").in_deadline, Some(true));
}

#[test]
fn a_fee_notice_after_the_limit_ends_no_duty() {
    for regime in Regime::ALL {
        let story = Story::new(*regime, "2024-01-08").fee_notice("n", "2024-02-06");
        let waiting = story.on("2026-06-30");
        assert_eq!((waiting.state, waiting.lapses_on, waiting.closed_on), (PartState::AwaitingFee, None, None));
        assert_eq!((waiting.breach_stands, waiting.overdue_after(day("2026-06-30"))), (true, Some(day("2024-02-05"))));
        assert!(is_overdue(&waiting, day("2024-02-06")) && is_overdue(&waiting, day("2026-06-30")), "{regime}");
        assert_eq!(story.date("2024-02-06", DueDateKind::FeePayableUntil), None);
        assert!(story.effects()[0].contains("ends no duty"), "{:?}", story.effects());
        let answered = story.responded("2024-09-02").on("2024-09-02");
        assert_eq!((answered.in_deadline, answered.in_time), (Some(false), Some(false)));
        // A later notice given while the late one waits is no better.
        let again = Story::new(*regime, "2024-01-08").fee_notice("a", "2024-02-06").fee_notice("b", "2024-02-12");
        assert_eq!(again.on("2026-06-30").lapses_on, None);
    }
}

#[test]
fn a_fee_notice_in_time_on_a_clock_that_a_late_question_started_ends_the_duty_and_no_breach() {
    let story = Story::foia("2024-01-08").asked("q", "2024-02-06").answered("q", "2024-02-12");
    let waiting = story.clone().fee_notice("n", "2024-02-20").on("2024-02-20");
    assert_eq!((waiting.lapses_on, waiting.due_on), (Some(day("2024-05-20")), day("2024-02-05")));
    assert!(is_overdue(&waiting, day("2024-02-20")));
    let lapsed = story.clone().fee_notice("n", "2024-02-20").on("2024-05-20");
    assert_eq!((lapsed.state, lapsed.breach_stands), (PartState::Lapsed, true));
    // From 12 February the 20th working day is 11 March.
    assert_eq!(story.clone().fee_notice("n", "2024-03-11").on("2024-03-11").lapses_on, Some(day("2024-06-11")));
    assert_eq!(story.fee_notice("n", "2024-03-12").on("2024-03-12").lapses_on, None);
}

#[test]
fn more_time_for_the_public_interest_is_time_for_a_fee_notice() {
    let story = Story::foia("2024-01-08").public_interest("2024-02-05", "2024-03-01");
    let within = story.clone().fee_notice("n", "2024-02-20").on("2024-02-20");
    assert_eq!((within.lapses_on, within.breach_stands), (Some(day("2024-05-20")), false));
    assert_eq!(story.fee_notice("n", "2024-03-02").on("2024-03-02").lapses_on, None);
}

#[test]
fn a_review_may_be_asked_for_from_the_separate_notice_of_a_test() {
    let story = Story::foia("2024-01-08").responded("2024-01-15").with("outcome", "2024-02-20", Happening::Response);
    assert_eq!(story.date("2024-02-01", DueDateKind::ReviewMayBeAskedUntil).as_deref(), Some("2024-03-11"));
    assert_eq!(story.date("2024-02-20", DueDateKind::ReviewMayBeAskedUntil).as_deref(), Some("2024-04-19"));
}

#[test]
fn a_fee_asked_for_within_an_extension_moves_its_end_by_the_days_of_waiting() {
    let story = Story::foia("2024-01-08").public_interest("2024-02-05", "2024-03-01").fee_notice("fee", "2024-02-12");
    assert_eq!(text(story.on("2024-03-08").extended_to).as_deref(), Some("2024-03-01"), "while it is awaited it stays");
    // Twenty-one working days from 12 February to 11 March; 18 and 29 March and 1 April are none.
    let paid = story.paid("fee", "2024-03-11");
    let clock = paid.on("2024-03-12");
    assert_eq!(
        (clock.due_on, text(clock.extended_to).as_deref(), clock.working_days_left),
        (day("2024-02-05"), Some("2024-04-04"), 14)
    );
    assert_eq!(paid.clone().responded("2024-03-12").on("2024-06-28").in_time, Some(true));
    assert_eq!(paid.clone().responded("2024-04-04").on("2024-06-28").in_time, Some(true));
    assert_eq!(paid.clone().responded("2024-04-05").on("2024-06-28").in_time, Some(false));
    assert_eq!(paid.clone().responded("2024-03-12").on("2024-06-28").in_deadline, Some(false), "day 20 had passed");
    // A day announced when the fee had been asked for knows of it, and one that is announced again stands as it did.
    let later = Story::foia("2024-01-08").fee_notice("fee", "2024-01-15").public_interest("2024-02-05", "2024-03-08");
    assert_eq!(text(later.paid("fee", "2024-02-12").on("2024-03-12").extended_to).as_deref(), Some("2024-03-08"));
    let again = Story::foia("2024-01-08")
        .public_interest("2024-02-05", "2024-03-01")
        .public_interest("2024-02-13", "2024-03-01");
    let again = again.fee_notice("fee", "2024-02-12").paid("fee", "2024-02-12").on("2024-03-12");
    assert_eq!(text(again.extended_to).as_deref(), Some("2024-03-01"));
}
