//! Generates the client from `openapi/openapi-3.0.json`.

use std::{env, fs, path::Path};

use serde_json::Value;

const DOCUMENT: &str = "../../openapi/openapi-3.0.json";

fn main() {
    println!("cargo:rerun-if-changed={DOCUMENT}");
    let text = fs::read_to_string(DOCUMENT).expect("the document is there");
    let mut document: Value = serde_json::from_str(&text).expect("the document is JSON");
    suit(&mut document);
    let document: openapiv3::OpenAPI = serde_json::from_value(document).expect("the document is OpenAPI 3.0");
    let mut settings = progenitor::GenerationSettings::new();
    settings.with_interface(progenitor::InterfaceStyle::Builder);
    let client = progenitor::Generator::new(&settings).generate_tokens(&document).expect("a client is generated");
    let out = env::var("OUT_DIR").expect("cargo names the folder");
    fs::write(Path::new(&out).join("client.rs"), client.to_string()).expect("the client is written");
}

/// progenitor knows one type of failure per operation, and JSON under no other name: problem documents become plain JSON,
/// and "unchanged", which is no failure and has no body, is left out.
fn suit(value: &mut Value) {
    match value {
        Value::Object(members) => {
            if let Some(problem) = members.remove("application/problem+json") {
                members.insert("application/json".to_owned(), problem);
            }
            members.remove("304");
            members.values_mut().for_each(suit);
        }
        Value::Array(items) => items.iter_mut().for_each(suit),
        _ => {}
    }
}
