//! Every row of ux.md 5.1 to 5.3 as bytes and presses, cut at every place; and random bytes.

use std::time::{Duration, Instant};

use super::*;

/// Feeds pieces of bytes, each so many milliseconds after the start, then waits until nothing is held.
fn typed(focus: Focus, slow: bool, pieces: &[(u64, &[u8])]) -> Vec<Press> {
    let (mut keyboard, start, mut presses) = (Keyboard::new(slow), Instant::now(), Vec::new());
    for (at, bytes) in pieces {
        let now = start + Duration::from_millis(*at);
        while keyboard.deadline().is_some_and(|deadline| deadline <= now) {
            keyboard.wake(keyboard.deadline().unwrap(), focus, |press| {
                presses.push(press);
                focus
            });
        }
        keyboard.take(bytes, now, focus, |press| {
            presses.push(press);
            focus
        });
    }
    while let Some(deadline) = keyboard.deadline() {
        keyboard.wake(deadline, focus, |press| {
            presses.push(press);
            focus
        });
    }
    presses
}

fn keys(keys: &[Key]) -> Vec<Press> {
    keys.iter().map(|key| Press::key(*key)).collect()
}

fn burst(text: &str, entered: bool) -> Press {
    Press::Burst { text: text.into(), entered }
}

const UNKNOWN: &[Key] = &[];

#[rustfmt::skip]
const FORMS: &[(&[u8], &[Key])] = &[
    // PuTTY's default and the VT220: ESC [ n ~
    (b"\x1b[11~", &[Key::F(1)]), (b"\x1b[12~", &[Key::F(2)]), (b"\x1b[13~", &[Key::F(3)]), (b"\x1b[14~", &[Key::F(4)]),
    (b"\x1b[15~", &[Key::F(5)]), (b"\x1b[17~", &[Key::F(6)]), (b"\x1b[18~", &[Key::F(7)]), (b"\x1b[19~", &[Key::F(8)]),
    (b"\x1b[20~", &[Key::F(9)]), (b"\x1b[21~", &[Key::F(10)]), (b"\x1b[23~", &[Key::F(11)]), (b"\x1b[24~", &[Key::F(12)]),
    (b"\x1b[25~", &[Key::F(13)]), (b"\x1b[26~", &[Key::F(14)]), (b"\x1b[28~", &[Key::F(15)]), (b"\x1b[34~", &[Key::F(20)]),
    // xterm and Windows Terminal
    (b"\x1bOP", &[Key::F(1)]), (b"\x1bOQ", &[Key::F(2)]), (b"\x1bOR", &[Key::F(3)]), (b"\x1bOS", &[Key::F(4)]),
    // the Linux console
    (b"\x1b[[A", &[Key::F(1)]), (b"\x1b[[B", &[Key::F(2)]), (b"\x1b[[E", &[Key::F(5)]), (b"\x1b[[F", UNKNOWN),
    // PuTTY VT100+
    (b"\x1bOT", &[Key::F(5)]), (b"\x1bOU", &[Key::F(6)]), (b"\x1bOV", &[Key::F(7)]), (b"\x1bOW", &[Key::F(8)]),
    (b"\x1bOY", &[Key::F(10)]), (b"\x1bOZ", &[Key::F(11)]), (b"\x1bO[", &[Key::F(12)]),
    // PuTTY SCO
    (b"\x1b[M", &[Key::F(1)]), (b"\x1b[N", &[Key::F(2)]), (b"\x1b[O", &[Key::F(3)]), (b"\x1b[T", &[Key::F(8)]),
    (b"\x1b[U", &[Key::F(9)]), (b"\x1b[X", &[Key::F(12)]),
    // PuTTY with Alt
    (b"\x1b\x1b[11~", &[Key::F(1)]), (b"\x1b\x1bOR", &[Key::F(3)]),
    // cursor keys, normal and application mode, and the block above them
    (b"\x1b[A", &[Key::Up]), (b"\x1b[B", &[Key::Down]), (b"\x1b[C", &[Key::Right]), (b"\x1b[D", &[Key::Left]),
    (b"\x1bOA", &[Key::Up]), (b"\x1bOB", &[Key::Down]), (b"\x1bOC", &[Key::Right]), (b"\x1bOD", &[Key::Left]),
    (b"\x1b[H", &[Key::Home]), (b"\x1b[F", &[Key::End]), (b"\x1bOH", &[Key::Home]), (b"\x1bOF", &[Key::End]),
    (b"\x1b[1~", &[Key::Home]), (b"\x1b[4~", &[Key::End]), (b"\x1b[7~", &[Key::Home]), (b"\x1b[8~", &[Key::End]),
    (b"\x1b[2~", &[Key::Insert]), (b"\x1b[3~", &[Key::Delete]), (b"\x1b[5~", &[Key::PageUp]), (b"\x1b[6~", &[Key::PageDown]),
    (b"\x1b[Z", &[Key::BackTab]), (b"\x1bOI", &[Key::Tab]),
    // bytes
    (b"\r", &[Key::Enter]), (b"\n", &[Key::Enter]), (b"\r\n", &[Key::Enter]), (b"\n\r", &[Key::Enter, Key::Enter]),
    (b"\r\r", &[Key::Enter, Key::Enter]), (b"\x1bOM", &[Key::Enter]), (b"\t", &[Key::Tab]),
    (b"\x7f", &[Key::Backspace]), (b"\x08", &[Key::Backspace]), (b"\x1b", &[Key::Esc]), (b"\x1b\x1b", &[Key::Esc, Key::Esc]),
    (b"\x1a", &[Key::Ctrl('z')]), (b"\x0c", &[Key::Ctrl('l')]), (b"\x10", &[Key::Ctrl('p')]), (b"\x03", &[Key::Ctrl('c')]),
    (b"\x00", UNKNOWN), (b"\x1c", UNKNOWN), (b"\x1d", UNKNOWN), (b"\x1e", UNKNOWN), (b"\x1f", UNKNOWN),
    // never typed: unknown, unfinished, answers nobody asked for, a mouse report, focus
    (b"\x1b[99~", UNKNOWN), (b"\x1b[", UNKNOWN), (b"\x1bO", UNKNOWN), (b"\x1b[1;", UNKNOWN), (b"\x1b[?1;2c", UNKNOWN),
    (b"\x1b[<0;10;10M", UNKNOWN), (b"\x1b]11;rgb:0/0/0\x07", UNKNOWN), (b"\x1bP>|term\x1b\\", UNKNOWN), (b"\x1b[201~", UNKNOWN),
    (b"\x1b[27u", UNKNOWN), (b"\x1bO%", UNKNOWN),
];

