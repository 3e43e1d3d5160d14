//! One object, whole: a dealer's file, an order, a payment, the versions of a file, what happened to an object.
//!
//! It is read, scrolled and acted on, never edited. What it shows is read again whenever the journal moves.

use ratatui::layout::{Position, Rect};

use crate::domain::dealer::{Dealer, DealerFile};
use crate::domain::id::{ArticleId, BillId, DealerId, FlowId, OrderId, StocktakeId};
use crate::domain::mask::Sight as Mask;
use crate::domain::order::Order;
use crate::domain::role::Roles;
use crate::domain::text::Text;
use crate::domain::time::Moment;
use crate::store::books::{self, Books, Counts, Fault, Stockroom};
use crate::ui::Pen;
use crate::ui::canvas::Canvas;
use crate::ui::keymap::Kind;
use crate::ui::locale::Words;
use crate::ui::look::Tone;
use crate::ui::pane::order_words as said;
use crate::ui::pane::{
    Act, Body, Deed, Opening, Screen, Sight, Subject, bills, dealers, goods, payments, queue, stocktake_detail, unread,
};
use crate::ui::part::scroll::{Line, Scroll};
use crate::ui::refusal;

/// How many entries of an object's journal are shown.
const ENTRIES: usize = 300;
/// How many of a dealer's orders and payments its file shows.
const RECENT: usize = 8;

/// What is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// A dealer's whole file.
    Dealer(DealerId),
    /// The versions of a dealer's file.
    Versions(DealerId),
    /// An order.
    Order(OrderId),
    /// A payment.
    Payment(FlowId),
    /// A bill of the factory.
    Bill(BillId),
    /// A stocktake.
    Stocktake(StocktakeId),
    /// The lines of one of its sheets.
    Sheet(StocktakeId, u8),
    /// An article.
    Article(ArticleId),
    /// What happened to an object.
    Journal(Subject),
}

/// One object, whole.
pub struct Detail {
    shown: Shown,
    text: Scroll,
    title: String,
    order: Option<Order>,
    dealer: Option<Dealer>,
    roles: Roles,
}

impl Detail {
    /// The detail of an object.
    pub fn of(shown: Shown) -> Detail {
        Detail { shown, text: Scroll::default(), title: String::new(), order: None, dealer: None, roles: Roles::NONE }
    }

    fn journal(&self) -> Option<Opening> {
        Some(Opening::Journal(match self.shown {
            Shown::Dealer(dealer) | Shown::Versions(dealer) => Subject::Dealer(dealer),
            Shown::Order(order) => Subject::Order(order),
            Shown::Payment(payment) => Subject::Payment(payment),
            Shown::Bill(bill) => Subject::Bill(bill),
            Shown::Stocktake(take) | Shown::Sheet(take, _) => Subject::Stocktake(take),
            Shown::Article(article) => Subject::Article(article),
            Shown::Journal(_) => return None,
        }))
    }

    fn form(&self) -> Option<Opening> {
        match self.shown {
            Shown::Dealer(dealer) | Shown::Versions(dealer) => Some(Opening::DealerForm(Some(dealer))),
            Shown::Order(order) => Some(Opening::OrderChange(order)),
            Shown::Payment(payment) => Some(Opening::PaymentForm(payment)),
            Shown::Bill(bill) => Some(Opening::ReceiveForm(bill)),
            Shown::Stocktake(take) => Some(Opening::Compare(take)),
            Shown::Article(article) => Some(Opening::ArticleForm(Some(article))),
            Shown::Sheet(..) | Shown::Journal(_) => None,
        }
    }

