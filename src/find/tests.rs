//! The queries that clerks type, and every query against a matcher too simple to be wrong.

use proptest::prelude::*;

use super::alphabet::{fold_typed, readings_of};
use super::word::Paths;
use super::*;

const DEALERS: &[(u32, &str, &str, &[&str])] = &[
    (1, "D0001", "成都文轩在线图书专营店", &["曾国藩", "13800000001"]),
    (2, "D0002", "重庆新华书店", &[]),
    (3, "D0003", "长沙银行文化公司", &[]),
    (4, "D0004", "厦门外图书城", &["9787020002207"]),
    (5, "D0005", "单县教育书店", &[]),
    (6, "D0006", "西安曲江书城", &[]),
    (7, "D0007", "绿洲图书", &[]),
    (8, "D0008", "乐清（柳市）书店", &[]),
    (9, "D0009", "Ｂｏｏｋ９ 图书 Men's Store", &[]),
    (10, "CQ-0017", "长春青年书店", &[]),
    (11, "D0011", "番禺学而优", &[]),
    (12, "D0012", "六安皋城书社", &[]),
    (13, "D0013", "新成都文化", &[]),
    (14, "D0014", "abc贸易", &[]),
    (15, "D0001B", "北京图书大厦", &["李成都"]),
];

fn dealers() -> Index<u32> {
    let mut index = Index::default();
    for &(id, code, name, extra) in DEALERS {
        index.put(id, Entry { code, name, extra });
    }
    index
}

/// The query, what comes first, and by what; 0 for nothing at all.
const QUERIES: &[(&str, u32, Class)] = &[
    ("cq", 10, Class::CodePrefix),
    ("cqxh", 2, Class::InitialsStart),
    ("zq", 2, Class::InitialsStart),
    ("csyh", 3, Class::InitialsStart),
    ("zsyx", 3, Class::InitialsStart),
    ("xm", 4, Class::InitialsStart),
    ("sm", 4, Class::InitialsStart),
    ("sx", 5, Class::InitialsStart),
    ("dx", 5, Class::InitialsStart),
    ("成都", 1, Class::NamePrefix),
    ("文轩", 1, Class::Inside),
    ("cdwx", 1, Class::InitialsStart),
    ("CDWX", 1, Class::InitialsStart),
    ("ｃｄｗｘ", 1, Class::InitialsStart),
    ("chengdu文轩", 1, Class::PinyinStart),
    ("cd文轩", 1, Class::InitialsStart),
    ("cdwenxuan", 1, Class::PinyinStart),
    ("chengduwenx", 1, Class::PinyinStart),
    ("chengduwenxua", 1, Class::PinyinStart),
    ("wenhua", 13, Class::PinyinInside),
    ("xcd", 13, Class::InitialsStart),
    ("xi'an", 6, Class::PinyinStart),
    ("xi’an", 6, Class::PinyinStart),
    ("xianqj", 6, Class::PinyinStart),
    ("lvzhou", 7, Class::PinyinStart),
    ("luzhou", 7, Class::PinyinStart),
    ("lüzhou", 7, Class::PinyinStart),
    ("yqls", 8, Class::InitialsStart),
    ("lqliushi", 8, Class::PinyinStart),
    ("yueqing柳市", 8, Class::PinyinStart),
    ("book9", 9, Class::NamePrefix),
    ("mens", 9, Class::Inside),
    ("store book", 9, Class::Inside),
    ("zgf", 1, Class::Inside),
    ("zengguofan", 1, Class::Inside),
    ("13800000001", 1, Class::ExactCode),
    ("9787020002207", 4, Class::ExactCode),
    ("d0001", 1, Class::ExactCode),
    ("d0001b", 15, Class::ExactCode),
    ("0003", 3, Class::Inside),
    ("cq0017", 10, Class::ExactCode),
    ("cd tushu", 1, Class::PinyinInside),
    ("书店 cq", 2, Class::Inside),
    ("pyxey", 11, Class::InitialsStart),
    ("luan", 12, Class::PinyinStart),
    ("abc贸y", 14, Class::InitialsStart),
    ("bjtsds", 15, Class::InitialsStart),
    ("bjtsdx", 15, Class::InitialsStart),
    ("cdwxx", 0, Class::Inside),
    ("成都 北京", 15, Class::Inside),
    ("成都 重庆", 0, Class::Inside),
    ("公司文化", 0, Class::Inside),
    ("13800000001 9787020002207", 0, Class::Inside),
    ("' ’", 0, Class::Inside),
    ("", 0, Class::Inside),
];

