//! The rules of the clock: what each event does to one part between a receipt and its end. A reopening begins a new
//! life. Knows neither the order of events nor how they are told to people.

use crate::law::{
    Date, Regime,
    calendar::Calendar,
    clock::{
        Ending, Event, ExtensionKind, Happening, PartClock, PartState,
        counting::{Count, Suspension},
        provisions::{ANSWER_DAYS, CLARIFICATION_MONTHS, EXTENDED_DAYS, asks_within_twenty_days, fee_payable_until},
    },
};

/// What an event did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effect {
    DutyWaits,
    AnotherQuestion,
    Restarted,
    QuestionsRemain,
    NoSuchQuestion,
    FeeAwaited,
    FeeNoticeReplaced,
    FeePaid,
    LaterNoticeUnpaid,
    NoSuchNotice,
    Extended,
    AlreadyExtended,
    ExtensionForeign,
    ExtensionWithoutEstimate,
    ExtensionWithoutTime,
    ExtensionWithoutGround,
    ExtensionLate,
    ExtensionWithoutClock,
    Answered,
    AnsweredWithoutDuty,
    AnsweredBefore,
    Withdrawn,
    Lapsed,
    LapsedEarly,
    LapsedUnasked,
    Transferred,
    Reopened,
    NothingToReopen,
    AfterAnswer,
    AfterEnding,
    /// Taken into account from the beginning.
    ReceiptCorrected,
}

/// The fees notices that are unpaid, the latest last.
#[derive(Debug, Clone)]
struct FeeWait<'a> {
    since: Date,
    notices: Vec<FeeNotice<'a>>,
}

#[derive(Debug, Clone, Copy)]
struct FeeNotice<'a> {
    event: &'a Event,
    /// Whether it was given within the time for answering, as FOIA s9(1) and EIR reg 8(4) ask: only such a notice ends the
    /// duty when it stays unpaid.
    in_time: bool,
}

/// The dates that stay whatever the clock that runs does: a question or a fees notice came too late to move them.
#[derive(Debug, Clone, Copy)]
struct Fixed {
    due_on: Date,
    extended_to: Option<Date>,
    /// Whether the limit had passed too; under the Regulations an extension for the answer is no time to ask.
    is_breach: bool,
}

#[derive(Debug, Clone, Copy)]
struct Answer {
    on: Date,
    /// Absent when no duty was left.
    measured: Option<Measured>,
}

#[derive(Debug, Clone, Copy)]
struct Measured {
    in_deadline: bool,
    in_time: bool,
    working_days: i64,
}

/// A permitted extension.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Extension {
    None,
    /// To the day estimated for the public-interest decision in a notice of a day.
    Estimate {
        estimated_on: Date,
        notified_on: Date,
    },
    /// To the 40th working day.
    FortiethDay,
}

/// One part from a receipt to its end.
#[derive(Debug, Clone)]
pub(super) struct Life<'a> {
    pub regime: Regime,
    pub count: Count<'a>,
    /// Whether more time to weigh the public interest was notified for the clock that runs, permitted or not.
    pub public_interest_notified: bool,
    pub received_on: Date,
    questions: Vec<&'a Event>,
    fee: Option<FeeWait<'a>>,
    extension: Extension,
    fixed: Option<Fixed>,
    ending: Option<Ending>,
    answer: Option<Answer>,
    /// The day of the last answer, where a separate notice of a public-interest test followed the first.
    last_answered_on: Option<Date>,
}

impl<'a> Life<'a> {
    pub fn new(calendar: &'a Calendar, regime: Regime, received_on: Date) -> Self {
        Self {
            regime,
            count: Count::new(calendar, received_on),
            public_interest_notified: false,
            received_on,
            questions: Vec::new(),
            fee: None,
            extension: Extension::None,
            fixed: None,
            ending: None,
            answer: None,
            last_answered_on: None,
        }
    }

