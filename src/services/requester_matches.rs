//! Whether requests came from the same person: by keyed hashes, so that who asks learns references and dates only.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::NaiveDate;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::{
    casework::request::{RelatedRequest, RequesterIdentity},
    law::{Date, Regime, calendar::Calendar, cost::AggregationPeriod},
    services::{Context, ServiceError, ServiceResult, clocks::word, encryption, pages::first_page},
    store::{
        AuthorityKey, Connection, requester_matches as rows,
        requests::{self, RequestRow},
    },
};

/// Stores the hashes of who made a request.
///
/// # Errors
///
/// As the store.
pub(super) fn record(
    connection: &mut Connection,
    context: &Context,
    request: &RequestRow,
    identity: &RequesterIdentity,
) -> ServiceResult<()> {
    let marks = marks(identity);
    if marks.is_empty() {
        return Ok(());
    }
    let key = encryption::match_key(connection, &context.keyring)?;
    let hashes: ServiceResult<Vec<String>> =
        marks.iter().map(|mark| hashed(key.as_bytes(), request.authority_key, mark)).collect();
    Ok(rows::insert(connection, request, &hashes?)?)
}

/// What a person is recognised by: an e-mail address, or a name with a postal address. A name alone is shared by many.
fn marks(identity: &RequesterIdentity) -> Vec<String> {
    let folded = |text: &str| text.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ");
    let email = identity.email.as_ref().map(|email| format!("email\n{}", folded(email)));
    let named = identity.name.as_ref().zip(identity.address.as_ref());
    let at_home = named.map(|(name, address)| format!("name\n{}\n{}", folded(name), folded(address)));
    email.into_iter().chain(at_home).collect()
}

/// The hash of a mark; of the same mark at another authority it is another.
fn hashed(key: &[u8], authority_key: AuthorityKey, mark: &str) -> ServiceResult<String> {
    let corrupt = |_| ServiceError::Corrupt("the key of requesters' hashes".to_owned());
    let mut hash = Hmac::<Sha256>::new_from_slice(key).map_err(corrupt)?;
    hash.update(authority_key.number().to_string().as_bytes());
    hash.update(b"\n");
    hash.update(mark.as_bytes());
    Ok(URL_SAFE_NO_PAD.encode(hash.finalize().into_bytes()))
}

/// Which requests of the same person.
#[derive(Debug, Clone)]
pub struct RelatedPage {
    /// Only those received together with the request within so many working days, both days included.
    pub within_working_days: Option<u32>,
    /// Where the page begins.
    pub after: Option<RelatedPosition>,
    /// How many at most.
    pub limit: i64,
}

/// Where a page of related requests ends.
pub type RelatedPosition = (NaiveDate, String);

/// A page of the other requests that the same person made to the same authority, the latest receipt first, and the position
/// after the last where more follow.
///
/// # Errors
///
/// [`ServiceError::NotFound`] when the caller may not see the request.
pub fn related(
    connection: &mut Connection,
    context: &Context,
    request_id: &str,
    page: RelatedPage,
) -> ServiceResult<(Vec<RelatedRequest>, Option<RelatedPosition>)> {
    let RelatedPage { within_working_days, after, limit } = page;
    let request = requests::find(connection, &context.scope, request_id)?.ok_or(ServiceError::NotFound)?;
    let calendar = context.calendars.get(word::<Regime>(&request.regime)?.calendar());
    let received_on = Date(request.received_on);
    let period = within_working_days.map(|days| period_around(calendar, received_on, days));
    let hashes = rows::of_request(connection, request.request_key)?;
    let found = rows::sharing(connection, &request, hashes, period, after, limit + 1)?;
    let (found, more) = first_page(found, limit);
    context.shown(found.iter().map(|(.., id)| (request.authority_id.as_str(), id.as_str())));
    let next = found.last().filter(|_| more).map(|(reference, received_on, ..)| (*received_on, reference.clone()));
    let items = found.into_iter().map(|(reference, other_on, responded_on, closed_on, _)| {
        let both = [received_on, Date(other_on)];
        RelatedRequest {
            reference,
            received_on: Date(other_on),
            working_days_together: AggregationPeriod::of(calendar, both.into_iter())
                .map_or(0, |period| period.working_days),
            responded_on: responded_on.map(Date),
            closed_on: closed_on.map(Date),
        }
    });
    Ok((items.collect(), next))
}

/// The first and the last day from which to `day`, and to which from `day`, there are no more than so many working days,
/// both included.
fn period_around(calendar: &Calendar, day: Date, working_days: u32) -> (NaiveDate, NaiveDate) {
    let most = i64::from(working_days);
    let reaches = |first: Date, last: Date| calendar.working_days_between(first.plus_days(-1), last) <= most;
    let back = (0..).map(|days| day.plus_days(-days)).take_while(|first| *first >= Date::FIRST && reaches(*first, day));
    let on = (0..).map(|days| day.plus_days(days)).take_while(|last| *last <= Date::LAST && reaches(day, *last));
    (back.last().unwrap_or(day).0, on.last().unwrap_or(day).0)
}
