//! Notices that more time was taken: what was wrong with them, and estimates that were missed.

use crate::{
    casework::{response::ResponseKind, text::Label},
    law::{
        Date, Finding, Regime, Severity,
        clock::ExtensionKind,
        compliance::{ComplianceExtension, ComplianceFacts, ComplianceLetter, CompliancePart, Wrong, events, listed},
    },
};

pub(super) fn findings(facts: &ComplianceFacts<'_>, extension: &ComplianceExtension) -> Vec<Finding> {
    events::breaches(&extension.event_id, &extension.findings).chain(missed(facts, extension)).collect()
}

/// An estimate that ran out before the answer, and before a new estimate was given.
fn missed(facts: &ComplianceFacts<'_>, extension: &ComplianceExtension) -> Option<Finding> {
    let estimated_on = extension.estimated_on.filter(|_| extension.kind == ExtensionKind::PublicInterest)?;
    // A day that had passed when it was announced could not be kept: that is found of the notice itself.
    if estimated_on < extension.notified_on {
        return None;
    }
    let missed: Vec<(&CompliancePart, Date)> = facts
        .parts
        .iter()
        .filter(|part| extension.parts.contains(&part.label) && !was_renewed(facts, extension, part, estimated_on))
        .filter_map(|part| Some((part, outstanding_until(facts, extension, part)?)))
        .filter(|(_, until)| *until > estimated_on)
        .collect();
    let (first, until) = missed.iter().copied().max_by_key(|(_, until)| *until)?;
    let labels = listed(missed.iter().map(|(part, _)| &part.label).collect::<Vec<&Label>>());
    let days = facts.calendars.get(first.regime.calendar()).working_days_between(estimated_on, until);
    let (done, word) = match first.clock.responded_on {
        Some(answered_on) if until > answered_on => ("decided_on", "was decided on"),
        Some(_) => ("answered_on", "was answered on"),
        None => ("as_at", "has no answer by"),
    };
    let wrong = Wrong {
        id: "extension-estimate-missed",
        severity: Severity::Warning,
        provision: None,
        next_step: "Before an estimate runs out, give a new one with reasons.",
    };
    Some(wrong.finding(
        format!("/events/{}/estimated_on", extension.event_id),
        format!("Part {labels} was announced for {estimated_on} and {word} {until}, {days} working days after."),
        [
            ("parts", labels.clone()),
            ("estimated_on", estimated_on.to_string()),
            (done, until.to_string()),
            ("working_days_late", days.to_string()),
        ],
    ))
}

/// Whether a later notice gave the part a later estimate before this one ran out.
fn was_renewed(
    facts: &ComplianceFacts<'_>,
    extension: &ComplianceExtension,
    part: &CompliancePart,
    estimated_on: Date,
) -> bool {
    facts.extensions.iter().any(|later| {
        later.event_id != extension.event_id
            && later.parts.contains(&part.label)
            && later.kind == ExtensionKind::PublicInterest
            && (extension.notified_on..=estimated_on).contains(&later.notified_on)
            && later.estimated_on.is_some_and(|estimate| estimate > estimated_on)
    })
}

/// The day of the decision that was announced: that of the separate notice of it, else of the answer; today where one is
/// still owed; none where the duty ended otherwise, or did not rest on this notice any more.
fn outstanding_until(
    facts: &ComplianceFacts<'_>,
    extension: &ComplianceExtension,
    part: &CompliancePart,
) -> Option<Date> {
    let separate = separate_outcome_on(facts, part).filter(|_| extension.notified_on >= part.clock.started_on);
    if separate.is_some() || !extension.ran_out_for.contains(&part.label) {
        return separate;
    }
    let owed = Some(facts.today).filter(|today| !part.clock.state_on(*today).is_closed());
    part.clock.responded_on.or(owed)
}

/// The day of the separate notice of a public-interest test that followed the first answer (FOIA s17(3)(b)).
fn separate_outcome_on(facts: &ComplianceFacts<'_>, part: &CompliancePart) -> Option<Date> {
    let answered_on = part.clock.responded_on.filter(|_| part.regime == Regime::Foia)?;
    let of_part =
        |letter: &&ComplianceLetter| letter.determinations.iter().any(|(_, answer)| answer.part == part.label);
    let outcomes = facts.letters.iter().filter(|letter| letter.kind == ResponseKind::PublicInterestOutcome);
    outcomes.filter(of_part).map(|letter| letter.issued_on).filter(|on| *on > answered_on).max()
}
