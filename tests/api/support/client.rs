//! A client for tests: plain HTTP, JSON in and out, nothing hidden.

use std::{collections::HashMap, time::Duration};

use serde_json::Value;

/// A client of one server, with a key.
#[derive(Clone)]
pub struct Client {
    agent: ureq::Agent,
    base: String,
    key: Option<String>,
}

/// An answer, whatever its status.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    /// Header names in lower case.
    pub headers: HashMap<String, String>,
    pub text: String,
}

impl Client {
    pub fn new(base: &str, key: Option<&str>) -> Self {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_global(Some(Duration::from_mins(2)))
            .build();
        Self { agent: config.into(), base: base.to_owned(), key: key.map(str::to_owned) }
    }

    /// The same client without its key.
    pub fn anonymous(&self) -> Self {
        Self { key: None, ..self.clone() }
    }

    /// The same client with another key.
    pub fn with_key(&self, key: &str) -> Self {
        Self { key: Some(key.to_owned()), ..self.clone() }
    }

    pub fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[], None)
    }

    pub fn post(&self, path: &str, body: &Value) -> Answer {
        self.send("POST", path, &[("Content-Type", "application/json")], Some(body.to_string().as_bytes()))
    }

    pub fn post_keyed(&self, path: &str, key: &str, body: &Value) -> Answer {
        let headers = [("Content-Type", "application/json"), ("Idempotency-Key", key)];
        self.send("POST", path, &headers, Some(body.to_string().as_bytes()))
    }

    pub fn put(&self, path: &str, if_match: &str, body: &Value) -> Answer {
        let headers = [("Content-Type", "application/json"), ("If-Match", if_match)];
        self.send("PUT", path, &headers, Some(body.to_string().as_bytes()))
    }

    pub fn patch(&self, path: &str, if_match: &str, body: &Value) -> Answer {
        let headers = [("Content-Type", "application/merge-patch+json"), ("If-Match", if_match)];
        self.send("PATCH", path, &headers, Some(body.to_string().as_bytes()))
    }

    pub fn delete(&self, path: &str, if_match: &str) -> Answer {
        self.send("DELETE", path, &[("If-Match", if_match)], None)
    }

    /// Sends anything.
    pub fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Option<&[u8]>) -> Answer {
        self.attempt(method, path, headers, body).unwrap()
    }

    /// Sends anything to a server that may be gone.
    pub fn attempt(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&[u8]>,
    ) -> Result<Answer, ureq::Error> {
        let mut request = ureq::http::Request::builder().method(method).uri(format!("{}{path}", self.base));
        if let Some(key) = &self.key {
            request = request.header("Authorization", format!("Bearer {key}"));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut answer = match body {
            Some(bytes) => self.agent.run(request.body(bytes.to_vec())?)?,
            None => self.agent.run(request.body(())?)?,
        };
        let headers = answer
            .headers()
            .iter()
            .map(|(name, value)| (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
            .collect();
        let text = answer.body_mut().with_config().limit(64 * 1024 * 1024).read_to_string()?;
        Ok(Answer { status: answer.status().as_u16(), headers, text })
    }
}

impl Answer {
    /// The body as JSON.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("not JSON: {} {}", self.status, self.text))
    }

    /// The body as JSON, of an answer that must have this status.
    #[track_caller]
    pub fn expect(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text);
        if self.text.is_empty() { Value::Null } else { self.json() }
    }

    /// The problem document of an answer that must be this failure.
    #[track_caller]
    pub fn problem(&self, status: u16, code: &str) -> Value {
        assert_eq!(self.status, status, "{}", self.text);
        assert_eq!(self.header("content-type"), "application/problem+json", "{}", self.text);
        let problem = self.json();
        assert_eq!(problem["code"], code, "{problem}");
        assert_eq!(problem["status"], status, "{problem}");
        assert_eq!(problem["type"], format!("/problems/{code}"), "{problem}");
        assert_eq!(problem["request_id"], self.header("x-request-id"), "{problem}");
        problem
    }

    /// Pointers (or parameter or header names) and codes of a problem's faults.
    #[track_caller]
    pub fn faults(&self) -> Vec<(String, String)> {
        let place = |fault: &Value| {
            ["pointer", "parameter", "header"].iter().find_map(|kind| fault[*kind].as_str().map(str::to_owned)).unwrap()
        };
        let errors = self.json()["errors"].as_array().cloned().unwrap_or_default();
        errors.iter().map(|fault| (place(fault), fault["code"].as_str().unwrap().to_owned())).collect()
    }

    /// A header, empty when absent.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }
}
