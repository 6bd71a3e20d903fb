//! Rows of the chain after the response: reviews, complaints and what belongs to a complaint.

#![expect(missing_docs, reason = "a column means what its migration says")]

use chrono::NaiveDate;
use diesel::prelude::*;

use super::{AuthorityKey, Connection, ProceedingKey, RequestKey, StoreError, schema::proceedings};

/// An entry as it is stored; `content` is JSON.
#[derive(Debug, Clone, Queryable, Selectable, Identifiable, AsChangeset)]
#[diesel(table_name = proceedings, primary_key(proceeding_key), treat_none_as_null = true)]
pub struct ProceedingRow {
    pub proceeding_key: ProceedingKey,
    pub id: String,
    pub request_key: RequestKey,
    pub authority_key: AuthorityKey,
    pub kind: String,
    pub parent_key: Option<ProceedingKey>,
    pub begun_on: NaiveDate,
    pub ended_on: Option<NaiveDate>,
    pub content: String,
    pub version: i64,
    pub created_at: i64,
    pub updated_at: i64,
    pub voided_at: Option<i64>,
    pub void_reason: Option<String>,
}

/// An entry about to be stored.
#[derive(Debug, Insertable)]
#[diesel(table_name = proceedings)]
pub struct NewProceedingRow {
    pub id: String,
    pub request_key: RequestKey,
    pub authority_key: AuthorityKey,
    pub kind: &'static str,
    pub parent_key: Option<ProceedingKey>,
    pub begun_on: NaiveDate,
    pub ended_on: Option<NaiveDate>,
    pub content: String,
    pub version: i64,
    pub created_at: i64,
    pub updated_at: i64,
}

/// Stores an entry.
///
/// # Errors
///
/// As the store.
pub fn insert(connection: &mut Connection, row: &NewProceedingRow) -> Result<(), StoreError> {
    diesel::insert_into(proceedings::table).values(row).execute(connection)?;
    Ok(())
}

/// The entries of a request in the order in which they were recorded, voided ones too.
///
/// # Errors
///
/// As the store.
pub fn of_request(connection: &mut Connection, request_key: RequestKey) -> Result<Vec<ProceedingRow>, StoreError> {
    proceedings::table
        .filter(proceedings::request_key.eq(request_key))
        .order(proceedings::proceeding_key)
        .select(ProceedingRow::as_select())
        .load(connection)
        .map_err(StoreError::from)
}

/// Writes an entry back.
///
/// # Errors
///
/// As the store.
pub fn update(connection: &mut Connection, row: &ProceedingRow) -> Result<(), StoreError> {
    diesel::update(proceedings::table.find(row.proceeding_key)).set(row).execute(connection)?;
    Ok(())
}
