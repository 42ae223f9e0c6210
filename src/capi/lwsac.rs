//! Exported chunked allocator calls; `cutil::lwsac` does the work.
//!
//! Null chains are empty. The cached-file calls keep one file's contents in a chain.

#![allow(unsafe_code, reason = "exports on memory of the C program")]

use super::abi::{lwsac, lwsac_cached_file_t};
use crate::cutil::lwsac::cache::{self, Loaded};
use crate::cutil::lwsac::list::{self, Link as lws_list_ptr, Order as lws_list_ptr_sort_func_t};
use crate::cutil::lwsac::{self as ac, Chain, Search};
use crate::sys::whole_file::Source;
use crate::util::log::log_debug;
use libc::{c_char, c_int, c_void, size_t};
use std::ffi::CStr;
use std::ptr;

/// # Safety
/// `head` is null or a living chain.
unsafe fn chain(head: *mut lwsac) -> Option<Chain> {
    // SAFETY: by contract.
    unsafe { Chain::new(head.cast()) }
}

/// # Safety
/// `head` is null or valid, `*head` null or a living chain.
unsafe fn chain_at(head: *mut *mut lwsac) -> Option<Chain> {
    if head.is_null() {
        return None;
    }
    // SAFETY: by contract.
    let first = unsafe { head.read() };
    // SAFETY: by contract.
    unsafe { chain(first) }
}

/// # Safety
/// As `chain_at`, and nobody uses the chain again.
unsafe fn free_at(head: *mut *mut lwsac, chain: Chain) {
    // SAFETY: by contract.
    unsafe { chain.free() };
    // SAFETY: by contract.
    unsafe { head.write(ptr::null_mut()) };
}

/// # Safety
/// As `lwsac_use`.
unsafe fn cut(
    head: *mut *mut lwsac,
    ensure: usize,
    chunk_size: usize,
    search: Search,
) -> *mut c_void {
    if head.is_null() {
        return ptr::null_mut();
    }
    // SAFETY: by contract.
    unsafe { ac::use_bytes(head.cast(), ensure, chunk_size, search) }
}

impl cache::Source for Source {
    fn len(&self) -> usize {
        self.len
    }

    fn modified(&self) -> i64 {
        self.modified
    }

    unsafe fn read_all(&mut self, to: *mut c_char) -> bool {
        // SAFETY: the same contract.
        unsafe { self.read_exact(to) }
    }
}

/// Takes memory from a chain's last chunk, or a new one.
///
/// - `head`: the chain; it is begun when `*head` is null.
/// - `ensure`: bytes.
/// - `chunk_size`: bytes of a new chunk if one is needed; 0: 4000.
///
/// Returns the memory, 8-aligned, uninitialised, valid until the chain is freed; null when there is none.
///
/// Re-entry: query; not from two threads at once for one chain.
///
/// # Safety
/// `head` is null or valid, `*head` null or a living chain.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lwsac_use(
    head: *mut *mut lwsac,
    ensure: size_t,
    chunk_size: size_t,
) -> *mut c_void {
    // SAFETY: the same contract.
    unsafe { cut(head, ensure, chunk_size, Search::Last) }
}

/// Takes memory from the first chunk of a chain that has room, or a new one.
///
/// - `head`, `ensure`, `chunk_size`: as for `lwsac_use`.
///
/// Returns as `lwsac_use`.
///
/// Re-entry: query; not from two threads at once for one chain.
///
/// # Safety
/// As for `lwsac_use`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lwsac_use_backfill(
    head: *mut *mut lwsac,
    ensure: size_t,
    chunk_size: size_t,
) -> *mut c_void {
    // SAFETY: the same contract.
    unsafe { cut(head, ensure, chunk_size, Search::All) }
}

/// Takes zeroed memory from a chain's last chunk, or a new one.
///
/// - `head`, `ensure`, `chunk_size`: as for `lwsac_use`.
///
/// Returns as `lwsac_use`, zeroed.
///
/// Re-entry: query; not from two threads at once for one chain.
///
/// # Safety
/// As for `lwsac_use`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lwsac_use_zero(
    head: *mut *mut lwsac,
    ensure: size_t,
    chunk_size: size_t,
) -> *mut c_void {
    // SAFETY: the same contract.
    let place = unsafe { cut(head, ensure, chunk_size, Search::Last) };
    if !place.is_null() {
        // SAFETY: that many bytes were just taken.
        unsafe { place.cast::<u8>().write_bytes(0, ensure) };
    }
    place
}

/// Frees a chain and all that was taken from it.
///
/// - `head`: the chain; `*head` becomes null.
///
/// Re-entry: query.
///
/// # Safety
/// As for `lwsac_use`; what was taken is not used again.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lwsac_free(head: *mut *mut lwsac) {
    // SAFETY: by contract.
    if let Some(chain) = unsafe { chain_at(head) } {
        // SAFETY: by contract.
        unsafe { free_at(head, chain) };
    }
}

