//! Goods and prices (商品价格): found by code, barcode, name and pinyin, with what is in stock, where, and at what price.
//!
//! Who counts goods blind sees no stock of them here (M5.1).

use crate::domain::blindness::Blindness;
use crate::domain::command::Command;
use crate::domain::goods::{Article, PriceOf, SetPrice};
use crate::domain::id::ArticleId;
use crate::domain::setting::Tier;
use crate::domain::text::Text;
use crate::domain::time::Day;
use crate::store::books::{Books, Counts, Fault, Stockroom};
use crate::ui::keymap::Confirm;
use crate::ui::locale::Words;
use crate::ui::look::Tone;
use crate::ui::pane::listing::{Listing, Table};
use crate::ui::pane::{Act, Ask, Deed, Filled, Objection, Opening, Sight, Subject};
use crate::ui::part::field::Field;
use crate::ui::part::input;
use crate::ui::part::list::{Cell, Column, Need, Row};
use crate::ui::part::scroll::Line;
use crate::ui::text::Align;

const COLUMNS: &[Column] = &[
    Column { title: "column.code", least: 8, most: 14, align: Align::Left, rank: 1 },
    Column { title: "column.name", least: 16, most: 40, align: Align::Left, rank: 0 },
    Column { title: "column.retail_price", least: 9, most: 11, align: Align::Right, rank: 2 },
    Column { title: "column.sound", least: 8, most: 11, align: Align::Right, rank: 3 },
    Column { title: "column.packed", least: 7, most: 11, align: Align::Right, rank: 5 },
    Column { title: "column.place", least: 6, most: 10, align: Align::Left, rank: 4 },
    Column { title: "column.special", least: 8, most: 14, align: Align::Left, rank: 6 },
    Column { title: "column.barcode", least: 13, most: 14, align: Align::Left, rank: 7 },
];
/// The most rows a filter shows.
const FOUND: usize = 500;
/// How many movements of an article its detail shows at each place.
const MOVES: usize = 12;

/// The goods.
pub type Goods = Listing<GoodsTable>;

/// What the list of goods is about.
#[derive(Default)]
pub struct GoodsTable {
    chosen: Option<Article>,
    tiers: Vec<Tier>,
    today: Option<Day>,
}

/// Articles are numbered without gaps, so that any page is a range.
fn page(sight: &Sight<'_>, need: Need<ArticleId>, height: usize) -> Result<Vec<ArticleId>, Fault> {
    let last = u32::try_from(sight.books.count("articles")?).unwrap_or(u32::MAX);
    let room = u32::try_from(height).unwrap_or(u32::MAX);
    let range = match need {
        Need::First => 1..=room.min(last),
        Need::From(id) => id.0..=id.0.saturating_add(room - 1).min(last),
        Need::After(id) => id.0 + 1..=id.0.saturating_add(room).min(last),
        Need::Before(id) => id.0.saturating_sub(room).max(1)..=id.0 - 1,
        Need::Last => (last + 1).saturating_sub(room).max(1)..=last,
    };
    Ok(range.map(ArticleId).collect())
}

fn row(sight: &Sight<'_>, blind: &Blindness, article: &Article) -> Result<Row<ArticleId>, Fault> {
    let day = sight.now.day(sight.settings.zone);
    let price = sight.books.price(article.id, &PriceOf::Retail, day)?;
    let stock = blind.book(article.id, sight.books.stock(article.id)?);
    let hidden = || Cell::toned(sight.words.say("goods.hidden"), Tone::Faint);
    let figure = |figure: Option<crate::domain::quantity::Quantity>| {
        figure.map_or_else(hidden, |quantity| Cell::plain(quantity.to_string()))
    };
    let card = &article.card;
    let cells = vec![
        Cell::plain(card.code.as_str()),
        Cell::plain(format!("{} ({})", card.name, card.unit)),
        match price {
            Some(price) => Cell::plain(price.to_string()),
            None => Cell::toned(sight.words.say("order.no_price"), Tone::Soon),
        },
        figure(stock.map(|stock| stock.on_hand - stock.packed)),
        figure(stock.map(|stock| stock.packed)),
        Cell::plain(card.location.as_str()),
        Cell::plain(card.special.as_str()),
        Cell::plain(card.barcode.as_str()),
    ];
    Ok(Row { id: article.id, cells })
}

