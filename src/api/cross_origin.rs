//! Pages of other origins that may call from a browser (CORS): those that are configured, and no other.

use actix_cors::Cors;
use actix_web::http::{
    Method,
    header::{
        ACCEPT, AUTHORIZATION, CONTENT_TYPE, ETAG, HeaderName, IF_MATCH, IF_NONE_MATCH, LINK, LOCATION, RETRY_AFTER,
    },
};

use crate::api::door::{ACTOR, JUSTIFICATION};

/// For how many seconds a browser may remember what is allowed.
const REMEMBERED: usize = 600;

/// Lets pages of these origins call, with credentials in `Authorization` (cookies are not taken), and read the headers of
/// the contract.
pub fn allowing(origins: &[String]) -> Cors {
    let cors = origins.iter().fold(Cors::default(), |cors, origin| cors.allowed_origin(origin));
    cors.allowed_methods([Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE])
        .allowed_headers([AUTHORIZATION, ACCEPT, CONTENT_TYPE, IF_MATCH, IF_NONE_MATCH])
        .allowed_headers(["Idempotency-Key", "X-Request-Id", "traceparent", ACTOR, JUSTIFICATION])
        .expose_headers([ETAG, LINK, LOCATION, RETRY_AFTER])
        .expose_headers([
            HeaderName::from_static("idempotency-replayed"),
            HeaderName::from_static("ratelimit"),
            HeaderName::from_static("ratelimit-policy"),
            HeaderName::from_static("x-request-id"),
        ])
        .max_age(REMEMBERED)
}
