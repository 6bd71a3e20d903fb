//! `/v1/requests/{request_id}/responses`: drafts, letters already sent, their checks and their notices.

mod notice;

use actix_web::{HttpResponse, delete, get, patch, post, put};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    api::{
        caller::{Caller, created, ok},
        etag::entity_tag,
        extract::{Body, Id, InstantText, PatchBody, Path, Query},
        openapi::{ChangeFailures, DeleteFailures, GuardedPostFailures, ListFailures, PostFailures, ReadFailures},
        pages::{self, Limit},
        problem::{ApiError, INSUFFICIENT_SCOPE},
        requests::RequestPath,
        scopes,
    },
    casework::{
        event::NewVoiding,
        response::{Determination, DeterminationReplacement, Issue, NewResponse, Response},
        response_patch::ResponsePatch,
        scope::Scope,
        text::Label,
    },
    law::{Date, Finding},
    services::{
        Context, ServiceError, ServiceResult, drafts,
        idempotency::{self, Reply},
        response_lists::{self, ResponsePage, ResponsePosition},
        response_voiding,
        responses::{self, Checks},
    },
    store::Connection,
};

pub use notice::{__path_get_notice, NoticeFormat, get_notice};

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

/// Which responses, which page.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ResponseListQuery {
    /// Changed at this instant or later; sorts by `updated_at`.
    pub updated_at_from: Option<InstantText>,
    /// How many at most; 50 when absent.
    pub limit: Option<Limit>,
    /// Where to go on: `next_cursor` of the page before.
    #[param(max_length = 2000)]
    pub cursor: Option<String>,
}

/// A page of the responses of a request.
#[derive(Debug, Serialize, ToSchema)]
pub struct ResponseList {
    /// Letters in the order of their issue, then drafts; with `updated_at_from` all in the order of their change.
    #[schema(max_items = 200)]
    pub items: Vec<Response>,
    /// Where to go on; absent on the last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub next_cursor: Option<String>,
}

/// The findings of a response.
#[derive(Debug, Serialize, ToSchema)]
pub struct ResponseChecks {
    /// The response checked.
    #[schema(format = "uuid")]
    pub response_id: String,
    /// Whether it could be issued today without an override.
    pub can_be_issued: bool,
    /// Why it cannot be issued today whatever its findings, for example because a part was answered before.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub refusal: Option<String>,
    /// What the statute says of it.
    #[schema(max_items = 1000)]
    pub findings: Vec<Finding>,
}

/// Who may read less has another form of it. What it tells of parts left open, and once void of why and of grounds, becomes
/// less when a part is guarded later.
fn tag(response: &Response, context: &Context) -> String {
    let has_grounds = |one: &&Determination| {
        !one.grounds.is_empty() || !one.public_interest_tests.is_empty() || one.explanation.is_some()
    };
    let told = response.left_open.len()
        + usize::from(response.void_reason.is_some())
        + response.determinations.iter().filter(has_grounds).count();
    let form = if context.scopes.holds(Scope::NcndRead) { String::new() } else { format!("-guarded-{told}") };
    entity_tag(response.version, None, &format!("{}{form}", response.status))
}

/// What the caller may read of a response.
fn shown(connection: &mut Connection, context: &Context, response: Response) -> ServiceResult<Response> {
    let request_id = response.request_id.clone();
    responses::shown(connection, context, &request_id, vec![response])?.pop().ok_or(ServiceError::NotFound)
}

fn location(request_id: &str, response_id: &str) -> String {
    format!("/v1/requests/{request_id}/responses/{response_id}")
}

/// The reply of the call that made a response.
fn made(response: &Response, context: &Context) -> ServiceResult<Reply> {
    let location = location(&response.request_id, &response.id);
    created(Some(location), Some(tag(response, context)), Some(response.request_id.clone()), response)
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
    let new = body.readable(|new| new.faults(today))?;
    let id = path.0.request_id.0;
    caller
        .post(&bytes, move |connection, context| {
            let response = responses::create(connection, context, &id, new)?;
            made(&shown(connection, context, response)?, context)
        })
        .await
}

/// List the responses of a request
///
/// Letters in the order of their issue, then drafts; with `updated_at_from` those changed since, in the order of their
/// change. Drafts are for `responses:write` alone; grounds of answers that neither confirm nor deny are for `ncnd:read`.
#[utoipa::path(
    tag = "responses",
    security(("bearer" = [])),
    params(RequestPath, ResponseListQuery),
    responses((status = 200, description = "One page.", body = ResponseList,
        headers(("Link" = String, description = "The next page, where there is one."))), ListFailures)
)]
#[get("/v1/requests/{request_id}/responses")]
pub async fn list_responses(
    caller: Caller,
    path: Path<RequestPath>,
    query: Query<ResponseListQuery>,
) -> Result<HttpResponse, ApiError> {
    let query = query.0;
    let page = pages::page::<ResponsePosition>(&caller, query.limit, query.cursor.as_deref())?;
    let updated_at = pages::changed_from(&caller, query.updated_at_from).await?;
    let with_drafts = caller.context().scopes.holds(Scope::ResponsesWrite);
    let wanted = ResponsePage { updated_at, with_drafts, after: page.after, limit: page.limit };
    let id = path.0.request_id.0;
    let (items, next) = caller
        .read(move |connection, context| {
            let (items, next) = response_lists::list(connection, &context.scope, &id, &wanted)?;
            Ok((responses::shown(connection, context, &id, items)?, next))
        })
        .await?;
    let next_cursor = next.map(|position| pages::cursor(&caller, &position));
    let page = ResponseList { items, next_cursor };
    Ok(pages::answer(&caller, page.next_cursor.as_deref(), &page))
}

