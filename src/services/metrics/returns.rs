//! Official returns: finds the cases that a form and a period concern, and hands them to `metrics::returns`.

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    fault::{DATE_IN_FUTURE, Fault},
    law::Date,
    metrics::returns::{self, ReturnDocument, ReturnKind, ReturnPeriod, ReturnQuestion, ReturnSubject},
    services::{
        Context, ServiceError, ServiceResult, case_sheets,
        metrics::{
            authority,
            cases::{Cases, LONGEST_LIMIT, Stretch},
        },
    },
    store::{Connection, authorities::AuthorityRow},
};

/// Which return is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReturnAsked {
    /// Of which authority; the only one of the credential when absent.
    pub authority_id: Option<String>,
    /// The form.
    pub kind: ReturnKind,
    /// The period.
    pub period: ReturnPeriod,
    /// The day at whose end requests are looked at; today when absent.
    pub as_at: Option<Date>,
}

/// A return of one authority.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct AuthorityReturn {
    /// The authority.
    #[schema(format = "uuid")]
    pub authority_id: String,
    /// The form, filled in.
    pub document: ReturnDocument,
}

/// The return as it stands.
///
/// # Errors
///
/// [`ServiceError::NotFound`] for an authority that the caller may not see; [`ServiceError::Invalid`] when none is named and
/// there are several, or for a day that has not come.
pub fn prepare_return(
    connection: &mut Connection,
    context: &Context,
    asked: &ReturnAsked,
) -> ServiceResult<AuthorityReturn> {
    let as_at = asked.as_at.unwrap_or(context.today);
    if as_at > context.today {
        let detail = "A return is of what has happened: `as_at` is today or an earlier day.";
        return Err(ServiceError::fault(Fault::new("/as_at", DATE_IN_FUTURE, detail)));
    }
    let authority = authority(connection, context, asked.authority_id.as_deref())?;
    let mut document = prepared(connection, context, &authority, asked.kind, asked.period, as_at)?;
    if !context.scope.admits(authority.authority_key) {
        document.overdue = None;
    } else if let Some(overdue) = &document.overdue {
        context.log_for(&authority.id);
        context.shown(overdue.iter().map(|one| (authority.id.as_str(), one.request_id.as_str())));
    }
    Ok(AuthorityReturn { authority_id: authority.id, document })
}

/// The return of this authority, as it stood at the end of `as_at`.
///
/// # Errors
///
/// [`ServiceError::Corrupt`] when its own parts disagree, which would be a fault of this service.
pub(super) fn prepared(
    connection: &mut Connection,
    context: &Context,
    authority: &AuthorityRow,
    kind: ReturnKind,
    period: ReturnPeriod,
    as_at: Date,
) -> ServiceResult<ReturnDocument> {
    let (start_on, end_on) = (period.start_on(), period.end_on());
    let stretch = Stretch { authority_key: authority.authority_key, start_on, end_on, as_at };
    let cases = concerned(connection, context, kind, period, stretch)?.finish();
    let subject = ReturnSubject {
        authority_id: &authority.id,
        name: &authority.name,
        kind: &authority.kind,
        nation: &authority.nation,
    };
    let earlier = with_the_year_before(period, stretch);
    let (reviews, complaints) = (earlier.reviews(connection)?, stretch.complaints(connection)?);
    let today = context.today;
    let question = ReturnQuestion { subject, period, as_at, today, reviews: &reviews, complaints: &complaints };
    let document = returns::prepare(kind, &context.calendars, &cases, &question);
    match document.broken().first() {
        Some(identity) => Err(ServiceError::Corrupt(format!("a return does not add up: {identity:?}"))),
        None => Ok(document),
    }
}

/// The cases that a form and a period concern.
fn concerned(
    connection: &mut Connection,
    context: &Context,
    kind: ReturnKind,
    period: ReturnPeriod,
    stretch: Stretch,
) -> ServiceResult<Cases> {
    let mark = case_sheets::mark(&context.calendars);
    match kind {
        ReturnKind::CodePart8 => {
            let others = [stretch.answered(connection)?, stretch.due(connection, mark, None)?].concat();
            Cases::of(connection, stretch, others, mark)
        }
        ReturnKind::CabinetOffice => {
            let received = Cases::of(connection, stretch, Vec::new(), mark)?;
            if !period.is_year() {
                return Ok(received);
            }
            // An annual return tells how long the extensions took that ran when the year before ended.
            let last_day = stretch.start_on.plus_days(-1);
            received.and_open_at_end(connection, Stretch { end_on: last_day, ..stretch }, last_day)
        }
        ReturnKind::ScottishCommissioner => {
            let earlier = stretch.with_limits_set_before();
            let others = stretch.answered(connection)?;
            Cases::of(connection, earlier, others, mark)
        }
        ReturnKind::CommissionerSelfAssessment => {
            let answered = Cases::answered(connection, stretch, mark)?;
            answered.and_open_at_end(connection, stretch, stretch.as_at)
        }
    }
}

/// Annual returns report on the extensions and reviews of the year before as well. A review that was asked for shortly
/// before a quarter may run out in it.
fn with_the_year_before(period: ReturnPeriod, stretch: Stretch) -> Stretch {
    let start_on = if period.is_year() {
        Date::new(stretch.start_on.year() - 1, stretch.start_on.month(), 1).unwrap_or(stretch.start_on)
    } else {
        stretch.start_on.plus_days(-LONGEST_LIMIT)
    };
    Stretch { start_on, ..stretch }
}
