//! Checks 20, 21 and 25: Enter in its three forms, escapes cut in two, a terminal that dies.

use std::ffi::OsStr;
use std::time::Duration;

use crate::desk::{Desk, PROGRAM, chosen, row, sign_in};
use crate::pty::Pty;
use crate::tmux::Tmux;
use crate::watch::Watch;

/// Opens an order form and goes to the first line's code.
fn order_form(desk: &Desk) -> Tmux {
    let tmux = Tmux::sit(desk, "zhuanyuan", "", (80, 24));
    tmux.keys(&["F6"]);
    tmux.wait_for("经销商 *");
    tmux.literal("D00001");
    tmux.keys(&["Enter", "Enter", "Enter", "Enter", "Enter"]);
    tmux
}

/// The columns where a line's code and its unit begin.
const CODE: u16 = 4;
const UNIT: u16 = 29;

/// How many lines of the form hold this code and quantity 5.
fn fives(shown: &str, code: &str) -> usize {
    let words = |line: &str| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    shown
        .lines()
        .map(words)
        .filter(|words| words.iter().any(|word| word == code) && words.iter().any(|word| word == "5"))
        .count()
}

#[test]
fn every_enter_of_a_keypad_records_once() {
    let desk = Desk::new();
    let tmux = order_form(&desk);
    // tmux sends the keypad's Enter as LF; a scanner sends CR LF; an application keypad has codes of its own.
    let ways: [(&str, &dyn Fn()); 3] = [
        ("K1", &|| {
            tmux.literal("5");
            tmux.keys(&["KPEnter"]);
        }),
        ("K2", &|| tmux.bytes(b"\x35\x0d\x0a")),
        ("K3", &|| tmux.bytes(b"\x1bOu\x1bOM")),
    ];
    for (nth, (code, five)) in ways.iter().enumerate() {
        tmux.literal(code);
        tmux.keys(&["Enter"]);
        tmux.wait_for(code);
        five();
        tmux.until("the quantity", |shown| fives(shown, code) == 1);
        // The cursor is at the unit of the same line, neither before nor past it.
        let line = tmux.capture().lines().position(|line| line.contains(code)).expect("the line");
        let place = |column: u16, line: usize| format!("{column},{line}");
        let at = || tmux.display("#{cursor_x},#{cursor_y}");
        tmux.until("the unit", |_| at() == place(UNIT, line));
        assert_eq!(fives(&tmux.capture(), code), 1, "way {nth}");
        tmux.keys(&["Enter"]);
        tmux.until("the next line", |_| at() == place(CODE, line + 1));
    }
    // One empty line waits below the three.
    let shown = tmux.capture();
    let lines = shown.lines().filter(|line| ["K1", "K2", "K3"].iter().any(|code| line.contains(code))).count();
    assert_eq!(lines, 3, "{shown}");
}

#[test]
fn an_escape_cut_in_two_is_a_key_and_never_text() {
    let desk = Desk::new();
    let tmux = Tmux::sit(&desk, "zhuguan", "", (80, 24));
    tmux.run(&["set-option", "-s", "escape-time", "0"]);
    tmux.keys(&["Down"]);
    tmux.until("the second row", |shown| shown.lines().any(|line| line.starts_with("> 2")));
    tmux.bytes(b"\x1b");
    tmux.bytes(b"[A");
    tmux.until("the first row", |shown| shown.lines().any(|line| line.starts_with("> 1")));
    // PuTTY's Alt and F1: help, and no 11 anywhere.
    tmux.bytes(b"\x1b\x1b[11~");
    let shown = tmux.wait_for("- 帮助 -");
    assert!(!shown.contains("第 11 行"), "{shown}");
    tmux.keys(&["F12"]);
}

#[test]
fn leaving_a_form_by_a_keypads_f3_asks_first_and_the_lines_are_there_again() {
    let desk = Desk::new();
    let tmux = order_form(&desk);
    tmux.literal("K1");
    tmux.keys(&["Enter"]);
    tmux.bytes(b"5");
    tmux.until("the line", |shown| fives(shown, "K1") == 1);
    tmux.bytes(b"\x1bOR");
    let shown = tmux.wait_for("F12 取消");
    assert!(!shown.contains("OR"), "{shown}");
    tmux.until("the form again", |shown| {
        if shown.contains("F12 取消") {
            tmux.keys(&["F12"]);
        }
        !shown.contains("F12 取消") && fives(shown, "K1") == 1
    });
    // The window goes, and with it the program; the next one has the same form for the same person.
    tmux.run(&["set-option", "-g", "remain-on-exit", "off"]);
    drop(tmux);
    let tmux = Tmux::sit(&desk, "zhuanyuan", "", (80, 24));
    tmux.until("the half-entered form", |shown| shown.contains("D00001") && fives(shown, "K1") == 1);
}

