//! Finds a URI argument by name.
//!
//! The arguments are fragments of `HTTP_URI_ARGS`, already decoded. The name is a prefix to compare,
//! usually with its `=`: the value is what follows. Used by `lws_get_urlarg_by_name()`, which copies
//! the whole argument to the caller's buffer and points behind the name.

use super::headers::HeaderTable;
use super::token::Token;

/// The first argument that begins with `name`, whole; the value starts at `name.len()`.
///
/// `room` is the size of the caller's buffer, for the argument and a NUL.
pub fn find<'t>(table: &'t HeaderTable, name: &[u8], room: usize) -> Option<&'t [u8]> {
    table
        .fragments(Token::HTTP_URI_ARGS)
        // quirk: an argument that does not fit hides all that follow it, whatever their names.
        .take_while(|argument| argument.len() < room)
        .find(|argument| argument.starts_with(name))
}

/// The value of the first argument called `name`.
pub fn value<'t>(table: &'t HeaderTable, name: &[u8]) -> Option<&'t [u8]> {
    table
        .fragments(Token::HTTP_URI_ARGS)
        .find_map(|argument| argument.strip_prefix(name)?.strip_prefix(b"="))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(arguments: &[&str]) -> HeaderTable {
        let mut table = HeaderTable::new(4096);
        for argument in arguments {
            table
                .append(Token::HTTP_URI_ARGS, argument.as_bytes())
                .unwrap();
        }
        table
    }

    #[test]
    fn first_argument_with_the_prefix_is_found() {
        let table = table(&["x", "ab=2", "a=1", "a=3", "=5"]);
        assert_eq!(find(&table, b"a=", 100), Some(&b"a=1"[..]));
        assert_eq!(find(&table, b"a", 100), Some(&b"ab=2"[..]));
        assert_eq!(find(&table, b"=", 100), Some(&b"=5"[..]));
        assert_eq!(find(&table, b"A=", 100), None);
        assert_eq!(value(&table, b"a"), Some(&b"1"[..]));
        assert_eq!(value(&table, b"x"), None);
    }

    #[test]
    fn argument_without_room_ends_the_search() {
        let table = table(&["a=1", "ab=2", "c=3"]);
        assert_eq!(find(&table, b"a=", 4), Some(&b"a=1"[..]));
        assert_eq!(find(&table, b"a=", 3), None);
        assert_eq!(find(&table, b"c=", 4), None);
        assert_eq!(find(&table, b"c=", 5), Some(&b"c=3"[..]));
        assert_eq!(find(&table, b"c=", 0), None);
    }
}
