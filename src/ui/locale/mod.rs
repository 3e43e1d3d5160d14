//! Every text that a user sees, Chinese first and English complete, looked up by a dotted key.
//!
//! The tables are compiled in, a file a subject ([`FILES`]). A text may name values in braces, `{name}`, which the caller gives.
//! A test reads the sources and both tables: every key that the code names exists, in both languages,
//! with the same values. At run time a missing key shows as itself; it never stops a screen.

use std::collections::HashMap;
use std::fmt::Display;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// A language of the interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lang {
    /// 简体中文.
    #[default]
    Zh,
    /// English.
    En,
}

impl Lang {
    /// The languages, the default one first.
    pub const ALL: [Lang; 2] = [Lang::Zh, Lang::En];

    /// The other language.
    pub const fn other(self) -> Lang {
        match self {
            Lang::Zh => Lang::En,
            Lang::En => Lang::Zh,
        }
    }

    /// The language that a `LANG` or `--lang` asks for: English where it says so, Chinese otherwise.
    ///
    /// `C` and `POSIX` say nothing about a language, so they get Chinese too.
    pub fn of(name: &str) -> Lang {
        if name.trim().to_ascii_lowercase().starts_with("en") { Lang::En } else { Lang::Zh }
    }

    /// The texts of one file of [`FILES`].
    const fn source(self, file: &(&'static str, &'static str, &'static str)) -> &'static str {
        match self {
            Lang::Zh => file.1,
            Lang::En => file.2,
        }
    }
}

macro_rules! files {
    ($($name:literal),*) => {
        /// The subjects, each with its texts in Chinese and in English. No key stands in two of them.
        const FILES: &[(&str, &str, &str)] = &[$((
            $name,
            include_str!(concat!("zh/", $name, ".toml")),
            include_str!(concat!("en/", $name, ".toml")),
        )),*];
    };
}

files![
    "screens",
    "rules",
    "names",
    "selling",
    "statement",
    "stock",
    "stocktake",
    "counting",
    "premises",
    "promoting",
    "purchasing",
    "cli",
    "report",
    "closing",
    "plain",
    "undo",
    "keep",
    "office"
];

/// The texts of one language.
#[derive(Debug, Clone)]
pub struct Words {
    lang: Lang,
    texts: Arc<HashMap<String, String>>,
}

impl Words {
    /// The compiled-in texts of a language. Parsed anew at each call, so a session keeps its copy.
    pub fn load(lang: Lang) -> Words {
        let mut texts = HashMap::new();
        for file in FILES {
            let table: toml::Table = lang.source(file).parse().expect("the compiled-in texts are checked by a test");
            flatten("", &table, &mut texts);
        }
        Words { lang, texts: Arc::new(texts) }
    }

    /// Which language it is.
    pub fn lang(&self) -> Lang {
        self.lang
    }

    /// The text under `key`, or the key itself where there is none.
    pub fn say<'a>(&'a self, key: &'a str) -> &'a str {
        self.texts.get(key).map_or(key, String::as_str)
    }

    /// The text under `key` with its `{name}`s replaced by the values given. What a value contains is not looked into.
    pub fn say_with(&self, key: &str, values: &[(&str, &dyn Display)]) -> String {
        let (mut text, mut rest) = (String::new(), self.say(key));
        while let Some((before, from)) = rest.split_once('{') {
            text.push_str(before);
            let named = from.split_once('}');
            let value =
                named.and_then(|(name, after)| Some((values.iter().find(|(known, _)| *known == name)?.1, after)));
            rest = match value {
                Some((value, after)) => {
                    text.push_str(&value.to_string());
                    after
                }
                None => {
                    text.push('{');
                    from
                }
            };
        }
        text + rest
    }

    /// Whether there is a text under `key`.
    pub fn has(&self, key: &str) -> bool {
        self.texts.contains_key(key)
    }

    /// Every key, in no order.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.texts.keys().map(String::as_str)
    }
}

fn flatten(above: &str, table: &toml::Table, texts: &mut HashMap<String, String>) {
    for (name, value) in table {
        let key = if above.is_empty() { name.clone() } else { format!("{above}.{name}") };
        match value {
            toml::Value::Table(inner) => flatten(&key, inner, texts),
            toml::Value::String(text) => drop(texts.insert(key, text.clone())),
            other => drop(texts.insert(key, other.to_string())),
        }
    }
}

#[cfg(test)]
mod tests;
