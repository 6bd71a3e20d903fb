//! Rows of past cases that were recorded whole.

#![expect(missing_docs, reason = "a column means what its migration says")]

use diesel::prelude::*;

use super::{
    AuthorityKey, Connection, RequestKey, StoreError,
    schema::{case_histories, requests},
};

/// What a case was recorded from; `identifiers` is JSON.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = case_histories)]
pub struct CaseHistoryRow {
    pub request_key: RequestKey,
    pub authority_key: AuthorityKey,
    pub fingerprint: String,
    pub identifiers: String,
}

/// Stores what a case was recorded from.
///
/// # Errors
///
/// As the store.
pub fn insert(connection: &mut Connection, row: &CaseHistoryRow) -> Result<(), StoreError> {
    diesel::insert_into(case_histories::table).values(row).execute(connection)?;
    Ok(())
}

/// The request of an authority with this reference, and what it was recorded from if it was recorded whole. The key of the
/// authority was found through a scope.
///
/// # Errors
///
/// As the store.
pub fn find(
    connection: &mut Connection,
    authority_key: AuthorityKey,
    reference: &str,
) -> Result<Option<(String, Option<CaseHistoryRow>)>, StoreError> {
    requests::table
        .left_join(case_histories::table.on(case_histories::request_key.eq(requests::request_key)))
        .filter(requests::authority_key.eq(authority_key))
        .filter(requests::reference.eq(reference))
        .select((requests::id, Option::<CaseHistoryRow>::as_select()))
        .get_result(connection)
        .optional()
        .map_err(StoreError::from)
}
