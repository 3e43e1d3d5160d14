//! The stocktakes (盘点), the latest first: how far both counters are by places, and the next step. No figure of the book.
//!
//! Enter opens one's own sheet where there is one to fill in, else the whole of it.

use ratatui::layout::{Position, Rect};

use crate::domain::arranging::AbandonStocktake;
use crate::domain::command::Command;
use crate::domain::id::{PersonId, StocktakeId};
use crate::domain::stocktake::{Stage, Stocktake};
use crate::domain::text::Text;
use crate::store::books::{Counts, Fault};
use crate::ui::Pen;
use crate::ui::canvas::Canvas;
use crate::ui::keymap::Kind;
use crate::ui::locale::Words;
use crate::ui::look::Tone;
use crate::ui::pane::stocktake_words::{self as said, Walk};
use crate::ui::pane::{Act, Ask, Body, Deed, Opening, Screen, Sight, Subject, unread};
use crate::ui::part::list::{Cell, Column, List, Need, Picture, Row};
use crate::ui::part::scroll::{Line, Scroll};
use crate::ui::text::Align;

const COLUMNS: &[Column] = &[
    Column { title: "stocktake.column_id", least: 8, most: 8, align: Align::Left, rank: 0 },
    Column { title: "stocktake.column_stage", least: 6, most: 8, align: Align::Left, rank: 1 },
    Column { title: "stocktake.column_walks", least: 30, most: 44, align: Align::Left, rank: 2 },
    Column { title: "stocktake.column_kind", least: 8, most: 10, align: Align::Left, rank: 3 },
    Column { title: "stocktake.column_day", least: 10, most: 10, align: Align::Left, rank: 4 },
    Column { title: "stocktake.column_scope", least: 8, most: 20, align: Align::Left, rank: 5 },
];

/// The stocktakes.
#[derive(Default)]
pub struct Stocktakes {
    list: List<StocktakeId>,
    chosen: Option<Stocktake>,
    walks: Vec<(StocktakeId, Vec<Walk>)>,
    detail: Vec<Line>,
    who: Option<PersonId>,
}

impl Stocktakes {
    fn rows(
        &mut self,
        sight: &Sight<'_>,
        need: Need<StocktakeId>,
        height: usize,
    ) -> Result<Vec<Row<StocktakeId>>, Fault> {
        let above = |id: StocktakeId| StocktakeId(id.0 + 1);
        let page = match need {
            Need::First => sight.books.stocktakes(None, height)?,
            Need::From(id) => sight.books.stocktakes(Some(above(id)), height)?,
            Need::After(id) => sight.books.stocktakes(Some(id), height)?,
            Need::Before(id) => sight.books.stocktakes(Some(StocktakeId(id.0 + height as u32 + 1)), height)?,
            Need::Last => sight.books.stocktakes(Some(StocktakeId(height as u32 + 1)), height)?,
        };
        let page = page.into_iter().filter(|take| !matches!(need, Need::Before(id) if take.id <= id));
        page.map(|take| self.row(sight, &take)).collect()
    }

    fn row(&mut self, sight: &Sight<'_>, take: &Stocktake) -> Result<Row<StocktakeId>, Fault> {
        let say = |section: &str, key: &str| sight.words.say(&format!("{section}.{key}")).to_owned();
        let tone = match take.stage {
            Stage::Closed | Stage::Abandoned => Tone::Faint,
            Stage::Differing | Stage::Settling => Tone::Soon,
            Stage::Counting | Stage::Recounting => Tone::Plain,
        };
        let cells = vec![
            Cell::plain(take.id.to_string()),
            Cell::toned(say("stocktake_stage", take.stage.key()), tone),
            Cell::plain(self.progress(sight, take)?),
            Cell::plain(say("stocktake_kind", take.kind.key())),
            Cell::plain(take.day.to_string()),
            Cell::plain(said::scope(sight.words, take)),
        ];
        Ok(Row { id: take.id, cells })
    }

    /// Who counts how far, by places, while the first sheets are filled in.
    fn progress(&mut self, sight: &Sight<'_>, take: &Stocktake) -> Result<String, Fault> {
        if take.stage != Stage::Counting {
            let names = take.sheets.iter().map(|sheet| said::people(sight, sheet)).collect::<Result<Vec<_>, _>>()?;
            return Ok(names.join(" / "));
        }
        let at = self.walks.iter().position(|(id, _)| *id == take.id).unwrap_or_else(|| {
            self.walks.push((take.id, Vec::new()));
            self.walks.len() - 1
        });
        let walks = &mut self.walks[at].1;
        walks.resize(take.sheets.len(), Walk::default());
        let mut each = Vec::new();
        for (sheet, walk) in take.sheets.iter().zip(walks) {
            walk.read(sight, take, sheet.no)?;
            let person = said::people(sight, sheet)?;
            each.push(format!("{person} {}/{} {}%", walk.done(), walk.of(), walk.percent()));
        }
        Ok(each.join("  "))
    }

