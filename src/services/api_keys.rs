//! API keys: made, listed, rotated, revoked; and who a key is of.

use crate::{
    casework::{
        api_key::{ApiKey, ApiKeyRotation, CredentialKind, Identity, NamedAuthority, NewApiKey},
        scope::{Scope, ScopeSet},
        text::Line,
    },
    config::KeyHash,
    fault::{Fault, INVALID_VALUE},
    law::Date,
    services::{
        AuthorityScope, Context, Principal, ServiceError, ServiceResult, authorities, clocks::word, context::Instant,
        key_text::KeyText, pages::first_page, timeline,
    },
    store::{
        ApiKeyKey, AuthorityKey, Connection,
        api_keys::{self as rows, ApiKeyRow, NewApiKeyRow},
        authorities as authority_rows,
    },
};

/// How many authorities `whoami` names.
const MOST_NAMED: i64 = 200;

/// Makes a key of which only `kept` is stored.
///
/// # Errors
///
/// [`ServiceError::InsufficientScope`] when it would open what the caller's own credential does not;
/// [`ServiceError::Invalid`] for an authority that the credential does not have.
pub fn create(
    connection: &mut Connection,
    context: &Context,
    new: &NewApiKey,
    kept: &KeyText,
) -> ServiceResult<ApiKey> {
    refuse_what_the_caller_lacks(context, &new.scopes)?;
    let mut authority_keys = Vec::new();
    if !new.scopes.contains(&Scope::Operator) {
        authority_keys
            .push(authorities::addressed(connection, &context.scope, new.authority_id.as_ref())?.authority_key);
    }
    for (at, id) in new.further_authority_ids.iter().enumerate() {
        let further = authority_rows::find(connection, &context.scope, id)?.ok_or_else(|| {
            let pointer = format!("/further_authority_ids/{at}");
            ServiceError::fault(Fault::new(pointer, INVALID_VALUE, "The credential has no such authority."))
        })?;
        if !authority_keys.contains(&further.authority_key) {
            authority_keys.push(further.authority_key);
        }
    }
    let fresh = Fresh {
        name: &new.name,
        kind: new.kind,
        scopes: &ScopeSet::of(new.scopes.clone()),
        expires_on: new.expires_on,
    };
    insert(connection, context, &fresh, &authority_keys, kept)
}

fn refuse_what_the_caller_lacks(context: &Context, scopes: &[Scope]) -> ServiceResult<()> {
    let lacking = scopes.iter().find(|scope| !context.scopes.holds(**scope));
    let refusal = |scope| ServiceError::InsufficientScope(format!("Who grants `{scope}` needs `{scope}`."));
    lacking.map_or(Ok(()), |scope| Err(refusal(scope)))
}

/// What a new key says.
struct Fresh<'a> {
    name: &'a Line,
    kind: CredentialKind,
    scopes: &'a ScopeSet,
    expires_on: Date,
}

fn insert(
    connection: &mut Connection,
    context: &Context,
    fresh: &Fresh<'_>,
    authority_keys: &[AuthorityKey],
    kept: &KeyText,
) -> ServiceResult<ApiKey> {
    let scopes: Vec<&str> = fresh.scopes.iter().map(Scope::as_str).collect();
    let row = NewApiKeyRow {
        id: &uuid::Uuid::new_v4().to_string(),
        authority_key: authority_keys.first().copied(),
        prefix: &kept.prefix,
        key_hash: &kept.hash.to_hex(),
        name: fresh.name,
        kind: fresh.kind.as_str(),
        scopes: &scopes.join(" "),
        expires_on: fresh.expires_on.0,
        created_by: &context.credential,
        created_at: context.now.0,
        version: 1,
    };
    let stored = rows::insert(connection, &row, authority_keys)?;
    changed(connection, context, stored)
}

/// A key that is made or changed, which the logs of its authorities have to tell of, those that the caller may not act for
/// among them; of a key for `operator`, which opens none, those of all.
fn changed(connection: &mut Connection, context: &Context, row: ApiKeyRow) -> ServiceResult<ApiKey> {
    for (_, authority_key, id) in rows::authorities_of(connection, &[row.api_key_key])? {
        if context.scope.admits(authority_key) {
            context.log_for(&id);
        } else {
            context.log_beyond(&id);
        }
    }
    one(connection, &context.scope, row)
}

/// Notes that the logs of a key's authorities, as far as the caller is told of them, have to tell of the call.
pub fn log_for(context: &Context, key: &ApiKey) {
    for id in &key.authority_ids {
        context.log_for(id);
    }
}

