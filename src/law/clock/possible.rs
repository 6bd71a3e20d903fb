//! Orders of events that cannot have been: an answer before its question, a payment before its notice, anything before
//! the receipt. What merely ought not to have been is a fact, and no concern of this module.

use crate::{
    casework::text::Label,
    law::{
        Date, Regime,
        calendar::Calendars,
        clock::{
            Event, Happening, PartHistory, Scope, fold,
            order::{key, standing_correction},
            provisions::fee_payable_until,
        },
    },
};

/// Something that happened, or is said to have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Occurrence {
    /// The public id of the event; absent for the receipt as first recorded.
    pub event_id: Option<String>,
    /// `receipt`, or the name of the event's kind.
    pub kind: &'static str,
    /// The day recorded for it.
    pub effective_on: Date,
}

/// Two things that cannot have happened as recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImpossibleOrder {
    /// What must have come first, or stands in the way.
    pub earlier: Occurrence,
    /// What cannot have happened then.
    pub later: Occurrence,
    /// Both, named, and why.
    pub message: String,
}

/// The first impossibility among the events of a request, in the order of their days; `None` when all can have been.
/// Voided events are left out of `events`. A receipt that was corrected counts as corrected.
#[must_use]
pub fn impossible_order(
    calendars: &Calendars,
    regime: Regime,
    received_on: Date,
    events: &[Event],
) -> Option<ImpossibleOrder> {
    let mut in_order: Vec<&Event> = events.iter().collect();
    in_order.sort_unstable_by_key(|event| key(event));
    let records = Records { calendars, regime, received_on, events: in_order };
    records.events.iter().find_map(|event| records.before_receipt(event).or_else(|| records.fault_of(event)))
}

struct Records<'a> {
    calendars: &'a Calendars,
    regime: Regime,
    received_on: Date,
    events: Vec<&'a Event>,
}

impl<'a> Records<'a> {
    fn fault_of(&self, event: &Event) -> Option<ImpossibleOrder> {
        match &event.happening {
            Happening::ClarificationAnswered { question } => {
                self.wrong_reference(event, question).or_else(|| self.answer_after_lapse(event, question))
            }
            Happening::FeePaid { notice } => self.wrong_reference(event, notice),
            Happening::Reopening => self.wrong_reopening(event),
            _ => None,
        }
    }

    /// Nothing happens to a request before it is received.
    fn before_receipt(&self, event: &Event) -> Option<ImpossibleOrder> {
        if matches!(event.happening, Happening::ReceiptCorrection { .. }) {
            return None;
        }
        let receipt = self.receipt_of(event);
        (event.effective_on < receipt.effective_on)
            .then(|| impossible(receipt, occurrence(event), "A request is received before anything happens to it."))
    }

    fn receipt_of(&self, event: &Event) -> Occurrence {
        let of_parts = self.events.iter().copied().filter(|other| overlap(&other.scope, &event.scope));
        match standing_correction(of_parts) {
            Some((correction, received_on)) => Occurrence { effective_on: received_on, ..occurrence(correction) },
            None => Occurrence { event_id: None, kind: "receipt", effective_on: self.received_on },
        }
    }

    /// An answer belongs to one question and a payment to one notice, which came before it.
    fn wrong_reference(&self, event: &Event, reference: &str) -> Option<ImpossibleOrder> {
        let referred = self.events.iter().find(|other| other.id == reference)?;
        if event.effective_on < referred.effective_on {
            let why = "What answers another event cannot come before it.";
            return Some(impossible(occurrence(referred), occurrence(event), why));
        }
        let first = self
            .before(event)
            .find(|other| other.happening == event.happening && overlap(&other.scope, &event.scope))?;
        Some(impossible(occurrence(first), occurrence(event), "A question is answered, and a fees notice paid, once."))
    }

    /// What comes after the request was closed as lapsed is a new receipt; a question of the new life has its answer there.
    fn answer_after_lapse(&self, answer: &Event, question: &str) -> Option<ImpossibleOrder> {
        let asked = self.events.iter().copied().find(|other| other.id == question)?;
        let lapse = self
            .before(answer)
            .filter(|other| other.effective_on < answer.effective_on)
            .filter(|other| other.happening == Happening::Lapse && includes(&other.scope, &answer.scope))
            .find(|lapse| !self.is_reopened_between(lapse, asked, answer))?;
        let why = "After a lapse no answer can come: record what arrived as a reopening.";
        Some(impossible(occurrence(lapse), occurrence(answer), why))
    }

    fn is_reopened_between(&self, lapse: &Event, asked: &Event, answer: &Event) -> bool {
        let mut since = self.before(asked).filter(|other| key(other) > key(lapse));
        since.any(|other| other.happening == Happening::Reopening && overlap(&other.scope, &answer.scope))
    }

