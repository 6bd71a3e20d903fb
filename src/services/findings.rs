//! Findings that follow from the events of a request: of events themselves, and of letters that were late. They are
//! projections like due dates, made anew whenever the events change, so that the order of recording does not matter.
//! What a letter says is judged once (`notices`) and does not change here.

use crate::{
    casework::event::EventDetails,
    law::{
        Date, Finding, Regime,
        clock::{Event, EventName, Happening, PartClock, PartHistory, fold, read_before},
        notice::{self, EventFacts, EventPart, ExtendedPart, ExtensionFacts},
    },
    services::{
        Context, ServiceResult,
        clocks::{self, History, PartFacts, is_first_answer},
        notices,
    },
    store::{
        Connection,
        events::{self, EventRow},
        requests::RequestRow,
        responses,
    },
};

/// Makes the findings of events and of late letters anew, and writes what changed.
pub(super) fn rebuild(
    connection: &mut Connection,
    context: &Context,
    request: &RequestRow,
    history: &History,
) -> ServiceResult<()> {
    let stored = events::of_request(connection, request.request_key)?;
    rebuild_of_events(connection, context, &stored, history)?;
    rebuild_of_letters(connection, context, request, (history, &stored))
}

fn rebuild_of_events(
    connection: &mut Connection,
    context: &Context,
    stored: &[EventRow],
    history: &History,
) -> ServiceResult<()> {
    for row in stored {
        // A void event keeps what was found of it.
        if row.voided_at.is_some() {
            continue;
        }
        let event = clocks::event(row)?;
        let mut details: EventDetails = serde_json::from_str(&row.details)?;
        let findings = of_event(context, history, &event, &details);
        if findings != details.findings {
            details.findings = findings;
            events::set_details(connection, row.event_key, &serde_json::to_string(&details)?)?;
        }
    }
    Ok(())
}

/// A letter keeps what was found of its words; whether it was late follows from the events.
fn rebuild_of_letters(
    connection: &mut Connection,
    context: &Context,
    request: &RequestRow,
    (history, stored): (&History, &[EventRow]),
) -> ServiceResult<()> {
    if !history.answers.iter().any(|answer| is_first_answer(&answer.response_kind)) {
        return Ok(());
    }
    for mut row in responses::issued_of_request(connection, request.request_key)? {
        let Some(issued_on) = row.issued_on.filter(|_| is_first_answer(&row.kind)) else { continue };
        let before: Vec<Finding> = serde_json::from_str(&row.findings)?;
        let findings = notices::with_lateness(context, (history, stored), &row, Date(issued_on), &before)?;
        if findings != before {
            row.findings = serde_json::to_string(&findings)?;
            row.version += 1;
            row.updated_at = context.now.0.max(row.updated_at);
            responses::update(connection, &row)?;
        }
    }
    Ok(())
}

/// What the statute says of an event, judged on the clock as it stood when the event came.
fn of_event(context: &Context, history: &History, event: &Event, details: &EventDetails) -> Vec<Finding> {
    let kind = event.happening.name();
    let is_judged = matches!(
        kind,
        EventName::Extension
            | EventName::ClarificationAsked
            | EventName::FeeNoticeGiven
            | EventName::Lapse
            | EventName::Transfer
    );
    if !is_judged {
        return Vec::new();
    }
    let earlier = read_before(&history.events, event);
    let on = event.effective_on;
    let clocks = history.valid_parts().filter(|part| event.scope.covers(&part.label)).map(|part| {
        let of_part = PartHistory { events: &earlier, ..history.of_part(part) };
        (part, fold(&context.calendars, &of_part, on))
    });
    let particulars = details.particulars.clone().unwrap_or_default();
    let Happening::Extension { extension, estimated_on, .. } = &event.happening else {
        let parts: Vec<EventPart> = clocks
            .map(|(part, clock)| {
                let asks_fee = kind == EventName::FeeNoticeGiven;
                let limit_on = asks_fee.then(|| fee_notice_limit(context, history, (&earlier, event), part, &clock));
                event_part(part, &clock, limit_on.flatten(), on)
            })
            .collect();
        let (amount, particulars) = (details.amount, &particulars);
        return notice::event_findings(&EventFacts { kind, effective_on: on, parts: &parts, amount, particulars });
    };
    let parts: Vec<ExtendedPart> = clocks.map(|(part, clock)| extended_part(context, part, clock, on)).collect();
    notice::extension_findings(&ExtensionFacts {
        kind: *extension,
        notified_on: on,
        estimated_on: *estimated_on,
        grounds: &details.grounds,
        reasons: details.text.as_ref(),
        particulars: &particulars,
        parts: &parts,
    })
}

fn event_part(part: &PartFacts, clock: &PartClock, fee_notice_due_on: Option<Date>, on: Date) -> EventPart {
    EventPart {
        label: part.label.clone(),
        regime: part.regime,
        is_closed: clock.state_on(on).is_closed(),
        due_on: clock.overdue_after(on).map(|_| clock.due_on),
        limit_on: clock.overdue_after(on),
        may_lapse_on: clock.may_lapse_on,
        fee_notice_due_on,
    }
}

/// The last day for a fees notice, `clock` as it stood before, where the one that was given came later: what the clock makes
/// of it tells.
fn fee_notice_limit(
    context: &Context,
    history: &History,
    (earlier, given): (&[Event], &Event),
    part: &PartFacts,
    clock: &PartClock,
) -> Option<Date> {
    let events: Vec<Event> = earlier.iter().chain([given]).cloned().collect();
    let after = PartHistory { events: &events, ..history.of_part(part) };
    let is_late = fold(&context.calendars, &after, given.effective_on).fee_was_asked_late();
    let limit_on = match part.regime {
        Regime::Foia | Regime::Foisa => clock.limit_on().max(clock.working_due_on),
        Regime::Eir | Regime::Eisr => clock.working_due_on,
    };
    Some(limit_on).filter(|_| is_late)
}

fn extended_part(context: &Context, part: &PartFacts, clock: PartClock, notified_on: Date) -> ExtendedPart {
    let calendar = context.calendars.get(part.regime.calendar());
    let due_on = clock.overdue_after(notified_on);
    let late = due_on.map(|due_on| calendar.working_days_between(due_on, notified_on)).filter(|late| *late > 0);
    ExtendedPart {
        label: part.label.clone(),
        regime: part.regime,
        due_on,
        working_days_late: late,
        day_forty: Some(clock.fortieth_day_on),
    }
}
