//! `/v1/requests/{request_id}/timeline` and `/v1/deletions`: what happened, for readers and for those who keep a copy.

use actix_web::{HttpResponse, get};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::RequestPath;
use crate::{
    api::{
        caller::Caller,
        extract::{Id, InstantText, Path, Query},
        openapi::ListFailures,
        pages::{self, KeyedPosition, Limit},
        problem::ApiError,
    },
    services::timeline::{self, Deletion, TimelineEntry},
};

/// Which page of a timeline.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct TimelineQuery {
    /// Recorded at this instant or later.
    pub updated_at_from: Option<InstantText>,
    /// How many at most; 50 when absent.
    pub limit: Option<Limit>,
    /// Where to go on: `next_cursor` of the page before.
    #[param(max_length = 2000)]
    pub cursor: Option<String>,
}

/// A page of a timeline.
#[derive(Debug, Serialize, ToSchema)]
pub struct TimelinePage {
    /// The entries, in the order of recording.
    #[schema(max_items = 200)]
    pub items: Vec<TimelineEntry>,
    /// Where to go on; absent on the last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub next_cursor: Option<String>,
}

/// Which erased requests.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DeletionListQuery {
    /// Only this authority's.
    pub authority_id: Option<Id>,
    /// Erased at this instant or later.
    pub deleted_at_from: Option<InstantText>,
    /// How many at most; 50 when absent.
    pub limit: Option<Limit>,
    /// Where to go on: `next_cursor` of the page before.
    #[param(max_length = 2000)]
    pub cursor: Option<String>,
}

/// A page of erased requests.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeletionPage {
    /// The erased requests, in the order of erasure.
    #[schema(max_items = 200)]
    pub items: Vec<Deletion>,
    /// Where to go on; absent on the last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub next_cursor: Option<String>,
}

/// Read the timeline
///
/// Everything that callers could see happen, in the order in which it was recorded. Drafts leave no trace here.
#[utoipa::path(
    tag = "requests",
    security(("bearer" = [])),
    params(RequestPath, TimelineQuery),
    responses((status = 200, description = "One page.", body = TimelinePage), ListFailures)
)]
#[get("/v1/requests/{request_id}/timeline")]
pub async fn list_timeline(
    caller: Caller,
    path: Path<RequestPath>,
    query: Query<TimelineQuery>,
) -> Result<HttpResponse, ApiError> {
    let query = query.0;
    let page = pages::page::<i64>(&caller, query.limit, query.cursor.as_deref())?;
    let recorded = pages::changed_from(&caller, query.updated_at_from).await?;
    let id = path.0.request_id.0;
    let (items, next) = caller
        .read(move |connection, context| {
            timeline::page(connection, &context.scope, &id, recorded, page.after.unwrap_or(0), page.limit)
        })
        .await?;
    let next_cursor = next.map(|position| pages::cursor(&caller, &position));
    let page = TimelinePage { items, next_cursor };
    Ok(pages::answer(&caller, page.next_cursor.as_deref(), &page))
}

/// List erased requests
///
/// With the list of requests by `updated_at` this is the change feed for a warehouse.
#[utoipa::path(
    tag = "requests",
    security(("bearer" = [])),
    params(DeletionListQuery),
    responses((status = 200, description = "One page.", body = DeletionPage), ListFailures)
)]
#[get("/v1/deletions")]
pub async fn list_deletions(caller: Caller, query: Query<DeletionListQuery>) -> Result<HttpResponse, ApiError> {
    let query = query.0;
    let page = pages::page::<KeyedPosition>(&caller, query.limit, query.cursor.as_deref())?;
    let from = query.deleted_at_from.map(|instant| instant.0);
    // An erasure that is not committed yet may stand before what is told: a later call tells of it.
    let settled_to = pages::settled_to(&caller).await?;
    let authority = query.authority_id.map(|id| id.0);
    let after = page.after.and_then(|after| Some((after.key?, after.id)));
    let (items, next) = caller
        .read(move |connection, context| {
            let deleted_at = (from, settled_to);
            timeline::deletions(connection, context, authority.as_deref(), deleted_at, after, page.limit)
        })
        .await?;
    let next_cursor = next.map(|(key, id)| pages::cursor(&caller, &KeyedPosition { key: Some(key), id }));
    let page = DeletionPage { items, next_cursor };
    Ok(pages::answer(&caller, page.next_cursor.as_deref(), &page))
}
