//! What is sent brings a real terminal to the picture, in few bytes and in the closed alphabet.

use ratatui::style::{Color, Style as Look};

use super::*;
use crate::ui::text;

fn parser(cols: u16, rows: u16) -> vt100::Parser {
    vt100::Parser::new(rows.try_into().unwrap(), cols.try_into().unwrap(), 0)
}

/// Every cell with its colour; an empty cell and a blank are one thing to the eye.
fn cells(terminal: &vt100::Parser) -> Vec<(String, vt100::Color, bool)> {
    let screen = terminal.screen();
    let places = (0..6).flat_map(|y| (0..40).map(move |x| (y, x)));
    let cells = places.map(|(y, x)| screen.cell(y, x).unwrap());
    let seen =
        |cell: &vt100::Cell| if cell.contents().trim().is_empty() { String::new() } else { cell.contents().to_owned() };
    let colour = |cell: &vt100::Cell| if seen(cell).is_empty() { vt100::Color::Default } else { cell.fgcolor() };
    cells.map(|cell| (seen(cell), colour(cell), cell.inverse())).collect()
}

/// Every sequence that may leave the server.
fn alphabet_is_closed(bytes: &[u8]) -> bool {
    let text = std::str::from_utf8(bytes).unwrap();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '\x1b' {
            if c.is_control() && c != '\x07' {
                return false;
            }
            continue;
        }
        if chars.next() != Some('[') {
            return false;
        }
        let params: String = std::iter::from_fn(|| chars.next_if(|c| matches!(c, '0'..='9' | ';' | '?'))).collect();
        let known = match chars.next() {
            Some('H' | 'G' | 'm') => !params.contains('?'),
            Some('J') => params == "2",
            Some('h') => params == "?2026" || params == "?25",
            Some('l') => params == "?2026",
            _ => false,
        };
        if !known {
            return false;
        }
    }
    true
}

fn row(canvas: &mut Canvas, y: u16, text: &str, look: Look) {
    text::put(canvas, 0, y, canvas.area.width, text, look);
}

#[test]
fn a_terminal_shows_the_picture_and_the_cursor() {
    let (mut screen, mut terminal) = (Screen::new(20, 3, Colours::Sixteen), parser(20, 3));
    let bytes = screen.frame(0, |_, canvas| {
        row(canvas, 0, "成都文轩 12.50", Look::new().fg(Color::LightBlue).add_modifier(Modifier::BOLD));
        Some(Position::new(4, 0))
    });
    assert!(alphabet_is_closed(bytes));
    terminal.process(bytes);
    assert_eq!(terminal.screen().contents(), "成都文轩 12.50");
    assert_eq!(terminal.screen().cursor_position(), (0, 4));
    assert_eq!(terminal.screen().cell(0, 0).unwrap().fgcolor(), vt100::Color::Idx(12));
    assert!(terminal.screen().cell(0, 0).unwrap().bold());
    let bytes = screen.frame(0, |_, _| None);
    terminal.process(bytes);
    assert_eq!(terminal.screen().contents().trim(), "");
    assert_eq!(terminal.screen().cursor_position(), (2, 0), "a cursor without a place is parked");
    assert_eq!(screen.frame(0, |_, _| None), b"", "nothing changed, nothing is sent");
    assert!(screen.frame(2, |_, _| None).windows(2).any(|two| two == [7, 7]));
    screen.repaint();
    assert!(!screen.frame(0, |_, _| None).is_empty());
}

#[test]
fn without_colours_only_reverse_and_bold_are_sent() {
    let mut screen = Screen::new(20, 3, Colours::None);
    let look = Look::new().fg(Color::Yellow).bg(Color::Blue).add_modifier(Modifier::REVERSED);
    let bytes = screen.frame(0, |_, canvas| {
        row(canvas, 0, "超时", look);
        None
    });
    let sent = std::str::from_utf8(bytes).unwrap();
    assert!(sent.contains("\x1b[7m"));
    assert!(!sent.contains("33m") && !sent.contains("44"));
}

