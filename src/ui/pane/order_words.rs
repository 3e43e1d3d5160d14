//! An order in words: for the block below the panes, the detail screen and the questions before a signature.

use crate::domain::clause::Refusal;
use crate::domain::id::PersonId;
use crate::domain::money::Money;
use crate::domain::order::{Basis, Order, Source};
use crate::domain::quantity::Quantity;
use crate::domain::role::Role;
use crate::domain::shipment::{Mark, Part, STEPS, Stage};
use crate::domain::time::{Moment, Zone};
use crate::store::books::{Books, Fault};
use crate::ui::locale::Words;
use crate::ui::look::Tone;
use crate::ui::pane::{Reading, Sight};
use crate::ui::part::scroll::Line;
use crate::ui::refusal;
use crate::ui::text::{self, Align};

/// A span of seconds as `HH:MM:SS`, with a minus where the time is over.
pub fn countdown(seconds: i64) -> String {
    let sign = if seconds < 0 { "-" } else { "" };
    let all = seconds.unsigned_abs();
    format!("{sign}{:02}:{:02}:{:02}", all / 3600, all / 60 % 60, all % 60)
}

/// How urgent a deadline is: the word, and its tone.
pub fn urgency(words: &Words, deadline: Moment, now: Moment, warn_hours: u16) -> (String, Tone) {
    let left = deadline.seconds_since(now);
    match left {
        ..0 => (words.say("queue.late").to_owned(), Tone::Late),
        left if left < i64::from(warn_hours) * 3600 => (words.say("queue.soon").to_owned(), Tone::Soon),
        _ => (String::new(), Tone::Plain),
    }
}

/// The signatures of a shipment as one mark for each step.
pub fn marks(words: &Words, part: &Part) -> String {
    if !part.needs_signing {
        return words.say("queue.no_signing").to_owned();
    }
    let signed = |step: &Role| part.signatures.iter().any(|signature| signature.step == *step);
    STEPS.iter().map(|step| words.say(if signed(step) { "queue.signed" } else { "queue.unsigned" })).collect()
}

/// Who is awaited, in words.
pub fn awaited(words: &Words, part: Option<&Part>) -> String {
    let roles = part.map_or_else(|| vec![Role::Finance], Part::awaited);
    short_roles(words, &roles)
}

/// Roles in the words of a narrow cell.
pub fn short_roles(words: &Words, roles: &[Role]) -> String {
    let names: Vec<String> =
        roles.iter().map(|role| words.say(&format!("short_role.{}", role.key())).to_owned()).collect();
    names.join(",")
}

/// A name by its person's number.
pub fn name(books: &Reading, person: PersonId) -> Result<String, Fault> {
    Ok(books.person_name(person)?.as_str().to_owned())
}

/// The head of an order: number, dealer, money, address.
pub fn head(sight: &Sight<'_>, order: &Order) -> Vec<String> {
    let words = sight.words;
    let paid = order.paid();
    let basis = if order.is_tmall() || order.basis == Basis::Retail { "order.at_retail" } else { "order.at_tier" };
    // The platform holds a Tmall customer's money until it is settled: the buyer owes nothing.
    let money = if order.is_tmall() && paid.is_zero() { "order.money_on_platform" } else { "order.money" };
    let money = words.say_with(
        money,
        &[("due", &order.due()), ("paid", &paid), ("open", &order.open_amount()), ("basis", &words.say(basis))],
    );
    let to = words.say_with(
        "order.to",
        &[("name", &order.to.name), ("phone", &sight.mask().phone(&order.to.phone)), ("address", &order.to.address)],
    );
    vec![format!("{}  {}", order.id, order.name), money, to]
}

