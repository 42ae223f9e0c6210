//! The streaming JSON parser (lws: lejp) whose state is a public C struct.
//!
//! The program allocates the context, and its callback reads and writes it while the parser runs: the path so far, the
//! value's text, the array indexes, the matched path. So every number in it is treated as untrusted, and no reference
//! to it lives while user code runs: `machine::run` works on `&mut Context` until an event is due and returns it,
//! `parse` calls the program and goes back in.
//!
//! Accepts what the reference accepts, which is not quite JSON: `#` comments, names and strings with any bytes from
//! 0x20 on, no empty top-level object. Called by `capi::lejp`.

mod halt;
mod machine;
mod number;
mod path;
mod string;

#[cfg(test)]
mod tests;

use halt::{Halt, Then};
use std::ffi::{CStr, c_char, c_int, c_schar, c_void};
use std::ptr;

pub use path::wildcard;

/// Depth of nested parsers.
pub const PARSERS: usize = 5;
/// Depth of nested values.
pub const LEVELS: usize = 12;
/// Depth of nested arrays.
pub const INDEXES: usize = 5;
/// Room for the path and its NUL.
pub const PATH: usize = 128;
/// Room for a piece of text and its NUL.
pub const TEXT: usize = 255;

/// A program's function for events.
pub type Callback = Option<unsafe extern "C" fn(*mut Context, c_char) -> c_schar>;

/// One parser of the stack (C: `struct _lejp_parsing_stack`).
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Parser {
    /// The program's.
    pub user: *mut c_void,
    /// Gets the events.
    pub callback: Callback,
    /// The paths to match.
    pub paths: *const *const c_char,
    /// How many.
    pub count_paths: u8,
    /// Length of the path now.
    pub ppos: u8,
    /// The match, kept while an inner parser runs.
    pub path_match: u8,
}

/// One level of nesting (C: `struct _lejp_stack`).
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Level {
    /// State of the machine at this level.
    pub s: u8,
    /// Path length to go back to.
    pub p: u8,
    /// Index depth to go back to.
    pub i: u8,
    /// The program's.
    pub b: u8,
}

/// The parser's state (C: `struct lejp_ctx`).
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Context {
    /// The program's.
    pub user: *mut c_void,
    /// Nested parsers.
    pub pst: [Parser; PARSERS],
    /// Nested values.
    pub st: [Level; LEVELS],
    /// Array indexes, outermost first.
    pub i: [u16; INDEXES],
    /// Where in the path each wildcard matched.
    pub wild: [u16; INDEXES],
    /// The path, NUL-terminated.
    pub path: [u8; PATH],
    /// The text of the value.
    pub buf: [u8; TEXT],
    /// Distance between path pointers, 0 for that of an array of pointers.
    pub path_stride: usize,
    /// Line number, from 1.
    pub line: u32,
    /// Progress in a keyword, or the code point of an escape.
    pub uni: u16,
    /// Length of the text.
    pub npos: u8,
    /// Digits of a number.
    pub dcount: u8,
    /// What a number had.
    pub f: u8,
    /// Index of the current level.
    pub sp: u8,
    /// How many indexes.
    pub ipos: u8,
    /// Unused.
    pub count_paths: u8,
    /// 1 + index of the matching path, 0 for none.
    pub path_match: u8,
    /// Length of the path when it matched.
    pub path_match_len: u8,
    /// How many wildcards matched.
    pub wildcount: u8,
    /// Index of the current parser.
    pub pst_sp: u8,
    /// The whole text is an array.
    pub outer_array: u8,
}

/// Events, the public numbers.
pub mod event {
    #![expect(missing_docs, reason = "the C names are the documentation of record")]
    pub const CONSTRUCTED: u8 = 0;
    pub const DESTRUCTED: u8 = 1;
    pub const START: u8 = 2;
    pub const COMPLETE: u8 = 3;
    pub const FAILED: u8 = 4;
    pub const PAIR_NAME: u8 = 5;
    pub const VAL_TRUE: u8 = 64 | 6;
    pub const VAL_FALSE: u8 = 64 | 7;
    pub const VAL_NULL: u8 = 64 | 8;
    pub const VAL_NUM_INT: u8 = 64 | 9;
    pub const VAL_NUM_FLOAT: u8 = 64 | 10;
    pub const VAL_STR_START: u8 = 11;
    pub const VAL_STR_CHUNK: u8 = 64 | 12;
    pub const VAL_STR_END: u8 = 64 | 13;
    pub const ARRAY_START: u8 = 14;
    pub const ARRAY_END: u8 = 15;
    pub const OBJECT_START: u8 = 16;
    pub const OBJECT_END: u8 = 17;
}

