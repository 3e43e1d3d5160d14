//! The places of the warehouse (库位), along the way through it, with what lies at the chosen one.

use ratatui::layout::{Position, Rect};

use crate::domain::blindness::Blindness;
use crate::domain::command::Command;
use crate::domain::id::ArticleId;
use crate::domain::place::{DefinePlace, Place};
use crate::domain::quantity::Quantity;
use crate::domain::stock::Shelf;
use crate::domain::text::Text;
use crate::store::books::{Books, Counts, Fault, Stockroom};
use crate::ui::Pen;
use crate::ui::canvas::Canvas;
use crate::ui::keymap::{Confirm, Kind};
use crate::ui::locale::Words;
use crate::ui::pane::bills::mark;
use crate::ui::pane::{Act, Ask, Body, Deed, Filled, Objection, Opening, Screen, Sight, unread};
use crate::ui::part::field::Field;
use crate::ui::part::input;
use crate::ui::part::list::{Cell, Column, List, Need, Picture, Row};
use crate::ui::text::Align;

const COLUMNS: &[Column] = &[
    Column { title: "column.turn", least: 5, most: 6, align: Align::Right, rank: 4 },
    Column { title: "column.place", least: 6, most: 12, align: Align::Left, rank: 0 },
    Column { title: "column.place_name", least: 8, most: 20, align: Align::Left, rank: 3 },
    Column { title: "column.code", least: 6, most: 14, align: Align::Left, rank: 2 },
    Column { title: "column.name", least: 12, most: 36, align: Align::Left, rank: 1 },
    Column { title: "column.sound", least: 9, most: 12, align: Align::Right, rank: 1 },
    Column { title: "column.packed", least: 7, most: 10, align: Align::Right, rank: 5 },
    Column { title: "column.damaged", least: 7, most: 10, align: Align::Right, rank: 4 },
];

/// A row: a place, and an article at it where one lies there.
type RowId = (u32, Option<ArticleId>);

/// The places of the warehouse.
#[derive(Default)]
pub struct Places {
    list: List<RowId>,
    places: Vec<Place>,
}

impl Places {
    fn place(&self) -> Option<&Place> {
        let (no, _) = self.list.at()?;
        self.places.iter().find(|place| place.no == no)
    }

    fn rows(&self, sight: &Sight<'_>, need: Need<RowId>, height: usize) -> Result<Vec<Row<RowId>>, Fault> {
        let blind = sight.books.blindness(Some(sight.who.id))?;
        let mut all: Vec<(RowId, &Place, Option<Shelf>)> = Vec::new();
        for place in &self.places {
            let mut there = sight.books.stock_of_place(&place.code)?;
            there.retain(|shelf| !shelf.stock.is_empty());
            if there.is_empty() {
                all.push(((place.no, None), place, None));
            }
            all.extend(there.into_iter().map(|shelf| ((place.no, Some(shelf.article)), place, Some(shelf))));
        }
        let page = need.page_of(&all, |(id, _, _)| *id, height);
        page.iter().map(|(id, place, shelf)| row(sight, *id, place, shelf.as_ref(), &blind)).collect()
    }
}

fn row(
    sight: &Sight<'_>,
    id: RowId,
    place: &Place,
    shelf: Option<&Shelf>,
    blind: &Blindness,
) -> Result<Row<RowId>, Fault> {
    let article = shelf.map_or(Ok(None), |shelf| sight.books.article(shelf.article))?;
    let card = article.map(|article| article.card);
    let seen = shelf.filter(|shelf| !blind.hides(shelf.article));
    let figure = |of: fn(&Shelf) -> Quantity| Cell::plain(seen.map_or_else(String::new, |shelf| of(shelf).to_string()));
    let cells = vec![
        Cell::plain(place.turn.to_string()),
        Cell::plain(place.code.as_str()),
        Cell::plain(place.name.as_str()),
        Cell::plain(card.as_ref().map_or_else(String::new, |card| card.code.to_string())),
        Cell::plain(card.as_ref().map_or_else(String::new, |card| format!("{}{}", card.name, mark(&card.special)))),
        figure(|shelf| shelf.stock.sound()),
        figure(|shelf| shelf.stock.packed),
        figure(|shelf| shelf.stock.damaged),
    ];
    Ok(Row { id, cells })
}

/// A place to define, or the chosen one to name anew.
fn define(known: Option<&Place>) -> Ask {
    let text = |of: fn(&Place) -> String| known.map_or_else(String::new, of);
    let fields = vec![
        Field::line("code", "field.place_code", input::Kind::Text)
            .needed()
            .holding(&text(|place| place.code.to_string())),
        Field::line("name", "field.name", input::Kind::Text).needed().holding(&text(|place| place.name.to_string())),
        Field::line("turn", "field.turn", input::Kind::Code).holding(&text(|place| place.turn.to_string())),
    ];
    let make = |filled: &Filled<'_>| {
        let turn = filled("turn");
        let wrong = |_| -> Objection { ("turn", "input.not_a_quantity".to_owned()) };
        let turn = if turn.is_empty() { 0 } else { turn.parse().map_err(wrong)? };
        let (code, name) = (Text::new(&filled("code")), Text::new(&filled("name")));
        Ok(Command::DefinePlace(DefinePlace { code, name, turn }))
    };
    let title = text(|place| format!("{} {}", place.code, place.name));
    Ask { title, lines: vec![], fields, confirm: Some(Confirm::F8), make: Box::new(make) }
}

impl Screen for Places {
    const NAME: &'static str = "places";
    const KIND: Kind = Kind::List;
    const ACTS: &'static [Act<Self>] = &[
        Act {
            name: "row.open",
            command: |_| None,
            deed: Deed::Open(|pane| pane.list.at().and_then(|(_, article)| article).map(Opening::Card)),
        },
        Act { name: "row.new", command: |_| Some("define_place"), deed: Deed::Ask(|_, _| Some(define(None))) },
        Act {
            name: "row.edit",
            command: |_| Some("define_place"),
            deed: Deed::Ask(|pane, _| pane.place().map(|place| define(Some(place)))),
        },
    ];

    fn title(&self, words: &Words) -> String {
        format!("{}  {}", words.say("pane.places"), self.places.len())
    }

    fn refresh(&mut self, sight: &Sight<'_>) -> Result<(), Text> {
        self.places = sight.books.places().map_err(unread)?;
        let mut list = std::mem::take(&mut self.list);
        let read = list.read(|need, height| self.rows(sight, need, height));
        self.list = list;
        read.map_err(unread)
    }

    fn refocus(&mut self, _: &Sight<'_>) -> Result<(), Text> {
        Ok(())
    }

    fn render(&self, area: Rect, buf: &mut Canvas, pen: Pen<'_>, focused: bool) -> Option<Position> {
        let picture = Picture {
            columns: COLUMNS,
            titles: COLUMNS.iter().map(|column| pen.say(column.title)).collect(),
            number: pen.say("list.number"),
            focused,
            empty: pen.say("place.none"),
            look: pen.look,
        };
        picture.render(&self.list, area, buf);
        None
    }

    fn body(&mut self) -> Body<'_> {
        Body::Rows(&mut self.list)
    }
}
