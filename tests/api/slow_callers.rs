//! Callers that trickle: cut off after their time, while others are answered. (`docs/security.md` has the figures of a real
//! attack.)

use std::{
    io::{ErrorKind, Read, Write},
    net::TcpStream,
    time::{Duration, Instant},
};

use crate::{
    on_each,
    support::{Server, server::KEY, wire},
};

on_each! {
/// A body in chunks has no end that is known: the connection is closed all the same.
fn a_body_in_chunks_that_never_ends_is_refused_and_its_connection_closed(database) {
    let server = Server::configured(database, |settings| {
        settings.edge.limits.body_timeout = Duration::from_secs(1);
    });
    let headers = [("Content-Type", "application/json"), ("Transfer-Encoding", "chunked")];
    let head = String::from_utf8(wire::head("POST", "/v1/cost-estimates", &headers)).unwrap();
    let head = head.replace("Connection: close\r\n", "");
    let mut stream = TcpStream::connect(server.base.trim_start_matches("http://")).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(b"1\r\n{\r\n").unwrap();
    let mut answer = String::new();
    // Ends when the server has closed the connection, and fails when it does not in time.
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 408 Request Timeout\r\n"), "{answer}");
    assert!(answer.contains("\"code\":\"request-timeout\""), "{answer}");
}

fn a_body_that_does_not_arrive_in_time_is_refused_and_its_connection_closed(database) {
    let server = Server::configured(database, |settings| {
        settings.edge.limits.body_timeout = Duration::from_secs(1);
    });
    server.authority("Authority of the test");
    let authorization = format!("Bearer {KEY}");
    let headers =
        [("Authorization", authorization.as_str()), ("Content-Type", "application/json"), ("Content-Length", "500")];
    let mut head = String::from_utf8(wire::head("POST", "/v1/requests", &headers)).unwrap();
    // The caller would go on with this connection.
    head = head.replace("Connection: close\r\n", "");
    let mut stream = TcpStream::connect(server.base.trim_start_matches("http://")).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let begun = Instant::now();
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(b"{\"regime\":").unwrap();
    // Others are answered meanwhile.
    server.get("/v1/requests").expect(200);
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(begun.elapsed() >= Duration::from_secs(1), "{:?}", begun.elapsed());
    assert!(answer.starts_with("HTTP/1.1 408 Request Timeout\r\n"), "{answer}");
    assert!(answer.to_lowercase().contains("\r\nconnection: close\r\n"), "{answer}");
    let (_, body) = answer.split_once("\r\n\r\n").unwrap();
    let problem: serde_json::Value = serde_json::from_str(body).unwrap();
    assert_eq!((&problem["code"], &problem["status"]), (&"request-timeout".into(), &408.into()), "{problem}");
    assert_eq!(server.get("/v1/requests").expect(200)["items"], serde_json::json!([]));
}

/// A head that goes on arriving is cut off all the same: the time is that of the whole head, not that between two bytes.
fn a_head_that_trickles_is_refused_and_its_connection_closed(database) {
    let server = Server::start(database);
    let mut stream = TcpStream::connect(server.base.trim_start_matches("http://")).unwrap();
    // A byte whenever nothing was answered for so long.
    stream.set_read_timeout(Some(Duration::from_millis(100))).unwrap();
    let begun = Instant::now();
    stream.write_all(b"GET /v1/calendars HTTP/1.1\r\nHost: localhost\r\nX-Slow: ").unwrap();
    let mut answer = Vec::new();
    let mut piece = [0; 1024];
    let mut sent = 0;
    loop {
        match stream.read(&mut piece) {
            Ok(0) => break,
            Ok(length) => answer.extend_from_slice(&piece[..length]),
            Err(error) if [ErrorKind::WouldBlock, ErrorKind::TimedOut].contains(&error.kind()) => {
                assert!(begun.elapsed() < Duration::from_secs(30), "{sent} bytes were taken");
                // Others are answered meanwhile.
                server.get("/v1/calendars").expect(200);
                if stream.write_all(b"a").is_ok() {
                    sent += 1;
                }
            }
            // A byte that came after the end resets the connection.
            Err(_) => break,
        }
    }
    assert!(begun.elapsed() >= Duration::from_secs(4), "{:?}", begun.elapsed());
    assert!(sent > 5, "{sent}");
    let answer = String::from_utf8(answer).unwrap();
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 408 Request Timeout\r\n"), "{answer}");
}
}
