//! That the store gives figures every case they concern: what is found by windows counts as everything there is would.

use std::{path::PathBuf, sync::Arc};

use proptest::{
    strategy::{Strategy, ValueTree},
    test_runner::TestRunner,
};

use super::*;
use crate::{
    casework::scope::ScopeSet,
    law::clock::Event,
    law::{calendar::Calendars, clock::Scope},
    metrics::{
        Answer, Case, CasePart, Citation, Figure, NamedFigure, Redress,
        returns::{self, ReturnColumn, ReturnIdentity, ReturnKind, ReturnPeriod, ReturnQuestion, ReturnSubject},
        tests::{
            Story,
            properties::{later, story},
        },
    },
    services::{AuthorityScope, clocks::History, context::Instant, projection},
    store::{
        DatabaseUrl, Store, StoreSettings,
        authorities::NewAuthorityRow,
        events::{self, EventRow, NewEventRow},
        migrate,
        requests::{self, NewPartRow, NewRequestRow, PartRow},
        responses::{self, AnswerRow, CitationRow, NewResponseRow},
        sheets,
    },
};

const AUTHORITIES: usize = 2;
const STORIES: usize = 50;

struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

fn context() -> Context {
    Context {
        now: Instant(0),
        today: later(400),
        calendars: Arc::new(Calendars::embedded().clone()),
        scope: AuthorityScope::Every,
        scopes: ScopeSet::of([]),
        actor: None,
        credential: "test".to_owned(),
        keyring: std::sync::Arc::default(),
        call: None,
    }
}

fn store() -> (Folder, Store) {
    let folder = std::env::temp_dir().join(format!("candour-metrics-{}", uuid::Uuid::new_v4()));
    std::fs::create_dir(&folder).unwrap();
    let url = DatabaseUrl::sqlite(folder.join("candour.db"));
    migrate(&url).unwrap();
    (Folder(folder), Store::open(&url, StoreSettings::default()).unwrap())
}

fn stories() -> Vec<Vec<Story>> {
    let mut runner = TestRunner::deterministic();
    let mut stories: Vec<Story> = std::iter::repeat_with(|| story().new_tree(&mut runner).unwrap().current())
        .take(AUTHORITIES * STORIES)
        .collect();
    std::iter::repeat_with(|| stories.split_off(stories.len() - STORIES)).take(AUTHORITIES).collect()
}

