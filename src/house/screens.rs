//! The screens of a house: one for each terminal that attaches, over the same search and the same keymaps.

use std::path::Path;
use std::sync::Arc;

use super::{INBOX, Rooms};
use crate::desk::Desk;
use crate::domain::clause::Refusals;
use crate::domain::command::Command;
use crate::domain::id::{ArticleId, DealerId, PersonId};
use crate::domain::text::Text;
use crate::domain::time::Moment;
use crate::server::{Arrival, Faces};
use crate::ui::app::{App, Plain, Station, contexts};
use crate::ui::face::Face;
use crate::ui::keymap::{Keymap, read_folder};
use crate::ui::locale::{Lang, Words};
use crate::ui::look::Look;
use crate::ui::pane::{Library, Reading};
use crate::wire::Colours;

/// What screens read, in the rooms of the house.
struct Shelf(Rooms);

impl Library for Shelf {
    fn read(&self) -> Result<Reading, Text> {
        self.0.library.read()
    }

    fn find_dealers(&self, query: &str, limit: usize) -> Vec<DealerId> {
        self.0.library.find_dealers(query, limit)
    }

    fn find_articles(&self, query: &str, limit: usize) -> Vec<ArticleId> {
        self.0.library.find_articles(query, limit)
    }

    fn would_refuse(&self, books: &Reading, by: PersonId, at: Moment, command: &Command) -> Option<Refusals> {
        // What cannot be read now is no reason to hide a key.
        Desk::would_refuse(books, by, at, command).ok()?
    }

    fn statements(&self) -> Vec<String> {
        let files = std::fs::read_dir(self.0.folder.join(INBOX)).into_iter().flatten().flatten();
        let mut names: Vec<String> = files.filter_map(|file| file.file_name().into_string().ok()).collect();
        names.sort();
        names
    }
}

/// How the terminals of a house are furnished.
#[derive(Debug, Clone, Default)]
pub struct Furnishing {
    /// Lines of the sign-in screen, such as the people of a demo department with their passphrases.
    pub welcome: Vec<String>,
    /// The keymap overlays that are on, such as `keypad`.
    pub overlays: Vec<String>,
}

/// Makes the screens of a house. `keymaps` is the folder of the user's own keymaps; what is wrong with them is said
/// on every screen, and the defaults stand.
pub fn dress(rooms: &Rooms, keymaps: Option<&Path>, furnishing: Furnishing) -> Faces {
    let files = keymaps.map_or_else(|| Ok(Vec::new()), read_folder);
    let unread = files.as_ref().err().map(ToString::to_string);
    let (keymap, findings) = Keymap::load(contexts(), &files.unwrap_or_default());
    let (keymap, library) = (Arc::new(keymap), Arc::new(Shelf(rooms.clone())));
    let rehearsal = rooms.desk.store().is_rehearsal();
    Box::new(move |arrival: &Arrival| -> Box<dyn Face> {
        let lang = Lang::of(&arrival.terminal.lang);
        let words = Words::load(lang);
        let warnings = unread.iter().cloned().chain(findings.iter().map(|finding| finding.line(&words)));
        let station = Station {
            lang,
            look: Look::for_terminal(arrival.terminal.colours != Colours::None),
            clipboard: arrival.terminal.clipboard,
            slow: arrival.terminal.slow,
            overlays: furnishing.overlays.clone(),
            welcome: furnishing.welcome.clone(),
            rehearsal,
            unix: Some(arrival.peer.uid),
            warnings: warnings.collect(),
        };
        let size = (arrival.terminal.cols, arrival.terminal.rows);
        let app = App::new(library.clone(), keymap.clone(), station, arrival.now, size);
        if arrival.terminal.plain { Box::new(Plain::new(app)) } else { Box::new(app) }
    })
}
