//! Parsers' states and arguments: JSON, tokens, expansion, base64, forms, served HTML, certificates.
//!
//! Most live in the program's memory; `lejp_ctx` is also read by its callbacks.

use super::*;
use libc::{c_char, c_int, c_schar, c_uchar, c_uint, c_void};

/// A JSON parser, in memory of the program; its callbacks read it.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lejp_ctx {
    /// The program's: given to lejp_construct().
    pub user: *mut c_void,
    /// Parsers inside parsers.
    pub pst: [_lejp_parsing_stack; 5],
    /// Nesting of values.
    pub st: [_lejp_stack; 12],
    /// Array index at each depth.
    pub i: [u16; 5],
    /// Where each wildcard of the matched path matched.
    pub wild: [u16; 5],
    /// Where we are, as "a.b[].c".
    pub path: [c_char; 128],
    /// The text or number being read; what a value callback looks at.
    pub buf: [c_char; 255],
    /// Distance of the path pointers, if they are inside records.
    pub path_stride: usize,
    /// Line, from 1.
    pub line: u32,
    /// The code point being read.
    pub uni: u16,
    /// How much of `buf` is used.
    pub npos: u8,
    /// How much of a literal name is read.
    pub dcount: u8,
    /// Bits: enum num_flags.
    pub f: u8,
    /// Depth of `st`.
    pub sp: u8,
    /// Depth of `i`.
    pub ipos: u8,
    /// How many paths to match.
    pub count_paths: u8,
    /// Which path matches, from 1; 0: none.
    pub path_match: u8,
    /// How much of `path` that is.
    pub path_match_len: u8,
    /// How many wildcards it has.
    pub wildcount: u8,
    /// Depth of `pst`.
    pub pst_sp: u8,
    /// The outermost value is an array.
    pub outer_array: u8,
}
layout!(lejp_ctx, 656, 8; user @ 0, pst @ 8, st @ 168, i @ 216, wild @ 226, path @ 236, buf @ 364, path_stride @ 624, line @ 632, uni @ 636, npos @ 638, dcount @ 639, f @ 640, sp @ 641, ipos @ 642, count_paths @ 643, path_match @ 644, path_match_len @ 645, wildcount @ 646, pst_sp @ 647, outer_array @ 648);

/// One parser inside another.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct _lejp_parsing_stack {
    /// The program's.
    pub user: *mut c_void,
    /// What is called.
    pub callback: Option<unsafe extern "C" fn(*mut lejp_ctx, c_char) -> c_schar>,
    /// Paths to match.
    pub paths: *const *const c_char,
    /// How many.
    pub count_paths: u8,
    /// Where in `path` this parser began.
    pub ppos: u8,
    /// Which path matches.
    pub path_match: u8,
}
layout!(_lejp_parsing_stack, 32, 8; user @ 0, callback @ 8, paths @ 16, count_paths @ 24, ppos @ 25, path_match @ 26);

/// One level of nesting.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct _lejp_stack {
    /// State to go back to.
    pub s: c_char,
    /// Length of the path there.
    pub p: c_char,
    /// Depth of indexes there.
    pub i: c_char,
    /// Bit: an array.
    pub b: c_char,
}
layout!(_lejp_stack, 4, 1; s @ 0, p @ 1, i @ 2, b @ 3);

/// A tokenizer, in memory of the program.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lws_tokenize {
    /// Where to go on.
    pub start: *const c_char,
    /// The token found.
    pub token: *const c_char,
    /// How much is left.
    pub len: usize,
    /// Length of the token.
    pub token_len: usize,
    /// `LWS_TOKENIZE_F_` bits.
    pub flags: u16,
    /// What comma checking waits for: enum lws_tokenize_delimiter_tracking.
    pub delim: u8,
    /// The last result.
    pub e: i8,
}
layout!(lws_tokenize, 40, 8; start @ 0, token @ 8, len @ 16, token_len @ 24, flags @ 32, delim @ 34, e @ 35);

