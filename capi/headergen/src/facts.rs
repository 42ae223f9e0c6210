//! What the reference declares (capi/facts) and what we documented as added (capi/exports/appended.txt).

use crate::proto::{self, Function};
use std::collections::BTreeMap;
use std::path::Path;

/// One name of the reference's interface.
pub(crate) struct Fact {
    pub(crate) name: String,
    pub(crate) is_function: bool,
    pub(crate) header: String,
    pub(crate) declaration: String,
}

pub(crate) struct Facts {
    pub(crate) api: Vec<Fact>,
    pub(crate) appended: Vec<String>,
}

fn text(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))
}

pub(crate) fn read(root: &Path) -> Result<Facts, String> {
    let table = text(&root.join("capi/facts/so17_api.tsv"))?;
    let api = table
        .lines()
        .skip(1)
        .filter(|l| !l.is_empty())
        .map(fact)
        .collect::<Result<_, _>>()?;
    let appended = text(&root.join("capi/exports/appended.txt"))?
        .lines()
        .filter(|l| !l.starts_with('#'))
        .filter_map(|l| l.split_whitespace().next())
        .map(str::to_string)
        .collect();
    Ok(Facts { api, appended })
}

fn fact(line: &str) -> Result<Fact, String> {
    match line.split('\t').collect::<Vec<_>>().as_slice() {
        [name, kind, _state, _area, header, declaration] => Ok(Fact {
            name: (*name).to_string(),
            is_function: *kind == "function",
            header: (*header).to_string(),
            declaration: (*declaration).to_string(),
        }),
        _ => Err(format!("so17_api.tsv: not six columns: {line}")),
    }
}

impl Fact {
    /// Has a place in a header, and a type that cbindgen could write.
    pub(crate) fn is_plain(&self) -> bool {
        let variable = self.declaration.contains("...") || self.declaration.contains("va_list");
        self.is_function && self.header != "-" && !variable
    }
}

/// Exported functions that the reference declares otherwise, or does not know.
pub(crate) fn complaints(facts: &Facts, functions: &[Function]) -> Vec<String> {
    let known: BTreeMap<&str, &Fact> = facts.api.iter().map(|f| (f.name.as_str(), f)).collect();
    let mut found = Vec::new();
    for function in functions {
        match known.get(function.name.as_str()) {
            Some(fact) => {
                let want = proto::shape(&fact.declaration);
                if want != function.shape {
                    found.push(format!(
                        "the sources have:   {}\nthe reference has:  {want}",
                        function.shape
                    ));
                }
            }
            None if facts.appended.contains(&function.name) => {}
            None => found.push(format!(
                "{}: neither in so17_api.tsv nor in appended.txt",
                function.name
            )),
        }
    }
    found
}
