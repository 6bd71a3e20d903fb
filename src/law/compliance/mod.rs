//! What a regulator would find of a request from the facts alone: times that were missed, notices that gave no more time,
//! letters that lacked what the statute asks, reviews that took too long. A pure function over what was received and sent;
//! it knows no storage and no time of its own, and nothing of drafts.
//!
//! Everything here is a fact already, so what the statute asks is a `breach`, and what guidance asks a `warning`.

mod events;
mod extensions;
mod letters;
mod reviews;
mod steps;
#[cfg(test)]
mod tests;
mod times;

use std::collections::BTreeMap;

pub(super) use self::reviews::same_decider;
use crate::{
    casework::{
        response::{Determination, ResponseKind},
        text::{Label, Word},
    },
    law::{
        Date, Finding, Regime, Severity,
        calendar::Calendars,
        clock::{ExtensionKind, PartClock},
    },
};

/// A valid part of the request with its clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompliancePart {
    /// The part's label.
    pub label: Label,
    /// The regime under which it is handled.
    pub regime: Regime,
    /// Its clock at the end of today.
    pub clock: PartClock,
    /// The response that answered it in the first place.
    pub answered_by: Option<String>,
}

/// A question to the requester or a fees notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComplianceEvent {
    /// The event's id.
    pub event_id: String,
    /// What the checks of events found of it.
    pub findings: Vec<Finding>,
}

/// A notice that more time was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComplianceExtension {
    /// The event's id.
    pub event_id: String,
    /// Why more time was taken.
    pub kind: ExtensionKind,
    /// The day of the notice.
    pub notified_on: Date,
    /// The day announced.
    pub estimated_on: Option<Date>,
    /// The parts it concerned.
    pub parts: Vec<Label>,
    /// Those whose answer was owed when the day announced ended, by the clock that this notice was given for. A part that had
    /// been answered, had ended or waited by then is not among them, nor one whose clock had started anew.
    pub ran_out_for: Vec<Label>,
    /// What the checks of a notice found of it.
    pub findings: Vec<Finding>,
}

/// A letter that was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComplianceLetter {
    /// The response's id.
    pub response_id: String,
    /// What the letter is in the life of the request.
    pub kind: ResponseKind,
    /// The day it was sent.
    pub issued_on: Date,
    /// Its answers, each with the regime of its part.
    pub determinations: Vec<(Regime, Determination)>,
    /// What the checks of a notice found of it.
    pub findings: Vec<Finding>,
}

/// An internal review that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComplianceReview {
    /// The review's id.
    pub review_id: String,
    /// The regime under which it was asked for.
    pub regime: Regime,
    /// The day on which the request for it was received.
    pub requested_on: Date,
    /// Whether the time for asking for it had ended by then.
    pub asked_late: bool,
    /// The day on which its outcome was sent.
    pub decided_on: Option<Date>,
    /// The parts under review that the decision says nothing of.
    pub undecided: Vec<Label>,
    /// Whether it was decided by someone who had decided the answer reviewed.
    pub same_decider: bool,
}

/// Steps that a decision notice orders, as they stand after appeals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComplianceSteps {
    /// The id of the complaint that the notice decides.
    pub complaint_id: String,
    /// The notice's id.
    pub notice_id: String,
    /// What orders them, like `section 50(4)`.
    pub provision: &'static str,
    /// The last day for taking them.
    pub due_on: Date,
    /// The day on which the last of them was taken.
    pub taken_on: Option<Date>,
}

/// A request, as far as its compliance goes.
#[derive(Debug, Clone, Copy)]
pub struct ComplianceFacts<'a> {
    /// Today in London.
    pub today: Date,
    /// The calendars in use.
    pub calendars: &'a Calendars,
    /// Its valid parts, in their order.
    pub parts: &'a [CompliancePart],
    /// Questions to the requester and fees notices, in the order of their days.
    pub events: &'a [ComplianceEvent],
    /// Notices that more time was taken, in the order of their days.
    pub extensions: &'a [ComplianceExtension],
    /// The letters sent, in the order of their days.
    pub letters: &'a [ComplianceLetter],
    /// The reviews asked for, in the order of their days.
    pub reviews: &'a [ComplianceReview],
    /// Steps ordered that no appeal holds up, in the order of their days.
    pub steps: &'a [ComplianceSteps],
}

/// The findings of a request: times first, then questions and fees notices, extensions, letters, reviews and steps, each
/// in the order of the facts. Pointers are addresses below the request: `/responses/{id}/…`, `/events/{id}/…`,
/// `/reviews/{id}/…`, `/complaints/{id}/decision-notices/{id}`.
#[must_use]
pub fn compliance_findings(facts: &ComplianceFacts<'_>) -> Vec<Finding> {
    let mut findings = times::findings(facts);
    findings.extend(facts.events.iter().flat_map(|event| events::breaches(&event.event_id, &event.findings)));
    findings.extend(facts.extensions.iter().flat_map(|extension| extensions::findings(facts, extension)));
    findings.extend(facts.letters.iter().flat_map(|letter| letters::findings(facts, letter)));
    findings.extend(facts.reviews.iter().flat_map(|review| reviews::findings(facts, review)));
    findings.extend(facts.steps.iter().filter_map(|ordered| steps::finding(facts, ordered)));
    findings
}

/// A finding about to be made: what does not differ from case to case.
struct Wrong {
    id: &'static str,
    severity: Severity,
    provision: Option<String>,
    next_step: &'static str,
}

impl Wrong {
    fn finding<const N: usize>(self, pointer: String, message: String, facts: [(&str, String); N]) -> Finding {
        Finding {
            id: self.id.into(),
            severity: self.severity,
            provision: self.provision,
            pointer: Some(pointer),
            message,
            facts: facts.into_iter().map(|(name, value)| (name.to_owned(), value)).collect::<BTreeMap<_, _>>(),
            next_step: self.next_step.to_owned(),
        }
    }
}

/// A provision as it is cited, like `section 10(1)`.
fn citation(regime: Regime, provision: &str) -> String {
    format!("{} {provision}", regime.division())
}

/// Labels as one list of words.
fn listed<'a>(labels: impl IntoIterator<Item = &'a Label>) -> String {
    labels.into_iter().map(Label::as_str).collect::<Vec<_>>().join(", ")
}

/// The grounds named, without repeating one: used to put findings on several parts together.
fn push_once(words: &mut Vec<Word>, word: &Word) {
    if !words.contains(word) {
        words.push(word.clone());
    }
}
