//! Rows of responses, of the answers they give by part, and of the grounds they cite.

#![expect(missing_docs, reason = "a column means what its migration says")]

use chrono::NaiveDate;
use diesel::prelude::*;

use super::{
    AuthorityKey, Connection, RequestKey, ResponseKey, StoreError,
    prepared::on_either,
    schema::{answers, citations, responses},
};
use crate::casework::response::ResponseStatus;

/// A response as it is stored; `content` and `findings` are JSON.
#[derive(Debug, Clone, Queryable, Selectable, Identifiable, AsChangeset)]
#[diesel(table_name = responses, primary_key(response_key), treat_none_as_null = true)]
pub struct ResponseRow {
    pub response_key: ResponseKey,
    pub id: String,
    pub request_key: RequestKey,
    pub authority_key: AuthorityKey,
    pub kind: String,
    pub status: String,
    pub issued_on: Option<NaiveDate>,
    pub content: String,
    pub findings: String,
    pub override_reason: Option<String>,
    pub version: i64,
    pub created_at: i64,
    pub updated_at: i64,
}

/// A response about to be stored.
#[derive(Debug, Insertable)]
#[diesel(table_name = responses)]
pub struct NewResponseRow {
    pub id: String,
    pub request_key: RequestKey,
    pub authority_key: AuthorityKey,
    pub kind: String,
    pub status: String,
    pub issued_on: Option<NaiveDate>,
    pub content: String,
    pub findings: String,
    pub override_reason: Option<String>,
    pub version: i64,
    pub created_at: i64,
    pub updated_at: i64,
}

impl NewResponseRow {
    /// The row as it stands once it has its key.
    #[must_use]
    pub fn stored(self, response_key: ResponseKey) -> ResponseRow {
        ResponseRow {
            response_key,
            id: self.id,
            request_key: self.request_key,
            authority_key: self.authority_key,
            kind: self.kind,
            status: self.status,
            issued_on: self.issued_on,
            content: self.content,
            findings: self.findings,
            override_reason: self.override_reason,
            version: self.version,
            created_at: self.created_at,
            updated_at: self.updated_at,
        }
    }
}

/// The answer of an issued response to one part.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = answers)]
pub struct AnswerRow {
    pub response_key: ResponseKey,
    pub response_id: String,
    pub request_key: RequestKey,
    pub authority_key: AuthorityKey,
    pub part_label: String,
    pub response_kind: String,
    pub issued_on: NaiveDate,
    pub outcome: String,
}

/// One ground of an issued response; the members of an alternative group are one row.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = citations)]
pub struct CitationRow {
    pub response_key: ResponseKey,
    pub request_key: RequestKey,
    pub authority_key: AuthorityKey,
    pub part_label: String,
    pub response_kind: String,
    pub issued_on: NaiveDate,
    pub regime: String,
    pub citation_class: String,
    pub ncnd: bool,
}

/// Stores a response and gives its key.
///
/// # Errors
///
/// As the store.
pub fn insert(connection: &mut Connection, row: &NewResponseRow) -> Result<ResponseKey, StoreError> {
    let insert = diesel::insert_into(responses::table).values(row).returning(responses::response_key);
    on_either!(connection, |inner| insert.get_result(inner)).map_err(StoreError::from)
}

/// The response of a request with this id.
///
/// # Errors
///
/// As the store.
pub fn find(connection: &mut Connection, request_key: RequestKey, id: &str) -> Result<Option<ResponseRow>, StoreError> {
    let query = responses::table.filter(responses::id.eq(id)).filter(responses::request_key.eq(request_key));
    on_either!(connection, |inner| query.select(ResponseRow::as_select()).get_result(inner))
        .optional()
        .map_err(StoreError::from)
}

/// The status of the response of a request with this id; its content left unread.
///
/// # Errors
///
/// As the store.
pub fn status_of(connection: &mut Connection, request_key: RequestKey, id: &str) -> Result<Option<String>, StoreError> {
    let query = responses::table.filter(responses::id.eq(id)).filter(responses::request_key.eq(request_key));
    on_either!(connection, |inner| query.select(responses::status).get_result(inner))
        .optional()
        .map_err(StoreError::from)
}

/// The responses of a request in the order in which they were recorded.
///
/// # Errors
///
/// As the store.
pub fn of_request(connection: &mut Connection, request_key: RequestKey) -> Result<Vec<ResponseRow>, StoreError> {
    let query = responses::table.filter(responses::request_key.eq(request_key)).order(responses::response_key);
    on_either!(connection, |inner| query.select(ResponseRow::as_select()).load(inner)).map_err(StoreError::from)
}

