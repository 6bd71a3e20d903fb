//! What holds for every casework, likely or not.

use proptest::{prelude::*, strategy::ValueTree};
use sha2::Digest;

use super::*;
use crate::hexadecimal::hex;

const FIRST_DAY: &str = "2023-11-01";

pub(crate) fn later(days: i64) -> Date {
    day(FIRST_DAY).plus_days(days)
}

fn happening() -> impl Strategy<Value = Happening> {
    let earlier = || (0..4_u8).prop_map(|number| format!("event-{number}"));
    prop_oneof![
        2 => Just(Happening::ClarificationAsked),
        2 => earlier().prop_map(|question| Happening::ClarificationAnswered { question }),
        2 => Just(Happening::FeeNoticeGiven),
        2 => earlier().prop_map(|notice| Happening::FeePaid { notice }),
        3 => (any::<bool>(), proptest::option::of(0..200_i64)).prop_map(|(public, estimate)| Happening::Extension {
            extension: if public { ExtensionKind::PublicInterest } else { ExtensionKind::ComplexityAndVolume },
            estimated_on: estimate.map(later),
            names_qualified_ground: true,
        }),
        1 => Just(Happening::Withdrawal),
        1 => Just(Happening::Lapse),
        1 => Just(Happening::Transfer),
        1 => Just(Happening::Reopening),
        1 => (0..120_i64, any::<u32>()).prop_map(|(days, recorded_seq)| {
            Happening::ReceiptCorrection { received_on: later(days), recorded_seq: recorded_seq.into() }
        }),
    ]
}

fn scope() -> impl Strategy<Value = Scope> {
    prop_oneof![Just(Scope::WholeRequest), (1..4_u8).prop_map(|number| Scope::Parts(vec![label(&number.to_string())])),]
}

prop_compose! {
    fn answer()(
        number in 1..4_u8,
        kind in proptest::sample::select(ResponseKind::ALL),
        days in 0..250_i64,
        outcome in proptest::sample::select(DeterminationOutcome::ALL),
        class in proptest::sample::select(&["12(1)", "31(1)(a)", "31(3)", "23(1) or 24(1)"][..]),
    ) -> (Answer, Citation) {
        let (part, issued_on, class) = (label(&number.to_string()), later(days), class.into());
        let citation =
            Citation { part: part.clone(), response_kind: kind, issued_on, regime: Regime::Foia, class, ncnd: false };
        (Answer { part, response_kind: kind, issued_on, outcome }, citation)
    }
}

prop_compose! {
    pub(crate) fn story()(
        received in 0..120_i64,
        parts in proptest::collection::vec((proptest::sample::select(Regime::ALL), proptest::bool::weighted(0.8)), 1..4),
        events in proptest::collection::vec((0..250_i64, scope(), happening()), 0..6),
        answers in proptest::collection::vec(answer(), 0..5),
    ) -> Story {
        let mut story = Story::new(FIRST_DAY);
        story.received_on = later(received);
        story.parts.clear();
        for (number, (regime, valid)) in parts.into_iter().enumerate() {
            story = story.part(&(number + 1).to_string(), regime, valid);
        }
        for (number, (days, scope, happening)) in events.into_iter().enumerate() {
            // The receipt is that of the whole request.
            let corrects = matches!(happening, Happening::ReceiptCorrection { .. });
            let scope = if corrects { Scope::WholeRequest } else { scope };
            story.events.push(Event { id: format!("event-{number}"), effective_on: later(days), scope, happening });
        }
        (story.answers, story.citations) = answers.into_iter().unzip();
        story
    }
}

prop_compose! {
    pub(super) fn asked()(
        start in 0..250_i64,
        length in 0..250_i64,
        as_at in 0..400_i64,
        group_by in proptest::option::of(proptest::sample::select(GroupBy::ALL)),
        regime in proptest::option::weighted(0.2, proptest::sample::select(Regime::ALL)),
    ) -> Selection {
        Selection { start_on: later(start), end_on: later(start + length), group_by, as_at: later(as_at), regime }
    }
}

