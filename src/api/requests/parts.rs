//! `/v1/requests/{request_id}/parts`: adding, rewording and splitting parts, until they are determined.

use actix_web::{HttpResponse, post, put};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{RequestPath, location, tag};
use crate::{
    api::{
        caller::{Caller, created, ok},
        extract::{Body, Id, Path},
        openapi::{ChangeFailures, PostFailures},
        problem::ApiError,
    },
    casework::{
        request::{NewPart, PartReplacement, PartSplit, Request},
        text::Label,
    },
    services::parts,
};

/// The part addressed.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct PartPath {
    /// The request's id.
    pub request_id: Id,
    /// The part's label.
    pub label: Label,
}

/// Add a part
///
/// For a question that was overlooked; the answer is the request with all its parts.
#[utoipa::path(
    tag = "requests",
    security(("bearer" = [])),
    params(RequestPath, ("Idempotency-Key" = Option<String>, Header, description = "Makes the call safe to repeat.", max_length = 255)),
    request_body(content = NewPart, example = json!({"label": "5", "text": "Any other information", "residual": true})),
    responses((status = 201, description = "Added.", body = Request,
        headers(("Location" = String, description = "The request's address."), ("ETag" = String, description = "Its version."))), PostFailures)
)]
#[post("/v1/requests/{request_id}/parts")]
pub async fn add_part(caller: Caller, path: Path<RequestPath>, body: Body<NewPart>) -> Result<HttpResponse, ApiError> {
    let bytes = body.bytes.clone();
    let part = body.checked(NewPart::faults)?;
    let today = caller.today();
    let id = path.0.request_id.0;
    caller
        .post(&bytes, move |connection, context| {
            let request = parts::add(connection, context, &id, &part)?;
            created(Some(location(&request)), Some(tag(&request, today)), Some(request.id.clone()), &request)
        })
        .await
}

/// Replace a part
///
/// Puts it into other words or under another regime, with its clock recomputed. Not once it is determined in an issued
/// response.
#[utoipa::path(
    tag = "requests",
    security(("bearer" = [])),
    params(PartPath, ("If-Match" = String, Header, description = "The ETag of the request, or `*`.", max_length = 255)),
    request_body(content = PartReplacement, example = json!({"text": "Any agreement about the partnership, with its annexes"})),
    responses((status = 200, description = "Replaced.", body = Request, headers(("ETag" = String, description = "Its new version."))), ChangeFailures)
)]
#[put("/v1/requests/{request_id}/parts/{label}")]
pub async fn replace_part(
    caller: Caller,
    path: Path<PartPath>,
    body: Body<PartReplacement>,
) -> Result<HttpResponse, ApiError> {
    let precondition = caller.precondition()?;
    let PartPath { request_id, label } = path.0;
    let replacement = body.checked(|new| new.faults(&label))?;
    let request = caller
        .write(move |connection, context| {
            let expected = |version| precondition.admits(version);
            parts::replace(connection, context, &request_id.0, &label, &expected, replacement)
        })
        .await?;
    Ok(caller.single(&tag(&request, caller.today()), &request))
}

/// Split a part
///
/// Each new part starts with the words of the old one and with its events. Not once it is determined in an issued
/// response. Drafts are not split: one that answers the old part answers no part any more until it is mended, and records
/// located under it alone go. Split first, then draft and locate.
#[utoipa::path(
    tag = "requests",
    security(("bearer" = [])),
    params(PartPath, ("Idempotency-Key" = Option<String>, Header, description = "Makes the call safe to repeat.", max_length = 255)),
    request_body(content = PartSplit, example = json!({"labels": ["1a", "1b"]})),
    responses((status = 200, description = "Split.", body = Request, headers(("ETag" = String, description = "Its new version."))), PostFailures)
)]
#[post("/v1/requests/{request_id}/parts/{label}/split")]
pub async fn split_part(caller: Caller, path: Path<PartPath>, body: Body<PartSplit>) -> Result<HttpResponse, ApiError> {
    let bytes = body.bytes.clone();
    let split = body.readable(PartSplit::faults)?;
    let today = caller.today();
    let PartPath { request_id, label } = path.0;
    caller
        .post(&bytes, move |connection, context| {
            let request = parts::split(connection, context, &request_id.0, &label, &split)?;
            created(None, Some(tag(&request, today)), Some(request.id.clone()), &request).map(ok)
        })
        .await
}