#[test]
fn a_terminal_that_dies_takes_its_program_along_and_leaves_the_journal_whole() {
    let desk = Desk::new();
    let script = format!("trap '' HUP; exec {PROGRAM}");
    let env = [("TAIZHANG_STORE", desk.path().as_os_str()), ("LC_ALL", OsStr::new("C.UTF-8"))];
    let terminal = Pty::start(OsStr::new("sh"), &["-c", &script], &env, 80, 24);
    terminal.wait_for_text("zhuanyuan");
    sign_in(&terminal, "zhuguan");
    terminal.wait_for("rows", |screen| !chosen(screen).is_empty());
    let used = cpu_time(terminal.pid());
    let begun = std::time::Instant::now();
    terminal.hang_up();
    assert!(begun.elapsed() < Duration::from_secs(3), "{:?}", begun.elapsed());
    println!("processor time before the end: {used:?}");
    assert!(used < Duration::from_secs(1), "{used:?}");
    let (status, words) = desk.run(&["verify"]);
    assert!(status == Some(0) && words.contains("good"), "{words}");
}

/// Answers a question by the two digits that it shows, then Enter; it takes no key at first.
fn confirm_by_code(terminal: &Pty) {
    let code = terminal.with(|screen| {
        let shown = screen.contents();
        let code = shown.split("或输 ").nth(1).and_then(|rest| rest.split(' ').next());
        code.map(str::to_owned).unwrap_or_else(|| panic!("no code is shown\n{shown}"))
    });
    let (first, second) = code.split_at(1);
    for _ in 0..40 {
        terminal.keys(first.as_bytes());
        if terminal.look(Duration::from_secs(3), |screen| screen.contents().contains(&format!(": {first}_"))).is_some()
        {
            break;
        }
    }
    terminal.keys(second.as_bytes());
    terminal.wait_for_text(&format!(": {code}_"));
    terminal.keys(b"\r");
    terminal.wait_for_text("已存");
}

#[test]
fn a_keeper_packs_notes_the_waybill_and_ships_with_one_hand_on_the_keypad() {
    let desk = Desk::new();
    let signed =
        |order: &serde_json::Value| order["shipments"][0]["signed"].as_array().is_some_and(|all| all.len() == 3);
    let order = desk.order("packing", signed);
    let terminal = desk.clerk("cangguan");
    terminal.keys(b"+");
    terminal.wait_for("the second row", |screen| chosen(screen).starts_with("> 2"));
    terminal.keys(b"-");
    terminal.wait_for("the first row", |screen| chosen(screen).starts_with("> 1"));
    terminal.keys(b"/");
    terminal.wait_for_text("查找>");
    terminal.keys(order.trim_start_matches("XS").as_bytes());
    terminal.wait_for(&order, |screen| chosen(screen).contains(&order));
    terminal.keys(b"\r");
    terminal.keys(b"*");
    terminal.wait_for_text("F8 装箱");
    confirm_by_code(&terminal);
    terminal.keys(b"*");
    terminal.wait_for_text("F8 登记运单");
    // A scanner's burst goes to the number, whatever is chosen later.
    for _ in 0..40 {
        terminal.keys(b"7700112233445\r");
        if terminal.look(Duration::from_secs(1), |screen| screen.contents().contains("7700112233445")).is_some() {
            break;
        }
    }
    // The last carrier of the list takes any number.
    let last = taizhang::domain::waybill::Carrier::ALL.len().to_string();
    for _ in 0..40 {
        terminal.keys(last.as_bytes());
        if terminal
            .look(Duration::from_secs(1), |screen| screen.contents().contains(&format!("{last}/{last}")))
            .is_some()
        {
            break;
        }
    }
    terminal.keys(b"\r");
    confirm_by_code(&terminal);
    terminal.keys(b"*");
    terminal.wait_for_text("F8 发货");
    confirm_by_code(&terminal);
    let state = desk.rows(&["orders", &order])[0]["state"].clone();
    assert_eq!(state, "done");
    // The filter goes by 0 and Enter; a detail that Enter opened is left by Enter.
    terminal.keys(b"0");
    terminal.keys(b"\r");
    terminal.wait_for("no filter", |screen| !row(screen, 1).contains("查找") && chosen(screen).starts_with("> 1"));
    terminal.keys(b"\r");
    terminal.wait_for("a detail", |screen| chosen(screen).is_empty());
    terminal.keys(b"\r");
    terminal.wait_for("the list again", |screen| !chosen(screen).is_empty());
}

/// The processor time that a process has used.
fn cpu_time(pid: u32) -> Duration {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks: u64 = fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap();
    Duration::from_millis(ticks * 1_000 / rustix::param::clock_ticks_per_second())
}