fn insert_authority(connection: &mut Connection, name: &str) -> i64 {
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

fn insert(connection: &mut Connection, authority_key: i64, number: usize, story: &Story) {
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

fn part_row(authority_key: i64, request_key: i64, position: i32, part: &CasePart) -> NewPartRow {
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

fn insert_event(connection: &mut Connection, authority_key: i64, request_key: i64, event: &Event) {
    // Ids are unique in the whole store; what an event answers is named by its id.
    let own = |id: &str| format!("{request_key}-{id}");
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
    authority_key: i64,
    request_key: i64,
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
        citation_class: citation.class.clone(),
        ncnd: citation.ncnd,
    };
    responses::insert_answers(connection, &[answer], &[citation]).unwrap();
}

fn questions() -> Vec<MetricsQuestion> {
    let mut questions = Vec::new();
    for start in (0..300).step_by(65) {
        for (length, group_by) in [(0, None), (6, None), (150, Some(GroupBy::Month))] {
            for as_at in [later(150), later(400)] {
                let (start_on, end_on) = (later(start), later(start + length));
                let (authority_id, regime) = (None, (start % 2 == 1).then_some(Regime::Eir));
                questions.push(MetricsQuestion {
                    authority_id,
                    start_on,
                    end_on,
                    group_by,
                    as_at: Some(as_at),
                    regime,
                });
            }
        }
    }
    questions
}

fn compare(connection: &mut Connection, authority_key: i64, authority_id: &str, stories: &[Story]) -> u32 {
    let context = Context { scope: AuthorityScope::Only(vec![authority_key]), ..context() };
    let cases: Vec<Case> = stories.iter().map(Story::case).collect();
    let nothing = Redress::default();
    let mut counted = 0;
    for question in questions() {
        let selection = Asked::of(connection, &context, &question).unwrap().selection;
        for basis in TimelinessBasis::ALL.iter().copied() {
            let report = timeliness(connection, &context, &question, basis).unwrap();
            assert_eq!(report.authority_id, authority_id);
            assert_eq!(report.rows, metrics::timeliness(&context.calendars, &cases, &selection, basis), "{question:?}");
            counted += report.rows.iter().map(|row| row.requests).sum::<u32>();
        }
        let answered = outcomes(connection, &context, &question).unwrap().rows;
        assert_eq!(answered, metrics::outcomes(&context.calendars, &cases, &selection), "{question:?}");
        let cited = provisions(connection, &context, &question).unwrap().rows;
        assert_eq!(
            cited,
            metrics::provisions(&context.calendars, cases.iter().map(|case| (case, &nothing)), &selection),
            "{question:?}"
        );
        let with_ncnd = ncnd(connection, &context, &question).unwrap().rows;
        assert_eq!(with_ncnd, metrics::ncnd(&context.calendars, &cases, &selection), "{question:?}");
        let found = workload(connection, &context, &question).unwrap().rows.remove(0);
        let expected = metrics::workload(&context.calendars, &cases, selection.as_at, selection.regime);
        assert_eq!(nameless(found), nameless(expected), "{question:?}");
    }
    compare_returns(connection, &context, &cases);
    counted
}

/// Every authority's figures in a comparison of them all are those of the authority asked for alone.
fn compare_across(connection: &mut Connection, keys: &[(i64, String)]) {
    for question in questions() {
        for metric in ComparedMetric::ALL.iter().copied() {
            let asked =
                ComparisonQuestion { metric, question: question.clone(), basis: TimelinessBasis::Due, rank_by: None };
            let every = super::compare(connection, &context(), &asked).unwrap();
            assert_eq!(every.authorities.len(), keys.len());
            for (key, id) in keys {
                let alone = Context { scope: AuthorityScope::Only(vec![*key]), ..context() };
                let own = super::compare(connection, &alone, &asked).unwrap();
                let among = every.authorities.iter().find(|one| one.authority_id == *id).unwrap();
                // Alone it has no figures of provisions that only others cite.
                let is_told = |one: &&NamedFigure| metric != ComparedMetric::Provisions || one.figure.numerator > 0;
                let figures: Vec<NamedFigure> = among.figures.iter().filter(is_told).cloned().collect();
                assert_eq!(own.authorities[0].figures, figures, "{metric} {question:?}");
                assert_eq!(own.total, figures);
                let whole = MetricsQuestion { group_by: None, ..question.clone() };
                let told = |name: &str| among.figures.iter().find(|one| one.name == name).unwrap().figure;
                match metric {
                    ComparedMetric::Timeliness => {
                        let row = timeliness(connection, &alone, &whole, TimelinessBasis::Due).unwrap().rows.remove(0);
                        assert_eq!((told("in_time"), told("late")), (row.in_time, row.late), "{question:?}");
                        assert_eq!(told("on_hold_or_lapsed"), Figure::new(row.on_hold_or_lapsed, row.requests));
                    }
                    ComparedMetric::Outcomes => {
                        let row = outcomes(connection, &alone, &whole).unwrap().rows.remove(0);
                        assert_eq!(told("refused_in_full"), row.refused_in_full);
                        assert_eq!(told("partly_withheld"), row.by_request[1].requests);
                    }
                    ComparedMetric::Ncnd => {
                        let row = ncnd(connection, &alone, &whole).unwrap().rows.remove(0);
                        assert_eq!(told("parts_with_ncnd"), row.parts_with_ncnd);
                    }
                    ComparedMetric::Provisions => {
                        for row in provisions(connection, &alone, &whole).unwrap().rows {
                            let name = format!("{} {}", row.regime, row.provision);
                            assert_eq!(told(&name), row.requests_citing, "{question:?}");
                        }
                    }
                    ComparedMetric::Reviews | ComparedMetric::Regulator => {}
                    ComparedMetric::Workload => {
                        let row = workload(connection, &alone, &whole).unwrap().rows.remove(0);
                        assert_eq!(told("overdue"), row.overdue);
                        assert_eq!(told("due_within_10"), Figure::new(row.due_within_10, row.open));
                    }
                }
            }
        }
    }
}

/// The stories have no references of their own.
fn nameless(workload: Workload) -> Workload {
    let oldest = workload.oldest.iter().map(|_| ()).count();
    assert!(oldest <= 10 && u32::try_from(oldest).unwrap() <= workload.overdue.numerator);
    Workload { oldest: Vec::new(), ..workload }
}

/// Every form gives from the windows what it gives from everything there is.
fn compare_returns(connection: &mut Connection, context: &Context, cases: &[Case]) {
    for (kind, period) in ReturnKind::ALL.iter().flat_map(|kind| {
        ["2023-Q4", "2024-Q1", "2024-Q3", "2024", "2023-24", "2024-25-Q1"].map(|period| (*kind, period))
    }) {
        for as_at in [later(60), later(210), later(400)] {
            let period: ReturnPeriod = period.parse().unwrap();
            let asked = ReturnAsked { authority_id: None, kind, period, as_at: Some(as_at) };
            let found = prepare_return(connection, context, &asked).unwrap();
            let id = found.authority_id.as_str();
            let subject = ReturnSubject { authority_id: id, name: id, kind: "other", nation: "england" };
            let question = ReturnQuestion { subject, period, as_at, reviews: &[], complaints: &[] };
            let expected = returns::prepare(kind, &context.calendars, cases, &question);
            let shown = |document: &returns::ReturnDocument| -> (Vec<ReturnColumn>, Vec<ReturnIdentity>, u32) {
                (document.columns.clone(), document.identities.clone(), document.not_yet_due)
            };
            assert_eq!(shown(&found.document), shown(&expected), "{kind} {period} {as_at}");
        }
    }
}

/// Compares everything that can be asked with the arithmetic over all stories; how many requests were counted.
async fn count_all(store: &Store, keys: &[i64], all: &[Vec<Story>]) -> u32 {
    let (keys, all) = (keys.to_vec(), all.to_vec());
    let counted = store.read(move |connection| {
        let named: Vec<(i64, String)> =
            keys.iter().enumerate().map(|(at, key)| (*key, format!("authority-{at}"))).collect();
        compare_across(connection, &named);
        let counts = named.iter().zip(&all).map(|((key, id), stories)| compare(connection, *key, id, stories));
        Ok::<u32, ServiceError>(counts.sum())
    });
    counted.await.unwrap()
}

#[tokio::test]
async fn windows_find_every_case_that_counts() {
    let (_folder, store) = store();
    let all = stories();
    let filled = all.clone();
    let keys = store
        .write(move |connection| {
            let mut keys = Vec::new();
            for (number, stories) in filled.iter().enumerate() {
                let key = insert_authority(connection, &format!("authority-{number}"));
                for (number, story) in stories.iter().enumerate() {
                    insert(connection, key, number, story);
                }
                keys.push(key);
            }
            Ok::<_, ServiceError>(keys)
        })
        .await
        .unwrap();
    assert!(count_all(&store, &keys, &all).await > 500);
    // Sheets by other calendars or rules tell nothing: everything is replayed, and counts the same.
    store.write(|connection| Ok::<_, ServiceError>(sheets::make_stale(connection)?)).await.unwrap();
    assert!(count_all(&store, &keys, &all).await > 500);
    store.close();
}

#[tokio::test]
async fn figures_are_of_one_authority_that_the_caller_may_see() {
    let (_folder, store) = store();
    store
        .write(|connection| {
            let [first, second] = ["first", "second"].map(|name| insert_authority(connection, name));
            let mut ask = |scope: AuthorityScope, authority_id: Option<&str>| {
                let (authority_id, day) = (authority_id.map(str::to_owned), later(0));
                let question = MetricsQuestion {
                    authority_id,
                    start_on: day,
                    end_on: day,
                    group_by: None,
                    as_at: None,
                    regime: None,
                };
                ncnd(connection, &Context { scope, ..context() }, &question)
            };
            assert_eq!(ask(AuthorityScope::Every, Some("first")).unwrap().authority_id, "first");
            assert_eq!(ask(AuthorityScope::Only(vec![second]), None).unwrap().authority_id, "second");
            assert!(matches!(ask(AuthorityScope::Only(vec![second]), Some("first")), Err(ServiceError::NotFound)));
            assert!(matches!(ask(AuthorityScope::Every, Some("third")), Err(ServiceError::NotFound)));
            for scope in [AuthorityScope::Every, AuthorityScope::Only(vec![first, second])] {
                let Err(ServiceError::Invalid(faults)) = ask(scope, None) else { panic!("an authority was chosen") };
                assert_eq!(faults[0].pointer, "/authority_id");
            }
            Ok::<_, ServiceError>(())
        })
        .await
        .unwrap();
    store.close();
}
