//! The contract: the OpenAPI document is what is committed, complete and true of the running service.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use candour::{
    api::{problem::PROBLEM_CODES, scopes},
    routes,
};
use serde_json::{Value, json};

use crate::{
    on_both,
    support::{
        Database, Server,
        contract::{DOCUMENT, Operation, misfits, operation, operations, resolved},
        world,
    },
};

/// Operations that anyone may call: reference data and operation.
const OPEN: &[&str] = &[
    "calculate_clock",
    "estimate_cost",
    "get_deadline",
    "get_liveness",
    "get_problem_code",
    "get_provision",
    "get_readiness",
    "get_version",
    "list_calendar_days",
    "list_calendars",
    "list_provisions",
    "resolve_citations",
];

/// Words that no member may be called, because they are reserved in Python, Java, C#, Go, JavaScript or Rust.
const RESERVED: &str = "\
    False None True abstract and as assert async await base bool boolean box break byte case catch chan char checked \
    class const continue crate debugger decimal def default defer del delegate delete do double dyn elif else enum \
    event except explicit export extends extern fallthrough false final finally fixed float fn for foreach from func \
    function global go goto if impl implements implicit import in instanceof int interface internal is lambda let \
    lock long loop macro map match mod module move mut namespace native new nil nonlocal not null object operator or \
    out override package params pass priv private protected pub public raise range readonly ref return sbyte sealed \
    select self short sizeof stackalloc static strictfp string struct super switch synchronized this throw throws \
    trait transient true try type typeof uint ulong unchecked unsafe unsized ushort use using var virtual void \
    volatile where while with yield";

/// Reserved words all the same: fixed by RFC 9457 and by the contract.
const FIXED: &[(&str, &str)] = &[("Problem", "type"), ("Issue", "override"), ("ResponseLetter", "override")];

fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

#[test]
fn the_committed_document_is_what_the_program_prints() {
    let committed = fs::read_to_string(repository("openapi/openapi.json")).unwrap();
    let printed = routes::document_text().unwrap();
    assert!(committed == printed, "openapi/openapi.json is not what the code says; run: scripts/openapi write");
    assert_eq!(DOCUMENT["openapi"], "3.1.0");
}

#[test]
fn every_operation_is_described_in_full() {
    let tags: Vec<&Value> = DOCUMENT["tags"].as_array().unwrap().iter().map(|tag| &tag["name"]).collect();
    let schemes = DOCUMENT["components"]["securitySchemes"].as_object().unwrap();
    let mut ids = BTreeSet::new();
    for operation in operations() {
        let (id, value) = (operation.id(), &operation.value);
        let of_verb = id.split_once('_').is_some_and(|(verb, noun)| !verb.is_empty() && !noun.is_empty());
        assert!(of_verb && id.bytes().all(|byte| byte == b'_' || byte.is_ascii_lowercase()), "{id}");
        assert!(ids.insert(id.to_owned()), "{id} twice");
        let given = value["tags"].as_array().unwrap();
        assert!(given.len() == 1 && tags.contains(&&given[0]), "{id}: {given:?}");
        for member in ["summary", "description"] {
            assert!(value[member].as_str().is_some_and(|text| text.len() > 5), "{id} has no {member}");
        }
        assert!(value["summary"].as_str().unwrap().len() < 80, "{id}");
        let is_open = OPEN.contains(&id);
        let needs = scopes::rule_of(&operation.method, &operation.path).map(|rule| rule.needs);
        assert_eq!(needs.is_none(), is_open, "{id}: add a line to src/api/scopes.rs");
        let needs = needs.into_iter().flatten().map(|all| json!({"bearer": all}));
        assert_eq!(value["security"], json!(needs.collect::<Vec<_>>()), "{id}");
        for scheme in value["security"].as_array().unwrap().iter().flat_map(|each| each.as_object().unwrap().keys()) {
            assert!(schemes.contains_key(scheme), "{id}: {scheme} is not defined");
        }
        for (media, _, example) in operation.bodies() {
            assert!(example.is_object(), "{id} has no example for {media}");
        }
    }
    let unused: Vec<_> = OPEN.iter().filter(|id| !ids.contains(**id)).collect();
    assert!(unused.is_empty(), "{unused:?}");
}

