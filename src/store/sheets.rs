//! Rows of case sheets: requests as figures count them, one row each. Every question begins with the authority, and is
//! answered from an index that has what is asked for. Knows nothing of what the words mean.

#![expect(missing_docs, reason = "a column means what its migration says")]

use chrono::NaiveDate;
use diesel::{
    define_sql_function,
    dsl::{not, sql},
    prelude::*,
    sql_types::{Bool, Date},
};

use super::{
    AuthorityKey, Connection, KEYS_AT_ONCE, RequestKey, StoreError,
    prepared::on_either,
    requests::RequestRow,
    schema::{case_sheets, requests},
};

/// A sheet as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = case_sheets, primary_key(request_key), treat_none_as_null = true)]
pub struct CaseSheetRow {
    pub request_key: RequestKey,
    pub authority_key: AuthorityKey,
    pub mark: i64,
    pub settled_on: NaiveDate,
    pub holds_until: Option<NaiveDate>,
    pub received_on: NaiveDate,
    pub due_on: NaiveDate,
    pub responded_on: Option<NaiveDate>,
    pub regime: Option<String>,
    pub standing: String,
    pub changes_on: Option<NaiveDate>,
    pub changed_standing: Option<String>,
    pub working_days_taken: Option<i32>,
    pub outcomes: String,
    pub is_closed: bool,
    /// What figures are computed from, as JSON.
    pub content: String,
}

/// Which day of a sheet must lie among those asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SheetDay {
    Received,
    Due,
    Responded,
}

/// Which sheets, seen from which day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SheetFilter<'a> {
    /// What the calendars and rules in use are marked by.
    pub mark: i64,
    pub as_at: NaiveDate,
    /// Only requests all of whose parts are under this regime.
    pub regime: Option<&'a str>,
}

/// What timeliness needs of a sheet.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct TimedRow {
    pub day: NaiveDate,
    pub standing: String,
    pub changes_on: Option<NaiveDate>,
    pub changed_standing: Option<String>,
    pub working_days_taken: Option<i32>,
}

/// Writes the sheet of a request in the place of the one it had.
///
/// # Errors
///
/// As the store.
pub fn put(connection: &mut Connection, row: &CaseSheetRow) -> Result<(), StoreError> {
    let insert = diesel::insert_into(case_sheets::table).values(row);
    let upsert = insert.on_conflict(case_sheets::request_key).do_update().set(row);
    on_either!(connection, |inner| upsert.execute(inner))?;
    Ok(())
}

/// Removes the sheet of a request that no figure counts any more.
///
/// # Errors
///
/// As the store.
pub fn remove(connection: &mut Connection, request_key: RequestKey) -> Result<(), StoreError> {
    let delete = diesel::delete(case_sheets::table.find(request_key));
    on_either!(connection, |inner| delete.execute(inner))?;
    Ok(())
}

/// The keys of a batch of requests of any authority after `after_key`, erased ones too: these count as before.
///
/// # Errors
///
/// As the store.
pub fn request_keys(
    connection: &mut Connection,
    after_key: RequestKey,
    limit: i64,
) -> Result<Vec<RequestKey>, StoreError> {
    requests::table
        .filter(requests::request_key.gt(after_key))
        .order(requests::request_key)
        .limit(limit)
        .select(requests::request_key)
        .load(connection)
        .map_err(StoreError::from)
}

/// A request, erased or not, whose sheet is to be written: nobody else changes it until the transaction ends.
///
/// # Errors
///
/// As the store.
pub fn request(connection: &mut Connection, request_key: RequestKey) -> Result<Option<RequestRow>, StoreError> {
    let by_key = requests::table.find(request_key);
    match connection {
        Connection::Postgres(inner) => by_key.select(RequestRow::as_select()).for_update().get_result(inner).optional(),
        // The only writer holds the write lock already.
        Connection::Sqlite(inner) => by_key.select(RequestRow::as_select()).get_result(inner).optional(),
    }
    .map_err(StoreError::from)
}

