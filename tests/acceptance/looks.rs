//! Checks 1 to 8: bars, sizes, characters, borders, colours, modes, an idle line, the cursor.

use std::time::Instant;

use taizhang::ui::text::is_ambiguous;
use unicode_width::UnicodeWidthStr;

use crate::desk::{Desk, find, row};
use crate::pty;
use crate::tmux::Tmux;
use crate::watch::Watch;

const BAR_ZH: &str = "1帮助 2修改 3返回 4查找 5刷新 6新增 7订单 8办理 9菜单 10退出程序 12取消";
const BAR_EN: &str = "1Help 2Edit 3Back 4Find 5Refresh 6New 7Orders 8Step 9Menu 10Quit 12Cancel";

#[test]
fn the_bar_holds_every_key_uncut_and_no_row_is_too_wide() {
    let desk = Desk::new();
    // One that this person can sign: of another the key for the next step is left out.
    let order = desk.order("signing", |order| order["shipments"][0]["signed"].as_array().is_some_and(Vec::is_empty));
    for (args, bar) in [("", BAR_ZH), ("--lang en", BAR_EN)] {
        let tmux = Tmux::sit(&desk, "zhuguan", args, (80, 24));
        tmux.keys(&["F4"]);
        tmux.literal(&order);
        tmux.keys(&["Enter"]);
        let last = |shown: &str| shown.lines().last().map(str::trim_end) == Some(bar);
        let shown = tmux.until("every key", last);
        for line in shown.lines() {
            assert!(line.width() <= 80, "{} cells: {line}", line.width());
        }
    }
}

#[test]
fn a_window_that_shrinks_and_grows_keeps_what_is_typed() {
    let desk = Desk::new();
    let tmux = Tmux::sit(&desk, "zhuanyuan", "", (80, 24));
    tmux.keys(&["F6"]);
    tmux.wait_for("经销商 *");
    tmux.literal("D00001");
    tmux.keys(&["Enter", "Enter", "Enter", "Enter", "Enter"]);
    tmux.literal("xyz");
    tmux.keys(&["Enter"]);
    tmux.literal("12");
    let line = |shown: &str| shown.lines().any(|line| line.contains("xyz") && line.contains("12"));
    tmux.until("the quantity", line);
    for (cols, rows, told) in
        [(120, 40, "xyz"), (200, 60, "xyz"), (20, 5, "窗口太小"), (5, 2, ""), (80, 24, "xyz"), (20, 5, "窗口太小")]
    {
        tmux.run(&["resize-window", "-t", "w", "-x", &cols.to_string(), "-y", &rows.to_string()]);
        tmux.until(told, |shown| shown.replace('\n', "").contains(told));
        assert_eq!(tmux.display("#{pane_dead}"), "0", "at {cols}x{rows}");
    }
    // What is typed while nothing can be shown is typed all the same.
    tmux.literal("34");
    tmux.run(&["resize-window", "-t", "w", "-x", "80", "-y", "24"]);
    tmux.until("the quantity at the old size", |shown| {
        shown.lines().any(|line| line.contains("xyz") && line.contains("1234"))
    });
}

/// Whether a terminal may show a character in another width than is counted, or not at all.
fn is_unsafe(text: &str) -> bool {
    let picture = |c: char| matches!(u32::from(c), 0x2600..=0x27bf | 0x2800..=0x28ff | 0x1f000..=0x1faff);
    is_ambiguous(text) || text.chars().any(picture)
}

/// Keys, what is awaited on the screen, keys that lead back.
type Step<'a> = (&'a [u8], &'a str, &'a [u8]);

#[test]
fn every_screen_is_drawn_with_characters_of_certain_width() {
    assert!(is_unsafe("─") && is_unsafe("⠋") && is_unsafe("📦") && !is_unsafe("待发货 ￥12 -->"));
    let desk = Desk::new();
    // For each person the keys that lead to a screen, what stands on it, and the keys back.
    let walks: [(&str, &[Step]); 3] = [
        (
            "caiwu",
            &[
                (b"\x1b[Z", "[2 到账", b""),
                (b"\x1b[17~", "导入", b"\x1b[24~"),
                (b"\x1b[20~", "菜单", b"\x1b[24~"),
                (b"\x1bOP", "帮助 -", b"\x1b[24~"),
                (b"\x1b[20~96", "新口令", b"\x1b[24~"),
            ],
        ),
        (
            "zhuanyuan",
            &[
                (b"\r", "收货", b"\x1bOR"),
                (b"\x1b[18~", "日期", b"\x1bOR"),
                (b"\x1b[20~70", "经过", b"\x1bOR"),
                (b"\x1b[17~", "经销商 *", b"\x1bOR"),
                (b"\t\t", "[1 经销商", b""),
                (b"\r", "地址", b"\x1bOR"),
                (b"\x1bOQ", "等级", b"\x1bOR"),
                (b"\x1b[17~", "等级", b"\x1bOR"),
            ],
        ),
        ("yunying", &[(b"\x1b[19~", "F8 签核", b"\x1b[24~")]),
    ];
    for (person, steps) in walks {
        for lang in ["zh", "en"] {
            let terminal = desk.sit(person, &["--lang", lang], &[], (120, 40));
            for (keys, there, back) in steps {
                let before = terminal.wait_for("a picture", |_| true);
                terminal.keys(keys);
                if lang == "zh" {
                    terminal.wait_for_text(there);
                } else {
                    terminal.wait_for("another screen", |screen| differs(&before, &screen.contents()));
                }
                if !back.is_empty() {
                    press_back(&terminal, back);
                }
            }
            let written = String::from_utf8_lossy(&terminal.written()).into_owned();
            let bad: String = written.chars().filter(|c| is_unsafe(&c.to_string())).collect();
            assert_eq!(bad, "", "written to {person} in {lang}");
        }
    }
}

