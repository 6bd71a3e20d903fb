//! Where the authority stands on a part: its last issued answer, moved by what it has stated since.

use crate::{
    casework::{
        complaint::PartPosition,
        filing::ProceedingKind,
        position_change::{GroundNamed, NewPositionChange},
        response::{Determination, DeterminationOutcome, Ground},
        text::Label,
    },
    law::{Date, Regime, notice},
    services::{
        Context, ServiceResult,
        clocks::PartFacts,
        notices,
        proceedings::{CaseFile, content},
    },
    store::Connection,
};

/// A position on one part.
pub(super) struct Position {
    outcome: DeterminationOutcome,
    pub grounds: Vec<Ground>,
    /// The day since which it stands.
    pub since: Date,
}

impl Position {
    /// Whether it neither confirms nor denies.
    pub(super) fn is_ncnd(&self) -> bool {
        self.outcome == DeterminationOutcome::NeitherConfirmedNorDenied
    }
}

/// The position on a part at the end of a day, or at last; none without an answer.
pub(super) fn of_part(file: &CaseFile, label: &Label, until: Option<Date>) -> ServiceResult<Option<Position>> {
    let Some(part) = file.part(label) else { return Ok(None) };
    let in_time = |day: Date| until.is_none_or(|until| day <= until);
    let mut letters: Vec<(Date, &Determination)> = file
        .letters
        .iter()
        .filter(|letter| in_time(letter.issued_on))
        .flat_map(|letter| letter.content.determinations.iter().map(|answer| (letter.issued_on, answer)))
        .filter(|(_, answer)| answer.part == *label)
        .collect();
    letters.sort_by_key(|(day, _)| *day);
    let Some((since, answer)) = letters.pop() else { return Ok(None) };
    let mut position = Position { outcome: answer.outcome, grounds: answer.grounds.clone(), since };
    for change in
        changes_of(file, label)?.iter().filter(|change| change.stated_on >= since && in_time(change.stated_on))
    {
        position.moved_by(part.regime, change);
    }
    Ok(Some(position))
}

/// The changes of position that concern a part, in the order of their days.
fn changes_of(file: &CaseFile, label: &Label) -> ServiceResult<Vec<NewPositionChange>> {
    let mut changes = Vec::new();
    for row in file.standing(ProceedingKind::PositionChange) {
        let change: NewPositionChange = content(row)?;
        let labels = match &change.parts {
            Some(labels) => labels.clone(),
            None => super::complaints::parts_above(file, row)?,
        };
        if labels.contains(label) {
            changes.push(change);
        }
    }
    changes.sort_by_key(|change| change.stated_on);
    Ok(changes)
}

impl Position {
    fn moved_by(&mut self, regime: Regime, change: &NewPositionChange) {
        let on = change.stated_on;
        self.grounds.retain(|ground| !change.grounds_dropped.iter().any(|named| names(regime, on, named, ground)));
        for added in &change.grounds_added {
            let provision = notice::resolve(regime, on, added).provision;
            let replaced =
                |ground: &Ground| provision.is_some() && notice::resolve(regime, on, ground).provision == provision;
            self.grounds.retain(|ground| !replaced(ground));
            self.grounds.push(added.clone());
        }
        self.outcome = change.determination.unwrap_or(self.outcome);
        self.since = on;
    }
}

/// Whether every part of a request that is a valid one has been answered, and none is neither confirmed nor denied.
pub(in crate::services) fn is_told_throughout(
    connection: &mut Connection,
    context: &Context,
    request_id: &str,
) -> ServiceResult<bool> {
    let file = CaseFile::read(connection, context, request_id)?;
    for part in file.history.valid_parts() {
        if of_part(&file, &part.label, None)?.is_none_or(|position| position.is_ncnd()) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Whether a ground is the one named.
fn names(regime: Regime, on: Date, named: &GroundNamed, ground: &Ground) -> bool {
    if let Some(group) = &named.alternative_group {
        return ground.alternative_group.as_ref() == Some(group);
    }
    let Some(cited) = &named.provision else { return false };
    let meant = notice::cited_row(regime, on, cited).map(|row| row.provision.clone());
    meant.is_some() && meant == notice::resolve(regime, on, ground).provision
}

/// The positions on parts at the end of a day, or at last; parts without an answer are left out.
pub(super) fn of_parts(file: &CaseFile, labels: &[Label], until: Option<Date>) -> ServiceResult<Vec<PartPosition>> {
    let mut positions = Vec::new();
    for part in labels.iter().filter_map(|label| file.part(label)) {
        if let Some(position) = of_part(file, &part.label, until)? {
            positions.push(shown(part, position));
        }
    }
    Ok(positions)
}

fn shown(part: &PartFacts, position: Position) -> PartPosition {
    let Position { outcome, grounds, since } = position;
    let as_answer = Determination {
        part: part.label.clone(),
        outcome,
        grounds,
        public_interest_tests: Vec::new(),
        explanation: None,
        position_departure: None,
    };
    let provisions = notices::classes(part, &as_answer, since).into_keys().collect();
    PartPosition { part: part.label.clone(), outcome, provisions }
}
