//! Filing a return, and how what was filed differs from what would be filed now. Knows no database.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    casework::text::Word,
    fault::{DATE_IN_FUTURE, Fault},
    law::Date,
    metrics::returns::{OverdueRequest, ReturnColumn, ReturnDocument, ReturnKind, ReturnPeriod},
};

/// A return to be filed.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewFiledReturn {
    /// The form.
    pub return_kind: ReturnKind,
    /// The period.
    pub period: ReturnPeriod,
    /// The day at whose end the requests are looked at; today in London when absent.
    #[serde(default)]
    #[schema(nullable = false)]
    pub as_at: Option<Date>,
    /// The authority, where the credential has more than one.
    #[serde(default)]
    #[schema(nullable = false)]
    pub authority_id: Option<Word>,
}

impl NewFiledReturn {
    /// What is wrong with it, given the date in London.
    #[must_use]
    pub fn faults(&self, today: Date) -> Vec<Fault> {
        let detail = "A return is of what has happened: `as_at` is today or an earlier day.";
        let is_ahead = self.as_at.is_some_and(|as_at| as_at > today);
        is_ahead.then(|| Fault::new("/as_at", DATE_IN_FUTURE, detail)).into_iter().collect()
    }
}

/// A column that differs from what was filed.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct DriftedColumn {
    /// Its place in the form, from 1.
    pub position: u32,
    /// Its heading.
    pub heading: String,
    /// The cell as it was filed.
    pub filed: String,
    /// The cell as it would be for the same day now: what was recorded or corrected since about the time before it.
    pub same_day: String,
    /// The cell as it would be today.
    pub today: String,
}

/// The columns of `filed` that differ from those of the same day computed now, or from today's. Columns that say which day
/// they are of differ by design and are left aside.
#[must_use]
pub fn drifted(filed: &ReturnDocument, same_day: &ReturnDocument, today: &ReturnDocument) -> Vec<DriftedColumn> {
    let cell = |document: &ReturnDocument, position: u32| {
        let found = document.columns.iter().find(|column| column.position == position);
        found.map(|column| column.published.clone()).unwrap_or_default()
    };
    let compare = |column: &ReturnColumn| {
        let (then, now) = (cell(same_day, column.position), cell(today, column.position));
        let differs = column.heading != "as_at" && (then != column.published || now != column.published);
        differs.then(|| DriftedColumn {
            position: column.position,
            heading: column.heading.clone(),
            filed: column.published.clone(),
            same_day: then,
            today: now,
        })
    };
    filed.columns.iter().filter_map(compare).collect()
}

/// Whether both documents list the same requests as overdue, since the same days. References, and the order that goes by
/// them, are left aside: erasure takes a reference away and changes nothing that was counted.
#[must_use]
pub fn lists_the_same_overdue(filed: &ReturnDocument, same_day: &ReturnDocument) -> bool {
    let listed = |document: &ReturnDocument| -> Option<Vec<OverdueRequest>> {
        let nameless = |one: &OverdueRequest| OverdueRequest { reference: String::new(), ..one.clone() };
        let mut listed: Vec<OverdueRequest> = document.overdue.as_ref()?.iter().map(nameless).collect();
        listed.sort_by(|one, other| one.request_id.cmp(&other.request_id));
        Some(listed)
    };
    listed(filed) == listed(same_day)
}
