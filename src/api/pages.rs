//! Pages of lists: limit, cursor, the link to the next page.

use actix_web::{
    HttpResponse,
    http::header::{CACHE_CONTROL, LINK},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{
    addresses::address,
    api::{
        caller::Caller,
        extract::{Count, InstantText},
        problem::ApiError,
    },
    services::requests,
};

/// How many items a page has, unless the caller says otherwise.
const USUAL_LIMIT: u32 = 50;

/// The number of items of a page: 1 to 200.
pub type Limit = Count<1, 200>;

/// The page asked for.
#[derive(Debug, Clone)]
pub struct PageRequest<P> {
    /// How many items at most.
    pub limit: i64,
    /// The position after which it begins.
    pub after: Option<P>,
}

/// Reads limit and cursor. The cursor is bound to the address, to every parameter but the page's own, and to the
/// credential.
///
/// # Errors
///
/// `invalid-cursor`.
pub fn page<P: DeserializeOwned>(
    caller: &Caller,
    limit: Option<Limit>,
    cursor: Option<&str>,
) -> Result<PageRequest<P>, ApiError> {
    let after = cursor.map(|cursor| caller.state().cursor_key.open(cursor, &binding(caller))).transpose()?;
    Ok(PageRequest { limit: i64::from(limit.map_or(USUAL_LIMIT, |limit| limit.0)), after })
}

/// The cursor of the page that begins after `position`.
#[must_use]
pub fn cursor(caller: &Caller, position: &impl Serialize) -> String {
    caller.state().cursor_key.seal(position, &binding(caller))
}

/// Up to which instant of change a list in the order of change is settled. To be asked ahead of the list.
///
/// # Errors
///
/// As the store.
pub async fn settled_to(caller: &Caller) -> Result<i64, ApiError> {
    let latest = caller.state().clock.latest_change();
    caller.read(move |connection, _| requests::settled_to(connection, latest)).await
}

/// The instants of change that a list from `from` on tells of. It ends where a transaction that is still open might put
/// something before what is told: a later call tells of the rest.
///
/// # Errors
///
/// As the store.
pub async fn changed_from(caller: &Caller, from: Option<InstantText>) -> Result<Option<(i64, i64)>, ApiError> {
    let Some(from) = from else { return Ok(None) };
    Ok(Some((from.0, settled_to(caller).await?)))
}

/// The answer with one page.
#[must_use]
pub fn answer(caller: &Caller, next_cursor: Option<&str>, page: &impl Serialize) -> HttpResponse {
    let mut response = HttpResponse::Ok();
    response.insert_header((CACHE_CONTROL, "no-store"));
    if let Some(cursor) = next_cursor {
        response.insert_header((LINK, next_link(caller, cursor)));
    }
    response.json(page)
}

/// `Link` to the next page (RFC 8288).
#[must_use]
pub fn next_link(caller: &Caller, cursor: &str) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in parameters(caller).filter(|(name, _)| name != "cursor") {
        query.append_pair(&name, &value);
    }
    query.append_pair("cursor", cursor);
    format!("<{}?{}>; rel=\"next\"", caller.http().path(), query.finish())
}

fn parameters(caller: &Caller) -> impl Iterator<Item = (String, String)> {
    url::form_urlencoded::parse(caller.http().query_string().as_bytes()).into_owned()
}

fn binding(caller: &Caller) -> String {
    let mut filters: Vec<(String, String)> =
        parameters(caller).filter(|(name, _)| !["cursor", "limit", "format"].contains(&name.as_str())).collect();
    filters.sort();
    let filters = serde_json::to_string(&filters).unwrap_or_default();
    format!("{}\0{}\0{filters}", caller.context().credential, address(caller.http()))
}

/// A position by instant and id, or by a sort key that some rows lack.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct KeyedPosition {
    /// The sort key of the last item; absent when it has none.
    pub key: Option<i64>,
    /// Its id.
    pub id: String,
}
