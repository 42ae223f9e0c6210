//! WebSocket extensions: info.extensions, and the calls around them.

use crate::capi::abi::{
    lws, lws_context, lws_context_creation_info, lws_ext_options, lws_extension,
    lws_extension_callback_function,
};
use crate::capi::handle::with_wsi;
use crate::capi::{arg, ext_call, ext_pmd};
use crate::conn::extension::{Callback, Extension, Kind};
use crate::proto::ws::ext::negotiate::PERMESSAGE_DEFLATE;
use crate::util::log::log_warn;
use std::ffi::{CString, c_char, c_int, c_uint, c_void};

/// Ends an array of extensions that has no end.
const MAX_EXTENSIONS: usize = 256;

/// info.extensions.
///
/// # Safety
/// `list` is NULL or an array that ends with an entry without callback and lives as long as its vhost.
pub unsafe fn list(list: *const lws_extension) -> Vec<Extension> {
    let mut all = Vec::new();
    let mut next = list;
    // SAFETY: null or an entry of the array.
    while let Some(entry) = unsafe { next.as_ref() } {
        if entry.callback.is_none() || all.len() >= MAX_EXTENSIONS {
            break;
        }
        // SAFETY: the caller's promise covers the strings.
        let name = unsafe { arg::owned(entry.name) }.unwrap_or_default();
        match kind(entry.callback) {
            Kind::Deflate if name.as_bytes() != PERMESSAGE_DEFLATE => {
                let name = name.to_string_lossy();
                log_warn!("extension {name}: the built-in one is permessage-deflate only; ignored");
            }
            kind => all.push(Extension {
                name,
                // SAFETY: the caller's promise covers the strings.
                offer: unsafe { arg::owned(entry.client_offer) }.filter(is_one_line),
                kind,
                c_addr: next.expose_provenance(),
            }),
        }
        // SAFETY: an entry with a callback is not the last.
        next = unsafe { next.add(1) };
    }
    all
}

/// It goes into a line of the request.
fn is_one_line(offer: &CString) -> bool {
    let is_it = !offer.to_bytes().iter().any(|b| matches!(b, b'\r' | b'\n'));
    if !is_it {
        log_warn!("info.extensions: a line end in 'client_offer': not offered");
    }
    is_it
}

fn kind(callback: lws_extension_callback_function) -> Kind {
    let addr = callback.map_or(0, |f| (f as *const ()).expose_provenance());
    if addr == (lws_extension_callback_pm_deflate as *const ()).addr() {
        return Kind::Deflate;
    }
    Kind::User(Callback {
        run: ext_call::run,
        addr,
    })
}

/// The built-in permessage-deflate: naming it in info.extensions is all that most programs need.
///
/// A callback of the program's may pass its own calls on to it: `context`, `ext`, `wsi`, `reason`, `user`, `in`, `len` as
/// it got them. CONSTRUCT makes what is kept for the connection, DESTROY frees it.
///
/// Returns 0, 2 when there is more for the same input, -1 when something cannot be done.
///
/// Re-entry: query.
///
/// Quirks: called like this it knows no window sizes from the offer, as every extension (see docs/quirks-ws.md).
///
/// # Safety
/// The arguments are those of an extension's callback.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_extension_callback_pm_deflate(
    context: *mut lws_context,
    ext: *const lws_extension,
    wsi: *mut lws,
    reason: c_uint,
    user: *mut c_void,
    r#in: *mut c_void,
    len: usize,
) -> c_int {
    let _ = (context, ext);
    // SAFETY: the caller's promise.
    unsafe { ext_pmd::call(wsi, reason, user, r#in, len) }
}

/// Sets an option of an extension that is active on a connection.
///
/// `wsi`: the connection. `ext_name`: the extension. `opt_name`: its option. `opt_val`: the value, as text.
///
/// Returns 0, or -1 when the connection does not have the extension or that not the option; for an extension of the
/// program's what its callback returns.
///
/// Re-entry: may dispatch (NAMED_OPTION_SET of an extension of the program's).
///
/// Quirks: permessage-deflate knows server_no_context_takeover, server_max_window_bits, compression_level, rx_buf_size and
/// tx_buf_size (powers of two), and takes client_no_context_takeover, client_max_window_bits and mem_level without
/// effect; on a client's connection `client_` and `server_` change places. The reference crashes on others.
///
/// # Safety
/// The names and the value are NULL or strings.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_set_extension_option(
    wsi: *mut lws,
    ext_name: *const c_char,
    opt_name: *const c_char,
    opt_val: *const c_char,
) -> c_int {
    // SAFETY: the caller's promise.
    let extension = unsafe { arg::text(ext_name) };
    // SAFETY: the caller's promise.
    let option = unsafe { arg::text(opt_name) };
    // SAFETY: the caller's promise.
    let value = unsafe { arg::text(opt_val) }.unwrap_or_default();
    let (Some(extension), Some(option)) = (extension, option) else {
        return -1;
    };
    with_wsi(wsi, "lws_set_extension_option", -1, |thread, w| {
        w.set_extension_option(thread, extension, option, value)
    })
}

/// Calls an extension's callback with OPTION_SET for each option of a text such as `name; bits=9`.
///
/// `ext`: the extension. `wsi`: the connection. `ext_user`: what the callback gets as `user`. `opts`: the options that
/// are known, up to one without a name; in OPTION_SET, `option_index` is the place there and `start`, `len` the value.
/// `o`, `len`: the text.
///
/// Returns 0, or -1 at an option that is unknown, has a value and must not, or one that is no number. What the
/// callback returns plays no part.
///
/// Re-entry: may dispatch.
///
/// Quirks: blanks around options are skipped and a whole name is compared; the reference takes `alph` for nothing and
/// `alphabet` for an error where there is an `alpha`.
///
/// # Safety
/// `ext` is valid, `opts` an array as described, and `o` points to `len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_ext_parse_options(
    ext: *const lws_extension,
    wsi: *mut lws,
    ext_user: *mut c_void,
    opts: *const lws_ext_options,
    o: *const c_char,
    len: c_int,
) -> c_int {
    let entered = with_wsi(wsi, "lws_ext_parse_options", None, |thread, _| {
        Some(thread.context.handle.addr())
    });
    let Some(context) = entered else {
        return -1;
    };
    // SAFETY: the caller's promise.
    let options = unsafe { ext_call::known(opts) };
    // SAFETY: the caller's promise.
    let text = unsafe { arg::bytes(o.cast(), arg::count(len)) };
    // SAFETY: the caller's promise.
    unsafe { ext_call::set_options((context, ext, wsi, ext_user), &options, text) }
}

/// Part of context creation that is exported by accident; does nothing.
///
/// `info`, `context`: not used.
///
/// Returns nothing.
///
/// Re-entry: query.
#[unsafe(no_mangle)]
pub extern "C" fn lws_context_init_extensions(
    info: *const lws_context_creation_info,
    context: *mut lws_context,
) {
    let _ = (info, context);
}
