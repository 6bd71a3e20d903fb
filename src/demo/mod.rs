//! The demonstration: the five published cases in a throw-away database, a key, and three calls worth trying.

use std::{collections::HashMap, path::Path};

use serde::Deserialize;
use serde_json::Value;

use crate::{
    app::{Application, ShowKey},
    casework::authority::NewAuthority,
    clock::Clock,
    commands::announce_and_run,
    config::{KeyHash, ServeArguments, Settings},
    services::{Context, Principal, ServiceError, ServiceResult, authorities, case_histories},
    store::{Connection, DatabaseUrl},
};

/// The published cases, as they are recorded: data, with what was chosen where a document is silent.
pub const CASES: [&str; 5] = [
    include_str!("cases/000.json"),
    include_str!("cases/001.json"),
    include_str!("cases/002.json"),
    include_str!("cases/003.json"),
    include_str!("cases/004.json"),
];

/// One published case: the authority, and the case as one call records it.
#[derive(Debug, Deserialize)]
struct PublishedCase {
    case: String,
    authority: NewAuthority,
    history: Value,
}

/// Serves the demonstration until it is stopped, and removes its database.
///
/// # Errors
///
/// As words for a person.
pub async fn serve(arguments: &ServeArguments, settings: Settings) -> Result<(), Vec<String>> {
    let one = |fault: &dyn std::fmt::Display| vec![fault.to_string()];
    let folder = std::env::temp_dir().join(format!("candour-demo-{}", uuid::Uuid::new_v4()));
    std::fs::create_dir(&folder).map_err(|error| one(&error))?;
    let outcome = serve_from(arguments, settings, &folder).await;
    std::fs::remove_dir_all(&folder).map_err(|error| one(&error))?;
    outcome
}

async fn serve_from(arguments: &ServeArguments, mut settings: Settings, folder: &Path) -> Result<(), Vec<String>> {
    let one = |fault: &dyn std::fmt::Display| vec![fault.to_string()];
    let key = arguments.bootstrap_key.clone().unwrap_or_else(|| format!("demo-{}", uuid::Uuid::new_v4()));
    settings.database = DatabaseUrl::sqlite(folder.join("candour.db"));
    settings.bootstrap_key = Some(KeyHash::of(&key));
    let application =
        Application::build(&settings, Clock::system(), ShowKey::Always).await.map_err(|error| one(&error))?;
    let address = application.address().map_err(|error| one(&error))?;
    let state = application.state();
    let context = state.context(&Principal::unlimited("demonstration"));
    let recorded = state
        .store
        .write(move |connection| record_cases(connection, &context))
        .await
        .map_err(|error: ServiceError| one(&error))?;
    let id = |case: &str| recorded.get(case).cloned().unwrap_or_default();
    let (force, late) = id("003");
    let words = format!(
        "Five published cases are recorded. Try, in another terminal:\n\n\
         export KEY={key}\n\
         # A due date with its reason: 2 December 2019 is a bank holiday in Scotland only, and counts for nobody under FOIA\n\
         curl -s 'http://{address}/v1/deadlines?regime=foia&received_on=2019-11-07'\n\
         # The clock of a case that ended before the Commissioner: an extension notified too late, an answer on day 53\n\
         curl -s -H \"Authorization: Bearer $KEY\" http://{address}/v1/requests/{late}/clock\n\
         # The figure that goes with it: 0 of 1 in time\n\
         curl -s -H \"Authorization: Bearer $KEY\" 'http://{address}/v1/metrics/timeliness?authority_id={force}&start_on=2019-10-01&end_on=2019-12-31&basis=received&group_by=quarter&as_at=2020-06-30'\n\n\
         The contract, for browsing: http://{address}/docs/\n\n"
    );
    crate::commands::say(&words)?;
    announce_and_run(application, "a throw-away SQLite file").await
}

/// Records the published cases; gives authority and request by the name of the case.
///
/// # Errors
///
/// As the use cases.
fn record_cases(connection: &mut Connection, context: &Context) -> ServiceResult<HashMap<String, (String, String)>> {
    let mut authority_ids: HashMap<String, String> = HashMap::new();
    let mut recorded = HashMap::new();
    for text in CASES {
        let case: PublishedCase = serde_json::from_str(text)?;
        let name = case.authority.name.to_string();
        let authority_id = match authority_ids.get(&name) {
            Some(id) => id.clone(),
            None => authorities::create(connection, context, case.authority)?.id,
        };
        authority_ids.insert(name, authority_id.clone());
        let mut history = case.history;
        if let Some(request) = history.pointer_mut("/request").and_then(Value::as_object_mut) {
            request.insert("authority_id".to_owned(), authority_id.clone().into());
        }
        let fingerprint = case_histories::fingerprint(history.to_string().as_bytes())?;
        let (recorded_case, _) =
            case_histories::record(connection, context, serde_json::from_value(history)?, &fingerprint)?;
        recorded.insert(case.case, (authority_id, recorded_case.request.id));
    }
    Ok(recorded)
}
