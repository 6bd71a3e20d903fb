//! The caller of an operation: credential, preconditions, accepted media; and the ways an operation is carried out.

use std::{
    future::{Ready, ready},
    sync::Arc,
};

use actix_web::{
    FromRequest, HttpRequest, HttpResponse,
    dev::Payload,
    http::{
        Method, StatusCode,
        header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, ETAG, HeaderValue, LOCATION},
    },
    web,
};
use serde::Serialize;

use crate::{
    addresses::Addresses,
    api::{
        accept::Accept,
        etag::{self, Precondition},
        problem::{
            ApiError, IDEMPOTENCY_KEY_IN_USE, INSUFFICIENT_SCOPE, NOT_ACCEPTABLE, ProblemFault, UNAUTHENTICATED,
        },
        scopes,
        state::AppState,
    },
    law::Date,
    services::{
        Context, Principal, ServiceError, ServiceResult,
        idempotency::{self, Answer, KeyedCall, Reply},
    },
    store::Connection,
};

/// A caller with a valid credential.
pub struct Caller {
    request: HttpRequest,
    state: Arc<AppState>,
    context: Context,
}

impl FromRequest for Caller {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::authenticate(request))
    }
}

impl Caller {
    fn authenticate(request: &HttpRequest) -> Result<Self, ApiError> {
        let state = state(request)?;
        let mut given = request.headers().get_all(AUTHORIZATION);
        let bearer = given.next().and_then(|value| value.to_str().ok()).and_then(bearer_token);
        let principal = bearer.and_then(|key| state.principal_of(key)).filter(|_| given.next().is_none());
        let principal = principal.ok_or_else(|| ApiError::new(UNAUTHENTICATED))?;
        refuse_uncovered(request, &principal)?;
        refuse_unacceptable(request)?;
        let context = state.context(principal);
        Ok(Self { request: request.clone(), state, context })
    }

    /// What the use case knows of this call.
    #[must_use]
    pub fn context(&self) -> &Context {
        &self.context
    }

    /// The date in London.
    #[must_use]
    pub fn today(&self) -> Date {
        self.context.today
    }

    /// The shared state.
    #[must_use]
    pub fn state(&self) -> &Arc<AppState> {
        &self.state
    }

    /// The request as it came.
    #[must_use]
    pub fn http(&self) -> &HttpRequest {
        &self.request
    }

    /// What `If-Match` asks for.
    ///
    /// # Errors
    ///
    /// `precondition-required` without it.
    pub fn precondition(&self) -> Result<Precondition, ApiError> {
        Precondition::required(&self.request)
    }

