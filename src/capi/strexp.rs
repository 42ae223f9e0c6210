//! Exported expansion of `${name}` in text; `proto::strexp` says what each byte does, the C struct keeps the state.

#![allow(unsafe_code, reason = "exports on memory of the C program")]

use super::abi::{
    LSTRX_DONE, LSTRX_FATAL_NAME_TOO_LONG, LSTRX_FATAL_NAME_UNKNOWN, LSTRX_FILLED_OUT,
};
use super::abi::{lws_strexp, lws_strexp_expand_cb};
use crate::proto::strexp::{self, State, Step};
use libc::{c_char, c_int, c_void, size_t};

/// The longest name.
const NAME: u8 = 31;

/// Makes an expansion ready.
///
/// - `exp`: gets the state.
/// - `private`, `cb`: called for each name, with the place in the output.
/// - `out`, `olen`: output area; a null `out` only counts.
///
/// Re-entry: query, any thread.
///
/// # Safety
/// `exp` is null or valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_strexp_init(
    exp: *mut lws_strexp,
    private: *mut c_void,
    cb: lws_strexp_expand_cb,
    out: *mut c_char,
    olen: size_t,
) {
    if exp.is_null() {
        return;
    }
    let state = State::Literal as u8;
    let fresh = lws_strexp {
        name: [0; 32],
        cb,
        r#priv: private,
        out,
        olen,
        pos: 0,
        exp_ofs: 0,
        name_pos: 0,
        state: state.cast_signed(),
    };
    // SAFETY: valid by contract.
    unsafe { exp.write(fresh) };
}

/// Gives an expansion a new output area, from its beginning.
///
/// - `exp`: the state.
/// - `out`, `olen`: output area; a null `out` only counts.
///
/// Re-entry: query, any thread.
///
/// # Safety
/// `exp` is null or valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_strexp_reset_out(
    exp: *mut lws_strexp,
    out: *mut c_char,
    olen: size_t,
) {
    // SAFETY: null or valid by contract.
    if let Some(exp) = unsafe { exp.as_mut() } {
        exp.out = out;
        exp.olen = olen;
        exp.pos = 0;
    }
}

/// Copies a piece of text into the output area with its names replaced.
///
/// - `exp`: the state.
/// - `input`, `len`: the piece.
/// - `pused_in`, `pused_out`: get how much of the piece and of the area is used; null is allowed.
///
/// Returns `LSTRX_DONE`; `LSTRX_FILLED_OUT`: empty the area, reset it and call again with the rest of the piece;
/// `LSTRX_FATAL_NAME_TOO_LONG` (over 31 bytes, or no room for two bytes after a `$`; nothing is reported then);
/// `LSTRX_FATAL_NAME_UNKNOWN` when the callback says so.
///
/// Re-entry: calls `cb`, which must not use `exp`.
///
/// Quirks: `$$x` gives `$$$x`. The output gets a NUL if there is room. Other numbers of the callback count as done.
///
/// # Safety
/// `exp` is null or valid, `input` readable for `len` bytes, its output area writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_strexp_expand(
    exp: *mut lws_strexp,
    input: *const c_char,
    len: size_t,
    pused_in: *mut size_t,
    pused_out: *mut size_t,
) -> c_int {
    if exp.is_null() {
        return LSTRX_FATAL_NAME_UNKNOWN;
    }
    // SAFETY: by contract.
    let (result, used) = unsafe { expand(exp, input, len) };
    if result == LSTRX_FATAL_NAME_TOO_LONG && used.is_none() {
        return result;
    }
    for (to, value) in [
        (pused_in, used.unwrap_or(0)),
        // SAFETY: valid by contract.
        (pused_out, unsafe { (*exp).pos }),
    ] {
        if !to.is_null() {
            // SAFETY: valid by contract.
            unsafe { to.write(value) };
        }
    }
    result
}

