//! What a terminal and the server say to each other: length-prefixed messages on a Unix socket.
//!
//! A message is four bytes of length (little endian, kind included), one byte of kind, and a body. Keys go up as
//! the raw bytes that the terminal sent; frames come down as the bytes that it shall write. The protocol number
//! stands first in the greeting, so that two versions can always say which of them is older. Every length is
//! checked before a byte of the body is kept, and a broken message ends its own connection and nothing else.

mod place;

pub use place::Place;

use serde::{Deserialize, Serialize};

/// The protocol of this build. It grows whenever a message changes its meaning or its form.
pub const PROTOCOL: u16 = 1;

/// The longest message that a terminal may send, in bytes after the length.
pub const UP_MAX: usize = 64 * 1024;

/// The longest message that the server may send, in bytes after the length: a whole repaint of the largest terminal fits.
pub const DOWN_MAX: usize = 4 * 1024 * 1024;

/// The most key bytes in one [`Up::Input`].
pub const INPUT_MAX: usize = 4 * 1024;

/// The exit status of a server that found another one serving the store.
pub const RUNNING: u8 = 3;

/// How many colours a terminal shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Colours {
    /// None: `NO_COLOR` is set, or the terminal has none. Words and reverse video carry the meaning.
    None,
    /// The sixteen of the palette.
    #[default]
    Sixteen,
}

/// What a terminal says of itself when it attaches. Only the size and `TERM` are checked; the rest is taste.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Terminal {
    /// Width in cells.
    pub cols: u16,
    /// Height in cells.
    pub rows: u16,
    /// `TERM`, for the journal and for what the console cannot show.
    pub term: String,
    /// How many colours it shows.
    pub colours: Colours,
    /// The language asked for, `zh` or `en`.
    pub lang: String,
    /// A slow line: the clock goes by minutes and a lone escape waits longer.
    pub slow: bool,
    /// Line by line, for screen readers.
    pub plain: bool,
    /// Its clipboard may be written to.
    #[serde(default)]
    pub clipboard: bool,
    /// The name of its tty, such as `/dev/pts/3`.
    pub tty: String,
}

impl Terminal {
    /// Whether the size and the name of the kind are ones that the server draws for.
    pub fn is_sound(&self) -> bool {
        let name = |c: u8| c.is_ascii_alphanumeric() || b"._+-".contains(&c);
        self.term.len() <= 32 && self.term.bytes().all(name) && self.tty.len() <= 64 && self.lang.len() <= 8
    }
}

/// What a connection is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Want {
    /// A screen.
    Screen(Terminal),
    /// One call of a command-line verb.
    Call(Call),
}

/// One verb of the command line, carried out by the server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// The verb, such as `post` or `show`.
    pub verb: String,
    /// Its arguments, as the verb defines them.
    pub args: serde_json::Value,
}

/// The first message of every connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hello {
    /// The protocol the sender speaks.
    pub protocol: u16,
    /// The sender's version, to be named in a mismatch.
    pub version: String,
    /// What the connection is for; `None` where the protocols differ and it cannot be read.
    pub want: Option<Want>,
}

/// From a terminal to the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Up {
    /// The greeting.
    Hello(Box<Hello>),
    /// Bytes from the keyboard; `n` counts this terminal's inputs from 1.
    Input {
        /// The number of this input.
        n: u32,
        /// What the keyboard sent, as it came.
        bytes: Vec<u8>,
    },
    /// The terminal has a new size.
    Size {
        /// Width in cells.
        cols: u16,
        /// Height in cells.
        rows: u16,
    },
    /// The last frame has been written to the terminal.
    Ack,
    /// A piece of a call's input (a statement, lines to post); an empty piece is the end.
    Chunk(Vec<u8>),
}

/// From the server to a terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Down {
    /// What to write to the terminal.
    Frame {
        /// The last input that this frame reflects.
        upto: u32,
        /// How many commands of this terminal still wait for their answer.
        waiting: u16,
        /// The journal's position that the frame was drawn at.
        seq: u64,
        /// What to write.
        bytes: Vec<u8>,
    },
    /// Output of a call.
    Out {
        /// Whether it belongs on standard error.
        error: bool,
        /// What to write.
        bytes: Vec<u8>,
    },
    /// The call is finished with this exit status.
    Done(u8),
    /// The server ends the connection, and why.
    Goodbye(Goodbye),
}