/// The lines of an order as a table.
pub fn lines(books: &Reading, words: &Words, order: &Order) -> Result<Vec<String>, Fault> {
    let mut rows = Vec::new();
    for (at, line) in (0..).zip(&order.lines) {
        let article = books.article(line.article)?;
        let gift = order.gift_of(at).map(|promotion| words.say_with("gift.mark", &[("promotion", &promotion)]));
        let (name, unit, place) = article.map_or_else(Default::default, |a| {
            let (mark, gift) = (super::bills::mark(&a.card.special), gift.unwrap_or_default());
            (format!("{}{gift}{mark}", a.card.name), a.card.unit, a.card.location)
        });
        let price = order.price_of(at, order.basis);
        let amount = if order.basis == Basis::Retail { line.retail_amount } else { line.amount };
        let cells = [
            (name, 24, Align::Left),
            (format!("{} {unit}", line.quantity), 13, Align::Right),
            (price.to_string(), 11, Align::Right),
            (amount.to_string(), 13, Align::Right),
            (format!("  {place}"), 10, Align::Left),
        ];
        rows.push(cells.iter().map(|(words, cells, align)| text::fit(words, *cells, *align)).collect());
    }
    if order.freight > Money::ZERO {
        let label = text::fit(words.say("order.freight"), 48, Align::Left);
        rows.push(label + &text::fit(&order.freight.to_string(), 13, Align::Right));
    }
    Ok(rows)
}

/// The signatures of a shipment with names and times.
pub fn signatures(books: &Reading, words: &Words, part: &Part, zone: Zone) -> Result<String, Fault> {
    let mut each = Vec::new();
    for step in STEPS.iter().filter(|_| part.needs_signing) {
        let role = words.say(&format!("role.{}", step.key())).to_owned();
        let signature = part.signatures.iter().find(|signature| signature.step == *step);
        each.push(match signature {
            Some(signed) => format!("{role} {} {}", name(books, signed.by)?, signed.at.short(zone)),
            None => format!("{role} {}", words.say("queue.not_signed")),
        });
    }
    Ok(each.join(" | "))
}

/// A shipment's deadline, and what is left until then; once it has left, whether that was in time.
fn deadline(sight: &Sight<'_>, part: &Part) -> Line {
    let (zone, warn_hours, part) = (sight.settings.zone, sight.settings.warn_hours, part.clone());
    Line::timed(sight.now, sight.words, move |now, words| {
        let stage = words.say(&format!("stage.{}", part.stage().key())).to_owned();
        let (paid, until) = (part.paid_at.short(zone), part.deadline.short(zone));
        let values: [(&str, &dyn std::fmt::Display); 4] =
            [("part", &part.no), ("stage", &stage), ("paid", &paid), ("until", &until)];
        let gone = part.shipped.as_ref().map(|mark| mark.at);
        match gone {
            Some(gone) => {
                let (key, tone) =
                    if part.is_late(now) { ("queue.late", Tone::Late) } else { ("queue.in_time", Tone::Done) };
                let last: [(&str, &dyn std::fmt::Display); 2] =
                    [("gone", &gone.short(zone)), ("urgent", &words.say(key))];
                (words.say_with("order.deadline_gone", &[&values[..], &last[..]].concat()), tone)
            }
            None if part.closed.is_some() => (words.say_with("order.deadline_over", &values), Tone::Plain),
            None => {
                let (urgent, tone) = urgency(words, part.deadline, now, warn_hours);
                let left = countdown(part.deadline.seconds_since(now));
                let last: [(&str, &dyn std::fmt::Display); 2] = [("left", &left), ("urgent", &urgent)];
                (words.say_with("order.deadline", &[&values[..], &last[..]].concat()), tone)
            }
        }
    })
}

/// Whose hours a shipment took, with those that still run.
fn spent(sight: &Sight<'_>, part: &Part) -> Line {
    let part = part.clone();
    Line::timed(sight.now, sight.words, move |now, words| {
        let one = |(stage, seconds): (Stage, i64)| {
            format!("{} {}", words.say(&format!("spent.{}", stage.key())), countdown(seconds))
        };
        let hours: Vec<String> = part.spent(now).into_iter().map(one).collect();
        (words.say_with("order.spent", &[("hours", &hours.join("  "))]), Tone::Faint)
    })
}