    /// Runs a use case that only reads.
    ///
    /// # Errors
    ///
    /// As the use case; 503 when too much waits.
    pub async fn read<T: Send + 'static>(
        &self,
        use_case: impl FnOnce(&mut Connection, &Context) -> ServiceResult<T> + Send + 'static,
    ) -> Result<T, ApiError> {
        let context = self.context.clone();
        self.state.store.read(move |connection| use_case(connection, &context)).await.map_err(ApiError::from)
    }

    /// Runs a use case that writes, for PATCH, PUT and DELETE.
    ///
    /// # Errors
    ///
    /// As the use case; 503 when too much waits.
    pub async fn write<T: Send + 'static>(
        &self,
        use_case: impl FnOnce(&mut Connection, &Context) -> ServiceResult<T> + Send + 'static,
    ) -> Result<T, ApiError> {
        let state = Arc::clone(&self.state);
        let context = self.context.clone();
        self.state
            .store
            .write(move |connection| use_case(connection, &state.renewed(context)))
            .await
            .map_err(ApiError::from)
    }

    /// Runs the use case of a POST, once for its `Idempotency-Key`.
    ///
    /// # Errors
    ///
    /// As the use case; 409 while a call with the same key runs; 422 when the key came with another call.
    pub async fn post(
        &self,
        body: &web::Bytes,
        use_case: impl FnOnce(&mut Connection, &Context) -> ServiceResult<Reply> + Send + 'static,
    ) -> Result<HttpResponse, ApiError> {
        let call = self.keyed_call(body)?;
        let running = match &call {
            None => None,
            Some(call) => Some(
                self.state
                    .start(&self.context.credential, &call.key)
                    .ok_or_else(|| ApiError::new(IDEMPOTENCY_KEY_IN_USE))?,
            ),
        };
        let state = Arc::clone(&self.state);
        let context = self.context.clone();
        let again = call.clone();
        let outcome = self
            .state
            .store
            .write(move |connection| {
                // The mark goes with the write: it is carried out even when the caller has gone.
                let _running = running;
                let context = state.renewed(context);
                idempotency::once(connection, &context, call.as_ref(), |connection| use_case(connection, &context))
            })
            .await;
        match (outcome, again) {
            (Ok(answer), _) => Ok(rendered(answer)),
            (Err(error), Some(call)) => self.given_meanwhile(error, call).await,
            (Err(error), None) => Err(error.into()),
        }
    }

    /// The answer of another instance that was given the same key at once and was first; else the failure.
    async fn given_meanwhile(&self, error: ServiceError, call: KeyedCall) -> Result<HttpResponse, ApiError> {
        let failure = key_race(error);
        if failure.code.status >= 500 {
            return Err(failure);
        }
        let given =
            self.read(move |connection, context| idempotency::given_meanwhile(connection, context, &call)).await;
        given.ok().flatten().map(rendered).ok_or(failure)
    }

    fn keyed_call(&self, body: &[u8]) -> Result<Option<KeyedCall>, ApiError> {
        let mut given = self.request.headers().get_all("idempotency-key");
        let Some(value) = given.next() else { return Ok(None) };
        let key = value.to_str().ok().map(str::trim).and_then(unquoted).unwrap_or_default();
        let visible = |byte: u8| (0x21..=0x7e).contains(&byte) && byte != b'"';
        let well_formed = (1..=255).contains(&key.len()) && key.bytes().all(visible);
        if !well_formed || given.next().is_some() {
            let fault = ProblemFault::header("Idempotency-Key", "One key of 1 to 255 visible ASCII characters.");
            return Err(ApiError::parameter(fault));
        }
        let route = format!("{} {}", self.request.method(), self.request.path());
        Ok(Some(KeyedCall::new(key.to_owned(), &route, body)))
    }

    /// A single resource, or 304 when the caller has this form of it already.
    #[must_use]
    pub fn single(&self, tag: &str, document: &impl Serialize) -> HttpResponse {
        if matches!(*self.request.method(), Method::GET) && etag::is_known(&self.request, tag) {
            return HttpResponse::NotModified()
                .insert_header((ETAG, tag))
                .insert_header((CACHE_CONTROL, "no-store"))
                .finish();
        }
        HttpResponse::Ok().insert_header((ETAG, tag)).insert_header((CACHE_CONTROL, "no-store")).json(document)
    }
}

/// Refuses a credential that lacks what the operation needs: before the body is read or anything is looked up.
fn refuse_uncovered(request: &HttpRequest, principal: &Principal) -> Result<(), ApiError> {
    let addresses = request.app_data::<web::Data<Addresses>>();
    // The path as the router matched it, decoded.
    let needs = addresses.and_then(|known| known.needs(request.match_info().as_str(), request.method()));
    let needs = needs.ok_or_else(|| ApiError::internal("the operation has no line in the table of scopes"))?;
    if principal.scopes.satisfy(needs) {
        return Ok(());
    }
    Err(ApiError::new(INSUFFICIENT_SCOPE).with_detail(scopes::in_words(needs)))
}

/// What stands between the quotation marks of a structured field, or the text when it has none; `None` for half a pair.
fn unquoted(text: &str) -> Option<&str> {
    text.strip_prefix('"').map_or(Some(text), |rest| rest.strip_suffix('"'))
}