    /// Lets `event` happen. The caller has let the days before it go by.
    pub fn apply(&mut self, event: &'a Event) -> Effect {
        let on = event.effective_on;
        match &event.happening {
            Happening::ReceiptCorrection { .. } => Effect::ReceiptCorrected,
            Happening::Reopening => self.reopen(on),
            Happening::Response => self.respond(on),
            _ if self.answer.is_some() => Effect::AfterAnswer,
            _ if self.ending.is_some() => Effect::AfterEnding,
            Happening::ClarificationAsked => self.ask(event),
            Happening::ClarificationAnswered { question } => self.clarify(question, on),
            Happening::FeeNoticeGiven => self.ask_fee(event),
            Happening::FeePaid { notice } => self.pay(notice, on),
            Happening::Extension { extension, estimated_on, names_qualified_ground } => {
                // A day that had passed when it was announced is no estimate, and moves nothing.
                let estimated_on = estimated_on.filter(|estimated_on| *names_qualified_ground && *estimated_on >= on);
                self.extend(*extension, estimated_on, *names_qualified_ground, on)
            }
            Happening::Withdrawal => self.end(PartState::Withdrawn, on, Effect::Withdrawn),
            Happening::Lapse => self.end(PartState::Lapsed, on, self.kind_of_lapse(on)),
            Happening::Transfer => self.end(PartState::Transferred, on, Effect::Transferred),
        }
    }

    /// Ends the duty when the time for a fee has run out by `day`, and tells on which day it did.
    pub fn lapse_by_date(&mut self, day: Date) -> Option<Date> {
        if self.is_closed() {
            return None;
        }
        let lapses_on = self.fee_lapses_on().filter(|lapses_on| *lapses_on <= day)?;
        self.stop(lapses_on);
        self.ending = Some(Ending { state: PartState::Lapsed, on: lapses_on, unasked: false });
        Some(lapses_on)
    }

    pub fn is_closed(&self) -> bool {
        self.answer.is_some() || self.ending.is_some()
    }

    pub fn state(&self) -> PartState {
        match (&self.answer, &self.ending, &self.fee) {
            (Some(_), _, _) => PartState::Responded,
            (None, Some(ending), _) => ending.state,
            (None, None, Some(_)) => PartState::AwaitingFee,
            (None, None, None) if self.questions.is_empty() => PartState::Open,
            (None, None, None) => PartState::AwaitingClarification,
        }
    }

    /// The reported statutory due date.
    pub fn due_on(&self) -> Date {
        self.fixed.map_or_else(|| self.working_due_on(), |fixed| fixed.due_on)
    }

    /// The due date of the clock that runs.
    pub fn working_due_on(&self) -> Date {
        self.count.nth(ANSWER_DAYS)
    }

    /// The last day of a permitted extension.
    pub fn extended_to(&self) -> Option<Date> {
        self.fixed.map_or_else(|| self.working_extended_to(), |fixed| fixed.extended_to)
    }

    /// The last day of an extension that was permitted for the clock that runs.
    fn working_extended_to(&self) -> Option<Date> {
        match self.extension {
            Extension::None => None,
            Extension::Estimate { estimated_on, notified_on } => Some(self.count.put_off(estimated_on, notified_on)),
            Extension::FortiethDay => Some(self.count.nth(EXTENDED_DAYS)),
        }
    }

    pub fn breach_stands(&self) -> bool {
        self.fixed.is_some_and(|fixed| fixed.is_breach)
    }

    pub fn last_answered_on(&self) -> Option<Date> {
        self.last_answered_on
    }

    /// Whether a question or a fees notice came too late to move the due date and the permitted extension.
    pub fn dates_stay(&self) -> bool {
        self.fixed.is_some()
    }

    /// Whether the days to the limit go by: the duty does not wait, or what it waits for came too late to stop them.
    fn limit_runs(&self) -> bool {
        self.stopped_on().is_none() || self.fixed.is_some()
    }

    /// The first day on which an unpaid fee has ended the duty. A later notice replaces an earlier one; a notice given too
    /// late ends nothing.
    pub fn fee_lapses_on(&self) -> Option<Date> {
        let latest = self.fee.as_ref()?.notices.last().filter(|notice| notice.in_time)?;
        Some(fee_payable_until(self.count.calendar, self.regime, latest.event.effective_on).plus_days(1))
    }

    /// Whether a fees notice that ends no duty is unpaid.
    pub fn fee_asked_late(&self) -> bool {
        self.fee.as_ref().and_then(|fee| fee.notices.last()).is_some_and(|notice| !notice.in_time)
    }

    /// The day from which a clarification not given may close the part, counted from the latest question.
    pub fn may_lapse_on(&self) -> Option<Date> {
        self.questions.last().map(|question| question.effective_on.plus_months(CLARIFICATION_MONTHS))
    }

