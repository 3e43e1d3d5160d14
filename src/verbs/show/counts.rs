//! Stocktakes, sheets, comparisons and claims, as rows. What a person may see of them is [`Blindness`]'s to say.

use std::collections::HashMap;

use super::print::Printer;
use super::rows_of_counts::{ClaimRow, ComparedRow, SheetRow, StocktakeRow};
use super::{PAGE, Stop, View, What};
use crate::domain::claim::Claim;
use crate::domain::comparing::{Compared, Figure, mixed_up};
use crate::domain::id::{ArticleId, PersonId, Seq, StocktakeId};
use crate::domain::money::Money;
use crate::domain::stocktake::{CountLine, Scope, Sheet, Stage, Stocktake};
use crate::domain::text::Text;
use crate::store::Fault;
use crate::store::books::{Books, Counts, Stockroom};
use crate::ui::locale::Words;

pub(super) fn stocktakes(view: &View<'_>, out: &mut Printer<'_>) -> Result<(), Stop> {
    let mut before = None;
    loop {
        let page = view.books.stocktakes(before, PAGE)?;
        let Some(last) = page.last() else { return Ok(()) };
        before = Some(last.id);
        for take in page {
            let wanted = view.has_state(take.stage.key()) && view.has_day(take.day);
            if wanted && view.is_wanted(&[&take.id.to_string()]) && !out.row(&stocktake_row(view, take)?)? {
                return Ok(());
            }
        }
    }
}

fn stocktake_row(view: &View<'_>, take: Stocktake) -> Result<StocktakeRow, Stop> {
    let people = |ids: &[PersonId]| ids.iter().map(|id| view.names.person(*id)).collect::<Result<Vec<_>, Fault>>();
    let awaits: Vec<PersonId> =
        if take.stage.is_counting() { take.sheets.iter().flat_map(Sheet::missing).collect() } else { Vec::new() };
    let counted = match &take.scope {
        Scope::Whole => Vec::new(),
        Scope::Places(places) => places.clone(),
        Scope::Articles(articles) => {
            articles.iter().map(|id| Ok(card(view, *id)?.0)).collect::<Result<Vec<_>, Stop>>()?
        }
    };
    let sees = view.blind.sees_sums(&take);
    Ok(StocktakeRow {
        stocktake: take.id,
        kind: take.kind,
        day: take.day,
        month_end: take.month_end,
        scope: take.scope.key(),
        counted,
        frozen: take.frozen,
        method: take.method,
        counters: people(&take.counters)?,
        present: people(&take.present)?,
        stage: take.stage,
        awaits: people(&awaits)?,
        rows: sees.then_some(take.sum.rows),
        to_recount: sees.then_some(take.sum.again),
        differing: sees.then_some(take.sum.differing),
        agreed: take.agreed.is_some(),
        by: view.names.person(take.by)?,
        at: take.at,
        ended: take.ended.map(|(_, at, _)| at),
        note: take.note,
    })
}

/// An article's code, name, unit and mark.
fn card(view: &View<'_>, id: ArticleId) -> Result<(Text, Text, Text, Text), Stop> {
    let article = view.names.article(id)?.ok_or(Fault::Missing { table: "articles", key: id.0.into() })?;
    Ok((article.card.code, article.card.name, article.card.unit, article.card.special))
}

/// The stocktake that was named, else the newest one.
fn named(view: &View<'_>) -> Result<Option<Stocktake>, Stop> {
    Ok(match &view.filter.only {
        Some(text) => text.parse::<StocktakeId>().map_or(Ok(None), |id| view.books.stocktake(id))?,
        None => view.books.stocktakes(None, 1)?.pop(),
    })
}

pub(super) fn stocktake(view: &View<'_>, out: &mut Printer<'_>) -> Result<(), Stop> {
    let Some(take) = named(view)? else { return Ok(()) };
    let rows = view.books.compared(take.id, None, usize::MAX)?;
    let pairs: HashMap<ArticleId, ArticleId> =
        mixed_up(&rows).into_iter().flat_map(|(short, over)| [(short, over), (over, short)]).collect();
    let claims = claims_of(view, &take)?;
    for row in rows {
        let twin = pairs.get(&row.article).copied();
        let claim =
            claims.iter().find(|claim| claim.difference.article == row.article && claim.difference.place == row.place);
        if let Some(row) = compared_row(view, &take, row, twin, claim)?
            && !out.row(&row)?
        {
            break;
        }
    }
    Ok(())
}