#[test]
fn a_cell_that_would_be_obeyed_is_not_sent() {
    let mut screen = Screen::new(20, 2, Colours::Sixteen);
    let long = format!("a{}", "\u{301}".repeat(500));
    for (x, symbol) in ["\x1b]0;owned\x07", "\u{9b}2J", "\r", &long, "ok"].into_iter().enumerate() {
        screen.next[x * 2].put(symbol.as_bytes(), 1, crate::ui::cell::Change::of(Look::new()));
    }
    screen.bring(&[0], Position::ORIGIN, 0);
    let bytes = screen.bytes();
    assert!(alphabet_is_closed(bytes), "{:?}", String::from_utf8_lossy(bytes));
    assert!(!String::from_utf8_lossy(bytes).contains("owned"));
}

#[test]
fn moving_the_selection_takes_less_than_600_bytes() {
    let mut screen = Screen::new(120, 40, Colours::Sixteen);
    let names = ["成都文轩图书旗舰店", "宁波海通商贸", "厦门外图集团有限公司", "长沙银行东城支行代发"];
    let mut paint = |at: usize| {
        let bytes = screen.frame(0, |_, canvas| {
            for y in 0..38_usize {
                let name = names[y % 4];
                let text = format!(
                    "{}XS2611{y:06}  {name:<12}  待发货 {:>12}.00  11-23 14:05  {name}",
                    if y == at { "> " } else { "  " },
                    y * 99_991
                );
                row(
                    canvas,
                    y as u16,
                    &text,
                    if y == at { Look::new().add_modifier(Modifier::REVERSED) } else { Look::new() },
                );
            }
            None
        });
        bytes.len()
    };
    paint(0);
    for at in 1..38 {
        let sent = paint(at);
        assert!(sent < 600, "{sent} bytes");
    }
}

#[test]
fn many_small_frames_equal_one_whole_picture() {
    let mut random = fastrand::Rng::with_seed(3);
    let (mut screen, mut terminal) = (Screen::new(40, 6, Colours::Sixteen), parser(40, 6));
    let words = ["成都", "a", "12.50", "重庆渝北", "~", "  ", "ｘ", "x成x"];
    for round in 0..2_000 {
        let rows: Vec<String> =
            (0..6).map(|_| (0..random.usize(0..9)).map(|_| words[random.usize(..words.len())]).collect()).collect();
        let look = |random: &mut fastrand::Rng| match random.u8(0..4) {
            0 => Look::new(),
            1 => Look::new().add_modifier(Modifier::REVERSED),
            2 => Look::new().add_modifier(Modifier::BOLD),
            _ => Look::new().fg(Color::Indexed(random.u8(0..16))),
        };
        let looks: Vec<Look> = (0..6).map(|_| look(&mut random)).collect();
        let paint = |_: Rect, canvas: &mut Canvas| {
            rows.iter().zip(&looks).enumerate().for_each(|(y, (text, look))| row(canvas, y as u16, text, *look));
            Some(Position::new(round % 40, round % 6))
        };
        terminal.process(screen.frame(0, paint));
        let mut fresh = parser(40, 6);
        fresh.process(Screen::new(40, 6, Colours::Sixteen).frame(0, paint));
        assert_eq!(cells(&terminal), cells(&fresh), "{rows:?}");
        assert_eq!(terminal.screen().cursor_position(), fresh.screen().cursor_position());
    }
}

#[test]
fn only_rows_made_of_other_strokes_are_painted() {
    let mut screen = Screen::new(40, 6, Colours::Sixteen);
    let paint = |words: &'static str| {
        move |_: Rect, canvas: &mut Canvas| {
            (0..6).for_each(|y| row(canvas, y, if y == 3 { words } else { "成都文轩" }, Look::new()));
            None
        }
    };
    screen.frame(0, paint("12.50"));
    screen.canvas.clear();
    paint("13.50")(screen.area(), &mut screen.canvas);
    assert_eq!(screen.paint_touched(), [3]);
    screen.repaint();
    assert_eq!(screen.paint_touched(), [0, 1, 2, 3, 4, 5]);
}
