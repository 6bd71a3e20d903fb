//! How requests in every state enter the timeliness.

use super::*;
use DeterminationOutcome::{Disclosed, NotHeld};
use TimelinessBasis::{Closed, Due, Received};

/// Received on 7 November 2019, due on 6 December: 2 December is a bank holiday in Scotland.
const RECEIVED: &str = "2019-11-07";

fn received_as_at(story: Story, as_at: &str) -> (u32, u32, u32, u32, u32) {
    counts(&timely(&[story], Received, selection("2019-10-01", "2019-12-31", as_at)))
}

#[test]
fn an_answer_after_an_extension_taken_too_late_is_late() {
    // The published case: told on 20 December, after the limit, that more time was needed; answered on 28 January.
    let story = Story::new(RECEIVED).extended("2019-12-20", "2020-01-07").answered("1", "2020-01-28", Disclosed);
    let asked = Selection { group_by: Some(GroupBy::Quarter), ..selection("2019-01-01", "2019-12-31", "2020-06-30") };
    let rows = timeliness(Calendars::embedded(), &[story.case()], &asked, Received);
    let labels: Vec<_> = rows.iter().map(|row| row.period.as_str()).collect();
    assert_eq!(labels, ["2019-Q1", "2019-Q2", "2019-Q3", "2019-Q4"]);
    assert_eq!(rows[3].in_deadline, Figure::new(0, 1));
    assert_eq!((rows[3].in_time, rows[3].late), (Figure::new(0, 1), Figure::new(1, 1)));
    assert_eq!(rows[3].working_days.median, Some(53.0));
    assert_eq!((rows[0].requests, rows[0].in_deadline.ratio), (0, None));
}

#[test]
fn met_extended_and_late() {
    let story = || Story::new(RECEIVED);
    assert_eq!(received_as_at(story().answered("1", "2019-12-06", NotHeld), "2020-06-30"), (1, 1, 0, 0, 0));
    assert_eq!(received_as_at(story().answered("1", "2019-12-09", NotHeld), "2020-06-30"), (0, 0, 1, 0, 0));
    let extended = story().extended("2019-12-06", "2020-01-07");
    assert_eq!(received_as_at(extended.clone().answered("1", "2020-01-07", NotHeld), "2020-06-30"), (0, 1, 0, 0, 0));
    assert_eq!(received_as_at(extended.answered("1", "2020-01-08", NotHeld), "2020-06-30"), (0, 0, 1, 0, 0));
}

#[test]
fn open_requests_are_late_once_overdue_and_never_a_success() {
    let extended = Story::new(RECEIVED).extended("2019-12-06", "2020-01-07");
    assert_eq!(received_as_at(Story::new(RECEIVED), "2019-12-06"), (0, 0, 0, 1, 0));
    assert_eq!(received_as_at(Story::new(RECEIVED), "2019-12-07"), (0, 0, 1, 0, 0));
    assert_eq!(received_as_at(extended.clone(), "2019-12-07"), (0, 0, 0, 1, 0));
    assert_eq!(received_as_at(extended, "2020-01-08"), (0, 0, 1, 0, 0));
}

#[test]
fn what_waits_or_ended_leaves_the_denominator() {
    let with = |happening| Story::new(RECEIVED).event("event", "2019-11-20", happening);
    for happening in [
        Happening::ClarificationAsked,
        Happening::FeeNoticeGiven,
        Happening::Withdrawal,
        Happening::Lapse,
        Happening::Transfer,
    ] {
        assert_eq!(received_as_at(with(happening.clone()), "2020-06-30"), (0, 0, 0, 0, 1), "{happening:?}");
    }
    let answered_after_all = with(Happening::Withdrawal).answered("1", "2020-03-02", Disclosed);
    assert_eq!(received_as_at(answered_after_all.clone(), "2020-06-30"), (0, 0, 0, 0, 1));
    let row = timely(&[answered_after_all], Closed, selection("2020-03-01", "2020-03-31", "2020-06-30"));
    assert_eq!((row.requests, counts(&row), row.working_days.measured), (1, (0, 0, 0, 0, 1), 0));
}

