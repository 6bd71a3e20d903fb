//! Bounds of what the service answers: a client can size its columns and its numbers from the document.

use serde_json::{Value, json};

use super::{change_schemas, is_of_type};

/// The most characters of a text that has no bound of its own: those of the largest body, in which it came.
const LONGEST_TEXT: u64 = 2_097_152;
/// The most that counts, versions and places in a chain come to: what every client's numbers hold exactly (2^53 - 1).
const LARGEST_NUMBER: i64 = 9_007_199_254_740_991;

/// States the bounds of every text and whole number that has none.
pub(super) fn state(document: &mut Value) {
    change_schemas(document, &mut |schema| {
        if is_of_type(schema, "string") {
            bound_text(schema);
        }
        if is_of_type(schema, "integer") {
            bound_number(schema);
        }
    });
}

fn bound_text(schema: &mut Value) {
    let is_closed = schema.get("enum").is_some() || schema.get("maxLength").is_some();
    let longest = match schema.get("format").and_then(Value::as_str) {
        Some("date") => 10,
        // As in 2026-11-22T06:05:00.109616+00:00.
        Some("date-time") => 32,
        Some("uuid") => 36,
        Some("uri" | "uri-reference") => 2_000,
        _ => LONGEST_TEXT,
    };
    if let Some(members) = schema.as_object_mut().filter(|_| !is_closed) {
        members.insert("maxLength".to_owned(), json!(longest));
    }
}

fn bound_number(schema: &mut Value) {
    let is_short = schema.get("format").is_none_or(|format| format == "int32");
    let Some(members) = schema.as_object_mut() else { return };
    members.entry("format").or_insert_with(|| json!("int32"));
    let most = if is_short { i64::from(i32::MAX) } else { LARGEST_NUMBER };
    members.entry("minimum").or_insert_with(|| json!(-most));
    members.entry("maximum").or_insert_with(|| json!(most));
}
