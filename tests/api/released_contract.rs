//! Nothing that a client of the last release relies on has gone: `openapi/released.json` is the document it was made with.
//!
//! What may change within v1: new operations, optional parameters and members, members and headers of answers, refusals by
//! another status, words and forms of an answer's closed list, wider bounds of what is sent, further scopes that open an
//! operation. Whatever else differs breaks a client.

use std::{collections::BTreeSet, fs, path::Path};

use serde_json::{Value, json};

use crate::support::contract::DOCUMENT;

/// Which way a value goes: what a client sends may only become freer, what it gets only richer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Sent,
    Got,
}

/// Two documents, and what was found broken between them.
struct Comparison<'a> {
    released: &'a Value,
    present: &'a Value,
    seen: BTreeSet<(String, String, bool)>,
    broken: Vec<String>,
}

impl<'a> Comparison<'a> {
    fn of(released: &'a Value, present: &'a Value) -> Vec<String> {
        let mut comparison = Self { released, present, seen: BTreeSet::new(), broken: Vec::new() };
        comparison.paths();
        comparison.schemes();
        comparison.broken
    }

    /// How credentials are sent.
    fn schemes(&mut self) {
        let (released, present) = (self.released, self.present);
        for (name, old) in members(&released["components"]["securitySchemes"]) {
            let new = &present["components"]["securitySchemes"][name];
            if ["type", "scheme", "in", "name"].iter().any(|member| old[member] != new[member]) {
                self.broken.push(format!("credentials are sent otherwise than by {name}"));
            }
        }
    }

    fn paths(&mut self) {
        for (path, item) in members(&self.released["paths"]) {
            for (method, old) in members(item) {
                let new = &self.present["paths"][path][method];
                let at = format!("{} {path}", method.to_uppercase());
                if new.is_null() {
                    self.broken.push(format!("{at}: the operation is gone"));
                } else {
                    self.operation(&at, old, new);
                }
            }
        }
    }

    fn operation(&mut self, at: &str, old: &Value, new: &Value) {
        if old["operationId"] != new["operationId"] {
            self.broken.push(format!("{at}: another operationId, {}", new["operationId"]));
        }
        if old["tags"] != new["tags"] {
            self.broken.push(format!("{at}: other tags, {}", new["tags"]));
        }
        self.parameters(at, old, new);
        for (media, body) in members(&old["requestBody"]["content"]) {
            let present = &new["requestBody"]["content"][media];
            if present.is_null() {
                self.broken.push(format!("{at}: takes no {media} any more"));
            } else {
                self.schemas(&format!("{at} body"), &body["schema"], &present["schema"], Way::Sent);
            }
        }
        if old["requestBody"]["required"] != true && new["requestBody"]["required"] == true {
            self.broken.push(format!("{at}: a body is required"));
        }
        self.security(at, old, new);
        for (status, answer) in members(&old["responses"]) {
            let (answer, present) = (resolve(self.released, answer), resolve(self.present, &new["responses"][status]));
            if present.is_null() {
                self.broken.push(format!("{at}: no {status} any more"));
            } else {
                self.answer(at, status, answer, present);
            }
        }
    }

    fn answer(&mut self, at: &str, status: &str, old: &Value, new: &Value) {
        for (media, body) in members(&old["content"]) {
            let present = &new["content"][media];
            if present.is_null() {
                self.broken.push(format!("{at}: no {status} with {media} any more"));
            } else {
                self.schemas(&format!("{at} {status}"), &body["schema"], &present["schema"], Way::Got);
            }
        }
        for (name, header) in members(&old["headers"]) {
            let present = &new["headers"][name];
            if present.is_null() {
                self.broken.push(format!("{at} {status}: no header {name} any more"));
                continue;
            }
            if header["required"] == true && present["required"] != true {
                self.broken.push(format!("{at} {status} {name} may be absent"));
            }
            self.schemas(&format!("{at} {status} {name}"), &header["schema"], &present["schema"], Way::Got);
        }
    }

    /// Whoever could call the operation can call it still: one alternative asks for no scope beyond those that were enough.
    fn security(&mut self, at: &str, old: &Value, new: &Value) {
        let (was, is) = (alternatives(self.released, old), alternatives(self.present, new));
        for enough in was {
            let opens = |asked: &BTreeSet<String>| asked.is_subset(&enough);
            if !is.iter().any(opens) {
                self.broken.push(format!("{at}: {} is not enough any more", json!(enough)));
            }
        }
    }

