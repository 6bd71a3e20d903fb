//! Official returns: finds the cases that a form and a period concern, and hands them to `metrics::returns`.

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    fault::{DATE_IN_FUTURE, Fault},
    law::Date,
    metrics::returns::{self, ReturnDocument, ReturnKind, ReturnPeriod, ReturnQuestion, ReturnSubject},
    services::{
        Context, ServiceError, ServiceResult,
        metrics::{
            authority,
            cases::{Cases, Grounds, Stretch},
        },
    },
    store::{Connection, authorities::AuthorityRow, metrics::Window},
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
    let document = prepared(connection, context, &authority, asked.kind, asked.period, as_at)?;
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
    let (windows, grounds) = windows(kind, period, stretch);
    let cases = Cases::of(connection, windows, grounds)?.finish();
    let subject = ReturnSubject {
        authority_id: &authority.id,
        name: &authority.name,
        kind: &authority.kind,
        nation: &authority.nation,
    };
    let document = returns::prepare(kind, &context.calendars, &cases, &ReturnQuestion { subject, period, as_at });
    match document.broken().first() {
        Some(identity) => Err(ServiceError::Corrupt(format!("a return does not add up: {identity:?}"))),
        None => Ok(document),
    }
}

fn windows(kind: ReturnKind, period: ReturnPeriod, stretch: Stretch) -> (Vec<Window>, Grounds) {
    match kind {
        ReturnKind::CodePart8 => ([stretch.received(), stretch.answered(), stretch.due()].concat(), Grounds::LeftOut),
        ReturnKind::CabinetOffice => {
            // Annual returns report on the extensions of the year before as well.
            let before = Date::new(stretch.start_on.year() - 1, stretch.start_on.month(), 1);
            let start_on = before.filter(|_| period.is_year()).unwrap_or(stretch.start_on);
            (Stretch { start_on, ..stretch }.received(), Grounds::Wanted)
        }
        ReturnKind::ScottishCommissioner => ([stretch.answered(), stretch.due()].concat(), Grounds::Wanted),
        ReturnKind::CommissionerSelfAssessment => {
            ([stretch.answered(), stretch.open_at_end()].concat(), Grounds::LeftOut)
        }
    }
}
