//! `/v1/due-dates`: what falls due, across the authorities of a credential.

use actix_web::{HttpResponse, get};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    api::{
        caller::Caller,
        extract::{Count, Id, Query},
        openapi::ListFailures,
        pages::{self, Limit},
        problem::ApiError,
    },
    services::due_dates::{self, DueItem, DuePage, DuePosition},
};

/// How many days ahead a caller looks without saying so.
const USUAL_DAYS: u32 = 30;

/// A number of calendar days from today: 0 to 1000.
pub type DaysAhead = Count<0, 1000>;

/// Which dates.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DueDateListQuery {
    /// Due in so many calendar days from today at the latest; 30 when absent. What is overdue is always listed.
    pub within: Option<DaysAhead>,
    /// Only this authority's.
    pub authority_id: Option<Id>,
    /// How many at most; 50 when absent.
    pub limit: Option<Limit>,
    /// Where to go on: `next_cursor` of the page before.
    #[param(max_length = 2000)]
    pub cursor: Option<String>,
}

/// A page of what falls due.
#[derive(Debug, Serialize, ToSchema)]
pub struct DueDateList {
    /// By day, the overdue first.
    #[schema(max_items = 200)]
    pub items: Vec<DueItem>,
    /// Where to go on; absent on the last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub next_cursor: Option<String>,
}

/// List what falls due
///
/// Answers by their statutory day or by the end of a permitted extension, reviews, steps of decision notices, and appeals
/// that can still be made; by day, what is overdue first.
#[utoipa::path(
    tag = "calendars",
    security(("bearer" = [])),
    params(DueDateListQuery),
    responses((status = 200, description = "One page.", body = DueDateList,
        headers(("Link" = String, description = "The next page, where there is one."))), ListFailures)
)]
#[get("/v1/due-dates")]
pub async fn list_due_dates(caller: Caller, query: Query<DueDateListQuery>) -> Result<HttpResponse, ApiError> {
    let query = query.0;
    let page = pages::page::<DuePosition>(&caller, query.limit, query.cursor.as_deref())?;
    let wanted = DuePage {
        authority_id: query.authority_id.map(|id| id.0),
        within: query.within.map_or(USUAL_DAYS, |days| days.0),
        after: page.after,
        limit: page.limit,
    };
    let (items, next) = caller.read(move |connection, context| due_dates::list(connection, context, &wanted)).await?;
    let next_cursor = next.map(|position| pages::cursor(&caller, &position));
    let page = DueDateList { items, next_cursor };
    Ok(pages::answer(&caller, page.next_cursor.as_deref(), &page))
}
