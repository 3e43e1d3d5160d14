//! Whether what a filter names is there at all: an empty list says that nothing is such, never that a word was mistyped.

use std::fmt::Display;
use std::str::FromStr;

use super::{PAGE, Stop, View, What};
use crate::domain::event::Event;
use crate::domain::id::{
    BillId, CheckId, ClaimId, FlowId, ImportId, OrderId, PromotionId, ReceiptId, ReferralId, RequisitionId,
    StocktakeId, VisitorId,
};
use crate::domain::promotion::PromotionState;
use crate::domain::requisition::RequisitionState;
use crate::domain::shipment::Stage;
use crate::domain::time::{Day, Month};
use crate::store::books::{Books, Counts, Premises, Promoting, Purchases, Stockroom};
use crate::store::{Fault, journal};
use crate::ui::locale::Words;

impl What {
    /// The words that `--state` takes for this list; none where its rows have no states.
    pub fn states(self) -> Vec<String> {
        let words: &[&str] = match self {
            What::Dealers => &["complete", "incomplete"],
            What::Bills => &["in_transit", "partly_received", "received"],
            What::Reports | What::Conflicts | What::Referrals => &["open", "done"],
            What::Orders => return orders(),
            What::Queue => &["money", "signing", "packing", "waybill", "ready"],
            What::Payments => &["open", "part", "done", "kept"],
            What::Ledger => &["shipped", "returned", "charged"],
            What::Days => &["open", "closed", "late"],
            What::Mail => &["owed", "sent", "no_address"],
            What::Stocktakes => &["counting", "differing", "recounting", "settling", "closed", "abandoned"],
            What::Claims => &["open", "settled"],
            What::Requisitions => return RequisitionState::ALL.iter().map(|state| state.key().to_owned()).collect(),
            What::Settlements => &["waiting", "prepared", "overdue", "confirmed"],
            What::Promotions => return PromotionState::ALL.iter().map(|state| state.key().to_owned()).collect(),
            What::Gifts => &["growing", "waiting", "prepared", "confirmed"],
            What::Checks => &["fine", "open", "read"],
            What::Visitors => &["inside", "left"],
            What::Journal => return events(),
            What::People
            | What::Goods
            | What::Prices
            | What::Stock
            | What::Card
            | What::Places
            | What::Imports
            | What::Settings
            | What::Month
            | What::Stocktake
            | What::Sheet
            | What::Suggestion
            | What::Factory
            | What::Slow => &[],
        };
        words.iter().map(|word| (*word).to_owned()).collect()
    }
}

/// An order is where the slowest of its shipments is, or over.
fn orders() -> Vec<String> {
    Stage::ALL.iter().map(|stage| stage.key()).chain(["done", "cancelled"]).map(str::to_owned).collect()
}

/// What can have happened, by the names that the journal's schema has.
fn events() -> Vec<String> {
    let schema = schemars::schema_for!(Event).to_value();
    let kinds = schema["oneOf"].as_array().map(Vec::as_slice).unwrap_or_default();
    kinds.iter().filter_map(|kind| kind["properties"]["event"]["const"].as_str().map(str::to_owned)).collect()
}

/// Refuses a filter that names a state, dealer, place, person or object which there is not.
pub(super) fn check(what: What, view: &View<'_>, words: &Words) -> Result<(), Stop> {
    let (filter, books) = (view.filter, view.books);
    let list = || ("list", words.say(&format!("list_name.{}", what.key())).to_owned());
    if let Some(state) = &filter.state {
        let states = what.states();
        if states.is_empty() {
            return Err(Stop::Said("verb.no_states", vec![list()]));
        }
        if !states.iter().any(|known| known == state.as_str()) {
            let states = ("states", states.join(" "));
            return Err(Stop::Said("verb.no_such_state", vec![list(), ("state", state.to_string()), states]));
        }
    }
    if let Some(dealer) = &filter.dealer
        && books.dealer_named(dealer)?.is_none()
    {
        return Err(Stop::Said("verb.no_such_dealer", vec![("dealer", dealer.to_string())]));
    }
    if let Some(place) = &filter.place
        && !books.can_count_at(place)?
        && books.stock_of_place(place)?.is_empty()
    {
        return Err(Stop::Said("verb.no_such_place", vec![("place", place.to_string())]));
    }
    if let Some(code) = &filter.of
        && books.person_by_code(code)?.is_none()
    {
        return Err(Stop::Said("verb.nobody", vec![("code", code.to_string())]));
    }
    match &filter.only {
        Some(only) if !is_there(what, view, only)? => {
            Err(Stop::Said("verb.no_such", vec![list(), ("only", only.to_string())]))
        }
        _ => Ok(()),
    }
}

