//! `GET /v1/metrics/comparison`: one metric across authorities.

use actix_web::{HttpResponse, get};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{
    api::{
        caller::Caller,
        extract::Query,
        metrics::{answer, figures, tables},
        openapi::ReadFailures,
        problem::{ApiError, INSUFFICIENT_SCOPE},
        table_format::TableFormat,
    },
    casework::{scope::Scope, text::Word},
    law::{Date, Regime},
    metrics::TimelinessBasis,
    services::metrics::{self, ComparedMetric, ComparisonQuestion, ComparisonReport, MetricsQuestion},
};

/// Which metric is compared, over which days, and by which figure it ranks.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ComparisonQuery {
    /// The metric.
    #[param(example = "outcomes")]
    pub metric: ComparedMetric,
    /// The first day.
    #[param(example = "2019-10-01")]
    pub start_on: Date,
    /// The last day; it counts.
    #[param(example = "2019-12-31")]
    pub end_on: Date,
    /// The basis of timeliness; `received` when absent. Other metrics have one each, which the answer names.
    pub basis: Option<TimelinessBasis>,
    /// The figure that ranks, by its name in the metric; the first when absent.
    #[param(example = "withheld_in_full")]
    pub rank_by: Option<Word>,
    /// The day at whose end requests are looked at; today in London when absent.
    #[param(example = "2020-06-30")]
    pub as_at: Option<Date>,
    /// Only parts under this regime.
    pub regime: Option<Regime>,
    /// The form; `Accept` decides when absent.
    pub format: Option<TableFormat>,
}

/// Compare authorities
///
/// One metric for every authority of the credential, with `metrics:all` for every authority there is, and in total, ranked
/// by any of its figures.
#[utoipa::path(
    tag = "metrics",
    security(("bearer" = [])),
    params(ComparisonQuery),
    responses((status = 200, description = "The total, and each authority.",
        content((ComparisonReport = "application/json"), (String = "text/csv")),
        headers(("ETag" = String, description = "A hash of what it says."))),
        ReadFailures)
)]
#[get("/v1/metrics/comparison")]
pub async fn get_comparison(caller: Caller, query: Query<ComparisonQuery>) -> Result<HttpResponse, ApiError> {
    let ComparisonQuery { metric, start_on, end_on, basis, rank_by, as_at, regime, format } = query.0;
    if metric == ComparedMetric::Provisions && !caller.context().scopes.holds(Scope::NcndRead) {
        let detail = "The metric `provisions` needs `ncnd:read` besides.";
        return Err(ApiError::new(INSUFFICIENT_SCOPE).with_detail(detail));
    }
    let asked = ComparisonQuestion {
        metric,
        question: MetricsQuestion { authority_id: None, start_on, end_on, group_by: None, as_at, regime },
        basis: basis.unwrap_or(TimelinessBasis::Received),
        rank_by: rank_by.map(|name| name.to_string()),
    };
    let report = figures(&caller, move |connection, context| metrics::compare(connection, context, &asked)).await?;
    answer(&caller, format, &report, tables::comparison)
}