/// The sheets of one authority that hold on the day of the filter.
macro_rules! holding {
    ($authority_key:expr, $filter:expr) => {{
        let SheetFilter { mark, as_at, regime } = $filter;
        let mut holding = case_sheets::table
            .filter(case_sheets::authority_key.eq($authority_key))
            .filter(case_sheets::mark.eq(mark))
            .filter(case_sheets::settled_on.le(as_at))
            .filter(case_sheets::holds_until.is_null().or(case_sheets::holds_until.ge(as_at)))
            .into_boxed();
        if let Some(regime) = regime {
            holding = holding.filter(case_sheets::regime.eq(regime.to_owned()));
        }
        holding
    }};
}

/// What timeliness needs of the sheets that hold, with the day asked for from `days.0` to `days.1`.
///
/// # Errors
///
/// As the store.
pub fn timed(
    connection: &mut Connection,
    authority_key: AuthorityKey,
    filter: SheetFilter<'_>,
    day: SheetDay,
    days: (NaiveDate, NaiveDate),
) -> Result<Vec<TimedRow>, StoreError> {
    use case_sheets::{changed_standing, changes_on, due_on, received_on, responded_on, standing, working_days_taken};
    let holding = holding!(authority_key, filter);
    let found = match day {
        SheetDay::Received => holding
            .filter(received_on.between(days.0, days.1))
            .select((received_on, standing, changes_on, changed_standing, working_days_taken))
            .load(connection),
        SheetDay::Due => holding
            .filter(due_on.between(days.0, days.1))
            .select((due_on, standing, changes_on, changed_standing, working_days_taken))
            .load(connection),
        SheetDay::Responded => holding
            .filter(responded_on.between(days.0, days.1))
            .select((responded_on.assume_not_null(), standing, changes_on, changed_standing, working_days_taken))
            .load(connection),
    };
    found.map_err(StoreError::from)
}

/// The day of the answer and the outcomes of the requests completely answered from `days.0` to `days.1` whose sheets hold.
///
/// # Errors
///
/// As the store.
pub fn answered(
    connection: &mut Connection,
    authority_key: AuthorityKey,
    filter: SheetFilter<'_>,
    days: (NaiveDate, NaiveDate),
) -> Result<Vec<(NaiveDate, String)>, StoreError> {
    holding!(authority_key, filter)
        .filter(case_sheets::responded_on.between(days.0, days.1))
        .select((case_sheets::responded_on.assume_not_null(), case_sheets::outcomes))
        .load(connection)
        .map_err(StoreError::from)
}

define_sql_function! {
    /// The first of two days that is there. Of one day twice, it is that day, and no index is looked for by it.
    fn coalesce(first: Date, second: Date) -> Date;
}

/// The requests received from `days.0` to `days.1` that no sheet tells of on the day of the filter.
///
/// # Errors
///
/// As the store.
pub fn unsettled(
    connection: &mut Connection,
    authority_key: AuthorityKey,
    filter: SheetFilter<'_>,
    days: (NaiveDate, NaiveDate),
) -> Result<Vec<RequestKey>, StoreError> {
    use case_sheets::{holds_until, mark, received_on, regime, request_key, settled_on};
    // By the day of receipt itself the databases would take the index of receipts, which has every request of the
    // authority, for the one that has the few asked for.
    let of_authority = || {
        case_sheets::table
            .filter(case_sheets::authority_key.eq(authority_key))
            .filter(coalesce(received_on, received_on).between(days.0, days.1))
            .select(request_key)
    };
    let later = of_authority().filter(mark.eq(filter.mark)).filter(settled_on.gt(filter.as_at));
    let mut keys: Vec<RequestKey> = later.load(connection)?;
    keys.extend::<Vec<RequestKey>>(of_authority().filter(mark.lt(filter.mark)).load(connection)?);
    keys.extend::<Vec<RequestKey>>(of_authority().filter(mark.gt(filter.mark)).load(connection)?);
    keys.extend::<Vec<RequestKey>>(of_authority().filter(holds_until.lt(filter.as_at)).load(connection)?);
    if filter.regime.is_some() {
        keys.extend::<Vec<RequestKey>>(of_authority().filter(regime.is_null()).load(connection)?);
    }
    keys.sort_unstable();
    keys.dedup();
    Ok(keys)
}

