//! C types as the binary interface sees them, read from C declarations.
//!
//! Two spellings of the same type compare equal: typedefs are resolved, `const` is ignored, an enum is any 32-bit
//! integer, and what is pointed to may be `char` of any sign. So the Rust sources may spell a signature as it suits
//! them, and the header spells it as the reference does.

use std::collections::HashMap;
use std::fmt;

#[derive(Clone)]
pub(crate) struct Type {
    pub(crate) base: Base,
    pub(crate) stars: usize,
}

#[derive(Clone)]
pub(crate) enum Base {
    Void,
    Integer { bits: u8, signed: bool },
    Enum,
    Record(String),
    Function(Box<Signature>),
}

#[derive(Clone)]
pub(crate) struct Signature {
    pub(crate) result: Type,
    pub(crate) parameters: Vec<Type>,
}

/// What the so.17 types define by `type`.
pub(crate) type Aliases = HashMap<String, Type>;

/// Typedefs of functions, not of pointers to them.
pub(crate) const FUNCTION_TYPES: [&str; 3] = [
    "lws_callback_function",
    "lws_extension_callback_function",
    "lws_dir_callback_function",
];

impl PartialEq for Type {
    fn eq(&self, other: &Self) -> bool {
        let small = |base: &Base| matches!(base, Base::Integer { bits: 8, .. });
        let word = |base: &Base| matches!(base, Base::Enum | Base::Integer { bits: 32, .. });
        let enums = matches!(self.base, Base::Enum) || matches!(other.base, Base::Enum);
        self.stars == other.stars
            && match (&self.base, &other.base) {
                (a, b) if self.stars > 0 && small(a) && small(b) => true,
                (a, b) if enums => word(a) && word(b),
                (Base::Void, Base::Void) => true,
                (Base::Integer { bits: a, signed: c }, Base::Integer { bits: b, signed: d }) => {
                    a == b && c == d
                }
                (Base::Record(a), Base::Record(b)) => a == b,
                (Base::Function(a), Base::Function(b)) => a == b,
                _ => false,
            }
    }
}

impl PartialEq for Signature {
    fn eq(&self, other: &Self) -> bool {
        self.result == other.result && self.parameters == other.parameters
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.base {
            Base::Void => write!(f, "void")?,
            Base::Integer { bits, signed: true } => write!(f, "int{bits}")?,
            Base::Integer {
                bits,
                signed: false,
            } => write!(f, "uint{bits}")?,
            Base::Enum => write!(f, "enum")?,
            Base::Record(name) => write!(f, "{name}")?,
            Base::Function(signature) => {
                let list: Vec<_> = signature.parameters.iter().map(Self::to_string).collect();
                write!(f, "{} (*)({})", signature.result, list.join(", "))?;
            }
        }
        write!(f, "{}", "*".repeat(self.stars))
    }
}

impl Type {
    pub(crate) fn of(base: Base) -> Self {
        Self { base, stars: 0 }
    }

    pub(crate) fn behind(mut self, stars: usize) -> Self {
        self.stars += stars;
        self
    }
}

pub(crate) fn integer(bits: u8, signed: bool) -> Base {
    Base::Integer { bits, signed }
}

/// A name of C's own headers or of libc, on an LP64 system.
pub(crate) fn standard(name: &str) -> Option<Base> {
    Some(match name {
        "void" | "c_void" => Base::Void,
        "char" | "signed char" | "int8_t" | "i8" | "c_char" | "c_schar" => integer(8, true),
        "unsigned char" | "uint8_t" | "u8" | "c_uchar" => integer(8, false),
        "short" | "int16_t" | "i16" | "c_short" => integer(16, true),
        "unsigned short" | "uint16_t" | "u16" | "c_ushort" => integer(16, false),
        "int" | "int32_t" | "i32" | "c_int" | "pid_t" => integer(32, true),
        "unsigned int" | "unsigned" | "uint32_t" | "u32" | "c_uint" | "socklen_t" | "uid_t"
        | "gid_t" => integer(32, false),
        "long" | "long long" | "int64_t" | "i64" | "c_long" | "c_longlong" | "ssize_t"
        | "isize" | "time_t" => integer(64, true),
        "unsigned long" | "unsigned long long" | "uint64_t" | "u64" | "c_ulong" | "c_ulonglong"
        | "size_t" | "usize" => integer(64, false),
        _ => return None,
    })
}

