//! `/v1/metrics`: compliance figures of one authority, in JSON or CSV.

mod comparison;
mod ncnd_topics;
mod redress;
mod redress_tables;
mod tables;
mod workload;

pub use comparison::*;
pub use ncnd_topics::*;
pub use redress::*;
pub use workload::*;

use actix_web::{HttpResponse, get};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    api::{
        caller::Caller,
        csv::Table,
        extract::{Id, Query},
        openapi::ReadFailures,
        problem::{ApiError, INVALID_PARAMETER, ProblemFault},
        table_format::{TableFormat, csv_answer, wants_csv},
    },
    law::{Date, Regime},
    metrics::{
        Definition, GroupBy, TimelinessBasis, definitions,
        returns::{SPECIAL_OUTCOMES, SPECIAL_STATES, SpecialOutcome, SpecialState},
    },
    services::{
        Context, ServiceError, ServiceResult,
        metrics::{self, MetricsQuestion, NcndReport, OutcomesReport, ProvisionsReport, TimelinessReport},
    },
    store::Connection,
};

/// Which days, on which basis, seen from when.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct TimelinessQuery {
    /// The first day.
    #[param(example = "2019-10-01")]
    pub start_on: Date,
    /// The last day; it counts.
    #[param(example = "2019-12-31")]
    pub end_on: Date,
    /// Which day puts a request into a period: receipt, first complete answer, or statutory due date.
    #[param(example = "received")]
    pub basis: TimelinessBasis,
    /// The day at whose end requests are looked at; today in London when absent.
    #[param(example = "2020-06-30")]
    pub as_at: Option<Date>,
    /// One row for each of these periods; one row for all days when absent.
    #[param(example = "quarter")]
    pub group_by: Option<GroupBy>,
    /// Only parts under this regime.
    pub regime: Option<Regime>,
    /// The authority, where the credential has more than one.
    pub authority_id: Option<Id>,
    /// The form; `Accept` decides when absent.
    pub format: Option<TableFormat>,
}

/// Which days, seen from when.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct MetricsQuery {
    /// The first day.
    #[param(example = "2019-10-01")]
    pub start_on: Date,
    /// The last day; it counts.
    #[param(example = "2019-12-31")]
    pub end_on: Date,
    /// The day at whose end requests are looked at; today in London when absent.
    #[param(example = "2020-06-30")]
    pub as_at: Option<Date>,
    /// One row for each of these periods; one row for all days when absent.
    #[param(example = "quarter")]
    pub group_by: Option<GroupBy>,
    /// Only parts under this regime.
    pub regime: Option<Regime>,
    /// The authority, where the credential has more than one.
    pub authority_id: Option<Id>,
    /// The form; `Accept` decides when absent.
    pub format: Option<TableFormat>,
}

/// The form of the definitions.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DefinitionsQuery {
    /// The form; `Accept` decides when absent.
    pub format: Option<TableFormat>,
}

/// What every figure means.
#[derive(Debug, Serialize, ToSchema)]
pub struct DefinitionList {
    /// The definitions, by the names that figures carry.
    #[schema(max_items = 100)]
    pub definitions: Vec<Definition>,
    /// Where a request in each state goes in each return, and by which source.
    #[schema(max_items = 100)]
    pub special_states: &'static [SpecialState],
    /// Where an answered request goes by its outcome.
    #[schema(max_items = 100)]
    pub special_outcomes: &'static [SpecialOutcome],
}

impl TimelinessQuery {
    fn question(self) -> MetricsQuestion {
        let Self { start_on, end_on, as_at, group_by, regime, authority_id, .. } = self;
        MetricsQuestion { authority_id: authority_id.map(|id| id.0), start_on, end_on, group_by, as_at, regime }
    }
}

impl MetricsQuery {
    fn question(self) -> MetricsQuestion {
        let Self { start_on, end_on, as_at, group_by, regime, authority_id, .. } = self;
        MetricsQuestion { authority_id: authority_id.map(|id| id.0), start_on, end_on, group_by, as_at, regime }
    }
}

/// Read timeliness
///
/// How many requests were answered within the statutory limit, or within a permitted extension. The three bases give
/// different figures for the same casework; `definition` says what each counts.
#[utoipa::path(
    tag = "metrics",
    security(("bearer" = [])),
    params(TimelinessQuery),
    responses((status = 200, description = "One row for each period.",
        content((TimelinessReport = "application/json"), (String = "text/csv")),
        headers(("ETag" = String, description = "A hash of what it says."))),
        ReadFailures)
)]
#[get("/v1/metrics/timeliness")]
pub async fn get_timeliness(caller: Caller, query: Query<TimelinessQuery>) -> Result<HttpResponse, ApiError> {
    let (format, basis) = (query.0.format, query.0.basis);
    let question = query.0.question();
    let report =
        figures(&caller, move |connection, context| metrics::timeliness(connection, context, &question, basis)).await?;
    answer(&caller, format, &report, tables::timeliness)
}

