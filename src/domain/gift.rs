//! Gifts (赠品) on orders: what the promotions named on an order give, and what comes back with goods that come back (M4.6).
//!
//! A gift is a line of its own, at no price, of the article that the promotion gives; [`Order::gifts`] says by which promotion.
//! An order names promotions, and what each gives follows from all lines of the article that it wants bought, so the quantity
//! cannot be wrong; a gift line that is typed is held against the same figure and may be smaller, and a smaller one stays so
//! until what it is earned by changes. Several promotions on one order are each decided for themselves. What is given holds
//! as prices do, from the day the order was taken: a promotion that has ended since still gives what it gave, and never more.
//!
//! What stays with the customer must earn the gift that stays: a return brings the gift along that is no longer earned, and a
//! shipment of bought goods is closed short only after the gift that hung on it. Where a gift cannot come back, its return may
//! charge it instead ([`Charged`]), at the unified retail price at which it would have been written off, and out of what the
//! goods that do come back are worth. From then on it is sold: no gift of any promotion, and never taken back as one.

use serde::{Deserialize, Serialize};

use super::clause::{Clause, Reason, Refusal, Refusals};
use super::goods::Article;
use super::id::{ArticleId, PromotionId};
use super::money::Money;
use super::order::{Line, Order, Priced};
use super::promotion::{Promotion, PromotionState};
use super::quantity::Quantity;
use super::shipment::Part;
use super::text::Text;
use super::time::Day;

/// A line that is given free: which line of the order (from 0), by which promotion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Gift {
    /// Which line.
    pub line: u16,
    /// By which promotion.
    pub promotion: PromotionId,
}

/// A gift that stays although the goods that earned it came back: sold at the unified retail price of the order's day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Charged {
    /// Which line of the order (from 0).
    pub line: u16,
    /// How much of it.
    pub quantity: Quantity,
    /// What it comes to.
    pub amount: Money,
}

/// A promotion as an order names it, with what it gives.
pub struct Offer {
    /// The number as it was typed.
    pub code: Text,
    /// The promotion, if there is one.
    pub promotion: Option<Promotion>,
    /// The article it gives.
    pub gift: Option<Article>,
    /// The unified retail price of that article on the order's day.
    pub retail: Option<Money>,
}

/// A gift line as it was typed: the promotion's number, the article, how much in the base unit.
pub(super) struct Typed {
    /// Under which promotion.
    pub(super) code: Text,
    /// What.
    pub(super) article: Article,
    /// How much, in the base unit.
    pub(super) quantity: Quantity,
}

/// What a gift is decided on beside the offers: the day, the order's day, the order as it was before a change.
pub struct Granting<'a> {
    /// The present day.
    pub today: Day,
    /// The day the order was taken.
    pub day: Day,
    /// The order as it was.
    pub before: Option<&'a Order>,
}

impl Granting<'_> {
    fn had(&self, promotion: PromotionId) -> Quantity {
        self.before.map_or(Quantity::ZERO, |order| order.given(promotion))
    }

    /// How much the promotion gives at most of what is earned; a refusal (M4.5) where it gives nothing at all (E64).
    pub fn limit(&self, promotion: &Promotion, earned: Quantity) -> Result<Quantity, Refusal> {
        let Promotion { id, terms, .. } = promotion;
        let state = promotion.state(self.today);
        if state == PromotionState::Running && self.day >= terms.first {
            return Ok(earned);
        }
        if self.before.is_some_and(|order| order.promotions.contains(id)) {
            return Ok(earned.min(self.had(*id)));
        }
        let (name, first, last, day) = (terms.name.clone(), terms.first, terms.last, self.day);
        let not_running = Reason::NotRunning { promotion: *id, name, phase: state.key(), first, last, day };
        Err(Clause::PromotionFirst.refuse(not_running))
    }

    /// How much the promotion gives of its own where so much is bought of what it wants bought: what that earns, or the
    /// smaller gift that the order was given, as long as it is earned by the same.
    pub fn gives(&self, promotion: &Promotion, bought: Quantity) -> Result<Quantity, Refusal> {
        let rule = promotion.terms.rule;
        let earned = self.limit(promotion, rule.earned(bought))?;
        let is_as_it_was =
            |order: &&Order| order.promotions.contains(&promotion.id) && order.bought(rule.article) == bought;
        Ok(self.before.filter(is_as_it_was).map_or(earned, |order| earned.min(order.given(promotion.id))))
    }
}

