//! The shape of the crate, kept by a test because one crate has no walls inside.
//!
//! Each rule is a function from a source to the places that break it, and each is tried on a planted
//! breach first: a rule that cannot fail keeps nothing. A folder that does not exist yet is not
//! missed; one that the table does not know is, so that its place is decided when it is made.

mod source;

use std::path::Path;

use source::Source;

/// Who may name whom, the longest path first. A file may always name its own folder.
const MAY_NAME: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("find", &["domain"]),
    ("statement", &["domain"]),
    ("store", &["domain"]),
    ("report", &["domain", "store::books"]),
    ("desk", &["domain", "store", "statement"]),
    // The seam between screens and server names what crosses it.
    ("ui/face.rs", &["domain", "find", "statement", "store::books", "desk"]),
    // `may` is the rule a greyed key asks, on a read transaction.
    ("ui", &["domain", "find", "store::books", "desk::may"]),
    ("wire", &["domain"]),
    // The few words a terminal says by itself are the same texts.
    ("client", &["domain", "wire", "ui::locale"]),
    ("server", &["domain", "find", "statement", "store", "desk", "ui", "wire"]),
];
/// What stands above all of them and may name what it needs: the command line and the demonstration.
const ABOVE: &[&str] = &["main", "lib", "cli", "demo", "house", "verbs"];

/// What each layer must not reach for, however it is named.
const MUST_NOT_REACH: &[(&str, &[&str])] = &[
    ("domain", PURE),
    ("find", PURE),
    (
        "statement",
        &["redb", "ratatui", "crossterm", "SystemTime", "Instant", "std::net", "std::thread", "rand", "fastrand"],
    ),
    ("store", &["ratatui", "crossterm", "std::net", "UnixStream"]),
    ("desk", &["ratatui", "crossterm", "std::net", "UnixStream"]),
    ("report", &["ratatui", "crossterm", "std::net"]),
    ("ui", &["redb", "std::net", "std::thread", "UnixStream", "SystemTime::now", "Instant::now"]),
    ("wire", &["redb", "ratatui"]),
    ("client", &["redb", "ratatui"]),
];
const PURE: &[&str] = &[
    "std::fs",
    "std::io",
    "std::net",
    "std::env",
    "std::time",
    "std::thread",
    "std::process",
    "SystemTime",
    "Instant",
    "Utc::now",
    "Local",
    "redb",
    "ratatui",
    "crossterm",
    "rustix",
    "rand",
    "fastrand",
    "getrandom",
    "f32",
    "f64",
];

const FILE_LINES_MAX: usize = 450;
const FUNCTION_LINES_MAX: usize = 70;

/// Names that say nothing, as the end of a type or the beginning of a function.
const EMPTY_TYPES: &[&str] = &["Manager", "Handler", "Helper", "Helpers", "Util", "Utils", "Info", "Data"];
const EMPTY_FUNCTIONS: &[&str] = &["process_", "do_"];

fn below(path: &str, place: &str) -> bool {
    let path = path.trim_end_matches(".rs");
    let place = place.trim_end_matches(".rs");
    path == place || path.strip_prefix(place).is_some_and(|rest| rest.starts_with('/'))
}

fn at(source: &Source, line: usize, what: &str) -> String {
    format!("src/{}:{line}: {what}", source.path)
}

/// Every line that has one of these words in its code.
fn having(source: &Source, words: &[&str], what: &str) -> Vec<String> {
    let each = words.iter().flat_map(|word| source.lines_with(word).into_iter().map(move |line| (line, word)));
    each.map(|(line, word)| at(source, line, &format!("{what} {word}"))).collect()
}

fn naming(source: &Source) -> Vec<String> {
    let home = source.path.split('/').next().unwrap_or_default().trim_end_matches(".rs");
    if ABOVE.contains(&home) {
        return Vec::new();
    }
    if source.is_tests() {
        return Vec::new();
    }
    let Some((_, allowed)) = MAY_NAME.iter().find(|(place, _)| below(&source.path, place)) else {
        return vec![at(source, 1, "has no place in the table of who may name whom")];
    };
    let is_part = |name: &str| ABOVE.contains(&name) || MAY_NAME.iter().any(|(place, _)| *place == name);
    let foreign =
        source.names().into_iter().filter(|path| path[0] != home && is_part(&path[0])).map(|path| path.join("::"));
    let refused =
        foreign.filter(|path| !allowed.iter().any(|may| path == may || path.starts_with(&format!("{may}::"))));
    refused.map(|path| at(source, 1, &format!("names {path}"))).collect()
}

fn reaching(source: &Source) -> Vec<String> {
    let rules = MUST_NOT_REACH.iter().filter(|(place, _)| below(&source.path, place));
    rules.flat_map(|(_, words)| having(source, words, "reaches for")).collect()
}

