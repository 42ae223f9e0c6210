//! Strings of the JSON parser: names go to the path, values to the text buffer.
//!
//! Runs of plain bytes are copied at once. A full text buffer is told and emptied, so values may be of any length; a
//! name that is too long for the path is cut. Escapes are decoded to UTF-8; each surrogate gives three bytes of its own.
//! Called by `machine`.

use super::halt::{Flow, Then, reject, tell};
use super::machine::state;
use super::{Context, PATH, Reject, TEXT, event};
use crate::util::urlenc::hex_value;

/// Bytes that end a run: quote, backslash, controls.
static ENDS: [bool; 256] = ends();

const fn ends() -> [bool; 256] {
    let mut table = [false; 256];
    let mut n = 0;
    while n < 0x20 {
        table[n] = true;
        n += 1;
    }
    table[b'"' as usize] = true;
    table[b'\\' as usize] = true;
    table
}

impl Context {
    /// A byte of a string, and the run of plain ones it begins.
    pub(super) fn string(&mut self, byte: u8, input: &[u8], at: &mut usize) -> Flow {
        match byte {
            b'"' => self.close_string(),
            b'\\' => {
                self.set_state(state::ESCAPE);
                Flow::Next
            }
            0..0x20 => reject(Reject::IllegalControl),
            _ if self.is_name() => self.name_run(input, at),
            _ => self.text_run(byte, input, at),
        }
    }

    fn is_name(&self) -> bool {
        self.outer().is_some_and(|outer| outer.s == state::COLON)
    }

    fn close_string(&mut self) -> Flow {
        if self.sp == 0 {
            return reject(Reject::StringUnderrun);
        }
        if self.is_name() {
            self.sp -= 1;
            return Flow::Next;
        }
        let end = usize::from(self.npos).min(TEXT - 1);
        self.buf[end] = 0;
        tell(event::VAL_STR_END, Then::CloseString)
    }

    /// Takes the byte before `at` and the plain ones after it.
    fn name_run(&mut self, input: &[u8], at: &mut usize) -> Flow {
        let begin = at.saturating_sub(1);
        let run = plain_run(input.get(begin..).unwrap_or(&[]), PATH);
        let len = usize::from(self.parser().ppos);
        // quirk: the reference runs over the path's end here; the part that does not fit is left out
        let fits = run.len().min((PATH - 1).saturating_sub(len));
        if let Some(to) = self.path.get_mut(len..len + fits) {
            to.copy_from_slice(&run[..fits]);
        }
        self.parser().ppos += u8::try_from(fits).unwrap_or(0);
        *at = begin + run.len().max(1);
        Flow::Next
    }

    /// Takes this byte and all plain ones after it that fit.
    fn text_run(&mut self, byte: u8, input: &[u8], at: &mut usize) -> Flow {
        let start = usize::from(self.npos);
        let room = (TEXT - 2).saturating_sub(start); // the last one goes through `text_byte`
        let begin = at.saturating_sub(1);
        let run = plain_run(input.get(begin..).unwrap_or(&[]), room);
        if run.is_empty() {
            return self.text_byte(byte);
        }
        if let Some(to) = self.buf.get_mut(start..start + run.len()) {
            to.copy_from_slice(run);
            self.npos = u8::try_from(start + run.len()).unwrap_or(0);
        }
        *at = begin + run.len();
        Flow::Next
    }

    /// Takes a byte that an escape gave.
    fn string_byte(&mut self, byte: u8) -> Flow {
        if self.is_name() {
            self.path_byte(byte);
            return Flow::Next;
        }
        self.text_byte(byte)
    }

    /// Appends to the text; a full one is told.
    fn text_byte(&mut self, byte: u8) -> Flow {
        let at = usize::from(self.npos).min(TEXT - 2);
        self.buf[at] = byte;
        self.npos = self.npos.saturating_add(1);
        if at + 1 == TEXT - 1 {
            return tell(event::VAL_STR_CHUNK, Then::EmptyText);
        }
        Flow::Next
    }

    /// The byte after a backslash.
    pub(super) fn escape(&mut self, byte: u8) -> Flow {
        let plain = match byte {
            b'u' => {
                self.set_state(state::HEX_1);
                self.uni = 0;
                return Flow::Next;
            }
            b'"' | b'\\' | b'/' => byte,
            b'b' => 8,
            b'f' => 12,
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            _ => return reject(Reject::IllegalEscape),
        };
        self.set_state(state::STRING);
        self.string_byte(plain)
    }

    /// One of the four digits of a `\u` escape. UTF-8 bytes are put as soon as the digits give them.
    pub(super) fn hex(&mut self, s: u8, byte: u8) -> Flow {
        self.uni <<= 4;
        let Some(digit) = hex_value(byte) else {
            return reject(Reject::IllegalHex);
        };
        self.uni |= u16::from(digit);
        let place = s - state::HEX_1;
        self.set_state(if s == state::HEX_4 {
            state::STRING
        } else {
            s + 1
        });
        match utf8_byte(self.uni, place) {
            Some(out) => self.string_byte(out),
            None => Flow::Next,
        }
    }
}

/// The plain bytes at the beginning, at most `max`.
fn plain_run(input: &[u8], max: usize) -> &[u8] {
    let window = input.get(..max).unwrap_or(input);
    let len = window
        .iter()
        .position(|b| ENDS[usize::from(*b)])
        .unwrap_or(window.len());
    &window[..len]
}

/// The byte of the code point's UTF-8 form that is known once digit `place` (0..=3) is in: none yet, or it was shorter.
fn utf8_byte(uni: u16, place: u8) -> Option<u8> {
    let low = |v: u16| (v & 0xff) as u8;
    match place {
        1 if uni >= 0x08 => Some(0xe0 | low(uni >> 4)),
        2 if uni >= 0x80 => Some(0x80 | low(uni >> 2) & 0x3f),
        2 if uni >= 0x08 => Some(0xc0 | low(uni >> 2)),
        3 if uni >= 0x80 => Some(0x80 | low(uni) & 0x3f),
        3 => Some(low(uni)),
        _ => None,
    }
}
