//! Rows of timelines, and of erased requests.

#![expect(missing_docs, reason = "a column means what its migration says")]

use chrono::NaiveDate;
use diesel::prelude::*;

use super::{
    AuthorityKey, AuthorityScope, Connection, RequestKey, StoreError,
    prepared::on_either,
    schema::{deletions, timeline_entries},
};

/// One entry of a timeline.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = timeline_entries)]
pub struct TimelineRow {
    pub kind: String,
    pub effective_on: Option<NaiveDate>,
    pub subject_id: Option<String>,
    pub detail: Option<String>,
    pub recorded_at: i64,
}

/// An entry about to be stored.
#[derive(Debug, Insertable)]
#[diesel(table_name = timeline_entries)]
pub struct NewTimelineRow<'a> {
    pub request_key: RequestKey,
    pub authority_key: AuthorityKey,
    pub kind: &'a str,
    pub effective_on: Option<NaiveDate>,
    pub subject_id: Option<&'a str>,
    pub detail: Option<&'a str>,
    pub recorded_at: i64,
}

/// Stores an entry.
///
/// # Errors
///
/// As the store.
pub fn insert(connection: &mut Connection, row: &NewTimelineRow<'_>) -> Result<(), StoreError> {
    let insert = diesel::insert_into(timeline_entries::table).values(row);
    on_either!(connection, |inner| insert.execute(inner))?;
    Ok(())
}

/// A page of the timeline of a request, in the order of recording, after its first `seen` entries; of those alone that
/// were recorded from the first to the second instant of `recorded`, in the order of their instants.
///
/// # Errors
///
/// As the store.
pub fn of_request(
    connection: &mut Connection,
    request_key: RequestKey,
    recorded: Option<(i64, i64)>,
    seen: i64,
    limit: i64,
) -> Result<Vec<TimelineRow>, StoreError> {
    let page = timeline_entries::table
        .filter(timeline_entries::request_key.eq(request_key))
        .select(TimelineRow::as_select())
        .offset(seen)
        .limit(limit)
        .into_boxed();
    let page = match recorded {
        None => page.order(timeline_entries::entry_key.asc()),
        Some((from, to)) => page
            .filter(timeline_entries::recorded_at.between(from, to))
            .order((timeline_entries::recorded_at.asc(), timeline_entries::entry_key.asc())),
    };
    page.load(connection).map_err(StoreError::from)
}

/// The subjects of the entries of one kind in the timeline of a request, with their details, in the order of recording.
///
/// # Errors
///
/// As the store.
pub fn subjects(
    connection: &mut Connection,
    request_key: RequestKey,
    kind: &str,
) -> Result<Vec<(String, Option<String>)>, StoreError> {
    timeline_entries::table
        .filter(timeline_entries::request_key.eq(request_key))
        .filter(timeline_entries::kind.eq(kind))
        .filter(timeline_entries::subject_id.is_not_null())
        .order(timeline_entries::entry_key)
        .select((timeline_entries::subject_id.assume_not_null(), timeline_entries::detail))
        .load(connection)
        .map_err(StoreError::from)
}

/// An erased request.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = deletions)]
pub struct DeletionRow {
    pub id: String,
    pub authority_id: String,
    pub deleted_at: i64,
}

/// A page of the requests erased from the first to the second instant of `deleted_at`, in the order of erasure.
///
/// # Errors
///
/// As the store.
pub fn deletions(
    connection: &mut Connection,
    scope: &AuthorityScope,
    authority_key: Option<AuthorityKey>,
    deleted_at: (Option<i64>, i64),
    after: Option<(i64, String)>,
    limit: i64,
) -> Result<Vec<DeletionRow>, StoreError> {
    let mut query = deletions::table
        .select(DeletionRow::as_select())
        .filter(deletions::deleted_at.le(deleted_at.1))
        .order((deletions::deleted_at, deletions::id))
        .limit(limit)
        .into_boxed();
    if let AuthorityScope::Only(keys) = scope {
        query = query.filter(deletions::authority_key.eq_any(keys.clone()));
    }
    if let Some(key) = authority_key {
        query = query.filter(deletions::authority_key.eq(key));
    }
    if let Some(from) = deleted_at.0 {
        query = query.filter(deletions::deleted_at.ge(from));
    }
    if let Some((at, id)) = after {
        query = query.filter(deletions::deleted_at.ge(at).and(deletions::deleted_at.gt(at).or(deletions::id.gt(id))));
    }
    query.load(connection).map_err(StoreError::from)
}
