//! Pages of requests: filters, orders and keyset positions.
//!
//! The keyset condition is `key >= k AND (key > k OR id > i)`: the usual `key > k OR (key = k AND id > i)` makes both
//! databases read everything before the position.

use chrono::{Datelike, NaiveDate};
use diesel::{dsl::exists, prelude::*};

use super::{
    AuthorityKey, AuthorityScope, Connection, MultiBackend, StoreError,
    requests::RequestRow,
    schema::{request_topics, requests},
};

/// What a list is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct RequestFilter {
    /// Only this authority.
    pub authority_key: Option<AuthorityKey>,
    /// Only in this status today.
    pub status: Option<String>,
    /// Only overdue ones, or only ones that are not.
    pub overdue: Option<bool>,
    /// Only under this regime.
    pub regime: Option<String>,
    /// Only with this topic.
    pub topic: Option<String>,
    /// Due on this day or later.
    pub due_on_from: Option<NaiveDate>,
    /// Due on this day or earlier.
    pub due_on_to: Option<NaiveDate>,
    /// Received on this day or later.
    pub received_on_from: Option<NaiveDate>,
    /// Received on this day or earlier.
    pub received_on_to: Option<NaiveDate>,
    /// Changed at this instant or later.
    pub updated_at_from: Option<i64>,
    /// Changed at this instant or earlier.
    pub updated_at_to: Option<i64>,
    /// Words in reference or subject, lower case.
    pub words: Option<String>,
}

/// What a list is sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SortKey {
    /// The statutory due date; requests without one come last.
    DueOn,
    /// The day of receipt.
    ReceivedOn,
    /// The last change.
    UpdatedAt,
}

/// Which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Earliest first.
    Ascending,
    /// Latest first.
    Descending,
}

/// The row after which a page begins: its sort key (days or microseconds; `None` for a row without one) and id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Position {
    /// The sort key of the last row of the page before.
    pub key: Option<i64>,
    /// Its id.
    pub id: String,
}

/// One page.
#[derive(Debug, Clone)]
pub struct PageOf {
    /// What it is sorted by.
    pub key: SortKey,
    /// Which way.
    pub direction: Direction,
    /// Where it begins.
    pub after: Option<Position>,
    /// How many rows at most.
    pub limit: i64,
}

/// Sorts by a column and then by id, and begins after a position. A macro, since each column has a type of its own.
macro_rules! sorted {
    ($query:expr, $column:path, $after:expr, $direction:expr) => {{
        let query = $query;
        match ($direction, $after) {
            (Direction::Ascending, None) => query.order(($column.asc(), requests::id.asc())),
            (Direction::Descending, None) => query.order(($column.desc(), requests::id.desc())),
            (Direction::Ascending, Some((key, id))) => query
                .filter($column.ge(key).and($column.gt(key).or(requests::id.gt(id))))
                .order(($column.asc(), requests::id.asc())),
            (Direction::Descending, Some((key, id))) => query
                .filter($column.le(key).and($column.lt(key).or(requests::id.lt(id))))
                .order(($column.desc(), requests::id.desc())),
        }
    }};
}

type Rows = requests::BoxedQuery<'static, MultiBackend, <requests::table as diesel::query_builder::AsQuery>::SqlType>;

fn filtered(scope: &AuthorityScope, filter: &RequestFilter, today: NaiveDate) -> Rows {
    let mut query = requests::table.filter(requests::erased_at.is_null()).into_boxed::<MultiBackend>();
    if let AuthorityScope::Only(keys) = scope {
        query = query.filter(requests::authority_key.eq_any(keys.clone()));
    }
    if let Some(key) = filter.authority_key {
        query = query.filter(requests::authority_key.eq(key));
    }
    if let Some(status) = &filter.status {
        query = with_status(query, status, today);
    }
    if let Some(overdue) = filter.overdue {
        // What lapsed by date alone is closed, so it is not overdue.
        let lapsed = requests::status.eq("awaiting_fee").and(requests::lapses_on.le(today)).assume_not_null();
        let is_late = requests::overdue_after.lt(today).assume_not_null();
        let has_limit = requests::overdue_after.is_not_null();
        let waits = requests::status
            .ne("awaiting_fee")
            .or(requests::lapses_on.is_null())
            .or(requests::lapses_on.gt(today).assume_not_null());
        query = if overdue {
            query.filter(has_limit.and(is_late).and(waits))
        } else {
            query.filter(
                requests::overdue_after
                    .is_null()
                    .or(requests::overdue_after.ge(today).assume_not_null())
                    .or(requests::lapses_on.is_not_null().and(lapsed)),
            )
        };
    }
    if let Some(regime) = &filter.regime {
        query = query.filter(requests::regime.eq(regime.clone()));
    }
    if let Some(topic) = &filter.topic {
        let with_topic = request_topics::table
            .filter(request_topics::request_key.eq(requests::request_key))
            .filter(request_topics::topic.eq(topic.clone()));
        query = query.filter(exists(with_topic));
    }
    within(query, filter)
}

/// An unpaid fees notice ends a request by date alone: its stored status is older than today.
fn with_status(query: Rows, status: &str, today: NaiveDate) -> Rows {
    let waits_for_fee = requests::status.eq("awaiting_fee");
    match status {
        "awaiting_fee" => {
            query.filter(waits_for_fee.and(requests::lapses_on.is_null().or(requests::lapses_on.gt(today))))
        }
        "lapsed" => query.filter(
            requests::status.eq("lapsed").or(waits_for_fee.and(requests::lapses_on.le(today)).assume_not_null()),
        ),
        _ => query.filter(requests::status.eq(status.to_owned())),
    }
}

