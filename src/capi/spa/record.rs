//! The form parser as it lies in memory.
//!
//! One block holds the parser, the table of values and their storage. It comes from C's allocator or from the chain the
//! program names, so a program that frees that chain has freed the parser. The file callback may do anything: no
//! reference is held over it, and a parser that is destroyed in it goes when the call it came from ends.
//! Called by the exports in `capi::spa`.

use crate::capi::abi::{lws, lws_spa, lws_spa_create_info, lws_spa_fileupload_states as Upload};
use crate::capi::arg;
use crate::capi::handle::with_wsi;
use crate::capi::headers::with_table;
use crate::capi::lwsac::{lwsac_free, lwsac_use_zero};
use crate::cutil::zalloc::{self, Allocator};
use crate::proto::http::form::{Form, Step, Target};
use crate::proto::http::token::Token;
use libc::{c_char, c_int};
use std::ffi::CStr;
use std::ptr::{self, NonNull};

/// A value that was found.
#[derive(Clone, Copy)]
pub(super) struct Value {
    pub(super) text: *const c_char,
    /// Bytes of all values of that name.
    pub(super) len: usize,
}

/// The parser.
pub(super) struct Spa {
    form: Form,
    info: lws_spa_create_info,
    made_by: Allocator,
    values: *mut Value,
    count: usize,
    storage: *mut u8,
    storage_len: usize,
    /// Calls that are at work.
    depth: u32,
    is_closed: bool,
    is_doomed: bool,
}

const _: () =
    assert!(align_of::<Spa>() <= 8 && size_of::<Spa>().is_multiple_of(align_of::<Value>()));

/// # Safety
/// As `lws_spa_create_via_info`.
pub(super) unsafe fn create(wsi: *mut lws, info: &lws_spa_create_info) -> *mut lws_spa {
    let of_wsi = |w: &_| {
        with_table(w, |table| {
            Form::new(table.first(Token::HTTP_CONTENT_TYPE).unwrap_or_default())
        })
    };
    let form = match wsi.is_null() {
        true => Some(Form::new(b"")),
        false => with_wsi(wsi, "lws_spa_create", None, |_, w| {
            Some(of_wsi(w).unwrap_or_else(|| Form::new(b"")))
        }),
    };
    let count = match info.param_names.is_null() {
        true => 0,
        false => arg::count(info.count_params),
    };
    let storage_len = arg::count(info.max_storage);
    let made_by = zalloc::current();
    let size = size_of::<Value>().checked_mul(count).and_then(|values| {
        values
            .checked_add(size_of::<Spa>())?
            .checked_add(storage_len)
    });
    let (Some(form), Some(size)) = (form, size) else {
        return ptr::null_mut();
    };
    let block = match info.ac.is_null() {
        true => made_by.alloc_zeroed(size, c"spa"),
        // SAFETY: the program's chain, by contract.
        false => NonNull::new(unsafe { lwsac_use_zero(info.ac, size, info.ac_chunk_size) }.cast()),
    };
    let Some(block) = block else {
        return ptr::null_mut();
    };
    let spa = block.as_ptr().cast::<Spa>();
    let values = spa.wrapping_add(1).cast::<Value>();
    let fresh = Spa {
        form,
        info: *info,
        made_by,
        values,
        count,
        storage: values.wrapping_add(count).cast(),
        storage_len,
        depth: 0,
        is_closed: false,
        is_doomed: false,
    };
    // SAFETY: a new block of at least this size, 8-aligned; the values are zero, which is NULL and 0.
    unsafe { spa.write(fresh) };
    spa.cast()
}

/// Runs a call that may reach user code, and frees the parser if that destroyed it.
///
/// # Safety
/// `spa` is a living parser.
pub(super) unsafe fn during(mut spa: NonNull<Spa>, f: impl FnOnce(NonNull<Spa>) -> c_int) -> c_int {
    // SAFETY: living; the reference ends before user code runs.
    let at_work = unsafe { spa.as_mut() };
    at_work.depth = at_work.depth.saturating_add(1);
    let result = f(spa);
    // SAFETY: it lives while a call is at work.
    let at_work = unsafe { spa.as_mut() };
    at_work.depth = at_work.depth.saturating_sub(1);
    if at_work.depth == 0 && at_work.is_doomed {
        close(spa);
        free(spa);
    }
    result
}

fn free(spa: NonNull<Spa>) {
    // SAFETY: the last use of a living parser.
    let old = unsafe { spa.as_ptr().read() };
    match old.info.ac.is_null() {
        // SAFETY: made by this allocator as one block.
        true => unsafe { old.made_by.free(spa.cast()) },
        // SAFETY: the chain it was made in.
        false => unsafe { lwsac_free(old.info.ac) },
    }
}

/// The parser inside of a call, until user code runs.
fn at(spa: &mut NonNull<Spa>) -> &mut Spa {
    // SAFETY: `during` keeps it alive, and nobody holds a reference to it across user code.
    unsafe { spa.as_mut() }
}

impl Spa {
    /// The storage, beside the form.
    fn parts(&mut self) -> (&mut Form, &mut [u8]) {
        // SAFETY: that many bytes of the parser's block, used by nobody else until user code runs.
        let storage = unsafe { arg::bytes_mut(self.storage, self.storage_len) };
        (&mut self.form, storage)
    }
}