/// Read a response
///
/// With its findings, which live as long as the response. Drafts are for `responses:write` alone. Without `ncnd:read` an
/// answer that neither confirms nor denies stands without its grounds, tests, explanation and the findings on them, its
/// letter without the reason of an override and the titles of documents.
#[utoipa::path(
    tag = "responses",
    security(("bearer" = [])),
    params(ResponsePath),
    responses((status = 200, description = "The response.", body = Response, headers(("ETag" = String, description = "Its version."))),
        ReadFailures)
)]
#[get("/v1/requests/{request_id}/responses/{response_id}")]
pub async fn get_response(caller: Caller, path: Path<ResponsePath>) -> Result<HttpResponse, ApiError> {
    let ResponsePath { request_id, response_id } = path.0;
    let response = caller
        .read(move |connection, context| {
            let response = responses::read_as(connection, context, &request_id.0, &response_id.0)?;
            shown(connection, context, response)
        })
        .await?;
    Ok(caller.single(&tag(&response, caller.context()), &response))
}

/// Check a response
///
/// Every finding, of a draft as the statute stands today; findings of severity `error` stop the issue.
#[utoipa::path(
    tag = "responses",
    security(("bearer" = [])),
    params(ResponsePath),
    responses((status = 200, description = "The findings.", body = ResponseChecks,
        headers(("ETag" = String, description = "A hash of what it says."))),
        ReadFailures)
)]
#[get("/v1/requests/{request_id}/responses/{response_id}/checks")]
pub async fn get_response_checks(caller: Caller, path: Path<ResponsePath>) -> Result<HttpResponse, ApiError> {
    let ResponsePath { request_id, response_id } = path.0;
    let id = response_id.0.clone();
    let Checks { findings, refusal } = caller
        .read(move |connection, context| responses::checks(connection, context, &request_id.0, &response_id.0))
        .await?;
    let can_be_issued = refusal.is_none() && responses::can_be_issued(&findings);
    let document = ResponseChecks { response_id: id, can_be_issued, refusal, findings };
    caller.computed(&document)
}

/// What the caller may read of a draft that was worked on.
fn reworked(connection: &mut Connection, context: &Context, response: Response) -> ServiceResult<Response> {
    // It becomes the answer stored for whoever made the draft: what that credential may read is not known here.
    let guarded = responses::shown_to_all(connection, context, response.clone())?;
    let location = location(&response.request_id, &response.id);
    idempotency::keep_present(connection, context, &location, &made(&guarded, context)?)?;
    shown(connection, context, response)
}

/// Change a draft
///
/// A merge patch (RFC 7396): null clears, lists are replaced whole. The findings are made anew. Its answers are changed part
/// by part; what was issued stands as it was sent. Without `ncnd:read` parts left open that are not shown stay.
#[utoipa::path(
    tag = "responses",
    security(("bearer" = [])),
    params(ResponsePath, ("If-Match" = String, Header, description = "The ETag of the response, or `*`.", max_length = 255)),
    request_body(content(
        (ResponsePatch = "application/merge-patch+json", example = json!({"particulars": {"internal_review": "stated"}, "sent_documents": null})),
        (ResponsePatch = "application/json", example = json!({"particulars": {"internal_review": "stated"}, "sent_documents": null})))),
    responses((status = 200, description = "Changed.", body = Response, headers(("ETag" = String, description = "Its new version."))), ChangeFailures)
)]
#[patch("/v1/requests/{request_id}/responses/{response_id}")]
pub async fn patch_response(
    caller: Caller,
    path: Path<ResponsePath>,
    body: PatchBody<ResponsePatch>,
) -> Result<HttpResponse, ApiError> {
    let precondition = caller.precondition()?;
    let patch = body.checked(ResponsePatch::faults)?;
    let ResponsePath { request_id, response_id } = path.0;
    let response = caller
        .write(move |connection, context| {
            let expected = |version| precondition.admits(version);
            let response = drafts::change(connection, context, (&request_id.0, &response_id.0), &expected, patch)?;
            reworked(connection, context, response)
        })
        .await?;
    Ok(caller.single(&tag(&response, caller.context()), &response))
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
    let DeterminationPath { request_id, response_id, label } = path.0;
    let replacement = body.readable(|new| new.faults(&label))?;
    let response = caller
        .write(move |connection, context| {
            let expected = |version| precondition.admits(version);
            let ids = (request_id.0.as_str(), response_id.0.as_str());
            let response = drafts::determine(connection, context, ids, &label, &expected, replacement)?;
            reworked(connection, context, response)
        })
        .await?;
    Ok(caller.single(&tag(&response, caller.context()), &response))
}

