//! `/v1/api-keys` and `/v1/whoami`: credentials and what they open.

use actix_web::{HttpResponse, delete, get, post};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    api::{
        caller::{Caller, created},
        etag::{content_tag, entity_tag},
        extract::{Body, Id, Path, Query},
        openapi::{DeleteFailures, ListFailures, PostFailures, ReadFailures},
        pages::{self, Limit},
        problem::ApiError,
    },
    casework::api_key::{ApiKey, ApiKeyRotation, Identity, NewApiKey},
    services::{ServiceResult, api_keys, idempotency::Reply, key_text::KeyText},
};

/// The key addressed.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct ApiKeyPath {
    /// The key's id.
    pub api_key_id: Id,
}

/// Which page of keys.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ApiKeyListQuery {
    /// Only those that open this authority.
    pub authority_id: Option<Id>,
    /// How many at most; 50 when absent.
    pub limit: Option<Limit>,
    /// Where to go on: `next_cursor` of the page before.
    #[param(max_length = 2000)]
    pub cursor: Option<String>,
}

/// A page of keys.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApiKeyList {
    /// The keys, in a stable order; expired and revoked ones among them.
    #[schema(max_items = 200)]
    pub items: Vec<ApiKey>,
    /// Where to go on; absent on the last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub next_cursor: Option<String>,
}

fn tag(key: &ApiKey) -> String {
    entity_tag(key.version, None, "json")
}

fn made(key: &ApiKey) -> ServiceResult<Reply> {
    created(Some(format!("/v1/api-keys/{}", key.id)), Some(tag(key)), None, key)
}

/// Puts the key itself into the answer that tells of it. It is stored nowhere, not even with the answer to a keyed call.
fn shown_once(reply: &mut Reply, text: String) -> ServiceResult<()> {
    let mut document: serde_json::Value = serde_json::from_str(&reply.body)?;
    if let Some(members) = document.as_object_mut() {
        members.insert("key".to_owned(), text.into());
    }
    reply.body = document.to_string();
    Ok(())
}

/// Make an API key
///
/// The key stands in the answer as `key`, once: it is stored as a hash alone, and the replay of a keyed call leaves it
/// out. It opens nothing that the credential which makes it does not open. A key for `operator` opens nothing else and
/// belongs to no authority.
#[utoipa::path(
    tag = "credentials",
    security(("bearer" = [])),
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes the call safe to repeat.", max_length = 255)),
    request_body(content = NewApiKey, example = json!({
        "name": "Case system", "kind": "system", "scopes": ["requests:read", "requests:write"], "expires_on": "2026-12-31"
    })),
    responses((status = 201, description = "Made.", body = ApiKey,
        headers(("Location" = String, description = "The key's address."), ("ETag" = String, description = "Its version."))), PostFailures)
)]
#[post("/v1/api-keys")]
pub async fn create_api_key(caller: Caller, body: Body<NewApiKey>) -> Result<HttpResponse, ApiError> {
    let bytes = body.bytes.clone();
    let today = caller.today();
    let new = body.checked(|new| new.faults(today))?;
    let (text, kept) = KeyText::make();
    caller
        .post_adding(
            &bytes,
            move |connection, context| made(&api_keys::create(connection, context, &new, &kept)?),
            move |reply| shown_once(reply, text),
        )
        .await
}

/// List API keys
///
/// Those that open an authority which the credential may act for, without the keys themselves: also keys that belong to
/// another authority. Of the authorities of a key only those of the credential are told.
#[utoipa::path(
    tag = "credentials",
    security(("bearer" = [])),
    params(ApiKeyListQuery),
    responses((status = 200, description = "One page.", body = ApiKeyList,
        headers(("Link" = String, description = "The next page, where there is one."))), ListFailures)
)]
#[get("/v1/api-keys")]
pub async fn list_api_keys(caller: Caller, query: Query<ApiKeyListQuery>) -> Result<HttpResponse, ApiError> {
    let ApiKeyListQuery { authority_id, limit, cursor } = query.0;
    let page = pages::page::<String>(&caller, limit, cursor.as_deref())?;
    let (items, more) = caller
        .read(move |connection, context| {
            let authority_id = authority_id.as_ref().map(|id| id.0.as_str());
            let found = api_keys::list(connection, &context.scope, authority_id, page.after.as_deref(), page.limit)?;
            for key in &found.0 {
                api_keys::log_for(context, key);
            }
            Ok(found)
        })
        .await?;
    let next_cursor = items.last().filter(|_| more).map(|last| pages::cursor(&caller, &last.id));
    let page = ApiKeyList { items, next_cursor };
    Ok(pages::answer(&caller, page.next_cursor.as_deref(), &page))
}