/// The claims that a confirmed stocktake led to.
fn claims_of(view: &View<'_>, take: &Stocktake) -> Result<Vec<Claim>, Stop> {
    let all = if take.stage == Stage::Closed { view.books.claims(None, usize::MAX)? } else { Vec::new() };
    Ok(all.into_iter().filter(|claim| claim.stocktake == take.id).collect())
}

fn compared_row(
    view: &View<'_>,
    take: &Stocktake,
    row: Compared,
    twin: Option<ArticleId>,
    claim: Option<&Claim>,
) -> Result<Option<ComparedRow>, Stop> {
    let Some(seen) = view.blind.row(take, &row) else { return Ok(None) };
    if !view.has_state(row.outcome().key()) {
        return Ok(None);
    }
    let (article, name, unit, _) = card(view, row.article)?;
    let quantity = |figure: &Option<Figure>| figure.as_ref().and_then(|figure| figure.quantity);
    let firsts = usize::from(row.firsts);
    let twin = twin.filter(|_| seen.book && !row.difference().is_zero());
    let last = row.standing().or(row.figures.last()).copied();
    let since = last.map_or(0, |figure| figure.seq) + 1;
    let until = if take.stage.is_open() { u64::MAX } else { take.ended_seq.saturating_sub(1) };
    let late = seen.book && !view.books.moves(row.article, &row.place, since..=until, 1)?.is_empty();
    let explained = row.explained.as_ref().filter(|_| seen.book);
    Ok(Some(ComparedRow {
        stocktake: take.id,
        sheet_1: seen.figures.first().and_then(quantity),
        sheet_2: seen.figures.get(1).filter(|_| firsts > 1).and_then(quantity),
        recounts: seen.figures.iter().skip(firsts).map(quantity).collect(),
        book: last.filter(|_| seen.book).map(|figure| figure.book),
        packed: seen.book.then_some(row.packed),
        outcome: seen.book.then(|| row.outcome()),
        difference: seen.book.then(|| row.difference()),
        moved: seen.book.then(|| row.figures.iter().any(|figure| figure.moved)),
        moved_since: seen.book.then_some(late),
        cause: explained.map(|it| it.cause.clone()),
        party: explained.map(|it| it.party.clone()),
        proposal: explained.map(|it| it.proposal.clone()),
        claim: claim.map(|claim| claim.id),
        claimed: claim.map(|claim| claim.difference.claimed),
        price: claim.and_then(|claim| claim.difference.price),
        amount: claim.map(|claim| claim.difference.amount),
        twin: twin.map(|id| card(view, id).map(|card| card.0)).transpose()?,
        place: row.place,
        article,
        name,
        unit,
    }))
}

/// What a file about a stocktake says above its rows and below them, so that it can be printed and signed.
pub(super) fn paper(view: &View<'_>, what: What, words: &Words) -> Result<Paper, Stop> {
    let Some(take) = named(view)?.filter(|_| matches!(what, What::Stocktake | What::Sheet)) else {
        return Ok(Paper::default());
    };
    let people = |ids: &[PersonId]| -> Result<String, Stop> {
        let names = ids.iter().map(|id| view.names.person(*id)).collect::<Result<Vec<_>, Fault>>()?;
        Ok(names.iter().map(|name| name.as_str()).collect::<Vec<_>>().join(words.say("notice.and")))
    };
    let kind = words.say(&format!("stocktake_kind.{}", take.kind.key())).to_owned();
    let method = words.say(&format!("stocktake_method.{}", take.method.key())).to_owned();
    let stage = words.say(&format!("stocktake_stage.{}", take.stage.key())).to_owned();
    let sums = view.blind.sees_sums(&take) && what == What::Stocktake;
    let mut closing = Vec::new();
    if sums {
        let claims = claims_of(view, &take)?;
        let amount: Money = claims.iter().map(|claim| claim.difference.amount).sum();
        let (rows, differing) = (take.sum.rows, take.sum.differing);
        closing.push(words.say_with(
            "stocktake.sums",
            &[("rows", &rows), ("differing", &differing), ("claims", &claims.len()), ("amount", &amount)],
        ));
        for row in take.sheets.iter().map(|sheet| view.books.tallies(take.id, sheet.no)) {
            for row in row?.into_iter().filter(|row| row.article.is_none()) {
                let values: [(&str, &dyn std::fmt::Display); 3] =
                    [("code", &row.code), ("place", &row.place), ("quantity", &row.tally.quantity)];
                closing.push(words.say_with("stocktake.unknown_code", &values));
            }
        }
    }
    closing.extend(["stocktake.sign_counters", "stocktake.sign_others"].map(|key| words.say(key).to_owned()));
    let title: [(&str, &dyn std::fmt::Display); 4] =
        [("stocktake", &take.id), ("kind", &kind), ("method", &method), ("stage", &stage)];
    let days: [(&str, &dyn std::fmt::Display); 2] = [("day", &take.day), ("month_end", &take.month_end)];
    let (counters, present) = (people(&take.counters)?, people(&take.present)?);
    let notes = vec![
        words.say_with("stocktake.title", &title),
        words.say_with("stocktake.days", &days),
        words.say_with("stocktake.people", &[("counters", &counters), ("present", &present)]),
    ];
    Ok(Paper { notes, closing })
}

