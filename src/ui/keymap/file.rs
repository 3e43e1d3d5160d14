//! Reads one keymap file into lines that bind keys to the names of acts.
//!
//! A line that cannot be read is reported with its file and line and left out; the other lines stand.
//! Whether an act exists is not asked here: that is the business of the keymap as a whole.

use serde::Deserialize;
use toml::Spanned;

use super::chord::{Chord, Unbindable};
use super::finding::{Finding, Place, Problem};

/// How the act is confirmed before it happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Confirm {
    /// At once.
    #[default]
    None,
    /// A question, answered by F8.
    F8,
    /// A question, answered by two digits that it shows.
    Code,
    /// A question with the person's passphrase.
    Pin,
}

/// One binding of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binding {
    /// The chords; the first is the one that the bar shows.
    pub on: Vec<Chord>,
    /// The act's name.
    pub run: String,
    /// Its label in Chinese.
    pub zh: String,
    /// Its label in English.
    pub en: String,
    /// Its number in the menu; those of the shipped keymaps have two digits, so that none is the beginning of another.
    pub menu: Option<u8>,
    /// How it is confirmed.
    pub confirm: Confirm,
    /// Where it is written.
    pub place: Place,
}

/// One file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct File {
    /// The layer it describes.
    pub context: String,
    /// The layer that is asked for a key that is not in this one.
    pub inherits: Option<String>,
    /// The layers that it lies over, where it is an overlay.
    pub overlay_on: Vec<String>,
    /// Its bindings, in the file's order.
    pub bindings: Vec<Binding>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFile {
    context: String,
    inherits: Option<String>,
    #[serde(default)]
    overlay_on: Vec<String>,
    #[serde(default)]
    bind: Vec<Spanned<toml::Value>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawBinding {
    on: Vec<String>,
    run: String,
    #[serde(default)]
    zh: String,
    #[serde(default)]
    en: String,
    menu: Option<u8>,
    #[serde(default)]
    confirm: Confirm,
}

/// Reads `text`, the content of the file called `name`.
pub fn read(name: &str, text: &str, findings: &mut Vec<Finding>) -> Option<File> {
    let at = |byte: usize| Place { file: name.to_owned(), line: line_of(text, byte) };
    let raw: RawFile = match toml::from_str(text) {
        Ok(raw) => raw,
        Err(error) => {
            let place = at(error.span().map_or(0, |span| span.start));
            findings.push(Finding { place, problem: Problem::Unreadable { words: error.message().to_owned() } });
            return None;
        }
    };
    let mut file = File { context: raw.context, inherits: raw.inherits, overlay_on: raw.overlay_on, bindings: vec![] };
    for bind in raw.bind {
        let place = at(bind.span().start);
        match bind.into_inner().try_into::<RawBinding>() {
            Ok(bind) => file.bindings.extend(binding(bind, place, findings)),
            Err(error) => {
                findings.push(Finding { place, problem: Problem::Unreadable { words: error.message().to_owned() } })
            }
        }
    }
    Some(file)
}

fn binding(raw: RawBinding, place: Place, findings: &mut Vec<Finding>) -> Option<Binding> {
    let mut on = Vec::new();
    for key in raw.on {
        match Chord::named(&key) {
            Ok(chord) => on.push(chord),
            Err(why) => {
                let act = raw.run.clone();
                let problem = match why {
                    Unbindable::Unknown => Problem::UnknownKey { key, act },
                    Unbindable::Reserved => Problem::ReservedKey { key, act },
                };
                findings.push(Finding { place: place.clone(), problem });
            }
        }
    }
    let kept = !on.is_empty() || raw.menu.is_some();
    kept.then_some(Binding { on, run: raw.run, zh: raw.zh, en: raw.en, menu: raw.menu, confirm: raw.confirm, place })
}

fn line_of(text: &str, byte: usize) -> usize {
    1 + text.as_bytes().iter().take(byte).filter(|b| **b == b'\n').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "context = \"queue\"\ninherits = \"browse\"\n\n[[bind]]\non = [\"f8\", \"a\"]\nrun = \"queue.advance\"\nzh = \"办理\"\nen = \"Act\"\nconfirm = \"pin\"\n\n[[bind]]\non = [\"f11\", \"h\"]\nrun = \"queue.hold\"\nzh = \"挂起\"\nen = \"Hold\"\nmenu = 2\n";

    #[test]
    fn a_file_is_read_with_the_lines_of_its_bindings() {
        let mut findings = Vec::new();
        let file = read("keymaps/queue.toml", TEXT, &mut findings).unwrap();
        assert_eq!((file.context.as_str(), file.inherits.as_deref()), ("queue", Some("browse")));
        assert_eq!(
            file.bindings.iter().map(|b| (b.run.as_str(), b.place.line, b.confirm)).collect::<Vec<_>>(),
            [("queue.advance", 4, Confirm::Pin), ("queue.hold", 11, Confirm::None)]
        );
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].place.line, 11);
        assert!(
            matches!(&findings[0].problem, Problem::ReservedKey { key, act } if key == "f11" && act == "queue.hold")
        );
    }

    #[test]
    fn a_bad_binding_leaves_the_others() {
        let mut findings = Vec::new();
        let text = TEXT.replace("menu = 2", "menu = \"two\"");
        let file = read("q", &text, &mut findings).unwrap();
        assert_eq!(file.bindings.len(), 1);
        assert_eq!((findings.len(), findings[0].place.line), (1, 11));
    }

    #[test]
    fn a_file_that_is_no_toml_is_reported_at_its_line() {
        let mut findings = Vec::new();
        assert!(read("q", "context = \"queue\"\n[[bind]\n", &mut findings).is_none());
        assert_eq!(findings[0].place.line, 2);
    }
}
