//! Where the facts of a stocktake's rules come from. What counting may look at holds no figure of the book.

use super::{Gather, names, next};
use crate::domain::Actor;
use crate::domain::arranging::{AbandonStocktake, AppointRecount, ArrangeFacts, OpenStocktake};
use crate::domain::blindness::frozen;
use crate::domain::claim::{ClaimFacts, SettleClaim};
use crate::domain::clause::Refusals;
use crate::domain::counting::{
    BLANKS_NAMED, CorrectCount, CountFacts, CountGoods, RepeatCount, SubmitSheet, UndoCount,
};
use crate::domain::event::Event;
use crate::domain::goods::PriceOf;
use crate::domain::id::{ArticleId, ClaimId, StocktakeId};
use crate::domain::resolving::{AgreeStocktake, ConfirmStocktake, ExplainDifference, Open, ResolveFacts};
use crate::domain::stocktake::{Scope, Stocktake, home};
use crate::domain::text::{Text, fold};
use crate::store::Fault;
use crate::store::books::{Books, Counts};

gather_with! {
    OpenStocktake => |own, books, _by| {
        let people: Vec<&Text> = own.counters.iter().chain(&own.present).collect();
        let mut facts = arrange_facts(books, None, &people)?;
        facts.articles = own.articles.iter().map(|code| books.article_by_code(code)).collect::<Result<_, _>>()?;
        for place in &own.places {
            if !books.can_count_at(place)? {
                facts.unknown_places.push(place.clone());
            }
        }
        let listed = |take: &Stocktake| match &take.scope {
            Scope::Articles(articles) => articles.clone(),
            _ => Vec::new(),
        };
        let named = facts.articles.iter().flatten().map(|article| article.id);
        let articles: Vec<ArticleId> = named.chain(facts.open.iter().flat_map(listed)).collect();
        facts.places_of = articles.into_iter().map(|id| Ok((id, books.places_of(id)?))).collect::<Result<_, Fault>>()?;
        Ok(facts)
    };
    AppointRecount => |own, books, _by| {
        arrange_facts(books, Some(own.stocktake), &own.people.iter().collect::<Vec<_>>())
    };
    AbandonStocktake => |own, books, _by| arrange_facts(books, Some(own.stocktake), &[]);
    CountGoods => |own, books, by| {
        let mut facts = count_facts(books, own.stocktake, by)?;
        facts.article = match books.article_by_code(&own.code)? {
            Some(article) => Some(article),
            None => books.article_by_code(&fold(&own.code))?,
        };
        let is_home = facts.article.as_ref().is_some_and(|article| *home(article) == own.place);
        facts.place_known = is_home || books.can_count_at(&own.place)?;
        facts.badge = facts.article.is_none() && books.person_by_code(&own.code)?.is_some();
        if let (Some(take), Some(article)) = (&facts.stocktake, &facts.article) {
            let row = books.compared_at(take.id, &own.place, article.id)?;
            facts.asked_again = row.is_some_and(|row| take.recount().is_some_and(|sheet| row.asked == sheet.no));
            facts.limit = books.settings()?.count_limit(&article.card.code);
        }
        Ok(facts)
    };
    CorrectCount => |own, books, by| {
        let mut facts = count_facts(books, own.stocktake, by)?;
        let article = facts.last.as_ref().and_then(|(_, _, line)| line.article);
        if let Some(article) = article.map_or(Ok(None), |id| books.article(id))? {
            facts.limit = books.settings()?.count_limit(&article.card.code);
        }
        Ok(facts)
    };
    UndoCount => |own, books, by| count_facts(books, own.stocktake, by);
    RepeatCount => |own, books, by| count_facts(books, own.stocktake, by);
    SubmitSheet => |own, books, by| {
        let mut facts = count_facts(books, own.stocktake, by)?;
        let Some(take) = &facts.stocktake else { return Ok(facts) };
        let Some(sheet) = take.sheet_of(by.person).filter(|sheet| !sheet.is_frozen()) else { return Ok(facts) };
        let blanks =
            if take.is_recount(sheet.no) { books.still_asked(take, sheet.no)? } else { books.blanks(take, sheet.no)? };
        facts.blanks = blanks.len() as u32;
        let first = blanks.into_iter().take(BLANKS_NAMED);
        facts.first_blanks = first.map(|(id, place)| words(books, id, &place)).collect::<Result<_, _>>()?;
        Ok(facts)
    };
    ExplainDifference => |own, books, _by| {
        let mut facts = resolve_facts(books, own.stocktake, false)?;
        if let Some(article) = books.article_by_code(&own.article)? {
            facts.row = books.compared_at(own.stocktake, &own.place, article.id)?;
        }
        Ok(facts)
    };
    AgreeStocktake => |own, books, _by| resolve_facts(books, own.stocktake, true),
        glance resolve_facts(books, own.stocktake, false);
    ConfirmStocktake => |own, books, _by| resolve_facts(books, own.stocktake, true),
        glance resolve_facts(books, own.stocktake, false);
    SettleClaim => |own, books, _by| {
        let claim = books.claim(own.claim)?;
        let settled = claim.as_ref().and_then(|claim| claim.settled.as_ref());
        let settled_by = settled.map_or(Ok(Text::default()), |mark| books.person_name(mark.by))?;
        Ok(ClaimFacts { claim, settled_by })
    };
}

