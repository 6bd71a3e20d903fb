//! Work on drafts: their answers, what else they say, and their end. Nothing of it has a history.

use std::slice;

use crate::{
    casework::{
        patch::Patch,
        response::{DeterminationReplacement, LeftOpen, Particulars, Response, ResponseStatus},
        response_patch::ResponsePatch,
        text::Label,
    },
    services::{
        Context, ServiceError, ServiceResult,
        clocks::{History, word},
        notices, proceedings, records,
        response_faults::{provision_faults, unknown_parts},
        responses::{Content, document},
    },
    store::{
        Connection,
        requests::{self, RequestRow},
        responses::{self as rows, ResponseRow},
    },
};

/// A draft with its request, ready to be worked on.
pub(super) fn draft(
    connection: &mut Connection,
    context: &Context,
    request_id: &str,
    id: &str,
    expected: &dyn Fn(i64) -> bool,
) -> ServiceResult<(RequestRow, ResponseRow)> {
    let request = requests::find_to_change(connection, &context.scope, request_id)?.ok_or(ServiceError::NotFound)?;
    let row = rows::find(connection, request.request_key, id)?.ok_or(ServiceError::NotFound)?;
    if !expected(row.version) {
        return Err(ServiceError::StaleVersion);
    }
    if row.status != ResponseStatus::Draft.as_str() {
        let detail =
            "The response was issued; it stands as it was sent. What was recorded by mistake is voided at `…/void`.";
        return Err(ServiceError::NotPossible(detail.to_owned()));
    }
    Ok((request, row))
}

/// Puts the determination of one part into a draft, in place of the one it had.
///
/// # Errors
///
/// [`ServiceError::Invalid`] for a part or provision that does not exist; [`ServiceError::NotPossible`] once issued;
/// [`ServiceError::StaleVersion`].
pub fn determine(
    connection: &mut Connection,
    context: &Context,
    ids: (&str, &str),
    label: &Label,
    expected: &dyn Fn(i64) -> bool,
    replacement: DeterminationReplacement,
) -> ServiceResult<Response> {
    let (request, mut row) = draft(connection, context, ids.0, ids.1, expected)?;
    let history = History::load(connection, &request)?;
    if !history.parts.iter().any(|part| part.label == *label) {
        return Err(ServiceError::NotFound);
    }
    let mut faults = replacement.faults(label);
    let mut determination = replacement.into_determination(label.clone());
    faults.extend(provision_faults(context, &history, &determination, ""));
    if !faults.is_empty() {
        return Err(ServiceError::Invalid(faults));
    }
    history.put_in_form(&mut determination, context.today);
    let mut content: Content = serde_json::from_str(&row.content)?;
    match content.determinations.iter_mut().find(|earlier| earlier.part == *label) {
        Some(earlier) => *earlier = determination,
        None => content.determinations.push(determination),
    }
    content.left_open.retain(|left| left.part != *label);
    store(connection, context, (&request, &history), &mut row, &content)?;
    records::settle(connection, &request)?;
    document(&row, &request.id)
}

/// Takes the answer to one part out of a draft; that part of the draft is then neither answered nor left open.
///
/// # Errors
///
/// [`ServiceError::NotFound`] when the draft does not answer the part; [`ServiceError::NotPossible`] once issued;
/// [`ServiceError::StaleVersion`].
pub fn take_out(
    connection: &mut Connection,
    context: &Context,
    ids: (&str, &str),
    label: &Label,
    expected: &dyn Fn(i64) -> bool,
) -> ServiceResult<Response> {
    let (request, mut row) = draft(connection, context, ids.0, ids.1, expected)?;
    let mut content: Content = serde_json::from_str(&row.content)?;
    let before = content.determinations.len();
    content.determinations.retain(|determination| determination.part != *label);
    if content.determinations.len() == before {
        return Err(ServiceError::NotFound);
    }
    let history = History::load(connection, &request)?;
    store(connection, context, (&request, &history), &mut row, &content)?;
    records::settle(connection, &request)?;
    document(&row, &request.id)
}

