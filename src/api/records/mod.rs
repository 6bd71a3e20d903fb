//! `/v1/requests/{request_id}/records`: records located, and what was taken out of them.

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
    casework::record::{NewRecord, Record},
    services::{
        ServiceResult,
        idempotency::{self, Reply},
        records::{self, RecordPage, RecordPosition, location},
    },
};

/// The record addressed.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct RecordPath {
    /// The request's id.
    pub request_id: Id,
    /// The record's id.
    pub record_id: Id,
}

/// Which records, which page.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RecordListQuery {
    /// Changed at this instant or later; sorts by `updated_at`.
    pub updated_at_from: Option<InstantText>,
    /// How many at most; 50 when absent.
    pub limit: Option<Limit>,
    /// Where to go on: `next_cursor` of the page before.
    #[param(max_length = 2000)]
    pub cursor: Option<String>,
}

/// A page of the records of a request.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecordList {
    /// Records in the order in which they were recorded; with `updated_at_from` in the order of their change. Frozen ones
    /// are left out.
    #[schema(max_items = 200)]
    pub items: Vec<Record>,
    /// Where to go on; absent on the last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub next_cursor: Option<String>,
}

fn made(record: &Record) -> ServiceResult<Reply> {
    let tag = content_tag(record.version, record)?;
    created(Some(location(&record.request_id, &record.id)), Some(tag), Some(record.request_id.clone()), record)
}

/// Record what was located
///
/// For parts whose answer is `disclosed`, `partly_disclosed`, `withheld` or `accessible_elsewhere`: the last one issued or,
/// where there is none, one in a draft. Every other part gives one same 409. When a draft stops giving such an answer before
/// anything was issued, the records that went with it are gone; when a later answer stops it, those of the earlier answer
/// are frozen.
#[utoipa::path(
    tag = "records",
    security(("bearer" = [])),
    params(RequestPath, ("Idempotency-Key" = Option<String>, Header, description = "Makes the call safe to repeat.", max_length = 255)),
    request_body(content = NewRecord, example = json!({
        "label": "1", "title": "Letter of the regulator", "dated_on": "2021-12-03", "parts": ["1"], "disposition": "redacted",
        "marking": {"words": "Official Sensitive", "former": true, "removed": true},
        "redactions": [{"category": "signatures", "ground": "40(2)"}, {"category": "other_detail", "out_of_scope": true}]
    })),
    responses((status = 201, description = "Recorded.", body = Record,
        headers(("Location" = String, description = "The record's address."), ("ETag" = String, description = "Its version."))), PostFailures)
)]
#[post("/v1/requests/{request_id}/records")]
pub async fn create_record(
    caller: Caller,
    path: Path<RequestPath>,
    body: Body<NewRecord>,
) -> Result<HttpResponse, ApiError> {
    let bytes = body.bytes.clone();
    let today = caller.today();
    let new = body.checked(|new| new.faults(today))?;
    let id = path.0.request_id.0;
    caller.post(&bytes, move |connection, context| made(&records::create(connection, context, &id, new)?)).await
}

/// List the records of a request
///
/// Those that belong to the answers as they stand; what an earlier answer left behind is not listed.
#[utoipa::path(
    tag = "records",
    security(("bearer" = [])),
    params(RequestPath, RecordListQuery),
    responses((status = 200, description = "One page.", body = RecordList,
        headers(("Link" = String, description = "The next page, where there is one."))), ListFailures)
)]
#[get("/v1/requests/{request_id}/records")]
pub async fn list_records(
    caller: Caller,
    path: Path<RequestPath>,
    query: Query<RecordListQuery>,
) -> Result<HttpResponse, ApiError> {
    let query = query.0;
    let page = pages::page::<RecordPosition>(&caller, query.limit, query.cursor.as_deref())?;
    let updated_at = pages::changed_from(&caller, query.updated_at_from).await?;
    let wanted = RecordPage { updated_at, after: page.after, limit: page.limit };
    let id = path.0.request_id.0;
    let (items, next) =
        caller.read(move |connection, context| records::list(connection, context, &id, &wanted)).await?;
    let next_cursor = next.map(|position| pages::cursor(&caller, &position));
    let page = RecordList { items, next_cursor };
    Ok(pages::answer(&caller, page.next_cursor.as_deref(), &page))
}

/// Read a record
///
/// Also one that is frozen with an earlier answer.
#[utoipa::path(
    tag = "records",
    security(("bearer" = [])),
    params(RecordPath),
    responses((status = 200, description = "The record.", body = Record, headers(("ETag" = String, description = "Its version."))),
        ReadFailures)
)]
#[get("/v1/requests/{request_id}/records/{record_id}")]
pub async fn get_record(caller: Caller, path: Path<RecordPath>) -> Result<HttpResponse, ApiError> {
    let RecordPath { request_id, record_id } = path.0;
    let record =
        caller.read(move |connection, context| records::read(connection, context, &request_id.0, &record_id.0)).await?;
    Ok(caller.single(&content_tag(record.version, &record).map_err(ApiError::internal)?, &record))
}

/// Replace a record
///
/// Says it anew, as a whole. A frozen record stays as it is.
#[utoipa::path(
    tag = "records",
    security(("bearer" = [])),
    params(RecordPath, ("If-Match" = String, Header, description = "The ETag of the record, or `*`.", max_length = 255)),
    request_body(content = NewRecord, example = json!({"label": "1", "title": "Letter of the regulator", "parts": ["1"], "disposition": "disclosed"})),
    responses((status = 200, description = "Replaced.", body = Record, headers(("ETag" = String, description = "Its new version."))), ChangeFailures)
)]
#[put("/v1/requests/{request_id}/records/{record_id}")]
pub async fn replace_record(
    caller: Caller,
    path: Path<RecordPath>,
    body: Body<NewRecord>,
) -> Result<HttpResponse, ApiError> {
    let precondition = caller.precondition()?;
    let today = caller.today();
    let new = body.checked(|new| new.faults(today))?;
    let RecordPath { request_id, record_id } = path.0;
    let record = caller
        .write(move |connection, context| {
            let ids = (request_id.0.as_str(), record_id.0.as_str());
            let expected = |version| precondition.admits(version);
            let record = records::replace(connection, context, ids, &expected, new)?;
            idempotency::keep_present(connection, context, &location(ids.0, ids.1), &made(&record)?)?;
            Ok(record)
        })
        .await?;
    Ok(caller.single(&content_tag(record.version, &record).map_err(ApiError::internal)?, &record))
}

/// Delete a record
///
/// Nothing of it stays. A frozen record cannot be deleted.
#[utoipa::path(
    tag = "records",
    security(("bearer" = [])),
    params(RecordPath, ("If-Match" = String, Header, description = "The ETag of the record, or `*`.", max_length = 255)),
    responses((status = 204, description = "Deleted."), DeleteFailures)
)]
#[delete("/v1/requests/{request_id}/records/{record_id}")]
pub async fn delete_record(caller: Caller, path: Path<RecordPath>) -> Result<HttpResponse, ApiError> {
    let precondition = caller.precondition()?;
    let RecordPath { request_id, record_id } = path.0;
    caller
        .write(move |connection, context| {
            let ids = (request_id.0.as_str(), record_id.0.as_str());
            records::delete(connection, context, ids, &|version| precondition.admits(version))?;
            idempotency::forget(connection, ids.0, &location(ids.0, ids.1))
        })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}