/// One key, with those of its authorities that the caller may act for.
///
/// # Errors
///
/// [`ServiceError::NotFound`] when it opens no authority that the caller may act for.
pub fn read(connection: &mut Connection, scope: &AuthorityScope, id: &str) -> ServiceResult<ApiKey> {
    let row = rows::find(connection, scope, id)?.ok_or(ServiceError::NotFound)?;
    one(connection, scope, row)
}

/// A page of the keys that open an authority of the caller's, or the one named, and whether more follow.
///
/// # Errors
///
/// [`ServiceError::NotFound`] for an authority that the caller may not see.
pub fn list(
    connection: &mut Connection,
    scope: &AuthorityScope,
    authority_id: Option<&str>,
    after: Option<&str>,
    limit: i64,
) -> ServiceResult<(Vec<ApiKey>, bool)> {
    let authority_key = timeline::authority_key(connection, scope, authority_id)?;
    let found = rows::list(connection, scope, authority_key, after, limit + 1)?;
    let (found, more) = first_page(found, limit);
    Ok((documents(connection, scope, found)?, more))
}

/// Makes a key that takes the place of another, which stays valid for the overlap. Only `kept` of it is stored.
///
/// # Errors
///
/// [`ServiceError::NotFound`]; [`ServiceError::NotPossible`] for a key that was revoked;
/// [`ServiceError::InsufficientScope`] when it opens what the caller's own credential does not.
pub fn rotate(
    connection: &mut Connection,
    context: &Context,
    id: &str,
    rotation: &ApiKeyRotation,
    kept: &KeyText,
) -> ServiceResult<ApiKey> {
    let old = rows::find_to_change(connection, &context.scope, id)?.ok_or(ServiceError::NotFound)?;
    if old.revoked_at.is_some() {
        return Err(ServiceError::NotPossible("The key was revoked; make a new one.".to_owned()));
    }
    let scopes = scopes_of(&old)?;
    refuse_what_the_caller_lacks(context, &scopes.iter().collect::<Vec<_>>())?;
    let authorities = rows::authorities_of(connection, &[old.api_key_key])?;
    let mut authority_keys: Vec<AuthorityKey> =
        authorities.into_iter().map(|(_, authority_key, _)| authority_key).collect();
    if !authority_keys.iter().all(|key| context.scope.admits(*key)) {
        let detail = "The key is for further authorities, and the credential is not.";
        return Err(ServiceError::InsufficientScope(detail.to_owned()));
    }
    authority_keys.sort_by_key(|key| Some(*key) != old.authority_key);
    if rotation.overlap_ends_on.0 < old.expires_on {
        rows::set_expiry(connection, old.api_key_key, rotation.overlap_ends_on.0)?;
    }
    let name = old.name.parse().map_err(|_| ServiceError::Corrupt("the name of a key".to_owned()))?;
    let fresh = Fresh { name: &name, kind: word(&old.kind)?, scopes: &scopes, expires_on: rotation.expires_on };
    insert(connection, context, &fresh, &authority_keys, kept)
}

/// Revokes a key, at once and for all its authorities, of which any may do it; revoking it again changes nothing.
///
/// # Errors
///
/// [`ServiceError::NotFound`]; [`ServiceError::StaleVersion`] when it changed since the caller read it.
pub fn revoke(
    connection: &mut Connection,
    context: &Context,
    id: &str,
    expected: &dyn Fn(i64) -> bool,
) -> ServiceResult<()> {
    let row = rows::find_to_change(connection, &context.scope, id)?.ok_or(ServiceError::NotFound)?;
    if !expected(row.version) {
        return Err(ServiceError::StaleVersion);
    }
    if row.revoked_at.is_none() {
        rows::revoke(connection, row.api_key_key, context.now.0)?;
    }
    changed(connection, context, row).map(|_| ())
}

/// A key as it was looked up for a call, whether or not it is good.
#[derive(Debug, Clone)]
pub struct KnownKey {
    /// Its internal key.
    pub api_key_key: ApiKeyKey,
    /// SHA-256 of the whole key.
    pub hash: KeyHash,
    /// Whether it was revoked.
    pub is_revoked: bool,
    /// Who it is of.
    pub principal: Principal,
    /// The day on which it was last used, as far as it was noted.
    pub last_used_on: Option<Date>,
}

