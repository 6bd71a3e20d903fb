//! Requests and their parts: recording, reading, listing, changing.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::{
    casework::{
        authority::ReferencePattern,
        clock::{Clock, PartClockDocument},
        patch::Patch,
        request::{Channel, ExternalId, NewPart, NewRequest, Part, Request, RequestPatch, Requester},
        text::{Label, Line, Prose, Topic, Word},
    },
    law::{
        Date,
        clock::{RequestStatus, explain, status_of},
    },
    services::{
        AuthorityScope, Context, ServiceError, ServiceResult, authorities, case_sheets,
        clocks::{History, optional_text, optional_word, word},
        context::Instant,
        encryption,
        pages::{FilledPage, filled_page},
        parts, proceedings, projection, requester_matches,
        timeline::{self, Entry, TimelineKind},
    },
    store::{
        Connection, RequestKey, StoreError,
        authorities::{self as authority_rows, AuthorityRow},
        request_lists::{self, PageOf, Position, RequestFilter},
        requesters,
        requests::{self as rows, NewPartRow, NewRequestRow, PartRow, RequestRow},
    },
};

/// How often a reference made from the pattern is tried again when somebody else took it in the same instant.
const REFERENCE_TRIES: usize = 100;

/// What is said of a request beyond its columns, as it is stored.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Details {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    acknowledged_on: Option<Date>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    channel: Option<Channel>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    topics: Vec<Topic>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    external_ids: Vec<ExternalId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    case_file_uri: Option<Line>,
}

/// Records a request.
///
/// # Errors
///
/// [`ServiceError::DuplicateReference`] when the authority has a request with this reference;
/// [`ServiceError::Invalid`] when the authority is not told.
pub fn create(connection: &mut Connection, context: &Context, new: NewRequest) -> ServiceResult<Request> {
    let authority = authorities::addressed(connection, &context.scope, new.authority_id.as_ref())?;
    let questions = new.parts.clone().unwrap_or_else(|| vec![only_part(&new)]);
    let mut request = unsaved(context, &authority, &new)?;
    let mut history = unsaved_history(&request, &questions)?;
    projection::project(context, &mut request, &mut history)?;
    let inserted = insert(connection, &authority, new.reference.as_ref(), &mut request);
    inserted.inspect_err(|refusal| log_for_taken(context, &authority, refusal))?;
    let part_rows: Vec<NewPartRow> =
        history.parts.iter().map(|part| parts::insertable(part.row.clone(), &request)).collect();
    rows::insert_parts(connection, &part_rows)?;
    proceedings::record_part_dates(connection, &request, &history)?;
    case_sheets::rebuild(connection, context, &request, &history)?;
    let topics: Vec<&str> = new.topics.iter().map(|topic| topic.as_str()).collect();
    rows::insert_topics(connection, &request, &topics)?;
    if new.requester.is_some() || new.original_text.is_some() {
        let identity = new.requester.as_ref().map(serde_json::to_string).transpose()?;
        let letter = new.original_text.as_ref().map(Prose::as_str);
        let place = (request.authority_id.as_str(), request.id.as_str());
        let sealed = encryption::sealed(&context.keyring, place, (identity.as_deref(), letter))?;
        requesters::insert(connection, &request, &sealed)?;
        if let Some(identity) = &new.requester {
            requester_matches::record(connection, context, &request, identity)?;
        }
    }
    document(&request, history.parts.iter().map(|part| &part.row), context.today)
}

fn only_part(new: &NewRequest) -> NewPart {
    NewPart {
        label: Label::only(),
        text: new.subject.clone().widen(),
        regime: None,
        valid_request: true,
        invalid_reason: None,
        scope_note: None,
        interpretation: None,
        residual: false,
        prior_publication: None,
    }
}

/// That a reference is taken tells that there is a case: the log of its authority has to tell who was told.
fn log_for_taken(context: &Context, authority: &AuthorityRow, refusal: &ServiceError) {
    if matches!(refusal, ServiceError::DuplicateReference) {
        context.log_for(&authority.id);
    }
}

fn reference_taken(error: StoreError) -> ServiceError {
    if error.is_unique("requests(authority_key,reference)") { ServiceError::DuplicateReference } else { error.into() }
}

