//! How the databases find what figures are counted from: the plan of every statement, on both, with the casework of many
//! authorities beside. A plan that goes through rows of another authority fails.

#![expect(clippy::disallowed_methods, reason = "tests look into the database past the store")]

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
};

use candour::{
    casework::{audit::AuditSeal, scope::ScopeSet},
    law::{Date, Regime, calendar::Calendars},
    metrics::{TimelinessBasis, returns::ReturnKind},
    services::{
        AuthorityScope, Context, ServiceError, audit, case_sheets,
        context::Instant,
        metrics::{self, ComparedMetric, ComparisonQuestion, MetricsQuestion, ReturnAsked},
    },
    store::{Connection as StoreConnection, Store, StoreError, StoreSettings, audit::AuditFilter, authorities},
};
use diesel::{
    Connection, QueryableByName, RunQueryDsl,
    connection::{InstrumentationEvent, SimpleConnection},
    sql_query,
    sql_types::Text,
};

use crate::support::{
    Database, Place,
    place::Session,
    server::{ROLE, served},
};

/// Tables of casework: nothing of them may be gone through but by a key or by the authority.
const CASEWORK: [&str; 12] = [
    "case_sheets",
    "proceedings",
    "requests",
    "parts",
    "events",
    "answers",
    "citations",
    "request_topics",
    "filed_returns",
    "responses",
    "audit_entries",
    "audit_cases_shown",
];

const AUTHORITIES: usize = 200;
const REQUESTS: usize = 40_000;

/// What the sheets say of each, as SQL.
const CONTENT: &str = r#"'[["' || id || '","' || reference || '"],"' || received_on ||
    '",[["1","foia",true]],[["e",' || '"' || received_on || '",null,{"kind":"clarification_asked"}]],' ||
    CASE WHEN closed_on IS NULL THEN '[]' ELSE '[["1","initial","' || closed_on || '","withheld"]]' END || ',' ||
    CASE WHEN closed_on IS NULL THEN '[]' ELSE '[["1","initial","' || closed_on || '","foia","40(2)",false]]' END || ']'"#;

