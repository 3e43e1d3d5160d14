//! One source file, read as far as the rules about its shape need it.
//!
//! It parts code from comments and from the insides of literals, so that a rule about names does not
//! trip over a sentence, and it leaves out the tests at the end of a file. It understands tokens
//! and braces, not Rust; what it cannot see it does not report.

use std::path::{Path, PathBuf};

/// A string literal and the line it begins on, counted from 1.
pub struct Literal {
    pub line: usize,
    pub text: String,
}

/// A file of the crate, without its tests.
pub struct Source {
    /// Relative to the folder that was read, with `/` between the parts.
    pub path: String,
    /// As it is in the file.
    pub raw: String,
    /// The program with comments and the insides of literals blanked; the lines are those of the file.
    pub code: String,
    /// The literals of the program.
    pub literals: Vec<Literal>,
}

/// One `fn` with a body, its lines counted from the signature to the closing brace.
pub struct Function {
    pub name: String,
    pub line: usize,
    pub lines: usize,
}

impl Source {
    pub fn new(path: &str, raw: &str) -> Source {
        let (code, mut literals) = part(raw);
        let program = if is_test_file(path) { "" } else { program_of(&code) };
        let lines = program.lines().count();
        literals.retain(|literal| literal.line <= lines);
        Source { path: path.into(), raw: raw.into(), code: program.into(), literals }
    }

    /// Every source file below a folder that exists; none if it does not.
    pub fn all_below(root: &Path) -> Vec<Source> {
        let mut files = Vec::new();
        gather(root, &mut files);
        files.sort();
        let read = |file: &PathBuf| {
            let path = file.strip_prefix(root).expect("it was found below the root");
            let text = std::fs::read_to_string(file).unwrap_or_else(|fault| panic!("{}: {fault}", file.display()));
            Source::new(&path.to_string_lossy().replace('\\', "/"), &text)
        };
        files.iter().map(read).collect()
    }

    /// Whether the whole file is tests.
    pub fn is_tests(&self) -> bool {
        is_test_file(&self.path)
    }

    /// Lines of the program, the tests left out.
    pub fn lines(&self) -> usize {
        self.code.lines().count()
    }

    /// The lines on which the code has these words: `redb` is not found in `redbird`, `std::fs` not in `std::fsx`.
    pub fn lines_with(&self, words: &str) -> Vec<usize> {
        let lines = self.code.lines().enumerate().filter(|(_, line)| has_words(line, words));
        lines.map(|(at, _)| at + 1).collect()
    }

    /// What the file names of its own crate: the path after `crate::` (or the crate's name), groups taken apart.
    pub fn names(&self) -> Vec<Vec<String>> {
        let depth = self.path.trim_end_matches("/mod.rs").split('/').count();
        let to_root = "super::".repeat(depth);
        let mut named = Vec::new();
        for root in ["crate::", "taizhang::", to_root.as_str()] {
            for (at, _) in self.code.match_indices(root) {
                let before = self.code[..at].chars().next_back();
                if before.is_none_or(|c| !is_word(c) && c != ':') {
                    let mut rest = self.code[at + root.len()..].chars().peekable();
                    tree(&mut rest, &[], &mut named);
                }
            }
        }
        named
    }

    /// Every function with a body.
    pub fn functions(&self) -> Vec<Function> {
        let mut found = Vec::new();
        for (at, _) in self.code.match_indices("fn ") {
            if self.code[..at].chars().next_back().is_some_and(is_word) {
                continue;
            }
            let name: String = self.code[at + 3..].trim_start().chars().take_while(|&c| is_word(c)).collect();
            let Some(end) = (!name.is_empty()).then(|| body_end(&self.code[at..])).flatten() else { continue };
            let lines = self.code[at..at + end].lines().count();
            found.push(Function { name, line: self.code[..at].matches('\n').count() + 1, lines });
        }
        found
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn is_test_file(path: &str) -> bool {
    path.ends_with("/tests.rs") || path.ends_with("_tests.rs") || path.contains("/tests/")
}

/// The code before the tests, which come last in a file; `mod tests;` is only their place and does not count.
fn program_of(code: &str) -> &str {
    let tests = code.match_indices("#[cfg(test)]").find(|(at, found)| {
        let next = code[at + found.len()..].trim_start();
        next.starts_with("mod ") && next.find('{') < next.find(';').or(Some(usize::MAX)) && next.contains('{')
    });
    tests.map_or(code, |(at, _)| &code[..at])
}

fn has_words(line: &str, words: &str) -> bool {
    line.match_indices(words).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + words.len()..].chars().next();
        let bounded = |edge: Option<char>, own: Option<char>| !(edge.is_some_and(is_word) && own.is_some_and(is_word));
        bounded(before, words.chars().next()) && bounded(after, words.chars().next_back())
    })
}