/// The key with this prefix: who it is of and what it opens.
///
/// # Errors
///
/// As the store.
pub fn with_prefix(connection: &mut Connection, prefix: &str) -> ServiceResult<Option<KnownKey>> {
    let Some((row, authority_keys)) = rows::with_prefix(connection, prefix)? else { return Ok(None) };
    let scopes = scopes_of(&row)?;
    let kind: CredentialKind = word(&row.kind)?;
    let operates = scopes.holds(Scope::Operator);
    Ok(Some(KnownKey {
        api_key_key: row.api_key_key,
        hash: KeyHash::from_hex(&row.key_hash).ok_or_else(|| ServiceError::Corrupt("the hash of a key".to_owned()))?,
        is_revoked: row.revoked_at.is_some(),
        principal: Principal {
            credential: format!("api_key:{}", row.id),
            kind,
            // Who runs the service makes authorities that no key could have been made for.
            scope: if operates { AuthorityScope::Every } else { AuthorityScope::Only(authority_keys) },
            scopes,
            actor: (kind == CredentialKind::Person).then_some(row.name),
            must_name_actor: kind == CredentialKind::System,
            expires_on: Some(Date(row.expires_on)),
        },
        last_used_on: row.last_used_on.map(Date),
    }))
}

/// The internal keys of the authorities with these ids; ids of none are passed over.
///
/// # Errors
///
/// As the store.
pub fn authorities_named(connection: &mut Connection, ids: &[String]) -> ServiceResult<Vec<AuthorityKey>> {
    Ok(rows::authorities_named(connection, ids)?)
}

/// Notes the days on which keys were last used.
///
/// # Errors
///
/// As the store.
pub fn note_uses(connection: &mut Connection, uses: &[(ApiKeyKey, Date)]) -> ServiceResult<()> {
    for (api_key_key, used_on) in uses {
        rows::note_use(connection, *api_key_key, used_on.0)?;
    }
    Ok(())
}

/// Who is calling.
///
/// # Errors
///
/// As the store.
pub fn identity(connection: &mut Connection, context: &Context, principal: Principal) -> ServiceResult<Identity> {
    let authorities = authority_rows::list(connection, &context.scope, None, MOST_NAMED)?;
    let named = authorities.into_iter().map(|row| NamedAuthority { id: row.id, name: row.name });
    Ok(Identity {
        credential: principal.credential,
        kind: principal.kind,
        actor: principal.actor,
        must_name_actor: principal.must_name_actor,
        all_authorities: principal.scope == AuthorityScope::Every,
        authorities: named.collect(),
        scopes: principal.scopes.iter().collect(),
        expires_on: principal.expires_on,
    })
}

fn scopes_of(row: &ApiKeyRow) -> ServiceResult<ScopeSet> {
    Ok(ScopeSet::of(row.scopes.split_whitespace().map(word).collect::<ServiceResult<Vec<Scope>>>()?))
}

fn one(connection: &mut Connection, scope: &AuthorityScope, row: ApiKeyRow) -> ServiceResult<ApiKey> {
    documents(connection, scope, vec![row])?.pop().ok_or(ServiceError::NotFound)
}

/// What is told of keys. Which other authorities a key opens is not for the caller, who may act for some of them only.
fn documents(connection: &mut Connection, scope: &AuthorityScope, found: Vec<ApiKeyRow>) -> ServiceResult<Vec<ApiKey>> {
    let keys: Vec<ApiKeyKey> = found.iter().map(|row| row.api_key_key).collect();
    let mut authorities = rows::authorities_of(connection, &keys)?;
    authorities.retain(|(_, authority_key, _)| scope.admits(*authority_key));
    found.into_iter().map(|row| document(row, &authorities)).collect()
}

fn document(row: ApiKeyRow, authorities: &[(ApiKeyKey, AuthorityKey, String)]) -> ServiceResult<ApiKey> {
    let mut own: Vec<&(ApiKeyKey, AuthorityKey, String)> =
        authorities.iter().filter(|(key, ..)| *key == row.api_key_key).collect();
    own.sort_by_key(|(_, authority_key, _)| Some(*authority_key) != row.authority_key);
    Ok(ApiKey {
        scopes: scopes_of(&row)?.iter().collect(),
        id: row.id,
        prefix: row.prefix,
        key: None,
        name: row.name.parse().map_err(|_| ServiceError::Corrupt("the name of a key".to_owned()))?,
        kind: word(&row.kind)?,
        authority_ids: own.into_iter().map(|(.., id)| id.clone()).collect(),
        expires_on: Date(row.expires_on),
        created_by: row.created_by,
        created_at: Instant(row.created_at).to_rfc3339(),
        last_used_on: row.last_used_on.map(Date),
        revoked_at: row.revoked_at.map(|at| Instant(at).to_rfc3339()),
        version: row.version,
    })
}
