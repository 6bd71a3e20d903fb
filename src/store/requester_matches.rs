//! Which requests came from the same person, by keyed hashes: nothing here tells from whom.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::{
    Connection, RequestKey, StoreError,
    requests::RequestRow,
    schema::{requester_matches, requests},
};

/// Stores the hashes of a request.
///
/// # Errors
///
/// As the store.
pub fn insert(connection: &mut Connection, request: &RequestRow, hashes: &[String]) -> Result<(), StoreError> {
    for hash in hashes {
        diesel::insert_into(requester_matches::table)
            .values((
                requester_matches::request_key.eq(request.request_key),
                requester_matches::authority_key.eq(request.authority_key),
                requester_matches::match_hash.eq(hash),
            ))
            .execute(connection)?;
    }
    Ok(())
}

/// The hashes of a request.
///
/// # Errors
///
/// As the store.
pub fn of_request(connection: &mut Connection, request_key: RequestKey) -> Result<Vec<String>, StoreError> {
    requester_matches::table
        .filter(requester_matches::request_key.eq(request_key))
        .select(requester_matches::match_hash)
        .load(connection)
        .map_err(StoreError::from)
}

/// Reference, day of receipt, first complete answer and closing of a request, and its id.
pub type RelatedRow = (String, NaiveDate, Option<NaiveDate>, Option<NaiveDate>, String);

/// The other requests to the same authority that share a hash, the latest receipt first, after `after`; with a period only
/// those received in it, its first and last day included.
///
/// # Errors
///
/// As the store.
pub fn sharing(
    connection: &mut Connection,
    request: &RequestRow,
    hashes: Vec<String>,
    period: Option<(NaiveDate, NaiveDate)>,
    after: Option<(NaiveDate, String)>,
    limit: i64,
) -> Result<Vec<RelatedRow>, StoreError> {
    let mut query = requests::table
        .inner_join(requester_matches::table.on(requester_matches::request_key.eq(requests::request_key)))
        .filter(requester_matches::authority_key.eq(request.authority_key))
        .filter(requester_matches::match_hash.eq_any(hashes))
        .filter(requests::request_key.ne(request.request_key))
        .select((requests::reference, requests::received_on, requests::responded_on, requests::closed_on, requests::id))
        .distinct()
        .order((requests::received_on.desc(), requests::reference))
        .limit(limit)
        .into_boxed();
    if let Some((first, last)) = period {
        query = query.filter(requests::received_on.between(first, last));
    }
    if let Some((received_on, reference)) = after {
        query = query.filter(
            requests::received_on
                .lt(received_on)
                .or(requests::received_on.eq(received_on).and(requests::reference.gt(reference))),
        );
    }
    query.load(connection).map_err(StoreError::from)
}