#[test]
fn every_terminals_form_of_a_key_is_that_key() {
    for (bytes, expected) in FORMS {
        for focus in [Focus::List, Focus::Text] {
            assert_eq!(typed(focus, false, &[(0, bytes)]), keys(expected), "{:?}", bytes.escape_ascii().to_string());
        }
    }
}

#[test]
fn a_form_cut_anywhere_is_still_that_key() {
    for (bytes, expected) in FORMS {
        for cut in 1..bytes.len() {
            let pieces = [(0, &bytes[..cut]), (15, &bytes[cut..])];
            assert_eq!(
                typed(Focus::Code, false, &pieces),
                keys(expected),
                "{:?} at {cut}",
                bytes.escape_ascii().to_string()
            );
        }
    }
}

#[test]
fn modifiers_are_told_where_the_terminal_tells_them() {
    let one = |bytes: &[u8]| typed(Focus::List, false, &[(0, bytes)]);
    let shift = Mods { shift: true, ..Mods::NONE };
    assert_eq!(one(b"\x1b[1;2A"), [Press::Key(Key::Up, shift)]);
    assert_eq!(one(b"\x1b[1;5D"), [Press::Key(Key::Left, Mods { ctrl: true, ..Mods::NONE })]);
    assert_eq!(one(b"\x1b[1;2P"), [Press::Key(Key::F(1), shift)]);
    assert_eq!(one(b"\x1b[15;3~"), [Press::Key(Key::F(5), Mods { alt: true, ..Mods::NONE })]);
    assert_eq!(one(b"\x1b[a"), [Press::Key(Key::Up, shift)]);
}

#[test]
fn an_application_keypad_is_a_keypad() {
    for (last, c) in b"pqrstuvwxyjklmnoX ".iter().zip("0123456789*++-./= ".chars()) {
        let bytes = [0x1b, b'O', *last];
        assert_eq!(typed(Focus::Quantity, false, &[(0, &bytes)]), [Press::Char(c)]);
    }
    let five_and_enter = [Press::Char('5'), Press::key(Key::Enter)];
    assert_eq!(typed(Focus::Quantity, false, &[(0, b"\x1bOu\x1bOM")]), five_and_enter);
    assert_eq!(typed(Focus::Quantity, false, &[(0, b"5\n")]), five_and_enter);
    assert_eq!(typed(Focus::Quantity, false, &[(0, b"5\r\n")]), five_and_enter);
    assert_eq!(typed(Focus::List, false, &[(0, b"5\r\n")]), five_and_enter);
}

