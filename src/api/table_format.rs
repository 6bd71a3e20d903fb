//! Whether a list, a report or a return is answered as JSON or as a table.

use actix_web::{
    HttpResponse,
    http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG},
};

use crate::{
    api::{accept::Accept, caller::Caller, csv::Table, etag::bytes_tag, problem::ApiError},
    vocabulary,
};

/// The media type of every table.
pub const CSV_WITH_HEADER: &str = "text/csv; charset=utf-8; header=present";

vocabulary! {
    /// The form of a list, a report or a return.
    pub enum TableFormat {
        /// JSON.
        Json = "json",
        /// Comma-separated values (RFC 4180), with a header row.
        Csv = "csv",
    }
}

/// Whether the caller wants CSV: by the form named, else by `Accept`.
#[must_use]
pub fn wants_csv(caller: &Caller, named: Option<TableFormat>) -> bool {
    named.map_or_else(|| Accept::of(caller.http()).prefers_csv(), |format| format == TableFormat::Csv)
}

/// A whole table as an answer, or 304 when the caller has it already.
///
/// # Errors
///
/// When the table cannot be written, which would be a fault of this service.
pub fn csv_answer(caller: &Caller, table: csv::Result<Table>) -> Result<HttpResponse, ApiError> {
    let table = table.map_err(ApiError::internal)?.finish().map_err(ApiError::internal)?;
    let tag = bytes_tag(1, table.as_ref(), "csv");
    if let Some(unchanged) = caller.unchanged(&tag) {
        return Ok(unchanged);
    }
    Ok(HttpResponse::Ok()
        .insert_header((ETAG, tag))
        .insert_header((CONTENT_TYPE, CSV_WITH_HEADER))
        .insert_header((CACHE_CONTROL, "no-store"))
        .body(table))
}
