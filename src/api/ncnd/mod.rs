//! `/v1/ncnd-positions`, and the precedents of a request: what keeps answers that neither confirm nor deny alike.

use actix_web::{HttpResponse, delete, get, post, put};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    api::{
        caller::{Caller, created},
        etag::content_tag,
        extract::{Body, Id, InstantText, Path, Query},
        openapi::{ChangeFailures, DeleteFailures, ListFailures, PostFailures, ReadFailures},
        pages::{self, Limit},
        problem::ApiError,
        requests::RequestPath,
    },
    casework::ncnd_position::{NcndPosition, NewNcndPosition},
    services::{
        ServiceResult,
        idempotency::Reply,
        ncnd_positions::{self, PlaceOfPosition, PositionList},
        precedents::{self, Precedents},
    },
};

/// The position addressed.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct NcndPositionPath {
    /// The position's id.
    pub position_id: Id,
}

/// Which positions, which page.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct NcndPositionListQuery {
    /// Of this authority; of all that the credential may act for when absent.
    pub authority_id: Option<Id>,
    /// Changed at this instant or later; sorts by `updated_at`.
    pub updated_at_from: Option<InstantText>,
    /// How many at most; 50 when absent.
    pub limit: Option<Limit>,
    /// Where to go on: `next_cursor` of the page before.
    #[param(max_length = 2000)]
    pub cursor: Option<String>,
}

/// A page of standing positions.
#[derive(Debug, Serialize, ToSchema)]
pub struct NcndPositionList {
    /// The positions, in the order in which they were recorded; with `updated_at_from` in the order of their change.
    #[schema(max_items = 200)]
    pub items: Vec<NcndPosition>,
    /// Where to go on; absent on the last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub next_cursor: Option<String>,
}

fn made(position: &NcndPosition) -> ServiceResult<Reply> {
    let location = format!("/v1/ncnd-positions/{}", position.id);
    created(Some(location), Some(content_tag(position.version, position)?), None, position)
}

fn shown(caller: &Caller, position: &NcndPosition) -> Result<HttpResponse, ApiError> {
    Ok(caller.single(&content_tag(position.version, position).map_err(ApiError::internal)?, position))
}

/// Record a standing position
///
/// Topics on which the authority neither confirms nor denies, whatever the facts, with provisions and reasons.
#[utoipa::path(
    tag = "ncnd",
    security(("bearer" = [])),
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes the call safe to repeat.", max_length = 255)),
    request_body(content = NewNcndPosition, example = json!({
        "title": "Covert use of technology", "topics": ["technology-partners"], "regime": "foia", "provisions": ["31(3)"],
        "reasons": "Either answer would show where policing does or does not look.", "review_on": "2027-01-04"
    })),
    responses((status = 201, description = "Recorded.", body = NcndPosition,
        headers(("Location" = String, description = "The position's address."), ("ETag" = String, description = "Its version."))), PostFailures)
)]
#[post("/v1/ncnd-positions")]
pub async fn create_ncnd_position(caller: Caller, body: Body<NewNcndPosition>) -> Result<HttpResponse, ApiError> {
    let bytes = body.bytes.clone();
    let today = caller.today();
    let new = body.checked(|new| new.faults(today))?;
    caller.post(&bytes, move |connection, context| made(&ncnd_positions::create(connection, context, new)?)).await
}

/// List standing positions
///
/// In the order in which they were recorded; with `updated_at_from` those changed since, in the order of their change.
#[utoipa::path(
    tag = "ncnd",
    security(("bearer" = [])),
    params(NcndPositionListQuery),
    responses((status = 200, description = "One page.", body = NcndPositionList,
        headers(("Link" = String, description = "The next page, where there is one."))), ListFailures)
)]
#[get("/v1/ncnd-positions")]
pub async fn list_ncnd_positions(
    caller: Caller,
    query: Query<NcndPositionListQuery>,
) -> Result<HttpResponse, ApiError> {
    let query = query.0;
    let page = pages::page::<PlaceOfPosition>(&caller, query.limit, query.cursor.as_deref())?;
    let updated_at = pages::changed_from(&caller, query.updated_at_from).await?;
    let authority_id = query.authority_id.map(|id| id.0);
    let wanted = PositionList { authority_id, updated_at, after: page.after, limit: page.limit };
    let (items, next) =
        caller.read(move |connection, context| ncnd_positions::list(connection, context, &wanted)).await?;
    let next_cursor = next.map(|position| pages::cursor(&caller, &position));
    let page = NcndPositionList { items, next_cursor };
    Ok(pages::answer(&caller, page.next_cursor.as_deref(), &page))
}

