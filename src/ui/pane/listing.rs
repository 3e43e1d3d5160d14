//! A list as a screen: a page of rows, a filter, the chosen row and what is known of it. Each list is a [`Table`], which says
//! where its rows come from and what can be done with the chosen one; moving, filtering and drawing are the same for all.

use ratatui::layout::{Position, Rect};

use crate::domain::id::ImportId;
use crate::domain::text::Text;
use crate::domain::time::Moment;
use crate::store::books::Fault;
use crate::ui::Pen;
use crate::ui::canvas::Canvas;
use crate::ui::face::Focus;
use crate::ui::keymap::Kind;
use crate::ui::locale::Words;
use crate::ui::pane::{Act, Body, Deed, Screen, Sight, unread};
use crate::ui::part::find::Find;
use crate::ui::part::list::{Column, Coming, List, Need, Picture, Row};
use crate::ui::part::scroll::{Line, Scroll};

/// What one list is about.
pub trait Table: Sized + 'static {
    /// What a row stands for.
    type Id: Copy + PartialEq;
    /// The name of its keymap layer.
    const NAME: &'static str;
    /// Its columns.
    const COLUMNS: &'static [Column];
    /// The locale key of what stands where there is no row.
    const EMPTY: &'static str;
    /// Whether its rows can be filtered.
    const FINDS: bool = true;
    /// Whether the detail of the chosen row stands below the list.
    const SHOWS_DETAIL: bool = true;
    /// Whether it fills the rest of a short list, where the keys are elsewhere: all but its first line.
    const FILLS_WITH_DETAIL: bool = false;
    /// What can be done beyond moving and filtering.
    const ACTS: &'static [Act<Listing<Self>>];

    /// Its title, with its subject.
    fn title(&self, words: &Words) -> String;
    /// One page of the rows that fit the query, which is empty where nothing is looked for.
    fn rows(
        &self,
        sight: &Sight<'_>,
        query: &str,
        need: Need<Self::Id>,
        height: usize,
    ) -> Result<Vec<Row<Self::Id>>, Fault>;
    /// Looks at the chosen row. Returns its detail, for the block below the panes.
    fn look_closer(&mut self, sight: &Sight<'_>, at: Option<Self::Id>) -> Result<Vec<Line>, Fault>;
    /// Where the chosen row has gone, if its place in the list changed.
    fn moved(&self, _sight: &Sight<'_>, _at: Self::Id) -> Result<Option<Self::Id>, Fault> {
        Ok(None)
    }
    /// The first row of what an import brought that somebody has to do something to.
    fn imported(&self, _sight: &Sight<'_>, _import: ImportId) -> Result<Option<Self::Id>, Fault> {
        Ok(None)
    }
    /// A copy that looks at a row before it is chosen; none where that is not worth it.
    fn scout(&self) -> Option<Self> {
        None
    }
    /// The clock moved on: cells that count down are written anew.
    fn tick(&self, _rows: &mut [Row<Self::Id>], _now: Moment, _words: &Words) {}
}

/// A table of what is still open, which can show all of it.
pub trait Openness: Table {
    /// Whether all is shown.
    fn shows_all(&mut self) -> &mut bool;
}

/// A table's rows on a screen.
pub struct Listing<T: Table> {
    /// What it is about, and what is known of the chosen row.
    pub of: T,
    list: List<T::Id>,
    find: Find,
    detail: Vec<Line>,
    ahead: Option<Ahead<T>>,
}

/// A page of rows, and what was asked for it.
struct Page<I> {
    need: Need<I>,
    height: usize,
    rows: Vec<Row<I>>,
}

/// What the next step will need, read while nobody waits for it. It goes as soon as anything could make it untrue.
struct Ahead<T: Table> {
    /// Another page, where the step leaves this one.
    page: Option<Page<T::Id>>,
    at: T::Id,
    of: T,
    detail: Vec<Line>,
}

impl<T: Table + Default> Default for Listing<T> {
    fn default() -> Listing<T> {
        Listing::of(T::default())
    }
}

impl<T: Table> Listing<T> {
    /// The list of a table, from its first row.
    pub fn of(of: T) -> Listing<T> {
        Listing { of, list: List::default(), find: Find::default(), detail: vec![], ahead: None }
    }

    /// The chosen row.
    pub fn at(&self) -> Option<T::Id> {
        self.list.at()
    }

    /// The detail of the chosen row.
    pub fn lines(&self) -> &[Line] {
        &self.detail
    }

    /// The same as words, for the question about it.
    pub fn said(&self) -> Vec<String> {
        self.detail.iter().map(|line| line.words.clone()).collect()
    }

    /// The detail under the rows, as far as there is room.
    fn fill(&self, area: Rect, buf: &mut Canvas, pen: Pen<'_>) {
        let used = (self.list.rows().len() as u16 + 2).min(area.height);
        let x = area.x + 1.min(area.width);
        let rest = Rect { x, y: area.y + used, width: area.width.saturating_sub(1), height: area.height - used };
        if rest.height > 0 {
            let mut text = Scroll::new(self.detail.iter().skip(1).cloned().collect());
            text.fit(rest.width.into(), rest.height.into());
            text.render(rest, buf, pen);
        }
    }

    /// Begins again from the first row, as after another choice of what is shown.
    pub fn restart(&mut self) {
        self.list.restart();
    }
}

