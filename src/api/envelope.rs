//! What surrounds every request: its id, its one line of log, its count, and the problem document of every failure.

use std::time::Instant;

use actix_web::{
    Error, HttpMessage, HttpResponse,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{
        Method, StatusCode,
        header::{
            ALLOW, CONNECTION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, HeaderValue, RETRY_AFTER,
            STRICT_TRANSPORT_SECURITY, VARY, WWW_AUTHENTICATE,
        },
    },
    middleware::Next,
    web,
};
use futures_util::FutureExt;
use uuid::Uuid;

use crate::addresses::address;
use crate::api::{
    cut_off::CutOff,
    problem::{self, ApiError},
    rate_limits::RateFields,
    state::AppState,
};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Seconds after which a refused caller may try again.
const RETRY_AFTER_SECONDS: u64 = 1;

/// `X-Request-Id` of a call: the caller's, or a new one.
#[derive(Debug, Clone)]
pub struct CallId(pub String);

/// Wraps every request.
///
/// # Errors
///
/// Only where no answer could be made at all.
pub async fn surround(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let started = Instant::now();
    let request_id = request_id(&request);
    request.extensions_mut().insert(CallId(request_id.clone()));
    let method = request.method().clone();
    let trace_id = trace_id(&request);
    if method == Method::HEAD {
        // Answered as GET; the body is left out when the answer is written.
        request.head_mut().method = Method::GET;
    }
    let state = request.app_data::<web::Data<AppState>>().cloned();
    let outcome = std::panic::AssertUnwindSafe(next.call(request)).catch_unwind().await;
    let response = match outcome {
        Ok(answered) => answered?.map_into_boxed_body(),
        // The request went down with its handler, and with it the route.
        Err(_) => {
            let failure = ApiError::internal("a handler panicked");
            let answer = problem_response(&failure, &request_id);
            let status = answer.status().as_u16();
            let micros = started.elapsed().as_micros();
            let (route, request_id, trace_id) = ("panicked", request_id.as_str(), trace_id.as_str());
            log(&Line { method: &method, route, status, micros, request_id, trace_id }, Some(&failure));
            return Err(actix_web::error::InternalError::from_response("panic", answer).into());
        }
    };
    let (mut response, failure) = rendered(response, &request_id);
    if let Ok(value) = HeaderValue::from_str(&request_id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    RateFields::write(&mut response);
    add_security_headers(&mut response);
    let route = response.request().match_pattern().unwrap_or_else(|| "unmatched".to_owned());
    let elapsed = started.elapsed();
    let status = response.status().as_u16();
    if let Some(state) = state {
        state.metrics.count(method_label(&method), &route, status, elapsed.as_secs_f64());
    }
    log(
        &Line {
            method: &method,
            route: &route,
            status,
            micros: elapsed.as_micros(),
            request_id: &request_id,
            trace_id: &trace_id,
        },
        failure.as_ref(),
    );
    Ok(response)
}

/// The method as a label: callers must not be able to make labels of their own.
fn method_label(method: &Method) -> &str {
    let known = [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::OPTIONS];
    if known.contains(method) { method.as_str() } else { "other" }
}

struct Line<'a> {
    method: &'a Method,
    route: &'a str,
    status: u16,
    micros: u128,
    request_id: &'a str,
    trace_id: &'a str,
}

fn log(line: &Line<'_>, failure: Option<&ApiError>) {
    let (method, route, status, request_id, trace_id) =
        (line.method.as_str(), line.route, line.status, line.request_id, line.trace_id);
    let duration_us = u64::try_from(line.micros).unwrap_or(u64::MAX);
    let code = failure.map_or("", |failure| failure.code.code);
    match failure.and_then(|failure| failure.cause.as_deref()) {
        Some(cause) if status >= 500 => {
            tracing::error!(method, route, status, duration_us, request_id, trace_id, code, cause, "request");
        }
        _ => tracing::info!(method, route, status, duration_us, request_id, trace_id, code, "request"),
    }
}

/// The caller's id for the request when it is a UUID, else a new one.
fn request_id(request: &ServiceRequest) -> String {
    let given = request.headers().get(&REQUEST_ID).and_then(|value| value.to_str().ok());
    given.and_then(|text| Uuid::try_parse(text).ok()).unwrap_or_else(Uuid::new_v4).to_string()
}

