//! Asking ahead: which keys the rules would refuse now, and which have nothing to be done to.
//!
//! Such a key is left out of the bar, and pressing it says why at once instead of asking a question first. What is asked is the desk's own rule on a read transaction, so that the bar, the key and the command cannot
//! disagree. The bar is asked for once the keys rest; a press is asked for when it comes.

use crate::domain::clause::Refusals;
use crate::domain::command::Command;
use crate::ui::app::App;
use crate::ui::pane::{Body, Foreseen, Reading};

/// What the rules said when the keys rested last.
#[derive(Default)]
pub(super) struct Ahead {
    /// The screen that was asked for.
    of: &'static str,
    /// Its acts that would be refused or have nothing to be done to.
    refused: Vec<String>,
    /// Whether what is chosen, or the books, have changed since.
    stale: bool,
}

impl Ahead {
    /// Something else is chosen, or the books have moved.
    pub fn lapse(&mut self) {
        self.stale = true;
    }

    /// Whether the rules are to be asked once the keys rest.
    pub fn is_stale(&self) -> bool {
        self.stale
    }

    /// Whether an act of that screen would have been refused.
    pub fn refuses(&self, screen: &str, act: &str) -> bool {
        self.of == screen && self.refused.iter().any(|refused| refused == act)
    }
}

impl App {
    /// Why the rules refuse an act of the screen on top now, where that can be told before anything is filled in.
    pub(super) fn would_refuse(&self, act: &str) -> Option<Refusals> {
        let foreseen = self.stage.top_ref().ahead(act, &self.view.words);
        self.refusal(&foreseen, &self.library.read().ok()?)
    }

    fn refusal(&self, foreseen: &Foreseen, books: &Reading) -> Option<Refusals> {
        let would = |command: &Command| self.library.would_refuse(books, self.seat.who()?.id, self.view.now, command);
        match foreseen {
            Foreseen::Command(command) => would(command),
            Foreseen::Unfilled(command) => would(command).filter(|refusals| !refusals.want_only_filling()),
            Foreseen::NothingChosen | Foreseen::Untold => None,
        }
    }

    /// Whether a press of an act's key would only say why not.
    fn is_vain(&self, act: &str, books: &Reading) -> bool {
        let foreseen = self.stage.top_ref().ahead(act, &self.view.words);
        matches!(foreseen, Foreseen::NothingChosen) || self.refusal(&foreseen, books).is_some()
    }

    /// Asks for every act that has a key on the screen on top.
    pub(super) fn ask_ahead(&mut self) {
        let context = self.stage.top_ref().name();
        let acts: Vec<String> = match self.stage.top().body() {
            Body::Rows(_) | Body::Text(_) => {
                let entries = self.keymap.entries(context, &self.station.overlays);
                entries.into_iter().map(|entry| entry.binding.run.clone()).collect()
            }
            Body::Form(_) | Body::Entry(_) => Vec::new(),
        };
        let refused = match self.library.read() {
            Ok(books) => acts.into_iter().filter(|act| self.is_vain(act, &books)).collect(),
            Err(_) => Vec::new(),
        };
        self.ahead = Ahead { of: context, refused, stale: false };
    }

    /// Whether the rules would let an act of the screen on top pass, as far as they were asked.
    pub(super) fn may_pass(&self, act: &str) -> bool {
        !self.ahead.refuses(self.stage.top_ref().name(), act)
    }
}
