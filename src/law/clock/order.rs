//! The order in which events are read: by day, and within a day by their kind, so that it does not matter in which
//! order they were recorded.

use crate::{
    casework::text::Label,
    law::{
        Date,
        clock::{Event, Happening},
    },
};

/// The events of the part `label` that took effect by the end of `up_to`, in order. Corrections of the receipt are left
/// out: they say what was always so, see [`standing_correction`].
pub(super) fn in_order<'a>(events: &'a [Event], label: &Label, up_to: Date) -> Vec<&'a Event> {
    let mut relevant: Vec<&Event> = events
        .iter()
        .filter(|event| event.effective_on <= up_to && event.scope.covers(label))
        .filter(|event| !matches!(event.happening, Happening::ReceiptCorrection { .. }))
        .collect();
    relevant.sort_unstable_by_key(|event| key(event));
    relevant
}

/// What the request was when `event` came: the events that are read before it, and the corrections of the receipt, which
/// hold for every day. The same whatever the order of recording.
#[must_use]
pub fn read_before(events: &[Event], event: &Event) -> Vec<Event> {
    let holds_always = |other: &Event| matches!(other.happening, Happening::ReceiptCorrection { .. });
    let before = |other: &&Event| other.id != event.id && (holds_always(other) || key(other) < key(event));
    events.iter().filter(before).cloned().collect()
}

/// Where `event` stands among others. The id decides between events of one kind on one day.
pub(super) fn key(event: &Event) -> (Date, u8, &str) {
    (event.effective_on, rank(&event.happening), &event.id)
}

/// The place of a kind of event within one day: what opens comes before what builds on it, an answer before what could
/// only close the part otherwise.
const fn rank(happening: &Happening) -> u8 {
    match happening {
        Happening::ReceiptCorrection { .. } => 0,
        Happening::Reopening => 1,
        Happening::ClarificationAsked => 2,
        Happening::ClarificationAnswered { .. } => 3,
        Happening::FeeNoticeGiven => 4,
        Happening::FeePaid { .. } => 5,
        Happening::Extension { .. } => 6,
        Happening::Response => 7,
        Happening::Transfer => 8,
        Happening::Withdrawal => 9,
        Happening::Lapse => 10,
    }
}

/// The correction of the receipt that stands among `events`, the last one recorded, with the day it gives.
///
/// A correction does not happen to the request: it holds for every day, whatever its own date.
pub(super) fn standing_correction<'a>(events: impl Iterator<Item = &'a Event>) -> Option<(&'a Event, Date)> {
    events
        .filter_map(|event| match event.happening {
            Happening::ReceiptCorrection { received_on, recorded_seq } => Some((recorded_seq, event, received_on)),
            _ => None,
        })
        .max_by_key(|(recorded_seq, event, _)| (*recorded_seq, &event.id))
        .map(|(_, event, received_on)| (event, received_on))
}
