//! The fold: walks through the events of one part, day by day, and gives where the part stands. The rules themselves
//! are in `life`.

use crate::{
    casework::text::Label,
    law::{
        Date, Regime,
        calendar::Calendars,
        clock::{
            Event, Happening, PartClock,
            life::{Effect, Life},
            order::{in_order, standing_correction},
        },
    },
};

/// What the clock of one part is computed from.
#[derive(Debug, Clone, Copy)]
pub struct PartHistory<'a> {
    /// The regime of the part.
    pub regime: Regime,
    /// The day of receipt as first recorded.
    pub received_on: Date,
    /// The part.
    pub label: &'a Label,
    /// The events of the whole request in any order, voided ones left out.
    pub events: &'a [Event],
}

impl PartHistory<'_> {
    /// The day of receipt that stands after corrections.
    pub(super) fn received_on(&self) -> Date {
        let of_part = self.events.iter().filter(|event| event.scope.covers(self.label));
        standing_correction(of_part).map_or(self.received_on, |(_, received_on)| received_on)
    }
}

/// One step on the way through a history.
#[derive(Debug, Clone, Copy)]
pub(super) enum Step<'a> {
    /// The request came in.
    Received,
    /// An event took effect.
    Happened(&'a Event, Effect),
    /// The time for a fee ran out, by date alone; this is the first day without a duty.
    FeeLapsed(Date),
}

/// The state of one part at the end of the day `up_to`. Events that take effect later are ignored, except corrections of
/// the receipt, which hold for every day.
#[must_use]
pub fn fold(calendars: &Calendars, history: &PartHistory<'_>, up_to: Date) -> PartClock {
    walk(calendars, history, up_to, |_, _| ()).clock(up_to)
}

/// Walks through `history` to the end of the day `up_to`, showing each step to `observe` with the life as it is then.
pub(super) fn walk<'a>(
    calendars: &'a Calendars,
    history: &PartHistory<'a>,
    up_to: Date,
    observe: impl FnMut(Step<'a>, &Life<'a>),
) -> Life<'a> {
    let calendar = calendars.get(history.regime.calendar());
    let life = Life::new(calendar, history.regime, history.received_on());
    let mut walker = Walker { life, observe };
    (walker.observe)(Step::Received, &walker.life);
    // A reopening may follow the ending of the same day, although it is read first to let the day's other events belong
    // to the life it begins.
    let mut early_reopening: Option<&Event> = None;
    for event in in_order(history.events, history.label, up_to) {
        if let Some(reopening) = early_reopening.take_if(|reopening| reopening.effective_on < event.effective_on) {
            walker.step(reopening);
        }
        walker.pass_to(event.effective_on);
        if event.happening == Happening::Reopening && !walker.life.is_closed() {
            if let Some(previous) = early_reopening.replace(event) {
                walker.step(previous);
            }
        } else {
            walker.step(event);
        }
    }
    if let Some(reopening) = early_reopening {
        walker.step(reopening);
    }
    walker.pass_to(up_to);
    walker.life
}

struct Walker<'a, O> {
    life: Life<'a>,
    observe: O,
}

impl<'a, O: FnMut(Step<'a>, &Life<'a>)> Walker<'a, O> {
    fn step(&mut self, event: &'a Event) {
        let effect = self.life.apply(event);
        (self.observe)(Step::Happened(event, effect), &self.life);
    }

    /// Lets the days go by to the beginning of `day`'s events.
    fn pass_to(&mut self, day: Date) {
        if let Some(lapsed_on) = self.life.lapse_by_date(day) {
            (self.observe)(Step::FeeLapsed(lapsed_on), &self.life);
        }
    }
}
