//! System blobs: bytes that describe the machine or the program (serial number, certificate ...), kept with the context.
//!
//! A blob is empty, points to bytes of the program, or holds copies that were appended. C has the address of a [`Blob`]
//! inside the context's [`Blobs`], so it lives as long as the context.

use crate::capi::abi::{
    enum_lws_system_blob_item_t, lws_context, lws_system_blob_item_t, lws_system_blob_t,
};
use crate::capi::arg;
use crate::capi::hooks::ProgramHooks;
use crate::capi::system::with_hooks;
use crate::conn::context::Context;
use crate::util::log::log_err;
use parking_lot::Mutex;
use std::ffi::c_int;
use std::ptr;

/// How many blobs a context has.
const COUNT: usize = lws_system_blob_item_t::LWS_SYSBLOB_TYPE_COUNT as usize;

/// What a blob holds.
enum Content {
    /// Appended copies.
    Heap(Vec<Box<[u8]>>),
    /// Bytes of the program: address and length.
    Direct(usize, usize),
}

/// A blob.
pub struct Blob(Mutex<Content>);

/// The blobs of a context, where C finds them.
pub struct Blobs(Box<[Blob]>);

impl Default for Blobs {
    fn default() -> Self {
        let empty = || Blob(Mutex::new(Content::Heap(Vec::new())));
        Self(std::iter::repeat_with(empty).take(COUNT).collect())
    }
}

impl Content {
    fn len(&self) -> usize {
        match self {
            Self::Heap(pieces) => pieces.iter().map(|piece| piece.len()).sum(),
            Self::Direct(_, len) => *len,
        }
    }

    /// Copies from `offset` on; gives how many bytes.
    fn copy(&self, offset: usize, to: &mut [u8]) -> usize {
        let mut skip = offset;
        let mut done = 0;
        let mut take = |piece: &[u8]| {
            let rest = piece.get(skip..).unwrap_or_default();
            skip = skip.saturating_sub(piece.len());
            let room = to.get_mut(done..).unwrap_or_default();
            let count = rest.len().min(room.len());
            room[..count].copy_from_slice(&rest[..count]);
            done += count;
        };
        match self {
            Self::Heap(pieces) => pieces.iter().for_each(|piece| take(piece)),
            Self::Direct(at, len) => {
                // SAFETY: the program's bytes, which stay as they are while the blob points to them.
                take(unsafe { arg::bytes(ptr::with_exposed_provenance(*at), *len) });
            }
        }
        done
    }
}

/// The client certificate that a context has under a number, and its key; empty where they were not set.
pub fn client_identity(context: &Context, at: usize) -> Option<(Vec<u8>, Vec<u8>)> {
    let hooks = ProgramHooks::of(context)?;
    let bytes = |first: lws_system_blob_item_t| {
        let blob = hooks.blobs.0.get(first as usize + at);
        let content = blob.map(|b| b.0.lock());
        content.map_or_else(Vec::new, |content| {
            let mut all = vec![0; content.len()];
            content.copy(0, &mut all);
            all
        })
    };
    Some((
        bytes(lws_system_blob_item_t::LWS_SYSBLOB_TYPE_CLIENT_CERT_DER),
        bytes(lws_system_blob_item_t::LWS_SYSBLOB_TYPE_CLIENT_KEY_DER),
    ))
}

/// # Safety
/// `blob` is NULL or came from lws_system_get_blob, and its context lives.
unsafe fn blob<'a>(blob: *mut lws_system_blob_t) -> Option<&'a Blob> {
    // SAFETY: by contract.
    unsafe { blob.cast::<Blob>().as_ref() }
}

/// One of a context's blobs.
///
/// `context`: the context. `type`: LWS_SYSBLOB_TYPE_*. `idx`: which of them, where there are several of a type (two of
/// LWS_SYSBLOB_TYPE_AUTH).
///
/// Returns the blob, which lives as long as the context; NULL when there is none.
///
/// Re-entry: query.
#[unsafe(no_mangle)]
pub extern "C" fn lws_system_get_blob(
    context: *mut lws_context,
    r#type: enum_lws_system_blob_item_t,
    idx: c_int,
) -> *mut lws_system_blob_t {
    let at = usize::try_from(r#type).ok().zip(usize::try_from(idx).ok());
    let at = at.and_then(|(kind, idx)| kind.checked_add(idx));
    with_hooks(context, "lws_system_get_blob", |hooks| {
        let blob = at.and_then(|at| hooks.blobs.0.get(at));
        blob.map_or(ptr::null_mut(), |b| ptr::from_ref(b).cast_mut().cast())
    })
    .unwrap_or(ptr::null_mut())
}

/// Points a blob to bytes of the program.
///
/// `b`: the blob; copies that it held are freed. `ptr`, `len`: the bytes, which stay valid and unchanged while the blob
/// points to them.
///
/// Re-entry: query, any thread.
///
/// # Safety
/// `b` is NULL or a blob of a living context, `ptr` has `len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_system_blob_direct_set(
    b: *mut lws_system_blob_t,
    ptr: *const u8,
    len: usize,
) {
    // SAFETY: the caller's promise.
    if let Some(blob) = unsafe { blob(b) } {
        *blob.0.lock() = Content::Direct(ptr.expose_provenance(), len);
    }
}

