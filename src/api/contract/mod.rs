//! The OpenAPI document as it is served: what the operations say of themselves, completed by what holds for all of them,
//! and a copy in version 3.0 for generators of clients that read no later one.

mod bounds;
mod forms;
mod headers;
mod identifiers;
mod links;
mod older;

use serde_json::Value;
use utoipa::openapi::OpenApi;

pub use older::in_version_3_0;

/// The document, completed.
///
/// # Errors
///
/// When it cannot be written as JSON, which would be a fault of this service.
pub fn completed(document: &OpenApi) -> serde_json::Result<Value> {
    let mut document = serde_json::to_value(document)?;
    if let Some(server) = document.pointer_mut("/servers/0").and_then(Value::as_object_mut) {
        // For whoever has a credential, not for the authority's own programs alone.
        server.insert("x-internal".to_owned(), Value::Bool(false));
    }
    headers::describe(&mut document);
    links::add(&mut document);
    identifiers::state(&mut document);
    forms::name(&mut document);
    bounds::state(&mut document);
    for operation in operations(&mut document) {
        if let Some(members) = operation.value.as_object_mut() {
            // Said in so many words: anyone may call it.
            members.entry("security").or_insert_with(|| Value::Array(Vec::new()));
        }
    }
    Ok(document)
}

/// One operation of a document, to be changed.
struct OperationMut<'a> {
    method: &'a str,
    value: &'a mut Value,
}

/// Every operation of the document.
fn operations(document: &mut Value) -> impl Iterator<Item = OperationMut<'_>> {
    let paths = document.get_mut("paths").and_then(Value::as_object_mut);
    let items = paths.into_iter().flat_map(|paths| paths.values_mut()).filter_map(Value::as_object_mut);
    items.flatten().map(|(method, value)| OperationMut { method, value })
}

/// Calls `change` with every schema of the document: those of the components, and those of parameters, bodies, answers
/// and headers, with all that they are made of, the inner ones first.
fn change_schemas(value: &mut Value, change: &mut dyn FnMut(&mut Value)) {
    let Some(members) = value.as_object_mut() else {
        value.as_array_mut().into_iter().flatten().for_each(|item| change_schemas(item, change));
        return;
    };
    for (name, member) in members {
        match name.as_str() {
            "schema" => change_schema(member, change),
            "schemas" => each_member(member, change),
            // What is shown is no schema, whatever its members are called.
            "example" | "examples" | "links" => {}
            _ => change_schemas(member, change),
        }
    }
}

fn change_schema(schema: &mut Value, change: &mut dyn FnMut(&mut Value)) {
    if let Some(members) = schema.as_object_mut() {
        for (name, member) in members.iter_mut() {
            match name.as_str() {
                "properties" => each_member(member, change),
                "oneOf" | "anyOf" | "allOf" => {
                    member.as_array_mut().into_iter().flatten().for_each(|form| change_schema(form, change));
                }
                "items" | "additionalProperties" | "propertyNames" | "not" => change_schema(member, change),
                _ => {}
            }
        }
        change(schema);
    }
}

fn each_member(schemas: &mut Value, change: &mut dyn FnMut(&mut Value)) {
    schemas.as_object_mut().into_iter().flatten().for_each(|(_, schema)| change_schema(schema, change));
}

/// Whether the schema is of this type, null besides or not.
fn is_of_type(schema: &Value, name: &str) -> bool {
    match schema.get("type") {
        Some(Value::String(only)) => only == name,
        Some(Value::Array(several)) => several.iter().any(|each| each == name),
        _ => false,
    }
}