#[test]
fn every_operation_names_its_failures_by_the_shared_answers() {
    for operation in operations() {
        let id = operation.id();
        let responses = operation.value["responses"].as_object().unwrap();
        let failures: BTreeMap<u16, &Value> = responses
            .iter()
            .map(|(status, response)| (status.parse().unwrap(), response))
            .filter(|(status, _)| *status >= 400)
            .collect();
        for (status, response) in &failures {
            assert_eq!(**response, json!({"$ref": format!("#/components/responses/Problem{status}")}), "{id}");
        }
        let mut expected = vec![406, 500];
        let is_open = OPEN.contains(&id);
        if !is_open {
            expected.extend([401, 403, 503]);
        }
        if operation.path.contains('{') {
            expected.extend([400, 404]);
        }
        if !operation.bodies().is_empty() {
            expected.extend([400, 413, 415, 422]);
        }
        if let Some(header) = operation.parameters("header").into_iter().find(|header| header["name"] == "If-Match") {
            expected.extend([409, 412]);
            expected.extend((header["required"] == true).then_some(428));
        }
        let missing: Vec<_> = expected.iter().filter(|status| !failures.contains_key(status)).collect();
        assert!(missing.is_empty(), "{id}: {missing:?}");
        assert!(responses.keys().any(|status| status.starts_with('2')), "{id}");
    }
    for (name, response) in DOCUMENT["components"]["responses"].as_object().unwrap() {
        let content = &response["content"]["application/problem+json"]["schema"];
        assert_eq!(*content, json!({"$ref": "#/components/schemas/Problem"}), "{name}");
        let status: u16 = name.trim_start_matches("Problem").parse().unwrap();
        for row in PROBLEM_CODES.iter().filter(|row| row.status == status) {
            assert!(response["description"].as_str().unwrap().contains(&format!("`{}`", row.code)), "{name}");
        }
    }
}

/// Texts of all Rust files below `src`, by path.
fn sources(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push((path.clone(), fs::read_to_string(&path).unwrap()));
        }
    }
    found
}

#[test]
fn every_route_of_the_program_is_documented_and_every_documented_one_is_routed() {
    let documented: BTreeSet<String> = operations().iter().map(|operation| operation.id().to_owned()).collect();
    let routed: BTreeSet<String> = fs::read_to_string(repository("src/routes.rs"))
        .unwrap()
        .lines()
        .filter_map(|line| {
            Some(line.trim().strip_prefix(".service(")?.split_once("::")?.1.split_once(')')?.0.to_owned())
        })
        .collect();
    assert_eq!(routed, documented);
    // Every path that a handler is written for is one of the document's: none was left out of the routes.
    let paths: BTreeSet<String> = operations().iter().map(|operation| operation.path.clone()).collect();
    let mut written = BTreeSet::new();
    for (_, source) in sources(&repository("src/api")) {
        let handlers = source.lines().map(str::trim).filter(|line| {
            ["#[get(\"/", "#[post(\"/", "#[put(\"/", "#[patch(\"/", "#[delete(\"/"]
                .iter()
                .any(|start| line.starts_with(start))
                || line
                    .split_once(", \"/v1/")
                    .is_some_and(|(name, _)| name.bytes().all(|byte| byte == b'_' || byte.is_ascii_lowercase()))
        });
        written.extend(handlers.map(|line| line.split('"').nth(1).unwrap().to_owned()));
    }
    assert_eq!(written, paths);
}

/// Every `$ref` of the document, wherever it stands.
fn references(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            found.extend(members.get("$ref").and_then(Value::as_str).map(str::to_owned));
            members.values().for_each(|member| references(member, found));
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        _ => {}
    }
}

#[test]
fn every_reference_leads_to_a_schema_and_every_schema_is_referred_to() {
    let mut found = BTreeSet::new();
    references(&DOCUMENT, &mut found);
    let dangling: Vec<_> =
        found.iter().filter(|name| DOCUMENT.pointer(name.trim_start_matches('#')).is_none()).collect();
    assert!(dangling.is_empty(), "{dangling:?}");
    for kind in ["schemas", "responses"] {
        for name in DOCUMENT["components"][kind].as_object().unwrap().keys() {
            assert!(found.contains(&format!("#/components/{kind}/{name}")), "nothing refers to {name}");
        }
    }
}

