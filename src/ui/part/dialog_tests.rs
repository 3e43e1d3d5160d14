use super::*;

fn at(millis: i64) -> Moment {
    Moment::from_micros(1_000_000_000 + millis * 1_000)
}

fn open() -> Dialog {
    Dialog::new("签核".into(), vec!["单号 XS2611000001".into()], "签核".into())
}

/// A question that has been open for a while.
fn settled() -> Dialog {
    let mut dialog = open();
    dialog.tick(at(0));
    dialog.tick(at(400));
    dialog
}

fn f8(dialog: &mut Dialog) -> Verdict {
    dialog.press(&Press::key(Key::F(8)), Some("dialog.confirm"))
}

fn enter(dialog: &mut Dialog) -> Verdict {
    dialog.press(&Press::key(Key::Enter), Some("dialog.press"))
}

fn scan(text: &str) -> Press {
    Press::Burst { text: text.into(), entered: true }
}

#[test]
fn three_f8_at_once_confirm_nothing_and_a_later_one_does() {
    let mut dialog = open();
    dialog.tick(at(0));
    assert_eq!([f8(&mut dialog), f8(&mut dialog)], [Verdict::Waits, Verdict::Waits]);
    dialog.tick(at(10));
    dialog.tick(at(355));
    assert_eq!(f8(&mut dialog), Verdict::Waits, "the absorbed keys began the wait anew");
    dialog.tick(at(356));
    dialog.tick(at(706));
    assert_eq!(f8(&mut dialog), Verdict::Confirmed);
}

#[test]
fn a_key_that_bounces_for_ever_holds_the_question_for_two_seconds_only() {
    let mut dialog = open();
    let mut now = 0;
    dialog.tick(at(now));
    let confirmed = loop {
        now += 50;
        if f8(&mut dialog) == Verdict::Confirmed {
            break now;
        }
        dialog.tick(at(now));
        assert!(now < 5_000);
    };
    assert!((2_000..=2_100).contains(&confirmed), "{confirmed}");
}

#[test]
fn keys_before_the_first_tick_are_absorbed() {
    let mut dialog = open();
    assert_eq!(
        (dialog.wants_at().is_some(), f8(&mut dialog), enter(&mut dialog)),
        (true, Verdict::Waits, Verdict::Waits)
    );
}

#[test]
fn enter_presses_cancel_unless_another_button_was_chosen() {
    assert_eq!(enter(&mut settled()), Verdict::Cancelled);
    let mut dialog = settled();
    dialog.press(&Press::key(Key::Tab), Some("dialog.other"));
    assert_eq!(enter(&mut dialog), Verdict::Confirmed);
}

#[test]
fn a_scan_a_paste_and_a_letter_are_refused_with_a_bell() {
    let mut dialog = settled();
    for press in [scan("9787020002207"), Press::Paste("1".into()), Press::Char('y'), Press::Char('成')] {
        assert_eq!(dialog.press(&press, None), Verdict::Bell, "{press:?}");
    }
    assert_eq!(f8(&mut dialog), Verdict::Confirmed);
}

#[test]
fn the_shown_digits_confirm_and_others_ring() {
    let mut dialog = settled().with_code(at(0));
    let code = dialog.code.unwrap();
    assert!((10..100).contains(&code));
    let type_in = |dialog: &mut Dialog, text: &str| {
        for c in text.chars() {
            assert_eq!(dialog.press(&Press::Char(c), None), Verdict::Waits);
        }
        enter(dialog)
    };
    assert_eq!(type_in(&mut dialog, &(code ^ 1).to_string()), Verdict::Bell);
    assert_eq!(type_in(&mut dialog, &code.to_string()), Verdict::Confirmed);
    assert_eq!(type_in(&mut dialog, "0"), Verdict::Cancelled);
}

#[test]
fn a_passphrase_is_typed_and_pasted_but_not_scanned_and_enter_does_not_sign() {
    let field = Field::line("passphrase", "dialog.passphrase", Kind::Passphrase).needed();
    let mut dialog = settled().with_fields(vec![field]);
    assert_eq!(dialog.focus(), Focus::Text);
    assert_eq!(f8(&mut dialog), Verdict::Bell, "it is needed");
    assert_eq!(dialog.press(&scan("9787020002207"), None), Verdict::Bell);
    assert_eq!(dialog.press(&Press::Burst { text: "correct horse".into(), entered: false }, None), Verdict::Waits);
    assert_eq!(enter(&mut dialog), Verdict::Waits);
    assert_eq!(dialog.button(), Some(Button::Cancel));
    assert_eq!((f8(&mut dialog), dialog.text("passphrase").as_str()), (Verdict::Confirmed, "correct horse"));
    dialog.object("passphrase", "dialog.wrong".into());
    assert_eq!((dialog.field_at(), dialog.text("passphrase").as_str()), (Some(0), ""));
}
