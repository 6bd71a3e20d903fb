//! Outcomes: how requests, and their parts, were answered. Knows nothing of how cases are found.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    casework::{outcome::request_outcome, request::RequestOutcome, response::DeterminationOutcome},
    law::{Date, calendar::Calendars},
    metrics::{
        Case, Comparable, Counted, Figure, NamedFigure, Selection,
        comparison::named,
        definition::{DefinitionBasis, DefinitionId},
        period::{Period, position},
    },
};

/// How often requests had one outcome.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
pub struct RequestOutcomeFigure {
    /// The outcome of the whole request.
    pub outcome: RequestOutcome,
    /// Of the requests answered.
    pub requests: Figure,
}

/// How often parts were answered in one way.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
pub struct PartOutcomeFigure {
    /// How the part was answered.
    pub outcome: DeterminationOutcome,
    /// Of the parts answered.
    pub parts: Figure,
}

/// The outcomes of one period.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct OutcomesRow {
    /// The period, as in the timeliness.
    #[schema(example = "2019-Q4")]
    pub period: String,
    /// The first day counted.
    pub start_on: Date,
    /// The last day counted.
    pub end_on: Date,
    /// Which day puts a request into the period.
    pub basis: DefinitionBasis,
    /// The day at whose end the requests are looked at.
    pub as_at: Date,
    /// What the figures mean: see `GET /v1/metrics/definitions`.
    pub definition: DefinitionId,
    /// Requests first answered completely in the period.
    pub requests_answered: u32,
    /// The answered parts of those requests.
    pub parts_answered: u32,
    /// Requests refused as a whole: withheld in full, neither confirmed nor denied, or refused for cost, as vexatious or as
    /// repeated.
    pub refused_in_full: Figure,
    /// Every outcome of a request, each request once; NCND stands by itself.
    #[schema(max_items = 20)]
    pub by_request: Vec<RequestOutcomeFigure>,
    /// Every way to answer a part, each part once.
    #[schema(max_items = 20)]
    pub by_part: Vec<PartOutcomeFigure>,
}

/// The outcomes that refuse a request as a whole.
const REFUSALS: [RequestOutcome; 5] = [
    RequestOutcome::WithheldInFull,
    RequestOutcome::NeitherConfirmedNorDenied,
    RequestOutcome::RefusedCost,
    RequestOutcome::RefusedVexatious,
    RequestOutcome::RefusedRepeated,
];

/// How many requests, and parts of them, were answered how.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OutcomeCounts {
    requests: BTreeMap<RequestOutcome, u32>,
    parts: BTreeMap<DeterminationOutcome, u32>,
}

impl OutcomeCounts {
    /// Adds requests whose parts were answered like this.
    pub fn add(&mut self, outcomes: &[DeterminationOutcome], requests: u32) {
        if let Some(outcome) = request_outcome(outcomes) {
            *self.requests.entry(outcome).or_default() += requests;
        }
        for outcome in outcomes {
            *self.parts.entry(*outcome).or_default() += requests;
        }
    }

    fn requests_answered(&self) -> u32 {
        self.requests.values().sum()
    }

    fn parts_answered(&self) -> u32 {
        self.parts.values().sum()
    }

    fn of_requests(&self, wanted: &[RequestOutcome]) -> Figure {
        let counted = wanted.iter().filter_map(|outcome| self.requests.get(outcome)).sum();
        Figure::new(counted, self.requests_answered())
    }

    fn by_request(&self) -> impl Iterator<Item = RequestOutcomeFigure> + '_ {
        let figure = |outcome: &RequestOutcome| RequestOutcomeFigure {
            outcome: *outcome,
            requests: self.of_requests(&[*outcome]),
        };
        RequestOutcome::ALL.iter().map(figure)
    }

    fn by_part(&self) -> impl Iterator<Item = PartOutcomeFigure> + '_ {
        let counted = |outcome| self.parts.get(outcome).copied().unwrap_or_default();
        DeterminationOutcome::ALL.iter().map(move |outcome| PartOutcomeFigure {
            outcome: *outcome,
            parts: Figure::new(counted(outcome), self.parts_answered()),
        })
    }

    fn refused_in_full(&self) -> Figure {
        self.of_requests(&REFUSALS)
    }
}

impl Comparable for OutcomeCounts {
    fn figures(&self) -> Vec<NamedFigure> {
        let outcomes = self.by_request().map(|one| named(one.outcome.as_str(), one.requests));
        let parts = self.by_part().map(|one| named(format!("parts_{}", one.outcome), one.parts));
        outcomes.chain([named("refused_in_full", self.refused_in_full())]).chain(parts).collect()
    }
}

/// The outcomes of `cases` by the period of the first complete answer. Cases outside the periods are left out.
#[must_use]
pub fn outcomes(calendars: &Calendars, cases: &[Case], selection: &Selection) -> Vec<OutcomesRow> {
    let counted: Vec<Counted> = cases.iter().filter_map(|case| case.counted(calendars, selection)).collect();
    outcomes_of(counted.iter().filter_map(Counted::answered), selection)
}

/// The outcomes of requests by the day of the complete answer. What lies outside the periods is left out.
#[must_use]
pub fn outcomes_of<'a>(
    answered: impl Iterator<Item = (Date, &'a [DeterminationOutcome])>,
    selection: &Selection,
) -> Vec<OutcomesRow> {
    let periods = selection.periods();
    let mut counts: Vec<OutcomeCounts> = periods.iter().map(|_| OutcomeCounts::default()).collect();
    for (day, outcomes) in answered {
        if let Some(of_period) = position(&periods, day).and_then(|at| counts.get_mut(at)) {
            of_period.add(outcomes, 1);
        }
    }
    periods.into_iter().zip(&counts).map(|(period, counts)| row(period, selection, counts)).collect()
}

fn row(period: Period, selection: &Selection, counts: &OutcomeCounts) -> OutcomesRow {
    OutcomesRow {
        period: period.label,
        start_on: period.start_on,
        end_on: period.end_on,
        basis: DefinitionBasis::Closed,
        as_at: selection.as_at,
        definition: DefinitionId::Outcomes,
        requests_answered: counts.requests_answered(),
        parts_answered: counts.parts_answered(),
        refused_in_full: counts.refused_in_full(),
        by_request: counts.by_request().collect(),
        by_part: counts.by_part().collect(),
    }
}