#[test]
fn clerks_find_what_they_type() {
    let index = dealers();
    for &(query, id, class) in QUERIES {
        let hits = index.find(query, 10);
        let first = hits.rows.first().map(|hit| (hit.id, hit.class));
        assert_eq!(first, (id != 0).then_some((id, class)), "{query}: {:?}", hits.rows);
        assert_eq!(hits.total, hits.rows.len(), "{query}");
        assert!(hits.complete);
    }
}

#[test]
fn the_matching_part_of_the_name_is_told() {
    let index = dealers();
    let marked = |query: &str, id: u32| -> Vec<&str> {
        let hits = index.find(query, 50);
        let hit = hits.rows.iter().find(|hit| hit.id == id).unwrap_or_else(|| panic!("{query}"));
        let name = DEALERS.iter().find(|dealer| dealer.0 == id).unwrap().2;
        hit.ranges.iter().map(|range| &name[range.clone()]).collect()
    };
    assert_eq!(marked("cdwx", 1), ["成都文轩"]);
    assert_eq!(marked("chengd", 13), ["成都"]);
    assert_eq!(marked("wx 图书", 1), ["文轩", "图书"]);
    assert_eq!(marked("wenxuan xuanz", 1), ["文轩在"]);
    assert_eq!(marked("yqls", 8), ["乐清（柳市"]);
    assert_eq!(marked("k9", 9), ["ｋ９"]);
    assert_eq!(marked("mens", 9), ["Men's"]);
    assert_eq!(marked("zgf", 1), [""; 0]);
}

#[test]
fn rows_come_by_class_then_length_then_id() {
    let mut index = Index::default();
    for (id, name) in [(1, "新成都"), (2, "成都"), (3, "成都书店"), (4, "cd唱片"), (5, "成大"), (6, "C.D.")]
    {
        index.put(id, Entry { code: if id == 1 { "cd" } else { "" }, name, extra: &[] });
    }
    let ids = |query: &str, limit: usize| index.find(query, limit).rows.iter().map(|hit| hit.id).collect::<Vec<_>>();
    assert_eq!(ids("cd", 9), [1, 2, 5, 3, 4, 6]);
    assert_eq!(ids("cd", 2), [1, 2]);
    assert_eq!(ids("成", 9), [2, 5, 3, 1]);
    assert_eq!(index.find("cd", 2).total, 6);
    assert_eq!((index.find("cd", 0).total, index.find("cd", 0).rows.len()), (6, 0));
}

#[test]
fn the_best_of_many_are_kept_whatever_the_order() {
    let mut index = Index::default();
    let names: Vec<String> = (0..2000_u32).map(|n| format!("成都{}", "书".repeat((n * 7919 % 97) as usize))).collect();
    for (id, name) in names.iter().enumerate() {
        index.put(id, Entry { name, ..Entry::default() });
    }
    let mut all: Vec<usize> = (0..names.len()).collect();
    all.sort_by_key(|&id| (names[id].len(), id));
    for limit in [1, 20, 700, 2000, usize::MAX] {
        let hits = index.find("cd", limit);
        assert_eq!(hits.total, 2000);
        assert!(hits.rows.iter().map(|hit| hit.id).eq(all.iter().copied().take(limit)), "limit {limit}");
    }
}

