//! First answers of keyed POSTs.

#![expect(missing_docs, reason = "a column means what its migration says")]

use diesel::prelude::*;

use super::{Connection, StoreError, prepared::on_either, schema::idempotency_keys};

/// The first answer to a keyed POST.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = idempotency_keys)]
pub struct IdempotencyRow {
    pub credential: String,
    pub idempotency_key: String,
    pub fingerprint: String,
    pub status: i32,
    pub headers: String,
    pub body: String,
    pub request_id: Option<String>,
    pub created_at: i64,
}

/// The answer stored under a key, unless it is older than `not_before`.
///
/// # Errors
///
/// As the store.
pub fn find(
    connection: &mut Connection,
    credential: &str,
    key: &str,
    not_before: i64,
) -> Result<Option<IdempotencyRow>, StoreError> {
    let stored = idempotency_keys::table.find((credential, key)).filter(idempotency_keys::created_at.ge(not_before));
    on_either!(connection, |inner| stored.select(IdempotencyRow::as_select()).get_result(inner))
        .optional()
        .map_err(StoreError::from)
}

/// Stores an answer under its key.
///
/// # Errors
///
/// `Unique` when another call with this key came first.
pub fn insert(connection: &mut Connection, row: &IdempotencyRow) -> Result<(), StoreError> {
    let insert = diesel::insert_into(idempotency_keys::table).values(row);
    on_either!(connection, |inner| insert.execute(inner))?;
    Ok(())
}

/// Removes the answers that are older than `not_before`.
///
/// # Errors
///
/// As the store.
pub fn remove_expired(connection: &mut Connection, not_before: i64) -> Result<usize, StoreError> {
    diesel::delete(idempotency_keys::table.filter(idempotency_keys::created_at.lt(not_before)))
        .execute(connection)
        .map_err(StoreError::from)
}

/// Removes the answer under a key, if it is older than `not_before`.
///
/// # Errors
///
/// As the store.
pub fn remove_if_expired(
    connection: &mut Connection,
    credential: &str,
    key: &str,
    not_before: i64,
) -> Result<(), StoreError> {
    let same_key = idempotency_keys::table.find((credential, key)).filter(idempotency_keys::created_at.lt(not_before));
    diesel::delete(same_key).execute(connection)?;
    Ok(())
}

/// What takes the place of a stored answer.
#[derive(Debug, Clone, Copy, AsChangeset)]
#[diesel(table_name = idempotency_keys)]
pub struct Replacement<'a> {
    pub status: i32,
    pub headers: &'a str,
    pub body: &'a str,
}

/// Whose stored answers are replaced.
#[derive(Debug, Clone, Copy)]
pub enum Whose<'a> {
    /// Those of this credential.
    Of(&'a str),
    /// Those of every other.
    OfOthersThan(&'a str),
}

/// Puts another answer in the place of those that made the resource at `location`, which belongs to this request.
///
/// # Errors
///
/// As the store.
pub fn replace_answers(
    connection: &mut Connection,
    (request_id, location): (&str, &str),
    whose: Whose<'_>,
    replacement: Replacement<'_>,
) -> Result<(), StoreError> {
    let (credential, is_own) = match whose {
        Whose::Of(credential) => (credential, true),
        Whose::OfOthersThan(credential) => (credential, false),
    };
    diesel::update(
        idempotency_keys::table
            .filter(idempotency_keys::request_id.eq(request_id))
            .filter(idempotency_keys::headers.like(naming(location)))
            .filter(idempotency_keys::credential.eq(credential).eq(is_own)),
    )
    .set(replacement)
    .execute(connection)?;
    Ok(())
}

/// Takes all content out of the answers that made the resource at `location`, which belongs to this request, and leaves
/// `status` in its place: key and fingerprint stay, and not which request it was.
///
/// # Errors
///
/// As the store.
pub fn empty_answer(
    connection: &mut Connection,
    request_id: &str,
    location: &str,
    status: i32,
) -> Result<(), StoreError> {
    diesel::update(
        idempotency_keys::table
            .filter(idempotency_keys::request_id.eq(request_id))
            .filter(idempotency_keys::headers.like(naming(location))),
    )
    .set((
        idempotency_keys::status.eq(status),
        idempotency_keys::headers.eq("[]"),
        idempotency_keys::body.eq(""),
        idempotency_keys::request_id.eq(None::<String>),
    ))
    .execute(connection)?;
    Ok(())
}

/// The pattern of stored headers that name an address. Addresses hold identifiers and no wildcards.
fn naming(location: &str) -> String {
    format!("%\"{location}\"%")
}
