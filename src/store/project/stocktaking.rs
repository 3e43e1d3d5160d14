//! Rows of stocktakes: sheets, their records and lines, what they add up to, and what came of comparing them.

use redb::{ReadableTable, Table, WriteTransaction};

use super::goods::{Change, move_stock};
use super::{must, put, raise};
use crate::domain::claim::Claim;
use crate::domain::comparing::{Compared, Explanation, Figure, Outcome};
use crate::domain::event::Event;
use crate::domain::id::{ArticleId, ClaimId, StocktakeId};
use crate::domain::quantity::Quantity;
use crate::domain::shipment::Mark;
use crate::domain::stock::{Document, MoveKind, Stock};
use crate::domain::stocktake::{CountAct, CountLine, CountRecord, Sheet, Stage, Stocktake, Sum, Tally};
use crate::domain::text::Text;
use crate::store::Fault;
use crate::store::books::{Counts, record};
use crate::store::codec::{Image, Packed};
use crate::store::counts::Said;
use crate::store::journal::Entry;
use crate::store::shelf::{self, Cards};
use crate::store::tables::*;

fn load(tx: &WriteTransaction, id: StocktakeId) -> Result<Stocktake, Fault> {
    tx.stocktake(id)?.ok_or(Fault::Missing { table: "stocktakes", key: id.0.into() })
}

/// Writes what changed of a stocktake: its record, its sheets, whether it is open.
fn keep(tx: &WriteTransaction, before: Option<&Stocktake>, after: &Stocktake) -> Result<(), Fault> {
    let bare = |take: &Stocktake| Stocktake { sheets: Vec::new(), ..take.clone() };
    if before.map(bare).as_ref() != Some(&bare(after)) {
        put(tx, STOCKTAKES, after.id.0, after)?;
        let mut open = tx.open_table(OPEN_STOCKTAKES)?;
        if after.stage.is_open() {
            open.insert(after.id.0, ())?;
        } else {
            open.remove(after.id.0)?;
        }
    }
    for sheet in &after.sheets {
        if before.and_then(|take| take.sheet(sheet.no)) != Some(sheet) {
            put(tx, SHEETS, (after.id.0, sheet.no), sheet)?;
        }
    }
    Ok(())
}

/// A stocktake was opened: nothing of the books is copied.
pub(super) fn opened(tx: &WriteTransaction, entry: &Entry) -> Result<(), Fault> {
    let Event::StocktakeOpened { stocktake, kind, day, month_end, scope, frozen, method, counters, present, note } =
        &entry.event
    else {
        unreachable!("{} opens no stocktake", entry.event.key())
    };
    let sheets = match method.sheets() {
        1 => vec![Sheet::new(*stocktake, 1, counters)],
        _ => (1..).zip(counters).map(|(no, person)| Sheet::new(*stocktake, no, &[*person])).collect(),
    };
    let take = Stocktake {
        id: *stocktake,
        kind: *kind,
        day: *day,
        month_end: *month_end,
        scope: scope.clone(),
        frozen: *frozen,
        method: *method,
        counters: counters.clone(),
        present: present.clone(),
        note: note.clone(),
        by: entry.by,
        at: entry.at,
        seq: entry.seq.0,
        stage: Stage::Counting,
        sheets,
        compared: 0,
        agreed: None,
        ended: None,
        ended_seq: 0,
        sum: Sum::default(),
    };
    raise(tx, "stocktakes", i64::from(stocktake.0))?;
    keep(tx, None, &take)
}

/// A record of a sheet: the record, its line, and what the sheet says of those goods.
pub(super) fn counted(tx: &WriteTransaction, entry: &Entry) -> Result<(), Fault> {
    let Event::GoodsCounted { stocktake, sheet, nth, line, act, undoes, quantity, .. } = &entry.event else {
        unreachable!("{} counts nothing", entry.event.key())
    };
    let before = load(tx, *stocktake)?;
    let hand = before.sheet(*sheet).and_then(|sheet| sheet.hand(entry.by));
    let below = hand.map_or(0, |hand| hand.top);
    let mut after = before.clone();
    after.apply(entry.by, entry.at, &entry.event);
    keep(tx, Some(&before), &after)?;

    let undone = match undoes {
        Some(nth) => Some(must(tx, COUNT_RECORDS, (stocktake.0, *sheet, *nth), "count_records", u64::from(*nth))?),
        None => None,
    };
    let tally_before = change_tally(tx, entry, undone.as_ref())?;
    change_line(tx, entry)?;
    let kept = CountRecord {
        seq: entry.seq.0,
        by: entry.by,
        at: entry.at,
        line: *line,
        act: *act,
        quantity: *quantity,
        undoes: *undoes,
        below,
        tally_before,
    };
    put(tx, COUNT_RECORDS, (stocktake.0, *sheet, *nth), &kept)
}

