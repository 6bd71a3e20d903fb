//! `/v1/requests/{request_id}/responses`: drafts, letters already sent, their checks and their notices.

mod notice;

use actix_web::{HttpResponse, delete, get, http::header::CACHE_CONTROL, post, put};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    api::{
        caller::{Caller, created, ok},
        etag::entity_tag,
        extract::{Body, Id, Path},
        openapi::{ChangeFailures, DeleteFailures, PostFailures, ReadFailures},
        problem::ApiError,
        requests::RequestPath,
    },
    casework::{
        response::{DeterminationReplacement, Issue, NewResponse, Response},
        text::Label,
    },
    law::{Date, Finding},
    services::responses,
};

pub use notice::{__path_get_notice, get_notice};

/// The response addressed.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct ResponsePath {
    /// The request's id.
    pub request_id: Id,
    /// The response's id.
    pub response_id: Id,
}

/// The determination addressed.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct DeterminationPath {
    /// The request's id.
    pub request_id: Id,
    /// The response's id.
    pub response_id: Id,
    /// The part's label.
    pub label: Label,
}

/// The responses of a request.
#[derive(Debug, Serialize, ToSchema)]
pub struct ResponseList {
    /// In the order of recording.
    #[schema(max_items = 1000)]
    pub items: Vec<Response>,
}

/// The findings of a response.
#[derive(Debug, Serialize, ToSchema)]
pub struct ResponseChecks {
    /// The response checked.
    pub response_id: String,
    /// Whether it could be issued without an override.
    pub can_be_issued: bool,
    /// What the statute says of it.
    #[schema(max_items = 1000)]
    pub findings: Vec<Finding>,
}

fn tag(response: &Response) -> String {
    entity_tag(response.version, None, "json")
}

/// Record a response
///
/// As a draft to work on, or, with `record_as: "sent"`, as a letter already sent: a fact, recorded with findings and never
/// refused for what it says.
#[utoipa::path(
    tag = "responses",
    security(("bearer" = [])),
    params(RequestPath, ("Idempotency-Key" = Option<String>, Header, description = "Makes the call safe to repeat.", max_length = 255)),
    request_body(content = NewResponse, example = json!({
        "kind": "initial", "particulars": {"internal_review": "stated", "regulator": "stated"},
        "determinations": [{"part": "1", "outcome": "neither_confirmed_nor_denied", "grounds": [{
            "provision": "31(3)", "relies_on": [{"provision": "31(1)(a)", "threshold": "would_be_likely"}],
            "prejudice": {"interest": "The prevention and detection of crime", "harm": "Offenders would learn where policing looks",
                "causal_link": "A confirmation and a denial would each show it"},
            "consistency_reasons": "Like requests get the same answer whatever the facts"}],
          "public_interest_tests": [{"provisions": ["31(3)"], "factors_for": [{"text": "Openness about partners"}],
            "factors_against": [{"text": "Effective policing"}], "balance": "maintain"}]}]
    })),
    responses((status = 201, description = "Recorded.", body = Response,
        headers(("Location" = String, description = "The response's address."), ("ETag" = String, description = "Its version."))), PostFailures)
)]
#[post("/v1/requests/{request_id}/responses")]
pub async fn create_response(
    caller: Caller,
    path: Path<RequestPath>,
    body: Body<NewResponse>,
) -> Result<HttpResponse, ApiError> {
    let bytes = body.bytes.clone();
    let today: Date = caller.today();
    let new = body.checked(|new| new.faults(today))?;
    let id = path.0.request_id.0;
    caller
        .post(&bytes, move |connection, context| {
            let response = responses::create(connection, context, &id, new)?;
            let location = format!("/v1/requests/{id}/responses/{}", response.id);
            created(Some(location), Some(tag(&response)), Some(response.request_id.clone()), &response)
        })
        .await
}

/// List the responses of a request
///
/// Drafts and issued ones, in the order of recording.
#[utoipa::path(
    tag = "responses",
    security(("bearer" = [])),
    params(RequestPath),
    responses((status = 200, description = "The responses.", body = ResponseList), ReadFailures)
)]
#[get("/v1/requests/{request_id}/responses")]
pub async fn list_responses(caller: Caller, path: Path<RequestPath>) -> Result<HttpResponse, ApiError> {
    let id = path.0.request_id.0;
    let items = caller.read(move |connection, context| responses::list(connection, &context.scope, &id)).await?;
    Ok(HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-store")).json(ResponseList { items }))
}

/// Read a response
///
/// With its findings, which live as long as the response.
#[utoipa::path(
    tag = "responses",
    security(("bearer" = [])),
    params(ResponsePath),
    responses((status = 200, description = "The response.", body = Response, headers(("ETag" = String, description = "Its version."))),
        (status = 304, description = "Unchanged since `If-None-Match`."), ReadFailures)
)]
#[get("/v1/requests/{request_id}/responses/{response_id}")]
pub async fn get_response(caller: Caller, path: Path<ResponsePath>) -> Result<HttpResponse, ApiError> {
    let ResponsePath { request_id, response_id } = path.0;
    let response = caller
        .read(move |connection, context| responses::read(connection, &context.scope, &request_id.0, &response_id.0))
        .await?;
    Ok(caller.single(&tag(&response), &response))
}