/// Requests of many authorities over two years, each with a part, an event, an answer, a citation and a topic.
fn fill(place: &Place) {
    let day = |base: &str, days: &str| match place.database {
        Database::Sqlite => format!("date('{base}', '+' || ({days}) || ' days')"),
        Database::Postgres => format!("(DATE '{base}' + ({days})::int)"),
    };
    let numbers =
        |last: usize| format!("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {last})");
    let (received, due, closed) =
        (day("2019-01-01", "i % 700"), day("2019-01-29", "i % 700"), day("2019-02-15", "i % 700"));
    let keys = "request_key, authority_key";
    place.run(&format!(
        "INSERT INTO authorities (id, name, kind, nation, settings, version, created_at, updated_at)
         {numbers_of_authorities} SELECT 'a' || i, 'A' || i, 'other', 'england', '{{}}', 1, 0, 0 FROM n;
         INSERT INTO requests (id, authority_key, authority_id, reference, regime, subject, search_text, recorded_received_on,
             details, received_on, status, due_on, closed_on, version, created_at, updated_at)
         {numbers_of_requests} SELECT 'r' || i, i % {AUTHORITIES} + 1, 'a', 'R' || i, 'foia', '', '', {received}, '{{}}', {received},
             'open', {due}, CASE WHEN i % 7 = 0 THEN NULL ELSE {closed} END, 1, 0, 0 FROM n;
         INSERT INTO parts ({keys}, position, label, text, valid_request, details)
             SELECT {keys}, 0, '1', '', {yes}, '{{}}' FROM requests;
         INSERT INTO events (id, {keys}, kind, effective_on, happening, details, recorded_at)
             SELECT 'e' || id, {keys}, 'clarification_asked', received_on, '{{\"kind\":\"clarification_asked\"}}', '{{}}', 0
             FROM requests;
         INSERT INTO responses (id, {keys}, kind, status, issued_on, content, findings, version, created_at, updated_at)
             SELECT 's' || id, {keys}, 'initial', 'issued', closed_on, '{{}}', '[]', 1, 0, 0 FROM requests WHERE closed_on IS NOT NULL;
         INSERT INTO answers (response_key, response_id, {keys}, part_label, response_kind, issued_on, outcome)
             SELECT response_key, id, {keys}, '1', kind, issued_on, 'withheld' FROM responses;
         INSERT INTO citations (response_key, {keys}, part_label, response_kind, issued_on, regime, citation_class, ncnd)
             SELECT response_key, {keys}, '1', kind, issued_on, 'foia', '40(2)', {no} FROM responses;
         INSERT INTO filed_returns (id, authority_key, authority_id, number, return_kind, period, as_at, document, sha256, filed_at)
             SELECT 'f' || id, authority_key, 'a', request_key, 'code-part-8', '2020-Q1', received_on, '{{}}', '', 0 FROM requests
             WHERE authority_key > 1;
         INSERT INTO proceedings (id, {keys}, kind, begun_on, content, version, created_at, updated_at)
             SELECT 'p' || id, {keys}, CASE WHEN request_key % 2 = 0 THEN 'review' ELSE 'complaint' END, received_on,
                 CASE WHEN request_key % 2 = 0 THEN '{{\"requested_on\":\"2020-02-03\"}}' ELSE '{{\"made_on\":\"2020-02-03\"}}' END, 1, 0, 0
             FROM requests;
         INSERT INTO request_topics ({keys}, topic) SELECT {keys}, 'topic' FROM requests;
         INSERT INTO case_sheets ({keys}, mark, settled_on, received_on, due_on, responded_on, holds_until, regime, standing,
                 outcomes, is_closed, content)
             SELECT {keys}, {mark}, coalesce(closed_on, received_on), received_on, due_on, closed_on,
                 CASE WHEN request_key % 13 = 0 THEN due_on END, CASE WHEN request_key % 11 = 0 THEN NULL ELSE 'foia' END,
                 CASE WHEN closed_on IS NULL THEN 'not_yet_due' ELSE 'in_deadline' END, 'withheld', closed_on IS NOT NULL, {content}
             FROM requests;
         INSERT INTO audit_entries (authority_key, seq, recorded_at, operation, case_id, content, previous_hash, hash)
             SELECT authority_key, request_key, 0, 'consultation', id, '', '', '' FROM requests;
         INSERT INTO audit_cases_shown (authority_key, case_id, seq) SELECT authority_key, id, request_key FROM requests;
         ANALYZE;",
        numbers_of_authorities = numbers(AUTHORITIES),
        numbers_of_requests = numbers(REQUESTS),
        mark = case_sheets::mark(Calendars::embedded()),
        content = CONTENT,
        yes = if place.database == Database::Sqlite { "1" } else { "true" },
        no = if place.database == Database::Sqlite { "0" } else { "false" },
    ));
}

fn context(scope: AuthorityScope) -> Context {
    Context {
        keyring: std::sync::Arc::default(),
        now: Instant(0),
        today: "2021-03-31".parse().unwrap(),
        calendars: Arc::new(Calendars::embedded().clone()),
        scope,
        scopes: ScopeSet::of([]),
        actor: None,
        credential: "test".to_owned(),
        call: None,
    }
}

