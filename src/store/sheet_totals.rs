//! Case sheets of many authorities at once: counted by the database, authority by authority, through the same indexes as
//! those of one. Knows nothing of what the words mean.

use chrono::NaiveDate;
use diesel::{
    QueryableByName, RunQueryDsl, sql_query,
    sql_types::{BigInt, Date, Integer, Nullable, Text},
};

use super::{
    AuthorityKey, AuthorityScope, Connection, RequestKey, StoreError,
    prepared::on_either,
    sheets::{SheetDay, SheetFilter},
};

/// How many requests of an authority have one word: a standing, with how long the complete answer took, or outcomes.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub struct SheetTotal {
    /// The authority.
    #[diesel(sql_type = BigInt)]
    pub authority_key: AuthorityKey,
    /// The standing, or the outcomes.
    #[diesel(sql_type = Text)]
    pub word: String,
    /// With a standing, the working days to the complete answer, where it is measured: the first of their band.
    #[diesel(sql_type = Nullable<Integer>)]
    pub working_days_taken: Option<i32>,
    /// How many.
    #[diesel(sql_type = BigInt)]
    pub requests: i64,
}

/// A request of one of several authorities.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, QueryableByName)]
pub struct SheetKey {
    /// The request.
    #[diesel(sql_type = BigInt)]
    pub request_key: RequestKey,
    /// Its authority.
    #[diesel(sql_type = BigInt)]
    pub authority_key: AuthorityKey,
}

/// The sheets of the authorities in a scope: authority by authority, so that an index that begins with it is used.
fn of_authorities(scope: &AuthorityScope) -> String {
    let only = match scope {
        AuthorityScope::Every => String::new(),
        AuthorityScope::Only(keys) => {
            // Without an authority there is none with the key 0.
            let keys: Vec<String> = keys.iter().map(|key| key.number()).chain([0]).map(|key| key.to_string()).collect();
            format!("a.authority_key IN ({}) AND ", keys.join(", "))
        }
    };
    format!("FROM authorities a CROSS JOIN case_sheets s WHERE {only}s.authority_key = a.authority_key")
}

/// How many requests stand how, and how long their answers took, whose day lies from `days.0` to `days.1` and whose sheets hold.
/// Answers are told together that took 1 to `band` working days (or none), one more than that to twice as many, and so on: by the
/// first number of each.
///
/// # Errors
///
/// As the store.
pub fn standings(
    connection: &mut Connection,
    scope: &AuthorityScope,
    filter: SheetFilter<'_>,
    day: SheetDay,
    days: (NaiveDate, NaiveDate),
    band: u32,
) -> Result<Vec<SheetTotal>, StoreError> {
    // Whole numbers: none is with the first band, for -1 / 20 is 0.
    let taken = format!("(s.working_days_taken - 1) / {band} * {band} + 1");
    let word = "CASE WHEN s.changes_on <= $1 THEN s.changed_standing ELSE s.standing END";
    totals(connection, scope, filter, (word, &taken, day), days)
}

/// How many requests were answered how, whose complete answer was given from `days.0` to `days.1` and whose sheets hold.
///
/// # Errors
///
/// As the store.
pub fn outcomes(
    connection: &mut Connection,
    scope: &AuthorityScope,
    filter: SheetFilter<'_>,
    days: (NaiveDate, NaiveDate),
) -> Result<Vec<SheetTotal>, StoreError> {
    totals(connection, scope, filter, ("s.outcomes", "CAST(NULL AS INTEGER)", SheetDay::Responded), days)
}

fn totals(
    connection: &mut Connection,
    scope: &AuthorityScope,
    filter: SheetFilter<'_>,
    (word, taken, day): (&str, &str, SheetDay),
    days: (NaiveDate, NaiveDate),
) -> Result<Vec<SheetTotal>, StoreError> {
    let day = match day {
        SheetDay::Received => "received_on",
        SheetDay::Due => "due_on",
        SheetDay::Responded => "responded_on",
    };
    // SQLite numbers parameters in the order in which they first appear.
    let text = format!(
        "SELECT s.authority_key AS authority_key, {word} AS word, {taken} AS working_days_taken, count(*) AS requests {} \
         AND s.settled_on <= $1 \
         AND s.{day} BETWEEN $2 AND $3 AND s.mark = $4 AND (s.holds_until IS NULL OR s.holds_until >= $1) \
         AND (CAST($5 AS TEXT) IS NULL OR s.regime = $5) GROUP BY 1, 2, 3",
        of_authorities(scope)
    );
    let query = sql_query(text)
        .bind::<Date, _>(filter.as_at)
        .bind::<Date, _>(days.0)
        .bind::<Date, _>(days.1)
        .bind::<BigInt, _>(filter.mark)
        .bind::<Nullable<Text>, _>(filter.regime.map(str::to_owned));
    on_either!(connection, |inner| query.load(inner)).map_err(StoreError::from)
}

/// The requests received by the day of the filter that no sheet tells of on that day.
///
/// # Errors
///
/// As the store.
pub fn unsettled(
    connection: &mut Connection,
    scope: &AuthorityScope,
    filter: SheetFilter<'_>,
) -> Result<Vec<SheetKey>, StoreError> {
    let select =
        format!("SELECT s.request_key AS request_key, s.authority_key AS authority_key {}", of_authorities(scope));
    let received = format!("{select} AND s.received_on <= $1");
    // Where a sheet no longer holds, the request had been received.
    let text = format!(
        "{received} AND s.mark = $2 AND s.settled_on > $1 UNION {received} AND s.mark < $2 UNION {received} AND s.mark > $2 \
         UNION {select} AND s.holds_until < $1 UNION {received} AND CAST($3 AS TEXT) IS NOT NULL AND s.regime IS NULL"
    );
    let query = sql_query(text)
        .bind::<Date, _>(filter.as_at)
        .bind::<BigInt, _>(filter.mark)
        .bind::<Nullable<Text>, _>(filter.regime.map(str::to_owned));
    on_either!(connection, |inner| query.load(inner)).map_err(StoreError::from)
}

/// The requests received by `last` that are not closed when last anything happened to them.
///
/// # Errors
///
/// As the store.
pub fn not_closed(
    connection: &mut Connection,
    scope: &AuthorityScope,
    last: NaiveDate,
) -> Result<Vec<SheetKey>, StoreError> {
    let text = format!(
        "SELECT s.request_key AS request_key, s.authority_key AS authority_key {} AND NOT s.is_closed \
         AND s.received_on <= $1",
        of_authorities(scope)
    );
    let query = sql_query(text).bind::<Date, _>(last);
    on_either!(connection, |inner| query.load(inner)).map_err(StoreError::from)
}
