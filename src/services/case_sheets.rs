//! Case sheets: what figures count of each request, written in the transaction that changes it, and anew where calendars or
//! rules are not those it was written by.

use sha2::{Digest, Sha256};

use crate::{
    casework::response::DeterminationOutcome,
    law::{
        calendar::Calendars,
        clock::{Event, Happening},
    },
    metrics::{CaseName, CasePart, CaseSheet, SHEET_REVISION},
    services::{
        Context, ServiceResult,
        clocks::{History, PartFacts},
        metrics::{
            cases::{answer, citation},
            facts::Facts,
        },
    },
    store::{
        Connection, RequestKey, installation,
        requests::RequestRow,
        responses::{self, CitationRow},
        sheets::{self, CaseSheetRow},
    },
};

/// How many sheets are written anew in one transaction.
const BATCH: i64 = 200;
/// Under which name the mark is noted that every sheet was written by.
const WRITTEN: &str = "case_sheets_written_by";

/// What the calendars and the rules that sheets follow from are marked by: equal marks, equal sheets.
#[must_use]
pub fn mark(calendars: &Calendars) -> i64 {
    let digest = Sha256::digest(format!("{SHEET_REVISION} {}", calendars.version()));
    digest.first_chunk().map_or(0, |first| i64::from_be_bytes(*first))
}

/// Writes the sheet of a request, as what is recorded makes it.
///
/// # Errors
///
/// As the store.
pub(super) fn rebuild(
    connection: &mut Connection,
    context: &Context,
    request: &RequestRow,
    history: &History,
) -> ServiceResult<()> {
    let cited =
        if history.answers.is_empty() { Vec::new() } else { responses::citations_of(connection, request.request_key)? };
    let facts = facts(request, history, &cited)?;
    let content = facts.write()?;
    match facts.finish().sheet(&context.calendars) {
        Some(sheet) => Ok(sheets::put(connection, &row(request, mark(&context.calendars), &sheet, content))?),
        None => Ok(sheets::remove(connection, request.request_key)?),
    }
}

/// The request as figures see it.
fn facts(request: &RequestRow, history: &History, cited: &[CitationRow]) -> ServiceResult<Facts> {
    let part =
        |part: &PartFacts| CasePart { label: part.label.clone(), regime: part.regime, valid: part.row.valid_request };
    let happened = |event: &&Event| event.happening != Happening::Response;
    Ok(Facts {
        name: CaseName { id: request.id.clone(), reference: request.reference.clone() },
        received_on: history.received_on,
        parts: history.parts.iter().map(part).collect(),
        events: history.events.iter().filter(happened).cloned().collect(),
        answers: history.answers.iter().map(answer).collect::<ServiceResult<_>>()?,
        citations: cited.iter().map(citation).collect::<ServiceResult<_>>()?,
    })
}

fn row(request: &RequestRow, mark: i64, sheet: &CaseSheet, content: String) -> CaseSheetRow {
    let counted = &sheet.counted;
    CaseSheetRow {
        request_key: request.request_key,
        authority_key: request.authority_key,
        mark,
        settled_on: sheet.settled_on.0,
        holds_until: sheet.holds_until.map(|day| day.0),
        received_on: counted.received_on.0,
        due_on: counted.due_on.0,
        responded_on: counted.responded_on.map(|day| day.0),
        regime: sheet.regime.map(|regime| regime.to_string()),
        standing: counted.standing.to_string(),
        changes_on: sheet.change.map(|(day, _)| day.0),
        changed_standing: sheet.change.map(|(_, standing)| standing.to_string()),
        working_days_taken: counted.working_days_taken.and_then(|days| i32::try_from(days).ok()),
        outcomes: counted.outcomes.iter().copied().map(DeterminationOutcome::as_str).collect::<Vec<_>>().join(","),
        is_closed: sheet.is_closed,
        content,
    }
}

/// Whether every request has a sheet, by whatever calendars and rules.
///
/// # Errors
///
/// As the store.
pub fn are_there(connection: &mut Connection) -> ServiceResult<bool> {
    Ok(installation::value(connection, WRITTEN)?.is_some())
}

/// Whether every sheet was written by the calendars and rules in use.
///
/// # Errors
///
/// As the store.
pub fn are_current(connection: &mut Connection, calendars: &Calendars) -> ServiceResult<bool> {
    Ok(installation::value(connection, WRITTEN)? == Some(mark(calendars).to_string()))
}

/// Writes the sheets of a batch of requests after `after_key`. Gives the key to go on after, until none is left.
///
/// # Errors
///
/// As the store.
pub fn write(
    connection: &mut Connection,
    context: &Context,
    after_key: RequestKey,
) -> ServiceResult<Option<RequestKey>> {
    let batch = sheets::request_keys(connection, after_key, BATCH)?;
    for request_key in &batch {
        rewrite(connection, context, *request_key)?;
    }
    Ok(batch.last().copied())
}

/// Writes the sheet of the request with this key, erased or not.
///
/// # Errors
///
/// As the store.
pub(super) fn rewrite(connection: &mut Connection, context: &Context, request_key: RequestKey) -> ServiceResult<()> {
    let Some(request) = sheets::request(connection, request_key)? else { return Ok(()) };
    let history = History::load(connection, &request)?;
    rebuild(connection, context, &request, &history)
}

/// Notes that every sheet was written by these calendars and the rules of this program.
///
/// # Errors
///
/// As the store.
pub fn note_written(connection: &mut Connection, calendars: &Calendars) -> ServiceResult<()> {
    Ok(installation::set_value(connection, WRITTEN, &mark(calendars).to_string())?)
}
