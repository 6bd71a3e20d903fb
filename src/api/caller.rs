//! The caller of an operation: credential, preconditions, accepted media; and the ways an operation is carried out.

use std::{
    future::{Ready, ready},
    sync::Arc,
};

use actix_web::{
    FromRequest, HttpMessage, HttpRequest, HttpResponse,
    dev::Payload,
    http::{
        Method, StatusCode,
        header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, HeaderValue, LOCATION},
    },
    web,
};
use serde::Serialize;
use serde_json::Value;

use crate::{
    addresses::address,
    api::{
        accept::Accept,
        audit_lane::AuditLane,
        etag::{self, Precondition},
        problem::{ApiError, IDEMPOTENCY_KEY_IN_USE, NOT_ACCEPTABLE, ProblemFault},
        state::AppState,
    },
    casework::audit::AuditOperation,
    law::Date,
    services::{
        Context, Principal, ServiceError, ServiceResult,
        audit::{self, Call, NewEntry},
        idempotency::{self, Answer, KeyedCall, Reply},
    },
    store::{AuthorityScope, Connection},
};

/// Addresses of figures, which a credential may read of more authorities than its own.
const FIGURES: [&str; 2] = ["/v1/metrics/", "/v1/returns/"];
/// The header that marks an answer which was given before.
const REPLAYED: &str = "idempotency-replayed";
/// The address of keys, each of which may be for several authorities.
const KEYS: &str = "/v1/api-keys";

/// A caller with a credential that covers the operation (see `api/door.rs`).
pub struct Caller {
    request: HttpRequest,
    state: Arc<AppState>,
    context: Context,
    principal: Principal,
}

impl FromRequest for Caller {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::of(request))
    }
}

impl Caller {
    fn of(request: &HttpRequest) -> Result<Self, ApiError> {
        let state = state(request)?;
        // Without a line in the table of scopes nobody was let in.
        let principal = request.extensions().get::<Principal>().cloned();
        let principal = principal.ok_or_else(|| ApiError::internal("nobody was let in at the door"))?;
        refuse_unacceptable(request)?;
        etag::refuse_malformed(request)?;
        let call = request.extensions().get::<Arc<Call>>().cloned();
        let context = Context { call, ..state.context(&principal) };
        Ok(Self { request: request.clone(), state, context, principal })
    }

    /// What the use case knows of this call.
    #[must_use]
    pub fn context(&self) -> &Context {
        &self.context
    }

