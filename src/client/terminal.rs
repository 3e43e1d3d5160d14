//! What this terminal is: its kind, its colours, its language.
//!
//! SSH forwards little, so everything has a default and can be asked for by hand. Chinese comes first; only a place
//! that cannot show it (a codeset that is not UTF-8, the kernel's own console) is spoken to in English.

use crate::wire::{Colours, Terminal};

/// What the person asked for on the command line.
#[derive(Debug, Clone, Default)]
pub struct Taste {
    /// `zh` or `en`.
    pub lang: Option<String>,
    /// A slow line.
    pub slow: bool,
    /// Line by line, for screen readers.
    pub plain: bool,
    /// Rows may be copied to this terminal's clipboard.
    pub clipboard: bool,
}

/// Describes the terminal of this size and tty name to the server; `env` reads the environment.
pub fn describe(taste: &Taste, size: (u16, u16), tty: &str, env: impl Fn(&str) -> Option<String>) -> Terminal {
    let set = |name: &str| env(name).filter(|value| !value.is_empty());
    let term: String = set("TERM")
        .unwrap_or_default()
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || "._+-".contains(*c))
        .take(32)
        .collect();
    let words = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(set).unwrap_or_default();
    let is_utf8 = is_utf8(&env);
    let shows_chinese = is_utf8 && (term != "linux" || set("TAIZHANG_CJK_CONSOLE").is_some());
    let own = if words.starts_with("en") || !shows_chinese { "en" } else { "zh" };
    let mono = set("NO_COLOR").is_some() || matches!(&*term, "" | "dumb" | "vt100" | "vt102" | "vt220" | "vt320");
    Terminal {
        cols: size.0,
        rows: size.1,
        colours: if mono { Colours::None } else { Colours::Sixteen },
        lang: taste.lang.clone().unwrap_or_else(|| own.to_owned()),
        slow: taste.slow,
        clipboard: taste.clipboard,
        plain: taste.plain || !is_utf8 || matches!(&*term, "" | "dumb"),
        tty: tty.chars().take(64).collect(),
        term,
    }
}

/// Whether the locale's codeset is UTF-8, which it is taken to be where it names none.
pub(super) fn is_utf8(env: impl Fn(&str) -> Option<String>) -> bool {
    let set = |name: &str| env(name).filter(|value| !value.is_empty());
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(set).unwrap_or_default();
    let codeset = locale.split_once('.').map(|(_, codeset)| codeset.to_ascii_lowercase());
    codeset.is_none_or(|codeset| codeset.starts_with("utf-8") || codeset.starts_with("utf8"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn described(env: &[(&str, &str)], lang: Option<&str>) -> Terminal {
        let taste = Taste { lang: lang.map(str::to_owned), ..Taste::default() };
        describe(&taste, (80, 24), "/dev/pts/1", |name| {
            env.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn chinese_comes_first_and_english_where_it_is_asked_for_or_all_that_shows() {
        let lang = |env: &[(&str, &str)]| described(env, None).lang;
        assert_eq!(lang(&[("TERM", "xterm"), ("LC_ALL", "C.UTF-8")]), "zh");
        assert_eq!(lang(&[("TERM", "xterm")]), "zh");
        assert_eq!(lang(&[("LANG", "zh_CN.UTF-8")]), "zh");
        assert_eq!(lang(&[("LANG", "en_GB.UTF-8")]), "en");
        assert_eq!(lang(&[("LANG", "zh_CN.GBK")]), "en");
        assert_eq!(lang(&[("TERM", "linux"), ("LANG", "zh_CN.UTF-8")]), "en");
        assert_eq!(lang(&[("TERM", "linux"), ("TAIZHANG_CJK_CONSOLE", "1")]), "zh");
        assert_eq!(described(&[("LANG", "zh_CN.UTF-8")], Some("en")).lang, "en");
    }

    #[test]
    fn colours_go_where_they_are_not_wanted_or_not_there() {
        let colours = |env: &[(&str, &str)]| described(env, None).colours;
        assert_eq!(colours(&[("TERM", "tmux-256color")]), Colours::Sixteen);
        assert_eq!(colours(&[("TERM", "tmux-256color"), ("NO_COLOR", "1")]), Colours::None);
        assert_eq!(colours(&[("TERM", "xterm"), ("NO_COLOR", "")]), Colours::Sixteen);
        assert_eq!(colours(&[("TERM", "vt220")]), Colours::None);
    }

    #[test]
    fn a_terminal_that_can_do_nothing_else_is_spoken_to_in_lines() {
        let plain = |env: &[(&str, &str)]| described(env, None).plain;
        assert!(!plain(&[("TERM", "xterm"), ("LANG", "zh_CN.UTF-8")]) && !plain(&[("TERM", "vt100")]));
        assert!(plain(&[("TERM", "dumb")]) && plain(&[]));
        assert!(plain(&[("TERM", "xterm"), ("LANG", "zh_CN.GBK")]));
    }

    #[test]
    fn whatever_the_environment_says_the_greeting_is_sound() {
        let odd = "x\u{1b}]0;成".repeat(20);
        let terminal = described(&[("TERM", &odd), ("LANG", &odd)], None);
        assert!(terminal.is_sound(), "{terminal:?}");
    }
}
