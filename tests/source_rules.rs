//! Rules that a compiler does not know: where unsafe code may be, how long files are, what every file and every
//! exported function says about itself, names that say nothing.

mod source;

use source::{Source, root, sources};

const LONGEST_FILE: usize = 800;
const LONGEST_EXPORT: usize = 15;

/// Fails with one line for each place.
fn refuse(wrong: &[String]) {
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Whether the word stands alone somewhere in the line.
fn has_word(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        !line[..at].ends_with(is_word) && !line[at + word.len()..].starts_with(is_word)
    })
}

/// Files outside the folders for unsafe code that docs/unsafe.md gives a reason for.
fn listed_unsafe() -> Vec<String> {
    let page = std::fs::read_to_string(root().join("docs/unsafe.md")).unwrap_or_default();
    let paths = page.split(|c: char| c.is_whitespace() || "`|(),".contains(c));
    paths
        .filter(|w| w.starts_with("src/") && w.ends_with(".rs"))
        .map(str::to_string)
        .collect()
}

#[test]
fn unsafe_code_is_where_it_may_be() {
    let listed = listed_unsafe();
    let may = |path: &str| {
        ["src/capi/", "src/cutil/", "src/sys/"]
            .iter()
            .any(|folder| path.starts_with(folder))
            || path == "src/tls/ffi.rs"
            || listed.iter().any(|l| l == path)
    };
    let mut wrong = Vec::new();
    for source in sources(&["src"]).iter().filter(|s| !may(&s.path)) {
        for (number, line) in source.code.lines().enumerate() {
            if has_word(line, "unsafe") {
                wrong.push(format!(
                    "{}:{}: unsafe code, and not listed in docs/unsafe.md",
                    source.path,
                    number + 1
                ));
            }
        }
    }
    for path in listed.iter().filter(|p| !root().join(p).exists()) {
        wrong.push(format!("docs/unsafe.md: {path} is gone"));
    }
    refuse(&wrong);
}

#[test]
fn proto_forbids_unsafe_code() {
    let text = std::fs::read_to_string(root().join("src/proto/mod.rs")).expect("src/proto/mod.rs");
    assert!(text.contains("#![forbid(unsafe_code)]"));
}

#[test]
fn files_are_not_too_long() {
    let long = |s: &Source| {
        let lines = s.text.lines().count();
        (lines > LONGEST_FILE).then(|| format!("{}: {lines} lines, at most {LONGEST_FILE}", s.path))
    };
    refuse(
        &sources(&["src", "tests", "capi", "benches", "fuzz"])
            .iter()
            .filter_map(long)
            .collect::<Vec<_>>(),
    );
}

#[test]
fn every_file_says_what_it_is() {
    let silent = |s: &&Source| !s.text.trim_start().starts_with("//!");
    let wrong: Vec<_> = sources(&["src", "tests", "capi"])
        .iter()
        .filter(silent)
        .map(|s| format!("{}: does not begin with module docs (//!)", s.path))
        .collect();
    refuse(&wrong);
}

/// An exported function in a source: where, its docs, and its lines of code.
struct Export {
    place: String,
    docs: Vec<String>,
    is_unsafe: bool,
    gives: bool,
    lines: usize,
}

/// The exported functions of a file that are plain items; those in macros are not seen.
fn exports(source: &Source) -> Vec<Export> {
    let lines: Vec<&str> = source.text.lines().collect();
    let code: Vec<&str> = source.code.lines().collect();
    let mut found = Vec::new();
    for (at, line) in code.iter().enumerate() {
        if !line.starts_with("#[unsafe(no_mangle)]") {
            continue;
        }
        let is_docs = |l: &&&str| l.starts_with("///") || l.starts_with("#[");
        let docs = lines[..at]
            .iter()
            .rev()
            .take_while(is_docs)
            .map(|l| (*l).to_string());
        let docs: Vec<String> = docs.collect::<Vec<_>>().into_iter().rev().collect();
        let Some(head) = code[at..]
            .iter()
            .position(|l| l.starts_with("pub ") && l.contains("extern"))
        else {
            continue;
        };
        let begin = at + head;
        let Some(open) = code[begin..].iter().position(|l| l.contains('{')) else {
            continue;
        };
        let end = code[begin..]
            .iter()
            .position(|l| l.starts_with('}'))
            .unwrap_or(open);
        let head = &code[begin..=begin + open];
        let body = code.get(begin + open + 1..begin + end).unwrap_or_default();
        found.push(Export {
            place: format!("{}:{}", source.path, begin + 1),
            docs,
            is_unsafe: has_word(code[begin], "unsafe"),
            gives: head
                .last()
                .is_some_and(|l| l.rsplit(')').next().is_some_and(|t| t.contains("->"))),
            // rustfmt gives closing brackets lines of their own: they are not counted
            lines: body.iter().filter(|l| l.contains(is_word)).count(),
        });
    }
    found
}