#[test]
fn a_search_goes_on_while_entries_change() {
    let mut index = dealers();
    let mut search = index.search("shudian", 10);
    assert_eq!(search.hits(&index).rows, []);
    assert!(search.step(&index, 5));
    assert_eq!(search.hits(&index).rows.iter().map(|hit| hit.id).collect::<Vec<_>>(), [2, 5]);
    index.remove(2);
    index.put(16, Entry { name: "鄞州書店", ..Entry::default() });
    index.put(17, Entry { name: "衢州書店", ..Entry::default() });
    while search.step(&index, 4) {}
    let hits = search.hits(&index);
    assert_eq!(hits.rows.iter().map(|hit| hit.id).collect::<Vec<_>>(), [17, 5, 10, 8]);
    assert!(hits.complete);
    assert_eq!(index.find("shudian", 10).rows.iter().map(|hit| hit.id).collect::<Vec<_>>(), [16, 17, 5, 10, 8]);
}

#[test]
fn putting_again_replaces_and_removing_removes() {
    let mut index = dealers();
    let count = index.len();
    index.put(1, Entry { code: "D0001", name: "眉山文轩", extra: &[] });
    assert_eq!((index.len(), index.find("cdwx", 5).total, index.find("mswx", 5).total), (count, 0, 1));
    index.remove(1);
    index.remove(1);
    assert_eq!((index.len(), index.find("mswx", 5).total), (count - 1, 0));
    index.put(99, Entry { code: "", name: "眉山文轩", extra: &[] });
    assert_eq!(index.find("mswx", 5).rows[0].id, 99);
    assert!(!index.is_empty() && Index::<u32>::default().is_empty());
}

#[test]
fn queries_from_outside_do_no_harm() {
    let index = dealers();
    for query in ["\0", "\u{1b}[A", &"c".repeat(70_000), &"a ".repeat(40_000), "🙂", "\u{202e}", "İ", "ǅ"] {
        assert!(index.find(query, 10).total <= index.len());
    }
    let long = "长".repeat(300);
    let mut index = Index::default();
    index.put(1, Entry { code: "", name: &long, extra: &[] });
    assert_eq!(index.find(&long, 1).total, 1);
    assert_eq!(index.find(&"zc".repeat(40), 1).rows[0].ranges[0], 0..63 * 3);
}

/// Everything that can be left when a text has served the beginning of a word, by kind of path: the rule as it is told.
fn serve(text: &[char], word: &[char], kind: u8, started: bool, found: &mut Paths) {
    if word.is_empty() {
        match kind {
            0 => found.same = true,
            1 => found.initials = true,
            _ => found.full = true,
        }
        return;
    }
    let Some((&c, rest)) = text.split_first() else { return };
    if started && !c.is_alphanumeric() {
        serve(rest, word, kind, true, found);
    }
    if word[0] == c {
        serve(rest, &word[1..], kind, true, found);
    }
    for reading in readings_of(c) {
        let letters: Vec<char> = reading.chars().collect();
        if word[0] == letters[0] {
            serve(rest, &word[1..], kind.max(1), true, found);
        }
        let same = letters.iter().zip(word).take_while(|(said, typed)| said == typed).count();
        if same >= 2 && (same == letters.len() || same == word.len()) {
            serve(rest, &word[same..], 2, true, found);
        }
    }
}

fn naive_class(word: &str, entry: Entry<'_>) -> Option<Class> {
    let fold = |text: &str| text.chars().map(fold_typed).collect::<Vec<char>>();
    let word: Vec<char> = word.chars().collect();
    let anywhere = |text: &str| {
        let (text, mut found) = (fold(text), Paths::default());
        (0..text.len()).for_each(|start| serve(&text[start..], &word, 0, false, &mut found));
        found
    };
    let start = |text: &str| {
        let (text, mut found) = (fold(text), Paths::default());
        let first = text.iter().position(|c| c.is_alphanumeric()).unwrap_or(text.len());
        (0..=first).for_each(|start| serve(&text[start..], &word, 0, false, &mut found));
        found
    };
    let letters = |text: &[char]| text.iter().copied().filter(|c| c.is_alphanumeric()).collect::<Vec<_>>();
    let is = |text: &str| letters(&fold(text)) == letters(&word) && start(text).same;
    let number = word.iter().all(char::is_ascii) && word.iter().any(char::is_ascii_digit);
    let (begins, inside) = (start(entry.name), anywhere(entry.name));
    let extra = entry.extra.iter().any(|text| anywhere(text).any());
    [
        (is(entry.code) || number && entry.extra.iter().any(|text| is(text)), Class::ExactCode),
        (start(entry.code).same, Class::CodePrefix),
        (begins.initials, Class::InitialsStart),
        (begins.same, Class::NamePrefix),
        (inside.initials, Class::InitialsInside),
        (begins.full, Class::PinyinStart),
        (inside.full, Class::PinyinInside),
        (inside.same || anywhere(entry.code).any() || extra, Class::Inside),
    ]
    .into_iter()
    .find_map(|(holds, class)| holds.then_some(class))
}

