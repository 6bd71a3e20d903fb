//! Parts of a request: adding, rewording and splitting them, until they are determined.

use serde::Deserialize;

use crate::{
    casework::{
        request::{MOST_PARTS, MOST_WORDS, NewPart, Part, PartReplacement, PartSplit, Request},
        text::{Label, Prose},
    },
    fault::{DUPLICATE_VALUE, Fault},
    law::{Date, clock::PartState},
    services::{
        Context, ServiceError, ServiceResult,
        clocks::{History, optional_word, part_details, word},
        projection, records, requests,
        timeline::{self, Entry, TimelineKind},
    },
    store::{
        Connection, PartKey, StoreError,
        requests::{self as rows, NewPartRow, PartRow, RequestRow},
    },
};

/// What is said of a part beyond its columns, as it is stored.
#[derive(Debug, Default, Deserialize)]
struct PartDetails {
    #[serde(default)]
    invalid_reason: Option<Prose>,
    #[serde(default)]
    scope_note: Option<Prose>,
    #[serde(default)]
    interpretation: Option<Prose>,
    #[serde(default)]
    residual: bool,
    #[serde(default)]
    prior_publication: Option<Prose>,
}

/// Adds a part.
///
/// # Errors
///
/// [`ServiceError::Invalid`] when the label is taken.
pub fn add(connection: &mut Connection, context: &Context, id: &str, part: &NewPart) -> ServiceResult<Request> {
    let mut request = rows::find_to_change(connection, &context.scope, id)?.ok_or(ServiceError::NotFound)?;
    let existing = rows::parts_of(connection, request.request_key)?;
    if existing.len() >= MOST_PARTS {
        return Err(ServiceError::NotPossible("The request has as many parts as it may have.".to_owned()));
    }
    let next = existing.last().map_or(0, |last| last.position + 1);
    let row = insertable(stored(part, next, &request)?, &request);
    rows::insert_parts(connection, &[row]).map_err(|error| label_taken(error, "/label"))?;
    finish(connection, context, &mut request, &told(TimelineKind::PartAdded, &part.label))
}

fn label_taken(error: StoreError, pointer: &str) -> ServiceError {
    if error.is_unique("parts(request_key,label)") {
        let detail = "The request has a part with this label already.";
        return ServiceError::fault(Fault::new(pointer, DUPLICATE_VALUE, detail));
    }
    error.into()
}

/// Puts a part into other words, or under another regime.
///
/// # Errors
///
/// [`ServiceError::NotPossible`] once the part is determined in an issued response.
pub fn replace(
    connection: &mut Connection,
    context: &Context,
    id: &str,
    label: &Label,
    expected: &dyn Fn(i64) -> bool,
    replacement: PartReplacement,
) -> ServiceResult<Request> {
    let mut request = rows::find_to_change(connection, &context.scope, id)?.ok_or(ServiceError::NotFound)?;
    if !expected(request.version) {
        return Err(ServiceError::StaleVersion);
    }
    let mut row = undetermined(connection, &request, label)?;
    let part = replacement.into_part(label.clone());
    let fresh = stored(&part, row.position, &request)?;
    row.text = fresh.text;
    row.regime = fresh.regime;
    row.valid_request = fresh.valid_request;
    row.details = fresh.details;
    (row.status, row.due_on, row.extended_to, row.lapses_on) = (None, None, None, None);
    rows::update_part(connection, &row)?;
    finish(connection, context, &mut request, &told(TimelineKind::PartReplaced, label))
}

/// Splits a part into several; each starts with the words of the old one.
///
/// # Errors
///
/// [`ServiceError::NotPossible`] once the part is determined in an issued response;
/// [`ServiceError::Invalid`] when a label is taken.
pub fn split(
    connection: &mut Connection,
    context: &Context,
    id: &str,
    label: &Label,
    split: &PartSplit,
) -> ServiceResult<Request> {
    let mut request = rows::find_to_change(connection, &context.scope, id)?.ok_or(ServiceError::NotFound)?;
    let old = undetermined(connection, &request, label)?;
    let existing = rows::parts_of(connection, request.request_key)?;
    let faults = split_faults(split, &old, &existing);
    if !faults.is_empty() {
        return Err(ServiceError::Invalid(faults));
    }
    let added = split.labels.len().saturating_sub(1);
    if existing.len() + added > MOST_PARTS {
        return Err(ServiceError::NotPossible(format!("A request has at most {MOST_PARTS} parts.")));
    }
    crate::services::events::widen_scopes(connection, &request, label, &split.labels)?;
    crate::services::proceedings::widen(connection, context, &request, label, &split.labels)?;
    rows::delete_part(connection, old.part_key)?;
    // The new parts stand where the old one stood: what follows it moves on.
    for mut later in existing.into_iter().filter(|part| part.position > old.position) {
        later.position += i32::try_from(added).unwrap_or_default();
        rows::update_part(connection, &later)?;
    }
    for (part, position) in split.labels.iter().zip(old.position..) {
        let row = PartRow { label: part.to_string(), position, ..old.clone() };
        rows::insert_parts(connection, &[insertable(row, &request)])?;
    }
    records::settle(connection, &request)?;
    let labels = split.labels.iter().map(Label::as_str).collect::<Vec<_>>().join(BETWEEN_LABELS);
    let entry = Entry { detail: Some(&labels), ..told(TimelineKind::PartSplit, label) };
    finish(connection, context, &mut request, &entry)
}