fn length(source: &Source) -> Vec<String> {
    let functions = source.functions();
    let long = functions.iter().filter(|function| function.lines > FUNCTION_LINES_MAX);
    let mut found: Vec<String> = long
        .map(|function| at(source, function.line, &format!("{} has {} lines", function.name, function.lines)))
        .collect();
    if source.lines() > FILE_LINES_MAX {
        found.push(at(source, 1, &format!("has {} lines", source.lines())));
    }
    found
}

/// A format such as `{name:<12}` counts chars; names are as wide as the cells they fill. Numbers may have zeros before
/// them or stand at the right.
fn padding(source: &Source) -> Vec<String> {
    if !below(&source.path, "ui") || source.path == "ui/text.rs" {
        return Vec::new();
    }
    let pads = |text: &str| {
        let formats = text
            .split('{')
            .skip(1)
            .filter_map(|rest| rest.split_once('}'))
            .filter_map(|(held, _)| held.split_once(':'));
        formats.into_iter().any(|(_, format)| {
            let aligned = format.chars().take(2).any(|c| matches!(c, '<' | '^'));
            aligned || format.starts_with(|c: char| ('1'..='9').contains(&c)) || format.contains('$')
        })
    };
    let literals = source.literals.iter().filter(|literal| pads(&literal.text));
    literals.map(|literal| at(source, literal.line, &format!("pads by chars: {}", literal.text))).collect()
}

/// What a thing looks like is decided in one file of the screens; the server only says it to a terminal.
fn colours(source: &Source) -> Vec<String> {
    if source.path == "ui/look.rs" || !(below(&source.path, "ui") || below(&source.path, "desk")) {
        return Vec::new();
    }
    having(source, &["Color", "Stylize", ".fg(", ".bg(", "Style::new", "Style::default"], "decides a look:")
}

fn chinese(source: &Source) -> Vec<String> {
    if !["ui", "server", "client", "desk", "wire"].iter().any(|place| below(&source.path, place)) {
        return Vec::new();
    }
    let speaks = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    let literals = source.literals.iter().filter(|literal| speaks(&literal.text));
    literals.map(|literal| at(source, literal.line, &format!("speaks beside the locale: {}", literal.text))).collect()
}

fn printing(source: &Source) -> Vec<String> {
    if !["domain", "find", "statement", "store", "desk", "report", "ui", "wire"]
        .iter()
        .any(|place| below(&source.path, place))
    {
        return Vec::new();
    }
    having(source, &["println!", "eprintln!", "print!", "eprint!"], "prints with")
}

/// What the house does not have anywhere: unfinished work, silenced warnings, names that say nothing, a file without a head.
fn house(source: &Source) -> Vec<String> {
    let mut found = Vec::new();
    if !source.is_tests() && !source.raw.starts_with("//!") {
        found.push(at(source, 1, "has no head that says what it decides"));
    }
    let unfinished = ["todo!", "unimplemented!", "allow(dead_code)", "#[ignore", "dbg!", "unsafe"];
    found.extend(having(source, &unfinished, "has"));
    for (line, code) in source.code.lines().enumerate() {
        let words: Vec<&str> =
            code.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty()).collect();
        for pair in words.windows(2) {
            let empty = match pair[0] {
                "struct" | "enum" | "trait" | "type" => EMPTY_TYPES.iter().any(|end| pair[1].ends_with(end)),
                "fn" => EMPTY_FUNCTIONS.iter().any(|start| pair[1].starts_with(start)),
                _ => false,
            };
            if empty {
                found.push(at(source, line + 1, &format!("{} says nothing", pair[1])));
            }
        }
    }
    found
}

type Rule = fn(&Source) -> Vec<String>;

