//! Pages of other origins: those that are configured may call from a browser, and no other.

use candour::edge::EdgeSettings;

use crate::support::{Answer, Database, Server};

const CONFIGURED: &str = "https://casework.example";

fn preflight(server: &Server, origin: &str, method: &str) -> Answer {
    let headers = [
        ("Origin", origin),
        ("Access-Control-Request-Method", method),
        ("Access-Control-Request-Headers", "authorization,content-type,idempotency-key,if-match"),
    ];
    server.anonymous().send("OPTIONS", "/v1/requests", &headers, None)
}

#[test]
fn pages_of_the_configured_origins_may_call_and_no_others() {
    let server = Server::configured(Database::Sqlite, |settings| {
        settings.edge = EdgeSettings { cors_origins: vec![CONFIGURED.to_owned()], ..EdgeSettings::default() };
    });
    let answer = preflight(&server, CONFIGURED, "POST");
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!(answer.header("access-control-allow-origin"), CONFIGURED);
    assert!(answer.header("access-control-allow-methods").contains("POST"), "{:?}", answer.headers);
    assert!(answer.header("access-control-allow-headers").contains("idempotency-key"), "{:?}", answer.headers);
    // Cookies are not taken: whoever calls names its key.
    assert_eq!(answer.header("access-control-allow-credentials"), "");
    let refused = preflight(&server, "https://elsewhere.example", "POST");
    refused.problem(400, "invalid-parameter");
    assert_eq!(refused.header("access-control-allow-origin"), "");

    let call = |origin: &str, path: &str| server.send("GET", path, &[("Origin", origin)], None);
    let listed = call(CONFIGURED, "/v1/requests");
    listed.expect(200);
    assert_eq!(listed.header("access-control-allow-origin"), CONFIGURED);
    assert!(listed.header("access-control-expose-headers").contains("etag"), "{:?}", listed.headers);
    // A page may read what went wrong, too.
    let missing = call(CONFIGURED, "/v1/requests/4e3aaf11-3f5f-4e0a-9d2b-66fd4a9b2b10");
    missing.problem(404, "not-found");
    assert_eq!(missing.header("access-control-allow-origin"), CONFIGURED);
    assert!(missing.header("vary").to_lowercase().contains("origin"), "{:?}", missing.headers);
    assert_eq!(call("https://elsewhere.example", "/v1/requests").header("access-control-allow-origin"), "");
}

#[test]
fn no_origin_may_call_unless_it_is_configured() {
    let server = Server::start(Database::Sqlite);
    let answer = preflight(&server, CONFIGURED, "POST");
    assert_eq!((answer.status, answer.header("allow")), (204, "GET, HEAD, OPTIONS, POST"));
    let named = |answer: &Answer| answer.headers.keys().any(|name| name.starts_with("access-control-"));
    assert!(!named(&answer), "{:?}", answer.headers);
    let listed = server.send("GET", "/v1/requests", &[("Origin", CONFIGURED)], None);
    listed.expect(200);
    assert!(!named(&listed), "{:?}", listed.headers);
}
