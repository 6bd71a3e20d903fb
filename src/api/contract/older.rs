//! The document in version 3.0 of OpenAPI, for generators that read no later one. A pure function of the document.
//!
//! 3.0 knows neither lists of types, `const` nor `examples` of a schema, and takes no member beside `$ref`.

use serde_json::{Map, Value, json};

use super::{change_schemas, operations};

/// Members of schemas that 3.0 has not, and that nothing in it stands for.
const UNKNOWN: &[&str] = &[
    "$comment",
    "$id",
    "$schema",
    "contentEncoding",
    "contentMediaType",
    "dependentRequired",
    "patternProperties",
    "prefixItems",
    "propertyNames",
    "unevaluatedProperties",
];

/// The same contract in version 3.0.3.
#[must_use]
pub fn in_version_3_0(document: &Value) -> Value {
    let mut older = document.clone();
    if let Some(members) = older.as_object_mut() {
        members.insert("openapi".to_owned(), json!("3.0.3"));
        members.remove("jsonSchemaDialect");
        members.remove("webhooks");
    }
    name_licence_by_address(&mut older);
    change_schemas(&mut older, &mut settle);
    for operation in operations(&mut older) {
        forget_scopes(operation.value);
        take_one_form(operation.value);
    }
    move_examples(&mut older);
    older
}

/// A body that is taken under several media types is sent as JSON: generators take one form of it.
fn take_one_form(operation: &mut Value) {
    let content = operation.pointer_mut("/requestBody/content").and_then(Value::as_object_mut);
    if let Some(content) = content.filter(|content| content.contains_key("application/json")) {
        content.retain(|media, _| media == "application/json");
    }
}

/// Examples of bodies stand at their schemas: the generator of Java takes none at a body. The first one counts.
fn move_examples(document: &mut Value) {
    let mut found = Vec::new();
    for operation in operations(document) {
        let content = operation.value.pointer_mut("/requestBody/content").and_then(Value::as_object_mut);
        for body in content.into_iter().flat_map(|content| content.values_mut()).filter_map(Value::as_object_mut) {
            let name = body.get("schema").and_then(|schema| schema["$ref"].as_str()).map(str::to_owned);
            if let Some(name) = name {
                found.extend(body.remove("example").map(|example| (name, example)));
            }
        }
    }
    for (name, example) in found {
        let schema = document.pointer_mut(name.trim_start_matches('#')).and_then(Value::as_object_mut);
        if let Some(members) = schema {
            members.entry("example").or_insert(example);
        }
    }
}

/// `identifier` of the licence is new in 3.1; the address says the same.
fn name_licence_by_address(document: &mut Value) {
    let Some(licence) = document.pointer_mut("/info/license").and_then(Value::as_object_mut) else { return };
    if let Some(identifier) = licence.remove("identifier").as_ref().and_then(Value::as_str) {
        licence.insert("url".to_owned(), json!(format!("https://spdx.org/licenses/{identifier}.html")));
    }
}

/// Scopes of a bearer token are new in 3.1; the descriptions of the operations name them. Alternatives that differ by
/// scopes alone become one.
fn forget_scopes(operation: &mut Value) {
    let Some(alternatives) = operation.get_mut("security").and_then(Value::as_array_mut) else { return };
    for alternative in alternatives.iter_mut() {
        alternative.as_object_mut().into_iter().flatten().for_each(|(_, scopes)| *scopes = json!([]));
    }
    alternatives.dedup();
}

fn settle(schema: &mut Value) {
    let Some(members) = schema.as_object_mut() else { return };
    settle_binary(members);
    for name in UNKNOWN {
        members.remove(*name);
    }
    settle_types(members);
    if let Some(value) = members.remove("const") {
        members.insert("enum".to_owned(), json!([value]));
    }
    if let Some(Value::Array(examples)) = members.remove("examples")
        && let Some(first) = examples.into_iter().next()
    {
        members.insert("example".to_owned(), first);
    }
    settle_bound(members, "exclusiveMinimum", "minimum");
    settle_bound(members, "exclusiveMaximum", "maximum");
    settle_null_form(members);
    settle_reference(members);
}

/// Bytes have formats of their own in 3.0.
fn settle_binary(members: &mut Map<String, Value>) {
    let format = match (members.get("contentEncoding"), members.get("contentMediaType")) {
        (Some(encoding), _) if encoding == "base64" => "byte",
        (None, Some(media)) if media == "application/octet-stream" => "binary",
        _ => return,
    };
    members.insert("format".to_owned(), json!(format));
}

/// `["string", "null"]` is a string that may be null; several types are alternatives.
fn settle_types(members: &mut Map<String, Value>) {
    let Some(Value::Array(types)) = members.get("type") else { return };
    let is_nullable = types.iter().any(|each| each == "null");
    let mut others: Vec<Value> = types.iter().filter(|each| *each != "null").cloned().collect();
    members.remove("type");
    if others.len() == 1 {
        members.extend(others.pop().map(|only| ("type".to_owned(), only)));
    } else {
        let forms: Vec<Value> = others.into_iter().map(|each| json!({"type": each})).collect();
        members.insert("anyOf".to_owned(), json!(forms));
    }
    if is_nullable {
        members.insert("nullable".to_owned(), json!(true));
    }
}

/// A bound that is not itself allowed is a number in 3.1, and a word beside the bound in 3.0.
fn settle_bound(members: &mut Map<String, Value>, exclusive: &str, inclusive: &str) {
    let is_number = members.get(exclusive).is_some_and(Value::is_number);
    if let Some(bound) = members.remove(exclusive).filter(|_| is_number) {
        members.insert(inclusive.to_owned(), bound);
        members.insert(exclusive.to_owned(), json!(true));
    }
}

