//! Health, version, and the pages of the problem codes.

use std::time::Duration;

use actix_web::{HttpResponse, get, http::header::CACHE_CONTROL};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    api::{
        caller::Visitor,
        extract::Path,
        openapi::{ReadinessFailures, ReferenceFailures},
        problem::{self, ApiError, DATABASE_UNAVAILABLE, NOT_FOUND, SHUTTING_DOWN},
    },
    casework::text::Word,
    store,
};

/// How long the database may take to say that it can be written to.
const PATIENCE: Duration = Duration::from_secs(2);

/// The state of a probe.
#[derive(Debug, Serialize, ToSchema)]
pub struct Health {
    /// `ok`.
    pub status: &'static str,
}

/// What runs.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ServiceVersion)]
pub struct Version {
    /// The program's version.
    pub version: &'static str,
    /// The version of the contract.
    pub contract: &'static str,
    /// The newest migration.
    pub schema: String,
    /// The bank holidays in use.
    pub calendar_version: String,
}

/// The code addressed.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct ProblemPath {
    /// The problem code.
    #[param(example = "validation-failed", max_length = 128)]
    pub code: Word,
}

/// What a problem code means.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemExplanation {
    /// The code.
    pub code: &'static str,
    /// What it is, in a few words.
    pub title: &'static str,
    /// The HTTP status; absent for codes that stand in `errors[]` only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub status: Option<u16>,
    /// What it means and what to do next.
    pub explanation: &'static str,
}

/// Is the process alive
///
/// Says nothing about the database.
#[utoipa::path(tag = "operation", responses((status = 200, description = "It is.", body = Health), ReferenceFailures))]
#[get("/livez")]
pub async fn get_liveness() -> HttpResponse {
    HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-store")).json(Health { status: "ok" })
}

/// Is the process ready for work
///
/// The database can be written to, and the process is not about to stop.
#[utoipa::path(
    tag = "operation",
    responses((status = 200, description = "It is.", body = Health), ReadinessFailures)
)]
#[get("/readyz")]
pub async fn get_readiness(visitor: Visitor) -> Result<HttpResponse, ApiError> {
    if visitor.state.is_draining() {
        return Err(ApiError::new(SHUTTING_DOWN));
    }
    visitor
        .state
        .store
        .ping(PATIENCE)
        .await
        .map_err(|error| ApiError { cause: Some(error.to_string()), ..ApiError::new(DATABASE_UNAVAILABLE) })?;
    Ok(HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-store")).json(Health { status: "ok" }))
}

/// Which version runs
///
/// Program, contract, schema and bank holidays.
#[utoipa::path(tag = "operation", responses((status = 200, description = "The versions.", body = Version), ReferenceFailures))]
#[get("/version")]
pub async fn get_version(visitor: Visitor) -> HttpResponse {
    let document = Version {
        version: env!("CARGO_PKG_VERSION"),
        contract: "v1",
        schema: newest_migration(visitor.state.store.backend()),
        calendar_version: visitor.state.calendars().version().to_owned(),
    };
    HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-store")).json(document)
}

fn newest_migration(backend: store::Backend) -> String {
    store::migration_names(backend).unwrap_or_default().pop().unwrap_or_default()
}

/// What a problem code means
///
/// The page that the `type` of a problem document names.
#[utoipa::path(
    tag = "operation",
    params(ProblemPath),
    responses((status = 200, description = "The explanation.", body = ProblemExplanation), ReferenceFailures)
)]
#[get("/problems/{code}")]
pub async fn get_problem_code(visitor: Visitor, path: Path<ProblemPath>) -> Result<HttpResponse, ApiError> {
    let row = problem::find(&path.0.code).ok_or_else(|| ApiError::new(NOT_FOUND))?;
    let document = ProblemExplanation {
        code: row.code,
        title: row.title,
        status: (row.status != 0).then_some(row.status),
        explanation: row.explanation,
    };
    Ok(visitor.reference(concat!("\"", env!("CARGO_PKG_VERSION"), "\""), &document))
}
