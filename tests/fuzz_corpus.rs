//! Replays the corpora of the fuzz targets with any compiler: the targets are modules here. In the debug profile, so
//! with overflow checks.

use std::fs;
use std::path::Path;

#[path = "../fuzz/fuzz_targets/base64.rs"]
mod base64;
#[path = "../fuzz/fuzz_targets/chunked.rs"]
mod chunked;
#[path = "../fuzz/fuzz_targets/config.rs"]
mod config;
#[allow(
    unsafe_code,
    clippy::undocumented_unsafe_blocks,
    clippy::multiple_unsafe_ops_per_block,
    reason = "it drives the C interface"
)]
#[path = "../fuzz/fuzz_targets/connection.rs"]
mod connection;
#[path = "../fuzz/fuzz_targets/cookies.rs"]
mod cookies;
#[path = "../fuzz/fuzz_targets/h1_request.rs"]
mod h1_request;
#[path = "../fuzz/fuzz_targets/h1_response.rs"]
mod h1_response;
#[allow(
    unsafe_code,
    clippy::undocumented_unsafe_blocks,
    clippy::multiple_unsafe_ops_per_block,
    reason = "it drives the C interface"
)]
#[path = "../fuzz/fuzz_targets/lejp.rs"]
mod lejp;
#[path = "../fuzz/fuzz_targets/location.rs"]
mod location;
#[path = "../fuzz/fuzz_targets/multipart.rs"]
mod multipart;
#[path = "../fuzz/fuzz_targets/socks5.rs"]
mod socks5;
#[path = "../fuzz/fuzz_targets/text_codes.rs"]
mod text_codes;
#[path = "../fuzz/fuzz_targets/tokenize.rs"]
mod tokenize;
#[path = "../fuzz/fuzz_targets/urlargs.rs"]
mod urlargs;
#[path = "../fuzz/fuzz_targets/urlencoded.rs"]
mod urlencoded;
#[allow(
    unsafe_code,
    clippy::undocumented_unsafe_blocks,
    clippy::multiple_unsafe_ops_per_block,
    reason = "it drives the C interface"
)]
#[path = "../fuzz/fuzz_targets/ws_client_connection.rs"]
mod ws_client_connection;
#[path = "../fuzz/fuzz_targets/ws_deflate.rs"]
mod ws_deflate;
#[path = "../fuzz/fuzz_targets/ws_frames.rs"]
mod ws_frames;
#[path = "../fuzz/fuzz_targets/zip.rs"]
mod zip;

/// All targets and what they do with one input.
const TARGETS: [(&str, fn(&[u8])); 19] = [
    ("base64", base64::target),
    ("chunked", chunked::target),
    ("config", config::target),
    ("connection", connection::target),
    ("cookies", cookies::target),
    ("h1_request", h1_request::target),
    ("h1_response", h1_response::target),
    ("lejp", lejp::target),
    ("location", location::target),
    ("multipart", multipart::target),
    ("socks5", socks5::target),
    ("text_codes", text_codes::target),
    ("tokenize", tokenize::target),
    ("urlargs", urlargs::target),
    ("urlencoded", urlencoded::target),
    ("ws_client_connection", ws_client_connection::target),
    ("ws_deflate", ws_deflate::target),
    ("ws_frames", ws_frames::target),
    ("zip", zip::target),
];

fn files(folder: &str) -> Vec<std::path::PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fuzz")
        .join(folder);
    let entries = fs::read_dir(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let mut all: Vec<_> = entries
        .map(|entry| entry.expect("an entry").path())
        .collect();
    all.sort();
    all
}

#[test]
fn every_input_of_the_corpora_passes() {
    for (name, target) in TARGETS {
        let inputs = files(&format!("corpus/{name}"));
        assert!(!inputs.is_empty(), "{name} has no corpus");
        let mut size = 0;
        for input in inputs {
            println!("{}", input.display()); // shown when it fails
            let data = fs::read(&input).expect("it can be read");
            size += data.len();
            target(&data);
            target(&[]);
        }
        assert!(size < 64 * 1024, "the corpus of {name} is to stay small");
    }
}

#[test]
fn every_target_is_replayed_and_built() {
    let manifest = include_str!("../fuzz/Cargo.toml");
    for file in files("fuzz_targets") {
        let name = file
            .file_stem()
            .and_then(|s| s.to_str())
            .expect("a name")
            .to_owned();
        assert!(
            TARGETS.iter().any(|(known, _)| *known == name),
            "{name} is not in TARGETS"
        );
        assert!(
            manifest.contains(&format!("name = \"{name}\"")),
            "{name} is not in fuzz/Cargo.toml"
        );
    }
}
