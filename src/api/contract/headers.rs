//! Headers of calls and of answers: their form, which is the same wherever they stand.

use serde_json::{Map, Value, json};

use super::operations;

/// Form of a header: its name, pattern and greatest length.
struct Form {
    name: &'static str,
    pattern: &'static str,
    most: u32,
}

/// Headers of calls. None is ever null: it is given or left out.
const OF_CALLS: &[Form] = &[
    Form { name: "Candour-Actor", pattern: "^[!-~]+$", most: 128 },
    Form { name: "Candour-Justification", pattern: "^[!-~]([ -~]*[!-~])?$", most: 500 },
    Form { name: "Idempotency-Key", pattern: "^[!#-~]+$", most: 255 },
    Form { name: "If-Match", pattern: r#"^(\*|"[!#-~]*"( *, *"[!#-~]*")*)$"#, most: 1_000 },
    Form { name: "If-None-Match", pattern: r#"^(|\*|(W/)?"[!#-~]*"( *, *(W/)?"[!#-~]*")*)$"#, most: 1_000 },
];

/// Headers of answers.
const OF_ANSWERS: &[Form] = &[
    Form { name: "ETag", pattern: r#"^"[!#-~]+"$"#, most: 255 },
    Form { name: "Link", pattern: r#"^<[!-~]+>; rel="next"$"#, most: 8_000 },
    Form { name: "Location", pattern: "^/[!-~]+$", most: 2_000 },
    Form { name: "Retry-After", pattern: "^[0-9]+$", most: 10 },
    Form { name: "WWW-Authenticate", pattern: "^Bearer ", most: 255 },
    Form { name: "X-Request-Id", pattern: "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$", most: 36 },
];

/// Describes every header of the document.
pub(super) fn describe(document: &mut Value) {
    for operation in operations(document) {
        if operation.method == "get" && operation.value.pointer("/responses/200/headers/ETag").is_some() {
            answer_unchanged(operation.value);
            take_known_tags(operation.value);
        }
        for parameter in items_of(operation.value, "parameters") {
            forbid_null(parameter);
            describe_call(parameter);
        }
        for response in members_of(operation.value, "responses") {
            describe_answer(response);
        }
    }
    let counted = document.pointer("/components/responses/Problem429/headers").cloned();
    let shared = document.pointer_mut("/components/responses").and_then(Value::as_object_mut).into_iter().flatten();
    for (name, response) in shared {
        if let (Some(counted), true) = (&counted, name.starts_with("Problem4")) {
            tell_of_limits(response, counted);
        }
        describe_answer(response);
    }
}

/// A refusal tells, as every answer, of the limits that its call was counted against.
fn tell_of_limits(response: &mut Value, counted: &Value) {
    let Some(headers) = response.get_mut("headers").and_then(Value::as_object_mut) else { return };
    for (name, header) in counted.as_object().into_iter().flatten().filter(|(name, _)| name.starts_with("RateLimit")) {
        headers.entry(name.clone()).or_insert_with(|| header.clone());
    }
}

/// What has a tag is answered by 304, with the same headers, where the caller has that form already.
fn answer_unchanged(operation: &mut Value) {
    let headers = operation.pointer("/responses/200/headers").cloned().unwrap_or_default();
    let unchanged = json!({"description": "Unchanged since `If-None-Match`.", "headers": headers});
    let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) else { return };
    let place = responses.keys().take_while(|status| status.as_str() < "304").count();
    responses.shift_insert(place, "304".to_owned(), unchanged);
}

/// What answers 304 takes the tags that the caller has.
fn take_known_tags(operation: &mut Value) {
    let parameter = json!({
        "name": "If-None-Match", "in": "header", "required": false,
        "description": "ETags of the forms that the caller has: if one is current, the answer is 304 without a body.",
        "schema": {"type": "string"}
    });
    if let Some(members) = operation.as_object_mut() {
        let parameters = members.entry("parameters").or_insert_with(|| json!([]));
        parameters.as_array_mut().into_iter().for_each(|parameters| parameters.push(parameter.clone()));
    }
}

fn describe_call(parameter: &mut Value) {
    let Some(form) = OF_CALLS.iter().find(|form| parameter["in"] == "header" && parameter["name"] == form.name) else {
        return;
    };
    if let Some(schema) = parameter.get_mut("schema") {
        *schema = form.schema();
    }
}

/// A parameter is given or left out.
fn forbid_null(parameter: &mut Value) {
    let Some(kind) = parameter.pointer_mut("/schema/type") else { return };
    if let Some(only) = kind.as_array().and_then(|kinds| kinds.iter().find(|kind| *kind != "null")).cloned() {
        *kind = only;
    }
}

fn describe_answer(response: &mut Value) {
    let Some(headers) = response.get_mut("headers").and_then(Value::as_object_mut) else { return };
    for (name, header) in headers {
        let form = OF_ANSWERS.iter().find(|form| form.name == name);
        if let (Some(form), Some(members)) = (form, header.as_object_mut()) {
            members.insert("schema".to_owned(), form.schema());
        }
    }
}

impl Form {
    fn schema(&self) -> Value {
        json!({"type": "string", "maxLength": self.most, "pattern": self.pattern})
    }
}

fn items_of<'a>(value: &'a mut Value, name: &str) -> impl Iterator<Item = &'a mut Value> {
    value.get_mut(name).and_then(Value::as_array_mut).into_iter().flatten()
}

fn members_of<'a>(value: &'a mut Value, name: &str) -> impl Iterator<Item = &'a mut Value> {
    value.get_mut(name).and_then(Value::as_object_mut).into_iter().flat_map(Map::values_mut)
}
