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
/// Under which name the edition of the rules is noted that sheets were last written by as a whole.
const EDITION: &str = "case_sheets_edition";

/// What a release writes sheets by, beside the files of bank holidays that every server takes over from the others: the
/// revision of the rules, and the day of the table of bank holidays that the release has with it. Later ones are greater.
type Edition = (u32, String);

fn edition(calendars: &Calendars) -> Edition {
    let base = calendars.version().split('+').next().unwrap_or_default();
    (SHEET_REVISION, base.to_owned())
}

fn noted_edition(connection: &mut Connection) -> ServiceResult<Option<Edition>> {
    let noted = installation::value(connection, EDITION)?;
    let read = |text: &str| text.split_once(' ').and_then(|(one, base)| Some((one.parse().ok()?, base.to_owned())));
    Ok(noted.and_then(|text| read(&text)))
}

/// Whether every request has a sheet, and a newer release writes them. What it wrote stays: two releases beside each other
/// would else rewrite every sheet in turn.
fn are_of_newer(connection: &mut Connection, calendars: &Calendars) -> ServiceResult<bool> {
    let is_newer = noted_edition(connection)?.is_some_and(|noted| noted > edition(calendars));
    Ok(is_newer && are_there(connection)?)
}

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

/// Whether nothing is to be written anew: every sheet was written by the calendars and rules in use, or by a newer release.
///
/// # Errors
///
/// As the store.
pub fn are_current(connection: &mut Connection, calendars: &Calendars) -> ServiceResult<bool> {
    let are_own = installation::value(connection, WRITTEN)? == Some(mark(calendars).to_string());
    Ok(are_own || are_of_newer(connection, calendars)?)
}

/// Says that the sheets are about to be written by these calendars and the rules of this program: an older release leaves
/// them alone from now on.
///
/// # Errors
///
/// As the store.
pub fn begin(connection: &mut Connection, calendars: &Calendars) -> ServiceResult<()> {
    if !are_of_newer(connection, calendars)? {
        let (revision, base) = edition(calendars);
        installation::set_value(connection, EDITION, &format!("{revision} {base}"))?;
    }
    Ok(())
}

/// Writes the sheets of a batch of requests after `after_key`. Gives the key to go on after, until none is left, or a newer
/// release writes them.
///
/// # Errors
///
/// As the store.
pub fn write(
    connection: &mut Connection,
    context: &Context,
    after_key: RequestKey,
) -> ServiceResult<Option<RequestKey>> {
    if are_of_newer(connection, &context.calendars)? {
        return Ok(None);
    }
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

/// Notes that every sheet was written by these calendars and the rules of this program, unless a newer release writes them.
///
/// # Errors
///
/// As the store.
pub fn note_written(connection: &mut Connection, calendars: &Calendars) -> ServiceResult<()> {
    if !are_of_newer(connection, calendars)? {
        installation::set_value(connection, WRITTEN, &mark(calendars).to_string())?;
    }
    Ok(())
}