/// Why the server ends a connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum Goodbye {
    /// The person asked for it.
    Quit,
    /// The server speaks another protocol.
    Protocol {
        /// The protocol the server speaks.
        protocol: u16,
        /// The server's version.
        version: String,
    },
    /// As many terminals as are allowed are attached.
    Full {
        /// How many are allowed.
        limit: u32,
    },
    /// The server was told to stop.
    Stopping,
    /// The session broke; the others live.
    Broken,
    /// The store could not be opened.
    Closed {
        /// The fault, in words.
        fault: String,
    },
}

/// Why a message cannot be read. The connection that sent it is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// The length is zero or over the limit.
    #[error("a message of {0} bytes")]
    Length(u32),
    /// No message has this kind.
    #[error("a message of the unknown kind {0}")]
    Kind(u8),
    /// The body does not fit its kind.
    #[error("a message of kind {0} with a body that does not fit it")]
    Body(u8),
}

/// Bytes received and not yet read as messages.
#[derive(Debug)]
pub struct Inflow {
    bytes: Vec<u8>,
    read: usize,
    limit: usize,
}

impl Inflow {
    /// An inflow whose messages are at most `limit` bytes after the length.
    pub fn new(limit: usize) -> Inflow {
        Inflow { bytes: Vec::new(), read: 0, limit }
    }

    /// Adds what was received.
    pub fn push(&mut self, bytes: &[u8]) {
        if self.read == self.bytes.len() {
            self.bytes.clear();
            self.read = 0;
            self.bytes.shrink_to(16 * 1024);
        } else if self.read > 64 * 1024 {
            self.bytes.drain(..self.read);
            self.read = 0;
        }
        self.bytes.extend_from_slice(bytes);
    }

    fn next_body(&mut self) -> Result<Option<(u8, &[u8])>, Malformed> {
        let waiting = &self.bytes[self.read..];
        let Some((head, rest)) = waiting.split_first_chunk::<4>() else { return Ok(None) };
        let length = u32::from_le_bytes(*head);
        if length == 0 || length as usize > self.limit {
            return Err(Malformed::Length(length));
        }
        if rest.len() < length as usize {
            return Ok(None);
        }
        let from = self.read + 4;
        self.read = from + length as usize;
        Ok(Some((self.bytes[from], &self.bytes[from + 1..self.read])))
    }

    /// The next whole message of a terminal, if it has come.
    pub fn next_up(&mut self) -> Result<Option<Up>, Malformed> {
        self.next_body()?.map(|(kind, body)| Up::decode(kind, body)).transpose()
    }

    /// The next whole message of the server, if it has come.
    pub fn next_down(&mut self) -> Result<Option<Down>, Malformed> {
        self.next_body()?.map(|(kind, body)| Down::decode(kind, body)).transpose()
    }
}

fn put(to: &mut Vec<u8>, kind: u8, parts: &[&[u8]]) {
    let length: usize = 1 + parts.iter().map(|part| part.len()).sum::<usize>();
    to.extend_from_slice(&(length as u32).to_le_bytes());
    to.push(kind);
    parts.iter().for_each(|part| to.extend_from_slice(part));
}

fn json<T: Serialize>(value: &T) -> Vec<u8> {
    serde_json::to_vec(value).expect("messages have text keys only")
}

#[derive(Serialize, Deserialize)]
struct Greeting {
    version: String,
    want: Want,
}

impl Hello {
    /// The greeting of this build.
    pub fn new(want: Want) -> Hello {
        Hello { protocol: PROTOCOL, version: env!("CARGO_PKG_VERSION").to_owned(), want: Some(want) }
    }

    fn decode(body: &[u8]) -> Option<Hello> {
        let (protocol, rest) = body.split_first_chunk::<2>()?;
        let protocol = u16::from_le_bytes(*protocol);
        if protocol != PROTOCOL {
            return Some(Hello { protocol, version: String::new(), want: None });
        }
        let greeting: Greeting = serde_json::from_slice(rest).ok()?;
        Some(Hello { protocol, version: greeting.version, want: Some(greeting.want) })
    }
}

