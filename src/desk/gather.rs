//! Where a rule's facts come from. A command without this cannot be submitted.
//!
//! Each gathering reads records by key or a short range; none decides anything.

use crate::domain::bill;
use crate::domain::confirming::{self, PaymentFacts};
use crate::domain::dealer::{Dealer, DealerFile, PayAccount};
use crate::domain::export;
use crate::domain::filing::{self, DealerFacts};
use crate::domain::flow::Flow;
use crate::domain::goods::{self, Article, GoodsFacts, PriceOf};
use crate::domain::id::{ArticleId, DealerId, FlowId, ImportId, OrderId, PersonId, ReceiptId, ReferralId};
use crate::domain::ledger::{self, CloseFacts, LeftOpen};
use crate::domain::mailing;
use crate::domain::moving;
use crate::domain::order::Order;
use crate::domain::parting;
use crate::domain::person::{self, Person, PersonFacts};
use crate::domain::place;
use crate::domain::receiving::{self, ReportFacts};
use crate::domain::role::Role;
use crate::domain::setting::{self, SettingFacts};
use crate::domain::settling;
use crate::domain::shipping::{self, ShipmentFacts};
use crate::domain::signing;
use crate::domain::statement::{ImportFacts, ImportStatement};
use crate::domain::taking::{self, NewLine, OrderFacts, PricedArticle};
use crate::domain::text::Text;
use crate::domain::time::Day;
use crate::domain::waybill::Carrier;
use crate::domain::{Actor, Rule};
use crate::store::Fault;
use crate::store::books::{Books, Counts, Promoting};

mod premises;
mod promoting;
mod purchasing;
mod warehouse;

/// How many open payments, and how many conflicts, are looked at when a month ends.
const OPEN_FLOWS: usize = 1_000;

/// Reads a rule's facts.
pub trait Gather: Rule {
    /// Everything the decision may look at.
    fn gather(&self, books: &impl Books, by: &Actor) -> Result<Self::Facts, Fault>;

    /// The same without what takes long to read, such as every line of a stocktake. What refuses on these facts refuses on all.
    fn glance(&self, books: &impl Books, by: &Actor) -> Result<Self::Facts, Fault> {
        self.gather(books, by)
    }
}

fn next(books: &impl Books, counter: &str) -> Result<u32, Fault> {
    Ok(books.count(counter)? as u32 + 1)
}

fn names(books: &impl Books, people: impl IntoIterator<Item = PersonId>) -> Result<Vec<(PersonId, Text)>, Fault> {
    people.into_iter().map(|id| Ok((id, books.person_name(id)?))).collect()
}

fn person_facts(books: &impl Books, code: &Text, unix: Option<u32>) -> Result<PersonFacts, Fault> {
    let administrator = |person: &&Person| person.active && person.roles.holds(Role::Administrator);
    Ok(PersonFacts {
        person: books.person_by_code(code)?,
        unix_holder: unix.map_or(Ok(None), |uid| books.person_by_unix(uid))?,
        administrators: books.people()?.iter().filter(administrator).count(),
        next: PersonId(next(books, "people")?),
    })
}

macro_rules! gather_with {
    ($($command:ty => |$own:ident, $books:ident, $by:ident| $facts:expr $(, glance $glance:expr)?;)*) => {$(
        impl Gather for $command {
            fn gather(&self, $books: &impl Books, $by: &Actor) -> Result<Self::Facts, Fault> {
                let $own = self;
                $facts
            }
            $(fn glance(&self, $books: &impl Books, $by: &Actor) -> Result<Self::Facts, Fault> {
                let $own = self;
                $glance
            })?
        }
    )*};
}

pub(super) mod stocktaking;