#[test]
fn a_question_asked_after_the_limit_cures_nothing() {
    let asked = Story::new(RECEIVED).event("question", "2019-12-09", Happening::ClarificationAsked);
    assert_eq!(received_as_at(asked.clone(), "2020-01-31"), (0, 0, 1, 0, 0));
    let question = "question".to_owned();
    let clarified = asked.event("clarified", "2020-01-10", Happening::ClarificationAnswered { question });
    assert_eq!(received_as_at(clarified.answered("1", "2020-01-13", Disclosed), "2020-01-31"), (0, 0, 1, 0, 0));
}

#[test]
fn as_at_looks_at_the_end_of_that_day() {
    let story = || Story::new(RECEIVED).answered("1", "2019-12-06", Disclosed);
    assert_eq!(received_as_at(story(), "2019-11-06"), (0, 0, 0, 0, 0));
    assert_eq!(received_as_at(story(), "2019-11-07"), (0, 0, 0, 1, 0));
    assert_eq!(received_as_at(story(), "2019-12-05"), (0, 0, 0, 1, 0));
    assert_eq!(received_as_at(story(), "2019-12-06"), (1, 1, 0, 0, 0));
}

#[test]
fn the_bases_put_a_request_into_different_periods() {
    let story = Story::new(RECEIVED).extended("2019-12-06", "2020-01-07").answered("1", "2020-01-07", Disclosed);
    for (basis, start_on, end_on) in
        [(Received, RECEIVED, RECEIVED), (Due, "2019-12-06", "2019-12-06"), (Closed, "2020-01-07", "2020-01-07")]
    {
        let seen = |start_on, end_on| {
            timely(std::slice::from_ref(&story), basis, selection(start_on, end_on, "2020-06-30")).requests
        };
        assert_eq!(seen(start_on, end_on), 1, "{basis}");
        assert_eq!(seen("2019-01-01", "2020-06-30"), 1, "{basis}");
        let before = day(start_on).plus_days(-1).to_string();
        assert_eq!(seen("2019-01-01", before.as_str()), 0, "{basis}");
        let after = day(end_on).plus_days(1).to_string();
        assert_eq!(seen(after.as_str(), "2020-06-30"), 0, "{basis}");
    }
}

#[test]
fn a_due_date_moves_with_clarification() {
    let question = "question".to_owned();
    let story = Story::new(RECEIVED).event("question", "2019-11-20", Happening::ClarificationAsked).event(
        "clarified",
        "2020-02-03",
        Happening::ClarificationAnswered { question },
    );
    let due_in = |start_on, end_on, as_at| {
        timely(std::slice::from_ref(&story), Due, selection(start_on, end_on, as_at)).requests
    };
    assert_eq!(due_in("2019-12-01", "2019-12-31", "2020-02-02"), 1);
    assert_eq!(due_in("2019-12-01", "2019-12-31", "2020-02-03"), 0);
    assert_eq!(due_in("2020-03-02", "2020-03-02", "2020-02-03"), 1);
}

#[test]
fn a_corrected_receipt_holds_for_every_day() {
    let story = Story::new("2020-01-10").corrected("second", "2019-11-07", 2).corrected("first", "2019-12-30", 1);
    assert_eq!(received_as_at(story.clone(), "2019-11-07"), (0, 0, 0, 1, 0));
    let first_quarter = selection("2020-01-01", "2020-03-31", "2020-06-30");
    assert_eq!(timely(&[story], Received, first_quarter).requests, 0);
}

#[test]
fn a_reopened_request_stays_in_its_cohort() {
    let story = Story::new(RECEIVED)
        .event("withdrawal", "2019-11-20", Happening::Withdrawal)
        .event("reopening", "2020-03-02", Happening::Reopening)
        .answered("1", "2020-03-03", Disclosed);
    assert_eq!(received_as_at(story.clone(), "2020-02-29"), (0, 0, 0, 0, 1));
    assert_eq!(received_as_at(story.clone(), "2020-03-02"), (0, 0, 0, 1, 0));
    assert_eq!(received_as_at(story, "2020-03-03"), (1, 1, 0, 0, 0));
}

