//! What holds for every history, likely or not.

use proptest::prelude::*;

use super::*;

const FIRST_DAY: &str = "2023-11-01";

fn later(days: i64) -> Date {
    day(FIRST_DAY).plus_days(days)
}

fn happening() -> impl Strategy<Value = Happening> {
    let question = || (0..4_u8).prop_map(|number| format!("event-{number}"));
    prop_oneof![
        3 => Just(Happening::ClarificationAsked),
        3 => question().prop_map(|question| Happening::ClarificationAnswered { question }),
        3 => Just(Happening::FeeNoticeGiven),
        3 => question().prop_map(|notice| Happening::FeePaid { notice }),
        3 => (any::<bool>(), proptest::option::of(0..200_i64)).prop_map(|(public, estimate)| Happening::Extension {
            extension: if public { ExtensionKind::PublicInterest } else { ExtensionKind::ComplexityAndVolume },
            estimated_on: estimate.map(later),
            names_qualified_ground: true,
        }),
        1 => Just(Happening::Withdrawal),
        1 => Just(Happening::Lapse),
        1 => Just(Happening::Transfer),
        2 => Just(Happening::Reopening),
        1 => (0..40_i64, 0..5_i64).prop_map(|(days, recorded_seq)| Happening::ReceiptCorrection { received_on: later(days), recorded_seq }),
        2 => Just(Happening::Response),
    ]
}

prop_compose! {
    fn story()(
        regime in proptest::sample::select(Regime::ALL),
        happenings in proptest::collection::vec((0..200_i64, happening(), any::<bool>()), 0..9),
    ) -> Story {
        let mut story = Story::new(regime, FIRST_DAY);
        for (number, (days, happening, whole)) in happenings.into_iter().enumerate() {
            let scope = if whole { Scope::WholeRequest } else { Scope::Parts(vec![Label::only()]) };
            story.events.push(Event { id: format!("event-{number}"), effective_on: later(days), scope, happening });
        }
        story
    }
}

/// Each day after the receipt, also after that of the latest correction, when something can have changed.
fn days() -> std::ops::Range<i64> {
    0..330
}

fn explained(story: &Story, days: i64) -> Explanation {
    explain(Calendars::embedded(), &story.history(), later(days))
}

proptest! {
    #[test]
    fn the_order_of_recording_does_not_matter(story in story(), places in any::<[u32; 9]>(), days in days()) {
        let mut other = story.clone();
        let mut shuffled: Vec<_> = places.into_iter().zip(other.events).collect();
        shuffled.sort_by_key(|(place, _)| *place);
        other.events = shuffled.into_iter().map(|(_, event)| event).collect();
        prop_assert_eq!(explained(&story, days), explained(&other, days));
        let order = |story: &Story| story.impossible();
        prop_assert_eq!(order(&story), order(&other));
    }

    #[test]
    fn later_events_change_nothing_before_them(story in story(), days in days()) {
        let mut cut = story.clone();
        let corrects = |event: &Event| matches!(event.happening, Happening::ReceiptCorrection { .. });
        cut.events.retain(|event| event.effective_on <= later(days) || corrects(event));
        prop_assert_eq!(explained(&story, days), explained(&cut, days));
    }

    #[test]
    fn events_of_other_parts_change_nothing(story in story(), other in story(), days in days()) {
        let mut both = story.clone();
        let elsewhere: Label = "2".parse().unwrap();
        for event in other.events {
            let id = format!("other-{}", event.id);
            both.events.push(Event { id, scope: Scope::Parts(vec![elsewhere.clone()]), ..event });
        }
        prop_assert_eq!(explained(&story, days), explained(&both, days));
    }

    #[test]
    fn the_explanation_has_the_figures_of_the_fold(story in story(), days in days()) {
        let clock = fold(Calendars::embedded(), &story.history(), later(days));
        prop_assert_eq!(explained(&story, days).clock, clock);
    }

    #[test]
    fn due_dates_are_working_days(story in story(), days in days()) {
        let explanation = explained(&story, days);
        let calendar = Calendars::embedded().get(story.regime.calendar());
        prop_assert!(calendar.is_working_day(explanation.clock.due_on));
        prop_assert!(calendar.is_working_day(explanation.clock.working_due_on));
        for date in explanation.due_dates {
            let free = [DueDateKind::ExtendedEstimate, DueDateKind::FeePayableUntil, DueDateKind::ClarificationMayLapse];
            prop_assert!(free.contains(&date.kind) || calendar.is_working_day(date.due_on), "{date:?}");
        }
    }

    #[test]
    fn stretches_have_no_gaps_and_agree_with_the_state(story in story(), days in days()) {
        let up_to = later(days);
        let Explanation { clock, segments, .. } = explained(&story, days);
        for pair in segments.windows(2) {
            prop_assert_eq!(pair[0].end_on.map(|end_on| end_on.plus_days(1)), Some(pair[1].start_on));
        }
        let Some(last) = segments.last().filter(|last| last.start_on <= up_to) else { return Ok(()) };
        prop_assert_eq!(last.end_on, None);
        let paid_today = |event: &Event| event.effective_on == up_to && matches!(event.happening, Happening::FeePaid { .. });
        if story.events.iter().any(paid_today) {
            return Ok(());
        }
        let closed = last.kind == SegmentKind::Closed;
        prop_assert_eq!(closed, clock.state.is_closed());
        if clock.state == PartState::Open {
            prop_assert_eq!(last.kind == SegmentKind::Overdue, is_overdue(&clock, up_to));
        }
    }

    #[test]
    fn figures_agree_with_each_other(story in story(), days in days()) {
        let clock = fold(Calendars::embedded(), &story.history(), later(days));
        prop_assert_eq!(clock.closed_on.is_some(), clock.state.is_closed());
        prop_assert_eq!(clock.responded_on.is_some(), clock.state == PartState::Responded);
        prop_assert!(clock.in_deadline != Some(true) || clock.in_time == Some(true));
        prop_assert!(clock.working_days_used >= 0);
        prop_assert!(!clock.breach_stands || clock.in_time != Some(true));
        prop_assert!(!(clock.state.is_closed() && is_overdue(&clock, later(days))));
        if clock.state == PartState::Open && !clock.breach_stands && clock.working_days_left < 0 {
            prop_assert!(is_overdue(&clock, later(days)));
        }
        let request = request_clock(&[clock], later(days)).unwrap();
        prop_assert_eq!((request.status, request.due_on, request.closed_on), (clock.state, clock.due_on, clock.closed_on));
    }

    #[test]
    fn a_stored_clock_grows_old_like_a_fresh_one(story in story(), days in days(), older in 0..200_i64) {
        let last = story.events.iter().map(|event| event.effective_on).max().unwrap_or(later(0));
        let stored_on = later(days).max(last);
        let today = stored_on.plus_days(older);
        let stored = fold(Calendars::embedded(), &story.history(), stored_on);
        let fresh = fold(Calendars::embedded(), &story.history(), today);
        prop_assert_eq!(stored.state_on(today), fresh.state);
        prop_assert_eq!(stored.closed_by(today), fresh.closed_on);
        prop_assert_eq!(is_overdue(&stored, today), is_overdue(&fresh, today));
        prop_assert_eq!((stored.due_on, stored.lapses_on), (fresh.due_on, fresh.lapses_on));
        prop_assert_eq!(request_clock(&[stored], today), request_clock(&[fresh], today));
    }
}
