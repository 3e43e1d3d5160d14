//! Showing: what a terminal displays and what its keys mean.
//!
//! Screens read the books by page and ask for commands; they decide nothing that the rules decide and write
//! nothing. Every picture is a pure function of what a screen holds, every text comes from `locale`,
//! every key from a keymap, every style from `look`, every padding from `text`.

pub mod app;
pub mod canvas;
pub mod cell;
pub mod entry;
pub mod face;
pub mod key;
pub mod keymap;
pub mod layout;
pub mod locale;
pub mod look;
pub mod pane;
pub mod part;
pub mod refusal;
pub mod text;

use crate::domain::time::{CHINA, Moment, Zone};
use locale::Words;
use look::{Look, Tone};
use ratatui::style::Style;

/// What every picture is drawn with: the words of the language and the look of the terminal.
#[derive(Debug, Clone, Copy)]
pub struct Pen<'a> {
    /// The words.
    pub words: &'a Words,
    /// The styles.
    pub look: Look,
    /// The present moment, as of the last tick.
    pub now: Moment,
    /// The department's zone.
    pub zone: Zone,
}

impl<'a> Pen<'a> {
    /// A pen for pictures in which no time occurs.
    pub fn timeless(words: &'a Words, look: Look) -> Pen<'a> {
        Pen { words, look, now: Moment::from_micros(0), zone: CHINA }
    }

    /// The text under a locale key.
    pub fn say(&self, key: &'a str) -> &'a str {
        self.words.say(key)
    }

    /// The style of a tone.
    pub fn style(&self, tone: Tone) -> Style {
        self.look.style(tone)
    }
}
