//! Calls into the program's extensions: what the core lends becomes C arguments here, and what an extension gives is
//! copied back.

use crate::capi::abi::{
    lws, lws_context, lws_ext_option_arg, lws_ext_options, lws_ext_options_types, lws_extension,
    lws_extension_callback_reasons, lws_tokens,
};
use crate::capi::{arg, handle};
use crate::conn::extension::{Bytes, Call, Known, Lent, Takes};
use crate::proto::ws::ext::negotiate::options;
use std::ffi::{c_int, c_uint, c_void};
use std::ptr;

use lws_extension_callback_reasons as Reason;

type Function = unsafe extern "C" fn(
    *mut lws_context,
    *const lws_extension,
    *mut lws,
    c_uint,
    *mut c_void,
    *mut c_void,
    usize,
) -> c_int;

/// Most options of an extension.
const MAX_OPTIONS: usize = 256;

/// `in` of PAYLOAD_RX and PAYLOAD_TX (lws: struct lws_ext_pm_deflate_rx_ebufs, which is in no header).
#[repr(C)]
pub(super) struct Buffers {
    pub(super) given: lws_tokens,
    pub(super) made: lws_tokens,
}

/// The call with its first arguments, which are always the same.
struct Target {
    function: Function,
    context: *mut lws_context,
    extension: *const lws_extension,
    wsi: *mut lws,
    user: *mut c_void,
}

impl Target {
    fn run(&self, reason: Reason, user: *mut c_void, data: *mut c_void, len: usize) -> c_int {
        // SAFETY: the address came from the program's lws_extension, whose callback has this type; the pointers are
        // valid for the call as the reason says.
        unsafe {
            (self.function)(
                self.context,
                self.extension,
                self.wsi,
                reason as c_uint,
                user,
                data,
                len,
            )
        }
    }
}

/// Calls the extension callback at `addr`.
pub fn run(addr: usize, call: Call<'_>) -> i32 {
    let pointer: *const () = ptr::with_exposed_provenance(addr);
    // SAFETY: `addr` is the callback member of a struct lws_extension that the program gave, checked not to be null.
    let function = unsafe { std::mem::transmute::<*const (), Function>(pointer) };
    let target = Target {
        function,
        context: handle::to_c(call.context),
        extension: ptr::with_exposed_provenance(call.extension),
        wsi: handle::to_c(call.wsi),
        user: ptr::with_exposed_provenance_mut(call.user),
    };
    lend(&target, call.lent)
}

fn lend(target: &Target, lent: Lent<'_>) -> i32 {
    let user = target.user;
    match lent {
        Lent::Construct {
            is_client: true,
            user,
            options,
        } => construct(target, Reason::LWS_EXT_CB_CLIENT_CONSTRUCT, user, options),
        Lent::Construct { user, options, .. } => {
            construct(target, Reason::LWS_EXT_CB_CONSTRUCT, user, options)
        }
        Lent::Destroy => target.run(Reason::LWS_EXT_CB_DESTROY, user, ptr::null_mut(), 0),
        Lent::OptionsConfirm => {
            let reason = Reason::LWS_EXT_CB_OPTION_CONFIRM;
            target.run(reason, user, ptr::null_mut(), 0)
        }
        Lent::OptionSet { index, value } => {
            let mut arg = valued(index, value);
            target.run(
                Reason::LWS_EXT_CB_OPTION_SET,
                user,
                (&raw mut arg).cast(),
                0,
            )
        }
        Lent::NamedOption { name, value } => {
            let mut arg = option(0);
            arg.option_name = name.as_ptr();
            arg.start = value.as_ptr();
            target.run(
                Reason::LWS_EXT_CB_NAMED_OPTION_SET,
                user,
                (&raw mut arg).cast(),
                0,
            )
        }
        Lent::Receive(bytes) => buffers(target, Reason::LWS_EXT_CB_PAYLOAD_RX, bytes, 0),
        Lent::Send { bytes, kind } => {
            buffers(target, Reason::LWS_EXT_CB_PAYLOAD_TX, bytes, kind as usize)
        }
        Lent::Frame(bytes) => frame(target, bytes),
    }
}

const fn option(option_index: c_int) -> lws_ext_option_arg {
    lws_ext_option_arg {
        option_name: ptr::null(),
        option_index,
        start: ptr::null(),
        len: 0,
    }
}

