//! What an event did to the clock, in plain words and with the provision it rests on. Says nothing about information.

use crate::law::{
    Regime,
    clock::{
        Event, Happening, PartClock,
        life::{Effect, Life},
        provisions::{Rule, duty_survives_transfer, provision},
    },
};

/// The provision that the effect of `event` rests on.
pub(super) fn provision_of(event: &Event, effect: Effect, regime: Regime) -> &'static str {
    use crate::law::clock::ExtensionKind::{ComplexityAndVolume, PublicInterest};
    let rule = match (&event.happening, effect) {
        (Happening::ClarificationAsked, _) => Rule::Clarification,
        (Happening::ClarificationAnswered { .. }, _) => Rule::Restart,
        (Happening::FeeNoticeGiven | Happening::FeePaid { .. }, Effect::AfterEnding) => Rule::FeeLapse,
        (Happening::FeeNoticeGiven | Happening::FeePaid { .. }, _) => Rule::FeeWait,
        (Happening::Extension { extension: PublicInterest, .. }, _) => Rule::PublicInterest,
        (Happening::Extension { extension: ComplexityAndVolume, .. }, _) => Rule::ComplexityAndVolume,
        (Happening::Withdrawal, _) => Rule::Duty,
        (Happening::Lapse, _) => Rule::ClarificationLapse,
        (Happening::Transfer, _) => Rule::Transfer,
        (Happening::Reopening | Happening::ReceiptCorrection { .. } | Happening::Response, _) => Rule::Answer,
    };
    provision(regime, rule)
}

/// What happened, given the `life` it left behind.
pub(super) fn words(event: &Event, effect: Effect, life: &Life<'_>) -> String {
    let on = event.effective_on;
    match effect {
        Effect::DutyWaits | Effect::AnotherQuestion | Effect::Restarted | Effect::QuestionsRemain => {
            clarification(effect, life)
        }
        Effect::FeeAwaited | Effect::FeeNoticeReplaced | Effect::FeePaid | Effect::LaterNoticeUnpaid => {
            fee(effect, life)
        }
        Effect::Extended
        | Effect::AlreadyExtended
        | Effect::ExtensionForeign
        | Effect::ExtensionWithoutEstimate
        | Effect::ExtensionWithoutTime
        | Effect::ExtensionWithoutGround
        | Effect::ExtensionLate
        | Effect::ExtensionWithoutClock => extension(effect, life),
        Effect::Answered => answer(&life.clock(on)),
        Effect::AnsweredWithoutDuty => "Answered after the duty had ended, so that no time limit applied.".to_owned(),
        Effect::AnsweredBefore => "No effect on the clock: an earlier answer decides timeliness.".to_owned(),
        Effect::NoSuchQuestion => "No effect: the question is not open for this part.".to_owned(),
        Effect::NoSuchNotice => "No effect: no fee is awaited under this notice for this part.".to_owned(),
        Effect::Withdrawn => "The requester withdrew: the duty ended.".to_owned(),
        Effect::Lapsed => "Closed because no clarification came within two months.".to_owned(),
        Effect::LapsedEarly => "Closed for want of clarification, although two months had not passed.".to_owned(),
        Effect::LapsedUnasked => "Closed as lapsed, although no question was open. That ends no duty to answer; an answer is measured by the clock that \
             ran."
                .to_owned(),
        Effect::Transferred => transfer(life),
        Effect::Reopened => {
            format!("A new receipt: day 0 is {on} and an answer is due on {}.", life.due_on())
        }
        Effect::NothingToReopen => "No effect: the part was not closed without an answer.".to_owned(),
        Effect::AfterAnswer => "No effect on the clock: the part was answered before.".to_owned(),
        Effect::AfterEnding => {
            "No effect: the duty had ended before. A request that comes back is a new receipt, recorded as a reopening."
                .to_owned()
        }
        Effect::ReceiptCorrected => format!("The day of receipt that stands is {}.", life.received_on),
    }
}

/// A limit that had passed before, as a sentence to add.
fn breach(life: &Life<'_>) -> String {
    if life.breach_stands() {
        format!(" The limit of {} had passed before: that breach stands.", life.due_on())
    } else if life.dates_stay() {
        format!(" The time for asking had ended on {}: the answer stays due by {}.", life.due_on(), life.limit_on())
    } else {
        String::new()
    }
}

