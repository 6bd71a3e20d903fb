//! Events of a request: recorded in any order, dated in the past, voided but never deleted.

use crate::{
    casework::{
        event::{
            ClarificationAnswer, EventDraft, FeePayment, NewReceiptCorrection, NewVoiding, PartLabels, RecordedEvent,
        },
        ncnd_masking,
        text::Label,
    },
    fault::{Fault, UNKNOWN_PART},
    law::{
        Date, Regime,
        clock::{Event, EventName, Scope, impossible_order},
        notice,
    },
    services::{
        Context, ServiceError, ServiceResult,
        audit::Recipient,
        clocks::{self, History, recorded},
        proceedings, projection,
        timeline::{self, Entry, TimelineKind},
    },
    store::{
        Connection,
        events::{self, EventRow, NewEventRow},
        requests::{self, RequestRow},
    },
};

/// Records an event.
///
/// # Errors
///
/// [`ServiceError::Invalid`] for a part that does not exist or a day that has not come;
/// [`ServiceError::ImpossibleOrder`] when it cannot have happened beside what is recorded.
pub fn record(
    connection: &mut Connection,
    context: &Context,
    request_id: &str,
    draft: EventDraft,
) -> ServiceResult<RecordedEvent> {
    let request = requests::find_to_change(connection, &context.scope, request_id)?.ok_or(ServiceError::NotFound)?;
    append(connection, context, request, draft)
}

/// Records the answer to a clarification.
///
/// # Errors
///
/// [`ServiceError::NotFound`] without such a clarification; else as [`record`].
pub fn answer_clarification(
    connection: &mut Connection,
    context: &Context,
    request_id: &str,
    event_id: &str,
    answer: ClarificationAnswer,
) -> ServiceResult<RecordedEvent> {
    let request = requests::find_to_change(connection, &context.scope, request_id)?.ok_or(ServiceError::NotFound)?;
    let question = standing(connection, &request, event_id, EventName::ClarificationAsked)?;
    let draft = answer.draft(question.id.clone(), parts_of(&question)?);
    append(connection, context, request, draft)
}

/// Records the payment of a fee.
///
/// # Errors
///
/// [`ServiceError::NotFound`] without such a fees notice; else as [`record`].
pub fn pay_fee(
    connection: &mut Connection,
    context: &Context,
    request_id: &str,
    event_id: &str,
    payment: FeePayment,
) -> ServiceResult<RecordedEvent> {
    let request = requests::find_to_change(connection, &context.scope, request_id)?.ok_or(ServiceError::NotFound)?;
    let notice = standing(connection, &request, event_id, EventName::FeeNoticeGiven)?;
    let draft = payment.draft(notice.id.clone(), parts_of(&notice)?);
    append(connection, context, request, draft)
}

/// Corrects the day of receipt.
///
/// # Errors
///
/// As [`record`].
pub fn correct_receipt(
    connection: &mut Connection,
    context: &Context,
    request_id: &str,
    correction: NewReceiptCorrection,
) -> ServiceResult<RecordedEvent> {
    let request = requests::find_to_change(connection, &context.scope, request_id)?.ok_or(ServiceError::NotFound)?;
    let earlier = events::of_request(connection, request.request_key)?;
    let order = i64::try_from(earlier.len()).unwrap_or(i64::MAX);
    append(connection, context, request, correction.draft(order))
}

/// Voids an event that did not happen.
///
/// # Errors
///
/// [`ServiceError::NotPossible`] when it is void already; [`ServiceError::ImpossibleOrder`] when another event rests on
/// it, like an answer on its question.
pub fn void(
    connection: &mut Connection,
    context: &Context,
    request_id: &str,
    event_id: &str,
    kinds: &[EventName],
    voiding: &NewVoiding,
) -> ServiceResult<RecordedEvent> {
    let mut request =
        requests::find_to_change(connection, &context.scope, request_id)?.ok_or(ServiceError::NotFound)?;
    let mut stored = events::of_request(connection, request.request_key)?;
    let row = stored
        .iter_mut()
        .find(|row| row.id == event_id && kinds.iter().any(|kind| kind.as_str() == row.kind))
        .ok_or(ServiceError::NotFound)?;
    if row.voided_at.is_some() {
        return Err(ServiceError::NotPossible("The event is void already.".to_owned()));
    }
    row.voided_at = Some(context.now.0);
    row.void_reason = Some(voiding.reason.to_string());
    let voided = row.clone();
    events::void(connection, voided.event_key, context.now.0, voiding.reason.as_str())?;
    let mut history = History::load(connection, &request)?;
    refuse_missing_question(&voided, &history)?;
    refuse_impossible_order(context, &request, &history)?;
    if voided.kind == EventName::ReceiptCorrection.as_str() {
        proceedings::refuse_before_receipt(connection, &request, &history)?;
    }
    projection::rebuild(connection, context, &mut request, &mut history)?;
    let entry = Entry {
        kind: TimelineKind::EventVoided,
        effective_on: Some(Date(voided.effective_on)),
        subject_id: Some(&voided.id),
        detail: Some(&voided.kind),
    };
    timeline::append(connection, context, &request, &entry)?;
    recorded(&voided, &request.id)
}