/// Names under which Rust types stand in the document, each with the files that claim it.
fn schema_names() -> BTreeMap<String, Vec<String>> {
    let mut claims: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (path, source) in sources(&repository("src")) {
        let mut is_schema = false;
        let mut other_name = None;
        for line in source.lines().map(str::trim) {
            is_schema |=
                line.starts_with("vocabulary! {") || (line.starts_with("#[derive(") && line.contains("ToSchema"));
            if let Some((_, after)) = line.split_once("#[schema(as = ") {
                other_name = Some(after.split([')', ',']).next().unwrap().to_owned());
            }
            let item = ["pub struct ", "pub enum "].iter().find_map(|start| line.strip_prefix(start));
            let Some(item) = item.filter(|item| !item.starts_with('$')) else { continue };
            if is_schema {
                let name = item.split([' ', '<', '(']).next().unwrap().to_owned();
                claims.entry(other_name.take().unwrap_or(name)).or_default().push(path.display().to_string());
            }
            is_schema = false;
        }
    }
    claims
}

#[test]
fn no_two_types_share_the_name_of_a_schema() {
    let claims = schema_names();
    assert!(claims.len() > 80, "{claims:?}");
    let shared: Vec<_> = claims.iter().filter(|(_, files)| files.len() > 1).collect();
    assert!(shared.is_empty(), "{shared:?}");
}

/// Calls `visit` with every schema of the document, those in operations included, and where it stands.
fn visit_schemas(visit: &mut dyn FnMut(&str, &Value)) {
    for (name, schema) in DOCUMENT["components"]["schemas"].as_object().unwrap() {
        visit_schema(name, schema, visit);
    }
    for operation in operations() {
        for parameter in operation.value["parameters"].as_array().into_iter().flatten() {
            visit_schema(&format!("{} {}", operation.id(), parameter["name"]), &parameter["schema"], visit);
        }
    }
}

fn visit_schema(at: &str, schema: &Value, visit: &mut dyn FnMut(&str, &Value)) {
    visit(at, schema);
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        visit_schema(&format!("{at}.{name}"), property, visit);
    }
    if schema["items"].is_object() {
        visit_schema(&format!("{at}[]"), &schema["items"], visit);
    }
    for (index, form) in schema["oneOf"].as_array().into_iter().flatten().enumerate() {
        visit_schema(&format!("{at}|{index}"), form, visit);
    }
}

fn is_of_type(schema: &Value, name: &str) -> bool {
    schema["type"] == name || schema["type"].as_array().is_some_and(|names| names.iter().any(|each| each == name))
}