/// Empties a blob; it may be appended to then.
///
/// `b`: the blob.
///
/// Re-entry: query, any thread.
///
/// # Safety
/// `b` is NULL or a blob of a living context.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_system_blob_heap_empty(b: *mut lws_system_blob_t) {
    // SAFETY: the caller's promise.
    if let Some(blob) = unsafe { blob(b) } {
        *blob.0.lock() = Content::Heap(Vec::new());
    }
}

/// Appends a copy of some bytes.
///
/// `b`: the blob. `ptr`, `len`: the bytes.
///
/// Returns 0, or -1 for no bytes and for a blob that points to bytes of the program.
///
/// Re-entry: query, any thread.
///
/// # Safety
/// `b` is NULL or a blob of a living context, `ptr` has `len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_system_blob_heap_append(
    b: *mut lws_system_blob_t,
    ptr: *const u8,
    len: usize,
) -> c_int {
    // SAFETY: the caller's promise.
    let (Some(blob), bytes) = (unsafe { blob(b) }, unsafe { arg::bytes(ptr, len) }) else {
        return -1;
    };
    match &mut *blob.0.lock() {
        Content::Heap(pieces) if !bytes.is_empty() => pieces.push(bytes.into()),
        _ => {
            log_err!("lws_system_blob_heap_append: no bytes, or the blob points to the program's");
            return -1;
        }
    }
    0
}

/// How many bytes a blob has.
///
/// `b`: the blob.
///
/// Returns their number, 0 for NULL.
///
/// Re-entry: query, any thread.
///
/// # Safety
/// `b` is NULL or a blob of a living context.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_system_blob_get_size(b: *mut lws_system_blob_t) -> usize {
    // SAFETY: the caller's promise.
    unsafe { blob(b) }.map_or(0, |blob| blob.0.lock().len())
}

/// Where a blob's bytes are, if they are in one piece.
///
/// `b`: the blob. `ptr`: set to the first byte; valid until the blob is changed.
///
/// Returns 0, or -1 when the blob is empty or was appended to more than once; `ptr` is left as it is then.
///
/// Re-entry: query.
///
/// # Safety
/// `b` is NULL or a blob of a living context, `ptr` valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_system_blob_get_single_ptr(
    b: *mut lws_system_blob_t,
    ptr: *mut *const u8,
) -> c_int {
    // SAFETY: the caller's promise.
    let (Some(blob), Some(place)) = (unsafe { blob(b) }, unsafe { ptr.as_mut() }) else {
        return -1;
    };
    *place = match &*blob.0.lock() {
        Content::Direct(at, _) => std::ptr::with_exposed_provenance(*at),
        Content::Heap(pieces) => match pieces.as_slice() {
            [only] => only.as_ptr(),
            _ => return -1,
        },
    };
    0
}

/// Copies some of a blob's bytes.
///
/// `b`: the blob. `ptr`: where to. `len`: in and out: room there, and how many bytes were copied. `ofs`: of the first.
///
/// Returns 0, or -1 when a pointer is NULL. quirk: 1 at the end of bytes of the program, 0 with no bytes at the end of
/// copies.
///
/// Re-entry: query, any thread.
///
/// # Safety
/// `b` is NULL or a blob of a living context, `len` valid, `ptr` has room for `*len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_system_blob_get(
    b: *mut lws_system_blob_t,
    ptr: *mut u8,
    len: *mut usize,
    ofs: usize,
) -> c_int {
    // SAFETY: the caller's promise.
    let (Some(blob), Some(len)) = (unsafe { blob(b) }, unsafe { len.as_mut() }) else {
        return -1;
    };
    // SAFETY: the caller's promise.
    let room = unsafe { arg::bytes_mut(ptr, *len) };
    let content = blob.0.lock();
    *len = content.copy(ofs, room);
    let is_past = matches!(&*content, Content::Direct(_, all) if ofs >= *all);
    c_int::from(is_past)
}

/// Frees what a blob holds; it is empty then.
///
/// `b`: the blob.
///
/// Re-entry: query, any thread.
///
/// # Safety
/// `b` is NULL or a blob of a living context.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_system_blob_destroy(b: *mut lws_system_blob_t) {
    // SAFETY: the caller's promise.
    unsafe { lws_system_blob_heap_empty(b) };
}
