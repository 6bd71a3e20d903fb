//! Bodies that went wrong on their way, in every manner that chance finds: never a failure of the service's own.

use serde_json::{Value, json};

use crate::{
    on_both,
    support::{Server, server::KEY, wire},
};

/// Numbers that follow from the first: every run sends the same bodies.
struct Dice(u64);

impl Dice {
    /// A number below `sides` (splitmix64).
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % u64::try_from(sides).unwrap()).unwrap()
    }
}

/// Values that are seldom expected.
fn oddities() -> Vec<Value> {
    vec![
        Value::Null,
        json!(true),
        json!(0),
        json!(-1),
        json!(1e308),
        json!(u64::MAX),
        json!(i64::MIN),
        json!(0.1),
        json!(""),
        json!(" "),
        json!("\u{0}"),
        json!("2019-02-30"),
        json!("9999-12-31"),
        json!("2099-12-31"),
        json!("2005-01-01"),
        json!("40(2)"),
        json!("section 40(2) and 31(3)"),
        json!("((((("),
        json!("foisa"),
        json!("1"),
        json!("\u{202e}\u{feff}\u{1f600}"),
        json!("'; DROP TABLE requests; --"),
        json!("\u{1}{\"code\":\"x\",\"detail\":\"\",\"stand_in\":null}"),
        json!("%"),
        json!("x".repeat(1000)),
        json!([]),
        json!({}),
        json!([[]]),
        json!({"held": true}),
        json!([null]),
        json!(["1", "1"]),
    ]
}

/// Replaces, removes, doubles or adds something somewhere in the document.
fn mutate(document: &mut Value, dice: &mut Dice) {
    let mut places = Vec::new();
    collect(document, String::new(), &mut places);
    let place = places.swap_remove(dice.roll(places.len()));
    let mut oddities = oddities();
    let oddity = oddities.swap_remove(dice.roll(oddities.len()));
    let (holder, name) =
        place.rsplit_once('/').map(|(holder, name)| (holder.to_owned(), name.to_owned())).unwrap_or_default();
    match (dice.roll(4), document.pointer_mut(&holder)) {
        (0, Some(Value::Object(members))) => drop(members.shift_remove(&name)),
        (1, Some(Value::Array(items))) => {
            let copy = items[name.parse::<usize>().unwrap()].clone();
            items.push(copy);
        }
        (2, Some(Value::Object(members))) => drop(members.insert(format!("{name}s"), oddity)),
        _ => *document.pointer_mut(&place).unwrap() = oddity,
    }
}

fn collect(value: &Value, at: String, places: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            members.iter().for_each(|(name, member)| collect(member, format!("{at}/{name}"), places));
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| collect(item, format!("{at}/{index}"), places));
        }
        _ => {}
    }
    places.push(at);
}

/// Changes, drops or repeats bytes without regard for what they mean.
fn garble(bytes: &mut Vec<u8>, dice: &mut Dice) {
    for _ in 0..=dice.roll(3) {
        let at = dice.roll(bytes.len());
        match dice.roll(4) {
            0 => bytes.truncate(at.max(1)),
            1 => drop(bytes.remove(at)),
            2 => bytes.insert(at, b"{}[],:\"\\\0\xff0-e"[dice.roll(13)]),
            _ => bytes[at] = u8::try_from(dice.roll(256)).unwrap(),
        }
        if bytes.is_empty() {
            bytes.push(b'{');
        }
    }
}

