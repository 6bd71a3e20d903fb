//! `GET /v1/metrics/workload`.

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
    law::{Date, Regime},
    services::metrics::{self, MetricsQuestion, WorkloadReport},
};

/// Whose workload, at the end of which day.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct WorkloadQuery {
    /// The day at whose end requests are looked at; today in London when absent.
    #[param(example = "2020-06-30")]
    pub as_at: Option<Date>,
    /// Only parts under this regime.
    pub regime: Option<Regime>,
    /// The authority, where the credential has more than one.
    pub authority_id: Option<Id>,
    /// The form; `Accept` decides when absent.
    pub format: Option<TableFormat>,
}

/// Read the workload
///
/// What is open, overdue by age, due soon, stopped or extended; and how the quarter closes if every open request is
/// answered on its last day.
#[utoipa::path(
    tag = "metrics",
    security(("bearer" = [])),
    params(WorkloadQuery),
    responses((status = 200, description = "One row.",
        content((WorkloadReport = "application/json"), (String = "text/csv")),
        headers(("ETag" = String, description = "A hash of what it says."))),
        ReadFailures)
)]
#[get("/v1/metrics/workload")]
pub async fn get_workload(caller: Caller, query: Query<WorkloadQuery>) -> Result<HttpResponse, ApiError> {
    let WorkloadQuery { as_at, regime, authority_id, format } = query.0;
    let day = as_at.unwrap_or(caller.today());
    let question = MetricsQuestion {
        authority_id: authority_id.map(|id| id.0),
        start_on: day,
        end_on: day,
        group_by: None,
        as_at,
        regime,
    };
    let report = figures(&caller, move |connection, context| metrics::workload(connection, context, &question)).await?;
    answer(&caller, format, &report, tables::workload)
}
