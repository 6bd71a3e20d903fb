//! How many calls a credential, an authority and an address may make: exact counts, by a clock that stands still.

use std::num::NonZeroU32;

use candour::{
    edge::limits::{LimitSettings, Rate},
    services::key_text::KeyText,
};
use serde_json::json;

use crate::{
    on_each,
    support::{
        Answer, Client, Database, Server,
        casework::with,
        keys::{LAST_DAY, made, wanted},
    },
};

fn rate(per_minute: u32, burst: u32) -> Option<Rate> {
    Some(Rate { per_minute: NonZeroU32::new(per_minute)?, burst: NonZeroU32::new(burst)? })
}

fn limited(database: Database, limits: LimitSettings) -> Server {
    Server::configured(database, |settings| settings.edge.limits = limits)
}

/// A client with a key of one authority.
fn client_of(server: &Server, authority: &str) -> Client {
    let body =
        with(wanted("person", &["requests:read", "responses:write"], LAST_DAY), &json!({"authority_id": authority}));
    server.with_key(made(server, &body)["key"].as_str().unwrap())
}

/// What the answer tells of limits.
fn told(answer: &Answer) -> (u16, &str, &str) {
    (answer.status, answer.header("ratelimit-policy"), answer.header("ratelimit"))
}

on_each! {
    /// The bootstrap key has no limit to set the world up under: authorities and keys are made before the clock moves on.
    fn calls_of_a_credential_are_counted(database) {
        // One call every two seconds, three at once.
        let server = limited(database, LimitSettings { per_credential: rate(30, 3), ..LimitSettings::default() });
        let authority = server.authority("First authority");
        let (one, other) = (client_of(&server, &authority), client_of(&server, &authority));
        let policy = "\"credential\";q=3;w=6";
        let list = "/v1/requests";
        assert_eq!(told(&one.get(list)), (200, policy, "\"credential\";r=2;t=2"));
        // Calls count whatever comes of them: refused for what they ask, or for what they find.
        let missing = one.get("/v1/requests/4e3aaf11-3f5f-4e0a-9d2b-66fd4a9b2b10");
        assert_eq!(told(&missing), (404, policy, "\"credential\";r=1;t=2"));
        assert_eq!(told(&one.get("/v1/audit-entries?purpose=self_monitoring")), (403, policy, "\"credential\";r=0;t=2"));
        for _ in 0..3 {
            let refused = one.get(list);
            let problem = refused.problem(429, "too-many-requests");
            assert_eq!(told(&refused), (429, policy, "\"credential\";r=0;t=2"));
            assert_eq!(refused.header("retry-after"), "2");
            assert!(problem["detail"].as_str().unwrap().contains("30 calls a minute"), "{problem}");
        }
        // Another credential has its own count, and a visitor none.
        assert_eq!(told(&other.get(list)), (200, policy, "\"credential\";r=2;t=2"));
        assert_eq!(told(&one.get("/v1/provisions")), (200, "", ""));
        // A refused call does nothing.
        let body = json!({"regime": "foia", "received_on": "2026-06-01", "subject": "A subject"});
        one.post("/v1/requests", &body).problem(429, "too-many-requests");
        server.set_now("2026-06-30T12:00:01.999999Z");
        one.get(list).problem(429, "too-many-requests");
        server.set_now("2026-06-30T12:00:02Z");
        assert_eq!(told(&one.get(list)), (200, policy, "\"credential\";r=0;t=2"));
        one.get(list).problem(429, "too-many-requests");
        server.set_now("2026-06-30T12:10:00Z");
        assert_eq!(one.get(list).expect(200)["items"], json!([]));
        // Who has not called for long is forgotten: a count that is full again says no more than none.
        server.set_now("2026-06-30T12:20:00Z");
        server.state.rate_limits.forget_idle();
        assert_eq!(server.state.rate_limits.kept(), 0);
    }

    fn credentials_of_one_authority_count_together_and_none_sees_how_much_the_others_call(database) {
        let server = limited(database, LimitSettings { per_authority: rate(60, 4), ..LimitSettings::default() });
        let (first, second) = (server.authority("First authority"), server.authority("Second authority"));
        let (one, two, elsewhere) = (client_of(&server, &first), client_of(&server, &first), client_of(&server, &second));
        let list = "/v1/requests";
        for client in [&one, &two, &one, &two] {
            assert_eq!(told(&client.get(list)), (200, "\"authority\";q=4;w=4", ""));
        }
        for client in [&one, &two] {
            let refused = client.get(list);
            refused.problem(429, "too-many-requests");
            assert_eq!((refused.header("retry-after"), refused.header("ratelimit")), ("4", "\"authority\";r=0;t=4"));
        }
        assert_eq!(told(&elsewhere.get(list)), (200, "\"authority\";q=4;w=4", ""));
        // The key that acts for all counts for none of them.
        assert_eq!(told(&server.get(list)), (200, "", ""));
    }

    fn a_call_counts_against_both_limits(database) {
        let limits = LimitSettings { per_credential: rate(60, 5), per_authority: rate(60, 2), ..LimitSettings::default() };
        let server = limited(database, limits);
        let authority = server.authority("First authority");
        let one = client_of(&server, &authority);
        let policy = "\"credential\";q=5;w=5, \"authority\";q=2;w=2";
        assert_eq!(told(&one.get("/v1/requests")), (200, policy, "\"credential\";r=4;t=1"));
        assert_eq!(told(&one.get("/v1/requests")), (200, policy, "\"credential\";r=3;t=1"));
        assert_eq!(told(&one.get("/v1/requests")), (429, policy, "\"credential\";r=2;t=1, \"authority\";r=0;t=2"));
    }

    fn bad_credentials_of_one_address_are_limited_and_good_ones_elsewhere_are_not(database) {
        let limits = LimitSettings {
            failures: rate(60, 5),
            trusted_proxies: vec!["127.0.0.1".parse().unwrap()],
            ..LimitSettings::default()
        };
        let server = limited(database, limits);
        server.authority("First authority");
        let from =
            |client: &Client, address: &str| client.send("GET", "/v1/requests", &[("X-Forwarded-For", address)], None);
        let guess = |address: &str| from(&server.with_key(&KeyText::make().0), address);
        for _ in 0..5 {
            guess("203.0.113.7").problem(401, "unauthenticated");
        }
        let refused = guess("203.0.113.7");
        refused.problem(429, "too-many-requests");
        assert_eq!(refused.header("retry-after"), "1");
        // Not even a good one is looked at, so that nothing is learnt by trying on.
        from(&server.client, "203.0.113.7").problem(429, "too-many-requests");
        // What the caller wrote in front of what the proxy saw is not believed.
        from(&server.client, "198.51.100.1, 203.0.113.7").problem(429, "too-many-requests");
        from(&server.client, "203.0.113.7, 198.51.100.1").expect(200);
        // No credential at all is no guess, and good calls do not use tries up.
        for _ in 0..10 {
            from(&server.anonymous(), "198.51.100.2").problem(401, "unauthenticated");
            from(&server.client, "198.51.100.2").expect(200);
        }
        // One network is one address.
        for last in 1..=5 {
            guess(&format!("2001:db8:1:2::{last}")).problem(401, "unauthenticated");
        }
        guess("2001:db8:1:2:ffff::9").problem(429, "too-many-requests");
        server.set_now("2026-06-30T12:00:01Z");
        guess("203.0.113.7").problem(401, "unauthenticated");
        guess("203.0.113.7").problem(429, "too-many-requests");
        server.set_now("2026-06-30T12:00:06Z");
        from(&server.client, "203.0.113.7").expect(200);
    }

    fn an_untrusted_peer_cannot_choose_its_address(database) {
        let server = limited(database, LimitSettings { failures: rate(60, 3), ..LimitSettings::default() });
        for guess in 0..3 {
            let headers = [("X-Forwarded-For", format!("203.0.113.{guess}"))];
            let headers = headers.each_ref().map(|(name, value)| (*name, value.as_str()));
            let answer = server.with_key(&KeyText::make().0).send("GET", "/v1/requests", &headers, None);
            answer.problem(401, "unauthenticated");
        }
        server.with_key(&KeyText::make().0).get("/v1/requests").problem(429, "too-many-requests");
    }
}

#[test]
fn addresses_without_number_take_no_memory_without_bound() {
    let limits = LimitSettings {
        failures: rate(600_000, 10_000),
        trusted_proxies: vec!["127.0.0.1".parse().unwrap()],
        ..LimitSettings::default()
    };
    let limits = candour::api::rate_limits::RateLimits::new(&limits, &Server::start(Database::Sqlite).state.clock);
    for number in 0..200_000_u32 {
        let address = std::net::Ipv4Addr::from(number.wrapping_mul(2_654_435_761)).to_string();
        let request = actix_web::test::TestRequest::default()
            .peer_addr("127.0.0.1:9".parse().unwrap())
            .insert_header(("X-Forwarded-For", address))
            .to_http_request();
        limits.count_failure(&request);
    }
    assert!((10_000..=65_536).contains(&limits.kept()), "{}", limits.kept());
}
