//! More ways to look at a terminal than waiting for a picture.

use std::cell::RefCell;
use std::time::{Duration, Instant};

use crate::PATIENCE;
use crate::pty::Pty;

/// How often something that is no picture is looked at.
const AGAIN: Duration = Duration::from_millis(20);

/// Looking at a terminal.
pub trait Watch {
    /// Looks at the picture as it is now.
    fn with<T>(&self, look: impl Fn(&vt100::Screen) -> T) -> T;
    /// Everything that the program has written so far.
    fn written(&self) -> Vec<u8>;
    /// How often the bell rang.
    fn bells(&self) -> usize;
    /// Waits until something is so that is no picture.
    fn until(&self, what: &str, right: impl Fn(&Pty) -> bool);
}

impl Watch for Pty {
    fn with<T>(&self, look: impl Fn(&vt100::Screen) -> T) -> T {
        let found = RefCell::new(None);
        self.wait_for("a picture", |screen| {
            *found.borrow_mut() = Some(look(screen));
            true
        });
        found.into_inner().expect("it was looked at")
    }

    fn written(&self) -> Vec<u8> {
        self.wait_for_written("").into_bytes()
    }

    fn bells(&self) -> usize {
        self.written().iter().filter(|byte| **byte == 0x07).count()
    }

    fn until(&self, what: &str, right: impl Fn(&Pty) -> bool) {
        let begun = Instant::now();
        while !right(self) {
            assert!(
                begun.elapsed() < PATIENCE,
                "{what} did not come; the screen shows\n{}",
                self.wait_for(what, |_| true)
            );
            self.look(AGAIN, |_| false);
        }
    }
}
