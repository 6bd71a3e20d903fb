//! Rows of requests, their parts and topics. What is erased is found by none of these queries.

#![expect(missing_docs, reason = "a column means what its migration says")]

use chrono::NaiveDate;
use diesel::prelude::*;

use super::{
    AuthorityKey, AuthorityScope, Connection, PartKey, RequestKey, StoreError,
    prepared::{Prepared, on_either},
    schema::{due_dates, parts, request_topics, requests},
};

/// A request as it is stored; `details` is JSON, the columns from `received_on` to `outcome` are projections.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Identifiable, AsChangeset)]
#[diesel(table_name = requests, primary_key(request_key), treat_none_as_null = true)]
pub struct RequestRow {
    pub request_key: RequestKey,
    pub id: String,
    pub authority_key: AuthorityKey,
    pub authority_id: String,
    pub reference: String,
    pub regime: String,
    pub subject: String,
    pub search_text: String,
    pub recorded_received_on: NaiveDate,
    pub details: String,
    pub received_on: NaiveDate,
    pub status: String,
    pub due_on: Option<NaiveDate>,
    pub extended_to: Option<NaiveDate>,
    pub lapses_on: Option<NaiveDate>,
    pub overdue_after: Option<NaiveDate>,
    pub responded_on: Option<NaiveDate>,
    pub closed_on: Option<NaiveDate>,
    pub on_time: Option<bool>,
    pub working_days_taken: Option<i64>,
    pub outcome: Option<String>,
    pub version: i64,
    pub created_at: i64,
    pub updated_at: i64,
}

/// A request about to be stored.
#[derive(Debug, Insertable)]
#[diesel(table_name = requests)]
pub struct NewRequestRow {
    pub id: String,
    pub authority_key: AuthorityKey,
    pub authority_id: String,
    pub reference: String,
    pub regime: String,
    pub subject: String,
    pub search_text: String,
    pub recorded_received_on: NaiveDate,
    pub details: String,
    pub received_on: NaiveDate,
    pub status: String,
    pub due_on: Option<NaiveDate>,
    pub extended_to: Option<NaiveDate>,
    pub lapses_on: Option<NaiveDate>,
    pub overdue_after: Option<NaiveDate>,
    pub responded_on: Option<NaiveDate>,
    pub closed_on: Option<NaiveDate>,
    pub on_time: Option<bool>,
    pub working_days_taken: Option<i64>,
    pub outcome: Option<String>,
    pub version: i64,
    pub created_at: i64,
    pub updated_at: i64,
}