/// Results of parsing, the public numbers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(i8)]
#[expect(missing_docs, reason = "the C names are the documentation of record")]
pub enum Reject {
    IdleNoBrace = -2,
    MembersNoClose = -3,
    NoOpenQuote = -4,
    StringUnderrun = -5,
    IllegalControl = -6,
    IllegalEscape = -7,
    IllegalHex = -8,
    MissingColon = -9,
    BadValueStart = -10,
    NumberNoFraction = -11,
    NumberFormat = -12,
    NumberBadExponent = -13,
    UnknownKeyword = -14,
    CloseUnderrun = -15,
    CloseNotArray = -16,
    ArrayEndMissing = -17,
    StackOverflow = -18,
    IndexOverflow = -19,
    NumberTooLong = -20,
    NeitherCommaNorEnd = -21,
    Unknown = -22,
    Callback = -23,
}

/// More input is wanted.
pub const CONTINUE: c_int = -1;

impl Context {
    /// The parser that gets events now.
    fn parser(&mut self) -> &mut Parser {
        let at = usize::from(self.pst_sp).min(PARSERS - 1);
        &mut self.pst[at]
    }
}

/// Makes a context ready and tells its callback.
///
/// # Safety
/// `ctx` is valid for reads and writes; `paths` as `path::matches` wants it, as long as the context is used.
pub unsafe fn construct(
    ctx: *mut Context,
    callback: Callback,
    user: *mut c_void,
    paths: *const *const c_char,
    count: u8,
) {
    {
        // SAFETY: valid by contract, and no user code runs in this block.
        let c = unsafe { &mut *ctx };
        c.st[0].s = 0;
        c.st[0].p = 0;
        c.st[0].i = 0;
        c.st[0].b = 0;
        c.sp = 0;
        c.ipos = 0;
        c.outer_array = 0;
        c.path_match = 0;
        c.path_stride = 0;
        c.path[0] = 0;
        c.user = user;
        c.line = 1;
        c.pst_sp = 0;
        c.pst[0] = Parser {
            user: ptr::null_mut(),
            callback,
            paths,
            count_paths: count,
            ppos: 0,
            path_match: 0,
        };
    }
    // SAFETY: `ctx` is valid.
    unsafe { tell(ctx, event::CONSTRUCTED) };
}

/// Calls the current parser's callback and gives its answer; 0 without one.
///
/// # Safety
/// `ctx` is valid, and no reference to it is in use.
pub unsafe fn tell(ctx: *mut Context, event: u8) -> i8 {
    let callback = {
        // SAFETY: valid by contract; the reference ends before the call.
        let c = unsafe { &mut *ctx };
        c.parser().callback
    };
    let Some(callback) = callback else {
        return 0;
    };
    // SAFETY: the program gave this function for this context.
    unsafe { callback(ctx, event.cast_signed()) }
}

/// Parses a piece. Returns how many bytes were left over when the document is complete, `CONTINUE`, or a `Reject`.
///
/// # Safety
/// `ctx` came from `construct` and is valid; the paths of its parsers are as `path::matches` wants them; `input` stays
/// untouched by the callback.
pub unsafe fn parse(ctx: *mut Context, input: &[u8]) -> c_int {
    let (mut at, mut then) = (0, Then::Begin);
    loop {
        let halt = {
            // SAFETY: valid by contract; the reference ends before user code runs.
            let c = unsafe { &mut *ctx };
            machine::run(c, input, &mut at, then)
        };
        then = match halt {
            Halt::Starved => return CONTINUE,
            Halt::Complete => {
                return c_int::try_from(input.len().saturating_sub(at)).unwrap_or(c_int::MAX);
            }
            Halt::Rejected(why) => {
                // SAFETY: no reference is in use.
                unsafe { tell(ctx, event::FAILED) };
                return c_int::from(why as i8);
            }
            Halt::Match(event, next) => {
                // SAFETY: valid, and the paths are as promised.
                unsafe { path::check(ctx) };
                // SAFETY: no reference is in use.
                let answer = unsafe { tell(ctx, event) };
                next.after(answer)
            }
            Halt::Tell(event, next) => {
                // SAFETY: no reference is in use.
                let answer = unsafe { tell(ctx, event) };
                next.after(answer)
            }
        };
    }
}

