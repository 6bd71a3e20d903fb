//! Rows of filed returns: copies that nothing changes. There is no statement here that updates or deletes one.

#![expect(missing_docs, reason = "a column means what its migration says")]

use chrono::NaiveDate;
use diesel::prelude::*;

use super::{
    AuthorityKey, AuthorityScope, Connection, MultiBackend, StoreError,
    schema::{authorities, filed_returns},
};

/// A filed return as it is listed: everything but what may be long.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = filed_returns)]
pub struct ListedReturnRow {
    pub id: String,
    pub authority_id: String,
    pub number: i64,
    pub return_kind: String,
    pub period: String,
    pub as_at: NaiveDate,
    pub sha256: String,
    pub filed_at: i64,
}

/// A filed return as it is stored; `document` is JSON.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = filed_returns)]
pub struct FiledReturnRow {
    #[diesel(embed)]
    pub listed: ListedReturnRow,
    pub document: String,
}

/// A filed return about to be stored.
#[derive(Debug, Insertable)]
#[diesel(table_name = filed_returns)]
pub struct NewFiledReturnRow {
    pub id: String,
    pub authority_key: AuthorityKey,
    pub authority_id: String,
    pub number: i64,
    pub return_kind: String,
    pub period: String,
    pub as_at: NaiveDate,
    pub document: String,
    pub sha256: String,
    pub filed_at: i64,
}

/// The number of the authority's next filed return. The authority's row is locked until the transaction ends, so no
/// number is given twice. It is no lock against those who only refer to the row, as every entry of the audit log does.
///
/// # Errors
///
/// As the store.
pub fn next_number(connection: &mut Connection, authority_key: AuthorityKey) -> Result<i64, StoreError> {
    if let Connection::Postgres(inner) = connection {
        // SQLite's only writer holds the write lock already.
        let row = authorities::table.find(authority_key).select(authorities::authority_key);
        let _locked: AuthorityKey = row.for_no_key_update().get_result(inner)?;
    }
    let last: Option<i64> = filed_returns::table
        .filter(filed_returns::authority_key.eq(authority_key))
        .select(diesel::dsl::max(filed_returns::number))
        .get_result(connection)?;
    Ok(last.unwrap_or(0) + 1)
}

/// Stores a filed return.
///
/// # Errors
///
/// As the store.
pub fn insert(connection: &mut Connection, row: &NewFiledReturnRow) -> Result<FiledReturnRow, StoreError> {
    diesel::insert_into(filed_returns::table).values(row).execute(connection)?;
    filed_returns::table
        .filter(filed_returns::id.eq(&row.id))
        .select(FiledReturnRow::as_select())
        .get_result(connection)
        .map_err(StoreError::from)
}

/// The filed return with this id, if the caller may see it; another's is not read at all.
///
/// # Errors
///
/// As the store.
pub fn find(
    connection: &mut Connection,
    scope: &AuthorityScope,
    id: &str,
) -> Result<Option<FiledReturnRow>, StoreError> {
    let mut query = filed_returns::table
        .filter(filed_returns::id.eq(id))
        .select(FiledReturnRow::as_select())
        .into_boxed::<MultiBackend>();
    if let AuthorityScope::Only(keys) = scope {
        query = query.filter(filed_returns::authority_key.eq_any(keys.clone()));
    }
    query.get_result(connection).optional().map_err(StoreError::from)
}

/// Filed returns of the authorities of `scope`, of one of them where it is named, the latest first.
///
/// # Errors
///
/// As the store.
pub fn list(
    connection: &mut Connection,
    scope: &AuthorityScope,
    authority_key: Option<AuthorityKey>,
    before: Option<(i64, i64, String)>,
    limit: i64,
) -> Result<Vec<ListedReturnRow>, StoreError> {
    let mut query = filed_returns::table
        .order((filed_returns::filed_at.desc(), filed_returns::number.desc(), filed_returns::id.desc()))
        .limit(limit)
        .select(ListedReturnRow::as_select())
        .into_boxed::<MultiBackend>();
    if let AuthorityScope::Only(keys) = scope {
        query = query.filter(filed_returns::authority_key.eq_any(keys.clone()));
    }
    if let Some(key) = authority_key {
        query = query.filter(filed_returns::authority_key.eq(key));
    }
    if let Some((filed_at, number, id)) = before {
        let same_number = filed_returns::number.eq(number).and(filed_returns::id.lt(id));
        let same_instant = filed_returns::filed_at.eq(filed_at).and(filed_returns::number.lt(number).or(same_number));
        query = query.filter(filed_returns::filed_at.lt(filed_at).or(same_instant));
    }
    query.load(connection).map_err(StoreError::from)
}