/// The owner is done with a chain: frees it, or leaves that to the last reader.
///
/// - `head`: the chain; `*head` becomes null when it is freed.
///
/// Re-entry: query.
///
/// # Safety
/// As for `lwsac_use`; the owner does not use it again.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lwsac_detach(head: *mut *mut lwsac) {
    // SAFETY: by contract.
    if let Some(chain) = unsafe { chain_at(head) }.filter(|c| c.detach()) {
        // SAFETY: nobody reads it.
        unsafe { free_at(head, chain) };
    }
}

/// Counts a reader of a chain in.
///
/// - `head`: the chain.
///
/// Re-entry: query.
///
/// # Safety
/// `head` is null or a living chain.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lwsac_reference(head: *mut lwsac) {
    // SAFETY: by contract.
    if let Some(chain) = unsafe { chain(head) } {
        chain.reference();
    }
}

/// Counts a reader of a chain out; the last one frees a detached chain.
///
/// - `head`: the chain; `*head` becomes null when it is freed.
///
/// Re-entry: query.
///
/// # Safety
/// As for `lwsac_use`; the reader does not use it again.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lwsac_unreference(head: *mut *mut lwsac) {
    // SAFETY: by contract.
    if let Some(chain) = unsafe { chain_at(head) }.filter(|c| c.unreference()) {
        // SAFETY: it was the last reader.
        unsafe { free_at(head, chain) };
    }
}

/// Makes the last use of a chain longer, if its chunk has room; the new bytes are zero.
///
/// - `head`: the chain.
/// - `amount`: bytes, rounded up to a multiple of 8.
///
/// Returns 0, or 1 when there is no room, for a negative amount and a null chain.
///
/// Re-entry: query.
///
/// # Safety
/// `head` is null or a living chain.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lwsac_extend(head: *mut lwsac, amount: c_int) -> c_int {
    // SAFETY: by contract.
    let chain = unsafe { chain(head) };
    let extended = chain
        .zip(usize::try_from(amount).ok())
        .is_some_and(|(c, n)| c.extend(n));
    c_int::from(!extended)
}

/// Bytes from a chunk's address to its first use.
///
/// - `first`: nonzero for the first chunk of a chain.
///
/// Returns the bytes.
///
/// Re-entry: query, any thread.
#[unsafe(no_mangle)]
pub extern "C" fn lwsac_sizeof(first: c_int) -> size_t {
    ac::header(first != 0)
}

/// Bytes from a chunk's address to its next use.
///
/// - `lac`: a chunk, not only the first.
///
/// Returns the bytes, 0 for null.
///
/// Re-entry: query.
///
/// # Safety
/// `lac` is null or a chunk of a living chain.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lwsac_get_tail_pos(lac: *mut lwsac) -> size_t {
    if lac.is_null() {
        return 0;
    }
    // SAFETY: by contract.
    unsafe { ac::tail_position(lac.cast()) }
}

/// The next chunk.
///
/// - `lac`: a chunk.
///
/// Returns the chunk, owned by the chain; null after the last.
///
/// Re-entry: query.
///
/// # Safety
/// `lac` is null or a chunk of a living chain.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lwsac_get_next(lac: *mut lwsac) -> *mut lwsac {
    if lac.is_null() {
        return ptr::null_mut();
    }
    // SAFETY: by contract.
    unsafe { ac::next_chunk(lac.cast()) }.cast()
}

/// Rounds a length up as uses are.
///
/// - `length`: bytes.
///
/// Returns the next multiple of 8.
///
/// Re-entry: query, any thread.
#[unsafe(no_mangle)]
pub extern "C" fn lwsac_align(length: size_t) -> size_t {
    ac::align(length)
}

/// Logs the size of a chain for debugging.
///
/// - `head`: the chain.
///
/// Re-entry: query; the log function is called.
///
/// # Safety
/// `head` is null or a living chain.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lwsac_info(head: *mut lwsac) {
    // SAFETY: by contract.
    match unsafe { chain(head) } {
        Some(c) => log_debug!(
            "lwsac_info: lac {head:p}: {}KiB in {} blocks",
            c.total() >> 10,
            c.count()
        ),
        None => log_debug!("lwsac_info: empty"),
    }
}

/// Bytes allocated for a chain.
///
/// - `head`: the chain.
///
/// Returns the bytes, headers included; 0 for null.
///
/// Re-entry: query.
///
/// # Safety
/// `head` is null or a living chain.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lwsac_total_alloc(head: *mut lwsac) -> u64 {
    // SAFETY: by contract.
    unsafe { chain(head) }.map_or(0, Chain::total)
}

/// Bytes of a chain that hold no use.
///
/// - `head`: the chain.
///
/// Returns the bytes of headers and free room; 0 for null.
///
/// Re-entry: query.
///
/// # Safety
/// `head` is null or a living chain.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lwsac_total_overhead(head: *mut lwsac) -> u64 {
    // SAFETY: by contract.
    unsafe { chain(head) }.map_or(0, Chain::overhead)
}