impl From<RequestRow> for NewRequestRow {
    fn from(row: RequestRow) -> Self {
        Self {
            id: row.id,
            authority_key: row.authority_key,
            authority_id: row.authority_id,
            reference: row.reference,
            regime: row.regime,
            subject: row.subject,
            search_text: row.search_text,
            recorded_received_on: row.recorded_received_on,
            details: row.details,
            received_on: row.received_on,
            status: row.status,
            due_on: row.due_on,
            extended_to: row.extended_to,
            lapses_on: row.lapses_on,
            overdue_after: row.overdue_after,
            responded_on: row.responded_on,
            closed_on: row.closed_on,
            on_time: row.on_time,
            working_days_taken: row.working_days_taken,
            outcome: row.outcome,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

/// A part as it is stored; `details` is JSON, the columns after it are projections.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Identifiable, AsChangeset)]
#[diesel(table_name = parts, primary_key(part_key), treat_none_as_null = true)]
pub struct PartRow {
    pub part_key: PartKey,
    pub request_key: RequestKey,
    pub authority_key: AuthorityKey,
    pub position: i32,
    pub label: String,
    pub text: String,
    pub regime: Option<String>,
    pub valid_request: bool,
    pub details: String,
    pub status: Option<String>,
    pub due_on: Option<NaiveDate>,
    pub extended_to: Option<NaiveDate>,
    pub lapses_on: Option<NaiveDate>,
    pub outcome: Option<String>,
}

/// A part about to be stored.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = parts)]
pub struct NewPartRow {
    pub request_key: RequestKey,
    pub authority_key: AuthorityKey,
    pub position: i32,
    pub label: String,
    pub text: String,
    pub regime: Option<String>,
    pub valid_request: bool,
    pub details: String,
    pub status: Option<String>,
    pub due_on: Option<NaiveDate>,
    pub extended_to: Option<NaiveDate>,
    pub lapses_on: Option<NaiveDate>,
    pub outcome: Option<String>,
}

/// Stores a request and gives its key.
///
/// # Errors
///
/// `Unique` on `requests(authority_key,reference)` when the reference is taken.
pub fn insert(connection: &mut Connection, row: &NewRequestRow) -> Result<RequestKey, StoreError> {
    let insert = diesel::insert_into(requests::table).values(row).returning(requests::request_key);
    on_either!(connection, |inner| insert.get_result(inner)).map_err(StoreError::from)
}

/// Stores a request unless its reference is taken, and gives its key.
///
/// # Errors
///
/// As the store.
pub fn insert_unless_taken(connection: &mut Connection, row: &NewRequestRow) -> Result<Option<RequestKey>, StoreError> {
    let reference = (requests::authority_key, requests::reference);
    let insert = diesel::insert_into(requests::table).values(row);
    let insert = insert.on_conflict(reference).do_nothing().returning(requests::request_key);
    on_either!(connection, |inner| insert.get_result(inner)).optional().map_err(StoreError::from)
}

/// Whether a request of the authority has this reference, an erased one too.
///
/// # Errors
///
/// As the store.
pub fn is_reference_taken(
    connection: &mut Connection,
    authority_key: AuthorityKey,
    reference: &str,
) -> Result<bool, StoreError> {
    let named =
        requests::table.filter(requests::authority_key.eq(authority_key)).filter(requests::reference.eq(reference));
    diesel::select(diesel::dsl::exists(named)).get_result(connection).map_err(StoreError::from)
}

/// Stores parts, in their order.
///
/// # Errors
///
/// `Unique` on `parts(request_key,label)` when a label is taken.
pub fn insert_parts(connection: &mut Connection, rows: &[NewPartRow]) -> Result<(), StoreError> {
    match connection {
        // One round trip for all; SQLite gains nothing from it.
        Connection::Postgres(inner) => {
            diesel::insert_into(parts::table).values(rows).execute(inner)?;
        }
        Connection::Sqlite(inner) => {
            for row in rows {
                diesel::insert_into(parts::table).values(row).execute(inner)?;
            }
        }
    }
    Ok(())
}

/// Replaces the topics of a request.
///
/// # Errors
///
/// As the store.
pub fn replace_topics(connection: &mut Connection, row: &RequestRow, topics: &[&str]) -> Result<(), StoreError> {
    diesel::delete(request_topics::table.filter(request_topics::request_key.eq(row.request_key)))
        .execute(connection)?;
    insert_topics(connection, row, topics)
}

/// Stores the topics of a new request.
///
/// # Errors
///
/// As the store.
pub fn insert_topics(connection: &mut Connection, row: &RequestRow, topics: &[&str]) -> Result<(), StoreError> {
    for topic in topics {
        let insert = diesel::insert_into(request_topics::table).values((
            request_topics::request_key.eq(row.request_key),
            request_topics::authority_key.eq(row.authority_key),
            request_topics::topic.eq(*topic),
        ));
        on_either!(connection, |inner| insert.execute(inner))?;
    }
    Ok(())
}

/// The request with this id, if the caller may see it.
///
/// # Errors
///
/// As the store.
pub fn find(connection: &mut Connection, scope: &AuthorityScope, id: &str) -> Result<Option<RequestRow>, StoreError> {
    let by_id = requests::table.filter(requests::id.eq(id)).filter(requests::erased_at.is_null());
    let row = on_either!(connection, |inner| by_id.select(RequestRow::as_select()).get_result(inner)).optional()?;
    Ok(row.filter(|row| scope.admits(row.authority_key)))
}

/// The same, and no other transaction changes the request until this one ends. Use cases that write begin with it.
///
/// # Errors
///
/// As the store.
pub fn find_to_change(
    connection: &mut Connection,
    scope: &AuthorityScope,
    id: &str,
) -> Result<Option<RequestRow>, StoreError> {
    let row = match connection {
        Connection::Postgres(inner) => requests::table
            .filter(requests::id.eq(id))
            .filter(requests::erased_at.is_null())
            .select(RequestRow::as_select())
            .for_update()
            .get_result(inner)
            .optional()?,
        // The only writer holds the write lock already.
        Connection::Sqlite(_) => return find(connection, scope, id),
    };
    Ok(row.filter(|row| scope.admits(row.authority_key)))
}

/// Key and id of the authority that a request belongs to, an erased one too: for what is told of calls, not of requests.
///
/// # Errors
///
/// As the store.
pub fn authority_of(
    connection: &mut Connection,
    scope: &AuthorityScope,
    id: &str,
) -> Result<Option<(AuthorityKey, String)>, StoreError> {
    let by_id = requests::table.filter(requests::id.eq(id)).select((requests::authority_key, requests::authority_id));
    let found: Option<(AuthorityKey, String)> = on_either!(connection, |inner| by_id.get_result(inner)).optional()?;
    Ok(found.filter(|(key, _)| scope.admits(*key)))
}

/// The parts of a request, in their order.
///
/// # Errors
///
/// As the store.
pub fn parts_of(connection: &mut Connection, request_key: RequestKey) -> Result<Vec<PartRow>, StoreError> {
    let parts = parts::table.filter(parts::request_key.eq(request_key));
    let mut rows = on_either!(connection, |inner| parts.select(PartRow::as_select()).load(inner))?;
    // A handful of rows: ordered here more quickly than by the database, whose index is of their labels.
    rows.sort_unstable_by_key(|row: &PartRow| row.position);
    Ok(rows)
}

/// The parts of several requests, ordered by request and position.
///
/// # Errors
///
/// As the store.
pub fn parts_of_all(connection: &mut Connection, request_keys: &[RequestKey]) -> Result<Vec<PartRow>, StoreError> {
    let parts = parts::table.order((parts::request_key, parts::position));
    // PostgreSQL takes the keys as one array, so that its statement stays prepared.
    on_either!(connection, |inner| parts
        .filter(parts::request_key.eq_any(request_keys))
        .select(PartRow::as_select())
        .load(inner))
    .map_err(StoreError::from)
}

/// Writes a request back.
///
/// # Errors
///
/// As the store.
pub fn update(connection: &mut Connection, row: &RequestRow) -> Result<(), StoreError> {
    enum UpdateRequest {}
    let update = Prepared::<UpdateRequest, _>::new(diesel::update(requests::table.find(row.request_key)).set(row));
    on_either!(connection, |inner| update.execute(inner))?;
    Ok(())
}

/// Writes a part back.
///
/// # Errors
///
/// `Unique` on `parts(request_key,label)` when a label is taken.
pub fn update_part(connection: &mut Connection, row: &PartRow) -> Result<(), StoreError> {
    enum UpdatePart {}
    let update = Prepared::<UpdatePart, _>::new(diesel::update(parts::table.find(row.part_key)).set(row));
    on_either!(connection, |inner| update.execute(inner))?;
    Ok(())
}

/// Removes a part: it was split, and its words stand in others.
///
/// # Errors
///
/// As the store.
pub fn delete_part(connection: &mut Connection, part_key: PartKey) -> Result<(), StoreError> {
    diesel::delete(parts::table.find(part_key)).execute(connection)?;
    Ok(())
}

/// Requests of any authority of which a part was ended by an unpaid fee until `today` and that do not show it yet, by
/// internal key.
///
/// # Errors
///
/// As the store.
pub fn lapsed_ids(
    connection: &mut Connection,
    today: NaiveDate,
    after_key: RequestKey,
    limit: i64,
) -> Result<Vec<(RequestKey, String)>, StoreError> {
    requests::table
        .inner_join(parts::table.on(parts::request_key.eq(requests::request_key)))
        .filter(parts::lapses_on.is_not_null())
        .filter(parts::lapses_on.le(today))
        .filter(parts::status.eq("awaiting_fee"))
        .filter(requests::erased_at.is_null())
        .filter(requests::request_key.gt(after_key))
        .order(requests::request_key)
        .select((requests::request_key, requests::id))
        .distinct()
        .limit(limit)
        .load(connection)
        .map_err(StoreError::from)
}

/// Open requests of any authority, and answered ones of which something still falls due, by internal key: those whose dates
/// a newer calendar may move.
///
/// # Errors
///
/// As the store.
pub fn open_ids(
    connection: &mut Connection,
    after_key: RequestKey,
    limit: i64,
) -> Result<Vec<(RequestKey, String)>, StoreError> {
    requests::table
        .filter(
            requests::closed_on
                .is_null()
                .or(diesel::dsl::exists(due_dates::table.filter(due_dates::request_key.eq(requests::request_key)))),
        )
        .filter(requests::erased_at.is_null())
        .filter(requests::request_key.gt(after_key))
        .order(requests::request_key)
        .select((requests::request_key, requests::id))
        .limit(limit)
        .load(connection)
        .map_err(StoreError::from)
}

#[derive(QueryableByName)]
struct LastChange {
    #[diesel(sql_type = diesel::sql_types::Nullable<diesel::sql_types::BigInt>)]
    micros: Option<i64>,
}

/// The latest instant at which a request of any authority was changed, in microseconds. One step into the index of each
/// authority, however many requests it has.
///
/// # Errors
///
/// As the store.
pub fn last_change(connection: &mut Connection) -> Result<Option<i64>, StoreError> {
    let query = diesel::sql_query(
        "SELECT max(last) AS micros FROM (SELECT (SELECT max(r.updated_at) FROM requests r \
         WHERE r.authority_key = a.authority_key) AS last FROM authorities a) changes",
    );
    let found: LastChange = match connection {
        Connection::Sqlite(inner) => query.get_result(inner)?,
        Connection::Postgres(inner) => query.get_result(inner)?,
    };
    Ok(found.micros)
}
