//! The promotions (促销活动), newest first: what they give for what, until when, and whose confirmation is awaited (M4.5). F8
//! is the next step: a draft is submitted, what is submitted is confirmed.

use crate::domain::command::Command;
use crate::domain::id::PromotionId;
use crate::domain::promotion::{
    ConfirmPromotion, EndPromotion, GiftRule, Promotion, PromotionState, RejectPromotion, SubmitPromotion,
};
use crate::domain::time::Day;
use crate::store::books::{Books, Fault, Promoting};
use crate::ui::locale::Words;
use crate::ui::look::Tone;
use crate::ui::pane::listing::{Listing, Table};
use crate::ui::pane::{Act, Ask, Deed, Opening, Sight, Subject, order_words as said};
use crate::ui::part::list::{Cell, Column, Need, Row};
use crate::ui::part::scroll::Line;
use crate::ui::text::Align;

const COLUMNS: &[Column] = &[
    Column { title: "column.promotion", least: 8, most: 9, align: Align::Left, rank: 0 },
    Column { title: "column.state", least: 10, most: 10, align: Align::Left, rank: 1 },
    Column { title: "column.promotion_name", least: 8, most: 30, align: Align::Left, rank: 0 },
    Column { title: "column.first", least: 10, most: 10, align: Align::Left, rank: 4 },
    Column { title: "column.last_day", least: 10, most: 10, align: Align::Left, rank: 2 },
    Column { title: "column.given", least: 7, most: 12, align: Align::Right, rank: 3 },
    Column { title: "column.expected", least: 8, most: 12, align: Align::Right, rank: 5 },
    Column { title: "column.awaited_of", least: 8, most: 20, align: Align::Left, rank: 6 },
];
/// How many promotions are looked at.
const LOOKED_AT: usize = 2_000;

/// The promotions.
pub type Promotions = Listing<PromotionTable>;

/// What the list of promotions is about.
#[derive(Default)]
pub struct PromotionTable {
    chosen: Option<(Promotion, PromotionState)>,
}

/// A rule in words: buy so much of this, get so much of that.
pub(super) fn rule(sight: &Sight<'_>, rule: &GiftRule) -> Result<String, Fault> {
    let card = |id| -> Result<(String, String), Fault> {
        let card = sight.books.article(id)?.map(|article| article.card);
        Ok(card.map(|card| (card.name.to_string(), card.unit.to_string())).unwrap_or_default())
    };
    let ((name, unit), (gift, gift_unit)) = (card(rule.article)?, card(rule.gift)?);
    let values: [(&str, &dyn std::fmt::Display); 6] = [
        ("name", &name),
        ("unit", &unit),
        ("buy", &rule.buy),
        ("gift", &gift),
        ("gift_unit", &gift_unit),
        ("free", &rule.free),
    ];
    Ok(sight.words.say_with("promotion.rule", &values))
}

/// The state of a promotion, in words.
pub(super) fn state(words: &Words, state: PromotionState) -> Cell {
    let tone = match state {
        PromotionState::Submitted => Tone::Soon,
        PromotionState::Ended => Tone::Done,
        _ => Tone::Plain,
    };
    Cell::toned(words.say(&format!("promotion_state.{}", state.key())), tone)
}

fn today(sight: &Sight<'_>) -> Day {
    sight.now.day(sight.settings.zone)
}

/// Whose confirmation a submitted promotion awaits.
fn awaited(words: &Words, promotion: &Promotion, state: PromotionState) -> String {
    if state != PromotionState::Submitted {
        return String::new();
    }
    said::short_roles(words, &promotion.missing())
}

fn given(sight: &Sight<'_>, promotion: &Promotion) -> Result<String, Fault> {
    let first = promotion.terms.first.month();
    Ok(sight.books.given_by(promotion.id, first, today(sight).month())?.to_string())
}

/// What is known of a promotion beyond its row.
pub(super) fn lines(sight: &Sight<'_>, promotion: &Promotion) -> Result<Vec<Line>, Fault> {
    let (words, zone) = (sight.words, sight.settings.zone);
    let mut lines = vec![Line::plain(rule(sight, &promotion.terms.rule)?)];
    let values: [(&str, &dyn std::fmt::Display); 4] = [
        ("first", &promotion.terms.first),
        ("last", &promotion.terms.last),
        ("expected", &promotion.terms.expected),
        ("given", &given(sight, promotion)?),
    ];
    lines.push(Line::plain(words.say_with("promotion.period", &values)));
    if let Some(mark) = &promotion.submitted {
        let (by, at) = (said::name(sight.books, mark.by)?, mark.at.short(zone));
        lines.push(Line::plain(words.say_with("promotion.submitted", &[("by", &by), ("at", &at)])));
    }
    for confirmed in &promotion.confirmed {
        let (by, at) = (said::name(sight.books, confirmed.by)?, confirmed.at.short(zone));
        let party = words.say(confirmed.party.label());
        let values: [(&str, &dyn std::fmt::Display); 3] = [("party", &party), ("by", &by), ("at", &at)];
        lines.push(Line::plain(words.say_with("promotion.confirmed", &values)));
    }
    for (key, mark) in [("promotion.rejected", &promotion.rejected), ("promotion.ended", &promotion.ended)] {
        if let Some(mark) = mark {
            let by = said::name(sight.books, mark.by)?;
            let values: [(&str, &dyn std::fmt::Display); 3] =
                [("by", &by), ("at", &mark.at.short(zone)), ("reason", &mark.why)];
            lines.push(Line::toned(words.say_with(key, &values), Tone::Soon));
        }
    }
    Ok(lines)
}

