//! Rows of who asked, and of the letter as it came: sealed texts, each with the name of its key. Nothing is opened here.

#![expect(missing_docs, reason = "a column means what its migration says")]

use diesel::prelude::*;

use super::{
    Connection, RequestKey, StoreError,
    prepared::on_either,
    requests::RequestRow,
    schema::{requesters, requests},
};

/// Who asked (as JSON) and the letter. Without a `key_id` they stand as they were given, before there was a key.
#[derive(Debug, Clone, Default, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = requesters)]
pub struct RequesterRow {
    pub identity: Option<String>,
    pub original_text: Option<String>,
    pub key_id: Option<String>,
}

/// A row with the place that its texts are sealed to.
#[derive(Debug, Clone, Queryable)]
pub struct PlacedRequester {
    pub request_key: RequestKey,
    pub request_id: String,
    pub authority_id: String,
    pub row: RequesterRow,
}

/// Stores who asked and the letter.
///
/// # Errors
///
/// As the store.
pub fn insert(connection: &mut Connection, request: &RequestRow, row: &RequesterRow) -> Result<(), StoreError> {
    let insert = diesel::insert_into(requesters::table).values((
        requesters::request_key.eq(request.request_key),
        requesters::authority_key.eq(request.authority_key),
        requesters::identity.eq(row.identity.as_deref()),
        requesters::original_text.eq(row.original_text.as_deref()),
        requesters::key_id.eq(row.key_id.as_deref()),
    ));
    on_either!(connection, |inner| insert.execute(inner))?;
    Ok(())
}

/// Who asked and the letter.
///
/// # Errors
///
/// As the store.
pub fn find(connection: &mut Connection, request_key: RequestKey) -> Result<Option<RequesterRow>, StoreError> {
    requesters::table
        .find(request_key)
        .select(RequesterRow::as_select())
        .get_result(connection)
        .optional()
        .map_err(StoreError::from)
}

/// Replaces the texts of a row, which may have gone meanwhile.
///
/// # Errors
///
/// As the store.
pub fn replace(connection: &mut Connection, request_key: RequestKey, row: &RequesterRow) -> Result<(), StoreError> {
    diesel::update(requesters::table.find(request_key))
        .set((
            requesters::identity.eq(row.identity.as_deref()),
            requesters::original_text.eq(row.original_text.as_deref()),
            requesters::key_id.eq(row.key_id.as_deref()),
        ))
        .execute(connection)?;
    Ok(())
}

/// Rows that are not sealed at all, whoever's.
///
/// # Errors
///
/// As the store.
pub fn not_sealed(connection: &mut Connection, limit: i64) -> Result<Vec<PlacedRequester>, StoreError> {
    requesters::table
        .inner_join(requests::table.on(requests::request_key.eq(requesters::request_key)))
        .filter(requesters::key_id.is_null())
        .order(requesters::request_key)
        .limit(limit)
        .select((requesters::request_key, requests::id, requests::authority_id, RequesterRow::as_select()))
        .load(connection)
        .map_err(StoreError::from)
}

/// Rows after a key that another than this key seals, or none; whoever's.
///
/// # Errors
///
/// As the store.
pub fn not_sealed_with(
    connection: &mut Connection,
    key_id: &str,
    after_key: RequestKey,
    limit: i64,
) -> Result<Vec<PlacedRequester>, StoreError> {
    requesters::table
        .inner_join(requests::table.on(requests::request_key.eq(requesters::request_key)))
        .filter(requesters::request_key.gt(after_key))
        .filter(requesters::key_id.is_null().or(requesters::key_id.ne(key_id).assume_not_null()))
        .order(requesters::request_key)
        .limit(limit)
        .select((requesters::request_key, requests::id, requests::authority_id, RequesterRow::as_select()))
        .load(connection)
        .map_err(StoreError::from)
}

/// How many rows this key seals; with `None`, how many stand open.
///
/// # Errors
///
/// As the store.
pub fn number_sealed_with(connection: &mut Connection, key_id: Option<&str>) -> Result<i64, StoreError> {
    let all = requesters::table.count();
    let number = match key_id {
        Some(key_id) => all.filter(requesters::key_id.eq(key_id)).get_result(connection),
        None => all.filter(requesters::key_id.is_null()).get_result(connection),
    };
    number.map_err(StoreError::from)
}

/// Removes who asked and the letter.
///
/// # Errors
///
/// As the store.
pub fn delete(connection: &mut Connection, request_key: RequestKey) -> Result<(), StoreError> {
    diesel::delete(requesters::table.find(request_key)).execute(connection)?;
    Ok(())
}