fn stories() -> impl Strategy<Value = Vec<Story>> {
    proptest::collection::vec(story(), 0..8)
}

/// Everything that can be asked of `stories`.
fn figures(
    stories: &[Story],
    asked: &Selection,
) -> (Vec<Vec<TimelinessRow>>, Vec<OutcomesRow>, Vec<ProvisionRow>, Vec<NcndRow>) {
    let (calendars, cases) = (Calendars::embedded(), cases(stories));
    let by_basis = TimelinessBasis::ALL.iter().map(|basis| timeliness(calendars, &cases, asked, *basis)).collect();
    let answers = outcomes(calendars, &cases, asked);
    let nothing = Redress::default();
    let cited = provisions(calendars, cases.iter().map(|case| (case, &nothing)), asked);
    (by_basis, answers, cited, ncnd(calendars, &cases, asked))
}

/// What was recorded of the days up to `day`; a correction of the receipt is of no day.
pub(super) fn cut(story: &Story, day: Date) -> Story {
    let mut cut = story.clone();
    let corrects = |event: &Event| matches!(event.happening, Happening::ReceiptCorrection { .. });
    cut.events.retain(|event| event.effective_on <= day || corrects(event));
    cut.answers.retain(|answer| answer.issued_on <= day);
    cut.citations.retain(|citation| citation.issued_on <= day);
    cut
}

/// Every return and the workload of `stories`, seen from a day.
fn returns_and_workload(stories: &[Story], as_at: Date) -> (Vec<returns::ReturnDocument>, Workload) {
    let (calendars, cases) = (Calendars::embedded(), cases(stories));
    let subject = returns::ReturnSubject { authority_id: "", name: "A body", kind: "other", nation: "uk" };
    let documents = returns::ReturnKind::ALL.iter().flat_map(|kind| {
        ["2023-Q4", "2024-Q1", "2024-Q2", "2024", "2023-24"].map(|period| {
            let question = returns::ReturnQuestion {
                subject,
                period: period.parse().unwrap(),
                as_at,
                today: Date::LAST,
                reviews: &[],
                complaints: &[],
            };
            returns::prepare(*kind, calendars, &cases, &question)
        })
    });
    (documents.collect(), workload(calendars, &cases, as_at, None))
}

fn total(rows: &[TimelinessRow], of: impl Fn(&TimelinessRow) -> u32) -> u32 {
    rows.iter().map(of).sum()
}