/// An answer or a payment cannot stand when what it answers is void.
fn refuse_missing_question(voided: &EventRow, history: &History) -> ServiceResult<()> {
    let Some(answer) = history.events.iter().find(|event| event.happening.answers() == Some(&voided.id)) else {
        return Ok(());
    };
    Err(ServiceError::ImpossibleOrder(format!(
        "`{}` {} of {} answers `{}` {} of {}. Void it first.",
        answer.happening.name(),
        answer.id,
        answer.effective_on,
        voided.kind,
        voided.id,
        voided.effective_on
    )))
}

/// One event of a request.
///
/// # Errors
///
/// [`ServiceError::NotFound`] without it.
pub fn read(
    connection: &mut Connection,
    context: &Context,
    request_id: &str,
    event_id: &str,
    kinds: &[EventName],
) -> ServiceResult<RecordedEvent> {
    let request = requests::find(connection, &context.scope, request_id)?.ok_or(ServiceError::NotFound)?;
    let stored = events::of_request(connection, request.request_key)?;
    let row = stored
        .iter()
        .find(|row| row.id == event_id && kinds.iter().any(|kind| kind.as_str() == row.kind))
        .ok_or(ServiceError::NotFound)?;
    recorded(row, &request.id)
}

/// What the caller may read of an event.
///
/// # Errors
///
/// [`ServiceError::NotFound`] when the caller may not see its request.
pub fn shown(connection: &mut Connection, context: &Context, event: RecordedEvent) -> ServiceResult<RecordedEvent> {
    Ok(match proceedings::guarded_parts(connection, context, &event.request_id)? {
        Some(guarded) => ncnd_masking::masked_event(event, &guarded, context.today),
        None => event,
    })
}

fn standing(
    connection: &mut Connection,
    request: &RequestRow,
    event_id: &str,
    kind: EventName,
) -> ServiceResult<EventRow> {
    events::of_request(connection, request.request_key)?
        .into_iter()
        .find(|row| row.id == event_id && row.kind == kind.as_str() && row.voided_at.is_none())
        .ok_or(ServiceError::NotFound)
}

fn parts_of(row: &EventRow) -> ServiceResult<PartLabels> {
    Ok(row.scope.as_deref().map(serde_json::from_str).transpose()?)
}

fn append(
    connection: &mut Connection,
    context: &Context,
    mut request: RequestRow,
    mut draft: EventDraft,
) -> ServiceResult<RecordedEvent> {
    let mut history = History::load(connection, &request)?;
    let mut faults = draft.faults(context.today);
    faults.extend(unknown_parts(&history, draft.parts.as_deref()));
    if !faults.is_empty() {
        return Err(ServiceError::Invalid(faults));
    }
    name_grounds(&history, &mut draft);
    let id = uuid::Uuid::new_v4().to_string();
    let event = Event {
        id: id.clone(),
        effective_on: draft.effective_on,
        scope: draft.scope(),
        happening: draft.happening.clone(),
    };
    let fresh = event.clone();
    history.events.push(event);
    refuse_impossible_order(context, &request, &history)?;
    if fresh.happening.name() == EventName::ReceiptCorrection {
        proceedings::refuse_before_receipt(connection, &request, &history)?;
    }
    let row = NewEventRow {
        id,
        request_key: request.request_key,
        authority_key: request.authority_key,
        kind: fresh.happening.name().as_str().to_owned(),
        effective_on: fresh.effective_on.0,
        scope: draft.parts.as_ref().map(serde_json::to_string).transpose()?,
        happening: serde_json::to_string(&fresh.happening)?,
        details: serde_json::to_string(&draft.details)?,
        recorded_at: context.now.0,
    };
    let event_key = events::insert(connection, &row)?;
    projection::rebuild(connection, context, &mut request, &mut history)?;
    let entry = Entry {
        kind: TimelineKind::EventRecorded,
        effective_on: Some(fresh.effective_on),
        subject_id: Some(&row.id),
        detail: Some(&row.kind),
    };
    timeline::append(connection, context, &request, &entry)?;
    if let Some(recipient) = recipient(&draft) {
        context.disclosed_to(recipient);
    }
    // The findings are made with the other projections.
    recorded(&events::find(connection, event_key)?, &request.id)
}