impl Up {
    const HELLO: u8 = 1;
    const INPUT: u8 = 2;
    const SIZE: u8 = 3;
    const ACK: u8 = 4;
    const CHUNK: u8 = 5;

    /// Appends the message to `to`.
    pub fn encode(&self, to: &mut Vec<u8>) {
        match self {
            Up::Hello(hello) => {
                let rest = match &hello.want {
                    Some(want) => json(&Greeting { version: hello.version.clone(), want: want.clone() }),
                    None => Vec::new(),
                };
                put(to, Up::HELLO, &[&hello.protocol.to_le_bytes(), &rest]);
            }
            Up::Input { n, bytes } => put(to, Up::INPUT, &[&n.to_le_bytes(), bytes]),
            Up::Size { cols, rows } => put(to, Up::SIZE, &[&cols.to_le_bytes(), &rows.to_le_bytes()]),
            Up::Ack => put(to, Up::ACK, &[]),
            Up::Chunk(bytes) => put(to, Up::CHUNK, &[bytes]),
        }
    }

    fn decode(kind: u8, body: &[u8]) -> Result<Up, Malformed> {
        let read = || match kind {
            Up::HELLO => Some(Up::Hello(Box::new(Hello::decode(body)?))),
            Up::INPUT => {
                let (n, bytes) = body.split_first_chunk::<4>()?;
                let fits = bytes.len() <= INPUT_MAX;
                fits.then(|| Up::Input { n: u32::from_le_bytes(*n), bytes: bytes.to_vec() })
            }
            Up::SIZE => {
                let size: [u8; 4] = body.try_into().ok()?;
                let side = |at: usize| u16::from_le_bytes([size[at], size[at + 1]]);
                Some(Up::Size { cols: side(0), rows: side(2) })
            }
            Up::ACK => body.is_empty().then_some(Up::Ack),
            _ => Some(Up::Chunk(body.to_vec())),
        };
        match kind {
            Up::HELLO..=Up::CHUNK => read().ok_or(Malformed::Body(kind)),
            _ => Err(Malformed::Kind(kind)),
        }
    }
}

impl Down {
    const FRAME: u8 = 65;
    const OUT: u8 = 66;
    const DONE: u8 = 67;
    const GOODBYE: u8 = 68;

    /// Appends the message to `to`.
    pub fn encode(&self, to: &mut Vec<u8>) {
        match self {
            Down::Frame { upto, waiting, seq, bytes } => Down::encode_frame(to, *upto, *waiting, *seq, bytes),
            Down::Out { error, bytes } => put(to, Down::OUT, &[&[u8::from(*error)], bytes]),
            Down::Done(code) => put(to, Down::DONE, &[&[*code]]),
            Down::Goodbye(why) => put(to, Down::GOODBYE, &[&json(why)]),
        }
    }

    /// Appends a frame without taking its bytes, which the server reuses from frame to frame.
    pub fn encode_frame(to: &mut Vec<u8>, upto: u32, waiting: u16, seq: u64, bytes: &[u8]) {
        put(to, Down::FRAME, &[&upto.to_le_bytes(), &waiting.to_le_bytes(), &seq.to_le_bytes(), bytes]);
    }

    fn decode(kind: u8, body: &[u8]) -> Result<Down, Malformed> {
        let read = || match kind {
            Down::FRAME => {
                let (upto, rest) = body.split_first_chunk::<4>()?;
                let (waiting, rest) = rest.split_first_chunk::<2>()?;
                let (seq, bytes) = rest.split_first_chunk::<8>()?;
                Some(Down::Frame {
                    upto: u32::from_le_bytes(*upto),
                    waiting: u16::from_le_bytes(*waiting),
                    seq: u64::from_le_bytes(*seq),
                    bytes: bytes.to_vec(),
                })
            }
            Down::OUT => {
                let (error, bytes) = body.split_first()?;
                Some(Down::Out { error: *error != 0, bytes: bytes.to_vec() })
            }
            Down::DONE => Some(Down::Done(*body.first()?)),
            _ => serde_json::from_slice(body).ok().map(Down::Goodbye),
        };
        match kind {
            Down::FRAME..=Down::GOODBYE => read().ok_or(Malformed::Body(kind)),
            _ => Err(Malformed::Kind(kind)),
        }
    }
}

#[cfg(test)]
mod tests;
