//! `/v1/requests/{request_id}/compliance`: what a regulator would find, from the facts.

use actix_web::{HttpResponse, get};

use super::RequestPath;
use crate::{
    api::{caller::Caller, extract::Path, openapi::ReadFailures, problem::ApiError},
    services::compliance::{self, Compliance},
};

/// Read the compliance of a request
///
/// Findings against the statute and its guidance from what was received and sent, as of today: late answers, extensions,
/// what letters lacked, reviews. Drafts play no part.
#[utoipa::path(
    tag = "requests",
    security(("bearer" = [])),
    params(RequestPath),
    responses((status = 200, description = "The findings.", body = Compliance,
        headers(("ETag" = String, description = "A hash of what it says."))),
        ReadFailures)
)]
#[get("/v1/requests/{request_id}/compliance")]
pub async fn get_compliance(caller: Caller, path: Path<RequestPath>) -> Result<HttpResponse, ApiError> {
    let id = path.0.request_id.0;
    let compliance = caller.read(move |connection, context| compliance::read(connection, context, &id)).await?;
    caller.computed(&compliance)
}
