//! From stored rows to the histories that the statutory clock folds.

use crate::{
    casework::{
        alternatives,
        event::{EventDetails, RecordedEvent},
        request::NewPart,
        response::{Determination, DeterminationOutcome, ResponseKind},
        text::Label,
    },
    law::{
        Date, Regime,
        clock::{Event, Happening, PartClock, PartHistory, Scope, fold},
        notice,
    },
    services::{Context, ServiceError, ServiceResult, context::Instant},
    store::{
        Connection,
        events::{self, EventRow},
        requests::{PartRow, RequestRow},
        responses::{self, AnswerRow},
    },
};

/// Reads a word of a closed list back from the database.
pub(super) fn word<T: std::str::FromStr>(stored: &str) -> ServiceResult<T> {
    stored.parse().map_err(|_| ServiceError::Corrupt(format!("unknown word {stored:?}")))
}

/// Reads an optional word back.
pub(super) fn optional_word<T: std::str::FromStr>(stored: Option<&str>) -> ServiceResult<Option<T>> {
    stored.map(word).transpose()
}

/// Reads a text back. Its words go into no log.
pub(super) fn optional_text<T: std::str::FromStr>(stored: Option<&str>) -> ServiceResult<Option<T>> {
    stored.map(str::parse).transpose().map_err(|_| ServiceError::Corrupt("a stored text that is none".to_owned()))
}

/// One part, as the clock and the documents need it.
#[derive(Debug, Clone)]
pub(super) struct PartFacts {
    /// The row it was read from.
    pub row: PartRow,
    /// Its label.
    pub label: Label,
    /// The regime it is handled under.
    pub regime: Regime,
}

/// Everything that happened to a request.
#[derive(Debug, Clone)]
pub(super) struct History {
    /// The day of receipt as it was first recorded.
    pub received_on: Date,
    /// The parts, in their order.
    pub parts: Vec<PartFacts>,
    /// Events and answers; voided ones left out.
    pub events: Vec<Event>,
    /// What issued responses answered, earliest first.
    pub answers: Vec<AnswerRow>,
}

impl History {
    /// Reads the history of a request.
    pub fn load(connection: &mut Connection, request: &RequestRow) -> ServiceResult<Self> {
        let parts = crate::store::requests::parts_of(connection, request.request_key)?;
        let stored = events::of_request(connection, request.request_key)?;
        let answers = responses::answers_of(connection, request.request_key)?;
        Self::assemble(request, parts, &stored, answers)
    }

    /// Puts rows together.
    pub fn assemble(
        request: &RequestRow,
        parts: Vec<PartRow>,
        stored: &[EventRow],
        answers: Vec<AnswerRow>,
    ) -> ServiceResult<Self> {
        let regime = word::<Regime>(&request.regime)?;
        let mut history = Vec::new();
        for row in stored.iter().filter(|row| row.voided_at.is_none()) {
            history.push(event(row)?);
        }
        history.extend(answer_events(&answers)?);
        Ok(Self {
            received_on: Date(request.recorded_received_on),
            parts: parts.into_iter().map(|row| part_facts(row, regime)).collect::<ServiceResult<_>>()?,
            events: history,
            answers,
        })
    }

    /// The parts that are valid requests.
    pub fn valid_parts(&self) -> impl Iterator<Item = &PartFacts> {
        self.parts.iter().filter(|part| part.row.valid_request)
    }

    /// The clock of one part at the end of `up_to`.
    pub fn clock(&self, context: &Context, part: &PartFacts, up_to: Date) -> PartClock {
        fold(&context.calendars, &self.of_part(part), up_to)
    }

    /// Puts an answer in the form in which it is kept: what it cites is named as the catalogue does under the regime of the
    /// part, and alternatives stand in the order of the statute, so that the order in which they came tells nothing.
    pub fn put_in_form(&self, determination: &mut Determination, on: Date) {
        if let Some(part) = self.parts.iter().find(|part| part.label == determination.part) {
            notice::name_canonically(determination, part.regime, on);
            alternatives::order_alternatives(determination, part.regime, on);
        }
    }

    /// What the fold takes of one part.
    pub fn of_part<'a>(&'a self, part: &'a PartFacts) -> PartHistory<'a> {
        PartHistory { regime: part.regime, received_on: self.received_on, label: &part.label, events: &self.events }
    }

    /// The answer that decides the outcome of a part: the first in an initial response, else the first of any kind.
    pub fn outcome(&self, label: &str) -> ServiceResult<Option<DeterminationOutcome>> {
        let mut of_part = self.answers.iter().filter(|answer| answer.part_label == label);
        let in_the_first_place = of_part.clone().filter(|answer| is_first_answer(&answer.response_kind));
        // Of two on one day the initial one.
        let first = in_the_first_place
            .min_by_key(|answer| (answer.issued_on, answer.response_kind != ResponseKind::Initial.as_str()))
            .or_else(|| of_part.next());
        optional_word(first.map(|answer| answer.outcome.as_str()))
    }