/// Refuses an event that would move goods which a frozen stocktake counts.
pub(in crate::desk) fn unfrozen(books: &impl Books, event: &Event) -> Result<Result<(), Refusals>, Fault> {
    let moved = event.goods();
    if moved.is_empty() {
        return Ok(Ok(()));
    }
    let open = books.open_stocktakes()?;
    if open.iter().any(|take| take.frozen) {
        for article in moved {
            let mut places = books.places_of(article)?;
            places.extend(event.puts_to().into_iter().cloned());
            if let Err(refusal) = frozen(&open, article, &places) {
                return Ok(Err(refusal.into()));
            }
        }
    }
    Ok(Ok(()))
}

fn words(books: &impl Books, article: ArticleId, place: &Text) -> Result<Text, Fault> {
    let card = books.article(article)?.map(|article| article.card);
    Ok(card.map_or_else(Text::default, |card| Text::new(&format!("{place} {} {}", card.code, card.name))))
}

fn arrange_facts(books: &impl Books, id: Option<StocktakeId>, people: &[&Text]) -> Result<ArrangeFacts, Fault> {
    let stocktake = id.map_or(Ok(None), |id| books.stocktake(id))?;
    let counting = stocktake.iter().flat_map(|take| &take.sheets).flat_map(|sheet| sheet.missing());
    Ok(ArrangeFacts {
        names: names(books, counting.collect::<Vec<_>>())?,
        stocktake,
        people: people.iter().map(|code| books.person_by_code(code)).collect::<Result<_, _>>()?,
        articles: Vec::new(),
        unknown_places: Vec::new(),
        open: books.open_stocktakes()?,
        places_of: Vec::new(),
        next: StocktakeId(next(books, "stocktakes")?),
    })
}

fn count_facts(books: &impl Books, id: StocktakeId, by: &Actor) -> Result<CountFacts, Fault> {
    let stocktake = books.stocktake(id)?;
    let sheet = stocktake.as_ref().and_then(|take| take.sheet_of(by.person));
    let top = sheet.and_then(|sheet| Some((sheet.no, sheet.hand(by.person)?.top))).filter(|(_, top)| *top > 0);
    let last = match top {
        Some((sheet, nth)) => {
            let record = books.count_record(id, sheet, nth)?;
            let record = record.ok_or(Fault::Missing { table: "count_records", key: nth.into() })?;
            let line = books.count_line(id, sheet, record.line)?;
            Some((nth, record.clone(), line.ok_or(Fault::Missing { table: "count_lines", key: record.line.into() })?))
        }
        None => None,
    };
    Ok(CountFacts {
        stocktake,
        article: None,
        place_known: false,
        badge: false,
        last,
        asked_again: false,
        limit: None,
        blanks: 0,
        first_blanks: Vec::new(),
    })
}

fn resolve_facts(books: &impl Books, id: StocktakeId, differences: bool) -> Result<ResolveFacts, Fault> {
    let stocktake = books.stocktake(id)?;
    let counting = stocktake.iter().flat_map(|take| &take.sheets).flat_map(|sheet| sheet.missing());
    let names = names(books, counting.collect::<Vec<_>>())?;
    let mut open = Vec::new();
    if let Some(take) = stocktake.as_ref().filter(|take| differences && take.stage.is_open()) {
        for row in books.all_differing(id)?.into_iter().filter(|row| !row.difference().is_zero()) {
            let article = books.article(row.article)?;
            let article = article.ok_or(Fault::Missing { table: "articles", key: row.article.0.into() })?;
            let free = books.shelf(row.article, &row.place)?;
            let price = books.price(row.article, &PriceOf::Retail, take.day)?;
            open.push(Open { row, article, free, price });
        }
    }
    Ok(ResolveFacts { stocktake, row: None, open, names, next: ClaimId(next(books, "claims")?) })
}