impl Table for PromotionTable {
    type Id = PromotionId;
    const NAME: &'static str = "promotions";
    const COLUMNS: &'static [Column] = COLUMNS;
    const EMPTY: &'static str = "promotion.none";
    const ACTS: &'static [Act<Promotions>] = &[
        Act {
            name: "row.new",
            command: |_| Some("draft_promotion"),
            deed: Deed::Open(|_| Some(Opening::PromotionForm(None))),
        },
        Act {
            name: "row.edit",
            command: |_| Some("revise_promotion"),
            deed: Deed::Open(|pane| draft(pane).map(|one| Opening::PromotionForm(Some(one.id)))),
        },
        Act { name: "promotion.step", command: next_step, deed: Deed::Ask(step) },
        Act { name: "promotion.reject", command: |_| Some("reject_promotion"), deed: Deed::Ask(reject) },
        Act { name: "promotion.end", command: |_| Some("end_promotion"), deed: Deed::Ask(end) },
        Act {
            name: "row.journal",
            command: |_| None,
            deed: Deed::Open(|pane| pane.at().map(|id| Opening::Journal(Subject::Promotion(id)))),
        },
    ];

    fn title(&self, words: &Words) -> String {
        words.say("list_name.promotions").to_owned()
    }

    fn rows(
        &self,
        sight: &Sight<'_>,
        query: &str,
        need: Need<PromotionId>,
        height: usize,
    ) -> Result<Vec<Row<PromotionId>>, Fault> {
        let mut found = sight.books.promotions(None, LOOKED_AT)?;
        let upper = query.to_ascii_uppercase();
        found.retain(|one| one.id.to_string().contains(&upper) || one.terms.name.contains(query));
        let page = need.page_of(&found, |promotion| promotion.id, height);
        let row = |one: &Promotion| -> Result<Row<PromotionId>, Fault> {
            let now = one.state(today(sight));
            let cells = vec![
                Cell::plain(one.id.to_string()),
                state(sight.words, now),
                Cell::plain(one.terms.name.as_str()),
                Cell::plain(one.terms.first.to_string()),
                Cell::plain(one.terms.last.to_string()),
                Cell::plain(given(sight, one)?),
                Cell::plain(one.terms.expected.to_string()),
                Cell::plain(awaited(sight.words, one, now)),
            ];
            Ok(Row { id: one.id, cells })
        };
        page.iter().map(row).collect()
    }

    fn look_closer(&mut self, sight: &Sight<'_>, at: Option<PromotionId>) -> Result<Vec<Line>, Fault> {
        let chosen = at.map_or(Ok(None), |id| sight.books.promotion(id))?;
        self.chosen = chosen.map(|one| {
            let state = one.state(today(sight));
            (one, state)
        });
        self.chosen.as_ref().map_or(Ok(vec![]), |(promotion, _)| lines(sight, promotion))
    }
}

fn draft(pane: &Promotions) -> Option<&Promotion> {
    pane.of.chosen.as_ref().filter(|(_, state)| *state == PromotionState::Draft).map(|(promotion, _)| promotion)
}

/// A draft is submitted, what is submitted is confirmed.
fn next_step(pane: &Promotions) -> Option<&'static str> {
    match pane.of.chosen.as_ref()?.1 {
        PromotionState::Draft => Some("submit_promotion"),
        PromotionState::Submitted => Some("confirm_promotion"),
        _ => None,
    }
}

fn step(pane: &Promotions, _: &Words) -> Option<Ask> {
    let promotion = &pane.of.chosen.as_ref()?.0;
    let (id, version) = (promotion.id, promotion.version);
    let command = match next_step(pane)? {
        "submit_promotion" => Command::SubmitPromotion(SubmitPromotion { promotion: id, version }),
        _ => Command::ConfirmPromotion(ConfirmPromotion { promotion: id, version }),
    };
    Some(Ask::plain(title(promotion), pane.said(), command))
}

fn title(promotion: &Promotion) -> String {
    format!("{} {}", promotion.id, promotion.terms.name)
}

fn reject(pane: &Promotions, _: &Words) -> Option<Ask> {
    let promotion = &pane.of.chosen.as_ref()?.0;
    let id = promotion.id;
    let make = move |reason| Command::RejectPromotion(RejectPromotion { promotion: id, reason });
    Some(Ask::with_reason(title(promotion), pane.said(), make))
}

fn end(pane: &Promotions, _: &Words) -> Option<Ask> {
    let promotion = &pane.of.chosen.as_ref()?.0;
    let id = promotion.id;
    let make = move |reason| Command::EndPromotion(EndPromotion { promotion: id, reason });
    Some(Ask::with_reason(title(promotion), pane.said(), make))
}
