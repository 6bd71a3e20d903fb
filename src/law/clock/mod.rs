//! The statutory clock: one pure fold over the events of a request, by part and up to a day. `GET …/clock`, the what-if
//! calculator, the due dates kept in tables and every figure come from it. Knows nothing of HTTP, of databases or of
//! the time now; of a response it knows only the day it was sent.
//!
//! [`fold`] gives the figures alone and is cheap; [`explain`] runs the same fold and writes down what each event did.
//! `life` holds the rules, `provisions` the citations and the periods that differ by regime.

mod counting;
mod due_dates;
mod event;
mod explanation;
mod fold;
mod life;
mod order;
mod possible;
mod provisions;
mod request;
mod segments;
mod state;
#[cfg(test)]
mod tests;
mod words;

pub use due_dates::{DueDate, DueDateKind};
pub use event::{Event, EventName, ExtensionKind, Happening, Scope};
pub use explanation::{EventEffect, Explanation, explain};
pub use fold::{PartHistory, fold};
pub use order::read_before;
pub use possible::{ImpossibleOrder, Occurrence, impossible_order};
pub use provisions::duty_survives_transfer;
pub use request::{RequestClock, RequestStatus, request_clock, status_of};
pub use segments::{Segment, SegmentKind};
pub use state::{Ending, PartClock, PartState, is_overdue};
