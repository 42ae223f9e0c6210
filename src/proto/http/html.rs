//! Pages whose `$names` are replaced on their way, in pieces of any size.
//!
//! A name that may go on in the next piece is held back (lws: swallowed), so any split gives the same text. Whose text a name
//! stands for is the caller's matter. quirk: a name that another name begins with is never replaced.
//! Also the frame of a chunk that goes around a piece. Called by `capi::html`.

use std::ops::ControlFlow;

/// The longest name that is replaced, `$` included, and a NUL.
pub const NAME: usize = 16;

/// What of a name has been seen at the end of the last piece.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Held {
    /// The bytes.
    pub bytes: [u8; NAME],
    /// How many.
    pub len: usize,
}

impl Held {
    fn text(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or_default()
    }

    /// Adds a byte; false: no name is so long.
    fn push(&mut self, byte: u8) -> bool {
        if self.len.saturating_add(1) >= NAME {
            return false;
        }
        if let Some(place) = self.bytes.get_mut(self.len) {
            *place = byte;
        }
        self.len = self.len.saturating_add(1);
        true
    }
}

/// The text has become longer than it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooLong;

/// Text of limited length.
#[derive(Debug, Default)]
pub struct Page {
    text: Vec<u8>,
    limit: usize,
}

impl Page {
    /// An empty one.
    #[must_use]
    pub fn new(limit: usize) -> Self {
        Self {
            text: Vec::new(),
            limit,
        }
    }

    /// Adds text.
    ///
    /// # Errors
    /// It would become too long.
    pub fn push(&mut self, more: &[u8]) -> Result<(), TooLong> {
        if more.len() > self.limit.saturating_sub(self.text.len()) {
            return Err(TooLong);
        }
        self.text.extend_from_slice(more);
        Ok(())
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> &[u8] {
        &self.text
    }
}

/// Replaces the names in a piece of a page.
pub struct Replacer<'a, F> {
    /// The names, `$` included.
    pub names: &'a [&'a [u8]],
    /// Adds the text of a name to the page.
    pub replace: F,
}

impl<F: FnMut(usize, &mut Page) -> Result<(), TooLong>> Replacer<'_, F> {
    /// Adds the piece to `page`. The last one gives out what is held.
    ///
    /// # Errors
    /// The page would become too long.
    pub fn piece(
        &mut self,
        piece: &[u8],
        is_last: bool,
        held: &mut Held,
        page: &mut Page,
    ) -> Result<(), TooLong> {
        let mut rest = piece;
        while !rest.is_empty() {
            if held.len == 0 {
                let (plain, behind) =
                    rest.split_at(memchr::memchr(b'$', rest).unwrap_or(rest.len()));
                page.push(plain)?;
                rest = behind;
            }
            let Some((byte, behind)) = rest.split_first() else {
                break;
            };
            self.byte(*byte, held, page)?;
            rest = behind;
        }
        if is_last {
            page.push(held.text())?;
            held.len = 0;
        }
        Ok(())
    }

    /// A byte that begins a name or goes on with what is held.
    fn byte(&mut self, byte: u8, held: &mut Held, page: &mut Page) -> Result<(), TooLong> {
        if held.len == 0 && byte != b'$' {
            return page.push(&[byte]);
        }
        let before = *held;
        let fits = held.push(byte);
        match self.look_up(held.text()).filter(|_| fits) {
            Some(ControlFlow::Continue(())) => Ok(()),
            Some(ControlFlow::Break(index)) => {
                held.len = 0;
                (self.replace)(index, page)
            }
            None => {
                held.len = 0;
                let Some((first, more)) = before.text().split_first() else {
                    return page.push(&[byte]);
                };
                // A name may begin behind the first byte.
                page.push(&[*first])?;
                for again in more.iter().chain([&byte]) {
                    self.byte(*again, held, page)?;
                }
                Ok(())
            }
        }
    }

    /// No name begins so; one or more do; it is that one.
    fn look_up(&self, text: &[u8]) -> Option<ControlFlow<usize>> {
        let mut possible = self
            .names
            .iter()
            .enumerate()
            .filter(|(_, n)| n.starts_with(text));
        let (index, name) = possible.next()?;
        let is_only = possible.next().is_none();
        Some(match is_only && name.len() == text.len() {
            true => ControlFlow::Break(index),
            false => ControlFlow::Continue(()),
        })
    }
}

/// What stands before a chunk of that length.
#[must_use]
pub fn chunk_head(len: usize) -> String {
    format!("{len:X}\r\n")
}

/// What stands behind a chunk.
#[must_use]
pub fn chunk_tail(is_last: bool) -> &'static [u8] {
    if is_last { b"\r\n0\r\n\r\n" } else { b"\r\n" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proto::split_test::assert_same_for_every_split;

    fn expand(names: &[&str], text: &str) -> String {
        let names: Vec<&[u8]> = names.iter().map(|n| n.as_bytes()).collect();
        let texts = ["hello", "", "a longer text"];
        let whole = assert_same_for_every_split(text.as_bytes(), |pieces| {
            let (mut held, mut out) = (Held::default(), Vec::new());
            for (n, piece) in pieces.iter().enumerate() {
                let mut page = Page::new(100);
                let replace = |i: usize, page: &mut Page| page.push(texts[i].as_bytes());
                let mut replacer = Replacer {
                    names: &names,
                    replace,
                };
                let is_last = n + 1 == pieces.len();
                replacer
                    .piece(piece, is_last, &mut held, &mut page)
                    .expect("room");
                out.extend_from_slice(page.text());
            }
            vec![String::from_utf8(out).expect("text")]
        });
        whole.concat()
    }

    #[test]
    fn names_are_replaced() {
        let names = ["$one", "$two", "$three"];
        assert_eq!(
            expand(&names, "a $one$two b $three"),
            "a hello b a longer text"
        );
        assert_eq!(
            expand(&names, "$oneone $$one $o$one"),
            "helloone $hello $ohello"
        );
    }

    #[test]
    fn other_text_stays() {
        for text in ["", "plain", "$", "$on", "$on $tw $x $ $", "$onx$", "$$$"] {
            assert_eq!(expand(&["$one", "$two"], text), text);
        }
    }

    #[test]
    fn a_name_that_begins_another_is_not_replaced() {
        assert_eq!(expand(&["$one", "$onetwo"], "$one $onetwo"), "$one ");
    }

    #[test]
    fn a_name_may_begin_in_what_was_held() {
        assert_eq!(expand(&["$one", "$a$b"], "$a$b $a$one"), " $ahello");
    }

    #[test]
    fn long_names_are_not_known() {
        assert_eq!(expand(&["$abcdefghijklmn"], "$abcdefghijklmn"), "hello");
        assert_eq!(
            expand(&["$abcdefghijklmno"], "$abcdefghijklmno"),
            "$abcdefghijklmno"
        );
    }

    #[test]
    fn the_limit_holds() {
        let replace = |_, page: &mut Page| page.push(b"1234");
        let mut replacer = Replacer {
            names: &[b"$a"],
            replace,
        };
        let mut run = |text: &[u8], limit| {
            replacer.piece(text, true, &mut Held::default(), &mut Page::new(limit))
        };
        assert_eq!(run(b"x$ay", 6), Ok(()));
        assert_eq!(run(b"x$ay", 5), Err(TooLong));
        assert_eq!(run(b"x$ay", 4), Err(TooLong));
        assert_eq!(run(b"$", 0), Err(TooLong));
    }

    #[test]
    fn chunks_are_framed() {
        assert_eq!(chunk_head(26), "1A\r\n");
        assert_eq!(chunk_tail(false), b"\r\n");
    }
}