/// To whom the authority wrote when this happened; nobody where it was written to, or wrote to no one.
fn recipient(draft: &EventDraft) -> Option<Recipient> {
    match draft.happening.name() {
        EventName::ClarificationAsked | EventName::FeeNoticeGiven | EventName::Extension => Some(Recipient::Requester),
        EventName::Transfer => {
            draft.details.transferred_to.as_ref().map(|name| Recipient::Transferee(name.to_string()))
        }
        _ => None,
    }
}

/// Names the grounds of an extension as the catalogue writes them under the regimes of its parts.
fn name_grounds(history: &History, draft: &mut EventDraft) {
    let scope = draft.scope();
    let covered = history.valid_parts().filter(|part| scope.covers(&part.label));
    let regimes: Vec<Regime> = covered.map(|part| part.regime).collect();
    for cited in &mut draft.details.grounds {
        notice::name_citation(cited, &regimes, draft.effective_on);
    }
}

fn unknown_parts(history: &History, labels: Option<&[Label]>) -> Vec<Fault> {
    let known = |label: &Label| history.parts.iter().any(|part| part.label == *label);
    labels
        .unwrap_or_default()
        .iter()
        .enumerate()
        .filter(|(_, label)| !known(label))
        .map(|(at, _)| Fault::new(format!("/parts/{at}"), UNKNOWN_PART, "The request has no part with this label."))
        .collect()
}

/// An order that cannot be is a refusal that names both events.
pub(super) fn refuse_impossible_order(context: &Context, request: &RequestRow, history: &History) -> ServiceResult<()> {
    let mut regimes: Vec<Regime> = history.valid_parts().map(|part| part.regime).collect();
    if regimes.is_empty() {
        regimes.push(clocks::word(&request.regime)?);
    }
    regimes.sort_unstable();
    regimes.dedup();
    let events = named_whole(history);
    // Parts may stand under different regimes, whose fees lapse on different days: what can be under one can have been.
    let refused = regimes
        .into_iter()
        .map(|regime| impossible_order(&context.calendars, regime, history.received_on, &events))
        .collect::<Option<Vec<_>>>();
    match refused.and_then(|refused| refused.into_iter().next()) {
        Some(order) => Err(ServiceError::ImpossibleOrder(order.message)),
        None => Ok(()),
    }
}

/// The events, with those that name every valid part as what they are: of the whole request. A letter names the parts that it
/// answers, and what comes after it may name none.
fn named_whole(history: &History) -> Vec<Event> {
    let names_every = |event: &Event| history.valid_parts().all(|part| event.scope.covers(&part.label));
    let mut events = history.events.clone();
    if history.valid_parts().next().is_some() {
        events.iter_mut().filter(|event| names_every(event)).for_each(|event| event.scope = Scope::WholeRequest);
    }
    events
}

/// Lets the events that name a part name the parts it is split into.
pub(super) fn widen_scopes(
    connection: &mut Connection,
    request: &RequestRow,
    old: &Label,
    new: &[Label],
) -> ServiceResult<()> {
    for row in events::of_request(connection, request.request_key)? {
        let Some(mut labels) = parts_of(&row)? else { continue };
        if !labels.contains(old) {
            continue;
        }
        labels.retain(|label| label != old);
        labels.extend(new.iter().cloned());
        events::set_scope(connection, row.event_key, &serde_json::to_string(&labels)?)?;
    }
    Ok(())
}
