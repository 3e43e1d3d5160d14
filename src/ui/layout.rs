//! Where things stand: a pure function of the terminal's size. One pane below 100 columns, two from 100, three from 160.
//!
//! The rows of keys, hints and messages are laid out first and the detail gives way before the list does. Below
//! 60 by 16 there is no layout, only a message; what was being typed is kept.

use ratatui::layout::Rect;

/// The least width of the workstation, in columns.
pub const LEAST_WIDTH: u16 = 60;
/// The least height of the workstation, in rows.
pub const LEAST_HEIGHT: u16 = 16;
/// The least width of a screen that is made for a handheld: signing in and counting.
pub const HANDHELD_WIDTH: u16 = 40;

/// A pane of the workspace, in the order of its tab.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Slot {
    /// The dealers.
    Dealers,
    /// The incoming payments.
    Payments,
    /// The pending shipments.
    Queue,
    /// The stocktakes.
    Stocktakes,
}

impl Slot {
    /// The panes in the order of their numbers.
    pub const ALL: [Slot; 4] = [Slot::Dealers, Slot::Payments, Slot::Queue, Slot::Stocktakes];
}

/// The rows that every screen has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frame {
    /// Who, where, when.
    pub status: Rect,
    /// Everything between status and message.
    pub body: Rect,
    /// What the program last said.
    pub message: Rect,
    /// What else can be done, in words.
    pub hints: Rect,
    /// The function keys.
    pub keys: Rect,
}

/// The workspace inside the body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workspace {
    /// The panes that have room, each with its title row above its list.
    pub panes: Vec<(Slot, Rect)>,
    /// The detail of the chosen row.
    pub detail: Rect,
    /// Free room, where what happened lately can be shown.
    pub spare: Option<Rect>,
    /// The columns of `|` between panes: from where, how many rows.
    pub walls: Vec<Rect>,
    /// The rows of `-`.
    pub rules: Vec<Rect>,
}

/// The rows of a screen that needs `least` columns, or `None` where the terminal is too small.
pub fn frame(area: Rect, least: u16) -> Option<Frame> {
    if area.width < least || area.height < LEAST_HEIGHT {
        return None;
    }
    let row = |from_below: u16| Rect { y: area.bottom() - from_below, height: 1, ..area };
    let body = Rect { y: area.y + 1, height: area.height - 4, ..area };
    Some(Frame { status: Rect { height: 1, ..area }, body, message: row(3), hints: row(2), keys: row(1) })
}

/// The workspace in `body`, with the focused pane in sight.
pub fn workspace(body: Rect, focused: Slot) -> Workspace {
    let detail = detail_height(body.height);
    let strip = if (100..160).contains(&body.width) { strip_height(body.height) } else { 0 };
    let panes = Rect { height: body.height.saturating_sub(detail + strip + 2), ..body };
    let below = Rect { y: panes.bottom() + 1, height: detail, ..body };
    let rules = vec![line(body, panes.bottom()), line(body, below.bottom())];
    let base = Workspace { panes: vec![(focused, panes)], detail: below, spare: None, walls: vec![], rules };
    match body.width {
        160.. => three(base, panes, focused),
        100.. => two(base, panes, focused, strip),
        _ => base,
    }
}

/// A list that was opened over the workspace: its own rows, and the detail of the chosen one below a rule.
pub fn opened(body: Rect) -> (Rect, Rect) {
    let detail = detail_height(body.height);
    let list = Rect { height: body.height.saturating_sub(detail + 1), ..body };
    (list, Rect { y: list.bottom() + 1, height: detail, ..body })
}

fn detail_height(body: u16) -> u16 {
    match body {
        50.. => 10,
        36.. => 6,
        20.. => 3,
        _ => 1,
    }
}

/// The rows under the detail for the stocktakes and what happened lately, and the rule above them.
fn strip_height(body: u16) -> u16 {
    if body >= 36 { 6 } else { 0 }
}

fn line(body: Rect, y: u16) -> Rect {
    Rect { y, height: 1.min(body.bottom().saturating_sub(y)), ..body }
}

