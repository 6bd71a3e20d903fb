//! A caller: JSON over HTTP, one connection kept alive, and no repeat that nobody asked for.

use std::time::Duration;

use serde_json::Value;

use crate::Result;

/// How long a caller waits for an answer.
const PATIENCE: Duration = Duration::from_secs(20);

/// One caller with one credential.
pub struct Client {
    agent: ureq::Agent,
    base: String,
    key: String,
}

/// A call as it is sent.
pub struct Call<'a> {
    pub method: &'a str,
    pub path: &'a str,
    pub headers: Vec<(&'a str, &'a str)>,
    pub body: Option<&'a Value>,
}

/// An answer, whatever its status.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub etag: String,
    pub is_replayed: bool,
    pub retry_after: bool,
    /// By the server's clock.
    pub date: String,
    pub body: Value,
}

impl Answer {
    /// The code of a problem document, empty in any other answer.
    pub fn code(&self) -> &str {
        self.body["code"].as_str().unwrap_or_default()
    }

    pub fn id(&self) -> Result<String> {
        Ok(self.body["id"].as_str().ok_or_else(|| format!("no id in {}: {}", self.status, self.body))?.to_owned())
    }

    /// The body of an answer with this status.
    pub fn expect(self, status: u16) -> Result<Value> {
        if self.status == status { Ok(self.body) } else { Err(format!("{}: {}", self.status, self.body).into()) }
    }
}

impl Client {
    pub fn new(base: &str, key: &str) -> Self {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_global(Some(PATIENCE))
            .build();
        Self { agent: config.into(), base: base.to_owned(), key: key.to_owned() }
    }

    /// The same caller with another credential, on connections of its own.
    pub fn with_key(&self, key: &str) -> Self {
        Self::new(&self.base, key)
    }

    /// Sends a call once. An error means that no whole answer came: what became of the call is unknown.
    pub fn send(&self, call: &Call<'_>) -> Result<Answer> {
        let mut request = ureq::http::Request::builder()
            .method(call.method)
            .uri(format!("{}{}", self.base, call.path))
            .header("Authorization", format!("Bearer {}", self.key));
        for (name, value) in &call.headers {
            request = request.header(*name, *value);
        }
        let mut answer = match call.body {
            Some(body) => {
                let request = request.header("Content-Type", "application/json");
                self.agent.run(request.body(body.to_string().into_bytes())?)?
            }
            None => self.agent.run(request.body(())?)?,
        };
        let text = answer.body_mut().with_config().limit(64 * 1024 * 1024).read_to_string()?;
        let header = |name| answer.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        Ok(Answer {
            status: answer.status().as_u16(),
            etag: header("etag").to_owned(),
            is_replayed: header("idempotency-replayed") == "true",
            retry_after: !header("retry-after").is_empty(),
            date: header("date").to_owned(),
            body: if text.is_empty() { Value::Null } else { serde_json::from_str(&text)? },
        })
    }

    pub fn get(&self, path: &str) -> Result<Answer> {
        self.send(&Call { method: "GET", path, headers: Vec::new(), body: None })
    }

    pub fn post(&self, path: &str, body: &Value) -> Result<Answer> {
        self.send(&Call { method: "POST", path, headers: Vec::new(), body: Some(body) })
    }

    /// Every item of a list, page by page.
    pub fn all(&self, path: &str) -> Result<Vec<Value>> {
        let (mut items, mut address) = (Vec::new(), path.to_owned());
        loop {
            let mut page = self.get(&address)?.expect(200)?;
            if let Some(more) = page["items"].as_array_mut() {
                items.append(more);
            }
            let Some(cursor) = page["next_cursor"].as_str() else { return Ok(items) };
            address = format!("{path}&cursor={cursor}");
        }
    }
}
