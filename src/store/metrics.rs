//! What figures are counted from: the requests of one authority that a stretch of days concerns, with their parts, events,
//! answers and citations. Each is read through an index that begins with the authority, so the work does not grow with
//! other authorities or other years. Knows nothing of what is counted.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::{
    AuthorityKey, Connection, KEYS_AT_ONCE, RequestKey, StoreError,
    events::EventRow,
    proceedings::ProceedingRow,
    responses::{AnswerRow, CitationRow},
    schema::{answers, citations, events, parts, proceedings, request_topics, requests},
};

/// A request, as far as figures need it.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = requests)]
pub struct CaseRow {
    /// Its key.
    pub request_key: RequestKey,
    /// Its public id.
    pub id: String,
    /// The authority's own reference.
    pub reference: String,
    /// The regime of the parts that have none of their own.
    pub regime: String,
    /// The day of receipt as first recorded.
    pub recorded_received_on: NaiveDate,
}

/// A part, as far as figures need it.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = parts)]
pub struct CasePartRow {
    /// The request it belongs to.
    pub request_key: RequestKey,
    /// Its label.
    pub label: String,
    /// Its regime, where it differs from the request's.
    pub regime: Option<String>,
    /// Whether it is a valid request for information.
    pub valid_request: bool,
}

/// The rows of some requests, those of one scattered through the lists.
#[derive(Debug, Clone)]
pub struct CaseRows {
    /// The requests.
    pub requests: Vec<CaseRow>,
    /// Their parts.
    pub parts: Vec<CasePartRow>,
    /// Their events, voided ones left out.
    pub events: Vec<EventRow>,
    /// What issued responses answered, earliest first.
    pub answers: Vec<AnswerRow>,
    /// The grounds they cited.
    pub citations: Vec<CitationRow>,
}

/// The rows of the requests whose keys the query `$keys` gives; it stands inside each statement. A macro, since each such
/// query has a type of its own.
macro_rules! rows_of {
    ($connection:expr, $keys:expr) => {
        CaseRows {
            requests: requests::table
                .filter(requests::request_key.eq_any($keys))
                .select(CaseRow::as_select())
                .load($connection)?,
            parts: parts::table
                .filter(parts::request_key.eq_any($keys))
                .select(CasePartRow::as_select())
                .load($connection)?,
            events: events::table
                .filter(events::request_key.eq_any($keys))
                .filter(events::voided_at.is_null())
                .select(EventRow::as_select())
                .load($connection)?,
            answers: answers::table
                .filter(answers::request_key.eq_any($keys))
                .order((answers::issued_on, answers::response_key))
                .select(AnswerRow::as_select())
                .load($connection)?,
            citations: citations::table
                .filter(citations::request_key.eq_any($keys))
                .select(CitationRow::as_select())
                .load($connection)?,
        }
    };
}

/// The keys of the requests with an issued response of a day from `days.0` to `days.1`, from an index alone; one may be there
/// more than once.
///
/// # Errors
///
/// As the store.
pub fn answered(
    connection: &mut Connection,
    authority_key: AuthorityKey,
    days: (NaiveDate, NaiveDate),
) -> Result<Vec<RequestKey>, StoreError> {
    answers::table
        .filter(answers::authority_key.eq(authority_key))
        .filter(answers::issued_on.between(days.0, days.1))
        .select(answers::request_key)
        .load(connection)
        .map_err(StoreError::from)
}

/// The keys of the requests with an event that took effect from `days.0` to `days.1`, from an index alone; one may be there
/// more than once.
///
/// # Errors
///
/// As the store.
pub fn touched(
    connection: &mut Connection,
    authority_key: AuthorityKey,
    days: (NaiveDate, NaiveDate),
) -> Result<Vec<RequestKey>, StoreError> {
    events::table
        .filter(events::authority_key.eq(authority_key))
        .filter(events::effective_on.between(days.0, days.1))
        .select(events::request_key)
        .load(connection)
        .map_err(StoreError::from)
}

