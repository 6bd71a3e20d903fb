//! Reviews and complaints as figures see them, and where they stand at the end of a day. Knows nothing of how they are found.

use crate::{
    casework::{
        appeal::{AppealOutcome, NewAppeal},
        decision_notice::{NewDecisionNotice, NoticeDecision},
        review::ReviewOutcome,
    },
    law::{
        Date, Regime,
        calendar::Calendars,
        clock::DueDate,
        deadline::{Pending, StepsStanding, review_due_dates, steps_standing},
    },
    metrics::FoundOn,
};

/// A review.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewCase {
    /// The day it was asked for.
    pub requested_on: Date,
    /// The regimes of the parts reviewed.
    pub regimes: Vec<Regime>,
    /// The day it was decided.
    pub decided_on: Option<Date>,
    /// What became of each part, with the part's regime.
    pub results: Vec<(Regime, ReviewOutcome)>,
}

/// A review at the end of a day, under the regimes asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct SeenReview {
    pub requested_on: Date,
    pub decided_on: Option<Date>,
    /// Whether it decided a part that had not been decided: beside what became of the others.
    pub decided_first: bool,
    /// What became of it as a whole; absent while it is not decided, and where nothing was decided under these regimes.
    pub outcome: Option<ReviewOutcome>,
    /// Working days to the decision.
    pub taken: Option<u32>,
    /// The last day for deciding it in the usual time: by statute, under FOIA the 20 working days of the Code.
    pub usual_limit_on: Date,
    /// The last day for deciding it in time: by statute, under FOIA by what guidance allows at most.
    pub limit_on: Date,
}

impl ReviewCase {
    /// The review at the end of `as_at`; `None` when it had not been asked for by then, or is of other regimes.
    pub(super) fn seen(
        &self,
        calendars: &Calendars,
        as_at: Date,
        wanted: impl Fn(Regime) -> bool,
    ) -> Option<SeenReview> {
        let regime =
            self.regimes.iter().copied().find(|regime| wanted(*regime)).filter(|_| self.requested_on <= as_at)?;
        let decided_on = self.decided_on.filter(|day| *day <= as_at);
        let results: Vec<ReviewOutcome> =
            self.results.iter().filter(|(regime, _)| wanted(*regime)).map(|(_, outcome)| *outcome).collect();
        let days = |until| calendars.get(regime.calendar()).working_days_between(self.requested_on, until);
        let limits = review_due_dates(calendars, regime, self.requested_on);
        let on = |limit: Option<&DueDate>| limit.map_or(self.requested_on, |limit| limit.due_on);
        Some(SeenReview {
            requested_on: self.requested_on,
            decided_on,
            decided_first: decided_on.is_some() && results.contains(&ReviewOutcome::DecisionWhereNone),
            outcome: decided_on.and_then(|_| whole(&results)),
            taken: decided_on.and_then(|until| u32::try_from(days(until)).ok()),
            usual_limit_on: on(limits.first()),
            limit_on: on(limits.last()),
        })
    }
}

/// What became of a review of several parts: what became of each where it is the same, else it was partly changed. A part
/// that had not been decided had nothing that could stand or be changed: it speaks for the whole where there is no other.
pub(super) fn whole(results: &[ReviewOutcome]) -> Option<ReviewOutcome> {
    let mut of_decisions = results.iter().copied().filter(|result| *result != ReviewOutcome::DecisionWhereNone);
    let Some(first) = of_decisions.next() else { return results.first().copied() };
    let is_same = of_decisions.all(|result| result == first);
    Some(if is_same { first } else { ReviewOutcome::PartlyChanged })
}

/// A complaint to the regulator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComplaintCase {
    /// The day it was made.
    pub made_on: Date,
    /// The regimes of the parts complained of.
    pub regimes: Vec<Regime>,
    /// The day it ended without a notice.
    pub ended_on: Option<Date>,
    /// The notices that decided it.
    pub notices: Vec<NoticeCase>,
}

/// A decision notice with the appeals against it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeCase {
    /// What the notice says.
    pub notice: NewDecisionNotice,
    /// What it found, each of its findings as it is counted.
    pub findings: Vec<FoundOn>,
    /// The regime whose days its steps are counted by.
    pub regime: Regime,
    /// The appeals against it.
    pub appeals: Vec<NewAppeal>,
}

/// How the steps of a notice stand at the end of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Steps {
    /// None were ordered, or they were taken.
    Settled,
    /// They are to be taken, or wait for an appeal.
    Open,
    /// Their time has passed.
    Overdue,
}

impl NoticeCase {
    /// How its steps stand at the end of `as_at`, after what a tribunal had decided by then.
    pub(super) fn steps(&self, calendars: &Calendars, as_at: Date) -> Steps {
        if self.notice.compliance.as_ref().is_some_and(|compliance| compliance.complied_on <= as_at) {
            return Steps::Settled;
        }
        let (decision, replaced_on) = self.decision(as_at);
        let Some(period) = decision.steps_period.filter(|_| !decision.steps.is_empty()) else { return Steps::Settled };
        let made = |appeal: &&NewAppeal| {
            appeal.made_on <= as_at && replaced_on.is_none_or(|replaced_on| appeal.made_on >= replaced_on)
        };
        let ended = |appeal: &NewAppeal| appeal.decision.as_ref().map(|decision| decision.decided_on);
        let pending: Vec<Pending> = self
            .appeals
            .iter()
            .filter(made)
            .map(|appeal| Pending { made_on: appeal.made_on, ended_on: ended(appeal).filter(|day| *day <= as_at) })
            .collect();
        match steps_standing(calendars, self.regime, period, &pending) {
            StepsStanding::Due(due_on) if due_on < as_at => Steps::Overdue,
            StepsStanding::Due(_) | StepsStanding::Suspended => Steps::Open,
        }
    }

    /// What it orders at the end of `as_at`: its own steps, or those that a tribunal put in their place.
    fn decision(&self, as_at: Date) -> (NoticeDecision, Option<Date>) {
        let mut standing = (self.notice.decision(), None);
        let mut ended: Vec<_> = self.appeals.iter().filter_map(|appeal| appeal.decision.as_ref()).collect();
        ended.retain(|decision| decision.decided_on <= as_at);
        ended.sort_by_key(|decision| decision.decided_on);
        for decision in ended {
            match (&decision.substituted_notice, decision.outcome) {
                (Some(notice), _) => standing = (notice.clone(), Some(decision.decided_on)),
                (None, AppealOutcome::Allowed) => standing = (NoticeDecision::default(), Some(decision.decided_on)),
                (None, _) => {}
            }
        }
        standing
    }
}
