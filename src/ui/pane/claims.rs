//! Claims for goods found short (差亏赔偿), the open ones first: what is to be made good at retail price, and what was (M5.3).
//! F8 records for finance that one was made good.

use std::cell::Cell as Once;

use crate::domain::claim::{Claim, SettleClaim};
use crate::domain::command::Command;
use crate::domain::id::ClaimId;
use crate::domain::money::Money;
use crate::store::books::{Books, Counts, Fault};
use crate::ui::keymap::Confirm;
use crate::ui::locale::Words;
use crate::ui::look::Tone;
use crate::ui::pane::listing::{Listing, Table};
use crate::ui::pane::{Act, Ask, Deed, Opening, Sight, Subject, order_words as said};
use crate::ui::part::list::{Cell, Column, Need, Row};
use crate::ui::part::scroll::Line;
use crate::ui::text::Align;

const COLUMNS: &[Column] = &[
    Column { title: "column.claim", least: 8, most: 8, align: Align::Left, rank: 0 },
    Column { title: "column.state", least: 7, most: 8, align: Align::Left, rank: 1 },
    Column { title: "column.name", least: 12, most: 36, align: Align::Left, rank: 0 },
    Column { title: "column.short", least: 7, most: 12, align: Align::Right, rank: 3 },
    Column { title: "column.amount", least: 9, most: 14, align: Align::Right, rank: 1 },
    Column { title: "column.days_open", least: 8, most: 9, align: Align::Right, rank: 2 },
    Column { title: "column.stocktake", least: 9, most: 9, align: Align::Left, rank: 4 },
    Column { title: "compare.column_place", least: 6, most: 10, align: Align::Left, rank: 6 },
    Column { title: "compare.field_party", least: 6, most: 20, align: Align::Left, rank: 5 },
];
/// How many claims are looked at.
const LOOKED_AT: usize = 2_000;

/// The claims.
pub type Claims = Listing<ClaimTable>;

/// What the list of claims is about.
#[derive(Default)]
pub struct ClaimTable {
    chosen: Option<Claim>,
    /// How many are open and what they come to, as the rows were read last.
    open: Once<(usize, Money)>,
}

/// The claims that the person may see: none of goods that they count at the moment.
fn seen(sight: &Sight<'_>, claims: Vec<Claim>) -> Result<Vec<Claim>, Fault> {
    let blindness = sight.books.blindness(Some(sight.who.id))?;
    Ok(claims.into_iter().filter(|claim| !blindness.hides(claim.difference.article)).collect())
}

/// The claims that are not made good, oldest first, as far as the person may see them.
pub(super) fn open(sight: &Sight<'_>, limit: usize) -> Result<Vec<Claim>, Fault> {
    seen(sight, sight.books.open_claims(limit)?)
}

/// The article of a claim, with its unit.
pub(super) fn goods(sight: &Sight<'_>, claim: &Claim) -> Result<String, Fault> {
    let article = sight.books.article(claim.difference.article)?;
    Ok(article.map_or_else(String::new, |article| format!("{} ({})", article.card.name, article.card.unit)))
}

fn row(sight: &Sight<'_>, claim: &Claim) -> Result<Row<ClaimId>, Fault> {
    let (zone, it) = (sight.settings.zone, &claim.difference);
    let tone = if claim.settled.is_some() { Tone::Done } else { Tone::Soon };
    let cells = vec![
        Cell::plain(claim.id.to_string()),
        Cell::toned(sight.words.say(&format!("claim_state.{}", claim.state_key())), tone),
        Cell::plain(goods(sight, claim)?),
        Cell::plain(it.claimed.to_string()),
        Cell::plain(it.amount.to_string()),
        Cell::plain(claim.days_open(sight.now.day(zone), zone).to_string()),
        Cell::plain(claim.stocktake.to_string()),
        Cell::plain(it.place.as_str()),
        Cell::plain(it.party.as_str()),
    ];
    Ok(Row { id: claim.id, cells })
}

