//! `GET /v1/requests`: lists of requests, in JSON or CSV.

use std::sync::Arc;

use actix_web::{
    HttpResponse, get,
    http::header::{CACHE_CONTROL, CONTENT_TYPE, LINK},
    web::Bytes,
};
use futures_util::StreamExt;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    api::{
        audit_lane::AuditLane,
        caller::Caller,
        csv::{Cell, Table},
        extract::{Flag, Id, InstantText, Query},
        openapi::ListFailures,
        pages::{self, KeyedPosition, Limit},
        problem::ApiError,
        state::AppState,
        table_format::{CSV_WITH_HEADER, TableFormat, wants_csv},
    },
    casework::{
        request::Request,
        text::{Text, Topic},
    },
    law::{Date, Regime, clock::RequestStatus},
    services::{Context, audit::NewEntry, requests},
    store::request_lists::{Direction, PageOf, Position, RequestFilter, SortKey},
    vocabulary,
};

vocabulary! {
    /// The order of a list; descending with a hyphen. Requests without the key come last.
    pub enum RequestSort {
        /// The statutory due date.
        DueOn = "due_on",
        /// The statutory due date, latest first.
        DueOnDescending = "-due_on",
        /// The day of receipt.
        ReceivedOn = "received_on",
        /// The day of receipt, latest first.
        ReceivedOnDescending = "-received_on",
        /// The last change.
        UpdatedAt = "updated_at",
        /// The last change, latest first.
        UpdatedAtDescending = "-updated_at",
    }
}

/// Which requests, in which order, which page.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RequestListQuery {
    /// Only this authority's; all of the credential's when absent.
    pub authority_id: Option<Id>,
    /// Only in this status today.
    pub status: Option<RequestStatus>,
    /// Only overdue ones, or only those that are not.
    #[param(value_type = Option<bool>)]
    pub overdue: Option<Flag>,
    /// Only requests whose own regime is this, whatever single parts are under.
    pub regime: Option<Regime>,
    /// Only with this topic.
    pub topic: Option<Topic>,
    /// Due on this day or later.
    pub due_on_from: Option<Date>,
    /// Due on this day or earlier.
    pub due_on_to: Option<Date>,
    /// Received on this day or later.
    pub received_on_from: Option<Date>,
    /// Received on this day or earlier.
    pub received_on_to: Option<Date>,
    /// Changed at this instant or later; sorts by `updated_at`.
    pub updated_at_from: Option<InstantText>,
    /// Words in reference or subject, in upper or lower case.
    pub q: Option<Text<200>>,
    /// The order; `due_on` when absent.
    pub sort: Option<RequestSort>,
    /// The form; `Accept` decides when absent.
    pub format: Option<TableFormat>,
    /// How many at most; when absent 50 in JSON, all in CSV. A page with megabytes of questions ends earlier, with a cursor.
    pub limit: Option<Limit>,
    /// Where to go on: `next_cursor` of the page before.
    #[param(max_length = 2000)]
    pub cursor: Option<String>,
}

/// A page of requests.
#[derive(Debug, Serialize, ToSchema)]
pub struct RequestPage {
    /// The requests, in the order asked for.
    #[schema(max_items = 200)]
    pub items: Vec<Request>,
    /// Where to go on; absent on the last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub next_cursor: Option<String>,
}

impl RequestListQuery {
    fn order(&self) -> (SortKey, Direction) {
        let usual = if self.updated_at_from.is_some() { RequestSort::UpdatedAt } else { RequestSort::DueOn };
        match self.sort.unwrap_or(usual) {
            RequestSort::DueOn => (SortKey::DueOn, Direction::Ascending),
            RequestSort::DueOnDescending => (SortKey::DueOn, Direction::Descending),
            RequestSort::ReceivedOn => (SortKey::ReceivedOn, Direction::Ascending),
            RequestSort::ReceivedOnDescending => (SortKey::ReceivedOn, Direction::Descending),
            RequestSort::UpdatedAt => (SortKey::UpdatedAt, Direction::Ascending),
            RequestSort::UpdatedAtDescending => (SortKey::UpdatedAt, Direction::Descending),
        }
    }

    fn filter(&self) -> RequestFilter {
        RequestFilter {
            authority_key: None,
            status: self.status.map(|status| status.as_str().to_owned()),
            overdue: self.overdue.map(|flag| flag.0),
            regime: self.regime.map(|regime| regime.as_str().to_owned()),
            topic: self.topic.as_ref().map(ToString::to_string),
            due_on_from: self.due_on_from.map(|day| day.0),
            due_on_to: self.due_on_to.map(|day| day.0),
            received_on_from: self.received_on_from.map(|day| day.0),
            received_on_to: self.received_on_to.map(|day| day.0),
            updated_at_from: self.updated_at_from.map(|instant| instant.0),
            updated_at_to: None,
            words: self.q.as_ref().map(|words| words.to_lowercase()),
        }
    }
}