/// Asks everything that figures can be asked, about the one authority in the scope.
fn ask_everything(connection: &mut StoreConnection, scope: AuthorityScope) -> Result<(), ServiceError> {
    let context = context(scope);
    let day = |text: &str| -> Date { text.parse().unwrap() };
    let question = MetricsQuestion {
        authority_id: None,
        start_on: day("2020-01-01"),
        end_on: day("2020-03-31"),
        group_by: None,
        as_at: Some(day("2020-06-30")),
        regime: None,
    };
    for basis in TimelinessBasis::ALL {
        let report = metrics::timeliness(connection, &context, &question, *basis)?;
        assert!(report.rows[0].requests > 0, "{basis}");
    }
    metrics::outcomes(connection, &context, &question)?;
    assert!(!metrics::provisions(connection, &context, &question)?.rows.is_empty());
    metrics::ncnd(connection, &context, &question)?;
    assert!(metrics::workload(connection, &context, &question)?.rows[0].open > 0);
    assert!(metrics::reviews(connection, &context, &question)?.rows[0].received > 0);
    metrics::regulator(connection, &context, &question)?;
    metrics::ncnd_by_topic(connection, &context, None, "2020-Q1".parse().unwrap())?;
    for metric in ComparedMetric::ALL {
        for regime in [None, Some(Regime::Foia)] {
            let question = MetricsQuestion { regime, ..question.clone() };
            let asked =
                ComparisonQuestion { metric: *metric, question, basis: TimelinessBasis::Received, rank_by: None };
            assert_eq!(metrics::compare(connection, &context, &asked)?.authorities.len(), 1, "{metric}");
        }
    }
    for kind in ReturnKind::ALL {
        for period in ["2020-Q1", "2020"] {
            let period = period.parse().unwrap();
            let asked = ReturnAsked { authority_id: None, kind: *kind, period, as_at: None };
            metrics::prepare_return(connection, &context, &asked)?;
        }
    }
    metrics::list_filed_returns(connection, &context, None, None, 50)?;
    assert!(matches!(metrics::filed_return(connection, &context, "none"), Err(ServiceError::NotFound)));
    let about = AuditFilter { case_id: Some("r200".to_owned()), ..AuditFilter::default() };
    assert_eq!(audit::list(connection, &context.scope, None, &about, 0, 50)?.lines.len(), 1);
    let seal = AuditSeal::from_hex(&"07".repeat(32)).unwrap();
    assert_eq!(audit::verify(connection, &context.scope, None, &seal)?.1, 200);
    Ok(())
}

/// Every statement of these questions, as it was sent.
async fn statements(place: &Place) -> BTreeSet<String> {
    let store = Store::open(&served(place.url.clone()), StoreSettings::default()).unwrap();
    let heard = Arc::new(Mutex::new(BTreeSet::new()));
    let hears = Arc::clone(&heard);
    let first = |connection: &mut StoreConnection| authorities::find(connection, &AuthorityScope::Every, "a1");
    let first: Result<_, StoreError> = store.read(first).await;
    let scope = AuthorityScope::Only(vec![first.unwrap().unwrap().authority_key]);
    let read = store.within(scope.clone()).read(move |connection| {
        connection.set_instrumentation(move |event: InstrumentationEvent<'_>| {
            if let InstrumentationEvent::StartQuery { query, .. } = event {
                let text = query.to_string();
                let statement = text.split(" -- binds:").next().unwrap().to_owned();
                hears.lock().unwrap().insert(statement);
            }
        });
        ask_everything(connection, scope)
    });
    read.await.unwrap();
    store.close();
    let heard = heard.lock().unwrap();
    heard.iter().filter(|statement| statement.starts_with("SELECT")).cloned().collect()
}

#[derive(QueryableByName)]
struct SqliteStep {
    #[diesel(sql_type = Text)]
    detail: String,
}

#[derive(QueryableByName)]
struct PostgresStep {
    #[diesel(sql_type = Text, column_name = "QUERY PLAN")]
    line: String,
}

/// The steps of a statement's plan.
fn plan(session: &mut Session, statement: &str) -> Vec<String> {
    match session {
        Session::Sqlite(connection) => {
            let steps: Vec<SqliteStep> = sql_query(format!("EXPLAIN QUERY PLAN {statement}")).load(connection).unwrap();
            steps.into_iter().map(|step| step.detail).collect()
        }
        Session::Postgres(connection) => {
            let parameters = (1..100).take_while(|number| statement.contains(&format!("${number}"))).count();
            let nulls = vec!["NULL"; parameters].join(", ");
            let call = if parameters == 0 { String::new() } else { format!("({nulls})") };
            connection
                .batch_execute(&format!(
                    "DEALLOCATE ALL; SET plan_cache_mode = force_generic_plan; PREPARE asked AS {statement}"
                ))
                .unwrap();
            let steps: Vec<PostgresStep> = sql_query(format!("EXPLAIN EXECUTE asked{call}")).load(connection).unwrap();
            steps.into_iter().map(|step| step.line).collect()
        }
    }
}

