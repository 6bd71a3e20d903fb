//! Every route of the document, with every credential that must not get through, and with one that just does.

use std::collections::BTreeMap;

use candour::{casework::scope::Scope, services::key_text::KeyText};
use serde_json::{Value, json};

use crate::{
    on_both,
    support::{
        Answer, Client, Server,
        casework::with,
        contract::{self, Operation},
        keys::{LAST_DAY, client, made, wanted},
        server::id,
        world,
    },
};

/// Every operation that takes a credential; the one that makes a second authority last.
pub fn guarded() -> Vec<Operation> {
    let mut all = contract::operations();
    all.retain(|operation| operation.value["security"] != json!([]));
    all.sort_by_key(|operation| operation.id() == "create_authority");
    all
}

/// The alternatives of scopes that an operation needs, as the document has them.
fn needs(operation: &Operation) -> Vec<Vec<String>> {
    let alternatives = operation.value["security"].as_array().unwrap().iter();
    alternatives.map(|all| serde_json::from_value(all["bearer"].clone()).unwrap()).collect()
}

pub fn send(client: &Client, operation: &Operation, target: &str) -> Answer {
    let mut headers = Vec::new();
    if operation.parameters("header").iter().any(|header| header["name"] == "If-Match") {
        headers.push(("If-Match", "*"));
    }
    match operation.bodies().first() {
        Some((media, _, example)) => {
            headers.push(("Content-Type", media.as_str()));
            client.send(&operation.method, target, &headers, Some(example.to_string().as_bytes()))
        }
        None => client.send(&operation.method, target, &headers, None),
    }
}

/// Everything that callers could see change, but for the day on which a key was last used.
fn seen(server: &Server) -> Vec<Value> {
    let lists = ["/v1/requests?limit=200", "/v1/api-keys?limit=200", "/v1/authorities?limit=200"];
    let items = lists.iter().flat_map(|list| server.get(list).expect(200)["items"].as_array().unwrap().clone());
    items
        .map(|mut item| {
            item.as_object_mut().unwrap().remove("last_used_on");
            item
        })
        .collect()
}

/// The problem without what differs between any two answers.
#[track_caller]
fn lasting(answer: &Answer) -> (u16, Value, BTreeMap<String, String>) {
    let mut problem = answer.json();
    for member in ["instance", "request_id"] {
        problem.as_object_mut().unwrap().remove(member);
    }
    let mut headers: BTreeMap<String, String> = answer.headers.clone().into_iter().collect();
    for header in ["x-request-id", "date", "connection"] {
        headers.remove(header);
    }
    (answer.status, problem, headers)
}

