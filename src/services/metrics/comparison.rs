//! One metric of several authorities: by authority, in total, ranked.

use std::collections::HashMap;

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    casework::response::DeterminationOutcome,
    fault::{Fault, UNKNOWN_VALUE},
    law::{Date, Regime},
    metrics::{
        self, Case, Comparable, ComparedAuthority, Counted, DefinitionBasis, DefinitionId, NamedFigure, NcndCounts,
        OutcomeCounts, ProvisionCounts, Selection, StandingCounts, TimelinessBasis, rank, total,
    },
    services::{
        AuthorityScope, Context, ServiceError, ServiceResult, case_sheets,
        clocks::word,
        metrics::{
            Asked, MetricsQuestion,
            cases::{Cases, Stretch},
            counted::{outcomes, sheet_day},
            proceedings,
        },
    },
    store::{
        AuthorityKey, Connection, RequestKey, authorities,
        sheet_totals::{self, SheetKey},
        sheets::SheetFilter,
    },
    vocabulary,
};

vocabulary! {
    /// A metric that authorities are compared by.
    pub enum ComparedMetric {
        Timeliness = "timeliness",
        Outcomes = "outcomes",
        /// The requests citing each provision. Every letter of the days asked for is looked at: among hundreds of authorities
        /// it takes its time.
        Provisions = "provisions",
        Ncnd = "ncnd",
        /// What there is to do at the end of `as_at`; the days asked for are left aside.
        Workload = "workload",
        Reviews = "reviews",
        Regulator = "regulator",
    }
}

impl ComparedMetric {
    /// The basis and the definition of its figures; `asked` is the basis of timeliness.
    fn means(self, asked: TimelinessBasis) -> (DefinitionBasis, DefinitionId) {
        match self {
            Self::Timeliness => (asked.into(), asked.definition()),
            Self::Outcomes => (DefinitionBasis::Closed, DefinitionId::Outcomes),
            Self::Provisions => (DefinitionBasis::Issued, DefinitionId::Provisions),
            Self::Ncnd => (DefinitionBasis::Closed, DefinitionId::Ncnd),
            Self::Workload => (DefinitionBasis::Stock, DefinitionId::Workload),
            Self::Reviews => (DefinitionBasis::Activity, DefinitionId::Reviews),
            Self::Regulator => (DefinitionBasis::Activity, DefinitionId::Regulator),
        }
    }
}

/// The most authorities that one comparison has.
const MOST_AUTHORITIES: i64 = 100_000;
/// Of how many authorities the open requests are looked at together.
const AT_A_TIME: usize = 50;

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
    /// Which day puts something into the days asked for: of timeliness the basis asked for, else that of the metric. It is
    /// the basis of every figure here.
    pub basis: DefinitionBasis,
    /// What a comparison is: see `GET /v1/metrics/definitions`.
    pub definition: DefinitionId,
    /// What every figure here means: the definition of the metric, on its basis.
    pub metric_definition: DefinitionId,
    /// The figure that ranks.
    #[schema(example = "in_time")]
    pub rank_by: String,
    /// The figures of all authorities together.
    #[schema(max_items = 1000)]
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
    let selection = Selection { group_by: None, ..Asked::selection(context, &asked.question)? };
    let scope = context.scope_of_figures();
    let authorities = authorities::list(connection, &scope, None, MOST_AUTHORITIES)?;
    let mut across = Across { context, scope, selection, figures: HashMap::new() };
    across.count(connection, asked)?;
    let nothing = nothing(asked.metric, context, &selection);
    let mut compared: Vec<ComparedAuthority> = authorities
        .into_iter()
        .map(|authority| ComparedAuthority {
            rank: 0,
            figures: across.figures.remove(&authority.authority_key).unwrap_or_else(|| nothing.clone()),
            authority_id: authority.id,
            name: authority.name,
        })
        .collect();
    let total = total(&compared);
    let (basis, metric_definition) = asked.metric.means(asked.basis);
    let rank_by = figure_that_ranks(asked.rank_by.as_deref(), &total)?;
    rank(&mut compared, &rank_by);
    Ok(ComparisonReport {
        metric: asked.metric,
        start_on: selection.start_on,
        end_on: selection.end_on,
        as_at: selection.as_at,
        regime: selection.regime,
        basis,
        definition: DefinitionId::Comparison,
        metric_definition,
        rank_by,
        total,
        authorities: compared,
    })
}

/// The figures of an authority that has nothing to count.
fn nothing(metric: ComparedMetric, context: &Context, selection: &Selection) -> Vec<NamedFigure> {
    match metric {
        ComparedMetric::Timeliness => StandingCounts::default().figures(),
        ComparedMetric::Outcomes => OutcomeCounts::default().figures(),
        ComparedMetric::Provisions => Vec::new(),
        ComparedMetric::Ncnd => NcndCounts::default().figures(),
        ComparedMetric::Workload => {
            metrics::workload(&context.calendars, &[], selection.as_at, selection.regime).figures()
        }
        ComparedMetric::Reviews => first(&metrics::reviews(&context.calendars, &[], selection)),
        ComparedMetric::Regulator => first(&metrics::regulator(&context.calendars, &[], selection)),
    }
}