/// Stores a request under the caller's reference, or under the next of the authority's pattern that is free: somebody may
/// have given it by hand, even in a transaction that is still open.
fn insert(
    connection: &mut Connection,
    authority: &AuthorityRow,
    given: Option<&Word>,
    request: &mut RequestRow,
) -> ServiceResult<()> {
    if let Some(reference) = given {
        name(request, reference.to_string());
        request.request_key = rows::insert(connection, &insertable(request)).map_err(reference_taken)?;
        return Ok(());
    }
    let pattern = match &authority.reference_pattern {
        Some(pattern) => ReferencePattern::parse(pattern).map_err(|fault| ServiceError::Corrupt(fault.to_owned()))?,
        None => ReferencePattern::usual(),
    };
    let year = Date(request.recorded_received_on).year();
    let counter = (authority.authority_key, year);
    let mut number = authority_rows::next_reference_number(connection, counter)?;
    for _ in 0..REFERENCE_TRIES {
        name(request, pattern.reference(year, number));
        if let Some(key) = rows::insert_unless_taken(connection, &insertable(request))? {
            request.request_key = key;
            return Ok(());
        }
        number = first_free(number, |number| {
            rows::is_reference_taken(connection, authority.authority_key, &pattern.reference(year, number))
        })?;
        authority_rows::set_reference_number(connection, counter, number)?;
    }
    Err(ServiceError::DuplicateReference)
}

/// How many numbers after one that is taken are looked at one by one.
const LOOKED_AT: i64 = 16;

/// The next free number after one that is taken; after many in a row, one at the end of them: they may be thousands, given
/// by hand before, or by a pattern without a year in another one.
fn first_free(taken: i64, mut is_taken: impl FnMut(i64) -> Result<bool, StoreError>) -> Result<i64, StoreError> {
    for number in taken + 1..=taken + LOOKED_AT {
        if !is_taken(number)? {
            return Ok(number);
        }
    }
    let (mut taken, mut step) = (taken + LOOKED_AT, 1);
    while is_taken(taken + step)? {
        taken += step;
        step *= 2;
    }
    let mut free = taken + step;
    while free - taken > 1 {
        let middle = taken + (free - taken) / 2;
        if is_taken(middle)? {
            taken = middle;
        } else {
            free = middle;
        }
    }
    Ok(free)
}

fn name(request: &mut RequestRow, reference: String) {
    request.search_text = search_text(&reference, &request.subject);
    request.reference = reference;
}

fn unsaved(context: &Context, authority: &AuthorityRow, new: &NewRequest) -> ServiceResult<RequestRow> {
    let details = Details {
        acknowledged_on: new.acknowledged_on,
        channel: new.channel,
        topics: new.topics.clone(),
        external_ids: new.external_ids.clone(),
        case_file_uri: new.case_file_uri.clone(),
    };
    Ok(RequestRow {
        request_key: RequestKey::NONE,
        id: uuid::Uuid::new_v4().to_string(),
        authority_key: authority.authority_key,
        authority_id: authority.id.clone(),
        reference: String::new(),
        search_text: String::new(),
        regime: new.regime.as_str().to_owned(),
        subject: new.subject.to_string(),
        recorded_received_on: new.received_on.0,
        details: serde_json::to_string(&details)?,
        received_on: new.received_on.0,
        status: RequestStatus::Open.as_str().to_owned(),
        due_on: None,
        extended_to: None,
        lapses_on: None,
        overdue_after: None,
        responded_on: None,
        closed_on: None,
        on_time: None,
        working_days_taken: None,
        outcome: None,
        version: 1,
        created_at: context.now.0,
        updated_at: context.now.0,
    })
}

/// What a search looks through: SQLite and PostgreSQL fold case differently, so it is folded here.
fn search_text(reference: &str, subject: &str) -> String {
    format!("{reference}\n{subject}").to_lowercase()
}

fn unsaved_history(request: &RequestRow, parts: &[NewPart]) -> ServiceResult<History> {
    let part_rows = parts
        .iter()
        .zip(0..)
        .map(|(part, position)| parts::stored(part, position, request))
        .collect::<ServiceResult<Vec<PartRow>>>()?;
    History::assemble(request, part_rows, &[], Vec::new())
}

fn insertable(request: &RequestRow) -> NewRequestRow {
    NewRequestRow::from(request.clone())
}