/// Changes what a draft says beside its answers.
///
/// # Errors
///
/// [`ServiceError::Invalid`] as when the draft was made; [`ServiceError::NotPossible`] once issued;
/// [`ServiceError::StaleVersion`].
pub fn change(
    connection: &mut Connection,
    context: &Context,
    ids: (&str, &str),
    expected: &dyn Fn(i64) -> bool,
    patch: ResponsePatch,
) -> ServiceResult<Response> {
    let (request, mut row) = draft(connection, context, ids.0, ids.1, expected)?;
    let history = History::load(connection, &request)?;
    let mut content: Content = serde_json::from_str(&row.content)?;
    let mut faults = patch.faults_in(content.decided_by.as_ref(), &content.determinations);
    let left_open = patch.left_open.set().into_iter().flatten();
    faults.extend(unknown_parts(&history, "/left_open", left_open.map(|left| &left.part)));
    if !faults.is_empty() {
        return Err(ServiceError::Invalid(faults));
    }
    match patch.decided_by {
        Patch::Absent => {}
        Patch::Clear => content.decided_by = None,
        Patch::Set(changes) => content.decided_by = changes.merged(content.decided_by.take()),
    }
    match patch.particulars {
        Patch::Absent => {}
        Patch::Clear => content.particulars = Particulars::default(),
        Patch::Set(changes) => changes.apply(&mut content.particulars),
    }
    match patch.sent_documents {
        Patch::Absent => {}
        Patch::Clear => content.sent_documents.clear(),
        Patch::Set(documents) => content.sent_documents = documents,
    }
    leave_open(connection, context, &request, &mut content, patch.left_open)?;
    store(connection, context, (&request, &history), &mut row, &content)?;
    document(&row, &request.id)
}

/// Replaces the parts that are left open. Those that are hidden from the caller stay: a list that was read without them and
/// written back is no wish to drop them.
fn leave_open(
    connection: &mut Connection,
    context: &Context,
    request: &RequestRow,
    content: &mut Content,
    patch: Patch<Vec<LeftOpen>>,
) -> ServiceResult<()> {
    let mut wanted = match patch {
        Patch::Absent => return Ok(()),
        Patch::Clear => Vec::new(),
        Patch::Set(list) => list,
    };
    if let Some(guarded) = proceedings::guarded_parts(connection, context, &request.id)? {
        let named: Vec<Label> = wanted.iter().map(|left| left.part.clone()).collect();
        content
            .left_open
            .retain(|left| guarded.covers(Some(slice::from_ref(&left.part))) && !named.contains(&left.part));
        wanted.append(&mut content.left_open);
    }
    content.left_open = wanted;
    Ok(())
}

/// Writes a draft back, with its findings made anew.
fn store(
    connection: &mut Connection,
    context: &Context,
    (request, history): (&RequestRow, &History),
    row: &mut ResponseRow,
    content: &Content,
) -> ServiceResult<()> {
    let settings = notices::Settings::of(connection, request, history, content)?;
    let of_draft = (word(&row.kind)?, ResponseStatus::Draft);
    let findings = notices::findings(context, history, of_draft, None, content, &settings)?;
    row.findings = serde_json::to_string(&notices::kept_with_draft(findings))?;
    row.content = serde_json::to_string(content)?;
    row.version += 1;
    row.updated_at = context.now.0.max(row.updated_at);
    Ok(rows::update(connection, row)?)
}

/// Removes a draft; nothing of it stays, nor of records that went with it alone.
///
/// # Errors
///
/// [`ServiceError::NotPossible`] once issued; [`ServiceError::StaleVersion`].
pub fn delete(
    connection: &mut Connection,
    context: &Context,
    request_id: &str,
    id: &str,
    expected: &dyn Fn(i64) -> bool,
) -> ServiceResult<()> {
    let (request, row) = draft(connection, context, request_id, id, expected)?;
    rows::delete(connection, row.response_key)?;
    records::settle(connection, &request)
}
