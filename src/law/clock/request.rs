//! The clock of a whole request, from those of its valid parts. Pure arithmetic: knows no events.

use crate::law::{
    Date,
    clock::{PartClock, PartState, is_overdue},
};

/// Where a whole request stands, in the words used for its parts.
pub type RequestStatus = PartState;

/// A request at the end of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestClock {
    /// Where it stands. Parts that differ: open if any is, else awaiting a fee, else awaiting clarification. With all
    /// closed: responded if any part was answered, else transferred, else withdrawn, else lapsed.
    pub status: RequestStatus,
    /// The statutory due date: the earliest of the parts whose clock runs, else of those that wait, else the latest of
    /// all parts.
    pub due_on: Date,
    /// The latest day to which an extension is permitted for one of the parts that are not closed, or of all when none is
    /// left. Another part may be overdue before it.
    pub extended_to: Option<Date>,
    /// Whether any part is overdue, extensions respected.
    pub overdue: bool,
    /// Working days of the part that took longest, each from its last restart; once responded.
    pub working_days_taken: Option<i64>,
    /// The day of the last first answer to a part; once responded.
    pub responded_on: Option<Date>,
    /// The day the last part was closed; once all are.
    pub closed_on: Option<Date>,
    /// Once responded: whether every answer that a time limit applied to came in time, extensions counted.
    pub on_time: Option<bool>,
    /// The last day on which no part is overdue, while an answer to one is owed.
    pub overdue_after: Option<Date>,
    /// The day on which unpaid fees end the whole request by date alone, when nothing else keeps it open.
    pub lapses_on: Option<Date>,
}

/// The clock of a request at the end of `today`, from its valid parts.
///
/// `None` without a valid part: then it is no request for information in law, so no limit runs, nothing is ever
/// overdue, and no figure counts it.
#[must_use]
pub fn request_clock(valid_parts: &[PartClock], today: Date) -> Option<RequestClock> {
    let status = status(valid_parts, today)?;
    let closed = status.is_closed();
    let responded = status == PartState::Responded;
    let of_parts = || valid_parts.iter();
    let unsettled = || of_parts().filter(move |part| closed || !part.state_on(today).is_closed());
    Some(RequestClock {
        status,
        due_on: due_on(valid_parts, status, today)?,
        extended_to: unsettled().filter_map(|part| part.extended_to).max(),
        overdue: of_parts().any(|part| is_overdue(part, today)),
        working_days_taken: of_parts().filter(|_| responded).filter_map(|part| part.working_days_taken).max(),
        responded_on: of_parts().filter(|_| responded).filter_map(|part| part.responded_on).max(),
        closed_on: of_parts().filter(|_| closed).filter_map(|part| part.closed_by(today)).max(),
        on_time: of_parts().filter(|_| responded).filter_map(|part| part.in_time).reduce(|all, one| all && one),
        overdue_after: of_parts().filter_map(|part| part.overdue_after(today)).min(),
        lapses_on: lapses_on(valid_parts, today),
    })
}

fn lapses_on(valid_parts: &[PartClock], today: Date) -> Option<Date> {
    let unsettled = || valid_parts.iter().filter(|part| !part.state_on(today).is_closed());
    let only_fees = unsettled().all(|part| part.state_on(today) == PartState::AwaitingFee && part.lapses_on.is_some());
    unsettled().filter(|_| only_fees).filter_map(|part| part.lapses_on).max()
}

/// The states in the order in which one of them speaks for the whole request.
const PRECEDENCE: [PartState; 7] = [
    PartState::Open,
    PartState::AwaitingFee,
    PartState::AwaitingClarification,
    PartState::Responded,
    PartState::Transferred,
    PartState::Withdrawn,
    PartState::Lapsed,
];

fn status(valid_parts: &[PartClock], today: Date) -> Option<RequestStatus> {
    status_of(valid_parts.iter().map(|part| part.state_on(today)))
}

/// The status of a request from the states of its valid parts; `None` without one.
#[must_use]
pub fn status_of(states: impl Iterator<Item = PartState>) -> Option<RequestStatus> {
    let place = |state: PartState| PRECEDENCE.iter().position(|other| *other == state);
    states.min_by_key(|state| place(*state))
}

fn due_on(valid_parts: &[PartClock], status: RequestStatus, today: Date) -> Option<Date> {
    let due_dates = |running: bool| {
        valid_parts
            .iter()
            .filter(move |part| {
                let state = part.state_on(today);
                if running { state == PartState::Open } else { !state.is_closed() }
            })
            .map(|part| part.due_on)
    };
    if status.is_closed() {
        valid_parts.iter().map(|part| part.due_on).max()
    } else {
        due_dates(true).min().or_else(|| due_dates(false).min())
    }
}
