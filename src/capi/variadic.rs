//! Exported functions with `...`, which stable Rust can call but not define.
//!
//! `variadic!` makes one: a naked function that saves the argument registers, builds a va_list over them as the
//! platform's C ABI describes it, and calls an ordinary Rust function with the fixed arguments and a pointer to the
//! va_list. That function may hand the pointer to libc once (vsnprintf), no more. To be dropped when `c_variadic` is
//! stable. x86_64 (System V) and aarch64 (AAPCS64) only: elsewhere the crate does not compile.
//!
//! `lws_open` is here because its prototype has `...` too; on both platforms the optional argument arrives where a
//! plain third argument does.

#![allow(unsafe_code, reason = "exports, naked functions and calls into libc")]

use super::log;
use libc::{c_char, c_int, mode_t};

/// A C `va_list` as a function receives it: a pointer to the platform's record on both platforms.
#[repr(transparent)]
#[derive(Clone, Copy)]
pub struct VaList(*mut libc::c_void);

unsafe extern "C" {
    fn vsnprintf(buf: *mut c_char, size: usize, format: *const c_char, args: VaList) -> c_int;
}

/// Formats into `buf`; returns what vsnprintf does: the length the whole text has, or negative.
///
/// # Safety
/// `format` is a format string whose arguments are in `args`, which is not used again after this.
pub(super) unsafe fn format_into(buf: &mut [u8], format: *const c_char, args: VaList) -> c_int {
    // SAFETY: the buffer is ours with its length; the rest by the caller's promise.
    unsafe { vsnprintf(buf.as_mut_ptr().cast(), buf.len(), format, args) }
}

/// Defines an exported variadic function that calls `$target` with its `$fixed` fixed arguments and a `VaList`.
macro_rules! variadic {
    (
        $(#[$doc:meta])*
        fn $name:ident($($arg:ident: $ty:ty),+; fixed = $fixed:tt) $(-> $ret:ty)? => $target:path
    ) => {
        $(#[$doc])*
        #[unsafe(no_mangle)]
        #[unsafe(naked)]
        pub unsafe extern "C" fn $name($($arg: $ty),+) $(-> $ret)? {
            const _: unsafe extern "C" fn($($ty,)+ $crate::capi::variadic::VaList) $(-> $ret)? = $target;
            $crate::capi::variadic::trampoline!($fixed, $target)
        }
    };
}

/// The body: `$fixed` is how many integer arguments come before the `...`.
///
/// Frame: 176 bytes of saved registers (6 general, 8 vector), then the va_list (gp offset, fp offset, stack
/// arguments, saved registers). AL says whether vector registers hold arguments.
#[cfg(target_arch = "x86_64")]
macro_rules! trampoline {
    (2, $target:path) => { $crate::capi::variadic::trampoline!(@ 16, "rdx", $target) };
    (3, $target:path) => { $crate::capi::variadic::trampoline!(@ 24, "rcx", $target) };
    (@ $gp_offset:literal, $next:literal, $target:path) => {
        ::core::arch::naked_asm!(
            ".cfi_startproc",
            "push rbp",
            ".cfi_def_cfa_offset 16",
            ".cfi_offset rbp, -16",
            "mov rbp, rsp",
            ".cfi_def_cfa_register rbp",
            "sub rsp, 208",
            "mov [rsp], rdi",
            "mov [rsp + 8], rsi",
            "mov [rsp + 16], rdx",
            "mov [rsp + 24], rcx",
            "mov [rsp + 32], r8",
            "mov [rsp + 40], r9",
            "test al, al",
            "je 2f",
            "movaps [rsp + 48], xmm0",
            "movaps [rsp + 64], xmm1",
            "movaps [rsp + 80], xmm2",
            "movaps [rsp + 96], xmm3",
            "movaps [rsp + 112], xmm4",
            "movaps [rsp + 128], xmm5",
            "movaps [rsp + 144], xmm6",
            "movaps [rsp + 160], xmm7",
            "2:",
            concat!("mov dword ptr [rsp + 176], ", $gp_offset),
            "mov dword ptr [rsp + 180], 48",
            "lea rax, [rbp + 16]",
            "mov [rsp + 184], rax",
            "mov [rsp + 192], rsp",
            concat!("lea ", $next, ", [rsp + 176]"),
            "call {target}",
            "leave",
            ".cfi_def_cfa rsp, 8",
            "ret",
            ".cfi_endproc",
            target = sym $target,
        )
    };
}

/// The body: `$fixed` is how many integer arguments come before the `...`.
///
/// Frame: frame record, 64 bytes of saved general registers, 128 of vector ones, then the va_list (stack arguments,
/// ends of the two save areas, negative offsets from those ends).
#[cfg(target_arch = "aarch64")]
macro_rules! trampoline {
    (2, $target:path) => { $crate::capi::variadic::trampoline!(@ "-48", "x2", $target) };
    (3, $target:path) => { $crate::capi::variadic::trampoline!(@ "-40", "x3", $target) };
    (@ $gr_offset:literal, $next:literal, $target:path) => {
        ::core::arch::naked_asm!(
            ".cfi_startproc",
            "stp x29, x30, [sp, #-240]!",
            ".cfi_def_cfa_offset 240",
            ".cfi_offset x29, -240",
            ".cfi_offset x30, -232",
            "mov x29, sp",
            "stp x0, x1, [sp, #16]",
            "stp x2, x3, [sp, #32]",
            "stp x4, x5, [sp, #48]",
            "stp x6, x7, [sp, #64]",
            "stp q0, q1, [sp, #80]",
            "stp q2, q3, [sp, #112]",
            "stp q4, q5, [sp, #144]",
            "stp q6, q7, [sp, #176]",
            "add x9, sp, #240",
            "add x10, sp, #80",
            "stp x9, x10, [sp, #208]",
            "add x9, sp, #208",
            "str x9, [sp, #224]",
            concat!("mov w9, #", $gr_offset),
            "mov w10, #-128",
            "stp w9, w10, [sp, #232]",
            concat!("add ", $next, ", sp, #208"),
            "bl {target}",
            "ldp x29, x30, [sp], #240",
            ".cfi_restore x29",
            ".cfi_restore x30",
            ".cfi_def_cfa_offset 0",
            "ret",
            ".cfi_endproc",
            target = sym $target,
        )
    };
}

#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
compile_error!("variadic exports are written for x86_64 and aarch64");

pub(super) use trampoline;
#[allow(
    unused_imports,
    reason = "for the other files of capi that export variadics"
)]
pub(super) use variadic;

