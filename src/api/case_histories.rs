//! `/v1/case-histories`: whole past cases, in one call each.

use actix_web::{HttpResponse, post};

use crate::{
    api::{
        caller::{Caller, created, ok},
        extract::Body,
        openapi::PostFailures,
        problem::ApiError,
        requests,
    },
    casework::case_history::{CaseHistory, RecordedHistory},
    services::case_histories,
};

/// Record a whole past case
///
/// The request with its events, letters, records, reviews, complaints and regulatory action, all or nothing, every fault of
/// every entry in one answer. Entries are recorded in the order of their days. Records need `records:write` besides. Entries
/// refer to each other by the names in `known_as`, wherever another call takes an identifier. Safe to repeat: the same
/// history under the same reference is answered with the case that it made, and 200.
#[utoipa::path(
    tag = "requests",
    security(("bearer" = [])),
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes the call safe to repeat.", max_length = 255)),
    request_body(content = CaseHistory, example = json!({
        "request": {"reference": "PAST/19/0001", "regime": "foia", "received_on": "2019-11-07", "subject": "A partnership"},
        "events": [{"clarification": {"asked_on": "2019-11-11", "text": "Which?"}, "answer": {"answered_on": "2019-11-13"}}],
        "responses": [
            {"known_as": "first answer", "response": {"kind": "initial", "issued_on": "2019-12-05", "determinations": [{"part": "1", "outcome": "not_held"}]}},
            {"response": {"kind": "review", "issued_on": "2020-01-15", "review_id": "review", "supersedes": "first answer",
                "determinations": [{"part": "1", "outcome": "disclosed"}]},
             "records": [{"label": "1", "title": "Minutes", "dated_on": "2019-05-14", "parts": ["1"], "disposition": "disclosed"}]}],
        "reviews": [{"known_as": "review", "review": {"requested_on": "2019-12-10", "decision": {"decided_on": "2020-01-15",
            "results": [{"part": "1", "result": "overturned"}]}}}]
    })),
    responses(
        (status = 200, description = "Recorded before.", body = RecordedHistory, headers(("Location" = String, description = "The request's address."), ("ETag" = String, description = "The request's version."))),
        (status = 201, description = "Recorded.", body = RecordedHistory, headers(("Location" = String, description = "The request's address."), ("ETag" = String, description = "The request's version."))),
        PostFailures)
)]
#[post("/v1/case-histories")]
pub async fn create_case_history(caller: Caller, body: Body<CaseHistory>) -> Result<HttpResponse, ApiError> {
    let bytes = body.bytes.clone();
    let today = caller.today();
    let fingerprint = case_histories::fingerprint(&bytes).map_err(ApiError::from)?;
    let history = body.readable(|history| history.clone().as_sent().faults(today))?;
    caller
        .post(&bytes, move |connection, context| {
            let (recorded, is_new) = case_histories::record(connection, context, history, &fingerprint)?;
            let tag = requests::tag(&recorded.request, today);
            let location = requests::location(&recorded.request);
            let reply = created(Some(location), Some(tag), Some(recorded.request.id.clone()), &recorded)?;
            Ok(if is_new { reply } else { ok(reply) })
        })
        .await
}