/// Figures being counted for several authorities at once.
struct Across<'a> {
    context: &'a Context,
    scope: AuthorityScope,
    selection: Selection,
    /// By key of the authority.
    figures: HashMap<AuthorityKey, Vec<NamedFigure>>,
}

impl Across<'_> {
    fn count(&mut self, connection: &mut Connection, asked: &ComparisonQuestion) -> ServiceResult<()> {
        match asked.metric {
            ComparedMetric::Timeliness => self.timeliness(connection, asked.basis),
            ComparedMetric::Outcomes => self.answered(connection, OutcomeCounts::add),
            ComparedMetric::Provisions => self.provisions(connection),
            ComparedMetric::Ncnd => self.answered(connection, NcndCounts::add),
            ComparedMetric::Workload => self.workload(connection),
            ComparedMetric::Reviews => self.redress(connection, |connection, across, days| {
                let found = proceedings::reviews(connection, days)?;
                let count = |cases: &[_]| first(&metrics::reviews(&across.context.calendars, cases, &across.selection));
                Ok(by_authority(found, count))
            }),
            ComparedMetric::Regulator => self.redress(connection, |connection, across, days| {
                let found = proceedings::complaints(connection, days)?;
                let count =
                    |cases: &[_]| first(&metrics::regulator(&across.context.calendars, cases, &across.selection));
                Ok(by_authority(found, count))
            }),
        }
    }

    fn filter(&self) -> SheetFilter<'static> {
        SheetFilter {
            mark: case_sheets::mark(&self.context.calendars),
            as_at: self.selection.as_at.0,
            regime: self.selection.regime.map(Regime::as_str),
        }
    }

    const fn days(&self) -> (chrono::NaiveDate, chrono::NaiveDate) {
        (self.selection.start_on.0, self.selection.end_on.0)
    }

    fn is_asked_for(&self, day: Date) -> bool {
        self.selection.start_on <= day && day <= self.selection.end_on
    }

    fn timeliness(&mut self, connection: &mut Connection, basis: TimelinessBasis) -> ServiceResult<()> {
        let mut counts: HashMap<AuthorityKey, StandingCounts> = HashMap::new();
        let (day, days, band) = (sheet_day(basis), self.days(), metrics::WORKING_DAYS_BAND);
        for total in sheet_totals::standings(connection, &self.scope, self.filter(), day, days, band)? {
            let of_authority = counts.entry(total.authority_key).or_default();
            let requests = number(total.requests)?;
            of_authority.add(word(&total.word)?, requests);
            if let Some(days) = total.working_days_taken {
                of_authority.took(number(days.into())?, requests);
            }
        }
        for (authority_key, counted) in self.replayed(connection)? {
            if let Some(timed) = counted.timed(basis).filter(|timed| self.is_asked_for(timed.day)) {
                let of_authority = counts.entry(authority_key).or_default();
                of_authority.add(timed.standing, 1);
                if let Some(days) = timed.working_days_taken {
                    of_authority.took(days, 1);
                }
            }
        }
        self.tell(counts);
        Ok(())
    }

    /// What is counted of complete answers.
    fn answered<T: Default + Comparable>(
        &mut self,
        connection: &mut Connection,
        add: fn(&mut T, &[DeterminationOutcome], u32),
    ) -> ServiceResult<()> {
        let mut counts: HashMap<AuthorityKey, T> = HashMap::new();
        for total in sheet_totals::outcomes(connection, &self.scope, self.filter(), self.days())? {
            let of_authority = counts.entry(total.authority_key).or_default();
            add(of_authority, &outcomes(&total.word)?, number(total.requests)?);
        }
        for (authority_key, counted) in self.replayed(connection)? {
            if let Some((_, outcomes)) = counted.answered().filter(|(day, _)| self.is_asked_for(*day)) {
                add(counts.entry(authority_key).or_default(), outcomes, 1);
            }
        }
        self.tell(counts);
        Ok(())
    }

    /// Which provisions were cited, one authority at a time.
    fn provisions(&mut self, connection: &mut Connection) -> ServiceResult<()> {
        let Selection { start_on, end_on, as_at, .. } = self.selection;
        let authority_keys = self.authority_keys(connection)?;
        let mut counts = Vec::with_capacity(authority_keys.len());
        for &authority_key in &authority_keys {
            let stretch = Stretch { authority_key, start_on, end_on, as_at };
            let cases = Cases::written_to(connection, stretch, self.filter().mark)?.finish();
            counts.push(ProvisionCounts::of(&self.context.calendars, &cases, &self.selection));
        }
        self.figures.extend(authority_keys.into_iter().zip(ProvisionCounts::figures(&counts)));
        Ok(())
    }

    /// What is open, some authorities at a time: each open request is looked at by itself.
    fn workload(&mut self, connection: &mut Connection) -> ServiceResult<()> {
        let Selection { as_at, regime, .. } = self.selection;
        let filter = SheetFilter { regime: None, ..self.filter() };
        for some in self.authority_keys(connection)?.chunks(AT_A_TIME) {
            let scope = AuthorityScope::Only(some.to_vec());
            let mut open = sheet_totals::not_closed(connection, &scope, as_at.0)?;
            open.extend(sheet_totals::unsettled(connection, &scope, filter)?);
            let mut cases: HashMap<AuthorityKey, Vec<Case>> = HashMap::new();
            for (case, authority_key) in with_authorities(connection, open, filter.mark)? {
                cases.entry(authority_key).or_default().push(case);
            }
            let workload = |cases: Vec<Case>| metrics::workload(&self.context.calendars, &cases, as_at, regime);
            let figures = cases.into_iter().map(|(key, cases)| (key, workload(cases).figures()));
            self.figures.extend(figures.collect::<Vec<_>>());
        }
        Ok(())
    }

    /// Reviews or complaints, some authorities at a time.
    fn redress(
        &mut self,
        connection: &mut Connection,
        count: fn(
            &mut Connection,
            &Self,
            proceedings::Days<'_>,
        ) -> ServiceResult<Vec<(AuthorityKey, Vec<NamedFigure>)>>,
    ) -> ServiceResult<()> {
        let Selection { start_on, end_on, as_at, .. } = self.selection;
        for some in self.authority_keys(connection)?.chunks(AT_A_TIME) {
            let days = proceedings::Days { authority_keys: some, first: start_on, last: end_on.min(as_at) };
            let counted = count(connection, self, days)?;
            self.figures.extend(counted);
        }
        Ok(())
    }

    fn authority_keys(&self, connection: &mut Connection) -> ServiceResult<Vec<AuthorityKey>> {
        let listed = authorities::list(connection, &self.scope, None, MOST_AUTHORITIES)?;
        Ok(listed.iter().map(|authority| authority.authority_key).collect())
    }

    /// The requests of which no sheet tells, from their events, each with its authority.
    fn replayed(&self, connection: &mut Connection) -> ServiceResult<Vec<(AuthorityKey, Counted)>> {
        let keys = sheet_totals::unsettled(connection, &self.scope, self.filter())?;
        let cases = with_authorities(connection, keys, self.filter().mark)?;
        let counted = |(case, authority_key): (Case, AuthorityKey)| {
            case.counted(&self.context.calendars, &self.selection).map(|counted| (authority_key, counted))
        };
        Ok(cases.into_iter().filter_map(counted).collect())
    }

    fn tell<T: Comparable>(&mut self, counts: HashMap<AuthorityKey, T>) {
        self.figures.extend(counts.into_iter().map(|(key, counts)| (key, counts.figures())));
    }
}

