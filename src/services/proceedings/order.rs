//! Orders of days that cannot have been, in the chain after the response and between it and the request. Each refusal names
//! both things and both days.

use crate::{
    casework::filing::ProceedingKind,
    law::Date,
    services::{
        ServiceError, ServiceResult,
        clocks::{History, word},
        requests::acknowledged_on,
    },
    store::{
        Connection,
        proceedings::{self, ProceedingRow},
        requests::RequestRow,
    },
};

/// Two things of which the second cannot come before the first: the refusal names both.
///
/// # Errors
///
/// [`ServiceError::ImpossibleOrder`] when it does.
pub(in crate::services) fn in_order(first: (&str, Date), then: (&str, Date)) -> ServiceResult<()> {
    if first.1 <= then.1 {
        return Ok(());
    }
    let ((first, first_on), (then, then_on)) = (first, then);
    Err(ServiceError::ImpossibleOrder(format!("`{then}` of {then_on} cannot come before `{first}` of {first_on}.")))
}

/// What happened on the day with which an entry begins.
///
/// # Errors
///
/// [`ServiceError::Corrupt`] for a kind that there is not.
pub(in crate::services) fn begins_with(row: &ProceedingRow) -> ServiceResult<&'static str> {
    Ok(match word::<ProceedingKind>(&row.kind)? {
        ProceedingKind::Review => "review_requested",
        ProceedingKind::Complaint => "complaint_made",
        ProceedingKind::PositionChange => "position_stated",
        ProceedingKind::Submission => "submission_made",
        ProceedingKind::DecisionNotice => "decision_notice_sent",
        ProceedingKind::Appeal => "appeal_made",
    })
}

/// A request came before its receipt was acknowledged, a review of it asked for, or a complaint made. What belongs to a
/// complaint came after that. To be asked whenever the day of receipt moves.
///
/// # Errors
///
/// [`ServiceError::ImpossibleOrder`] naming the earliest of them.
pub(in crate::services) fn refuse_before_receipt(
    connection: &mut Connection,
    request: &RequestRow,
    history: &History,
) -> ServiceResult<()> {
    let received = ("request_received", history.corrected_received_on());
    if let Some(day) = acknowledged_on(request)? {
        in_order(received, ("request_acknowledged", day))?;
    }
    let entries = proceedings::of_request(connection, request.request_key)?.into_iter();
    let standing = entries.filter(|row| row.parent_key.is_none() && row.voided_at.is_none());
    match standing.min_by_key(|row| row.begun_on) {
        Some(first) => in_order(received, (begins_with(&first)?, Date(first.begun_on))),
        None => Ok(()),
    }
}
