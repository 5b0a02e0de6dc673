//! An SMTP server inside the test, and what arrived there.

use std::io::{self, BufRead as _, BufReader, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use mailin::response::{self, Response};
use mailin::{Action, Handler, SessionBuilder};

/// One mail as the server took it.
#[derive(Debug, Clone, Default)]
pub struct Received {
    /// The addresses of the envelope.
    pub to: Vec<String>,
    /// Headers and body, as they came.
    pub raw: String,
}

impl Received {
    /// The value of a header, unfolded and decoded where it is plain.
    pub fn header(&self, name: &str) -> String {
        let head = self.raw.split("\r\n\r\n").next().unwrap_or_default().replace("\r\n ", " ");
        let prefix = format!("{name}: ").to_lowercase();
        let line = head.lines().find(|line| line.to_lowercase().starts_with(&prefix));
        line.map(|line| decoded_words(&line[prefix.len()..])).unwrap_or_default()
    }

    /// The whole mail with its transfer encodings undone as far as reading needs it.
    pub fn text(&self) -> String {
        decoded_quoted_printable(&self.raw)
    }
}

/// Where mail arrives.
#[derive(Clone)]
pub struct Inbox {
    mails: Arc<Mutex<Vec<Received>>>,
    refused: Arc<Mutex<Vec<(String, String)>>>,
    port: u16,
}

impl Inbox {
    /// Starts the server on a free port; it ends with the test's process.
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let mails = Arc::new(Mutex::new(Vec::new()));
        let refused = Arc::new(Mutex::new(Vec::new()));
        let taker = Taker { mails: mails.clone(), refused: refused.clone(), current: Received::default() };
        std::thread::spawn(move || {
            for connection in listener.incoming().map_while(Result::ok) {
                let taker = taker.clone();
                // Whoever hangs up in the middle ends the conversation, as with any mail server.
                std::thread::spawn(move || converse(&connection, taker));
            }
        });
        Self { mails, refused, port }
    }

    /// From now on the server says that there is no such mailbox.
    pub fn does_not_know(&self, address: &str) {
        self.refuses(address, "5.1.1 No such mailbox");
    }

    /// From now on the server refuses mail to that address for good, in these words.
    pub fn refuses(&self, address: &str, words: &str) {
        self.refused.lock().expect("the inbox").push((address.to_owned(), words.to_owned()));
    }

    /// The address for the settings.
    pub fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
    }

    /// Everything that has arrived, in order.
    pub fn all(&self) -> Vec<Received> {
        self.mails.lock().expect("the inbox").clone()
    }

    /// What has arrived for an address, in order.
    pub fn of(&self, address: &str) -> Vec<Received> {
        self.all().into_iter().filter(|mail| mail.to.iter().any(|to| to == address)).collect()
    }

    /// The last mail for an address.
    pub fn last_of(&self, address: &str) -> Received {
        self.of(address).pop().unwrap_or_else(|| panic!("no mail for {address}"))
    }
}

/// Speaks SMTP with whoever connected, until they leave.
fn converse(connection: &TcpStream, taker: Taker) -> io::Result<()> {
    let mut session = SessionBuilder::new("inbox.test").build(Ipv4Addr::LOCALHOST.into(), taker);
    let (mut lines, mut answers) = (BufReader::new(connection), connection);
    let mut answer = session.greeting();
    let mut line = Vec::new();
    loop {
        if answer.action != Action::NoReply {
            let mut text = Vec::new();
            answer.write_to(&mut text)?;
            answers.write_all(&text)?;
        }
        line.clear();
        if answer.action == Action::Close || lines.read_until(b'\n', &mut line)? == 0 {
            return Ok(());
        }
        answer = session.process(&line);
    }
}

#[derive(Clone)]
struct Taker {
    mails: Arc<Mutex<Vec<Received>>>,
    refused: Arc<Mutex<Vec<(String, String)>>>,
    current: Received,
}

impl Handler for Taker {
    fn mail(&mut self, _ip: std::net::IpAddr, _domain: &str, _from: &str) -> Response {
        self.current = Received::default();
        response::OK
    }

    fn rcpt(&mut self, to: &str) -> Response {
        let refused = self.refused.lock().expect("the inbox");
        if let Some((_, words)) = refused.iter().find(|(known, _)| known == to) {
            return Response::custom(550, words.clone());
        }
        drop(refused);
        self.current.to.push(to.to_owned());
        response::OK
    }

    fn data(&mut self, line: &[u8]) -> io::Result<()> {
        self.current.raw.push_str(&String::from_utf8_lossy(line));
        Ok(())
    }

    fn data_end(&mut self) -> Response {
        self.mails.lock().expect("the inbox").push(std::mem::take(&mut self.current));
        response::OK
    }
}

fn decoded_quoted_printable(text: &str) -> String {
    let joined = text.replace("=\r\n", "");
    let mut bytes = Vec::with_capacity(joined.len());
    let mut rest = joined.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let escaped = (byte == b'=').then(|| after.get(..2)).flatten();
        let value = escaped
            .and_then(|pair| std::str::from_utf8(pair).ok())
            .and_then(|pair| u8::from_str_radix(pair, 16).ok());
        if let Some(value) = value {
            bytes.push(value);
            rest = &after[2..];
        } else {
            bytes.push(byte);
            rest = after;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// RFC 2047 words in base64, which is how lettre writes them.
fn decoded_words(value: &str) -> String {
    use base64::Engine as _;
    let mut decoded = String::new();
    for (at, part) in value.split("=?utf-8?b?").enumerate() {
        if at == 0 {
            decoded.push_str(part);
            continue;
        }
        let (word, after) = part.split_once("?=").unwrap_or((part, ""));
        let bytes = base64::engine::general_purpose::STANDARD.decode(word).unwrap_or_default();
        decoded.push_str(&String::from_utf8_lossy(&bytes));
        decoded.push_str(if after.trim().is_empty() { "" } else { after });
    }
    decoded
}
