//! How often it was neither confirmed nor denied that information is held. Counted from what was sent, and from nothing
//! else; no limb and no topic is told here.

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    casework::response::DeterminationOutcome,
    law::{Date, calendar::Calendars},
    metrics::{
        Case, Figure, Selection,
        definition::{DefinitionBasis, DefinitionId},
        figure::count,
        period::position,
    },
};

/// NCND answers of one period.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct NcndRow {
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
    /// Requests with at least one part neither confirmed nor denied, of those first answered completely in the period.
    pub requests_with_ncnd: Figure,
    /// Parts neither confirmed nor denied, of the answered parts of those requests.
    pub parts_with_ncnd: Figure,
}

#[derive(Clone, Copy, Default)]
struct Tally {
    requests: u32,
    requests_with_ncnd: u32,
    parts: u32,
    parts_with_ncnd: u32,
}

/// NCND among `cases` by the period of the first complete answer. Cases outside the periods are left out.
#[must_use]
pub fn ncnd(calendars: &Calendars, cases: &[Case], selection: &Selection) -> Vec<NcndRow> {
    let periods = selection.periods();
    let mut tallies = vec![Tally::default(); periods.len()];
    for seen in cases.iter().filter_map(|case| case.seen(calendars, selection)) {
        let at = seen.clock.responded_on.and_then(|day| position(&periods, day));
        if let Some(tally) = at.and_then(|at| tallies.get_mut(at)) {
            let parts = seen.outcomes();
            let with_ncnd =
                count(parts.iter().filter(|outcome| **outcome == DeterminationOutcome::NeitherConfirmedNorDenied));
            tally.requests += 1;
            tally.requests_with_ncnd += u32::from(with_ncnd > 0);
            tally.parts += count(parts.iter());
            tally.parts_with_ncnd += with_ncnd;
        }
    }
    periods
        .into_iter()
        .zip(tallies)
        .map(|(period, tally)| NcndRow {
            period: period.label,
            start_on: period.start_on,
            end_on: period.end_on,
            basis: DefinitionBasis::Closed,
            as_at: selection.as_at,
            definition: DefinitionId::Ncnd,
            requests_with_ncnd: Figure::new(tally.requests_with_ncnd, tally.requests),
            parts_with_ncnd: Figure::new(tally.parts_with_ncnd, tally.parts),
        })
        .collect()
}
