//! The timeline of a request: what callers could see happen, in the order in which it was recorded.

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    law::Date,
    services::{AuthorityScope, Context, ServiceError, ServiceResult, context::Instant, pages::first_page},
    store::{
        AuthorityKey, Connection,
        requests::{self, RequestRow},
        timeline::{self, NewTimelineRow},
    },
    vocabulary,
};

vocabulary! {
    /// What an entry of a timeline tells.
    pub enum TimelineKind {
        /// The request was recorded.
        RequestRecorded = "request_recorded",
        /// What is said about the request was changed.
        RequestChanged = "request_changed",
        /// A part was added.
        PartAdded = "part_added",
        /// A part was put into other words, or under another regime.
        PartReplaced = "part_replaced",
        /// A part was split into others.
        PartSplit = "part_split",
        /// An event was recorded.
        EventRecorded = "event_recorded",
        /// An event was voided.
        EventVoided = "event_voided",
        /// A response was issued, or recorded as sent.
        ResponseIssued = "response_issued",
        /// A letter was voided.
        ResponseVoided = "response_voided",
        /// A review, a complaint or what belongs to one was recorded.
        ProceedingRecorded = "proceeding_recorded",
        /// A review or an appeal was decided, a complaint ended, steps were taken.
        ProceedingChanged = "proceeding_changed",
        /// A review, a complaint or what belongs to one was voided.
        ProceedingVoided = "proceeding_voided",
        /// An unpaid fee ended the duty for the request, or for parts of it, by date alone.
        LapsedByDate = "lapsed_by_date",
        /// The authority placed a legal hold.
        LegalHoldPlaced = "legal_hold_placed",
        /// The authority released its legal hold.
        LegalHoldReleased = "legal_hold_released",
        /// The due date moved because a newer bank-holidays file was loaded.
        DueDateRecalculated = "due_date_recalculated",
    }
}

/// One entry of a timeline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TimelineEntry {
    /// What it tells.
    pub kind: TimelineKind,
    /// The day on which it took effect, where it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub effective_on: Option<Date>,
    /// The event, response, part or proceeding it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub subject_id: Option<String>,
    /// What it was, in words of this service.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub detail: Option<String>,
    /// When it was recorded, UTC.
    #[schema(format = "date-time")]
    pub recorded_at: String,
}

/// What to add to a timeline.
pub(super) struct Entry<'a> {
    pub kind: TimelineKind,
    pub effective_on: Option<Date>,
    pub subject_id: Option<&'a str>,
    pub detail: Option<&'a str>,
}

/// Adds an entry, in the transaction of what it tells.
pub(super) fn append(
    connection: &mut Connection,
    context: &Context,
    request: &RequestRow,
    entry: &Entry<'_>,
) -> ServiceResult<()> {
    let row = NewTimelineRow {
        request_key: request.request_key,
        authority_key: request.authority_key,
        kind: entry.kind.as_str(),
        effective_on: entry.effective_on.map(|day| day.0),
        subject_id: entry.subject_id,
        detail: entry.detail,
        recorded_at: context.now.0,
    };
    Ok(timeline::insert(connection, &row)?)
}

/// One page of a timeline after the first `seen` entries, and how many are seen then where more follow; of those alone
/// that were recorded from the first to the second instant of `recorded`, where it is given.
///
/// A timeline only grows at its end, so a count is a stable position, and tells nothing about other requests.
///
/// # Errors
///
/// [`ServiceError::NotFound`] for a request that the caller may not see.
pub fn page(
    connection: &mut Connection,
    scope: &AuthorityScope,
    request_id: &str,
    recorded: Option<(i64, i64)>,
    seen: i64,
    limit: i64,
) -> ServiceResult<(Vec<TimelineEntry>, Option<i64>)> {
    let request = requests::find(connection, scope, request_id)?.ok_or(ServiceError::NotFound)?;
    // The first entry is the recording of the request itself, which needs no row.
    let tells_of_first = recorded.is_none_or(|(from, to)| (from..=to).contains(&request.created_at));
    let first = (seen == 0 && tells_of_first).then(|| TimelineEntry {
        kind: TimelineKind::RequestRecorded,
        effective_on: Some(Date(request.recorded_received_on)),
        subject_id: None,
        detail: None,
        recorded_at: Instant(request.created_at).to_rfc3339(),
    });
    let seen_rows = (seen - i64::from(tells_of_first)).max(0);
    let wanted = limit - i64::from(first.is_some());
    let rows = timeline::of_request(connection, request.request_key, recorded, seen_rows, wanted + 1)?;
    let (rows, more) = first_page(rows, wanted);
    let mut entries: Vec<TimelineEntry> = first.into_iter().collect();
    for row in rows {
        entries.push(TimelineEntry {
            kind: super::clocks::word(&row.kind)?,
            effective_on: row.effective_on.map(Date),
            subject_id: row.subject_id,
            detail: row.detail,
            recorded_at: Instant(row.recorded_at).to_rfc3339(),
        });
    }
    Ok((entries, more.then_some(seen + limit)))
}

/// An erased request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Deletion {
    /// The id the request had.
    #[schema(format = "uuid")]
    pub id: String,
    /// The authority it belonged to.
    #[schema(format = "uuid")]
    pub authority_id: String,
    /// When it was erased, UTC.
    #[schema(format = "date-time")]
    pub deleted_at: String,
}

/// A page of the requests erased from the first to the second instant of `deleted_at`, and the position after the last where more follow.
///
/// # Errors
///
/// [`ServiceError::NotFound`] for an authority that the caller may not see.
pub fn deletions(
    connection: &mut Connection,
    context: &Context,
    authority_id: Option<&str>,
    deleted_at: (Option<i64>, i64),
    after: Option<(i64, String)>,
    limit: i64,
) -> ServiceResult<(Vec<Deletion>, Option<(i64, String)>)> {
    let authority_key = authority_key(connection, &context.scope, authority_id)?;
    let rows = timeline::deletions(connection, &context.scope, authority_key, deleted_at, after, limit + 1)?;
    let (rows, more) = first_page(rows, limit);
    context.shown(rows.iter().map(|row| (row.authority_id.as_str(), row.id.as_str())));
    let next = rows.last().filter(|_| more).map(|row| (row.deleted_at, row.id.clone()));
    let items = rows
        .into_iter()
        .map(|row| Deletion {
            id: row.id,
            authority_id: row.authority_id,
            deleted_at: Instant(row.deleted_at).to_rfc3339(),
        })
        .collect();
    Ok((items, next))
}

/// The key of the authority that a list is narrowed to.
pub(super) fn authority_key(
    connection: &mut Connection,
    scope: &AuthorityScope,
    authority_id: Option<&str>,
) -> ServiceResult<Option<AuthorityKey>> {
    let Some(id) = authority_id else { return Ok(None) };
    let authority = crate::store::authorities::find(connection, scope, id)?.ok_or(ServiceError::NotFound)?;
    Ok(Some(authority.authority_key))
}
