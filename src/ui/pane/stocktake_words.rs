//! A stocktake in words: whose sheet, how far it is by places, what differs. Book figures only where `Blindness` shows them.

use crate::domain::goods::ArticleCard;
use crate::domain::id::{ArticleId, StocktakeId};
use crate::domain::stocktake::{Method, Sheet, Stocktake};
use crate::domain::text::Text;
use crate::store::books::{Books, Fault, Walks};
use crate::ui::locale::Words;
use crate::ui::look::Tone;
use crate::ui::pane::Sight;
use crate::ui::part::scroll::Line;

/// How far a sheet has come, by places.
#[derive(Debug, Clone, Default)]
pub struct Walk {
    places: Vec<Text>,
    /// For which stocktake and how many articles the places were gathered: they follow from cards, which change seldom.
    gathered: Option<(StocktakeId, i64)>,
    done: usize,
}

impl Walk {
    /// Reads it. Places are gathered once for as long as no article is listed.
    pub fn read(&mut self, sight: &Sight<'_>, take: &Stocktake, sheet: u8) -> Result<(), Fault> {
        let key = (take.id, sight.books.count("articles")?);
        if self.gathered != Some(key) {
            self.places = sight.books.places_in_scope(take)?;
            self.gathered = Some(key);
        }
        self.done = sight.books.places_counted(take.id, sheet)?;
        Ok(())
    }

    /// The places that have to be walked.
    pub fn places(&self) -> &[Text] {
        &self.places
    }

    /// At how many places something was counted.
    pub fn done(&self) -> usize {
        self.done
    }

    /// Of so many.
    pub fn of(&self) -> usize {
        self.places.len().max(self.done)
    }

    /// The same as a percentage.
    pub fn percent(&self) -> usize {
        (self.done * 100).checked_div(self.of()).unwrap_or(0)
    }

    /// The same in words.
    pub fn words(&self, words: &Words) -> String {
        let values: [(&str, &dyn std::fmt::Display); 3] =
            [("done", &self.done), ("of", &self.of()), ("percent", &self.percent())];
        words.say_with("count.walked", &values)
    }
}

/// A bar of `cells` for so many of so many.
pub fn bar(done: usize, of: usize, cells: usize) -> String {
    let inside = cells.saturating_sub(2);
    let full = (inside * done).checked_div(of).unwrap_or(0).min(inside);
    format!("[{}{}]", "#".repeat(full), "-".repeat(inside - full))
}

/// What a sheet is called.
pub fn sheet_name(words: &Words, take: &Stocktake, no: u8) -> String {
    match no {
        _ if take.is_recount(no) => words.say("count.sheet_again").to_owned(),
        _ if take.method == Method::OneSheet => words.say("count.sheet_both").to_owned(),
        1 => words.say("count.sheet_1").to_owned(),
        _ => words.say("count.sheet_2").to_owned(),
    }
}

/// The mark of goods that need special handling, with who keeps them (W12); empty for others.
pub fn special(words: &Words, card: &ArticleCard) -> String {
    if card.special.is_empty() {
        return String::new();
    }
    words.say_with("count.special", &[("mark", &card.special)])
}

/// Goods at a place, without any figure.
pub fn goods(sight: &Sight<'_>, article: ArticleId, place: &Text) -> Result<String, Fault> {
    let Some(article) = sight.books.article(article)? else { return Ok(place.to_string()) };
    let mark = special(sight.words, &article.card);
    Ok(format!("{} {} {} {mark}", place, article.card.code, article.card.name).trim().to_owned())
}

/// Who counts on a sheet, for words.
pub fn people(sight: &Sight<'_>, sheet: &Sheet) -> Result<String, Fault> {
    let name =
        |hand: &crate::domain::stocktake::Hand| sight.books.person_name(hand.person).map(|name| name.to_string());
    Ok(sheet.hands.iter().map(name).collect::<Result<Vec<_>, _>>()?.join("+"))
}

/// What is counted, in words.
pub fn scope(words: &Words, take: &Stocktake) -> String {
    use crate::domain::stocktake::Scope;
    let key = format!("stocktake_scope.{}", take.scope.key());
    match &take.scope {
        Scope::Whole => words.say(&key).to_owned(),
        Scope::Places(places) => {
            let named: Vec<&str> = places.iter().map(Text::as_str).collect();
            format!("{} {}", words.say(&key), named.join(" "))
        }
        Scope::Articles(articles) => format!("{} {}", words.say(&key), articles.len()),
    }
}

/// A stocktake in a few lines: what, when, by whom, how far, and what is next.
pub fn head(sight: &Sight<'_>, take: &Stocktake, walks: &mut Vec<Walk>) -> Result<Vec<Line>, Fault> {
    let words = sight.words;
    let say = |section: &str, key: &str| words.say(&format!("{section}.{key}")).to_owned();
    let values: [(&str, &dyn std::fmt::Display); 6] = [
        ("stocktake", &take.id),
        ("kind", &say("stocktake_kind", take.kind.key())),
        ("day", &take.day),
        ("scope", &scope(words, take)),
        ("stage", &say("stocktake_stage", take.stage.key())),
        ("frozen", &words.say(if take.frozen { "stocktake.frozen" } else { "stocktake.moving" })),
    ];
    let mut lines = vec![Line::title(words.say_with("stocktake.head", &values))];
    walks.resize(take.sheets.len(), Walk::default());
    for (sheet, walk) in take.sheets.iter().zip(walks) {
        walk.read(sight, take, sheet.no)?;
        let state = if sheet.is_complete() { "stocktake.handed_in" } else { "stocktake.counting" };
        let values: [(&str, &dyn std::fmt::Display); 5] = [
            ("sheet", &sheet_name(words, take, sheet.no)),
            ("person", &people(sight, sheet)?),
            ("walk", &if take.is_recount(sheet.no) { String::new() } else { walk.words(words) }),
            ("bar", &if take.is_recount(sheet.no) { String::new() } else { bar(walk.done(), walk.of(), 26) }),
            ("state", &words.say(state)),
        ];
        lines.push(Line::plain(words.say_with("stocktake.sheet", &values)));
    }
    let next = format!("stocktake.next_{}", take.stage.key());
    lines.push(Line::toned(words.say(&next), Tone::Faint));
    Ok(lines)
}
