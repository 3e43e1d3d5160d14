//! A letter: the ledger of a closed day as a workbook, with the day's figures and the head of the journal in words.

use std::fs::File;
use std::io::{BufWriter, Read, Seek, SeekFrom};
use std::path::Path;

use lettre::Message;
use lettre::message::header::ContentType;
use lettre::message::{Attachment, MultiPart, SinglePart};
use redb::ReadTransaction;
use sha2::{Digest, Sha256};

use crate::domain::blindness::Blindness;
use crate::domain::ledger::ClosedDay;
use crate::domain::text::Text;
use crate::domain::time::Moment;
use crate::report::{Book, Plan};
use crate::store::books::{Books, Counts};
use crate::store::journal::hex;
use crate::ui::locale::Words;
use crate::verbs::Stop;
use crate::verbs::args::Filter;
use crate::verbs::show::{self, Eyes, What};
use crate::verbs::spool::Spool;

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// The ledger of a closed day, ready to be put into letters.
pub(super) struct Ledger {
    pub file: Vec<u8>,
    pub rows: u64,
    pub sha256: String,
    subject: String,
    text: String,
    name: String,
}

/// Makes the ledger of a closed day; the folder is where it lies while it is made.
pub(super) fn ledger(
    books: &ReadTransaction,
    closed: &ClosedDay,
    folder: &Path,
    now: Moment,
    words: &Words,
) -> Result<Ledger, Stop> {
    let settings = books.settings()?;
    let filter = Filter { from: Some(closed.day), to: Some(closed.day), ..Filter::default() };
    // A letter may reach who counts.
    let blind = Blindness::of_anybody(books.open_stocktakes()?);
    let eyes = Eyes { books, filter: &filter, roles: None, person: None, blind, now };
    let by = books.person_name(closed.by)?;
    let at = closed.at.full(settings.zone);
    let foot = words.say_with("export.foot", &[("seq", &(closed.seq - 1)), ("head", &closed.head)]);
    let closed_by = words.say_with("mail.closed_by", &[("name", &by), ("time", &at)]);
    let subject = words.say_with("mail.subject", &[("department", &settings.department), ("day", &closed.day)]);
    let plan = Plan {
        name: closed.day.to_string(),
        title: subject.clone(),
        notes: vec![closed_by.clone(), foot.clone()],
        columns: show::sheet_columns(What::Ledger, words),
        total: words.say("export.total").to_owned(),
        foot: foot.clone(),
        zone: settings.zone,
        landscape: true,
        bars: None,
    };
    let failed = |error: std::io::Error| Stop::Failed(error.to_string());
    let (spool, mut made) = Spool::create(folder, "xlsx").map_err(failed)?;
    let rows = {
        let mut book = Book::spooled(&Spool::folder(folder).map_err(failed)?)?;
        let mut sheet = book.sheet(&plan)?;
        let rows = show::rows(What::Ledger, &eyes, words, &mut |cells| Ok(sheet.row(cells)?))?;
        sheet.finish(&[])?;
        book.save(BufWriter::new(&made))?;
        rows
    };
    let file = whole(&mut made).map_err(failed)?;
    drop(spool);
    let sha256 = hex(&Sha256::digest(&file));
    let figures = closed.figures;
    let text = words.say_with(
        "mail.text",
        &[
            ("day", &closed.day),
            ("shipped_lines", &figures.shipped_lines),
            ("shipped", &figures.shipped),
            ("returned_lines", &figures.returned_lines),
            ("returned", &figures.returned),
            ("freight", &figures.freight),
            ("net", &figures.net()),
            ("payments", &closed.open.payments),
            ("queue", &closed.open.queue),
        ],
    );
    let digest = words.say_with("mail.digest", &[("sha256", &sha256)]);
    let late = if closed.late { words.say("mail.late") } else { "" };
    let text = [text.as_str(), late, &closed_by, &foot, &digest].join("\r\n");
    Ok(Ledger { file, rows, sha256, subject, text, name: format!("{}.xlsx", closed.day) })
}

fn whole(file: &mut File) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(0))?;
    file.read_to_end(&mut bytes)?;
    Ok(bytes)
}

impl Ledger {
    /// The letter to one address. `id` is the same at every try, so that a mail that comes twice is known as one.
    pub(super) fn to(&self, from: &str, address: &str, id: &str) -> Result<Message, Text> {
        let words = |fault: &dyn std::fmt::Display| Text::new(&fault.to_string());
        let kind = ContentType::parse(XLSX).map_err(|error| words(&error))?;
        let parts = MultiPart::mixed()
            .singlepart(SinglePart::plain(self.text.clone()))
            .singlepart(Attachment::new(self.name.clone()).body(self.file.clone(), kind));
        Message::builder()
            .from(from.parse().map_err(|error| words(&error))?)
            .to(address.parse().map_err(|error| words(&error))?)
            .subject(self.subject.clone())
            .message_id(Some(id.to_owned()))
            .multipart(parts)
            .map_err(|error| words(&error))
    }
}
