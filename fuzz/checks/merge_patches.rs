//! A patch of an authority does what RFC 7396 says, compared with a merge of plain JSON; carried out again it changes
//! nothing. A patch of a request is read or refused.

use candour::{
    api::reading::{Nulls, parse, read},
    casework::{
        authority::{Authority, AuthorityKind, AuthorityNation, AuthorityPatch},
        request::RequestPatch,
    },
};
use serde_json::Value;

pub fn check(bytes: &[u8]) {
    let Ok(patch) = parse(bytes) else { return };
    if let Ok(reading) = read::<RequestPatch>(patch.clone(), Nulls::Clear) {
        let today = "2026-06-30".parse().expect("a date");
        drop(reading.value.faults(None, today));
        drop(reading.value.faults(Some(today), today));
    }
    let Ok(reading) = read::<AuthorityPatch>(patch.clone(), Nulls::Clear) else { return };
    if !reading.faults.is_empty() || !reading.value.faults().is_empty() {
        return;
    }
    let before = authority();
    let mut after = before.clone();
    if reading.value.clone().apply(&mut after).is_err() {
        return;
    }
    let mut merged = serde_json::to_value(&before).expect("JSON");
    merge(&mut merged, &patch);
    // Some members are never absent: without a kind it is another, and a list without items is empty.
    let none = || Value::Array(Vec::new());
    for (name, usual) in [("kind", Value::from("other")), ("identifiers", none()), ("retention_rules", none())] {
        if merged.get(name).is_none() {
            merged[name] = usual;
        }
    }
    assert_eq!(serde_json::to_value(&after).expect("JSON"), merged);
    let once = after.clone();
    assert!(reading.value.apply(&mut after).is_ok());
    assert_eq!(after, once);
}

/// RFC 7396, section 2.
fn merge(target: &mut Value, patch: &Value) {
    let Value::Object(changes) = patch else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = Value::Object(serde_json::Map::new());
    }
    let Value::Object(members) = target else { return };
    for (name, change) in changes {
        if change.is_null() {
            members.remove(name);
        } else {
            merge(members.entry(name).or_insert(Value::Null), change);
        }
    }
}

fn authority() -> Authority {
    let line = |text: &str| serde_json::from_value(Value::from(text)).expect("a line");
    let particulars =
        serde_json::json!({"name": "Review office", "contact": "By letter", "time_limit": "40 working days"});
    Authority {
        id: "d193263e-efcb-4aea-a9bf-f20efe5cb0d2".to_owned(),
        name: line("Northshire Police"),
        kind: AuthorityKind::PoliceForce,
        nation: AuthorityNation::England,
        identifiers: Vec::new(),
        reference_pattern: None,
        cost_limit: None,
        review_particulars: serde_json::from_value(particulars).expect("particulars"),
        regulator_particulars: None,
        retention_rules: Vec::new(),
        version: 1,
        created_at: "2026-06-30T12:00:00.000000Z".to_owned(),
        updated_at: "2026-06-30T12:00:00.000000Z".to_owned(),
    }
}