/// Reads `result name(parameters)`.
pub(crate) fn signature(declaration: &str, aliases: &Aliases) -> Option<Signature> {
    let (head, rest) = declaration.split_once('(')?;
    let parameters = rest.rsplit_once(')')?.0;
    Some(Signature {
        result: plain(head, aliases)?,
        parameters: list(parameters, aliases)?,
    })
}

fn list(parameters: &str, aliases: &Aliases) -> Option<Vec<Type>> {
    if parameters.trim() == "void" {
        return Some(Vec::new());
    }
    split(parameters)
        .iter()
        .map(|p| parameter(p, aliases))
        .collect()
}

/// Splits at the commas outside parentheses.
fn split(list: &str) -> Vec<&str> {
    let mut depth = 0;
    list.split(|c| {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        c == ',' && depth == 0
    })
    .collect()
}

fn parameter(text: &str, aliases: &Aliases) -> Option<Type> {
    let Some((result, rest)) = text.split_once("(*") else {
        return plain(text, aliases);
    };
    let parameters = rest
        .split_once(')')?
        .1
        .trim()
        .strip_prefix('(')?
        .strip_suffix(')')?;
    let signature = Signature {
        result: plain(result, aliases)?,
        parameters: list(parameters, aliases)?,
    };
    Some(Type::of(Base::Function(Box::new(signature))))
}

/// A type without parentheses, with or without a name after it.
fn plain(text: &str, aliases: &Aliases) -> Option<Type> {
    let stars = text.matches(['*', '[']).count();
    let before = text.split('*').next()?;
    let words: Vec<&str> = before
        .split_whitespace()
        .filter(|w| !["const", "extern", "long int"].contains(w))
        .collect();
    let base = match *words.as_slice() {
        ["enum", ..] => Type::of(Base::Enum),
        ["struct" | "union", tag, ..] => Type::of(Base::Record(tag.to_string())),
        [first, ..] if standard(first).is_some() || ["signed", "unsigned"].contains(&first) => {
            let basic =
                |w: &&&str| ["signed", "unsigned", "long", "short", "int", "char"].contains(*w);
            let count = words.iter().take_while(basic).count().max(1);
            Type::of(standard(&words.get(..count)?.join(" "))?)
        }
        [name, ..] => named(name, aliases),
        [] => return None,
    };
    let function = words.first().is_some_and(|w| FUNCTION_TYPES.contains(w));
    Some(base.behind(stars - usize::from(function && stars > 0)))
}

fn named(name: &str, aliases: &Aliases) -> Type {
    let found = aliases
        .get(name)
        .or_else(|| aliases.get(&format!("enum_{name}")));
    found
        .cloned()
        .unwrap_or_else(|| Type::of(Base::Record(name.to_string())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(a: &str, b: &str) -> bool {
        let dll2 = Type::of(Base::Record("lws_dll2".into()));
        let aliases = Aliases::from([("lws_dll2_t".to_string(), dll2)]);
        let read = |text| signature(text, &aliases).expect("a declaration");
        read(a) == read(b)
    }

    #[test]
    fn signatures_when_spelled_otherwise_are_the_same() {
        assert!(same(
            "int f(struct lws_dll2 *d, const char *s)",
            "int f(lws_dll2_t *, unsigned char *)"
        ));
        assert!(same(
            "int f(enum x y, size_t n)",
            "int f(int y, unsigned long n)"
        ));
        assert!(same(
            "void f(void (*cb)(int level, const char *line))",
            "void f(void (*)(int, char *))"
        ));
        assert!(same("unsigned int f(void)", "uint32_t f(void)"));
        assert!(same(
            "int f(const char *a[])",
            "int f(const char *const *a)"
        ));
    }

    #[test]
    fn signatures_when_types_differ_differ() {
        assert!(!same("int f(int a)", "int f(unsigned int a)"));
        assert!(!same("int f(int a)", "int f(size_t a)"));
        assert!(!same("int f(char *a)", "int f(char **a)"));
        assert!(!same("int f(struct a *a)", "int f(struct b *a)"));
        assert!(!same("int f(void)", "void f(void)"));
        assert!(!same(
            "void f(void (*cb)(int))",
            "void f(void (*cb)(size_t))"
        ));
    }
}