/// Take a part's answer out of a draft
///
/// The draft then says nothing of the part; leave it open on purpose, or determine it anew.
#[utoipa::path(
    tag = "responses",
    security(("bearer" = [])),
    params(DeterminationPath, ("If-Match" = String, Header, description = "The ETag of the response, or `*`.", max_length = 255)),
    responses((status = 200, description = "Taken out.", body = Response, headers(("ETag" = String, description = "Its new version."))), DeleteFailures)
)]
#[delete("/v1/requests/{request_id}/responses/{response_id}/determinations/{label}")]
pub async fn delete_determination(caller: Caller, path: Path<DeterminationPath>) -> Result<HttpResponse, ApiError> {
    let precondition = caller.precondition()?;
    let DeterminationPath { request_id, response_id, label } = path.0;
    let response = caller
        .write(move |connection, context| {
            let expected = |version| precondition.admits(version);
            let ids = (request_id.0.as_str(), response_id.0.as_str());
            let response = drafts::take_out(connection, context, ids, &label, &expected)?;
            reworked(connection, context, response)
        })
        .await?;
    Ok(caller.single(&tag(&response, caller.context()), &response))
}

/// Issue a draft
///
/// Checks it as of the day of issue, freezes it, and lets it take effect. Findings of severity `error` stop it unless
/// `override` gives a reason. With `If-Match` only the version is issued that was read and approved.
#[utoipa::path(
    tag = "responses",
    security(("bearer" = [])),
    params(
        ResponsePath,
        ("If-Match" = Option<String>, Header, description = "The ETag of the draft that is to be issued, or `*`.", max_length = 255),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes the call safe to repeat.", max_length = 255),
    ),
    request_body(content = Issue, example = json!({"issued_on": "2019-12-05"})),
    responses((status = 200, description = "Issued.", body = Response, headers(("ETag" = String, description = "Its new version."))), GuardedPostFailures)
)]
#[post("/v1/requests/{request_id}/responses/{response_id}/issue")]
pub async fn issue_response(
    caller: Caller,
    path: Path<ResponsePath>,
    body: Body<Issue>,
) -> Result<HttpResponse, ApiError> {
    let bytes = body.bytes.clone();
    let issue: Issue = body.checked(|_| Vec::new())?;
    if issue.override_with.is_some() && !caller.context().scopes.holds(Scope::ResponsesOverride) {
        return Err(ApiError::new(INSUFFICIENT_SCOPE).with_detail(scopes::in_words(&[&[Scope::ResponsesOverride]])));
    }
    let precondition = caller.precondition_if_given()?;
    let ResponsePath { request_id, response_id } = path.0;
    caller
        .post(&bytes, move |connection, context| {
            let expected = |version| precondition.admits(version);
            let response = responses::issue(connection, context, (&request_id.0, &response_id.0), &expected, issue)?;
            let response = shown(connection, context, response)?;
            created(None, Some(tag(&response, context)), Some(response.request_id.clone()), &response).map(ok)
        })
        .await
}

/// Void a letter
///
/// For a letter that was recorded by mistake. It stays readable and says why it is void; clock, figures, compliance and
/// positions are made anew without it. Void first what takes its place or was complied with by it. A draft is deleted
/// instead.
#[utoipa::path(
    tag = "responses",
    security(("bearer" = [])),
    params(ResponsePath, ("Idempotency-Key" = Option<String>, Header, description = "Makes the call safe to repeat.", max_length = 255)),
    request_body(content = NewVoiding, example = json!({"reason": "Recorded on the wrong request."})),
    responses((status = 201, description = "Voided.", body = Response, headers(("ETag" = String, description = "Its new version."))), PostFailures)
)]
#[post("/v1/requests/{request_id}/responses/{response_id}/void")]
pub async fn void_response(
    caller: Caller,
    path: Path<ResponsePath>,
    body: Body<NewVoiding>,
) -> Result<HttpResponse, ApiError> {
    let bytes = body.bytes.clone();
    let voiding = body.checked(|_| Vec::new())?;
    let ResponsePath { request_id, response_id } = path.0;
    caller
        .post(&bytes, move |connection, context| {
            let ids = (request_id.0.as_str(), response_id.0.as_str());
            let response = response_voiding::void(connection, context, ids, &voiding)?;
            let response = shown(connection, context, response)?;
            created(None, Some(tag(&response, context)), Some(response.request_id.clone()), &response)
        })
        .await
}

/// Delete a draft
///
/// Nothing of it stays. An issued response cannot be deleted; void it where it was recorded by mistake.
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
            drafts::delete(connection, context, &request_id.0, &response_id.0, &expected)?;
            idempotency::forget(connection, &request_id.0, &location(&request_id.0, &response_id.0))
        })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}