/// The trace that the caller continues (W3C `traceparent`), or a new one; a malformed header is ignored.
fn trace_id(request: &ServiceRequest) -> String {
    let given = request.headers().get("traceparent").and_then(|value| value.to_str().ok()).and_then(trace_of);
    given.map_or_else(|| Uuid::new_v4().simple().to_string(), str::to_owned)
}

fn trace_of(traceparent: &str) -> Option<&str> {
    let mut fields = traceparent.split('-');
    let (version, trace, parent, flags) = (fields.next()?, fields.next()?, fields.next()?, fields.next()?);
    let is_hex = |text: &str, length: usize| {
        text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
    };
    let is_set = |text: &str| text.bytes().any(|byte| byte != b'0');
    let well_formed =
        is_hex(version, 2) && version != "ff" && is_hex(trace, 32) && is_hex(parent, 16) && is_hex(flags, 2);
    (well_formed && is_set(trace) && is_set(parent)).then_some(trace)
}

/// Writes the problem document of a failure, the framework's own included.
fn rendered(response: ServiceResponse, request_id: &str) -> (ServiceResponse, Option<ApiError>) {
    let status = response.status();
    if !(status.is_client_error() || status.is_server_error()) {
        return (response, None);
    }
    let carried = response.response().extensions().get::<ApiError>().cloned();
    let failure = carried.unwrap_or_else(|| ApiError::new(problem::for_status(status)));
    let mut replacement = problem_response(&failure, request_id);
    // What other layers said beside the body: methods, and which origins may read it.
    let said = |name: &HeaderName| *name == ALLOW || *name == VARY || name.as_str().starts_with("access-control-");
    for (name, value) in response.headers().iter().filter(|(name, _)| said(name)) {
        replacement.headers_mut().append(name.clone(), value.clone());
    }
    (response.into_response(replacement), Some(failure))
}

fn problem_response(failure: &ApiError, request_id: &str) -> HttpResponse {
    let document = failure.problem(request_id);
    let status = StatusCode::from_u16(document.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = HttpResponse::build(status);
    response.insert_header((CONTENT_TYPE, "application/problem+json"));
    response.insert_header(("Cache-Control", "no-store"));
    response.insert_header((REQUEST_ID, request_id));
    match status {
        StatusCode::UNAUTHORIZED => {
            response.insert_header((WWW_AUTHENTICATE, "Bearer realm=\"candour\""));
        }
        StatusCode::REQUEST_TIMEOUT => {
            response.insert_header((CONNECTION, "close"));
        }
        StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS => {
            response.insert_header((RETRY_AFTER, failure.retry_after.unwrap_or(RETRY_AFTER_SECONDS)));
        }
        _ => {}
    }
    let text = serde_json::to_string(&document).unwrap_or_default();
    if status == StatusCode::REQUEST_TIMEOUT { response.body(CutOff::after(text)) } else { response.body(text) }
}

/// What a browser may do with an answer of the API: nothing.
const NOTHING: &str = "default-src 'none'; frame-ancestors 'none'";
/// What it may do with the pages of the documentation: show what this server serves, and call it.
const DOCUMENTATION: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
    font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

fn add_security_headers(response: &mut ServiceResponse) {
    let is_documentation = address(response.request()).starts_with("/docs");
    let is_encrypted = response.request().app_config().secure();
    let policy = if is_documentation { DOCUMENTATION } else { NOTHING };
    let headers = response.headers_mut();
    // The page of a notice brings one of its own.
    if !headers.contains_key(CONTENT_SECURITY_POLICY) {
        headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    }
    headers.insert(HeaderName::from_static("x-content-type-options"), HeaderValue::from_static("nosniff"));
    headers.insert(HeaderName::from_static("x-frame-options"), HeaderValue::from_static("DENY"));
    headers.insert(HeaderName::from_static("referrer-policy"), HeaderValue::from_static("no-referrer"));
    if is_encrypted {
        headers.insert(STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
}

#[cfg(test)]
mod tests {
    use super::trace_of;

    #[test]
    fn a_well_formed_trace_is_continued() {
        let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        assert_eq!(trace_of(&format!("00-{trace}-00f067aa0ba902b7-01")), Some(trace));
        for malformed in [
            "",
            "00",
            "00-0-0-01",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
        ] {
            assert_eq!(trace_of(malformed), None, "{malformed}");
        }
    }
}
