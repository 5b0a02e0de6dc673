//! HTTP/1.1 over one connection that is kept: as little as a measurement needs, so that the processor is left to what is
//! measured.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// A connection to a server.
pub struct Client {
    stream: TcpStream,
    host: SocketAddr,
    /// What was read and not used yet.
    buffer: Vec<u8>,
}

/// What the server answered.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// Status line and headers.
    pub head: String,
    /// The body, as it came.
    pub body: Vec<u8>,
}

impl Answer {
    /// The first header of that name.
    pub fn header(&self, name: &str) -> Option<&str> {
        header(&self.head, name)
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

impl Client {
    /// Connects.
    pub async fn connect(host: SocketAddr) -> std::io::Result<Self> {
        let stream = TcpStream::connect(host).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, host, buffer: Vec::with_capacity(64 * 1024) })
    }

    /// Opens a page, with more headers (each ended by a line break) if any.
    pub async fn get(&mut self, path: &str, headers: &str) -> Answer {
        let request =
            format!("GET {path} HTTP/1.1\r\nhost: {}\r\naccept: text/html\r\n{headers}\r\n", self.host);
        self.ask(&request).await
    }

    /// Sends a form.
    pub async fn post(&mut self, path: &str, headers: &str, form: &str) -> Answer {
        let request = format!(
            "POST {path} HTTP/1.1\r\nhost: {}\r\naccept: text/html\r\nsec-fetch-site: same-origin\r\n\
             content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n{headers}\r\n{form}",
            self.host,
            form.len()
        );
        self.ask(&request).await
    }

    async fn ask(&mut self, request: &str) -> Answer {
        self.stream.write_all(request.as_bytes()).await.expect("the server takes the request");
        let head_ends = self.until(b"\r\n\r\n", 0).await;
        let head = String::from_utf8_lossy(&self.buffer[..head_ends]).into_owned();
        let status = head.split(' ').nth(1).and_then(|code| code.parse().ok()).expect("a status");
        self.buffer.drain(..head_ends);
        let is_chunked = header(&head, "transfer-encoding").is_some_and(|coding| coding == "chunked");
        let body = if is_chunked {
            self.chunks().await
        } else {
            let length = header(&head, "content-length").and_then(|length| length.parse().ok());
            self.exactly(length.unwrap_or(0)).await
        };
        Answer { status, head, body }
    }

    async fn chunks(&mut self) -> Vec<u8> {
        let mut body = Vec::new();
        loop {
            let line_ends = self.until(b"\r\n", 0).await;
            let line = String::from_utf8_lossy(&self.buffer[..line_ends - 2]).into_owned();
            self.buffer.drain(..line_ends);
            let length = usize::from_str_radix(line.trim(), 16).expect("the length of a chunk");
            let chunk = self.exactly(length + 2).await;
            if length == 0 {
                return body;
            }
            body.extend_from_slice(&chunk[..length]);
        }
    }

    async fn exactly(&mut self, length: usize) -> Vec<u8> {
        while self.buffer.len() < length {
            self.more().await;
        }
        let rest = self.buffer.split_off(length);
        std::mem::replace(&mut self.buffer, rest)
    }

    /// Where the first `mark` ends, once it is there.
    async fn until(&mut self, mark: &[u8], mut from: usize) -> usize {
        loop {
            let found = self.buffer[from..].windows(mark.len()).position(|window| window == mark);
            if let Some(at) = found {
                return from + at + mark.len();
            }
            from = self.buffer.len().saturating_sub(mark.len());
            self.more().await;
        }
    }

    async fn more(&mut self) {
        let read = self.stream.read_buf(&mut self.buffer).await.expect("the server answers");
        assert!(read > 0, "the server hung up");
    }
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines().find_map(|line| {
        let (known, value) = line.split_once(':')?;
        known.eq_ignore_ascii_case(name).then(|| value.trim())
    })
}
