//! Erasing the people of a request: what figures are counted from stays in its rows, everything else is overwritten or
//! removed; SQLite overwrites the freed space with zeros (`secure_delete`). Also what keeps a request from being erased.

#![expect(missing_docs, reason = "a column means what its migration says")]

use chrono::NaiveDate;
use diesel::prelude::*;

use super::{
    AuthorityKey, Connection, ProceedingKey, RequestKey, StoreError,
    requests::RequestRow,
    schema::{
        case_histories, deletions, due_dates, events, idempotency_keys, legal_holds, parts, proceedings, record_parts,
        records, requester_matches, requesters, requests, responses, timeline_entries,
    },
};

/// What the columns of words hold afterwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Blank<'a> {
    /// In the place of subject and of texts of parts.
    pub text: &'a str,
    /// In the place of JSON objects.
    pub object: &'a str,
    /// In the place of JSON lists.
    pub list: &'a str,
}

/// Overwrites the words of a request, its parts, its events and its letters, and removes what no figure is counted from:
/// who asked, hashes, drafts, records, the timeline, stored answers, what falls due. Entries after the response are for the
/// use case to strip.
///
/// # Errors
///
/// As the store.
pub fn erase_words(
    connection: &mut Connection,
    request: &RequestRow,
    blank: Blank<'_>,
    erased_at: i64,
) -> Result<(), StoreError> {
    let key = request.request_key;
    remove_rows(connection, key, &request.id)?;
    diesel::update(parts::table.filter(parts::request_key.eq(key)))
        .set((parts::text.eq(blank.text), parts::details.eq(blank.object)))
        .execute(connection)?;
    diesel::delete(events::table.filter(events::request_key.eq(key)).filter(events::voided_at.is_not_null()))
        .execute(connection)?;
    diesel::update(events::table.filter(events::request_key.eq(key)))
        .set(events::details.eq(blank.object))
        .execute(connection)?;
    diesel::delete(responses::table.filter(responses::request_key.eq(key)).filter(responses::issued_on.is_null()))
        .execute(connection)?;
    diesel::update(responses::table.filter(responses::request_key.eq(key)))
        .set((
            responses::content.eq(blank.object),
            responses::findings.eq(blank.list),
            responses::override_reason.eq(None::<String>),
        ))
        .execute(connection)?;
    diesel::update(requests::table.find(key))
        .set((
            requests::reference.eq(format!("erased-{}", request.id)),
            requests::subject.eq(blank.text),
            requests::search_text.eq(""),
            requests::details.eq(blank.object),
            requests::erased_at.eq(erased_at),
        ))
        .execute(connection)?;
    diesel::insert_into(deletions::table)
        .values((
            deletions::id.eq(&request.id),
            deletions::authority_key.eq(request.authority_key),
            deletions::authority_id.eq(&request.authority_id),
            deletions::deleted_at.eq(erased_at),
        ))
        .execute(connection)?;
    Ok(())
}

fn remove_rows(connection: &mut Connection, key: RequestKey, id: &str) -> Result<(), StoreError> {
    diesel::delete(requesters::table.find(key)).execute(connection)?;
    diesel::delete(requester_matches::table.filter(requester_matches::request_key.eq(key))).execute(connection)?;
    diesel::delete(record_parts::table.filter(record_parts::request_key.eq(key))).execute(connection)?;
    diesel::delete(records::table.filter(records::request_key.eq(key))).execute(connection)?;
    diesel::delete(timeline_entries::table.filter(timeline_entries::request_key.eq(key))).execute(connection)?;
    diesel::delete(case_histories::table.find(key)).execute(connection)?;
    diesel::delete(due_dates::table.filter(due_dates::request_key.eq(key))).execute(connection)?;
    diesel::delete(legal_holds::table.find(key)).execute(connection)?;
    diesel::delete(idempotency_keys::table.filter(idempotency_keys::request_id.eq(id))).execute(connection)?;
    Ok(())
}

/// Removes an entry of the chain after the response.
///
/// # Errors
///
/// As the store.
pub fn delete_proceeding(connection: &mut Connection, proceeding_key: ProceedingKey) -> Result<(), StoreError> {
    diesel::delete(proceedings::table.find(proceeding_key)).execute(connection)?;
    Ok(())
}

/// Replaces what an entry of the chain after the response says.
///
/// # Errors
///
/// As the store.
pub fn set_content(
    connection: &mut Connection,
    proceeding_key: ProceedingKey,
    content: &str,
) -> Result<(), StoreError> {
    diesel::update(proceedings::table.find(proceeding_key))
        .set(proceedings::content.eq(content))
        .execute(connection)?;
    Ok(())
}

/// A hold that the authority placed.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = legal_holds, primary_key(request_key), treat_none_as_null = true)]
pub struct LegalHoldRow {
    pub request_key: RequestKey,
    pub authority_key: AuthorityKey,
    pub reason: String,
    pub placed_by: Option<String>,
    pub placed_at: i64,
}

/// The hold that the authority placed on a request.
///
/// # Errors
///
/// As the store.
pub fn hold_of(connection: &mut Connection, request_key: RequestKey) -> Result<Option<LegalHoldRow>, StoreError> {
    let hold = legal_holds::table.find(request_key).select(LegalHoldRow::as_select());
    hold.get_result(connection).optional().map_err(StoreError::from)
}

/// Places a hold, in the place of one that was there.
///
/// # Errors
///
/// As the store.
pub fn place_hold(connection: &mut Connection, row: &LegalHoldRow) -> Result<(), StoreError> {
    release_hold(connection, row.request_key)?;
    diesel::insert_into(legal_holds::table).values(row).execute(connection)?;
    Ok(())
}

/// Releases a hold; whether there was one.
///
/// # Errors
///
/// As the store.
pub fn release_hold(connection: &mut Connection, request_key: RequestKey) -> Result<bool, StoreError> {
    Ok(diesel::delete(legal_holds::table.find(request_key)).execute(connection)? > 0)
}

/// A request that may have been kept for long enough.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct ClosedRequest {
    pub request_key: RequestKey,
    pub id: String,
    pub closed_on: Option<NaiveDate>,
    pub outcome: Option<String>,
    pub status: String,
}

/// The requests of an authority that were closed by a day, by day of closing and key, after a place in that order.
///
/// # Errors
///
/// As the store.
pub fn closed_by(
    connection: &mut Connection,
    authority_key: AuthorityKey,
    day: NaiveDate,
    after: Option<(NaiveDate, RequestKey)>,
    limit: i64,
) -> Result<Vec<ClosedRequest>, StoreError> {
    let mut query = requests::table
        .filter(requests::authority_key.eq(authority_key))
        .filter(requests::erased_at.is_null())
        .filter(requests::closed_on.le(day))
        .order((requests::closed_on, requests::request_key))
        .limit(limit)
        .select((requests::request_key, requests::id, requests::closed_on, requests::outcome, requests::status))
        .into_boxed();
    if let Some((day, key)) = after {
        query = query
            .filter(requests::closed_on.ge(day))
            .filter(requests::closed_on.gt(day).or(requests::request_key.gt(key).nullable()));
    }
    query.load(connection).map_err(StoreError::from)
}
