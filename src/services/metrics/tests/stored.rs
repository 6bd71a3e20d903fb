//! Puts stories into the store, as every use case writes them.

use serde_json::{Value, json};

use super::context;
use crate::{
    casework::filing::ProceedingKind,
    law::{
        Date, Regime,
        clock::{Event, Scope},
    },
    metrics::{
        Answer, CasePart, Citation,
        tests::{Story, properties::later},
    },
    services::{case_sheets, clocks::History, projection},
    store::{
        AuthorityKey, AuthorityScope, Connection, RequestKey,
        authorities::{self, NewAuthorityRow},
        events::{self, EventRow, NewEventRow},
        proceedings::{self, NewProceedingRow},
        requests::{self, NewPartRow, NewRequestRow, PartRow},
        responses::{self, AnswerRow, CitationRow, NewResponseRow},
    },
};

pub(super) fn insert_authority(connection: &mut Connection, name: &str) -> AuthorityKey {
    let row = NewAuthorityRow {
        id: name,
        name,
        kind: "other",
        nation: "england",
        reference_pattern: None,
        settings: "{}",
        version: 1,
        created_at: 0,
        updated_at: 0,
    };
    authorities::insert(connection, &row).unwrap().authority_key
}

/// Stores what is told of a request, and gives its key.
pub(super) fn insert(
    connection: &mut Connection,
    authority_key: AuthorityKey,
    number: usize,
    story: &Story,
) -> RequestKey {
    let received_on = story.received_on.0;
    let request = NewRequestRow {
        id: uuid::Uuid::new_v4().to_string(),
        authority_key,
        authority_id: String::new(),
        reference: number.to_string(),
        regime: Regime::Foia.to_string(),
        subject: String::new(),
        search_text: String::new(),
        recorded_received_on: received_on,
        details: "{}".to_owned(),
        received_on,
        status: String::new(),
        due_on: None,
        extended_to: None,
        lapses_on: None,
        overdue_after: None,
        responded_on: None,
        closed_on: None,
        on_time: None,
        working_days_taken: None,
        outcome: None,
        version: 1,
        created_at: 0,
        updated_at: 0,
    };
    let request_key = requests::insert(connection, &request).unwrap();
    let parts: Vec<NewPartRow> =
        (0..).zip(&story.parts).map(|(at, part)| part_row(authority_key, request_key, at, part)).collect();
    requests::insert_parts(connection, &parts).unwrap();
    for event in &story.events {
        insert_event(connection, authority_key, request_key, event);
    }
    for at in 0..story.answers.len() {
        insert_answer(connection, authority_key, request_key, &story.answers[at], &story.citations[at]);
    }
    let stored = requests::find(connection, &AuthorityScope::Every, &request.id).unwrap();
    project(connection, stored.unwrap());
    request_key
}

/// Stores a review of the request and a complaint about it, some of them decided.
pub(super) fn insert_redress(
    connection: &mut Connection,
    authority_key: AuthorityKey,
    request_key: RequestKey,
    number: i64,
) {
    let mut put = |kind: ProceedingKind, parent_key, begun_on: Date, ended_on: Option<Date>, content: Value| {
        let row = NewProceedingRow {
            id: uuid::Uuid::new_v4().to_string(),
            request_key,
            authority_key,
            kind: kind.as_str(),
            parent_key,
            begun_on: begun_on.0,
            ended_on: ended_on.map(|day| day.0),
            content: content.to_string(),
            version: 1,
            created_at: 0,
            updated_at: 0,
        };
        proceedings::insert(connection, &row).unwrap();
        proceedings::of_request(connection, request_key).unwrap().last().map(|row| row.proceeding_key)
    };
    let (asked_on, decided_on) = (later(number * 7), later(number * 9 + 20));
    let mut review = json!({"requested_on": asked_on});
    let decision = (number % 3 > 0).then_some(decided_on);
    if let Some(decided_on) = decision {
        let result = if number % 2 == 0 { "position_maintained" } else { "overturned" };
        review["decision"] = json!({"decided_on": decided_on, "results": [{"part": "1", "result": result}]});
    }
    put(ProceedingKind::Review, None, asked_on, decision, review);
    let complaint = put(ProceedingKind::Complaint, None, decided_on, None, json!({"made_on": decided_on}));
    let sent_on = decided_on.plus_days(60);
    let finding = if number % 2 == 0 { "breach" } else { "correctly_applied" };
    let notice = json!({"sent_on": sent_on, "findings": [{"provision": "10(1)", "finding": finding}]});
    put(ProceedingKind::DecisionNotice, complaint, sent_on, None, notice);
}