    fn look_closer(&mut self, sight: &Sight<'_>) -> Result<(), Fault> {
        self.who = Some(sight.who.id);
        self.chosen = self.list.at().map_or(Ok(None), |id| sight.books.stocktake(id))?;
        self.detail.clear();
        if let Some(take) = &self.chosen {
            self.detail = said::head(sight, take, &mut Vec::new())?;
        }
        Ok(())
    }

    /// One's own sheet, while it takes lines.
    fn own(&self) -> Option<Opening> {
        let (take, who) = (self.chosen.as_ref()?, self.who?);
        let is_open = matches!(take.stage, Stage::Counting | Stage::Recounting);
        let own = take.sheet_of(who).filter(|sheet| is_open && !sheet.is_frozen());
        own.map(|_| Opening::Count(take.id, Text::default()))
    }

    fn open(&self) -> Option<Opening> {
        self.own().or_else(|| self.chosen.as_ref().map(|take| Opening::Stocktake(take.id)))
    }

    /// F8: one's own sheet, else what differs.
    fn step(&self) -> Option<Opening> {
        let take = self.chosen.as_ref()?;
        let differs = !matches!(take.stage, Stage::Counting | Stage::Abandoned);
        self.own().or(Some(if differs { Opening::Compare(take.id) } else { Opening::Stocktake(take.id) }))
    }

    fn abandon(&self) -> Option<Ask> {
        let take = self.chosen.as_ref()?;
        let stocktake = take.id;
        let lines = self.detail.iter().map(|line| line.words.clone()).collect();
        let make = move |reason| Command::AbandonStocktake(AbandonStocktake { stocktake, reason });
        Some(Ask::with_reason(take.id.to_string(), lines, make))
    }
}

impl Screen for Stocktakes {
    const NAME: &'static str = "stocktakes";
    const KIND: Kind = Kind::List;
    const ACTS: &'static [Act<Self>] = &[
        Act { name: "row.open", command: |_| None, deed: Deed::Open(Stocktakes::open) },
        Act {
            name: "row.new",
            command: |_| Some("open_stocktake"),
            deed: Deed::Open(|_| Some(Opening::StocktakeForm)),
        },
        Act {
            name: "row.journal",
            command: |_| None,
            deed: Deed::Open(|pane| pane.list.at().map(|take| Opening::Journal(Subject::Stocktake(take)))),
        },
        Act { name: "stocktake.step", command: |_| None, deed: Deed::Open(Stocktakes::step) },
        Act {
            name: "stocktake.whole",
            command: |_| None,
            deed: Deed::Open(|pane| pane.list.at().map(Opening::Stocktake)),
        },
        Act { name: "stocktake.claims", command: |_| None, deed: Deed::Open(|_| Some(Opening::Claims)) },
        Act {
            name: "stocktake.abandon",
            command: |_| Some("abandon_stocktake"),
            deed: Deed::Ask(|pane, _| pane.abandon()),
        },
    ];

    fn title(&self, words: &Words) -> String {
        format!("{}  {}", words.say("pane.stocktakes"), words.say("stocktake.blind"))
    }

    fn refresh(&mut self, sight: &Sight<'_>) -> Result<(), Text> {
        let mut list = std::mem::take(&mut self.list);
        let read = list.read(|need, height| self.rows(sight, need, height));
        self.list = list;
        read.map_err(unread)?;
        self.look_closer(sight).map_err(unread)
    }

    fn refocus(&mut self, sight: &Sight<'_>) -> Result<(), Text> {
        self.look_closer(sight).map_err(unread)
    }

    fn render(&self, area: Rect, buf: &mut Canvas, pen: Pen<'_>, focused: bool) -> Option<Position> {
        let picture = Picture {
            columns: COLUMNS,
            titles: COLUMNS.iter().map(|column| pen.say(column.title)).collect(),
            number: pen.say("list.number"),
            focused,
            empty: pen.say("stocktake.none"),
            look: pen.look,
        };
        picture.render(&self.list, area, buf);
        // Where the list is short, how far the chosen one has come fills the rest.
        let used = (self.list.rows().len() as u16 + 2).min(area.height);
        let rest = Rect { x: area.x + 1.min(area.width), y: area.y + used, height: area.height - used, ..area };
        if !focused && rest.height > 0 {
            let width = rest.width.saturating_sub(1);
            let mut text = Scroll::new(self.detail.iter().skip(1).cloned().collect());
            text.fit(width.into(), rest.height.into());
            text.render(Rect { width, ..rest }, buf, pen);
        }
        None
    }

    fn body(&mut self) -> Body<'_> {
        Body::Rows(&mut self.list)
    }

    fn detail(&self) -> &[Line] {
        &self.detail
    }
}