gather_with! {
    person::AppointPerson => |own, books, _by| person_facts(books, &own.code, own.unix);
    person::ChangeRoles => |own, books, _by| person_facts(books, &own.person, None);
    person::BindUnix => |own, books, _by| person_facts(books, &own.person, own.unix);
    person::SetActive => |own, books, _by| person_facts(books, &own.person, None);
    person::NotePassphrase => |own, books, _by| person_facts(books, &own.person, None);
    export::NoteExport => |_own, _books, _by| Ok(export::ExportFacts);
    mailing::SetAddress => |own, books, _by| {
        let person = books.person_by_code(&own.person)?;
        let was = person.as_ref().map_or(Ok(Text::default()), |person| books.address(person.id))?;
        Ok(mailing::AddressFacts { person, was })
    };
    mailing::HurryLetter => |own, books, _by| {
        let person = books.person_by_code(&own.person)?;
        let letter = person.as_ref().map_or(Ok(None), |person| books.letter(own.letter, person.id))?;
        let address = person.as_ref().map_or(Ok(Text::default()), |person| books.address(person.id))?;
        Ok(mailing::LetterFacts { person, letter, address })
    };
    ledger::CloseDay => |own, books, by| close_facts(books, by, own);
    setting::ChangeSettings => |_own, books, _by| setting_facts(books);
    setting::DefineTier => |_own, books, _by| setting_facts(books);
    setting::DefineFreeShipping => |_own, books, _by| setting_facts(books);
    setting::OpenAccount => |_own, books, _by| setting_facts(books);
    ImportStatement => |_own, books, _by| {
        Ok(ImportFacts { accounts: books.accounts()?, next: ImportId(next(books, "imports")?) })
    };
    goods::ListArticle => |own, books, _by| goods_facts(books, None, Some(&own.card));
    goods::ReviseArticle => |own, books, _by| goods_facts(books, Some(&own.article), Some(&own.card));
    goods::SetPrice => |own, books, _by| {
        let mut facts = goods_facts(books, Some(&own.article), None)?;
        facts.tier_known = own.tier.as_ref().map_or(Ok(true), |tier| books.has_tier(tier))?;
        facts.price_that_day = price_that_day(books, facts.article.as_ref(), own)?;
        Ok(facts)
    };
    goods::ReceiveGoods => |own, books, _by| {
        let mut facts = goods_facts(books, None, None)?;
        facts.lines = own.lines.iter().map(|line| books.article_by_code(&line.article)).collect::<Result<_, _>>()?;
        Ok(facts)
    };
    place::DefinePlace => |own, books, _by| Ok(place::PlaceFacts { place: books.place(&own.code)? });
    bill::EnterBill => |own, books, _by| warehouse::bill_facts(books, own);
    receiving::ReceiveBill => |own, books, _by| warehouse::receiving_facts(books, own);
    receiving::ReadReport => |own, books, by| {
        Ok(ReportFacts { report: books.report(own.report)?, name: books.person_name(by.person)? })
    };
    moving::MoveGoods => |own, books, _by| warehouse::moving_facts(books, &own.lines, Some(&own.to));
    moving::MarkDamaged => |own, books, _by| warehouse::moving_facts(books, &own.lines, None);
    moving::SettleDamaged => |own, books, _by| warehouse::moving_facts(books, &own.lines, None);
    filing::FileDealer => |own, books, _by| dealer_facts(books, None, None, Some(&own.file));
    filing::ReviseDealer => |own, books, _by| dealer_facts(books, Some(own.dealer), Some(own.version), Some(&own.file));
    filing::AcknowledgeDealer => |own, books, _by| {
        let mut facts = dealer_facts(books, Some(own.dealer), None, None)?;
        facts.filers = facts.dealer.as_ref().map_or(Ok(Vec::new()), |dealer| filers(books, dealer))?;
        Ok(facts)
    };
    filing::MatchOffline => |own, books, _by| dealer_facts(books, Some(own.dealer), None, None);
    filing::ReferCustomer => |_own, books, _by| dealer_facts(books, None, None, None);
    taking::EnterOrder => |own, books, by| enter_facts(books, by, own);
    taking::EnterTmallOrder => |own, books, by| {
        let mut facts = order_facts(books, &own.lines, None, by.today())?;
        facts.offers = promoting::offers(books, Some(&own.promotions), &own.lines, None, by.today())?;
        facts.same_tmall = books.tmall_order(&own.number)?;
        let referral = own.referral.map_or(Ok(None), |id| books.referral(id))?;
        facts.referral_open = referral.is_some_and(|referral| referral.order.is_none());
        facts.next = next_order(books, by.today())?;
        Ok(facts)
    };
    taking::ChangeOrder => |own, books, by| change_facts(books, by, own);
    taking::CancelOrder => |own, books, by| {
        let mut facts = order_facts(books, &[], None, by.today())?;
        facts.order = books.order(own.order)?;
        Ok(facts)
    };
    confirming::ConfirmPayment => |own, books, _by| confirm_facts(books, own);
    settling::ReturnPayment => |own, books, _by| payment_facts(books, Some(own.payment), None, &[]);
    settling::UseCredit => |own, books, _by| {
        let dealer = books.order(own.order)?.and_then(|order| order.dealer());
        payment_facts(books, None, dealer, &[own.order])
    };
    settling::ReturnCredit => |own, books, _by| payment_facts(books, None, Some(own.dealer), &[]);
    settling::ReleaseAllocation => |own, books, _by| payment_facts(books, Some(own.payment), None, &[own.order]);
    settling::TolerateShortfall => |own, books, _by| payment_facts(books, None, None, &[own.order]);
    settling::CreditOrder => |own, books, _by| payment_facts(books, None, None, &[own.order]);
    settling::SettleConflict => |own, books, _by| {
        let mut facts = payment_facts(books, None, None, &[])?;
        facts.conflict = books.conflict(own.conflict)?;
        let settled = facts.conflict.as_ref().and_then(|kept| kept.settled.as_ref());
        facts.names = names(books, settled.map(|(by, _, _)| *by))?;
        Ok(facts)
    };
    signing::SignShipment => |own, books, _by| shipment_facts(books, own.order, None);
    signing::ObjectShipment => |own, books, _by| shipment_facts(books, own.order, None);
    signing::LiftObjection => |own, books, _by| shipment_facts(books, own.order, None);
    signing::ExceptShipment => |own, books, _by| shipment_facts(books, own.order, None);
    shipping::PackShipment => |own, books, _by| shipment_facts(books, own.order, None);
    shipping::UnpackShipment => |own, books, _by| shipment_facts(books, own.order, None);
    shipping::NoteWaybill => |own, books, by| {
        let mut facts = shipment_facts(books, own.order, Some((own.carrier, &own.number)))?;
        facts.waybill_holder = recent(books, by, facts.waybill_holder)?;
        Ok(facts)
    };
    shipping::ShipShipment => |own, books, _by| shipment_facts(books, own.order, None);
    parting::SplitShipment => |own, books, _by| shipment_facts(books, own.order, None);
    parting::CloseShipment => |own, books, _by| shipment_facts(books, own.order, None);
    parting::TakeBackGoods => |own, books, _by| {
        let mut facts = shipment_facts(books, own.order, None)?;
        for code in own.place.iter().chain(own.fates.iter().filter_map(|fate| fate.place.as_ref())) {
            facts.places.extend(books.place(code)?.map(|place| place.code));
        }
        Ok(facts)
    };
}