fn words(article: &Article) -> Text {
    Text::new(&format!("{} {}", article.card.code, article.card.name))
}

/// Adds the gifts of every promotion that the order names, and of those that a typed gift line names.
pub(super) fn grant(priced: &mut Priced, offers: &[Offer], typed: &[Typed], by: &Granting<'_>) -> Result<(), Refusals> {
    let bought = priced.lines.clone();
    let (mut found, mut decided) = (Vec::new(), Vec::new());
    for offer in offers {
        let unknown = || Clause::Known.refuse(Reason::Unknown { what: "promotion", code: offer.code.clone() });
        let Some(promotion) = &offer.promotion else {
            found.push(unknown());
            continue;
        };
        if decided.contains(&promotion.id) {
            continue;
        }
        decided.push(promotion.id);
        let own = typed.iter().filter(|typed| names(&typed.code, promotion.id)).collect::<Vec<_>>();
        match gift_line(promotion, offer, &own, &bought, by) {
            Ok(line) => {
                priced.promotions.push(promotion.id);
                if let Some(line) = line {
                    priced.gifts.push(Gift { line: priced.lines.len() as u16, promotion: promotion.id });
                    priced.lines.push(line);
                }
            }
            Err(refusal) => found.push(refusal),
        }
    }
    Refusals::unless_empty(found)
}

fn names(code: &Text, promotion: PromotionId) -> bool {
    code.parse::<PromotionId>().is_ok_and(|named| named == promotion)
}

fn gift_line(
    promotion: &Promotion,
    offer: &Offer,
    typed: &[&Typed],
    bought: &[Line],
    by: &Granting<'_>,
) -> Result<Option<Line>, Refusal> {
    let rule = promotion.terms.rule;
    let article = offer.gift.as_ref().filter(|gift| gift.id == rule.gift);
    let missing = || Clause::Known.refuse(Reason::Unknown { what: "article", code: offer.code.clone() });
    let article = article.ok_or_else(missing)?;
    let bought = bought.iter().filter(|line| line.article == rule.article).map(|line| line.quantity).sum();
    let earned = by.limit(promotion, rule.earned(bought))?;
    let quantity = match typed {
        [] => by.gives(promotion, bought)?,
        typed => {
            if let Some(other) = typed.iter().find(|typed| typed.article.id != rule.gift) {
                let (article, gift) = (words(&other.article), words(article));
                return Err(Clause::GiftByRule.refuse(Reason::NotTheGift { promotion: promotion.id, article, gift }));
            }
            let asked: Quantity = typed.iter().map(|typed| typed.quantity).sum();
            if asked > earned {
                let (promotion, gift, step, free) = (promotion.id, words(article), rule.buy, rule.free);
                let too_large = Reason::GiftTooLarge { promotion, gift, asked, earned, bought, step, free };
                return Err(Clause::GiftByRule.refuse(too_large));
            }
            asked
        }
    };
    if quantity.is_zero() {
        return Ok(None);
    }
    let no_price = || {
        let (article, tier, day) = (words(article), "retail".into(), by.day);
        Clause::GiftByRule.refuse(Reason::NoPrice { article, tier, day })
    };
    let retail = offer.retail.ok_or_else(no_price)?;
    if retail.times(quantity).is_none() {
        return Err(Clause::Exact.refuse(Reason::TooLarge { field: "amount" }));
    }
    let (price, amount, retail_amount) = (Money::ZERO, Money::ZERO, Money::ZERO);
    Ok(Some(Line { article: article.id, quantity, price, retail, amount, retail_amount }))
}

/// What stays of the goods that a promotion wants bought, what that earns, and what stays of its gifts.
struct Standing {
    stays: Quantity,
    earned: Quantity,
    kept: Quantity,
    owed: Quantity,
}

impl Order {
    /// The promotion by which a line (from 0) is given, if it is a gift.
    pub fn gift_of(&self, line: u16) -> Option<PromotionId> {
        self.gifts.iter().find(|gift| gift.line == line).map(|gift| gift.promotion)
    }

    /// How much of an article is bought on the order.
    pub fn bought(&self, article: ArticleId) -> Quantity {
        let lines = (0..).zip(&self.lines).filter(|(at, line)| line.article == article && self.gift_of(*at).is_none());
        lines.map(|(_, line)| line.quantity).sum()
    }