#[test]
fn the_worst_part_speaks_for_the_request() {
    let story = || Story::new(RECEIVED).part("2", Regime::Foia, true).part("3", Regime::Foia, false);
    let first = || story().answered("1", "2019-11-20", Disclosed);
    assert_eq!(received_as_at(first(), "2019-12-06"), (0, 0, 0, 1, 0));
    assert_eq!(received_as_at(first(), "2019-12-07"), (0, 0, 1, 0, 0));
    assert_eq!(received_as_at(first().answered("2", "2019-12-06", NotHeld), "2020-06-30"), (1, 1, 0, 0, 0));
    assert_eq!(received_as_at(first().answered("2", "2019-12-09", NotHeld), "2020-06-30"), (0, 0, 1, 0, 0));
    let withdrawn = first().event("withdrawal", "2019-11-21", Happening::Withdrawal);
    assert_eq!(received_as_at(withdrawn, "2020-06-30"), (1, 1, 0, 0, 0));
    let late_first = story().answered("1", "2020-01-06", Disclosed);
    assert_eq!(received_as_at(late_first.extended("2019-12-06", "2020-02-28"), "2020-01-06"), (0, 0, 0, 1, 0));
}

#[test]
fn only_the_first_answer_decides() {
    let fresh = Story::new(RECEIVED).answered_as(ResponseKind::Fresh, "1", "2019-11-20", Disclosed);
    assert_eq!(received_as_at(fresh, "2020-06-30"), (0, 0, 1, 0, 0));
    let kind = ResponseKind::PublicInterestOutcome;
    let weighed = Story::new(RECEIVED).extended("2019-12-06", "2020-01-07");
    assert_eq!(received_as_at(weighed.answered_as(kind, "1", "2020-01-07", NotHeld), "2020-06-30"), (0, 1, 0, 0, 0));
}

#[test]
fn a_regime_looks_at_its_own_parts_and_what_is_no_request_is_never_counted() {
    let story = Story::new(RECEIVED).part("2", Regime::Eir, true).answered("1", "2019-11-20", Disclosed);
    let under = |regime| {
        let asked = Selection { regime, ..selection("2019-10-01", "2019-12-31", "2020-06-30") };
        counts(&timely(std::slice::from_ref(&story), Received, asked))
    };
    assert_eq!(under(None), (0, 0, 1, 0, 0));
    assert_eq!(under(Some(Regime::Foia)), (1, 1, 0, 0, 0));
    assert_eq!(under(Some(Regime::Eir)), (0, 0, 1, 0, 0));
    assert_eq!(under(Some(Regime::Foisa)), (0, 0, 0, 0, 0));
    let mut none_valid = Story::new(RECEIVED);
    none_valid.parts[0].valid = false;
    assert_eq!(received_as_at(none_valid, "2020-06-30"), (0, 0, 0, 0, 0));
}

#[test]
fn what_cannot_be_asked() {
    let faults = |asked: Selection| {
        let faults = asked.faults(day("2020-06-30"));
        faults.into_iter().map(|fault| fault.pointer).collect::<Vec<_>>()
    };
    assert!(faults(selection("2020-06-30", "2020-06-30", "2020-06-30")).is_empty());
    assert!(faults(selection("2020-01-01", "2099-12-31", "2005-01-01")).is_empty());
    assert_eq!(faults(selection("2020-06-30", "2020-06-29", "2020-07-01")), ["/end_on", "/as_at"]);
}

/// FOIA knows no transfer that ends the duty, the EIR do: the answer under them was courtesy, that under FOIA was owed.
#[test]
fn a_letter_nobody_had_to_send_stands_until_an_owed_answer_follows() {
    let story = Story::new("2023-11-01")
        .part("2", Regime::Eir, true)
        .event("transfer", "2023-11-01", Happening::Transfer)
        .answered("2", "2023-11-02", DeterminationOutcome::Disclosed)
        .answered("1", "2024-04-01", DeterminationOutcome::Disclosed);
    let closed = |start_on: &str, end_on: &str| {
        let row = timely(std::slice::from_ref(&story), TimelinessBasis::Closed, selection(start_on, end_on, end_on));
        (row.requests, counts(&row))
    };
    assert_eq!(closed("2023-10-01", "2023-12-31"), (1, (0, 0, 0, 0, 1)), "in no denominator");
    assert_eq!(closed("2024-01-01", "2024-03-31"), (0, (0, 0, 0, 0, 0)));
    assert_eq!(closed("2024-04-01", "2024-06-30"), (1, (0, 0, 1, 0, 0)));
    assert_eq!(closed("2023-10-01", "2024-12-31"), (1, (0, 0, 1, 0, 0)));
}