/// Whether the record begins a line or ends one: a line of which every record was taken back says nothing.
fn turn(standing: u32, act: CountAct) -> (u32, i64) {
    match act {
        CountAct::Undo => (standing.saturating_sub(1), if standing == 1 { -1 } else { 0 }),
        _ => (standing + 1, i64::from(standing == 0)),
    }
}

fn standing(tx: &WriteTransaction, entry: &Entry) -> Result<Option<CountLine>, Fault> {
    let Event::GoodsCounted { stocktake, sheet, line, .. } = &entry.event else { return Ok(None) };
    tx.count_line(*stocktake, *sheet, *line)
}

fn change_line(tx: &WriteTransaction, entry: &Entry) -> Result<(), Fault> {
    let Event::GoodsCounted { stocktake, sheet, line, act, place, code, article, factor, now, in_scope, .. } =
        &entry.event
    else {
        unreachable!("{} counts nothing", entry.event.key())
    };
    let was = standing(tx, entry)?;
    let (standing, _) = turn(was.as_ref().map_or(0, |line| line.standing), *act);
    let kept = CountLine {
        line: *line,
        by: was.map_or(entry.by, |line| line.by),
        at: entry.at,
        seq: entry.seq.0,
        place: place.clone(),
        code: code.clone(),
        article: *article,
        factor: *factor,
        quantity: *now,
        standing,
        in_scope: *in_scope,
    };
    put(tx, COUNT_LINES, (stocktake.0, *sheet, *line), &kept)
}

/// Changes what the sheet says of the record's goods; gives where that stood last before.
fn change_tally(tx: &WriteTransaction, entry: &Entry, undone: Option<&CountRecord>) -> Result<u64, Fault> {
    let Event::GoodsCounted { stocktake, sheet, act, place, code, article, quantity, in_scope, .. } = &entry.event
    else {
        unreachable!("{} counts nothing", entry.event.key())
    };
    let (article, unknown) = article.map_or((0, code.as_str()), |article| (article.0, ""));
    let key = (stocktake.0, *sheet, place.as_str(), article, unknown);
    let was = record(tx, TALLIES, key)?;
    let (_, lines) = turn(standing(tx, entry)?.map_or(0, |line| line.standing), *act);
    let seq = entry.seq.0;
    let before = was.as_ref().map_or(0, |tally: &Tally| tally.last);
    let blank = Tally { quantity: Quantity::ZERO, lines: 0, first: seq, last: seq, in_scope: *in_scope };
    let mut tally = was.unwrap_or(blank);
    tally.quantity += *quantity;
    tally.lines = (i64::from(tally.lines) + lines).max(0) as u32;
    // What was taken back no longer says when these goods were counted.
    tally.last = match undone {
        Some(record) if record.seq == before && record.tally_before > 0 => record.tally_before,
        Some(record) if record.seq != before => {
            skip(tx, entry, record)?;
            before
        }
        Some(_) => before,
        None => seq,
    };
    if tally.lines == 0 {
        tx.open_table(TALLIES)?.remove(key)?;
    } else {
        put(tx, TALLIES, key, &tally)?;
    }
    Ok(before)
}

/// On a sheet of two, a record was taken back that is not its goods' last: those after it go back to what was before it.
fn skip(tx: &WriteTransaction, entry: &Entry, undone: &CountRecord) -> Result<(), Fault> {
    let Event::GoodsCounted { stocktake, sheet, nth, undoes: Some(from), .. } = &entry.event else { return Ok(()) };
    let later = tx.count_records(*stocktake, *sheet, None, (nth - from) as usize)?;
    let follows = |record: &CountRecord| record.act != CountAct::Undo && record.tally_before == undone.seq;
    for (nth, record) in later.into_iter().filter(|(_, record)| follows(record)) {
        let record = CountRecord { tally_before: undone.tally_before, ..record };
        put(tx, COUNT_RECORDS, (stocktake.0, *sheet, nth), &record)?;
    }
    Ok(())
}

