//! Members that name something by its id: identifiers wherever they stand, so that a client can hand on what it got.

use serde_json::{Value, json};

use super::change_schemas;

/// Elsewhere an entry of a case history may be named by a word of the caller's own.
const IDENTIFIERS: &[&str] = &["authority_id", "call_id", "request_id"];

/// Says of each that it is one.
pub(super) fn state(document: &mut Value) {
    change_schemas(document, &mut |schema| {
        let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) else { return };
        for (_, property) in properties.iter_mut().filter(|(name, _)| IDENTIFIERS.contains(&name.as_str())) {
            if property["$ref"] == "#/components/schemas/Word" {
                property["$ref"] = json!("#/components/schemas/Id");
            } else if property["type"] == "string" {
                property["format"] = json!("uuid");
            }
        }
    });
}