    /// The command that the form asks for: a form holds accounts and telephone numbers whole, so that saving it loses
    /// nothing, and is for those alone who may write them (P3).
    fn edits(&self) -> Option<&'static str> {
        match self.shown {
            Shown::Dealer(_) | Shown::Versions(_) => Some("revise_dealer"),
            Shown::Order(_) => Some("change_order"),
            Shown::Payment(_) => Some("confirm_payment"),
            Shown::Bill(_) => Some("receive_bill"),
            Shown::Article(_) => Some("revise_article"),
            Shown::Stocktake(_) | Shown::Sheet(..) | Shown::Journal(_) => None,
        }
    }

    fn lines(&mut self, sight: &Sight<'_>) -> Result<Vec<Line>, Fault> {
        match self.shown {
            Shown::Dealer(id) => {
                (self.dealer, self.roles) = (sight.books.dealer(id)?, sight.who.roles);
                let Some(dealer) = &self.dealer else { return Ok(vec![]) };
                self.title = format!("{} {}", dealer.id, dealer.file.name);
                whole_file(sight, dealer)
            }
            Shown::Article(id) => {
                let Some(article) = sight.books.article(id)? else { return Ok(vec![]) };
                self.title = article.card.code.to_string();
                goods::article_lines(sight, &article)
            }
            Shown::Versions(id) => versions(sight, id),
            Shown::Order(id) => {
                self.order = sight.books.order(id)?;
                match &self.order {
                    Some(order) => {
                        self.title = order.id.to_string();
                        order_lines(sight, order)
                    }
                    None => Ok(vec![]),
                }
            }
            Shown::Payment(id) => match sight.books.flow(id)? {
                Some(posted) => {
                    self.title = posted.id.to_string();
                    payments::payment_lines(sight, &posted, sight.books.treatment(id)?.as_ref())
                }
                None => Ok(vec![]),
            },
            Shown::Bill(id) => match sight.books.bill(id)? {
                Some(bill) => {
                    self.title = format!("{} {}", bill.id, bill.number);
                    bills::bill_lines(sight, &bill)
                }
                None => Ok(vec![]),
            },
            Shown::Stocktake(id) => {
                self.title = id.to_string();
                sight.books.stocktake(id)?.map_or(Ok(vec![]), |take| stocktake_detail::whole(sight, &take))
            }
            Shown::Sheet(id, no) => {
                self.title = id.to_string();
                stocktake_detail::sheet(sight, id, no)
            }
            Shown::Journal(subject) => entries(sight, subject),
        }
    }
}

/// A dealer's file in a few lines, for the block below the panes and the question before it is acknowledged.
pub(super) fn dealer_lines(sight: &Sight<'_>, dealer: &Dealer) -> Result<Vec<Line>, Fault> {
    let mut lines = vec![Line::title(sight.words.say_with(
        "dealer.head",
        &[("code", &dealer.id), ("name", &dealer.file.name), ("version", &dealer.version), ("credit", &dealer.credit)],
    ))];
    lines.extend(said::refusals(sight.words, &dealer.incomplete(), sight.settings.zone));
    lines.extend(file_lines(sight.words, &dealer.file, sight.mask()));
    Ok(lines)
}

/// The fields of a file, those that are missing as such.
fn file_lines(words: &Words, file: &DealerFile, mask: Mask) -> Vec<Line> {
    let value = serde_json::to_value(file).unwrap_or_default();
    let word = |section: &str, value: &serde_json::Value| {
        value.as_str().map_or_else(String::new, |key| words.say(&format!("{section}.{key}")).to_owned())
    };
    let accounts: Vec<String> = file
        .accounts
        .iter()
        .map(|account| {
            let channel = serde_json::to_value(account.channel).map_or_else(|_| String::new(), |v| word("channel", &v));
            format!("{channel} {} {}", mask.account(&account.number), account.holder)
        })
        .collect();
    let channels: Vec<&str> = file.channels.iter().map(Text::as_str).collect();
    let fields = [
        ("kind", word("dealer_kind", &value["kind"])),
        ("since", file.since.map_or_else(String::new, |day| day.to_string())),
        ("channels", channels.join(", ")),
        ("contact", file.contact.to_string()),
        ("phone", mask.phone(&file.phone).to_string()),
        ("address", file.address.to_string()),
        ("pays_by", word("channel", &value["pays_by"])),
        ("accounts", accounts.join("; ")),
        ("tier", file.tier.to_string()),
        ("free_shipping", file.free_shipping.to_string()),
        ("remark", file.remark.to_string()),
    ];
    let missing = file.missing();
    let line = |(name, value): (&str, String)| {
        let label = crate::ui::text::fit(words.say(&format!("field.{name}")), 14, crate::ui::text::Align::Left);
        match missing.contains(&name) {
            true => Line::toned(format!("{label}{}", words.say("dealer.missing")), Tone::Late),
            false => Line::plain(format!("{label}{value}")),
        }
    };
    fields.into_iter().map(line).collect()
}

