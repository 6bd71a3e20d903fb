//! Outcomes: how requests, and their parts, were answered. Knows nothing of how cases are found.

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    casework::{outcome::request_outcome, request::RequestOutcome, response::DeterminationOutcome},
    law::{Date, calendar::Calendars},
    metrics::{
        Case, Figure, Selection,
        definition::{DefinitionBasis, DefinitionId},
        figure::count,
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

#[derive(Default)]
struct Answered {
    requests: Vec<RequestOutcome>,
    parts: Vec<DeterminationOutcome>,
}

/// The outcomes of `cases` by the period of the first complete answer. Cases outside the periods are left out.
#[must_use]
pub fn outcomes(calendars: &Calendars, cases: &[Case], selection: &Selection) -> Vec<OutcomesRow> {
    let periods = selection.periods();
    let mut answered: Vec<Answered> = periods.iter().map(|_| Answered::default()).collect();
    for seen in cases.iter().filter_map(|case| case.seen(calendars, selection)) {
        let at = seen.clock.responded_on.and_then(|day| position(&periods, day));
        if let Some(of_period) = at.and_then(|at| answered.get_mut(at)) {
            let parts = seen.outcomes();
            of_period.requests.extend(request_outcome(&parts));
            of_period.parts.extend(parts);
        }
    }
    periods.into_iter().zip(&answered).map(|(period, answered)| row(period, selection, answered)).collect()
}

fn row(period: Period, selection: &Selection, answered: &Answered) -> OutcomesRow {
    let (requests_answered, parts_answered) = (count(answered.requests.iter()), count(answered.parts.iter()));
    let of_requests = |wanted: &[RequestOutcome]| {
        let with_outcome = answered.requests.iter().filter(|outcome| wanted.contains(outcome));
        Figure::new(count(with_outcome), requests_answered)
    };
    let of_parts = |wanted: DeterminationOutcome| {
        Figure::new(count(answered.parts.iter().filter(|outcome| **outcome == wanted)), parts_answered)
    };
    OutcomesRow {
        period: period.label,
        start_on: period.start_on,
        end_on: period.end_on,
        basis: DefinitionBasis::Closed,
        as_at: selection.as_at,
        definition: DefinitionId::Outcomes,
        requests_answered,
        parts_answered,
        refused_in_full: of_requests(&REFUSALS),
        by_request: RequestOutcome::ALL
            .iter()
            .map(|outcome| RequestOutcomeFigure { outcome: *outcome, requests: of_requests(&[*outcome]) })
            .collect(),
        by_part: DeterminationOutcome::ALL
            .iter()
            .map(|outcome| PartOutcomeFigure { outcome: *outcome, parts: of_parts(*outcome) })
            .collect(),
    }
}
