//! The picking list of a shipment: which goods from which place, in walking order, with the marks of special goods (W11, W12).

use crate::domain::id::ArticleId;
use crate::domain::order::Order;
use crate::domain::quantity::Quantity;
use crate::domain::shipment::{Part, Stage};
use crate::domain::stock::{Picked, pick};
use crate::store::books::{Books, Counts, Fault, Stockroom};
use crate::ui::look::Tone;
use crate::ui::pane::Sight;
use crate::ui::pane::bills::mark;
use crate::ui::part::scroll::Line;
use crate::ui::text::{self, Align};

/// What is to be picked, or was, for a shipment that waits.
pub(super) fn picking(sight: &Sight<'_>, order: &Order, part: &Part) -> Result<Vec<Line>, Fault> {
    let goods: Vec<_> = order.contents(part).collect();
    let picked: Vec<Picked> = match part.stage() {
        Stage::Waybill | Stage::Ready => part.picked.clone(),
        Stage::Signing | Stage::Packing => {
            let blind = sight.books.blindness(Some(sight.who.id))?;
            let (mut shelves, mut unseen) = (Vec::new(), Vec::new());
            for (nth, (id, _)) in goods.iter().enumerate() {
                if goods[..nth].iter().any(|(before, _)| before == id) {
                    continue;
                }
                let Some(article) = sight.books.article(*id)? else {
                    continue;
                };
                // How goods are spread over places says how much there is of them.
                if blind.hides(article.id) {
                    unseen.push((article.id, article.card.location));
                } else {
                    shelves.extend(sight.books.shelves(&article)?);
                }
            }
            let home = |(article, quantity): &(ArticleId, Quantity)| {
                let (_, place) = unseen.iter().find(|(hidden, _)| hidden == article)?;
                Some(Picked { article: *article, place: place.clone(), quantity: *quantity })
            };
            pick(&goods, &shelves).into_iter().chain(goods.iter().filter_map(home)).collect()
        }
        Stage::Money | Stage::Shipped | Stage::Closed => return Ok(vec![]),
    };
    let mut turns = Vec::with_capacity(picked.len());
    for goods in picked {
        turns.push(((sight.books.turn(&goods.place)?, goods.place.clone()), goods));
    }
    turns.sort_by(|one, other| one.0.cmp(&other.0));
    let mut lines = Vec::with_capacity(turns.len() + 1);
    if !turns.is_empty() {
        lines.push(Line::toned(sight.words.say("picking.title"), Tone::Faint));
    }
    for (_, goods) in turns {
        let Some(article) = sight.books.article(goods.article)? else {
            continue;
        };
        let card = article.card;
        let place = text::fit(&goods.place, 10, Align::Left);
        let words = format!("  {place} {}{}  {} {}", card.name, mark(&card.special), goods.quantity, card.unit);
        lines.push(if card.special.is_empty() { Line::plain(words) } else { Line::toned(words, Tone::Soon) });
    }
    Ok(lines)
}
