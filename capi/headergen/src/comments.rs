//! Turns Rust doc comments, as cbindgen copies them, into comments for C programmers.
//!
//! What a caller must uphold for Rust's sake (`# Safety`) says nothing new to C and goes; a comment of one line takes
//! one line; links lose their brackets.

pub(crate) fn for_c(header: &str) -> String {
    let mut out = Vec::new();
    let mut lines = header.lines();
    while let Some(line) = lines.next() {
        if line.trim() != "/**" {
            out.push(line.trim_end().to_string());
            continue;
        }
        let indent = &line[..line.len() - line.trim_start().len()];
        let body: Vec<String> = lines
            .by_ref()
            .take_while(|l| l.trim() != "*/")
            .map(without_star)
            .collect();
        out.extend(comment(indent, &body));
    }
    out.join("\n") + "\n"
}

fn without_star(line: &str) -> String {
    let text = line.trim();
    text.strip_prefix('*').unwrap_or(text).to_string()
}

/// The lines of a C comment made of the lines of a Rust one.
pub(crate) fn comment(indent: &str, body: &[String]) -> Vec<String> {
    let end = body
        .iter()
        .position(|l| l.trim() == "# Safety")
        .unwrap_or(body.len());
    let plain = |line: &String| line.trim_end().replace("[`", "`").replace("`]", "`");
    let mut kept: Vec<String> = body.iter().take(end).map(plain).collect();
    while kept.last().is_some_and(String::is_empty) {
        kept.pop();
    }
    match kept.as_slice() {
        [] => Vec::new(),
        [one] => vec![format!("{indent}/**{one} */")],
        many => {
            let mut lines = vec![format!("{indent}/**")];
            lines.extend(many.iter().map(|l| format!("{indent} *{l}")));
            lines.push(format!("{indent} */"));
            lines
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn for_c_when_one_line_keeps_one_line() {
        assert_eq!(
            for_c("/**\n * One [`x`].\n */\nint a;\n"),
            "/** One `x`. */\nint a;\n"
        );
    }

    #[test]
    fn for_c_drops_the_safety_section() {
        let text =
            "/**\n * One.\n *\n * Returns 0.\n *\n * # Safety\n * Valid.\n */\nint f(void);\n";
        assert_eq!(
            for_c(text),
            "/**\n * One.\n *\n * Returns 0.\n */\nint f(void);\n"
        );
    }
}
