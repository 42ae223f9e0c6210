//! The C declarations of the interface (capi/facts/so17_api.tsv): the reference's, and those of names we append.

use std::path::Path;

/// One name of the interface.
pub(crate) struct Fact {
    pub(crate) name: String,
    pub(crate) is_function: bool,
    pub(crate) is_appended: bool,
    pub(crate) header: String,
    pub(crate) declaration: String,
}

pub(crate) fn read(root: &Path) -> Result<Vec<Fact>, String> {
    let path = root.join("capi/facts/so17_api.tsv");
    let table = std::fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
    table
        .lines()
        .skip(1)
        .filter(|l| !l.is_empty())
        .map(fact)
        .collect()
}

fn fact(line: &str) -> Result<Fact, String> {
    match line.split('\t').collect::<Vec<_>>().as_slice() {
        [name, kind, state, _area, header, declaration] => Ok(Fact {
            name: (*name).to_string(),
            is_function: *kind == "function",
            is_appended: *state == "appended",
            header: (*header).to_string(),
            declaration: (*declaration).to_string(),
        }),
        _ => Err(format!("so17_api.tsv: not six columns: {line}")),
    }
}

impl Fact {
    /// Takes arguments that the prototype does not name; written by hand.
    pub(crate) fn is_variadic(&self) -> bool {
        self.declaration.contains("...") || self.declaration.contains("va_list")
    }

    /// Has a place in a generated header.
    pub(crate) fn is_plain(&self) -> bool {
        self.is_function && self.header != "-" && !self.is_variadic()
    }
}
