//! Rows of authorities and the counters of their references.

#![expect(missing_docs, reason = "a column means what its migration says")]

use diesel::prelude::*;

use super::{
    AuthorityKey, AuthorityScope, Connection, StoreError,
    prepared::{Prepared, on_either},
    schema::{authorities, reference_counters},
};

/// An authority as it is stored; `settings` is JSON.
#[derive(Debug, Clone, Queryable, Selectable, Identifiable, AsChangeset)]
#[diesel(table_name = authorities, primary_key(authority_key), treat_none_as_null = true)]
pub struct AuthorityRow {
    pub authority_key: AuthorityKey,
    pub id: String,
    pub name: String,
    pub kind: String,
    pub nation: String,
    pub reference_pattern: Option<String>,
    pub settings: String,
    pub version: i64,
    pub created_at: i64,
    pub updated_at: i64,
}

/// An authority about to be stored.
#[derive(Debug, Insertable)]
#[diesel(table_name = authorities)]
pub struct NewAuthorityRow<'a> {
    pub id: &'a str,
    pub name: &'a str,
    pub kind: &'a str,
    pub nation: &'a str,
    pub reference_pattern: Option<&'a str>,
    pub settings: &'a str,
    pub version: i64,
    pub created_at: i64,
    pub updated_at: i64,
}

/// Stores an authority.
///
/// # Errors
///
/// As the store.
pub fn insert(connection: &mut Connection, row: &NewAuthorityRow<'_>) -> Result<AuthorityRow, StoreError> {
    diesel::insert_into(authorities::table).values(row).execute(connection)?;
    authorities::table
        .filter(authorities::id.eq(row.id))
        .select(AuthorityRow::as_select())
        .get_result(connection)
        .map_err(StoreError::from)
}

/// The authority with this id, if the caller may see it.
///
/// # Errors
///
/// As the store.
pub fn find(connection: &mut Connection, scope: &AuthorityScope, id: &str) -> Result<Option<AuthorityRow>, StoreError> {
    let by_id = authorities::table.filter(authorities::id.eq(id));
    let row = on_either!(connection, |inner| by_id.select(AuthorityRow::as_select()).get_result(inner)).optional()?;
    Ok(row.filter(|row| scope.admits(row.authority_key)))
}

/// The only authority the caller may act for, if there is exactly one.
///
/// # Errors
///
/// As the store.
pub fn only_one(connection: &mut Connection, scope: &AuthorityScope) -> Result<Option<AuthorityRow>, StoreError> {
    let mut query = authorities::table.select(AuthorityRow::as_select()).limit(2).into_boxed();
    if let AuthorityScope::Only(keys) = scope {
        query = query.filter(authorities::authority_key.eq_any(keys.clone()));
    }
    let mut rows = query.load(connection)?;
    let last = rows.pop();
    Ok(last.filter(|_| rows.is_empty()))
}

/// Authorities the caller may see, ordered by id, after `after`.
///
/// # Errors
///
/// As the store.
pub fn list(
    connection: &mut Connection,
    scope: &AuthorityScope,
    after: Option<&str>,
    limit: i64,
) -> Result<Vec<AuthorityRow>, StoreError> {
    let mut query =
        authorities::table.select(AuthorityRow::as_select()).order(authorities::id).limit(limit).into_boxed();
    if let AuthorityScope::Only(keys) = scope {
        query = query.filter(authorities::authority_key.eq_any(keys.clone()));
    }
    if let Some(after) = after {
        query = query.filter(authorities::id.gt(after.to_owned()));
    }
    query.load(connection).map_err(StoreError::from)
}

/// Replaces an authority, if it still has `version`; `false` when it has not.
///
/// # Errors
///
/// As the store.
pub fn update(connection: &mut Connection, row: &AuthorityRow, version: i64) -> Result<bool, StoreError> {
    let target = authorities::table
        .filter(authorities::authority_key.eq(row.authority_key))
        .filter(authorities::version.eq(version));
    Ok(diesel::update(target).set(row).execute(connection)? == 1)
}

/// Whose references of which year are counted.
pub type ReferenceCounter = (AuthorityKey, i32);

/// Counts on by one and gives the number: the row is locked until the transaction ends, so no number is given twice.
///
/// # Errors
///
/// As the store.
pub fn next_reference_number(
    connection: &mut Connection,
    (authority_key, year): ReferenceCounter,
) -> Result<i64, StoreError> {
    enum CountOn {}
    let first = (
        reference_counters::authority_key.eq(authority_key),
        reference_counters::year.eq(year),
        reference_counters::last_number.eq(1_i64),
    );
    let upsert = diesel::insert_into(reference_counters::table)
        .values(first)
        .on_conflict((reference_counters::authority_key, reference_counters::year))
        .do_update()
        .set(reference_counters::last_number.eq(reference_counters::last_number + 1))
        .returning(reference_counters::last_number);
    let upsert = Prepared::<CountOn, _>::new(upsert);
    on_either!(connection, |inner| upsert.get_result(inner)).map_err(StoreError::from)
}

/// Lets the counting go on after this number, for those before it are taken.
///
/// # Errors
///
/// As the store.
pub fn set_reference_number(
    connection: &mut Connection,
    counter: ReferenceCounter,
    number: i64,
) -> Result<(), StoreError> {
    diesel::update(reference_counters::table.find(counter))
        .set(reference_counters::last_number.eq(number))
        .execute(connection)?;
    Ok(())
}
