//! Worked examples and properties of the clock. The dates were worked out by hand from the published bank holidays.

mod examples;
mod explanations;
mod possibilities;
mod properties;
mod regimes;
mod requests;

use super::*;
use crate::{
    casework::text::Label,
    law::{Date, Regime, calendar::Calendars},
};

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn event(id: &str, effective_on: &str, happening: Happening) -> Event {
    Event { id: id.to_owned(), effective_on: day(effective_on), scope: Scope::WholeRequest, happening }
}

/// A request with one part, told event by event.
#[derive(Debug, Clone)]
struct Story {
    regime: Regime,
    received_on: Date,
    label: Label,
    events: Vec<Event>,
}

impl Story {
    fn new(regime: Regime, received_on: &str) -> Self {
        Self { regime, received_on: day(received_on), label: Label::only(), events: Vec::new() }
    }

    fn foia(received_on: &str) -> Self {
        Self::new(Regime::Foia, received_on)
    }

    fn with(mut self, id: &str, effective_on: &str, happening: Happening) -> Self {
        self.events.push(event(id, effective_on, happening));
        self
    }

    fn asked(self, id: &str, on: &str) -> Self {
        self.with(id, on, Happening::ClarificationAsked)
    }

    fn answered(self, question: &str, on: &str) -> Self {
        let happening = Happening::ClarificationAnswered { question: question.to_owned() };
        self.with(&format!("answer-{question}"), on, happening)
    }

    fn fee_notice(self, id: &str, on: &str) -> Self {
        self.with(id, on, Happening::FeeNoticeGiven)
    }

    fn paid(self, notice: &str, on: &str) -> Self {
        self.with(&format!("payment-{notice}"), on, Happening::FeePaid { notice: notice.to_owned() })
    }

    fn public_interest(self, on: &str, estimated_on: &str) -> Self {
        let estimated_on = Some(day(estimated_on));
        let extension = ExtensionKind::PublicInterest;
        self.with(
            &format!("extension-{on}"),
            on,
            Happening::Extension { extension, estimated_on, names_qualified_ground: true },
        )
    }

    fn complexity(self, on: &str) -> Self {
        let extension = ExtensionKind::ComplexityAndVolume;
        self.with(
            &format!("extension-{on}"),
            on,
            Happening::Extension { extension, estimated_on: None, names_qualified_ground: true },
        )
    }

    fn responded(self, on: &str) -> Self {
        self.with("response", on, Happening::Response)
    }

    fn corrected(self, id: &str, received_on: &str, recorded_seq: i64) -> Self {
        let received_on = day(received_on);
        self.with(id, "2024-12-01", Happening::ReceiptCorrection { received_on, recorded_seq })
    }

    fn history(&self) -> PartHistory<'_> {
        PartHistory { regime: self.regime, received_on: self.received_on, label: &self.label, events: &self.events }
    }

    fn on(&self, up_to: &str) -> PartClock {
        fold(Calendars::embedded(), &self.history(), day(up_to))
    }

    fn explained(&self, up_to: &str) -> Explanation {
        explain(Calendars::embedded(), &self.history(), day(up_to))
    }

    fn effects(&self) -> Vec<String> {
        self.explained("2030-01-01").effects.into_iter().map(|effect| effect.effect).collect()
    }

    fn impossible(&self) -> Option<ImpossibleOrder> {
        impossible_order(Calendars::embedded(), self.regime, self.received_on, &self.events)
    }

    fn date(&self, up_to: &str, kind: DueDateKind) -> Option<String> {
        let dates = self.explained(up_to).due_dates;
        dates.into_iter().find(|date| date.kind == kind).map(|date| date.due_on.to_string())
    }
}

fn text(date: Option<Date>) -> Option<String> {
    date.map(|date| date.to_string())
}
