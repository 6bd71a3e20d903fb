//! Figures of one authority: finds the cases that a question concerns and hands them to `metrics`. Reads only what the
//! days asked for can concern, and never too little: what is found too much, the arithmetic leaves out.

#[cfg(test)]
mod tests;

pub(super) mod cases;
mod comparison;
mod counted;
pub(super) mod facts;
mod filed_returns;
mod ncnd_topics;
mod proceedings;
mod returns;

pub use comparison::{ComparedMetric, ComparisonQuestion, ComparisonReport, compare};
pub use filed_returns::{
    FiledPosition, FiledReturn, FormToFile, ListedReturn, ReturnDrift, drift, file, filed_return, form_to_file,
    list_filed_returns,
};
pub(super) use ncnd_topics::told_by_topic;
pub use ncnd_topics::{NcndTopicsReport, ncnd_by_topic};
pub use returns::{AuthorityReturn, ReturnAsked, prepare_return};

use serde::Serialize;
use utoipa::ToSchema;

use self::cases::{Cases, Stretch};
use crate::{
    casework::scope::Scope,
    fault::{Fault, INCONSISTENT_MEMBERS},
    law::{Date, Regime},
    metrics::{
        self, GroupBy, NcndRow, OutcomesRow, ProvisionRow, RegulatorRow, ReviewsRow, Selection, TimelinessBasis,
        TimelinessRow, Workload,
    },
    services::{AuthorityScope, Context, ServiceError, ServiceResult, case_sheets},
    store::{
        AuthorityKey, Connection, RequestKey,
        authorities::{self, AuthorityRow},
    },
};

/// What figures are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MetricsQuestion {
    /// Of which authority; the only one of the credential when absent.
    pub authority_id: Option<String>,
    /// The first day.
    pub start_on: Date,
    /// The last day.
    pub end_on: Date,
    /// The periods the figures are given by; one row for all days when absent.
    pub group_by: Option<GroupBy>,
    /// The day at whose end requests are looked at; today when absent.
    pub as_at: Option<Date>,
    /// Only parts under this regime.
    pub regime: Option<Regime>,
}

macro_rules! reports {
    ($($(#[$meta:meta])* $report:ident of $row:ident, at most $most:tt;)+) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
        pub struct $report {
            /// The authority whose figures these are.
            #[schema(format = "uuid")]
            pub authority_id: String,
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
            /// The figures, in the order of the periods.
            #[schema(max_items = $most)]
            pub rows: Vec<$row>,
        }

        impl $report {
            fn new(authority_id: String, selection: &Selection, rows: Vec<$row>) -> Self {
                let Selection { start_on, end_on, as_at, regime, .. } = *selection;
                Self { authority_id, start_on, end_on, as_at, regime, rows }
            }
        }
    )+};
}

reports! {
    /// Timeliness by period.
    TimelinessReport of TimelinessRow, at most 1140;
    /// Outcomes by period.
    OutcomesReport of OutcomesRow, at most 1140;
    /// Citations by period and provision; only what was cited has a row.
    ProvisionsReport of ProvisionRow, at most 1_000_000;
    /// NCND answers by period.
    NcndReport of NcndRow, at most 1140;
    /// Reviews by period.
    ReviewsReport of ReviewsRow, at most 1140;
    /// Complaints by period.
    RegulatorReport of RegulatorRow, at most 1140;
}

/// What there is to do.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct WorkloadReport {
    /// The authority whose figures these are.
    #[schema(format = "uuid")]
    pub authority_id: String,
    /// The day at whose end the requests are looked at.
    pub as_at: Date,
    /// Only parts under this regime are counted; all when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub regime: Option<Regime>,
    /// The figures, in one row.
    #[schema(max_items = 1)]
    pub rows: Vec<Workload>,
}

/// How timely requests were answered, on the basis named.
///
/// # Errors
///
/// [`ServiceError::NotFound`] for an authority that the caller may not see; [`ServiceError::Invalid`] when none is named
/// and there are several, or the days asked for cannot be.
pub fn timeliness(
    connection: &mut Connection,
    context: &Context,
    question: &MetricsQuestion,
    basis: TimelinessBasis,
) -> ServiceResult<TimelinessReport> {
    let asked = Asked::of(connection, context, question)?;
    let rows = asked.timeliness(connection, context, basis)?;
    Ok(TimelinessReport::new(asked.authority_id, &asked.selection, rows))
}

