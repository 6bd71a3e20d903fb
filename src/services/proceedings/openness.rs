//! Whether anything of the chain after the response is open, and when the last of it ended.

use crate::{
    casework::filing::ProceedingKind,
    law::{Date, deadline::appeal_due},
    services::{
        Context, ServiceResult,
        proceedings::{CaseFile, decision_notices},
    },
};

/// How the chain after the response stands as a whole.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::services) struct Openness {
    /// Whether a review, a complaint or an appeal is open, steps are not taken, or the time for an appeal still runs.
    pub is_open: bool,
    /// The last day on which something of it ended; of a notice, the day it was sent.
    pub last_end: Option<Date>,
}

impl CaseFile {
    /// How the chain stands today.
    pub(in crate::services) fn openness(&self, context: &Context) -> ServiceResult<Openness> {
        let mut found = Openness::default();
        let mut ended = |day: Option<chrono::NaiveDate>| {
            found.is_open |= day.is_none();
            found.last_end = found.last_end.max(day.map(Date));
        };
        for kind in [ProceedingKind::Review, ProceedingKind::Appeal] {
            self.standing(kind).for_each(|row| ended(row.ended_on));
        }
        for row in self.standing(ProceedingKind::Complaint) {
            let decided_on = self.below(row, ProceedingKind::DecisionNotice).map(|notice| notice.begun_on).max();
            ended(decided_on.or(row.ended_on));
        }
        for row in self.standing(ProceedingKind::DecisionNotice) {
            let state = decision_notices::state(context, self, row)?;
            let unappealed = self.below(row, ProceedingKind::Appeal).next().is_none();
            let appeal_by = appeal_due(&context.calendars, state.regime, Date(row.begun_on)).filter(|_| unappealed);
            found.is_open |= state.steps_due_on.is_some() && state.compliance.is_none();
            found.is_open |= appeal_by.is_some_and(|date| date.due_on >= context.today);
            found.last_end = found.last_end.max(state.compliance.map(|compliance| compliance.complied_on));
        }
        Ok(found)
    }
}
