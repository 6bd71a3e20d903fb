//! Standing positions of an authority, by topic.

use serde::{Deserialize, Serialize};

use crate::{
    casework::ncnd_position::{NcndPosition, NewNcndPosition},
    fault::{Fault, INCONSISTENT_MEMBERS},
    law::{Date, Regime},
    services::{
        Context, ServiceError, ServiceResult, authorities::addressed, context::Instant, pages::first_page, timeline,
    },
    store::{
        AuthorityKey, Connection,
        ncnd_positions::{self as rows, NewPositionRow, PositionPage, PositionRow},
        requests::RequestRow,
    },
};

/// Records a position.
///
/// # Errors
///
/// [`ServiceError::Invalid`] when no authority is named and there are several.
pub fn create(connection: &mut Connection, context: &Context, new: NewNcndPosition) -> ServiceResult<NcndPosition> {
    let authority = addressed(connection, &context.scope, new.authority_id.as_ref())?;
    context.log_for(&authority.id);
    let row = NewPositionRow {
        id: uuid::Uuid::new_v4().to_string(),
        authority_key: authority.authority_key,
        authority_id: authority.id,
        content: content(new)?,
        version: 1,
        created_at: context.now.0,
        updated_at: context.now.0,
    };
    document(&rows::insert(connection, &row)?, context.today)
}

fn content(new: NewNcndPosition) -> ServiceResult<String> {
    Ok(serde_json::to_string(&NewNcndPosition { authority_id: None, ..new })?)
}

/// Where a page ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlaceOfPosition {
    at: i64,
    key: i64,
}

/// Which positions.
#[derive(Debug, Clone)]
pub struct PositionList {
    /// Only those of this authority.
    pub authority_id: Option<String>,
    /// Only those changed from the first to the second instant, in the order of their change.
    pub updated_at: Option<(i64, i64)>,
    /// Where the page begins.
    pub after: Option<PlaceOfPosition>,
    /// How many at most.
    pub limit: i64,
}

/// A page of positions, in the order in which they were recorded or in that of their change, and the place after the last
/// where more follow.
///
/// # Errors
///
/// [`ServiceError::NotFound`] for an authority that the caller may not see.
pub fn list(
    connection: &mut Connection,
    context: &Context,
    wanted: &PositionList,
) -> ServiceResult<(Vec<NcndPosition>, Option<PlaceOfPosition>)> {
    let page = PositionPage {
        authority_key: timeline::authority_key(connection, &context.scope, wanted.authority_id.as_deref())?,
        updated_at: wanted.updated_at,
        after: wanted.after.map(|after| (after.at, after.key)),
        limit: wanted.limit + 1,
    };
    let (found, more) = first_page(rows::list(connection, &context.scope, &page)?, wanted.limit);
    let next = found.last().filter(|_| more);
    let next = next.map(|row| PlaceOfPosition { at: row.updated_at, key: row.position_key.number() });
    Ok((found.iter().map(|row| document(row, context.today)).collect::<ServiceResult<_>>()?, next))
}

/// One position.
///
/// # Errors
///
/// [`ServiceError::NotFound`] when the caller may not see it.
pub fn read(connection: &mut Connection, context: &Context, id: &str) -> ServiceResult<NcndPosition> {
    let row = rows::find(connection, &context.scope, id)?.ok_or(ServiceError::NotFound)?;
    context.log_for(&row.authority_id);
    document(&row, context.today)
}

/// Says a position anew.
///
/// # Errors
///
/// [`ServiceError::StaleVersion`]; [`ServiceError::Invalid`] when another authority is named.
pub fn replace(
    connection: &mut Connection,
    context: &Context,
    id: &str,
    expected: &dyn Fn(i64) -> bool,
    new: NewNcndPosition,
) -> ServiceResult<NcndPosition> {
    let mut row = changeable(connection, context, id, expected)?;
    if new.authority_id.as_ref().is_some_and(|authority| authority.as_str() != row.authority_id) {
        let detail = "A position stays with its authority.";
        return Err(ServiceError::fault(Fault::new("/authority_id", INCONSISTENT_MEMBERS, detail)));
    }
    row.content = content(new)?;
    row.version += 1;
    row.updated_at = context.now.0.max(row.updated_at);
    rows::update(connection, &row)?;
    document(&row, context.today)
}

/// Removes a position.
///
/// # Errors
///
/// [`ServiceError::StaleVersion`].
pub fn delete(
    connection: &mut Connection,
    context: &Context,
    id: &str,
    expected: &dyn Fn(i64) -> bool,
) -> ServiceResult<()> {
    let row = changeable(connection, context, id, expected)?;
    Ok(rows::delete(connection, row.position_key)?)
}

fn changeable(
    connection: &mut Connection,
    context: &Context,
    id: &str,
    expected: &dyn Fn(i64) -> bool,
) -> ServiceResult<PositionRow> {
    let row = rows::find_to_change(connection, &context.scope, id)?.ok_or(ServiceError::NotFound)?;
    context.log_for(&row.authority_id);
    if expected(row.version) { Ok(row) } else { Err(ServiceError::StaleVersion) }
}

/// The positions of an authority that cover one of these topics.
pub(super) fn matching(
    connection: &mut Connection,
    authority_key: AuthorityKey,
    topics: &[String],
    today: Date,
) -> ServiceResult<Vec<NcndPosition>> {
    if topics.is_empty() {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for row in rows::of_authority(connection, authority_key)? {
        let position = document(&row, today)?;
        if position.topics.iter().any(|topic| topics.iter().any(|other| other == topic.as_str())) {
            found.push(position);
        }
    }
    Ok(found)
}

/// The regimes under which a standing position of the authority covers a topic of the request.
pub(super) fn covering(connection: &mut Connection, request: &RequestRow) -> ServiceResult<Vec<Regime>> {
    let topics = rows::topics_of(connection, request.request_key)?;
    let today = Date(request.received_on);
    let positions = matching(connection, request.authority_key, &topics, today)?;
    Ok(positions.into_iter().map(|position| position.regime).collect())
}

fn document(row: &PositionRow, today: Date) -> ServiceResult<NcndPosition> {
    let content: NewNcndPosition = serde_json::from_str(&row.content)?;
    Ok(NcndPosition {
        id: row.id.clone(),
        authority_id: row.authority_id.clone(),
        title: content.title,
        topics: content.topics,
        regime: content.regime,
        provisions: content.provisions,
        reasons: content.reasons,
        review_on: content.review_on,
        review_due: content.review_on.is_some_and(|on| on < today),
        version: row.version,
        created_at: Instant(row.created_at).to_rfc3339(),
        updated_at: Instant(row.updated_at).to_rfc3339(),
    })
}