    /// The figures at the end of the day `up_to`.
    pub fn clock(&self, up_to: Date) -> PartClock {
        let state = self.state();
        let responded_on = self.answer.map(|answer| answer.on);
        let closed_on = responded_on.or(self.ending.map(|ending| ending.on));
        let measured = self.answer.and_then(|answer| answer.measured);
        let used = self.used(closed_on.map_or(up_to, |closed_on| closed_on.min(up_to)));
        let extended_to = self.extended_to();
        let allowed = i64::from(ANSWER_DAYS).max(extended_to.map_or(0, |until| self.count.elapsed(until)));
        let lapses_on = self.fee_lapses_on().filter(|lapses_on| {
            let lapsed = |ending: Ending| ending.state == PartState::Lapsed && ending.on == *lapses_on;
            state == PartState::AwaitingFee || self.ending.is_some_and(lapsed)
        });
        PartClock {
            state,
            received_on: self.received_on,
            started_on: self.count.started_on,
            due_on: self.due_on(),
            working_due_on: self.working_due_on(),
            fortieth_day_on: self.count.nth(EXTENDED_DAYS),
            extended_to,
            breach_stands: self.breach_stands(),
            limit_runs: self.limit_runs(),
            responded_on,
            closed_on,
            ended: self.ending,
            lapses_on,
            may_lapse_on: self.may_lapse_on().filter(|_| !state.is_closed()),
            in_deadline: measured.map(|measured| measured.in_deadline),
            in_time: measured.map(|measured| measured.in_time),
            working_days_taken: measured.map(|measured| measured.working_days),
            working_days_used: used,
            working_days_left: allowed - used,
        }
    }

    /// The last day for an answer in time.
    pub fn limit_on(&self) -> Date {
        let due_on = self.due_on();
        self.extended_to().map_or(due_on, |until| until.max(due_on))
    }

    /// The day on which the duty began to wait, when it does.
    fn stopped_on(&self) -> Option<Date> {
        let asked = self.questions.first().map(|question| question.effective_on);
        let fee = self.fee.as_ref().map(|fee| fee.since);
        match (asked, fee) {
            (Some(asked), Some(fee)) => Some(asked.min(fee)),
            (asked, fee) => asked.or(fee),
        }
    }

    /// Working days used by `day`. The day of a question counts; the day of a fees notice does not.
    fn used(&self, day: Date) -> i64 {
        let asked = self.questions.first().map_or(day, |question| question.effective_on);
        let fee = self.fee.as_ref().map_or(day, |fee| fee.since.plus_days(-1));
        self.count.elapsed(day.min(asked).min(fee))
    }

    /// The clock stops on `day`: a limit that has passed by then stays passed.
    fn stop(&mut self, day: Date) {
        if self.limit_runs() && day > self.limit_on() {
            let (due_on, extended_to) = (self.due_on(), self.extended_to());
            self.fixed = Some(Fixed { due_on, extended_to, is_breach: true });
        }
    }

    /// The requester is asked for something on `day`. The Regulations give a time for asking of its own, which more time
    /// for the answer does not lengthen: what comes after it leaves the dates as they are.
    fn stop_to_ask(&mut self, day: Date) {
        self.stop(day);
        let is_late = self.fixed.is_none() && self.limit_runs() && day > self.due_on();
        if is_late && asks_within_twenty_days(self.regime) {
            let (due_on, extended_to) = (self.due_on(), self.extended_to());
            self.fixed = Some(Fixed { due_on, extended_to, is_breach: false });
        }
    }

    fn ask(&mut self, question: &'a Event) -> Effect {
        let effect = if self.questions.is_empty() { Effect::DutyWaits } else { Effect::AnotherQuestion };
        self.stop_to_ask(question.effective_on);
        self.questions.push(question);
        effect
    }

    /// An answer starts the clock anew, without the extension and the suspensions of the former one. The duty still
    /// waits while another question is open.
    fn clarify(&mut self, question: &str, on: Date) -> Effect {
        let Some(position) = self.questions.iter().position(|asked| asked.id == question) else {
            return Effect::NoSuchQuestion;
        };
        self.questions.remove(position);
        self.count = Count::new(self.count.calendar, on);
        self.extension = Extension::None;
        self.public_interest_notified = false;
        if self.questions.is_empty() { Effect::Restarted } else { Effect::QuestionsRemain }
    }

    fn ask_fee(&mut self, event: &'a Event) -> Effect {
        // By the clock that runs: after a late question was answered there is a time for asking again.
        let until = self.working_extended_to().filter(|_| !asks_within_twenty_days(self.regime));
        let until = until.map_or_else(|| self.working_due_on(), |until| until.max(self.working_due_on()));
        let notice = FeeNotice { event, in_time: self.stopped_on().unwrap_or(event.effective_on) <= until };
        self.stop_to_ask(event.effective_on);
        if let Some(fee) = &mut self.fee {
            fee.notices.push(notice);
            return Effect::FeeNoticeReplaced;
        }
        self.fee = Some(FeeWait { since: event.effective_on, notices: vec![notice] });
        Effect::FeeAwaited
    }