impl Table for ClaimTable {
    type Id = ClaimId;
    const NAME: &'static str = "claims";
    const COLUMNS: &'static [Column] = COLUMNS;
    const EMPTY: &'static str = "claim.none";
    const ACTS: &'static [Act<Claims>] = &[
        Act {
            name: "row.open",
            command: |_| None,
            deed: Deed::Open(|pane| pane.of.chosen.as_ref().map(|claim| Opening::Stocktake(claim.stocktake))),
        },
        Act {
            name: "row.journal",
            command: |_| None,
            deed: Deed::Open(|pane| {
                pane.of.chosen.as_ref().map(|claim| Opening::Journal(Subject::Stocktake(claim.stocktake)))
            }),
        },
        Act { name: "claim.settle", command: |_| Some("settle_claim"), deed: Deed::Ask(settle) },
    ];

    fn title(&self, words: &Words) -> String {
        let (count, amount) = self.open.get();
        words.say_with("claim.title", &[("count", &count), ("amount", &amount)])
    }

    fn rows(
        &self,
        sight: &Sight<'_>,
        query: &str,
        need: Need<ClaimId>,
        height: usize,
    ) -> Result<Vec<Row<ClaimId>>, Fault> {
        let mut found = seen(sight, sight.books.claims(None, LOOKED_AT)?)?;
        let open = found.iter().filter(|claim| claim.settled.is_none());
        self.open.set(open.fold((0, Money::ZERO), |(count, sum), claim| (count + 1, sum + claim.difference.amount)));
        found.sort_by_key(|claim| (claim.settled.is_some(), std::cmp::Reverse(claim.id)));
        let mut rows = found.iter().map(|claim| row(sight, claim)).collect::<Result<Vec<_>, _>>()?;
        let upper = query.to_ascii_uppercase();
        rows.retain(|row| row.cells.iter().any(|cell| cell.text.contains(query) || cell.text.contains(&upper)));
        Ok(need.page_of(&rows, |row| row.id, height).to_vec())
    }

    fn look_closer(&mut self, sight: &Sight<'_>, at: Option<ClaimId>) -> Result<Vec<Line>, Fault> {
        self.chosen = at.map_or(Ok(None), |id| sight.books.claim(id))?;
        let Some(claim) = &self.chosen else { return Ok(vec![]) };
        let it = &claim.difference;
        let price = it.price.map_or_else(|| sight.words.say("claim.no_price").to_owned(), |price| price.to_string());
        let values: [(&str, &dyn std::fmt::Display); 8] = [
            ("claim", &claim.id),
            ("stocktake", &claim.stocktake),
            ("day", &claim.day),
            ("place", &it.place),
            ("name", &goods(sight, claim)?),
            ("by", &it.claimed),
            ("price", &price),
            ("amount", &it.amount),
        ];
        let why = [("cause", &it.cause as &dyn std::fmt::Display), ("party", &it.party), ("proposal", &it.proposal)];
        let mut lines = vec![
            Line::plain(sight.words.say_with("claim.head", &values)),
            Line::plain(sight.words.say_with("compare.explained", &why)),
        ];
        if let Some(mark) = &claim.settled {
            let (by, at) = (said::name(sight.books, mark.by)?, mark.at.short(sight.settings.zone));
            let values = [("by", &by as &dyn std::fmt::Display), ("at", &at), ("why", &mark.why)];
            lines.push(Line::toned(sight.words.say_with("claim.settled_by", &values), Tone::Done));
        }
        Ok(lines)
    }
}

fn settle(pane: &Claims, _: &Words) -> Option<Ask> {
    let claim = pane.of.chosen.as_ref()?.id;
    let amount = pane.of.chosen.as_ref()?.difference.amount;
    let lines = pane.said();
    let make = move |reason| Command::SettleClaim(SettleClaim { claim, reason });
    Some(Ask::with_reason(format!("{claim} {amount}"), lines, make).confirmed_by(Confirm::Pin))
}
