//! lws-gen-declared.h: prototypes of the reference's headers that the Rust sources do not export (yet).

use crate::facts::{Fact, Facts};
use crate::proto::Function;
use std::collections::{BTreeMap, BTreeSet};

const HEAD: &str = "\
/* Written by capi/headergen; do not edit. Functions that the 4.1.6 headers declare and this library does not export
 * (yet): a program may mention them, only one that calls them does not link. docs/compat.md has the list. */

#ifndef LWS_GEN_DECLARED_H
#define LWS_GEN_DECLARED_H

#ifdef __cplusplus
extern \"C\" {
#endif
";

const TAIL: &str = "
#ifdef __cplusplus
}
#endif

#endif
";

pub(crate) fn text(facts: &Facts, functions: &[Function]) -> String {
    let ours: BTreeSet<&str> = functions.iter().map(|f| f.name.as_str()).collect();
    let mut headers: BTreeMap<&str, Vec<&Fact>> = BTreeMap::new();
    for fact in facts
        .api
        .iter()
        .filter(|f| f.is_plain() && !ours.contains(f.name.as_str()))
    {
        headers.entry(&fact.header).or_default().push(fact);
    }
    let mut out = HEAD.to_string();
    for (header, facts) in headers {
        out.push_str(&format!("\n/* {header} */\n"));
        for fact in facts {
            out.push_str(&prototype(&fact.declaration));
        }
    }
    out.push_str(TAIL);
    out
}

/// The declaration, broken after commas so that lines stay readable.
fn prototype(declaration: &str) -> String {
    let mut lines = vec![String::from("LWS_VISIBLE LWS_EXTERN")];
    for word in declaration.split(' ') {
        match lines.last_mut() {
            Some(line) if line.len() + word.len() < 100 => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(format!("\t{word}")),
        }
    }
    lines.join("\n") + ";\n"
}
