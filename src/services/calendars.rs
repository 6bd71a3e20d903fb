//! Calendars in use: the embedded bank holidays with every GOV.UK file that was loaded, and what a new file moves.

use std::sync::Arc;

use crate::{
    law::{Date, calendar::Calendars, clock::PartState},
    services::{
        AuthorityScope, Context, ServiceError, ServiceResult,
        clocks::History,
        proceedings, projection,
        timeline::{self, Entry, TimelineKind},
    },
    store::{Connection, RequestKey, StoreError, installation, requests},
};

/// How many requests are recalculated in one transaction.
const BATCH: i64 = 200;
/// Under which name the file is noted that the open requests were recalculated with.
const RECALCULATED: &str = "recalculated_with_calendar_file";

/// The calendars in use, and the newest file among them.
///
/// # Errors
///
/// As the store; [`ServiceError::Corrupt`] when a stored file cannot be read any more.
pub fn in_use(connection: &mut Connection) -> ServiceResult<(Arc<Calendars>, Option<i64>)> {
    let newest = installation::newest_calendar_file(connection)?;
    let mut calendars = Calendars::embedded().clone();
    for document in installation::calendar_files_in_order(connection)? {
        calendars = calendars.with_published(&document).map_err(|faults| ServiceError::Corrupt(faults.join(" ")))?;
    }
    Ok((Arc::new(calendars), newest))
}

/// Stores a GOV.UK bank-holidays file and gives the calendars with it. Running servers use it within seconds.
///
/// # Errors
///
/// Every fault of the file, as words; as the store.
pub fn load(
    connection: &mut Connection,
    document: &str,
    now: i64,
) -> Result<ServiceResult<Arc<Calendars>>, Vec<String>> {
    let (present, _) = match in_use(connection) {
        Ok(present) => present,
        Err(error) => return Ok(Err(error)),
    };
    let calendars = present.with_published(document)?;
    let stored = installation::insert_calendar_file(connection, calendars.version(), document, now);
    Ok(stored.map(|()| Arc::new(calendars)).map_err(ServiceError::from))
}

/// Recalculates a batch of open requests after `after_key`; a date that moves is an entry in the timeline. Gives the key
/// to go on after, until none is left.
///
/// # Errors
///
/// As the store.
pub fn recalculate(
    connection: &mut Connection,
    context: &Context,
    after_key: RequestKey,
) -> ServiceResult<Option<RequestKey>> {
    let open = requests::open_ids(connection, after_key, BATCH)?;
    for (_, id) in &open {
        let Some(mut request) = requests::find_to_change(connection, &AuthorityScope::Every, id)? else { continue };
        let mut history = History::load(connection, &request)?;
        let due_before = request.due_on;
        if !projection::rebuild_if_changed(connection, context, &mut request, &mut history)? {
            proceedings::rebuild(connection, context, &request, &history)?;
            continue;
        }
        let detail = moved(due_before, request.due_on, context.calendars.version());
        let entry = Entry {
            kind: TimelineKind::DueDateRecalculated,
            effective_on: Some(context.today),
            subject_id: None,
            detail: Some(&detail),
        };
        timeline::append(connection, context, &request, &entry)?;
    }
    Ok(open.last().map(|(key, _)| *key))
}

/// Records for a batch of requests after `after_key` that an unpaid fee has ended the duty by date alone. Gives the key to
/// go on after, until none is left.
///
/// # Errors
///
/// As the store.
pub fn record_lapses(
    connection: &mut Connection,
    context: &Context,
    after_key: RequestKey,
) -> ServiceResult<Option<RequestKey>> {
    let lapsed = requests::lapsed_ids(connection, context.today.0, after_key, BATCH)?;
    for (_, id) in &lapsed {
        let Some(mut request) = requests::find_to_change(connection, &AuthorityScope::Every, id)? else { continue };
        let mut history = History::load(connection, &request)?;
        let before: Vec<Option<String>> = history.parts.iter().map(|part| part.row.status.clone()).collect();
        if !projection::rebuild_if_changed(connection, context, &mut request, &mut history)? {
            continue;
        }
        // What was kept by an earlier release for a fees notice given too late has not lapsed.
        let lapsed = Some(PartState::Lapsed.as_str());
        let mut parts = history.parts.iter().zip(before);
        if !parts.any(|(part, before)| part.row.status.as_deref() == lapsed && before.as_deref() != lapsed) {
            continue;
        }
        let entry = Entry {
            kind: TimelineKind::LapsedByDate,
            effective_on: Some(context.today),
            subject_id: None,
            detail: None,
        };
        timeline::append(connection, context, &request, &entry)?;
    }
    Ok(lapsed.last().map(|(key, _)| *key))
}

/// Whether the open requests were recalculated with the newest bank-holidays file.
///
/// # Errors
///
/// As the store.
pub fn is_recalculated(connection: &mut Connection) -> ServiceResult<bool> {
    let newest = installation::newest_calendar_file(connection)?.map(|file| file.to_string());
    Ok(newest.is_none() || installation::value(connection, RECALCULATED)? == newest)
}

/// Notes that the open requests were recalculated with the newest bank-holidays file.
///
/// # Errors
///
/// As the store.
pub fn mark_recalculated(connection: &mut Connection) -> ServiceResult<()> {
    let newest = installation::newest_calendar_file(connection)?.map(|file| file.to_string()).unwrap_or_default();
    Ok(installation::set_value(connection, RECALCULATED, &newest)?)
}

fn moved(before: Option<chrono::NaiveDate>, after: Option<chrono::NaiveDate>, version: &str) -> String {
    let word = |day: Option<chrono::NaiveDate>| day.map_or("none".to_owned(), |day| Date(day).to_string());
    format!("Due date {} became {} by bank holidays {version}.", word(before), word(after))
}

/// The newest bank-holidays file, to notice one that another process loaded.
///
/// # Errors
///
/// As the store.
pub fn newest(connection: &mut Connection) -> Result<Option<i64>, StoreError> {
    installation::newest_calendar_file(connection)
}
