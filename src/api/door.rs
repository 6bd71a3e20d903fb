//! The door: who calls, whether the credential covers the operation, and which human is behind it. Judged before the
//! body is read and before anything is looked up; handlers find the answer with the request.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicBool, Ordering},
};

use actix_web::{
    Error, HttpMessage, HttpRequest, ResponseError,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{Method, StatusCode, header::AUTHORIZATION},
    middleware::Next,
    web,
};

use crate::{
    addresses::{Addresses, address},
    api::{
        audit_lane::AuditLane,
        envelope::CallId,
        problem::{ApiError, DUPLICATE_REFERENCE, INSUFFICIENT_SCOPE, ProblemFault, UNAUTHENTICATED},
        scopes::{self, Matter, Rule},
        state::AppState,
    },
    casework::{api_key::CredentialKind, audit::AuditOperation},
    services::{
        Context, Principal,
        audit::{Call, NewEntry},
    },
};

/// The header that names the human behind a call.
pub const ACTOR: &str = "Candour-Actor";
/// The header that says why.
pub const JUSTIFICATION: &str = "Candour-Justification";
const LONGEST_JUSTIFICATION: usize = 500;
/// How long the name of a human may be.
const LONGEST_ACTOR: usize = 128;

/// Lets a call in, or refuses it; and lets nothing out that the audit log does not tell of.
///
/// # Errors
///
/// As what it surrounds.
pub async fn admit(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let addresses = request.app_data::<web::Data<Addresses>>().cloned();
    let path = address(request.request());
    let found = addresses.as_ref().and_then(|known| known.guarded(path, request.method()));
    let Some((id, rule)) = found else { return Ok(next.call(request).await?.map_into_boxed_body()) };
    let admitted = admitted(request.request(), rule).await;
    let told = admitted.and_then(|principal| Ok((principal, told(request.request(), id, rule.matter)?)));
    let (principal, call) = match told {
        Ok(told) => told,
        Err(refusal) => return Ok(request.into_response(refusal.error_response())),
    };
    let state = request.app_data::<web::Data<AppState>>().map(|data| Arc::clone(data));
    request.extensions_mut().insert(principal.clone());
    if let Some(call) = &call {
        request.extensions_mut().insert(Arc::clone(call));
    }
    let response = next.call(request).await?.map_into_boxed_body();
    let (Some(state), Some(call)) = (state, call) else { return Ok(response) };
    let is_refused = tells_of_a_case(&call, &response);
    let is_answered = response.status().is_success() || response.status() == StatusCode::NOT_MODIFIED;
    if !(is_answered || is_refused) || !call.is_owed.load(Ordering::SeqCst) {
        return Ok(response);
    }
    let context = Context { call: Some(call), ..state.context(&principal) };
    let entry = if is_refused { NewEntry::of_refusal(&context) } else { NewEntry::of(&context) };
    match AuditLane::written(&state, entry).await {
        Ok(()) => Ok(response),
        Err(failure) => Ok(response.into_response(failure.error_response())),
    }
}

/// Whether a refusal may tell of a case: of the one addressed, or of those that the call named, its state, its version, how it
/// and the call disagree, or, past the door, what of it needs another scope; of another that it is there, where its reference
/// is taken.
fn tells_of_a_case(call: &Call, response: &ServiceResponse<BoxBody>) -> bool {
    let telling = [
        StatusCode::FORBIDDEN,
        StatusCode::CONFLICT,
        StatusCode::PRECONDITION_FAILED,
        StatusCode::UNPROCESSABLE_ENTITY,
    ];
    let is_taken = |refusal: &ApiError| refusal.code == DUPLICATE_REFERENCE;
    (call.case_id.is_some() || call.looked_at_cases()) && telling.contains(&response.status())
        || response.response().extensions().get::<ApiError>().is_some_and(is_taken)
}

/// The call as the audit log tells of it; nothing for what is neither case data nor who may see it. Figures are told of where
/// they turn out to name cases.
fn told(request: &HttpRequest, id: &str, matter: Matter) -> Result<Option<Arc<Call>>, ApiError> {
    let is_owed = match matter {
        Matter::Casework | Matter::Administration => true,
        Matter::Figures => false,
        Matter::Reference => return Ok(None),
    };
    let address = address(request);
    let mut segments = address.split('/').skip(2);
    let case_id = (segments.next() == Some("requests")).then(|| segments.next()).flatten().map(as_stored);
    let parameter = |wanted: &str| {
        let mut pairs = url::form_urlencoded::parse(request.query_string().as_bytes());
        pairs.find(|(name, _)| name == wanted).map(|(_, value)| value.into_owned())
    };
    let call_id = request.extensions().get::<CallId>().map(|id| id.0.clone()).unwrap_or_default();
    Ok(Some(Arc::new(Call {
        operation: operation(request.method(), address),
        action: id.to_owned(),
        address: address.to_owned(),
        case_id,
        authority_id: parameter("authority_id").map(|id| as_stored(&id)),
        call_id,
        justification: justification(request)?,
        purpose: parameter("purpose").and_then(|word| word.parse().ok()),
        about: Mutex::default(),
        beyond: Mutex::default(),
        looked_at: Mutex::default(),
        shown: Mutex::default(),
        recipients: Mutex::default(),
        is_owed: AtomicBool::new(is_owed),
    })))
}