    /// Whose credential it is.
    #[must_use]
    pub fn principal(&self) -> &Principal {
        &self.principal
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
    /// `precondition-required` without it, `invalid-parameter` when it holds anything but entity tags.
    pub fn precondition(&self) -> Result<Precondition, ApiError> {
        Precondition::required(&self.request)
    }

    /// What `If-Match` asks for, where a call may come without it.
    ///
    /// # Errors
    ///
    /// `invalid-parameter` when it holds anything but entity tags.
    pub fn precondition_if_given(&self) -> Result<Precondition, ApiError> {
        Precondition::optional(&self.request)
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
        let store = self.state.store.within(self.fence());
        store.read(move |connection| use_case(connection, &context)).await.map_err(ApiError::from)
    }

    /// Whose rows the database itself admits during this call: those of the credential, and at figures those whose figures
    /// it may read.
    ///
    /// Of keys all rows are admitted: whether a key is for further authorities is asked before it is given, and a row that
    /// is not seen would not be missed.
    #[must_use]
    pub fn fence(&self) -> AuthorityScope {
        let address = address(&self.request);
        if address.starts_with(KEYS) {
            return AuthorityScope::Every;
        }
        let is_of_figures = FIGURES.iter().any(|place| address.starts_with(place));
        if is_of_figures { self.context.scope_of_figures() } else { self.context.scope.clone() }
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
            .within(self.fence())
            .write(move |connection| {
                let context = state.renewed(context);
                let done = use_case(connection, &context)?;
                audit::append(connection, &NewEntry::of_effect(&context, None), &state.audit_seal)?;
                Ok::<_, ServiceError>(done)
            })
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
        self.post_adding(body, use_case, |_| Ok(())).await
    }

    /// The same; `add` puts into the first answer what must not be stored, and is not in the answer to a repeat: a secret.
    ///
    /// # Errors
    ///
    /// As [`Caller::post`], and as `add`.
    pub async fn post_adding(
        &self,
        body: &web::Bytes,
        use_case: impl FnOnce(&mut Connection, &Context) -> ServiceResult<Reply> + Send + 'static,
        add: impl FnOnce(&mut Reply) -> ServiceResult<()>,
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
            .within(self.fence())
            .write(move |connection| {
                // The mark goes with the write: it is carried out even when the caller has gone.
                let _running = running;
                let context = state.renewed(context);
                let answer = idempotency::once(connection, &context, call.as_ref(), |connection| {
                    use_case(connection, &context)
                })?;
                audit::append(connection, &entries_of(&context, &answer), &state.audit_seal)?;
                Ok(answer)
            })
            .await;
        match (outcome, again) {
            (Ok(Answer::First(mut reply)), _) => {
                add(&mut reply)?;
                Ok(rendered(Answer::First(reply)))
            }
            (Ok(replayed), _) => Ok(rendered(replayed)),
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
        let given = given.ok().flatten().ok_or(failure)?;
        if let Answer::Replayed(reply) = &given {
            note_shown(&self.context, reply);
            // Here, where it is known which case the answer tells of: the address does not name one that was made.
            let entry = NewEntry::of_repetition(&self.context, reply.request_id.as_deref());
            AuditLane::written(&self.state, entry).await?;
        }
        Ok(rendered(given))
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
        let route = format!("{} {}", self.request.method(), address(&self.request));
        Ok(Some(KeyedCall::new(key.to_owned(), &route, body)))
    }

    /// 304 when the caller has the form with this tag already.
    #[must_use]
    pub fn unchanged(&self, tag: &str) -> Option<HttpResponse> {
        let is_known = matches!(*self.request.method(), Method::GET) && etag::is_known(&self.request, tag);
        let answer = || {
            let mut response = HttpResponse::NotModified();
            response.insert_header((ETAG, tag)).insert_header((CACHE_CONTROL, "no-store")).finish()
        };
        is_known.then(answer)
    }

    /// A document that is reckoned anew for each call and has no version: its tag is a hash of what it says.
    ///
    /// # Errors
    ///
    /// When it cannot be written as JSON, which would be a fault of this service.
    pub fn computed(&self, document: &impl Serialize) -> Result<HttpResponse, ApiError> {
        Ok(self.single(&etag::content_tag(1, document).map_err(ApiError::internal)?, document))
    }

    /// A single resource, or 304 when the caller has this form of it already.
    #[must_use]
    pub fn single(&self, tag: &str, document: &impl Serialize) -> HttpResponse {
        if let Some(unchanged) = self.unchanged(tag) {
            return unchanged;
        }
        HttpResponse::Ok().insert_header((ETAG, tag)).insert_header((CACHE_CONTROL, "no-store")).json(document)
    }
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

/// What the audit log tells of a POST. A replayed answer and a history that was recorded before only read.
fn entries_of(context: &Context, answer: &Answer) -> Vec<NewEntry> {
    let operation = context.call.as_ref().map(|call| call.operation);
    match answer {
        Answer::First(reply) if reply.status == 200 && operation == Some(AuditOperation::Collection) => {
            vec![NewEntry::of_repetition(context, reply.request_id.as_deref())]
        }
        Answer::First(reply) => NewEntry::of_effect(context, reply.request_id.as_deref()),
        Answer::Replayed(reply) => {
            note_shown(context, reply);
            vec![NewEntry::of_repetition(context, reply.request_id.as_deref())]
        }
    }
}

/// Notes whose data a replayed answer tells, and which cases it names: the use case, which noted it of the first, did not
/// run again.
fn note_shown(context: &Context, reply: &Reply) {
    let document: Value = serde_json::from_str(&reply.body).unwrap_or_default();
    let several = document.get("authority_ids").and_then(Value::as_array).into_iter().flatten();
    let is_authority = context.call.as_ref().is_some_and(|call| call.action == "create_authority");
    let itself = document.get("id").filter(|_| is_authority);
    let named = document.get("authority_id").into_iter().chain(itself).chain(several);
    named.filter_map(Value::as_str).for_each(|id| context.log_for(id));
    let Some(authority_id) = document.get("authority_id").and_then(Value::as_str) else { return };
    // What regulatory actions are linked to, and what a filed return names as overdue.
    let linked = document.get("request_ids").and_then(Value::as_array).into_iter().flatten();
    let overdue = document.pointer("/document/overdue").and_then(Value::as_array).into_iter().flatten();
    let cases = linked.chain(overdue.filter_map(|one| one.get("request_id")));
    context.shown(cases.filter_map(Value::as_str).map(|id| (authority_id, id)));
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
        response.insert_header((REPLAYED, "true"));
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
            etag::refuse_malformed(request)?;
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

fn refuse_unacceptable(request: &HttpRequest) -> Result<(), ApiError> {
    let accept = Accept::of(request);
    if weighs_forms(request) {
        return Ok(());
    }
    let fits = if address(request).ends_with("/export") {
        accept.allows("application/x-ndjson")
    } else {
        accept.allows("application/json") || (offers_csv(request) && accept.allows("text/csv"))
    };
    if fits { Ok(()) } else { Err(ApiError::new(NOT_ACCEPTABLE)) }
}

/// Whether this address has forms of its own and weighs `Accept` by itself.
fn weighs_forms(request: &HttpRequest) -> bool {
    let path = address(request);
    path.starts_with("/v1/requests/") && path.ends_with("/notice")
}

/// Whether this address answers in CSV too.
fn offers_csv(request: &HttpRequest) -> bool {
    let path = address(request);
    let is_filed_form = path.starts_with("/v1/filed-returns/") && !path.ends_with("/drift");
    let is_table = path == "/v1/requests" || path.starts_with("/v1/metrics/") || path.starts_with("/v1/returns/");
    *request.method() == Method::GET && (is_table || is_filed_form)
}