#[test]
fn schemas_are_bounded_and_carry_no_reserved_words() {
    let reserved: BTreeSet<&str> = RESERVED.split_whitespace().collect();
    let mut wrong = Vec::new();
    visit_schemas(&mut |at, schema| {
        if is_of_type(schema, "array") && schema["maxItems"].is_null() {
            wrong.push(format!("{at} has no maxItems"));
        }
        let alternatives = schema["oneOf"].as_array().into_iter().chain(schema["anyOf"].as_array()).flatten();
        if alternatives.into_iter().any(|form| form["type"] == "null") {
            wrong.push(format!("{at} is one of something or null"));
        }
        for name in schema["properties"].as_object().into_iter().flat_map(|properties| properties.keys()) {
            if reserved.contains(name.as_str()) && !FIXED.contains(&(at, name)) {
                wrong.push(format!("{at}.{name} is a reserved word"));
            }
            if name == "held" {
                wrong.push(format!("{at}.{name} may not be"));
            }
        }
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            let is_instant = name.ends_with("_at") && is_of_type(property, "string");
            if is_instant && property["format"] != "date-time" {
                wrong.push(format!("{at}.{name} is an instant without its format"));
            }
            if name.ends_with("_on") && name != "relies_on" && resolved(property)["format"] != "date" {
                wrong.push(format!("{at}.{name} is a date without its format"));
            }
        }
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Names of every schema that a request body reaches.
fn inputs() -> BTreeSet<String> {
    let mut waiting: Vec<Value> =
        operations().iter().flat_map(Operation::bodies).map(|(_, schema, _)| schema).collect();
    let mut reached = BTreeSet::new();
    while let Some(schema) = waiting.pop() {
        visit_schema("", &schema, &mut |_, part| {
            if let Some(name) = part["$ref"].as_str()
                && reached.insert(name.rsplit('/').next().unwrap().to_owned())
            {
                waiting.push(resolved(part).clone());
            }
        });
    }
    reached
}

#[test]
fn inputs_take_no_other_members_and_no_text_without_bounds() {
    let inputs = inputs();
    assert!(inputs.len() > 30, "{inputs:?}");
    let mut wrong = Vec::new();
    for name in &inputs {
        let schema = &DOCUMENT["components"]["schemas"][name];
        visit_schema(name, schema, &mut |at, part| {
            if is_of_type(part, "object") && part["additionalProperties"] != false {
                wrong.push(format!("{at} takes other members"));
            }
            let bounds = ["maxLength", "enum", "format", "pattern"];
            if is_of_type(part, "string") && bounds.iter().all(|bound| part[bound].is_null()) {
                wrong.push(format!("{at} is a text without bounds"));
            }
        });
    }
    for operation in operations() {
        for parameter in operation.value["parameters"].as_array().into_iter().flatten() {
            let schema = resolved(&parameter["schema"]);
            let bounds = ["maxLength", "enum", "format", "pattern"];
            if is_of_type(schema, "string") && bounds.iter().all(|bound| schema[bound].is_null()) {
                wrong.push(format!("{} {} is a text without bounds", operation.id(), parameter["name"]));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_example_fits_its_schema() {
    for operation in operations() {
        for (media, schema, example) in operation.bodies() {
            let misfits = misfits(&schema, &example, &format!("{} {media}", operation.id()));
            assert!(misfits.is_empty(), "{}", misfits.join("\n"));
        }
    }
}

/// Authorities come last: the other examples leave out `authority_id`, as a caller with one authority does.
fn in_order() -> Vec<Operation> {
    let mut all = operations();
    all.sort_by_key(|operation| operation.id() == "create_authority");
    all
}

on_both! {
    fn every_example_is_accepted_and_answered_as_documented(server) {
        world::only_authority(server);
        let mut sent = 0;
        for operation in in_order() {
            for (media, _, example) in operation.bodies() {
                let answer = world::call(server, &operation, &media, Some(&example));
                assert!((200..300).contains(&answer.status), "{}: {} {}", operation.id(), answer.status, answer.text);
                assert_documented(&operation, &answer);
                sent += 1;
            }
        }
        assert!(sent >= 27, "{sent}");
    }

    fn every_reading_is_answered_as_documented(server) {
        world::only_authority(server);
        let mut read = 0;
        for operation in operations().into_iter().filter(|operation| operation.bodies().is_empty()) {
            let answer = world::call(server, &operation, "", None);
            assert!((200..300).contains(&answer.status), "{}: {} {}", operation.id(), answer.status, answer.text);
            assert_documented(&operation, &answer);
            read += 1;
        }
        assert!(read >= 26, "{read}");
    }

    fn casework_in_every_state_is_read_as_documented(server) {
        let request = furnished_request(server);
        for template in [
            "/v1/requests/{request_id}", "/v1/requests/{request_id}/clock", "/v1/requests/{request_id}/timeline",
            "/v1/requests/{request_id}/responses", "/v1/requests/{request_id}/requester", "/v1/requests",
            "/v1/metrics/timeliness", "/v1/metrics/outcomes", "/v1/metrics/provisions", "/v1/metrics/ncnd",
        ] {
            let operation = operation("GET", template);
            let target = format!("{}{}", template.replace("{request_id}", &request), world::query(&operation));
            let answer = server.get(&target);
            assert_eq!(answer.status, 200, "{target} {}", answer.text);
            assert_documented(&operation, &answer);
        }
    }
}

/// A request with as much said about it as possible: every member of its documents is there.
fn furnished_request(server: &Server) -> String {
    world::only_authority(server);
    let body = json!({"reference": "01/FOI/19/012345", "regime": "foia", "received_on": "2019-11-07", "acknowledged_on": "2019-11-08",
        "channel": "email", "subject": "Partnership", "topics": ["technology-partners"],
        "requester": {"name": "A person", "email": "a@example.org", "address": "1 Street", "organisation": "None"},
        "original_text": "Dear authority", "case_file_uri": "file://opaque",
        "external_ids": [{"scheme": "case-system", "value": "1"}],
        "parts": [{"label": "1", "text": "One"}, {"label": "2", "text": "Two", "regime": "eir", "interpretation": "So", "scope_note": "2019"},
            {"label": "3", "text": "Three", "valid_request": false, "invalid_reason": "An opinion"},
            {"label": "4", "text": "Any other information", "residual": true, "prior_publication": "A press notice"}]});
    let request = crate::support::server::id(&server.post("/v1/requests", &body).expect(201));
    let path = format!("/v1/requests/{request}");
    let events = [
        ("clarifications", json!({"asked_on": "2019-11-11", "text": "Which?", "parts": ["1"]})),
        ("fee-notices", json!({"given_on": "2019-11-12", "amount": "25.00", "parts": ["4"]})),
        (
            "extensions",
            json!({"kind": "complexity_and_volume", "notified_on": "2019-11-29", "estimated_on": "2020-01-07", "parts": ["2"], "reasons": "Many records"}),
        ),
    ];
    for (place, event) in events {
        let answer = server.post(&format!("{path}/{place}"), &event);
        assert_documented(&operation("POST", &format!("/v1/requests/{{request_id}}/{place}")), &answer);
    }
    let sent = json!({"kind": "initial", "record_as": "sent", "issued_on": "2020-01-28", "decided_by": {"staff_ref": "s-1", "role": "Officer"},
        "particulars": {"internal_review": "stated", "regulator": "omitted"},
        "sent_documents": [{"uri": "file://letter", "sha256": "a".repeat(64), "title": "Letter"}],
        "left_open": [{"part": "2", "reason": "Still searching"}],
        "determinations": [{"part": "1", "outcome": "withheld", "explanation": "Some words", "grounds": [
            {"provision": "40(2)", "as_cited": "section 40(2)", "relies_on": [{"provision": "40(3A)(a)", "threshold": "would", "rank": "primary"}],
             "reasons": "Names", "applies_to": "names", "threshold": "would", "alternative_group": "a",
             "legitimate_interests": {"interest": "Some", "necessary": false, "balance": "None"},
             "cost_estimate": {"hours": "1.5", "amount": "37.50", "basis": "A sample"},
             "statement_omitted": {"under": "17(4)", "covers": ["17(1)(c)"], "decided_by": {"staff_ref": "s-2"}}},
            {"as_cited": "section 3(3)"}],
            "public_interest_tests": [{"provisions": ["40(2)"], "factors_for": [{"text": "Openness", "argued_by": "requester"}], "balance": "equal", "decided_on": "2020-01-27"}]}]});
    let answer = server.post(&format!("{path}/responses"), &sent);
    assert_documented(&operation("POST", "/v1/requests/{request_id}/responses"), &answer);
    assert!(!answer.expect(201)["findings"].as_array().unwrap().is_empty(), "{}", answer.text);
    request
}

/// The status is documented, and a JSON body is what the document says of it.
#[track_caller]
fn assert_documented(operation: &Operation, answer: &crate::support::Answer) {
    let schema = operation.answer_schema(answer.status);
    let other = &operation.value["responses"][answer.status.to_string()]["content"][answer.header("content-type")];
    if schema.is_null() && other.is_object() {
        assert!(!answer.text.is_empty(), "{}", operation.id());
        return;
    }
    if schema.is_null() {
        assert_eq!(answer.text, "", "{}", operation.id());
        return;
    }
    assert_eq!(answer.header("content-type"), "application/json", "{}", operation.id());
    let misfits = misfits(&schema, &answer.json(), operation.id());
    assert!(misfits.is_empty(), "{}", misfits.join("\n"));
}

#[test]
fn every_problem_code_has_its_page() {
    let server = Server::start(Database::Sqlite);
    let mut codes = BTreeSet::new();
    for row in PROBLEM_CODES {
        assert!(codes.insert(row.code), "{} twice", row.code);
        let page = server.anonymous().get(&format!("/problems/{}", row.code)).expect(200);
        assert_eq!(page["code"], row.code);
        assert_eq!(page["title"], row.title);
        assert_eq!(page["explanation"], row.explanation);
        assert_eq!(page.get("status").cloned().unwrap_or(json!(0)), row.status);
    }
    server.get("/problems/no-such-code").problem(404, "not-found");
}

#[test]
fn every_code_that_the_source_uses_is_in_the_table() {
    let mut used = BTreeSet::new();
    for (path, source) in sources(&repository("src")) {
        for line in source.lines() {
            if let Some((_, after)) = line.split_once(": FaultCode = \"") {
                used.insert((path.clone(), after.split_once('"').unwrap().0.to_owned()));
            }
        }
    }
    assert!(used.len() >= 10, "{used:?}");
    for (path, code) in used {
        assert!(PROBLEM_CODES.iter().any(|row| row.code == code), "{code} of {}", path.display());
    }
}