/// One of a schema or null is the schema, which may be null.
fn settle_null_form(members: &mut Map<String, Value>) {
    for choice in ["oneOf", "anyOf"] {
        let Some(Value::Array(forms)) = members.get_mut(choice) else { continue };
        let before = forms.len();
        forms.retain(|form| form["type"] != "null");
        if forms.len() == before {
            continue;
        }
        if let (1, Some(only)) = (forms.len(), forms.first().cloned()) {
            members.remove(choice);
            members.insert("allOf".to_owned(), json!([only]));
        }
        members.insert("nullable".to_owned(), json!(true));
    }
}

/// What stands beside `$ref` is not read in 3.0: the reference becomes the one schema that all of it must fit.
fn settle_reference(members: &mut Map<String, Value>) {
    if members.len() > 1
        && let Some(reference) = members.remove("$ref")
    {
        members.insert("allOf".to_owned(), json!([{"$ref": reference}]));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn assert_settled(schema: Value, expected: &Value) {
        let document = json!({"openapi": "3.1.0", "components": {"schemas": {"One": schema}}});
        let older = in_version_3_0(&document);
        assert_eq!(older["openapi"], "3.0.3");
        assert_eq!(older["components"]["schemas"]["One"], *expected);
    }

    #[test]
    fn types_with_null_are_nullable() {
        assert_settled(json!({"type": ["string", "null"]}), &json!({"type": "string", "nullable": true}));
        assert_settled(json!({"type": ["string"]}), &json!({"type": "string"}));
        assert_settled(
            json!({"type": ["string", "integer", "null"]}),
            &json!({"anyOf": [{"type": "string"}, {"type": "integer"}], "nullable": true}),
        );
        assert_settled(
            json!({"oneOf": [{"type": "null"}, {"$ref": "#/components/schemas/Two"}]}),
            &json!({"allOf": [{"$ref": "#/components/schemas/Two"}], "nullable": true}),
        );
        assert_settled(
            json!({"anyOf": [{"type": "string"}, {"type": "integer"}, {"type": "null"}]}),
            &json!({"anyOf": [{"type": "string"}, {"type": "integer"}], "nullable": true}),
        );
    }

    #[test]
    fn keywords_of_3_1_are_said_in_words_of_3_0() {
        assert_settled(json!({"const": "a"}), &json!({"enum": ["a"]}));
        assert_settled(json!({"type": "string", "examples": ["a", "b"]}), &json!({"type": "string", "example": "a"}));
        assert_settled(
            json!({"type": "integer", "exclusiveMinimum": 0, "exclusiveMaximum": 9}),
            &json!({"type": "integer", "minimum": 0, "exclusiveMinimum": true, "maximum": 9, "exclusiveMaximum": true}),
        );
        assert_settled(
            json!({"type": "string", "contentEncoding": "base64"}),
            &json!({"type": "string", "format": "byte"}),
        );
        assert_settled(
            json!({"type": "string", "contentMediaType": "application/octet-stream"}),
            &json!({"type": "string", "format": "binary"}),
        );
        assert_settled(
            json!({"type": "object", "propertyNames": {"type": "string"}, "additionalProperties": {"type": ["string", "null"]}}),
            &json!({"type": "object", "additionalProperties": {"type": "string", "nullable": true}}),
        );
    }

    #[test]
    fn a_description_beside_a_reference_is_kept() {
        assert_settled(
            json!({"properties": {"a": {"$ref": "#/components/schemas/Two", "description": "Why."}, "b": {"$ref": "#/components/schemas/Two"}}}),
            &json!({"properties": {
                "a": {"description": "Why.", "allOf": [{"$ref": "#/components/schemas/Two"}]},
                "b": {"$ref": "#/components/schemas/Two"}
            }}),
        );
    }

    #[test]
    fn examples_and_members_called_like_keywords_are_left_alone() {
        let shown = json!({"type": ["a", "null"], "examples": [1], "const": 2});
        let document = json!({
            "info": {"license": {"name": "MIT", "identifier": "MIT"}},
            "paths": {"/a": {"post": {
                "security": [{"bearer": ["a"]}, {"bearer": ["b", "c"]}],
                "requestBody": {"content": {"application/json": {"schema": {"const": 1}, "example": shown}}}
            }}},
            "components": {"schemas": {"One": {"properties": {"const": {"type": "string"}, "examples": {"const": 1}}}}}
        });
        let older = in_version_3_0(&document);
        let body = &older["paths"]["/a"]["post"]["requestBody"]["content"]["application/json"];
        assert_eq!(*body, json!({"schema": {"enum": [1]}, "example": shown}));
        assert_eq!(older["paths"]["/a"]["post"]["security"], json!([{"bearer": []}]));
        let named = json!({
            "paths": {"/a": {"post": {"requestBody": {"content": {
                "application/json": {"schema": {"$ref": "#/components/schemas/One"}, "example": {"a": 1}}
            }}}}},
            "components": {"schemas": {"One": {"type": "object"}}}
        });
        let moved = in_version_3_0(&named);
        assert_eq!(moved["components"]["schemas"]["One"], json!({"type": "object", "example": {"a": 1}}));
        let media = &moved["paths"]["/a"]["post"]["requestBody"]["content"]["application/json"];
        assert_eq!(*media, json!({"schema": {"$ref": "#/components/schemas/One"}}));
        let members = &older["components"]["schemas"]["One"]["properties"];
        assert_eq!(*members, json!({"const": {"type": "string"}, "examples": {"enum": [1]}}));
        assert_eq!(older["info"]["license"], json!({"name": "MIT", "url": "https://spdx.org/licenses/MIT.html"}));
    }
}
