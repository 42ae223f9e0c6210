//! lejp through its C context: any pieces give the same events, paths and texts stay in their arrays.
#![cfg_attr(fuzzing, no_main)]

use std::cell::RefCell;
use std::ffi::{CStr, c_char};
use std::mem::MaybeUninit;
use std::ptr;
use websockets::cutil::lejp::{self, Context};

thread_local! {
    static SEEN: RefCell<Vec<(i8, Vec<u8>, u8, Vec<u8>)>> = const { RefCell::new(Vec::new()) };
}

const START: i8 = 2;

unsafe extern "C" fn on_event(ctx: *mut Context, reason: c_char) -> i8 {
    let c = unsafe { &*ctx };
    let path = CStr::from_bytes_until_nul(&c.path)
        .expect("the path ends in its array")
        .to_bytes()
        .to_vec();
    let text = if reason & 64 != 0 {
        c.buf[..usize::from(c.npos)].to_vec()
    } else {
        Vec::new()
    };
    if reason != START {
        SEEN.with_borrow_mut(|s| s.push((reason, path, c.path_match, text)));
    }
    0
}

type Events = Vec<(i8, Vec<u8>, u8, Vec<u8>)>;

fn run(text: &[u8], piece: usize) -> (i32, Events) {
    let paths = [c"a", c"a.b", c"*[]", c"*.c"].map(CStr::as_ptr);
    let mut ctx = MaybeUninit::<Context>::zeroed();
    SEEN.take();
    unsafe {
        lejp::construct(
            ctx.as_mut_ptr(),
            Some(on_event),
            ptr::null_mut(),
            paths.as_ptr(),
            4,
        )
    };
    let mut result = lejp::CONTINUE;
    let mut at = 0;
    while at < text.len() && result == lejp::CONTINUE {
        let end = (at + piece).min(text.len());
        result = unsafe { lejp::parse(ctx.as_mut_ptr(), &text[at..end]) };
        at = end;
    }
    // what is left counts from the end of the piece
    (result.min(0), SEEN.take())
}

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|data: &[u8]| target(data));

pub(crate) fn target(data: &[u8]) {
    let [piece, text @ ..] = data else { return };
    assert_eq!(
        run(text, text.len().max(1)),
        run(text, usize::from(*piece).max(1))
    );
}