    /// A payment settles its notice and those it replaced; a later notice stays unpaid.
    fn pay(&mut self, notice: &str, on: Date) -> Effect {
        let Some(mut fee) = self.fee.take() else {
            return Effect::NoSuchNotice;
        };
        let Some(position) = fee.notices.iter().position(|given| given.event.id == notice) else {
            self.fee = Some(fee);
            return Effect::NoSuchNotice;
        };
        fee.notices.drain(..=position);
        if fee.notices.is_empty() {
            self.count.suspensions.push(Suspension { first: fee.since, last: on });
            return Effect::FeePaid;
        }
        self.fee = Some(fee);
        Effect::LaterNoticeUnpaid
    }

    fn extend(&mut self, kind: ExtensionKind, estimated_on: Option<Date>, names_ground: bool, on: Date) -> Effect {
        let own = match kind {
            ExtensionKind::PublicInterest => self.regime == Regime::Foia,
            ExtensionKind::ComplexityAndVolume => matches!(self.regime, Regime::Eir | Regime::Eisr),
        };
        if !own {
            return Effect::ExtensionForeign;
        }
        if !self.questions.is_empty() {
            return Effect::ExtensionWithoutClock;
        }
        self.public_interest_notified |= kind == ExtensionKind::PublicInterest;
        // While a fee is awaited no day passes.
        if self.stopped_on().filter(|_| !self.limit_runs()).unwrap_or(on) > self.limit_on() {
            return Effect::ExtensionLate;
        }
        if self.fixed.is_some() {
            return Effect::AlreadyExtended;
        }
        let extension = match (kind, estimated_on) {
            (ExtensionKind::ComplexityAndVolume, _) => Extension::FortiethDay,
            (ExtensionKind::PublicInterest, Some(estimated_on)) if estimated_on <= self.working_due_on() => {
                return Effect::ExtensionWithoutTime;
            }
            (ExtensionKind::PublicInterest, Some(stands)) if self.working_extended_to() == Some(stands) => {
                self.extension
            }
            (ExtensionKind::PublicInterest, Some(estimated_on)) => {
                Extension::Estimate { estimated_on, notified_on: on }
            }
            (ExtensionKind::PublicInterest, None) if !names_ground => return Effect::ExtensionWithoutGround,
            (ExtensionKind::PublicInterest, None) => return Effect::ExtensionWithoutEstimate,
        };
        if self.extension == extension {
            return Effect::AlreadyExtended;
        }
        self.extension = extension;
        Effect::Extended
    }

    /// The first answer counts. One that is sent while the duty waits is measured by the day the clock stopped, unless the
    /// limit ran on.
    fn respond(&mut self, on: Date) -> Effect {
        self.last_answered_on = Some(on);
        if self.answer.is_some() {
            return Effect::AnsweredBefore;
        }
        let duty_remains = self.ending.is_none_or(|ending| ending.leaves_duty(self.regime));
        let measured = duty_remains.then(|| {
            let day = self.stopped_on().filter(|_| !self.limit_runs()).unwrap_or(on);
            Measured { in_deadline: day <= self.due_on(), in_time: day <= self.limit_on(), working_days: self.used(on) }
        });
        self.answer = Some(Answer { on, measured });
        if duty_remains { Effect::Answered } else { Effect::AnsweredWithoutDuty }
    }

    fn end(&mut self, state: PartState, on: Date, effect: Effect) -> Effect {
        self.stop(on);
        let unasked = effect == Effect::LapsedUnasked;
        self.ending = Some(Ending { state, on, unasked });
        effect
    }

    fn kind_of_lapse(&self, on: Date) -> Effect {
        match self.may_lapse_on() {
            None => Effect::LapsedUnasked,
            Some(may_lapse_on) if on < may_lapse_on => Effect::LapsedEarly,
            Some(_) => Effect::Lapsed,
        }
    }

    fn reopen(&mut self, on: Date) -> Effect {
        if self.answer.is_some() || self.ending.is_none() {
            return Effect::NothingToReopen;
        }
        *self = Self::new(self.count.calendar, self.regime, on);
        Effect::Reopened
    }
}