#[test]
fn a_line_feed_long_after_a_return_is_another_enter() {
    assert_eq!(typed(Focus::Text, false, &[(0, b"\r"), (19, b"\n")]), keys(&[Key::Enter]));
    assert_eq!(typed(Focus::Text, false, &[(0, b"\r"), (21, b"\n")]), keys(&[Key::Enter, Key::Enter]));
}

#[test]
fn a_lone_escape_waits_as_long_as_the_line_is_slow() {
    assert_eq!(typed(Focus::List, false, &[(0, b"\x1b"), (49, b"[A")]), keys(&[Key::Up]));
    assert_eq!(typed(Focus::List, true, &[(0, b"\x1b"), (149, b"[A")]), keys(&[Key::Up]));
    let late = typed(Focus::List, false, &[(0, b"\x1b"), (51, b"[A")]);
    assert_eq!(late, [Press::key(Key::Esc), burst("[A", false)]);
    let keyboard = || {
        let mut keyboard = Keyboard::new(false);
        let now = Instant::now();
        keyboard.take(b"\x1b", now, Focus::List, |_| Focus::List);
        (keyboard.deadline(), now)
    };
    let (deadline, now) = keyboard();
    assert_eq!(deadline, Some(now + Duration::from_millis(50)));
}

#[test]
fn escape_and_a_digit_is_a_function_key_in_lists_only() {
    assert_eq!(typed(Focus::List, false, &[(0, b"\x1b8")]), keys(&[Key::F(8)]));
    assert_eq!(typed(Focus::List, false, &[(0, b"\x1b0")]), keys(&[Key::F(10)]));
    assert_eq!(typed(Focus::Quantity, false, &[(0, b"\x1b8")]), [Press::key(Key::Esc), Press::Char('8')]);
}

#[test]
fn what_comes_together_is_text() {
    assert_eq!(typed(Focus::List, false, &[(0, b"t")]), [Press::Char('t')]);
    assert_eq!(typed(Focus::List, false, &[(0, b"c"), (29, b"d"), (58, b"wx")]), [burst("cdwx", false)]);
    assert_eq!(typed(Focus::List, false, &[(0, b"c"), (31, b"d")]), [Press::Char('c'), Press::Char('d')]);
    assert_eq!(typed(Focus::List, false, &[(0, b"9787020002207\r")]), [burst("9787020002207", true)]);
    assert_eq!(typed(Focus::Dialog, false, &[(0, b"9787020002207\r\n")]), [burst("9787020002207", true)]);
    assert_eq!(typed(Focus::List, false, &[(0, "成都".as_bytes())]), [burst("成都", false)]);
    assert_eq!(typed(Focus::List, false, &[(0, "成".as_bytes())]), [Press::Char('成')]);
    assert_eq!(typed(Focus::Text, false, &[(0, "成都".as_bytes())]), [burst("成都", false)]);
    assert_eq!(typed(Focus::Code, false, &[(0, b"12\r")]), [burst("12", false), Press::key(Key::Enter)]);
    assert_eq!(typed(Focus::List, false, &[(0, b"010123\x1d10AB")]), [burst("010123\u{1d}10AB", false)]);
}

#[test]
fn keys_that_are_not_text_wait_for_nothing_and_take_text_before_them_along() {
    let (mut keyboard, now) = (Keyboard::new(false), Instant::now());
    let mut at_once = Vec::new();
    keyboard.take(b"\x1b[Bt\x1b[19~", now, Focus::List, |press| {
        at_once.push(press);
        Focus::List
    });
    assert_eq!(at_once, [Press::key(Key::Down), Press::Char('t'), Press::key(Key::F(8))]);
    assert!(keyboard.is_settled());
    keyboard.take(b"x", now, Focus::Text, |press| {
        at_once.push(press);
        Focus::Text
    });
    assert_eq!(at_once.last(), Some(&Press::Char('x')));
}

#[test]
fn the_focus_is_asked_again_after_each_press() {
    let (mut keyboard, mut presses) = (Keyboard::new(false), Vec::new());
    keyboard.take(b"\x1b[14~7", Instant::now(), Focus::List, |press| {
        presses.push(press);
        Focus::Quantity
    });
    assert_eq!(presses, [Press::key(Key::F(4)), Press::Char('7')], "F4 opened a field, where nothing is held");
}