/// The issued responses of a request in the order in which they were recorded, none that is void. Drafts are left unread:
/// whoever may not see them waits no longer where there are some.
///
/// # Errors
///
/// As the store.
pub fn issued_of_request(connection: &mut Connection, request_key: RequestKey) -> Result<Vec<ResponseRow>, StoreError> {
    let mut rows = letters_of_request(connection, request_key)?;
    rows.retain(|row| row.status == ResponseStatus::Issued.as_str());
    Ok(rows)
}

/// The same, with those that are void.
///
/// # Errors
///
/// As the store.
pub fn letters_of_request(
    connection: &mut Connection,
    request_key: RequestKey,
) -> Result<Vec<ResponseRow>, StoreError> {
    let query = responses::table
        .filter(responses::request_key.eq(request_key))
        .filter(responses::issued_on.is_not_null())
        .order(responses::response_key);
    on_either!(connection, |inner| query.select(ResponseRow::as_select()).load(inner)).map_err(StoreError::from)
}

/// What a response is listed by.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = responses)]
pub struct ResponseOutline {
    pub response_key: ResponseKey,
    pub id: String,
    pub status: String,
    pub created_at: i64,
    pub updated_at: i64,
}

/// What the responses of a request are listed by, in the order in which they were recorded; their content left unread.
///
/// # Errors
///
/// As the store.
pub fn outlines(connection: &mut Connection, request_key: RequestKey) -> Result<Vec<ResponseOutline>, StoreError> {
    let query = responses::table.filter(responses::request_key.eq(request_key)).order(responses::response_key);
    on_either!(connection, |inner| query.select(ResponseOutline::as_select()).load(inner)).map_err(StoreError::from)
}

/// The responses with these keys, in no order.
///
/// # Errors
///
/// As the store.
pub fn with_keys(connection: &mut Connection, response_keys: Vec<ResponseKey>) -> Result<Vec<ResponseRow>, StoreError> {
    let query = responses::table.filter(responses::response_key.eq_any(response_keys));
    on_either!(connection, |inner| query.select(ResponseRow::as_select()).load(inner)).map_err(StoreError::from)
}

/// Writes a response back.
///
/// # Errors
///
/// As the store.
pub fn update(connection: &mut Connection, row: &ResponseRow) -> Result<(), StoreError> {
    diesel::update(responses::table.find(row.response_key)).set(row).execute(connection)?;
    Ok(())
}

/// Removes a draft without a trace.
///
/// # Errors
///
/// As the store.
pub fn delete(connection: &mut Connection, response_key: ResponseKey) -> Result<(), StoreError> {
    diesel::delete(responses::table.find(response_key)).execute(connection)?;
    Ok(())
}

/// Stores what an issued response answers and cites.
///
/// # Errors
///
/// As the store.
pub fn insert_answers(
    connection: &mut Connection,
    rows: &[AnswerRow],
    cited: &[CitationRow],
) -> Result<(), StoreError> {
    for row in rows {
        let insert = diesel::insert_into(answers::table).values(row);
        on_either!(connection, |inner| insert.execute(inner))?;
    }
    for row in cited {
        let insert = diesel::insert_into(citations::table).values(row);
        on_either!(connection, |inner| insert.execute(inner))?;
    }
    Ok(())
}

/// Removes what a response answers and cites, when it never was.
///
/// # Errors
///
/// As the store.
pub fn remove_answers(connection: &mut Connection, response_key: ResponseKey) -> Result<(), StoreError> {
    diesel::delete(citations::table.filter(citations::response_key.eq(response_key))).execute(connection)?;
    diesel::delete(answers::table.filter(answers::response_key.eq(response_key))).execute(connection)?;
    Ok(())
}

/// What issued responses answered of a request, earliest first.
///
/// # Errors
///
/// As the store.
pub fn answers_of(connection: &mut Connection, request_key: RequestKey) -> Result<Vec<AnswerRow>, StoreError> {
    let query =
        answers::table.filter(answers::request_key.eq(request_key)).order((answers::issued_on, answers::response_key));
    on_either!(connection, |inner| query.select(AnswerRow::as_select()).load(inner)).map_err(StoreError::from)
}

/// The grounds that issued responses to a request cited.
///
/// # Errors
///
/// As the store.
pub fn citations_of(connection: &mut Connection, request_key: RequestKey) -> Result<Vec<CitationRow>, StoreError> {
    let query = citations::table.filter(citations::request_key.eq(request_key));
    on_either!(connection, |inner| query.select(CitationRow::as_select()).load(inner)).map_err(StoreError::from)
}
