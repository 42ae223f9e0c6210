//! Calls that concern every connection of a protocol, and the vhost's private data for protocols.

use crate::capi::abi::{lws, lws_context, lws_protocol_vhost_options, lws_protocols, lws_vhost};
use crate::capi::{arg, handle};
use crate::conn::broadcast::{self, Which};
use crate::conn::dispatch;
use crate::conn::protocol::Payload;
use crate::conn::reason::Reason;
use crate::conn::session::SessionData;
use crate::conn::vhost::Vhost;
use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::ptr;
use std::sync::Arc;

/// The protocol that a program's (or our own) struct names.
///
/// # Safety
/// `protocol` is NULL or valid.
unsafe fn named(protocol: *const lws_protocols) -> Option<(usize, CString)> {
    // SAFETY: the caller's promise.
    let protocol = unsafe { protocol.as_ref() }?;
    let callback = (protocol.callback? as *const ()).expose_provenance();
    // SAFETY: the caller's promise.
    let name = unsafe { arg::owned(protocol.name) }.unwrap_or_default();
    Some((callback, name))
}

fn which(named: &(usize, CString)) -> Which<'_> {
    Which {
        callback: named.0,
        name: &named.1,
    }
}

/// Asks for WRITEABLE on every connection of a protocol, on all vhosts.
///
/// `context`: the context. `protocol`: the program's struct or what lws_get_protocol gave.
///
/// Returns 0, or 1 without context or protocol.
///
/// Re-entry: any thread; connections of other service threads are asked by message.
///
/// # Safety
/// `protocol` is NULL or valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_callback_on_writable_all_protocol(
    context: *const lws_context,
    protocol: *const lws_protocols,
) -> c_int {
    // SAFETY: the caller's promise.
    let (Some(entry), Some(named)) = (
        handle::context(context, "lws_callback_on_writable_all_protocol"),
        unsafe { named(protocol) },
    ) else {
        return 1;
    };
    broadcast::writable(&entry.context, None, which(&named));
    0
}

/// The same on one vhost.
///
/// `vhost`: the vhost. `protocol`: as for lws_callback_on_writable_all_protocol.
///
/// Returns 0, or 1 without vhost or protocol.
///
/// Re-entry: as lws_callback_on_writable_all_protocol.
///
/// # Safety
/// `protocol` is NULL or valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_callback_on_writable_all_protocol_vhost(
    vhost: *const lws_vhost,
    protocol: *const lws_protocols,
) -> c_int {
    let function = "lws_callback_on_writable_all_protocol_vhost";
    // SAFETY: the caller's promise.
    let (Some((entry, vhost)), Some(named)) =
        (handle::vhost(vhost, function), unsafe { named(protocol) })
    else {
        return 1;
    };
    broadcast::writable(&entry.context, Some(&vhost), which(&named));
    0
}

/// Calls the program for every connection of a protocol, on all vhosts.
///
/// `context`: the context. `protocol`: what lws_get_protocol or lws_vhost_name_to_protocol gave. `reason`: the reason to
/// give, with `in` NULL and `len` 0.
///
/// Returns 0, or 1 without context.
///
/// Re-entry: dispatches.
///
/// Quirks: a protocol is known by the address of the vhost's own copy. With the program's array nobody is called, and
/// connections on other vhosts never are.
///
/// # Safety
/// None beyond the types: `protocol` is only compared.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_callback_all_protocol(
    context: *mut lws_context,
    protocol: *const lws_protocols,
    reason: c_int,
) -> c_int {
    let Some(entry) = handle::context(context, "lws_callback_all_protocol") else {
        return 1;
    };
    broadcast::tell_all(
        &entry.context,
        None,
        protocol.expose_provenance(),
        reason.cast_unsigned(),
        0,
        0,
    );
    0
}

/// The same on one vhost.
///
/// `vh`: the vhost. `protocol`, `reason`: as for lws_callback_all_protocol.
///
/// Returns 0, or 1 without vhost.
///
/// Re-entry: dispatches.
///
/// # Safety
/// None beyond the types: `protocol` is only compared.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_callback_all_protocol_vhost(
    vh: *mut lws_vhost,
    protocol: *const lws_protocols,
    reason: c_int,
) -> c_int {
    // SAFETY: the caller's promise.
    unsafe { lws_callback_all_protocol_vhost_args(vh, protocol, reason, ptr::null_mut(), 0) }
}

