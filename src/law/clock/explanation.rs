//! The clock of one part with its reasons: what each event did, the stretches of days, the dates that follow and the
//! days that did not count. Runs the fold that gives the figures; holds no rules of its own.

use serde::Serialize;
use utoipa::ToSchema;

use crate::law::{
    Date,
    calendar::{Calendars, NonWorkingDay, Weekends},
    clock::{
        DueDate, Event, EventName, Happening, PartClock, PartHistory, Segment,
        due_dates::due_dates,
        fold::{Step, walk},
        order::standing_correction,
        provisions::{Rule, provision},
        segments::Stretches,
        words::{provision_of, words},
    },
};

/// What one event did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct EventEffect {
    /// The event's public id.
    pub id: String,
    /// Its kind.
    pub kind: EventName,
    /// The day it took effect.
    pub effective_on: Date,
    /// What it did, in plain words.
    pub effect: String,
    /// The provision or guidance that says so.
    pub provision: &'static str,
}

/// The clock of one part at the end of a day, with its reasons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// The figures, the same that [`fold`](super::fold) gives.
    pub clock: PartClock,
    /// What each event did, by day.
    pub effects: Vec<EventEffect>,
    /// The stretches of days, without gaps.
    pub segments: Vec<Segment>,
    /// The dates that follow.
    pub due_dates: Vec<DueDate>,
    /// The weekdays that did not count in the clock that runs, from day 0 to the last day for an answer or, for a late
    /// one, to the day it came.
    pub skipped: Vec<NonWorkingDay>,
}

/// The clock of one part at the end of the day `up_to`, with its reasons.
#[must_use]
pub fn explain(calendars: &Calendars, history: &PartHistory<'_>, up_to: Date) -> Explanation {
    let mut stretches: Option<Stretches> = None;
    let mut effects = correction_effects(history);
    let life = walk(calendars, history, up_to, |step, life| match (step, &mut stretches) {
        (Step::Received, stretches) => *stretches = Some(Stretches::new(life)),
        (Step::FeeLapsed(on), Some(stretches)) => stretches.turn(on, life),
        (Step::Happened(event, effect), Some(stretches)) => {
            stretches.happened(event, life);
            effects.push(EventEffect {
                id: event.id.clone(),
                kind: event.happening.name(),
                effective_on: event.effective_on,
                effect: words(event, effect, life),
                provision: provision_of(event, effect, life.regime),
            });
        }
        (_, None) => (),
    });
    effects.sort_by_key(|effect| effect.effective_on);
    let clock = life.clock(up_to);
    let last = clock.working_due_on.max(clock.limit_on()).max(clock.closed_on.unwrap_or(clock.received_on));
    Explanation {
        due_dates: due_dates(&life, &clock, up_to),
        skipped: life.count.calendar.non_working_days(clock.started_on, last, Weekends::LeftOut),
        segments: stretches.map(|stretches| stretches.finish(up_to)).unwrap_or_default(),
        effects,
        clock,
    }
}

/// What the corrections of the receipt did, in the order in which they were recorded. Only one stands.
fn correction_effects(history: &PartHistory<'_>) -> Vec<EventEffect> {
    let of_part = || history.events.iter().filter(|event| event.scope.covers(history.label));
    let standing = standing_correction(of_part()).map(|(event, _)| &event.id);
    let mut corrections: Vec<_> = of_part()
        .filter_map(|event| match event.happening {
            Happening::ReceiptCorrection { received_on, recorded_seq } => Some((recorded_seq, event, received_on)),
            _ => None,
        })
        .collect();
    corrections.sort_unstable_by_key(|(recorded_seq, event, _)| (*recorded_seq, &event.id));
    let told = |(_, event, received_on): (i64, &Event, Date)| EventEffect {
        id: event.id.clone(),
        kind: EventName::ReceiptCorrection,
        effective_on: event.effective_on,
        effect: if standing == Some(&event.id) {
            format!("The request was received on {received_on}; every date is counted anew from there.")
        } else {
            "No effect: a later correction stands.".to_owned()
        },
        provision: provision(history.regime, Rule::Answer),
    };
    corrections.into_iter().map(told).collect()
}
