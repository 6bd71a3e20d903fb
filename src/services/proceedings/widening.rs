//! A part that is split: the entries that name it name the parts it is split into.

use serde_json::Value;

use crate::{
    casework::text::Label,
    services::{Context, ServiceResult},
    store::{Connection, proceedings, requests::RequestRow},
};

/// Lets the entries that name a part name the parts it is split into.
pub(in crate::services) fn widen(
    connection: &mut Connection,
    context: &Context,
    request: &RequestRow,
    old: &Label,
    new: &[Label],
) -> ServiceResult<()> {
    for mut row in proceedings::of_request(connection, request.request_key)? {
        let before: Value = serde_json::from_str(&row.content)?;
        let mut content = before.clone();
        widen_in(&mut content, old.as_str(), new);
        if content != before {
            row.content = content.to_string();
            row.version += 1;
            row.updated_at = context.now.0.max(row.updated_at);
            proceedings::update(connection, &row)?;
        }
    }
    Ok(())
}

/// Lists of labels stand in members called `parts`; a result by part has its label in `part`, and is told of each.
fn widen_in(content: &mut Value, old: &str, new: &[Label]) {
    match content {
        Value::Object(members) => {
            for (name, member) in members {
                match member {
                    Value::Array(labels) if name == "parts" => {
                        replace(labels, |label| label == old, |label| label.into(), new);
                    }
                    other => widen_in(other, old, new),
                }
            }
        }
        Value::Array(items) => {
            let is_of_part = |item: &Value| item.get("part").is_some_and(|label| label == old);
            if let Some(Value::Object(named)) = items.iter().find(|item| is_of_part(item)).cloned() {
                let of_part = |label: &str| {
                    let mut result = named.clone();
                    result.insert("part".to_owned(), label.into());
                    Value::Object(result)
                };
                replace(items, is_of_part, of_part, new);
            }
            for item in items {
                widen_in(item, old, new);
            }
        }
        _ => {}
    }
}

/// Puts an item for each new label in the place of the one of the old.
fn replace(items: &mut Vec<Value>, is_old: impl Fn(&Value) -> bool, of: impl Fn(&str) -> Value, new: &[Label]) {
    if let Some(at) = items.iter().position(is_old) {
        items.splice(at..=at, new.iter().map(|label| of(label.as_str())));
    }
}
