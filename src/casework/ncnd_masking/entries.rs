//! Events and the chain after the response without what stays hidden. What lies within them is taken apart by name, so
//! that a new member does not compile before somebody has decided whether it tells.

use super::{GuardedParts, cited, cites_ncnd, is_within, without_titles};
use crate::{
    casework::{
        appeal::{Appeal, AppealDecision},
        complaint::{Complaint, ComplaintIssue, ComplaintOutcome, PartPosition},
        decision_notice::{DecisionNotice, NoticeFinding, NoticeStep},
        event::RecordedEvent,
        position_change::PositionChange,
        response::DeterminationOutcome,
        review::{Review, ReviewDecision, ReviewResult},
        submission::Submission,
        text::Label,
    },
    law::{Date, Regime, catalogue::Provision, clock::EventName, notice},
};

/// The places of an extension that tell why more time was taken; findings on them tell it too.
pub(super) const HIDDEN_OF_EVENTS: [&str; 2] = ["/grounds", "/reasons"];

/// Whether an extension names what the answer to a guarded part came to rest on.
pub(super) fn is_guarded_event(event: &RecordedEvent, guarded: &GuardedParts, today: Date) -> bool {
    event.kind == EventName::Extension
        && (guarded.covers(event.parts.as_deref()) || event.grounds.iter().any(|ground| cites_ncnd(ground, today)))
}

/// The event without what stays hidden: an extension may name what a later answer rests on.
#[must_use]
pub fn masked_event(mut event: RecordedEvent, guarded: &GuardedParts, today: Date) -> RecordedEvent {
    if is_guarded_event(&event, guarded, today) {
        event.grounds.clear();
        event.text = None;
        event.void_reason = None;
        event.findings.retain(|finding| {
            let pointer = finding.pointer.as_deref().unwrap_or_default();
            !HIDDEN_OF_EVENTS.iter().any(|place| is_within(pointer, place))
        });
    }
    event.findings.retain(|finding| !finding.id.contains("ncnd"));
    event
}

/// The review without what stays hidden; `named` are the parts that it names.
#[must_use]
pub fn masked_review(mut review: Review, named: Option<&[Label]>, guarded: &GuardedParts) -> Review {
    if guarded.covers(named) {
        review.grounds = None;
        review.not_contested = None;
        review.void_reason = None;
    }
    if let Some(ReviewDecision { results, decided_on: _, decided_by: _ }) = &mut review.decision {
        for ReviewResult { part, reasons, result: _ } in results {
            if guarded.covers_part(part) {
                *reasons = None;
            }
        }
    }
    review
}

/// The complaint without what stays hidden; `named` are the parts that it names.
#[must_use]
pub fn masked_complaint(mut complaint: Complaint, named: Option<&[Label]>, guarded: &GuardedParts) -> Complaint {
    if guarded.covers(named) {
        for ComplaintIssue { text, topic: _ } in &mut complaint.issues {
            *text = None;
        }
        if let Some(ComplaintOutcome { explanation, ended_on: _, outcome: _ }) = &mut complaint.outcome {
            *explanation = None;
        }
        complaint.not_contested = None;
        complaint.void_reason = None;
    }
    for PartPosition { part, outcome, provisions } in &mut complaint.positions {
        if guarded.covers_part(part) || *outcome == DeterminationOutcome::NeitherConfirmedNorDenied {
            provisions.clear();
        }
    }
    complaint
}

/// The change of position without what stays hidden.
#[must_use]
pub fn masked_position_change(mut change: PositionChange, guarded: &GuardedParts, today: Date) -> PositionChange {
    let dropped = change.grounds_dropped.iter().filter_map(|named| named.provision.as_ref());
    let cites = change.grounds_added.iter().flat_map(cited).any(|citation| cites_ncnd(&citation, today))
        || dropped.into_iter().any(|provision| cites_ncnd(provision, today));
    let neither = change.determination == Some(DeterminationOutcome::NeitherConfirmedNorDenied);
    if cites || neither || guarded.covers(Some(&change.parts)) {
        change.grounds_added.clear();
        change.grounds_dropped.clear();
        change.reasons = None;
        change.void_reason = None;
    }
    change
}

/// The submission without what stays hidden; `named` are the parts that its complaint names.
#[must_use]
pub fn masked_submission(mut submission: Submission, named: Option<&[Label]>, guarded: &GuardedParts) -> Submission {
    if guarded.covers(named) {
        submission.summary = None;
        submission.void_reason = None;
        without_titles(&mut submission.documents);
    }
    submission
}