/// The cases with these keys, each with its authority.
fn with_authorities(
    connection: &mut Connection,
    found: Vec<SheetKey>,
    mark: i64,
) -> ServiceResult<Vec<(Case, AuthorityKey)>> {
    let keys: Vec<RequestKey> = found.iter().map(|one| one.request_key).collect();
    let authorities: HashMap<RequestKey, Option<AuthorityKey>> =
        found.into_iter().map(|one| (one.request_key, Some(one.authority_key))).collect();
    let cases = Cases::with_keys(connection, keys, mark)?.finish_with(authorities);
    Ok(cases.into_iter().filter_map(|(case, authority_key)| Some((case, authority_key?))).collect())
}

/// The figures of each authority, from what was found of several.
fn by_authority<T>(
    found: Vec<(AuthorityKey, T)>,
    count: impl Fn(&[T]) -> Vec<NamedFigure>,
) -> Vec<(AuthorityKey, Vec<NamedFigure>)> {
    let mut of_each: HashMap<AuthorityKey, Vec<T>> = HashMap::new();
    for (authority_key, one) in found {
        of_each.entry(authority_key).or_default().push(one);
    }
    of_each.into_iter().map(|(authority_key, cases)| (authority_key, count(&cases))).collect()
}

/// The figures of the only row of a question without grouping.
fn first<T: Comparable>(rows: &[T]) -> Vec<NamedFigure> {
    rows.first().map(Comparable::figures).unwrap_or_default()
}

fn number(counted: i64) -> ServiceResult<u32> {
    u32::try_from(counted).map_err(|_| ServiceError::Corrupt("a count".to_owned()))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_compared_figure_has_the_basis_that_its_definition_names() {
        for metric in ComparedMetric::ALL {
            for asked in TimelinessBasis::ALL {
                let (basis, definition) = metric.means(*asked);
                assert_eq!(definition.definition().basis, Some(basis), "{metric}");
            }
        }
    }
}
