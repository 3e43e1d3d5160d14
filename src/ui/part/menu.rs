//! The menu of a screen: every act with its number, its words and its keys, and why it would be refused now.
//!
//! A number runs its act as soon as no other number begins with it; letters and Chinese filter, so that 签核 is found
//! by `qh`. Enter runs the chosen line. It is printed from the keymap, like the bar and the help.

use std::cell::Cell;

use ratatui::layout::{Position, Rect};

use crate::find::{Entry, Index};
use crate::ui::Pen;
use crate::ui::canvas::Canvas;
use crate::ui::face::{Key, Press};
use crate::ui::look::Tone;
use crate::ui::part::dialog_view::frame;
use crate::ui::part::input::{Input, Kind};
use crate::ui::text::{self, Align};

/// One act in the menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// The act's name.
    pub act: String,
    /// Its number.
    pub number: Option<u8>,
    /// Its words.
    pub words: String,
    /// Its keys, as text.
    pub keys: String,
    /// Why it would be refused now, or what it asks first.
    pub remark: String,
}

/// What came of a press.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Chosen {
    /// It still waits.
    Waits,
    /// No such number; the bell rings.
    Bell,
    /// This act.
    Act(String),
}

/// The menu.
pub struct Menu {
    title: String,
    items: Vec<Item>,
    input: Input,
    at: usize,
    index: Index<usize>,
    /// How many items the last picture had room for.
    page: Cell<usize>,
}

impl Menu {
    /// A menu of `items`, searched as everything else is, pinyin included.
    pub fn new(title: String, items: Vec<Item>) -> Menu {
        let mut index = Index::default();
        for (at, item) in items.iter().enumerate() {
            index.put(at, Entry { name: &item.words, ..Entry::default() });
        }
        Menu { title, items, input: Input::new(Kind::Text), at: 0, index, page: Cell::new(0) }
    }

    /// The items that the filter leaves, in order.
    pub fn shown(&self) -> Vec<&Item> {
        let query = self.input.text().trim();
        if query.is_empty() {
            return self.items.iter().collect();
        }
        if query.bytes().all(|b| b.is_ascii_digit()) {
            let begins = |item: &&Item| item.number.is_some_and(|number| number.to_string().starts_with(query));
            return self.items.iter().filter(begins).collect();
        }
        let hits = self.index.find(query, self.items.len());
        hits.rows.iter().filter_map(|hit| self.items.get(hit.id)).collect()
    }

    /// A press. Cancelling is the shell's.
    pub fn press(&mut self, press: &Press) -> Chosen {
        match press {
            Press::Key(Key::Up, _) => self.at = self.at.saturating_sub(1),
            Press::Key(Key::Down, _) => self.at = (self.at + 1).min(self.shown().len().saturating_sub(1)),
            Press::Key(Key::PageDown, _) => self.turn(true),
            Press::Key(Key::PageUp, _) => self.turn(false),
            Press::Key(Key::Enter, _) => {
                return self.shown().get(self.at).map_or(Chosen::Bell, |item| Chosen::Act(item.act.clone()));
            }
            Press::Key(key, _) => drop(self.input.edit(*key)),
            Press::Char(c) => return self.typed(c.encode_utf8(&mut [0; 4])),
            Press::Burst { text, entered: false } => return self.typed(text),
            Press::Burst { .. } | Press::Paste(_) => return Chosen::Bell,
        }
        Chosen::Waits
    }

    /// A page on or back, to its first item: as much as the last picture had room for.
    fn turn(&mut self, on: bool) {
        let page = self.page.get().max(1);
        let first = self.at - self.at % page;
        let last = self.shown().len().saturating_sub(1);
        self.at = match on {
            true if first + page > last => self.at,
            true => first + page,
            false => first.saturating_sub(page),
        };
    }

    fn typed(&mut self, text: &str) -> Chosen {
        if self.input.insert(&crate::domain::text::fold(text)).is_err() {
            return Chosen::Bell;
        }
        self.at = 0;
        let number = self.input.text().trim().parse::<u8>().ok();
        match (number, &self.shown()[..]) {
            (Some(number), [only]) if only.number == Some(number) => Chosen::Act(only.act.clone()),
            (Some(_), []) => {
                self.input.clear();
                Chosen::Bell
            }
            _ => Chosen::Waits,
        }
    }