/// How requests, and their parts, were answered.
///
/// # Errors
///
/// As [`timeliness`].
pub fn outcomes(
    connection: &mut Connection,
    context: &Context,
    question: &MetricsQuestion,
) -> ServiceResult<OutcomesReport> {
    let asked = Asked::of(connection, context, question)?;
    let rows = asked.outcomes(connection, context)?;
    Ok(OutcomesReport::new(asked.authority_id, &asked.selection, rows))
}

/// Which provisions were cited, and how often.
///
/// # Errors
///
/// As [`timeliness`].
pub fn provisions(
    connection: &mut Connection,
    context: &Context,
    question: &MetricsQuestion,
) -> ServiceResult<ProvisionsReport> {
    let asked = Asked::of(connection, context, question)?;
    let cases = asked.written_to(connection, context)?;
    let redress = proceedings::redress(connection, cases.keys())?;
    let cases = cases.finish_with(redress);
    let each = cases.iter().map(|(case, redress)| (case, redress));
    let rows = metrics::provisions(&context.calendars, each, &asked.selection);
    Ok(ProvisionsReport::new(asked.authority_id, &asked.selection, rows))
}

/// How often it was neither confirmed nor denied that information is held.
///
/// # Errors
///
/// As [`timeliness`].
pub fn ncnd(connection: &mut Connection, context: &Context, question: &MetricsQuestion) -> ServiceResult<NcndReport> {
    let asked = Asked::of(connection, context, question)?;
    let mut rows = asked.ncnd(connection, context)?;
    if context.scopes.holds(Scope::NcndRead) {
        let answered = asked.stretch().answered(connection)?;
        let redress = proceedings::redress(connection, answered)?;
        let keys: Vec<RequestKey> = redress.keys().copied().collect();
        let mark = case_sheets::mark(&context.calendars);
        let cases = Cases::with_keys(connection, keys, mark)?.finish_with(redress);
        metrics::add_ncnd_redress(&mut rows, &context.calendars, &cases, &asked.selection);
    }
    Ok(NcndReport::new(asked.authority_id, &asked.selection, rows))
}

/// How reviews went.
///
/// # Errors
///
/// As [`timeliness`].
pub fn reviews(
    connection: &mut Connection,
    context: &Context,
    question: &MetricsQuestion,
) -> ServiceResult<ReviewsReport> {
    let asked = Asked::of(connection, context, question)?;
    let cases = asked.stretch().reviews(connection)?;
    let rows = metrics::reviews(&context.calendars, &cases, &asked.selection);
    Ok(ReviewsReport::new(asked.authority_id, &asked.selection, rows))
}

/// What the regulator made of complaints.
///
/// # Errors
///
/// As [`timeliness`].
pub fn regulator(
    connection: &mut Connection,
    context: &Context,
    question: &MetricsQuestion,
) -> ServiceResult<RegulatorReport> {
    let asked = Asked::of(connection, context, question)?;
    let cases = asked.stretch().complaints(connection)?;
    let mut rows = metrics::regulator(&context.calendars, &cases, &asked.selection);
    if !context.scopes.holds(Scope::NcndRead) {
        for row in &mut rows {
            row.findings = None;
        }
    }
    Ok(RegulatorReport::new(asked.authority_id, &asked.selection, rows))
}

/// What there is to do at the end of a day, and how its quarter can close. Of `question` the days are left aside.
///
/// # Errors
///
/// As [`timeliness`].
pub fn workload(
    connection: &mut Connection,
    context: &Context,
    question: &MetricsQuestion,
) -> ServiceResult<WorkloadReport> {
    let asked = Asked::of(connection, context, question)?;
    let mut workload = asked.workload(connection, context)?;
    if context.scope.admits(asked.authority_key) {
        context.log_for(&asked.authority_id);
        context.shown(workload.oldest.iter().map(|one| (asked.authority_id.as_str(), one.request_id.as_str())));
    } else {
        workload.oldest.clear();
    }
    let Selection { as_at, regime, .. } = asked.selection;
    Ok(WorkloadReport { authority_id: asked.authority_id, as_at, regime, rows: vec![workload] })
}