/// The loop over the piece: result and how many bytes are used, none when that is not to be told.
///
/// # Safety
/// `exp` is valid, `input` readable for `len` bytes.
unsafe fn expand(exp: *mut lws_strexp, input: *const c_char, len: usize) -> (c_int, Option<usize>) {
    for at in 0..len {
        // SAFETY: below `len`.
        let byte = unsafe { input.cast::<u8>().wrapping_add(at).read() };
        let step = {
            // SAFETY: valid by contract; the reference ends before the callback runs.
            let e = unsafe { &mut *exp };
            let Some(state) = State::from_u8(e.state.cast_unsigned()) else {
                return (LSTRX_FATAL_NAME_UNKNOWN, Some(at));
            };
            let (next, step) = strexp::step(state, byte);
            match take(e, step) {
                Taken::Refused => return (LSTRX_FATAL_NAME_TOO_LONG, None),
                Taken::NoRoom => return (LSTRX_FILLED_OUT, Some(at)),
                Taken::Yes => {}
            }
            e.state = (next as u8).cast_signed();
            if matches!(step, Step::Put(_) | Step::PutBoth(_)) && e.pos >= e.olen {
                return (LSTRX_FILLED_OUT, Some(at + 1));
            }
            step
        };
        if step == Step::Expand {
            // SAFETY: by contract; no reference is in use.
            let result = unsafe { ask(exp) };
            if result != LSTRX_DONE {
                return (result, Some(at));
            }
        }
    }
    // SAFETY: valid by contract.
    end_text(unsafe { &mut *exp });
    (LSTRX_DONE, Some(len))
}

enum Taken {
    Yes,
    NoRoom,
    Refused,
}

fn take(e: &mut lws_strexp, step: Step) -> Taken {
    match step {
        Step::Skip | Step::Expand => {}
        // quirk: the reference writes behind the area here, when an expansion has filled it
        Step::Put(_) if e.pos >= e.olen => return Taken::NoRoom,
        Step::Put(byte) => put(e, byte),
        Step::PutBoth(_) if e.olen.saturating_sub(e.pos) < 2 => return Taken::Refused,
        Step::PutBoth(byte) => {
            put(e, b'$');
            put(e, byte);
        }
        Step::BeginName => {
            e.name_pos = 0;
            e.exp_ofs = 0;
        }
        Step::NameByte(byte) => {
            if e.name_pos >= NAME {
                return Taken::Refused;
            }
            e.name[usize::from(e.name_pos)] = byte.cast_signed();
            e.name_pos += 1;
        }
    }
    Taken::Yes
}

fn put(e: &mut lws_strexp, byte: u8) {
    if !e.out.is_null() && e.pos < e.olen {
        // SAFETY: inside the output area.
        unsafe { e.out.wrapping_add(e.pos).write(byte.cast_signed()) };
    }
    e.pos = e.pos.saturating_add(1);
}

fn end_text(e: &mut lws_strexp) {
    if !e.out.is_null() && e.pos < e.olen {
        // SAFETY: inside the output area.
        unsafe { e.out.wrapping_add(e.pos).write(0) };
    }
}

/// Asks the program for the replacement; plain text follows when it is all written.
///
/// # Safety
/// `exp` is valid and no reference to it is in use.
unsafe fn ask(exp: *mut lws_strexp) -> c_int {
    let (cb, private, out, olen) = {
        // SAFETY: valid by contract; the reference ends before the callback runs.
        let e = unsafe { &mut *exp };
        e.name[usize::from(e.name_pos.min(NAME))] = 0;
        e.state = (State::Expanding as u8).cast_signed();
        (e.cb, e.r#priv, e.out, e.olen)
    };
    let Some(cb) = cb else {
        return LSTRX_FATAL_NAME_UNKNOWN;
    };
    // SAFETY: inside the struct.
    let name = unsafe { &raw const (*exp).name };
    // SAFETY: inside the struct; the program writes to it.
    let pos = unsafe { &raw mut (*exp).pos };
    // SAFETY: inside the struct; the program writes to it.
    let ofs = unsafe { &raw mut (*exp).exp_ofs };
    // SAFETY: the program's function for this expansion.
    let result = unsafe { cb(private, name.cast(), out, pos, olen, ofs) };
    if result == LSTRX_FILLED_OUT || result == LSTRX_FATAL_NAME_UNKNOWN {
        return result;
    }
    // SAFETY: valid by contract.
    unsafe { (*exp).state = (State::Literal as u8).cast_signed() };
    LSTRX_DONE
}
