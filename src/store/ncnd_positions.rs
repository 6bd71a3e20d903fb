//! Rows of standing positions, and of the topics that requests match them by.

#![expect(missing_docs, reason = "a column means what its migration says")]

use diesel::prelude::*;

use super::{
    AuthorityKey, AuthorityScope, Connection, MultiBackend, PositionKey, RequestKey, StoreError,
    schema::{ncnd_positions, request_topics},
};

/// A standing position as it is stored; `content` is JSON.
#[derive(Debug, Clone, Queryable, Selectable, Identifiable, AsChangeset)]
#[diesel(table_name = ncnd_positions, primary_key(position_key))]
pub struct PositionRow {
    pub position_key: PositionKey,
    pub id: String,
    pub authority_key: AuthorityKey,
    pub authority_id: String,
    pub content: String,
    pub version: i64,
    pub created_at: i64,
    pub updated_at: i64,
}

/// A standing position about to be stored.
#[derive(Debug, Insertable)]
#[diesel(table_name = ncnd_positions)]
pub struct NewPositionRow {
    pub id: String,
    pub authority_key: AuthorityKey,
    pub authority_id: String,
    pub content: String,
    pub version: i64,
    pub created_at: i64,
    pub updated_at: i64,
}

/// Stores a position and gives its row.
///
/// # Errors
///
/// As the store.
pub fn insert(connection: &mut Connection, row: &NewPositionRow) -> Result<PositionRow, StoreError> {
    diesel::insert_into(ncnd_positions::table).values(row).execute(connection)?;
    ncnd_positions::table
        .filter(ncnd_positions::id.eq(&row.id))
        .select(PositionRow::as_select())
        .get_result(connection)
        .map_err(StoreError::from)
}

/// The position with this id, if the caller may see it.
///
/// # Errors
///
/// As the store.
pub fn find(connection: &mut Connection, scope: &AuthorityScope, id: &str) -> Result<Option<PositionRow>, StoreError> {
    let row = ncnd_positions::table
        .filter(ncnd_positions::id.eq(id))
        .select(PositionRow::as_select())
        .get_result(connection)
        .optional()?;
    Ok(row.filter(|row| scope.admits(row.authority_key)))
}

/// The same, and no other transaction changes the position until this one ends.
///
/// # Errors
///
/// As the store.
pub fn find_to_change(
    connection: &mut Connection,
    scope: &AuthorityScope,
    id: &str,
) -> Result<Option<PositionRow>, StoreError> {
    let row = match connection {
        Connection::Postgres(inner) => ncnd_positions::table
            .filter(ncnd_positions::id.eq(id))
            .select(PositionRow::as_select())
            .for_update()
            .get_result(inner)
            .optional()?,
        // The only writer holds the write lock already.
        Connection::Sqlite(_) => return find(connection, scope, id),
    };
    Ok(row.filter(|row| scope.admits(row.authority_key)))
}

/// Which positions, and in which order.
#[derive(Debug, Clone)]
pub struct PositionPage {
    pub authority_key: Option<AuthorityKey>,
    /// Changed from the first to the second instant, and in the order of their change.
    pub updated_at: Option<(i64, i64)>,
    /// Instant of change and key of the last one of the page before.
    pub after: Option<(i64, i64)>,
    pub limit: i64,
}

/// Positions the caller may see, in the order in which they were recorded, or in that of their change.
///
/// # Errors
///
/// As the store.
pub fn list(
    connection: &mut Connection,
    scope: &AuthorityScope,
    page: &PositionPage,
) -> Result<Vec<PositionRow>, StoreError> {
    let mut query =
        ncnd_positions::table.select(PositionRow::as_select()).limit(page.limit).into_boxed::<MultiBackend>();
    if let AuthorityScope::Only(keys) = scope {
        query = query.filter(ncnd_positions::authority_key.eq_any(keys.clone()));
    }
    if let Some(authority_key) = page.authority_key {
        query = query.filter(ncnd_positions::authority_key.eq(authority_key));
    }
    let query = match page.updated_at {
        None => {
            if let Some((_, key)) = page.after {
                query = query.filter(ncnd_positions::position_key.gt(key));
            }
            query.order(ncnd_positions::position_key)
        }
        Some((from, to)) => {
            if let Some((at, key)) = page.after {
                let later = ncnd_positions::updated_at.gt(at).or(ncnd_positions::position_key.gt(key));
                query = query.filter(ncnd_positions::updated_at.ge(at)).filter(later);
            }
            let changed = ncnd_positions::updated_at.between(from, to);
            query.filter(changed).order((ncnd_positions::updated_at, ncnd_positions::position_key))
        }
    };
    query.load(connection).map_err(StoreError::from)
}

/// The positions of one authority, in the order in which they were recorded.
///
/// # Errors
///
/// As the store.
pub fn of_authority(connection: &mut Connection, authority_key: AuthorityKey) -> Result<Vec<PositionRow>, StoreError> {
    ncnd_positions::table
        .filter(ncnd_positions::authority_key.eq(authority_key))
        .order(ncnd_positions::position_key)
        .select(PositionRow::as_select())
        .load(connection)
        .map_err(StoreError::from)
}

/// Writes a position back.
///
/// # Errors
///
/// As the store.
pub fn update(connection: &mut Connection, row: &PositionRow) -> Result<(), StoreError> {
    diesel::update(ncnd_positions::table.find(row.position_key)).set(row).execute(connection)?;
    Ok(())
}

/// Removes a position.
///
/// # Errors
///
/// As the store.
pub fn delete(connection: &mut Connection, position_key: PositionKey) -> Result<(), StoreError> {
    diesel::delete(ncnd_positions::table.find(position_key)).execute(connection)?;
    Ok(())
}

/// The topics of a request, in the order of the alphabet.
///
/// # Errors
///
/// As the store.
pub fn topics_of(connection: &mut Connection, request_key: RequestKey) -> Result<Vec<String>, StoreError> {
    request_topics::table
        .filter(request_topics::request_key.eq(request_key))
        .order(request_topics::topic)
        .select(request_topics::topic)
        .load(connection)
        .map_err(StoreError::from)
}
