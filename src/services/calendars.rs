//! Calendars in use: the embedded bank holidays with every GOV.UK file that was loaded, and what a new file moves.

use std::sync::Arc;

use crate::{
    law::{Date, calendar::Calendars},
    services::{
        AuthorityScope, Context, ServiceError, ServiceResult,
        clocks::History,
        projection,
        timeline::{self, Entry, TimelineKind},
    },
    store::{Connection, StoreError, installation, requests},
};

/// How many requests are recalculated in one transaction.
const BATCH: i64 = 200;

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
pub fn recalculate(connection: &mut Connection, context: &Context, after_key: i64) -> ServiceResult<Option<i64>> {
    let open = requests::open_ids(connection, after_key, BATCH)?;
    for (_, id) in &open {
        let Some(mut request) = requests::find_to_change(connection, &AuthorityScope::Every, id)? else { continue };
        let mut history = History::load(connection, &request)?;
        let before = (request.due_on, request.extended_to);
        let parts_before: Vec<_> = history.parts.iter().map(|part| (part.row.due_on, part.row.extended_to)).collect();
        projection::project(context, &mut request, &mut history)?;
        let parts_moved =
            history.parts.iter().zip(&parts_before).any(|(part, old)| (part.row.due_on, part.row.extended_to) != *old);
        if !parts_moved && (request.due_on, request.extended_to) == before {
            continue;
        }
        for part in &history.parts {
            requests::update_part(connection, &part.row)?;
        }
        request.version += 1;
        request.updated_at = context.now.0.max(request.updated_at);
        requests::update(connection, &request)?;
        let detail = moved(before.0, request.due_on, context.calendars.version());
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
