//! Runs cbindgen over the so.17 types: once for the enums, once for records, handles and typedefs.
//!
//! What cbindgen cannot express (function types, bit-fields, anonymous members) is excluded here and written by hand
//! in include/libwebsockets; the names still come out right because excluded names are renamed to their C spelling.

use crate::ctype::FUNCTION_TYPES;
use cbindgen::{Builder, Config, DocumentationStyle, ExportConfig, ItemType, Language, Style};
use std::collections::HashMap;
use std::path::Path;

pub(crate) struct Generated {
    pub(crate) enums: String,
    pub(crate) types: String,
}

/// Records that need a bit-field, an anonymous member or a typedef without a tag, and how C spells them.
const BY_HAND: [(&str, &str); 6] = [
    (
        "lws_context_creation_info",
        "struct lws_context_creation_info",
    ),
    ("lws_http_mount", "struct lws_http_mount"),
    ("lws_plugin", "struct lws_plugin"),
    (
        "lws_tls_cert_info_results",
        "union lws_tls_cert_info_results",
    ),
    ("lws_sock_file_fd_type", "lws_sock_file_fd_type"),
    ("lws_sockaddr46", "lws_sockaddr46"),
];

/// Rust's names for what is anonymous in C; typedefs of OpenSSL; and what the hand-written unions are made of.
const UNNAMED: [&str; 8] = [
    "lws_sockfd_type",
    "lws_filefd_type",
    "lws_context_creation_info_tail",
    "lws_context_creation_info_ours",
    "lws_plugin_u",
    "lws_tls_cert_info_results_ns",
    "SSL",
    "SSL_CTX",
];

/// Types of C's own headers, and how C spells them.
const FOREIGN: [(&str, &str); 9] = [
    ("sockaddr", "struct sockaddr"),
    ("sockaddr_in", "struct sockaddr_in"),
    ("sockaddr_in6", "struct sockaddr_in6"),
    ("sockaddr_storage", "struct sockaddr_storage"),
    ("addrinfo", "struct addrinfo"),
    ("pollfd", "struct pollfd"),
    ("timeval", "struct timeval"),
    ("ssl_st", "SSL"),
    ("ssl_ctx_st", "SSL_CTX"),
];

/// Enums that C programs know by a typedef.
const TYPEDEF_ENUMS: [&str; 5] = [
    "lws_adoption_type",
    "lws_cpd_result_t",
    "lws_dir_obj_type_t",
    "lws_system_blob_item_t",
    "lws_system_states_t",
];

/// The names that the so.17 types define, by kind.
struct Defined {
    structs: Vec<String>,
    records: Vec<String>,
    aliases: Vec<String>,
}

fn defined(root: &Path) -> Result<Defined, String> {
    let folder = root.join("src/capi/abi/so17");
    let mut found = Defined {
        structs: Vec::new(),
        records: Vec::new(),
        aliases: Vec::new(),
    };
    let mut paths: Vec<_> = std::fs::read_dir(&folder)
        .map_err(|e| format!("{}: {e}", folder.display()))?
        .filter_map(Result::ok)
        .map(|e| e.path())
        .collect();
    paths.sort();
    for path in paths {
        let text =
            std::fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
        for line in text.lines() {
            let Some((kind, rest)) = line.strip_prefix("pub ").and_then(|l| l.split_once(' '))
            else {
                continue;
            };
            let name = rest
                .split(|c: char| !(c.is_alphanumeric() || c == '_'))
                .next();
            let name = name.unwrap_or_default().to_string();
            match kind {
                "struct" => {
                    found.structs.push(name.clone());
                    found.records.push(name);
                }
                "union" | "enum" => found.records.push(name),
                "type" => found.aliases.push(name),
                _ => {}
            }
        }
    }
    Ok(found)
}

fn renames(defined: &Defined) -> HashMap<String, String> {
    let mut map: HashMap<String, String> = HashMap::new();
    for (rust, c) in FOREIGN.into_iter().chain(BY_HAND) {
        map.insert(rust.into(), c.into());
    }
    for name in FUNCTION_TYPES {
        map.insert(name.into(), format!("{name} *"));
    }
    for alias in defined
        .aliases
        .iter()
        .filter_map(|a| a.strip_prefix("enum_"))
    {
        let c = if TYPEDEF_ENUMS.contains(&alias) || alias == "lws_tokenize_elem" {
            alias.to_string()
        } else {
            format!("enum {alias}")
        };
        map.insert(format!("enum_{alias}"), c);
    }
    map
}

fn config(defined: &Defined, part: &str, item_types: Vec<ItemType>) -> Config {
    let exclude: Vec<String> = BY_HAND
        .iter()
        .chain(&FOREIGN)
        .map(|(rust, _)| *rust)
        .chain(FUNCTION_TYPES)
        .chain(UNNAMED)
        .map(String::from)
        .chain(
            defined
                .aliases
                .iter()
                .filter(|a| a.starts_with("enum_"))
                .cloned(),
        )
        .collect();
    let names = defined.records.iter().chain(&defined.aliases);
    let include = names.filter(|n| !exclude.contains(n)).cloned().collect();
    Config {
        language: Language::C,
        header: Some("/* Written by capi/headergen from the Rust sources; do not edit. */".into()),
        include_guard: Some(format!("LWS_GEN_{part}_H")),
        after_includes: (part == "TYPES").then(|| forward(defined)),
        no_includes: true,
        cpp_compat: true,
        style: Style::Tag,
        usize_is_size_t: true,
        line_length: 110,
        documentation_style: DocumentationStyle::Doxy,
        export: ExportConfig {
            include,
            exclude,
            rename: renames(defined),
            item_types,
            ..Default::default()
        },
        ..Default::default()
    }
}

/// Names of records whose callbacks take pointers to them, so that no order of records would do.
fn forward(defined: &Defined) -> String {
    let hidden =
        |n: &&String| !UNNAMED.contains(&n.as_str()) && !FOREIGN.iter().any(|(rust, _)| rust == n);
    defined
        .structs
        .iter()
        .filter(hidden)
        .map(|n| format!("struct {n};\n"))
        .collect()
}

/// The typedefs by which programs know some enums.
fn typedefs() -> String {
    TYPEDEF_ENUMS
        .map(|name| format!("typedef enum {name} {name};"))
        .join("\n")
}

fn pass(source: &Path, config: Config) -> Result<String, String> {
    let bindings = Builder::new()
        .with_config(config)
        .with_src(source)
        .generate()
        .map_err(|e| e.to_string())?;
    let mut bytes = Vec::new();
    bindings.write(&mut bytes);
    String::from_utf8(bytes)
        .map(|text| crate::comments::for_c(&text))
        .map_err(|e| e.to_string())
}

/// Reads the so.17 types alone, so that nothing changes place when functions arrive that use them.
pub(crate) fn generate(root: &Path) -> Result<Generated, String> {
    let defined = defined(root)?;
    let abi = root.join("src/capi/abi/mod.rs");
    let mut enums = pass(&abi, config(&defined, "ENUMS", vec![ItemType::Enums]))?;
    let end = enums
        .rfind("#endif")
        .ok_or("lws-gen-enums.h has no guard")?;
    enums.insert_str(end, &(typedefs() + "\n"));
    let kinds = [
        ItemType::Structs,
        ItemType::Unions,
        ItemType::Typedefs,
        ItemType::OpaqueItems,
    ];
    let types = pass(&abi, config(&defined, "TYPES", kinds.into()))?;
    Ok(Generated { enums, types })
}
