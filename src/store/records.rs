//! Rows of records located, and of the parts they answer.

#![expect(missing_docs, reason = "a column means what its migration says")]

use diesel::prelude::*;

use super::{
    AuthorityKey, Connection, RecordKey, RequestKey, StoreError,
    schema::{record_parts, records},
};

/// A record as it is stored; `content` is JSON.
#[derive(Debug, Clone, Queryable, Selectable, Identifiable, AsChangeset)]
#[diesel(table_name = records, primary_key(record_key))]
pub struct RecordRow {
    pub record_key: RecordKey,
    pub id: String,
    pub request_key: RequestKey,
    pub authority_key: AuthorityKey,
    pub label: String,
    pub content: String,
    pub version: i64,
    pub created_at: i64,
    pub updated_at: i64,
}

/// A record about to be stored.
#[derive(Debug, Insertable)]
#[diesel(table_name = records)]
pub struct NewRecordRow {
    pub id: String,
    pub request_key: RequestKey,
    pub authority_key: AuthorityKey,
    pub label: String,
    pub content: String,
    pub version: i64,
    pub created_at: i64,
    pub updated_at: i64,
}

/// A part that a record answers.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = record_parts)]
pub struct RecordPartRow {
    pub record_key: RecordKey,
    pub request_key: RequestKey,
    pub part_label: String,
    pub frozen: bool,
}

/// Stores a record and gives its row.
///
/// # Errors
///
/// As the store.
pub fn insert(connection: &mut Connection, row: &NewRecordRow) -> Result<RecordRow, StoreError> {
    diesel::insert_into(records::table).values(row).execute(connection)?;
    records::table
        .filter(records::id.eq(&row.id))
        .select(RecordRow::as_select())
        .get_result(connection)
        .map_err(StoreError::from)
}

/// What a record is listed by.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = records)]
pub struct RecordOutline {
    pub record_key: RecordKey,
    pub id: String,
    pub label: String,
    pub updated_at: i64,
}

/// What the records of a request are listed by, in the order in which they were recorded; their content left unread.
///
/// # Errors
///
/// As the store.
pub fn outlines(connection: &mut Connection, request_key: RequestKey) -> Result<Vec<RecordOutline>, StoreError> {
    records::table
        .filter(records::request_key.eq(request_key))
        .order(records::record_key)
        .select(RecordOutline::as_select())
        .load(connection)
        .map_err(StoreError::from)
}

/// The records with these keys, in the order in which they were recorded.
///
/// # Errors
///
/// As the store.
pub fn with_keys(connection: &mut Connection, record_keys: Vec<RecordKey>) -> Result<Vec<RecordRow>, StoreError> {
    records::table
        .filter(records::record_key.eq_any(record_keys))
        .order(records::record_key)
        .select(RecordRow::as_select())
        .load(connection)
        .map_err(StoreError::from)
}

/// The record of a request with this id.
///
/// # Errors
///
/// As the store.
pub fn find(connection: &mut Connection, request_key: RequestKey, id: &str) -> Result<Option<RecordRow>, StoreError> {
    records::table
        .filter(records::id.eq(id))
        .filter(records::request_key.eq(request_key))
        .select(RecordRow::as_select())
        .get_result(connection)
        .optional()
        .map_err(StoreError::from)
}

/// The parts that the records of a request answer.
///
/// # Errors
///
/// As the store.
pub fn parts_of_request(
    connection: &mut Connection,
    request_key: RequestKey,
) -> Result<Vec<RecordPartRow>, StoreError> {
    record_parts::table
        .filter(record_parts::request_key.eq(request_key))
        .order((record_parts::record_key, record_parts::part_label))
        .select(RecordPartRow::as_select())
        .load(connection)
        .map_err(StoreError::from)
}

/// Writes a record back.
///
/// # Errors
///
/// As the store.
pub fn update(connection: &mut Connection, row: &RecordRow) -> Result<(), StoreError> {
    diesel::update(records::table.find(row.record_key)).set(row).execute(connection)?;
    Ok(())
}

/// Puts these parts in the place of those that a record answered.
///
/// # Errors
///
/// As the store.
pub fn set_parts(connection: &mut Connection, record_key: RecordKey, rows: &[RecordPartRow]) -> Result<(), StoreError> {
    diesel::delete(record_parts::table.filter(record_parts::record_key.eq(record_key))).execute(connection)?;
    for row in rows {
        diesel::insert_into(record_parts::table).values(row).execute(connection)?;
    }
    Ok(())
}

/// Removes a record without a trace.
///
/// # Errors
///
/// As the store.
pub fn delete(connection: &mut Connection, record_key: RecordKey) -> Result<(), StoreError> {
    diesel::delete(record_parts::table.filter(record_parts::record_key.eq(record_key))).execute(connection)?;
    diesel::delete(records::table.find(record_key)).execute(connection)?;
    Ok(())
}