    fn parameters(&mut self, at: &str, old: &Value, new: &Value) {
        let is_same = |one: &Value, other: &Value| one["name"] == other["name"] && one["in"] == other["in"];
        let (old, new): (Vec<&Value>, Vec<&Value>) =
            (items(&old["parameters"]).collect(), items(&new["parameters"]).collect());
        for parameter in &old {
            match new.iter().find(|present| is_same(parameter, present)) {
                None => self.broken.push(format!("{at}: no parameter {} any more", parameter["name"])),
                Some(present) => {
                    let at = format!("{at} {}", parameter["name"]);
                    self.schemas(&at, &parameter["schema"], &present["schema"], Way::Sent);
                }
            }
        }
        for parameter in new.iter().filter(|parameter| parameter["required"] == true) {
            let was_required = old.iter().any(|known| is_same(known, parameter) && known["required"] == true);
            if !was_required {
                self.broken.push(format!("{at}: parameter {} is required", parameter["name"]));
            }
        }
    }

    fn schemas(&mut self, at: &str, old: &Value, new: &Value, way: Way) {
        if let (Some(was), Some(is)) = (old["$ref"].as_str(), new["$ref"].as_str()) {
            if was != is {
                self.broken.push(format!("{at}: the schema is called {is}, was {was}"));
            }
            if !self.seen.insert((was.to_owned(), is.to_owned(), way == Way::Sent)) {
                return;
            }
            let name = is.rsplit('/').next().unwrap().to_owned();
            let (old, new) = (resolve(self.released, old), resolve(self.present, new));
            return self.shapes(&name, old, new, way);
        }
        let (old, new) = (resolve(self.released, old), resolve(self.present, new));
        self.shapes(at, old, new, way);
    }

    fn shapes(&mut self, at: &str, old: &Value, new: &Value, way: Way) {
        let (was, is) = (types(old), types(new));
        let type_breaks = if way == Way::Sent { is_narrower(&is, &was) } else { is_narrower(&was, &is) };
        if type_breaks || old["format"] != new["format"] {
            self.broken.push(format!("{at}: another type, {} {}", new["type"], new["format"]));
        }
        self.closed_lists(at, old, new, way);
        if way == Way::Sent {
            self.bounds(at, old, new);
        }
        let required = |schema: &Value| -> BTreeSet<String> {
            items(&schema["required"]).map(|name| name.as_str().unwrap().to_owned()).collect()
        };
        let (was, is) = (required(old), required(new));
        let changed: Vec<String> = if way == Way::Sent {
            is.difference(&was).cloned().collect()
        } else {
            was.difference(&is).cloned().collect()
        };
        let words = if way == Way::Sent { "is required" } else { "may be absent" };
        self.broken.extend(changed.iter().map(|name| format!("{at}.{name} {words}")));
        for (name, property) in members(&old["properties"]) {
            match &new["properties"][name] {
                Value::Null => self.broken.push(format!("{at}.{name} is gone")),
                present => self.schemas(&format!("{at}.{name}"), property, present, way),
            }
        }
        if old["items"].is_object() {
            self.schemas(&format!("{at}[]"), &old["items"], &new["items"], way);
        }
        if old["additionalProperties"].is_object() {
            let (was, is) = (&old["additionalProperties"], &new["additionalProperties"]);
            self.schemas(&format!("{at}{{}}"), was, is, way);
        }
        for (place, form) in items(&old["oneOf"]).enumerate() {
            let name = form_name(form, place);
            let mut present = items(&new["oneOf"]).enumerate();
            match present.find(|(place, other)| form_name(other, *place) == name) {
                Some((_, present)) => self.schemas(&format!("{at}|{name}"), form, present, way),
                None => self.broken.push(format!("{at}: no form {name} any more")),
            }
        }
        if way == Way::Sent && old["oneOf"].is_null() && new["oneOf"].is_array() {
            self.broken.push(format!("{at}: takes only some forms"));
        }
    }

