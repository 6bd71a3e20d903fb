//! Names for the forms that a value may have: generators of clients make up names where a schema has none.

use serde_json::{Map, Value, json};

/// Moves every titled form of a choice among the named schemas, under its title.
pub(super) fn name(document: &mut Value) {
    let Some(schemas) = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut) else { return };
    let mut named = Map::new();
    for choice in schemas.values_mut().filter_map(|schema| schema.get_mut("oneOf")) {
        for form in choice.as_array_mut().into_iter().flatten() {
            if let Some(title) = form["title"].as_str().map(str::to_owned) {
                let reference = json!({"$ref": format!("#/components/schemas/{title}")});
                named.insert(title, std::mem::replace(form, reference));
            }
        }
    }
    for (title, mut form) in named {
        form.as_object_mut().and_then(|members| members.remove("title"));
        schemas.insert(title, form);
    }
    schemas.sort_keys();
}