/// Whether two pictures differ in more than the clock.
fn differs(one: &str, other: &str) -> bool {
    !one.lines().skip(1).eq(other.lines().skip(1))
}

/// Leaves what is on top until the workspace is back. A question absorbs keys at first, so one press may not do.
fn press_back(terminal: &pty::Pty, key: &[u8]) {
    let workspace = |screen: &vt100::Screen| {
        let screen = screen.contents();
        let titles = ["[1 ", "[2 ", "[3 ", "[4 "]
            .iter()
            .filter(|title| screen.lines().skip(1).any(|line| line.contains(*title)));
        titles.count() == 1 && !screen.contains("+-----")
    };
    for _ in 0..20 {
        terminal.keys(key);
        if terminal.look(std::time::Duration::from_secs(2), workspace).is_some() {
            return;
        }
    }
    terminal.wait_for("the workspace", workspace);
}

#[test]
fn a_question_over_chinese_rows_has_both_borders_and_leaves_nothing_behind() {
    let desk = Desk::new();
    for cols in [80, 81, 82] {
        let terminal = desk.sit("yunying", &[], &[], (cols, 24));
        let list = |screen: &vt100::Screen| -> Vec<String> {
            // The names, not the countdowns beside them.
            (2..17).map(|number| screen.contents_between(number, 4, number, 36).trim_end().to_owned()).collect()
        };
        terminal.wait_for("the list", |screen| row(screen, 3).starts_with('>'));
        terminal.wait_for("rows", |screen| list(screen)[1].contains("XS"));
        let before = terminal.with(list);
        terminal.keys(b"\x1b[19~");
        terminal.wait_for_text("F8 签核");
        terminal.with(|screen| {
            let edges: Vec<u16> = (0..24).filter(|number| row(screen, *number).contains("+--")).collect();
            let (top, bottom) = (edges[0], edges[edges.len() - 1]);
            let (left, right) = border(screen, top);
            assert_eq!(border(screen, bottom), (left, right), "at {cols} columns\n{}", screen.contents());
            for number in top + 1..bottom {
                for column in [left, right] {
                    let cell = screen.cell(number, column).map(vt100::Cell::contents);
                    assert_eq!(cell, Some("|"), "row {number} at {cols} columns\n{}", screen.contents());
                }
            }
        });
        press_back(&terminal, b"\x1b[24~");
        terminal.with(|screen| assert_eq!(list(screen), before, "at {cols} columns"));
    }
}

/// The columns of the corners in a row: what lies beside the question may have a `+` of its own.
fn border(screen: &vt100::Screen, number: u16) -> (u16, u16) {
    let mut corners = (0..screen.size().1.get())
        .filter(|column| screen.cell(number, *column).is_some_and(|cell| cell.contents() == "+"));
    (corners.next().expect("a corner"), corners.next().expect("another corner"))
}

#[test]
fn without_colour_the_choice_is_reversed_and_late_is_a_word() {
    let desk = Desk::new();
    let terminal = desk.sit("zhuguan", &[], &[("NO_COLOR", "1")], (80, 24));
    terminal.wait_for("a late order, in words", |screen| {
        (2..17).map(|number| row(screen, number)).any(|row| row.contains("超时"))
    });
    let sgr = codes(&terminal.written());
    assert!(sgr.iter().any(|codes| codes == &[7]), "reverse is kept: {sgr:?}");
    let coloured = |code: &u16| matches!(code, 30..=38 | 40..=48 | 90..=97 | 100..=107);
    assert!(!sgr.iter().flatten().any(coloured), "{sgr:?}");
    // The check can fail: with colours there are some.
    let terminal = desk.clerk("zhuguan");
    terminal.wait_for_text("超时");
    assert!(codes(&terminal.written()).iter().flatten().any(coloured));
}