#[test]
fn exported_functions_are_documented() {
    let mut wrong = Vec::new();
    for source in sources(&["src/capi"]) {
        for export in exports(&source) {
            let place = |word: &str| export.docs.iter().position(|l| l.contains(word));
            let mut parts = vec![("Re-entry", place("Re-entry"))];
            if export.gives {
                parts.insert(0, ("Returns", place("Returns")));
            }
            if export.is_unsafe {
                parts.push(("# Safety", place("# Safety")));
            }
            for (name, _) in parts.iter().filter(|(_, at)| at.is_none()) {
                wrong.push(format!("{}: docs have no {name} part", export.place));
            }
            let order: Vec<_> = parts.iter().filter_map(|(_, at)| *at).collect();
            if !order.is_sorted() {
                wrong.push(format!(
                    "{}: docs in order: Returns, Re-entry, Quirks, # Safety",
                    export.place
                ));
            }
        }
    }
    refuse(&wrong);
}

#[test]
fn exported_functions_are_short() {
    let mut wrong = Vec::new();
    for export in sources(&["src/capi"]).iter().flat_map(exports) {
        if export.lines > LONGEST_EXPORT {
            let (place, lines) = (export.place, export.lines);
            wrong.push(format!("{place}: {lines} lines, at most {LONGEST_EXPORT}: enter, parse, one core call, convert"));
        }
    }
    refuse(&wrong);
}

#[test]
fn names_say_something() {
    let empty = [
        "utils", "common", "types", "helpers", "helper", "manager", "misc",
    ];
    let mut wrong = Vec::new();
    for source in sources(&["src"]) {
        let parts: Vec<&str> = source.path.trim_end_matches(".rs").split('/').collect();
        if parts.iter().any(|p| empty.contains(p)) {
            wrong.push(format!("{}: a name that says nothing", source.path));
        }
        for (number, line) in source.code.lines().enumerate() {
            if line.contains("fn get_") {
                wrong.push(format!("{}:{}: a get_ prefix", source.path, number + 1));
            }
        }
    }
    refuse(&wrong);
}

#[test]
fn nothing_is_left_for_later() {
    let mut wrong = Vec::new();
    for source in sources(&["src", "capi"]) {
        for (number, (code, text)) in source.code.lines().zip(source.text.lines()).enumerate() {
            let macros = ["todo!", "unimplemented!", "dbg!"]
                .iter()
                .any(|m| code.contains(m));
            let notes = ["TODO", "FIXME", "XXX", "HACK"]
                .iter()
                .any(|n| has_word(text, n));
            if macros || notes {
                wrong.push(format!(
                    "{}:{}: unfinished: {}",
                    source.path,
                    number + 1,
                    text.trim()
                ));
            }
        }
    }
    refuse(&wrong);
}

#[test]
fn exceptions_from_lints_have_reasons() {
    let mut wrong = Vec::new();
    for source in sources(&["src"]) {
        for opening in ["[allow(", "[expect("] {
            for (at, _) in source.code.match_indices(opening) {
                let attribute = source.code[at..].split(']').next().unwrap_or_default();
                if !has_word(attribute, "reason") {
                    let line = source.code[..at].lines().count();
                    wrong.push(format!("{}:{line}: no reason given", source.path));
                }
            }
        }
    }
    refuse(&wrong);
}