fn within(mut query: Rows, filter: &RequestFilter) -> Rows {
    if let Some(day) = filter.due_on_from {
        query = query.filter(requests::due_on.ge(day));
    }
    if let Some(day) = filter.due_on_to {
        query = query.filter(requests::due_on.le(day));
    }
    if let Some(day) = filter.received_on_from {
        query = query.filter(requests::received_on.ge(day));
    }
    if let Some(day) = filter.received_on_to {
        query = query.filter(requests::received_on.le(day));
    }
    if let Some(instant) = filter.updated_at_from {
        query = query.filter(requests::updated_at.ge(instant));
    }
    if let Some(instant) = filter.updated_at_to {
        query = query.filter(requests::updated_at.le(instant));
    }
    if let Some(words) = &filter.words {
        let escaped = words.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        query = query.filter(requests::search_text.like(format!("%{escaped}%")).escape('\\'));
    }
    query
}

/// One page of requests.
///
/// # Errors
///
/// As the store.
pub fn list(
    connection: &mut Connection,
    scope: &AuthorityScope,
    filter: &RequestFilter,
    page: &PageOf,
    today: NaiveDate,
) -> Result<Vec<RequestRow>, StoreError> {
    match page.key {
        SortKey::DueOn => by_due(connection, scope, filter, page, today),
        SortKey::ReceivedOn => {
            let query = filtered(scope, filter, today);
            let after = page.after.as_ref().and_then(|after| Some((day(after.key?)?, after.id.clone())));
            let query = sorted!(query, requests::received_on, after, page.direction);
            load(connection, query, page.limit)
        }
        SortKey::UpdatedAt => {
            let query = filtered(scope, filter, today);
            let after = page.after.as_ref().and_then(|after| Some((after.key?, after.id.clone())));
            let query = sorted!(query, requests::updated_at, after, page.direction);
            load(connection, query, page.limit)
        }
    }
}

/// Rows with a due date first, then those without one, by id.
fn by_due(
    connection: &mut Connection,
    scope: &AuthorityScope,
    filter: &RequestFilter,
    page: &PageOf,
    today: NaiveDate,
) -> Result<Vec<RequestRow>, StoreError> {
    let mut rows = Vec::new();
    let among_keyless = page.after.as_ref().filter(|after| after.key.is_none());
    if among_keyless.is_none() {
        let after = page.after.as_ref().and_then(|after| Some((day(after.key?)?, after.id.clone())));
        let query = filtered(scope, filter, today).filter(requests::due_on.is_not_null());
        rows = load(connection, sorted!(query, requests::due_on, after, page.direction), page.limit)?;
    }
    let wanted = page.limit - i64::try_from(rows.len()).unwrap_or(page.limit);
    if wanted > 0 {
        let mut query = filtered(scope, filter, today).filter(requests::due_on.is_null()).order(requests::id);
        if let Some(after) = among_keyless {
            query = query.filter(requests::id.gt(after.id.clone()));
        }
        rows.extend(load(connection, query, wanted)?);
    }
    Ok(rows)
}

#[derive(QueryableByName)]
struct Horizon {
    #[diesel(sql_type = diesel::sql_types::Nullable<diesel::sql_types::BigInt>)]
    micros: Option<i64>,
}

/// The start of the oldest transaction that may still write, where others can be open: a row changed after it is not
/// shown in the order of change yet, since that transaction may still put a row before it. Two seconds are allowed for
/// clocks of servers that differ. SQLite has one writer: what it shows is settled.
///
/// A writer of this service counts from its first moment: it takes its instant of change before its first statement,
/// and so before PostgreSQL knows that it writes. Ask before the transaction that lists: one that ends between the
/// two would otherwise be in neither.
///
/// # Errors
///
/// As the store.
pub fn oldest_open_write(connection: &mut Connection) -> Result<Option<i64>, StoreError> {
    let Connection::Postgres(inner) = connection else { return Ok(None) };
    // A function of the owner's: a role that only serves is not shown the sessions of others.
    let horizon: Horizon = diesel::sql_query("SELECT candour_oldest_open_write() AS micros").get_result(inner)?;
    Ok(horizon.micros)
}

/// The position of a row in a list sorted by `key`.
#[must_use]
pub fn position(key: SortKey, row: &RequestRow) -> Position {
    let days = |day: NaiveDate| i64::from(day.num_days_from_ce());
    let key = match key {
        SortKey::DueOn => row.due_on.map(days),
        SortKey::ReceivedOn => Some(days(row.received_on)),
        SortKey::UpdatedAt => Some(row.updated_at),
    };
    Position { key, id: row.id.clone() }
}

fn load(connection: &mut Connection, query: Rows, limit: i64) -> Result<Vec<RequestRow>, StoreError> {
    query.limit(limit).select(RequestRow::as_select()).load(connection).map_err(StoreError::from)
}

fn day(days_since_epoch: i64) -> Option<NaiveDate> {
    NaiveDate::from_num_days_from_ce_opt(i32::try_from(days_since_epoch).ok()?)
}