/// Lines around the rows of a file.
#[derive(Debug, Default)]
pub(in crate::verbs) struct Paper {
    /// Above them.
    pub notes: Vec<String>,
    /// Below them.
    pub closing: Vec<String>,
}

/// The lines of a person's sheet, named by sign-in code; else of one's own, else of all sheets that may be seen.
pub(super) fn sheet(view: &View<'_>, out: &mut Printer<'_>) -> Result<(), Stop> {
    let Some(take) = named(view)? else { return Ok(()) };
    let person = match &view.filter.of {
        Some(code) => view.books.person_by_code(code)?.map(|person| Some(person.id)).unwrap_or(Some(PersonId(0))),
        None => view.person.filter(|person| take.has_counter(*person)),
    };
    let is_asked = |sheet: &&Sheet| person.is_none_or(|person| sheet.hand(person).is_some());
    let (seen, unseen): (Vec<&Sheet>, Vec<&Sheet>) =
        take.sheets.iter().filter(is_asked).partition(|sheet| view.blind.sees_sheet(&take, sheet.no));
    if !unseen.is_empty() && (seen.is_empty() || person.is_some()) {
        return Err(Stop::Said("verb.blind_sheet", Vec::new()));
    }
    for sheet in seen {
        let mut lines = Vec::new();
        let mut before = None;
        loop {
            let page = view.books.count_lines(take.id, sheet.no, before, PAGE)?;
            let Some(last) = page.last() else { break };
            before = Some(last.line);
            lines.extend(page);
        }
        for line in lines.into_iter().rev() {
            if !out.row(&sheet_row(view, sheet, line)?)? {
                return Ok(());
            }
        }
    }
    Ok(())
}

fn sheet_row(view: &View<'_>, sheet: &Sheet, line: CountLine) -> Result<SheetRow, Stop> {
    let (article, name, unit, special) = match line.article {
        Some(id) => {
            let (code, name, unit, special) = card(view, id)?;
            (Some(code), name, unit, special)
        }
        None => (None, Text::default(), Text::default(), Text::default()),
    };
    Ok(SheetRow {
        stocktake: sheet.stocktake,
        sheet: sheet.no,
        line: line.line,
        seq: Seq(line.seq),
        by: view.names.person(line.by)?,
        at: line.at,
        place: line.place,
        code: line.code,
        article,
        name,
        unit,
        quantity: line.quantity,
        taken_back: line.standing == 0,
        in_scope: line.in_scope,
        special,
    })
}

pub(super) fn claims(view: &View<'_>, out: &mut Printer<'_>) -> Result<(), Stop> {
    let mut before = None;
    loop {
        let page = view.books.claims(before, PAGE)?;
        let Some(last) = page.last() else { return Ok(()) };
        before = Some(last.id);
        for claim in page {
            let keys = [claim.id.to_string(), claim.stocktake.to_string()];
            let wanted = view.is_wanted(&[&keys[0], &keys[1]]) && view.has_state(claim.state_key());
            if view.has_day(claim.day) && wanted && !out.row(&claim_row(view, claim)?)? {
                return Ok(());
            }
        }
    }
}

fn claim_row(view: &View<'_>, claim: Claim) -> Result<ClaimRow, Stop> {
    let (article, name, _, _) = card(view, claim.difference.article)?;
    let (state, days_open) = (claim.state_key(), claim.days_open(view.now.day(view.zone), view.zone));
    let (it, settled) = (claim.difference, claim.settled);
    Ok(ClaimRow {
        claim: claim.id,
        stocktake: claim.stocktake,
        day: claim.day,
        article,
        name,
        place: it.place,
        quantity: it.claimed,
        price: it.price,
        amount: it.amount,
        cause: it.cause,
        party: it.party,
        proposal: it.proposal,
        at: claim.at,
        state,
        days_open,
        settled_by: settled.as_ref().map(|mark| view.names.person(mark.by)).transpose()?,
        settled_at: settled.as_ref().map(|mark| mark.at),
        settled_how: settled.map(|mark| mark.why),
    })
}
