//! In which order the entries of a past case are recorded: that of their days, so that each finds what stood when it came.

use crate::{
    casework::{
        case_history::{CaseHistory, HistoryResponse},
        text::Word,
    },
    law::Date,
};

/// One entry, by its place in the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    Response(usize),
    Review(usize),
    Complaint(usize),
    PositionChange(usize, usize),
    Submission(usize, usize),
    Notice(usize, usize),
    Appeal(usize, usize, usize),
    RegulatoryAction(usize),
}

impl Step {
    /// The order within one day: what an entry belongs to, or came out of, before it.
    const fn place_in_day(self, refers: bool) -> u8 {
        match self {
            Self::Response(_) if refers => 7,
            Self::Response(_) => 0,
            Self::Review(_) => 1,
            Self::Complaint(_) => 2,
            Self::PositionChange(..) => 3,
            Self::Submission(..) => 4,
            Self::Notice(..) => 5,
            Self::Appeal(..) => 6,
            Self::RegulatoryAction(_) => 8,
        }
    }
}

/// A step with its day, which is never before that of what it belongs to: an entry dated too early is tried all the same,
/// so that it is refused as one and not as an entry of something unknown.
struct Dated {
    on: Date,
    place_in_day: u8,
    step: Step,
}

/// Every entry but the events, which the clock puts into order by itself.
pub(super) fn in_order(history: &CaseHistory) -> Vec<Step> {
    let mut dated = Vec::new();
    let mut add = |on: Date, step: Step| dated.push(Dated { on, place_in_day: step.place_in_day(false), step });
    for (at, entry) in history.reviews.iter().enumerate() {
        add(entry.review.requested_on, Step::Review(at));
    }
    for (at, entry) in history.complaints.iter().enumerate() {
        let made_on = entry.complaint.made_on;
        add(made_on, Step::Complaint(at));
        for (index, change) in entry.position_changes.iter().enumerate() {
            add(change.stated_on.max(made_on), Step::PositionChange(at, index));
        }
        for (index, submission) in entry.submissions.iter().enumerate() {
            add(submission.submitted_on.max(made_on), Step::Submission(at, index));
        }
        for (index, notice) in entry.decision_notices.iter().enumerate() {
            let sent_on = notice.decision_notice.sent_on.max(made_on);
            add(sent_on, Step::Notice(at, index));
            // An appeal upon another stands after it in the document.
            let mut earliest = sent_on;
            for (of_notice, appeal) in notice.appeals.iter().enumerate() {
                earliest = earliest.max(appeal.appeal.made_on);
                add(earliest, Step::Appeal(at, index, of_notice));
            }
        }
    }
    for (at, _) in history.regulatory_actions.iter().enumerate() {
        // It is linked to a case that was answered throughout, whenever it was done.
        add(Date::LAST, Step::RegulatoryAction(at));
    }
    dated.extend(letters(history));
    dated.sort_by_key(|step| (step.on, step.place_in_day));
    dated.into_iter().map(|dated| dated.step).collect()
}

fn letters(history: &CaseHistory) -> impl Iterator<Item = Dated> {
    history.responses.iter().enumerate().map(|(at, entry)| {
        let own = entry.response.issued_on.unwrap_or(Date::FIRST);
        let origins: Vec<Date> = origins(entry).filter_map(|name| begins_on(history, name)).collect();
        let on = origins.iter().copied().fold(own, Date::max);
        let step = Step::Response(at);
        Dated { on, place_in_day: step.place_in_day(!origins.is_empty()), step }
    })
}

/// The names of what a letter came out of, or took the place of.
fn origins(entry: &HistoryResponse) -> impl Iterator<Item = &Word> {
    let response = &entry.response;
    [&response.review_id, &response.complaint_id, &response.decision_notice_id, &response.supersedes]
        .into_iter()
        .filter_map(Option::as_ref)
}

/// The day with which the entry of this name begins.
fn begins_on(history: &CaseHistory, name: &Word) -> Option<Date> {
    let is_named = |known_as: &Option<Word>| known_as.as_ref() == Some(name);
    let letter = history.responses.iter().find(|entry| is_named(&entry.known_as));
    let review = history.reviews.iter().find(|entry| is_named(&entry.known_as));
    let complaint = history.complaints.iter().find(|entry| is_named(&entry.known_as));
    let notices = history.complaints.iter().flat_map(|complaint| &complaint.decision_notices);
    letter
        .and_then(|entry| entry.response.issued_on)
        .or_else(|| review.map(|entry| entry.review.requested_on))
        .or_else(|| complaint.map(|entry| entry.complaint.made_on))
        .or_else(|| {
            let mut notices = notices;
            notices.find(|entry| is_named(&entry.known_as)).map(|entry| entry.decision_notice.sent_on)
        })
}
