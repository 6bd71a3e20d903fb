//! The OpenAPI document as tests read it: its operations, its schemas, and values checked against them.

use std::sync::LazyLock;

use serde_json::{Map, Value};

/// The document that the program prints.
pub static DOCUMENT: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(&candour::routes::document_text().unwrap()).unwrap());

/// One operation of the document.
#[derive(Debug, Clone)]
pub struct Operation {
    pub path: String,
    /// In upper case.
    pub method: String,
    pub value: Value,
}

impl Operation {
    pub fn id(&self) -> &str {
        self.value["operationId"].as_str().unwrap()
    }

    /// Its parameters in this place: `path`, `query`, `header`.
    pub fn parameters(&self, place: &str) -> Vec<Value> {
        let all = self.value["parameters"].as_array().cloned().unwrap_or_default();
        all.into_iter().filter(|parameter| parameter["in"] == place).collect()
    }

    /// Media type, schema and example of each form its body may have.
    pub fn bodies(&self) -> Vec<(String, Value, Value)> {
        let content = self.value["requestBody"]["content"].as_object().cloned().unwrap_or_default();
        content.into_iter().map(|(media, body)| (media, body["schema"].clone(), body["example"].clone())).collect()
    }

    /// The schema of its JSON answer with this status.
    #[track_caller]
    pub fn answer_schema(&self, status: u16) -> Value {
        let response = &self.value["responses"][status.to_string()];
        assert!(response.is_object(), "{} {} has no {status}", self.method, self.path);
        response["content"]["application/json"]["schema"].clone()
    }
}

/// Every operation, in the order of the document.
pub fn operations() -> Vec<Operation> {
    let methods = |path: &str, item: &Value| -> Vec<Operation> {
        let item = item.as_object().unwrap().iter();
        item.map(|(method, value)| Operation {
            path: path.to_owned(),
            method: method.to_uppercase(),
            value: value.clone(),
        })
        .collect()
    };
    DOCUMENT["paths"].as_object().unwrap().iter().flat_map(|(path, item)| methods(path, item)).collect()
}

/// The operation of this method at this path template.
#[track_caller]
pub fn operation(method: &str, path: &str) -> Operation {
    let found = operations().into_iter().find(|operation| operation.method == method && operation.path == path);
    found.unwrap_or_else(|| panic!("no {method} {path}"))
}

/// The schema itself, where `schema` only names it.
pub fn resolved(schema: &Value) -> &Value {
    match schema["$ref"].as_str() {
        Some(name) => DOCUMENT.pointer(name.trim_start_matches('#')).unwrap(),
        None => schema,
    }
}

/// Keywords that say nothing about which values fit.
const REMARKS: &[&str] = &["$ref", "description", "example", "examples", "default", "pattern", "propertyNames"];

/// What is wrong with `value` by `schema`. Members that the schema does not name are wrong, whatever it says of others:
/// the document must tell everything.
pub fn misfits(schema: &Value, value: &Value, at: &str) -> Vec<String> {
    let schema = resolved(schema).as_object().unwrap();
    let mut found = Vec::new();
    for (keyword, wanted) in schema {
        match keyword.as_str() {
            "type" => found.extend(type_misfit(wanted, value)),
            "enum" if !wanted.as_array().unwrap().contains(value) => found.push(format!("{value} is not listed")),
            "oneOf" => {
                let fits = |option: &&Value| misfits(option, value, at).is_empty();
                let count = wanted.as_array().unwrap().iter().filter(fits).count();
                if count != 1 {
                    found.push(format!("{value} fits {count} of the forms"));
                }
            }
            "required" | "properties" | "additionalProperties" | "items" | "enum" => {}
            "minItems" | "maxItems" | "minLength" | "maxLength" | "minimum" | "maximum" | "exclusiveMinimum" => {
                found.extend(bound_misfit(keyword, wanted, value));
            }
            "format" => found.extend(format_misfit(wanted.as_str().unwrap(), value)),
            remark => assert!(REMARKS.contains(&remark), "the tests do not know `{remark}` at {at}"),
        }
    }
    let mut found: Vec<String> = found.into_iter().map(|misfit| format!("{at}: {misfit}")).collect();
    if let Some(members) = value.as_object() {
        found.extend(member_misfits(schema, members, at));
    }
    if let (Some(items), Some(schema)) = (value.as_array(), schema.get("items")) {
        found
            .extend(items.iter().enumerate().flat_map(|(index, item)| misfits(schema, item, &format!("{at}/{index}"))));
    }
    found
}

fn member_misfits(schema: &Map<String, Value>, members: &Map<String, Value>, at: &str) -> Vec<String> {
    if schema.contains_key("oneOf") {
        return Vec::new();
    }
    let nothing = Value::Object(Map::new());
    let properties = schema.get("properties").unwrap_or(&nothing);
    let mut found = Vec::new();
    for name in schema.get("required").and_then(Value::as_array).into_iter().flatten() {
        if !members.contains_key(name.as_str().unwrap()) {
            found.push(format!("{at}: {name} is missing"));
        }
    }
    for (name, member) in members {
        let others = schema.get("additionalProperties").filter(|others| others.is_object());
        match properties.get(name).or(others) {
            Some(schema) => found.extend(misfits(schema, member, &format!("{at}/{name}"))),
            None => found.push(format!("{at}: `{name}` is not in the schema")),
        }
    }
    found
}

fn type_misfit(wanted: &Value, value: &Value) -> Option<String> {
    let fits = |name: &str| match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "null" => value.is_null(),
        other => panic!("no such type: {other}"),
    };
    let any = match wanted {
        Value::Array(names) => names.iter().any(|name| fits(name.as_str().unwrap())),
        name => fits(name.as_str().unwrap()),
    };
    (!any).then(|| format!("{value} is not of type {wanted}"))
}

fn bound_misfit(keyword: &str, bound: &Value, value: &Value) -> Option<String> {
    let bound = bound.as_f64().unwrap();
    let (size, is_low) = match keyword {
        "minItems" => (value.as_array().map(|items| size(items.len())), true),
        "maxItems" => (value.as_array().map(|items| size(items.len())), false),
        "minLength" => (value.as_str().map(|text| size(text.chars().count())), true),
        "maxLength" => (value.as_str().map(|text| size(text.chars().count())), false),
        "minimum" => (value.as_f64(), true),
        "exclusiveMinimum" => (value.as_f64().map(|number| number - f64::MIN_POSITIVE), true),
        _ => (value.as_f64(), false),
    };
    let size = size?;
    let fits = if is_low { size >= bound } else { size <= bound };
    (!fits).then(|| format!("{keyword} is {bound}, not {size}"))
}

fn size(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap())
}

fn format_misfit(format: &str, value: &Value) -> Option<String> {
    let text = value.as_str().unwrap_or_default();
    let fits = match format {
        "date" => text.parse::<chrono::NaiveDate>().is_ok() && text.len() == 10,
        // The contract: UTC, ending in Z, with microseconds.
        "date-time" => text.parse::<chrono::DateTime<chrono::Utc>>().is_ok() && text.ends_with('Z') && text.len() == 27,
        "uuid" => uuid::Uuid::try_parse(text).is_ok_and(|id| id.to_string() == text),
        "uri" => text.starts_with("urn:uuid:"),
        "uri-reference" => text.starts_with("/problems/"),
        "int32" | "int64" | "double" => return None,
        other => panic!("the tests do not know the format `{other}`"),
    };
    (!fits && !value.is_null()).then(|| format!("{value} is not of format {format}"))
}
