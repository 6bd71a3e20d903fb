//! `GET /v1/metrics/reviews` and `GET /v1/metrics/regulator`.

use actix_web::{HttpResponse, get};

use crate::{
    api::{
        caller::Caller,
        extract::Query,
        metrics::{MetricsQuery, answer, figures, redress_tables},
        openapi::ReadFailures,
        problem::ApiError,
    },
    services::metrics::{self, RegulatorReport, ReviewsReport},
};

/// Read how reviews went
///
/// Asked for and decided, within 20 and 40 working days, what became of them, and how long they took.
#[utoipa::path(
    tag = "metrics",
    security(("bearer" = [])),
    params(MetricsQuery),
    responses((status = 200, description = "One row for each period.",
        content((ReviewsReport = "application/json"), (String = "text/csv")),
        headers(("ETag" = String, description = "A hash of what it says."))),
        ReadFailures)
)]
#[get("/v1/metrics/reviews")]
pub async fn get_reviews_metric(caller: Caller, query: Query<MetricsQuery>) -> Result<HttpResponse, ApiError> {
    let format = query.0.format;
    let question = query.0.question();
    let report = figures(&caller, move |connection, context| metrics::reviews(connection, context, &question)).await?;
    answer(&caller, format, &report, redress_tables::reviews)
}

/// Read what the regulator made of complaints
///
/// Complaints, decision notices, steps open and overdue, appeals; findings by provision need `ncnd:read` besides.
#[utoipa::path(
    tag = "metrics",
    security(("bearer" = [])),
    params(MetricsQuery),
    responses((status = 200, description = "One row for each period.",
        content((RegulatorReport = "application/json"), (String = "text/csv")),
        headers(("ETag" = String, description = "A hash of what it says."))),
        ReadFailures)
)]
#[get("/v1/metrics/regulator")]
pub async fn get_regulator_metric(caller: Caller, query: Query<MetricsQuery>) -> Result<HttpResponse, ApiError> {
    let format = query.0.format;
    let question = query.0.question();
    let report =
        figures(&caller, move |connection, context| metrics::regulator(connection, context, &question)).await?;
    answer(&caller, format, &report, redress_tables::regulator)
}
