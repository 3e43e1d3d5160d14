//! Which key does what, on which screen: layers of bindings read from TOML.
//!
//! A key is looked up in the overlays that are on, in the screen's own layer, then in the layers it inherits
//! from. Bar, help, menu and palette are printed from the same bindings, so they cannot drift. What a user's
//! files get wrong is reported and left out; the compiled-in defaults of the rest stay in force.

mod check;
mod chord;
mod file;
mod finding;
mod merge;
mod reach;

use std::path::Path;

pub use chord::{Chord, Unbindable};
pub use file::{Binding, Confirm};
pub use finding::{Finding, Place, Problem};

use super::face::Key;
use super::locale::Lang;
use reach::Reach;

/// The name that stands for whatever F8 does on the screen.
pub const STEP: &str = "step.do";

/// The keymaps that are compiled in, each under the name that messages use for it.
pub const SHIPPED: &[(&str, &str)] = &[
    ("keymaps/global.toml", include_str!("../../../keymaps/global.toml")),
    ("keymaps/browse.toml", include_str!("../../../keymaps/browse.toml")),
    ("keymaps/dealers.toml", include_str!("../../../keymaps/dealers.toml")),
    ("keymaps/payments.toml", include_str!("../../../keymaps/payments.toml")),
    ("keymaps/queue.toml", include_str!("../../../keymaps/queue.toml")),
    ("keymaps/orders.toml", include_str!("../../../keymaps/orders.toml")),
    ("keymaps/days.toml", include_str!("../../../keymaps/days.toml")),
    ("keymaps/ledger.toml", include_str!("../../../keymaps/ledger.toml")),
    ("keymaps/bills.toml", include_str!("../../../keymaps/bills.toml")),
    ("keymaps/reports.toml", include_str!("../../../keymaps/reports.toml")),
    ("keymaps/places.toml", include_str!("../../../keymaps/places.toml")),
    ("keymaps/card.toml", include_str!("../../../keymaps/card.toml")),
    ("keymaps/stocktakes.toml", include_str!("../../../keymaps/stocktakes.toml")),
    ("keymaps/stocktake.toml", include_str!("../../../keymaps/stocktake.toml")),
    ("keymaps/compare.toml", include_str!("../../../keymaps/compare.toml")),
    ("keymaps/claims.toml", include_str!("../../../keymaps/claims.toml")),
    ("keymaps/month.toml", include_str!("../../../keymaps/month.toml")),
    ("keymaps/outbox.toml", include_str!("../../../keymaps/outbox.toml")),
    ("keymaps/requisitions.toml", include_str!("../../../keymaps/requisitions.toml")),
    ("keymaps/settlements.toml", include_str!("../../../keymaps/settlements.toml")),
    ("keymaps/promotions.toml", include_str!("../../../keymaps/promotions.toml")),
    ("keymaps/write_offs.toml", include_str!("../../../keymaps/write_offs.toml")),
    ("keymaps/slow.toml", include_str!("../../../keymaps/slow.toml")),
    ("keymaps/checks.toml", include_str!("../../../keymaps/checks.toml")),
    ("keymaps/visitors.toml", include_str!("../../../keymaps/visitors.toml")),
    ("keymaps/wall.toml", include_str!("../../../keymaps/wall.toml")),
    ("keymaps/todo.toml", include_str!("../../../keymaps/todo.toml")),
    ("keymaps/goods.toml", include_str!("../../../keymaps/goods.toml")),
    ("keymaps/people.toml", include_str!("../../../keymaps/people.toml")),
    ("keymaps/settings.toml", include_str!("../../../keymaps/settings.toml")),
    ("keymaps/conflicts.toml", include_str!("../../../keymaps/conflicts.toml")),
    ("keymaps/imports.toml", include_str!("../../../keymaps/imports.toml")),
    ("keymaps/detail.toml", include_str!("../../../keymaps/detail.toml")),
    ("keymaps/form.toml", include_str!("../../../keymaps/form.toml")),
    ("keymaps/dialog.toml", include_str!("../../../keymaps/dialog.toml")),
    ("keymaps/keypad.toml", include_str!("../../../keymaps/keypad.toml")),
    ("keymaps/keypad-text.toml", include_str!("../../../keymaps/keypad-text.toml")),
    ("keymaps/vim.toml", include_str!("../../../keymaps/vim.toml")),
    ("keymaps/kingdee.toml", include_str!("../../../keymaps/kingdee.toml")),
];

/// What characters mean on a screen, as far as binding them goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Rows: characters may be bound.
    List,
    /// Fields: characters are text and may not be bound.
    Form,
    /// A question: nothing is inherited.
    Dialog,
}