    /// Draws the menu in the middle of `area`. Returns where the cursor stands.
    pub fn render(&self, area: Rect, buf: &mut Canvas, pen: Pen<'_>) -> Option<Position> {
        let shown = self.shown();
        let widest =
            |each: fn(&Item) -> &str| self.items.iter().map(|item| text::width(each(item))).max().unwrap_or(0) as u16;
        let (words, keys) = (widest(|item| &item.words), widest(|item| &item.keys));
        let width = (4 + words + 2 + keys + 2 + widest(|item| &item.remark) + 4).clamp(40, 76);
        let inside = frame(&self.title, width, self.items.len() as u16 + 3, area, buf, pen);
        if inside.height == 0 {
            return None;
        }
        let hint = pen.say("menu.hint");
        let x = text::put(buf, inside.x, inside.y, inside.width, "> ", pen.style(Tone::Plain));
        let room = inside.right().saturating_sub(x);
        let (typed, at) = self.input.window(room.into());
        text::put(buf, x, inside.y, room, &typed, pen.style(Tone::Field));
        let after = inside.right().saturating_sub(text::width(hint) as u16);
        if after > x + text::width(&typed) as u16 + 2 {
            text::put(buf, after, inside.y, inside.right() - after, hint, pen.style(Tone::Faint));
        }
        let height = usize::from(inside.height - 1);
        self.page.set(height);
        let first = self.at - self.at % height.max(1);
        if shown.len() > height {
            let until = (first + height).min(shown.len());
            let values = [("from", &(first + 1) as &dyn std::fmt::Display), ("until", &until), ("of", &shown.len())];
            let more = text::cut(&format!(" {} ", pen.words.say_with("menu.more", &values)), inside.width.into());
            let x = inside.right().saturating_sub(text::width(&more) as u16);
            text::put(buf, x, inside.bottom(), inside.width, &more, pen.style(Tone::Title));
        }
        for (row, (place, item)) in shown.iter().enumerate().skip(first).take(height).enumerate() {
            let line = Rect { y: inside.y + 1 + row as u16, height: 1, ..inside };
            item_row(item, self.at == place, [words, keys], line, buf, pen);
        }
        (room > 0).then(|| Position { x: x + at as u16, y: inside.y })
    }
}

fn item_row(item: &Item, chosen: bool, [words, keys]: [u16; 2], line: Rect, buf: &mut Canvas, pen: Pen<'_>) {
    let style = pen.style(if chosen { Tone::Chosen } else { Tone::Plain });
    text::put_fit(buf, line.x, line.y, line.width, "", Align::Left, style);
    let number = item.number.map_or_else(String::new, |number| number.to_string());
    let mark = if chosen { '>' } else { ' ' };
    let parts = [(format!("{mark}{number:>2} "), 4), (item.words.clone(), words + 2), (item.keys.clone(), keys + 2)];
    let mut x = line.x;
    for (part, cells) in parts {
        text::put(buf, x, line.y, line.right().saturating_sub(x).min(cells), &part, style);
        x = x.saturating_add(cells);
    }
    text::put(buf, x, line.y, line.right().saturating_sub(x), &item.remark, style);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn menu() -> Menu {
        let item = |act: &str, number, words: &str| Item {
            act: act.into(),
            number,
            words: words.into(),
            keys: String::new(),
            remark: String::new(),
        };
        let items = vec![
            item("advance", Some(1), "签核"),
            item("hold", Some(2), "挂起"),
            item("quit", Some(0), "退出程序"),
            item("lang", Some(97), "换成英文"),
            item("lock", Some(98), "锁屏"),
            item("open", None, "详情"),
        ];
        Menu::new("菜单".into(), items)
    }

    fn typed(menu: &mut Menu, text: &str) -> Vec<Chosen> {
        text.chars().map(|c| menu.press(&Press::Char(c))).collect()
    }

    #[test]
    fn a_number_runs_as_soon_as_it_is_clear() {
        assert_eq!(typed(&mut menu(), "2"), [Chosen::Act("hold".into())]);
        assert_eq!(typed(&mut menu(), "98"), [Chosen::Waits, Chosen::Act("lock".into())]);
        assert_eq!(typed(&mut menu(), "５"), [Chosen::Bell]);
        assert_eq!(typed(&mut menu(), "tccx").len(), 4, "letters filter and run nothing");
        assert_eq!(typed(&mut menu(), "２"), [Chosen::Act("hold".into())]);
    }

    #[test]
    fn words_filter_and_enter_runs() {
        let mut menu = menu();
        typed(&mut menu, "xq");
        assert_eq!(menu.shown().len(), 1);
        assert_eq!(menu.press(&Press::key(Key::Enter)), Chosen::Act("open".into()));
    }

    #[test]
    fn arrows_choose() {
        let mut menu = menu();
        for _ in 0..9 {
            assert_eq!(menu.press(&Press::key(Key::Down)), Chosen::Waits);
        }
        assert_eq!(menu.press(&Press::key(Key::Enter)), Chosen::Act("open".into()));
    }

    #[test]
    fn a_scan_is_refused() {
        assert_eq!(menu().press(&Press::Burst { text: "97870".into(), entered: true }), Chosen::Bell);
    }
}