proptest! {
    #[test]
    fn figures_as_at_a_day_are_those_of_the_history_cut_to_it(stories in stories(), asked in asked()) {
        let cut: Vec<Story> = stories.iter().map(|story| cut(story, asked.as_at)).collect();
        prop_assert_eq!(figures(&stories, &asked), figures(&cut, &asked));
    }

    #[test]
    fn returns_and_workload_as_at_a_day_are_those_of_the_history_cut_to_it(stories in stories(), days in 0..400_i64) {
        let as_at = later(days);
        let cut: Vec<Story> = stories.iter().map(|story| cut(story, as_at)).collect();
        prop_assert_eq!(returns_and_workload(&stories, as_at), returns_and_workload(&cut, as_at));
    }

    #[test]
    fn the_sums_of_every_return_come_out(stories in stories(), days in 0..400_i64) {
        let (documents, workload) = returns_and_workload(&stories, later(days));
        for document in documents {
            prop_assert!(document.broken().is_empty(), "{:?} {:?}", document.return_kind, document.broken());
            prop_assert!(document.can_be_filed || document.not_yet_due > 0 || document.end_on > document.as_at);
        }
        let banded: u32 = workload.overdue_bands.iter().map(|band| band.requests).sum();
        prop_assert_eq!(banded, workload.overdue.numerator);
        prop_assert!(workload.due_within_5 <= workload.due_within_10 && workload.due_within_10 <= workload.open);
        prop_assert!(workload.overdue_over_12_months <= workload.overdue_over_6_months);
        for forecast in &workload.forecasts {
            let Figure { numerator, denominator, .. } = forecast.in_time;
            prop_assert_eq!(numerator + forecast.late, denominator);
            for target in &forecast.targets {
                let Some(room) = target.late_answers_affordable else { continue };
                prop_assert!(room <= forecast.not_yet_due);
                prop_assert!(100 * (numerator - room) >= target.percent * denominator, "{forecast:?}");
                let more = room < forecast.not_yet_due && denominator > 0;
                prop_assert!(!more || 100 * (numerator - room - 1) < target.percent * denominator, "{forecast:?}");
            }
        }
    }

    #[test]
    fn the_order_of_recording_does_not_matter(stories in stories(), asked in asked()) {
        let mut other: Vec<Story> = stories.iter().rev().cloned().collect();
        for story in &mut other {
            story.events.reverse();
            story.parts.reverse();
        }
        prop_assert_eq!(figures(&stories, &asked), figures(&other, &asked));
    }

    #[test]
    fn the_parts_of_a_timeliness_row_make_the_whole(stories in stories(), asked in asked()) {
        for row in figures(&stories, &asked).0.into_iter().flatten() {
            let denominator = row.in_deadline.denominator;
            prop_assert_eq!([row.in_time.denominator, row.late.denominator], [denominator, denominator]);
            prop_assert!(row.in_deadline.numerator <= row.in_time.numerator);
            prop_assert_eq!(denominator, row.in_time.numerator + row.late.numerator + row.not_yet_due);
            prop_assert_eq!(row.requests, denominator + row.on_hold_or_lapsed);
            prop_assert_eq!(row.working_days.measured, row.working_days.bands.iter().map(|band| band.requests).sum::<u32>());
            prop_assert_eq!(row.in_time.ratio.is_none(), denominator == 0);
            if row.basis == TimelinessBasis::Closed.into() {
                prop_assert_eq!(row.not_yet_due, 0);
                prop_assert_eq!(row.working_days.measured, denominator);
            }
        }
    }

    #[test]
    fn periods_add_up_to_the_whole(stories in stories(), asked in asked()) {
        let whole = figures(&stories, &Selection { group_by: None, ..asked });
        let cut = figures(&stories, &asked);
        for (whole, cut) in whole.0.iter().zip(&cut.0) {
            prop_assert_eq!(total(whole, |row| row.requests), total(cut, |row| row.requests));
            prop_assert_eq!(total(whole, |row| row.late.numerator), total(cut, |row| row.late.numerator));
            prop_assert_eq!(total(whole, |row| row.working_days.measured), total(cut, |row| row.working_days.measured));
        }
        let cited = |rows: &[ProvisionRow]| rows.iter().map(|row| row.times_cited).sum::<u32>();
        prop_assert_eq!(cited(&whole.2), cited(&cut.2));
    }

    #[test]
    fn each_request_and_each_part_has_one_outcome(stories in stories(), asked in asked()) {
        let (timely, answers, _, ncnd) = figures(&stories, &asked);
        for ((row, ncnd), closed) in answers.iter().zip(&ncnd).zip(&timely[1]) {
            let requests: u32 = row.by_request.iter().map(|figure| figure.requests.numerator).sum();
            let parts: u32 = row.by_part.iter().map(|figure| figure.parts.numerator).sum();
            prop_assert_eq!((requests, parts), (row.requests_answered, row.parts_answered));
            prop_assert_eq!(requests, closed.requests);
            prop_assert_eq!((requests, parts), (ncnd.requests_with_ncnd.denominator, ncnd.parts_with_ncnd.denominator));
            let of_parts = row.by_part.iter().find(|it| it.outcome == DeterminationOutcome::NeitherConfirmedNorDenied);
            prop_assert_eq!(of_parts.map(|figure| figure.parts), Some(ncnd.parts_with_ncnd));
        }
    }

    #[test]
    fn a_provision_is_cited_at_least_once_in_each_request_that_cites_it(stories in stories(), asked in asked()) {
        for row in figures(&stories, &asked).2 {
            prop_assert!(row.requests_citing.numerator >= 1);
            prop_assert!(row.times_cited >= row.requests_citing.numerator);
            prop_assert!(row.requests_citing.numerator <= row.requests_citing.denominator);
        }
    }

    #[test]
    fn a_sheet_counts_what_the_events_do_on_every_day_it_holds(story in story()) {
        let (calendars, case) = (Calendars::embedded(), story.case());
        let Some(sheet) = case.sheet(calendars) else {
            prop_assert!(case.counted(calendars, &seen_at(later(1000))).is_none());
            return Ok(());
        };
        prop_assert!(sheet.holds_on(sheet.settled_on));
        for days in -30..500 {
            let as_at = later(days);
            if sheet.holds_on(as_at) {
                prop_assert_eq!(case.counted(calendars, &seen_at(as_at)), Some(sheet.counted_on(as_at)), "{}", as_at);
            }
        }
        let whole = case.counted(calendars, &Selection { regime: sheet.regime, ..seen_at(sheet.settled_on) });
        prop_assert_eq!(whole, Some(sheet.counted.clone()), "a regime for all parts");
        let is_open_at_end = case.counted(calendars, &seen_at(sheet.settled_on)).is_some() && !sheet.is_closed;
        prop_assert_eq!(is_open_at_end, case.is_open_on(calendars, sheet.settled_on));
    }
}