/// Valid bodies and where they go; `*` stands for a request of two parts.
fn valid() -> Vec<(&'static str, Value)> {
    let response = |record: Value| {
        let mut body = json!({"kind": "initial", "decided_by": {"staff_ref": "s", "role": "r"}, "particulars": {"internal_review": "stated", "regulator": "stated"},
            "sent_documents": [{"uri": "u", "sha256": "a", "title": "t"}], "left_open": [{"part": "2", "reason": "x"}],
            "determinations": [{"part": "1", "outcome": "neither_confirmed_nor_denied", "explanation": "x", "grounds": [
                {"provision": "31(3)", "as_cited": "section 31(3)", "relies_on": [{"provision": "31(1)(a)", "threshold": "would", "rank": "primary"}],
                 "prejudice": {"interest": "a", "harm": "b", "causal_link": "c"}, "alternative_group": "g", "statement_omitted": {"under": "17(4)", "covers": ["17(1)(c)"]},
                 "legitimate_interests": {"interest": "a", "necessary": true, "balance": "b"}, "qualified_person": {"office": "o", "opinion_on": "2019-12-01"},
                 "cost_estimate": {"hours": "1.5", "amount": "37.50"}, "available_at": ["x"], "earlier_request": {"reference": "r", "complied_on": "2019-01-01"},
                 "publication_planned_on": "2020-03-01"}],
              "public_interest_tests": [{"provisions": ["31(3)"], "factors_for": [{"text": "x", "argued_by": "requester"}], "balance": "maintain", "decided_on": "2019-12-01"}]}]});
        for (name, value) in record.as_object().unwrap() {
            body[name] = value.clone();
        }
        body
    };
    vec![
        (
            "/v1/requests",
            json!({"reference": "r", "regime": "foia", "received_on": "2019-11-07", "acknowledged_on": "2019-11-08", "channel": "email",
            "subject": "s", "topics": ["t", "u"], "requester": {"name": "n", "email": "e"}, "original_text": "o", "external_ids": [{"scheme": "s", "value": "v"}],
            "parts": [{"label": "1", "text": "x", "regime": "eir", "residual": true}, {"label": "2", "text": "y", "valid_request": false, "invalid_reason": "z"}]}),
        ),
        ("*/responses", response(json!({}))),
        ("*/responses", response(json!({"record_as": "sent", "issued_on": "2019-12-05"}))),
        (
            "*/extensions",
            json!({"kind": "public_interest", "notified_on": "2019-11-29", "estimated_on": "2019-12-20", "grounds": ["31(1)(a)"], "parts": ["1"], "reasons": "r"}),
        ),
        ("*/fee-notices", json!({"given_on": "2019-11-12", "amount": "25.00", "parts": ["1", "2"]})),
        ("*/receipt-corrections", json!({"received_on": "2019-11-06", "reason": "r"})),
        ("*/parts", json!({"label": "5", "text": "t", "regime": "eir"})),
        (
            "/v1/deadlines",
            json!({"regime": "foia", "received_on": "2019-11-07", "as_at": "2019-12-31", "events": [
            {"id": "q", "kind": "clarification_asked", "effective_on": "2019-11-12"}, {"kind": "clarification_answered", "effective_on": "2019-11-18", "answers": "q"},
            {"kind": "extension", "effective_on": "2019-11-20", "extension_kind": "public_interest", "estimated_on": "2019-12-20"}]}),
        ),
        (
            "/v1/cost-estimates",
            json!({"regime": "foia", "provision": "12(1)", "cost_limit": "450", "received_on": "2021-03-01", "basis": "b",
            "activities": [{"activity": "locate", "hours": "10.5", "basis": "b"}], "aggregated_with": [{"reference": "r", "received_on": "2021-03-22", "hours": "4"}]}),
        ),
        (
            "/v1/authorities",
            json!({"name": "a", "nation": "wales", "kind": "health", "identifiers": [{"scheme": "s", "value": "v"}], "reference_pattern": "{year}/{number:3}",
            "cost_limit": "450", "review_particulars": {"name": "n", "contact": "c"}}),
        ),
    ]
}

fn run_dice(server: &Server, seed: u64) {
    let mut dice = Dice(seed);
    let request = format!("/v1/requests/{}", server.request("2019-11-07", &["1", "2"]));
    let valid = valid();
    let mut statuses = std::collections::BTreeMap::<u16, usize>::new();
    for round in 0..400 {
        let (place, body) = &valid[dice.roll(valid.len())];
        let mut body = body.clone();
        for _ in 0..=dice.roll(3) {
            mutate(&mut body, &mut dice);
        }
        let mut bytes = body.to_string().into_bytes();
        if round % 4 == 0 {
            garble(&mut bytes, &mut dice);
        }
        let path = place.replace('*', &request);
        let answer = server.send("POST", &path, &[("Content-Type", "application/json")], Some(&bytes));
        let sent = String::from_utf8_lossy(&bytes);
        assert!(answer.status < 500, "{place} {sent}: {}", answer.text);
        if answer.status >= 400 {
            let code = answer.json()["code"].as_str().unwrap().to_owned();
            answer.problem(answer.status, &code);
        }
        *statuses.entry(answer.status).or_default() += 1;
    }
    // Chance found good bodies and bad ones, in form and in value.
    for expected in [201, 400, 422] {
        assert!(statuses.get(&expected).is_some_and(|count| *count > 5), "{statuses:?}");
    }
    assert_eq!(server.get(&request).status, 200);
}

on_both! {
    fn garbled_bodies_never_break_the_service(server) {
        run_dice(server, 20_191_107);
    }
}

#[test]
fn bytes_that_are_no_request_at_all_do_not_stop_the_service() {
    let server = Server::start(crate::support::Database::Sqlite);
    let mut dice = Dice(7);
    let head =
        wire::head("GET", "/v1/requests?limit=5", &[("Authorization", &format!("Bearer {KEY}")), ("Accept", "*/*")]);
    for _ in 0..100 {
        let mut bytes = head.clone();
        garble(&mut bytes, &mut dice);
        bytes.extend_from_slice(b"\r\n\r\n");
        let answer = wire::raw(&server, bytes);
        assert!(answer.status < 500, "{answer:?}");
    }
    assert_eq!(server.get("/v1/requests").status, 200);
}
