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

/// The same as it is kept.
#[derive(Serialize, Deserialize)]
struct Kept {
    name: (String, String),
    received_on: Date,
    parts: Vec<(Label, Regime, bool)>,
    events: Vec<(String, Date, Option<Vec<Label>>, Happening)>,
    answers: Vec<(Label, ResponseKind, Date, DeterminationOutcome)>,
    citations: Vec<(Label, ResponseKind, Date, Regime, SmolStr, bool)>,
}

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
        let kept = Kept {
            name: (self.name.id.clone(), self.name.reference.clone()),
            received_on: self.received_on,
            parts: self.parts.iter().map(|one| (one.label.clone(), one.regime, one.valid)).collect(),
            events: self
                .events
                .iter()
                .map(|one| (one.id.clone(), one.effective_on, scope(one), one.happening.clone()))
                .collect(),
            answers: self
                .answers
                .iter()
                .map(|one| (one.part.clone(), one.response_kind, one.issued_on, one.outcome))
                .collect(),
            citations: self
                .citations
                .iter()
                .map(|one| {
                    (one.part.clone(), one.response_kind, one.issued_on, one.regime, one.class.clone(), one.ncnd)
                })
                .collect(),
        };
        Ok(serde_json::to_string(&kept)?)
    }

    /// From a sheet.
    pub fn read(content: &str) -> ServiceResult<Self> {
        let kept: Kept = serde_json::from_str(content)?;
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
            name: CaseName { id: kept.name.0, reference: kept.name.1 },
            received_on: kept.received_on,
            parts: kept.parts.into_iter().map(part).collect(),
            events: kept.events.into_iter().map(event).collect(),
            answers: kept.answers.into_iter().map(answer).collect(),
            citations: kept.citations.into_iter().map(citation).collect(),
        })
    }
}
