//! The dates that follow from proceedings: shown with them and in the clock, and kept as rows for what falls due.

use crate::{
    casework::{filing::ProceedingKind, review::NewReview, text::Label},
    law::{
        Date, Regime,
        clock::{DueDate, DueDateKind},
        deadline::{appeal_due, application_due, review_due_dates},
    },
    services::{Context, ServiceResult, clocks::History, proceedings::CaseFile},
    store::{
        Connection,
        due_dates::{self, DueDateRow},
        proceedings::{self, ProceedingRow},
        requests::RequestRow,
    },
};

use super::{content, decision_notices, part_dates::apart};

/// Kinds of dates that end a right of somebody, not a duty of the authority: once past they are no longer due.
pub const RIGHTS: &[&str] = &[DueDateKind::Appeal.as_str(), DueDateKind::RegulatorApplication.as_str()];

/// A date that is still ahead, or was missed, and what it belongs to.
struct Outstanding<'a> {
    row: &'a ProceedingRow,
    parts: Vec<Label>,
    date: DueDate,
}

/// The earliest date of each kind that follows from a review asked for on a day, where parts are under several regimes.
pub(super) fn of_review(context: &Context, regimes: &[Regime], requested_on: Date) -> Vec<DueDate> {
    let mut dates: Vec<DueDate> = Vec::new();
    for date in regimes.iter().flat_map(|regime| review_due_dates(&context.calendars, *regime, requested_on)) {
        match dates.iter_mut().find(|earlier| earlier.kind == date.kind) {
            Some(earlier) if date.due_on < earlier.due_on => *earlier = date,
            Some(_) => {}
            None => dates.push(date),
        }
    }
    dates
}

fn outstanding<'a>(context: &Context, file: &'a CaseFile) -> ServiceResult<Vec<Outstanding<'a>>> {
    let mut found = Vec::new();
    for row in file.standing(ProceedingKind::Review) {
        let review: NewReview = content(row)?;
        let parts = file.parts(review.parts.as_deref());
        let regimes = file.regimes(&parts)?;
        let decided_on = review.decision.as_ref().map(|decision| decision.decided_on);
        if decided_on.is_none() {
            let dates = of_review(context, &regimes, review.requested_on);
            found.extend(dates.into_iter().map(|date| Outstanding { row, parts: parts.clone(), date }));
        }
        let applied = file.standing(ProceedingKind::Complaint).next().is_some();
        let apply_by = regimes
            .iter()
            .filter_map(|regime| application_due(&context.calendars, *regime, review.requested_on, decided_on))
            .min_by_key(|date| date.due_on);
        found.extend(apply_by.filter(|_| !applied).map(|date| Outstanding { row, parts, date }));
    }
    for row in file.standing(ProceedingKind::DecisionNotice) {
        let state = decision_notices::state(context, file, row)?;
        let parts = decision_notices::parts_of(file, row)?;
        if let Some(due_on) = state.steps_due_on.filter(|_| state.compliance.is_none()) {
            let provision = decision_notices::steps_provision(state.regime);
            let date = DueDate { kind: DueDateKind::Steps, due_on, provision };
            found.push(Outstanding { row, parts: parts.clone(), date });
        }
        let unappealed = file.below(row, ProceedingKind::Appeal).next().is_none();
        let appeal_by = appeal_due(&context.calendars, state.regime, Date(row.begun_on)).filter(|_| unappealed);
        found.extend(appeal_by.map(|date| Outstanding { row, parts, date }));
    }
    Ok(found)
}

/// The dates that concern one part, for its clock.
pub(in crate::services) fn of_parts(
    connection: &mut Connection,
    context: &Context,
    request: &RequestRow,
) -> ServiceResult<Vec<(Vec<Label>, DueDate)>> {
    if proceedings::of_request(connection, request.request_key)?.is_empty() {
        return Ok(Vec::new());
    }
    let file = CaseFile::read(connection, context, &request.id)?;
    Ok(outstanding(context, &file)?.into_iter().map(|due| (due.parts, due.date)).collect())
}

/// Makes the rows of a request anew that say what falls due.
pub(in crate::services) fn rebuild(
    connection: &mut Connection,
    context: &Context,
    request: &RequestRow,
    history: &History,
) -> ServiceResult<()> {
    let rows = proceedings::of_request(connection, request.request_key)?;
    // One part alone has no date apart from that of its request.
    if rows.is_empty() && history.parts.len() < 2 {
        return Ok(());
    }
    // No date rests on what letters say.
    let file = CaseFile::without_letters(request.clone(), history.clone(), rows);
    let due: Vec<DueDateRow> = outstanding(context, &file)?
        .into_iter()
        .map(|due| DueDateRow {
            request_key: request.request_key,
            authority_key: request.authority_key,
            subject_id: due.row.id.clone(),
            kind: due.date.kind.as_str().to_owned(),
            due_on: due.date.due_on.0,
            provision: due.date.provision.to_owned(),
        })
        .chain(apart(request, history))
        .collect();
    Ok(due_dates::replace(connection, request.request_key, &due)?)
}