/// What an index may be entered by.
fn is_by_key(condition: &str) -> bool {
    ["authority_key", "request_key", "rowid", "id=", "id ="].iter().any(|key| condition.contains(key))
}

/// The steps of a plan that go through rows without a key, or through an index from its beginning.
fn scans(database: Database, plan: &[String]) -> Vec<String> {
    // Sheets of many authorities are read under a short name.
    let names_casework = |step: &str| CASEWORK.iter().any(|table| step.contains(table)) || step.starts_with("SCAN s");
    let mut found = Vec::new();
    for (at, step) in plan.iter().enumerate() {
        let next = plan.get(at + 1).map_or("", String::as_str);
        let is_scan = match database {
            Database::Sqlite => {
                let condition = step.rsplit_once('(').map_or("", |(_, condition)| condition);
                (step.starts_with("SCAN ") || step.starts_with("SEARCH "))
                    && names_casework(step)
                    && !is_by_key(condition)
            }
            Database::Postgres => {
                let through_index = step.contains("Index Scan") || step.contains("Index Only Scan");
                let by_key = next.contains("Index Cond:") && is_by_key(next);
                names_casework(step) && (step.contains("Seq Scan") || (through_index && !by_key))
            }
        };
        if is_scan {
            found.push(format!("{step} / {next}"));
        }
    }
    found
}

fn no_scan_on(database: Database) {
    let place = Place::with_schema(database);
    if database == Database::Sqlite {
        candour::store::migrate(&place.url).unwrap();
    }
    fill(&place);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let statements = runtime.block_on(statements(&place));
    assert!(statements.len() >= 20, "{}: {statements:#?}", statements.len());
    let mut session = place.session();
    if database == Database::Postgres {
        // Planned as the service runs them: within the fence of one authority.
        session.run(&format!("SET ROLE {ROLE}; SET candour.authorities = '{{1}}'"));
    }
    let mut contents_found = 0;
    for statement in &statements {
        let plan = plan(&mut session, statement);
        // The log is searched by case and by place, not by its authority alone.
        let text = statement.replace(['"', '`'], "");
        if text.contains("audit_entries") || text.contains("audit_cases_shown") {
            let by = if text.contains("case_id = ") { "case_id" } else { "seq" };
            let is_by_it = |step: &String| step.contains("authority_key") && step.contains(by);
            assert!(plan.iter().any(is_by_it), "{statement}\n{plan:#?}");
        }
        let scans = scans(database, &plan);
        assert!(scans.is_empty(), "{statement}\n{plan:#?}\n{scans:#?}");
        let index = [("<= 2000", "case_sheets_contents"), ("> 2000", "case_sheets_long_contents")]
            .into_iter()
            .find(|(length, _)| text.contains(&format!("octet_length(content) {length}")));
        if let Some((_, index)) = index {
            assert!(plan.iter().any(|step| step.contains(index)), "{statement}\n{plan:#?}");
            contents_found += 1;
        }
    }
    assert_eq!(contents_found, 2, "the contents of sheets, short and long");
    // The test can fail: this is what it is there to find.
    let through = plan(&mut session, "SELECT subject FROM requests WHERE status = 'open'");
    assert_eq!(scans(database, &through).len(), 1, "{through:?}");
}

#[test]
fn no_figure_goes_through_rows_of_another_authority_on_sqlite() {
    no_scan_on(Database::Sqlite);
}

#[test]
fn no_figure_goes_through_rows_of_another_authority_on_postgres() {
    no_scan_on(Database::Postgres);
}
