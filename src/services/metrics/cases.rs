//! Cases put together from the rows of windows, and the windows in which the cases of a question are found. Knows nothing of
//! what is counted.

use std::collections::HashMap;

use crate::{
    casework::text::Label,
    law::{Date, Regime, clock::Event},
    metrics::{Answer, Case, CaseName, CasePart, Citation, TimelinessBasis},
    services::{
        ServiceError, ServiceResult,
        clocks::{self, optional_word, word},
    },
    store::{
        Connection,
        metrics::{self as rows, CaseRows, Window, WindowKind},
        responses::{AnswerRow, CitationRow},
    },
};

/// No due date lies more calendar days than this after the last day that set it: the receipt, the answer to a question,
/// the payment of a fee or a reopening. Twenty working days take at most forty.
const LONGEST_LIMIT: i64 = 60;

/// Some days of one authority, seen from a day.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stretch {
    pub authority_key: i64,
    pub start_on: Date,
    pub end_on: Date,
    pub as_at: Date,
}

impl Stretch {
    /// What happened after `as_at` has not happened yet.
    pub fn window(self, kind: WindowKind) -> Window {
        let last = self.end_on.min(self.as_at).0;
        Window { authority_key: self.authority_key, kind, first: self.start_on.0, last }
    }

    /// The requests received on these days. The day of receipt stands in the tables as it is for every `as_at`.
    pub fn received(self) -> Vec<Window> {
        vec![self.window(WindowKind::Received)]
    }

    /// The requests answered on these days: an answer of the period is the last to one of the parts.
    pub fn answered(self) -> Vec<Window> {
        vec![self.window(WindowKind::Answered)]
    }

    /// The requests whose due date, or whose extended limit, lies in these days. A due date of then, which no table has,
    /// was set by something that happened shortly before it.
    pub fn due(self) -> Vec<Window> {
        let earlier = Self { start_on: self.start_on.plus_days(-LONGEST_LIMIT), ..self };
        vec![earlier.window(WindowKind::Received), earlier.window(WindowKind::Touched)]
    }

    /// The requests that are not closed at the end of the last day. What is closed today may not have been then, and what
    /// was not closed then is closed later or not at all.
    pub fn open_at_end(self) -> Vec<Window> {
        vec![self.window(WindowKind::Unclosed), self.window(WindowKind::ClosedLater)]
    }

    pub fn of_basis(self, basis: TimelinessBasis) -> Vec<Window> {
        match basis {
            TimelinessBasis::Received => self.received(),
            TimelinessBasis::Closed => self.answered(),
            TimelinessBasis::Due => self.due(),
        }
    }
}

/// Whether the grounds cited are wanted too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Grounds {
    Wanted,
    LeftOut,
}

/// Cases being put together from rows, by key.
#[derive(Default)]
pub(super) struct Cases(HashMap<i64, Facts>);

/// What is known of one case.
struct Facts {
    name: CaseName,
    received_on: Date,
    regime: Regime,
    parts: Vec<CasePart>,
    events: Vec<Event>,
    answers: Vec<Answer>,
    citations: Vec<Citation>,
}

impl Cases {
    /// The cases of these windows, each once.
    pub fn of(connection: &mut Connection, windows: Vec<Window>, grounds: Grounds) -> ServiceResult<Self> {
        let mut cases = Self::default();
        for window in windows {
            cases.add(rows::cases(connection, window, grounds == Grounds::Wanted)?)?;
        }
        Ok(cases)
    }

    /// Adds the cases of one window that are not there yet.
    fn add(&mut self, found: CaseRows) -> ServiceResult<()> {
        let mut new: HashMap<i64, Facts> = HashMap::with_capacity(found.requests.len());
        for row in found.requests.iter().filter(|row| !self.0.contains_key(&row.request_key)) {
            let name = CaseName { id: row.id.clone(), reference: row.reference.clone() };
            let facts = Facts::new(name, Date(row.recorded_received_on), word(&row.regime)?);
            new.insert(row.request_key, facts);
        }
        for row in &found.parts {
            let Some(facts) = new.get_mut(&row.request_key) else { continue };
            let regime = optional_word(row.regime.as_deref())?.unwrap_or(facts.regime);
            facts.parts.push(CasePart { label: label(&row.label)?, regime, valid: row.valid_request });
        }
        for row in &found.events {
            let Some(facts) = new.get_mut(&row.request_key) else { continue };
            facts.events.push(clocks::event(row)?);
        }
        for row in &found.answers {
            let Some(facts) = new.get_mut(&row.request_key) else { continue };
            facts.answers.push(answer(row)?);
        }
        for row in &found.citations {
            let Some(facts) = new.get_mut(&row.request_key) else { continue };
            facts.citations.push(citation(row)?);
        }
        self.0.extend(new);
        Ok(())
    }

    pub fn cite(&mut self, row: &CitationRow) -> ServiceResult<()> {
        if let Some(facts) = self.0.get_mut(&row.request_key) {
            facts.citations.push(citation(row)?);
        }
        Ok(())
    }

    pub fn finish(self) -> Vec<Case> {
        self.0.into_values().map(Facts::finish).collect()
    }

    /// The cases, each with what stands under its key.
    pub fn finish_with<T: Default>(self, mut beside: HashMap<i64, T>) -> Vec<(Case, T)> {
        let with = |(key, facts): (i64, Facts)| (facts.finish(), beside.remove(&key).unwrap_or_default());
        self.0.into_iter().map(with).collect()
    }
}

impl Facts {
    fn new(name: CaseName, received_on: Date, regime: Regime) -> Self {
        let (parts, events, answers, citations) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Self { name, received_on, regime, parts, events, answers, citations }
    }

    fn finish(self) -> Case {
        Case::new(self.name, self.received_on, self.parts, self.events, self.answers, self.citations)
    }
}

fn label(stored: &str) -> ServiceResult<Label> {
    stored.parse().map_err(|_| ServiceError::Corrupt("a label".to_owned()))
}

fn answer(row: &AnswerRow) -> ServiceResult<Answer> {
    Ok(Answer {
        part: label(&row.part_label)?,
        response_kind: word(&row.response_kind)?,
        issued_on: Date(row.issued_on),
        outcome: word(&row.outcome)?,
    })
}

fn citation(row: &CitationRow) -> ServiceResult<Citation> {
    Ok(Citation {
        part: label(&row.part_label)?,
        response_kind: word(&row.response_kind)?,
        issued_on: Date(row.issued_on),
        regime: word(&row.regime)?,
        class: row.citation_class.clone(),
        ncnd: row.ncnd,
    })
}
