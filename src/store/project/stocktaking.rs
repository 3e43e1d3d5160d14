//! Rows of stocktakes: sheets, their records and lines, what they add up to, and what came of comparing them.

use redb::WriteTransaction;

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
use crate::store::books::{Counts, Stockroom, record};
use crate::store::counts::Said;
use crate::store::journal::Entry;
use crate::store::tables::*;
use crate::store::{Fault, shelf};

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
            compare(tx, &after, entry.seq.0)?;
            after.compared = entry.seq.0;
            settle(tx, &mut after)?;
        }
        SheetSubmitted { sheet, .. }
            if after.is_recount(*sheet) && after.sheet(*sheet).is_some_and(Sheet::is_complete) =>
        {
            compare_again(tx, &after, *sheet)?;
            settle(tx, &mut after)?;
        }
        RecountAppointed { sheet, .. } => {
            for row in tx.all_differing(after.id)?.into_iter().filter(Compared::is_asked_again) {
                keep_row(tx, after.id, &Compared { asked: *sheet, ..row })?;
            }
        }
        _ => {}
    }
    keep(tx, Some(&before), &after)
}

fn keep_row(tx: &WriteTransaction, id: StocktakeId, row: &Compared) -> Result<(), Fault> {
    let key = (id.0, row.place.as_str(), row.article.0);
    let mut differing = tx.open_table(DIFFERING)?;
    match row.is_noted() {
        true => drop(differing.insert(key, ())?),
        false => drop(differing.remove(key)?),
    }
    drop(differing);
    put(tx, COMPARED, key, row)
}

/// Adds up how the rows came out, and what follows for the stage.
fn settle(tx: &WriteTransaction, take: &mut Stocktake) -> Result<(), Fault> {
    let mut sum = Sum::default();
    let mut is_counted = true;
    for row in tx.compared(take.id, None, usize::MAX)? {
        add_up(&mut sum, &row, 1);
        is_counted &= row.outcome() != Outcome::Again;
    }
    take.sum = sum;
    take.stage = if is_counted { Stage::Settling } else { Stage::Differing };
    Ok(())
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

/// The first sheets are in: every place and article that they or the book name becomes a row.
fn compare(tx: &WriteTransaction, take: &Stocktake, seq: u64) -> Result<(), Fault> {
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
    for ((place, article), tallies) in said {
        let in_scope = tallies.iter().flatten().next().is_none_or(|tally| tally.in_scope);
        let figures = (1..).zip(tallies).map(|(no, tally)| figure(tx, article, &place, no, tally, seq));
        let figures = figures.collect::<Result<_, _>>()?;
        let packed = tx.stock_at(article, &place)?.packed;
        let row = Compared { article, place, figures, firsts: sheets, in_scope, packed, asked: 0, explained: None };
        keep_row(tx, take.id, &row)?;
    }
    Ok(())
}

/// What a sheet says, against the book of its own moment; a blank against the book of now.
fn figure(
    tx: &WriteTransaction,
    article: ArticleId,
    place: &Text,
    sheet: u8,
    tally: Option<Tally>,
    now: u64,
) -> Result<Figure, Fault> {
    let seq = tally.as_ref().map_or(now, |tally| tally.last);
    let moved = match &tally {
        Some(tally) => shelf::has_moved(tx, article, place, tally.first, tally.last)?,
        None => false,
    };
    let book = shelf::shelf_as_of(tx, article, place, seq)?;
    Ok(Figure { sheet, quantity: tally.map(|tally| tally.quantity), book, seq, moved })
}

/// A recount's sheet is in: its figures stand beside the first ones.
fn compare_again(tx: &WriteTransaction, take: &Stocktake, sheet: u8) -> Result<(), Fault> {
    for mut row in tx.all_differing(take.id)?.into_iter().filter(|row| row.asked == sheet) {
        if let Some(tally) = tx.tally(take.id, sheet, &row.place, row.article)? {
            let seq = tally.last;
            row.figures.push(figure(tx, row.article, &row.place, sheet, Some(tally), seq)?);
            keep_row(tx, take.id, &row)?;
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
    keep_row(tx, *stocktake, &row)?;
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
