//! Search while typing over 100,000 dealers: medians of plain `Instant` loops, and resident memory.
//!
//! `cargo bench --bench find` prints a table; a number of entries may follow `--`.

use std::fs;
use std::hint::black_box;
use std::time::{Duration, Instant};

use taizhang::find::{Entry, Index};

/// Queries of every kind, from those that match almost everything to those that match nothing.
const QUERIES: &[&str] = &[
    "c",
    "n",
    "an",
    "ang",
    "s",
    "sd",
    "cq",
    "cdwx",
    "csyh",
    "wenhua",
    "chengduwenxuan",
    "chongq",
    "xi'an",
    "lvzhou",
    "书",
    "书店",
    "成都文轩",
    "cd文轩",
    "d00",
    "d0099999",
    "13800000007",
    "0",
    "99",
    "shudian chengdu",
    "a e i o",
    "zzzzzz",
];
const PLACES: &[&str] = &[
    "成都", "重庆", "长沙", "厦门", "西安", "单县", "北京", "上海", "广州", "深圳", "乐清", "六安", "番禺", "蚌埠",
    "绿春", "杭州",
];
const TRADES: &[&str] = &["书店", "图书专营店", "书城", "文化公司", "教育书社", "图书旗舰店", "书刊发行部", "新华书店"];
const SIGNS: &str = "文轩博雅知新学海明德致远弘毅思源启航晨曦墨香兰亭云帆春秋山水松竹梅菊天地玄黄宇宙洪荒日月盈昃辰宿列张寒来暑往秋收冬藏";

struct Dealer {
    code: String,
    name: String,
    contact: String,
    phone: String,
}

fn dealers(count: usize) -> Vec<Dealer> {
    let mut chance = fastrand::Rng::with_seed(20_261_123);
    let signs: Vec<char> = SIGNS.chars().collect();
    let rare: Vec<char> = ('\u{4e00}'..'\u{9fa5}').step_by(7).collect();
    (0..count)
        .map(|n| {
            let mut pick = |from: &[char], count: usize| -> String {
                (0..count).map(|_| from[chance.usize(..from.len())]).collect()
            };
            let own = pick(&signs, 3) + &pick(&rare, 1);
            let contact = pick(&signs, 2);
            let (place, trade) = (PLACES[chance.usize(..PLACES.len())], TRADES[chance.usize(..TRADES.len())]);
            let phone = format!("138{:08}", chance.u32(..100_000_000));
            Dealer { code: format!("D{n:07}"), name: format!("{place}{own}{trade}"), contact, phone }
        })
        .collect()
}

fn resident_kib() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|words| words.split_whitespace().next()).and_then(|kib| kib.parse().ok()).unwrap_or(0)
}

fn median(times: usize, mut run: impl FnMut()) -> Duration {
    let mut taken: Vec<Duration> = (0..times)
        .map(|_| {
            let start = Instant::now();
            run();
            start.elapsed()
        })
        .collect();
    taken.sort();
    taken[times / 2]
}

fn main() {
    let count = std::env::args().find_map(|word| word.parse().ok()).unwrap_or(100_000);
    let dealers = dealers(count);
    let before = resident_kib();
    let mut index = Index::default();
    let start = Instant::now();
    for (id, dealer) in dealers.iter().enumerate() {
        index.put(id as u32, entry(dealer, &[&dealer.contact, &dealer.phone]));
    }
    println!("build       {:>9.1?}  {count} entries, {} KiB resident", start.elapsed(), resident_kib() - before);

    let mut id = 0;
    let put = median(10_001, || {
        id = (id + 7919) % count;
        index.put(id as u32, entry(&dealers[id], &[&dealers[id].contact, &dealers[id].phone]));
    });
    println!("put again   {put:>9.1?}");
    println!("{:<16} {:>10} {:>10} {:>10} {:>8}", "query", "begin", "complete", "1000-step", "found");
    for query in QUERIES {
        let begin = median(51, || {
            black_box(index.search(query, 50));
        });
        let complete = median(21, || {
            black_box(index.find(query, 50));
        });
        let mut longest = Duration::ZERO;
        let mut search = index.search(query, 50);
        loop {
            let start = Instant::now();
            let more = search.step(&index, 1000);
            longest = longest.max(start.elapsed());
            if !more {
                break;
            }
        }
        let total = search.hits(&index).total;
        println!("{query:<16} {begin:>10.1?} {complete:>10.1?} {longest:>10.1?} {total:>8}");
    }
}

fn entry<'a>(dealer: &'a Dealer, extra: &'a [&'a str]) -> Entry<'a> {
    Entry { code: &dealer.code, name: &dealer.name, extra }
}
