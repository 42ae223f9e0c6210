//! One direction: each layer of src uses only those below it (docs/architecture.md). Reads the `crate::` and `super::`
//! paths of every file.

mod source;

use source::{Source, code, sources};

/// What each layer may use, besides itself.
const EDGES: [(&str, &[&str]); 8] = [
    (
        "capi",
        &["conn", "event", "proto", "tls", "sys", "cutil", "util"],
    ),
    ("conn", &["event", "proto", "tls", "sys", "cutil", "util"]),
    ("event", &["sys", "util"]),
    ("tls", &["sys", "util"]),
    ("proto", &["util"]),
    ("sys", &["util"]),
    ("cutil", &["util"]),
    ("util", &[]),
];

/// The folder under src that a file is in.
fn layer(source: &Source) -> &str {
    source.path.split('/').nth(1).unwrap_or_default()
}

fn allowed(layer: &str) -> Option<&'static [&'static str]> {
    EDGES
        .iter()
        .find(|(name, _)| *name == layer)
        .map(|(_, below)| *below)
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// How many modules above a file's items the crate is.
fn depth(path: &str) -> usize {
    let inside = path.trim_start_matches("src/").trim_end_matches(".rs");
    inside.split('/').filter(|part| *part != "mod").count()
}

/// The names that stand right behind `crate::` (one, or several in braces), with their lines.
fn behind_crate(code: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let whole = !code[..at].ends_with(|c| is_word(c) || c == '$');
        let rest = &code[at + "crate::".len()..];
        let line = code[..at].lines().count().max(1);
        if !whole {
            continue;
        }
        if let Some(list) = rest.strip_prefix('{') {
            found.extend(heads(list).into_iter().map(|name| (line, name)));
        } else {
            let end = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
            if !rest[end..].starts_with('!') {
                found.push((line, rest[..end].to_string()));
            }
        }
    }
    found
}

/// The first name of each path in a brace list, up to its closing brace.
fn heads(list: &str) -> Vec<String> {
    let mut depth = 0u32;
    let mut names = vec![String::new()];
    let mut open = true;
    for c in list.chars() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                names.push(String::new());
                open = true;
            }
            c if is_word(c) && open => names.last_mut().expect("one").push(c),
            c if c.is_whitespace() => {}
            _ => open = false,
        }
    }
    names.retain(|n| !n.is_empty());
    names
}

/// Layers that are reached by climbing out with `super::`.
fn behind_super(source: &Source) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (number, line) in source.code.lines().enumerate() {
        for (at, _) in line.match_indices("super::") {
            if line[..at].ends_with("super::") || line[..at].ends_with(is_word) {
                continue;
            }
            let tail = line[at..].trim_start_matches("super::");
            let climbed = (line.len() - at - tail.len()) / "super::".len();
            let name: String = tail.chars().take_while(|c| is_word(*c)).collect();
            if climbed >= depth(&source.path) && allowed(&name).is_some() {
                found.push((number + 1, name));
            }
        }
    }
    found
}

#[test]
fn each_layer_uses_only_those_below() {
    let mut wrong = Vec::new();
    for source in sources(&["src"]).iter().filter(|s| s.path != "src/lib.rs") {
        let Some(below) = allowed(layer(source)) else {
            wrong.push(format!("{}: not in a layer", source.path));
            continue;
        };
        for (line, name) in behind_crate(&source.code)
            .into_iter()
            .chain(behind_super(source))
        {
            if name != layer(source) && !below.contains(&name.as_str()) {
                let (path, layer) = (&source.path, layer(source));
                let text = source.text.lines().nth(line - 1).unwrap_or_default().trim();
                wrong.push(format!(
                    "{path}:{line}: {layer} must not use {name}: {text}"
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn paths_are_found_in_code_only() {
    let text = "use crate::{util::{a, b}, sys};\n// crate::conn\nlet a = \"crate::capi\"; crate::proto::x(); crate::m!();\n\
                let c = 'c'; let l: &'static str = r#\"crate::tls\"#; fn f<'a>() { crate::event::y() }";
    let names: Vec<String> = behind_crate(&code(text))
        .into_iter()
        .map(|(_, n)| n)
        .collect();
    assert_eq!(names, ["util", "sys", "proto", "event"]);
}