/// The requests with a due date from `days.0` to `days.1`, as far as their sheets hold.
///
/// # Errors
///
/// As the store.
pub fn due(
    connection: &mut Connection,
    authority_key: AuthorityKey,
    filter: SheetFilter<'_>,
    days: (NaiveDate, NaiveDate),
) -> Result<Vec<RequestKey>, StoreError> {
    holding!(authority_key, filter)
        .filter(case_sheets::due_on.between(days.0, days.1))
        .select(case_sheets::request_key)
        .load(connection)
        .map_err(StoreError::from)
}

/// A sheet's request, what it was written by, and its content.
pub type WrittenContent = (RequestKey, i64, String);

/// The contents of the sheets of the requests received from `days.0` to `days.1`, whatever they were written by: side by side in
/// an index, but for the few long ones.
///
/// # Errors
///
/// As the store.
pub fn contents(
    connection: &mut Connection,
    authority_key: AuthorityKey,
    days: (NaiveDate, NaiveDate),
) -> Result<Vec<WrittenContent>, StoreError> {
    let received = || {
        case_sheets::table
            .filter(case_sheets::authority_key.eq(authority_key))
            .filter(case_sheets::received_on.between(days.0, days.1))
            .select((case_sheets::request_key, case_sheets::mark, case_sheets::content))
    };
    // As their indexes say it.
    let mut found: Vec<WrittenContent> =
        received().filter(sql::<Bool>("octet_length(content) <= 2000")).load(connection)?;
    let long = received().filter(sql::<Bool>("octet_length(content) > 2000"));
    found.extend::<Vec<WrittenContent>>(long.load(connection)?);
    Ok(found)
}

/// The contents of the sheets of the requests received by `last` that are not closed when last anything happened to them,
/// whatever they were written by: straight from where the index of these says they lie.
///
/// # Errors
///
/// As the store.
pub fn contents_not_closed(
    connection: &mut Connection,
    authority_key: AuthorityKey,
    last: NaiveDate,
) -> Result<Vec<WrittenContent>, StoreError> {
    case_sheets::table
        .filter(case_sheets::authority_key.eq(authority_key))
        .filter(not(case_sheets::is_closed))
        .filter(case_sheets::received_on.le(last))
        .select((case_sheets::request_key, case_sheets::mark, case_sheets::content))
        .load(connection)
        .map_err(StoreError::from)
}

/// The contents of the sheets of these requests that were written by the mark, by key of the request.
///
/// # Errors
///
/// As the store.
pub fn contents_with_keys(
    connection: &mut Connection,
    request_keys: &[RequestKey],
    mark: i64,
) -> Result<Vec<(RequestKey, String)>, StoreError> {
    let mut found: Vec<(RequestKey, String)> = Vec::new();
    for keys in request_keys.chunks(KEYS_AT_ONCE) {
        let some = case_sheets::table
            .filter(case_sheets::request_key.eq_any(keys.to_vec()))
            .filter(case_sheets::mark.eq(mark))
            .select((case_sheets::request_key, case_sheets::content));
        found.extend::<Vec<(RequestKey, String)>>(some.load(connection)?);
    }
    Ok(found)
}

/// Marks every sheet as one of other calendars.
///
/// # Errors
///
/// As the store.
#[cfg(test)]
pub fn make_stale(connection: &mut Connection) -> Result<usize, StoreError> {
    let update = diesel::update(case_sheets::table).set(case_sheets::mark.eq(0_i64));
    Ok(update.execute(connection)?)
}