/// An option as it stands in a header, with what follows its `=`.
fn valued(index: usize, value: &[u8]) -> lws_ext_option_arg {
    let mut made = option(arg::int(index));
    if !value.is_empty() {
        made.start = value.as_ptr().cast();
        made.len = arg::int(value.len());
    }
    made
}

/// `user` is where the extension puts its pointer, `in` where it puts the address of its options.
fn construct(target: &Target, reason: Reason, user: &mut usize, options: &mut Vec<Known>) -> c_int {
    let mut own: *mut c_void = ptr::null_mut();
    let mut list: *const lws_ext_options = ptr::null();
    let (slot, lists) = ((&raw mut own).cast(), (&raw mut list).cast());
    let result = target.run(reason, slot, lists, 0);
    *user = own.expose_provenance();
    // SAFETY: null, or what the extension says are its options, which it keeps.
    *options = unsafe { known(list) };
    result
}

const fn takes(kind: c_uint) -> Takes {
    const NONE: c_uint = lws_ext_options_types::EXTARG_NONE as c_uint;
    const NUMBER: c_uint = lws_ext_options_types::EXTARG_DEC as c_uint;
    match kind {
        NONE => Takes::Nothing,
        NUMBER => Takes::Number,
        _ => Takes::NumberOrNothing,
    }
}

/// The options that an extension knows.
///
/// # Safety
/// NULL or an array of options that ends with one without a name.
pub unsafe fn known(list: *const lws_ext_options) -> Vec<Known> {
    let mut all = Vec::new();
    let mut next = list;
    // SAFETY: null or an entry of the array.
    while let Some(entry) = unsafe { next.as_ref() } {
        // SAFETY: the caller's promise covers the names.
        let Some(name) = (unsafe { arg::owned(entry.name) }) else {
            break;
        };
        if all.len() >= MAX_OPTIONS {
            break;
        }
        all.push(Known {
            name,
            takes: takes(entry.r#type),
        });
        // SAFETY: an entry with a name is not the last.
        next = unsafe { next.add(1) };
    }
    all
}

/// OPTION_SET for each option of a text; the first four arguments as the callback gets them.
///
/// # Safety
/// The extension is NULL or valid.
pub unsafe fn set_options(
    (context, extension, wsi, user): (usize, *const lws_extension, *mut lws, *mut c_void),
    known: &[Known],
    text: &[u8],
) -> c_int {
    // SAFETY: the caller's promise.
    let Some(function) = (unsafe { extension.as_ref() }).and_then(|e| e.callback) else {
        return -1;
    };
    let target = Target {
        function,
        context: handle::to_c(context),
        extension,
        wsi,
        user,
    };
    for given in options(text) {
        let found = known.iter().position(|k| k.name.to_bytes() == given.name);
        let Some((index, taken)) = found.and_then(|at| Some((at, known.get(at)?))) else {
            return -1;
        };
        if !taken.takes.allows(given.value) {
            return -1;
        }
        let mut arg = valued(index, given.value.unwrap_or_default());
        target.run(
            Reason::LWS_EXT_CB_OPTION_SET,
            user,
            (&raw mut arg).cast(),
            0,
        );
    }
    0
}

fn tokens(bytes: Option<&mut [u8]>) -> lws_tokens {
    bytes.map_or(
        lws_tokens {
            token: ptr::null_mut(),
            len: 0,
        },
        |b| lws_tokens {
            token: b.as_mut_ptr(),
            len: arg::int(b.len()),
        },
    )
}

/// Appends what the extension made.
fn take(made: &lws_tokens, to: &mut Vec<u8>) {
    // SAFETY: the extension says that so many bytes are there: those it was lent, or its own.
    to.extend_from_slice(unsafe { arg::bytes(made.token, arg::count(made.len)) });
}

fn buffers(target: &Target, reason: Reason, bytes: Bytes<'_>, len: usize) -> c_int {
    let given = tokens(bytes.given);
    let mut both = Buffers { given, made: given };
    let result = target.run(reason, target.user, (&raw mut both).cast(), len);
    take(&both.made, bytes.made);
    result
}

fn frame(target: &Target, bytes: Bytes<'_>) -> c_int {
    let mut whole = tokens(bytes.given);
    let reason = Reason::LWS_EXT_CB_PACKET_TX_PRESEND;
    let result = target.run(reason, target.user, (&raw mut whole).cast(), 0);
    take(&whole, bytes.made);
    result
}