/// The parts that a complaint concerns, each with its regime.
pub type PartRegimes = [(Label, Regime)];

/// Whether a finding is on a duty, like that of answering in time, under each of these regimes, those of its parts. One
/// number may be a duty under one regime and a ground under another: FOIA s13, EIR reg 13.
#[must_use]
pub fn is_finding_on_duty(finding: &NoticeFinding, regimes: &[Regime], on: Date) -> bool {
    let Some(cited) = &finding.provision else { return false };
    let is_duty =
        |regime: &Regime| notice::cited_row(*regime, on, cited).is_some_and(|row| !row.is_ground_of_refusal());
    !regimes.is_empty() && regimes.iter().all(is_duty)
}

/// The decision notice without what stays hidden; `named` are the parts that its complaint names, `regimes` those of the
/// parts that it concerns.
#[must_use]
pub fn masked_decision_notice(
    mut notice: DecisionNotice,
    named: Option<&[Label]>,
    regimes: &PartRegimes,
    guarded: &GuardedParts,
) -> DecisionNotice {
    let of = Decided { named, regimes, on: notice.sent_on, guarded };
    of.mask(&mut notice.findings, &mut notice.steps);
    if guarded.covers(named) {
        // A remark belongs to no part.
        notice.other_matters.clear();
        notice.void_reason = None;
    }
    notice
}

/// The appeal without what stays hidden; `named` are the parts that its complaint names, `regimes` those of the parts that
/// it concerns.
#[must_use]
pub fn masked_appeal(
    mut appeal: Appeal,
    named: Option<&[Label]>,
    regimes: &PartRegimes,
    guarded: &GuardedParts,
) -> Appeal {
    let covered = guarded.covers(named);
    if covered {
        appeal.grounds = None;
        appeal.point_of_law = None;
        appeal.void_reason = None;
    }
    let Some(AppealDecision { reasons, substituted_notice, decided_on, outcome: _, citation: _ }) =
        &mut appeal.decision
    else {
        return appeal;
    };
    if covered {
        *reasons = None;
    }
    if let Some(notice) = substituted_notice {
        Decided { named, regimes, on: *decided_on, guarded }.mask(&mut notice.findings, &mut notice.steps);
    }
    appeal
}

/// What a regulator or a tribunal decided on a day of the parts of a complaint.
struct Decided<'a> {
    named: Option<&'a [Label]>,
    regimes: &'a PartRegimes,
    on: Date,
    guarded: &'a GuardedParts,
}

impl Decided<'_> {
    /// Findings on grounds and steps leave with their words. That a duty was broken, like that of answering in time, stays
    /// without its reasons.
    fn mask(&self, findings: &mut Vec<NoticeFinding>, steps: &mut Vec<NoticeStep>) {
        findings.retain(|finding| self.may_stay(finding));
        for finding in findings.iter_mut().filter(|finding| self.concerns_guarded(finding.parts.as_deref())) {
            finding.reasons = None;
        }
        steps.retain(|NoticeStep { parts, text: _ }| !self.concerns_guarded(parts.as_deref()));
    }

    fn may_stay(&self, finding: &NoticeFinding) -> bool {
        let is_ncnd = |regime: &Regime| {
            let cited = finding.provision.as_ref();
            cited.and_then(|cited| notice::cited_row(*regime, self.on, cited)).is_some_and(Provision::is_ncnd)
        };
        let regimes = self.regimes_of(finding.parts.as_deref());
        is_finding_on_duty(finding, &regimes, self.on)
            || !(self.concerns_guarded(finding.parts.as_deref()) || regimes.iter().any(is_ncnd))
    }

    /// The regimes of these parts; without parts of all that the complaint concerns.
    fn regimes_of(&self, parts: Option<&[Label]>) -> Vec<Regime> {
        let is_among = |label: &Label| parts.is_none_or(|parts| parts.contains(label));
        self.regimes.iter().filter(|(label, _)| is_among(label)).map(|(_, regime)| *regime).collect()
    }

    /// Whether something of the decision that names these parts concerns a guarded one; without parts it is about all
    /// that the complaint names.
    fn concerns_guarded(&self, parts: Option<&[Label]>) -> bool {
        self.guarded.covers(parts.or(self.named))
    }
}