/// The parameters of every SGR sequence.
fn codes(written: &[u8]) -> Vec<Vec<u16>> {
    let written = String::from_utf8_lossy(written);
    let sequences = written.split("\x1b[").skip(1).filter_map(|rest| {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != ';')?;
        rest[end..].starts_with('m').then(|| rest[..end].split(';').filter_map(|code| code.parse().ok()).collect())
    });
    sequences.collect()
}

#[test]
fn no_mouse_no_keyboard_protocol_and_the_terminal_is_given_back() {
    let desk = Desk::new();
    let mut terminal = desk.clerk("zhuguan");
    find(&terminal, "XS");
    terminal.keys(b"\x1b[21~");
    terminal.wait_for_text("F8");
    end(&mut terminal);
    let written = terminal.wait_for_written("\x1b[?1049l");
    for never in ["?1000h", "?1002h", "?1003h", "?1006h", "\x1b[>", "\x1b[=", "\x1b]", "\x1bP"] {
        assert!(!written.contains(never), "{never:?}");
    }
    let (on, off) = (written.find("\x1b[?2004h"), written.rfind("\x1b[?2004l"));
    assert!(on.is_some() && on < off, "bracketed paste is switched on, and off again at the end");
    assert!(written.contains("\x1b[?25h"));
    let modes = rustix::termios::LocalModes::ICANON | rustix::termios::LocalModes::ECHO;
    assert!(terminal.settings().local_modes.contains(modes));
}

/// Confirms that the terminal closes; the question takes no key at first.
fn end(terminal: &mut pty::Pty) {
    for _ in 0..20 {
        if terminal.written().ends_with(b"\x1b[?1049l") {
            break;
        }
        terminal.keys(b"\x1b[19~");
        terminal.look(std::time::Duration::from_millis(600), |screen| !screen.alternate_screen());
    }
    assert_eq!(terminal.wait().code(), Some(0));
}

#[test]
fn an_idle_screen_writes_little_and_a_slow_one_next_to_nothing() {
    let desk = Desk::new();
    let (fast, slow) = (desk.sit("zhuguan", &[], &[], (200, 60)), desk.sit("zhuguan", &["--slow"], &[], (200, 60)));
    // What followed from signing in has been drawn after two seconds of the screen's own clock.
    run_on(&fast, 2);
    let before = (fast.written().len(), slow.written().len());
    let begun = Instant::now();
    // Five seconds stand for the minute.
    const SECONDS: usize = 5;
    run_on(&fast, SECONDS);
    let seconds = begun.elapsed().as_secs_f64().max(SECONDS as f64);
    let (fast, slow) = ((fast.written().len() - before.0) as f64, (slow.written().len() - before.1) as f64);
    println!("{fast} bytes in {seconds:.1} s, {slow} on a slow line");
    assert!(fast > 0.0 && fast / seconds * 60.0 < 60_000.0, "{fast} bytes in {seconds} s");
    // One frame a minute may fall into it.
    assert!(slow < 2_000.0, "{slow} bytes in {seconds} s");
}

/// Waits until the screen's clock has gone on by so many seconds, at least.
fn run_on(terminal: &pty::Pty, seconds: usize) {
    for _ in 0..seconds {
        let shown = terminal.with(clock);
        terminal.wait_for("the next second", |screen| clock(screen) != shown);
    }
}

fn clock(screen: &vt100::Screen) -> String {
    row(screen, 0).trim_end().rsplit(' ').next().unwrap_or_default().to_owned()
}

#[test]
fn the_real_cursor_rests_in_the_field_while_the_clock_runs() {
    let desk = Desk::new();
    let tmux = Tmux::sit(&desk, "zhuguan", "", (80, 24));
    tmux.keys(&["F4"]);
    tmux.literal("cd");
    tmux.wait_for("cd");
    let place = || tmux.display("#{cursor_flag} #{cursor_x},#{cursor_y}");
    let mut places = vec![place()];
    let mut shown = tmux.capture();
    for _ in 0..4 {
        let before = shown.lines().next().unwrap_or_default().to_owned();
        shown = tmux.until("the next second", |shown| shown.lines().next().unwrap_or_default() != before);
        places.extend([place(), place()]);
    }
    places.dedup();
    assert_eq!(places.len(), 1, "the cursor moved: {places:?}");
    let field = shown.lines().position(|line| line.contains("cd")).expect("the field is there");
    let (flag, at) = places[0].split_once(' ').expect("a flag and a place");
    let (x, y) = at.split_once(',').expect("a place");
    assert_eq!((flag, y.parse()), ("1", Ok(field)));
    let line = shown.lines().nth(field).unwrap_or_default();
    let before = &line[..line.find("cd").expect("it is there")];
    assert_eq!(x.parse(), Ok(before.width() + 2), "right behind what was typed");
}
