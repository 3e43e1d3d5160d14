//! The subcommands that need no server: restore, schema, completions, the manual.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use super::line::KeymapAct;
use super::serving::KEYMAPS;
use super::{DONE, Trouble, help};
use crate::domain::text::Text;
use crate::house::BOOKS;
use crate::server::{Gate, GateFault};
use crate::store::backup;
use crate::ui::app::contexts;
use crate::ui::keymap::{Keymap, read_folder};
use crate::ui::locale::Words;
use crate::ui::text::{self, Align};
use crate::verbs::REFUSED;
use crate::wire::Place;

/// Puts a verified backup where no store is and no server runs.
pub(super) fn restore(place: &Place, file: &Path, words: &Words) -> Result<u8, Trouble> {
    let gate = taken(place)?;
    let books = place.folder().join(BOOKS);
    if books.exists() {
        return Err(Trouble::Said("keep.store_exists", vec![("folder", place.folder().display().to_string())]));
    }
    let head = backup::restore(file, &books, &mut |_| {});
    let head =
        head.map_err(|fault| Trouble::Said("verb.failed", vec![("fault", Text::new(&fault.to_string()).to_string())]))?;
    drop(gate);
    let line = words.say_with("keep.restored", &[("entries", &head.seq.0), ("head", &head.hex())]);
    writeln!(io::stdout(), "{line}")?;
    Ok(DONE)
}

/// The store's lock, so that no server opens it meanwhile.
pub(super) fn taken(place: &Place) -> Result<Gate, Trouble> {
    Gate::take(place.clone()).map_err(|fault| match fault {
        GateFault::Running => Trouble::Said("keep.running", Vec::new()),
        other => Trouble::Said("verb.failed", vec![("fault", other.to_string())]),
    })
}

/// Prints the JSON Schema.
pub(super) fn schema() -> Result<u8, Trouble> {
    let mut out = io::stdout().lock();
    serde_json::to_writer_pretty(&mut out, &crate::verbs::schema::schema()).map_err(io::Error::from)?;
    writeln!(out)?;
    Ok(DONE)
}

/// Says what is wrong with the keymaps, or prints the keys of every screen.
pub(super) fn keymap(place: &Place, act: KeymapAct, words: &Words) -> Result<u8, Trouble> {
    let folder = place.folder().join(KEYMAPS);
    let files = read_folder(&folder).map_err(|error| Trouble::File { path: folder.display().to_string(), error })?;
    let (keymap, findings) = Keymap::load(contexts(), &files);
    let mut out = io::stdout().lock();
    match act {
        KeymapAct::Check => {
            findings.iter().try_for_each(|finding| writeln!(out, "{}", finding.line(words)))?;
            if findings.is_empty() {
                writeln!(out, "{}", words.say("cli.keymap_good"))?;
            }
            Ok(if findings.is_empty() { DONE } else { REFUSED })
        }
        KeymapAct::Print => {
            for context in keymap.contexts() {
                writeln!(out, "{}", context.name)?;
                for entry in keymap.entries(context.name, &[]) {
                    let chords: Vec<String> = entry.chords.iter().map(ToString::to_string).collect();
                    let menu = entry.binding.menu.map_or_else(String::new, |menu| menu.to_string());
                    let keys = text::fit(&chords.join(" "), 28, Align::Left);
                    let menu = text::fit(&menu, 4, Align::Right);
                    writeln!(out, "  {keys}{menu}  {}", entry.binding.label(words.lang()))?;
                }
                writeln!(out)?;
            }
            Ok(DONE)
        }
    }
}

/// Prints the script that lets a shell complete this command line.
pub(super) fn completions(shell: clap_complete::Shell, words: &Words) -> Result<u8, Trouble> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut help::command(words), "taizhang", &mut script);
    io::stdout().write_all(&script)?;
    Ok(DONE)
}

/// Prints the manual page, or writes one a subcommand into a folder.
pub(super) fn man(folder: Option<&Path>, words: &Words) -> Result<u8, Trouble> {
    let command = help::command(words);
    let Some(folder) = folder else {
        let mut page = Vec::new();
        clap_mangen::Man::new(command).render(&mut page)?;
        io::stdout().write_all(&page)?;
        return Ok(DONE);
    };
    let failed = |error: io::Error| Trouble::File { path: folder.display().to_string(), error };
    fs::create_dir_all(folder).map_err(failed)?;
    clap_mangen::generate_to(command, folder).map_err(failed)?;
    Ok(DONE)
}
