//! Links: what can be done next with what an answer names. A program can go from a recorded request to its clock, its
//! parts and its responses by the document alone.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

/// What names something else than the answer's own id: the operation, the parameter, and where its value stands.
const NAMED: &[(&str, &str, &str)] = &[
    ("create_request", "label", "$response.body#/parts/0/label"),
    ("add_part", "label", "$request.body#/label"),
    ("create_response", "label", "$response.body#/determinations/0/part"),
    ("create_case_history", "request_id", "$response.body#/request/id"),
];

/// One operation as a link leads to it.
struct Target {
    id: String,
    path: String,
}

/// Adds to each answer links to the operations that it makes possible.
pub(super) fn add(document: &mut Value) {
    let targets = targets(document);
    let paths = document.get_mut("paths").and_then(Value::as_object_mut).into_iter().flatten();
    for (path, item) in paths {
        for (method, operation) in item.as_object_mut().into_iter().flatten() {
            add_to(path, method, operation, &targets);
        }
    }
}

fn targets(document: &Value) -> Vec<Target> {
    let paths = document.get("paths").and_then(Value::as_object).into_iter().flatten();
    let of_path = |(path, item): (&String, &Value)| -> Vec<Target> {
        let operations = item.as_object().into_iter().flat_map(Map::values);
        let target = |operation: &Value| Target {
            id: operation["operationId"].as_str().unwrap_or_default().to_owned(),
            path: path.to_owned(),
        };
        operations.map(target).collect()
    };
    paths.flat_map(of_path).collect()
}

fn add_to(path: &str, method: &str, operation: &mut Value, targets: &[Target]) {
    let id = operation["operationId"].as_str().unwrap_or_default().to_owned();
    let mut links = Map::new();
    if method == "get" {
        if takes_cursor(operation) {
            links.insert("next_page".to_owned(), next_page(path, &id));
        }
    } else {
        for target in targets {
            if let Some(parameters) = parameters_to(target, path, &id) {
                links.insert(target.id.clone(), json!({"operationId": target.id, "parameters": parameters}));
            }
        }
    }
    let answers = operation.get_mut("responses").and_then(Value::as_object_mut).into_iter().flatten();
    for (status, answer) in answers {
        let has_body = answer.get("content").is_some();
        if let Some(members) =
            answer.as_object_mut().filter(|_| status.starts_with('2') && has_body && !links.is_empty())
        {
            members.insert("links".to_owned(), Value::Object(links.clone()));
        }
    }
}

fn takes_cursor(operation: &Value) -> bool {
    operation["parameters"].as_array().is_some_and(|parameters| parameters.iter().any(|each| each["name"] == "cursor"))
}

fn next_page(path: &str, id: &str) -> Value {
    let mut parameters = above(path);
    parameters.insert("cursor".to_owned(), "$response.body#/next_cursor".to_owned());
    json!({"operationId": id, "parameters": parameters})
}

/// The values of a target's path parameters, as expressions over a call of `id` at `path`; `None` when the call does not
/// lead there: the target lies elsewhere, or needs more than is known.
fn parameters_to(target: &Target, path: &str, id: &str) -> Option<BTreeMap<String, String>> {
    let handed_on = above(path);
    let named: BTreeMap<&str, &str> =
        NAMED.iter().filter(|(operation, ..)| *operation == id).map(|(_, name, value)| (*name, *value)).collect();
    let wanted: Vec<&str> = names(&target.path).collect();
    if !leads_to(path, &target.path) && !wanted.iter().any(|name| *name != "label" && named.contains_key(name)) {
        return None;
    }
    let mut made = wanted.iter().filter(|name| !handed_on.contains_key(**name) && !named.contains_key(**name));
    let own = made.next().copied();
    let is_known = made.next().is_none();
    let is_new = own.is_some() || wanted.iter().any(|name| named.contains_key(name));
    let value = |name: &str| match (handed_on.get(name), named.get(name)) {
        (Some(value), _) => value.clone(),
        (None, Some(value)) => (*value).to_owned(),
        (None, None) => "$response.body#/id".to_owned(),
    };
    // What is made elsewhere has no id here but those that are named.
    let is_reached = own.is_none() || leads_to(path, &target.path);
    (is_known && is_new && is_reached).then(|| wanted.iter().map(|name| ((*name).to_owned(), value(name))).collect())
}

/// Whether what is made at `path` is addressed by the target.
fn leads_to(path: &str, target: &str) -> bool {
    let below = target.strip_prefix(path).is_some_and(|rest| rest.starts_with('/'));
    let is_event = EVENTS.iter().any(|kind| path.ends_with(kind)) && target.ends_with("/events/{event_id}");
    below || is_event
}

/// Collections whose members are events, which are read at `/events/{event_id}`.
const EVENTS: &[&str] = &[
    "/clarifications",
    "/fee-notices",
    "/extensions",
    "/withdrawal",
    "/lapse",
    "/transfers",
    "/reopening",
    "/receipt-corrections",
];

/// The parameters of the path itself, which a link hands on.
fn above(path: &str) -> BTreeMap<String, String> {
    names(path).map(|name| (name.to_owned(), format!("$request.path.{name}"))).collect()
}

fn names(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'))
}
