//! Cursors: what stands in them is for the service alone, and they open nowhere but where they were given.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use crate::{
    on_both,
    support::{
        Client, Server,
        casework::with,
        keys::{LAST_DAY, made, wanted},
        server::id,
    },
};

/// A client that may do casework for one authority alone.
fn of_authority(server: &Server, authority: &str) -> Client {
    let scopes = ["requests:read", "requests:write", "ncnd:read", "authority:admin"];
    let key = made(server, &with(wanted("person", &scopes, LAST_DAY), &json!({"authority_id": authority})));
    server.with_key(key["key"].as_str().unwrap())
}

/// The clock of a server goes on with each call, so that a list goes by the order of the calls.
fn record(server: &Server, client: &Client, collection: &str, number: &mut u32) {
    *number += 1;
    server.set_now(&format!("2026-06-30T12:{:02}:{:02}Z", *number / 60, *number % 60));
    let body = if collection == "/v1/requests" { request(*number) } else { position() };
    client.post(collection, &body).expect(201);
}

fn position() -> Value {
    json!({"title": "A topic", "topics": ["a"], "regime": "foia", "provisions": ["31(3)"], "reasons": "Either answer would tell."})
}

/// The n-th request is the n-th to fall due.
fn request(number: u32) -> Value {
    let received_on = candour::law::Date::FIRST.plus_days(i64::from(number) * 7);
    json!({"regime": "foia", "received_on": received_on, "subject": "A subject"})
}

fn cursor(client: &Client, list: &str) -> String {
    client.get(list).expect(200)["next_cursor"].as_str().unwrap().to_owned()
}

/// The JSON that can be read in a cursor, wherever it begins.
fn readable(cursor: &str) -> Option<Value> {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).unwrap();
    let documents = (0..bytes.len()).filter_map(|at| {
        let mut documents = serde_json::Deserializer::from_slice(&bytes[at..]).into_iter();
        documents.next()?.ok()
    });
    // Of bytes without a meaning a few may be JSON: no position is as short.
    documents.into_iter().find(|found: &Value| (found.is_object() || found.is_array()) && found.to_string().len() > 6)
}

on_both! {
    fn a_cursor_tells_nothing_of_what_other_authorities_record(server) {
        let [one, other] = ["One", "Other"].map(|name| of_authority(server, &server.authority(name)));
        let mut number = 0;
        for (list, collection) in [
            ("/v1/requests?limit=1", "/v1/requests"),
            ("/v1/requests?limit=1&updated_at_from=2026-06-01T00:00:00Z", "/v1/requests"),
            ("/v1/ncnd-positions?limit=1", "/v1/ncnd-positions"),
            ("/v1/ncnd-positions?limit=1&updated_at_from=2026-06-01T00:00:00Z", "/v1/ncnd-positions"),
        ] {
            record(server, &one, collection, &mut number);
            record(server, &one, collection, &mut number);
            let early = cursor(&one, list);
            assert_eq!(readable(&early), None, "{list}");
            assert_eq!(cursor(&one, list), early, "{list}: the same place, the same cursor");
            for _ in 0..12 {
                record(server, &other, collection, &mut number);
            }
            let first = one.get(list).expect(200)["items"][0].clone();
            assert_eq!(cursor(&one, list), early, "{list}");
            record(server, &one, collection, &mut number);
            let second = one.get(&format!("{list}&cursor={early}")).expect(200);
            assert_ne!(id(&second["items"][0]), id(&first), "{list}");
            // The rows of others between the two make no difference.
            let late = second["next_cursor"].as_str().unwrap();
            assert_eq!((late.len(), readable(late)), (early.len(), None), "{list}");
        }
        let keys = server.get("/v1/api-keys?limit=1").expect(200);
        let bytes = URL_SAFE_NO_PAD.decode(keys["next_cursor"].as_str().unwrap()).unwrap();
        let last = id(&keys["items"][0]);
        assert!(!bytes.windows(8).any(|window| window == &last.as_bytes()[..8]));
    }

    fn a_cursor_opens_for_its_list_its_filters_and_its_credential_alone(server) {
        let authority = server.authority("One");
        let [one, colleague] = [(); 2].map(|()| of_authority(server, &authority));
        for number in [1, 2] {
            one.post("/v1/requests", &request(number)).expect(201);
        }
        let given = cursor(&one, "/v1/requests?limit=1&regime=foia");
        let refused = |client: &Client, address: &str| {
            let problem = client.get(address).problem(400, "invalid-cursor");
            (problem["title"].clone(), problem["detail"].clone(), problem.get("errors").cloned())
        };
        let expected = refused(&one, "/v1/requests?regime=foia&cursor=AAAA");
        one.get(&format!("/v1/requests?limit=5&regime=foia&cursor={given}")).expect(200);
        for (client, address) in [
            (&one, format!("/v1/requests?regime=eir&cursor={given}")),
            (&one, format!("/v1/requests?cursor={given}")),
            (&one, format!("/v1/ncnd-positions?cursor={given}")),
            (&colleague, format!("/v1/requests?regime=foia&cursor={given}")),
            (&one, format!("/v1/requests?regime=foia&cursor={given}A")),
            (&one, format!("/v1/requests?regime=foia&cursor={}", &given[..given.len() - 1])),
            (&one, format!("/v1/requests?regime=foia&cursor={}", &given[..given.len() - 4])),
            (&one, format!("/v1/requests?regime=foia&cursor={}", &given[..32])),
            (&one, format!("/v1/requests?regime=foia&cursor={}", &given[4..])),
        ] {
            assert_eq!(refused(client, &address), expected, "{address}");
        }
    }
}
