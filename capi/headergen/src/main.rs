//! Writes the generated part of the public C header from the Rust sources.
//!
//! usage: `headergen [--check]` (anywhere inside the repository)
//!
//! Four files in include/libwebsockets: enums and records by cbindgen from src/capi/abi; the functions that src/capi
//! exports; and the prototypes of what the reference declares but we do not export (yet), so nothing is declared twice
//! and that file shrinks by itself. Functions are spelled as in capi/facts, and every exported one is held against that
//! declaration. `--check` writes nothing and says how the files in the repository differ.

mod api;
mod bindings;
mod comments;
mod ctype;
mod exported;
mod facts;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// The folder that holds the facts, here or above.
fn repository() -> Result<PathBuf, String> {
    let here = std::env::current_dir().map_err(|e| e.to_string())?;
    let holds = |folder: &&Path| folder.join("capi/facts/so17_api.tsv").exists();
    here.ancestors()
        .find(holds)
        .map(Path::to_path_buf)
        .ok_or("not inside the repository".into())
}

/// Prints the first lines that differ; true if any does.
fn differs(name: &str, old: &str, new: &str) -> bool {
    let mut shown = 0;
    let (old, new): (Vec<_>, Vec<_>) = (old.lines().collect(), new.lines().collect());
    for line in old.iter().filter(|l| !new.contains(l)) {
        println!("{name}: -{line}");
        shown += 1;
    }
    for line in new.iter().filter(|l| !old.contains(l)) {
        println!("{name}: +{line}");
        shown += 1;
    }
    if shown == 0 && old != new {
        println!("{name}: same lines in another order");
    }
    old != new
}

fn run(check: bool) -> Result<bool, String> {
    let root = repository()?;
    let facts = facts::read(&root)?;
    let aliases = exported::aliases(&root)?;
    let functions = exported::functions(&root, &aliases)?;
    let generated = bindings::generate(&root)?;
    let complaints = api::complaints(&facts, &functions, &aliases);
    for complaint in &complaints {
        println!("{complaint}");
    }
    let mut good = complaints.is_empty();
    let files = [
        ("lws-gen-enums.h", generated.enums),
        ("lws-gen-types.h", generated.types),
        ("lws-gen-api.h", api::api(&facts, &functions)),
        ("lws-gen-declared.h", api::declared(&facts, &functions)),
    ];
    for (name, text) in files {
        let path = root.join("include/libwebsockets").join(name);
        if check {
            let old = std::fs::read_to_string(&path).unwrap_or_default();
            good &= !differs(name, &old, &text);
        } else {
            std::fs::write(&path, text).map_err(|e| format!("{}: {e}", path.display()))?;
        }
    }
    Ok(good)
}

fn main() -> ExitCode {
    let check = match std::env::args().skip(1).collect::<Vec<_>>().as_slice() {
        [] => false,
        [arg] if arg == "--check" => true,
        _ => {
            eprintln!("usage: headergen [--check]");
            return ExitCode::from(2);
        }
    };
    match run(check) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => {
            if check {
                println!(
                    "the generated headers are not what the sources say: run headergen (cargo run -p headergen)"
                );
            }
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("headergen: {error}");
            ExitCode::from(2)
        }
    }
}
