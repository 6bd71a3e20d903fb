//! Bytes on the wire, for what no HTTP client would send, and answers as they came.

use std::fmt::Write as _;
use std::{
    collections::HashMap,
    io::{Read, Write},
    net::{Shutdown, TcpStream},
    thread,
    time::Duration,
};

use super::{Answer, Server, server::KEY};

/// How long an answer may take before the test fails.
const PATIENCE: Duration = Duration::from_secs(30);

/// Sends a request with the key of the tests, whatever its target and method look like.
#[track_caller]
pub fn send(server: &Server, method: &str, target: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
    let authorization = format!("Bearer {KEY}");
    let mut all = vec![("Authorization", authorization.as_str())];
    all.extend_from_slice(headers);
    send_bare(server, method, target, &all, body)
}

/// Sends a request with these headers only, beside what HTTP itself wants.
#[track_caller]
pub fn send_bare(server: &Server, method: &str, target: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
    let mut bytes = head(method, target, headers);
    if !body.is_empty() {
        bytes.truncate(bytes.len() - 2);
        bytes.extend_from_slice(format!("Content-Length: {}\r\n\r\n", body.len()).as_bytes());
    }
    bytes.extend_from_slice(body);
    raw(server, bytes)
}

/// The head of a request, up to and with its empty line.
pub fn head(method: &str, target: &str, headers: &[(&str, &str)]) -> Vec<u8> {
    let mut text = format!("{method} {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n");
    for (name, value) in headers {
        let _ = write!(text, "{name}: {value}\r\n");
    }
    (text + "\r\n").into_bytes()
}

/// Sends bytes and reads the answer. A server that has answered need not read what is still under way.
#[track_caller]
pub fn raw(server: &Server, bytes: Vec<u8>) -> Answer {
    let mut stream = TcpStream::connect(server.base.trim_start_matches("http://")).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream.set_write_timeout(Some(PATIENCE)).unwrap();
    let mut writing = stream.try_clone().unwrap();
    let writer = thread::spawn(move || writing.write_all(&bytes));
    let mut answer = Vec::new();
    let read = stream.read_to_end(&mut answer);
    drop(stream.shutdown(Shutdown::Both));
    drop(writer.join().unwrap());
    assert!(!answer.is_empty(), "no answer: {read:?}");
    parsed(&answer)
}

fn parsed(bytes: &[u8]) -> Answer {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
    let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
    let mut lines = head.split("\r\n");
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let mut headers = HashMap::new();
    for line in lines {
        let (name, value) = line.split_once(':').unwrap();
        let repeated = headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
        assert_eq!(repeated, None, "{name} came twice");
    }
    let body = String::from_utf8_lossy(&bytes[end + 4..]).into_owned();
    Answer { status, headers, text: body }
}