impl<T: Openness> Listing<T> {
    /// The act that turns from what is open to all, and back.
    pub const OPEN_OR_ALL: Act<Listing<T>> = Act {
        name: "view.cycle",
        command: |_| None,
        deed: Deed::Read(|pane| {
            let all = pane.of.shows_all();
            *all = !*all;
            pane.restart();
        }),
    };
}

impl<T: Table> Listing<T> {
    fn read_ahead(&self, sight: &Sight<'_>) -> Result<Option<Ahead<T>>, Fault> {
        let (Some(mut of), Some(coming)) = (self.of.scout(), self.list.ahead()) else { return Ok(None) };
        let (page, at) = match coming {
            Coming::Row(at) => (None, Some(at)),
            Coming::Page(need) => {
                let height = self.list.need().1;
                let rows = of.rows(sight, self.find.query(), need, height)?;
                let landing = if matches!(need, Need::Before(_)) { rows.last() } else { rows.first() };
                let at = landing.map(|row| row.id);
                (Some(Page { need, height, rows }), at)
            }
        };
        let Some(at) = at else { return Ok(None) };
        let detail = of.look_closer(sight, Some(at))?;
        Ok(Some(Ahead { page, at, of, detail }))
    }
}

impl<T: Table> Listing<T> {
    /// Whether the page that is asked for was read ahead.
    fn has_page_ahead(&self) -> bool {
        let page = self.ahead.as_ref().and_then(|ahead| ahead.page.as_ref());
        page.is_some_and(|page| (page.need, page.height) == self.list.need())
    }
}

impl<T: Table> Screen for Listing<T> {
    const NAME: &'static str = T::NAME;
    const KIND: Kind = Kind::List;
    const ACTS: &'static [Act<Self>] = T::ACTS;

    fn title(&self, words: &Words) -> String {
        self.of.title(words)
    }

    fn refresh(&mut self, sight: &Sight<'_>) -> Result<(), Text> {
        // Nothing has moved since the page was read ahead, or it would be forgotten.
        if !self.has_page_ahead() {
            let moved = self.at().map_or(Ok(None), |at| self.of.moved(sight, at)).map_err(unread)?;
            if let Some(there) = moved {
                self.list.choose(there);
            }
        }
        let (of, query) = (&self.of, self.find.query());
        let mut page = self.ahead.as_mut().and_then(|ahead| ahead.page.take());
        let read = |need, height| match page.take_if(|page| (page.need, page.height) == (need, height)) {
            Some(page) => Ok(page.rows),
            None => of.rows(sight, query, need, height),
        };
        self.list.read(read).map_err(unread)?;
        self.refocus(sight)
    }

    fn imported(&mut self, sight: &Sight<'_>, import: ImportId) -> Result<(), Text> {
        // What is looked for stays in sight, whatever comes in.
        if self.find.query().is_empty()
            && let Some(id) = self.of.imported(sight, import).map_err(unread)?
        {
            self.list.seek(id);
        }
        Ok(())
    }

    fn refocus(&mut self, sight: &Sight<'_>) -> Result<(), Text> {
        if self.take_ahead() {
            return Ok(());
        }
        self.ahead = None;
        self.detail = self.of.look_closer(sight, self.list.at()).map_err(unread)?;
        Ok(())
    }

    fn take_ahead(&mut self) -> bool {
        let Some(ahead) = self.ahead.take_if(|ahead| Some(ahead.at) == self.list.at()) else { return false };
        // It was said at the time that still is: a tick would have forgotten it.
        (self.of, self.detail) = (ahead.of, ahead.detail);
        true
    }

    fn render(&self, area: Rect, buf: &mut Canvas, pen: Pen<'_>, focused: bool) -> Option<Position> {
        let picture = Picture {
            columns: T::COLUMNS,
            titles: T::COLUMNS.iter().map(|column| pen.say(column.title)).collect(),
            number: pen.say("list.number"),
            focused,
            // A list that a filter has emptied does not say that there is nothing.
            empty: pen.say(if self.find.query().is_empty() { T::EMPTY } else { "list.none_found" }),
            look: pen.look,
        };
        picture.render(&self.list, area, buf);
        if T::FILLS_WITH_DETAIL && !focused {
            self.fill(area, buf, pen);
        }
        None
    }

    fn body(&mut self) -> Body<'_> {
        Body::Rows(&mut self.list)
    }

    fn focus(&self) -> Focus {
        if self.find.active { Focus::Text } else { Focus::List }
    }

    fn find(&mut self) -> Option<&mut Find> {
        T::FINDS.then_some(&mut self.find)
    }

    fn finding(&self) -> Option<&Find> {
        T::FINDS.then_some(&self.find)
    }

    fn detail(&self) -> &[Line] {
        &self.detail
    }

    fn has_detail(&self) -> bool {
        T::SHOWS_DETAIL
    }

    fn look_ahead(&mut self, sight: &Sight<'_>) {
        // What cannot be read now is said when it is really asked for.
        self.ahead = self.read_ahead(sight).ok().flatten();
    }

    fn forget(&mut self) {
        self.ahead = None;
    }

    fn tick(&mut self, now: Moment, words: &Words) {
        self.of.tick(self.list.rows_mut(), now, words);
        for line in &mut self.detail {
            line.tick(now, words);
        }
    }
}
