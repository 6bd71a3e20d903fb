//! The contract as readers meet it: the document over HTTP, and its page in a real browser without the internet.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
};

use crate::support::{Database, Server, contract::operations};

/// How long the page may take, in milliseconds of the browser's own time.
const VIRTUAL_TIME: &str = "20000";

#[test]
fn the_document_is_served_as_it_is_committed() {
    let server = Server::start(Database::Sqlite);
    let committed = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi/openapi.json")).unwrap();
    let answer = server.anonymous().get("/openapi.json");
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), "application/json");
    assert!(answer.text == committed, "what is served is not what is committed; run: scripts/openapi write");
}

#[test]
fn the_page_stands_at_docs_with_and_without_its_slash() {
    let running = Server::start(Database::Sqlite);
    let server = running.anonymous();
    let redirect = server.get("/docs");
    assert_eq!(redirect.status, 308);
    assert_eq!(redirect.header("location"), "/docs/");
    let page = server.get("/docs/");
    assert_eq!(page.status, 200);
    assert!(page.header("content-type").starts_with("text/html"), "{:?}", page.headers);
    // Nothing is fetched from elsewhere: every reference stays on this server.
    for reference in page.text.split(['"', '\'']).filter(|text| text.contains("//")) {
        assert!(!reference.starts_with("http") && !reference.starts_with("//"), "{reference}");
    }
    server.get("/docs/no-such-file.js").problem(404, "not-found");
}

#[test]
fn the_page_shows_every_operation_in_a_browser() {
    let server = Server::start(Database::Sqlite);
    let shown = rendered(&format!("{}/docs/", server.base));
    let missing: Vec<String> = operations()
        .iter()
        .filter(|operation| {
            let summary = operation.value["summary"].as_str().unwrap();
            !shown.contains(&format!(">{summary}<")) || !shown.contains(&format!("-{}\"", operation.id()))
        })
        .map(|operation| operation.id().to_owned())
        .collect();
    assert!(missing.is_empty(), "the page does not show {missing:?}; it has {} bytes: {:.2000}", shown.len(), shown);
}

/// The page as a browser makes it. Every name but this machine's own is unknown to the browser: it works without internet.
fn rendered(url: &str) -> String {
    let browser = std::env::var("CANDOUR_TEST_CHROMIUM").unwrap_or_else(|_| {
        panic!("CANDOUR_TEST_CHROMIUM names no browser: run the tests with scripts/test, which finds or installs one")
    });
    let profile = std::env::temp_dir().join(format!("candour-browser-{}", uuid::Uuid::new_v4().simple()));
    let output = Command::new(&browser)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"])
        .args(["--disable-background-networking", "--disable-component-update", "--disable-sync"])
        .args([
            "--disable-dev-shm-usage",
            "--no-proxy-server",
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
        ])
        .arg(format!("--user-data-dir={}", profile.display()))
        .arg(format!("--virtual-time-budget={VIRTUAL_TIME}"))
        .args(["--dump-dom", url])
        .stdin(Stdio::null())
        .output()
        .unwrap_or_else(|error| panic!("{browser} does not start ({error}): run the tests with scripts/test"));
    drop(fs::remove_dir_all(profile));
    assert!(output.status.success(), "{browser}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}
