//! Worked examples where the other regimes differ from FOIA.

use super::*;

#[test]
fn each_regime_counts_in_its_own_calendar() {
    // In this month 18 March (for St Patrick's Day, a Sunday) and 1 April (Easter Monday) are no bank holidays in Scotland;
    // 29 March (Good Friday) is one everywhere.
    for (regime, due_on, provision) in [
        (Regime::Foia, "2024-04-02", "section 10(1)"),
        (Regime::Eir, "2024-04-02", "regulation 5(2)"),
        (Regime::Foisa, "2024-03-28", "section 10(1)"),
        (Regime::Eisr, "2024-03-28", "regulation 5(2)(a)"),
    ] {
        let statutory = Story::new(regime, "2024-02-29").explained("2024-03-01").due_dates.remove(0);
        assert_eq!((statutory.kind, statutory.due_on), (DueDateKind::Statutory, day(due_on)));
        assert_eq!(statutory.provision, provision);
    }
}

#[test]
fn complexity_and_volume_give_forty_days_when_notified_by_day_20() {
    for (regime, day_20, day_21, day_40) in [
        (Regime::Eir, "2024-04-02", "2024-04-03", "2024-04-30"),
        (Regime::Eisr, "2024-03-28", "2024-04-01", "2024-04-26"),
    ] {
        let clock = Story::new(regime, "2024-02-29").complexity(day_20).responded(day_40).on("2024-05-01");
        assert_eq!((clock.due_on, text(clock.extended_to).as_deref()), (day(day_20), Some(day_40)));
        assert_eq!((clock.in_deadline, clock.in_time), (Some(false), Some(true)));
        assert_eq!((clock.working_days_taken, clock.working_days_left), (Some(40), 0));
        let late = Story::new(regime, "2024-02-29").complexity(day_21).responded(day_40).on("2024-05-01");
        assert_eq!((late.extended_to, late.in_time), (None, Some(false)));
    }
}

#[test]
fn no_regime_takes_the_extension_of_another() {
    for regime in [Regime::Eir, Regime::Foisa, Regime::Eisr] {
        let story = Story::new(regime, "2024-01-08").public_interest("2024-01-20", "2024-03-01");
        assert_eq!(story.on("2024-01-20").extended_to, None);
        assert_eq!(story.date("2024-01-20", DueDateKind::GuidanceFortiethDay), None);
        assert!(story.effects()[0].starts_with("No effect: the regime knows no extension of this kind"));
    }
    for regime in [Regime::Foia, Regime::Foisa] {
        assert_eq!(Story::new(regime, "2024-01-08").complexity("2024-01-20").on("2024-01-20").extended_to, None);
    }
}

#[test]
fn a_fee_can_be_paid_for_as_long_as_the_regime_says() {
    for (regime, payable_until, lapses_on, provision) in [
        (Regime::Foia, "2024-04-14", "2024-04-15", "section 9(2)"),
        (Regime::Foisa, "2024-04-14", "2024-04-15", "section 9(3)"),
        (Regime::Eir, "2024-04-11", "2024-04-12", "regulation 8(5)"),
        (Regime::Eisr, "2024-04-08", "2024-04-09", "regulation 8(6)"),
    ] {
        let story = Story::new(regime, "2024-01-08").fee_notice("n", "2024-01-15");
        let dates = story.explained("2024-02-01").due_dates;
        let date = dates.iter().find(|date| date.kind == DueDateKind::FeePayableUntil).unwrap();
        assert_eq!((date.due_on, date.provision), (day(payable_until), provision));
        assert_eq!(story.on(payable_until).state, PartState::AwaitingFee);
        assert_eq!(story.on(lapses_on).state, PartState::Lapsed);
        let paid = story.paid("n", "2024-01-24").on("2024-01-24");
        assert_eq!(paid.due_on, day("2024-02-15"), "{regime}");
    }
}

#[test]
fn a_notice_given_on_a_saturday_has_its_first_day_on_monday_under_the_scottish_regulations() {
    let story = Story::new(Regime::Eisr, "2024-01-08").fee_notice("n", "2024-01-13");
    assert_eq!(story.date("2024-02-01", DueDateKind::FeePayableUntil).as_deref(), Some("2024-04-08"));
}

#[test]
fn a_fee_moves_the_fortieth_day_too() {
    let story = Story::new(Regime::Eir, "2024-01-08").complexity("2024-01-12").fee_notice("n", "2024-01-15");
    let clock = story.paid("n", "2024-01-24").on("2024-01-24");
    assert_eq!((clock.due_on, clock.extended_to), (day("2024-02-15"), Some(day("2024-03-14"))));
    assert_eq!((clock.working_days_used, clock.working_days_left), (4, 36));
}

#[test]
fn clarification_starts_the_clock_anew_in_every_regime() {
    for (regime, due_on) in [
        (Regime::Foia, "2024-04-03"),
        (Regime::Eir, "2024-04-03"),
        (Regime::Foisa, "2024-04-01"),
        (Regime::Eisr, "2024-04-01"),
    ] {
        let story = Story::new(regime, "2024-01-08").asked("q", "2024-01-15").answered("q", "2024-03-01");
        assert_eq!(story.on("2024-03-01").due_on, day(due_on), "{regime}");
    }
}

