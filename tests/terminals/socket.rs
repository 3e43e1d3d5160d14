//! A terminal on the bare socket: what it sends is counted, what it shows is known to the key.

use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Instant;

use taizhang::wire::{DOWN_MAX, Down, Goodbye, Hello, Inflow, Place, Terminal, Up, Want};

use super::PATIENCE;

/// An attached terminal.
pub struct Socket {
    stream: UnixStream,
    inflow: Inflow,
    terminal: vt100::Parser,
    sent: u32,
    /// What the last frame said: the input it reflects, the wishes that wait, the journal's position.
    pub told: (u32, u16, u64),
    /// How many frames came.
    pub frames: usize,
    /// How many bytes the last frame had.
    pub bytes: usize,
}

/// Connects to the store's server as soon as it listens.
pub fn connect(store: &Path) -> UnixStream {
    let (path, begun) = (Place::new(store).unwrap().socket(), Instant::now());
    loop {
        match UnixStream::connect(&path) {
            Ok(stream) => {
                stream.set_read_timeout(Some(PATIENCE)).unwrap();
                return stream;
            }
            Err(fault) => assert!(begun.elapsed() < PATIENCE, "no server at {}: {fault}", path.display()),
        }
        std::thread::yield_now();
    }
}

/// The description of a test's terminal.
pub fn terminal(cols: u16, rows: u16) -> Terminal {
    Terminal { cols, rows, term: "xterm".into(), lang: "zh".into(), tty: "/dev/pts/0".into(), ..Terminal::default() }
}

impl Socket {
    /// Attaches and waits for the first frame of an open store.
    pub fn attach(store: &Path, cols: u16, rows: u16) -> Socket {
        let mut socket = Socket::greet(store, cols, rows);
        socket.until("the first screen", |socket| socket.frames > 0 && socket.told.1 == 0);
        socket
    }

    /// Attaches and waits for nothing.
    pub fn greet(store: &Path, cols: u16, rows: u16) -> Socket {
        let screen = vt100::Parser::new(rows.try_into().unwrap(), cols.try_into().unwrap(), 0);
        let inflow = Inflow::new(DOWN_MAX);
        let mut socket =
            Socket { stream: connect(store), inflow, terminal: screen, sent: 0, told: (0, 0, 0), frames: 0, bytes: 0 };
        socket.send(&Up::Hello(Box::new(Hello::new(Want::Screen(terminal(cols, rows))))));
        socket
    }

    /// Sends a message.
    pub fn send(&mut self, message: &Up) {
        let mut bytes = Vec::new();
        message.encode(&mut bytes);
        self.stream.write_all(&bytes).unwrap();
    }

    /// Sends key bytes and does not wait.
    pub fn press(&mut self, keys: &[u8]) {
        self.sent += 1;
        self.send(&Up::Input { n: self.sent, bytes: keys.to_vec() });
    }

    /// Sends key bytes, and returns when a frame reflects them and every wish they made is answered.
    pub fn keys(&mut self, keys: &[u8]) {
        self.press(keys);
        self.until("the answer to the keys", |socket| socket.told.0 == socket.sent && socket.told.1 == 0);
    }

    /// Takes frames until `right`.
    pub fn until(&mut self, what: &str, right: impl Fn(&Socket) -> bool) {
        let begun = Instant::now();
        while !right(self) {
            assert!(begun.elapsed() < PATIENCE, "{what} did not come; the screen shows\n{}", self.text());
            self.frame();
        }
    }

    /// Takes frames until the screen contains `text`.
    pub fn until_text(&mut self, text: &str) {
        self.until(text, |socket| socket.text().contains(text));
    }

    /// Takes one frame and acknowledges it.
    pub fn frame(&mut self) {
        self.take_frame().unwrap_or_else(|end| panic!("no frame, but {end:?}; the screen shows\n{}", self.text()));
        self.send(&Up::Ack);
    }

    /// Takes one frame without acknowledging it, or the end.
    pub fn take_frame(&mut self) -> Result<(), Option<Goodbye>> {
        match self.message() {
            Some(Down::Frame { upto, waiting, seq, bytes }) => {
                self.terminal.process(&bytes);
                (self.told, self.bytes) = ((upto, waiting, seq), bytes.len());
                self.frames += 1;
                Ok(())
            }
            Some(Down::Goodbye(why)) => Err(Some(why)),
            Some(other) => panic!("{other:?}"),
            None => Err(None),
        }
    }

    /// The next message; `None` at the end of the connection.
    pub fn message(&mut self) -> Option<Down> {
        loop {
            if let Some(message) = self.inflow.next_down().expect("the server speaks the protocol") {
                return Some(message);
            }
            let mut bytes = [0; 16 * 1024];
            match self.stream.read(&mut bytes) {
                Ok(0) => return None,
                Ok(count) => self.inflow.push(&bytes[..count]),
                Err(fault) if fault.kind() == std::io::ErrorKind::ConnectionReset => return None,
                Err(fault) => panic!("the server says nothing: {fault}; the screen shows\n{}", self.text()),
            }
        }
    }

    /// Takes frames until the server says goodbye, or hangs up.
    pub fn goodbye(&mut self) -> Option<Goodbye> {
        loop {
            if let Err(end) = self.take_frame() {
                return end;
            }
            // It may have gone by now, which the next frame tells.
            let mut bytes = Vec::new();
            Up::Ack.encode(&mut bytes);
            let _ = self.stream.write_all(&bytes);
        }
    }

    /// What the screen shows.
    pub fn text(&self) -> String {
        self.terminal.screen().contents()
    }

    /// Where the hardware cursor is, as row and column.
    pub fn cursor(&self) -> (u16, u16) {
        self.terminal.screen().cursor_position()
    }
}