/// One request.
///
/// # Errors
///
/// [`ServiceError::NotFound`] when the caller may not see it.
pub fn read(connection: &mut Connection, scope: &AuthorityScope, id: &str, today: Date) -> ServiceResult<Request> {
    let request = rows::find(connection, scope, id)?.ok_or(ServiceError::NotFound)?;
    let parts = rows::parts_of(connection, request.request_key)?;
    document(&request, parts.iter(), today)
}

/// Up to which instant of change the order of change is settled, of those until `latest`: no open transaction can put a
/// row before it any more.
///
/// To be asked in a transaction of its own, ahead of the list.
///
/// # Errors
///
/// As the store.
pub fn settled_to(connection: &mut Connection, latest: Instant) -> ServiceResult<i64> {
    let oldest = request_lists::oldest_open_write(connection)?;
    Ok(oldest.map_or(latest.0, |start| latest.0.min(start - 1)))
}

/// A page of requests, and the position after the last where more follow. A page of very long ones ends before its limit.
///
/// # Errors
///
/// [`ServiceError::NotFound`] for an authority that the caller may not see.
pub fn list(
    connection: &mut Connection,
    context: &Context,
    authority_id: Option<&str>,
    mut filter: RequestFilter,
    page: &PageOf,
) -> ServiceResult<(Vec<Request>, Option<Position>)> {
    filter.authority_key = timeline::authority_key(connection, &context.scope, authority_id)?;
    let beyond = PageOf { limit: page.limit + 1, ..page.clone() };
    let found = request_lists::list(connection, &context.scope, &filter, &beyond, context.today.0)?;
    let words = |part: &PartRow| part.text.len() + part.details.len();
    let read = |keys: Vec<RequestKey>| rows::parts_of_all(connection, &keys);
    let FilledPage { found, rows, more } = filled_page(found, page.limit, |request| request.request_key, read, words)?;
    let mut parts: HashMap<RequestKey, Vec<PartRow>> = HashMap::new();
    for part in rows {
        parts.entry(part.request_key).or_default().push(part);
    }
    let next = found.last().filter(|_| more).map(|last| request_lists::position(page.key, last));
    let documents = found
        .iter()
        .map(|request| document(request, parts.get(&request.request_key).into_iter().flatten(), context.today))
        .collect::<ServiceResult<_>>()?;
    context.shown(found.iter().map(|request| (request.authority_id.as_str(), request.id.as_str())));
    Ok((documents, next))
}

/// Who asked, and the letter as it came.
///
/// # Errors
///
/// [`ServiceError::NotFound`] when the caller may not see the request.
pub fn requester(connection: &mut Connection, context: &Context, id: &str) -> ServiceResult<(Requester, i64)> {
    let request = rows::find(connection, &context.scope, id)?.ok_or(ServiceError::NotFound)?;
    let row = requesters::find(connection, request.request_key)?.unwrap_or_default();
    let place = (request.authority_id.as_str(), request.id.as_str());
    let (identity, letter) = encryption::opened(&context.keyring, place, row)?;
    let requester = Requester {
        request_id: request.id,
        requester: identity.as_deref().map(serde_json::from_str).transpose()?,
        original_text: optional_text(letter.as_deref())?,
    };
    Ok((requester, request.version))
}

/// Changes what is said about a request.
///
/// # Errors
///
/// [`ServiceError::StaleVersion`] when it changed since the caller read it; [`ServiceError::Invalid`].
pub fn change(
    connection: &mut Connection,
    context: &Context,
    id: &str,
    expected: &dyn Fn(i64) -> bool,
    patch: RequestPatch,
) -> ServiceResult<Request> {
    let mut request = rows::find_to_change(connection, &context.scope, id)?.ok_or(ServiceError::NotFound)?;
    if !expected(request.version) {
        return Err(ServiceError::StaleVersion);
    }
    let faults = patch.faults(Some(Date(request.received_on)), context.today);
    if !faults.is_empty() {
        return Err(ServiceError::Invalid(faults));
    }
    let before = request.clone();
    if let Patch::Set(subject) = &patch.subject {
        request.subject = subject.to_string();
        request.search_text = search_text(&request.reference, subject);
    }
    let mut details: Details = serde_json::from_str(&request.details)?;
    patch.channel.apply(&mut details.channel);
    patch.acknowledged_on.apply(&mut details.acknowledged_on);
    patch.case_file_uri.apply(&mut details.case_file_uri);
    replace_list(patch.external_ids, &mut details.external_ids);
    if patch.topics != Patch::Absent {
        replace_list(patch.topics, &mut details.topics);
        let topics: Vec<&str> = details.topics.iter().map(|topic| topic.as_str()).collect();
        rows::replace_topics(connection, &request, &topics)?;
    }
    request.details = serde_json::to_string(&details)?;
    if request == before {
        let parts = rows::parts_of(connection, request.request_key)?;
        return document(&request, parts.iter(), context.today);
    }
    touch(context, &mut request);
    rows::update(connection, &request)?;
    let entry = Entry { kind: TimelineKind::RequestChanged, effective_on: None, subject_id: None, detail: None };
    timeline::append(connection, context, &request, &entry)?;
    let parts = rows::parts_of(connection, request.request_key)?;
    document(&request, parts.iter(), context.today)
}

