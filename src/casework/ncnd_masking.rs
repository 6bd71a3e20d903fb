//! What stays hidden from a credential without `ncnd:read`: the grounds of an answer that neither confirms nor denies, and
//! everything that repeats them. That a part was answered so is no secret: its outcome is shown.

use crate::{
    casework::{
        event::RecordedEvent,
        ground::Ground,
        position_change::PositionChange,
        response::{Determination, DeterminationOutcome, Response},
    },
    law::{
        Date, Finding, Regime,
        catalogue::{Lookup, ProvisionKind},
        citations::{find_single, resolve},
    },
};

/// The response without what stays hidden.
#[must_use]
pub fn masked_response(mut response: Response, today: Date) -> Response {
    let mut hidden = Hidden::default();
    for (at, determination) in response.determinations.iter_mut().enumerate() {
        if is_guarded(determination, today) {
            hidden.pointers.push(format!("/determinations/{at}"));
            hidden.citations.extend(determination.grounds.iter().flat_map(cited));
            determination.grounds.clear();
            determination.public_interest_tests.clear();
            determination.explanation = None;
        }
    }
    response.findings.retain(|finding| !hidden.tells(finding));
    response
}

/// These findings of a response without those that tell what stays hidden of it.
#[must_use]
pub fn masked_findings(response: &Response, findings: Vec<Finding>, today: Date) -> Vec<Finding> {
    masked_response(Response { findings, ..response.clone() }, today).findings
}

/// These findings of a whole request, whose issued letters are `letters`, without those that tell what stays hidden.
#[must_use]
pub fn masked_findings_of_request(letters: &[Response], findings: Vec<Finding>, today: Date) -> Vec<Finding> {
    let mut hidden = Hidden::default();
    for letter in letters {
        for (at, determination) in letter.determinations.iter().enumerate().filter(|(_, one)| is_guarded(one, today)) {
            hidden.pointers.push(format!("/responses/{}/determinations/{at}", letter.id));
            hidden.citations.extend(determination.grounds.iter().flat_map(cited));
        }
    }
    findings.into_iter().filter(|finding| !hidden.tells(finding)).collect()
}

/// The change of position without what stays hidden.
#[must_use]
pub fn masked_position_change(mut change: PositionChange, today: Date) -> PositionChange {
    let cites = change.grounds_added.iter().flat_map(cited).any(|citation| cites_ncnd(&citation, today))
        || change
            .grounds_dropped
            .iter()
            .any(|named| named.provision.as_ref().is_some_and(|provision| cites_ncnd(provision, today)));
    if cites || change.determination == Some(DeterminationOutcome::NeitherConfirmedNorDenied) {
        change.grounds_added.clear();
        change.grounds_dropped.clear();
        change.reasons = None;
    }
    change
}

/// Whether anything of the response stays hidden.
#[must_use]
pub fn is_guarded_response(response: &Response, today: Date) -> bool {
    response.determinations.iter().any(|determination| is_guarded(determination, today))
}

/// The event without what stays hidden: an extension may name what a later answer rests on.
#[must_use]
pub fn masked_event(mut event: RecordedEvent, today: Date) -> RecordedEvent {
    if event.grounds.iter().any(|ground| cites_ncnd(ground, today)) {
        event.grounds.clear();
        event.text = None;
        event.findings.clear();
    }
    event.findings.retain(|finding| !finding.id.contains("ncnd"));
    event
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

/// Whether the words cite a provision that excludes the duty to confirm or deny, alone or among others, under whatever
/// regime.
#[must_use]
pub fn cites_ncnd(citation: &str, today: Date) -> bool {
    Regime::ALL.iter().any(|regime| match find_single(*regime, citation, today) {
        Lookup::InForce(row) | Lookup::NotAGround(row) | Lookup::NotInForce { provision: row, .. } => {
            row.kind == ProvisionKind::Ncnd
        }
        Lookup::Unknown { .. } => {
            resolve(*regime, citation, today).citations.iter().any(|cited| cited.kind == ProvisionKind::Ncnd)
        }
    })
}

/// What was taken away, so that no finding tells it all the same.
#[derive(Default)]
struct Hidden {
    pointers: Vec<String>,
    citations: Vec<String>,
}

impl Hidden {
    fn tells(&self, finding: &Finding) -> bool {
        if self.pointers.is_empty() {
            return false;
        }
        let pointer = finding.pointer.as_deref().unwrap_or_default();
        let is_within = |hidden: &String| {
            pointer.strip_prefix(hidden.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let names = |citation: &String| {
            finding.message.contains(citation) || finding.facts.values().any(|fact| fact.contains(citation))
        };
        finding.id.contains("ncnd") || self.pointers.iter().any(is_within) || self.citations.iter().any(names)
    }
}