#[test]
fn full_width_forms_are_folded_except_in_text() {
    let typed = |focus| typed(focus, false, &[(0, "／".as_bytes())]);
    assert_eq!(typed(Focus::List), [Press::Char('/')]);
    assert_eq!(typed(Focus::Code), [Press::Char('/')]);
    assert_eq!(typed(Focus::Text), [Press::Char('／')]);
}

#[test]
fn bytes_that_are_no_utf8_stay_visible_as_such() {
    let gbk = typed(Focus::Code, false, &[(0, b"\xb3\xc9\xb6\xbc")]);
    assert!(matches!(&gbk[..], [Press::Burst { text, .. }] if text.contains('\u{fffd}')));
    assert_eq!(typed(Focus::Code, false, &[(0, b"\xe6\x88")]), [Press::Char('\u{fffd}')]);
    assert_eq!(typed(Focus::Code, false, &[(0, b"\xe6"), (10, b"\x88"), (20, b"\x90")]), [Press::Char('成')]);
    assert_eq!(typed(Focus::Code, false, &[(0, b"\xc2\x9b")]), [], "a control code in UTF-8 is no text");
}

#[test]
fn a_paste_is_one_press() {
    let paste = |bytes: &[u8]| typed(Focus::List, false, &[(0, bytes)]);
    assert_eq!(paste(b"\x1b[200~a\rb\r\nc\x1b[201~"), [Press::Paste("a\nb\nc".into())]);
    assert_eq!(paste(b"\x1b[200~\x1b[19~x\x1b[201~\r"), [Press::Paste("[19~x".into()), Press::key(Key::Enter)]);
    let long: Vec<u8> = [b"\x1b[200~".as_slice(), &[b'x'; 70_000], b"\x1b[201~y"].concat();
    let presses = paste(&long);
    assert!(matches!(&presses[..], [Press::Paste(text), Press::Char('y')] if text.len() == 64 * 1024));
}

#[test]
fn a_paste_whose_end_is_lost_ends_by_itself() {
    let lost = typed(Focus::Text, false, &[(0, b"\x1b[200~abc"), (2_050, b"\x1b[A")]);
    assert_eq!(lost, [Press::Paste("abc".into()), Press::key(Key::Up)]);
    let flowing = typed(Focus::Text, false, &[(0, b"\x1b[200~a"), (1_990, b"b"), (2_080, b"c\x1b[201~")]);
    assert_eq!(flowing, [Press::Paste("abc".into())], "what still flows is not cut");
}

#[test]
fn two_hundred_scans_in_one_burst_are_all_there() {
    let scans: Vec<u8> = (0..200).flat_map(|n| format!("9787020{n:06}\r").into_bytes()).collect();
    for (focus, count) in [(Focus::List, 200), (Focus::Code, 400)] {
        let pieces: Vec<(u64, &[u8])> = scans.chunks(1_000).enumerate().map(|(n, part)| (n as u64, part)).collect();
        let presses = typed(focus, false, &pieces);
        let length = |press: &Press| match press {
            Press::Burst { text, .. } => text.len(),
            Press::Char(_) => 1,
            _ => 0,
        };
        let digits: usize = presses.iter().map(length).sum();
        assert_eq!(digits, 2_600);
        assert!(presses.len() >= count);
    }
}

#[test]
fn random_bytes_never_type_an_escape_and_always_settle() {
    let mut random = fastrand::Rng::with_seed(7);
    let alphabet: &[&[u8]] = &[
        b"\x1b",
        b"[",
        b"O",
        b"200~",
        b"201~",
        b"1;",
        b"~",
        b"A",
        b"\r",
        b"\n",
        "成".as_bytes(),
        b"\xff",
        b"5",
        b"\x9b",
    ];
    for round in 0..20_000 {
        let pieces: Vec<Vec<u8>> = (0..random.usize(1..12))
            .map(
                |_| if random.bool() { alphabet[random.usize(..alphabet.len())].to_vec() } else { vec![random.u8(..)] },
            )
            .collect();
        let mut at = 0;
        let timed: Vec<(u64, &[u8])> = pieces
            .iter()
            .map(|piece| {
                at += random.u64(0..80);
                (at, piece.as_slice())
            })
            .collect();
        for press in typed([Focus::List, Focus::Text][round % 2], false, &timed) {
            let text = match press {
                Press::Key(..) => continue,
                Press::Char(c) => c.to_string(),
                Press::Burst { text, .. } | Press::Paste(text) => text,
            };
            assert!(
                text.chars().all(|c| !c.is_control() || matches!(c, '\n' | '\t' | '\u{1d}')),
                "{pieces:?} typed {text:?}"
            );
        }
    }
}
