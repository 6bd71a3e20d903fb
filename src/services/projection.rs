//! Projections: the columns of requests and parts, the findings and the due dates that follow from what is recorded. Rebuilt
//! in the transaction that changes an event, never edited.

use crate::{
    casework::{outcome::request_outcome, response::DeterminationOutcome},
    law::clock::{PartClock, RequestStatus, request_clock, status_of},
    services::{
        Context, ServiceResult, case_sheets,
        clocks::{History, PartFacts, word},
        findings, proceedings,
    },
    store::{
        Connection,
        requests::{self, PartRow, RequestRow},
    },
};

/// Rebuilds the projections of a request and its parts and the findings that follow from its events, and writes what
/// changed. The request's version and instant of change move with it.
pub(super) fn rebuild(
    connection: &mut Connection,
    context: &Context,
    request: &mut RequestRow,
    history: &mut History,
) -> ServiceResult<()> {
    let before: Vec<PartRow> = history.parts.iter().map(|part| part.row.clone()).collect();
    project(context, request, history)?;
    for (part, old) in history.parts.iter().zip(&before) {
        if part.row != *old {
            requests::update_part(connection, &part.row)?;
        }
    }
    request.version += 1;
    request.updated_at = context.now.0.max(request.updated_at);
    requests::update(connection, request)?;
    case_sheets::rebuild(connection, context, request, history)?;
    findings::rebuild(connection, context, request, history)?;
    proceedings::rebuild(connection, context, request, history)
}

/// Rebuilds the projections where they are not what the events make of them today; whether they were not.
pub(super) fn rebuild_if_changed(
    connection: &mut Connection,
    context: &Context,
    request: &mut RequestRow,
    history: &mut History,
) -> ServiceResult<bool> {
    let (mut fresh, mut fresh_history) = (request.clone(), history.clone());
    project(context, &mut fresh, &mut fresh_history)?;
    let same_parts = history.parts.iter().zip(&fresh_history.parts).all(|(old, new)| old.row == new.row);
    if fresh == *request && same_parts {
        return Ok(false);
    }
    rebuild(connection, context, request, history)?;
    Ok(true)
}

/// Computes the projections of a request and its parts.
pub(super) fn project(context: &Context, request: &mut RequestRow, history: &mut History) -> ServiceResult<()> {
    let (mut clocks, mut of_no_request) = (Vec::new(), Vec::new());
    for at in 0..history.parts.len() {
        let Some(part) = history.parts.get(at) else { break };
        let clock = history.clock(context, part, context.today);
        if !part.row.valid_request {
            of_no_request.push(clock);
            continue;
        }
        let outcome = history.outcome(&part.row.label)?;
        if let Some(part) = history.parts.get_mut(at) {
            project_part(part, &clock, outcome);
        }
        clocks.push(clock);
    }
    request.received_on = history.corrected_received_on().0;
    project_request(context, request, history, &clocks)?;
    if clocks.is_empty() {
        project_no_request(context, request, &of_no_request);
    }
    Ok(())
}

fn project_part(part: &mut PartFacts, clock: &PartClock, outcome: Option<DeterminationOutcome>) {
    part.row.status = Some(clock.state.as_str().to_owned());
    part.row.due_on = Some(clock.due_on.0);
    part.row.extended_to = clock.extended_to.map(|day| day.0);
    part.row.lapses_on = clock.lapses_on.map(|day| day.0);
    part.row.outcome = outcome.map(|outcome| outcome.as_str().to_owned());
}

/// What has no valid part is no request in law: nothing is due. It is closed all the same once every part was answered,
/// withdrawn or otherwise ended.
fn project_no_request(context: &Context, request: &mut RequestRow, clocks: &[PartClock]) {
    let Some(status) = status_of(clocks.iter().map(|clock| clock.state)).filter(|status| status.is_closed()) else {
        return;
    };
    request.status = status.as_str().to_owned();
    request.closed_on = clocks.iter().filter_map(|clock| clock.closed_by(context.today)).max().map(|day| day.0);
}

fn project_request(
    context: &Context,
    request: &mut RequestRow,
    history: &History,
    clocks: &[PartClock],
) -> ServiceResult<()> {
    let whole = request_clock(clocks, context.today);
    let status = whole.as_ref().map_or(RequestStatus::Open, |whole| whole.status);
    request.status = status.as_str().to_owned();
    request.due_on = whole.as_ref().map(|whole| whole.due_on.0);
    request.extended_to = whole.as_ref().and_then(|whole| whole.extended_to).map(|day| day.0);
    request.lapses_on = whole.as_ref().and_then(|whole| whole.lapses_on).map(|day| day.0);
    request.overdue_after = whole.as_ref().and_then(|whole| whole.overdue_after).map(|day| day.0);
    request.responded_on = whole.as_ref().and_then(|whole| whole.responded_on).map(|day| day.0);
    request.closed_on = whole.as_ref().and_then(|whole| whole.closed_on).map(|day| day.0);
    request.on_time = whole.as_ref().and_then(|whole| whole.on_time);
    request.working_days_taken = whole.as_ref().and_then(|whole| whole.working_days_taken);
    let stored = history.valid_parts().filter_map(|part| part.row.outcome.as_deref());
    let outcomes = stored.map(word).collect::<ServiceResult<Vec<DeterminationOutcome>>>()?;
    let answered = status == RequestStatus::Responded;
    request.outcome = answered.then(|| request_outcome(&outcomes)).flatten().map(|outcome| outcome.as_str().to_owned());
    Ok(())
}
