//! The clock of a request with its reasons, as callers read it, and the what-if calculation that answers alike.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    casework::text::{Label, Word},
    fault::{Fault, INCONSISTENT_MEMBERS, INVALID_VALUE},
    law::{
        Date, Regime,
        calendar::{Calendars, NonWorkingDay},
        clock::{
            DueDate, Event, EventEffect, EventName, Explanation, ExtensionKind, Happening, PartHistory, PartState,
            Scope, Segment, explain,
        },
    },
};

/// The most events of one what-if calculation.
const MOST_EVENTS: usize = 200;

/// The clocks of a request, by part, at the end of a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Clock {
    /// The day at whose end the clocks are read: today in London.
    pub as_at: Date,
    /// The calendars it was reckoned with.
    pub calendar_version: String,
    /// The clock of each part that is a valid request.
    #[schema(max_items = 500)]
    pub parts: Vec<PartClockDocument>,
}

/// The clock of one part, step by step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = PartClock)]
pub struct PartClockDocument {
    /// The part's label.
    pub label: Label,
    /// How the part stands.
    pub state: PartState,
    /// The statutory due date.
    pub due_on: Date,
    /// The end of a permitted extension.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub extended_to: Option<Date>,
    /// The day of the first complete answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub responded_on: Option<Date>,
    /// What each event did, and the provision that says so.
    #[schema(max_items = 1000)]
    pub events: Vec<EventEffect>,
    /// The stretches of time, in order.
    #[schema(max_items = 1000)]
    pub segments: Vec<Segment>,
    /// Every date that follows, with the provision that makes it.
    #[schema(max_items = 100)]
    pub due_dates: Vec<DueDate>,
    /// Days of the week that did not count, and why; Saturdays and Sundays left out.
    #[schema(max_items = 1000)]
    pub skipped: Vec<NonWorkingDay>,
    /// Working days that have counted since the last restart.
    pub working_days_used: i64,
    /// Working days left; negative when the limit has passed.
    pub working_days_left: i64,
}

impl PartClockDocument {
    /// The document of one part's explanation.
    #[must_use]
    pub fn new(label: Label, explanation: Explanation, today: Date) -> Self {
        Self {
            label,
            state: explanation.clock.state_on(today),
            due_on: explanation.clock.due_on,
            extended_to: explanation.clock.extended_to,
            responded_on: explanation.clock.responded_on,
            events: explanation.effects,
            segments: explanation.segments,
            due_dates: explanation.due_dates,
            skipped: explanation.skipped,
            working_days_used: explanation.clock.working_days_used,
            working_days_left: explanation.clock.working_days_left,
        }
    }
}

/// A what-if calculation: nothing is recorded.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WhatIf {
    /// The regime.
    pub regime: Regime,
    /// The day of receipt.
    pub received_on: Date,
    /// What happened after it, in any order.
    #[serde(default)]
    #[schema(max_items = 200)]
    pub events: Vec<WhatIfEvent>,
    /// The day at whose end the clock is read; today in London, or the day of the last event where that is later, when absent.
    #[serde(default)]
    #[schema(nullable = false)]
    pub as_at: Option<Date>,
}

/// One event of a what-if calculation.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WhatIfEvent {
    /// A name of the caller's own, for `answers`; `event-1`, `event-2` … when absent.
    #[serde(default)]
    #[schema(nullable = false)]
    pub id: Option<Word>,
    /// What kind of event it is.
    pub kind: EventName,
    /// The day it took effect.
    pub effective_on: Date,
    /// For an answer or a payment: the event it answers; the last one before it when absent.
    #[serde(default)]
    #[schema(nullable = false)]
    pub answers: Option<Word>,
    /// For an extension: why more time is taken; what the regime allows when absent.
    #[serde(default)]
    #[schema(nullable = false)]
    pub extension_kind: Option<ExtensionKind>,
    /// For an extension: the day announced.
    #[serde(default)]
    #[schema(nullable = false)]
    pub estimated_on: Option<Date>,
}

