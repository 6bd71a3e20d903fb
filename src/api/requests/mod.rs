//! `/v1/requests`: requests for information and their parts.

mod compliance;
mod lists;
mod parts;
mod related;
mod timeline;

use actix_web::{HttpResponse, get, patch, post};
use serde::Deserialize;
use utoipa::IntoParams;

pub use self::{
    compliance::{__path_get_compliance, get_compliance},
    lists::{__path_list_requests, RequestSort, list_requests},
    parts::{__path_add_part, __path_replace_part, __path_split_part, add_part, replace_part, split_part},
    related::{__path_list_related, Relation, list_related},
    timeline::{__path_list_deletions, __path_list_timeline, list_deletions, list_timeline},
};
use crate::{
    api::{
        caller::{Caller, created},
        etag::entity_tag,
        extract::{Body, Id, PatchBody, Path},
        openapi::{ChangeFailures, PostFailures, ReadFailures},
        problem::ApiError,
    },
    casework::{
        clock::Clock,
        request::{NewRequest, Request, RequestPatch, Requester},
    },
    law::Date,
    services::requests,
};

/// The request addressed.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct RequestPath {
    /// The request's id.
    pub request_id: Id,
}

/// The tag of a request: while it is open, the day changes what it says.
pub(super) fn tag(request: &Request, today: Date) -> String {
    entity_tag(request.version, request.closed_on.is_none().then_some(today), "json")
}

pub(super) fn location(request: &Request) -> String {
    format!("/v1/requests/{}", request.id)
}

/// Record a request
///
/// The statutory clock starts on `received_on`: day 0, whatever weekday (FOIA s10(6)). Without `parts` there is one,
/// labelled `1`. Without `reference` one is made from the authority's pattern.
#[utoipa::path(
    tag = "requests",
    security(("bearer" = [])),
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes the call safe to repeat.", max_length = 255)),
    request_body(content = NewRequest, example = json!({
        "regime": "foia", "received_on": "2019-11-07", "subject": "Partnership with a social media provider",
        "topics": ["technology-partners"],
        "parts": [{"label": "1", "text": "Any agreement about the partnership"}, {"label": "2", "text": "Any other partnership"}]
    })),
    responses((status = 201, description = "Recorded.", body = Request,
        headers(("Location" = String, description = "The request's address."), ("ETag" = String, description = "Its version."))), PostFailures)
)]
#[post("/v1/requests")]
pub async fn create_request(caller: Caller, body: Body<NewRequest>) -> Result<HttpResponse, ApiError> {
    let bytes = body.bytes.clone();
    let today = caller.today();
    let new = body.checked(|new| new.faults(today))?;
    caller
        .post(&bytes, move |connection, context| {
            let request = requests::create(connection, context, new)?;
            created(Some(location(&request)), Some(tag(&request, today)), Some(request.id.clone()), &request)
        })
        .await
}

/// Read a request
///
/// With its parts, due date and status as they stand today in London.
#[utoipa::path(
    tag = "requests",
    security(("bearer" = [])),
    params(RequestPath),
    responses((status = 200, description = "The request.", body = Request, headers(("ETag" = String, description = "Its version."))),
        ReadFailures)
)]
#[get("/v1/requests/{request_id}")]
pub async fn get_request(caller: Caller, path: Path<RequestPath>) -> Result<HttpResponse, ApiError> {
    let id = path.0.request_id.0;
    let request =
        caller.read(move |connection, context| requests::read(connection, &context.scope, &id, context.today)).await?;
    Ok(caller.single(&tag(&request, caller.today()), &request))
}

/// Change what is said about a request
///
/// A merge patch (RFC 7396): null clears. State changes are made by events, not here.
#[utoipa::path(
    tag = "requests",
    security(("bearer" = [])),
    params(RequestPath, ("If-Match" = String, Header, description = "The ETag of the version to change, or `*`.", max_length = 255)),
    request_body(content(
        (RequestPatch = "application/merge-patch+json", example = json!({"topics": ["technology-partners", "training"], "channel": "email"})),
        (RequestPatch = "application/json", example = json!({"topics": ["technology-partners", "training"], "channel": "email"})))),
    responses((status = 200, description = "Changed.", body = Request, headers(("ETag" = String, description = "Its new version."))), ChangeFailures)
)]
#[patch("/v1/requests/{request_id}")]
pub async fn patch_request(
    caller: Caller,
    path: Path<RequestPath>,
    body: PatchBody<RequestPatch>,
) -> Result<HttpResponse, ApiError> {
    let precondition = caller.precondition()?;
    let today = caller.today();
    let patch = body.checked(|patch| patch.faults(None, today))?;
    let id = path.0.request_id.0;
    let request = caller
        .write(move |connection, context| {
            requests::change(connection, context, &id, &|version| precondition.admits(version), patch)
        })
        .await?;
    Ok(caller.single(&tag(&request, caller.today()), &request))
}

/// Read who asked
///
/// Identity and the letter as it came are kept apart from the request and shown here only.
#[utoipa::path(
    tag = "requests",
    security(("bearer" = [])),
    params(RequestPath),
    responses((status = 200, description = "The requester and the letter.", body = Requester,
        headers(("ETag" = String, description = "The version of the request."))),
        ReadFailures)
)]
#[get("/v1/requests/{request_id}/requester")]
pub async fn get_requester(caller: Caller, path: Path<RequestPath>) -> Result<HttpResponse, ApiError> {
    let id = path.0.request_id.0;
    let (requester, version) =
        caller.read(move |connection, context| requests::requester(connection, context, &id)).await?;
    Ok(caller.single(&entity_tag(version, None, "requester"), &requester))
}

/// Read the clock
///
/// Explains, part by part, what each event did to the statutory clock and which dates follow, with the provisions.
#[utoipa::path(
    tag = "clocks",
    security(("bearer" = [])),
    params(RequestPath),
    responses((status = 200, description = "The clock of each part.", body = Clock,
        headers(("ETag" = String, description = "The version of the request, the day and the calendar."))),
        ReadFailures)
)]
#[get("/v1/requests/{request_id}/clock")]
pub async fn get_clock(caller: Caller, path: Path<RequestPath>) -> Result<HttpResponse, ApiError> {
    let id = path.0.request_id.0;
    let (clock, version) = caller.read(move |connection, context| requests::clock(connection, context, &id)).await?;
    let tag = entity_tag(version, Some(caller.today()), &format!("clock-{}", clock.calendar_version));
    Ok(caller.single(&tag, &clock))
}