/// Check a response
///
/// Every finding, of a draft as the statute stands today; findings of severity `error` stop the issue.
#[utoipa::path(
    tag = "responses",
    security(("bearer" = [])),
    params(ResponsePath),
    responses((status = 200, description = "The findings.", body = ResponseChecks), ReadFailures)
)]
#[get("/v1/requests/{request_id}/responses/{response_id}/checks")]
pub async fn get_response_checks(caller: Caller, path: Path<ResponsePath>) -> Result<HttpResponse, ApiError> {
    let ResponsePath { request_id, response_id } = path.0;
    let id = response_id.0.clone();
    let findings = caller
        .read(move |connection, context| responses::checks(connection, context, &request_id.0, &response_id.0))
        .await?;
    let can_be_issued = responses::can_be_issued(&findings);
    let document = ResponseChecks { response_id: id, can_be_issued, findings };
    Ok(HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-store")).json(document))
}

/// Determine a part in a draft
///
/// Replaces the draft's determination of the part, if it had one.
#[utoipa::path(
    tag = "responses",
    security(("bearer" = [])),
    params(DeterminationPath, ("If-Match" = String, Header, description = "The ETag of the response, or `*`.", max_length = 255)),
    request_body(content = DeterminationReplacement, example = json!({"outcome": "disclosed", "explanation": "The agreement is attached."})),
    responses((status = 200, description = "Determined.", body = Response, headers(("ETag" = String, description = "Its new version."))), ChangeFailures)
)]
#[put("/v1/requests/{request_id}/responses/{response_id}/determinations/{label}")]
pub async fn determine_part(
    caller: Caller,
    path: Path<DeterminationPath>,
    body: Body<DeterminationReplacement>,
) -> Result<HttpResponse, ApiError> {
    let precondition = caller.precondition()?;
    let replacement = body.checked(|_| Vec::new())?;
    let DeterminationPath { request_id, response_id, label } = path.0;
    let response = caller
        .write(move |connection, context| {
            let expected = |version| precondition.admits(version);
            let ids = (request_id.0.as_str(), response_id.0.as_str());
            responses::determine(connection, context, ids, &label, &expected, replacement)
        })
        .await?;
    Ok(caller.single(&tag(&response), &response))
}

/// Issue a draft
///
/// Checks it as of the day of issue, freezes it, and lets it take effect. Findings of severity `error` stop it unless
/// `override` gives a reason.
#[utoipa::path(
    tag = "responses",
    security(("bearer" = [])),
    params(ResponsePath, ("Idempotency-Key" = Option<String>, Header, description = "Makes the call safe to repeat.", max_length = 255)),
    request_body(content = Issue, example = json!({"issued_on": "2019-12-05"})),
    responses((status = 200, description = "Issued.", body = Response, headers(("ETag" = String, description = "Its new version."))), PostFailures)
)]
#[post("/v1/requests/{request_id}/responses/{response_id}/issue")]
pub async fn issue_response(
    caller: Caller,
    path: Path<ResponsePath>,
    body: Body<Issue>,
) -> Result<HttpResponse, ApiError> {
    let bytes = body.bytes.clone();
    let issue = body.checked(|_| Vec::new())?;
    let ResponsePath { request_id, response_id } = path.0;
    caller
        .post(&bytes, move |connection, context| {
            let response = responses::issue(connection, context, &request_id.0, &response_id.0, issue)?;
            created(None, Some(tag(&response)), Some(response.request_id.clone()), &response).map(ok)
        })
        .await
}

/// Delete a draft
///
/// Nothing of it stays. An issued response cannot be deleted.
#[utoipa::path(
    tag = "responses",
    security(("bearer" = [])),
    params(ResponsePath, ("If-Match" = String, Header, description = "The ETag of the response, or `*`.", max_length = 255)),
    responses((status = 204, description = "Deleted."), DeleteFailures)
)]
#[delete("/v1/requests/{request_id}/responses/{response_id}")]
pub async fn delete_response(caller: Caller, path: Path<ResponsePath>) -> Result<HttpResponse, ApiError> {
    let precondition = caller.precondition()?;
    let ResponsePath { request_id, response_id } = path.0;
    caller
        .write(move |connection, context| {
            let expected = |version| precondition.admits(version);
            responses::delete(connection, context, &request_id.0, &response_id.0, &expected)
        })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}
