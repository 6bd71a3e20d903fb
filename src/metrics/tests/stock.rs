//! What is left to do, of requests of several parts.

use super::*;
use DeterminationOutcome::Disclosed;

/// Received on 15 April 2024 and due on 14 May: the second part was extended to 31 July, the first, left unanswered, was
/// answered afresh on 3 June.
fn half_finished() -> Story {
    Story::new("2024-04-15")
        .part("2", Regime::Foia, true)
        .extended("2024-05-10", "2024-07-31")
        .of_part("2")
        .answered_as(ResponseKind::Fresh, "1", "2024-06-03", Disclosed)
}

fn stock(story: &Story, as_at: &str) -> Workload {
    workload(Calendars::embedded(), &[story.case()], day(as_at), None)
}

#[test]
fn a_finished_part_is_neither_overdue_nor_due_nor_extended() {
    let row = stock(&half_finished(), "2024-06-10");
    assert_eq!((row.open, row.overdue, row.extensions_running), (1, Figure::new(0, 1), 1));
    assert_eq!((row.oldest.len(), row.overdue_bands.iter().map(|band| band.requests).sum::<u32>()), (0, 0));
    let before = stock(&half_finished(), "2024-06-02");
    assert_eq!((before.open, before.overdue), (1, Figure::new(1, 1)));
    assert_eq!(stock(&half_finished(), "2024-07-24").due_within_5, 1, "by the part that is left");
    assert_eq!(stock(&half_finished(), "2024-08-01").overdue, Figure::new(1, 1));
    // The part that was extended, answered afresh, is no extension that runs.
    let other = half_finished().answered_as(ResponseKind::Fresh, "2", "2024-06-03", Disclosed);
    assert_eq!((stock(&other, "2024-06-10").open, stock(&other, "2024-06-10").extensions_running), (0, 0));
}

#[test]
fn a_finished_part_stays_late_in_timeliness() {
    let row =
        timely(&[half_finished()], TimelinessBasis::Received, selection("2024-04-01", "2024-06-30", "2024-06-10"));
    assert_eq!(counts(&row), (0, 0, 1, 0, 0));
}

/// Received on 1 May 2024, both parts due on the 31st; the second was extended beyond the quarter.
#[test]
fn a_quarter_closes_with_what_is_complete_in_it() {
    let story = Story::new("2024-05-01").part("2", Regime::Foia, true);
    let forecast = |story: &Story| -> Vec<(u32, u32, Figure)> {
        let forecasts = stock(story, "2024-05-15").forecasts;
        forecasts.iter().map(|one| (one.late, one.not_yet_due, one.in_time)).collect()
    };
    let (whole, none) = ((0, 1, Figure::new(1, 1)), (0, 0, Figure::new(0, 0)));
    assert_eq!(forecast(&story.clone().extended("2024-05-10", "2024-08-30").of_part("2")), [whole, none, whole]);
    assert_eq!(forecast(&story.clone().extended("2024-05-10", "2024-06-28").of_part("2")), [whole; 3]);
    assert_eq!(forecast(&story), [whole; 3]);
}

/// A part that was answered late is late in the quarter in which the other completes the answer, and not before.
#[test]
fn a_late_part_does_not_close_its_request() {
    let story = Story::new("2024-04-02").part("2", Regime::Foia, true).answered("1", "2024-05-07", Disclosed);
    let closed = |until: &str| {
        let forecast =
            stock(&story.clone().extended("2024-04-22", until).of_part("2"), "2024-05-15").forecasts.remove(1);
        (forecast.late, forecast.not_yet_due, forecast.in_time)
    };
    assert_eq!(closed("2024-08-30"), (0, 0, Figure::new(0, 0)));
    assert_eq!(closed("2024-06-28"), (1, 0, Figure::new(0, 1)));
}
