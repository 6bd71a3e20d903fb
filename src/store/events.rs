//! Rows of events: what happened to a request.

#![expect(missing_docs, reason = "a column means what its migration says")]

use chrono::NaiveDate;
use diesel::prelude::*;

use super::{AuthorityKey, Connection, EventKey, RequestKey, StoreError, prepared::on_either, schema::events};

/// An event as it is stored; `scope`, `happening` and `details` are JSON.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = events)]
pub struct EventRow {
    pub event_key: EventKey,
    pub id: String,
    pub request_key: RequestKey,
    pub authority_key: AuthorityKey,
    pub kind: String,
    pub effective_on: NaiveDate,
    pub scope: Option<String>,
    pub happening: String,
    pub details: String,
    pub recorded_at: i64,
    pub voided_at: Option<i64>,
    pub void_reason: Option<String>,
}

/// An event about to be stored.
#[derive(Debug, Insertable)]
#[diesel(table_name = events)]
pub struct NewEventRow {
    pub id: String,
    pub request_key: RequestKey,
    pub authority_key: AuthorityKey,
    pub kind: String,
    pub effective_on: NaiveDate,
    pub scope: Option<String>,
    pub happening: String,
    pub details: String,
    pub recorded_at: i64,
}

/// Stores an event and gives its key.
///
/// # Errors
///
/// As the store.
pub fn insert(connection: &mut Connection, row: &NewEventRow) -> Result<EventKey, StoreError> {
    let insert = diesel::insert_into(events::table).values(row).returning(events::event_key);
    on_either!(connection, |inner| insert.get_result(inner)).map_err(StoreError::from)
}

/// The events of a request in the order in which they were recorded, voided ones too.
///
/// # Errors
///
/// As the store.
pub fn of_request(connection: &mut Connection, request_key: RequestKey) -> Result<Vec<EventRow>, StoreError> {
    let query = events::table.filter(events::request_key.eq(request_key)).order(events::event_key);
    on_either!(connection, |inner| query.select(EventRow::as_select()).load(inner)).map_err(StoreError::from)
}

/// The event with this key.
///
/// # Errors
///
/// As the store.
pub fn find(connection: &mut Connection, event_key: EventKey) -> Result<EventRow, StoreError> {
    events::table.find(event_key).select(EventRow::as_select()).get_result(connection).map_err(StoreError::from)
}

/// Replaces what an event says beyond its effect on the clock.
///
/// # Errors
///
/// As the store.
pub fn set_details(connection: &mut Connection, event_key: EventKey, details: &str) -> Result<(), StoreError> {
    diesel::update(events::table.find(event_key)).set(events::details.eq(details)).execute(connection)?;
    Ok(())
}

/// Marks an event as void.
///
/// # Errors
///
/// As the store.
pub fn void(connection: &mut Connection, event_key: EventKey, voided_at: i64, reason: &str) -> Result<(), StoreError> {
    diesel::update(events::table.find(event_key))
        .set((events::voided_at.eq(voided_at), events::void_reason.eq(reason)))
        .execute(connection)?;
    Ok(())
}

/// Replaces the parts that an event concerns.
///
/// # Errors
///
/// As the store.
pub fn set_scope(connection: &mut Connection, event_key: EventKey, scope: &str) -> Result<(), StoreError> {
    diesel::update(events::table.find(event_key)).set(events::scope.eq(scope)).execute(connection)?;
    Ok(())
}
