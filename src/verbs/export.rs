//! `taizhang export`: a list as a workbook or as CSV, masked for whoever asks and noted in the journal (P3).
//!
//! The file is made whole before a byte of it leaves, since the journal says what left: who, which list, how many rows, and the
//! SHA-256 by which the file is known again. What cannot be noted does not leave.

use std::fs::File;
use std::io::{BufWriter, Read, Seek, SeekFrom};

use sha2::{Digest, Sha256};

use super::args::{Export, FileKind};
use super::caller::{Caller, Lines};
use super::show::{self, Eyes, What};
use super::speaking::Speaking;
use super::spool::Spool;
use super::{DONE, Office, REFUSED, Stop};
use crate::desk::{Answer, Envelope};
use crate::domain::command::Command;
use crate::domain::export::NoteExport;
use crate::domain::role::Roles;
use crate::domain::text::Text;
use crate::report::{Book, Cell, Comma, Plan, Unwritten};
use crate::store::books::{Books, Counts};
use crate::store::journal::{self, hex};
use crate::ui::locale::Words;

/// How much is read and sent at once.
const PIECE: usize = 64 * 1024;

impl From<Unwritten> for Stop {
    fn from(error: Unwritten) -> Stop {
        match error {
            Unwritten::TooManyRows => Stop::Said("export.too_many", Vec::new()),
            other => Stop::Failed(other.to_string()),
        }
    }
}

/// Makes the file, notes it, and sends it.
pub(super) fn export(office: &Office, args: &Export, words: &Words, caller: &mut dyn Caller) -> Result<u8, Stop> {
    let speaking = Speaking::settle(office, &args.who, &mut Lines::default(), caller)?;
    let by = speaking.person.filter(|by| speaking.may_be(*by));
    let by = by.ok_or(Stop::Said("export.who", Vec::new()))?;
    let books = office.desk.store().read()?;
    let person = books.person(by)?.filter(|person| person.active);
    let (roles, name) = person.map_or((Roles::NONE, Text::default()), |person| (person.roles, person.name));
    if args.what == What::Journal {
        Speaking::must_keep_books(roles)?;
    }
    let failed = |error: std::io::Error| Stop::Failed(error.to_string());
    let (spool, mut file) = Spool::create(&office.folder, args.kind.ending()).map_err(failed)?;
    let (person, blind, now) = (Some(by), books.blindness(Some(by))?, (office.clock)());
    let eyes = Eyes { books: &books, filter: &args.filter, roles: Some(roles), person, blind, now };
    let head = journal::head(&books)?;
    let title = words.say(&format!("list_name.{}", args.what.key())).to_owned();
    let made_by = words.say_with("export.made", &[("name", &name), ("time", &eyes.now.full(books.settings()?.zone))]);
    let paper = show::paper(args.what, &eyes, words)?;
    let plan = Plan {
        name: title.clone(),
        title,
        notes: paper.notes.into_iter().chain([made_by]).collect(),
        columns: show::sheet_columns(args.what, words),
        total: words.say("export.total").to_owned(),
        foot: words.say_with("export.foot", &[("seq", &head.seq.0), ("head", &head.hex())]),
        zone: books.settings()?.zone,
        landscape: true,
        bars: show::bars(args.what, words),
    };
    let feed: Feed<'_> = &mut |take| show::rows(args.what, &eyes, words, take);
    let rows = match args.kind {
        FileKind::Xlsx => workbook(office, &plan, &paper.closing, &file, feed)?,
        FileKind::Csv => csv(&plan, args.bom, &file, feed)?,
    };
    drop(books);
    let sha256 = digest(&mut file).map_err(failed)?;
    let filter = serde_json::to_string(&args.filter).expect("filters are plain data");
    let note = NoteExport {
        what: args.what.key().into(),
        file: args.kind,
        rows,
        sha256: sha256.as_str().into(),
        filter: Text::new(&filter),
    };
    let envelope = Envelope {
        command: Command::NoteExport(note),
        by,
        at: (office.clock)(),
        terminal: speaking.terminal.clone(),
        id: None,
    };
    match office.inbox.submit(envelope) {
        Answer::Accepted { .. } => {}
        Answer::Refused(refusals) => {
            caller.error(format!("{refusals}\n").as_bytes())?;
            return Ok(REFUSED);
        }
        Answer::Failed(fault) => return Err(Stop::Failed(fault)),
    }
    send(&mut file, caller)?;
    drop(spool);
    let line = words.say_with("export.done", &[("rows", &rows), ("sha256", &sha256)]);
    caller.error(format!("{line}\n").as_bytes())?;
    Ok(DONE)
}

/// Feeds rows to whoever takes them; gives how many there were.
type Feed<'a> = &'a mut dyn FnMut(&mut dyn FnMut(&[Cell]) -> Result<(), Stop>) -> Result<u64, Stop>;

fn workbook(office: &Office, plan: &Plan, closing: &[String], file: &File, feed: Feed<'_>) -> Result<u64, Stop> {
    let folder = Spool::folder(&office.folder).map_err(|error| Stop::Failed(error.to_string()))?;
    let mut book = Book::spooled(&folder)?;
    let mut sheet = book.sheet(plan)?;
    let rows = feed(&mut |cells| Ok(sheet.row(cells)?))?;
    sheet.finish(closing)?;
    book.save(BufWriter::new(file))?;
    Ok(rows)
}

fn csv(plan: &Plan, bom: bool, file: &File, feed: Feed<'_>) -> Result<u64, Stop> {
    let mut comma = Comma::begin(plan, BufWriter::new(file), bom)?;
    let rows = feed(&mut |cells| Ok(comma.row(cells)?))?;
    comma.finish()?;
    Ok(rows)
}

fn digest(file: &mut File) -> std::io::Result<String> {
    file.seek(SeekFrom::Start(0))?;
    let mut hash = Sha256::new();
    let mut piece = vec![0; PIECE];
    loop {
        match file.read(&mut piece)? {
            0 => return Ok(hex(&hash.finalize())),
            read => hash.update(&piece[..read]),
        }
    }
}

fn send(file: &mut File, caller: &mut dyn Caller) -> Result<(), Stop> {
    let failed = |error: std::io::Error| Stop::Failed(error.to_string());
    file.seek(SeekFrom::Start(0)).map_err(failed)?;
    let mut piece = vec![0; PIECE];
    loop {
        match file.read(&mut piece).map_err(failed)? {
            0 => return Ok(()),
            read => caller.out(&piece[..read])?,
        }
    }
}
