//! What nothing in the chain after the response may tell: which member of an alternative group applied, and whether
//! information behind an answer that neither confirms nor denies is held.

use crate::{
    casework::{
        decision_notice::{NoticeDecision, RegulatorFinding},
        position_change::NewPositionChange,
        response::Ground,
        text::{Label, Word},
    },
    fault::{Fault, INCONSISTENT_MEMBERS, INVALID_VALUE, UNKNOWN_PROVISION},
    law::{Date, Regime, catalogue::Lookup, citations::find_single, notice},
    services::{
        ServiceResult,
        proceedings::{CaseFile, positions},
    },
};

/// The grounds of every answer ever given to a part, and of where the authority stands on it now, with the day of each.
fn grounds_of(file: &CaseFile, label: &Label) -> ServiceResult<Vec<(Date, Ground)>> {
    let answers = file.letters.iter().flat_map(|letter| {
        let answers = letter.content.determinations.iter().filter(|answer| answer.part == *label);
        answers.flat_map(|answer| answer.grounds.iter().map(|ground| (letter.issued_on, ground.clone())))
    });
    let mut grounds: Vec<(Date, Ground)> = answers.collect();
    if let Some(position) = positions::of_part(file, label, None)? {
        let since = position.since;
        grounds.extend(position.grounds.into_iter().map(|ground| (since, ground)));
    }
    Ok(grounds)
}

/// The regime of the first of some parts.
fn regime_of(file: &CaseFile, labels: &[Label]) -> ServiceResult<Regime> {
    Ok(file.regimes(labels)?.first().copied().unwrap_or(Regime::Foia))
}

/// A fault where a provision stands in an alternative group of an answer to one of these parts: to speak of it alone would
/// tell the members apart.
fn told_apart(file: &CaseFile, labels: &[Label], at: &str, provision: &Word, on: Date) -> ServiceResult<Option<Fault>> {
    for part in labels.iter().filter_map(|label| file.part(label)) {
        let meant = notice::cited_row(part.regime, on, provision).map(|row| row.provision.clone());
        for (day, ground) in grounds_of(file, &part.label)? {
            let is_member = ground.alternative_group.is_some();
            if is_member && meant.is_some() && notice::resolve(part.regime, day, &ground).provision == meant {
                let detail = "The provision is relied on in the alternative. Name its `alternative_group`: nothing tells \
                    which member applied.";
                return Ok(Some(Fault::new(at, INCONSISTENT_MEMBERS, detail)));
            }
        }
    }
    Ok(None)
}

/// A fault where no answer to one of these parts has such a group.
fn unknown_group(file: &CaseFile, labels: &[Label], at: &str, group: &Word) -> ServiceResult<Option<Fault>> {
    for label in labels {
        if grounds_of(file, label)?.iter().any(|(_, ground)| ground.alternative_group.as_ref() == Some(group)) {
            return Ok(None);
        }
    }
    let detail = "No answer to these parts has an alternative group of this name.";
    Ok(Some(Fault::new(at, INVALID_VALUE, detail)))
}

/// A fault where the catalogue has no such provision.
fn unknown_provision(regime: Regime, at: &str, provision: &Word, on: Date) -> Option<Fault> {
    let Lookup::Unknown { suggestions } = find_single(regime, provision, on) else { return None };
    let meant = if suggestions.is_empty() { String::new() } else { format!(" Perhaps: {}.", suggestions.join(", ")) };
    let detail = format!("The catalogue has no such provision under the regime of the parts.{meant}");
    Some(Fault::new(at, UNKNOWN_PROVISION, detail))
}

/// What a decision may not say of the parts that it is about; `parts` are those of its complaint, `on` is its day.
pub(super) fn decision_faults(
    file: &CaseFile,
    parts: &[Label],
    on: Date,
    decision: &NoticeDecision,
) -> ServiceResult<Vec<Fault>> {
    let mut faults = Vec::new();
    for (at, step) in decision.steps.iter().enumerate() {
        faults.extend(file.unknown_parts(&format!("/steps/{at}/parts"), step.parts.as_deref()));
    }
    for (at, finding) in decision.findings.iter().enumerate() {
        let here = format!("/findings/{at}");
        let unknown = file.unknown_parts(&format!("{here}/parts"), finding.parts.as_deref());
        if !unknown.is_empty() {
            faults.extend(unknown);
            continue;
        }
        let labels = finding.parts.as_deref().unwrap_or(parts);
        if let Some(provision) = &finding.provision {
            let pointer = format!("{here}/provision");
            faults.extend(unknown_provision(regime_of(file, labels)?, &pointer, provision, on));
            faults.extend(told_apart(file, labels, &pointer, provision, on)?);
        }
        if let Some(group) = &finding.alternative_group {
            faults.extend(unknown_group(file, labels, &format!("{here}/alternative_group"), group)?);
        }
        let of_holding =
            matches!(finding.finding, RegulatorFinding::HeldOnBalance | RegulatorFinding::NotHeldOnBalance);
        if of_holding && neither_confirmed_nor_denied(file, labels)? {
            let detail = "The finding has no place on a part that is neither confirmed nor denied.";
            faults.push(Fault::new(format!("{here}/finding"), INCONSISTENT_MEMBERS, detail));
        }
    }
    Ok(faults)
}

fn neither_confirmed_nor_denied(file: &CaseFile, labels: &[Label]) -> ServiceResult<bool> {
    for label in labels {
        if positions::of_part(file, label, None)?.is_some_and(|position| position.is_ncnd()) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// What a change of position may not say of its parts.
pub(super) fn position_faults(
    file: &CaseFile,
    parts: &[Label],
    change: &NewPositionChange,
) -> ServiceResult<Vec<Fault>> {
    let on = change.stated_on;
    let regime = regime_of(file, parts)?;
    let mut faults = Vec::new();
    for (at, ground) in change.grounds_added.iter().enumerate() {
        if let Some(provision) = &ground.provision {
            let pointer = format!("/grounds_added/{at}/provision");
            faults.extend(unknown_provision(regime, &pointer, provision, on));
            if ground.alternative_group.is_none() {
                faults.extend(told_apart(file, parts, &pointer, provision, on)?);
            }
        }
    }
    for (at, named) in change.grounds_dropped.iter().enumerate() {
        if let Some(provision) = &named.provision {
            let pointer = format!("/grounds_dropped/{at}/provision");
            faults.extend(unknown_provision(regime, &pointer, provision, on));
            faults.extend(told_apart(file, parts, &pointer, provision, on)?);
        }
        if let Some(group) = &named.alternative_group {
            let pointer = format!("/grounds_dropped/{at}/alternative_group");
            faults.extend(unknown_group(file, parts, &pointer, group)?);
        }
    }
    Ok(faults)
}
