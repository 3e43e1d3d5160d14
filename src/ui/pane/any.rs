//! Any pane, as the workspace sees it: one object for every [`Screen`], by one blanket implementation.

use ratatui::layout::{Position, Rect};

use super::{Body, Commit, Deed, Foreseen, Half, Instead, Objection, Outcome, Screen, Sight};
use crate::domain::id::ImportId;
use crate::domain::text::Text;
use crate::domain::time::Moment;
use crate::ui::Pen;
use crate::ui::canvas::Canvas;
use crate::ui::face::Focus;
use crate::ui::locale::Words;
use crate::ui::part::find::Find;
use crate::ui::part::form::Form;
use crate::ui::part::message::Weight;
use crate::ui::part::scroll::Line;

/// What the workspace sees of any pane.
pub trait Pane {
    /// The name of its keymap layer.
    fn name(&self) -> &'static str;
    /// Whether it has that act.
    fn has(&self, act: &str) -> bool;
    /// The command that an act leads to.
    fn command(&self, act: &str) -> Option<&'static str>;
    /// Does an act. `None` where it is none of the pane's own.
    fn act(&mut self, act: &str, words: &Words) -> Option<Outcome>;
    /// What an act would come to, as far as it can be told before anything is filled in.
    fn ahead(&self, act: &str, words: &Words) -> Foreseen;
    /// See [`Screen::title`].
    fn title(&self, words: &Words) -> String;
    /// See [`Screen::refresh`].
    fn refresh(&mut self, sight: &Sight<'_>) -> Result<(), Text>;
    /// See [`Screen::refocus`].
    fn refocus(&mut self, sight: &Sight<'_>) -> Result<(), Text>;
    /// See [`Screen::take_ahead`].
    fn take_ahead(&mut self) -> bool;
    /// See [`Screen::imported`].
    fn imported(&mut self, sight: &Sight<'_>, import: ImportId) -> Result<(), Text>;
    /// See [`Screen::render`].
    fn render(&self, area: Rect, buf: &mut Canvas, pen: Pen<'_>, focused: bool) -> Option<Position>;
    /// See [`Screen::body`].
    fn body(&mut self) -> Body<'_>;
    /// See [`Screen::focus`].
    fn focus(&self) -> Focus;
    /// See [`Screen::find`].
    fn find(&mut self) -> Option<&mut Find>;
    /// See [`Screen::finding`].
    fn finding(&self) -> Option<&Find>;
    /// See [`Screen::detail`].
    fn detail(&self) -> &[Line];
    /// See [`Screen::has_detail`].
    fn has_detail(&self) -> bool;
    /// See [`Screen::rows_above`].
    fn rows_above(&self) -> u16;
    /// See [`Screen::commit`].
    fn commit(&self) -> Result<Commit, Objection>;
    /// See [`Screen::half`].
    fn half(&self) -> Option<Half<'_>>;
    /// See [`Screen::form`].
    fn form(&self) -> Option<&Form>;
    /// See [`Screen::instead`].
    fn instead(&self, refusals: &serde_json::Value, words: &Words) -> Option<Instead>;
    /// See [`Screen::see`].
    fn see(&mut self, version: u32);
    /// See [`Screen::look_ahead`].
    fn look_ahead(&mut self, sight: &Sight<'_>);
    /// See [`Screen::forget`].
    fn forget(&mut self);
    /// See [`Screen::tick`].
    fn tick(&mut self, now: Moment, words: &Words);
    /// See [`Screen::least_width`].
    fn least_width(&self) -> u16;
    /// See [`Screen::stays_lit`].
    fn stays_lit(&self) -> bool;
    /// See [`Screen::notice`].
    fn notice(&self, words: &Words) -> Option<(Weight, String)>;
    /// See [`Screen::hint`].
    fn hint(&self) -> Option<&'static str>;
    /// Says how much of the screen it has.
    fn fit(&mut self, width: u16, height: u16);
}

impl<S: Screen> Pane for S {
    fn name(&self) -> &'static str {
        S::NAME
    }
    fn has(&self, act: &str) -> bool {
        S::ACTS.iter().any(|known| known.name == act)
    }
    fn command(&self, act: &str) -> Option<&'static str> {
        S::ACTS.iter().find(|known| known.name == act).and_then(|known| (known.command)(self))
    }
    fn ahead(&self, act: &str, words: &Words) -> Foreseen {
        match S::ACTS.iter().find(|known| known.name == act).map(|known| &known.deed) {
            Some(Deed::Ask(ask)) => ask(self, words).map_or(Foreseen::NothingChosen, |ask| match ask.ahead() {
                Some(command) => Foreseen::Command(Box::new(command)),
                None => self.unfilled(act).map_or(Foreseen::Untold, |command| Foreseen::Unfilled(Box::new(command))),
            }),
            Some(Deed::Open(open)) if open(self).is_none() => Foreseen::NothingChosen,
            Some(Deed::Turn(_) | Deed::Read(_) | Deed::Open(_)) | None => Foreseen::Untold,
        }
    }
    fn act(&mut self, act: &str, words: &Words) -> Option<Outcome> {
        let act = S::ACTS.iter().find(|known| known.name == act)?;
        Screen::forget(self);
        Some(match &act.deed {
            Deed::Turn(turn) => {
                turn(self);
                Outcome::Turned
            }
            Deed::Read(turn) => {
                turn(self);
                Outcome::Stale
            }
            Deed::Ask(ask) => ask(self, words).map_or(Outcome::NothingChosen, Outcome::Ask),
            Deed::Open(open) => open(self).map_or(Outcome::NothingChosen, Outcome::Open),
        })
    }
    fn title(&self, words: &Words) -> String {
        Screen::title(self, words)
    }
    fn refresh(&mut self, sight: &Sight<'_>) -> Result<(), Text> {
        Screen::refresh(self, sight)
    }
    fn refocus(&mut self, sight: &Sight<'_>) -> Result<(), Text> {
        Screen::refocus(self, sight)
    }
    fn take_ahead(&mut self) -> bool {
        Screen::take_ahead(self)
    }
    fn imported(&mut self, sight: &Sight<'_>, import: ImportId) -> Result<(), Text> {
        Screen::imported(self, sight, import)
    }
    fn render(&self, area: Rect, buf: &mut Canvas, pen: Pen<'_>, focused: bool) -> Option<Position> {
        Screen::render(self, area, buf, pen, focused)
    }
    fn body(&mut self) -> Body<'_> {
        Screen::body(self)
    }
    fn focus(&self) -> Focus {
        Screen::focus(self)
    }
    fn find(&mut self) -> Option<&mut Find> {
        Screen::find(self)
    }
    fn finding(&self) -> Option<&Find> {
        Screen::finding(self)
    }
    fn detail(&self) -> &[Line] {
        Screen::detail(self)
    }
    fn has_detail(&self) -> bool {
        Screen::has_detail(self)
    }
    fn rows_above(&self) -> u16 {
        Screen::rows_above(self)
    }
    fn commit(&self) -> Result<Commit, Objection> {
        Screen::commit(self)
    }
    fn half(&self) -> Option<Half<'_>> {
        Screen::half(self)
    }
    fn form(&self) -> Option<&Form> {
        Screen::form(self)
    }
    fn instead(&self, refusals: &serde_json::Value, words: &Words) -> Option<Instead> {
        Screen::instead(self, refusals, words)
    }
    fn see(&mut self, version: u32) {
        Screen::see(self, version);
    }
    fn look_ahead(&mut self, sight: &Sight<'_>) {
        Screen::look_ahead(self, sight);
    }
    fn forget(&mut self) {
        Screen::forget(self);
    }
    fn tick(&mut self, now: Moment, words: &Words) {
        Screen::forget(self);
        Screen::tick(self, now, words);
    }
    fn stays_lit(&self) -> bool {
        Screen::stays_lit(self)
    }

    fn least_width(&self) -> u16 {
        Screen::least_width(self)
    }
    fn notice(&self, words: &Words) -> Option<(Weight, String)> {
        Screen::notice(self, words)
    }
    fn hint(&self) -> Option<&'static str> {
        Screen::hint(self)
    }
    fn fit(&mut self, width: u16, height: u16) {
        let height = usize::from(height.saturating_sub(Screen::rows_above(self)));
        match Screen::body(self) {
            Body::Rows(rows) => drop(rows.fit(height)),
            Body::Text(text) => text.fit(usize::from(width.saturating_sub(2)), height),
            Body::Entry(entry) => entry.fit(height),
            Body::Form(_) => (),
        }
    }
}
