//! What nothing in the chain after the response may tell: which member of an alternative group applied, and whether
//! information behind an answer that neither confirms nor denies is held.

use std::collections::{HashMap, HashSet};

use crate::{
    casework::{
        decision_notice::{NoticeDecision, NoticeFinding, RegulatorFinding},
        ncnd_masking::is_finding_on_duty,
        position_change::NewPositionChange,
        response::Ground,
        scope::Scope,
        text::{Label, Word},
    },
    fault::{Fault, INCONSISTENT_MEMBERS, INVALID_VALUE},
    law::{
        Date, Regime,
        citations::{on_one_line, resolve},
        notice,
    },
    services::{
        Context, ServiceError, ServiceResult,
        clocks::PartFacts,
        proceedings::{CaseFile, disclosure::guarded_in, positions::Changes},
    },
};

/// What answers to the parts of a request rely on in the alternative, and which parts are neither confirmed nor denied.
/// Made once for all that is said of them.
struct Guard<'a> {
    file: &'a CaseFile,
    /// By part: each member of an alternative group with the group's name.
    alternatives: HashMap<&'a Label, Vec<(Option<String>, Word)>>,
    ncnd: HashSet<&'a Label>,
}

impl<'a> Guard<'a> {
    /// Looks at every answer that was ever given, and at where the authority stands now.
    fn of(file: &'a CaseFile) -> ServiceResult<Self> {
        let changes = Changes::of(file)?;
        let mut guard = Self { file, alternatives: HashMap::new(), ncnd: HashSet::new() };
        for letter in &file.letters {
            for answer in &letter.content.determinations {
                if let Some(part) = file.part(&answer.part) {
                    guard.add(part, letter.issued_on, &answer.grounds);
                }
            }
        }
        for part in &file.history.parts {
            let Some(position) = changes.position(file, part, None) else { continue };
            guard.add(part, position.since, &position.grounds);
            if position.is_ncnd() {
                guard.ncnd.insert(&part.label);
            }
        }
        Ok(guard)
    }

    fn add(&mut self, part: &'a PartFacts, on: Date, grounds: &[Ground]) {
        for ground in grounds {
            let Some(group) = &ground.alternative_group else { continue };
            let member = (notice::resolve(part.regime, on, ground).provision, group.clone());
            let of_part = self.alternatives.entry(&part.label).or_default();
            if !of_part.contains(&member) {
                of_part.push(member);
            }
        }
    }

    fn of_parts(&self, labels: &[Label]) -> impl Iterator<Item = &(Option<String>, Word)> {
        labels.iter().filter_map(|label| self.alternatives.get(label)).flatten()
    }

    /// A fault where a provision stands in an alternative group of an answer to one of these parts: to speak of it alone
    /// would tell the members apart.
    fn told_apart(&self, labels: &[Label], at: &str, cited: &str, on: Date) -> Option<Fault> {
        let regimes = self.file.regimes(labels).unwrap_or_default();
        // What is no single citation may name a member among others.
        let named = |regime: Regime| {
            let single = notice::cited_row(regime, on, cited).map(|row| row.provision.clone());
            let listed = resolve(regime, cited, on).citations.into_iter().map(|citation| citation.provision);
            single.into_iter().chain(listed).collect::<Vec<_>>()
        };
        let meant: Vec<String> = regimes.into_iter().flat_map(named).collect();
        let mut members = self.of_parts(labels).filter_map(|(member, _)| member.as_ref());
        let detail = "The provision is relied on in the alternative. Name its `alternative_group`: nothing tells which \
            member applied.";
        // Whoever names the section of a member, or a limb of it, has named the member.
        members
            .any(|member| meant.iter().any(|named| on_one_line(named, member)))
            .then(|| Fault::new(at, INCONSISTENT_MEMBERS, detail))
    }

    /// A fault where no answer to one of these parts has such a group.
    fn unknown_group(&self, labels: &[Label], at: &str, group: &Word) -> Option<Fault> {
        let detail = "No answer to these parts has an alternative group of this name.";
        let is_known = self.of_parts(labels).any(|(_, known)| known == group);
        (!is_known).then(|| Fault::new(at, INVALID_VALUE, detail))
    }

