//! C prototypes as text: splits them and reduces them to their types, to compare spellings of the same function.

/// A function of a generated header: its name, and its prototype without parameter names.
pub(crate) struct Function {
    pub(crate) name: String,
    pub(crate) shape: String,
}

/// Every prototype in the text of a header.
pub(crate) fn functions(header: &str) -> Vec<Function> {
    let code = without_comments(header);
    let code: Vec<&str> = code
        .lines()
        .filter(|l| !l.trim_start().starts_with('#'))
        .collect();
    code.join(" ")
        .split(';')
        .filter_map(|item| {
            let item = item.rsplit(['{', '}']).next()?;
            let start = item.find("LWS_EXTERN")? + "LWS_EXTERN".len();
            let text = squeeze(item.get(start..)?);
            Some(Function {
                name: name(&text)?.to_string(),
                shape: shape(&text),
            })
        })
        .collect()
}

fn without_comments(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("/*") {
        out.push_str(&rest[..start]);
        rest = rest[start..]
            .split_once("*/")
            .map_or("", |(_, after)| after);
    }
    out.push_str(rest);
    out
}

fn squeeze(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The declared name: the identifier before the first parenthesis.
fn name(declaration: &str) -> Option<&str> {
    let before = declaration.split_once('(')?.0.trim_end();
    before
        .rsplit(|c: char| !(c.is_alphanumeric() || c == '_'))
        .next()
}

/// The declaration with only its types left, e.g. `int f(const char *, void (*)(int))`.
pub(crate) fn shape(declaration: &str) -> String {
    let text = squeeze(declaration);
    let Some((head, rest)) = text.split_once('(') else {
        return text;
    };
    let parameters = rest.rsplit_once(')').map_or(rest, |(inside, _)| inside);
    let list: Vec<String> = split(parameters).iter().map(|p| parameter(p)).collect();
    format!("{}({})", stars(head), list.join(", "))
}

/// Splits at the commas outside parentheses.
fn split(list: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut depth = 0u32;
    for c in list.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        match parts.last_mut() {
            _ if c == ',' && depth == 0 => parts.push(String::new()),
            Some(part) => part.push(c),
            None => {}
        }
    }
    parts.iter().map(|p| p.trim().to_string()).collect()
}

/// A parameter without its name.
fn parameter(text: &str) -> String {
    if let Some((result, rest)) = text.split_once("(*") {
        let arguments = rest.split_once(')').map_or("", |(_, after)| after).trim();
        let inside = arguments.trim_start_matches('(').trim_end_matches(')');
        let list: Vec<String> = split(inside).iter().map(|p| parameter(p)).collect();
        return format!("{} (*)({})", stars(result), list.join(", "));
    }
    let text = stars(text);
    let named = text
        .trim_end_matches(|c: char| c.is_alphanumeric() || c == '_')
        .trim_end();
    let last = text[named.len()..].trim();
    let lonely = [
        "", "const", "struct", "enum", "union", "unsigned", "signed", "long",
    ]
    .contains(&named);
    let is_type = ["int", "char", "short", "long", "double", "const"].contains(&last);
    if lonely
        || is_type
        || named.ends_with("struct")
        || named.ends_with("enum")
        || named.ends_with("union")
    {
        return text;
    }
    named.to_string()
}

/// One spelling of the space around stars.
fn stars(text: &str) -> String {
    squeeze(&text.replace('*', " * "))
        .replace("* ", "*")
        .replace(" ;", ";")
        .trim()
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shape_when_names_differ_is_the_same() {
        assert_eq!(
            shape(
                "int lws_write(struct lws *wsi, unsigned char *buf, size_t len, enum lws_write_protocol p)"
            ),
            shape(
                "int lws_write(struct lws * a,  unsigned char *b, size_t, enum lws_write_protocol)"
            )
        );
        assert_eq!(
            shape("void f(int level, void (*emit)(int level, const char *line))"),
            shape("void f(int, void (*)(int, const char *))")
        );
    }

    #[test]
    fn shape_when_types_differ_differs() {
        assert_ne!(
            shape("int f(struct lws_dll2 *d)"),
            shape("int f(lws_dll2_t *d)")
        );
        assert_ne!(shape("int f(unsigned char *b)"), shape("int f(uint8_t *b)"));
        assert_ne!(
            shape("int f(const char *const *p)"),
            shape("int f(const char **p)")
        );
    }

    #[test]
    fn functions_finds_prototypes_between_comments() {
        let found = functions(
            "/** a; b */\nLWS_VISIBLE LWS_EXTERN\nint f(int a,\n  char b);\n#if 1\nLWS_EXTERN void g(void);\n",
        );
        let names: Vec<_> = found.iter().map(|f| f.name.as_str()).collect();
        assert_eq!(names, ["f", "g"]);
        assert_eq!(found[0].shape, "int f(int, char)");
    }
}
