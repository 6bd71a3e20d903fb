//! Where the authority stands on a part: its last issued answer, moved by what it has stated since.

use std::collections::HashSet;

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

/// The changes of position of a request, in the order of their days, each with its parts. Read once for all parts.
pub(super) struct Changes(Vec<(HashSet<Label>, NewPositionChange)>);

impl Changes {
    /// Those of a file that are not void.
    pub(super) fn of(file: &CaseFile) -> ServiceResult<Self> {
        let mut changes = Vec::new();
        for row in file.standing(ProceedingKind::PositionChange) {
            let change: NewPositionChange = content(row)?;
            let labels = match &change.parts {
                Some(labels) => labels.clone(),
                None => super::complaints::parts_above(file, row)?,
            };
            changes.push((labels.into_iter().collect(), change));
        }
        changes.sort_by_key(|(_, change)| change.stated_on);
        Ok(Self(changes))
    }

    /// Each change with its parts.
    pub(super) fn iter(&self) -> impl Iterator<Item = &(HashSet<Label>, NewPositionChange)> {
        self.0.iter()
    }

    /// The position on a part at the end of a day, or at last; none without an answer.
    pub(super) fn position(&self, file: &CaseFile, part: &PartFacts, until: Option<Date>) -> Option<Position> {
        let in_time = |day: Date| until.is_none_or(|until| day <= until);
        let letters = file.letters.iter().filter(|letter| in_time(letter.issued_on));
        let answers =
            letters.flat_map(|letter| letter.content.determinations.iter().map(|answer| (letter.issued_on, answer)));
        // Of several letters of one day the one recorded last.
        let (since, answer) = answers.filter(|(_, answer)| answer.part == part.label).max_by_key(|(day, _)| *day)?;
        let mut position = Position { outcome: answer.outcome, grounds: answer.grounds.clone(), since };
        let moves = self.0.iter().filter(|(labels, change)| {
            labels.contains(&part.label) && change.stated_on >= since && in_time(change.stated_on)
        });
        for (_, change) in moves {
            position.moved_by(part.regime, change);
        }
        Some(position)
    }
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
    let changes = Changes::of(&file)?;
    let told = |part| changes.position(&file, part, None).is_some_and(|position| !position.is_ncnd());
    Ok(file.history.valid_parts().all(told))
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
    let changes = Changes::of(file)?;
    let parts = labels.iter().filter_map(|label| file.part(label));
    Ok(parts.filter_map(|part| Some(shown(part, changes.position(file, part, until)?))).collect())
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
