//! The command line: arguments in, one function per subcommand, an exit status out.
//!
//! What touches the books is carried out by the server ([`crate::verbs`]), which is started where none runs; here the
//! arguments are read, files are sent, and answers are passed on. Help, completions and the manual page come from the one
//! definition in [`line`], with their words from the locale files.

mod accepting;
mod asking;
mod help;
pub mod line;
mod local;
mod making;
mod marks;
mod place;
mod serving;

use std::io::Write;
use std::process::ExitCode;

use crate::client::{self, ClientFault, Launch, Left, Setup, Taste};
use crate::demo::Scale;
use crate::ui::locale::Words;
use crate::wire::Place;
use line::{Line, Verb};

/// It was done, and all of it accepted.
pub const DONE: u8 = crate::verbs::DONE;
/// It could not be run.
pub const NOT_RUN: u8 = crate::verbs::NOT_RUN;

/// What every subcommand needs: where the books are, how their server is started, what the person asked for.
struct Desk {
    place: Place,
    launch: Launch,
    taste: Taste,
    words: Words,
}

/// Why a subcommand could not be run.
#[derive(Debug, thiserror::Error)]
enum Trouble {
    /// The server could not be reached.
    #[error(transparent)]
    Client(#[from] ClientFault),
    /// Something that a person can be told: a key of the locale files, with its values.
    #[error("{0}")]
    Said(&'static str, Vec<(&'static str, String)>),
    /// A file could not be read or written.
    #[error("{path}: {error}")]
    File {
        /// Which.
        path: String,
        /// Why.
        error: std::io::Error,
    },
    /// The machine failed.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

impl Trouble {
    fn say(&self, words: &Words) -> String {
        match self {
            Trouble::Client(fault) => fault.say(words),
            Trouble::Said(key, values) => {
                let values: Vec<(&str, &dyn std::fmt::Display)> =
                    values.iter().map(|(name, value)| (*name, value as &dyn std::fmt::Display)).collect();
                words.say_with(key, &values)
            }
            other => words.say_with("verb.failed", &[("fault", other)]),
        }
    }

    /// Whether whoever read our output has heard enough, as `head` does.
    fn is_enough(&self) -> bool {
        let broken = |error: &std::io::Error| error.kind() == std::io::ErrorKind::BrokenPipe;
        match self {
            Trouble::Io(error) | Trouble::Client(ClientFault::Io(error)) => broken(error),
            _ => false,
        }
    }
}

/// Runs the program.
pub fn run() -> ExitCode {
    let taste = help::taste(std::env::args());
    let words = taste.words("");
    let line = match help::parse(&words, std::env::args_os()) {
        Ok(line) => line,
        Err(error) => {
            // What cannot be printed has nobody to read it.
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { NOT_RUN } else { DONE });
        }
    };
    match carry_out(line, taste, &words) {
        Ok(status) => ExitCode::from(status),
        Err(trouble) if trouble.is_enough() => ExitCode::from(DONE),
        Err(trouble) => {
            // As above.
            let _ = writeln!(std::io::stderr(), "{}", trouble.say(&words));
            ExitCode::from(NOT_RUN)
        }
    }
}

fn carry_out(line: Line, taste: Taste, words: &Words) -> Result<u8, Trouble> {
    // Books, copies and logs are their owner's alone, whatever the shell's mask is; a folder made open to a group stays so.
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
    let taste = Taste { slow: line.slow, plain: line.plain, clipboard: line.clipboard, ..taste };
    let verb = line.verb.unwrap_or(Verb::Open { rehearsal: line.rehearsal });
    let place = || place::of(line.store.as_deref(), matches!(verb, Verb::Demo { .. }));
    let desk = || -> Result<Desk, Trouble> {
        let place = place()?;
        let launch = Launch::own(&place);
        Ok(Desk { place, launch, taste: taste.clone(), words: words.clone() })
    };
    match &verb {
        Verb::Open { rehearsal } => open(&desk()?, *rehearsal),
        Verb::Serve { rehearsal, detached } => serving::serve(&place()?, *rehearsal, *detached),
        Verb::Demo { fresh, orders, dealers, no_open } => {
            let desk = desk()?;
            let scale = Scale { orders: *orders, dealers: *dealers };
            making::demo(&desk, *fresh, scale)?;
            if *no_open { Ok(DONE) } else { open(&desk, false) }
        }
        Verb::Post { file, who } => asking::post(&desk()?, file.as_deref(), who),
        Verb::Import { files, who, how } => asking::import(&desk()?, files, who, how),
        Verb::Show { what, who, form, filter } => asking::show(&desk()?, *what, who, *form, filter),
        Verb::Export { what, output, no_bom, who, filter } => {
            asking::export(&desk()?, *what, output, !*no_bom, who, filter)
        }
        Verb::Journal { since, follow, who } => asking::journal(&desk()?, *since, *follow, who),
        Verb::Verify { who } => asking::verify(&desk()?, who),
        Verb::Backup { file, who } => asking::backup(&desk()?, file, who),
        Verb::Passphrase { person, who } => asking::passphrase(&desk()?, person, who),
        Verb::Restore { file } => local::restore(&place()?, file, words),
        Verb::Accept { reason, second, who } => accepting::accept(&place()?, who, second, reason, words),
        Verb::Schema => local::schema(),
        Verb::Keymap { act } => local::keymap(&place()?, *act, words),
        Verb::Completions { shell } => local::completions(*shell, words),
        Verb::Man { folder } => local::man(folder.as_deref(), words),
    }
}

/// Opens the workstation on this terminal.
fn open(desk: &Desk, rehearsal: bool) -> Result<u8, Trouble> {
    if rehearsal {
        serving::found_rehearsal(&desk.place)?;
    }
    let Desk { place, taste, .. } = desk;
    let setup = Setup { place: place.clone(), launch: Launch::own(place), taste: taste.clone() };
    match client::open(&setup)? {
        Left::Quit | Left::Hangup => Ok(DONE),
    }
}
