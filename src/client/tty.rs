//! The terminal itself: raw while it is ours, and left as it was found, whatever happens.
//!
//! The tty is opened anew, so that writing without waiting changes nothing for the shell that shares the old
//! descriptor. No mouse, no focus reports, no keyboard protocol beyond the plain one is ever switched on.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::fs::OpenOptionsExt;
use std::panic;
use std::path::Path;

use crossterm::Command;
use crossterm::cursor::{MoveTo, Show};
use crossterm::event::{DisableBracketedPaste, EnableBracketedPaste};
use crossterm::terminal::{Clear, ClearType, EnterAlternateScreen, LeaveAlternateScreen};
use rustix::termios::{
    OptionalActions, QueueSelector, Termios, isatty, tcflush, tcgetattr, tcgetwinsize, tcsetattr, ttyname,
};
use unicode_width::UnicodeWidthChar;

/// The keypad in numeric mode and the cursor keys in normal mode: digits and CR arrive untouched.
const PLAIN_KEYS: &str = "\x1b>\x1b[?1l";
/// At most so much is written at once, so that a descriptor that does wait never waits long.
const PIECE: usize = 4 * 1024;

/// How the terminal is written to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Manner {
    /// Pictures on the alternate screen.
    Pictures,
    /// Lines where it stands; where its codeset is another one, only ASCII, since half of a character may be a command.
    Lines { ascii: bool },
}

/// This process's terminal.
pub(super) struct Tty {
    file: File,
    name: String,
    manner: Manner,
}

/// The terminal's settings from before; dropping it gives the terminal back.
pub(super) struct Entered {
    file: File,
    before: Termios,
    manner: Manner,
}

impl Tty {
    /// The terminal on standard input.
    pub fn open() -> io::Result<Tty> {
        let stdin = io::stdin();
        if !isatty(&stdin) {
            return Err(io::ErrorKind::NotConnected.into());
        }
        let name = ttyname(&stdin, Vec::new()).map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let flags = rustix::fs::OFlags::NONBLOCK | rustix::fs::OFlags::NOCTTY;
        let anew = OpenOptions::new().read(true).write(true).custom_flags(flags.bits() as i32).open(Path::new(&name));
        // After `su` the tty may belong to somebody else; its open descriptor serves as well, only less patiently.
        let file = anew.or_else(|_| stdin.as_fd().try_clone_to_owned().map(File::from))?;
        Ok(Tty { file, name, manner: Manner::Pictures })
    }

    /// The tty's path.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The size in cells, 80 by 24 where the terminal does not say.
    pub fn size(&self) -> io::Result<(u16, u16)> {
        let size = tcgetwinsize(&self.file)?;
        Ok(if size.ws_col == 0 || size.ws_row == 0 { (80, 24) } else { (size.ws_col, size.ws_row) })
    }

    /// Takes the terminal: raw mode, and for pictures the alternate screen and bracketed paste. A panic gives it back
    /// before it is reported.
    pub fn enter(&mut self, manner: Manner) -> io::Result<Entered> {
        self.manner = manner;
        let before = tcgetattr(&self.file)?;
        let entered = Entered { file: self.file.try_clone()?, before: before.clone(), manner };
        let rescue = Entered { file: self.file.try_clone()?, before: before.clone(), manner };
        let report = panic::take_hook();
        panic::set_hook(Box::new(move |bug| {
            rescue.give_back();
            report(bug);
        }));
        let mut raw = before;
        raw.make_raw();
        tcsetattr(&self.file, OptionalActions::Now, &raw)?;
        if manner != Manner::Pictures {
            return Ok(entered);
        }
        let mut opening = String::new();
        let written = (|| {
            EnterAlternateScreen.write_ansi(&mut opening)?;
            opening.push_str(PLAIN_KEYS);
            EnableBracketedPaste.write_ansi(&mut opening)?;
            Clear(ClearType::All).write_ansi(&mut opening)
        })();
        written.expect("writing to a string does not fail");
        self.write_soon(opening.as_bytes());
        Ok(entered)
    }

    /// Says something on the last line, over whatever is there.
    pub fn tell(&mut self, words: &str) {
        let (cols, rows) = self.size().unwrap_or((80, 24));
        if self.manner != Manner::Pictures {
            let words: String = words.chars().filter(|c| !c.is_control()).collect();
            return self.write_soon(format!("\r\n* {words}\r\n").as_bytes());
        }
        let mut line = String::from("\x1b[0m");
        let written = MoveTo(0, rows - 1)
            .write_ansi(&mut line)
            .and_then(|()| Clear(ClearType::CurrentLine).write_ansi(&mut line));
        written.expect("writing to a string does not fail");
        let mut left = usize::from(cols).saturating_sub(1);
        line.extend(words.chars().filter(|c| !c.is_control()).take_while(|c| {
            let width = c.width().unwrap_or(0);
            let fits = width <= left;
            left = left.saturating_sub(width);
            fits
        }));
        self.write_soon(line.as_bytes());
    }

    /// Drops what was typed and not read.
    pub fn forget_typed(&self) {
        // A terminal without a queue to drop has nothing in it.
        let _ = tcflush(&self.file, QueueSelector::IFlush);
    }

    /// Reads what was typed; `None` where nothing is there now. An end of the input is the terminal's end.
    pub fn read(&mut self, into: &mut [u8]) -> io::Result<Option<usize>> {
        match self.file.read(into) {
            Ok(0) => Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(count) => Ok(Some(count)),
            Err(fault) if is_later(&fault) => Ok(None),
            Err(fault) => Err(fault),
        }
    }

    /// What a frame is to this terminal: as it is, or without what its codeset cannot show.
    pub fn shown(&self, frame: Vec<u8>) -> Vec<u8> {
        match self.manner {
            Manner::Lines { ascii: true } => {
                let words = String::from_utf8_lossy(&frame);
                words.chars().map(|c| u8::try_from(c).ok().filter(u8::is_ascii).unwrap_or(b'?')).collect()
            }
            _ => frame,
        }
    }

    /// Writes what the terminal takes now, and answers how much that was.
    pub fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.file.write(&bytes[..bytes.len().min(PIECE)]) {
            Err(fault) if is_later(&fault) => Ok(0),
            written => written,
        }
    }

    /// Writes a few bytes; a terminal that takes nothing just now goes without them.
    fn write_soon(&mut self, bytes: &[u8]) {
        let _ = self.file.write_all(bytes);
    }
}

fn is_later(fault: &io::Error) -> bool {
    matches!(fault.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted)
}

impl AsFd for Tty {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.file.as_fd()
    }
}

impl Entered {
    fn give_back(&self) {
        if self.manner != Manner::Pictures {
            // A terminal that is gone cannot be given back.
            let _ = (&self.file).write_all(b"\r\n");
            let _ = tcsetattr(&self.file, OptionalActions::Now, &self.before);
            return;
        }
        let mut closing = String::from("\x1b[0m");
        let written = (|| {
            DisableBracketedPaste.write_ansi(&mut closing)?;
            closing.push_str(PLAIN_KEYS);
            Show.write_ansi(&mut closing)?;
            LeaveAlternateScreen.write_ansi(&mut closing)
        })();
        written.expect("writing to a string does not fail");
        // A terminal that is gone cannot be given back.
        let _ = (&self.file).write_all(closing.as_bytes());
        let _ = tcsetattr(&self.file, OptionalActions::Now, &self.before);
    }
}

impl Drop for Entered {
    fn drop(&mut self) {
        self.give_back();
    }
}
