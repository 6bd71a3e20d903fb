//! Tokens signed with RSA and ECDSA: each algorithm that is configured unless the operator says otherwise, by a key of its own.
//!
//! `tokens/signed.json` has public keys and finished tokens, good until 2100; what signed them was thrown away.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use candour::{config::TokenSettings, edge::key_source::KeySource};
use jsonwebtoken::Algorithm;
use serde_json::{Value, json};

use crate::{
    on_each,
    support::{Database, Folder, Server, casework::with},
    tokens::{ISSUER, public, token},
};

const SIGNED: &str = include_str!("tokens/signed.json");
const EVERY: [Algorithm; 4] = [Algorithm::EdDSA, Algorithm::ES256, Algorithm::PS256, Algorithm::RS256];

fn signed() -> Value {
    serde_json::from_str(SIGNED).unwrap()
}

fn key(name: &str) -> Value {
    signed()["keys"][name].clone()
}

fn finished(name: &str) -> String {
    signed()["tokens"][name].as_str().unwrap_or_else(|| panic!("no token {name}")).to_owned()
}

/// A server that takes tokens of these algorithms by these keys.
fn server(database: Database, algorithms: &[Algorithm], keys: &[Value]) -> Server {
    let folder = Folder::new();
    let file = folder.file("keys.json", &json!({"keys": keys}).to_string());
    let tokens = TokenSettings {
        source: KeySource::File(file.into()),
        issuer: ISSUER.to_owned(),
        audience: "candour".to_owned(),
        algorithms: algorithms.to_vec(),
        authorities_claim: "candour_authorities".to_owned(),
    };
    Server::configured(database, |settings| settings.tokens = Some(tokens))
}

#[track_caller]
fn accepted(server: &Server, token: &str) {
    let whoami = server.with_key(token).get("/v1/whoami").expect(200);
    assert_eq!((&whoami["actor"], &whoami["scopes"]), (&json!("staff-7"), &json!(["requests:read"])));
}

#[track_caller]
fn refused(server: &Server, token: &str) {
    server.with_key(token).get("/v1/whoami").problem(401, "unauthenticated");
}

/// The token with one byte of its signature changed.
fn spoilt(token: &str, at: usize) -> String {
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let mut bytes = URL_SAFE_NO_PAD.decode(signature).unwrap();
    bytes[at] ^= 1;
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(bytes))
}

on_each! {
    fn every_algorithm_is_taken_and_a_changed_byte_of_its_signature_is_not(database) {
        let server = server(database, &EVERY, &[key("rs"), key("ps"), key("es"), public(1, "ed")]);
        let claims = json!({"iss": ISSUER, "aud": "candour", "sub": "staff-7", "exp": 4_102_444_800_i64, "scope": "requests:read"});
        let edwards = token(1, &json!({"alg": "EdDSA", "typ": "at+jwt", "kid": "ed"}), &claims);
        for (token, length) in [(finished("RS256"), 256), (finished("PS256"), 256), (finished("ES256"), 64), (edwards, 64)] {
            accepted(&server, &token);
            for at in [0, length / 2, length - 1] {
                refused(&server, &spoilt(&token, at));
            }
            let (head, signature) = token.rsplit_once('.').unwrap();
            refused(&server, &format!("{head}A.{signature}"));
        }
        refused(&server, &finished("RS256").replace(finished("RS256").rsplit_once('.').unwrap().1, finished("ES256").rsplit_once('.').unwrap().1));
    }

    fn a_key_signs_by_the_algorithm_that_it_names_and_by_none_else(database) {
        let named = server(database, &EVERY, &[key("rs"), key("ps")]);
        refused(&named, &finished("RS256 by the key of PS256"));
        refused(&named, &finished("PS256 by the key of RS256"));
        // One that names none signs by every configured algorithm of its kind.
        let mut keys = [key("rs"), key("ps"), key("es")];
        for key in &mut keys {
            key.as_object_mut().unwrap().remove("alg").unwrap();
        }
        let unnamed = server(database, &EVERY, &keys);
        for good in ["RS256", "PS256", "ES256", "RS256 by the key of PS256", "PS256 by the key of RS256"] {
            accepted(&unnamed, &finished(good));
        }
        let pinned = server(database, &[Algorithm::PS256], &keys);
        accepted(&pinned, &finished("PS256"));
        for other in ["RS256", "ES256", "RS256 by the key of PS256"] {
            refused(&pinned, &finished(other));
        }
        // For encryption, or for another algorithm than the token's: no key for it.
        let other_use = server(database, &EVERY, &[with(key("rs"), &json!({"use": "enc"})), key("ps")]);
        refused(&other_use, &finished("RS256"));
        accepted(&other_use, &finished("PS256"));
    }

    fn a_key_without_a_name_is_for_tokens_that_name_none(database) {
        let unnamed = server(database, &EVERY, &[key("bare"), key("rs")]);
        for good in ["RS256 that names no key", "PS256 that names no key", "RS256"] {
            accepted(&unnamed, &finished(good));
        }
        refused(&unnamed, &finished("RS256 that names a key"));
        let named = server(database, &EVERY, &[with(key("bare"), &json!({"kid": "bare"}))]);
        accepted(&named, &finished("RS256 that names a key"));
        refused(&named, &finished("RS256 that names no key"));
    }

    fn a_token_that_names_two_subjects_is_refused(database) {
        let server = server(database, &EVERY, &[key("rs")]);
        accepted(&server, &finished("RS256"));
        refused(&server, &finished("RS256 with two subjects"));
    }
}

#[test]
fn no_private_key_is_kept() {
    for (name, key) in signed()["keys"].as_object().unwrap() {
        for secret in ["d", "p", "q", "dp", "dq", "qi", "k"] {
            assert!(key.get(secret).is_none(), "{name} {secret}");
        }
    }
}
