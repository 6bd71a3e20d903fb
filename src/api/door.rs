//! The door: who calls, whether the credential covers the operation, and which human is behind it. Judged before the
//! body is read and before anything is looked up; handlers find the answer with the request.

use actix_web::{
    Error, HttpMessage, HttpRequest, ResponseError,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::header::AUTHORIZATION,
    middleware::Next,
    web,
};

use crate::{
    addresses::Addresses,
    api::{
        problem::{ApiError, INSUFFICIENT_SCOPE, ProblemFault, UNAUTHENTICATED},
        scopes,
        state::AppState,
    },
    casework::{api_key::CredentialKind, scope::Needs},
    services::Principal,
};

/// The header that names the human behind a call.
pub const ACTOR: &str = "Candour-Actor";
/// How long the name of a human may be.
const LONGEST_ACTOR: usize = 128;

/// Lets a call in, or refuses it.
///
/// # Errors
///
/// As what it surrounds.
pub async fn admit(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let addresses = request.app_data::<web::Data<Addresses>>();
    // The path as the router sees it, decoded.
    let needs = addresses.and_then(|known| known.needs(request.match_info().as_str(), request.method()));
    let Some(needs) = needs else { return Ok(next.call(request).await?.map_into_boxed_body()) };
    match admitted(request.request(), needs).await {
        Ok(principal) => {
            request.extensions_mut().insert(principal);
            Ok(next.call(request).await?.map_into_boxed_body())
        }
        Err(refusal) => Ok(request.into_response(refusal.error_response())),
    }
}

async fn admitted(request: &HttpRequest, needs: Needs) -> Result<Principal, ApiError> {
    let state = request.app_data::<web::Data<AppState>>();
    let state = state.ok_or_else(|| ApiError::internal("the application has no state"))?;
    let token = bearer_token(request).ok_or_else(|| ApiError::new(UNAUTHENTICATED))?;
    let principal = state.principal_of(token).await?.ok_or_else(|| ApiError::new(UNAUTHENTICATED))?;
    if !principal.scopes.satisfy(needs) {
        return Err(ApiError::new(INSUFFICIENT_SCOPE).with_detail(scopes::in_words(needs)));
    }
    with_actor(request, principal, needs)
}

/// The one bearer token of the call.
fn bearer_token(request: &HttpRequest) -> Option<&str> {
    let mut given = request.headers().get_all(AUTHORIZATION);
    let (scheme, token) = given.next()?.to_str().ok()?.split_once(' ')?;
    let is_one = given.next().is_none() && scheme.eq_ignore_ascii_case("bearer");
    is_one.then(|| token.trim()).filter(|token| !token.is_empty())
}

/// The principal with the human whom the call names. The credential of a person has named one already.
fn with_actor(request: &HttpRequest, principal: Principal, needs: Needs) -> Result<Principal, ApiError> {
    if principal.kind == CredentialKind::Person || principal.actor.is_some() {
        return Ok(principal);
    }
    let fault = |detail| ApiError::parameter(ProblemFault::header(ACTOR, detail));
    let mut given = request.headers().get_all(ACTOR);
    let Some(value) = given.next() else {
        let must_name = principal.must_name_actor && scopes::is_casework(needs);
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