/// A screen as the keymaps see it: its name and everything that it can do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Context {
    /// The name of its layer.
    pub name: &'static str,
    /// What characters mean there.
    pub kind: Kind,
    /// The names of its acts, those of the shell included.
    pub acts: Vec<&'static str>,
}

/// The bindings of one file, after what could not be used was left out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Layer {
    context: String,
    inherits: Option<String>,
    overlay_on: Vec<String>,
    bindings: Vec<Binding>,
}

/// An act of a screen with the keys that really reach it there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry<'a> {
    /// The binding it comes from.
    pub binding: &'a Binding,
    /// The chords that reach it, the one to show first.
    pub chords: Vec<Chord>,
}

/// All layers, and the screens they serve.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Keymap {
    contexts: Vec<Context>,
    layers: Vec<Layer>,
    overlays: Vec<Layer>,
    /// By screen, once all layers are there.
    reach: Vec<Reach>,
}

impl Keymap {
    /// The shipped keymaps under the user's `files` (name and content), with everything that is wrong with either.
    pub fn load(contexts: Vec<Context>, files: &[(String, String)]) -> (Keymap, Vec<Finding>) {
        let mut findings = Vec::new();
        let mut keymap = Keymap { contexts, ..Keymap::default() };
        for (name, text) in SHIPPED {
            merge::add(&mut keymap, name, text, &mut findings);
        }
        for (name, text) in files {
            merge::add(&mut keymap, name, text, &mut findings);
        }
        keymap.reach = Reach::of_all(&keymap);
        findings.extend(check::check(&keymap));
        (keymap, findings)
    }

    /// The binding of a chord on a screen. `overlays` are the names of those that are on.
    pub fn binding(&self, context: &str, overlays: &[String], chord: Chord) -> Option<&Binding> {
        let found = self.reached(context, overlays, chord)?;
        if found.run == STEP { self.binding(context, &[], Chord::Key(Key::F(8))) } else { Some(found) }
    }

    /// The binding whose menu number is `number` on a screen.
    pub fn numbered(&self, context: &str, number: u8) -> Option<&Binding> {
        self.bindings(context).into_iter().find(|bind| bind.menu == Some(number))
    }

    /// Every act of a screen that is bound, the screen's own first.
    pub fn entries(&self, context: &str, overlays: &[String]) -> Vec<Entry<'_>> {
        let reached = |bind: &Binding| {
            let here =
                |chord: &&Chord| self.binding(context, overlays, **chord).is_some_and(|found| found.run == bind.run);
            bind.on.iter().filter(here).copied().collect::<Vec<_>>()
        };
        let bindings = self.bindings(context).into_iter();
        let entries = bindings.map(|binding| Entry { binding, chords: reached(binding) });
        entries.filter(|entry| !entry.chords.is_empty() || entry.binding.menu.is_some()).collect()
    }

    /// The function keys of a screen with their labels, in the order of their numbers.
    pub fn bar(&self, context: &str, overlays: &[String], lang: Lang) -> Vec<(u8, &Binding, &str)> {
        let key = |number| {
            let binding = self.binding(context, overlays, Chord::Key(Key::F(number)))?;
            Some((number, binding, binding.label(lang)))
        };
        (1..=12).filter_map(key).collect()
    }

    /// The screens that the keymap knows.
    pub fn contexts(&self) -> &[Context] {
        &self.contexts
    }

    /// The names of the overlays that there are.
    pub fn overlays(&self) -> impl Iterator<Item = &str> {
        self.overlays.iter().map(|layer| layer.context.as_str())
    }

    fn can(&self, context: &str, act: &str) -> bool {
        act == STEP || self.contexts.iter().any(|known| known.name == context && known.acts.contains(&act))
    }

    fn layer(&self, name: &str) -> Option<&Layer> {
        self.layers.iter().find(|layer| layer.context == name)
    }

    /// The layers that serve a screen, nearest first.
    fn chain<'a>(&'a self, context: &'a str) -> Vec<&'a str> {
        let mut names = vec![context];
        while let Some(next) = self.layer(names[names.len() - 1]).and_then(|layer| layer.inherits.as_deref()) {
            if names.contains(&next) {
                break;
            }
            names.push(next);
        }
        names
    }
}

impl Binding {
    /// The label in a language.
    pub fn label(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }
}

/// Reads every `*.toml` of a folder, in the order of names. A folder that is not there holds nothing.
pub fn read_folder(folder: &Path) -> std::io::Result<Vec<(String, String)>> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut paths = entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>()?;
    paths.retain(|path| path.extension().is_some_and(|ext| ext == "toml"));
    paths.sort();
    paths.into_iter().map(|path| Ok((path.display().to_string(), std::fs::read_to_string(&path)?))).collect()
}

#[cfg(test)]
mod tests;
