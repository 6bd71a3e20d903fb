//! How often it was neither confirmed nor denied that information is held. Counted from what was sent, and from nothing
//! else; no limb and no topic is told here.

use std::collections::BTreeSet;

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    casework::{decision_notice::RegulatorFinding, response::DeterminationOutcome, review::ReviewOutcome, text::Label},
    law::{Date, calendar::Calendars},
    metrics::{
        Case, Comparable, Counted, Figure, NamedFigure, Redress, Selection,
        case::SeenPart,
        comparison::named,
        definition::{DefinitionBasis, DefinitionId},
        figure::count,
        period::position,
        redress::GroundClass,
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
    /// What became of those answers; only for `ncnd:read`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub redress: Option<NcndRedress>,
}

/// What became of NCND answers, of the requests with one.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
pub struct NcndRedress {
    /// A review let them stand.
    pub maintained_at_review: Figure,
    /// A review changed or replaced one.
    pub changed_at_review: Figure,
    /// The regulator found that a ground for neither confirming nor denying does not apply.
    pub found_not_engaged: Figure,
}

/// How many requests, and parts of them, were answered so.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct NcndCounts {
    requests: u32,
    requests_with_ncnd: u32,
    parts: u32,
    parts_with_ncnd: u32,
}

impl NcndCounts {
    /// Adds requests whose parts were answered like this.
    pub fn add(&mut self, outcomes: &[DeterminationOutcome], requests: u32) {
        let of_them = outcomes.iter().filter(|outcome| **outcome == DeterminationOutcome::NeitherConfirmedNorDenied);
        let with_ncnd = count(of_them);
        self.requests += requests;
        self.requests_with_ncnd += if with_ncnd > 0 { requests } else { 0 };
        self.parts += requests * count(outcomes.iter());
        self.parts_with_ncnd += requests * with_ncnd;
    }

    fn requests_with_ncnd(&self) -> Figure {
        Figure::new(self.requests_with_ncnd, self.requests)
    }

    fn parts_with_ncnd(&self) -> Figure {
        Figure::new(self.parts_with_ncnd, self.parts)
    }
}

impl Comparable for NcndCounts {
    fn figures(&self) -> Vec<NamedFigure> {
        vec![named("requests_with_ncnd", self.requests_with_ncnd()), named("parts_with_ncnd", self.parts_with_ncnd())]
    }
}

/// NCND among `cases` by the period of the first complete answer. Cases outside the periods are left out.
#[must_use]
pub fn ncnd(calendars: &Calendars, cases: &[Case], selection: &Selection) -> Vec<NcndRow> {
    let counted: Vec<Counted> = cases.iter().filter_map(|case| case.counted(calendars, selection)).collect();
    ncnd_of(counted.iter().filter_map(Counted::answered), selection)
}

/// NCND among requests by the day of the complete answer. What lies outside the periods is left out.
#[must_use]
pub fn ncnd_of<'a>(
    answered: impl Iterator<Item = (Date, &'a [DeterminationOutcome])>,
    selection: &Selection,
) -> Vec<NcndRow> {
    let periods = selection.periods();
    let mut counts = vec![NcndCounts::default(); periods.len()];
    for (day, outcomes) in answered {
        if let Some(of_period) = position(&periods, day).and_then(|at| counts.get_mut(at)) {
            of_period.add(outcomes, 1);
        }
    }
    periods
        .into_iter()
        .zip(counts)
        .map(|(period, counts)| NcndRow {
            period: period.label,
            start_on: period.start_on,
            end_on: period.end_on,
            basis: DefinitionBasis::Closed,
            as_at: selection.as_at,
            definition: DefinitionId::Ncnd,
            requests_with_ncnd: counts.requests_with_ncnd(),
            parts_with_ncnd: counts.parts_with_ncnd(),
            redress: None,
        })
        .collect()
}

/// Adds to `rows` what became of the NCND answers among `cases`: those of which anything became, and any others.
pub fn add_ncnd_redress(rows: &mut [NcndRow], calendars: &Calendars, cases: &[(Case, Redress)], selection: &Selection) {
    let periods = selection.periods();
    let mut counted = vec![[0_u32; 3]; periods.len()];
    for (case, redress) in cases {
        let Some(seen) = case.seen(calendars, selection) else { continue };
        let at = seen.answered_on(selection.as_at).and_then(|day| position(&periods, day));
        let Some(of_period) = at.and_then(|at| counted.get_mut(at)) else { continue };
        let [maintained, changed, not_engaged] = of_period;
        let is_ncnd = |part: &&SeenPart<'_>| part.outcome == Some(DeterminationOutcome::NeitherConfirmedNorDenied);
        let parts: BTreeSet<&Label> = seen.answered_parts().filter(is_ncnd).map(|part| part.label).collect();
        match redress.at_review(&parts, selection.as_at) {
            Some(ReviewOutcome::PositionMaintained) => *maintained += 1,
            Some(ReviewOutcome::PartlyChanged | ReviewOutcome::Overturned) => *changed += 1,
            Some(ReviewOutcome::DecisionWhereNone) | None => {}
        }
        let fell = seen.answered_parts().filter(is_ncnd).any(|part| {
            let of_part = BTreeSet::from([part.label]);
            part.grounds.iter().filter(|ground| ground.ncnd).any(|ground| {
                let all = part.grounds.iter().map(|ground| ground.class.as_str());
                let class = GroundClass::among(&ground.class, all);
                redress.at_regulator(class, &of_part, selection.as_at).contains(&RegulatorFinding::NotEngaged)
            })
        });
        *not_engaged += u32::from(fell);
    }
    for (row, [maintained, changed, not_engaged]) in rows.iter_mut().zip(counted) {
        let of = |numerator| Figure::new(numerator, row.requests_with_ncnd.numerator);
        row.redress = Some(NcndRedress {
            maintained_at_review: of(maintained),
            changed_at_review: of(changed),
            found_not_engaged: of(not_engaged),
        });
    }
}
