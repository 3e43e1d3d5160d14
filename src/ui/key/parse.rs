//! The byte forms of keys: xterm, PuTTY in its modes, the Linux console, rxvt, tmux, application keypads.
//!
//! One state machine, fed byte by byte, that keeps its place between reads: an escape sequence or a character may be
//! cut anywhere. A lone escape waits 50 ms (150 ms on a slow line). It decides which key it was, never what it does.

use std::time::{Duration, Instant};

use super::{Key, Mods};

const ESC: u8 = 0x1b;
const PASTE_END: &[u8] = b"\x1b[201~";

/// How long an escape sequence that has begun may stay unfinished before it is dropped.
const SEQUENCE_WAIT: Duration = Duration::from_millis(500);
/// How long a line feed still belongs to the carriage return before it.
const CRLF: Duration = Duration::from_millis(20);
/// How long a paste may last whose end mark does not come (crossterm issue 1060: lost, it would hang the keyboard).
const PASTE_WAIT: Duration = Duration::from_secs(2);
/// A paste that is still flowing is not cut in the middle of its flow.
const PASTE_GAP: Duration = Duration::from_millis(100);
/// The most bytes of one paste; the rest of it is dropped.
const PASTE_MAX: usize = 64 * 1024;
/// The longest escape sequence that is kept; no key has one nearly as long.
const SEQUENCE_MAX: usize = 32;

/// What the parser saw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen {
    /// A key that is not text.
    Key(Key, Mods),
    /// A printable character, or GS, which codes contain; U+FFFD for bytes that are no UTF-8.
    Char(char),
    /// Escape and a digit in one packet: F1 to F10 in a list, two presses elsewhere.
    EscDigit(u8),
    /// A bracketed paste.
    Paste(String),
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum State {
    Ground,
    /// One escape, or two: PuTTY sends a second for Alt.
    Esc {
        twice: bool,
    },
    Csi(Vec<u8>),
    /// `ESC [ [`, the Linux console's function keys.
    Console,
    Ss3(Vec<u8>),
    Utf8(Vec<u8>),
    /// The string of an OSC, DCS, APC or PM, such as a terminal's answer that nobody asked for.
    Answer {
        esc: bool,
    },
    Paste {
        text: Vec<u8>,
        since: Instant,
    },
}

/// Reads the bytes of one keyboard.
#[derive(Debug)]
pub struct Parser {
    state: State,
    /// When the last byte came.
    last: Option<Instant>,
    /// When the last carriage return came, for a line feed right after it.
    returned: Option<Instant>,
    esc_wait: Duration,
}

impl Parser {
    /// A parser for a line that is `slow` or not.
    pub fn new(slow: bool) -> Parser {
        let esc_wait = Duration::from_millis(if slow { 150 } else { 50 });
        Parser { state: State::Ground, last: None, returned: None, esc_wait }
    }

    /// Reads `bytes`, which came at `now`.
    pub fn take(&mut self, bytes: &[u8], now: Instant, out: &mut Vec<Seen>) {
        self.wake(now, out);
        for &byte in bytes {
            self.byte(byte, now, out);
        }
        self.last = Some(now);
    }

    /// Gives up what has waited too long at `now`.
    pub fn wake(&mut self, now: Instant, out: &mut Vec<Seen>) {
        if self.deadline().is_none_or(|deadline| now < deadline) {
            return;
        }
        match std::mem::replace(&mut self.state, State::Ground) {
            State::Esc { twice: false } => out.push(Seen::Key(Key::Esc, Mods::NONE)),
            State::Esc { twice: true } => {
                out.extend([Seen::Key(Key::Esc, Mods::NONE), Seen::Key(Key::Esc, Mods::NONE)])
            }
            State::Utf8(_) => out.push(Seen::Char(char::REPLACEMENT_CHARACTER)),
            State::Paste { text, .. } => out.push(pasted(&text)),
            State::Ground | State::Csi(_) | State::Console | State::Ss3(_) | State::Answer { .. } => {}
        }
    }

    /// When [`Parser::wake`] has something to do.
    pub fn deadline(&self) -> Option<Instant> {
        let last = self.last?;
        match &self.state {
            State::Ground => None,
            State::Esc { .. } => Some(last + self.esc_wait),
            State::Paste { since, .. } => Some((*since + PASTE_WAIT).max(last + PASTE_GAP)),
            _ => Some(last + SEQUENCE_WAIT),
        }
    }