/// Read a standing position
///
/// With whether its day of review has passed.
#[utoipa::path(
    tag = "ncnd",
    security(("bearer" = [])),
    params(NcndPositionPath),
    responses((status = 200, description = "The position.", body = NcndPosition, headers(("ETag" = String, description = "Its version."))),
        ReadFailures)
)]
#[get("/v1/ncnd-positions/{position_id}")]
pub async fn get_ncnd_position(caller: Caller, path: Path<NcndPositionPath>) -> Result<HttpResponse, ApiError> {
    let id = path.0.position_id.0;
    let position = caller.read(move |connection, context| ncnd_positions::read(connection, context, &id)).await?;
    shown(&caller, &position)
}

/// Replace a standing position
///
/// Says it anew, as a whole; it stays with its authority.
#[utoipa::path(
    tag = "ncnd",
    security(("bearer" = [])),
    params(NcndPositionPath, ("If-Match" = String, Header, description = "The ETag of the position, or `*`.", max_length = 255)),
    request_body(content = NewNcndPosition, example = json!({
        "title": "Covert use of technology", "topics": ["technology-partners", "covert-techniques"], "regime": "foia",
        "provisions": ["24(2)", "31(3)"], "reasons": "Either answer would show where policing does or does not look."
    })),
    responses((status = 200, description = "Replaced.", body = NcndPosition, headers(("ETag" = String, description = "Its new version."))), ChangeFailures)
)]
#[put("/v1/ncnd-positions/{position_id}")]
pub async fn replace_ncnd_position(
    caller: Caller,
    path: Path<NcndPositionPath>,
    body: Body<NewNcndPosition>,
) -> Result<HttpResponse, ApiError> {
    let precondition = caller.precondition()?;
    let today = caller.today();
    let new = body.checked(|new| new.faults(today))?;
    let id = path.0.position_id.0;
    let position = caller
        .write(move |connection, context| {
            ncnd_positions::replace(connection, context, &id, &|version| precondition.admits(version), new)
        })
        .await?;
    shown(&caller, &position)
}

/// Delete a standing position
///
/// Answers already given are not touched.
#[utoipa::path(
    tag = "ncnd",
    security(("bearer" = [])),
    params(NcndPositionPath, ("If-Match" = String, Header, description = "The ETag of the position, or `*`.", max_length = 255)),
    responses((status = 204, description = "Deleted."), DeleteFailures)
)]
#[delete("/v1/ncnd-positions/{position_id}")]
pub async fn delete_ncnd_position(caller: Caller, path: Path<NcndPositionPath>) -> Result<HttpResponse, ApiError> {
    let precondition = caller.precondition()?;
    let id = path.0.position_id.0;
    caller
        .write(move |connection, context| {
            ncnd_positions::delete(connection, context, &id, &|version| precondition.admits(version))
        })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Read the precedents of a request
///
/// Standing positions on its topics, and how often requests on them were answered by neither confirming nor denying: by
/// whole quarters that are over, counts under five left out with their complements.
#[utoipa::path(
    tag = "ncnd",
    security(("bearer" = [])),
    params(RequestPath),
    responses((status = 200, description = "Positions and counts.", body = Precedents,
        headers(("ETag" = String, description = "A hash of what it says."))),
        ReadFailures)
)]
#[get("/v1/requests/{request_id}/precedents")]
pub async fn get_precedents(caller: Caller, path: Path<RequestPath>) -> Result<HttpResponse, ApiError> {
    let id = path.0.request_id.0;
    let precedents = caller.read(move |connection, context| precedents::read(connection, context, &id)).await?;
    caller.computed(&precedents)
}
