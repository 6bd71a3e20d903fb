//! The life of a part as stretches of days: running, extended, overdue, waiting, closed. The stretch a day lies in is
//! where the part stood at the end of that day; only the day of a payment still belongs to the waiting, as the law has
//! it. Knows no rules.

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    law::{
        Date,
        clock::{Event, Happening, PartState, life::Life},
    },
    vocabulary,
};

vocabulary! {
    /// What a stretch of days was.
    pub enum SegmentKind {
        /// The clock ran, within the statutory limit.
        Running = "running",
        /// The clock ran past the statutory limit, within a permitted extension.
        Extended = "extended",
        /// An answer was owed and late.
        Overdue = "overdue",
        /// The duty waited for clarification.
        WaitingForClarification = "waiting_for_clarification",
        /// The duty waited for a fee.
        WaitingForFee = "waiting_for_fee",
        /// Answered, withdrawn, lapsed or transferred.
        Closed = "closed",
    }
}

/// A stretch of days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ClockSegment)]
pub struct Segment {
    /// Its first day.
    pub start_on: Date,
    /// Its last day; absent for the stretch that goes on.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub end_on: Option<Date>,
    /// What it was.
    pub kind: SegmentKind,
}

/// What decides which stretch a day belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stance {
    state: PartState,
    received_on: Date,
    started_on: Date,
}

/// Puts the stretches together while the events go by.
#[derive(Debug)]
pub(super) struct Stretches {
    done: Vec<Segment>,
    stance: Stance,
    start_on: Date,
    due_on: Date,
    limit_on: Date,
    breach_stands: bool,
}

impl Stretches {
    /// Begins with the receipt.
    pub fn new(life: &Life<'_>) -> Self {
        let stance = stance(life);
        let mut stretches = Self {
            done: Vec::new(),
            stance,
            start_on: stance.received_on,
            due_on: stance.received_on,
            limit_on: stance.received_on,
            breach_stands: false,
        };
        stretches.note_limits(life);
        stretches
    }

    /// `event` took effect and left `life` as it is.
    pub fn happened(&mut self, event: &Event, life: &Life<'_>) {
        let paid = matches!(event.happening, Happening::FeePaid { .. });
        let first_day = if paid { event.effective_on.plus_days(1) } else { event.effective_on };
        self.turn(first_day, life);
    }

    /// From `first_day` on the part stands as `life` says.
    pub fn turn(&mut self, first_day: Date, life: &Life<'_>) {
        let stance = stance(life);
        if stance != self.stance {
            let first_day = first_day.max(self.start_on);
            self.close(first_day.plus_days(-1));
            self.stance = stance;
            self.start_on = first_day;
        }
        self.note_limits(life);
    }

    /// All stretches up to the end of the day `up_to`; the last one goes on.
    pub fn finish(mut self, up_to: Date) -> Vec<Segment> {
        self.close(up_to);
        if let Some(last) = self.done.last_mut() {
            last.end_on = None;
        }
        self.done
    }

    fn note_limits(&mut self, life: &Life<'_>) {
        self.due_on = life.due_on();
        self.limit_on = life.limit_on();
        self.breach_stands = life.breach_stands();
    }

    /// Ends the stretch on `end_on`.
    fn close(&mut self, end_on: Date) {
        match self.stance.state {
            PartState::AwaitingClarification => self.push(self.start_on, end_on, SegmentKind::WaitingForClarification),
            PartState::AwaitingFee => self.push(self.start_on, end_on, SegmentKind::WaitingForFee),
            PartState::Open => self.close_running(end_on),
            _ => self.push(self.start_on, end_on, SegmentKind::Closed),
        }
    }

    /// A running stretch falls into the days within the limit, those within an extension and those too late.
    fn close_running(&mut self, end_on: Date) {
        let start_on = self.start_on;
        if self.breach_stands {
            self.push(start_on, end_on, SegmentKind::Overdue);
            return;
        }
        let (due_on, limit_on) = (self.due_on, self.limit_on);
        self.push(start_on, end_on.min(due_on), SegmentKind::Running);
        self.push(start_on.max(due_on.plus_days(1)), end_on.min(limit_on), SegmentKind::Extended);
        self.push(start_on.max(limit_on.plus_days(1)), end_on, SegmentKind::Overdue);
    }

    fn push(&mut self, start_on: Date, end_on: Date, kind: SegmentKind) {
        if start_on <= end_on {
            self.done.push(Segment { start_on, end_on: Some(end_on), kind });
        }
    }
}

fn stance(life: &Life<'_>) -> Stance {
    Stance { state: life.state(), received_on: life.received_on, started_on: life.count.started_on }
}