    fn byte(&mut self, byte: u8, now: Instant, out: &mut Vec<Seen>) {
        match std::mem::replace(&mut self.state, State::Ground) {
            State::Ground => self.ground(byte, now, out),
            State::Esc { twice } => self.after_esc(byte, twice, now, out),
            State::Csi(params) => self.csi(params, byte, now, out),
            State::Console => out.extend((b'A'..=b'E').contains(&byte).then(|| key(Key::F(byte - b'A' + 1)))),
            State::Ss3(params) => self.ss3(params, byte, now, out),
            State::Utf8(part) => self.utf8(part, byte, now, out),
            State::Answer { esc } => {
                let ended = byte == 0x07 || (esc && byte == b'\\');
                self.state = if ended { State::Ground } else { State::Answer { esc: byte == ESC } };
            }
            State::Paste { text, since } => self.paste(text, since, byte, out),
        }
    }

    fn ground(&mut self, byte: u8, now: Instant, out: &mut Vec<Seen>) {
        let after_return = self.returned.take().is_some_and(|at| now.duration_since(at) <= CRLF);
        match byte {
            ESC => self.state = State::Esc { twice: false },
            b'\r' => {
                self.returned = Some(now);
                out.push(key(Key::Enter));
            }
            b'\n' if after_return => {}
            b'\n' => out.push(key(Key::Enter)),
            b'\t' => out.push(key(Key::Tab)),
            0x08 | 0x7f => out.push(key(Key::Backspace)),
            0x01..=0x1a => out.push(key(Key::Ctrl(char::from(byte - 1 + b'a')))),
            // GS stands inside GS1 codes; the other separators and NUL mean nothing here.
            0x1d => out.push(Seen::Char('\u{1d}')),
            0x00 | 0x1c | 0x1e | 0x1f => {}
            0x20..=0x7e => out.push(Seen::Char(char::from(byte))),
            0xc2..=0xf4 => self.state = State::Utf8(vec![byte]),
            _ => out.push(Seen::Char(char::REPLACEMENT_CHARACTER)),
        }
    }

    fn after_esc(&mut self, byte: u8, twice: bool, now: Instant, out: &mut Vec<Seen>) {
        match byte {
            b'[' => self.state = State::Csi(Vec::new()),
            b'O' => self.state = State::Ss3(Vec::new()),
            b']' | b'P' | b'_' | b'^' | b'X' => self.state = State::Answer { esc: false },
            ESC if twice => {
                out.push(key(Key::Esc));
                self.state = State::Esc { twice: true };
            }
            ESC => self.state = State::Esc { twice: true },
            b'0'..=b'9' if !twice => out.push(Seen::EscDigit(byte - b'0')),
            _ => {
                out.push(key(Key::Esc));
                self.ground(byte, now, out);
            }
        }
    }

    fn csi(&mut self, mut params: Vec<u8>, byte: u8, now: Instant, out: &mut Vec<Seen>) {
        match byte {
            b'[' if params.is_empty() => self.state = State::Console,
            0x20..=0x3f => {
                if params.len() < SEQUENCE_MAX {
                    params.push(byte);
                }
                self.state = State::Csi(params);
            }
            b'~' if params == b"200" => self.state = State::Paste { text: Vec::new(), since: now },
            0x40..=0x7e => out.extend(csi_key(&params, byte)),
            // A control byte or a new escape breaks the sequence; it is what comes next that counts.
            _ => self.ground(byte, now, out),
        }
    }

    fn ss3(&mut self, mut params: Vec<u8>, byte: u8, now: Instant, out: &mut Vec<Seen>) {
        match byte {
            b'0'..=b'9' | b';' => {
                if params.len() < SEQUENCE_MAX {
                    params.push(byte);
                }
                self.state = State::Ss3(params);
            }
            0x20..=0x7e => out.extend(ss3_key(&params, byte)),
            _ => self.ground(byte, now, out),
        }
    }

    fn utf8(&mut self, mut part: Vec<u8>, byte: u8, now: Instant, out: &mut Vec<Seen>) {
        if !(0x80..=0xbf).contains(&byte) {
            out.push(Seen::Char(char::REPLACEMENT_CHARACTER));
            return self.ground(byte, now, out);
        }
        part.push(byte);
        match std::str::from_utf8(&part) {
            // U+0080 to U+009F are control codes: to a terminal they would be commands.
            Ok(text) => out.extend(text.chars().filter(|c| !c.is_control()).map(Seen::Char)),
            Err(error) if error.error_len().is_none() => self.state = State::Utf8(part),
            Err(_) => out.push(Seen::Char(char::REPLACEMENT_CHARACTER)),
        }
    }

    fn paste(&mut self, mut text: Vec<u8>, since: Instant, byte: u8, out: &mut Vec<Seen>) {
        text.push(byte);
        if text.ends_with(PASTE_END) {
            text.truncate(text.len() - PASTE_END.len());
            out.push(pasted(&text));
            return;
        }
        // Past the cap only the tail is renewed, so that the end mark is still found.
        let cap = PASTE_MAX + PASTE_END.len();
        if text.len() > cap {
            text.remove(PASTE_MAX);
        }
        self.state = State::Paste { text, since };
    }
}

