//! The other end of a call: what it sends, where its output goes, and who it is by the kernel.
//!
//! Tests call the verbs through this without a socket. Marks of progress are lines on standard error that begin with a
//! record separator, which no text of ours can contain; the command line takes them out again.

use std::io::{self, Write};

use zeroize::Zeroizing;

use crate::domain::text::Text;
use crate::server::CallLine;

/// What a line of progress begins with.
pub const MARK: char = '\u{1e}';

/// A line of input that is longer is not kept.
const LINE_MAX: usize = 64 * 1024;

/// The other end of a call.
pub trait Caller {
    /// The Unix account, by the kernel.
    fn uid(&self) -> u32;
    /// The process, for the journal only.
    fn pid(&self) -> i32;
    /// The next piece of input; `None` at its end.
    fn piece(&mut self) -> io::Result<Option<Vec<u8>>>;
    /// Writes to standard output.
    fn out(&mut self, bytes: &[u8]) -> io::Result<()>;
    /// Writes to standard error.
    fn error(&mut self, bytes: &[u8]) -> io::Result<()>;
}

impl Caller for CallLine {
    fn uid(&self) -> u32 {
        self.peer.uid
    }

    fn pid(&self) -> i32 {
        self.peer.pid
    }

    fn piece(&mut self) -> io::Result<Option<Vec<u8>>> {
        CallLine::piece(self)
    }

    fn out(&mut self, bytes: &[u8]) -> io::Result<()> {
        CallLine::out(self, bytes)
    }

    fn error(&mut self, bytes: &[u8]) -> io::Result<()> {
        CallLine::error(self, bytes)
    }
}

/// A caller as a writer of its standard output.
pub(super) struct Out<'a>(pub &'a mut dyn Caller);

impl Write for Out<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.out(bytes)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The terminal's name in the journal: what the caller says, then what the kernel says.
pub fn terminal(tty: &str, uid: u32, pid: i32) -> Text {
    let tty = tty.trim_start_matches("/dev/");
    Text::new(&format!("{tty} uid {uid} pid {pid}"))
}

/// Tells how far something is, `done` of `all` (0: nobody knows).
pub(super) fn tell_progress(caller: &mut dyn Caller, done: u64, all: u64) -> io::Result<()> {
    caller.error(format!("{MARK}{done} {all}\n").as_bytes())
}

/// A line of input.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum InputLine {
    /// As it came, without its end.
    Whole(Vec<u8>),
    /// Longer than any command is.
    TooLong,
}

/// Input by lines. What has come together is given together, so that commands sent at once can share a commit.
#[derive(Default)]
pub(super) struct Lines {
    rest: Zeroizing<Vec<u8>>,
    skipping: bool,
    ended: bool,
}

impl Lines {
    /// The first line, such as a passphrase. What follows it waits.
    pub fn first(&mut self, caller: &mut dyn Caller) -> io::Result<Zeroizing<String>> {
        loop {
            if let Some(end) = self.rest.iter().position(|byte| *byte == b'\n') {
                let line: Zeroizing<Vec<u8>> = Zeroizing::new(self.rest.drain(..=end).collect());
                return Ok(text(&line));
            }
            if self.ended || self.rest.len() > LINE_MAX {
                let line = std::mem::take(&mut self.rest);
                return Ok(text(&line));
            }
            self.take_piece(caller)?;
        }
    }

    /// The next lines that have come, at least one; `None` at the end.
    pub fn batch(&mut self, caller: &mut dyn Caller) -> io::Result<Option<Vec<InputLine>>> {
        loop {
            let lines = self.whole_lines();
            if !lines.is_empty() {
                return Ok(Some(lines));
            }
            if self.ended {
                return Ok(None);
            }
            self.take_piece(caller)?;
        }
    }

    /// The rest of the input as it comes, not by lines; `None` at the end.
    pub fn piece(&mut self, caller: &mut dyn Caller) -> io::Result<Option<Vec<u8>>> {
        if !self.rest.is_empty() {
            return Ok(Some(std::mem::take(&mut *self.rest)));
        }
        caller.piece()
    }

    fn take_piece(&mut self, caller: &mut dyn Caller) -> io::Result<()> {
        match caller.piece()? {
            Some(piece) => self.rest.extend_from_slice(&piece),
            None => self.ended = true,
        }
        Ok(())
    }

    fn whole_lines(&mut self) -> Vec<InputLine> {
        let mut lines = Vec::new();
        while let Some(end) = self.rest.iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = self.rest.drain(..=end).take(end).collect();
            if std::mem::take(&mut self.skipping) || line.len() > LINE_MAX {
                lines.push(InputLine::TooLong);
            } else {
                lines.push(InputLine::Whole(line));
            }
        }
        if self.rest.len() > LINE_MAX {
            self.skipping = true;
            self.rest.clear();
        }
        if self.ended && (!self.rest.is_empty() || self.skipping) {
            let line = std::mem::take(&mut *self.rest);
            lines.push(if std::mem::take(&mut self.skipping) { InputLine::TooLong } else { InputLine::Whole(line) });
        }
        lines
    }
}

fn text(line: &[u8]) -> Zeroizing<String> {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    Zeroizing::new(String::from_utf8_lossy(line).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Pieces(Vec<Vec<u8>>);

    impl Caller for Pieces {
        fn uid(&self) -> u32 {
            0
        }
        fn pid(&self) -> i32 {
            0
        }
        fn piece(&mut self) -> io::Result<Option<Vec<u8>>> {
            Ok(if self.0.is_empty() { None } else { Some(self.0.remove(0)) })
        }
        fn out(&mut self, _: &[u8]) -> io::Result<()> {
            Ok(())
        }
        fn error(&mut self, _: &[u8]) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn lines_are_whole_whatever_the_pieces_and_the_last_needs_no_end() {
        let mut caller = Pieces([&b"secr"[..], b"et\r\none\ntw", b"o\nthree"].map(<[u8]>::to_vec).to_vec());
        let mut lines = Lines::default();
        assert_eq!(lines.first(&mut caller).unwrap().as_str(), "secret");
        let mut all = Vec::new();
        while let Some(batch) = lines.batch(&mut caller).unwrap() {
            all.extend(batch);
        }
        assert_eq!(all, [b"one".to_vec(), b"two".to_vec(), b"three".to_vec()].map(InputLine::Whole));
    }

    #[test]
    fn a_line_without_end_is_not_kept_and_the_next_one_is_read() {
        let mut caller = Pieces(vec![vec![b'x'; LINE_MAX], vec![b'x'; LINE_MAX], b"x\nnext\n".to_vec()]);
        let mut lines = Lines::default();
        let mut all = Vec::new();
        while let Some(batch) = lines.batch(&mut caller).unwrap() {
            assert!(lines.rest.len() <= LINE_MAX);
            all.extend(batch);
        }
        assert_eq!(all, [InputLine::TooLong, InputLine::Whole(b"next".to_vec())]);
    }
}