fn assert_kept(rule: Rule) {
    let sources = Source::all_below(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
    assert!(sources.iter().any(|source| source.path == "lib.rs"), "the sources were not found");
    let breaches: Vec<String> = sources.iter().flat_map(rule).collect();
    assert!(breaches.is_empty(), "\n{}\n", breaches.join("\n"));
}

/// Tries a rule on planted files: the path, the text, and how many breaches it must find.
fn assert_bites(rule: Rule, planted: &[(&str, &str, usize)]) {
    for (path, text, expected) in planted {
        let found = rule(&Source::new(path, text));
        assert_eq!(found.len(), *expected, "{path}: {text}\n{found:?}");
    }
}

#[test]
fn each_folder_names_only_what_it_may() {
    assert_bites(
        naming,
        &[
            ("domain/order.rs", "use crate::store::tables;", 1),
            ("domain/order.rs", "use super::money::Money; use crate::domain::id;", 0),
            ("domain/order.rs", "use super::super::store::tables;", 1),
            ("domain/mod.rs", "use super::desk;", 1),
            ("domain/mod.rs", "// use crate::desk;\nconst A: &str = \"crate::desk\";", 0),
            ("ui/pane/queue.rs", "use crate::store::{books::Page, tables as kept};", 1),
            ("ui/pane/queue.rs", "use crate::{domain::{id, money as m}, find::Index, desk::{may, submit}, server};", 2),
            ("ui/pane/queue.rs", "use crate::{domain::id::{self, OrderId}, store};", 1),
            ("ui/face.rs", "use crate::desk::Answer;", 0),
            ("client/mod.rs", "use crate::ui::locale::Lang; fn f() { crate::ui::app::run() }", 1),
            ("wire.rs", "use crate::server;", 1),
            ("store/mod.rs", "#[cfg(test)]\nmod tests { use crate::desk; }", 0),
            ("store/mod.rs", "#[cfg(test)]\nmod tests;\nuse crate::desk;", 1),
            ("attic/mod.rs", "", 1),
            ("wire_tests.rs", "use crate::server;", 0),
            ("main.rs", "use taizhang::client;", 0),
        ],
    );
    assert_kept(naming);
}

#[test]
fn no_layer_reaches_past_its_own() {
    assert_bites(
        reaching,
        &[
            ("domain/time.rs", "fn now() { SystemTime::now(); }", 1),
            ("domain/time.rs", "/// SystemTime is not asked here.\nfn f() { operand(); let brand = \"rand\"; }", 0),
            ("domain/a.rs", "use std::fs::File;\nuse redb::Database;", 2),
            ("store/mod.rs", "use std::fs::File; use redb::Database;", 0),
            ("ui/app.rs", "let t = std::time::Instant::now();", 1),
        ],
    );
    assert_kept(reaching);
}

#[test]
fn files_and_functions_stay_short() {
    let long = "    f();\n".repeat(FUNCTION_LINES_MAX);
    assert_bites(
        length,
        &[
            ("a.rs", &format!("fn long() {{\n{long}}}\n"), 1),
            ("a.rs", &format!("fn short() {{}}\ntrait T {{ fn f(); }}\n{long}"), 0),
            ("a.rs", &"//\n".repeat(FILE_LINES_MAX + 1), 1),
            ("a.rs", &format!("{}#[cfg(test)]\nmod tests {{\n{long}}}", "//\n".repeat(FILE_LINES_MAX)), 0),
            ("a.rs", &format!("fn f(_: [u8; 3]) {{ let _ = ('{{', \"}}\", r#\"\"{{\"#); /* {{ /* */ */ }}\n{long}"), 0),
        ],
    );
    assert_kept(length);
}

#[test]
fn screens_count_cells_and_keep_their_looks_in_one_place() {
    assert_bites(
        padding,
        &[
            ("ui/pane/a.rs", r#"fn f() { format!("{name:<12}"); }"#, 1),
            ("ui/pane/a.rs", r#"fn f() { format!("{:.^w$}{:8}", a, b); }"#, 1),
            ("ui/pane/a.rs", r#"fn f() { format!("{:02}:{:02} {name}", h, m); }"#, 0),
            ("ui/pane/a.rs", r#"fn f() { format!("{number:>3}"); }"#, 0),
            ("ui/text.rs", r#"fn f() { format!("{name:<12}"); }"#, 0),
        ],
    );
    assert_bites(colours, &[("ui/a.rs", "let s = Style::new().fg(Color::Red);", 3), ("ui/look.rs", "Color::Red", 0)]);
    assert_kept(padding);
    assert_kept(colours);
}

#[test]
fn every_text_comes_from_the_locale() {
    assert_bites(
        chinese,
        &[
            ("ui/a.rs", "// 台账\nlet a = \"待发货\";", 1),
            ("server/a.rs", "let a = r#\"待发货\"#; let slash = '／';", 1),
            ("ui/a_tests.rs", "let a = \"待发货\";", 0),
            ("ui/a.rs", "#[cfg(test)]\nmod tests { const A: &str = \"待发货\"; }", 0),
        ],
    );
    assert_bites(printing, &[("store/a.rs", "fn f() { println!(\"x\"); }", 1), ("client/a.rs", "println!()", 0)]);
    assert_kept(chinese);
    assert_kept(printing);
}

#[test]
fn the_house_rules_hold() {
    assert_bites(
        house,
        &[
            ("a.rs", "//! Head.\npub struct OrderManager;\nfn process_order() {}\n", 2),
            ("a.rs", "//! Head.\npub struct Metadata;\nfn doubled() { let s = \"todo!\"; }\n", 0),
            ("a.rs", "//! Head.\n#[allow(dead_code)]\nfn f() { todo!() }\n", 2),
            ("a.rs", "fn f() {}\n", 1),
        ],
    );
    assert_kept(house);
}
