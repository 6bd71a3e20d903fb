//! The copy of the contract in OpenAPI 3.0, and the links of the contract.

use std::{collections::BTreeSet, fs, path::Path};

use candour::routes;
use serde_json::{Value, json};

use crate::support::{
    Database, Server,
    contract::{DOCUMENT, operations},
};

#[test]
fn the_committed_copy_is_what_the_program_prints_and_serves() {
    let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi/openapi-3.0.json");
    let committed = fs::read_to_string(committed).unwrap();
    let printed = routes::older_document_text().unwrap();
    assert!(committed == printed, "openapi/openapi-3.0.json is not what the code says; run: scripts/openapi write");
    let server = Server::start(Database::Sqlite);
    let served = server.anonymous().get("/openapi-3.0.json");
    assert_eq!((served.status, served.header("content-type")), (200, "application/json"));
    assert_eq!(served.text, printed);
    server.anonymous().post("/openapi-3.0.json", &json!({})).problem(405, "method-not-allowed");
}

/// Where members that 3.0 has not stand in schemas of the document.
fn foreign(value: &Value, at: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                let is_foreign = match name.as_str() {
                    "const" | "propertyNames" | "contentMediaType" | "prefixItems" => !at.ends_with("/properties"),
                    "type" => member.is_array(),
                    "exclusiveMinimum" | "exclusiveMaximum" => member.is_number(),
                    "$ref" => members.len() > 1,
                    _ => false,
                };
                if is_foreign {
                    found.push(format!("{at}/{name}"));
                }
                if !["example", "examples"].contains(&name.as_str()) {
                    foreign(member, &format!("{at}/{name}"), found);
                }
            }
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| foreign(item, &format!("{at}/{index}"), found));
        }
        _ => {}
    }
}

#[test]
fn the_copy_says_the_same_in_words_of_3_0() {
    let copy: Value = serde_json::from_str(&routes::older_document_text().unwrap()).unwrap();
    assert_eq!(copy["openapi"], "3.0.3");
    let mut found = Vec::new();
    foreign(&copy, "", &mut found);
    assert!(found.is_empty(), "{found:?}");
    let names = |document: &Value, place: &str| -> BTreeSet<String> {
        document.pointer(place).unwrap().as_object().unwrap().keys().cloned().collect()
    };
    for place in ["/paths", "/components/schemas", "/components/responses"] {
        assert_eq!(names(&copy, place), names(&DOCUMENT, place));
    }
    let patch = &copy["components"]["schemas"]["RequestPatch"]["properties"]["case_file_uri"];
    assert_eq!((&patch["type"], &patch["nullable"]), (&json!("string"), &json!(true)));
}

#[test]
fn every_link_leads_to_an_operation_with_all_that_its_path_needs() {
    let all = operations();
    let mut links = 0;
    for operation in &all {
        for (status, answer) in operation.value["responses"].as_object().unwrap() {
            for (name, link) in answer["links"].as_object().into_iter().flatten() {
                let at = format!("{} {status} {name}", operation.id());
                let target = all.iter().find(|each| link["operationId"] == each.id()).unwrap_or_else(|| panic!("{at}"));
                let given: BTreeSet<&str> =
                    link["parameters"].as_object().unwrap().keys().map(String::as_str).collect();
                let needed: Vec<Value> = target.parameters("path");
                let missing: Vec<_> =
                    needed.iter().filter(|each| !given.contains(each["name"].as_str().unwrap())).collect();
                assert!(missing.is_empty(), "{at}: {missing:?}");
                let stray: Vec<_> = given
                    .iter()
                    .filter(|name| **name != "cursor" && !needed.iter().any(|each| each["name"] == **name))
                    .collect();
                assert!(stray.is_empty(), "{at}: {stray:?}");
                links += 1;
            }
        }
    }
    assert!(links > 200, "{links}");
    let made = all.iter().find(|each| each.id() == "create_request").unwrap();
    let links = &made.value["responses"]["201"]["links"];
    assert_eq!(links["get_clock"]["parameters"], json!({"request_id": "$response.body#/id"}));
    let replaced = json!({"label": "$response.body#/parts/0/label", "request_id": "$response.body#/id"});
    assert_eq!(links["replace_part"]["parameters"], replaced);
}