/// The requests with these keys, and what happened to them.
///
/// # Errors
///
/// As the store.
pub fn cases_with_keys(connection: &mut Connection, request_keys: &[RequestKey]) -> Result<Vec<CaseRows>, StoreError> {
    let mut found = Vec::new();
    for keys in request_keys.chunks(KEYS_AT_ONCE) {
        found.push(rows_of!(connection, keys.to_vec()));
    }
    Ok(found)
}

/// The topics of these requests, by key of the request.
///
/// # Errors
///
/// As the store.
pub fn topics(
    connection: &mut Connection,
    request_keys: &[RequestKey],
) -> Result<Vec<(RequestKey, String)>, StoreError> {
    let mut found: Vec<(RequestKey, String)> = Vec::new();
    for keys in request_keys.chunks(KEYS_AT_ONCE) {
        let of_keys = request_topics::table
            .filter(request_topics::request_key.eq_any(keys.to_vec()))
            .select((request_topics::request_key, request_topics::topic))
            .order((request_topics::request_key, request_topics::topic));
        found.extend(of_keys.load::<(RequestKey, String)>(connection)?);
    }
    Ok(found)
}

/// Which day of a review, complaint, notice or appeal must lie in a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProceedingWindow {
    /// The day it began: asked for, made, sent.
    Begun,
    /// The day it ended.
    Ended,
}

/// The entries of one kind that began, or ended, from `days.0` to `days.1`, voided ones left out.
///
/// # Errors
///
/// As the store.
pub fn proceedings(
    connection: &mut Connection,
    authority_keys: &[AuthorityKey],
    kind: &str,
    window: ProceedingWindow,
    days: (NaiveDate, NaiveDate),
) -> Result<Vec<ProceedingRow>, StoreError> {
    let of_kind = proceedings::table
        .filter(proceedings::authority_key.eq_any(authority_keys.to_vec()))
        .filter(proceedings::kind.eq(kind))
        .filter(proceedings::voided_at.is_null())
        .select(ProceedingRow::as_select());
    let found = match window {
        ProceedingWindow::Begun => of_kind.filter(proceedings::begun_on.between(days.0, days.1)).load(connection),
        ProceedingWindow::Ended => of_kind.filter(proceedings::ended_on.between(days.0, days.1)).load(connection),
    };
    found.map_err(StoreError::from)
}

/// Every entry of these requests, voided ones left out.
///
/// # Errors
///
/// As the store.
pub fn proceedings_of(
    connection: &mut Connection,
    request_keys: &[RequestKey],
) -> Result<Vec<ProceedingRow>, StoreError> {
    let mut found: Vec<ProceedingRow> = Vec::new();
    for keys in request_keys.chunks(KEYS_AT_ONCE) {
        let query = proceedings::table
            .filter(proceedings::request_key.eq_any(keys.to_vec()))
            .filter(proceedings::voided_at.is_null())
            .select(ProceedingRow::as_select());
        found.extend(query.load(connection)?);
    }
    found.sort_by_key(|row| row.proceeding_key);
    Ok(found)
}

/// A part of a request: key of the request, label, own regime, regime of the request, whether it is valid.
pub type PartRegime = (RequestKey, String, Option<String>, String, bool);

/// The parts of these requests with their regimes.
///
/// # Errors
///
/// As the store.
pub fn regimes_of_parts(
    connection: &mut Connection,
    request_keys: &[RequestKey],
) -> Result<Vec<PartRegime>, StoreError> {
    let mut found: Vec<PartRegime> = Vec::new();
    for keys in request_keys.chunks(KEYS_AT_ONCE) {
        let query = parts::table
            .inner_join(requests::table.on(requests::request_key.eq(parts::request_key)))
            .filter(parts::request_key.eq_any(keys.to_vec()))
            .select((parts::request_key, parts::label, parts::regime, requests::regime, parts::valid_request));
        found.extend(query.load(connection)?);
    }
    Ok(found)
}
