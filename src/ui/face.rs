//! What a keyboard does, as screens see it.

/// A key that is not text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// Enter: CR, LF (the keypad under tmux) and the keypad's own code.
    Enter,
    /// Escape, alone.
    Esc,
    /// Tab.
    Tab,
    /// Shift and Tab.
    BackTab,
    /// Backspace, as 0x7F or 0x08.
    Backspace,
    /// Delete.
    Delete,
    /// Insert.
    Insert,
    /// Cursor up.
    Up,
    /// Cursor down.
    Down,
    /// Cursor left.
    Left,
    /// Cursor right.
    Right,
    /// Home.
    Home,
    /// End.
    End,
    /// Page up.
    PageUp,
    /// Page down.
    PageDown,
    /// A function key, from 1.
    F(u8),
    /// Ctrl and a lower-case letter.
    Ctrl(char),
}

/// What was held down with a key that is not text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Mods {
    /// Ctrl, where the terminal tells it apart; a chord with a letter is [`Key::Ctrl`] instead.
    pub ctrl: bool,
    /// Shift.
    pub shift: bool,
    /// Alt.
    pub alt: bool,
}

impl Mods {
    /// Nothing held.
    pub const NONE: Mods = Mods { ctrl: false, shift: false, alt: false };
}

/// What the focus makes of printable characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Focus {
    /// A list: one character is a command, several together are text to find.
    #[default]
    List,
    /// A text field: characters are inserted as they come, full-width forms stay.
    Text,
    /// A code field: characters are inserted as they come, full-width forms are folded.
    Code,
    /// A quantity field, as a code field.
    Quantity,
    /// A dialog: one digit counts, several characters together are dropped.
    Dialog,
}

impl Focus {
    /// Whether a printable character waits to see if another follows.
    pub fn holds(self) -> bool {
        matches!(self, Focus::List | Focus::Dialog)
    }

    /// Whether full-width forms are kept as they are typed.
    pub fn keeps_full_width(self) -> bool {
        self == Focus::Text
    }
}

/// One thing done at a keyboard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Press {
    /// A key that is not text.
    Key(Key, Mods),
    /// One printable character, alone.
    Char(char),
    /// Characters that came together: a scan, an input method's commit, an unbracketed paste.
    Burst {
        /// The characters; GS (0x1D) stays inside codes.
        text: String,
        /// Whether Enter came with them. Only where the focus holds characters; elsewhere Enter is a press of its own.
        entered: bool,
    },
    /// A bracketed paste, with line feeds between its lines.
    Paste(String),
}

impl Press {
    /// A key with nothing held.
    pub const fn key(key: Key) -> Press {
        Press::Key(key, Mods::NONE)
    }
}
