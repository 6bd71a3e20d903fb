//! What this installation keeps about itself, and the bank-holidays files loaded into it.

use diesel::{prelude::*, sql_query, sql_types::Bool};

use super::{
    Connection, StoreError,
    schema::{calendar_files, installation},
};

/// A value kept under a name.
///
/// # Errors
///
/// As the store.
pub fn value(connection: &mut Connection, name: &str) -> Result<Option<String>, StoreError> {
    installation::table
        .find(name)
        .select(installation::value)
        .get_result(connection)
        .optional()
        .map_err(StoreError::from)
}

/// Keeps `proposed` under `name` unless there is a value already, and gives the one that stands: several processes may
/// start at once.
///
/// # Errors
///
/// As the store.
pub fn value_or_insert(connection: &mut Connection, name: &str, proposed: &str) -> Result<String, StoreError> {
    let insert = diesel::insert_into(installation::table)
        .values((installation::name.eq(name), installation::value.eq(proposed)));
    match connection {
        Connection::Postgres(inner) => insert.on_conflict_do_nothing().execute(inner)?,
        Connection::Sqlite(inner) => insert.on_conflict_do_nothing().execute(inner)?,
    };
    Ok(value(connection, name)?.unwrap_or_else(|| proposed.to_owned()))
}

/// Keeps `value` under `name`, in place of what was there.
///
/// # Errors
///
/// As the store.
pub fn set_value(connection: &mut Connection, name: &str, value: &str) -> Result<(), StoreError> {
    let changed =
        diesel::update(installation::table.find(name)).set(installation::value.eq(value)).execute(connection)?;
    if changed == 0 {
        value_or_insert(connection, name, value)?;
    }
    Ok(())
}

#[derive(QueryableByName)]
struct Bypasses {
    #[diesel(sql_type = Bool)]
    bypasses: bool,
}

/// Whether the role of PostgreSQL that is served under is not bound by row-level security: then the queries are the only
/// fence around an authority's rows, as they are on SQLite.
///
/// # Errors
///
/// As the store.
pub fn bypasses_row_security(connection: &mut Connection) -> Result<bool, StoreError> {
    let Connection::Postgres(inner) = connection else { return Ok(false) };
    let role = sql_query("SELECT rolsuper OR rolbypassrls AS bypasses FROM pg_roles WHERE rolname = current_user");
    Ok(role.get_result::<Bypasses>(inner)?.bypasses)
}

/// Stores a bank-holidays file.
///
/// # Errors
///
/// As the store.
pub fn insert_calendar_file(
    connection: &mut Connection,
    version: &str,
    document: &str,
    loaded_at: i64,
) -> Result<(), StoreError> {
    diesel::insert_into(calendar_files::table)
        .values((
            calendar_files::version.eq(version),
            calendar_files::document.eq(document),
            calendar_files::loaded_at.eq(loaded_at),
        ))
        .execute(connection)?;
    Ok(())
}

/// The newest bank-holidays file: cheap to ask, to notice a new one.
///
/// # Errors
///
/// As the store.
pub fn newest_calendar_file(connection: &mut Connection) -> Result<Option<i64>, StoreError> {
    calendar_files::table
        .select(diesel::dsl::max(calendar_files::calendar_file_key))
        .get_result(connection)
        .map_err(StoreError::from)
}

/// All bank-holidays files, in the order in which they were loaded.
///
/// # Errors
///
/// As the store.
pub fn calendar_files_in_order(connection: &mut Connection) -> Result<Vec<String>, StoreError> {
    calendar_files::table
        .order(calendar_files::calendar_file_key)
        .select(calendar_files::document)
        .load(connection)
        .map_err(StoreError::from)
}

/// The values whose names begin like this, by name. The beginning has no wildcards.
///
/// # Errors
///
/// As the store.
pub fn beginning_with(connection: &mut Connection, beginning: &str) -> Result<Vec<(String, String)>, StoreError> {
    installation::table
        .filter(installation::name.like(format!("{}%", beginning.replace('_', "\\_"))).escape('\\'))
        .order(installation::name)
        .select((installation::name, installation::value))
        .load(connection)
        .map_err(StoreError::from)
}

/// Removes what is kept under a name.
///
/// # Errors
///
/// As the store.
pub fn remove(connection: &mut Connection, name: &str) -> Result<(), StoreError> {
    diesel::delete(installation::table.find(name)).execute(connection)?;
    Ok(())
}
