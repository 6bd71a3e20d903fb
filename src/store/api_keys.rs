//! Rows of API keys: what is kept of a key, and which authorities it may act for.

#![expect(missing_docs, reason = "a column means what its migration says")]

use chrono::NaiveDate;
use diesel::{dsl::exists, prelude::*};

use super::{
    ApiKeyKey, AuthorityKey, AuthorityScope, Connection, MultiBackend, StoreError,
    schema::{api_key_authorities, api_keys, authorities},
};

/// An API key as it is stored; its secret as a hash alone.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = api_keys)]
pub struct ApiKeyRow {
    pub api_key_key: ApiKeyKey,
    pub id: String,
    pub authority_key: Option<AuthorityKey>,
    pub prefix: String,
    pub key_hash: String,
    pub name: String,
    pub kind: String,
    pub scopes: String,
    pub expires_on: NaiveDate,
    pub created_by: String,
    pub created_at: i64,
    pub last_used_on: Option<NaiveDate>,
    pub revoked_at: Option<i64>,
    pub version: i64,
}

/// An API key about to be stored.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = api_keys)]
pub struct NewApiKeyRow<'a> {
    pub id: &'a str,
    pub authority_key: Option<AuthorityKey>,
    pub prefix: &'a str,
    pub key_hash: &'a str,
    pub name: &'a str,
    pub kind: &'a str,
    pub scopes: &'a str,
    pub expires_on: NaiveDate,
    pub created_by: &'a str,
    pub created_at: i64,
    pub version: i64,
}

/// Stores a key that may act for these authorities.
///
/// # Errors
///
/// As the store.
pub fn insert(
    connection: &mut Connection,
    row: &NewApiKeyRow<'_>,
    authority_keys: &[AuthorityKey],
) -> Result<ApiKeyRow, StoreError> {
    diesel::insert_into(api_keys::table).values(row).execute(connection)?;
    let stored: ApiKeyRow =
        api_keys::table.filter(api_keys::id.eq(row.id)).select(ApiKeyRow::as_select()).get_result(connection)?;
    for authority_key in authority_keys {
        diesel::insert_into(api_key_authorities::table)
            .values((
                api_key_authorities::api_key_key.eq(stored.api_key_key),
                api_key_authorities::authority_key.eq(authority_key),
            ))
            .execute(connection)?;
    }
    Ok(stored)
}

/// The key with this prefix, whoever it belongs to, with the authorities it may act for: one statement, for the door.
///
/// # Errors
///
/// As the store.
pub fn with_prefix(
    connection: &mut Connection,
    prefix: &str,
) -> Result<Option<(ApiKeyRow, Vec<AuthorityKey>)>, StoreError> {
    let rows: Vec<(ApiKeyRow, Option<AuthorityKey>)> = api_keys::table
        .left_join(api_key_authorities::table.on(api_key_authorities::api_key_key.eq(api_keys::api_key_key)))
        .filter(api_keys::prefix.eq(prefix))
        .select((ApiKeyRow::as_select(), api_key_authorities::authority_key.nullable()))
        .load(connection)?;
    let authority_keys = rows.iter().filter_map(|(_, authority_key)| *authority_key).collect();
    Ok(rows.into_iter().next().map(|(row, _)| (row, authority_keys)))
}

/// The key with this id, if the caller may see it: a key that opens one of its authorities, any for who may act for any.
///
/// # Errors
///
/// As the store.
pub fn find(connection: &mut Connection, scope: &AuthorityScope, id: &str) -> Result<Option<ApiKeyRow>, StoreError> {
    let row: Option<ApiKeyRow> =
        api_keys::table.filter(api_keys::id.eq(id)).select(ApiKeyRow::as_select()).get_result(connection).optional()?;
    let (Some(row), AuthorityScope::Only(_)) = (&row, scope) else { return Ok(row) };
    let opened = authorities_of(connection, &[row.api_key_key])?;
    let is_seen = opened.iter().any(|(_, authority_key, _)| scope.admits(*authority_key));
    Ok(is_seen.then(|| row.clone()))
}

