//! Rows of regulatory actions.

#![expect(missing_docs, reason = "a column means what its migration says")]

use diesel::prelude::*;

use super::{
    AuthorityKey, AuthorityScope, Connection, MultiBackend, RegulatoryActionKey, StoreError, schema::regulatory_actions,
};

/// A regulatory action as it is stored; `content` is JSON.
#[derive(Debug, Clone, Queryable, Selectable, Identifiable, AsChangeset)]
#[diesel(table_name = regulatory_actions, primary_key(regulatory_action_key), treat_none_as_null = true)]
pub struct RegulatoryActionRow {
    pub regulatory_action_key: RegulatoryActionKey,
    pub id: String,
    pub authority_key: AuthorityKey,
    pub authority_id: String,
    pub content: String,
    pub version: i64,
    pub created_at: i64,
    pub updated_at: i64,
    pub voided_at: Option<i64>,
    pub void_reason: Option<String>,
}

/// A regulatory action about to be stored.
#[derive(Debug, Insertable)]
#[diesel(table_name = regulatory_actions)]
pub struct NewRegulatoryActionRow {
    pub id: String,
    pub authority_key: AuthorityKey,
    pub authority_id: String,
    pub content: String,
    pub version: i64,
    pub created_at: i64,
    pub updated_at: i64,
}

/// Which actions, in the order of their change.
#[derive(Debug, Clone)]
pub struct ActionPage {
    pub authority_key: Option<AuthorityKey>,
    /// Changed from the first to the second instant.
    pub updated_at: Option<(i64, i64)>,
    /// Instant of change and id of the last one of the page before.
    pub after: Option<(i64, String)>,
    pub limit: i64,
}

/// Stores an action.
///
/// # Errors
///
/// As the store.
pub fn insert(connection: &mut Connection, row: &NewRegulatoryActionRow) -> Result<(), StoreError> {
    diesel::insert_into(regulatory_actions::table).values(row).execute(connection)?;
    Ok(())
}

/// The action with this id, if the caller may see it.
///
/// # Errors
///
/// As the store.
pub fn find(
    connection: &mut Connection,
    scope: &AuthorityScope,
    id: &str,
) -> Result<Option<RegulatoryActionRow>, StoreError> {
    let row = regulatory_actions::table
        .filter(regulatory_actions::id.eq(id))
        .select(RegulatoryActionRow::as_select())
        .get_result(connection)
        .optional()?;
    Ok(row.filter(|row| scope.admits(row.authority_key)))
}

/// Voids an action unless it is void already; whether it was voided now.
///
/// # Errors
///
/// As the store.
pub fn void(
    connection: &mut Connection,
    key: RegulatoryActionKey,
    voided_at: i64,
    reason: &str,
) -> Result<bool, StoreError> {
    let target = regulatory_actions::table
        .filter(regulatory_actions::regulatory_action_key.eq(key))
        .filter(regulatory_actions::voided_at.is_null());
    let voided = diesel::update(target)
        .set((
            regulatory_actions::voided_at.eq(voided_at),
            regulatory_actions::void_reason.eq(reason),
            regulatory_actions::version.eq(regulatory_actions::version + 1),
            regulatory_actions::updated_at.eq(voided_at),
        ))
        .execute(connection)?;
    Ok(voided == 1)
}

/// A page of actions, in the order of their change.
///
/// # Errors
///
/// As the store.
pub fn list(
    connection: &mut Connection,
    scope: &AuthorityScope,
    page: &ActionPage,
) -> Result<Vec<RegulatoryActionRow>, StoreError> {
    let mut query = regulatory_actions::table
        .select(RegulatoryActionRow::as_select())
        .order((regulatory_actions::updated_at, regulatory_actions::id))
        .limit(page.limit)
        .into_boxed::<MultiBackend>();
    if let AuthorityScope::Only(keys) = scope {
        query = query.filter(regulatory_actions::authority_key.eq_any(keys.clone()));
    }
    if let Some(key) = page.authority_key {
        query = query.filter(regulatory_actions::authority_key.eq(key));
    }
    if let Some((from, to)) = page.updated_at {
        query = query.filter(regulatory_actions::updated_at.between(from, to));
    }
    if let Some((at, id)) = page.after.clone() {
        let later = regulatory_actions::updated_at.gt(at).or(regulatory_actions::id.gt(id));
        query = query.filter(regulatory_actions::updated_at.ge(at)).filter(later);
    }
    query.load(connection).map_err(StoreError::from)
}