/// The same on one vhost with `in` and `len`.
///
/// `vh`: the vhost. `protocol`, `reason`: as for lws_callback_all_protocol. `argp`, `len`: given as `in` and `len`.
///
/// Returns 0, or 1 without vhost.
///
/// Re-entry: dispatches.
///
/// # Safety
/// None beyond the types: `protocol` is only compared.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_callback_all_protocol_vhost_args(
    vh: *mut lws_vhost,
    protocol: *const lws_protocols,
    reason: c_int,
    argp: *mut c_void,
    len: usize,
) -> c_int {
    let Some((entry, vhost)) = handle::vhost(vh, "lws_callback_all_protocol_vhost") else {
        return 1;
    };
    let (reason, value) = (reason.cast_unsigned(), argp.expose_provenance());
    broadcast::tell_all(
        &entry.context,
        Some(&vhost),
        protocol.expose_provenance(),
        reason,
        value,
        len,
    );
    0
}

/// Calls every protocol of a connection's vhost, with that connection.
///
/// `wsi`: the connection. `reason`, `in`, `len`: given on.
///
/// Returns 0, or 1 as soon as some protocol returns nonzero.
///
/// Re-entry: dispatches.
///
/// # Safety
/// `in` is what the reason promises to callbacks.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_callback_vhost_protocols(
    wsi: *mut lws,
    reason: c_int,
    r#in: *mut c_void,
    len: c_int,
) -> c_int {
    let value = r#in.expose_provenance();
    let len = arg::count(len);
    handle::with_wsi(wsi, "lws_callback_vhost_protocols", 1, |thread, wsi| {
        let reason = Reason(reason.cast_unsigned());
        c_int::from(dispatch::call_each_protocol(
            thread, wsi, reason, value, len,
        ))
    })
}

/// The same for a vhost, with a stand-in connection.
///
/// `vh`: the vhost. `reason`, `in`, `len`: given on.
///
/// Returns 0, or 1 as soon as some protocol returns nonzero.
///
/// Re-entry: dispatches.
///
/// # Safety
/// `in` is what the reason promises to callbacks.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_callback_vhost_protocols_vhost(
    vh: *mut lws_vhost,
    reason: c_int,
    r#in: *mut c_void,
    len: usize,
) -> c_int {
    let Some((entry, vhost)) = handle::vhost(vh, "lws_callback_vhost_protocols_vhost") else {
        return 1;
    };
    let value = r#in.expose_provenance();
    let told = handle::in_some_thread(&entry, "lws_callback_vhost_protocols_vhost", |thread| {
        let stand_in = dispatch::stand_in(thread)?;
        let reason = Reason(reason.cast_unsigned());
        (0..vhost.config.protocols.len()).try_for_each(|at| {
            let at = u16::try_from(at).ok()?;
            let payload = Payload::Number { value, len };
            let r = dispatch::call_vhost(thread, &stand_in, &vhost, at, reason, payload);
            (r == 0).then_some(())
        })
    });
    c_int::from(told.flatten().is_none())
}

/// Resumes received data on every connection of a protocol.
///
/// `context`: the context. `protocol`: as for lws_callback_on_writable_all_protocol.
///
/// Returns nothing.
///
/// Re-entry: query; what was held comes in the next pass.
///
/// # Safety
/// `protocol` is NULL or valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_rx_flow_allow_all_protocol(
    context: *const lws_context,
    protocol: *const lws_protocols,
) {
    // SAFETY: the caller's promise.
    let named = unsafe { named(protocol) };
    let entry = handle::context(context, "lws_rx_flow_allow_all_protocol");
    if let (Some(entry), Some(named)) = (entry, named) {
        broadcast::allow_rx(&entry.context, which(&named));
    }
}

/// A protocol of a vhost by name.
///
/// `vh`: the vhost. `name`: the protocol's name.
///
/// Returns the vhost's copy of the struct, or NULL.
///
/// Re-entry: query.
///
/// # Safety
/// `name` is NULL or a string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_vhost_name_to_protocol(
    vh: *mut lws_vhost,
    name: *const c_char,
) -> *const lws_protocols {
    // SAFETY: the caller's promise.
    let (Some((_, vhost)), Some(name)) =
        (handle::vhost(vh, "lws_vhost_name_to_protocol"), unsafe {
            arg::text(name)
        })
    else {
        return ptr::null();
    };
    vhost
        .index_by_name(name.to_bytes())
        .and_then(|index| vhost.protocol(index))
        .map_or(ptr::null(), |p| ptr::with_exposed_provenance(p.c_addr))
}