fn setting_facts(books: &impl Books) -> Result<SettingFacts, Fault> {
    Ok(SettingFacts { settings: books.settings()?, accounts: books.accounts()? })
}

/// What is open is counted where it is posted; only the payments of a month that ends are looked at one by one.
fn close_facts(books: &impl Books, by: &Actor, own: &ledger::CloseDay) -> Result<CloseFacts, Fault> {
    let last = books.last_closed()?;
    let count = |name| books.count(name).map(|count| count as u64);
    let open = LeftOpen {
        payments: count("payments_open")?,
        amount: crate::domain::money::Money::fen(books.count("payments_open_fen")?),
        queue: count("queue")?,
        unpaid: count("unpaid")?,
        conflicts: count("conflicts_open")?,
    };
    let (mut payments, mut conflicts, mut counted) = (0, 0, Vec::new());
    if let Some(end) = ledger::month_end(last, own.day) {
        let is_later = |flow: &Flow| flow.time.day(by.zone) > end;
        let oldest = books.flows_after(None, true, OPEN_FLOWS)?;
        payments = oldest.iter().filter(|posted| !is_later(&posted.flow)).count() as u64;
        conflicts = open.conflicts;
        if conflicts > 0 {
            for (_, kept) in books.conflicts(OPEN_FLOWS)?.iter().filter(|(_, kept)| kept.settled.is_none()) {
                let posted = books.flow(kept.conflict.posted)?;
                let is_later = is_later(&kept.conflict.flow) && posted.is_some_and(|posted| is_later(&posted.flow));
                conflicts -= u64::from(is_later);
            }
        }
        counted.extend(books.open_stocktakes()?.iter().filter(|take| take.day <= end).map(|take| take.id));
    }
    let (first_open, figures) = (books.first_unclosed()?, books.day_figures(own.day, None)?);
    Ok(CloseFacts { last, first_open, figures, open, payments, conflicts, counted })
}

fn goods_facts(
    books: &impl Books,
    code: Option<&Text>,
    card: Option<&goods::ArticleCard>,
) -> Result<GoodsFacts, Fault> {
    let mut holders = Vec::new();
    for code in card.iter().flat_map(|card| card.codes()) {
        holders.extend(books.article_by_code(code)?.map(|article| (code.clone(), article)));
    }
    Ok(GoodsFacts {
        article: code.map_or(Ok(None), |code| books.article_by_code(code))?,
        holders,
        keeper: card.map_or(Ok(None), |card| books.person_by_code(&card.keeper))?,
        tier_known: true,
        price_that_day: None,
        lines: Vec::new(),
        next_article: ArticleId(next(books, "articles")?),
        next_receipt: ReceiptId(next(books, "receipts")?),
    })
}

