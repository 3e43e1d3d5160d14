//! What a terminal can do to the program, on purpose or not: sizes, floods, rubbish, a server that dies under a form.

use crate::desk::{Desk, chosen, row, server, sign_in};
use crate::pty::Pty;
use crate::watch::Watch;

/// Opens an order form for the first dealer and goes to the first line's code.
fn order_form(desk: &Desk) -> Pty {
    let terminal = desk.clerk("zhuanyuan");
    terminal.keys(b"\x1b[17~");
    terminal.wait_for_text("经销商 *");
    terminal.keys(b"D00001\r\r\r\r\rK1\r");
    terminal.wait_for_text("K1");
    terminal
}

#[test]
fn what_is_typed_while_the_window_goes_down_and_up_is_all_there() {
    let desk = Desk::new();
    let terminal = order_form(&desk);
    for (typed, cols, rows) in [(b"1", 20, 5), (b"2", 5, 2), (b"3", 1, 1), (b"4", 300, 90), (b"5", 80, 24)] {
        terminal.resize(cols, rows);
        terminal.keys(typed);
    }
    terminal.wait_for_text("12345");
}

#[test]
fn a_half_entered_form_outlives_the_server() {
    let desk = Desk::new();
    let terminal = order_form(&desk);
    terminal.keys("７．５".as_bytes());
    terminal.wait_for("full-width digits as figures", |screen| screen.contents().contains("7.5"));
    // A form is kept a second after a key; three seconds of the screen's clock are enough.
    for _ in 0..4 {
        let before = terminal.with(|screen| row(screen, 0));
        terminal.wait_for("the next second", |screen| row(screen, 0) != before);
    }
    let pid = server(desk.path()).expect("a server runs");
    rustix::process::kill_process(pid, rustix::process::Signal::KILL).unwrap();
    terminal.wait_for("the sign-in of another server", |screen| screen.contents().contains("zhuanyuan"));
    sign_in(&terminal, "zhuanyuan");
    terminal.wait_for("the form", |screen| {
        let shown = screen.contents();
        shown.contains("D00001") && shown.contains("K1") && shown.contains("7.5")
    });
    assert_ne!(server(desk.path()), Some(pid));
}

#[test]
fn ten_megabytes_pasted_change_nothing_and_the_next_key_works() {
    let desk = Desk::new();
    let terminal = desk.clerk("zhuguan");
    let before = desk.journal();
    let flood = "9787020002207 成都\r".repeat(10_000_000 / 20);
    terminal.keys(b"\x1b[200~");
    terminal.keys(flood.as_bytes());
    terminal.keys(b"\x1b[201~");
    works(&terminal);
    // The same without the marks of a paste, and less of it: each line is a scan.
    terminal.keys(&flood.as_bytes()[..200_000]);
    works(&terminal);
    assert_eq!(desk.journal(), before);
}

#[test]
fn rubbish_on_the_keyboard_is_no_business() {
    let desk = Desk::new();
    let mut terminal = desk.clerk("zhuguan");
    let before = desk.journal();
    let mut luck = fastrand::Rng::with_seed(20_261_126);
    for _ in 0..200 {
        let mut bytes: Vec<u8> = (0..luck.usize(1..200)).map(|_| luck.u8(..)).collect();
        let cut: &[&[u8]] =
            &[b"\x1b[", b"\x1bO", b"\x1b]0;x", b"\x1bP", b"\x1b[200~", b"\x1b[<0;1;1M", b"\xe6\x88", b"\x1b[?1;2c"];
        bytes.extend_from_slice(luck.choice(cut).expect("there are some"));
        // Neither F10 nor its question's answer may come out of it.
        bytes.retain(|byte| *byte != b'~');
        terminal.keys(&bytes);
    }
    works(&terminal);
    assert_eq!(desk.journal(), before);
    terminal.signal(rustix::process::Signal::TERM);
    terminal.wait();
    terminal.wait_for_written("\x1b[?1049l");
}

/// Leaves whatever is open until the queue has the keys, and moves in it.
fn works(terminal: &Pty) {
    let in_queue = |screen: &vt100::Screen| {
        let shown = screen.contents();
        !shown.contains("+---") && row(screen, 1).starts_with("[3 ") && !row(screen, 1).contains("查找")
    };
    let second = std::time::Duration::from_secs(1);
    // What is still on its way may lead to another pane at any moment, so each step is looked at again.
    for _ in 0..60 {
        terminal.keys(b"\x1b[24~\x1b[1~");
        if terminal.look(second, |screen| in_queue(screen) && chosen(screen).starts_with("> 1")).is_none() {
            terminal.keys(b"\t");
            continue;
        }
        terminal.keys(b"\x1b[B");
        if terminal.look(second, |screen| in_queue(screen) && chosen(screen).starts_with("> 2")).is_some() {
            return;
        }
    }
    terminal.wait_for("the queue", in_queue);
    panic!("no key moves the choice in the queue");
}
