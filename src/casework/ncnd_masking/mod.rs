//! What stays hidden from a credential without `ncnd:read`, in one place: every word that may tell what an answer that
//! neither confirms nor denies rests on. That a part was answered so is no secret, nor are outcomes, results and days:
//! the requester was told of them. The table in `docs/security.md` says the same.
//!
//! A part is guarded from the first answer or stated position of this kind, letters voided since included. Then hidden are:
//! * of the answer itself, what it rests on, and the words of its letter that belong to no other part (here);
//! * of events and of the chain after the response, provisions and free text of whatever concerns the part (`entries`).
//!
//! Answers in other letters that confirm or deny stay as the requester was given them; void ones need not have been given.

mod entries;

pub use entries::{
    PartRegimes, is_finding_on_duty, masked_appeal, masked_complaint, masked_decision_notice, masked_event,
    masked_position_change, masked_review, masked_submission,
};

use std::collections::BTreeSet;

use crate::{
    casework::{
        event::RecordedEvent,
        ground::Ground,
        position_change::NewPositionChange,
        response::{Determination, DeterminationOutcome, Response, ResponseStatus, SentDocument},
        text::Label,
    },
    law::{
        Date, Finding, Regime,
        catalogue::{Lookup, ProvisionKind, WrittenCitation},
        citations::{find_single, resolve},
        notice,
    },
};

/// The parts of a request that a letter, be it void since, or a position stated since, neither confirms nor denies; drafts
/// make none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GuardedParts {
    labels: BTreeSet<Label>,
    /// What parts that were split into these were called: void letters still call them so.
    former_labels: BTreeSet<Label>,
}

impl GuardedParts {
    /// Takes an answer of an issued letter into account.
    pub fn add_answer(&mut self, answer: &Determination, today: Date) {
        if is_guarded(answer, today) {
            self.labels.insert(answer.part.clone());
        }
    }

    /// Takes a change of position on these parts into account.
    pub fn add_change<'a>(
        &mut self,
        parts: impl IntoIterator<Item = &'a Label>,
        change: &NewPositionChange,
        today: Date,
    ) {
        let neither = change.determination == Some(DeterminationOutcome::NeitherConfirmedNorDenied);
        if neither || change.grounds_added.iter().flat_map(cited).any(|citation| cites_ncnd(&citation, today)) {
            self.labels.extend(parts.into_iter().cloned());
        }
    }

    /// Whether any of these parts is among them; what names no parts concerns all.
    #[must_use]
    pub fn covers(&self, named: Option<&[Label]>) -> bool {
        named.map_or(!self.labels.is_empty(), |labels| labels.iter().any(|label| self.labels.contains(label)))
    }

    /// Takes the name into account that a part had before it was split into one that is guarded.
    pub fn add_former_label(&mut self, label: &Label) {
        self.former_labels.insert(label.clone());
    }

    fn covers_part(&self, label: &Label) -> bool {
        self.labels.contains(label)
    }

    /// Whether the part that a void letter answered is among them, or was split into one of them.
    fn covers_part_once(&self, label: &Label) -> bool {
        self.covers_part(label) || self.former_labels.contains(label)
    }
}

/// The response without what stays hidden.
#[must_use]
pub fn masked_response(mut response: Response, guarded: &GuardedParts, today: Date) -> Response {
    let is_on_guarded_part = response.determinations.iter().any(|one| guarded.covers_part_once(&one.part));
    if is_on_guarded_part || is_guarded_response(&response, guarded, today) {
        response.void_reason = None;
    }
    // What was recorded by mistake the requester need not have had.
    let is_void = response.status == ResponseStatus::Void;
    let mut hidden = Hidden::default();
    for (at, determination) in response.determinations.iter_mut().enumerate() {
        if is_guarded(determination, today) || is_void && guarded.covers_part_once(&determination.part) {
            hidden.pointers.push(format!("/determinations/{at}"));
            hidden.citations.extend(determination.grounds.iter().flat_map(told_by_findings));
            determination.grounds.clear();
            determination.public_interest_tests.clear();
            determination.explanation = None;
        }
    }
    if !hidden.pointers.is_empty() {
        response.override_with = None;
        without_titles(&mut response.sent_documents);
    }
    // Why a part was left open is what its answer came to rest on.
    if response.left_open.iter().any(|left| guarded.covers_part(&left.part)) {
        response.left_open.retain(|left| !guarded.covers_part(&left.part));
        hidden.pointers.push("/left_open".to_owned());
    }
    response.findings.retain(|finding| !hidden.tells(finding));
    response
}

