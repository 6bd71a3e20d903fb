//! Lists of the responses of a request, page by page.

use serde::{Deserialize, Serialize};

use crate::{
    casework::response::{Response, ResponseStatus},
    services::{
        AuthorityScope, ServiceError, ServiceResult,
        pages::{FilledPage, filled_page},
        responses::document,
    },
    store::{
        Connection, ResponseKey, requests,
        responses::{self as rows, ResponseOutline, ResponseRow},
    },
};

/// Where a page of responses ends: what its last response is sorted by, and its id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResponsePosition {
    is_draft: bool,
    at: i64,
    id: String,
}

/// Which responses of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResponsePage {
    /// Only those changed from the first to the second instant, in the order of their change; else all, letters in the
    /// order of their issue, then drafts.
    pub updated_at: Option<(i64, i64)>,
    /// Whether drafts are among them.
    pub with_drafts: bool,
    /// Where the page begins.
    pub after: Option<ResponsePosition>,
    /// How many at most.
    pub limit: i64,
}

/// A page of the responses of a request, and the position after the last where more follow. A page of very long ones ends before
/// its limit.
///
/// # Errors
///
/// [`ServiceError::NotFound`].
pub fn list(
    connection: &mut Connection,
    scope: &AuthorityScope,
    request_id: &str,
    page: &ResponsePage,
) -> ServiceResult<(Vec<Response>, Option<ResponsePosition>)> {
    let request = requests::find(connection, scope, request_id)?.ok_or(ServiceError::NotFound)?;
    let mut found = positions(rows::outlines(connection, request.request_key)?, page);
    if let Some(after) = &page.after {
        // The last response of the page before may have gone, or moved on, since.
        let behind = |(_, position): &(ResponseKey, ResponsePosition)| {
            (position.is_draft, position.at) < (after.is_draft, after.at)
        };
        let seen = found.iter().position(|(_, position)| position == after);
        let begin = seen.map_or_else(|| found.partition_point(behind), |seen| seen + 1);
        found.drain(..begin);
    }
    let words = |row: &ResponseRow| row.content.len() + row.findings.len();
    let read = |keys| rows::with_keys(connection, keys);
    let FilledPage { mut found, rows: stored, more } = filled_page(found, page.limit, |(key, _)| *key, read, words)?;
    let in_order = found.iter().filter_map(|(key, _)| stored.iter().find(|row| row.response_key == *key));
    let documents = in_order.map(|row| document(row, &request.id)).collect::<ServiceResult<_>>()?;
    Ok((documents, found.pop().filter(|_| more).map(|(_, position)| position)))
}

/// Keys and positions in the order of a list: letters in the order of their issue, drafts after them, for the order in
/// which drafts were begun tells nothing; or all in the order of their change.
fn positions(found: Vec<ResponseOutline>, page: &ResponsePage) -> Vec<(ResponseKey, ResponsePosition)> {
    let updated_at = page.updated_at;
    let mut positions: Vec<(ResponseKey, ResponsePosition)> = found
        .into_iter()
        .filter(|row| page.with_drafts || row.status != ResponseStatus::Draft.as_str())
        .filter(|row| updated_at.is_none_or(|(from, to)| (from..=to).contains(&row.updated_at)))
        .map(|row| {
            let is_draft = updated_at.is_none() && row.status == ResponseStatus::Draft.as_str();
            let at = if updated_at.is_some() { row.updated_at } else { row.created_at };
            (row.response_key, ResponsePosition { is_draft, at, id: row.id })
        })
        .collect();
    positions.sort_by_key(|(_, position)| (position.is_draft, position.at));
    positions
}