/// Whom a price is for, in words.
fn owner(words: &Words, of: &PriceOf) -> String {
    match of {
        PriceOf::Retail => words.say("goods.retail").to_owned(),
        PriceOf::Tier(code) => words.say_with("goods.tier", &[("code", code)]),
    }
}

/// The prices of an article: those in force with their first day, and those that come.
fn price_lines(sight: &Sight<'_>, article: &Article) -> Result<Vec<Line>, Fault> {
    let today = sight.now.day(sight.settings.zone).ordinal();
    let prices = sight.books.prices(article.id)?;
    let in_force = |of: &PriceOf, from: i32| {
        from <= today && !prices.iter().any(|(other, later, _)| other == of && *later > from && *later <= today)
    };
    let line = |(of, from, price): &(PriceOf, i32, crate::domain::money::Money)| {
        let key = match (in_force(of, *from), *from > today) {
            (true, _) => "goods.price",
            (_, true) => "goods.price_to_come",
            _ => return None,
        };
        let day = Day::from_ordinal(*from).map_or_else(String::new, |day| day.to_string());
        let values = [("of", &owner(sight.words, of) as &dyn std::fmt::Display), ("price", price), ("from", &day)];
        Some(Line::plain(sight.words.say_with(key, &values)))
    };
    let lines: Vec<Line> = prices.iter().filter_map(line).collect();
    let none = || vec![Line::toned(sight.words.say("goods.no_prices"), Tone::Soon)];
    Ok(if lines.is_empty() { none() } else { lines })
}

fn head(words: &Words, article: &Article) -> Vec<Line> {
    let card = &article.card;
    let packs: Vec<String> = card
        .packs
        .iter()
        .map(|pack| format!("{} = {} {} {}", pack.unit, pack.holds, card.unit, pack.barcode))
        .collect();
    let mut lines = vec![Line::title(format!("{}  {}  {}", card.code, card.name, card.special))];
    let values =
        [("unit", &card.unit as &dyn std::fmt::Display), ("barcode", &card.barcode), ("place", &card.location)];
    lines.push(Line::plain(words.say_with("goods.card", &values)));
    if !packs.is_empty() {
        lines.push(Line::plain(words.say_with("goods.packs", &[("packs", &packs.join("; "))])));
    }
    lines
}

/// An article, whole: its card, its prices, where it lies and what moved there lately.
pub(super) fn article_lines(sight: &Sight<'_>, article: &Article) -> Result<Vec<Line>, Fault> {
    let words = sight.words;
    let mut lines = head(words, article);
    lines.push(Line::title(words.say("goods.prices")));
    lines.extend(price_lines(sight, article)?);
    lines.push(Line::title(words.say("goods.moves")));
    if sight.books.blindness(Some(sight.who.id))?.hides(article.id) {
        lines.push(Line::toned(words.say("goods.blind"), Tone::Soon));
        return Ok(lines);
    }
    for shelf in sight.books.lain(article.id)? {
        let values = [
            ("place", &shelf.place as &dyn std::fmt::Display),
            ("on_hand", &shelf.stock.on_hand),
            ("packed", &shelf.stock.packed),
            ("damaged", &shelf.stock.damaged),
        ];
        lines.push(Line::plain(words.say_with("goods.lies", &values)));
        for card in sight.books.moves(article.id, &shelf.place, .., MOVES)? {
            let moved = card.movement;
            let kind = words.say(&format!("move_kind.{}", moved.kind.key())).to_owned();
            let values = [
                ("at", &moved.at.short(sight.settings.zone) as &dyn std::fmt::Display),
                ("kind", &kind),
                ("change", &moved.change.on_hand),
                ("balance", &moved.balance.on_hand),
            ];
            lines.push(Line::plain(words.say_with("goods.moved", &values)));
        }
    }
    Ok(lines)
}

