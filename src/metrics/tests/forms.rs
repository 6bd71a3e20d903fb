//! Official forms: requests that fall between their columns.

use super::{
    returns::{ReturnDocument, ReturnKind, ReturnQuestion, ReturnSubject, prepare},
    *,
};

fn form(kind: ReturnKind, period: &str, as_at: &str, stories: &[Story]) -> ReturnDocument {
    let subject = ReturnSubject { authority_id: "", name: "A body", kind: "other", nation: "uk" };
    let (period, as_at) = (period.parse().unwrap(), day(as_at));
    let question = ReturnQuestion { subject, period, as_at, reviews: &[], complaints: &[] };
    let document = prepare(kind, Calendars::embedded(), &cases(stories), &question);
    assert!(document.broken().is_empty(), "{:?}", document.identities);
    document
}

fn cell<'a>(document: &'a ReturnDocument, heading: &str) -> &'a str {
    &document.columns.iter().find(|column| column.heading == heading).unwrap().published
}

/// Answered, the question of a week after receipt sets the limit anew: the last day of the quarter, which received nothing.
#[test]
fn what_is_open_within_a_limit_of_the_period_is_not_yet_due_in_it() {
    let story = Story::new("2024-06-17").under(Regime::Foisa).event("asked", "2024-06-24", Happening::ClarificationAsked);
    let story =
        story.event("came", "2024-09-02", Happening::ClarificationAnswered { question: "asked".to_owned() });
    let at = |period: &str, as_at: &str| {
        let document = form(ReturnKind::ScottishCommissioner, period, as_at, std::slice::from_ref(&story));
        (document.not_yet_due, document.can_be_filed, cell(&document, "FOISA - faliure to respond").to_owned())
    };
    assert_eq!(at("2024-Q3", "2024-09-30"), (1, false, "0".to_owned()));
    assert_eq!(at("2024-Q3", "2024-10-01"), (0, true, "1".to_owned()));
    assert_eq!(at("2024-Q2", "2024-09-30"), (1, false, "0".to_owned()), "received in it");
    assert_eq!(at("2024-Q4", "2024-12-31"), (0, true, "0".to_owned()));
}