fn whole_file(sight: &Sight<'_>, dealer: &Dealer) -> Result<Vec<Line>, Fault> {
    let (words, zone) = (sight.words, sight.settings.zone);
    let mut lines = dealer_lines(sight, dealer)?;
    for (role, ack) in [("back_office", &dealer.back_office), ("finance", &dealer.finance)] {
        let role = words.say(&format!("role.{role}")).to_owned();
        lines.push(match ack {
            Some(ack) => {
                let by = said::name(sight.books, ack.by)?;
                let values = [
                    ("role", &role as &dyn std::fmt::Display),
                    ("by", &by),
                    ("at", &ack.at.short(zone)),
                    ("version", &ack.version),
                ];
                Line::plain(words.say_with("dealer.acknowledged", &values))
            }
            None => Line::toned(words.say_with("dealer.not_acknowledged", &[("role", &role)]), Tone::Soon),
        });
    }
    if let Some(matched) = &dealer.matched {
        lines.push(Line::plain(words.say_with("dealer.matched", &[("number", &matched.number)])));
    }
    lines.push(Line::title(words.say("pane.orders")));
    for id in sight.books.dealer_orders(dealer.id, None, RECENT)? {
        if let Some(order) = sight.books.order(id)? {
            lines.push(Line::plain(format!("{}  {}  {}", order.id, order.day, order.due())));
        }
    }
    lines.push(Line::title(words.say("pane.payments")));
    for id in sight.books.dealer_payments(dealer.id, None, RECENT)? {
        if let Some(posted) = sight.books.flow(id)? {
            lines.push(Line::plain(format!("{}  {}  {}", posted.id, posted.flow.time.short(zone), posted.flow.amount)));
        }
    }
    Ok(lines)
}

fn order_lines(sight: &Sight<'_>, order: &Order) -> Result<Vec<Line>, Fault> {
    let mut lines: Vec<Line> = said::head(sight, order).into_iter().map(Line::plain).collect();
    lines.extend(Some(order.remark.as_str()).filter(|remark| !remark.is_empty()).map(Line::plain));
    lines.push(Line::title(sight.words.say("order.lines")));
    lines.extend(said::lines(sight.books, sight.words, order)?.into_iter().map(Line::plain));
    lines.push(Line::title(sight.words.say("order.receipts")));
    lines.extend(said::money(sight.words, order, sight.settings.zone));
    lines.extend(said::charged(sight, order)?);
    for part in &order.parts {
        lines.push(Line::title(sight.words.say_with("order.part", &[("part", &part.no)])));
        lines.extend(said::part(sight, order, part)?);
    }
    Ok(lines)
}

fn versions(sight: &Sight<'_>, id: DealerId) -> Result<Vec<Line>, Fault> {
    let Some(dealer) = sight.books.dealer(id)? else {
        return Ok(vec![]);
    };
    let mut lines = Vec::new();
    for version in (1..=dealer.version).rev().take(50) {
        let Some(kept) = sight.books.dealer_version(id, version)? else {
            continue;
        };
        let by = said::name(sight.books, kept.by)?;
        let at = kept.at.full(sight.settings.zone);
        lines.push(Line::title(
            sight.words.say_with("dealer.version", &[("version", &version), ("by", &by), ("at", &at)]),
        ));
        let before = if version > 1 { sight.books.dealer_version(id, version - 1)? } else { None };
        let changed = before.map(|before| kept.file.changed(&before.file));
        match changed {
            None => lines.extend(file_lines(sight.words, &kept.file, sight.mask())),
            Some(names) => {
                let words: Vec<String> =
                    names.iter().map(|name| sight.words.say(&format!("field.{name}")).to_owned()).collect();
                lines.push(Line::plain(sight.words.say_with("dealer.changed", &[("fields", &words.join(", "))])));
            }
        }
    }
    Ok(lines)
}