const fn key(key: Key) -> Seen {
    Seen::Key(key, Mods::NONE)
}

/// A paste as text: line ends as line feeds, no other control characters than tab and GS.
fn pasted(bytes: &[u8]) -> Seen {
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(PASTE_MAX)]);
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    Seen::Paste(text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t' | '\u{1d}')).collect())
}

/// The numbers of a sequence; `None` where one is not a plain number.
fn numbers(params: &[u8]) -> Option<Vec<u16>> {
    let text = std::str::from_utf8(params).ok()?;
    text.split(';').map(|part| if part.is_empty() { Some(1) } else { part.parse().ok() }).collect()
}

/// The second number of a sequence says what was held: one more than shift 1, alt 2, ctrl 4.
fn held(numbers: &[u16]) -> Mods {
    let bits = numbers.get(1).map_or(0, |number| number.saturating_sub(1));
    Mods { shift: bits & 1 != 0, alt: bits & 2 != 0, ctrl: bits & 4 != 0 }
}

fn csi_key(params: &[u8], last: u8) -> Option<Seen> {
    let numbers = numbers(params)?;
    let plain = params.is_empty();
    let named = match last {
        b'A' => Key::Up,
        b'B' => Key::Down,
        b'C' => Key::Right,
        b'D' => Key::Left,
        b'H' => Key::Home,
        b'F' => Key::End,
        b'Z' => Key::BackTab,
        b'~' => tilde_key(*numbers.first()?)?,
        // Without a number `P` to `S` are F1 to F4 of some terminals and F4 to F7 of PuTTY's SCO mode: F1 to F4 are harmless.
        b'P'..=b'S' => Key::F(last - b'P' + 1),
        // PuTTY in SCO mode, where no other terminal means anything else.
        b'M'..=b'O' if plain => Key::F(last - b'M' + 1),
        b'T'..=b'X' if plain => Key::F(last - b'T' + 8),
        b'I' if plain => Key::PageUp,
        b'G' if plain => Key::PageDown,
        b'L' if plain => Key::Insert,
        b'a'..=b'd' if plain => {
            let mods = Mods { shift: true, ..Mods::NONE };
            return Some(Seen::Key(arrow(last - b'a'), mods));
        }
        _ => return None,
    };
    Some(Seen::Key(named, held(&numbers)))
}

fn tilde_key(number: u16) -> Option<Key> {
    Some(match number {
        1 | 7 => Key::Home,
        2 => Key::Insert,
        3 => Key::Delete,
        4 | 8 => Key::End,
        5 => Key::PageUp,
        6 => Key::PageDown,
        // The numbers of the VT220's function keys have gaps where its keyboard had them.
        11..=15 => Key::F(number as u8 - 10),
        17..=21 => Key::F(number as u8 - 11),
        23..=26 => Key::F(number as u8 - 12),
        28 | 29 => Key::F(number as u8 - 13),
        31..=34 => Key::F(number as u8 - 14),
        _ => return None,
    })
}

fn arrow(index: u8) -> Key {
    [Key::Up, Key::Down, Key::Right, Key::Left][usize::from(index)]
}

fn ss3_key(params: &[u8], last: u8) -> Option<Seen> {
    let numbers = numbers(params)?;
    let mods = if numbers.len() == 1 { held(&[1, numbers[0]]) } else { held(&numbers) };
    Some(match last {
        b'A'..=b'D' => Seen::Key(arrow(last - b'A'), mods),
        b'a'..=b'd' => Seen::Key(arrow(last - b'a'), Mods { ctrl: true, ..mods }),
        b'H' => Seen::Key(Key::Home, mods),
        b'F' => Seen::Key(Key::End, mods),
        b'M' => Seen::Key(Key::Enter, mods),
        b'I' => Seen::Key(Key::Tab, mods),
        b' ' => Seen::Char(' '),
        b'p'..=b'y' => Seen::Char(char::from(last - b'p' + b'0')),
        b'j' => Seen::Char('*'),
        // PuTTY sends `l` for the keypad's plus, which has no code of its own there.
        b'k' | b'l' => Seen::Char('+'),
        b'm' => Seen::Char('-'),
        b'n' => Seen::Char('.'),
        b'o' => Seen::Char('/'),
        b'X' => Seen::Char('='),
        b'P'..=b'S' => Seen::Key(Key::F(last - b'P' + 1), mods),
        // PuTTY in VT100+ mode goes on through the alphabet; its F9 is the keypad's equals sign and stays that.
        b'T'..=b'[' => Seen::Key(Key::F(last - b'T' + 5), mods),
        _ => return None,
    })
}