/// The same, and no other transaction changes the key until this one ends: of a rotation and a revocation at once, the
/// later sees what the earlier did.
///
/// # Errors
///
/// As the store.
pub fn find_to_change(
    connection: &mut Connection,
    scope: &AuthorityScope,
    id: &str,
) -> Result<Option<ApiKeyRow>, StoreError> {
    // SQLite's only writer holds the write lock already.
    if let Connection::Postgres(inner) = connection {
        let row = api_keys::table.filter(api_keys::id.eq(id)).select(api_keys::api_key_key);
        let _locked: Option<ApiKeyKey> = row.for_no_key_update().get_result(inner).optional()?;
    }
    find(connection, scope, id)
}

/// Keys the caller may see, ordered by id, after `after`; those that open one authority where it is given.
///
/// # Errors
///
/// As the store.
pub fn list(
    connection: &mut Connection,
    scope: &AuthorityScope,
    authority_key: Option<AuthorityKey>,
    after: Option<&str>,
    limit: i64,
) -> Result<Vec<ApiKeyRow>, StoreError> {
    let mut query =
        api_keys::table.select(ApiKeyRow::as_select()).order(api_keys::id).limit(limit).into_boxed::<MultiBackend>();
    let opened = || api_key_authorities::table.filter(api_key_authorities::api_key_key.eq(api_keys::api_key_key));
    if let AuthorityScope::Only(keys) = scope {
        query = query.filter(exists(opened().filter(api_key_authorities::authority_key.eq_any(keys.clone()))));
    }
    if let Some(authority_key) = authority_key {
        query = query.filter(exists(opened().filter(api_key_authorities::authority_key.eq(authority_key))));
    }
    if let Some(after) = after {
        query = query.filter(api_keys::id.gt(after.to_owned()));
    }
    query.load(connection).map_err(StoreError::from)
}

/// Keys and ids of the authorities that these keys may act for, by the keys' own keys.
///
/// # Errors
///
/// As the store.
pub fn authorities_of(
    connection: &mut Connection,
    api_key_keys: &[ApiKeyKey],
) -> Result<Vec<(ApiKeyKey, AuthorityKey, String)>, StoreError> {
    api_key_authorities::table
        .inner_join(authorities::table.on(authorities::authority_key.eq(api_key_authorities::authority_key)))
        .filter(api_key_authorities::api_key_key.eq_any(api_key_keys.to_vec()))
        .order((api_key_authorities::api_key_key, authorities::authority_key))
        .select((api_key_authorities::api_key_key, authorities::authority_key, authorities::id))
        .load(connection)
        .map_err(StoreError::from)
}

/// Revokes a key; it stays revoked from the instant at which it first was.
///
/// # Errors
///
/// As the store.
pub fn revoke(connection: &mut Connection, api_key_key: ApiKeyKey, revoked_at: i64) -> Result<(), StoreError> {
    diesel::update(api_keys::table.find(api_key_key))
        .set((api_keys::revoked_at.eq(revoked_at), api_keys::version.eq(api_keys::version + 1)))
        .execute(connection)?;
    Ok(())
}

/// Lets a key expire on another day.
///
/// # Errors
///
/// As the store.
pub fn set_expiry(
    connection: &mut Connection,
    api_key_key: ApiKeyKey,
    expires_on: NaiveDate,
) -> Result<(), StoreError> {
    diesel::update(api_keys::table.find(api_key_key))
        .set((api_keys::expires_on.eq(expires_on), api_keys::version.eq(api_keys::version + 1)))
        .execute(connection)?;
    Ok(())
}

/// Notes the day on which a key was last used: no change of the key itself.
///
/// # Errors
///
/// As the store.
pub fn note_use(connection: &mut Connection, api_key_key: ApiKeyKey, used_on: NaiveDate) -> Result<(), StoreError> {
    diesel::update(api_keys::table.find(api_key_key)).set(api_keys::last_used_on.eq(used_on)).execute(connection)?;
    Ok(())
}

/// The internal keys of the authorities with these ids, whoever asks: the scope of a credential that names them is made of
/// these.
///
/// # Errors
///
/// As the store.
pub fn authorities_named(connection: &mut Connection, ids: &[String]) -> Result<Vec<AuthorityKey>, StoreError> {
    authorities::table
        .filter(authorities::id.eq_any(ids.to_vec()))
        .order(authorities::authority_key)
        .select(authorities::authority_key)
        .load(connection)
        .map_err(StoreError::from)
}