    /// A word that was sent must still be taken. Clients accept new words in answers, by the contract.
    fn closed_lists(&mut self, at: &str, old: &Value, new: &Value, way: Way) {
        let missing: Vec<&Value> =
            items(&old["enum"]).filter(|word| !items(&new["enum"]).any(|each| each == *word)).collect();
        let is_opened = new["enum"].is_null();
        if !(missing.is_empty() || is_opened && way == Way::Sent) {
            self.broken.push(format!("{at}: no {} any more", json!(missing)));
        }
        if way == Way::Sent && old["enum"].is_null() && !is_opened {
            self.broken.push(format!("{at}: takes only some words"));
        }
    }

    fn bounds(&mut self, at: &str, old: &Value, new: &Value) {
        for (bound, is_least) in [
            ("minLength", true),
            ("minItems", true),
            ("minimum", true),
            ("maxLength", false),
            ("maxItems", false),
            ("maximum", false),
        ] {
            let is_tighter = match (old[bound].as_f64(), new[bound].as_f64()) {
                (Some(was), Some(is)) if is_least => is > was,
                (Some(was), Some(is)) => is < was,
                (None, Some(_)) => true,
                (_, None) => false,
            };
            if is_tighter {
                self.broken.push(format!("{at}: {bound} is {}, was {}", new[bound], old[bound]));
            }
        }
        if old["pattern"] != new["pattern"] && !new["pattern"].is_null() {
            self.broken.push(format!("{at}: another pattern, {}", new["pattern"]));
        }
        if new["additionalProperties"] == false && old["additionalProperties"] != false && old["properties"].is_object()
        {
            self.broken.push(format!("{at}: takes no other members any more"));
        }
    }
}

fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

fn items(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn resolve<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    schema["$ref"].as_str().and_then(|name| document.pointer(name.trim_start_matches('#'))).unwrap_or(schema)
}

/// What distinguishes one form among several: its name or its title, else its place.
fn form_name(form: &Value, place: usize) -> String {
    let named = form["$ref"].as_str().and_then(|name| name.rsplit('/').next()).or_else(|| form["title"].as_str());
    named.map_or_else(|| place.to_string(), str::to_owned)
}

/// The sets of credential and scopes of which each opens an operation; of what is open to all the set of nothing.
fn alternatives(document: &Value, operation: &Value) -> Vec<BTreeSet<String>> {
    let asked = [&operation["security"], &document["security"]].into_iter().find(|asked| asked.is_array());
    let each = items(asked.unwrap_or(&Value::Null)).map(|alternative| {
        let words = members(alternative).flat_map(|(scheme, scopes)| {
            let scopes = items(scopes).map(move |scope| format!("{scheme} {}", scope.as_str().unwrap()));
            std::iter::once(scheme.clone()).chain(scopes)
        });
        words.collect()
    });
    let all: Vec<BTreeSet<String>> = each.collect();
    if all.is_empty() { vec![BTreeSet::new()] } else { all }
}

/// Whether one of them allows less than the other; without a type a schema allows all.
fn is_narrower(one: &BTreeSet<String>, other: &BTreeSet<String>) -> bool {
    !one.is_empty() && (other.is_empty() || !other.is_subset(one))
}

/// The types that are allowed; of a schema that allows all the set of nothing.
fn types(schema: &Value) -> BTreeSet<String> {
    match &schema["type"] {
        Value::String(only) => BTreeSet::from([only.clone()]),
        several => items(several).map(|each| each.as_str().unwrap().to_owned()).collect(),
    }
}

#[test]
fn nothing_that_was_released_is_broken() {
    let released = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi/released.json");
    let released: Value = serde_json::from_str(&fs::read_to_string(released).unwrap()).unwrap();
    let broken = Comparison::of(&released, &DOCUMENT);
    assert!(broken.is_empty(), "breaks clients of the last release (see CONTRIBUTING.md):\n{}", broken.join("\n"));
}