/// List requests
///
/// A request whose sort key and filters do not change during a walk appears exactly once. As CSV without `limit` the whole
/// list is one answer. With `updated_at_from` this is the change feed for a warehouse, beside `GET /v1/deletions`.
#[utoipa::path(
    tag = "requests",
    security(("bearer" = [])),
    params(RequestListQuery),
    responses((status = 200, description = "One page.", content((RequestPage = "application/json"), (String = "text/csv")),
        headers(("Link" = String, description = "The next page, where there is one."))), ListFailures)
)]
#[get("/v1/requests")]
pub async fn list_requests(caller: Caller, query: Query<RequestListQuery>) -> Result<HttpResponse, ApiError> {
    let query = query.0;
    let page = pages::page::<KeyedPosition>(&caller, query.limit, query.cursor.as_deref())?;
    let (key, direction) = query.order();
    let after = page.after.map(|after| Position { key: after.key, id: after.id });
    let wanted = PageOf { key, direction, after, limit: page.limit };
    let authority = query.authority_id.as_ref().map(|id| id.0.clone());
    let mut filter = query.filter();
    if key == SortKey::UpdatedAt {
        filter.updated_at_to = Some(pages::settled_to(&caller).await?);
    }
    let walk = Walk { state: Arc::clone(caller.state()), context: caller.context().clone(), authority, filter };
    let wants_csv = wants_csv(&caller, query.format);
    if wants_csv && query.limit.is_none() {
        return whole_csv(walk, PageOf { limit: ROWS_AT_ONCE, ..wanted }).await;
    }
    let (items, last) = walk.page(wanted).await?;
    let next_cursor = last.map(|last| pages::cursor(&caller, &KeyedPosition { key: last.key, id: last.id }));
    if wants_csv {
        return csv(&caller, &items, next_cursor.as_deref());
    }
    let page = RequestPage { items, next_cursor };
    Ok(pages::answer(&caller, page.next_cursor.as_deref(), &page))
}

const HEADINGS: &[&str] = &[
    "id",
    "authority_id",
    "reference",
    "regime",
    "status",
    "received_on",
    "due_on",
    "extended_to",
    "overdue",
    "responded_on",
    "closed_on",
    "working_days_taken",
    "on_time",
    "outcome",
    "subject",
    "parts",
    "updated_at",
];

/// How many rows of a whole table are in memory at once.
const ROWS_AT_ONCE: i64 = 200;

/// A list on its way through the database, page by page.
struct Walk {
    state: Arc<AppState>,
    context: Context,
    authority: Option<String>,
    filter: RequestFilter,
}

impl Walk {
    /// One page, and the position after its last row where more follow.
    async fn page(&self, page: PageOf) -> Result<(Vec<Request>, Option<Position>), ApiError> {
        let (context, authority, filter) = (self.context.clone(), self.authority.clone(), self.filter.clone());
        let read = self
            .state
            .store
            .within(self.context.scope.clone())
            .read(move |connection| requests::list(connection, &context, authority.as_deref(), filter, &page));
        read.await.map_err(ApiError::from)
    }
}

/// The whole list as one table: read page by page as the caller takes it. The first page is read before the answer
/// begins, so that what is wrong with the call is told as ever; should a later one fail, the answer breaks off. Before each
/// later page leaves, the audit log names its requests in an entry of its own.
async fn whole_csv(walk: Walk, page: PageOf) -> Result<HttpResponse, ApiError> {
    let (items, next) = walk.page(page.clone()).await?;
    let first = rows(Table::new(HEADINGS).map_err(ApiError::internal)?, &items)?;
    let rest = futures_util::stream::try_unfold((walk, next), move |(walk, after)| {
        let page = PageOf { after, ..page.clone() };
        async move {
            if page.after.is_none() {
                return Ok(None);
            }
            let (items, next) = walk.page(page).await.inspect_err(broken_off)?;
            AuditLane::written(&walk.state, NewEntry::of_more(&walk.context)).await.inspect_err(broken_off)?;
            let rows = rows(Table::without_headings(), &items)?;
            Ok(Some((rows, (walk, next))))
        }
    });
    let body = futures_util::stream::once(std::future::ready(Ok::<_, ApiError>(first))).chain(rest);
    let mut response = HttpResponse::Ok();
    response.insert_header((CONTENT_TYPE, CSV_WITH_HEADER));
    response.insert_header((CACHE_CONTROL, "no-store"));
    Ok(response.streaming(body))
}

fn broken_off(error: &ApiError) {
    let cause = error.cause.as_deref().unwrap_or_default();
    tracing::error!(code = error.code.code, cause, "a table broke off");
}

fn rows(mut table: Table, items: &[Request]) -> Result<Bytes, ApiError> {
    for request in items {
        table.row(cells(request)).map_err(ApiError::internal)?;
    }
    Ok(Bytes::from(table.finish().map_err(ApiError::internal)?))
}

fn csv(caller: &Caller, items: &[Request], next_cursor: Option<&str>) -> Result<HttpResponse, ApiError> {
    let table = rows(Table::new(HEADINGS).map_err(ApiError::internal)?, items)?;
    let mut response = HttpResponse::Ok();
    response.insert_header((CONTENT_TYPE, CSV_WITH_HEADER));
    response.insert_header((CACHE_CONTROL, "no-store"));
    if let Some(cursor) = next_cursor {
        response.insert_header((LINK, pages::next_link(caller, cursor)));
    }
    Ok(response.body(table))
}

fn cells(request: &Request) -> [Cell; 17] {
    let day = |day: Option<Date>| Cell::optional(day.map(|day| day.to_string()));
    [
        Cell::text(&request.id),
        Cell::text(&request.authority_id),
        Cell::text(&request.reference),
        Cell::text(request.regime.as_str()),
        Cell::text(request.status.as_str()),
        day(Some(request.received_on)),
        day(request.due_on),
        day(request.extended_to),
        Cell::text(if request.overdue { "true" } else { "false" }),
        day(request.responded_on),
        day(request.closed_on),
        Cell::optional_number(request.working_days_taken),
        Cell::optional(request.on_time.map(|on_time| on_time.to_string())),
        Cell::optional(request.outcome.map(|outcome| outcome.as_str().to_owned())),
        Cell::text(request.subject.as_str()),
        Cell::number(request.parts.len()),
        Cell::text(&request.updated_at),
    ]
}