/// Finds a copy of a blob in a chain.
///
/// - `head`: the chain.
/// - `find`, `len`: the blob.
/// - `nul`: nonzero: a NUL must follow it.
///
/// Returns the copy, owned by the chain, or null.
///
/// Re-entry: query.
///
/// # Safety
/// `head` is null or a living chain, `find` readable for `len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lwsac_scan_extant(
    head: *mut lwsac,
    find: *mut u8,
    len: size_t,
    nul: c_int,
) -> *mut u8 {
    // SAFETY: by contract.
    let chain = unsafe { chain(head) };
    // SAFETY: by contract.
    chain.map_or(ptr::null_mut(), |c| unsafe { c.find(find, len, nul != 0) })
}

/// Puts an item into a list that goes through a pointer member of the program's structs.
///
/// - `phead`: the list: a pointer to the first item's member, or null.
/// - `add`: the member of the new item.
/// - `sort`: null to put it first; else called with two members, over 0 when the first belongs behind the second.
///
/// Re-entry: calls `sort`.
///
/// # Safety
/// The pointers are valid, the list's too; `sort` is null or a function for its items.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_list_ptr_insert(
    phead: *mut lws_list_ptr,
    add: *mut lws_list_ptr,
    sort: lws_list_ptr_sort_func_t,
) {
    if !phead.is_null() && !add.is_null() {
        // SAFETY: by contract.
        unsafe { list::insert(phead, add, sort) };
    }
}

/// Counts a reader of a cached file in.
///
/// - `cache`: the contents; null does nothing.
///
/// Re-entry: query.
///
/// # Safety
/// `cache` is null or contents that are alive.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lwsac_use_cached_file_start(cache: lwsac_cached_file_t) {
    // SAFETY: by contract.
    unsafe { cache::begin_use(cache) };
}

/// Counts a reader of a cached file out; the last one frees contents that were detached.
///
/// - `cache`: the contents; `*cache` becomes null when they are freed.
///
/// Re-entry: query.
///
/// # Safety
/// `cache` is null or valid, `*cache` null or contents that are alive; the reader does not use them again.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lwsac_use_cached_file_end(cache: *mut lwsac_cached_file_t) {
    if cache.is_null() {
        return;
    }
    // SAFETY: by contract.
    let contents = unsafe { cache.read() };
    // SAFETY: by contract.
    if unsafe { cache::end_use(contents) } {
        // SAFETY: by contract.
        unsafe { cache.write(ptr::null_mut()) };
    }
}

/// The owner is done with a cached file: frees the contents, or leaves that to the last reader.
///
/// - `cache`: the contents; `*cache` becomes null when they are freed.
///
/// Re-entry: query.
///
/// # Safety
/// `cache` is null or valid, `*cache` null or contents that are alive; the owner does not use them again.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lwsac_use_cached_file_detach(cache: *mut lwsac_cached_file_t) {
    if cache.is_null() {
        return;
    }
    // SAFETY: by contract.
    let contents = unsafe { cache.read() };
    // SAFETY: by contract.
    if unsafe { cache::detach(contents) } {
        // SAFETY: by contract.
        unsafe { cache.write(ptr::null_mut()) };
    }
}

/// Loads a file, or loads it again when its modification time changed. It is looked at every 5 seconds at most.
///
/// - `filepath`: C string.
/// - `cache`: null at first; gets the contents, which end with a NUL. Old contents are detached.
/// - `len`: gets the length when the file was loaded.
///
/// Returns 0, or 1 when the file cannot be read: the old contents stay.
///
/// Re-entry: query; blocks as the disk does.
///
/// Quirks: `len` is left alone when nothing was loaded.
///
/// # Safety
/// The pointers are valid, `*cache` null or contents from here that are alive.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lwsac_cached_file(
    filepath: *const c_char,
    cache: *mut lwsac_cached_file_t,
    len: *mut size_t,
) -> c_int {
    if filepath.is_null() || cache.is_null() {
        return 1;
    }
    // SAFETY: null asks for the return value alone.
    let now = unsafe { libc::time(ptr::null_mut()) };
    // SAFETY: a C string by contract.
    let path = unsafe { CStr::from_ptr(filepath) };
    // SAFETY: by contract.
    let old = unsafe { cache.read() };
    // SAFETY: by contract.
    match unsafe { cache::load(path, old, now, |p| Source::open(p).ok()) } {
        Loaded::Unchanged => 0,
        Loaded::Failed => 1,
        Loaded::New(contents, size) => {
            // SAFETY: valid by contract.
            unsafe { cache.write(contents) };
            if !len.is_null() {
                // SAFETY: valid by contract.
                unsafe { len.write(size) };
            }
            0
        }
    }
}
