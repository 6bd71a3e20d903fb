//! Keys of the tests: made by the bootstrap key, of any kind and with any scopes.

use serde_json::{Value, json};

use super::{Client, Server};

/// The last day of the keys of a test that does not look at days.
pub const LAST_DAY: &str = "2026-12-31";

/// What the call for a key says.
pub fn wanted(kind: &str, scopes: &[&str], expires_on: &str) -> Value {
    json!({"name": "Key of the test", "kind": kind, "scopes": scopes, "expires_on": expires_on})
}

/// Makes a key of a person, for the only authority there is or, with `operator`, for none.
#[track_caller]
pub fn key(server: &Server, scopes: &[&str]) -> String {
    made(server, &wanted("person", scopes, LAST_DAY))["key"].as_str().unwrap().to_owned()
}

/// Makes a key, and gives its document with the key.
#[track_caller]
pub fn made(server: &Server, wanted: &Value) -> Value {
    server.post("/v1/api-keys", wanted).expect(201)
}

/// A client with a key of a person that has these scopes.
#[track_caller]
pub fn client(server: &Server, scopes: &[&str]) -> Client {
    server.with_key(&key(server, scopes))
}
