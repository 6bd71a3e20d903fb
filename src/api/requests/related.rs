//! `/v1/requests/{request_id}/related`: other requests of the same person.

use actix_web::{HttpResponse, get};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    api::{
        caller::Caller,
        extract::{Count, Path, Query},
        openapi::ListFailures,
        pages::{self, Limit},
        problem::ApiError,
        requests::RequestPath,
    },
    casework::request::RelatedRequest,
    services::requester_matches::{self, RelatedPage, RelatedPosition},
    vocabulary,
};

vocabulary! {
    /// How requests are related.
    pub enum Relation {
        /// The same person made them: the same e-mail address, or the same name and postal address.
        SameRequester = "same_requester",
    }
}

/// Which relation, which page.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RelatedQuery {
    /// How they are related.
    #[param(example = "same_requester")]
    pub relation: Relation,
    /// Only those received together with this request within so many working days, both days included: 60 for those that may
    /// be counted together for section 12 (SI 2004/3244 reg 5).
    pub within_working_days: Option<Count<1, 1000>>,
    /// How many at most; 50 when absent.
    pub limit: Option<Limit>,
    /// Where to go on: `next_cursor` of the page before.
    #[param(max_length = 2000)]
    pub cursor: Option<String>,
}

/// A page of related requests.
#[derive(Debug, Serialize, ToSchema)]
pub struct RelatedRequestList {
    /// The requests, the latest receipt first.
    #[schema(max_items = 200)]
    pub items: Vec<RelatedRequest>,
    /// Where to go on; absent on the last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub next_cursor: Option<String>,
}

/// List requests of the same person
///
/// References and dates of the other requests that the same person made to the authority, and nothing of who that is.
#[utoipa::path(
    tag = "requests",
    security(("bearer" = [])),
    params(RequestPath, RelatedQuery),
    responses((status = 200, description = "One page.", body = RelatedRequestList,
        headers(("Link" = String, description = "The next page, where there is one."))), ListFailures)
)]
#[get("/v1/requests/{request_id}/related")]
pub async fn list_related(
    caller: Caller,
    path: Path<RequestPath>,
    query: Query<RelatedQuery>,
) -> Result<HttpResponse, ApiError> {
    let RelatedQuery { relation: Relation::SameRequester, within_working_days, limit, cursor } = query.0;
    let page = pages::page::<RelatedPosition>(&caller, limit, cursor.as_deref())?;
    let page = RelatedPage {
        within_working_days: within_working_days.map(|days| days.0),
        after: page.after,
        limit: page.limit,
    };
    let id = path.0.request_id.0;
    let (items, next) =
        caller.read(move |connection, context| requester_matches::related(connection, context, &id, page)).await?;
    let next_cursor = next.map(|position| pages::cursor(&caller, &position));
    let page = RelatedRequestList { items, next_cursor };
    Ok(pages::answer(&caller, page.next_cursor.as_deref(), &page))
}
