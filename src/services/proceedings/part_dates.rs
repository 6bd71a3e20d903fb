//! The dates of open parts that fall due apart from the date of their request: one part extended, another not, or extended
//! to another day.

use crate::{
    law::clock::{DueDateKind, PartState},
    services::{
        ServiceResult,
        clocks::{History, PartFacts},
        due_dates::provision,
    },
    store::{
        Connection,
        due_dates::{self, DueDateRow},
        requests::RequestRow,
    },
};

/// Writes these dates of a new request, which has no other rows.
pub(in crate::services) fn record_part_dates(
    connection: &mut Connection,
    request: &RequestRow,
    history: &History,
) -> ServiceResult<()> {
    let apart = apart(request, history);
    if apart.is_empty() { Ok(()) } else { Ok(due_dates::replace(connection, request.request_key, &apart)?) }
}

/// The dates of open parts that the request itself does not have, each kind and day once.
pub(super) fn apart(request: &RequestRow, history: &History) -> Vec<DueDateRow> {
    let mut rows: Vec<DueDateRow> = history.valid_parts().filter_map(|part| date_of(request, part)).collect();
    rows.sort_by(|one, other| (&one.kind, one.due_on).cmp(&(&other.kind, other.due_on)));
    rows.dedup_by(|one, other| (&one.kind, one.due_on) == (&other.kind, other.due_on));
    rows
}

fn date_of(request: &RequestRow, part: &PartFacts) -> Option<DueDateRow> {
    let statutory = part.row.due_on.filter(|_| part.row.status.as_deref() == Some(PartState::Open.as_str()))?;
    let extended_to = part.row.extended_to.filter(|extended_to| *extended_to > statutory);
    let (kind, due_on, of_request) = match extended_to {
        Some(extended_to) => (DueDateKind::of_extension(part.regime), extended_to, request.extended_to),
        None => (DueDateKind::Statutory, statutory, request.due_on),
    };
    (of_request != Some(due_on)).then(|| DueDateRow {
        request_key: request.request_key,
        authority_key: request.authority_key,
        subject_id: request.id.clone(),
        kind: kind.as_str().to_owned(),
        due_on,
        provision: provision(kind, part.regime),
    })
}