variadic! {
    /// Logs a formatted line.
    ///
    /// - `filter`: the level, one `LLL_` bit; nothing happens unless it is enabled.
    /// - `format`: printf format and its arguments; the program's convention ends it with a newline. Cut at 255
    ///   bytes.
    ///
    /// Re-entry: any thread; calls the program's emit function, which may only log.
    ///
    /// Quirks: as for [`log::_lws_logv`].
    ///
    /// # Safety
    /// `format` is a C string that fits the arguments.
    fn _lws_log(filter: c_int, format: *const c_char; fixed = 2) => log::_lws_logv
}

variadic! {
    /// Formats into a buffer, like snprintf, but never returns more than fits.
    ///
    /// - `str`: the buffer, owned by the caller; always terminated when `size` is not 0.
    /// - `size`: its size in bytes; with 0 nothing is touched.
    /// - `format`: printf format and its arguments.
    ///
    /// Returns the length of the text; `size` when it was cut; 0 when `size` is 0; negative on a format error.
    ///
    /// Re-entry: query; any thread.
    ///
    /// Quirks: a cut text gives `size`, one more than its length.
    ///
    /// # Safety
    /// `str` has room for `size` bytes; `format` is a C string that fits the arguments.
    fn lws_snprintf(str: *mut c_char, size: usize, format: *const c_char; fixed = 3) -> c_int => snprintf_va
}

unsafe extern "C" fn snprintf_va(
    str: *mut c_char,
    size: usize,
    format: *const c_char,
    args: VaList,
) -> c_int {
    if size == 0 || str.is_null() || format.is_null() {
        return 0;
    }
    // SAFETY: the caller's buffer and format, by the contract of `lws_snprintf`.
    let whole = unsafe { vsnprintf(str, size, format, args) };
    match usize::try_from(whole) {
        Ok(len) if len >= size => c_int::try_from(size).unwrap_or(c_int::MAX),
        _ => whole,
    }
}

/// Opens a file like open(2), closed on exec.
///
/// - `file`: path.
/// - `oflag`: the O_ flags.
/// - `mode`: permissions, used (and given) only when a file is created.
///
/// Returns the descriptor, owned by the caller, or -1 with errno.
///
/// Re-entry: query; any thread.
///
/// # Safety
/// `file` is a C string or null (-1, EFAULT).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_open(file: *const c_char, oflag: c_int, mode: mode_t) -> c_int {
    // SAFETY: the kernel checks the path's address; mode is garbage unless it matters, and then it was given.
    unsafe { libc::open(file, oflag | libc::O_CLOEXEC, mode) }
}
