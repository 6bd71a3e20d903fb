//! Orders of events that cannot have been.

use super::*;

fn names(story: &Story) -> Option<(String, String)> {
    let name = |occurrence: Occurrence| occurrence.event_id.unwrap_or_else(|| occurrence.kind.to_owned());
    story.impossible().map(|impossible| (name(impossible.earlier), name(impossible.later)))
}

fn pair(earlier: &str, later: &str) -> (String, String) {
    (earlier.to_owned(), later.to_owned())
}

#[test]
fn answers_and_payments_follow_what_they_answer() {
    let start = || Story::foia("2024-01-08");
    assert_eq!(names(&start().answered("q", "2024-01-10").asked("q", "2024-01-11")), Some(pair("q", "answer-q")));
    assert_eq!(names(&start().paid("n", "2024-01-10").fee_notice("n", "2024-01-11")), Some(pair("n", "payment-n")));
    assert_eq!(names(&start().answered("q", "2024-01-11").asked("q", "2024-01-11")), None);
    let impossible = start().answered("q", "2024-01-10").asked("q", "2024-01-11").impossible().unwrap();
    assert_eq!(
        impossible.message,
        "`clarification_answered` answer-q of 2024-01-10 cannot stand with `clarification_asked` q of 2024-01-11. \
         What answers another event cannot come before it."
    );
}

#[test]
fn a_question_is_answered_once() {
    let story = Story::foia("2024-01-08").asked("q", "2024-01-10").answered("q", "2024-01-11");
    let again = Happening::ClarificationAnswered { question: "q".to_owned() };
    assert_eq!(names(&story.with("again", "2024-01-15", again)), Some(pair("answer-q", "again")));
}

#[test]
fn nothing_comes_before_the_receipt_that_stands() {
    assert_eq!(names(&Story::foia("2024-01-08").responded("2024-01-07")), Some(pair("receipt", "response")));
    assert_eq!(names(&Story::foia("2024-01-08").responded("2024-01-08")), None);
    let corrected = Story::foia("2024-01-08").responded("2024-01-09").corrected("c", "2024-01-10", 1);
    assert_eq!(names(&corrected), Some(pair("c", "response")));
    assert_eq!(corrected.impossible().unwrap().earlier.effective_on, day("2024-01-10"));
    assert_eq!(names(&corrected.corrected("d", "2024-01-09", 2)), None);
}

#[test]
fn what_comes_after_a_lapse_is_a_reopening() {
    let lapsed = Story::foia("2024-01-08").asked("q", "2024-01-10").with("l", "2024-03-11", Happening::Lapse);
    assert_eq!(names(&lapsed.clone().answered("q", "2024-03-12")), Some(pair("l", "answer-q")));
    assert_eq!(names(&lapsed.with("r", "2024-03-12", Happening::Reopening)), None);
}

#[test]
fn a_question_of_the_life_after_a_reopening_has_its_answer() {
    let reopened = Story::foia("2024-01-08")
        .asked("q", "2024-01-10")
        .with("l", "2024-03-11", Happening::Lapse)
        .with("r", "2024-03-12", Happening::Reopening)
        .asked("q2", "2024-03-14");
    let answered = reopened.clone().answered("q2", "2024-03-18");
    assert_eq!(names(&answered), None);
    // Twenty working days from the answer; 29 March and 1 April 2024 were bank holidays.
    assert_eq!(answered.date("2024-03-20", DueDateKind::Statutory).as_deref(), Some("2024-04-17"));
    // The question of the former life has none any more.
    assert_eq!(names(&reopened.clone().answered("q", "2024-03-18")), Some(pair("l", "answer-q")));
    let ended_again = reopened.with("l2", "2024-06-10", Happening::Lapse);
    assert_eq!(names(&ended_again.answered("q2", "2024-06-11")), Some(pair("l2", "answer-q2")));
}

#[test]
fn only_what_ended_without_an_answer_is_reopened_and_once() {
    let reopened = |story: Story, on: &str| story.with("r", on, Happening::Reopening);
    assert_eq!(names(&reopened(Story::foia("2024-01-08"), "2024-02-01")), Some(pair("receipt", "r")));
    let answered = Story::foia("2024-01-08").responded("2024-01-20");
    assert_eq!(names(&reopened(answered, "2024-02-01")), Some(pair("response", "r")));
    let withdrawn = Story::foia("2024-01-08").with("w", "2024-02-05", Happening::Withdrawal);
    assert_eq!(names(&reopened(withdrawn.clone(), "2024-02-01")), Some(pair("w", "r")));
    let once = reopened(withdrawn, "2024-02-10");
    assert_eq!(names(&once), None);
    assert_eq!(names(&once.clone().with("r2", "2024-02-12", Happening::Reopening)), Some(pair("r", "r2")));
    let twice = once.with("w2", "2024-02-11", Happening::Withdrawal).with("r2", "2024-02-12", Happening::Reopening);
    assert_eq!(names(&twice), None);
}

#[test]
fn an_unpaid_fee_is_an_ending_once_its_time_is_over() {
    let unpaid = Story::foia("2024-01-08").fee_notice("n", "2024-01-15");
    let reopened = |story: &Story, on: &str| story.clone().with("r", on, Happening::Reopening);
    assert_eq!(names(&reopened(&unpaid, "2024-04-15")), None);
    assert_eq!(names(&reopened(&unpaid, "2024-04-14")), Some(pair("receipt", "r")));
    assert_eq!(names(&reopened(&unpaid.clone().paid("n", "2024-02-01"), "2024-04-15")), Some(pair("receipt", "r")));
    // A second notice takes the place of the first: its payment settles both, and without one its time counts.
    let replaced = unpaid.fee_notice("n2", "2024-01-22");
    assert_eq!(names(&reopened(&replaced, "2024-04-15")), Some(pair("receipt", "r")));
    assert_eq!(names(&reopened(&replaced, "2024-04-23")), None);
    assert_eq!(names(&reopened(&replaced.paid("n2", "2024-01-29"), "2024-06-03")), Some(pair("receipt", "r")));
}

#[test]
fn what_ought_not_to_have_been_is_a_fact() {
    let story = Story::foia("2024-01-08").asked("q", "2024-03-01").answered("q", "2024-03-05");
    let story = story.public_interest("2024-03-10", "2024-03-01").responded("2024-06-01");
    assert_eq!(names(&story.with("w", "2024-06-02", Happening::Withdrawal)), None);
}

#[test]
fn a_fee_asked_for_too_late_ends_nothing_that_could_be_reopened() {
    let reopened = |given_on| {
        let story = Story::foia("2024-01-08").fee_notice("n", given_on);
        story.with("r", "2024-09-02", Happening::Reopening).impossible().is_some()
    };
    assert!(!reopened("2024-02-05"));
    assert!(reopened("2024-02-06"));
}
