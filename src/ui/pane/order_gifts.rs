//! Promotions among the lines of an order that is typed: a line whose code is a promotion's number stands for its gift, which
//! is worked out from the other lines as the rules will (M4.6), and shown where the goods stand.

use crate::domain::gift::Granting;
use crate::domain::id::{ArticleId, PromotionId};
use crate::domain::order::Order;
use crate::domain::quantity::Quantity;
use crate::domain::text::Text;
use crate::store::books::{Books, Fault, Promoting};
use crate::ui::pane::{Sight, promotions};
use crate::ui::part::grid::{Grid, Line as GridLine};

/// The promotion that a line names by its whole number, such as `CX000012`.
pub(super) fn promotion_of(code: &str) -> Option<PromotionId> {
    let code = code.trim().to_ascii_uppercase();
    code.parse().ok().filter(|id: &PromotionId| id.to_string() == code)
}

/// What the lines of goods ask for, in base units.
fn bought(sight: &Sight<'_>, grid: &Grid) -> Result<Vec<(ArticleId, Quantity)>, Fault> {
    let mut bought = Vec::new();
    for line in &grid.lines {
        let [code, typed, unit] = [0, 1, 2].map(|at| line.inputs[at].text().trim());
        if code.is_empty() || promotion_of(code).is_some() {
            continue;
        }
        let Some(article) = sight.books.article_by_code(code)? else { continue };
        let unit = Some(Text::new(unit)).filter(|unit| !unit.is_empty());
        let quantity = typed.parse::<Quantity>().ok().and_then(|typed| article.in_base(typed, unit.as_ref()).ok());
        bought.extend(quantity.map(|quantity| (article.id, quantity)));
    }
    Ok(bought)
}

/// Fills in what each promotion among the lines gives: in its row the gift, at no price, or why there is none.
pub(super) fn derive(sight: &Sight<'_>, grid: &mut Grid, order: Option<&Order>) -> Result<(), Fault> {
    if grid.lines.iter().all(|line| promotion_of(line.inputs[0].text()).is_none()) {
        return Ok(());
    }
    let bought = bought(sight, grid)?;
    for line in &mut grid.lines {
        if let Some(id) = promotion_of(line.inputs[0].text()) {
            shown(sight, line, id, &bought, order)?;
        }
    }
    Ok(())
}

fn shown(
    sight: &Sight<'_>,
    line: &mut GridLine,
    id: PromotionId,
    bought: &[(ArticleId, Quantity)],
    order: Option<&Order>,
) -> Result<(), Fault> {
    line.shown = vec![String::new(); 3];
    let Some(promotion) = sight.books.promotion(id)? else {
        line.shown[0] = sight.words.say("order.no_promotion").to_owned();
        return Ok(());
    };
    let rule = promotion.terms.rule;
    let bought = bought.iter().filter(|(of, _)| *of == rule.article).map(|(_, quantity)| *quantity).sum();
    let today = sight.now.day(sight.settings.zone);
    let by = Granting { today, day: order.map_or(today, |order| order.day), before: order };
    let Ok(gives) = by.gives(&promotion, bought) else {
        let state = promotions::state(sight.words, promotion.state(today)).text;
        line.shown[0] = format!("{} {state}", promotion.terms.name);
        return Ok(());
    };
    let card = sight.books.article(rule.gift)?.map(|article| article.card);
    let (gift, unit) = card.map(|card| (card.name, card.unit)).unwrap_or_default();
    let values: [(&str, &dyn std::fmt::Display); 3] = [("gift", &gift), ("quantity", &gives), ("unit", &unit)];
    line.shown[0] = sight.words.say_with("gift.earned", &values);
    let nothing = crate::domain::money::Money::ZERO.to_string();
    (line.shown[1], line.shown[2]) = (nothing.clone(), nothing);
    Ok(())
}
