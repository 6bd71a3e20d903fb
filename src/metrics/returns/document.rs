//! A return as a document: columns under their exact headings, and the sums that must come out. Knows no request.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    law::Date,
    metrics::{
        Figure,
        definition::{DefinitionBasis, DefinitionId},
        returns::{ReturnPeriod, SelfAssessmentBand},
    },
    vocabulary,
};

vocabulary! {
    /// An official form.
    pub enum ReturnKind {
        /// The figures that Part 8 of the section 45 Code asks to publish every quarter.
        CodePart8 = "code-part-8",
        /// The statistics of central government, 122 columns.
        CabinetOffice = "cabinet-office",
        /// The quarterly return to the Scottish Information Commissioner.
        ScottishCommissioner = "scottish-commissioner",
        /// The questions of the Information Commissioner's self-assessment.
        CommissionerSelfAssessment = "commissioner-self-assessment",
    }
}

/// One column of a return.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ReturnColumn {
    /// Its place in the form, from 1.
    #[schema(minimum = 1)]
    pub position: u32,
    /// Its heading, exactly as the form has it.
    pub heading: String,
    /// The cell as it is published; empty where the form leaves it empty, or where this service does not record it.
    pub published: String,
    /// The count, where the column is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub count: Option<u32>,
    /// The share, unrounded, where the column is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub figure: Option<Figure>,
}

/// A sum of a return.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReturnIdentity {
    /// What should equal what, by the names of the columns.
    pub name: String,
    /// The left side.
    pub whole: u32,
    /// The right side, added up.
    pub parts: u32,
    /// The left side less the right one.
    pub residual: i64,
    /// Whether the residual is always 0; where it need not be, the form does not add up by design.
    pub must_hold: bool,
}

/// An overdue request, by its reference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OverdueRequest {
    /// The request.
    #[schema(format = "uuid")]
    pub request_id: String,
    /// The authority's own reference.
    pub reference: String,
    /// The day of receipt.
    pub received_on: Date,
    /// The statutory due date.
    pub due_on: Date,
    /// The last day of a permitted extension that has run out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub extended_to: Option<Date>,
    /// Working days since the last day for an answer in time.
    pub working_days_overdue: u32,
    /// Working days since receipt, or since it was last reopened, in its regime.
    pub age_working_days: u32,
}

/// A return for one authority and period.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ReturnDocument {
    /// The form.
    pub return_kind: ReturnKind,
    /// The period.
    pub period: ReturnPeriod,
    /// The first day counted.
    pub start_on: Date,
    /// The last day counted.
    pub end_on: Date,
    /// The day at whose end the requests are looked at: the day asked for, of the self-assessment the last day of the period
    /// where that is earlier.
    pub as_at: Date,
    /// Which day puts a request into the period.
    pub basis: DefinitionBasis,
    /// What the columns mean: see `GET /v1/metrics/definitions`.
    pub definition: DefinitionId,
    /// Requests of the period that are open within their limit, in the Scottish return reviews too: while there is one the
    /// return cannot be filed.
    pub not_yet_due: u32,
    /// Whether it can be filed: the period is over, and nothing of it is not yet due.
    pub can_be_filed: bool,
    /// The columns, in the order of the form.
    #[schema(max_items = 200)]
    pub columns: Vec<ReturnColumn>,
    /// The sums of the form, with what is left over.
    #[schema(max_items = 20)]
    pub identities: Vec<ReturnIdentity>,
    /// The rating of the self-assessment for requests; in no other form, and absent where nothing was closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub band: Option<SelfAssessmentBand>,
    /// The overdue requests of the self-assessment, the longest overdue first; in no other form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_items = 100_000)]
    pub overdue: Option<Vec<OverdueRequest>>,
}

impl ReturnDocument {
    /// The sums that must come out and do not: a fault of this service.
    #[must_use]
    pub fn broken(&self) -> Vec<&ReturnIdentity> {
        self.identities.iter().filter(|identity| identity.must_hold && identity.residual != 0).collect()
    }
}