    /// Only what ended without an answer can be reopened, and once for each ending.
    fn wrong_reopening(&self, reopening: &Event) -> Option<ImpossibleOrder> {
        let of_parts: Vec<&Event> =
            self.events.iter().copied().filter(|other| overlap(&other.scope, &reopening.scope)).collect();
        let until = reopening.effective_on;
        let response =
            of_parts.iter().find(|other| other.happening == Happening::Response && other.effective_on < until);
        if let Some(response) = response.filter(|response| includes(&response.scope, &reopening.scope)) {
            let why = "What has been answered cannot be reopened; it is reviewed, or requested anew.";
            return Some(impossible(occurrence(response), occurrence(reopening), why));
        }
        let former =
            of_parts.iter().rfind(|other| other.happening == Happening::Reopening && key(other) < key(reopening));
        let since = former.map(|former| former.effective_on);
        if of_parts.iter().any(|other| self.ends_between(other, since, until)) {
            return None;
        }
        let too_late = of_parts.iter().find(|other| is_ending(other));
        let stands_in_the_way =
            former.or(response).or(too_late).map_or_else(|| self.receipt_of(reopening), |other| occurrence(other));
        let why = "Only what was withdrawn, lapsed or transferred before can be reopened, once for each ending.";
        Some(impossible(stands_in_the_way, occurrence(reopening), why))
    }

    /// Whether `event` ended a part between the reopening before and `until`, an unpaid fee included.
    fn ends_between(&self, event: &Event, since: Option<Date>, until: Date) -> bool {
        let after_former = since.is_none_or(|since| event.effective_on >= since);
        if !after_former {
            return false;
        }
        if event.happening != Happening::FeeNoticeGiven {
            return is_ending(event) && event.effective_on <= until;
        }
        let calendar = self.calendars.get(self.regime.calendar());
        let payable_until = fee_payable_until(calendar, self.regime, event.effective_on);
        // A later notice in its time replaces it: then the payment of that one counts, or its end.
        let settled = self.events.iter().filter(|other| other.effective_on <= payable_until).any(|other| match &other
            .happening
        {
            Happening::FeePaid { notice } => *notice == event.id,
            Happening::FeeNoticeGiven => key(other) > key(event) && includes(&other.scope, &event.scope),
            _ => false,
        });
        payable_until < until && !settled && !self.was_given_late(event)
    }

    /// Whether a fees notice was given too late to end the duty, as the clock has it.
    fn was_given_late(&self, notice: &Event) -> bool {
        let named = match &notice.scope {
            Scope::Parts(labels) => labels.first().cloned(),
            Scope::WholeRequest => None,
        };
        let label = named.unwrap_or_else(Label::only);
        let events: Vec<Event> = self.events.iter().copied().cloned().collect();
        let history =
            PartHistory { regime: self.regime, received_on: self.received_on, label: &label, events: &events };
        fold(self.calendars, &history, notice.effective_on).fee_was_asked_late()
    }

    /// The events read before `event`.
    fn before(&self, event: &Event) -> impl Iterator<Item = &'a Event> {
        let own = key(event);
        self.events.iter().copied().filter(move |other| key(other) < own).collect::<Vec<_>>().into_iter()
    }
}

fn is_ending(event: &Event) -> bool {
    matches!(event.happening, Happening::Withdrawal | Happening::Lapse | Happening::Transfer)
}

fn overlap(one: &Scope, other: &Scope) -> bool {
    match one {
        Scope::WholeRequest => true,
        Scope::Parts(labels) => labels.iter().any(|label| other.covers(label)),
    }
}

/// Whether `whole` covers every part that `part` covers.
fn includes(whole: &Scope, part: &Scope) -> bool {
    match (whole, part) {
        (Scope::WholeRequest, _) => true,
        (Scope::Parts(_), Scope::WholeRequest) => false,
        (Scope::Parts(_), Scope::Parts(labels)) => labels.iter().all(|label| whole.covers(label)),
    }
}

fn occurrence(event: &Event) -> Occurrence {
    Occurrence {
        event_id: Some(event.id.clone()),
        kind: event.happening.name().as_str(),
        effective_on: event.effective_on,
    }
}

fn impossible(earlier: Occurrence, later: Occurrence, why: &str) -> ImpossibleOrder {
    let message = format!("{} cannot stand with {}. {why}", named(&later), named(&earlier));
    ImpossibleOrder { earlier, later, message }
}

fn named(occurrence: &Occurrence) -> String {
    let Occurrence { event_id, kind, effective_on } = occurrence;
    match event_id {
        Some(id) => format!("`{kind}` {id} of {effective_on}"),
        None => format!("`{kind}` of {effective_on}"),
    }
}