fn price_that_day(
    books: &impl Books,
    article: Option<&Article>,
    own: &goods::SetPrice,
) -> Result<Option<crate::domain::money::Money>, Fault> {
    let Some(article) = article else {
        return Ok(None);
    };
    let of = own.tier.clone().map_or(PriceOf::Retail, PriceOf::Tier);
    let set = books.prices(article.id)?;
    Ok(set.into_iter().find(|(held, day, _)| *held == of && *day == own.from.ordinal()).map(|(_, _, price)| price))
}

fn dealer_facts(
    books: &impl Books,
    id: Option<DealerId>,
    base: Option<u32>,
    file: Option<&DealerFile>,
) -> Result<DealerFacts, Fault> {
    let dealer = id.map_or(Ok(None), |id| books.dealer(id))?;
    let base = match (id, base) {
        (Some(id), Some(version)) => books.dealer_version(id, version)?.map(|version| version.file),
        _ => None,
    };
    let mut elsewhere: Vec<(PayAccount, Dealer)> = Vec::new();
    for account in file.iter().flat_map(|file| &file.accounts) {
        elsewhere.extend(books.account_elsewhere(account, id)?.map(|other| (account.clone(), other)));
    }
    let known = |code: Option<&Text>, has: &dyn Fn(&str) -> Result<bool, Fault>| match code {
        Some(code) if !code.is_empty() => has(code),
        _ => Ok(true),
    };
    let acks = dealer.iter().flat_map(|dealer| [&dealer.back_office, &dealer.finance]).flatten();
    Ok(DealerFacts {
        names: names(books, acks.map(|ack| ack.by).collect::<Vec<_>>())?,
        base,
        elsewhere,
        tier_known: known(file.map(|file| &file.tier), &|code| books.has_tier(code))?,
        level_known: known(file.map(|file| &file.free_shipping), &|code| Ok(books.level(code)?.is_some()))?,
        dealer,
        filers: Vec::new(),
        next: DealerId(next(books, "dealers")?),
        next_referral: ReferralId(next(books, "referrals")?),
    })
}

/// Who filed a version that finance has not acknowledged: none of them may acknowledge what they typed themselves.
fn filers(books: &impl Books, dealer: &Dealer) -> Result<Vec<PersonId>, Fault> {
    let acknowledged = dealer.finance.as_ref().map_or(0, |ack| ack.version);
    let mut filers = Vec::new();
    for version in acknowledged + 1..=dealer.version {
        filers.extend(books.dealer_version(dealer.id, version)?.map(|kept| kept.by));
    }
    Ok(filers)
}

fn next_order(books: &impl Books, day: Day) -> Result<Option<OrderId>, Fault> {
    let month = day.month_number();
    let serial = books.count(&format!("orders/{month}"))? as u64 + 1;
    Ok((serial < OrderId::PER_MONTH).then(|| OrderId::new(month, serial)))
}

fn order_facts(books: &impl Books, lines: &[NewLine], tier: Option<&Text>, day: Day) -> Result<OrderFacts, Fault> {
    let mut priced = Vec::with_capacity(lines.len());
    for line in lines {
        let article = books.article_by_code(&line.article)?;
        let of = |of: PriceOf| article.as_ref().map_or(Ok(None), |article| books.price(article.id, &of, day));
        let price = tier.map_or(Ok(None), |tier| of(PriceOf::Tier(tier.clone())))?;
        let retail = of(PriceOf::Retail)?;
        priced.push(PricedArticle { article, price, retail });
    }
    Ok(OrderFacts {
        order: None,
        dealer: None,
        level: None,
        lines: priced,
        offers: Vec::new(),
        settings: books.settings()?,
        same_tmall: None,
        referral_open: false,
        next: None,
    })
}

fn enter_facts(books: &impl Books, by: &Actor, own: &taking::EnterOrder) -> Result<OrderFacts, Fault> {
    let dealer = books.dealer_named(&own.dealer)?;
    let tier = dealer.as_ref().map(|dealer| &dealer.file.tier);
    let mut facts = order_facts(books, &own.lines, tier, by.today())?;
    facts.offers = promoting::offers(books, Some(&own.promotions), &own.lines, None, by.today())?;
    facts.level = dealer.as_ref().map_or(Ok(None), |dealer| books.level(&dealer.file.free_shipping))?;
    facts.next = next_order(books, by.today())?;
    facts.dealer = dealer;
    Ok(facts)
}