/// Whose return it is.
#[derive(Debug, Clone, Copy)]
pub struct ReturnSubject<'a> {
    /// The authority's id.
    pub authority_id: &'a str,
    /// Its name.
    pub name: &'a str,
    /// What kind of authority it is.
    pub kind: &'a str,
    /// Where it is.
    pub nation: &'a str,
}

/// The columns of a return, written one after the other.
#[derive(Debug, Default)]
pub(super) struct Columns(Vec<ReturnColumn>);

impl Columns {
    fn add(&mut self, heading: &str, published: String, count: Option<u32>, figure: Option<Figure>) {
        let position = crate::metrics::figure::count(self.0.iter()).saturating_add(1);
        self.0.push(ReturnColumn { position, heading: heading.to_owned(), published, count, figure });
    }

    pub fn text(&mut self, heading: &str, text: impl Into<String>) {
        self.add(heading, text.into(), None, None);
    }

    pub fn count(&mut self, heading: &str, count: u32) {
        self.add(heading, count.to_string(), Some(count), None);
    }

    /// A count that the form has in some returns only.
    pub fn optional(&mut self, heading: &str, count: Option<u32>) {
        self.add(heading, count.map(|count| count.to_string()).unwrap_or_default(), count, None);
    }

    /// A percentage with this many decimals.
    pub fn percentage(&mut self, heading: &str, figure: Figure, decimals: u32) {
        self.add(heading, percentage(figure, decimals), None, Some(figure));
    }

    pub fn finish(self) -> Vec<ReturnColumn> {
        self.0
    }
}

/// `whole` against the sum of `parts`.
pub(super) fn identity(name: &str, whole: u32, parts: &[u32], must_hold: bool) -> ReturnIdentity {
    let parts = parts.iter().sum();
    let residual = i64::from(whole) - i64::from(parts);
    ReturnIdentity { name: name.to_owned(), whole, parts, residual, must_hold }
}

/// A percentage rounded half up to `decimals`, without zeros at its end; empty where the denominator is 0. It is worked
/// out in whole numbers, so that a half is a half.
pub(super) fn percentage(figure: Figure, decimals: u32) -> String {
    let scale = 10_u128.pow(decimals);
    let (numerator, denominator) = (u128::from(figure.numerator), u128::from(figure.denominator));
    let Some(rounded) = (numerator * 100 * scale * 2 + denominator).checked_div(denominator * 2) else {
        return String::new();
    };
    let (whole, rest) = (rounded / scale, rounded % scale);
    let width = usize::try_from(decimals).unwrap_or_default();
    let digits = format!("{rest:0width$}");
    match digits.trim_end_matches('0') {
        "" => whole.to_string(),
        digits => format!("{whole}.{digits}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentages_are_those_that_were_published() {
        for (numerator, denominator, decimals, expected) in [
            (221, 232, 8, "95.25862069"),
            (226, 232, 8, "97.4137931"),
            (37, 57, 8, "64.9122807"),
            (5, 5, 8, "100"),
            (313, 353, 1, "88.7"),
            (313, 353, 2, "88.67"),
            (123, 133, 2, "92.48"),
            (114, 121, 2, "94.21"),
            (93, 107, 1, "86.9"),
            (192, 196, 0, "98"),
            (1, 8, 1, "12.5"),
            (1, 16, 1, "6.3"),
            (0, 7, 8, "0"),
            (0, 0, 8, ""),
        ] {
            assert_eq!(
                percentage(Figure::new(numerator, denominator), decimals),
                expected,
                "{numerator}/{denominator}"
            );
        }
    }

    #[test]
    fn a_residual_says_which_side_is_greater() {
        assert_eq!(identity("a = b + c", 5, &[2, 2], true).residual, 1);
        assert_eq!(identity("a = b + c", 4, &[2, 3], true).residual, -1);
    }
}
