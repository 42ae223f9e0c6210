//! Parsers' states and arguments: JSON, tokens, expansion, base64, forms, served HTML, certificates.
//!
//! Most live in the program's memory; `lejp_ctx` is also read by its callbacks.

#![expect(missing_docs, reason = "the C names are the documentation of record")]

use super::*;
use libc::{c_char, c_int, c_schar, c_uchar, c_uint, c_void};

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _lejp_parsing_stack {
    pub user: *mut c_void,
    pub callback: Option<unsafe extern "C" fn(*mut lejp_ctx, c_char) -> c_schar>,
    pub paths: *const *const c_char,
    pub count_paths: u8,
    pub ppos: u8,
    pub path_match: u8,
}
layout!(_lejp_parsing_stack, 32, 8; user @ 0, callback @ 8, paths @ 16, count_paths @ 24, ppos @ 25, path_match @ 26);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _lejp_stack {
    pub s: c_char,
    pub p: c_char,
    pub i: c_char,
    pub b: c_char,
}
layout!(_lejp_stack, 4, 1; s @ 0, p @ 1, i @ 2, b @ 3);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct lejp_ctx {
    pub user: *mut c_void,
    pub pst: [_lejp_parsing_stack; 5],
    pub st: [_lejp_stack; 12],
    pub i: [u16; 5],
    pub wild: [u16; 5],
    pub path: [c_char; 128],
    pub buf: [c_char; 255],
    pub path_stride: usize,
    pub line: u32,
    pub uni: u16,
    pub npos: u8,
    pub dcount: u8,
    pub f: u8,
    pub sp: u8,
    pub ipos: u8,
    pub count_paths: u8,
    pub path_match: u8,
    pub path_match_len: u8,
    pub wildcount: u8,
    pub pst_sp: u8,
    pub outer_array: u8,
}
layout!(lejp_ctx, 656, 8; user @ 0, pst @ 8, st @ 168, i @ 216, wild @ 226, path @ 236, buf @ 364, path_stride @ 624, line @ 632, uni @ 636, npos @ 638, dcount @ 639, f @ 640, sp @ 641, ipos @ 642, count_paths @ 643, path_match @ 644, path_match_len @ 645, wildcount @ 646, pst_sp @ 647, outer_array @ 648);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct lws_tokenize {
    pub start: *const c_char,
    pub token: *const c_char,
    pub len: usize,
    pub token_len: usize,
    pub flags: u16,
    pub delim: u8,
    pub e: i8,
}
layout!(lws_tokenize, 40, 8; start @ 0, token @ 8, len @ 16, token_len @ 24, flags @ 32, delim @ 34, e @ 35);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct lws_strexp {
    pub name: [c_char; 32],
    pub cb: lws_strexp_expand_cb,
    pub r#priv: *mut c_void,
    pub out: *mut c_char,
    pub olen: usize,
    pub pos: usize,
    pub exp_ofs: usize,
    pub name_pos: u8,
    pub state: c_char,
}
layout!(lws_strexp, 88, 8; name @ 0, cb @ 32, r#priv @ 40, out @ 48, olen @ 56, pos @ 64, exp_ofs @ 72, name_pos @ 80, state @ 81);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct lws_b64state {
    pub quad: [c_uchar; 4],
    pub done: usize,
    pub len: usize,
    pub i: c_int,
    pub c: c_int,
}
layout!(lws_b64state, 32, 8; quad @ 0, done @ 8, len @ 16, i @ 24, c @ 28);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct lws_spa_create_info {
    pub param_names: *const *const c_char,
    pub count_params: c_int,
    pub max_storage: c_int,
    pub opt_cb: lws_spa_fileupload_cb,
    pub opt_data: *mut c_void,
    pub param_names_stride: usize,
    pub ac: *mut *mut lwsac,
    pub ac_chunk_size: usize,
}
layout!(lws_spa_create_info, 56, 8; param_names @ 0, count_params @ 8, max_storage @ 12, opt_cb @ 16, opt_data @ 24, param_names_stride @ 32, ac @ 40, ac_chunk_size @ 48);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct lws_process_html_args {
    pub p: *mut c_char,
    pub len: c_int,
    pub max_len: c_int,
    pub r#final: c_int,
    pub chunked: c_int,
}
layout!(lws_process_html_args, 24, 8; p @ 0, len @ 8, max_len @ 12, r#final @ 16, chunked @ 20);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct lws_process_html_state {
    pub start: *mut c_char,
    pub swallow: [c_char; 16],
    pub pos: c_int,
    pub data: *mut c_void,
    pub vars: *const *const c_char,
    pub count_vars: c_int,
    pub replace: lws_process_html_state_cb,
}
layout!(lws_process_html_state, 64, 8; start @ 0, swallow @ 8, pos @ 24, data @ 32, vars @ 40, count_vars @ 48, replace @ 56);

#[repr(C)]
#[derive(Clone, Copy)]
pub union lws_tls_cert_info_results {
    pub verified: c_uint,
    pub time: libc::time_t,
    pub usage: c_uint,
    pub ns: lws_tls_cert_info_results_ns,
}
layout!(lws_tls_cert_info_results, 72, 8; verified @ 0, time @ 0, usage @ 0, ns @ 0);

/// A name: `name` is the start of a text of `len` bytes that may be longer than the member.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lws_tls_cert_info_results_ns {
    pub len: c_int,
    pub name: [c_char; 64],
}
layout!(lws_tls_cert_info_results_ns, 68, 4; len @ 0, name @ 4);
