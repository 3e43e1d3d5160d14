use super::*;
use crate::ui::locale::Words;

fn contexts() -> Vec<Context> {
    crate::ui::app::contexts()
}

fn with(name: &str, text: &str) -> (Keymap, Vec<Finding>) {
    Keymap::load(contexts(), &[(name.to_owned(), text.to_owned())])
}

fn bind(on: &str, run: &str) -> String {
    format!("[[bind]]\non = [{on}]\nrun = \"{run}\"\nzh = \"甲\"\nen = \"a\"\n")
}

fn f(number: u8) -> Chord {
    Chord::Key(Key::F(number))
}

fn run_of<'a>(keymap: &'a Keymap, context: &str, chord: Chord) -> &'a str {
    keymap.binding(context, &[], chord).map_or("", |bind| bind.run.as_str())
}

#[test]
fn a_key_is_looked_up_from_the_nearest_layer_on() {
    let (keymap, _) = Keymap::load(contexts(), &[]);
    assert_eq!(run_of(&keymap, "queue", f(8)), "queue.advance");
    assert_eq!(run_of(&keymap, "queue", Chord::Key(Key::Down)), "row.next");
    assert_eq!(run_of(&keymap, "queue", f(1)), "help.show");
    assert_eq!(run_of(&keymap, "payments", f(6)), "payment.import");
    assert_eq!(run_of(&keymap, "dialog", f(5)), "");
}

#[test]
fn an_overlay_is_asked_first_and_only_when_it_is_on() {
    let (keymap, _) = Keymap::load(contexts(), &[]);
    let on = ["keypad".to_owned()];
    assert_eq!(run_of(&keymap, "queue", Chord::Char('+')), "");
    assert_eq!(keymap.binding("queue", &on, Chord::Char('+')).unwrap().run, "row.next");
    assert_eq!(keymap.binding("queue", &on, Chord::Char('*')).unwrap().run, "queue.advance");
    assert_eq!(keymap.binding("payments", &on, Chord::Char('*')).unwrap().run, "payment.confirm");
    assert!(keymap.binding("form", &on, Chord::Char('+')).is_none());
}

#[test]
fn the_keypad_covers_no_other_key() {
    let (keymap, _) = Keymap::load(contexts(), &[]);
    let keypad = keymap.overlays.iter().find(|layer| layer.context == "keypad").unwrap();
    for chord in keypad.bindings.iter().flat_map(|bind| &bind.on) {
        assert_eq!(run_of(&keymap, "queue", *chord), "", "{chord}");
    }
}

#[test]
fn a_key_bound_twice_is_reported_with_file_line_and_both_acts() {
    let text = format!("context = \"queue\"\n{}{}", bind("\"u\"", "queue.waybill"), bind("\"u\"", "queue.sort"));
    let (keymap, findings) = with("mine/queue.toml", &text);
    let said =
        findings.iter().map(|finding| finding.line(&Words::load(Lang::En))).find(|line| line.contains("queue.sort"));
    let said = said.expect("the second binding is reported");
    assert!(said.starts_with("mine/queue.toml:7:") && said.contains("queue.waybill") && said.contains(" u "), "{said}");
    assert_eq!(run_of(&keymap, "queue", Chord::Char('u')), "queue.waybill");
    assert_eq!(run_of(&keymap, "queue", f(8)), "queue.advance");
}

#[test]
fn a_misspelt_act_is_reported_and_the_default_stands() {
    let text = format!("context = \"queue\"\n{}", bind("\"f8\"", "queue.advanse"));
    let (keymap, findings) = with("mine/queue.toml", &text);
    assert!(matches!(&findings[0].problem, Problem::UnknownAct { key, act } if key == "F8" && act == "queue.advanse"));
    assert_eq!(run_of(&keymap, "queue", f(8)), "queue.advance");
}

#[test]
fn a_users_file_moves_a_key_and_the_bar_follows() {
    let text = format!("context = \"queue\"\n{}", bind("\"f2\", \"a\"", "queue.advance"));
    let (keymap, findings) = with("mine/queue.toml", &text);
    let bar = keymap.bar("queue", &[], Lang::Zh);
    assert!(bar.iter().any(|(number, bind, _)| *number == 2 && bind.run == "queue.advance"));
    assert!(!bar.iter().any(|(number, ..)| *number == 8), "F8 was moved away");
    assert!(
        findings.iter().any(|finding| matches!(&finding.problem, Problem::NotImeSafe { act, .. } if act == "row.edit"))
    );
}

#[test]
fn characters_cannot_be_bound_where_they_are_text() {
    let (_, findings) = with("mine/form.toml", &format!("context = \"form\"\n{}", bind("\"x\"", "form.commit")));
    assert!(matches!(&findings[0].problem, Problem::CharacterInForm { key, .. } if key == "x"));
}

#[test]
fn an_act_that_lost_its_keys_is_reported() {
    let (_, findings) =
        with("mine/global.toml", &format!("context = \"global\"\n{}", bind("\"f1\", \"?\"", "data.refresh")));
    let lost = |finding: &Finding| matches!(&finding.problem, Problem::Unbound { act, .. } if act == "help.show");
    assert!(findings.iter().any(lost), "{findings:?}");
}

#[test]
fn a_bar_that_is_too_wide_is_reported_with_its_width() {
    let long = bind("\"f8\"", "queue.advance").replace("\"a\"", "\"a very long label for one key of a bar\"");
    let (_, findings) = with("mine/queue.toml", &format!("context = \"queue\"\n{long}"));
    assert!(
        findings.iter().any(
            |finding| matches!(&finding.problem, Problem::BarTooWide { lang: Lang::En, cells, .. } if *cells > 80)
        )
    );
}

#[test]
fn the_shipped_keymaps_are_in_order() {
    let (_, findings) = Keymap::load(contexts(), &[]);
    let lines: Vec<String> = findings.iter().map(|finding| finding.line(&Words::load(Lang::Zh))).collect();
    assert_eq!(lines, Vec::<String>::new());
}

#[test]
fn unknown_layers_and_missing_labels_are_reported() {
    let (_, findings) = with("mine/x.toml", "context = \"quee\"\n");
    assert!(matches!(&findings[0].problem, Problem::UnknownContext { context } if context == "quee"));
    let (_, findings) =
        with("mine/queue.toml", "context = \"queue\"\n[[bind]]\non = [\"f8\"]\nrun = \"queue.advance\"\nzh = \"办\"\n");
    assert!(findings.iter().any(|finding| matches!(&finding.problem, Problem::NoLabel { lang: Lang::En, .. })));
}

#[test]
fn no_number_of_the_menu_is_the_beginning_of_another() {
    let (keymap, _) = Keymap::load(contexts(), &[]);
    for context in contexts() {
        let numbers = keymap.entries(context.name, &[]).into_iter().filter_map(|entry| entry.binding.menu);
        for number in numbers.filter(|number| *number != 0) {
            assert!(
                (10..=99).contains(&number),
                "{} {number}: every number has two digits but that of quitting",
                context.name
            );
        }
    }
}
