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
    let silent = Story::new(Regime::Foisa, "2024-01-08");
    assert_eq!(silent.date("2024-02-05", DueDateKind::ReviewMayBeAskedUntil), None);
    assert_eq!(silent.date("2024-02-06", DueDateKind::ReviewMayBeAskedUntil).as_deref(), Some("2024-04-02"));
}