/// Read outcomes
///
/// How the requests answered in the period, and their parts, were answered. NCND stands by itself.
#[utoipa::path(
    tag = "metrics",
    security(("bearer" = [])),
    params(MetricsQuery),
    responses((status = 200, description = "One row for each period.",
        content((OutcomesReport = "application/json"), (String = "text/csv")),
        headers(("ETag" = String, description = "A hash of what it says."))),
        ReadFailures)
)]
#[get("/v1/metrics/outcomes")]
pub async fn get_outcomes(caller: Caller, query: Query<MetricsQuery>) -> Result<HttpResponse, ApiError> {
    let format = query.0.format;
    let question = query.0.question();
    let report = figures(&caller, move |connection, context| metrics::outcomes(connection, context, &question)).await?;
    answer(&caller, format, &report, tables::outcomes)
}

/// Read which provisions were cited
///
/// How often each ground was cited in first answers. Grounds relied on in the alternative are one class of their own.
#[utoipa::path(
    tag = "metrics",
    security(("bearer" = [])),
    params(MetricsQuery),
    responses((status = 200, description = "One row for each period and provision cited.",
        content((ProvisionsReport = "application/json"), (String = "text/csv")),
        headers(("ETag" = String, description = "A hash of what it says."))),
        ReadFailures)
)]
#[get("/v1/metrics/provisions")]
pub async fn get_cited_provisions(caller: Caller, query: Query<MetricsQuery>) -> Result<HttpResponse, ApiError> {
    let format = query.0.format;
    let question = query.0.question();
    let report =
        figures(&caller, move |connection, context| metrics::provisions(connection, context, &question)).await?;
    answer(&caller, format, &report, tables::provisions)
}

/// Read how often it was neither confirmed nor denied
///
/// Requests with any such answer, and such parts, of those answered. Counted from what was sent.
#[utoipa::path(
    tag = "metrics",
    security(("bearer" = [])),
    params(MetricsQuery),
    responses((status = 200, description = "One row for each period.",
        content((NcndReport = "application/json"), (String = "text/csv")),
        headers(("ETag" = String, description = "A hash of what it says."))),
        ReadFailures)
)]
#[get("/v1/metrics/ncnd")]
pub async fn get_ncnd(caller: Caller, query: Query<MetricsQuery>) -> Result<HttpResponse, ApiError> {
    let format = query.0.format;
    let question = query.0.question();
    let report = figures(&caller, move |connection, context| metrics::ncnd(connection, context, &question)).await?;
    answer(&caller, format, &report, tables::ncnd)
}

/// Read what the figures mean
///
/// What each figure counts, of what, and how doubtful cases are decided.
#[utoipa::path(
    tag = "metrics",
    security(("bearer" = [])),
    params(DefinitionsQuery),
    responses((status = 200, description = "Every definition.",
        content((DefinitionList = "application/json"), (String = "text/csv")),
        headers(("ETag" = String, description = "A hash of what it says."))),
        ReadFailures)
)]
#[get("/v1/metrics/definitions")]
pub async fn list_metric_definitions(caller: Caller, query: Query<DefinitionsQuery>) -> Result<HttpResponse, ApiError> {
    let list = DefinitionList {
        definitions: definitions(),
        special_states: SPECIAL_STATES,
        special_outcomes: SPECIAL_OUTCOMES,
    };
    answer(&caller, query.0.format, &list, |list| tables::definitions(&list.definitions))
}

/// Runs a use case. Whatever it finds impossible stands in the query, so it is a fault of a parameter.
pub(super) async fn figures<T: Send + 'static>(
    caller: &Caller,
    use_case: impl FnOnce(&mut Connection, &Context) -> ServiceResult<T> + Send + 'static,
) -> Result<T, ApiError> {
    let outcome = caller
        .read(move |connection, context| match use_case(connection, context) {
            Err(ServiceError::Invalid(faults)) => Ok(Err(faults)),
            outcome => outcome.map(Ok),
        })
        .await?;
    outcome.map_err(|faults| {
        let parameter =
            |fault: crate::fault::Fault| ProblemFault::parameter(fault.pointer.trim_start_matches('/'), fault.detail);
        ApiError::new(INVALID_PARAMETER).with_errors(faults.into_iter().map(parameter).collect())
    })
}

/// The report, as JSON or as a table.
pub(super) fn answer<T: Serialize>(
    caller: &Caller,
    format: Option<TableFormat>,
    report: &T,
    table: impl FnOnce(&T) -> csv::Result<Table>,
) -> Result<HttpResponse, ApiError> {
    if wants_csv(caller, format) { csv_answer(caller, table(report)) } else { caller.computed(report) }
}