/// A sheet was handed in, a recount appointed, the differences agreed to, or the whole given up.
pub(super) fn went_on(tx: &WriteTransaction, entry: &Entry) -> Result<(), Fault> {
    use Event::*;
    let (SheetSubmitted { stocktake, .. }
    | RecountAppointed { stocktake, .. }
    | StocktakeAgreed { stocktake, .. }
    | StocktakeAbandoned { stocktake, .. }) = &entry.event
    else {
        unreachable!("{} is no step of a stocktake", entry.event.key())
    };
    let before = load(tx, *stocktake)?;
    let mut after = before.clone();
    after.apply(entry.by, entry.at, &entry.event);
    if !after.stage.is_open() {
        after.ended_seq = entry.seq.0;
    }
    match &entry.event {
        SheetSubmitted { .. } if after.stage == Stage::Counting && after.is_counted() => {
            let (rows, noted) = compare(tx, &after, entry.seq.0)?;
            after.compared = entry.seq.0;
            settle(&mut after, rows, &noted);
        }
        SheetSubmitted { sheet, .. }
            if after.is_recount(*sheet) && after.sheet(*sheet).is_some_and(Sheet::is_complete) =>
        {
            compare_again(tx, &after, *sheet)?;
            let rows = after.sum.rows;
            settle(&mut after, rows, &tx.all_differing(*stocktake)?);
        }
        RecountAppointed { sheet, .. } => {
            let differing = tx.all_differing(after.id)?;
            let mut rows = Rows::open(tx)?;
            for row in differing.into_iter().filter(Compared::is_asked_again) {
                rows.keep(after.id, &Compared { asked: *sheet, ..row })?;
            }
        }
        _ => {}
    }
    keep(tx, Some(&before), &after)
}

/// The rows of comparisons with the index of those that are noted, opened once for as many as there are.
struct Rows<'tx> {
    compared: Table<'tx, (u32, &'static str, u32), Packed<Compared>>,
    differing: Table<'tx, (u32, &'static str, u32), ()>,
}

