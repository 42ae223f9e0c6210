//! Configuration files: any bytes give a tree or a fault with a line of theirs, and no part of a tree makes reading it fail.
#![cfg_attr(fuzzing, no_main)]

use websockets::proto::config::{self, Node};

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|data: &[u8]| target(data));

pub(crate) fn target(data: &[u8]) {
    match config::parse(data) {
        Ok(tree) => {
            let nodes = walk(&tree, 0);
            assert!(nodes <= data.len() + 1, "{nodes} from {}", data.len());
        }
        Err(fault) => {
            let lines = data.iter().filter(|b| **b == b'\n').count() + 1;
            assert!(fault.line <= lines + 1, "{fault:?} of {lines}");
            assert!(!fault.why.is_empty());
        }
    }
}

/// How many values there are.
fn walk(node: &Node, depth: usize) -> usize {
    assert!(depth <= 128);
    if let Some(text) = node.text() {
        let _ = (config::is_yes(text), config::number(text));
        return 1;
    }
    let members = node.members().iter().map(|(_, inner)| inner);
    let inside = members.chain(node.elements());
    let _ = node.groups().count();
    1 + inside.map(|inner| walk(inner, depth + 1)).sum::<usize>()
}
