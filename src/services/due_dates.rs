//! What falls due, across the authorities of a credential: answers, extensions, reviews, steps and appeals, by day.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    law::{Date, Regime, clock::DueDateKind},
    services::{Context, ServiceResult, clocks::word, pages::first_page, proceedings::RIGHTS, timeline},
    store::{
        Connection,
        due_dates::{self, DueAnswer, DueFilter},
    },
};

/// Something that falls due.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
pub struct DueItem {
    /// The day.
    pub due_on: Date,
    /// What it is.
    pub kind: DueDateKind,
    /// What it belongs to: the request itself, a review or a decision notice.
    #[schema(format = "uuid")]
    pub subject_id: String,
    /// The provision or guidance that it rests on.
    pub provision: String,
    /// The request.
    #[schema(format = "uuid")]
    pub request_id: String,
    /// The authority.
    #[schema(format = "uuid")]
    pub authority_id: String,
    /// The authority's reference of the request.
    pub reference: String,
    /// Whether the day has passed.
    pub overdue: bool,
}

/// Where a page ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DuePosition {
    due_on: Date,
    kind: String,
    subject_id: String,
}

/// Which dates.
#[derive(Debug, Clone)]
pub struct DuePage {
    /// Only those of this authority.
    pub authority_id: Option<String>,
    /// Due in so many calendar days from today at the latest; what is overdue comes first.
    pub within: u32,
    /// Where the page begins.
    pub after: Option<DuePosition>,
    /// How many at most.
    pub limit: i64,
}

/// A page of what falls due, by day, and the position after the last where more follow.
///
/// # Errors
///
/// [`NotFound`](crate::services::ServiceError::NotFound) for an authority that the caller may not see.
pub fn list(
    connection: &mut Connection,
    context: &Context,
    page: &DuePage,
) -> ServiceResult<(Vec<DueItem>, Option<DuePosition>)> {
    let authority_key = timeline::authority_key(connection, &context.scope, page.authority_id.as_deref())?;
    let filter = DueFilter {
        authority_key,
        until: context.today.plus_days(i64::from(page.within)).0,
        today: context.today.0,
        after: page.after.clone().map(|after| (after.due_on.0, after.kind, after.subject_id)),
        limit: page.limit + 1,
    };
    let mut items = of_answers(connection, context, &filter)?;
    for row in due_dates::of_proceedings(connection, &context.scope, &filter, RIGHTS)? {
        let due_on = Date(row.due_on);
        items.push(DueItem {
            due_on,
            kind: word(&row.kind)?,
            subject_id: row.subject_id,
            provision: row.provision,
            request_id: row.request_id,
            authority_id: row.authority_id,
            reference: row.reference,
            overdue: due_on < context.today,
        });
    }
    items.sort_by(|one, other| place(one).cmp(&place(other)));
    let (items, more) = first_page(items, page.limit);
    context.shown(items.iter().map(|item| (item.authority_id.as_str(), item.request_id.as_str())));
    let last = items.last().filter(|_| more).map(|item| DuePosition {
        due_on: item.due_on,
        kind: item.kind.as_str().to_owned(),
        subject_id: item.subject_id.clone(),
    });
    Ok((items, last))
}

fn place(item: &DueItem) -> (Date, &'static str, &str) {
    (item.due_on, item.kind.as_str(), &item.subject_id)
}

/// The dates of requests themselves: one of the answer, and one of an extension that is permitted.
fn of_answers(connection: &mut Connection, context: &Context, filter: &DueFilter) -> ServiceResult<Vec<DueItem>> {
    let mut items = Vec::new();
    let kind = DueDateKind::Statutory;
    let every: Vec<&'static str> = Regime::ALL.iter().map(|regime| regime.as_str()).collect();
    for row in due_dates::of_answers(connection, &context.scope, filter, kind.as_str(), &every)? {
        items.extend(item(context, row, kind)?);
    }
    for kind in [DueDateKind::ExtendedEstimate, DueDateKind::ExtendedLimit] {
        let of_kind = Regime::ALL.iter().filter(|regime| DueDateKind::of_extension(**regime) == kind);
        let regimes: Vec<&'static str> = of_kind.map(|regime| regime.as_str()).collect();
        for row in due_dates::of_extensions(connection, &context.scope, filter, kind.as_str(), &regimes)? {
            items.extend(item(context, row, kind)?);
        }
    }
    Ok(items)
}

fn item(context: &Context, row: DueAnswer, kind: DueDateKind) -> ServiceResult<Option<DueItem>> {
    let Some(due_on) = row.due_on.map(Date) else { return Ok(None) };
    let regime: Regime = word(row.regime_of_part.as_ref().unwrap_or(&row.regime))?;
    Ok(Some(DueItem {
        due_on,
        kind,
        subject_id: row.id.clone(),
        provision: provision(kind, regime),
        request_id: row.id,
        authority_id: row.authority_id,
        reference: row.reference,
        overdue: due_on < context.today,
    }))
}

/// What the date of an answer, or of its extension, rests on.
pub(super) fn provision(kind: DueDateKind, regime: Regime) -> String {
    match (kind, regime) {
        (DueDateKind::ExtendedEstimate, _) => "section 10(3)".to_owned(),
        (DueDateKind::ExtendedLimit, _) => "regulation 7(1)".to_owned(),
        _ => format!("{} {}", regime.division(), regime.time_limit_provision()),
    }
}
