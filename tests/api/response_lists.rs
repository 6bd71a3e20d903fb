//! Pages of the responses and of the timeline of a request, and what changed since an instant.

use serde_json::{Value, json};

use crate::{
    on_both,
    support::{
        Answer, Server,
        casework::{address_of, ask, disclosed, draft, path, record_response, responses, sent},
        server::id,
    },
};

fn ids(page: &Value) -> Vec<String> {
    page["items"].as_array().unwrap().iter().map(id).collect()
}

/// The address in the `Link` to the next page.
fn next(answer: &Answer) -> String {
    let link = answer.header("link");
    link.strip_prefix('<').unwrap().strip_suffix(">; rel=\"next\"").unwrap().to_owned()
}

/// Every page of a list, from its first address on.
#[track_caller]
fn walk(server: &Server, address: &str) -> Vec<Value> {
    let mut items = Vec::new();
    let mut answer = server.get(address);
    loop {
        let page = answer.expect(200);
        items.extend(page["items"].as_array().unwrap().clone());
        match page.get("next_cursor") {
            None => break,
            Some(_) => answer = server.get(&next(&answer)),
        }
    }
    assert_eq!(answer.header("link"), "");
    items
}

/// Three letters and two drafts, an hour apart, the drafts begun first; in the order of the list.
fn five(server: &Server, request: &str) -> Vec<Value> {
    let bodies = [
        draft(&[]),
        draft(&[disclosed("1")]),
        sent("2026-06-25", &[disclosed("1")]),
        sent("2026-06-24", &[disclosed("2")]),
        sent("2026-06-26", &[disclosed("3")]),
    ];
    let mut made = Vec::new();
    for (hour, body) in bodies.iter().enumerate() {
        server.set_now(&format!("2026-06-30T1{hour}:00:00Z"));
        made.push(record_response(server, request, body));
    }
    made.rotate_left(2);
    made
}

on_both! {
    fn responses_come_in_pages(server) {
        let request = server.request("2026-06-08", &["1", "2", "3"]);
        let made = five(server, &request);
        let address = responses(&request);
        let whole = server.get(&address);
        assert_eq!(whole.expect(200), json!({"items": made}), "letters by their issue, then drafts");
        assert_eq!((whole.header("link"), whole.header("cache-control")), ("", "no-store"));
        for limit in 1..=6 {
            assert_eq!(walk(server, &format!("{address}?limit={limit}")), made, "{limit}");
        }
        let first = server.get(&format!("{address}?limit=2"));
        let page = first.expect(200);
        assert_eq!(ids(&page), [id(&made[0]), id(&made[1])]);
        assert_eq!(next(&first), format!("{address}?limit=2&cursor={}", page["next_cursor"].as_str().unwrap()));
        assert!(server.get(&format!("{address}?limit=5")).expect(200).get("next_cursor").is_none());
    }

    fn a_walk_through_responses_outlives_what_goes(server) {
        let request = server.request("2026-06-08", &["1", "2", "3"]);
        let made = five(server, &request);
        let first = server.get(&format!("{}?limit=4", responses(&request)));
        assert_eq!(ids(&first.expect(200)).last(), Some(&id(&made[3])));
        assert_eq!(server.delete(&address_of(&made[3]), "*").status, 204);
        assert_eq!(ids(&server.get(&next(&first)).expect(200)), [id(&made[4])]);
    }

    fn a_cursor_of_responses_belongs_to_its_list(server) {
        let request = server.request("2026-06-08", &["1", "2", "3"]);
        let other = server.request("2026-06-08", &["1"]);
        five(server, &request);
        let page = server.get(&format!("{}?limit=1", responses(&request))).expect(200);
        let cursor = page["next_cursor"].as_str().unwrap();
        for address in [
            format!("{}?cursor={cursor}", responses(&other)),
            format!("{}?cursor={cursor}&updated_at_from=2026-06-30T00:00:00Z", responses(&request)),
            format!("{}?cursor=x{cursor}", responses(&request)),
        ] {
            server.get(&address).problem(400, "invalid-cursor");
        }
        for (query, parameter) in [("limit=0", "limit"), ("limit=201", "limit"), ("updated_at_from=2026-06-30", "updated_at_from"), ("sort=x", "sort")] {
            let refused = server.get(&format!("{}?{query}", responses(&request)));
            assert_eq!(refused.status, 400, "{}", refused.text);
            assert_eq!(refused.faults().first().map(|(at, _)| at.as_str()), Some(parameter), "{}", refused.text);
        }
    }

    fn responses_changed_since_come_in_the_order_of_change(server) {
        let request = server.request("2026-06-08", &["1", "2", "3"]);
        let made = five(server, &request);
        server.set_now("2026-06-30T16:00:00Z");
        let changed = server.put(&format!("{}/determinations/2", address_of(&made[3])), "*", &json!({"outcome": "not_held"})).expect(200);
        server.set_now("2026-06-30T18:00:00Z");
        let since = |from: &str| format!("{}?updated_at_from={from}", responses(&request));
        assert_eq!(
            server.get(&since("2026-06-30T10:00:00Z")).expect(200)["items"],
            json!([made[4], made[0], made[1], made[2], changed]).as_array().map(|all| json!(all)).unwrap()
        );
        assert_eq!(ids(&server.get(&since("2026-06-30T14:00:00Z")).expect(200)), [id(&made[2]), id(&changed)]);
        assert_eq!(ids(&server.get(&since("2026-06-30T16:00:00.000001Z")).expect(200)), [""; 0]);
        let walked = walk(server, &format!("{}&limit=2", since("2026-06-30T12:00:00Z")));
        assert_eq!(walked, [made[0].clone(), made[1].clone(), made[2].clone(), changed]);
    }

    fn a_timeline_tells_what_was_recorded_since(server) {
        server.set_now("2026-06-30T10:00:00Z");
        let request = server.request("2026-06-08", &["1"]);
        for hour in 1..=4 {
            server.set_now(&format!("2026-06-30T1{hour}:00:00Z"));
            ask(server, &request, &format!("2026-06-1{hour}"));
        }
        server.set_now("2026-06-30T18:00:00Z");
        let address = format!("{}/timeline", path(&request));
        let whole = walk(server, &address);
        assert_eq!(whole.len(), 5);
        for (from, skipped) in [("10:00:00Z", 0), ("10:00:00.000001Z", 1), ("11:00:00Z", 1), ("13:30:00Z", 4), ("15:00:00Z", 5)] {
            let since = format!("{address}?updated_at_from=2026-06-30T{from}");
            assert_eq!(walk(server, &since), whole[skipped..], "{from}");
            for limit in 1..=3 {
                assert_eq!(walk(server, &format!("{since}&limit={limit}")), whole[skipped..], "{from} by {limit}");
            }
        }
        server.get(&format!("{address}?updated_at_from=yesterday")).problem(400, "invalid-parameter");
    }
}
