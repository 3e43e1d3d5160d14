//! Both languages are complete, and the code names no text that does not exist.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::*;
use crate::ui::text::is_ambiguous;

fn both() -> [Words; 2] {
    Lang::ALL.map(Words::load)
}

fn keys(words: &Words) -> BTreeSet<&str> {
    words.keys().collect()
}

/// The names in braces of a text.
fn values(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect()
}

#[test]
fn both_languages_have_the_same_keys_and_values() {
    let [zh, en] = both();
    let (zh_keys, en_keys) = (keys(&zh), keys(&en));
    assert_eq!(zh_keys.symmetric_difference(&en_keys).collect::<Vec<_>>(), Vec::<&&str>::new());
    for key in zh_keys {
        assert_eq!(values(zh.say(key)), values(en.say(key)), "{key}");
        assert!(!zh.say(key).trim().is_empty() && !en.say(key).trim().is_empty(), "{key} is empty");
    }
}

#[test]
fn no_key_stands_in_two_files() {
    for lang in Lang::ALL {
        let mut seen = HashMap::new();
        for file in FILES {
            let mut texts = HashMap::new();
            flatten("", &lang.source(file).parse().unwrap(), &mut texts);
            for key in texts.into_keys() {
                let other = seen.insert(key.clone(), file.0);
                assert_eq!(other, None, "{key} stands in {} again", file.0);
            }
        }
    }
}

#[test]
fn no_text_has_an_ambiguous_width_or_a_control_character() {
    for words in both() {
        for key in words.keys() {
            let text = words.say(key);
            assert!(!is_ambiguous(text) && !text.chars().any(char::is_control), "{key}: {text}");
        }
    }
}

#[test]
fn english_is_not_chinese() {
    let [_, en] = both();
    let chinese = |text: &str| text.chars().any(|c| matches!(c, '\u{4e00}'..='\u{9fff}'));
    let left: Vec<&str> = en.keys().filter(|key| chinese(en.say(key)) && !key.starts_with("lang.")).collect();
    assert_eq!(left, Vec::<&str>::new());
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("the sources are there") {
        let path = entry.expect("readable").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|ext| ext == "rs") {
            found.push(path);
        }
    }
}

/// The string literals of `code`.
fn literals(code: &str) -> Vec<&str> {
    code.lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .flat_map(|line| line.split('"').skip(1).step_by(2))
        .collect()
}

/// Whether a literal looks like a key: a section of the locale, a point, a name.
fn is_key(words: &Words, literal: &str) -> bool {
    let Some((section, name)) = literal.split_once('.') else { return false };
    let plain = |part: &str| {
        !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b == b'_' || b.is_ascii_digit())
    };
    plain(section) && name.split('.').all(plain) && words.keys().any(|key| key.split('.').next() == Some(section))
}

#[test]
fn every_key_named_in_the_code_exists() {
    let [zh, _] = both();
    let mut files = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/ui"), &mut files);
    let contexts = crate::ui::app::contexts();
    let is_act = |literal: &str| contexts.iter().any(|context| context.acts.contains(&literal));
    let mut seen = 0;
    for path in files.iter().filter(|path| !path.to_string_lossy().contains("tests")) {
        let code = std::fs::read_to_string(path).expect("readable");
        let code = code.split("#[cfg(test)]").next().unwrap_or_default();
        for key in literals(code).into_iter().filter(|literal| is_key(&zh, literal) && !is_act(literal)) {
            assert!(zh.has(key), "{} names {key}, which has no text", path.display());
            seen += 1;
        }
    }
    assert!(seen > 200, "the search for keys finds them: {seen}");
}

#[test]
fn values_are_filled_in_and_a_missing_key_shows_itself() {
    let [zh, _] = both();
    assert_eq!(zh.say("no.such.key"), "no.such.key");
    assert!(zh.say_with("list.go_to", &[("row", &12)]).contains("12"));
}

#[test]
fn a_language_is_found_by_its_name() {
    assert_eq!(
        ["en_US.UTF-8", "EN", "zh_CN.UTF-8", "C", ""].map(Lang::of),
        [Lang::En, Lang::En, Lang::Zh, Lang::Zh, Lang::Zh]
    );
}