/// Calls the outermost parser's callback.
///
/// # Safety
/// As for `tell`.
pub unsafe fn tell_outermost(ctx: *mut Context, event: u8) {
    // SAFETY: valid by contract.
    if let Some(callback) = unsafe { (*ctx).pst[0].callback } {
        // SAFETY: the program gave this function for this context.
        let _ = unsafe { callback(ctx, event.cast_signed()) };
    }
}

/// Gives the outermost parser another callback: the old one is told the end, the new one the beginning.
///
/// # Safety
/// As for `tell`.
pub unsafe fn change_callback(ctx: *mut Context, callback: Callback) {
    // SAFETY: the same contract.
    unsafe { tell_outermost(ctx, event::DESTRUCTED) };
    // SAFETY: valid by contract.
    unsafe { (*ctx).pst[0].callback = callback };
    for event in [event::CONSTRUCTED, event::START] {
        // SAFETY: the same contract.
        unsafe { tell_outermost(ctx, event) };
    }
}

/// Looks again which path matches.
///
/// # Safety
/// As for `parse`.
pub unsafe fn check_path(ctx: *mut Context) {
    // SAFETY: the same contract.
    unsafe { path::check(ctx) };
}

/// Begins an inner parser with its own paths and callback; false when there are too many.
///
/// # Safety
/// As for `parse`, and `paths` as `path::matches` wants it until the pop.
pub unsafe fn push(
    ctx: *mut Context,
    user: *mut c_void,
    paths: *const *const c_char,
    count: u8,
    callback: Callback,
) -> bool {
    {
        // SAFETY: valid by contract; no user code runs in this block.
        let c = unsafe { &*ctx };
        if usize::from(c.pst_sp) + 1 >= PARSERS {
            return false;
        }
    }
    // SAFETY: the same contract.
    unsafe { path::check(ctx) };
    {
        // SAFETY: valid by contract; no user code runs in this block.
        let c = unsafe { &mut *ctx };
        let kept = c.path_match;
        c.parser().path_match = kept;
        c.pst_sp += 1;
        let inner = c.parser();
        inner.user = user;
        inner.callback = callback;
        inner.paths = paths;
        inner.count_paths = count;
        inner.ppos = 0;
        c.path_match = 0;
    }
    // SAFETY: the same contract, the new paths too.
    unsafe { path::check(ctx) };
    true
}

/// Ends the inner parser; false when there is none.
///
/// # Safety
/// As for `parse`.
pub unsafe fn pop(ctx: *mut Context) -> bool {
    {
        // SAFETY: valid by contract; no user code runs in this block.
        let c = unsafe { &mut *ctx };
        if c.pst_sp == 0 {
            return false;
        }
        c.pst_sp -= 1;
        c.path_match = 0;
    }
    // SAFETY: the same contract.
    unsafe { path::check(ctx) };
    true
}

/// What a result means, in words. Nothing is wrong with numbers over -2.
#[must_use]
pub fn describe(result: c_int) -> &'static CStr {
    const TEXTS: [&CStr; 24] = [
        c"",
        c"",
        c"No opening '{'",
        c"Expected closing '}'",
        c"Expected '\"'",
        c"String underrun",
        c"Illegal unescaped control char",
        c"Illegal escape format",
        c"Illegal hex number",
        c"Expected ':'",
        c"Illegal value start",
        c"Digit required after decimal point",
        c"Bad number format",
        c"Bad exponent format",
        c"Unknown token",
        c"Too many ']'",
        c"Mismatched ']'",
        c"Expected ']'",
        c"JSON nesting limit exceeded",
        c"Nesting tracking used up",
        c"Number too long",
        c"Comma or block end expected",
        c"Unknown",
        c"Parser callback errored (see earlier error)",
    ];
    let index = usize::try_from(result.min(0).unsigned_abs()).unwrap_or(usize::MAX);
    TEXTS.get(index).copied().unwrap_or(c"Unknown error")
}