impl Table for GoodsTable {
    type Id = ArticleId;
    const NAME: &'static str = "goods";
    const COLUMNS: &'static [Column] = COLUMNS;
    const EMPTY: &'static str = "goods.none";
    const ACTS: &'static [Act<Goods>] = &[
        Act { name: "row.open", command: |_| None, deed: Deed::Open(|pane| pane.at().map(Opening::Article)) },
        Act {
            name: "row.new",
            command: |_| Some("list_article"),
            deed: Deed::Open(|_| Some(Opening::ArticleForm(None))),
        },
        Act {
            name: "row.edit",
            command: |_| Some("revise_article"),
            deed: Deed::Open(|pane| pane.at().map(|article| Opening::ArticleForm(Some(article)))),
        },
        Act {
            name: "row.journal",
            command: |_| None,
            deed: Deed::Open(|pane| pane.at().map(|article| Opening::Journal(Subject::Article(article)))),
        },
        Act { name: "goods.price", command: |_| Some("set_price"), deed: Deed::Ask(set_price) },
        Act { name: "goods.receive", command: |_| Some("receive_goods"), deed: Deed::Open(|_| Some(Opening::GoodsIn)) },
    ];

    fn title(&self, words: &Words) -> String {
        words.say("pane.goods").to_owned()
    }

    fn rows(
        &self,
        sight: &Sight<'_>,
        query: &str,
        need: Need<ArticleId>,
        height: usize,
    ) -> Result<Vec<Row<ArticleId>>, Fault> {
        let ids = match query {
            "" => page(sight, need, height)?,
            query => need.page_of(&sight.library.find_articles(query, FOUND), |id| *id, height).to_vec(),
        };
        let blind = sight.books.blindness(Some(sight.who.id))?;
        let articles = ids.into_iter().filter_map(|id| sight.books.article(id).transpose());
        articles.map(|article| row(sight, &blind, &article?)).collect()
    }

    fn look_closer(&mut self, sight: &Sight<'_>, at: Option<ArticleId>) -> Result<Vec<Line>, Fault> {
        self.tiers = sight.books.tiers()?;
        self.today = Some(sight.now.day(sight.settings.zone));
        self.chosen = at.map_or(Ok(None), |id| sight.books.article(id))?;
        let Some(article) = &self.chosen else { return Ok(vec![]) };
        let mut lines = head(sight.words, article);
        lines.extend(price_lines(sight, article)?);
        Ok(lines)
    }
}

/// A price of the chosen article, at retail or of a tier, from a day on.
fn set_price(pane: &Goods, words: &Words) -> Option<Ask> {
    let article = pane.of.chosen.as_ref()?;
    let code = article.card.code.clone();
    let tiers = pane.of.tiers.iter().map(|tier| (tier.code.to_string(), format!("{} {}", tier.code, tier.name)));
    let retail = [(String::new(), words.say("goods.retail").to_owned())];
    let today = pane.of.today.map_or_else(String::new, |day| day.to_string());
    let fields = vec![
        Field::choice("tier", "field.price_of", retail.into_iter().chain(tiers).collect()),
        Field::line("price", "field.price", input::Kind::Money).needed(),
        Field::line("from", "field.from_day", input::Kind::Day).needed().holding(&today),
    ];
    let make = move |filled: &Filled<'_>| {
        let fault = |field, key: &str| -> Objection { (field, key.to_owned()) };
        Ok(Command::SetPrice(SetPrice {
            article: code.clone(),
            tier: Some(Text::new(&filled("tier"))).filter(|tier| !tier.is_empty()),
            price: filled("price").parse().map_err(|_| fault("price", "input.not_an_amount"))?,
            from: filled("from").parse().map_err(|_| fault("from", "input.not_a_day"))?,
        }))
    };
    let lines = pane.lines().iter().skip(1).map(|line| line.words.clone()).collect();
    let title = format!("{} {}", article.card.code, article.card.name);
    Some(Ask { title, lines, fields, confirm: Some(Confirm::F8), make: Box::new(make) })
}
