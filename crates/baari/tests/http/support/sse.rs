//! A client of server-sent events that says what it heard, and when nothing was to be heard.

use std::collections::VecDeque;
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::Value;

/// How long something that has to come may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// An open stream.
pub(crate) struct Sse {
    stream: TcpStream,
    /// As they came, from the first that is not understood yet.
    raw: Vec<u8>,
    /// The stream's text, from the first event that is not whole yet.
    text: String,
    heard: VecDeque<Heard>,
    pub(crate) ended: bool,
}

/// One event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Heard {
    Message { id: String, data: String },
    Comment(String),
}

impl Sse {
    /// Asks for a stream and reads the answer's head.
    pub(crate) fn open(address: &str, path: &str, last: Option<&str>) -> Self {
        let mut sse = Self::ask(address, path, last);
        let head = sse.head();
        assert!(head.starts_with("HTTP/1.1 200 "), "{head}");
        assert!(head.contains("content-type: text/event-stream\r\n"), "{head}");
        sse
    }

    /// Asks for a stream and reads nothing.
    pub(crate) fn ask(address: &str, path: &str, last: Option<&str>) -> Self {
        let mut stream = TcpStream::connect(address).unwrap();
        let last = last.map_or(String::new(), |id| format!("Last-Event-ID: {id}\r\n"));
        let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n{last}\r\n");
        stream.write_all(request.as_bytes()).unwrap();
        let (raw, text, heard) = (Vec::new(), String::new(), VecDeque::new());
        Self { stream, raw, text, heard, ended: false }
    }

    fn head(&mut self) -> String {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(end) = self.raw.windows(4).position(|four| four == b"\r\n\r\n") {
                return String::from_utf8(self.raw.drain(..end + 4).collect()).unwrap();
            }
            assert!(self.receive(deadline), "no answer: {:?}", String::from_utf8_lossy(&self.raw));
        }
    }

    /// The next event; none if nothing comes within this time, or nothing can come any more.
    pub(crate) fn heard(&mut self, within: Duration) -> Option<Heard> {
        let deadline = Instant::now() + within;
        loop {
            self.understand();
            if self.heard.is_empty() && !self.ended && self.receive(deadline) {
                continue;
            }
            return self.heard.pop_front();
        }
    }

    /// The next message, which has to come.
    #[track_caller]
    pub(crate) fn message(&mut self) -> (String, String) {
        let deadline = Instant::now() + PATIENCE;
        loop {
            match self.heard(deadline.saturating_duration_since(Instant::now())) {
                Some(Heard::Message { id, data }) => return (id, data),
                Some(Heard::Comment(_)) => {}
                None => panic!("no message came; the stream has ended: {}", self.ended),
            }
        }
    }

    /// What the next message shows.
    #[track_caller]
    pub(crate) fn shown(&mut self) -> Value {
        let (_, data) = self.message();
        serde_json::from_str(&data).unwrap_or_else(|_| panic!("{data} is not JSON"))
    }

    /// The first message that shows this; those before may show less of what was done.
    #[track_caller]
    pub(crate) fn until(&mut self, what: impl Fn(&Value) -> bool) -> Value {
        loop {
            let shown = self.shown();
            if what(&shown) {
                return shown;
            }
        }
    }

    /// No message comes for a while.
    #[track_caller]
    pub(crate) fn silent(&mut self) {
        while let Some(heard) = self.heard(Duration::from_millis(400)) {
            assert!(matches!(heard, Heard::Comment(_)), "{heard:?}");
        }
        assert!(!self.ended, "the stream has ended");
    }

    /// Reads what there is; false when nothing came before the deadline, or it has ended.
    fn receive(&mut self, deadline: Instant) -> bool {
        let left = deadline.saturating_duration_since(Instant::now());
        self.stream.set_read_timeout(Some(left.max(Duration::from_millis(1)))).unwrap();
        let mut buffer = [0; 64 * 1024];
        match self.stream.read(&mut buffer) {
            Ok(0) => self.ended = true,
            Ok(bytes) => {
                self.raw.extend_from_slice(&buffer[..bytes]);
                return true;
            }
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
            Err(_) => self.ended = true,
        }
        false
    }

    /// Chunks become text, text becomes events.
    fn understand(&mut self) {
        while let Some(line) = self.raw.windows(2).position(|two| two == b"\r\n") {
            let size = std::str::from_utf8(&self.raw[..line]).unwrap();
            let size = usize::from_str_radix(size, 16).unwrap();
            let Some(chunk) = self.raw.get(line + 2..line + 2 + size + 2) else { break };
            self.text.push_str(std::str::from_utf8(&chunk[..size]).unwrap());
            self.ended |= size == 0;
            self.raw.drain(..line + 2 + size + 2);
        }
        while let Some(end) = self.text.find("\n\n") {
            let event: String = self.text.drain(..end + 2).collect();
            let field =
                |name: &str| event.lines().find_map(|line| line.strip_prefix(name)).map(str::to_owned);
            self.heard.push_back(match (field("id: "), field("data: ")) {
                (Some(id), Some(data)) => Heard::Message { id, data },
                _ => Heard::Comment(field(": ").unwrap_or_default()),
            });
        }
    }
}