/// The authority named, among those whose figures the caller may read, or the only one of the credential.
fn authority(connection: &mut Connection, context: &Context, named: Option<&str>) -> ServiceResult<AuthorityRow> {
    authority_among(connection, context, &context.scope_of_figures(), named)
}

/// The authority named, among those of `scope`, or the only one of the credential.
fn authority_among(
    connection: &mut Connection,
    context: &Context,
    scope: &AuthorityScope,
    named: Option<&str>,
) -> ServiceResult<AuthorityRow> {
    match named {
        Some(id) => authorities::find(connection, scope, id)?.ok_or(ServiceError::NotFound),
        None => authorities::only_one(connection, &context.scope)?.ok_or_else(|| {
            let detail = "Name the authority: the credential does not have exactly one.";
            ServiceError::fault(Fault::new("/authority_id", INCONSISTENT_MEMBERS, detail))
        }),
    }
}

/// A question that can be answered.
struct Asked {
    authority_key: AuthorityKey,
    authority_id: String,
    selection: Selection,
}

impl Asked {
    fn of(connection: &mut Connection, context: &Context, question: &MetricsQuestion) -> ServiceResult<Self> {
        let selection = Self::selection(context, question)?;
        let authority = authority(connection, context, question.authority_id.as_deref())?;
        Ok(Self { authority_key: authority.authority_key, authority_id: authority.id, selection })
    }

    fn selection(context: &Context, question: &MetricsQuestion) -> ServiceResult<Selection> {
        let selection = Selection {
            start_on: question.start_on,
            end_on: question.end_on,
            group_by: question.group_by,
            as_at: question.as_at.unwrap_or(context.today),
            regime: question.regime,
        };
        let faults = selection.faults(context.today);
        if !faults.is_empty() {
            return Err(ServiceError::Invalid(faults));
        }
        Ok(selection)
    }

    /// The days asked for.
    fn stretch(&self) -> Stretch {
        let Selection { start_on, end_on, as_at, .. } = self.selection;
        Stretch { authority_key: self.authority_key, start_on, end_on, as_at }
    }

    fn timeliness(
        &self,
        connection: &mut Connection,
        context: &Context,
        basis: TimelinessBasis,
    ) -> ServiceResult<Vec<TimelinessRow>> {
        let timed = counted::timed(connection, context, self, basis)?;
        Ok(metrics::timeliness_of(timed.into_iter(), &self.selection, basis))
    }

    fn outcomes(&self, connection: &mut Connection, context: &Context) -> ServiceResult<Vec<OutcomesRow>> {
        let answered = counted::answered(connection, context, self)?;
        Ok(metrics::outcomes_of(answered.iter().map(|(day, parts)| (*day, parts.as_slice())), &self.selection))
    }

    fn ncnd(&self, connection: &mut Connection, context: &Context) -> ServiceResult<Vec<NcndRow>> {
        let answered = counted::answered(connection, context, self)?;
        Ok(metrics::ncnd_of(answered.iter().map(|(day, parts)| (*day, parts.as_slice())), &self.selection))
    }

    fn workload(&self, connection: &mut Connection, context: &Context) -> ServiceResult<Workload> {
        let Selection { as_at, regime, .. } = self.selection;
        let (start_on, end_on) = metrics::quarter_of(as_at);
        let quarter = Stretch { authority_key: self.authority_key, start_on, end_on, as_at };
        let mark = case_sheets::mark(&context.calendars);
        let others = [quarter.answered(connection)?, quarter.due(connection, mark, regime)?].concat();
        let cases = Cases::of(connection, quarter, others, mark)?;
        // Those received in the quarter are there.
        let cases = cases.and_open_at_end(connection, quarter, start_on.plus_days(-1))?;
        Ok(metrics::workload(&context.calendars, &cases.finish(), as_at, regime))
    }

    /// The cases to which an answer was sent in the days asked for, and others.
    fn written_to(&self, connection: &mut Connection, context: &Context) -> ServiceResult<Cases> {
        Cases::written_to(connection, self.stretch(), case_sheets::mark(&context.calendars))
    }
}