/// A changed order keeps the prices of the day it was taken and the dealer's present free-shipping level.
fn change_facts(books: &impl Books, by: &Actor, own: &taking::ChangeOrder) -> Result<OrderFacts, Fault> {
    let order = books.order(own.order)?;
    let day = order.as_ref().map_or(by.today(), |order| order.day);
    let dealer = order.as_ref().and_then(Order::dealer).map_or(Ok(None), |id| books.dealer(id))?;
    let tier = order.as_ref().filter(|order| !order.is_tmall()).map(|order| order.tier.clone());
    let mut facts = order_facts(books, &own.lines, tier.as_ref(), day)?;
    facts.offers = promoting::offers(books, own.promotions.as_deref(), &own.lines, order.as_ref(), day)?;
    facts.level = dealer.as_ref().map_or(Ok(None), |dealer| books.level(&dealer.file.free_shipping))?;
    (facts.order, facts.dealer) = (order, dealer);
    Ok(facts)
}

fn payment_facts(
    books: &impl Books,
    payment: Option<FlowId>,
    dealer: Option<DealerId>,
    orders: &[OrderId],
) -> Result<PaymentFacts, Fault> {
    let treatment = payment.map_or(Ok(None), |id| books.treatment(id))?;
    Ok(PaymentFacts {
        payment: payment.map_or(Ok(None), |id| books.flow(id))?,
        names: names(books, treatment.iter().map(|treatment| treatment.by).collect::<Vec<_>>())?,
        treatment,
        dealer: dealer.map_or(Ok(None), |id| books.dealer(id))?,
        registration: None,
        orders: orders.iter().map(|id| books.order(*id)).collect::<Result<_, _>>()?,
        conflict: None,
        settings: books.settings()?,
    })
}

fn confirm_facts(books: &impl Books, own: &confirming::ConfirmPayment) -> Result<PaymentFacts, Fault> {
    let orders: Vec<OrderId> = own.orders.iter().map(|share| share.order).collect();
    let mut facts = payment_facts(books, Some(own.payment), Some(own.dealer), &orders)?;
    if let Some(posted) = &facts.payment
        && let Some(account) = books.account(posted.account)?
    {
        let flow = &posted.flow;
        facts.registration = books.registration(account.channel, &flow.payer_account, flow.time)?;
    }
    Ok(facts)
}

fn shipment_facts(books: &impl Books, id: OrderId, waybill: Option<(Carrier, &Text)>) -> Result<ShipmentFacts, Fault> {
    let order = books.order(id)?;
    let (mut goods, mut shelves) = (Vec::new(), Vec::new());
    for line in order.iter().flat_map(|order| &order.lines) {
        let article = books.article(line.article)?;
        let article = article.ok_or(Fault::Missing { table: "articles", key: line.article.0.into() })?;
        if goods.iter().all(|(known, _): &(Article, _)| known.id != article.id) {
            shelves.extend(books.shelves(&article)?);
        }
        goods.push((article, books.stock(line.article)?));
    }
    let holder = match waybill {
        Some((carrier, raw)) => match carrier.number(raw) {
            Some(number) => books.waybill(carrier as u8, &number)?,
            None => None,
        },
        None => None,
    };
    let parts = order.iter().flat_map(|order| &order.parts);
    let people =
        parts.flat_map(|part| part.signatures.iter().map(|s| s.by).chain(part.objection.iter().map(|mark| mark.by)));
    Ok(ShipmentFacts {
        dealer: order.as_ref().and_then(Order::dealer).map_or(Ok(None), |id| books.dealer(id))?,
        names: names(books, people.collect::<Vec<_>>())?,
        goods,
        shelves,
        places: Vec::new(),
        promotions: order
            .iter()
            .flat_map(|order| &order.promotions)
            .filter_map(|id| books.promotion(*id).transpose())
            .collect::<Result<_, _>>()?,
        waybill_holder: holder,
        order,
    })
}

/// Carriers use their numbers again after a year (E35): an older holder does not count.
fn recent(books: &impl Books, by: &Actor, holder: Option<(OrderId, u8)>) -> Result<Option<(OrderId, u8)>, Fault> {
    let Some((id, no)) = holder else {
        return Ok(None);
    };
    let order = books.order(id)?;
    let noted =
        order.iter().flat_map(|order| &order.parts).find(|part| part.no == no).and_then(|part| part.waybill.as_ref());
    let year = 366 * 24;
    Ok(holder.filter(|_| noted.is_none_or(|waybill| waybill.at.plus_hours(year) > by.at)))
}
