//! `/v1/filed-returns`: copies of what was filed, and how today differs. Nothing here changes one.

use actix_web::{HttpResponse, get, post};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    api::{
        caller::{Caller, created},
        etag::entity_tag,
        extract::{Body, Id, Path, Query},
        metrics::figures,
        openapi::{ListFailures, PostFailures, ReadFailures},
        pages::{self, Limit},
        problem::ApiError,
        returns::table,
        table_format::{TableFormat, csv_answer, wants_csv},
    },
    metrics::returns::NewFiledReturn,
    services::metrics::{self, FiledPosition, FiledReturn, ListedReturn, ReturnDrift},
};

/// The filed return addressed.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct FiledReturnPath {
    /// The filed return's id.
    pub filed_return_id: Id,
}

/// In which form.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct FiledReturnQuery {
    /// `json`, or `csv` with the exact headings of the form; `Accept` decides when absent.
    pub format: Option<TableFormat>,
}

/// Whose filed returns, which page.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct FiledReturnListQuery {
    /// Only those of this authority; those of all that the credential has when absent.
    pub authority_id: Option<Id>,
    /// How many at most; 50 when absent.
    pub limit: Option<Limit>,
    /// Where to go on: `next_cursor` of the page before.
    #[param(max_length = 2000)]
    pub cursor: Option<String>,
}

/// A page of filed returns.
#[derive(Debug, Serialize, ToSchema)]
pub struct FiledReturnPage {
    /// The filed returns, the latest first, without the forms.
    #[schema(max_items = 200)]
    pub items: Vec<ListedReturn>,
    /// Where to go on; absent on the last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub next_cursor: Option<String>,
}

/// It never changes: its first version is its only one.
fn tag() -> String {
    entity_tag(1, None, "json")
}

/// File a return
///
/// Keeps a copy with the next number of the authority and its hash. Refused before the period is over, and while anything in
/// it is not yet due.
#[utoipa::path(
    tag = "returns",
    security(("bearer" = [])),
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes the call safe to repeat.", max_length = 255)),
    request_body(content = NewFiledReturn, example = json!({
        "return_kind": "code-part-8", "period": "2019-Q3", "as_at": "2019-11-30"
    })),
    responses((status = 201, description = "Filed.", body = FiledReturn,
        headers(("Location" = String, description = "Its address."), ("ETag" = String, description = "Its only version."))), PostFailures)
)]
#[post("/v1/filed-returns")]
pub async fn create_filed_return(caller: Caller, body: Body<NewFiledReturn>) -> Result<HttpResponse, ApiError> {
    let bytes = body.bytes.clone();
    let today = caller.today();
    let new = body.checked(|new| new.faults(today))?;
    // In a transaction that reads alone, for on PostgreSQL each statement of one that writes sees a state of its own. Why it
    // cannot be filed is told below, where a repeated call has got the answer of the first.
    let form = caller.read(move |connection, context| Ok(metrics::form_to_file(connection, context, new))).await?;
    caller
        .post(&bytes, move |connection, context| {
            let filed = metrics::file(connection, context, form?)?;
            created(Some(format!("/v1/filed-returns/{}", filed.id)), Some(tag()), None, &filed)
        })
        .await
}

/// List filed returns
///
/// What the authorities of the credential filed, the latest first. The form itself is read at the address of each.
#[utoipa::path(
    tag = "returns",
    security(("bearer" = [])),
    params(FiledReturnListQuery),
    responses((status = 200, description = "One page.", body = FiledReturnPage,
        headers(("Link" = String, description = "The next page, where there is one."))), ListFailures)
)]
#[get("/v1/filed-returns")]
pub async fn list_filed_returns(caller: Caller, query: Query<FiledReturnListQuery>) -> Result<HttpResponse, ApiError> {
    let page = pages::page::<FiledPosition>(&caller, query.0.limit, query.0.cursor.as_deref())?;
    let named = query.0.authority_id.map(|id| id.0);
    let (items, next) = figures(&caller, move |connection, context| {
        metrics::list_filed_returns(connection, context, named.as_deref(), page.after, page.limit)
    })
    .await?;
    let next_cursor = next.map(|position| pages::cursor(&caller, &position));
    let page = FiledReturnPage { items, next_cursor };
    Ok(pages::answer(&caller, page.next_cursor.as_deref(), &page))
}

/// Read a filed return
///
/// As it was filed: the whole record in JSON, the form alone in CSV.
#[utoipa::path(
    tag = "returns",
    security(("bearer" = [])),
    params(FiledReturnPath, FiledReturnQuery),
    responses((status = 200, description = "The filed return.",
        content((FiledReturn = "application/json"), (String = "text/csv")), headers(("ETag" = String, description = "Its only version."))),
        ReadFailures)
)]
#[get("/v1/filed-returns/{filed_return_id}")]
pub async fn get_filed_return(
    caller: Caller,
    path: Path<FiledReturnPath>,
    query: Query<FiledReturnQuery>,
) -> Result<HttpResponse, ApiError> {
    let id = path.0.filed_return_id.0;
    let filed = caller.read(move |connection, context| metrics::filed_return(connection, context, &id)).await?;
    if wants_csv(&caller, query.0.format) {
        return csv_answer(&caller, table(&filed.document));
    }
    Ok(caller.single(&tag(), &filed))
}

/// Read how a filed return has drifted
///
/// The columns that would be filled in otherwise now: for the same day, because something was recorded or corrected since,
/// or for today.
#[utoipa::path(
    tag = "returns",
    security(("bearer" = [])),
    params(FiledReturnPath),
    responses((status = 200, description = "What differs.", body = ReturnDrift,
        headers(("ETag" = String, description = "A hash of what it says."))),
        ReadFailures)
)]
#[get("/v1/filed-returns/{filed_return_id}/drift")]
pub async fn get_filed_return_drift(caller: Caller, path: Path<FiledReturnPath>) -> Result<HttpResponse, ApiError> {
    let id = path.0.filed_return_id.0;
    let drift = caller.read(move |connection, context| metrics::drift(connection, context, &id)).await?;
    caller.computed(&drift)
}
