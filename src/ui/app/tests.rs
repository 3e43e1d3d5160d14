use super::*;

#[test]
fn the_shipped_keymaps_fit_the_screens() {
    let (_, findings) = Keymap::load(contexts(), &[]);
    let words = Words::load(Lang::En);
    let lines: Vec<String> = findings.iter().map(|finding| finding.line(&words)).collect();
    assert_eq!(lines, Vec::<String>::new());
}