/// A small document, changed by one pointer.
fn changed(pointer: &str, value: Value) -> Vec<String> {
    let released = json!({
        "paths": {"/things": {"post": {
            "operationId": "create_thing", "tags": ["things"],
            "parameters": [{"name": "q", "in": "query", "schema": {"type": "string", "maxLength": 9}}],
            "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/NewThing"}}}},
            "security": [{"bearer": ["things:write"]}, {"bearer": ["admin"]}],
            "responses": {
                "201": {"headers": {"ETag": {"schema": {"type": "string"}}, "Location": {"required": true, "schema": {"type": "string"}}},
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}},
                "404": {"$ref": "#/components/responses/NotFound"}}
        }, "get": {
            "operationId": "list_things", "tags": ["things"], "security": [],
            "responses": {"200": {"content": {"application/json": {"schema": {"type": "object", "additionalProperties": {"type": "string"}}}}}}
        }}},
        "components": {"securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
        "responses": {"NotFound": {"content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}}},
        "schemas": {
            "Problem": {"type": "object", "required": ["code"], "properties": {"code": {"type": "string"}}},
            "Line": {"oneOf": [
                {"title": "A", "type": "object", "properties": {"a": {"type": "string"}}},
                {"title": "B", "type": "object", "properties": {"b": {"type": "string"}}}]},
            "NewThing": {"type": "object", "required": ["name"], "properties": {
                "name": {"type": "string"}, "kind": {"type": "string", "enum": ["a", "b"]}, "anything": {}}},
            "Thing": {"type": "object", "required": ["id"], "properties": {
                "id": {"type": "string"}, "kind": {"type": "string", "enum": ["a", "b"]},
                "line": {"$ref": "#/components/schemas/Line"},
                "marks": {"type": "array", "items": {"type": "string"}}}}
        }}
    });
    let mut present = released.clone();
    assert_eq!(Comparison::of(&released, &present), Vec::<String>::new());
    let (holder, name) = pointer.rsplit_once('/').unwrap();
    let holder = present.pointer_mut(holder).unwrap().as_object_mut().unwrap();
    holder.insert(name.replace("~1", "/"), value);
    Comparison::of(&released, &present)
}

#[test]
fn what_breaks_a_client_is_found() {
    let schemas = "/components/schemas";
    let operation = "/paths/~1things/post";
    for (pointer, value, expected) in [
        ("/paths/~1things".to_owned(), json!({}), "POST /things: the operation is gone"),
        (format!("{operation}/operationId"), json!("make_thing"), "POST /things: another operationId, \"make_thing\""),
        (format!("{operation}/parameters"), json!([]), "POST /things: no parameter \"q\" any more"),
        (
            format!("{operation}/parameters"),
            json!([{"name": "q", "in": "query", "schema": {"type": "string", "maxLength": 8}}]),
            "POST /things \"q\": maxLength is 8, was 9",
        ),
        (
            format!("{operation}/parameters"),
            json!([{"name": "q", "in": "query", "required": true, "schema": {"type": "string", "maxLength": 9}}]),
            "POST /things: parameter \"q\" is required",
        ),
        (format!("{operation}/responses"), json!({"200": {}}), "POST /things: no 201 any more"),
        (format!("{schemas}/NewThing/required"), json!(["name", "kind"]), "NewThing.kind is required"),
        (format!("{schemas}/NewThing/properties"), json!({"name": {"type": "string"}}), "NewThing.kind is gone"),
        (format!("{schemas}/NewThing/properties/kind/enum"), json!(["a"]), "NewThing.kind: no [\"b\"] any more"),
        (
            format!("{schemas}/NewThing/properties/name/type"),
            json!("integer"),
            "NewThing.name: another type, \"integer\" null",
        ),
        (format!("{schemas}/Thing/required"), json!([]), "Thing.id may be absent"),
        (
            format!("{schemas}/Thing/properties/id/type"),
            json!(["string", "null"]),
            "Thing.id: another type, [\"string\",\"null\"] null",
        ),
        (format!("{schemas}/Thing/properties/id"), json!({}), "Thing.id: another type, null null"),
        (
            format!("{schemas}/Thing/properties/marks"),
            json!({"type": "array"}),
            "Thing.marks[]: another type, null null",
        ),
        (
            format!("{schemas}/NewThing/properties/anything"),
            json!({"type": "string"}),
            "NewThing.anything: another type, \"string\" null",
        ),
        (format!("{schemas}/Thing/properties"), json!({"id": {"type": "string"}}), "Thing.kind is gone"),
        (format!("{schemas}/Thing/properties/kind/enum"), json!(["a"]), "Thing.kind: no [\"b\"] any more"),
        (format!("{schemas}/Problem/properties"), json!({}), "Problem.code is gone"),
        (format!("{schemas}/Problem/required"), json!([]), "Problem.code may be absent"),
        (
            format!("{schemas}/Problem/properties/code/type"),
            json!("integer"),
            "Problem.code: another type, \"integer\" null",
        ),
        (
            "/components/responses/NotFound/content".to_owned(),
            json!({"application/json": {"schema": {"$ref": "#/components/schemas/Problem"}}}),
            "POST /things: no 404 with application/problem+json any more",
        ),
        (format!("{operation}/responses/404"), Value::Null, "POST /things: no 404 any more"),
        (
            format!("{operation}/responses/201/headers"),
            json!({"Location": {"required": true, "schema": {"type": "string"}}}),
            "POST /things 201: no header ETag any more",
        ),
        (
            format!("{operation}/responses/201/headers/ETag/schema/type"),
            json!("integer"),
            "POST /things 201 ETag: another type, \"integer\" null",
        ),
        (
            format!("{operation}/responses/201/headers/Location/required"),
            json!(false),
            "POST /things 201 Location may be absent",
        ),
        (
            format!("{operation}/security"),
            json!([{"bearer": ["things:read", "things:write"]}, {"bearer": ["admin"]}]),
            "POST /things: [\"bearer\",\"bearer things:write\"] is not enough any more",
        ),
        (
            format!("{operation}/security"),
            json!([{"bearer": ["things:write"]}]),
            "POST /things: [\"bearer\",\"bearer admin\"] is not enough any more",
        ),
        ("/paths/~1things/get/security".to_owned(), json!([{"bearer": []}]), "GET /things: [] is not enough any more"),
        (
            "/components/securitySchemes/bearer/type".to_owned(),
            json!("apiKey"),
            "credentials are sent otherwise than by bearer",
        ),
        (
            format!("{schemas}/Line/oneOf"),
            json!([{"title": "A", "type": "object", "properties": {"a": {"type": "string"}}}]),
            "Line: no form B any more",
        ),
        (format!("{schemas}/Line/oneOf/1/properties"), json!({}), "Line|B.b is gone"),
        (
            "/paths/~1things/get/responses/200/content/application~1json/schema/additionalProperties/type".to_owned(),
            json!("integer"),
            "GET /things 200{}: another type, \"integer\" null",
        ),
        (format!("{operation}/requestBody/required"), json!(true), "POST /things: a body is required"),
    ] {
        let broken = changed(&pointer, value);
        assert!(broken.iter().any(|each| each == expected), "{pointer}: {broken:?}");
    }
}