/// Allocates a vhost's private memory for a protocol, zeroed; freed after PROTOCOL_DESTROY.
///
/// `vhost`: the vhost. `prot`: the protocol. `size`: bytes.
///
/// Returns the memory; what there is when it was allocated before; NULL without memory or protocol.
///
/// Re-entry: query.
///
/// # Safety
/// `prot` is NULL or valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_protocol_vh_priv_zalloc(
    vhost: *mut lws_vhost,
    prot: *const lws_protocols,
    size: c_int,
) -> *mut c_void {
    // SAFETY: the caller's promise.
    let (Some((_, vhost)), Some(named)) = (
        handle::vhost(vhost, "lws_protocol_vh_priv_zalloc"),
        unsafe { named(prot) },
    ) else {
        return ptr::null_mut();
    };
    private_memory(&vhost, which(&named), Some(arg::count(size)))
}

/// The vhost's private memory for a protocol.
///
/// `vhost`: the vhost. `prot`: the protocol.
///
/// Returns the memory, or NULL where none was allocated.
///
/// Re-entry: query.
///
/// # Safety
/// `prot` is NULL or valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_protocol_vh_priv_get(
    vhost: *mut lws_vhost,
    prot: *const lws_protocols,
) -> *mut c_void {
    // SAFETY: the caller's promise.
    let (Some((_, vhost)), Some(named)) =
        (handle::vhost(vhost, "lws_protocol_vh_priv_get"), unsafe {
            named(prot)
        })
    else {
        return ptr::null_mut();
    };
    private_memory(&vhost, which(&named), None)
}

fn private_memory(vhost: &Arc<Vhost>, which: Which<'_>, make: Option<usize>) -> *mut c_void {
    let Some(protocol) = vhost
        .index_of(which.callback, which.name)
        .and_then(|at| vhost.protocol(at))
    else {
        return ptr::null_mut();
    };
    let mut place = protocol.vhost_private.lock();
    if let (None, Some(size)) = (place.as_ref(), make) {
        *place = SessionData::new(size.max(1), c"vh priv");
    }
    place.as_ref().map_or(ptr::null_mut(), SessionData::as_ptr)
}

/// # Safety
/// `pvo` is NULL or a valid list.
unsafe fn search(
    pvo: *const lws_protocol_vhost_options,
    name: &CStr,
) -> *const lws_protocol_vhost_options {
    let mut next = pvo;
    // SAFETY: null or an entry of the list.
    while let Some(entry) = unsafe { next.as_ref() } {
        // SAFETY: a string of the list.
        if unsafe { arg::text(entry.name) } == Some(name) {
            return next;
        }
        next = entry.next;
    }
    ptr::null()
}

/// Finds an option in a list.
///
/// `pvo`: the list. `name`: the option's name.
///
/// Returns the entry or NULL.
///
/// Re-entry: query.
///
/// # Safety
/// `pvo` is NULL or a valid list, `name` NULL or a string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_pvo_search(
    pvo: *const lws_protocol_vhost_options,
    name: *const c_char,
) -> *const lws_protocol_vhost_options {
    // SAFETY: the caller's promise.
    match unsafe { arg::text(name) } {
        // SAFETY: the caller's promise.
        Some(name) => unsafe { search(pvo, name) },
        None => ptr::null(),
    }
}

/// The value of an option in the list that PROTOCOL_INIT gets.
///
/// `in`: the list. `result`: gets the value's string. `name`: the option's name.
///
/// Returns 0, or 1 when there is no such option.
///
/// Re-entry: query.
///
/// # Safety
/// `in` is NULL or a valid list, `result` valid, `name` NULL or a string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_pvo_get_str(
    r#in: *mut c_void,
    name: *const c_char,
    result: *mut *const c_char,
) -> c_int {
    // SAFETY: the caller's promise.
    let found = unsafe { lws_pvo_search(r#in.cast_const().cast(), name) };
    // SAFETY: null or an entry of the list.
    let (Some(entry), false) = (unsafe { found.as_ref() }, result.is_null()) else {
        return 1;
    };
    // SAFETY: not null, the caller's promise.
    unsafe { result.write(entry.value) };
    0
}
