//! Facts of the warehouse: bills, goods in, transfers, damaged goods.

use super::next;
use crate::domain::bill::{BillFacts, EnterBill};
use crate::domain::goods::{Article, PriceOf};
use crate::domain::id::{BillId, ReceiptId, StockNoteId};
use crate::domain::moving::{MovingFacts, OnShelf, ShelfLine};
use crate::domain::place::PlaceFacts;
use crate::domain::receiving::{Kept, ReceiveBill, ReceivingFacts};
use crate::domain::text::Text;
use crate::store::Fault;
use crate::store::books::{Books, Purchases};

pub(super) fn bill_facts(books: &impl Books, own: &EnterBill) -> Result<BillFacts, Fault> {
    let mut lines = Vec::with_capacity(own.lines.len());
    for line in &own.lines {
        let article = books.article_by_code(&line.article)?;
        let retail = article.as_ref().map_or(Ok(None), |known| books.price(known.id, &PriceOf::Retail, own.day))?;
        lines.push((article, retail));
    }
    let same = books.bill_numbered(&own.factory, &own.number)?;
    let requisition = own.requisition.map_or(Ok(None), |id| books.requisition(id))?;
    Ok(BillFacts { lines, requisition, same, next: BillId(next(books, "bills")?) })
}

fn kept(books: &impl Books, code: &Text, place: Option<&Text>) -> Result<Kept, Fault> {
    let article = books.article_by_code(code)?;
    let keeper = article.as_ref().map(|article| &article.card.keeper).filter(|code| !code.is_empty());
    let keeper = keeper.map_or(Ok(None), |code| books.person_by_code(code))?;
    let place = PlaceFacts { place: place.map_or(Ok(None), |code| books.place(code))? };
    Ok(Kept { article, keeper: keeper.map(|person| (person.id, person.name)), place })
}

pub(super) fn receiving_facts(books: &impl Books, own: &ReceiveBill) -> Result<ReceivingFacts, Fault> {
    let bill = books.bill(own.bill)?;
    let before = own.before.map_or(Ok(None), |id| books.receipt(id))?;
    let on_bill = bill.iter().flat_map(|bill| &bill.lines).map(|line| line.billed.article);
    let came = before.iter().flat_map(|receipt| &receipt.lines).map(|(article, _)| *article);
    let known = |id| books.article(id)?.ok_or(Fault::Missing { table: "articles", key: id.0.into() });
    let billed = on_bill.chain(came).map(known).collect::<Result<Vec<Article>, Fault>>()?;
    let lines = own.lines.iter().map(|line| kept(books, &line.article, line.place.as_ref()));
    let lines = lines.collect::<Result<_, _>>()?;
    Ok(ReceivingFacts { bill, lines, billed, before, next: ReceiptId(next(books, "receipts")?) })
}

pub(super) fn moving_facts(books: &impl Books, lines: &[ShelfLine], to: Option<&Text>) -> Result<MovingFacts, Fault> {
    let on_shelf = lines.iter().map(|line| {
        let kept = kept(books, &line.article, to)?;
        let shelves = kept.article.as_ref().map_or(Ok(Vec::new()), |article| books.shelves(article))?;
        Ok(OnShelf { kept, shelves })
    });
    let lines = on_shelf.collect::<Result<_, Fault>>()?;
    Ok(MovingFacts { lines, next: StockNoteId(next(books, "stock_notes")?) })
}
