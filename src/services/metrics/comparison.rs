//! One metric of several authorities: by authority, in total, ranked.

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    fault::{Fault, UNKNOWN_VALUE},
    law::{Date, Regime},
    metrics::{Comparable, ComparedAuthority, DefinitionId, NamedFigure, TimelinessBasis, rank, total},
    services::{
        Context, ServiceError, ServiceResult,
        metrics::{Asked, MetricsQuestion},
    },
    store::{Connection, authorities},
    vocabulary,
};

vocabulary! {
    /// A metric that authorities are compared by.
    pub enum ComparedMetric {
        Timeliness = "timeliness",
        Outcomes = "outcomes",
        Ncnd = "ncnd",
        /// What there is to do at the end of `as_at`; the days asked for are left aside.
        Workload = "workload",
    }
}

/// The most authorities that one comparison has.
const MOST_AUTHORITIES: i64 = 100_000;

/// What is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComparisonQuestion {
    /// The metric.
    pub metric: ComparedMetric,
    /// The days, as for the metric itself; the authority and the grouping are left aside.
    pub question: MetricsQuestion,
    /// The basis, where the metric is timeliness.
    pub basis: TimelinessBasis,
    /// The name of the figure that ranks; the first when absent.
    pub rank_by: Option<String>,
}

/// Figures of several authorities.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ComparisonReport {
    /// The metric.
    pub metric: ComparedMetric,
    /// The first day counted.
    pub start_on: Date,
    /// The last day counted.
    pub end_on: Date,
    /// The day at whose end the requests are looked at.
    pub as_at: Date,
    /// Only parts under this regime are counted; all when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub regime: Option<Regime>,
    /// The basis, where the metric is timeliness.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub basis: Option<TimelinessBasis>,
    /// What a comparison is: see `GET /v1/metrics/definitions`, which has the metric's own definition as well.
    pub definition: DefinitionId,
    /// The figure that ranks.
    #[schema(example = "in_time")]
    pub rank_by: String,
    /// The figures of all authorities together.
    #[schema(max_items = 50)]
    pub total: Vec<NamedFigure>,
    /// The figures of each, the greatest share first.
    #[schema(max_items = 100_000)]
    pub authorities: Vec<ComparedAuthority>,
}

/// Compares every authority of the credential by one metric.
///
/// # Errors
///
/// [`ServiceError::Invalid`] when the days asked for cannot be, or the metric has no such figure.
pub fn compare(
    connection: &mut Connection,
    context: &Context,
    asked: &ComparisonQuestion,
) -> ServiceResult<ComparisonReport> {
    let selection = Asked::selection(context, &asked.question)?;
    let mut compared = Vec::new();
    for authority in authorities::list(connection, &context.scope_of_figures(), None, MOST_AUTHORITIES)? {
        let of_authority =
            Asked { authority_key: authority.authority_key, authority_id: authority.id.clone(), selection };
        let figures = figures(connection, context, &of_authority, asked)?;
        compared.push(ComparedAuthority { rank: 0, authority_id: authority.id, name: authority.name, figures });
    }
    let total = total(&compared);
    let rank_by = figure_that_ranks(asked.rank_by.as_deref(), &total)?;
    rank(&mut compared, &rank_by);
    Ok(ComparisonReport {
        metric: asked.metric,
        start_on: selection.start_on,
        end_on: selection.end_on,
        as_at: selection.as_at,
        regime: selection.regime,
        basis: (asked.metric == ComparedMetric::Timeliness).then_some(asked.basis),
        definition: DefinitionId::Comparison,
        rank_by,
        total,
        authorities: compared,
    })
}

fn figures(
    connection: &mut Connection,
    context: &Context,
    authority: &Asked,
    asked: &ComparisonQuestion,
) -> ServiceResult<Vec<NamedFigure>> {
    Ok(match asked.metric {
        ComparedMetric::Timeliness => first(&authority.timeliness(connection, context, asked.basis)?),
        ComparedMetric::Outcomes => first(&authority.outcomes(connection, context)?),
        ComparedMetric::Ncnd => first(&authority.ncnd(connection, context)?),
        ComparedMetric::Workload => authority.workload(connection, context)?.figures(),
    })
}

/// The figures of the only row of a question without grouping.
fn first<T: Comparable>(rows: &[T]) -> Vec<NamedFigure> {
    rows.first().map(Comparable::figures).unwrap_or_default()
}

fn figure_that_ranks(named: Option<&str>, figures: &[NamedFigure]) -> ServiceResult<String> {
    let names: Vec<&str> = figures.iter().map(|figure| figure.name.as_str()).collect();
    match named {
        Some(name) if !names.is_empty() && !names.contains(&name) => {
            let detail = format!("The metric has these figures: {}.", names.join(", "));
            Err(ServiceError::fault(Fault::new("/rank_by", UNKNOWN_VALUE, detail)))
        }
        Some(name) => Ok(name.to_owned()),
        None => Ok(names.first().copied().unwrap_or_default().to_owned()),
    }
}