/// A number as the lists print it.
fn number<T: FromStr + Display>(text: &str) -> Option<T> {
    text.parse().ok().filter(|number: &T| number.to_string().eq_ignore_ascii_case(text))
}

/// Looks up what a text names, if it is a number of that kind.
fn found<K, V>(key: Option<K>, get: impl FnOnce(K) -> Result<Option<V>, Fault>) -> Result<bool, Fault> {
    Ok(key.map_or(Ok(None), get)?.is_some())
}

/// Whether an object of the list's kind has that number or code, though no row of the list need be about it now.
fn is_there(what: What, view: &View<'_>, only: &str) -> Result<bool, Stop> {
    let books = view.books;
    let same = |code: &str| code.eq_ignore_ascii_case(only);
    let order = |id: Option<OrderId>| found(id, |id| books.order(id));
    let take = |id: Option<StocktakeId>| found(id, |id| books.stocktake(id));
    let bill = || found(number(only), |id: BillId| books.bill(id));
    // By its code, as the rows have it, and not by a barcode.
    let an_article = || Ok::<_, Fault>(books.article_by_code(only)?.is_some_and(|article| same(&article.card.code)));
    Ok(match what {
        What::People => books.people()?.iter().any(|person| same(&person.code)),
        What::Dealers => books.dealer_named(only)?.is_some(),
        What::Goods | What::Prices | What::Stock | What::Card | What::Suggestion | What::Slow => {
            books.article_by_code(only)?.is_some()
        }
        What::Places => books.places()?.iter().any(|place| same(&place.code)),
        What::Bills => bill()? || a_bill_is_numbered(view, only)?,
        What::Reports => bill()? || found(number(only), |id: ReceiptId| books.receipt(id))?,
        What::Orders => order(only.parse().ok())?,
        What::Queue => order(number(only))?,
        What::Payments => found(only.parse().ok(), |id: FlowId| books.flow(id))?,
        What::Conflicts => found(number(only), |number| books.conflict(number))?,
        What::Imports => found(number(only), |id| books.import(ImportId(id)))?,
        What::Referrals => found(number(only), |id: ReferralId| books.referral(id))?,
        What::Ledger => order(number(only))? || an_article()?,
        What::Days | What::Mail => number::<Day>(only).is_some(),
        What::Stocktakes => take(number(only))?,
        What::Stocktake | What::Sheet => take(only.parse().ok())?,
        What::Claims => take(number(only))? || found(number(only), |id: ClaimId| books.claim(id))?,
        What::Requisitions => found(number(only), |id: RequisitionId| books.requisition(id))?,
        What::Settlements => number::<Month>(only).is_some(),
        What::Promotions => {
            found(number(only), |id: PromotionId| books.promotion(id))? || a_promotion_is_called(view, only)?
        }
        What::Gifts => {
            let promotion = found(number(only), |id: PromotionId| books.promotion(id))?;
            promotion || number::<Month>(only).is_some() || an_article()?
        }
        What::Checks => found(number(only), |id: CheckId| books.check(id))?,
        What::Visitors => found(number(only), |id: VisitorId| books.visitor(id))?,
        What::Journal => {
            number::<u64>(only).is_some_and(|seq| seq > 0) && number::<u64>(only) <= Some(journal::head(books)?.seq.0)
        }
        // The month says by itself what is no month; the two others have no objects.
        What::Month | What::Settings | What::Factory => true,
    })
}

fn a_bill_is_numbered(view: &View<'_>, text: &str) -> Result<bool, Fault> {
    let mut before = None;
    loop {
        let page = view.books.bills(before, PAGE)?;
        let Some(last) = page.last() else { return Ok(false) };
        before = Some(last.id);
        if page.iter().any(|bill| bill.number.eq_ignore_ascii_case(text)) {
            return Ok(true);
        }
    }
}

fn a_promotion_is_called(view: &View<'_>, text: &str) -> Result<bool, Fault> {
    let mut before = None;
    loop {
        let page = view.books.promotions(before, PAGE)?;
        let Some(last) = page.last() else { return Ok(false) };
        before = Some(last.id);
        if page.iter().any(|promotion| promotion.terms.name.eq_ignore_ascii_case(text)) {
            return Ok(true);
        }
    }
}
