//! `…/erasure` and `…/legal-hold`: the people of a request erased, and what keeps it from that.

use actix_web::{HttpResponse, delete, get, post, put};

use crate::{
    api::{
        caller::{Caller, created, ok},
        etag::content_tag,
        extract::{Body, Path},
        openapi::{ChangeFailures, DeleteFailures, PostFailures, ReadFailures},
        problem::ApiError,
        requests::RequestPath,
    },
    casework::erasure::{LegalHolds, NewErasure, NewLegalHold},
    services::{erasure, timeline::Deletion},
};

/// Erase the people of a request
///
/// Who asked, the letter, and every word of the case but its topics and the labels of its parts are removed for good; the
/// request then looks as if it had never been, and is listed in `GET /v1/deletions`. Figures and returns stay as they were:
/// what they are counted from is kept without words. While a part is owed an answer the call is refused, for to destroy what
/// was asked for may be an offence (FOIA s77, FOISA s65, EIR and EI(S)Rs reg 19): record its answer, withdrawal, lapse or
/// transfer first. Under a legal hold it is refused too (`GET …/legal-hold`). Say why in `Candour-Justification`: the audit
/// log keeps it.
#[utoipa::path(
    tag = "requests",
    security(("bearer" = [])),
    params(RequestPath, ("Idempotency-Key" = Option<String>, Header, description = "Makes the call safe to repeat.", max_length = 255)),
    request_body(content = NewErasure, example = json!({})),
    responses((status = 200, description = "Erased.", body = Deletion), PostFailures)
)]
#[post("/v1/requests/{request_id}/erasure")]
pub async fn erase_request(
    caller: Caller,
    path: Path<RequestPath>,
    body: Body<NewErasure>,
) -> Result<HttpResponse, ApiError> {
    let bytes = body.bytes.clone();
    body.checked(|_| Vec::new())?;
    let id = path.0.request_id.0;
    caller
        .post(&bytes, move |connection, context| {
            // The stored answer tells no more than the list of erased requests: it need not go with the case.
            created(None, None, None, &erasure::erase(connection, context, &id)?).map(ok)
        })
        .await
}

/// Read what keeps a request from being erased
///
/// Proceedings that are open, and a hold that the authority placed. What is owed an answer is kept as well, without a hold.
#[utoipa::path(
    tag = "requests",
    security(("bearer" = [])),
    params(RequestPath),
    responses((status = 200, description = "The holds; none where it may be erased.", body = LegalHolds,
        headers(("ETag" = String, description = "Version of the request and what is said."))),
        ReadFailures)
)]
#[get("/v1/requests/{request_id}/legal-hold")]
pub async fn get_legal_hold(caller: Caller, path: Path<RequestPath>) -> Result<HttpResponse, ApiError> {
    let id = path.0.request_id.0;
    let (holds, version) =
        caller.read(move |connection, context| erasure::legal_holds(connection, context, &id)).await?;
    let tag = content_tag(version, &holds).map_err(ApiError::internal)?;
    Ok(caller.single(&tag, &holds))
}

/// Place a legal hold
///
/// The request is neither erased nor touched by retention rules until the hold is released.
#[utoipa::path(
    tag = "requests",
    security(("bearer" = [])),
    params(RequestPath, ("If-Match" = String, Header, description = "The ETag of the request or of its holds, or `*`.", max_length = 255)),
    request_body(content = NewLegalHold, example = json!({"reason": "A claim was announced on 12 June."})),
    responses((status = 200, description = "Placed.", body = LegalHolds, headers(("ETag" = String, description = "The new version."))), ChangeFailures)
)]
#[put("/v1/requests/{request_id}/legal-hold")]
pub async fn place_legal_hold(
    caller: Caller,
    path: Path<RequestPath>,
    body: Body<NewLegalHold>,
) -> Result<HttpResponse, ApiError> {
    let precondition = caller.precondition()?;
    let new = body.checked(|_| Vec::new())?;
    let id = path.0.request_id.0;
    let (holds, version) = caller
        .write(move |connection, context| {
            erasure::place_hold(connection, context, &id, &|version| precondition.admits(version), &new)
        })
        .await?;
    let tag = content_tag(version, &holds).map_err(ApiError::internal)?;
    Ok(caller.single(&tag, &holds))
}

/// Release a legal hold
///
/// The one that the authority placed; proceedings that are open keep the request all the same.
#[utoipa::path(
    tag = "requests",
    security(("bearer" = [])),
    params(RequestPath, ("If-Match" = String, Header, description = "The ETag of the request or of its holds, or `*`.", max_length = 255)),
    responses((status = 204, description = "Released."), DeleteFailures)
)]
#[delete("/v1/requests/{request_id}/legal-hold")]
pub async fn release_legal_hold(caller: Caller, path: Path<RequestPath>) -> Result<HttpResponse, ApiError> {
    let precondition = caller.precondition()?;
    let id = path.0.request_id.0;
    caller
        .write(move |connection, context| {
            erasure::release_hold(connection, context, &id, &|version| precondition.admits(version))
        })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}
