//! Official returns: the figures of an authority and a period in the columns that a form has. Pure arithmetic over the
//! same cases as every other figure. `states` is the one table that says what goes where, and by which source.

mod cabinet_annual;
mod cabinet_columns;
mod cabinet_office;
mod code_part_8;
mod document;
mod filing;
mod period;
mod record;
mod scottish;
mod scottish_columns;
mod self_assessment;
mod states;

pub use document::{OverdueRequest, ReturnColumn, ReturnDocument, ReturnIdentity, ReturnKind, ReturnSubject};
pub use filing::{DriftedColumn, NewFiledReturn, drifted, lists_the_same_overdue};
pub use period::ReturnPeriod;
pub use self_assessment::SelfAssessmentBand;
pub use states::{
    CabinetOfficePlace, CaseState, CodePart8Place, OutcomePlace, SPECIAL_OUTCOMES, SPECIAL_STATES, ScottishPlace,
    SelfAssessmentPlace, SpecialOutcome, SpecialState,
};

pub(super) use self_assessment::overdue_requests;
pub(super) use states::state;

use crate::{
    law::{Date, Regime, calendar::Calendars},
    metrics::{
        Case, ComplaintCase, ReviewCase,
        definition::{DefinitionBasis, DefinitionId},
        proceedings::SeenReview,
    },
};
use document::Columns;

/// Which period of which authority, seen from when.
#[derive(Debug, Clone, Copy)]
pub struct ReturnQuestion<'a> {
    /// Whose return.
    pub subject: ReturnSubject<'a>,
    /// The period.
    pub period: ReturnPeriod,
    /// The day at whose end the requests are looked at.
    pub as_at: Date,
    /// The day on which it is asked: the period is over once its last day has passed.
    pub today: Date,
    /// The reviews asked for or decided in the period and, for a year, in the year before.
    pub reviews: &'a [ReviewCase],
    /// The complaints made in the period.
    pub complaints: &'a [ComplaintCase],
}

impl ReturnQuestion<'_> {
    /// The reviews as far as they are of regimes that are wanted.
    fn seen_reviews(&self, calendars: &Calendars, as_at: Date, wanted: fn(Regime) -> bool) -> Vec<SeenReview> {
        self.reviews.iter().filter_map(|review| review.seen(calendars, as_at, wanted)).collect()
    }

    /// The last day of the period that has come by `as_at`.
    #[must_use]
    pub fn last_day(&self) -> Date {
        self.period.end_on().min(self.as_at)
    }

    /// A return with these columns, without sums.
    fn document(
        &self,
        return_kind: ReturnKind,
        basis: DefinitionBasis,
        definition: DefinitionId,
        not_yet_due: u32,
        columns: Columns,
    ) -> ReturnDocument {
        let (start_on, end_on) = (self.period.start_on(), self.period.end_on());
        ReturnDocument {
            return_kind,
            period: self.period,
            start_on,
            end_on,
            as_at: self.as_at,
            basis,
            definition,
            not_yet_due,
            can_be_filed: not_yet_due == 0 && end_on <= self.as_at && end_on < self.today,
            columns: columns.finish(),
            identities: Vec::new(),
            band: None,
            overdue: None,
        }
    }
}

/// The return of this kind. `cases` are all that it concerns; what does not belong to it is left out.
#[must_use]
pub fn prepare(
    kind: ReturnKind,
    calendars: &Calendars,
    cases: &[Case],
    question: &ReturnQuestion<'_>,
) -> ReturnDocument {
    match kind {
        ReturnKind::CodePart8 => code_part_8::prepare(calendars, cases, question),
        ReturnKind::CabinetOffice => cabinet_office::prepare(calendars, cases, question),
        ReturnKind::ScottishCommissioner => scottish::prepare(calendars, cases, question),
        ReturnKind::CommissionerSelfAssessment => self_assessment::prepare(calendars, cases, question),
    }
}
