//! Tens of thousands of damaged files: none panics, none takes long, and both passes judge each alike.
//!
//! `TAIZHANG_MUTANTS` sets how many, `TAIZHANG_SEED` from which seed on; a failure names its seed.

use std::io::{Cursor, Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use fastrand::Rng;
use taizhang::statement::{self, Format};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use crate::samples::sample;

const TOKENS: &[&[u8]] = &[
    b"\"",
    b",",
    b"\n",
    b"\r",
    b"\t",
    b"`",
    b"#",
    b"E+27",
    b"-",
    b"0",
    b"9999999999999999",
    b"/",
    b"\xff",
    b"\x80",
    b"\x81\x30\x81\x30",
    b"\xef\xbb\xbf",
    b"------------------------------",
    b"\0",
    b"=\"",
    b"<",
    b"&amp;",
    b"&#x41;",
    b"<Row ss:Index=\"4294967295\">",
    b"<!DOCTYPE x>",
    b"r=\"XFD1048576\"",
    b"PK\x03\x04",
];

fn count_of(name: &str, usual: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

fn seeds() -> Vec<Vec<u8>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/statements");
    let mut folders = vec![root.join("public/alipay"), root.join("public/wechat"), root.join("synthetic")];
    let mut files: Vec<PathBuf> = Vec::new();
    while let Some(folder) = folders.pop() {
        files.extend(std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()));
    }
    files.sort();
    let mut seeds: Vec<_> = files.iter().map(|path| std::fs::read(path).unwrap()).collect();
    seeds.extend(Format::ALL.iter().map(|&format| sample(format, 11, 15).0));
    seeds
}

fn mutate(bytes: &mut Vec<u8>, other: &[u8], dice: &mut Rng) {
    for _ in 0..=dice.usize(..6) {
        if bytes.is_empty() {
            return;
        }
        let (at, len) = (dice.usize(..bytes.len()), dice.usize(1..60));
        let end = (at + len).min(bytes.len());
        match dice.u8(..9) {
            0 => bytes[at] ^= 1 << dice.u8(..8),
            1 => bytes[at] = dice.u8(..),
            2 => drop(bytes.drain(at..end)),
            3 => drop(bytes.splice(at..at, TOKENS[dice.usize(..TOKENS.len())].iter().copied())),
            4 => drop(bytes.splice(at..end, TOKENS[dice.usize(..TOKENS.len())].iter().copied())),
            5 => {
                let copy = bytes[at..end].to_vec();
                let to = dice.usize(..bytes.len());
                drop(bytes.splice(to..to, copy));
            }
            6 => bytes.truncate(at),
            7 => {
                let from = dice.usize(..other.len().max(1)).min(other.len());
                let to = (from + len * 4).min(other.len());
                drop(bytes.splice(at..end, other[from..to].iter().copied()));
            }
            _ => {
                let lines: Vec<_> = memchr_lines(bytes);
                let (first, second) = (dice.choice(&lines).cloned(), dice.choice(&lines).cloned());
                if let (Some(first), Some(second)) = (first, second) {
                    let copy = bytes[first].to_vec();
                    drop(bytes.splice(second.start..second.start, copy));
                }
            }
        }
    }
}

fn memchr_lines(bytes: &[u8]) -> Vec<std::ops::Range<usize>> {
    let mut start = 0;
    let ends = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at + 1);
    ends.map(|end| std::mem::replace(&mut start, end)..end).collect()
}

/// Damages one part inside a zip or workbook and packs it again, so that the damage reaches the reader.
fn mutate_within(bytes: &[u8], other: &[u8], dice: &mut Rng) -> Option<Vec<u8>> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).ok()?;
    let chosen = dice.usize(..archive.len().max(1));
    let mut packed = ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..archive.len() {
        let mut entry = archive.by_index(at).ok()?;
        let mut part = Vec::new();
        entry.read_to_end(&mut part).ok()?;
        if at == chosen {
            mutate(&mut part, other, dice);
        }
        let name = entry.name().ok()?.into_owned();
        packed.start_file(name, SimpleFileOptions::default().compression_method(CompressionMethod::Stored)).ok()?;
        packed.write_all(&part).ok()?;
    }
    Some(packed.finish().ok()?.into_inner())
}

fn judged_alike(path: &Path, seed: u64) -> bool {
    let begun = Instant::now();
    let survey = statement::survey(path);
    let mut flows = 0;
    let read = statement::read(path, &mut |flow| {
        flows += 1;
        assert!(
            flow.amount.as_fen() >= 0 && flow.fee.as_fen() >= 0 && !flow.number.is_empty(),
            "seed {seed}: {flow:?}"
        );
        true
    });
    match (&survey, &read) {
        (Ok(survey), Ok(())) => assert_eq!(survey.rows, flows, "seed {seed}"),
        (Err(damage), Err(again)) => assert_eq!(damage, again, "seed {seed}"),
        (Err(damage), Ok(())) => {
            assert_eq!(
                damage.fault,
                statement::Fault::SumTooLarge,
                "seed {seed}: only a sum is not seen while reading"
            );
        }
        (Ok(_), Err(damage)) => panic!("seed {seed}: surveyed as whole, but {damage}"),
    }
    // A crowded machine may stall a run that is not slow, so a slow one gets two more tries.
    let mut took = begun.elapsed();
    for _ in 0..2 {
        if took > Duration::from_secs(1) {
            let again = Instant::now();
            drop((statement::survey(path), statement::read(path, &mut |_| true)));
            took = again.elapsed();
        }
    }
    assert!(took < Duration::from_secs(1), "seed {seed} took {took:?}");
    survey.is_ok()
}

/// Damages files of `seeds`, as many as wanted or `usual`.
fn damage(seeds: &[Vec<u8>], usual: u64) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mutant");
    let (count, first) = (count_of("TAIZHANG_MUTANTS", usual), count_of("TAIZHANG_SEED", 1));
    let (mut whole, mut refused) = (0_u64, 0_u64);
    for seed in first..first + count {
        let mut dice = Rng::with_seed(seed);
        let (original, other) = (&seeds[dice.usize(..seeds.len())], &seeds[dice.usize(..seeds.len())]);
        let inner = original.starts_with(b"PK") && dice.u8(..8) > 0;
        let inner = inner.then(|| mutate_within(original, other, &mut dice)).flatten();
        let mutant = inner.unwrap_or_else(|| {
            let mut mutant = original.clone();
            mutate(&mut mutant, other, &mut dice);
            mutant
        });
        std::fs::write(&path, &mutant).unwrap();
        if judged_alike(&path, seed) { whole += 1 } else { refused += 1 }
    }
    println!("seeds {first}..{}: {whole} read, {refused} refused", first + count);
    assert!(whole > count / 20 && refused > count / 20, "the mutants are no mixture: {whole} read, {refused} refused");
}

#[test]
fn no_damaged_text_brings_the_reader_down() {
    let texts: Vec<_> = seeds().into_iter().filter(|seed| !seed.starts_with(b"PK")).collect();
    damage(&texts, 16_000);
}

#[test]
fn no_damaged_zip_or_workbook_brings_the_reader_down() {
    let packed: Vec<_> = seeds().into_iter().filter(|seed| seed.starts_with(b"PK")).collect();
    damage(&packed, 8_000);
}
