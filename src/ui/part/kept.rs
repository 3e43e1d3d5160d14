//! Rows of a list, its header first, as they were drawn last. A step of the choice draws two rows anew, not the whole page.

use std::cell::RefCell;
use std::rc::Rc;

use ratatui::layout::Rect;

use crate::ui::canvas::Canvas;
use crate::ui::look::Look;

/// What all rows of a page are drawn by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Manner {
    pub area: Rect,
    pub focused: bool,
    pub look: Look,
}

/// The pictures of the rows, as long as the rows and their manner stay as they are.
#[derive(Debug, Default)]
pub(super) struct KeptRows(RefCell<Kept>);

#[derive(Debug, Default)]
struct Kept {
    manner: Option<Manner>,
    /// Whether the row was the chosen one, and its picture.
    rows: Vec<Option<(bool, Rc<Canvas>)>>,
}

impl KeptRows {
    /// The rows have changed.
    pub fn forget(&mut self) {
        self.0.take();
    }

    /// Lays the picture of a row onto `buf`; `paint` makes it where it is not the same as before.
    pub fn draw(
        &self,
        manner: Manner,
        line: usize,
        chosen: bool,
        buf: &mut Canvas,
        paint: impl FnOnce(Rect, &mut Canvas),
    ) {
        let mut kept = self.0.borrow_mut();
        if kept.manner != Some(manner) {
            *kept = Kept { manner: Some(manner), rows: Vec::new() };
        }
        if kept.rows.len() <= line {
            kept.rows.resize_with(line + 1, || None);
        }
        let row = &mut kept.rows[line];
        if row.as_ref().is_none_or(|(was, _)| *was != chosen) {
            let area = Rect { y: manner.area.y + line as u16, height: 1, ..manner.area };
            let mut picture = Canvas::new(area);
            paint(area, &mut picture);
            *row = Some((chosen, Rc::new(picture)));
        }
        if let Some((_, picture)) = row {
            buf.lay_part(picture);
        }
    }
}
