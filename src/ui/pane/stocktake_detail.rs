//! A stocktake to read: the whole of it, and the lines of one sheet. What a person may see is the one rule's word.

use crate::domain::id::StocktakeId;
use crate::domain::stocktake::{CountLine, Stocktake};
use crate::store::books::{Books, Counts, Fault};
use crate::ui::look::Tone;
use crate::ui::pane::Sight;
use crate::ui::pane::stocktake_words as said;
use crate::ui::part::scroll::Line;
use crate::ui::text::{Align, fit};

/// The most lines of a sheet that are shown.
const LINES: usize = 2_000;

/// A stocktake, whole: how far it is, who was there, what came of it.
pub(super) fn whole(sight: &Sight<'_>, take: &Stocktake) -> Result<Vec<Line>, Fault> {
    let words = sight.words;
    let mut lines = said::head(sight, take, &mut Vec::new())?;
    let names = |ids: &[crate::domain::id::PersonId]| {
        let names = ids.iter().map(|id| sight.books.person_name(*id).map(|name| name.to_string()));
        names.collect::<Result<Vec<_>, _>>().map(|names| names.join(", "))
    };
    let opened = [take.by];
    let method = words.say(&format!("stocktake_method.{}", take.method.key())).to_owned();
    let values: [(&str, &dyn std::fmt::Display); 5] = [
        ("by", &names(&opened)?),
        ("at", &take.at.full(sight.settings.zone)),
        ("counters", &names(&take.counters)?),
        ("present", &names(&take.present)?),
        ("method", &method),
    ];
    lines.push(Line::plain(words.say_with("stocktake.arranged", &values)));
    lines.extend(Some(take.note.as_str()).filter(|note| !note.is_empty()).map(Line::plain));
    let blindness = sight.books.blindness(Some(sight.who.id))?;
    if take.compared > 0 && blindness.sees_sums(take) {
        let sum = take.sum;
        let values: [(&str, &dyn std::fmt::Display); 4] = [
            ("rows", &sum.rows),
            ("again", &sum.again),
            ("differing", &sum.differing),
            ("unexplained", &sum.unexplained),
        ];
        lines.push(Line::plain(words.say_with("stocktake.sum", &values)));
    }
    if let Some((by, at)) = take.agreed {
        let values: [(&str, &dyn std::fmt::Display); 2] =
            [("by", &names(&[by])?), ("at", &at.full(sight.settings.zone))];
        lines.push(Line::plain(words.say_with("stocktake.agreed", &values)));
    }
    if let Some((by, at, note)) = &take.ended {
        let values: [(&str, &dyn std::fmt::Display); 3] =
            [("by", &names(&[*by])?), ("at", &at.full(sight.settings.zone)), ("note", note)];
        lines.push(Line::plain(words.say_with("stocktake.ended", &values)));
    }
    for sheet in take.sheets.iter().filter(|sheet| blindness.sees_sheet(take, sheet.no)) {
        lines.push(Line::title(format!("{} {}", said::sheet_name(words, take, sheet.no), said::people(sight, sheet)?)));
        lines.extend(sheet_lines(sight, take, sheet.no, LINES)?);
    }
    Ok(lines)
}

/// The lines of a sheet, the latest first, with what they come to.
pub(super) fn sheet(sight: &Sight<'_>, id: StocktakeId, no: u8) -> Result<Vec<Line>, Fault> {
    let Some(take) = sight.books.stocktake(id)? else { return Ok(vec![]) };
    if !sight.books.blindness(Some(sight.who.id))?.sees_sheet(&take, no) {
        return Ok(vec![Line::toned(sight.words.say("stocktake.not_yours_to_see"), Tone::Late)]);
    }
    sheet_lines(sight, &take, no, LINES)
}

fn sheet_lines(sight: &Sight<'_>, take: &Stocktake, no: u8, most: usize) -> Result<Vec<Line>, Fault> {
    let lines = sight.books.count_lines(take.id, no, None, most)?;
    lines.iter().map(|line| in_words(sight, line)).collect()
}

fn in_words(sight: &Sight<'_>, line: &CountLine) -> Result<Line, Fault> {
    let words = sight.words;
    let article = line.article.map_or(Ok(None), |id| sight.books.article(id))?;
    let (name, unit) = match &article {
        Some(article) => (article.card.name.to_string(), article.card.unit.to_string()),
        None => (words.say("count.unknown").to_owned(), String::new()),
    };
    let special = article.as_ref().map_or_else(String::new, |article| said::special(words, &article.card));
    let state = match line.standing {
        0 => words.say("count.taken_back"),
        _ if !line.in_scope => words.say("count.out_of_scope"),
        _ => "",
    };
    let left = |text: &str, cells| fit(text, cells, Align::Left);
    let row = format!(
        "{} {} {} {} {} {} {special} {state}",
        fit(&line.line.to_string(), 5, Align::Right),
        left(&line.place, 7),
        left(&line.code, 14),
        left(&name, 20),
        fit(&line.quantity.to_string(), 9, Align::Right),
        left(&unit, 4),
    );
    let tone = match () {
        () if line.standing == 0 => Tone::Faint,
        () if line.article.is_none() => Tone::Soon,
        () => Tone::Plain,
    };
    Ok(Line::toned(row.trim_end(), tone))
}
