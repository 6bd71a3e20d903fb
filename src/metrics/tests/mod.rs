//! Worked examples and properties of the figures. Dates were worked out by hand from the published bank holidays.

mod answers;
mod findings;
mod forms;
pub(crate) mod properties;
mod published;
mod redress_properties;
mod standings;
mod stock;

use super::*;
use crate::{
    casework::{
        response::{DeterminationOutcome, ResponseKind},
        text::Label,
    },
    law::{
        Date, Regime,
        calendar::Calendars,
        clock::{Event, ExtensionKind, Happening, Scope},
    },
};

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn label(text: &str) -> Label {
    text.parse().unwrap()
}

/// A request told bit by bit: under FOIA, with one part, unless it is said otherwise.
#[derive(Debug, Clone)]
pub(crate) struct Story {
    pub received_on: Date,
    pub parts: Vec<CasePart>,
    pub events: Vec<Event>,
    pub answers: Vec<Answer>,
    pub citations: Vec<Citation>,
}

impl Story {
    fn new(received_on: &str) -> Self {
        let only = CasePart { label: label("1"), regime: Regime::Foia, valid: true };
        let (events, answers, citations) = (Vec::new(), Vec::new(), Vec::new());
        Self { received_on: day(received_on), parts: vec![only], events, answers, citations }
    }

    fn part(mut self, text: &str, regime: Regime, valid: bool) -> Self {
        self.parts.push(CasePart { label: label(text), regime, valid });
        self
    }

    /// With its first part under this regime.
    fn under(mut self, regime: Regime) -> Self {
        self.parts[0].regime = regime;
        self
    }

    fn event(mut self, id: &str, effective_on: &str, happening: Happening) -> Self {
        let (id, effective_on) = (id.to_owned(), day(effective_on));
        self.events.push(Event { id, effective_on, scope: Scope::WholeRequest, happening });
        self
    }

    /// With the last event about one part alone.
    fn of_part(mut self, text: &str) -> Self {
        self.events.last_mut().unwrap().scope = Scope::Parts(vec![label(text)]);
        self
    }

    fn extended(self, on: &str, estimated_on: &str) -> Self {
        let estimated_on = Some(day(estimated_on));
        self.event(
            "extension",
            on,
            Happening::Extension {
                extension: ExtensionKind::PublicInterest,
                estimated_on,
                names_qualified_ground: true,
            },
        )
    }

    fn corrected(self, id: &str, received_on: &str, recorded_seq: i64) -> Self {
        let received_on = day(received_on);
        self.event(id, "2020-12-01", Happening::ReceiptCorrection { received_on, recorded_seq })
    }

    fn answered(self, part: &str, issued_on: &str, outcome: DeterminationOutcome) -> Self {
        self.answered_as(ResponseKind::Initial, part, issued_on, outcome)
    }

    fn answered_as(mut self, kind: ResponseKind, part: &str, issued_on: &str, outcome: DeterminationOutcome) -> Self {
        self.answers.push(Answer { part: label(part), response_kind: kind, issued_on: day(issued_on), outcome });
        self
    }

    fn citing(mut self, part: &str, issued_on: &str, class: &str) -> Self {
        let (part, issued_on, class) = (label(part), day(issued_on), class.into());
        let regime = self.parts.iter().find(|one| one.label == part).unwrap().regime;
        let response_kind = ResponseKind::Initial;
        self.citations.push(Citation { part, response_kind, issued_on, regime, class, ncnd: false });
        self
    }

    pub fn case(&self) -> Case {
        let Self { received_on, parts, events, answers, citations } = self.clone();
        let name = CaseName { id: received_on.to_string(), reference: format!("R/{received_on}") };
        Case::new(name, received_on, parts, events, answers, citations)
    }
}

fn cases(stories: &[Story]) -> Vec<Case> {
    stories.iter().map(Story::case).collect()
}

fn selection(start_on: &str, end_on: &str, as_at: &str) -> Selection {
    Selection { start_on: day(start_on), end_on: day(end_on), group_by: None, as_at: day(as_at), regime: None }
}

/// The timeliness of the days from `start_on` to `end_on` in one row.
fn timely(stories: &[Story], basis: TimelinessBasis, selection: Selection) -> TimelinessRow {
    let mut rows = timeliness(Calendars::embedded(), &cases(stories), &selection, basis);
    assert_eq!(rows.len(), 1);
    rows.remove(0)
}

/// In deadline, in time, late, not yet due, on hold or lapsed.
fn counts(row: &TimelinessRow) -> (u32, u32, u32, u32, u32) {
    let [in_deadline, in_time, late] = [row.in_deadline, row.in_time, row.late].map(|figure| figure.numerator);
    (in_deadline, in_time, late, row.not_yet_due, row.on_hold_or_lapsed)
}
