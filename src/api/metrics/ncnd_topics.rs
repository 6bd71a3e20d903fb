//! `GET /v1/metrics/ncnd-by-topic`: whole quarters only, small counts suppressed.

use actix_web::{HttpResponse, get};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{
    api::{
        caller::Caller,
        extract::{Id, Query},
        metrics::{answer, figures, tables},
        openapi::ReadFailures,
        problem::ApiError,
        table_format::TableFormat,
    },
    metrics::returns::ReturnPeriod,
    services::metrics::{self, NcndTopicsReport},
};

/// Which quarter.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct NcndTopicsQuery {
    /// A quarter that is over, like `2019-Q4` or `2019-20-Q3`.
    #[param(
        value_type = String,
        pattern = "^20(0[5-9]|[1-8][0-9]|9[0-8])(-[0-9]{2})?-Q[1-4]$",
        max_length = 10,
        example = "2019-Q4"
    )]
    pub period: ReturnPeriod,
    /// The authority, where the credential has more than one.
    pub authority_id: Option<Id>,
    /// The form; `Accept` decides when absent.
    pub format: Option<TableFormat>,
}

/// Read NCND by topic
///
/// Requests neither confirmed nor denied, by topic, in one whole quarter as it stood at its end. Small counts are suppressed
/// together with others, so that none can be worked out; the quarter cannot be narrowed. A topic on which every answer of the
/// quarter was NCND has no row of its own.
#[utoipa::path(
    tag = "metrics",
    security(("bearer" = [])),
    params(NcndTopicsQuery),
    responses((status = 200, description = "One row for each topic that was answered without NCND too, and one for the requests on none of them.",
        content((NcndTopicsReport = "application/json"), (String = "text/csv")),
        headers(("ETag" = String, description = "A hash of what it says."))),
        ReadFailures)
)]
#[get("/v1/metrics/ncnd-by-topic")]
pub async fn get_ncnd_by_topic(caller: Caller, query: Query<NcndTopicsQuery>) -> Result<HttpResponse, ApiError> {
    let NcndTopicsQuery { period, authority_id, format } = query.0;
    let named = authority_id.map(|id| id.0);
    let report = figures(&caller, move |connection, context| {
        metrics::ncnd_by_topic(connection, context, named.as_deref(), period)
    })
    .await?;
    answer(&caller, format, &report, tables::ncnd_by_topic)
}