fn clarification(effect: Effect, life: &Life<'_>) -> String {
    let breach = breach(life);
    match effect {
        Effect::Restarted => format!(
            "Clarification came: a new clock started on {} and ends on {}.{breach}",
            life.count.started_on,
            life.working_due_on()
        ),
        Effect::QuestionsRemain => {
            format!("Clarification came, but another question is open: the duty still waits.{breach}")
        }
        Effect::AnotherQuestion => "A further question: the duty waits until each is answered.".to_owned(),
        _ if life.dates_stay() && !life.breach_stands() => format!("Clarification is awaited.{breach}"),
        _ => format!("The duty waits until clarification comes.{breach}"),
    }
}

fn fee(effect: Effect, life: &Life<'_>) -> String {
    let breach = breach(life);
    let until = match life.fee_lapses_on() {
        Some(lapses_on) => format!(" The fee can be paid until {}; unpaid, the duty ends.", lapses_on.plus_days(-1)),
        None if life.fee_asked_late() => " Given too late, the notice ends no duty: the answer stays owed.".to_owned(),
        None => String::new(),
    };
    match effect {
        Effect::FeePaid => format!(
            "The fee came: the working days from the notice to the payment, both included, do not count. The answer is \
             due on {}{}.{breach}",
            life.due_on(),
            life.extended_to().map(|until| format!(", with the extension on {until}")).unwrap_or_default()
        ),
        Effect::LaterNoticeUnpaid => {
            format!("Paid, but a later notice is not: the clock stays stopped.{until}")
        }
        Effect::FeeNoticeReplaced => {
            format!("A further notice: the clock stays stopped.{until}{breach}")
        }
        _ => format!("The clock stops from this day until the fee comes.{until}{breach}"),
    }
}

fn extension(effect: Effect, life: &Life<'_>) -> String {
    let due_on = life.due_on();
    let until = life.extended_to();
    match (effect, until) {
        (Effect::ExtensionForeign, _) => {
            "No effect: the regime knows no extension of this kind, and the limit stays.".to_owned()
        }
        (Effect::ExtensionWithoutClock, _) => {
            "Not permitted: no clock runs while clarification is awaited, and its arrival starts a new one.".to_owned()
        }
        // One sentence for both: which of them it is tells of the grounds, and those may be hidden.
        (Effect::ExtensionWithoutGround | Effect::ExtensionWithoutEstimate, _) => {
            "Not permitted: such a notice names an exemption that is weighed against the public interest, and gives a day \
             still to come as the estimate of the decision; this one does not do both."
                .to_owned()
        }
        (Effect::ExtensionWithoutTime, _) => {
            format!("No effect: the day estimated gives no more time than there is, to {due_on}.")
        }
        (Effect::ExtensionLate, Some(until)) => {
            format!("Not permitted: notified after the earlier extension ran out on {}.", until.max(due_on))
        }
        (Effect::ExtensionLate, None) => format!("Not permitted: notified after the limit of {due_on}."),
        (Effect::AlreadyExtended, Some(until)) => format!("The extension to {until} stands as before."),
        (_, until) => format!("Permitted: the time for answering is extended to {}.", until.unwrap_or(due_on)),
    }
}

fn answer(clock: &PartClock) -> String {
    let days = clock.working_days_taken.unwrap_or_default();
    match (clock.in_deadline, clock.in_time) {
        (Some(true), _) => format!("Answered on working day {days}, within the statutory limit of {}.", clock.due_on),
        (_, Some(true)) => {
            format!("Answered on working day {days}, after {} but within the permitted extension.", clock.due_on)
        }
        _ => format!("Answered on working day {days} of the clock, late: the limit was {}.", clock.limit_on()),
    }
}

fn transfer(life: &Life<'_>) -> String {
    let text = if duty_survives_transfer(life.regime) {
        "Transferred. That discharges no duty to answer; an answer is measured by the clock that ran."
    } else {
        "Transferred: the duty ended, and the receiver's own clock starts when the request reaches it."
    };
    text.to_owned()
}
