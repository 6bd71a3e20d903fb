//! What figures of one request are computed from, and how a sheet keeps it: lists without names, for many are read at once.
//! Knows nothing of what is counted.

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use crate::{
    casework::{
        response::{DeterminationOutcome, ResponseKind},
        text::Label,
    },
    law::{
        Date, Regime,
        clock::{Event, Happening, Scope},
    },
    metrics::{Answer, Case, CaseName, CasePart, Citation},
    services::ServiceResult,
};

/// What is known of one case.
#[derive(Debug)]
pub struct Facts {
    /// What it is called.
    pub name: CaseName,
    /// The day of receipt as first recorded.
    pub received_on: Date,
    /// Its parts.
    pub parts: Vec<CasePart>,
    /// What happened to it, answers and voided events left out.
    pub events: Vec<Event>,
    /// What was answered, earliest first.
    pub answers: Vec<Answer>,
    /// The grounds cited.
    pub citations: Vec<Citation>,
}

/// The same as it is kept: id and reference, the day of receipt, the parts, the events, the answers, the citations.
#[derive(Serialize, Deserialize)]
struct Kept(
    (String, String),
    Date,
    Vec<(Label, Regime, bool)>,
    Vec<(String, Date, Option<Vec<Label>>, Happening)>,
    Vec<(Label, ResponseKind, Date, DeterminationOutcome)>,
    Vec<(Label, ResponseKind, Date, Regime, SmolStr, bool)>,
);

impl Facts {
    /// Of a case of which nothing but its receipt is known yet.
    pub fn new(name: CaseName, received_on: Date) -> Self {
        let (parts, events, answers, citations) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Self { name, received_on, parts, events, answers, citations }
    }

    /// The case.
    pub fn finish(self) -> Case {
        Case::new(self.name, self.received_on, self.parts, self.events, self.answers, self.citations)
    }

    /// As a sheet keeps it.
    pub fn write(&self) -> ServiceResult<String> {
        let scope = |event: &Event| match &event.scope {
            Scope::WholeRequest => None,
            Scope::Parts(labels) => Some(labels.clone()),
        };
        let event = |one: &Event| (one.id.clone(), one.effective_on, scope(one), one.happening.clone());
        let answer = |one: &Answer| (one.part.clone(), one.response_kind, one.issued_on, one.outcome);
        let citation = |one: &Citation| {
            (one.part.clone(), one.response_kind, one.issued_on, one.regime, one.class.clone(), one.ncnd)
        };
        let kept = Kept(
            (self.name.id.clone(), self.name.reference.clone()),
            self.received_on,
            self.parts.iter().map(|one| (one.label.clone(), one.regime, one.valid)).collect(),
            self.events.iter().map(event).collect(),
            self.answers.iter().map(answer).collect(),
            self.citations.iter().map(citation).collect(),
        );
        Ok(serde_json::to_string(&kept)?)
    }

    /// From a sheet.
    pub fn read(content: &str) -> ServiceResult<Self> {
        let Kept((id, reference), received_on, parts, events, answers, citations) = serde_json::from_str(content)?;
        let event = |(id, effective_on, labels, happening): (String, Date, Option<Vec<Label>>, Happening)| Event {
            id,
            effective_on,
            scope: labels.map_or(Scope::WholeRequest, Scope::Parts),
            happening,
        };
        let part = |(label, regime, valid)| CasePart { label, regime, valid };
        let answer = |(part, response_kind, issued_on, outcome)| Answer { part, response_kind, issued_on, outcome };
        let citation = |(part, response_kind, issued_on, regime, class, ncnd)| Citation {
            part,
            response_kind,
            issued_on,
            regime,
            class,
            ncnd,
        };
        Ok(Self {
            name: CaseName { id, reference },
            received_on,
            parts: parts.into_iter().map(part).collect(),
            events: events.into_iter().map(event).collect(),
            answers: answers.into_iter().map(answer).collect(),
            citations: citations.into_iter().map(citation).collect(),
        })
    }
}