    /// The day of receipt, corrections included.
    pub fn corrected_received_on(&self) -> Date {
        self.events
            .iter()
            .filter_map(|event| match event.happening {
                Happening::ReceiptCorrection { received_on, recorded_seq } => Some((recorded_seq, received_on)),
                _ => None,
            })
            .max()
            .map_or(self.received_on, |(_, received_on)| received_on)
    }
}

/// Whether a response of this kind answers the request in the first place: an initial one, or the outcome of a
/// public-interest test that an initial notice announced (FOIA s17(3)).
pub(super) fn is_first_answer(kind: &str) -> bool {
    kind == ResponseKind::Initial.as_str() || kind == ResponseKind::PublicInterestOutcome.as_str()
}

fn part_facts(row: PartRow, regime: Regime) -> ServiceResult<PartFacts> {
    let label = row.label.parse().map_err(|_| ServiceError::Corrupt("a label".to_owned()))?;
    let regime = optional_word(row.regime.as_deref())?.unwrap_or(regime);
    Ok(PartFacts { row, label, regime })
}

/// A stored event as the clock takes it.
pub(super) fn event(row: &EventRow) -> ServiceResult<Event> {
    Ok(Event {
        id: row.id.clone(),
        effective_on: Date(row.effective_on),
        scope: scope(row)?,
        happening: serde_json::from_str(&row.happening)?,
    })
}

fn scope(row: &EventRow) -> ServiceResult<Scope> {
    Ok(match &row.scope {
        Some(labels) => Scope::Parts(serde_json::from_str(labels)?),
        None => Scope::WholeRequest,
    })
}

/// One event for each issued response that answers parts in the first place. A part that no such response ever answered
/// is answered by the first response of another kind, for example one that the regulator ordered after silence.
fn answer_events(answers: &[AnswerRow]) -> ServiceResult<Vec<Event>> {
    let mut events: Vec<Event> = Vec::new();
    let decides = |answer: &AnswerRow| {
        let mut of_part = answers.iter().filter(|other| other.part_label == answer.part_label);
        is_first_answer(&answer.response_kind)
            || (of_part.clone().all(|other| !is_first_answer(&other.response_kind))
                && of_part.next().is_some_and(|first| first.response_id == answer.response_id))
    };
    for answer in answers.iter().filter(|answer| decides(answer)) {
        let label: Label = answer.part_label.parse().map_err(|_| ServiceError::Corrupt("a label".to_owned()))?;
        match events.iter_mut().find(|event| event.id == answer.response_id) {
            Some(Event { scope: Scope::Parts(labels), .. }) => labels.push(label),
            _ => events.push(Event {
                id: answer.response_id.clone(),
                effective_on: Date(answer.issued_on),
                scope: Scope::Parts(vec![label]),
                happening: Happening::Response,
            }),
        }
    }
    Ok(events)
}

/// The document of a stored event.
pub(super) fn recorded(row: &EventRow, request_id: &str) -> ServiceResult<RecordedEvent> {
    let happening: Happening = serde_json::from_str(&row.happening)?;
    let details: EventDetails = serde_json::from_str(&row.details)?;
    let (mut extension_kind, mut estimate, mut received_on) = (None, None, None);
    match &happening {
        Happening::Extension { extension, estimated_on, .. } => {
            extension_kind = Some(*extension);
            estimate = *estimated_on;
        }
        Happening::ReceiptCorrection { received_on: corrected, .. } => received_on = Some(*corrected),
        _ => {}
    }
    Ok(RecordedEvent {
        id: row.id.clone(),
        request_id: request_id.to_owned(),
        kind: happening.name(),
        effective_on: Date(row.effective_on),
        parts: match scope(row)? {
            Scope::Parts(labels) => Some(labels),
            Scope::WholeRequest => None,
        },
        answers: happening.answers().cloned(),
        extension_kind,
        estimated_on: estimate,
        received_on,
        text: details.text,
        amount: details.amount,
        grounds: details.grounds,
        particulars: details.particulars,
        transferred_to: details.transferred_to,
        findings: details.findings,
        recorded_at: Instant(row.recorded_at).to_rfc3339(),
        voided_at: row.voided_at.map(|at| Instant(at).to_rfc3339()),
        void_reason: optional_text(row.void_reason.as_deref())?,
    })
}

/// What is said of a part beyond its columns, as it is stored.
pub(super) fn part_details(part: &NewPart) -> ServiceResult<String> {
    let mut details = serde_json::to_value(part)?;
    if let Some(members) = details.as_object_mut() {
        for column in ["label", "text", "regime", "valid_request"] {
            members.shift_remove(column);
        }
    }
    Ok(details.to_string())
}