#[test]
fn what_a_client_accepts_is_no_break() {
    for (pointer, value) in [
        ("/paths/~1others", json!({"get": {"operationId": "list_others"}})),
        ("/components/schemas/NewThing/required", json!([])),
        ("/components/schemas/NewThing/properties/kind/enum", json!(["a", "b", "c"])),
        ("/components/schemas/NewThing/properties/note", json!({"type": "string"})),
        ("/components/schemas/NewThing/properties/name", json!({})),
        ("/components/schemas/Thing/properties/note", json!({"type": "string"})),
        ("/components/schemas/Thing/properties/kind/enum", json!(["a", "b", "c"])),
        ("/components/schemas/Thing/required", json!(["id", "kind"])),
        (
            "/components/schemas/Line/oneOf",
            json!([
                {"title": "C", "type": "object"},
                {"title": "B", "type": "object", "properties": {"b": {"type": "string"}}},
                {"title": "A", "type": "object", "properties": {"a": {"type": "string"}}}
            ]),
        ),
        ("/components/schemas/Problem/properties/title", json!({"type": "string"})),
        ("/paths/~1things/post/responses/409", json!({"$ref": "#/components/responses/NotFound"})),
        ("/paths/~1things/post/responses/201/headers/RateLimit", json!({"schema": {"type": "string"}})),
        (
            "/paths/~1things/post/security",
            json!([{"bearer": ["admin"]}, {"bearer": ["things:write"]}, {"bearer": ["more"]}]),
        ),
        ("/paths/~1things/post/security", json!([{"bearer": []}])),
        ("/paths/~1things/post/security", json!([])),
        (
            "/paths/~1things/post/parameters",
            json!([{"name": "q", "in": "query", "schema": {"type": "string", "maxLength": 10}}, {"name": "r", "in": "query", "schema": {}}]),
        ),
    ] {
        let broken = changed(pointer, value);
        assert!(broken.is_empty(), "{pointer}: {broken:?}");
    }
}