    /// How much a promotion gives on the order.
    pub fn given(&self, promotion: PromotionId) -> Quantity {
        let own = self.gifts.iter().filter(|gift| gift.promotion == promotion);
        own.map(|gift| self.lines[usize::from(gift.line)].quantity).sum()
    }

    /// The unified retail price that the write-off reckons a gift line at; zero for what is bought.
    pub fn gift_value(&self, line: u16, quantity: Quantity) -> Money {
        let of = &self.lines[usize::from(line)];
        self.gift_of(line).and_then(|_| of.retail.times(quantity)).unwrap_or(Money::ZERO)
    }

    /// How much of a line is or will be with the customer: ordered, not closed short, not come back.
    fn stays(&self, line: u16) -> Quantity {
        let of =
            |list: &[(u16, Quantity)]| list.iter().filter(|(at, _)| *at == line).map(|(_, q)| *q).sum::<Quantity>();
        let open = self.parts.iter().filter(|part| part.closed.is_none());
        open.map(|part| of(&part.lines) - of(&part.returned)).sum()
    }

    /// How much of a line, given free, was charged since.
    pub fn charged_of(&self, line: u16) -> Quantity {
        self.charged.iter().filter(|charged| charged.line == line).map(|charged| charged.quantity).sum()
    }

    /// What gifts that stayed were charged at: it is kept back from what is given back for the goods.
    pub fn charges(&self) -> Money {
        self.charged.iter().map(|charged| charged.amount).sum()
    }

    /// How much of a shipment's line can still come back: what was charged is sold.
    pub fn returnable(&self, part: &Part, line: u16) -> Quantity {
        let with_customer: Quantity = self.parts.iter().map(|part| part.with_customer(line)).sum();
        part.with_customer(line).min(with_customer - self.charged_of(line))
    }

    /// What would be charged of a promotion's gifts, so much being owed: only what is with the customer.
    fn charge(&self, promotion: PromotionId, mut owed: Quantity) -> Vec<Charged> {
        let mut charged = Vec::new();
        for gift in self.gifts.iter().filter(|gift| gift.promotion == promotion) {
            let line = gift.line;
            let there: Quantity = self.parts.iter().map(|part| part.with_customer(line)).sum();
            let quantity = owed.min(there - self.charged_of(line));
            if quantity.is_positive() {
                owed -= quantity;
                charged.push(Charged { line, quantity, amount: self.gift_value(line, quantity) });
            }
        }
        charged
    }

    /// How a promotion's gifts stand to what stays bought.
    fn standing(&self, promotion: &Promotion) -> Standing {
        let rule = promotion.terms.rule;
        let bought =
            (0..).zip(&self.lines).filter(|(at, line)| self.gift_of(*at).is_none() && line.article == rule.article);
        let stays: Quantity = bought.map(|(at, _)| self.stays(at)).sum();
        let given = self.gifts.iter().filter(|gift| gift.promotion == promotion.id);
        let kept: Quantity = given.map(|gift| self.stays(gift.line) - self.charged_of(gift.line)).sum();
        let earned = rule.earned(stays);
        Standing { stays, earned, kept, owed: kept - earned }
    }

    /// What is to be charged so that the gifts that stay are earned (M4.6).
    pub(super) fn charge_unearned(&self, promotions: &[Promotion]) -> Vec<Charged> {
        promotions.iter().flat_map(|promotion| self.charge(promotion.id, self.standing(promotion).owed)).collect()
    }

    /// Refuses where what stays with the customer no longer earns the gifts that stay (M4.6).
    pub(super) fn gifts_are_earned(&self, promotions: &[Promotion], goods: &dyn Fn(ArticleId) -> Text) -> Vec<Refusal> {
        let unearned = |promotion: &Promotion| {
            let Standing { stays, earned, kept, owed } = self.standing(promotion);
            let charge = self.charge(promotion.id, owed).iter().map(|charged| charged.amount).sum();
            let (promotion, gift) = (promotion.id, goods(promotion.terms.rule.gift));
            let reason = Reason::GiftNotEarned { promotion, gift, stays, earned, kept, owed, charge };
            owed.is_positive().then(|| Clause::GiftByRule.refuse(reason))
        };
        promotions.iter().filter_map(unearned).collect()
    }
}