fn gather(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            gather(&path, files);
        } else if path.extension().is_some_and(|kind| kind == "rs") {
            files.push(path);
        }
    }
}

/// Takes a path or a group of paths apart: `{ui::{text, look}, wire}` is three.
fn tree(rest: &mut std::iter::Peekable<std::str::Chars<'_>>, before: &[String], named: &mut Vec<Vec<String>>) {
    while rest.next_if(|c| c.is_whitespace()).is_some() {}
    if rest.next_if_eq(&'{').is_some() {
        loop {
            tree(rest, before, named);
            while rest.next_if(|c| c.is_whitespace() || *c == ',').is_some() {}
            match rest.peek() {
                Some('}') | None => break,
                Some(c) if is_word(*c) || *c == '{' => {}
                Some(_) => {
                    rest.next();
                }
            }
        }
        rest.next();
        return;
    }
    let mut path = before.to_vec();
    path.push(std::iter::from_fn(|| rest.next_if(|&c| is_word(c))).collect());
    if rest.next_if_eq(&':').is_some() && rest.next_if_eq(&':').is_some() {
        tree(rest, &path, named);
    } else {
        // `as Other` is no further name.
        while rest.next_if(|&c| c == ' ' || is_word(c)).is_some() {}
        named.push(path);
    }
}

/// Past the closing brace of a function that begins here; nothing if it has no body.
fn body_end(code: &str) -> Option<usize> {
    let (mut braces, mut groups) = (0_usize, 0_usize);
    for (at, c) in code.char_indices() {
        match c {
            '(' | '[' => groups += 1,
            ')' | ']' => groups = groups.checked_sub(1)?,
            ';' if braces == 0 && groups == 0 => return None,
            '{' => braces += 1,
            '}' => {
                braces = braces.checked_sub(1)?;
                if braces == 0 && groups == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
    }
    None
}

/// Parts code from comments and literals: the code with both blanked, and the literals.
fn part(raw: &str) -> (String, Vec<Literal>) {
    let chars: Vec<char> = raw.chars().collect();
    let (mut code, mut literals) = (String::with_capacity(raw.len()), Vec::new());
    let mut at = 0;
    while at < chars.len() {
        let end = match (chars[at], chars.get(at + 1)) {
            ('/', Some('/')) => chars[at..].iter().position(|&c| c == '\n').map_or(chars.len(), |lines| at + lines),
            ('/', Some('*')) => comment_end(&chars, at),
            ('"', _) => text_end(&chars, at),
            ('r', Some('"' | '#')) if at == 0 || !is_word(chars[at - 1]) || chars[at - 1] == 'b' => raw_end(&chars, at),
            ('\'', Some(_)) => char_end(&chars, at),
            _ => at + 1,
        };
        if end == at + 1 {
            code.push(chars[at]);
        } else {
            if matches!(chars[at], '"' | 'r') {
                let line = code.matches('\n').count() + 1;
                literals.push(Literal { line, text: chars[at..end].iter().collect() });
            }
            code.extend(chars[at..end].iter().map(|&c| if c == '\n' { '\n' } else { ' ' }));
        }
        at = end;
    }
    (code, literals)
}

fn comment_end(chars: &[char], from: usize) -> usize {
    let (mut depth, mut at) = (0, from);
    while at + 1 < chars.len() {
        match (chars[at], chars[at + 1]) {
            ('/', '*') => (depth, at) = (depth + 1, at + 2),
            ('*', '/') => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            return at;
        }
    }
    chars.len()
}

fn text_end(chars: &[char], from: usize) -> usize {
    let mut at = from + 1;
    while at < chars.len() {
        match chars[at] {
            '\\' => at += 2,
            '"' => return at + 1,
            _ => at += 1,
        }
    }
    chars.len()
}

/// Past a raw text such as `r#"…"#`; `r#type` is a name and one character long here.
fn raw_end(chars: &[char], from: usize) -> usize {
    let hashes = chars[from + 1..].iter().take_while(|&&c| c == '#').count();
    if chars.get(from + 1 + hashes) != Some(&'"') {
        return from + 1;
    }
    let closes = |at: usize| {
        let after = &chars[at + 1..];
        chars[at] == '"' && after.len() >= hashes && after[..hashes].iter().all(|&c| c == '#')
    };
    (from + 2 + hashes..chars.len()).find(|&at| closes(at)).map_or(chars.len(), |at| at + 1 + hashes)
}

/// Past a character such as `'{'`; a lifetime is one character long here.
fn char_end(chars: &[char], from: usize) -> usize {
    if chars[from + 1] == '\\' {
        let close = chars[from + 3..].iter().position(|&c| c == '\'');
        return close.map_or(chars.len(), |more| from + 4 + more);
    }
    if chars.get(from + 2) == Some(&'\'') { from + 3 } else { from + 1 }
}