/// Says that the program wants to be rid of the parser.
pub(super) fn doom(mut spa: NonNull<Spa>) -> c_int {
    at(&mut spa).is_doomed = true;
    0
}

pub(super) fn process(mut spa: NonNull<Spa>, input: &[u8]) -> c_int {
    let mut rest = input;
    loop {
        let (form, storage) = at(&mut spa).parts();
        let (used, step) = form.step(rest, storage);
        rest = rest.get(used..).unwrap_or_default();
        if step == Step::NeedMore {
            return 0;
        }
        if !act(spa, step) || at(&mut spa).is_doomed {
            at(&mut spa).form.fail();
            return -1;
        }
    }
}

pub(super) fn finalize(mut spa: NonNull<Spa>) -> c_int {
    let (form, storage) = at(&mut spa).parts();
    let last = form.finish(storage);
    let fits = last.is_none_or(|step| act(spa, step));
    close(spa);
    if fits { 0 } else { -1 }
}

/// Does what the form asks for; false ends it.
fn act(mut spa: NonNull<Spa>, step: Step) -> bool {
    match step {
        Step::NeedMore => true,
        Step::Failed => false,
        Step::Begin => {
            let target = target(at(&mut spa));
            at(&mut spa).form.aim(target);
            target != Target::Chunks
                || upload(spa, Upload::LWS_UFS_OPEN, c"".as_ptr().cast_mut(), 0)
        }
        Step::Chunk {
            start,
            len,
            is_last,
        } => {
            let state = match is_last {
                true => Upload::LWS_UFS_FINAL_CONTENT,
                false => Upload::LWS_UFS_CONTENT,
            };
            let chunk = at(&mut spa).storage.wrapping_add(start).cast();
            upload(spa, state, chunk, arg::int(len))
        }
        Step::Stored { param, start, len } => {
            let spa = at(&mut spa);
            let text = spa.storage.wrapping_add(start).cast_const().cast();
            keep(spa, param, text, len);
            true
        }
    }
}

/// Notes a value; of several of one name the first is found, and the lengths add up.
fn keep(spa: &mut Spa, param: usize, text: *const c_char, len: usize) {
    if param >= spa.count {
        return;
    }
    // SAFETY: one of the `count` values of the parser's block.
    let value = unsafe { &mut *spa.values.wrapping_add(param) };
    if value.text.is_null() {
        value.text = text;
    }
    value.len = value.len.saturating_add(len);
}

/// Where the value goes that begins.
fn target(spa: &Spa) -> Target {
    let reader = spa.form.reader();
    let is_file = reader.filename().is_some_and(|name| !name.is_empty());
    match (is_file, spa.info.opt_cb) {
        (true, Some(_)) => Target::Chunks,
        (true, None) => Target::Nowhere,
        (false, _) => (0..spa.count)
            .find(|n| param_name(spa, *n).is_some_and(|p| p.to_bytes() == reader.name().as_bytes()))
            .map_or(Target::Nowhere, Target::Storage),
    }
}

/// The name of a field that the program wants.
fn param_name(spa: &Spa, n: usize) -> Option<&CStr> {
    let stride = match spa.info.param_names_stride {
        0 => size_of::<*const c_char>(),
        stride => stride,
    };
    let place = spa
        .info
        .param_names
        .wrapping_byte_add(n.wrapping_mul(stride));
    // SAFETY: below the program's count, at its stride; it keeps the array.
    let name = unsafe { place.read_unaligned() };
    // SAFETY: NULL or a string that the program keeps.
    unsafe { arg::text(name) }
}

/// Calls the program about an uploaded file; false: it does not want more.
fn upload(mut spa: NonNull<Spa>, state: Upload, buf: *mut c_char, len: c_int) -> bool {
    let record = at(&mut spa);
    let Some(function) = record.info.opt_cb else {
        return true;
    };
    let reader = record.form.reader();
    let name = reader.name().as_ptr();
    let filename = reader.filename().map_or(c"".as_ptr(), |f| f.as_ptr());
    let data = record.info.opt_data;
    // SAFETY: the program's function; the names lie in the parser, which lives until the call is over.
    unsafe { function(data, name, filename, buf, len, state as _) >= 0 }
}

/// Tells the program, once, that no more comes.
fn close(mut spa: NonNull<Spa>) {
    if !std::mem::replace(&mut at(&mut spa).is_closed, true) {
        let _ = upload(spa, Upload::LWS_UFS_CLOSE, ptr::null_mut(), 0);
    }
}

/// # Safety
/// `spa` is NULL or a living parser.
pub(super) unsafe fn value(spa: *mut lws_spa, n: c_int) -> Option<Value> {
    let spa = NonNull::new(spa.cast::<Spa>())?;
    // SAFETY: living by contract.
    let values = unsafe { (*spa.as_ptr()).values };
    // SAFETY: the same.
    let count = unsafe { (*spa.as_ptr()).count };
    let n = usize::try_from(n).ok().filter(|n| *n < count)?;
    // SAFETY: one of the `count` values of the parser's block.
    Some(unsafe { values.wrapping_add(n).read() })
}