#[test]
fn a_transfer_under_the_regulations_ends_the_duty() {
    for (regime, provision) in [(Regime::Eir, "regulation 10(1)"), (Regime::Eisr, "regulation 14")] {
        let story = Story::new(regime, "2024-01-08").with("t", "2024-01-15", Happening::Transfer);
        assert_eq!(story.on("2024-03-01").closed_on, Some(day("2024-01-15")));
        assert_eq!(story.explained("2024-03-01").effects[0].provision, provision);
        assert_eq!(story.responded("2024-02-01").on("2024-03-01").in_deadline, None);
    }
}

#[test]
fn a_review_may_be_asked_for_as_long_as_the_regime_says() {
    for (regime, responded_on, until) in [
        (Regime::Eir, "2024-02-01", "2024-04-02"),
        (Regime::Eisr, "2024-02-01", "2024-03-28"),
        // In time: from the end of the time for answering, 5 February. Late: from the answer.
        (Regime::Foisa, "2024-02-01", "2024-04-02"),
        (Regime::Foisa, "2024-02-20", "2024-04-17"),
    ] {
        let story = Story::new(regime, "2024-01-08").responded(responded_on);
        assert_eq!(story.date("2024-05-01", DueDateKind::ReviewMayBeAskedUntil).as_deref(), Some(until), "{regime}");
    }
    for (regime, until) in [(Regime::Foisa, "2024-04-02"), (Regime::Eisr, "2024-04-02"), (Regime::Eir, "2024-04-04")] {
        let silent = Story::new(regime, "2024-01-08");
        assert_eq!(silent.date("2024-02-05", DueDateKind::ReviewMayBeAskedUntil), None);
        let told = silent.date("2024-02-06", DueDateKind::ReviewMayBeAskedUntil);
        assert_eq!(told.as_deref(), Some(until), "{regime}");
    }
    let guidance = Story::foia("2024-01-08").date("2024-02-06", DueDateKind::ReviewMayBeAskedUntil);
    assert_eq!(guidance, None, "the Code speaks of an answer");
    // A permitted extension puts off the day on which the answer was due.
    let extended = Story::new(Regime::Eisr, "2024-01-08").complexity("2024-02-05");
    assert_eq!(extended.date("2024-03-04", DueDateKind::ReviewMayBeAskedUntil), None);
    assert_eq!(extended.date("2024-03-05", DueDateKind::ReviewMayBeAskedUntil).as_deref(), Some("2024-04-30"));
}

#[test]
fn under_the_regulations_a_question_after_day_20_moves_no_date_of_an_extension() {
    for (regime, working_due_on) in [(Regime::Eir, "2024-03-20"), (Regime::Eisr, "2024-03-19")] {
        let story = Story::new(regime, "2024-01-08").complexity("2024-02-05").asked("q", "2024-02-12");
        let waiting = story.on("2024-03-05");
        let dates = |clock: &PartClock| (clock.due_on, clock.extended_to, clock.limit_on());
        let stay = (day("2024-02-05"), Some(day("2024-03-04")), day("2024-03-04"));
        assert_eq!((dates(&waiting), waiting.state), (stay, PartState::AwaitingClarification));
        assert!(!is_overdue(&waiting, day("2024-03-04")) && is_overdue(&waiting, day("2024-03-05")), "{regime}");
        assert!(!waiting.breach_stands);
        let anew = story.clone().answered("q", "2024-02-20");
        let clock = anew.on("2024-02-20");
        assert_eq!((dates(&clock), clock.working_due_on), (stay, day(working_due_on)), "{regime}");
        assert_eq!(anew.date("2024-02-20", DueDateKind::WorkingClock).as_deref(), Some(working_due_on));
        assert!(anew.effects()[1].contains("stays due by 2024-03-04"), "{:?}", anew.effects());
        for (responded_on, in_time) in [("2024-03-04", true), ("2024-03-05", false)] {
            let of_new_clock = anew.clone().responded(responded_on).on("2024-04-01");
            assert_eq!((of_new_clock.in_deadline, of_new_clock.in_time), (Some(false), Some(in_time)), "{regime}");
            let unanswered = story.clone().responded(responded_on).on("2024-04-01");
            assert_eq!(unanswered.in_time, Some(in_time), "the duty did not wait for it");
        }
        let ended = anew.clone().with("w", "2024-03-06", Happening::Withdrawal).on("2024-04-01");
        assert!(ended.breach_stands, "the limit had passed");
        let again = anew.complexity("2024-02-21").on("2024-02-21");
        assert_eq!(dates(&again), stay);
    }
    // In time it starts a new clock; under the Act the extension is time to ask.
    let in_time = Story::new(Regime::Eir, "2024-01-08").complexity("2024-02-05").asked("q", "2024-02-05");
    assert_eq!(in_time.answered("q", "2024-02-20").on("2024-02-20").due_on, day("2024-03-20"));
    let act = Story::foia("2024-01-08").public_interest("2024-02-05", "2024-03-04").asked("q", "2024-02-12");
    assert_eq!(act.answered("q", "2024-02-20").on("2024-02-20").due_on, day("2024-03-20"));
}

#[test]
fn under_the_regulations_a_fee_notice_within_an_extension_is_late() {
    for regime in [Regime::Eir, Regime::Eisr] {
        let story = Story::new(regime, "2024-01-08").complexity("2024-02-05").fee_notice("n", "2024-02-06");
        let waiting = story.on("2024-06-30");
        assert_eq!((waiting.state, waiting.lapses_on), (PartState::AwaitingFee, None), "{regime}");
        assert_eq!(waiting.overdue_after(day("2024-06-30")), Some(day("2024-03-04")));
        assert_eq!(story.paid("n", "2024-02-20").on("2024-02-20").extended_to, Some(day("2024-03-04")));
    }
}