on_both! {
    fn no_route_opens_to_a_credential_that_is_no_good(server) {
        world::only_authority(server);
        server.set_now("2026-06-28T12:00:00Z");
        let every = every_scope_but(&["operator"]);
        let expired = made(server, &wanted("person", &every, "2026-06-29"))["key"].as_str().unwrap().to_owned();
        let revoked = made(server, &wanted("person", &every, LAST_DAY));
        for key in [&expired, revoked["key"].as_str().unwrap()] {
            server.with_key(key).get("/v1/whoami").expect(200);
        }
        server.delete(&format!("/v1/api-keys/{}", id(&revoked)), "*").expect(204);
        server.set_now("2026-06-30T12:00:00Z");
        let mistyped = format!("{}0", &revoked["key"].as_str().unwrap()[..65]);
        let made_elsewhere = KeyText::make().0;
        let keys = [expired.as_str(), revoked["key"].as_str().unwrap(), &mistyped, &made_elsewhere, "a", "a.b.c"];
        let first = lasting(&server.anonymous().get("/v1/requests"));
        assert_eq!((first.0, &first.1["code"]), (401, &json!("unauthenticated")));
        assert_eq!(first.2["www-authenticate"], "Bearer realm=\"candour\"");
        let mut tried = 0;
        for operation in guarded() {
            let target = format!("{}{}", world::path(server, &operation), world::query(&operation));
            let before = seen(server);
            assert_eq!(lasting(&send(&server.anonymous(), &operation, &target)), first, "{}", operation.id());
            for key in &keys {
                assert_eq!(lasting(&send(&server.with_key(key), &operation, &target)), first, "{} {key}", operation.id());
            }
            assert_eq!(seen(server), before, "{}", operation.id());
            tried += 1;
        }
        assert!(tried > 45, "{tried}");
    }

    fn every_route_opens_to_what_it_needs_and_to_nothing_less(server) {
        world::only_authority(server);
        let mut clients: BTreeMap<Vec<String>, Client> = BTreeMap::new();
        let mut having = |scopes: &[String]| {
            let names: Vec<&str> = scopes.iter().map(String::as_str).collect();
            clients.entry(scopes.to_vec()).or_insert_with(|| client(server, &names)).clone()
        };
        for operation in guarded() {
            let alternatives = needs(&operation);
            for all in &alternatives {
                for missing in all {
                    // Everything but the one scope, unless that is another alternative.
                    let rest: Vec<String> = all.iter().filter(|scope| *scope != missing).cloned().collect();
                    let rest = if rest.is_empty() { vec![stranger(&alternatives)] } else { rest };
                    let target = format!("{}{}", world::path(server, &operation), world::query(&operation));
                    let lacking = having(&rest);
                    let before = seen(server);
                    let problem = send(&lacking, &operation, &target).problem(403, "insufficient-scope");
                    assert!(problem["detail"].as_str().unwrap().contains(missing.as_str()), "{problem}");
                    // Judged before existence.
                    send(&lacking, &operation, &absent(&target)).problem(403, "insufficient-scope");
                    assert_eq!(seen(server), before, "{}", operation.id());
                }
                let needed = if all.is_empty() { vec!["metrics:read".to_owned()] } else { all.clone() };
                let needed = with_what_is_found(&operation, needed);
                let target = format!("{}{}", world::path(server, &operation), world::query(&operation));
                let answer = send(&having(&needed), &operation, &target);
                let is_refused = answer.status == 401 || (answer.status == 403 && !operation.id().ends_with("api_key"));
                assert!(!is_refused, "{} {needed:?}: {} {}", operation.id(), answer.status, answer.text);
                assert!(answer.status != 404, "{} {needed:?}: {}", operation.id(), answer.text);
            }
        }
    }

    fn what_belongs_to_another_authority_looks_as_if_it_were_not_there(server) {
        world::only_authority(server);
        let targets = named(server);
        assert!(targets.len() > 35, "{}", targets.len());
        let requests = server.get("/v1/requests?limit=200").expect(200)["items"].as_array().unwrap().clone();
        let other = server.authority("Another authority");
        let scopes = every_scope_but(&["operator", "metrics:all"]);
        let body = with(wanted("person", &scopes, LAST_DAY), &json!({"authority_id": other}));
        let foreign = server.with_key(made(server, &body)["key"].as_str().unwrap());
        assert_eq!(foreign.get("/v1/whoami").expect(200)["authorities"], json!([{"id": other, "name": "Another authority"}]));
        for (operation, target) in targets {
            let before = seen(server);
            let answer = send(&foreign, &operation, &target);
            assert_eq!(answer.status, 404, "{} {}", operation.id(), answer.text);
            assert_eq!(lasting(&answer), lasting(&send(&foreign, &operation, &absent(&target))), "{}", operation.id());
            assert_eq!(seen(server), before, "{}", operation.id());
        }
        for list in guarded().iter().filter(|operation| operation.method == "GET" && !operation.path.contains('{')) {
            let text = foreign.get(&format!("{}{}", list.path, world::query(list))).text;
            let told = requests.iter().find(|request| text.contains(request["id"].as_str().unwrap()));
            assert_eq!(told, None, "{}", list.id());
        }
    }
}

/// The operations whose address names something of an authority, each with such an address.
pub fn named(server: &Server) -> Vec<(Operation, String)> {
    let names = |operation: &Operation| operation.path.contains("_id}") && !operation.path.contains("{provision_id}");
    let address = |operation: &Operation| format!("{}{}", world::path(server, operation), world::query(operation));
    guarded()
        .into_iter()
        .filter(names)
        .map(|operation| {
            let target = address(&operation);
            (operation, target)
        })
        .collect()
}

pub fn every_scope_but(left_out: &[&str]) -> Vec<&'static str> {
    let words = Scope::ALL.iter().map(|scope| scope.as_str());
    words.filter(|word| !left_out.contains(word)).collect()
}

/// A scope that none of the alternatives asks for.
fn stranger(alternatives: &[Vec<String>]) -> String {
    let asked: Vec<&String> = alternatives.iter().flatten().collect();
    let scopes = ["requesters:match", "metrics:read", "audit:read"];
    scopes.into_iter().map(str::to_owned).find(|scope| !asked.contains(&scope)).unwrap()
}

/// What the example of the operation needs besides, because of what is found: a draft, an answer, scopes to grant.
fn with_what_is_found(operation: &Operation, mut needed: Vec<String>) -> Vec<String> {
    if operation.path.contains("{response_id}") {
        needed.extend(["responses:write".to_owned(), "ncnd:read".to_owned()]);
    }
    // The history of the example has records in it.
    if operation.id() == "create_case_history" {
        needed.push("records:write".to_owned());
    }
    needed.sort();
    needed.dedup();
    needed
}

/// The address with ids of nothing.
pub fn absent(target: &str) -> String {
    let segment = |segment: &str| match uuid::Uuid::try_parse(segment) {
        Ok(_) => uuid::Uuid::new_v4().to_string(),
        Err(_) => segment.to_owned(),
    };
    target.split('/').map(segment).collect::<Vec<_>>().join("/")
}
