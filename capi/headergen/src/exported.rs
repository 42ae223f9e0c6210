//! The functions that the Rust sources export, with their docs and signatures.
//!
//! Reads the files in src/capi themselves: a function in a macro is not seen (its prototype is then written by hand or
//! stays among the declared ones).

use crate::ctype::{self, Aliases, Base, Signature, Type};
use std::path::{Path, PathBuf};
use syn::{Attribute, File, GenericArgument, Item, ItemFn, PathArguments, ReturnType};

pub(crate) struct Exported {
    pub(crate) name: String,
    pub(crate) docs: Vec<String>,
    pub(crate) signature: Signature,
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) -> Result<(), String> {
    let entries = std::fs::read_dir(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let mut paths: Vec<_> = entries.filter_map(Result::ok).map(|e| e.path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            sources(&path, found)?;
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
    Ok(())
}

fn parse(folder: &Path) -> Result<Vec<File>, String> {
    let mut paths = Vec::new();
    sources(folder, &mut paths)?;
    let parse_one = |path: PathBuf| {
        let text =
            std::fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
        syn::parse_file(&text).map_err(|e| format!("{}: {e}", path.display()))
    };
    paths.into_iter().map(parse_one).collect()
}

/// The typedefs of the so.17 types.
pub(crate) fn aliases(root: &Path) -> Result<Aliases, String> {
    let mut found = Aliases::new();
    let files = parse(&root.join("src/capi/abi/so17"))?;
    // a typedef may name a later one
    for _ in 0..3 {
        for file in &files {
            collect_aliases(file, &mut found);
        }
    }
    Ok(found)
}

fn collect_aliases(file: &File, found: &mut Aliases) {
    for item in &file.items {
        if let Item::Type(alias) = item {
            let name = alias.ident.to_string();
            let meaning = if name.starts_with("enum_") {
                Type::of(Base::Enum)
            } else {
                convert(&alias.ty, found)
            };
            found.insert(name, meaning);
        }
    }
}

/// All exported functions, by name.
pub(crate) fn functions(root: &Path, aliases: &Aliases) -> Result<Vec<Exported>, String> {
    let mut aliases = aliases.clone();
    // layers below name types of callbacks too
    for file in parse(&root.join("src"))? {
        let mut local = aliases.clone();
        collect_aliases(&file, &mut local);
        local
            .retain(|name, ty| matches!(ty.base, Base::Function(_)) && !aliases.contains_key(name));
        aliases.extend(local);
    }
    let mut found = Vec::new();
    for file in parse(&root.join("src/capi"))? {
        let mut local = aliases.clone();
        collect_aliases(&file, &mut local);
        collect_functions(&file.items, &local, &mut found);
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(found)
}

fn collect_functions(items: &[Item], aliases: &Aliases, found: &mut Vec<Exported>) {
    for item in items {
        match item {
            Item::Fn(function) if is_exported(&function.attrs) => {
                found.push(exported(function, aliases))
            }
            Item::Mod(module) => {
                if let Some((_, items)) = &module.content {
                    collect_functions(items, aliases, found);
                }
            }
            _ => {}
        }
    }
}

fn is_exported(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|a| match &a.meta {
        syn::Meta::Path(path) => path.is_ident("no_mangle"),
        syn::Meta::List(list) => {
            list.path.is_ident("unsafe") && list.tokens.to_string() == "no_mangle"
        }
        syn::Meta::NameValue(_) => false,
    })
}

fn exported(function: &ItemFn, aliases: &Aliases) -> Exported {
    let parameters = function.sig.inputs.iter().filter_map(|input| match input {
        syn::FnArg::Typed(typed) => Some(convert(&typed.ty, aliases)),
        syn::FnArg::Receiver(_) => None,
    });
    Exported {
        name: function.sig.ident.to_string(),
        docs: docs(&function.attrs),
        signature: Signature {
            result: result(&function.sig.output, aliases),
            parameters: parameters.collect(),
        },
    }
}

fn docs(attributes: &[Attribute]) -> Vec<String> {
    let line = |attribute: &Attribute| match &attribute.meta {
        syn::Meta::NameValue(pair) if pair.path.is_ident("doc") => match &pair.value {
            syn::Expr::Lit(syn::ExprLit {
                lit: syn::Lit::Str(text),
                ..
            }) => Some(text.value()),
            _ => None,
        },
        _ => None,
    };
    attributes.iter().filter_map(line).collect()
}

fn result(output: &ReturnType, aliases: &Aliases) -> Type {
    match output {
        ReturnType::Default => Type::of(Base::Void),
        ReturnType::Type(_, ty) => convert(ty, aliases),
    }
}

fn convert(ty: &syn::Type, aliases: &Aliases) -> Type {
    match ty {
        syn::Type::Ptr(pointer) => convert(&pointer.elem, aliases).behind(1),
        syn::Type::Array(array) => convert(&array.elem, aliases).behind(1),
        syn::Type::Paren(inner) => convert(&inner.elem, aliases),
        syn::Type::Never(_) => Type::of(Base::Void),
        syn::Type::BareFn(function) => {
            let parameters = function
                .inputs
                .iter()
                .map(|p| convert(&p.ty, aliases))
                .collect();
            let signature = Signature {
                result: result(&function.output, aliases),
                parameters,
            };
            Type::of(Base::Function(Box::new(signature)))
        }
        syn::Type::Path(path) => match path.path.segments.last() {
            Some(last) if last.ident == "Option" => optional(&last.arguments, aliases),
            Some(last) => named(&last.ident.to_string(), aliases),
            None => Type::of(Base::Void),
        },
        _ => Type::of(Base::Record("?".into())),
    }
}

fn optional(arguments: &PathArguments, aliases: &Aliases) -> Type {
    if let PathArguments::AngleBracketed(list) = arguments
        && let Some(GenericArgument::Type(inner)) = list.args.first()
    {
        return convert(inner, aliases);
    }
    Type::of(Base::Record("?".into()))
}

fn named(name: &str, aliases: &Aliases) -> Type {
    if let Some(meaning) = aliases.get(name) {
        return meaning.clone();
    }
    Type::of(ctype::standard(name).unwrap_or_else(|| Base::Record(name.to_string())))
}
