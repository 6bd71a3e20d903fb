//! That the store gives figures every case they concern: what is found by windows counts as everything there is would.

mod stored;

use std::{path::PathBuf, sync::Arc};

use proptest::{
    strategy::{Strategy, ValueTree},
    test_runner::TestRunner,
};

use self::stored::{insert, insert_authority, insert_redress};
use super::*;
use crate::{
    casework::scope::ScopeSet,
    law::calendar::Calendars,
    metrics::{
        Case, ComparedAuthority, Figure, NamedFigure, Redress,
        returns::{self, ReturnColumn, ReturnIdentity, ReturnKind, ReturnPeriod, ReturnQuestion, ReturnSubject},
        tests::{
            Story,
            properties::{later, story},
        },
    },
    services::{AuthorityScope, context::Instant},
    store::{AuthorityKey, DatabaseUrl, Store, StoreSettings, installation, migrate, sheets},
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

fn compare(connection: &mut Connection, authority_key: AuthorityKey, authority_id: &str, stories: &[Story]) -> u32 {
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

/// Every authority's figures in a comparison of them all are those of the authority asked for alone; how many reviews and
/// complaints there were among them.
fn compare_across(connection: &mut Connection, keys: &[(AuthorityKey, String)]) -> u32 {
    let mut of_redress = 0;
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
                of_redress += compare_with_own(connection, &alone, &whole, metric, among);
            }
        }
    }
    of_redress
}

/// What a comparison tells of an authority is what the metric itself does; how many reviews or complaints that is about.
fn compare_with_own(
    connection: &mut Connection,
    alone: &Context,
    whole: &MetricsQuestion,
    metric: ComparedMetric,
    among: &ComparedAuthority,
) -> u32 {
    let told = |name: &str| among.figures.iter().find(|one| one.name == name).unwrap().figure;
    match metric {
        ComparedMetric::Timeliness => {
            let row = timeliness(connection, alone, whole, TimelinessBasis::Due).unwrap().rows.remove(0);
            assert_eq!((told("in_time"), told("late")), (row.in_time, row.late), "{whole:?}");
            assert_eq!(told("on_hold_or_lapsed"), Figure::new(row.on_hold_or_lapsed, row.requests));
            let (bands, measured) = (&row.working_days.bands, row.working_days.measured);
            tells(among, bands.iter().map(|band| (band.heading(), Figure::new(band.requests, measured))));
        }
        ComparedMetric::Outcomes => {
            let row = outcomes(connection, alone, whole).unwrap().rows.remove(0);
            assert_eq!(told("refused_in_full"), row.refused_in_full);
            assert_eq!(told("partly_withheld"), row.by_request[1].requests);
            tells(among, row.by_part.iter().map(|one| (format!("parts_{}", one.outcome), one.parts)));
        }
        ComparedMetric::Ncnd => {
            let row = ncnd(connection, alone, whole).unwrap().rows.remove(0);
            assert_eq!(told("parts_with_ncnd"), row.parts_with_ncnd);
        }
        ComparedMetric::Provisions => {
            for row in provisions(connection, alone, whole).unwrap().rows {
                let name = format!("{} {}", row.regime, row.provision);
                assert_eq!(told(&name), row.requests_citing, "{whole:?}");
            }
        }
        ComparedMetric::Reviews => {
            let row = reviews(connection, alone, whole).unwrap().rows.remove(0);
            assert_eq!(
                (told("received"), told("decided")),
                (Figure::new(row.received, 0), Figure::new(row.decided, 0))
            );
            assert_eq!(told("overdue"), Figure::new(row.overdue, row.received), "{whole:?}");
            assert_eq!(
                (told("within_20_working_days"), told("overturned")),
                (row.within_20_working_days, row.overturned)
            );
            let of_decided = |reviews| Figure::new(reviews, row.decided);
            tells(among, row.bands.iter().map(|band| (band.heading(), of_decided(band.reviews))));
            return row.received;
        }
        ComparedMetric::Regulator => {
            let row = regulator(connection, alone, whole).unwrap().rows.remove(0);
            assert_eq!(told("complaints_made"), Figure::new(row.complaints_made, 0), "{whole:?}");
            assert_eq!(told("notices_finding_a_breach"), Figure::new(row.notices_finding_a_breach, row.notices_sent));
            return row.complaints_made;
        }
        ComparedMetric::Workload => {
            let row = workload(connection, alone, whole).unwrap().rows.remove(0);
            assert_eq!(told("overdue"), row.overdue);
            assert_eq!(told("due_within_10"), Figure::new(row.due_within_10, row.open));
            let of_open = |requests| Figure::new(requests, row.open);
            tells(among, row.overdue_bands.iter().map(|band| (band.heading(), of_open(band.requests))));
        }
    }
    0
}