/// Who did what when, the latest first.
fn entries(sight: &Sight<'_>, subject: Subject) -> Result<Vec<Line>, Fault> {
    let (kind, number) = match subject {
        Subject::Dealer(id) => (books::Kind::Dealer, u64::from(id.0)),
        Subject::Order(id) => (books::Kind::Order, id.number()),
        Subject::Payment(id) => (books::Kind::Payment, id.0),
        Subject::Article(id) => (books::Kind::Article, u64::from(id.0)),
        Subject::Bill(id) => (books::Kind::Bill, u64::from(id.0)),
        Subject::Promotion(id) => (books::Kind::Promotion, u64::from(id.0)),
        Subject::Stocktake(id) => (books::Kind::Stocktake, u64::from(id.0)),
        Subject::Person(id) => (books::Kind::Person, u64::from(id.0)),
        Subject::Import(id) => (books::Kind::Import, u64::from(id.0)),
    };
    let blindness = sight.books.blindness(Some(sight.who.id))?;
    let mut lines = Vec::new();
    for seq in sight.books.history(kind, number, None, ENTRIES)? {
        let Some(entry) = sight.books.entry(seq)?.filter(|entry| blindness.sees(&entry.event)) else { continue };
        let event = serde_json::to_value(&entry.event).unwrap_or_default();
        let by = said::name(sight.books, entry.by)?;
        let at = entry.at.full(sight.settings.zone);
        let what = refusal::event(sight.words, &event, sight.settings.zone);
        lines.push(Line::plain(format!("#{seq}  {at}  {by}  {what}  ({})", entry.terminal)));
    }
    Ok(lines)
}

impl Screen for Detail {
    const NAME: &'static str = "detail";
    const KIND: Kind = Kind::List;
    const ACTS: &'static [Act<Self>] = &[
        Act { name: "row.edit", command: Detail::edits, deed: Deed::Open(Detail::form) },
        Act { name: "row.journal", command: |_| None, deed: Deed::Open(Detail::journal) },
        Act {
            name: "order.take_back",
            command: |pane| pane.order.as_ref().map(|_| "take_back_goods"),
            deed: Deed::Open(|pane| pane.order.as_ref().map(|order| Opening::ReturnForm(order.id))),
        },
        Act {
            name: "detail.step",
            command: |pane| pane.dealer.as_ref().map(|_| "acknowledge_dealer"),
            deed: Deed::Ask(|pane, words| {
                if let Some(dealer) = &pane.dealer {
                    return Some(dealers::acknowledgement(dealer, pane.roles, pane.text.lines(), words));
                }
                let order = pane.order.as_ref()?;
                let part = order.parts.iter().find(|part| part.is_waiting())?;
                Some(queue::step(order, part, words, pane.text.lines()))
            }),
        },
    ];

    fn title(&self, words: &Words) -> String {
        let key = match self.shown {
            Shown::Dealer(_) => "detail.dealer",
            Shown::Versions(_) => "detail.versions",
            Shown::Order(_) => "detail.order",
            Shown::Payment(_) => "detail.payment",
            Shown::Bill(_) => "detail.bill",
            Shown::Stocktake(_) => "detail.stocktake",
            Shown::Sheet(..) => "detail.sheet",
            Shown::Article(_) => "detail.article",
            Shown::Journal(_) => "detail.journal",
        };
        format!("{} {}", words.say(key), self.title)
    }

    fn refresh(&mut self, sight: &Sight<'_>) -> Result<(), Text> {
        let lines = self.lines(sight).map_err(unread)?;
        self.text.replace(lines);
        Ok(())
    }

    fn render(&self, area: Rect, buf: &mut Canvas, pen: Pen<'_>, _focused: bool) -> Option<Position> {
        let inside = Rect { x: area.x + 1.min(area.width), width: area.width.saturating_sub(2), ..area };
        self.text.render(inside, buf, pen);
        None
    }

    fn body(&mut self) -> Body<'_> {
        Body::Text(&mut self.text)
    }

    fn rows_above(&self) -> u16 {
        1
    }

    fn tick(&mut self, now: Moment, words: &Words) {
        self.text.tick(now, words);
    }
}
