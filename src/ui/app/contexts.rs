//! Every screen with everything it can do, as the keymaps see it: printed from the screens' own tables.

use crate::ui::keymap::{Context, Kind};
use crate::ui::pane::panes::*;
use crate::ui::pane::{SCREENS, Screen};
use crate::ui::part::form::STEPS;
use crate::ui::part::list::TRAVELS;
use crate::ui::part::scroll::ROLLS;

/// The shell's acts that every screen but a question has.
pub(super) const EVERYWHERE: &[&str] = &[
    "help.show",
    "nav.back",
    "nav.cancel",
    "data.refresh",
    "palette.open",
    "app.quit",
    "screen.repaint",
    "save.hint",
    "guard.ctrl_c",
    "lang.switch",
    "session.lock",
    "messages.show",
    "deeds.show",
];
/// The shell's acts on lists.
const ON_LISTS: &[&str] =
    &["find.open", "pane.next", "pane.prev", "row.goto", "row.copy", "row.text", "edit.undo", "edit.redo"];
/// The acts of questions.
const ON_QUESTIONS: &[&str] =
    &["dialog.confirm", "dialog.cancel", "dialog.confirm_code", "dialog.press", "dialog.other", "help.show"];

/// The screens of the workstation.
pub fn contexts() -> Vec<Context> {
    vec![
        list::<Dealers>(),
        list::<Payments>(),
        list::<Queue>(),
        list::<Orders>(),
        list::<Days>(),
        list::<Ledger>(),
        list::<Bills>(),
        list::<Reports>(),
        list::<Places>(),
        list::<Card>(),
        list::<Stocktakes>(),
        list::<Compare>(),
        list::<Claims>(),
        Context { name: CountForm::NAME, kind: CountForm::KIND, acts: own::<CountForm>() },
        list::<Months>(),
        list::<Outbox>(),
        list::<Requisitions>(),
        list::<Settlements>(),
        list::<Promotions>(),
        list::<WriteOffs>(),
        list::<Slow>(),
        list::<Checks>(),
        list::<Visitors>(),
        text::<Wall>(),
        list::<ToDo>(),
        list::<Goods>(),
        list::<People>(),
        list::<SettingList>(),
        list::<Conflicts>(),
        list::<Imports>(),
        text::<Detail>(),
        form::<DealerForm>(),
        Context { name: "dialog", kind: Kind::Dialog, acts: ON_QUESTIONS.to_vec() },
    ]
}

fn own<S: Screen>() -> Vec<&'static str> {
    let screens = SCREENS.iter().map(|(name, _)| *name);
    S::ACTS.iter().map(|act| act.name).chain(EVERYWHERE.iter().copied()).chain(screens).collect()
}

fn list<S: Screen>() -> Context {
    let moves = TRAVELS.iter().map(|(name, _)| *name).chain(ON_LISTS.iter().copied());
    Context { name: S::NAME, kind: S::KIND, acts: own::<S>().into_iter().chain(moves).collect() }
}

fn text<S: Screen>() -> Context {
    let moves = ROLLS.iter().map(|(name, _)| *name);
    Context { name: S::NAME, kind: S::KIND, acts: own::<S>().into_iter().chain(moves).collect() }
}

fn form<S: Screen>() -> Context {
    let moves = STEPS.iter().map(|(name, _)| *name);
    Context { name: S::NAME, kind: S::KIND, acts: own::<S>().into_iter().chain(moves).collect() }
}
