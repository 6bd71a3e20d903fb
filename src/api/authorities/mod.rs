//! `/v1/authorities`: public authorities and their settings.

use actix_web::{HttpResponse, get, patch, post};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    api::{
        caller::{Caller, created},
        etag::entity_tag,
        extract::{Body, Id, PatchBody, Path, Query},
        openapi::{ChangeFailures, ListFailures, PostFailures, ReadFailures},
        pages::{self, Limit},
        problem::ApiError,
    },
    casework::authority::{Authority, AuthorityPatch, NewAuthority},
    services::authorities,
};

/// The authority addressed.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct AuthorityPath {
    /// The authority's id.
    pub authority_id: Id,
}

/// Which page of authorities.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AuthorityListQuery {
    /// How many at most; 50 when absent.
    pub limit: Option<Limit>,
    /// Where to go on: `next_cursor` of the page before.
    #[param(max_length = 2000)]
    pub cursor: Option<String>,
}

/// A page of authorities.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuthorityPage {
    /// The authorities, in a stable order.
    #[schema(max_items = 200)]
    pub items: Vec<Authority>,
    /// Where to go on; absent on the last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub next_cursor: Option<String>,
}

fn tag(authority: &Authority) -> String {
    entity_tag(authority.version, None, "json")
}

/// Record an authority
///
/// Only `name` and `nation` are required. References are made as `FOI-{year}-{number:5}` unless `reference_pattern` says
/// otherwise.
#[utoipa::path(
    tag = "authorities",
    security(("bearer" = [])),
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes the call safe to repeat.", max_length = 255)),
    request_body(content = NewAuthority, example = json!({
        "name": "Borough of Example", "kind": "council", "nation": "england", "reference_pattern": "FOI-{year}-{number:5}"
    })),
    responses((status = 201, description = "Recorded.", body = Authority,
        headers(("Location" = String, description = "The authority's address."), ("ETag" = String, description = "Its version."))), PostFailures)
)]
#[post("/v1/authorities")]
pub async fn create_authority(caller: Caller, body: Body<NewAuthority>) -> Result<HttpResponse, ApiError> {
    let bytes = body.bytes.clone();
    let new = body.checked(NewAuthority::faults)?;
    caller
        .post(&bytes, move |connection, context| {
            let authority = authorities::create(connection, context, new)?;
            created(Some(format!("/v1/authorities/{}", authority.id)), Some(tag(&authority)), None, &authority)
        })
        .await
}

/// List authorities
///
/// Every authority that the credential may act for.
#[utoipa::path(
    tag = "authorities",
    security(("bearer" = [])),
    params(AuthorityListQuery),
    responses((status = 200, description = "One page.", body = AuthorityPage), ListFailures)
)]
#[get("/v1/authorities")]
pub async fn list_authorities(caller: Caller, query: Query<AuthorityListQuery>) -> Result<HttpResponse, ApiError> {
    let page = pages::page::<String>(&caller, query.0.limit, query.0.cursor.as_deref())?;
    let (items, more) = caller
        .read(move |connection, context| {
            authorities::list(connection, &context.scope, page.after.as_deref(), page.limit)
        })
        .await?;
    let last = items.last().filter(|_| more);
    let next_cursor = last.map(|last| pages::cursor(&caller, &last.id));
    let page = AuthorityPage { items, next_cursor };
    Ok(pages::answer(&caller, page.next_cursor.as_deref(), &page))
}

/// Read an authority
///
/// Its settings as they stand.
#[utoipa::path(
    tag = "authorities",
    security(("bearer" = [])),
    params(AuthorityPath),
    responses((status = 200, description = "The authority.", body = Authority, headers(("ETag" = String, description = "Its version."))),
        ReadFailures)
)]
#[get("/v1/authorities/{authority_id}")]
pub async fn get_authority(caller: Caller, path: Path<AuthorityPath>) -> Result<HttpResponse, ApiError> {
    let id = path.0.authority_id.0;
    let authority = caller.read(move |connection, context| authorities::read(connection, &context.scope, &id)).await?;
    Ok(caller.single(&tag(&authority), &authority))
}

/// Change an authority
///
/// A merge patch (RFC 7396): null clears. Everything but the nation can be changed.
#[utoipa::path(
    tag = "authorities",
    security(("bearer" = [])),
    params(AuthorityPath, ("If-Match" = String, Header, description = "The ETag of the version to change, or `*`.", max_length = 255)),
    request_body(content(
        (AuthorityPatch = "application/merge-patch+json", example = json!({"reference_pattern": "FOI/{year}/{number:6}"})),
        (AuthorityPatch = "application/json", example = json!({"reference_pattern": "FOI/{year}/{number:6}"})))),
    responses((status = 200, description = "Changed.", body = Authority, headers(("ETag" = String, description = "Its new version."))), ChangeFailures)
)]
#[patch("/v1/authorities/{authority_id}")]
pub async fn patch_authority(
    caller: Caller,
    path: Path<AuthorityPath>,
    body: PatchBody<AuthorityPatch>,
) -> Result<HttpResponse, ApiError> {
    let precondition = caller.precondition()?;
    let patch = body.checked(AuthorityPatch::faults)?;
    let id = path.0.authority_id.0;
    let authority = caller
        .write(move |connection, context| {
            authorities::change(connection, context, &id, &|version| precondition.admits(version), patch)
        })
        .await?;
    Ok(caller.single(&tag(&authority), &authority))
}
