//! `/v1/returns`: official forms, filled in.

use actix_web::{HttpResponse, get};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{
    api::{
        caller::Caller,
        csv::{Cell, Table},
        extract::{Id, Path, Query},
        metrics::{answer, figures},
        openapi::ReadFailures,
        problem::ApiError,
        table_format::TableFormat,
    },
    law::Date,
    metrics::returns::{ReturnDocument, ReturnKind, ReturnPeriod},
    services::metrics::{self, AuthorityReturn, ReturnAsked},
};

/// The form addressed.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct ReturnPath {
    /// The form.
    #[param(example = "code-part-8")]
    pub return_kind: ReturnKind,
}

/// Which period, seen from when.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ReturnQuery {
    /// The period.
    #[param(example = "2019-Q4")]
    pub period: ReturnPeriod,
    /// The day at whose end requests are looked at; today in London when absent.
    #[param(example = "2020-06-30")]
    pub as_at: Option<Date>,
    /// The authority, where the credential has more than one.
    pub authority_id: Option<Id>,
    /// `json`, or `csv` with the exact headings of the form; `Accept` decides when absent.
    pub format: Option<TableFormat>,
}

/// Read a return
///
/// An official form for a quarter or a year, in the columns and under the headings it has. The sums that must come out are
/// checked and shown; where a form does not add up by design, so is what is left over.
#[utoipa::path(
    tag = "returns",
    security(("bearer" = [])),
    params(ReturnPath, ReturnQuery),
    responses((status = 200, description = "The form, filled in.",
        content((AuthorityReturn = "application/json"), (String = "text/csv")),
        headers(("ETag" = String, description = "A hash of what it says."))),
        ReadFailures)
)]
#[get("/v1/returns/{return_kind}")]
pub async fn get_return(
    caller: Caller,
    path: Path<ReturnPath>,
    query: Query<ReturnQuery>,
) -> Result<HttpResponse, ApiError> {
    let ReturnQuery { period, as_at, authority_id, format } = query.0;
    let asked = ReturnAsked { authority_id: authority_id.map(|id| id.0), kind: path.0.return_kind, period, as_at };
    let report =
        figures(&caller, move |connection, context| metrics::prepare_return(connection, context, &asked)).await?;
    answer(&caller, format, &report, |report| table(&report.document))
}

/// What is added to a form that lists overdue requests: a line for each, after that of the form.
const OVERDUE_HEADINGS: [&str; 6] = [
    "overdue_reference",
    "overdue_received_on",
    "overdue_due_on",
    "overdue_extended_to",
    "overdue_working_days",
    "overdue_age_working_days",
];

/// The form in one line, as it is published. Overdue requests, in the one form that lists them, have a line each below it,
/// which names the authority, the period and the day like the form does.
pub(super) fn table(document: &ReturnDocument) -> csv::Result<Table> {
    let mut headings: Vec<&str> = document.columns.iter().map(|column| column.heading.as_str()).collect();
    let cells = document.columns.iter().map(|column| Cell::text(&column.published));
    let Some(overdue) = &document.overdue else {
        let mut table = Table::new(&headings)?;
        table.row(cells)?;
        return Ok(table);
    };
    headings.extend(OVERDUE_HEADINGS);
    let mut table = Table::new(&headings)?;
    table.row(cells.chain(OVERDUE_HEADINGS.map(|_| Cell::text(""))))?;
    for one in overdue {
        let named = |heading: &str| ["authority", "period", "as_at"].contains(&heading);
        let same = document
            .columns
            .iter()
            .map(|column| Cell::text(if named(&column.heading) { column.published.as_str() } else { "" }));
        let own = [
            Cell::text(&one.reference),
            Cell::text(&one.received_on.to_string()),
            Cell::text(&one.due_on.to_string()),
            Cell::text(&one.extended_to.map(|day| day.to_string()).unwrap_or_default()),
            Cell::optional_number(Some(one.working_days_overdue)),
            Cell::optional_number(Some(one.age_working_days)),
        ];
        table.row(same.chain(own))?;
    }
    Ok(table)
}
