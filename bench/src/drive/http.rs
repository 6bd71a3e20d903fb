//! As much of HTTP/1.1 as the service's answers need: a status, a length, a body.

use std::net::SocketAddr;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::{Outcome, processes::KEY};

/// A GET, ready to be sent.
pub fn get(path: &str) -> Vec<u8> {
    get_with(KEY, path)
}

/// A GET with a key of its own, ready to be sent.
pub fn get_with(key: &str, path: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {key}\r\n\r\n").into_bytes()
}

/// A POST of JSON, ready to be sent.
pub fn post(path: &str, body: &serde_json::Value) -> Vec<u8> {
    let body = body.to_string();
    let length = body.len();
    format!(
        "POST {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {KEY}\r\n\
         Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
    )
    .into_bytes()
}

/// A connection that stays open.
pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    pub async fn open(address: SocketAddr) -> Outcome<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::with_capacity(64 * 1024) })
    }

    /// Sends a request and gives the body of its answer; an answer of another family than 2xx ends the measurement.
    pub async fn call(&mut self, request: &[u8]) -> Outcome<&[u8]> {
        self.buffer.clear();
        self.stream.write_all(request).await?;
        let head = loop {
            if let Some(end) = end_of_head(&self.buffer) {
                break end;
            }
            self.receive().await?;
        };
        let (status, length) = read_head(self.buffer.get(..head).unwrap_or_default())?;
        while self.buffer.len() < head + length {
            self.receive().await?;
        }
        let body = self.buffer.get(head..head + length).unwrap_or_default();
        if status / 100 != 2 {
            let first_line = String::from_utf8_lossy(request).lines().next().unwrap_or_default().to_owned();
            return Err(format!("{first_line}: {status} {}", String::from_utf8_lossy(body)).into());
        }
        Ok(body)
    }

    async fn receive(&mut self) -> Outcome<()> {
        match self.stream.read_buf(&mut self.buffer).await? {
            0 => Err("the server closed the connection".into()),
            _ => Ok(()),
        }
    }
}

fn end_of_head(bytes: &[u8]) -> Option<usize> {
    bytes.windows(4).position(|window| window == b"\r\n\r\n").map(|at| at + 4)
}

fn read_head(head: &[u8]) -> Outcome<(u16, usize)> {
    let text = std::str::from_utf8(head)?;
    let mut lines = text.split("\r\n");
    let status = lines.next().and_then(|line| line.split(' ').nth(1)).ok_or("no status")?.parse()?;
    let length = lines
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .ok_or("an answer without Content-Length")?;
    Ok((status, length.1.trim().parse()?))
}