/// Writes the columns that follow from the events, as every use case does.
fn project(connection: &mut Connection, mut request: requests::RequestRow) {
    let parts: Vec<PartRow> = requests::parts_of(connection, request.request_key).unwrap();
    let stored: Vec<EventRow> = events::of_request(connection, request.request_key).unwrap();
    let answers = responses::answers_of(connection, request.request_key).unwrap();
    let mut history = History::assemble(&request, parts, &stored, answers).unwrap();
    projection::project(&context(), &mut request, &mut history).unwrap();
    requests::update(connection, &request).unwrap();
    case_sheets::rebuild(connection, &context(), &request, &history).unwrap();
}

fn part_row(authority_key: AuthorityKey, request_key: RequestKey, position: i32, part: &CasePart) -> NewPartRow {
    NewPartRow {
        request_key,
        authority_key,
        position,
        label: part.label.to_string(),
        text: String::new(),
        regime: Some(part.regime.to_string()),
        valid_request: part.valid,
        details: "{}".to_owned(),
        status: None,
        due_on: None,
        extended_to: None,
        lapses_on: None,
        outcome: None,
    }
}

fn insert_event(connection: &mut Connection, authority_key: AuthorityKey, request_key: RequestKey, event: &Event) {
    // Ids are unique in the whole store; what an event answers is named by its id.
    let own = |id: &str| format!("{request_key:?}-{id}");
    let mut happening = event.happening.clone();
    match &mut happening {
        crate::law::clock::Happening::ClarificationAnswered { question: id }
        | crate::law::clock::Happening::FeePaid { notice: id } => *id = own(id),
        _ => {}
    }
    let row = NewEventRow {
        id: own(&event.id),
        request_key,
        authority_key,
        kind: happening.name().to_string(),
        effective_on: event.effective_on.0,
        scope: match &event.scope {
            Scope::Parts(labels) => Some(serde_json::to_string(labels).unwrap()),
            Scope::WholeRequest => None,
        },
        happening: serde_json::to_string(&happening).unwrap(),
        details: "{}".to_owned(),
        recorded_at: 0,
    };
    events::insert(connection, &row).unwrap();
}

fn insert_answer(
    connection: &mut Connection,
    authority_key: AuthorityKey,
    request_key: RequestKey,
    answer: &Answer,
    citation: &Citation,
) {
    let (response_kind, issued_on) = (answer.response_kind.to_string(), answer.issued_on.0);
    let response = NewResponseRow {
        id: uuid::Uuid::new_v4().to_string(),
        request_key,
        authority_key,
        kind: response_kind.clone(),
        status: "issued".to_owned(),
        issued_on: Some(issued_on),
        content: "{}".to_owned(),
        findings: "[]".to_owned(),
        override_reason: None,
        version: 1,
        created_at: 0,
        updated_at: 0,
    };
    let response_key = responses::insert(connection, &response).unwrap();
    let part_label = answer.part.to_string();
    let answer = AnswerRow {
        response_key,
        response_id: response.id,
        request_key,
        authority_key,
        part_label: part_label.clone(),
        response_kind: response_kind.clone(),
        issued_on,
        outcome: answer.outcome.to_string(),
    };
    let citation = CitationRow {
        response_key,
        request_key,
        authority_key,
        part_label,
        response_kind,
        issued_on,
        regime: citation.regime.to_string(),
        citation_class: citation.class.to_string(),
        ncnd: citation.ncnd,
    };
    responses::insert_answers(connection, &[answer], &[citation]).unwrap();
}