/// Two instances were given the same key at once: the other was first.
fn key_race(error: ServiceError) -> ApiError {
    match &error {
        ServiceError::Store(store) if store.is_unique("idempotency_keys(credential,idempotency_key)") => {
            ApiError::new(IDEMPOTENCY_KEY_IN_USE)
        }
        _ => error.into(),
    }
}

fn rendered(answer: Answer) -> HttpResponse {
    let (reply, is_replay) = match answer {
        Answer::First(reply) => (reply, false),
        Answer::Replayed(reply) => (reply, true),
    };
    let mut response = HttpResponse::build(StatusCode::from_u16(reply.status).unwrap_or(StatusCode::CREATED));
    for (name, value) in &reply.headers {
        response.insert_header((name.as_str(), value.as_str()));
    }
    if is_replay {
        response.insert_header(("Idempotency-Replayed", "true"));
    }
    response
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((CONTENT_TYPE, "application/json"))
        .body(reply.body)
}

/// The reply of a POST that made something.
///
/// # Errors
///
/// When the document cannot be written as JSON, which would be a fault of this service.
pub fn created(
    location: Option<String>,
    tag: Option<String>,
    request_id: Option<String>,
    document: &impl Serialize,
) -> ServiceResult<Reply> {
    let named = |name: &str, value: Option<String>| value.map(|value| (name.to_owned(), value));
    let headers = [named(LOCATION.as_str(), location), named(ETAG.as_str(), tag)];
    Ok(Reply {
        status: 201,
        headers: headers.into_iter().flatten().collect(),
        body: serde_json::to_string(document)?,
        request_id,
    })
}

/// The same reply with status 200: the POST changed a resource and made none.
#[must_use]
pub fn ok(reply: Reply) -> Reply {
    Reply { status: 200, ..reply }
}

/// A visitor without a credential, at reference data.
pub struct Visitor {
    request: HttpRequest,
    /// The shared state.
    pub state: Arc<AppState>,
}

impl FromRequest for Visitor {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let visitor = state(request).and_then(|state| {
            refuse_unacceptable(request)?;
            Ok(Self { request: request.clone(), state })
        });
        ready(visitor)
    }
}

impl Visitor {
    /// Reference data that may be kept for a while, or 304 when the visitor has it already.
    #[must_use]
    pub fn reference(&self, tag: &str, document: &impl Serialize) -> HttpResponse {
        let keep = HeaderValue::from_static("public, max-age=300");
        if etag::is_known(&self.request, tag) {
            return HttpResponse::NotModified()
                .insert_header((ETAG, tag))
                .insert_header((CACHE_CONTROL, keep))
                .finish();
        }
        HttpResponse::Ok().insert_header((ETAG, tag)).insert_header((CACHE_CONTROL, keep)).json(document)
    }
}

fn state(request: &HttpRequest) -> Result<Arc<AppState>, ApiError> {
    let shared = request.app_data::<web::Data<AppState>>();
    shared.map(|data| Arc::clone(data)).ok_or_else(|| ApiError::internal("the application has no state"))
}

fn bearer_token(value: &str) -> Option<&str> {
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim()).filter(|token| !token.is_empty())
}

fn refuse_unacceptable(request: &HttpRequest) -> Result<(), ApiError> {
    let accept = Accept::of(request);
    if weighs_forms(request) {
        return Ok(());
    }
    let fits = accept.allows("application/json") || (offers_csv(request) && accept.allows("text/csv"));
    if fits { Ok(()) } else { Err(ApiError::new(NOT_ACCEPTABLE)) }
}

/// Whether this address has forms of its own and weighs `Accept` by itself.
fn weighs_forms(request: &HttpRequest) -> bool {
    let path = request.path();
    path.starts_with("/v1/requests/") && path.ends_with("/notice")
}

/// Whether this address answers in CSV too.
fn offers_csv(request: &HttpRequest) -> bool {
    let path = request.path();
    *request.method() == Method::GET
        && (path == "/v1/requests" || path.starts_with("/v1/metrics/") || path.starts_with("/v1/returns/"))
}
