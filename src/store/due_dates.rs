//! What falls due: answers, from the rows of requests; everything else, from rows that follow from the proceedings.

#![expect(missing_docs, reason = "a column means what its migration says")]

use chrono::NaiveDate;
use diesel::{dsl::exists, prelude::*};

use super::{
    AuthorityKey, AuthorityScope, Connection, MultiBackend, RequestKey, StoreError,
    schema::{due_dates, parts, requests},
};

/// A date that follows from a proceeding.
#[derive(Debug, Clone, PartialEq, Eq, Insertable)]
#[diesel(table_name = due_dates)]
pub struct DueDateRow {
    pub request_key: RequestKey,
    pub authority_key: AuthorityKey,
    pub subject_id: String,
    pub kind: String,
    pub due_on: NaiveDate,
    pub provision: String,
}

/// A date with the request that it belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct DueOfRequest {
    pub due_on: NaiveDate,
    pub kind: String,
    pub subject_id: String,
    pub provision: String,
    pub request_id: String,
    pub authority_id: String,
    pub reference: String,
}

/// An open request whose answer falls due.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct DueAnswer {
    pub due_on: Option<NaiveDate>,
    /// The regime of the part whose date it is, where that has one of its own.
    pub regime_of_part: Option<String>,
    pub regime: String,
    pub id: String,
    pub authority_id: String,
    pub reference: String,
}

/// Which dates, and after which place in the order of day, kind and subject.
#[derive(Debug, Clone)]
pub struct DueFilter {
    pub authority_key: Option<AuthorityKey>,
    /// The last day of interest.
    pub until: NaiveDate,
    pub today: NaiveDate,
    pub after: Option<(NaiveDate, String, String)>,
    pub limit: i64,
}

/// What of the order of day, kind and subject lies behind a place, for rows of one kind alone.
enum Beyond {
    Day(NaiveDate),
    DayOrLater(NaiveDate),
    Subject(NaiveDate, String),
}

impl DueFilter {
    fn beyond(&self, kind: &str) -> Option<Beyond> {
        let (day, after_kind, subject) = self.after.clone()?;
        Some(match kind.cmp(after_kind.as_str()) {
            std::cmp::Ordering::Less => Beyond::Day(day),
            std::cmp::Ordering::Greater => Beyond::DayOrLater(day),
            std::cmp::Ordering::Equal => Beyond::Subject(day, subject),
        })
    }
}

/// Puts these rows in the place of those that a request had.
///
/// # Errors
///
/// As the store.
pub fn replace(connection: &mut Connection, request_key: RequestKey, rows: &[DueDateRow]) -> Result<(), StoreError> {
    diesel::delete(due_dates::table.filter(due_dates::request_key.eq(request_key))).execute(connection)?;
    for row in rows {
        diesel::insert_into(due_dates::table).values(row).execute(connection)?;
    }
    Ok(())
}

