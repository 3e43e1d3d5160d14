//! The lowest rows of the screen: the function keys with their words, the hints and the message.
//!
//! The keys are laid out first and everything else gives way. A key that would be refused now is left out of
//! the bar; pressing it still says why.

use ratatui::layout::Rect;

use crate::ui::canvas::Canvas;
use crate::ui::look::{Look, Tone};
use crate::ui::text;

/// How many cells the bar takes when nothing of it is cut.
pub fn cells(keys: &[(u8, &str)]) -> usize {
    let each = keys.iter().map(|(number, words)| number.to_string().len() + text::width(words));
    each.sum::<usize>() + keys.len().saturating_sub(1)
}

/// Draws the function keys into the first row of `area`. A key that has no room whole is left out.
pub fn render(keys: &[(u8, &str)], area: Rect, buf: &mut Canvas, look: Look) {
    if area.height == 0 {
        return;
    }
    let mut x = area.x;
    for (number, words) in keys {
        let number = number.to_string();
        let needed = number.len() + text::width(words);
        if usize::from(area.right().saturating_sub(x)) < needed {
            continue;
        }
        x = text::put(buf, x, area.y, area.right() - x, &number, look.style(Tone::Key));
        x = text::put(buf, x, area.y, area.right() - x, words, look.style(Tone::Label));
        x = x.saturating_add(1);
    }
}

/// The hints that fit whole into `cells`, in order, parted by blanks.
pub fn hints<'a>(hints: impl Iterator<Item = &'a str>, cells: usize) -> String {
    let (mut line, mut used) = (String::new(), 0);
    for hint in hints {
        let (gap, broad) = (if line.is_empty() { 1 } else { 2 }, text::width(hint));
        if used + gap + broad > cells {
            continue;
        }
        line.push_str(&"  "[..gap]);
        line.push_str(hint);
        used += gap + broad;
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_as_wide_as_its_picture() {
        let keys = [(1, "帮助"), (8, "签核"), (10, "退出程序")];
        let mut buf = Canvas::new(Rect::new(0, 0, 40, 1));
        render(&keys, buf.area, &mut buf, Look::Mono);
        let row: String = buf.picture().content.iter().map(|cell| cell.symbol()).collect();
        assert_eq!(row.split_whitespace().collect::<String>(), "1帮助8签核10退出程序");
        assert_eq!(cells(&keys), 5 + 1 + 5 + 1 + 10);
    }

    #[test]
    fn a_key_without_room_is_left_out_whole() {
        let mut buf = Canvas::new(Rect::new(0, 0, 8, 1));
        render(&[(1, "帮助"), (8, "签核"), (9, "x")], buf.area, &mut buf, Look::Mono);
        let row: String = buf.picture().content.iter().map(|cell| cell.symbol()).collect();
        assert_eq!(row.split_whitespace().collect::<String>(), "1帮助9x");
    }

    #[test]
    fn hints_are_whole_or_absent() {
        let all = ["签核(A)", "退回(Del)", "挂起(H)"];
        assert_eq!(hints(all.into_iter(), 18), " 签核(A)  挂起(H)");
        assert_eq!(hints(all.into_iter(), 3), "");
    }
}
