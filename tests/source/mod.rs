//! The sources as text, for the tests that hold them to the project's rules: files by folder, and a copy of each with
//! comments and literals blanked, so that a rule looks at code only.

use std::path::{Path, PathBuf};

/// A source file.
pub(crate) struct Source {
    /// Path from the repository's root, with slashes.
    pub(crate) path: String,
    /// As it is.
    pub(crate) text: String,
    /// Without comments, strings and characters; the lines stay where they are.
    pub(crate) code: String,
}

/// The repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_path_buf()
}

/// Every Rust file under the folders, in order.
pub(crate) fn sources(folders: &[&str]) -> Vec<Source> {
    let mut paths = Vec::new();
    for folder in folders {
        walk(&root().join(folder), &mut paths);
    }
    paths.sort();
    paths.iter().map(|path| read(path)).collect()
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for path in entries.filter_map(Result::ok).map(|e| e.path()) {
        if path.is_dir() {
            walk(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

fn read(path: &Path) -> Source {
    let text = std::fs::read_to_string(path).expect("a readable source");
    let relative = path.strip_prefix(root()).expect("a path below the root");
    Source {
        path: relative.to_string_lossy().into_owned(),
        code: code(&text),
        text,
    }
}

/// Blanks comments and literals.
pub(crate) fn code(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = blank(rest, out.chars().next_back());
        if length == 0 {
            out.push(first);
            rest = &rest[first.len_utf8()..];
            continue;
        }
        out.extend(
            rest[..length]
                .chars()
                .map(|c| if c == '\n' { c } else { ' ' }),
        );
        rest = &rest[length..];
    }
    out
}

/// The length of the comment or literal that `text` begins with, 0 if it begins with neither.
fn blank(text: &str, before: Option<char>) -> usize {
    let until = |end: &str, from: usize| {
        text[from..]
            .find(end)
            .map_or(text.len(), |i| from + i + end.len())
    };
    let in_word = before.is_some_and(|c| c.is_alphanumeric() || c == '_');
    if text.starts_with("//") {
        return until("\n", 0) - usize::from(text.contains('\n'));
    }
    if text.starts_with("/*") {
        return until("*/", 2);
    }
    if text.starts_with('"') || (!in_word && (text.starts_with("b\"") || text.starts_with("c\""))) {
        return quoted(text);
    }
    let raw = text
        .trim_start_matches(['b', 'c'])
        .strip_prefix('r')
        .unwrap_or_default();
    let hashes = raw.len() - raw.trim_start_matches('#').len();
    if !in_word && raw[hashes..].starts_with('"') {
        let start = text.len() - raw.len() + hashes + 1;
        return until(&format!("\"{}", "#".repeat(hashes)), start);
    }
    if text.starts_with("'\\") {
        return until("'", 3);
    }
    let mut chars = text.chars();
    match (chars.next(), chars.next(), chars.next()) {
        (Some('\''), Some(c), Some('\'')) => 2 + c.len_utf8(),
        _ => 0,
    }
}

/// The length of a string literal with escapes.
fn quoted(text: &str) -> usize {
    let mut escaped = false;
    let start = text.find('"').unwrap_or_default() + 1;
    for (i, c) in text[start..].char_indices() {
        match c {
            '"' if !escaped => return start + i + 1,
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    text.len()
}