/// An id as the tables have it, however the caller wrote it.
fn as_stored(id: &str) -> String {
    uuid::Uuid::try_parse(id).map_or_else(|_| id.to_owned(), |id| id.to_string())
}

/// What a call does, in the words of DPA 2018 s62(1), as its address tells. Whether it is a disclosure the use case notes.
fn operation(method: &Method, address: &str) -> AuditOperation {
    let last = address.rsplit('/').next().unwrap_or_default();
    match (method.as_str(), last) {
        // The case stays, and so does the key that is revoked.
        ("DELETE", "legal-hold") => AuditOperation::Alteration,
        ("DELETE", _) if address.starts_with("/v1/api-keys/") => AuditOperation::Alteration,
        ("GET", "related") => AuditOperation::Combination,
        ("GET", _) => AuditOperation::Consultation,
        ("DELETE", _) | ("POST", "erasure") => AuditOperation::Erasure,
        ("POST", "requests" | "case-histories") => AuditOperation::Collection,
        _ => AuditOperation::Alteration,
    }
}

/// Why, where the caller says so. DPA 2018 s62 has not asked for it since 19 August 2025.
fn justification(request: &HttpRequest) -> Result<Option<String>, ApiError> {
    let mut given = request.headers().get_all(JUSTIFICATION);
    let Some(value) = given.next() else { return Ok(None) };
    let text = value.to_str().map(str::trim).unwrap_or_default();
    let is_plain = text.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic());
    if (1..=LONGEST_JUSTIFICATION).contains(&text.len()) && is_plain && given.next().is_none() {
        return Ok(Some(text.to_owned()));
    }
    let detail = "One line of 1 to 500 visible ASCII characters.";
    Err(ApiError::parameter(ProblemFault::header(JUSTIFICATION, detail)))
}

async fn admitted(request: &HttpRequest, rule: Rule) -> Result<Principal, ApiError> {
    let state = request.app_data::<web::Data<AppState>>();
    let state = state.ok_or_else(|| ApiError::internal("the application has no state"))?;
    let token = bearer_token(request).ok_or_else(|| ApiError::new(UNAUTHENTICATED))?;
    state.rate_limits.admit(request)?;
    let Some(principal) = state.principal_of(token).await? else {
        state.rate_limits.count_failure(request);
        return Err(ApiError::new(UNAUTHENTICATED));
    };
    state.rate_limits.count(request, &principal)?;
    if !principal.scopes.satisfy(rule.needs) {
        return Err(ApiError::new(INSUFFICIENT_SCOPE).with_detail(scopes::in_words(rule.needs)));
    }
    with_actor(request, principal, rule.matter)
}

/// The one bearer token of the call.
fn bearer_token(request: &HttpRequest) -> Option<&str> {
    let mut given = request.headers().get_all(AUTHORIZATION);
    let (scheme, token) = given.next()?.to_str().ok()?.split_once(' ')?;
    let is_one = given.next().is_none() && scheme.eq_ignore_ascii_case("bearer");
    is_one.then(|| token.trim()).filter(|token| !token.is_empty())
}

/// The principal with the human whom the call names. The credential of a person has named one already.
fn with_actor(request: &HttpRequest, principal: Principal, matter: Matter) -> Result<Principal, ApiError> {
    if principal.kind == CredentialKind::Person || principal.actor.is_some() {
        return Ok(principal);
    }
    let fault = |detail| ApiError::parameter(ProblemFault::header(ACTOR, detail));
    let mut given = request.headers().get_all(ACTOR);
    let Some(value) = given.next() else {
        let must_name = principal.must_name_actor && matter == Matter::Casework;
        let detail = "The credential is of a program: name the human behind this call, as the authority knows them.";
        return if must_name { Err(fault(detail)) } else { Ok(principal) };
    };
    let name = value.to_str().map(str::trim).unwrap_or_default();
    let is_well_formed = (1..=LONGEST_ACTOR).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_graphic());
    if !is_well_formed || given.next().is_some() {
        return Err(fault("One staff identifier of 1 to 128 visible ASCII characters."));
    }
    Ok(Principal { actor: Some(name.to_owned()), ..principal })
}