/// The quarters in which the stories happen, to their last possible end.
const QUARTERS: [(&str, &str); 5] = [
    ("2023-10-01", "2023-12-31"),
    ("2024-01-01", "2024-03-31"),
    ("2024-04-01", "2024-06-30"),
    ("2024-07-01", "2024-09-30"),
    ("2024-10-01", "2024-12-31"),
];

/// 1 where the request was answered in some days, seen at their end, and an answer was owed; else 0. What is sent when
/// nothing is owed counts until an owed answer follows, if one does.
fn answered_in(case: &Case, (first, last): (&str, &str)) -> usize {
    let (first, last) = (day(first), day(last));
    let counted = case.counted(Calendars::embedded(), &seen_at(last));
    let was_owed = |one: &Counted| one.standing != Standing::Ended;
    let is_in = |one: &Counted| was_owed(one) && one.responded_on.is_some_and(|on| first <= on);
    usize::from(counted.is_some_and(|one| is_in(&one)))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    /// Each quarter seen at its own end, and all of them together at the end of the last. A reopened request is answered anew.
    #[test]
    fn an_answered_request_is_in_one_quarter(mut story in story()) {
        let received_on = story.received_on;
        let corrects = |event: &Event| matches!(event.happening, Happening::ReceiptCorrection { .. });
        story.events.retain(|event| event.happening != Happening::Reopening && !corrects(event));
        story.events.retain(|event| event.effective_on >= received_on);
        story.answers.retain(|answer| answer.issued_on >= received_on);
        let case = story.case();
        let by_quarter: usize = QUARTERS.into_iter().map(|quarter| answered_in(&case, quarter)).sum();
        prop_assert_eq!(by_quarter, answered_in(&case, ("2023-10-01", "2024-12-31")));
    }
}

fn seen_at(as_at: Date) -> Selection {
    Selection { start_on: as_at, end_on: as_at, group_by: None, as_at, regime: None }
}

/// The sheets of some histories that never change: a change of the rules or of what sheets say shows here.
#[test]
fn what_sheets_say_changes_with_their_revision_only() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let sheets: Vec<_> = std::iter::repeat_with(|| story().new_tree(&mut runner).unwrap().current())
        .take(400)
        .map(|story| story.case().sheet(Calendars::embedded()))
        .collect();
    let digest = sha2::Sha256::digest(format!("{sheets:?}"));
    let told = hex(&digest[..8]);
    assert_eq!(
        (SHEET_REVISION, told.as_str()),
        (5, "926740c2f6cbb952"),
        "raise SHEET_REVISION, and put the digest here"
    );
}