/// The queue on the left over the whole height; payments and dealers share the right. Where there are rows for it, the
/// stocktakes stand below; else they take the queue's place while they are looked at.
fn two(base: Workspace, area: Rect, focused: Slot, strip: u16) -> Workspace {
    let left = Rect { width: area.width * 7 / 12, ..area };
    let right = Rect { x: left.right() + 1, width: area.width - left.width - 1, ..area };
    let upper = Rect { height: right.height / 2, ..right };
    let lower = Rect { y: upper.bottom() + 1, height: right.height - upper.height - 1, ..right };
    let mut walls = vec![Rect { x: left.right(), width: 1, ..area }];
    let mut rules: Vec<Rect> = base.rules.iter().copied().chain([line(right, upper.bottom())]).collect();
    let mut panes = vec![(Slot::Dealers, lower), (Slot::Payments, upper), (Slot::Queue, left)];
    let mut spare = None;
    if strip > 0 {
        let below = Rect { y: base.detail.bottom() + 1, height: strip - 1, ..area };
        panes.push((Slot::Stocktakes, Rect { width: left.width, ..below }));
        walls.push(Rect { x: left.right(), width: 1, ..below });
        spare = Some(Rect { x: right.x, width: right.width, ..below });
        rules.push(line(area, below.bottom()));
    } else if focused == Slot::Stocktakes {
        panes[2].0 = Slot::Stocktakes;
    }
    Workspace { panes, walls, rules, spare, ..base }
}

/// Dealers; payments, with stocktakes and what happened lately below them; the queue: side by side.
fn three(base: Workspace, area: Rect, focused: Slot) -> Workspace {
    let dealers = Rect { width: area.width / 4, ..area };
    let middle = Rect { x: dealers.right() + 1, width: area.width * 3 / 10, ..area };
    let queue = Rect { x: middle.right() + 1, width: area.right() - middle.right() - 1, ..area };
    let payments = Rect { height: middle.height * 2 / 5, ..middle };
    let takes = Rect { y: payments.bottom() + 1, height: middle.height * 3 / 10, ..middle };
    let left = (middle.height - payments.height - takes.height).saturating_sub(2);
    let spare = Rect { y: takes.bottom() + 1, height: left, ..middle };
    let wall = |x| Rect { x, width: 1, ..area };
    let mut panes = vec![(Slot::Dealers, dealers), (Slot::Payments, payments), (Slot::Queue, queue)];
    let mut rules = base.rules.clone();
    // A low screen has no room for three below each other: what is looked at has it.
    let roomy = takes.height >= 5;
    if roomy {
        panes.push((Slot::Stocktakes, takes));
        rules.extend([line(middle, payments.bottom()), line(middle, takes.bottom())]);
    } else {
        panes[1] = (if focused == Slot::Stocktakes { focused } else { Slot::Payments }, middle);
    }
    let walls = vec![wall(dealers.right()), wall(middle.right())];
    Workspace { panes, spare: roomy.then_some(spare), walls, rules, ..base }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slots(width: u16, height: u16) -> usize {
        let frame = frame(Rect::new(0, 0, width, height), LEAST_WIDTH).unwrap();
        workspace(frame.body, Slot::Queue).panes.len()
    }

    #[test]
    fn panes_by_width() {
        assert_eq!([80, 99, 100, 120, 159, 160, 200].map(|width| slots(width, 40)), [1, 1, 4, 4, 4, 4, 4]);
    }

    #[test]
    fn below_the_least_size_there_is_no_layout() {
        let fits = |width, height, least| frame(Rect::new(0, 0, width, height), least).is_some();
        assert!(!fits(59, 40, LEAST_WIDTH) && !fits(80, 15, LEAST_WIDTH) && fits(60, 16, LEAST_WIDTH));
        assert!(fits(40, 16, HANDHELD_WIDTH) && !fits(39, 16, HANDHELD_WIDTH));
    }

    #[test]
    fn a_small_screen_has_rows_for_its_list() {
        let frame = frame(Rect::new(0, 0, 80, 24), LEAST_WIDTH).unwrap();
        let space = workspace(frame.body, Slot::Queue);
        assert_eq!((space.panes[0].1.height, space.detail.height), (15, 3));
    }

    #[test]
    fn nothing_overlaps_and_nothing_sticks_out() {
        for (width, height) in (60..=220).step_by(7).flat_map(|w| (16..=70).step_by(3).map(move |h| (w, h))) {
            let area = Rect::new(0, 0, width, height);
            let frame = frame(area, LEAST_WIDTH).unwrap();
            let focused = if width % 2 == 0 { Slot::Payments } else { Slot::Stocktakes };
            let space = workspace(frame.body, focused);
            assert!(space.panes.iter().any(|(slot, _)| *slot == focused), "{width}x{height}");
            let mut parts: Vec<Rect> = space.panes.iter().map(|(_, rect)| *rect).collect();
            parts.extend([frame.status, frame.message, frame.hints, frame.keys, space.detail]);
            parts.extend(space.walls.iter().chain(space.spare.iter()));
            for (at, one) in parts.iter().enumerate() {
                assert_eq!(one.intersection(area), *one, "{width}x{height}");
                assert!(
                    parts.iter().skip(at + 1).all(|other| one.intersection(*other).is_empty()),
                    "{width}x{height} {one:?}"
                );
            }
        }
    }
}