/// An expansion, in memory of the program.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lws_strexp {
    /// The name being read.
    pub name: [c_char; 32],
    /// Gives the text for a name.
    pub cb: lws_strexp_expand_cb,
    /// The program's.
    pub r#priv: *mut c_void,
    /// Where to write; NULL: only count.
    pub out: *mut c_char,
    /// Room there.
    pub olen: usize,
    /// How much is written.
    pub pos: usize,
    /// How much of the present text is written.
    pub exp_ofs: usize,
    /// How much of the name is read.
    pub name_pos: u8,
    /// Where in `${name}` we are.
    pub state: c_char,
}
layout!(lws_strexp, 88, 8; name @ 0, cb @ 32, r#priv @ 40, out @ 48, olen @ 56, pos @ 64, exp_ofs @ 72, name_pos @ 80, state @ 81);

/// A base64 decoder that takes its input in pieces, in memory of the program.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lws_b64state {
    /// Characters of the present group.
    pub quad: [c_uchar; 4],
    /// Bytes written so far.
    pub done: usize,
    /// Characters of the group.
    pub len: usize,
    /// Place in the group.
    pub i: c_int,
    /// The last character.
    pub c: c_int,
}
layout!(lws_b64state, 32, 8; quad @ 0, done @ 8, len @ 16, i @ 24, c @ 28);

/// What a form parser is made with.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lws_spa_create_info {
    /// Names of the fields wanted.
    pub param_names: *const *const c_char,
    /// How many.
    pub count_params: c_int,
    /// Bytes for all values.
    pub max_storage: c_int,
    /// Takes uploaded files; NULL: they are dropped.
    pub opt_cb: lws_spa_fileupload_cb,
    /// The program's: given to opt_cb.
    pub opt_data: *mut c_void,
    /// Distance of the name pointers, if they are inside records; 0: an array.
    pub param_names_stride: usize,
    /// Allocate here; NULL: the parser's own.
    pub ac: *mut *mut lwsac,
    /// Size of the chunks; 0: 4000.
    pub ac_chunk_size: usize,
}
layout!(lws_spa_create_info, 56, 8; param_names @ 0, count_params @ 8, max_storage @ 12, opt_cb @ 16, opt_data @ 24, param_names_stride @ 32, ac @ 40, ac_chunk_size @ 48);

/// `in` of callbacks that change headers or pages on their way.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lws_process_html_args {
    /// Where the bytes are, or are to be written.
    pub p: *mut c_char,
    /// How many.
    pub len: c_int,
    /// Room.
    pub max_len: c_int,
    /// It is the last part.
    pub r#final: c_int,
    /// It goes out in chunks.
    pub chunked: c_int,
}
layout!(lws_process_html_args, 24, 8; p @ 0, len @ 8, max_len @ 12, r#final @ 16, chunked @ 20);

/// State of lws_chunked_html_process().
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lws_process_html_state {
    /// Where the part begins.
    pub start: *mut c_char,
    /// The name being read.
    pub swallow: [c_char; 16],
    /// How much of it.
    pub pos: c_int,
    /// The program's: given to `replace`.
    pub data: *mut c_void,
    /// Names to replace, as `$name`.
    pub vars: *const *const c_char,
    /// How many.
    pub count_vars: c_int,
    /// Gives the text for a name.
    pub replace: lws_process_html_state_cb,
}
layout!(lws_process_html_state, 64, 8; start @ 0, swallow @ 8, pos @ 24, data @ 32, vars @ 40, count_vars @ 48, replace @ 56);

/// What a certificate says.
#[repr(C)]
#[derive(Clone, Copy)]
pub union lws_tls_cert_info_results {
    /// For VERIFIED.
    pub verified: c_uint,
    /// For VALIDITY_FROM and VALIDITY_TO.
    pub time: libc::time_t,
    /// For USAGE.
    pub usage: c_uint,
    /// For names and keys.
    pub ns: lws_tls_cert_info_results_ns,
}
layout!(lws_tls_cert_info_results, 72, 8; verified @ 0, time @ 0, usage @ 0, ns @ 0);

/// A name: `name` is the start of a text of `len` bytes that may be longer than the member.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lws_tls_cert_info_results_ns {
    /// How many bytes.
    pub len: c_int,
    /// The bytes, which may go on behind the member.
    pub name: [c_char; 64],
}
layout!(lws_tls_cert_info_results_ns, 68, 4; len @ 0, name @ 4);
