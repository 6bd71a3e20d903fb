//! Safe retries: the first answer to a keyed POST is stored in the transaction of its effect, and replayed.

use sha2::{Digest, Sha256};

use crate::{
    hexadecimal::hex,
    services::{Context, ServiceError, ServiceResult, context::Instant},
    store::{
        Connection,
        idempotency::{self, IdempotencyRow, Replacement, Whose},
    },
};

/// The status that stands for an answer whose thing was deleted since; no POST is answered so.
const GONE: i32 = 410;
/// The status that stands for an answer whose thing another credential changed since; no stored answer has it.
const CHANGED: i32 = 409;
/// How long a first answer is kept, in microseconds: 72 hours.
const KEPT_FOR: i64 = 72 * 60 * 60 * 1_000_000;

/// An answer as it is sent and stored: status, the headers that belong to it, body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// `Location` and `ETag`, where the answer has them.
    pub headers: Vec<(String, String)>,
    /// The JSON body.
    pub body: String,
    /// The request whose erasure takes the stored answer with it.
    pub request_id: Option<String>,
}

/// A keyed call: the key, and what it is bound to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyedCall {
    /// The caller's key.
    pub key: String,
    /// Hash of route and body.
    pub fingerprint: String,
}

impl KeyedCall {
    /// Binds a key to the route and the bytes of the body.
    #[must_use]
    pub fn new(key: String, route: &str, body: &[u8]) -> Self {
        let mut hash = Sha256::new();
        hash.update(route.as_bytes());
        hash.update([0]);
        hash.update(body);
        Self { key, fingerprint: hex(hash.finalize()) }
    }
}

/// How a keyed call was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// The effect took place now.
    First(Reply),
    /// The effect took place before; this is the answer of then.
    Replayed(Reply),
}

/// Carries `effect` out once for its key.
///
/// # Errors
///
/// [`ServiceError::IdempotencyKeyReused`] when the key came before with another route or body;
/// [`ServiceError::NotPossible`] when what the call made was deleted since, or changed by another credential; else as
/// `effect`, whose failures are not stored.
pub fn once(
    connection: &mut Connection,
    context: &Context,
    call: Option<&KeyedCall>,
    effect: impl FnOnce(&mut Connection) -> ServiceResult<Reply>,
) -> ServiceResult<Answer> {
    let Some(call) = call else { return effect(connection).map(Answer::First) };
    let not_before = context.now.0 - KEPT_FOR;
    if let Some(stored) = idempotency::find(connection, &context.credential, &call.key, not_before)? {
        return replay(stored, call);
    }
    idempotency::remove_if_expired(connection, &context.credential, &call.key, not_before)?;
    let reply = effect(connection)?;
    let row = IdempotencyRow {
        credential: context.credential.clone(),
        idempotency_key: call.key.clone(),
        fingerprint: call.fingerprint.clone(),
        status: i32::from(reply.status),
        headers: serde_json::to_string(&reply.headers)?,
        body: reply.body.clone(),
        request_id: reply.request_id.clone(),
        created_at: context.now.0,
    };
    idempotency::insert(connection, &row)?;
    Ok(Answer::First(reply))
}

/// Forgets every stored answer that is older than 72 hours.
///
/// # Errors
///
/// As the store.
pub fn forget_expired(connection: &mut Connection, now: Instant) -> ServiceResult<()> {
    idempotency::remove_expired(connection, now.0 - KEPT_FOR)?;
    Ok(())
}

/// The answer that another process gave to the same call meanwhile, if one did.
///
/// Two processes that get one call at once both carry it out, and the database lets one of them commit. The other
/// fails on whatever both wrote first, a reference for example: what it tells its caller is this answer.
///
/// # Errors
///
/// [`ServiceError::IdempotencyKeyReused`] when the key came with another route or body; as the store.
pub fn given_meanwhile(
    connection: &mut Connection,
    context: &Context,
    call: &KeyedCall,
) -> ServiceResult<Option<Answer>> {
    let stored = idempotency::find(connection, &context.credential, &call.key, context.now.0 - KEPT_FOR)?;
    stored.map(|stored| replay(stored, call)).transpose()
}

fn replay(stored: IdempotencyRow, call: &KeyedCall) -> ServiceResult<Answer> {
    if stored.fingerprint != call.fingerprint {
        return Err(ServiceError::IdempotencyKeyReused);
    }
    if stored.status == GONE {
        let detail = "The call was carried out before, and what it made was deleted since. Nothing was made now; use a new \
            key to make another.";
        return Err(ServiceError::NotPossible(detail.to_owned()));
    }
    let headers: Vec<(String, String)> = serde_json::from_str(&stored.headers)?;
    if stored.status == CHANGED {
        let made = headers.first().map(|(_, location)| location.as_str()).unwrap_or_default();
        let detail = format!(
            "The call was carried out before, and another credential changed what it made since. Nothing was made now; read \
             `{made}`."
        );
        return Err(ServiceError::NotPossible(detail));
    }
    Ok(Answer::Replayed(Reply {
        status: u16::try_from(stored.status).map_err(|_| ServiceError::Corrupt("a stored status".to_owned()))?,
        headers,
        body: stored.body,
        request_id: stored.request_id,
    }))
}

/// Lets a draft or a record have no history: the answer stored for the call that made it becomes what it says now, so that
/// nothing it said before stays, and a retry still finds it. Another credential than the one that changes it may not be
/// one that reads it: of its answer the address alone is left.
///
/// # Errors
///
/// As the store.
pub fn keep_present(
    connection: &mut Connection,
    context: &Context,
    location: &str,
    present: &Reply,
) -> ServiceResult<()> {
    let Some(request_id) = &present.request_id else { return Ok(()) };
    let (made, caller) = ((request_id.as_str(), location), context.credential.as_str());
    let headers = serde_json::to_string(&present.headers)?;
    let own = Replacement { status: i32::from(present.status), headers: &headers, body: &present.body };
    idempotency::replace_answers(connection, made, Whose::Of(caller), own)?;
    let address = serde_json::to_string(&[("location", location)])?;
    let bare = Replacement { status: CHANGED, headers: &address, body: "" };
    Ok(idempotency::replace_answers(connection, made, Whose::OfOthersThan(caller), bare)?)
}

/// Forgets the answer stored for the call that made a draft or record which is deleted, or a request which is erased, now.
/// That the call was carried out is kept as long as the answer would have been: a late retry must not bring back what was
/// deleted.
///
/// # Errors
///
/// As the store.
pub fn forget(connection: &mut Connection, request_id: &str, location: &str) -> ServiceResult<()> {
    Ok(idempotency::empty_answer(connection, request_id, location, GONE)?)
}
