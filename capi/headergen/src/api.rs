//! lws-gen-api.h and lws-gen-declared.h: prototypes of what the Rust sources export, with their docs, and of what they
//! do not export (yet). The spelling is the reference's in both.

use crate::comments;
use crate::ctype::{self, Aliases, Type};
use crate::exported::Exported;
use crate::facts::Fact;
use std::collections::{BTreeMap, BTreeSet};

const API: &str = "\
/* Written by capi/headergen from the Rust sources; do not edit. The functions of this library. */

#ifndef LWS_GEN_API_H
#define LWS_GEN_API_H
";

const DECLARED: &str = "\
/* Written by capi/headergen; do not edit. Functions that the 4.1.6 headers declare and this library does not export
 * (yet): a program may mention them, only one that calls them does not link. docs/compat.md has the list. */

#ifndef LWS_GEN_DECLARED_H
#define LWS_GEN_DECLARED_H
";

/// Exported functions that are not what the C declaration says, or have none.
pub(crate) fn complaints(facts: &[Fact], functions: &[Exported], aliases: &Aliases) -> Vec<String> {
    let known: BTreeMap<&str, &Fact> = facts.iter().map(|f| (f.name.as_str(), f)).collect();
    let complain = |function: &Exported| {
        let Some(fact) = known.get(function.name.as_str()) else {
            return Some(format!(
                "{}: no C declaration in capi/facts/so17_api.tsv",
                function.name
            ));
        };
        if fact.is_variadic() {
            return None;
        }
        let Some(want) = ctype::signature(&fact.declaration, aliases) else {
            return Some(format!("{}: cannot read {}", fact.name, fact.declaration));
        };
        let have = &function.signature;
        let mut wrong: Vec<String> = Vec::new();
        if have.parameters.len() != want.parameters.len() {
            wrong.push(format!("{} parameters", have.parameters.len()));
        }
        let note = |place: String, a: &Type, b: &Type| {
            (a != b).then(|| format!("{place} is {a}, not {b}"))
        };
        wrong.extend(note("result".into(), &have.result, &want.result));
        for (i, (a, b)) in have.parameters.iter().zip(&want.parameters).enumerate() {
            wrong.extend(note(format!("parameter {}", i + 1), a, b));
        }
        (!wrong.is_empty()).then(|| {
            format!(
                "the sources do not fit {}: {}",
                fact.declaration,
                wrong.join("; ")
            )
        })
    };
    functions.iter().filter_map(complain).collect()
}

pub(crate) fn api(facts: &[Fact], functions: &[Exported]) -> String {
    let known: BTreeMap<&str, &Fact> = facts.iter().map(|f| (f.name.as_str(), f)).collect();
    let mut body = String::new();
    for function in functions {
        if let Some(fact) = known.get(function.name.as_str()).filter(|f| f.is_plain()) {
            body.push('\n');
            for line in comments::comment("", &function.docs) {
                body.push_str(&line);
                body.push('\n');
            }
            body.push_str(&prototype(&fact.declaration));
        }
    }
    wrap(API, &body)
}

pub(crate) fn declared(facts: &[Fact], functions: &[Exported]) -> String {
    let ours: BTreeSet<&str> = functions.iter().map(|f| f.name.as_str()).collect();
    let mut headers: BTreeMap<&str, String> = BTreeMap::new();
    for fact in facts
        .iter()
        .filter(|f| f.is_plain() && !f.is_appended && !ours.contains(f.name.as_str()))
    {
        headers
            .entry(&fact.header)
            .or_default()
            .push_str(&prototype(&fact.declaration));
    }
    let body: String = headers
        .iter()
        .map(|(header, text)| format!("\n/* {header} */\n{text}"))
        .collect();
    wrap(DECLARED, &body)
}

fn wrap(head: &str, body: &str) -> String {
    format!(
        "{head}\n#ifdef __cplusplus\nextern \"C\" {{\n#endif\n{body}\n#ifdef __cplusplus\n}}\n#endif\n\n#endif\n"
    )
}

/// The declaration, broken after commas so that lines stay readable.
fn prototype(declaration: &str) -> String {
    let mut lines = vec![String::from("LWS_VISIBLE LWS_EXTERN")];
    for word in declaration.split_inclusive(',') {
        match lines.last_mut() {
            Some(line) if line.len() + word.len() < 100 => {
                if !word.starts_with(' ') {
                    line.push(' ');
                }
                line.push_str(word);
            }
            _ => lines.push(format!("\t{}", word.trim_start())),
        }
    }
    lines.join("\n") + ";\n"
}