fn replace_list<T>(patch: Patch<Vec<T>>, target: &mut Vec<T>) {
    match patch {
        Patch::Absent => {}
        Patch::Clear => target.clear(),
        Patch::Set(list) => *target = list,
    }
}

fn touch(context: &Context, request: &mut RequestRow) {
    request.version += 1;
    request.updated_at = context.now.0.max(request.updated_at);
}

/// The day on which the receipt of a request was acknowledged.
pub(super) fn acknowledged_on(request: &RequestRow) -> ServiceResult<Option<Date>> {
    let details: Details = serde_json::from_str(&request.details)?;
    Ok(details.acknowledged_on)
}

/// The document of a request as it stands today.
pub(super) fn document<'a>(
    request: &RequestRow,
    parts: impl Iterator<Item = &'a PartRow>,
    today: Date,
) -> ServiceResult<Request> {
    let details: Details = serde_json::from_str(&request.details)?;
    let parts = parts.map(|part| parts::document(part, request, today)).collect::<ServiceResult<Vec<Part>>>()?;
    // An unpaid fee ends a part by date alone, without an event that would rebuild the projection.
    let of_parts = status_of(parts.iter().filter_map(|part| part.status));
    let status: RequestStatus = of_parts.map_or_else(|| word(&request.status), Ok)?;
    let lapsed = status == RequestStatus::Lapsed;
    let corrupt = |_| ServiceError::Corrupt("a request".to_owned());
    Ok(Request {
        id: request.id.clone(),
        authority_id: request.authority_id.clone(),
        reference: request.reference.clone(),
        regime: word(&request.regime)?,
        status,
        received_on: Date(request.received_on),
        due_on: request.due_on.map(Date),
        extended_to: request.extended_to.map(Date),
        overdue: !lapsed && request.overdue_after.is_some_and(|last| today.0 > last),
        working_days_taken: request.working_days_taken,
        responded_on: request.responded_on.map(Date),
        closed_on: request.closed_on.map(Date).or(request.lapses_on.filter(|_| lapsed).map(Date)),
        on_time: request.on_time,
        outcome: optional_word(request.outcome.as_deref())?,
        acknowledged_on: details.acknowledged_on,
        channel: details.channel,
        subject: request.subject.parse().map_err(corrupt)?,
        topics: details.topics,
        parts,
        external_ids: details.external_ids,
        case_file_uri: details.case_file_uri,
        version: request.version,
        created_at: Instant(request.created_at).to_rfc3339(),
        updated_at: Instant(request.updated_at).to_rfc3339(),
    })
}

/// The clocks of a request, step by step, today.
///
/// # Errors
///
/// [`ServiceError::NotFound`] when the caller may not see it.
pub fn clock(connection: &mut Connection, context: &Context, id: &str) -> ServiceResult<(Clock, i64)> {
    let request = rows::find(connection, &context.scope, id)?.ok_or(ServiceError::NotFound)?;
    let history = History::load(connection, &request)?;
    let after_the_answer = proceedings::of_parts(connection, context, &request)?;
    let parts = history
        .valid_parts()
        .map(|part| {
            let mut explanation = explain(&context.calendars, &history.of_part(part), context.today);
            let concerning = after_the_answer.iter().filter(|(labels, _)| labels.contains(&part.label));
            explanation.due_dates.extend(concerning.map(|(_, date)| *date));
            PartClockDocument::new(part.label.clone(), explanation, context.today)
        })
        .collect();
    let version = context.calendars.version().to_owned();
    Ok((Clock { as_at: context.today, calendar_version: version, parts }, request.version))
}
