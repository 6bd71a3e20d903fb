//! Published figures of a size that is built here rather than over HTTP.

use super::*;
use DeterminationOutcome::Disclosed;

/// A London borough, 2022 to 2024: 1,680 of 1,902, 1,805 of 2,089 and 2,025 of 2,136 due were answered in time, published
/// as 88, 86 and 95 per cent.
#[test]
fn a_london_borough_counts_by_the_due_date() {
    for (due, in_time, percent) in [(1902, 1680, 88), (2089, 1805, 86), (2136, 2025, 95)] {
        let story = Story::new("2024-02-05");
        let stories: Vec<Story> = (0..due)
            .map(|number| {
                let issued_on = if number < in_time { "2024-03-04" } else { "2024-03-05" };
                story.clone().answered("1", issued_on, Disclosed)
            })
            .collect();
        let row = timely(&stories, TimelinessBasis::Due, selection("2024-01-01", "2024-12-31", "2025-01-31"));
        assert_eq!((row.in_time, row.late.numerator), (Figure::new(in_time, due), due - in_time));
        assert_eq!((200 * in_time + due) / (2 * due), percent, "rounded half up");
    }
}
