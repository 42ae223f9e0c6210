//! The so.17 profile: libwebsockets 4.1.6 as Debian 12 builds it, plus the members we append.
//!
//! Every record an exported function takes or gives, every number a program passes or reads. Sizes and offsets are
//! asserted at compile time against facts taken from the reference's binary interface; `ctests/abi` asserts the same
//! of the C header, so that a program built with either header may run on either library.

/// Asserts a record's size, alignment and member offsets.
macro_rules! layout {
    ($t:ident, $size:literal, $align:literal; $($f:ident @ $o:literal),* $(,)?) => {
        #[cfg(target_pointer_width = "64")]
        const _: () = {
            assert!(size_of::<$t>() == $size, "size");
            assert!(align_of::<$t>() == $align, "alignment");
            $(assert!(core::mem::offset_of!($t, $f) == $o, stringify!($f));)*
        };
    };
}

mod bits;
mod conn;
mod context;
mod enum_callbacks;
mod enum_conn;
mod enum_http;
mod enum_system;
mod handles;
mod system;
mod text;

pub use bits::*;
pub use conn::*;
pub use context::*;
pub use enum_callbacks::*;
pub use enum_conn::*;
pub use enum_http::*;
pub use enum_system::*;
pub use handles::*;
pub use system::*;
pub use text::*;
