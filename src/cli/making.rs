//! `taizhang demo`: makes the demo department where there is none, in a store for rehearsals.

use std::fs;
use std::io::{self, IsTerminal, Write};
use std::path::Path;

use redb::backends::InMemoryBackend;

use super::local::taken;
use super::marks::bar;
use super::serving::WELCOME;
use super::{Desk, Trouble};
use crate::demo::{self, Scale};
use crate::desk;
use crate::domain::text::Text;
use crate::house::{BOOKS, INBOX};
use crate::server::{self, login};
use crate::store::backup::backup;
use crate::store::open::Store;

/// Makes the demo, unless it is there. `fresh` removes the one that is.
pub(super) fn demo(desk: &Desk, fresh: bool, scale: Scale) -> Result<(), Trouble> {
    let folder = desk.place.folder();
    let books = folder.join(BOOKS);
    let shown = || vec![("folder", folder.display().to_string())];
    if books.exists() {
        if !folder.join(WELCOME).exists() {
            return Err(Trouble::Said("cli.demo_not_ours", shown()));
        }
        if !fresh {
            let line = desk.words.say_with("cli.demo_there", &[("folder", &folder.display())]);
            writeln!(io::stderr(), "{line}")?;
            return Ok(());
        }
    }
    let gate = taken(&desk.place)?;
    let file = |error: io::Error| Trouble::File { path: folder.display().to_string(), error };
    if books.exists() {
        fs::remove_file(&books).map_err(file)?;
    }
    // Made under another name, so that a demo that was cut short is not taken for one.
    let part = folder.join("demo.part");
    match fs::remove_file(&part) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(file(error)),
        _ => {}
    }
    furnish(desk, &part, scale)?;
    fs::rename(&part, &books).map_err(file)?;
    fs::write(folder.join(WELCOME), welcome(desk)).map_err(file)?;
    drop(gate);
    let line = desk.words.say_with("cli.demo_made", &[("folder", &folder.display())]);
    writeln!(io::stderr(), "{line}")?;
    Ok(())
}

/// Makes the department: in memory, where it is small, since hundreds of steps one by one need not wait for the disk;
/// then its verified copy is what is kept.
fn furnish(asked: &Desk, part: &Path, scale: Scale) -> Result<(), Trouble> {
    let is_small = scale.orders == 0 && scale.dealers == 0;
    let store =
        if is_small { Store::on_backend(InMemoryBackend::new(), true) } else { Store::open(part, true, &mut |_| {}) };
    let desk = desk::Desk::new(store.map_err(failed)?);
    let inbox = asked.place.folder().join(INBOX);
    fs::create_dir_all(&inbox)?;
    let progress = io::stderr().is_terminal().then(|| bar(1));
    let mut step = |done, all| {
        if let Some(bar) = &progress {
            bar.set_length(all);
            bar.set_position(done);
        }
    };
    // Without a hash nobody could sign in; the machine has no memory left then, and says so later.
    let hash = |passphrase: &str| login::hash(passphrase).unwrap_or_default();
    let made = demo::furnish(&desk, server::now(), &hash, &inbox, scale, &mut step);
    if let Some(bar) = progress {
        bar.finish_and_clear();
    }
    made.map_err(failed)?;
    if is_small {
        let books = desk.store().read().map_err(failed)?;
        backup(&books, part, &mut |_| {}).map_err(failed)?;
    }
    Ok(())
}

fn failed(fault: impl std::fmt::Display) -> Trouble {
    Trouble::Said("verb.failed", vec![("fault", Text::new(&fault.to_string()).to_string())])
}

/// The lines of the sign-in screen: code, name and role of everybody, and the passphrase of all.
fn welcome(desk: &Desk) -> String {
    let people = demo::PEOPLE.iter().map(|(code, name, role)| {
        let key = format!("role.{role}");
        format!("{code}  {name}  {}\n", desk.words.say(&key))
    });
    let passphrase = desk.words.say_with("cli.demo_passphrase", &[("passphrase", &demo::PASSPHRASE)]);
    people.chain([format!("{passphrase}\n")]).collect()
}