/// Names from few characters of many readings, so that chance finds the hard cases.
fn name() -> impl Strategy<Value = String> {
    proptest::collection::vec(
        proptest::sample::select("重庆长行乐单厦绿女安西啊额aAn2Ｃ（-'. ".chars().collect::<Vec<_>>()),
        0..9,
    )
    .prop_map(|chars| chars.into_iter().collect())
}

/// What a clerk may type for a part of a name: each character itself, an initial, a reading or a part of one.
fn typed() -> impl Strategy<Value = (usize, usize, Vec<(u8, u8)>)> {
    (0..6_usize, 0..9_usize, proptest::collection::vec((0..4_u8, any::<u8>()), 1..7))
}

fn type_in(name: &str, from: usize, ways: &[(u8, u8)]) -> String {
    let mut query = String::new();
    for (c, &(way, pick)) in name.chars().skip(from).zip(ways) {
        let readings = readings_of(fold_typed(c));
        match readings.get(usize::from(pick) % readings.len().max(1)) {
            Some(reading) if way == 1 => query.push_str(&reading[..1]),
            Some(reading) if way == 2 => query.push_str(reading),
            Some(reading) if way == 3 => query.push_str(&reading[..reading.len().min(2)]),
            _ => query.push(c),
        }
    }
    query
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn the_index_agrees_with_a_simple_matcher(
        names in proptest::collection::vec((name(), name(), name()), 6),
        typed in proptest::collection::vec(typed(), 1..3),
        noise in "[a-z ]{0,3}",
        steps in 1..4_usize,
    ) {
        let extras: Vec<[&str; 2]> = names.iter().map(|(_, _, extra)| [extra.as_str(), "139"]).collect();
        let entries: Vec<Entry> = names.iter().zip(&extras)
            .map(|((code, name, _), extra)| Entry { code: &code[..code.len().min(code.find(|c: char| !c.is_ascii()).unwrap_or(9))], name, extra })
            .collect();
        let mut index = Index::default();
        index.put(3, Entry { code: "", name: "重庆", extra: &[] });
        for (id, entry) in entries.iter().enumerate() {
            index.put(id, *entry);
        }
        let mut query = String::new();
        for (entry, from, ways) in &typed {
            query.push_str(&type_in(&names[*entry].1, *from, ways));
            query.push_str(&noise);
        }
        let words = query::words(&query);
        let mut expected: Vec<_> = entries.iter().enumerate().filter_map(|(id, entry)| {
            let classes: Option<Vec<Class>> = words.iter().map(|word| naive_class(word, *entry)).collect();
            Some((classes?.into_iter().max()?, entry.name.chars().count(), id))
        }).collect();
        expected.sort();
        let mut search = index.search(&query, 10);
        while search.step(&index, steps) {}
        let hits = search.hits(&index);
        prop_assert_eq!(hits.rows.iter().map(|hit| (hit.class, hit.id)).collect::<Vec<_>>(),
            expected.iter().map(|&(class, _, id)| (class, id)).collect::<Vec<_>>(), "{:?} {:?}", query, entries);
        for hit in &hits.rows {
            let name = entries[hit.id].name;
            prop_assert!(hit.ranges.iter().all(|range| !name[range.clone()].is_empty()));
            prop_assert!(hit.ranges.windows(2).all(|pair| pair[0].end < pair[1].start));
            prop_assert!(hit.class == Class::ExactCode || hit.class == Class::CodePrefix || hit.class == Class::Inside || !hit.ranges.is_empty());
        }
    }
}