/// The dates that follow from proceedings, by day, kind and subject. A right that has lapsed is none of them.
///
/// # Errors
///
/// As the store.
pub fn of_proceedings(
    connection: &mut Connection,
    scope: &AuthorityScope,
    filter: &DueFilter,
    rights: &[&'static str],
) -> Result<Vec<DueOfRequest>, StoreError> {
    let mut query = due_dates::table
        .inner_join(requests::table.on(requests::request_key.eq(due_dates::request_key)))
        .filter(due_dates::due_on.le(filter.until))
        .filter(due_dates::kind.ne_all(rights.to_vec()).or(due_dates::due_on.ge(filter.today)))
        .order((due_dates::due_on, due_dates::kind, due_dates::subject_id))
        .limit(filter.limit)
        .select((
            due_dates::due_on,
            due_dates::kind,
            due_dates::subject_id,
            due_dates::provision,
            requests::id,
            requests::authority_id,
            requests::reference,
        ))
        .into_boxed::<MultiBackend>();
    if let AuthorityScope::Only(keys) = scope {
        query = query.filter(due_dates::authority_key.eq_any(keys.clone()));
    }
    if let Some(key) = filter.authority_key {
        query = query.filter(due_dates::authority_key.eq(key));
    }
    if let Some((day, kind, subject)) = filter.after.clone() {
        let later_of_kind = due_dates::kind.eq(kind.clone()).and(due_dates::subject_id.gt(subject));
        let later_of_day = due_dates::due_on.eq(day).and(due_dates::kind.gt(kind).or(later_of_kind));
        query = query.filter(due_dates::due_on.ge(day)).filter(due_dates::due_on.gt(day).or(later_of_day));
    }
    query.load(connection).map_err(StoreError::from)
}

/// The parts not closed, under one of some regimes, their own or that of the request, that a date of the request is of.
macro_rules! parts_with {
    ($date:expr, $date_of_part:expr, $regimes:expr) => {
        parts::table
            .filter(parts::request_key.eq(requests::request_key))
            .filter($date_of_part.eq($date))
            .filter(parts::status.eq_any(["open", "awaiting_fee", "awaiting_clarification"]))
            .filter(
                parts::regime
                    .eq_any($regimes.to_vec())
                    .or(parts::regime.is_null().and(requests::regime.eq_any($regimes.to_vec()))),
            )
    };
}

/// What is owed an answer now: what is open, and what waits for its requester although its time had run out before.
macro_rules! owed {
    ($today:expr) => {
        requests::status.eq("open").or(requests::overdue_after.lt($today).assume_not_null().and(
            requests::status
                .ne("awaiting_fee")
                .or(requests::lapses_on.is_null())
                .or(requests::lapses_on.gt($today).assume_not_null()),
        ))
    };
}

macro_rules! answers_by {
    (($date:expr, $date_of_part:expr), $regimes:expr, $connection:expr, $scope:expr, $filter:expr, $kind:expr, $also:expr) => {{
        let regime_of_part = parts_with!($date, $date_of_part, $regimes)
            .order(parts::part_key)
            .limit(1)
            .select(parts::regime)
            .single_value();
        let mut query = requests::table
            .filter(requests::status.eq_any(["open", "awaiting_fee", "awaiting_clarification"]))
            .filter(owed!($filter.today))
            .filter(requests::erased_at.is_null())
            .filter($date.le($filter.until))
            .filter($also)
            .order(($date, requests::id))
            .limit($filter.limit)
            .select((
                $date,
                regime_of_part,
                requests::regime,
                requests::id,
                requests::authority_id,
                requests::reference,
            ))
            .into_boxed::<MultiBackend>();
        if let AuthorityScope::Only(keys) = $scope {
            query = query.filter(requests::authority_key.eq_any(keys.clone()));
        }
        if let Some(key) = $filter.authority_key {
            query = query.filter(requests::authority_key.eq(key));
        }
        query = match $filter.beyond($kind) {
            None => query,
            Some(Beyond::Day(day)) => query.filter($date.gt(day)),
            Some(Beyond::DayOrLater(day)) => query.filter($date.ge(day)),
            Some(Beyond::Subject(day, id)) => query.filter($date.ge(day)).filter($date.gt(day).or(requests::id.gt(id))),
        };
        query.load($connection).map_err(StoreError::from)
    }};
}

/// Requests owed an answer by the day on which it is due by statute; not those whose permitted extension took its place.
///
/// # Errors
///
/// As the store.
pub fn of_answers(
    connection: &mut Connection,
    scope: &AuthorityScope,
    filter: &DueFilter,
    kind: &str,
    regimes: &[&'static str],
) -> Result<Vec<DueAnswer>, StoreError> {
    let stands = requests::extended_to
        .is_null()
        .or(requests::due_on.ge(filter.today))
        .or(requests::overdue_after.lt(filter.today));
    answers_by!((requests::due_on, parts::due_on), regimes, connection, scope, filter, kind, stands)
}

/// Requests owed an answer by the day to which the time of a part under one of these regimes was extended, as permitted.
///
/// # Errors
///
/// As the store.
pub fn of_extensions(
    connection: &mut Connection,
    scope: &AuthorityScope,
    filter: &DueFilter,
    kind: &str,
    regimes: &[&'static str],
) -> Result<Vec<DueAnswer>, StoreError> {
    let of_regimes = exists(parts_with!(requests::extended_to, parts::extended_to, regimes));
    answers_by!((requests::extended_to, parts::extended_to), regimes, connection, scope, filter, kind, of_regimes)
}