/// These findings of a response without those that tell what stays hidden of it.
#[must_use]
pub fn masked_findings(
    response: &Response,
    findings: Vec<Finding>,
    guarded: &GuardedParts,
    today: Date,
) -> Vec<Finding> {
    masked_response(Response { findings, ..response.clone() }, guarded, today).findings
}

/// These findings of a whole request, with these issued letters and events, without those that tell what stays hidden.
#[must_use]
pub fn masked_findings_of_request(
    letters: &[Response],
    events: &[RecordedEvent],
    findings: Vec<Finding>,
    guarded: &GuardedParts,
    today: Date,
) -> Vec<Finding> {
    let mut hidden = Hidden::default();
    for letter in letters {
        for (at, determination) in letter.determinations.iter().enumerate().filter(|(_, one)| is_guarded(one, today)) {
            hidden.pointers.push(format!("/responses/{}/determinations/{at}", letter.id));
            // A finding on several answers of the letter.
            hidden.lists.push(format!("/responses/{}/determinations", letter.id));
            hidden.citations.extend(determination.grounds.iter().flat_map(told_by_findings));
        }
    }
    for event in events.iter().filter(|event| entries::is_guarded_event(event, guarded, today)) {
        let at = |place: &&str| format!("/events/{}{place}", event.id);
        hidden.pointers.extend(entries::HIDDEN_OF_EVENTS.iter().map(at));
    }
    findings.into_iter().filter(|finding| !hidden.tells(finding)).collect()
}

/// Whether the words of the letter cannot be given without telling what stays hidden.
#[must_use]
pub fn is_guarded_response(response: &Response, guarded: &GuardedParts, today: Date) -> bool {
    response.determinations.iter().any(|determination| is_guarded(determination, today))
        || response.left_open.iter().any(|left| guarded.covers_part(&left.part))
}

/// An answer that neither confirms nor denies, or one that cites a provision for such answers beside others: the
/// alternatives of one answer are one thing.
fn is_guarded(determination: &Determination, today: Date) -> bool {
    determination.outcome == DeterminationOutcome::NeitherConfirmedNorDenied
        || determination.grounds.iter().flat_map(cited).any(|citation| cites_ncnd(&citation, today))
}

fn cited(ground: &Ground) -> impl Iterator<Item = String> {
    let own = [ground.provision.as_ref().map(ToString::to_string), ground.as_cited.as_ref().map(ToString::to_string)];
    own.into_iter().flatten().chain(ground.relies_on.iter().map(|limb| limb.provision.to_string()))
}

/// What a finding may call it: as it was cited, or in the catalogue's form.
fn told_by_findings(ground: &Ground) -> impl Iterator<Item = String> {
    cited(ground).flat_map(|citation| {
        let canonical = WrittenCitation::read(&citation).map(|read| read.canonical.to_string());
        [Some(citation), canonical].into_iter().flatten()
    })
}

/// Whether the words cite a provision that excludes the duty to confirm or deny, alone or among others, under whatever
/// regime.
fn cites_ncnd(citation: &str, today: Date) -> bool {
    Regime::ALL.iter().any(|regime| match find_single(*regime, citation, today) {
        Lookup::InForce(row) | Lookup::NotAGround(row) | Lookup::NotInForce { provision: row, .. } => {
            row.kind == ProvisionKind::Ncnd
        }
        Lookup::Unknown { .. } => {
            resolve(*regime, citation, today).citations.iter().any(|cited| cited.kind == ProvisionKind::Ncnd)
        }
    })
}

/// Where documents are kept stays; what they are called may name what they say.
fn without_titles(documents: &mut [SentDocument]) {
    for document in documents {
        document.title = None;
    }
}

/// What was taken away, so that no finding tells it all the same.
#[derive(Default)]
struct Hidden {
    pointers: Vec<String>,
    /// Lists of which a part was taken away.
    lists: Vec<String>,
    citations: Vec<String>,
}

impl Hidden {
    fn tells(&self, finding: &Finding) -> bool {
        // Whether the answer it is about is guarded, and whether the extension it quotes is, says nothing here: another letter
        // or a draft would tell of both.
        if finding.id.contains("ncnd") || notice::quotes_extension(finding) {
            return true;
        }
        if self.pointers.is_empty() {
            return false;
        }
        let pointer = finding.pointer.as_deref().unwrap_or_default();
        let names = |citation: &String| {
            finding.message.contains(citation) || finding.facts.values().any(|fact| fact.contains(citation))
        };
        self.pointers.iter().any(|hidden| is_within(pointer, hidden))
            || self.lists.iter().any(|list| list == pointer)
            || self.citations.iter().any(names)
    }
}

/// Whether a pointer is to this place or below it.
fn is_within(pointer: &str, place: &str) -> bool {
    pointer.strip_prefix(place).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