impl<'tx> Rows<'tx> {
    fn open(tx: &'tx WriteTransaction) -> Result<Rows<'tx>, Fault> {
        Ok(Rows { compared: tx.open_table(COMPARED)?, differing: tx.open_table(DIFFERING)? })
    }

    /// Writes a row. One that was not there has nothing in the index to be taken out.
    fn keep(&mut self, id: StocktakeId, row: &Compared) -> Result<(), Fault> {
        let key = (id.0, row.place.as_str(), row.article.0);
        let was_there = self.compared.insert(key, Image::pack(row))?.is_some();
        match row.is_noted() {
            true => drop(self.differing.insert(key, ())?),
            false if was_there => drop(self.differing.remove(key)?),
            false => (),
        }
        Ok(())
    }
}

/// Adds up how the rows came out, and what follows for the stage. Of those that are not noted only the number counts.
fn settle(take: &mut Stocktake, rows: u32, noted: &[Compared]) {
    let mut sum = Sum::default();
    noted.iter().for_each(|row| add_up(&mut sum, row, 1));
    take.sum = Sum { rows, ..sum };
    let is_counted = noted.iter().all(|row| row.outcome() != Outcome::Again);
    take.stage = if is_counted { Stage::Settling } else { Stage::Differing };
}

fn add_up(sum: &mut Sum, row: &Compared, by: i32) {
    let differs = !row.difference().is_zero();
    for (counter, counts) in [
        (&mut sum.rows, true),
        (&mut sum.again, row.is_asked_again()),
        (&mut sum.differing, differs),
        (&mut sum.unexplained, differs && row.explained.is_none()),
    ] {
        if counts {
            *counter = counter.saturating_add_signed(by);
        }
    }
}

/// The first sheets are in: every place and article that they or the book name becomes a row. Gives how many there are, and
/// those that are noted.
fn compare(tx: &WriteTransaction, take: &Stocktake, seq: u64) -> Result<(u32, Vec<Compared>), Fault> {
    let sheets = take.method.sheets();
    let mut said = Said::new();
    for no in 1..=sheets {
        for row in tx.tallies(take.id, no)? {
            let Some(article) = row.article else { continue };
            let figures = said.entry((row.place, article)).or_insert_with(|| vec![None; usize::from(sheets)]);
            figures[usize::from(no) - 1] = Some(row.tally);
        }
    }
    for (article, place) in shelf::stocked(tx, &take.scope)? {
        said.entry((place, article)).or_insert_with(|| vec![None; usize::from(sheets)]);
    }
    let (cards, stock, mut rows) = (tx.open_table(MOVES)?, tx.open_table(PLACE_STOCK)?, Rows::open(tx)?);
    let (count, mut noted) = (said.len() as u32, Vec::new());
    for ((place, article), tallies) in said {
        let in_scope = tallies.iter().flatten().next().is_none_or(|tally| tally.in_scope);
        let figures = (1..).zip(tallies).map(|(no, tally)| figure(&cards, article, &place, no, tally, seq));
        let figures = figures.collect::<Result<_, _>>()?;
        let there = stock.get((article.0, place.as_str()))?.map(|image| image.value().unpack()).transpose()?;
        let packed = there.unwrap_or_default().packed;
        let row = Compared { article, place, figures, firsts: sheets, in_scope, packed, asked: 0, explained: None };
        rows.keep(take.id, &row)?;
        if row.is_noted() {
            noted.push(row);
        }
    }
    Ok((count, noted))
}

/// What a sheet says, against the book of its own moment; a blank against the book of now.
fn figure(
    cards: &impl Cards,
    article: ArticleId,
    place: &Text,
    sheet: u8,
    tally: Option<Tally>,
    now: u64,
) -> Result<Figure, Fault> {
    let seq = tally.as_ref().map_or(now, |tally| tally.last);
    let moved = match &tally {
        Some(tally) => cards.has_moved(article, place, tally.first, tally.last)?,
        None => false,
    };
    let book = cards.as_of(article, place, seq)?.sound();
    Ok(Figure { sheet, quantity: tally.map(|tally| tally.quantity), book, seq, moved })
}

/// A recount's sheet is in: its figures stand beside the first ones.
fn compare_again(tx: &WriteTransaction, take: &Stocktake, sheet: u8) -> Result<(), Fault> {
    let differing = tx.all_differing(take.id)?;
    let (cards, mut rows) = (tx.open_table(MOVES)?, Rows::open(tx)?);
    for mut row in differing.into_iter().filter(|row| row.asked == sheet) {
        if let Some(tally) = tx.tally(take.id, sheet, &row.place, row.article)? {
            let seq = tally.last;
            row.figures.push(figure(&cards, row.article, &row.place, sheet, Some(tally), seq)?);
            rows.keep(take.id, &row)?;
        }
    }
    Ok(())
}

/// The cause of a difference was written down.
pub(super) fn explained(tx: &WriteTransaction, entry: &Entry) -> Result<(), Fault> {
    let Event::DifferenceExplained { stocktake, article, place, cause, party, proposal } = &entry.event else {
        unreachable!("{} explains nothing", entry.event.key())
    };
    let before = load(tx, *stocktake)?;
    let mut after = before.clone();
    after.apply(entry.by, entry.at, &entry.event);
    let key = (stocktake.0, place.as_str(), article.0);
    let row = must(tx, COMPARED, key, "compared", article.0.into())?;
    add_up(&mut after.sum, &row, -1);
    let (cause, party, proposal) = (cause.clone(), party.clone(), proposal.clone());
    let row = Compared { explained: Some(Explanation { cause, party, proposal }), ..row };
    add_up(&mut after.sum, &row, 1);
    Rows::open(tx)?.keep(*stocktake, &row)?;
    keep(tx, Some(&before), &after)
}

/// What an event does that makes claims or settles one.
pub(super) fn claims(tx: &WriteTransaction, entry: &Entry) -> Result<(), Fault> {
    match &entry.event {
        Event::StocktakeConfirmed { .. } => confirmed(tx, entry),
        Event::ClaimSettled { .. } => claim_settled(tx, entry),
        other => unreachable!("{} is about no claim", other.key()),
    }
}

/// A stocktake was confirmed: stock is put right, shortages are claims.
fn confirmed(tx: &WriteTransaction, entry: &Entry) -> Result<(), Fault> {
    let Event::StocktakeConfirmed { stocktake, day, differences, .. } = &entry.event else {
        unreachable!("{} confirms no stocktake", entry.event.key())
    };
    let counted = differences.iter().map(|it| Change {
        article: it.article,
        place: it.place.clone(),
        stock: Stock::of_sound(it.adjusted),
    });
    move_stock(tx, entry, MoveKind::Counted, Document::Count(stocktake.0), counted)?;
    let before = load(tx, *stocktake)?;
    let mut after = before.clone();
    after.apply(entry.by, entry.at, &entry.event);
    after.ended_seq = entry.seq.0;
    keep(tx, Some(&before), &after)?;
    for difference in differences {
        let Some(ClaimId(id)) = difference.claim else { continue };
        raise(tx, "claims", i64::from(id))?;
        let (stocktake, day, at) = (*stocktake, *day, entry.at);
        let difference = difference.clone();
        put(tx, CLAIMS, id, &Claim { id: ClaimId(id), stocktake, day, at, difference, settled: None })?;
        tx.open_table(OPEN_CLAIMS)?.insert(id, ())?;
    }
    Ok(())
}

/// A claim was made good.
fn claim_settled(tx: &WriteTransaction, entry: &Entry) -> Result<(), Fault> {
    let Event::ClaimSettled { claim: id, reason, .. } = &entry.event else {
        unreachable!("{} settles no claim", entry.event.key())
    };
    let mut claim: Claim = must(tx, CLAIMS, id.0, "claims", id.0.into())?;
    claim.settled = Some(Mark { by: entry.by, at: entry.at, why: reason.clone() });
    tx.open_table(OPEN_CLAIMS)?.remove(id.0)?;
    put(tx, CLAIMS, id.0, &claim)
}
