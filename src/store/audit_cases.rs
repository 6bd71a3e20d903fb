//! Which entries of the audit log name a case among those that a list or a table showed: derived from the entries, so that
//! the search for a case finds them.

#![expect(missing_docs, reason = "a column means what its migration says")]

use diesel::prelude::*;

use super::{
    AuthorityKey, Connection, StoreError,
    audit::{AuditFilter, AuditRow, narrowed},
    audit_statements::{LinkCases, LinkCasesAsJson},
    schema::{audit_cases_shown, audit_entries},
};

/// A case that the entry at a place names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownRow {
    pub authority_key: AuthorityKey,
    pub case_id: String,
    pub seq: i64,
}

/// Keeps which entries name which cases, by one statement.
///
/// # Errors
///
/// As the store.
pub fn link(connection: &mut Connection, rows: &[ShownRow]) -> Result<(), StoreError> {
    if rows.is_empty() {
        return Ok(());
    }
    match connection {
        Connection::Postgres(inner) => LinkCases::new(rows).execute(inner)?,
        Connection::Sqlite(inner) => LinkCasesAsJson::new(rows).execute(inner)?,
    };
    Ok(())
}

/// The entries of one authority after the place `after` that name a case among those shown, in the order of the chain; of
/// the filter all but the case holds as well.
///
/// # Errors
///
/// As the store.
pub(super) fn entries(
    connection: &mut Connection,
    authority_key: AuthorityKey,
    case_id: &str,
    filter: &AuditFilter,
    after: i64,
    limit: i64,
) -> Result<Vec<AuditRow>, StoreError> {
    let is_same_entry = audit_entries::authority_key
        .eq(audit_cases_shown::authority_key)
        .and(audit_entries::seq.eq(audit_cases_shown::seq));
    let query = audit_cases_shown::table
        .inner_join(audit_entries::table.on(is_same_entry))
        .filter(audit_cases_shown::authority_key.eq(authority_key))
        .filter(audit_cases_shown::case_id.eq(case_id.to_owned()))
        .filter(audit_cases_shown::seq.gt(after))
        .order(audit_cases_shown::seq)
        .limit(limit)
        .select(AuditRow::as_select())
        .into_boxed();
    let query = narrowed!(query, filter);
    query.load(connection).map_err(StoreError::from)
}

/// The cases that are kept beside the entries of one authority from the first to the last of these places, with the place,
/// in their order.
///
/// # Errors
///
/// As the store.
pub fn between(
    connection: &mut Connection,
    authority_key: AuthorityKey,
    places: (i64, i64),
    limit: i64,
) -> Result<Vec<(i64, String)>, StoreError> {
    audit_cases_shown::table
        .filter(audit_cases_shown::authority_key.eq(authority_key))
        .filter(audit_cases_shown::seq.ge(places.0))
        .filter(audit_cases_shown::seq.le(places.1))
        .order((audit_cases_shown::seq, audit_cases_shown::case_id))
        .limit(limit)
        .select((audit_cases_shown::seq, audit_cases_shown::case_id))
        .load(connection)
        .map_err(StoreError::from)
}