impl WhatIf {
    /// The events as the clock takes them.
    ///
    /// # Errors
    ///
    /// Every fault: an answer without a question, a name used twice, too many events.
    pub fn events(&self) -> Result<Vec<Event>, Vec<Fault>> {
        let mut faults = Vec::new();
        if self.events.len() > MOST_EVENTS {
            faults.push(Fault::new("/events", INVALID_VALUE, format!("At most {MOST_EVENTS} events.")));
        }
        let ids: Vec<String> = self.events.iter().zip(1..).map(|(event, at)| event.own_name(at)).collect();
        let named = ids.iter().map(|id| ("/id".to_owned(), id));
        faults.extend(crate::casework::request::duplicates("/events", named));
        let mut events = Vec::new();
        for (at, (event, id)) in self.events.iter().zip(&ids).enumerate() {
            match self.happening(event, at, &ids) {
                Ok(happening) => events.push(Event {
                    id: id.clone(),
                    effective_on: event.effective_on,
                    scope: Scope::WholeRequest,
                    happening,
                }),
                Err(detail) => faults.push(Fault::new(format!("/events/{at}/answers"), INCONSISTENT_MEMBERS, detail)),
            }
        }
        if faults.is_empty() { Ok(events) } else { Err(faults) }
    }

    fn happening(&self, event: &WhatIfEvent, at: usize, ids: &[String]) -> Result<Happening, &'static str> {
        Ok(match event.kind {
            EventName::ClarificationAsked => Happening::ClarificationAsked,
            EventName::ClarificationAnswered => {
                Happening::ClarificationAnswered { question: self.answered(event, ids, EventName::ClarificationAsked)? }
            }
            EventName::FeeNoticeGiven => Happening::FeeNoticeGiven,
            EventName::FeePaid => Happening::FeePaid { notice: self.answered(event, ids, EventName::FeeNoticeGiven)? },
            EventName::Extension => Happening::Extension {
                extension: event.extension_kind.unwrap_or(match self.regime {
                    Regime::Foia | Regime::Foisa => ExtensionKind::PublicInterest,
                    Regime::Eir | Regime::Eisr => ExtensionKind::ComplexityAndVolume,
                }),
                estimated_on: event.estimated_on,
                // What a notice names is not asked here: the calculation is of days.
                names_qualified_ground: true,
            },
            EventName::Withdrawal => Happening::Withdrawal,
            EventName::Lapse => Happening::Lapse,
            EventName::Transfer => Happening::Transfer,
            EventName::Reopening => Happening::Reopening,
            EventName::ReceiptCorrection => {
                // Of several corrections the last one in the list stands, as if they were recorded in its order.
                let recorded_seq = i64::try_from(at).unwrap_or(i64::MAX);
                Happening::ReceiptCorrection { received_on: event.effective_on, recorded_seq }
            }
            EventName::Response => Happening::Response,
        })
    }

    fn answered(&self, event: &WhatIfEvent, ids: &[String], kind: EventName) -> Result<String, &'static str> {
        let questions = || self.events.iter().zip(ids).filter(|(question, _)| question.kind == kind);
        let found = match &event.answers {
            Some(name) => questions().find(|(_, id)| id.as_str() == name.as_str()),
            None => questions()
                .filter(|(question, _)| question.effective_on <= event.effective_on)
                .max_by_key(|(question, _)| question.effective_on)
                // An answer before its question is an order that cannot have been, and refused as such.
                .or_else(|| questions().min_by_key(|(question, _)| question.effective_on)),
        };
        found.map(|(_, id)| id.clone()).ok_or("There is no event that this one could answer.")
    }

    /// The clock that these events make.
    #[must_use]
    pub fn reckon(&self, calendars: &Calendars, events: &[Event], today: Date) -> Clock {
        let label = Label::only();
        // Without a day the whole of what was told is looked at, also what is still to come.
        let last = events.iter().map(|event| event.effective_on).max();
        let as_at = self.as_at.unwrap_or_else(|| last.map_or(today, |last| last.max(today)));
        let history = PartHistory { regime: self.regime, received_on: self.received_on, label: &label, events };
        let explanation = explain(calendars, &history, as_at);
        Clock {
            as_at,
            calendar_version: calendars.version().to_owned(),
            parts: vec![PartClockDocument::new(label, explanation, as_at)],
        }
    }
}

impl WhatIfEvent {
    fn own_name(&self, at: usize) -> String {
        self.id.as_ref().map_or_else(|| format!("event-{at}"), ToString::to_string)
    }
}
