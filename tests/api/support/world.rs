//! What an operation of the document needs before it can be called: a request, an event, a draft, by the names in its path.

use serde_json::Value;

use super::{
    Answer, Server,
    casework::{disclosed, draft},
    contract::{self, Operation},
    server::id,
};

/// The day on which the requests of the document's examples were received.
const RECEIVED_ON: &str = "2019-11-07";

/// Calls an operation as the document says, with its example, on casework made for this call alone.
#[track_caller]
pub fn call(server: &Server, operation: &Operation, media: &str, body: Option<&Value>) -> Answer {
    let target = format!("{}{}", path(server, operation), query(operation));
    send(server, operation, &target, media, body)
}

/// Sends the operation's method to `target`, with the headers it requires.
#[track_caller]
pub fn send(server: &Server, operation: &Operation, target: &str, media: &str, body: Option<&Value>) -> Answer {
    send_with(server, operation, target, &[], media, body)
}

/// The same with further headers.
#[track_caller]
pub fn send_with(
    server: &Server,
    operation: &Operation,
    target: &str,
    more: &[(&str, &str)],
    media: &str,
    body: Option<&Value>,
) -> Answer {
    let mut headers = more.to_vec();
    if operation.parameters("header").iter().any(|header| header["name"] == "If-Match") {
        headers.push(("If-Match", "*"));
    }
    if body.is_some() {
        headers.push(("Content-Type", media));
    }
    let bytes = body.map(|body| body.to_string().into_bytes());
    server.send(&operation.method, target, &headers, bytes.as_deref())
}

/// The operation's path, each name in it replaced by something that exists.
#[track_caller]
pub fn path(server: &Server, operation: &Operation) -> String {
    let template = operation.path.as_str();
    let mut path = template.to_owned();
    if template.contains("{request_id}") {
        let request = server.request(RECEIVED_ON, &["1"]);
        path = path.replace("{request_id}", &request);
    }
    if let Some((collection, _)) = template.split_once("/{event_id}") {
        let (place, _) = path.split_once("/{event_id}").unwrap();
        let event = event(server, collection, place);
        path = path.replace("{event_id}", &event);
    }
    if let Some((collection, _)) = template.split_once("/{response_id}") {
        let (place, _) = path.split_once("/{response_id}").unwrap();
        let response = id(&example(server, collection, place).expect(201));
        path = path.replace("{response_id}", &response);
    }
    for name in ["review_id", "complaint_id", "position_change_id", "submission_id", "decision_notice_id", "appeal_id"]
    {
        path = with_entry(server, operation, path, name);
    }
    if template.contains("{regulatory_action_id}") {
        let action = id(&example(server, "/v1/regulatory-actions", "/v1/regulatory-actions").expect(201));
        path = path.replace("{regulatory_action_id}", &action);
    }
    if template.contains("{authority_id}") {
        path = path.replace("{authority_id}", &only_authority(server));
    }
    if template.contains("{filed_return_id}") {
        let filed = example(server, "/v1/filed-returns", "/v1/filed-returns");
        path = path.replace("{filed_return_id}", &id(&filed.expect(201)));
    }
    if template.contains("{api_key_id}") {
        let key = id(&example(server, "/v1/api-keys", "/v1/api-keys").expect(201));
        path = path.replace("{api_key_id}", &key);
    }
    needed_before(server, operation, &path);
    for (name, collection) in
        [("{record_id}", "/v1/requests/{request_id}/records"), ("{position_id}", "/v1/ncnd-positions")]
    {
        if let Some((place, _)) = path.split_once(&format!("/{name}")) {
            let made = id(&example(server, collection, place).expect(201));
            path = path.replace(name, &made);
        }
    }
    path.replace("{label}", "1")
        .replace("{return_kind}", "code-part-8")
        .replace("{calendar_id}", "uk_any")
        .replace("{provision_id}", "foia-31-3")
        .replace("{code}", "validation-failed")
}

/// The path with an entry of the chain after the response in the place of its name: the example of the collection.
fn with_entry(server: &Server, operation: &Operation, path: String, name: &str) -> String {
    let pattern = format!("/{{{name}}}");
    let (Some((collection, _)), Some((place, _))) = (operation.path.split_once(&pattern), path.split_once(&pattern))
    else {
        return path;
    };
    needed_before(server, &contract::operation("POST", collection), place);
    let entry = id(&example(server, collection, place).expect(201));
    path.replace(&format!("{{{name}}}"), &entry)
}

/// What must have happened for the operation to be possible.
fn needed_before(server: &Server, operation: &Operation, path: &str) {
    if operation.id() == "create_appeal" {
        let notices = operation.path.replace("/appeals", "/decision-notices");
        example(server, &notices, &path.replace("/appeals", "/decision-notices")).expect(201);
    }
    if operation.id() == "release_legal_hold" {
        server.put(path, "*", &serde_json::json!({"reason": "A claim was announced"})).expect(200);
    }
    if operation.id() == "void_response" {
        let issue = operation.path.replace("/void", "/issue");
        example(server, &issue, &path.replace("/void", "/issue")).expect(200);
    }
    if operation.id() == "erase_request" {
        example(server, "/v1/requests/{request_id}/withdrawal", &path.replace("/erasure", "/withdrawal")).expect(201);
    }
    if operation.id() == "create_reopening" {
        example(server, "/v1/requests/{request_id}/lapse", &path.replace("/reopening", "/lapse")).expect(201);
    }
    if operation.path.contains("/records") && !matches!(operation.method.as_str(), "GET")
        || operation.path.contains("{record_id}")
    {
        let (request, _) = path.split_once("/records").unwrap();
        server.post(&format!("{request}/responses"), &draft(&[disclosed("1")])).expect(201);
    }
}

/// An event to answer, read or void: the example of the collection it stands in.
fn event(server: &Server, collection: &str, place: &str) -> String {
    let (collection, place) =
        (collection.replace("/events", "/clarifications"), place.replace("/events", "/clarifications"));
    needed_before(server, &contract::operation("POST", &collection), &place);
    id(&example(server, &collection, &place).expect(201))
}

/// Sends the example of the POST at `template` to `target`.
#[track_caller]
pub fn example(server: &Server, template: &str, target: &str) -> Answer {
    let operation = contract::operation("POST", template);
    let (media, _, example) = operation.bodies().remove(0);
    send(server, &operation, target, &media, Some(&example))
}

/// The one authority there is; made if there is none.
pub fn only_authority(server: &Server) -> String {
    let list = server.get("/v1/authorities").expect(200);
    match list["items"].as_array().unwrap().first() {
        Some(authority) => id(authority),
        None => server.authority("Authority of the test"),
    }
}

/// The query that the operation requires: each parameter's example, or a value of its schema.
pub fn query(operation: &Operation) -> String {
    let required = operation.parameters("query").into_iter().filter(|parameter| parameter["required"] == true);
    let pairs: Vec<String> = required
        .map(|parameter| {
            let schema = contract::resolved(&parameter["schema"]).clone();
            let value = [&parameter["example"], &schema["example"], &schema["enum"][0]];
            let value = value.iter().find_map(|value| value.as_str().map(str::to_owned));
            format!("{}={}", parameter["name"].as_str().unwrap(), value.unwrap_or_else(|| RECEIVED_ON.to_owned()))
        })
        .collect();
    if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) }
}