    /// Whether one of these parts is neither confirmed nor denied.
    fn is_ncnd(&self, labels: &[Label]) -> bool {
        labels.iter().any(|label| self.ncnd.contains(label))
    }
}

/// Refuses what can be judged only by grounds that the caller may not read: whether a provision stands in an alternative
/// group, and whether there is a group of that name. What is refused depends on nothing that is hidden.
fn refuse_guesses(context: &Context, file: &CaseFile, labels: &[Label]) -> ServiceResult<()> {
    if !guarded_in(context, file)?.is_some_and(|guarded| guarded.covers(Some(labels))) {
        return Ok(());
    }
    let detail = format!(
        "Grounds of a part that is neither confirmed nor denied are recorded by those who may read them: that needs `{}`.",
        Scope::NcndRead
    );
    Err(ServiceError::InsufficientScope(detail))
}

/// What a decision may not say of the parts that it is about; `parts` are those of its complaint, `on` is its day.
///
/// # Errors
///
/// [`ServiceError::InsufficientScope`] for a finding on grounds of a guarded part by who may not read them.
pub(super) fn decision_faults(
    context: &Context,
    file: &CaseFile,
    parts: &[Label],
    on: Date,
    decision: &NoticeDecision,
) -> ServiceResult<Vec<Fault>> {
    let guard = Guard::of(file)?;
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
        if !is_of_duty(file, labels, finding, on)? {
            refuse_guesses(context, file, labels)?;
        }
        if let Some(provision) = &finding.provision {
            let pointer = format!("{here}/provision");
            faults.extend(guard.told_apart(labels, &pointer, provision, on));
        }
        if let Some(group) = &finding.alternative_group {
            faults.extend(guard.unknown_group(labels, &format!("{here}/alternative_group"), group));
        }
        let of_holding =
            matches!(finding.finding, RegulatorFinding::HeldOnBalance | RegulatorFinding::NotHeldOnBalance);
        if of_holding && guard.is_ncnd(labels) {
            let detail = "The finding has no place on a part that is neither confirmed nor denied.";
            faults.push(Fault::new(format!("{here}/finding"), INCONSISTENT_MEMBERS, detail));
        }
    }
    Ok(faults)
}

/// Whether a finding is on a duty like that of answering in time, or names neither provision nor group.
fn is_of_duty(file: &CaseFile, labels: &[Label], finding: &NoticeFinding, on: Date) -> ServiceResult<bool> {
    let names_none = finding.provision.is_none() && finding.alternative_group.is_none();
    Ok(names_none || is_finding_on_duty(finding, &file.regimes(labels)?, on))
}

/// What a change of position may not say of its parts.
///
/// # Errors
///
/// [`ServiceError::InsufficientScope`] for grounds of a guarded part by who may not read them.
pub(super) fn position_faults(
    context: &Context,
    file: &CaseFile,
    parts: &[Label],
    change: &NewPositionChange,
) -> ServiceResult<Vec<Fault>> {
    let on = change.stated_on;
    if !(change.grounds_added.is_empty() && change.grounds_dropped.is_empty()) {
        refuse_guesses(context, file, parts)?;
    }
    let guard = Guard::of(file)?;
    let mut faults = Vec::new();
    for (at, ground) in change.grounds_added.iter().enumerate() {
        if ground.alternative_group.is_some() {
            continue;
        }
        let here = format!("/grounds_added/{at}");
        if let Some(provision) = &ground.provision {
            faults.extend(guard.told_apart(parts, &format!("{here}/provision"), provision, on));
        }
        if let Some(as_cited) = &ground.as_cited {
            faults.extend(guard.told_apart(parts, &format!("{here}/as_cited"), as_cited, on));
        }
    }
    for (at, named) in change.grounds_dropped.iter().enumerate() {
        if let Some(provision) = &named.provision {
            let pointer = format!("/grounds_dropped/{at}/provision");
            faults.extend(guard.told_apart(parts, &pointer, provision, on));
        }
        if let Some(group) = &named.alternative_group {
            let pointer = format!("/grounds_dropped/{at}/alternative_group");
            faults.extend(guard.unknown_group(parts, &pointer, group));
        }
    }
    Ok(faults)
}