/// Read an API key
///
/// What it opens and when it was last used, without the key itself.
#[utoipa::path(
    tag = "credentials",
    security(("bearer" = [])),
    params(ApiKeyPath),
    responses((status = 200, description = "The key.", body = ApiKey, headers(("ETag" = String, description = "Its version."))),
        ReadFailures)
)]
#[get("/v1/api-keys/{api_key_id}")]
pub async fn get_api_key(caller: Caller, path: Path<ApiKeyPath>) -> Result<HttpResponse, ApiError> {
    let id = path.0.api_key_id.0;
    let read = caller.read(move |connection, context| {
        let key = api_keys::read(connection, &context.scope, &id)?;
        api_keys::log_for(context, &key);
        Ok(key)
    });
    let key = read.await?;
    // The day of last use changes without a new version, and who asks decides which authorities are told.
    let tag = content_tag(key.version, &key).map_err(ApiError::internal)?;
    Ok(caller.single(&tag, &key))
}

/// Rotate an API key
///
/// Makes a key with the same name, kind, scopes and authorities; the old one stays valid until the overlap ends. The new
/// key stands in the answer as `key`, once.
#[utoipa::path(
    tag = "credentials",
    security(("bearer" = [])),
    params(ApiKeyPath, ("Idempotency-Key" = Option<String>, Header, description = "Makes the call safe to repeat.", max_length = 255)),
    request_body(content = ApiKeyRotation, example = json!({"expires_on": "2027-03-31", "overlap_ends_on": "2026-07-14"})),
    responses((status = 201, description = "Made.", body = ApiKey,
        headers(("Location" = String, description = "The new key's address."), ("ETag" = String, description = "Its version."))), PostFailures)
)]
#[post("/v1/api-keys/{api_key_id}/rotation")]
pub async fn rotate_api_key(
    caller: Caller,
    path: Path<ApiKeyPath>,
    body: Body<ApiKeyRotation>,
) -> Result<HttpResponse, ApiError> {
    let bytes = body.bytes.clone();
    let today = caller.today();
    let rotation = body.checked(|rotation| rotation.faults(today))?;
    let (text, kept) = KeyText::make();
    let id = path.0.api_key_id.0;
    let answer = caller
        .post_adding(
            &bytes,
            move |connection, context| made(&api_keys::rotate(connection, context, &id, &rotation, &kept)?),
            move |reply| shown_once(reply, text),
        )
        .await?;
    caller.state().credentials.forget();
    Ok(answer)
}

/// Revoke an API key
///
/// At once, also at other instances of the service within two seconds, and for every authority that the key opens: each of
/// them may revoke it. The key stays in the list, marked as revoked.
#[utoipa::path(
    tag = "credentials",
    security(("bearer" = [])),
    params(ApiKeyPath, ("If-Match" = String, Header, description = "The ETag of the key, or `*`.", max_length = 255)),
    responses((status = 204, description = "Revoked."), DeleteFailures)
)]
#[delete("/v1/api-keys/{api_key_id}")]
pub async fn revoke_api_key(caller: Caller, path: Path<ApiKeyPath>) -> Result<HttpResponse, ApiError> {
    let precondition = caller.precondition()?;
    let id = path.0.api_key_id.0;
    caller
        .write(move |connection, context| {
            api_keys::revoke(connection, context, &id, &|version| precondition.admits(version))
        })
        .await?;
    caller.state().credentials.forget();
    Ok(HttpResponse::NoContent().finish())
}

/// Read who is calling
///
/// The credential of this call, what it opens, for which authorities, and the human behind it.
#[utoipa::path(
    tag = "credentials",
    security(("bearer" = [])),
    responses((status = 200, description = "The credential.", body = Identity, headers(("ETag" = String, description = "Its version."))),
        ReadFailures)
)]
#[get("/v1/whoami")]
pub async fn get_identity(caller: Caller) -> Result<HttpResponse, ApiError> {
    let principal = caller.principal().clone();
    let identity = caller.read(move |connection, context| api_keys::identity(connection, context, principal)).await?;
    caller.computed(&identity)
}
