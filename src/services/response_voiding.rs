//! Voiding a letter that was recorded by mistake: it stays readable, says why it is void, and counts nowhere.

use crate::{
    casework::{
        decision_notice::NewDecisionNotice,
        event::NewVoiding,
        filing::ProceedingKind,
        response::{Response, ResponseStatus},
    },
    law::Date,
    services::{
        Context, ServiceError, ServiceResult,
        clocks::{History, word},
        events::refuse_impossible_order,
        projection, records,
        responses::{Content, Voiding, document},
        timeline::{self, Entry, TimelineKind},
    },
    store::{
        Connection, proceedings,
        requests::{self, RequestRow},
        responses::{self as rows, ResponseRow},
    },
};

/// Voids a letter.
///
/// # Errors
///
/// [`ServiceError::NotPossible`] of a draft, of what is void already, and while a later letter or the compliance with a
/// decision notice rests on it; [`ServiceError::ImpossibleOrder`] when what else happened could not stand without it.
pub fn void(
    connection: &mut Connection,
    context: &Context,
    (request_id, id): (&str, &str),
    voiding: &NewVoiding,
) -> ServiceResult<Response> {
    let mut request =
        requests::find_to_change(connection, &context.scope, request_id)?.ok_or(ServiceError::NotFound)?;
    let mut row = rows::find(connection, request.request_key, id)?.ok_or(ServiceError::NotFound)?;
    refuse_what_was_not_issued(&row)?;
    refuse_while_rested_on(connection, &request, &row)?;
    let mut content: Content = serde_json::from_str(&row.content)?;
    content.voided = Some(Voiding { at: context.now.0, reason: voiding.reason.clone() });
    row.content = serde_json::to_string(&content)?;
    row.status = ResponseStatus::Void.as_str().to_owned();
    row.version += 1;
    row.updated_at = context.now.0.max(row.updated_at);
    rows::update(connection, &row)?;
    rows::remove_answers(connection, row.response_key)?;
    records::settle(connection, &request)?;
    let mut history = History::load(connection, &request)?;
    refuse_impossible_order(context, &request, &history)?;
    projection::rebuild(connection, context, &mut request, &mut history)?;
    let entry = Entry {
        kind: TimelineKind::ResponseVoided,
        effective_on: row.issued_on.map(Date),
        subject_id: Some(&row.id),
        detail: Some(&row.kind),
    };
    timeline::append(connection, context, &request, &entry)?;
    document(&row, &request.id)
}

fn refuse_what_was_not_issued(row: &ResponseRow) -> ServiceResult<()> {
    let detail = match word(&row.status)? {
        ResponseStatus::Issued => return Ok(()),
        ResponseStatus::Draft => "The response is a draft, which is deleted rather than voided.",
        ResponseStatus::Void => "The letter is void already.",
    };
    Err(ServiceError::NotPossible(detail.to_owned()))
}

/// A letter that takes the place of this one, and a notice that was complied with by it, could not be without it.
fn refuse_while_rested_on(connection: &mut Connection, request: &RequestRow, row: &ResponseRow) -> ServiceResult<()> {
    for later in rows::issued_of_request(connection, request.request_key)? {
        let content: Content = serde_json::from_str(&later.content)?;
        if content.supersedes.is_some_and(|id| id.as_str() == row.id) {
            let detail = format!("The response {} supersedes the letter. Void it first.", later.id);
            return Err(ServiceError::NotPossible(detail));
        }
    }
    for entry in proceedings::of_request(connection, request.request_key)? {
        if entry.kind != ProceedingKind::DecisionNotice.as_str() || entry.voided_at.is_some() {
            continue;
        }
        let notice: NewDecisionNotice = serde_json::from_str(&entry.content)?;
        let complied_by = notice.compliance.and_then(|compliance| compliance.response_id);
        if complied_by.is_some_and(|id| id.as_str() == row.id) {
            let detail = format!("The decision notice {} was complied with by the letter. Void it first.", entry.id);
            return Err(ServiceError::NotPossible(detail));
        }
    }
    Ok(())
}