fn told(kind: TimelineKind, label: &Label) -> Entry<'_> {
    Entry { kind, effective_on: None, subject_id: Some(label.as_str()), detail: None }
}

/// What stands between the labels of a split in the timeline. No label has it.
const BETWEEN_LABELS: &str = ", ";

/// The parts that the part with this label became by splits, each the label and the detail of its entry in the timeline, the
/// earliest first; its own label among them. `None` where that was not written down.
pub(super) fn became(label: &Label, splits: &[(String, Option<String>)]) -> Option<Vec<Label>> {
    let mut labels = vec![label.clone()];
    for (split, into) in splits {
        if labels.iter().any(|label| label.as_str() == split) {
            for new in into.as_ref()?.split(BETWEEN_LABELS) {
                labels.push(new.parse().ok()?);
            }
        }
    }
    Some(labels)
}

/// What is wrong with the labels of a split: by themselves, and beside the other parts of the request.
fn split_faults(split: &PartSplit, old: &PartRow, existing: &[PartRow]) -> Vec<Fault> {
    let mut faults = split.faults();
    let is_taken = |label: &Label| existing.iter().any(|part| part.label == label.as_str() && part.label != old.label);
    for (at, _) in split.labels.iter().enumerate().filter(|(_, label)| is_taken(label)) {
        let pointer = format!("/labels/{at}");
        if !faults.iter().any(|fault| fault.pointer == pointer) {
            faults.push(Fault::new(pointer, DUPLICATE_VALUE, "The request has a part with this label already."));
        }
    }
    faults
}

fn undetermined(connection: &mut Connection, request: &RequestRow, label: &Label) -> ServiceResult<PartRow> {
    let answers = crate::store::responses::answers_of(connection, request.request_key)?;
    let parts = rows::parts_of(connection, request.request_key)?;
    let part = parts.into_iter().find(|part| part.label == label.as_str()).ok_or(ServiceError::NotFound)?;
    if answers.iter().any(|answer| answer.part_label == part.label) {
        let detail = "The part is determined in an issued response and stands as it was answered.";
        return Err(ServiceError::NotPossible(detail.to_owned()));
    }
    Ok(part)
}

fn finish(
    connection: &mut Connection,
    context: &Context,
    request: &mut RequestRow,
    entry: &Entry<'_>,
) -> ServiceResult<Request> {
    let mut history = History::load(connection, request)?;
    let words = history.parts.iter().map(|part| part.row.text.len() + part.row.details.len());
    if words.sum::<usize>() > MOST_WORDS {
        let detail = format!("The words of a request's parts take at most {MOST_WORDS} bytes together.");
        return Err(ServiceError::NotPossible(detail));
    }
    projection::rebuild(connection, context, request, &mut history)?;
    timeline::append(connection, context, request, entry)?;
    requests::document(request, history.parts.iter().map(|part| &part.row), context.today)
}

pub(super) fn stored(part: &NewPart, position: i32, request: &RequestRow) -> ServiceResult<PartRow> {
    Ok(PartRow {
        part_key: PartKey::NONE,
        request_key: request.request_key,
        authority_key: request.authority_key,
        position,
        label: part.label.to_string(),
        text: part.text.to_string(),
        regime: part.regime.map(|regime| regime.as_str().to_owned()),
        valid_request: part.valid_request,
        details: part_details(part)?,
        status: None,
        due_on: None,
        extended_to: None,
        lapses_on: None,
        outcome: None,
    })
}

pub(super) fn insertable(part: PartRow, request: &RequestRow) -> NewPartRow {
    NewPartRow {
        request_key: request.request_key,
        authority_key: request.authority_key,
        position: part.position,
        label: part.label,
        text: part.text,
        regime: part.regime,
        valid_request: part.valid_request,
        details: part.details,
        status: part.status,
        due_on: part.due_on,
        extended_to: part.extended_to,
        lapses_on: part.lapses_on,
        outcome: part.outcome,
    }
}

pub(super) fn document(part: &PartRow, request: &RequestRow, today: Date) -> ServiceResult<Part> {
    let details: PartDetails = serde_json::from_str(&part.details)?;
    let corrupt = |_| ServiceError::Corrupt("a part".to_owned());
    let status: Option<PartState> = optional_word(part.status.as_deref())?;
    let lapsed = part.lapses_on.is_some_and(|on| on <= today.0) && status == Some(PartState::AwaitingFee);
    Ok(Part {
        label: part.label.parse().map_err(corrupt)?,
        text: part.text.parse().map_err(corrupt)?,
        regime: word(part.regime.as_deref().unwrap_or(&request.regime))?,
        valid_request: part.valid_request,
        invalid_reason: details.invalid_reason,
        scope_note: details.scope_note,
        interpretation: details.interpretation,
        residual: details.residual,
        prior_publication: details.prior_publication,
        status: if lapsed { Some(PartState::Lapsed) } else { status },
        due_on: part.due_on.map(Date),
        extended_to: part.extended_to.map(Date),
        outcome: optional_word(part.outcome.as_deref())?,
    })
}
