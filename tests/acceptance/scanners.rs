//! Two people count at two terminals as fast as their scanners send: two thousand lines, none lost, each in its order (E53).

use serde_json::Value;

use crate::counting::{TAKE, at_sheet, codes, opened, records, saved};
use crate::desk::row;
use crate::watch::Watch;

/// How many lines each of the two counts.
const EACH: usize = 1_000;
/// How many come at once: ten seconds of a scanner that reads twenty a second.
const BURST: usize = 200;
/// The first row of lines on the sheet, below what is being entered.
const FIRST: u16 = 9;

/// A burst as it reaches a terminal: pasted, each scan by itself without waiting, or all in one piece.
fn send(terminal: &crate::pty::Pty, nth: usize, burst: &[String]) {
    let lines: String = burst.iter().map(|code| format!("{code}\r")).collect();
    match nth % 3 {
        0 => terminal.keys(format!("\x1b[200~{lines}\x1b[201~").as_bytes()),
        1 => burst.iter().for_each(|code| terminal.keys(format!("{code}\r").as_bytes())),
        _ => terminal.keys(lines.as_bytes()),
    }
}

#[test]
fn two_thousand_lines_from_two_scanners_are_all_there_in_their_order() {
    let desk = opened();
    let terminals = ["cangguan", "zhuanyuan"].map(|person| at_sheet(&desk, person));
    let all = codes(2 * EACH as u64);
    let sheets = [&all[..EACH], &all[EACH..]];
    let bells = terminals.each_ref().map(Watch::bells);
    for (nth, from) in (0..EACH).step_by(BURST).enumerate() {
        for (terminal, codes) in terminals.iter().zip(sheets) {
            send(terminal, nth, &codes[from..from + BURST]);
        }
        for (terminal, codes) in terminals.iter().zip(sheets) {
            saved(terminal, (from + BURST) as u32);
            // The newest stands first, and those before it below, as many as there are rows. A frame may be read in two
            // parts, so it is looked at until it is whole.
            let began = std::time::Instant::now();
            loop {
                let shown = terminal.with(|screen| {
                    let rows = (FIRST..screen.size().0.get()).map(|number| row(screen, number));
                    rows.filter_map(|row| Some(row.split_whitespace().find(|word| word.len() == 13)?.to_owned()))
                        .collect::<Vec<_>>()
                });
                let last = codes[..from + BURST].iter().rev().take(shown.len());
                if shown.len() > 5 && last.eq(&shown) {
                    break;
                }
                assert!(began.elapsed().as_secs() < 10, "{shown:?}");
                std::thread::sleep(std::time::Duration::from_millis(5));
            }
        }
    }
    assert_eq!(terminals.each_ref().map(Watch::bells), bells, "nothing was refused");

    let stored = records(&desk);
    for (no, (codes, person)) in sheets.into_iter().zip(["cangguan", "zhuanyuan"]).enumerate() {
        let own: Vec<&Value> = stored.iter().filter(|event| event["sheet"] == no + 1).collect();
        assert!(own.iter().map(|event| &event["code"]).eq(codes), "sheet {}", no + 1);
        assert!((1..=EACH).eq(own.iter().map(|event| event["nth"].as_u64().unwrap() as usize)), "records are dense");
        let lines = desk.rows(&["sheet", TAKE, person]);
        assert!(lines.iter().map(|line| &line["code"]).eq(codes), "{person} sees every line");
    }
    let (status, words) = desk.run(&["verify"]);
    assert!(status == Some(0) && words.contains("good"), "{words}");
}