/// A shipment in a few lines: its stage, its deadline, its signatures, its papers, whose hours were spent.
pub fn part(sight: &Sight<'_>, order: &Order, part: &Part) -> Result<Vec<Line>, Fault> {
    let (words, zone) = (sight.words, sight.settings.zone);
    let mut found = vec![deadline(sight, part)];
    if part.needs_signing {
        found.push(Line::plain(signatures(sight.books, words, part, zone)?));
    }
    for (key, mark) in
        [("order.exception", &part.exception), ("order.objection", &part.objection), ("order.closed", &part.closed)]
    {
        if let Some(mark) = mark {
            let by = name(sight.books, mark.by)?;
            found.push(Line::toned(
                words.say_with(key, &[("by", &by), ("at", &mark.at.short(zone)), ("why", &mark.why)]),
                Tone::Soon,
            ));
        }
    }
    if let Some(waybill) = &part.waybill {
        let carrier = words.say(&format!("carrier.{}", waybill.carrier.key())).to_owned();
        found.push(Line::plain(words.say_with("order.waybill", &[("carrier", &carrier), ("number", &waybill.number)])));
    }
    found.extend(super::picking::picking(sight, order, part)?);
    found.extend(returned(sight, order, part)?);
    found.push(spent(sight, part));
    if let (Some(dealer), true) = (order.dealer(), part.stage() != Stage::Shipped) {
        found.extend(missing(sight, dealer)?);
    }
    Ok(found)
}

/// What came back of a shipment, by article.
fn returned(sight: &Sight<'_>, order: &Order, part: &Part) -> Result<Option<Line>, Fault> {
    let mut each = Vec::new();
    for (at, line) in (0..).zip(&order.lines) {
        let back = part.returned.iter().filter(|(of, _)| *of == at).map(|(_, quantity)| *quantity).sum::<Quantity>();
        if let (true, Some(article)) = (back.is_positive(), sight.books.article(line.article)?) {
            each.push(format!("{} {back} {}", article.card.name, article.card.unit));
        }
    }
    let goods = each.join(", ");
    Ok((!each.is_empty())
        .then(|| Line::toned(sight.words.say_with("order.returned", &[("goods", &goods)]), Tone::Soon)))
}

/// The gifts that stayed when their goods came back, and were charged (M4.6).
pub fn charged(sight: &Sight<'_>, order: &Order) -> Result<Option<Line>, Fault> {
    let mut each = Vec::new();
    for charged in &order.charged {
        if let Some(article) = sight.books.article(order.lines[usize::from(charged.line)].article)? {
            each.push(format!("{} {} {}", article.card.name, charged.quantity, article.card.unit));
        }
    }
    let (goods, amount) = (each.join(", "), order.charges());
    let words = || sight.words.say_with("order.charged", &[("goods", &goods), ("amount", &amount)]);
    Ok((!each.is_empty()).then(|| Line::toned(words(), Tone::Soon)))
}

/// What keeps a dealer's shipments back (M1.2, M1.3, M1.4).
pub fn missing(sight: &Sight<'_>, dealer: crate::domain::id::DealerId) -> Result<Vec<Line>, Fault> {
    let Some(dealer) = sight.books.dealer(dealer)? else {
        return Ok(vec![]);
    };
    Ok(refusals(sight.words, &dealer.incomplete(), sight.settings.zone))
}

/// Refusals as lines.
pub fn refusals(words: &Words, refusals: &[Refusal], zone: Zone) -> Vec<Line> {
    let data = serde_json::to_value(refusals).unwrap_or_default();
    refusal::lines(words, &data, zone).into_iter().map(|line| Line::toned(line, Tone::Late)).collect()
}

/// Who prepared the paper of a month, and who confirmed it for finance.
pub fn settled(sight: &Sight<'_>, prepared: &Mark, confirmed: Option<&Mark>) -> Result<Vec<Line>, Fault> {
    let marks = [("settlement.prepared", Some(prepared)), ("settlement.confirmed", confirmed)];
    let marks = marks.into_iter().filter_map(|(key, mark)| Some((key, mark?)));
    let line = |(key, mark): (&str, &Mark)| {
        let (by, at) = (name(sight.books, mark.by)?, mark.at.short(sight.settings.zone));
        Ok(Line::plain(sight.words.say_with(key, &[("by", &by), ("at", &at)])))
    };
    marks.map(line).collect()
}

/// Where the money of an order came from.
pub fn money(words: &Words, order: &Order, zone: Zone) -> Vec<Line> {
    let one = |allocation: &crate::domain::order::Allocation| {
        let source = match allocation.source {
            Source::Payment(flow) => flow.to_string(),
            Source::Credit => words.say("order.from_credit").to_owned(),
            Source::Tolerated => words.say("order.tolerated").to_owned(),
        };
        Line::plain(format!("{}  {source}  {}", allocation.paid_at.short(zone), allocation.amount))
    };
    order.allocations.iter().map(one).collect()
}