/// That these figures are told of an authority.
#[track_caller]
fn tells(among: &ComparedAuthority, expected: impl Iterator<Item = (String, Figure)>) {
    for (name, figure) in expected {
        let told = among.figures.iter().find(|one| one.name == name).map(|one| one.figure);
        assert_eq!(told, Some(figure), "{name}");
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
            let today = context.today;
            let question = ReturnQuestion { subject, period, as_at, today, reviews: &[], complaints: &[] };
            let expected = returns::prepare(kind, &context.calendars, cases, &question);
            let shown = |document: &returns::ReturnDocument| -> (Vec<ReturnColumn>, Vec<ReturnIdentity>, u32) {
                (document.columns.clone(), document.identities.clone(), document.not_yet_due)
            };
            assert_eq!(shown(&found.document), shown(&expected), "{kind} {period} {as_at}");
        }
    }
}

/// Compares everything that can be asked with the arithmetic over all stories; how many requests were counted.
async fn count_all(store: &Store, keys: &[AuthorityKey], all: &[Vec<Story>]) -> u32 {
    let (keys, all) = (keys.to_vec(), all.to_vec());
    let counted = store.read(move |connection| {
        let named: Vec<(AuthorityKey, String)> =
            keys.iter().enumerate().map(|(at, key)| (*key, format!("authority-{at}"))).collect();
        assert!(compare_across(connection, &named) > 50, "reviews and complaints");
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
            // The stories of the others have no redress, which what they are compared with leaves aside.
            let key = insert_authority(connection, &format!("authority-{}", keys.len()));
            for (number, story) in (0..20).zip(filled.iter().flatten()) {
                let request_key = insert(connection, key, usize::try_from(number).unwrap(), story);
                insert_redress(connection, key, request_key, number);
            }
            keys.push(key);
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

/// Two servers on one database, of which one is of a later release: the older leaves the sheets as they are, and the later
/// takes over what an older one wrote.
#[tokio::test]
async fn an_older_release_leaves_the_sheets_of_a_newer_one() {
    let (_folder, store) = store();
    let revision = metrics::SHEET_REVISION;
    let is_current = store.write(move |connection| {
        let calendars = Calendars::embedded();
        let mut current = |edition: String, mark: &str| -> ServiceResult<bool> {
            installation::set_value(connection, "case_sheets_edition", &edition)?;
            installation::set_value(connection, "case_sheets_written_by", mark)?;
            case_sheets::are_current(connection, calendars)
        };
        assert!(current(format!("{} 2020-01-01", revision + 1), "1")?, "newer rules");
        assert!(current(format!("{revision} 9999-01-01"), "1")?, "newer bank holidays");
        assert!(!current(format!("{} 9999-01-01", revision - 1), "1")?, "older rules");
        assert!(!current(format!("{revision} 2020-01-01"), "1")?, "older bank holidays");
        installation::set_value(connection, "case_sheets_edition", &format!("{} 2020-01-01", revision + 1))?;
        case_sheets::begin(connection, calendars)?;
        assert_eq!(case_sheets::write(connection, &context(), RequestKey::NONE)?, None);
        case_sheets::note_written(connection, calendars)?;
        assert_eq!(installation::value(connection, "case_sheets_written_by")?.as_deref(), Some("1"));
        installation::set_value(connection, "case_sheets_edition", "1 2020-01-01")?;
        case_sheets::begin(connection, calendars)?;
        case_sheets::note_written(connection, calendars)?;
        let edition = installation::value(connection, "case_sheets_edition")?;
        assert!(edition.is_some_and(|edition| edition.starts_with(&format!("{revision} "))));
        case_sheets::are_current(connection, calendars)
    });
    assert!(is_current.await.unwrap());
}
