//! Facts of promotions, of what they give on an order, and of write-offs.

use super::{Gather, names, next};
use crate::domain::Actor;
use crate::domain::gift::Offer;
use crate::domain::goods::PriceOf;
use crate::domain::id::PromotionId;
use crate::domain::order::Order;
use crate::domain::promotion::{
    ConfirmPromotion, DraftPromotion, EndPromotion, NewTerms, PromotionFacts, RejectPromotion, RevisePromotion,
    SubmitPromotion,
};
use crate::domain::taking::NewLine;
use crate::domain::text::Text;
use crate::domain::time::{Day, Month};
use crate::domain::write_off::{ConfirmWriteOff, PrepareWriteOff, WriteOffFacts};
use crate::store::Fault;
use crate::store::books::{Books, Promoting};

fn facts(books: &impl Books, id: Option<PromotionId>, terms: Option<&NewTerms>) -> Result<PromotionFacts, Fault> {
    let promotion = id.map_or(Ok(None), |id| books.promotion(id))?;
    let article = |code: Option<&Text>| code.map_or(Ok(None), |code| books.article_by_code(code));
    let who = promotion.iter().flat_map(|promotion| &promotion.confirmed).map(|given| given.by).collect::<Vec<_>>();
    Ok(PromotionFacts {
        articles: [article(terms.map(|terms| &terms.article))?, article(terms.map(|terms| &terms.gift))?],
        names: names(books, who)?,
        promotion,
        next: PromotionId(next(books, "promotions")?),
    })
}

impl Gather for DraftPromotion {
    fn gather(&self, books: &impl Books, _: &Actor) -> Result<PromotionFacts, Fault> {
        facts(books, None, Some(&self.terms))
    }
}

impl Gather for RevisePromotion {
    fn gather(&self, books: &impl Books, _: &Actor) -> Result<PromotionFacts, Fault> {
        facts(books, Some(self.promotion), Some(&self.terms))
    }
}

/// Commands that name a promotion and nothing else of the books.
macro_rules! about_a_promotion {
    ($($command:ty),*) => {$(
        impl Gather for $command {
            fn gather(&self, books: &impl Books, _: &Actor) -> Result<PromotionFacts, Fault> {
                facts(books, Some(self.promotion), None)
            }
        }
    )*};
}
about_a_promotion!(SubmitPromotion, ConfirmPromotion, RejectPromotion, EndPromotion);

/// The promotions that an order names, with what they give: those of `named`, or where none are named those that it has,
/// then those of its gift lines.
pub(super) fn offers(
    books: &impl Books,
    named: Option<&[Text]>,
    lines: &[NewLine],
    order: Option<&Order>,
    day: Day,
) -> Result<Vec<Offer>, Fault> {
    let kept = order.filter(|_| named.is_none()).into_iter().flat_map(|order| &order.promotions);
    let kept = kept.map(|id| Text::new(&id.to_string())).collect::<Vec<_>>();
    let codes = kept.iter().chain(named.unwrap_or_default()).chain(lines.iter().filter_map(|line| line.gift.as_ref()));
    let mut offers = Vec::new();
    for code in codes {
        let promotion = code.parse::<PromotionId>().map_or(Ok(None), |id| books.promotion(id))?;
        let given = promotion.as_ref().map(|promotion| promotion.terms.rule.gift);
        let gift = given.map_or(Ok(None), |gift| books.article(gift))?;
        let retail = given.map_or(Ok(None), |gift| books.price(gift, &PriceOf::Retail, day))?;
        offers.push(Offer { code: code.clone(), promotion, gift, retail });
    }
    Ok(offers)
}

fn write_off_facts(books: &impl Books, month: Month) -> Result<WriteOffFacts, Fault> {
    let write_off = books.write_off(month)?;
    let confirmed = write_off.as_ref().and_then(|write_off| write_off.confirmed.as_ref());
    Ok(WriteOffFacts {
        confirmed_by: confirmed.map_or(Ok(Text::default()), |mark| books.person_name(mark.by))?,
        write_off,
        given: books.given(month)?,
    })
}

impl Gather for PrepareWriteOff {
    fn gather(&self, books: &impl Books, _: &Actor) -> Result<WriteOffFacts, Fault> {
        write_off_facts(books, self.month)
    }
}

impl Gather for ConfirmWriteOff {
    fn gather(&self, books: &impl Books, _: &Actor) -> Result<WriteOffFacts, Fault> {
        write_off_facts(books, self.month)
    }
}
