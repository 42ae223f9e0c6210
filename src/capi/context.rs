//! Contexts and vhosts: creation, destruction, look-up.

use crate::capi::abi::{lws_context, lws_context_creation_info, lws_reload_func, lws_vhost};
use crate::capi::handle::{self, to_c};
use crate::capi::hooks::ProgramHooks;
use crate::capi::{arg, info, privs};
use crate::conn::config::option;
use crate::conn::context::Context;
use crate::conn::mailbox::Mailbox;
use crate::conn::registry::{self, Entry};
use crate::conn::thread::ServiceThread;
use crate::conn::vhost::Vhost;
use crate::conn::{destroy, listen};
use crate::sys::limits;
use crate::util::cell::Bound;
use crate::util::ids::{self, Kind, Place};
use crate::util::log::{log_err, log_notice, log_warn};
use parking_lot::ReentrantMutex;
use std::ffi::{c_char, c_int, c_void};
use std::io;
use std::ptr;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// What lws_get_library_version gives.
pub const VERSION: &std::ffi::CStr = c"4.1.6-";

/// Creates a context, and unless LWS_SERVER_OPTION_EXPLICIT_VHOSTS is set its first vhost.
///
/// `info`: what the program asks for; read during the call, though its lists of mounts, options and protocols'
/// callbacks and user pointers must stay valid.
///
/// Returns the context, or NULL after a log line that says why not.
///
/// Re-entry: may dispatch (descriptors are announced, a failed vhost is finalized).
///
/// # Safety
/// `info` is NULL or valid, zeroed where not set.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_create_context(
    info: *const lws_context_creation_info,
) -> *mut lws_context {
    // SAFETY: the caller's promise.
    let Some(info) = (unsafe { info.as_ref() }) else {
        log_err!("lws_create_context: info is NULL");
        return ptr::null_mut();
    };
    // SAFETY: the caller's promise.
    unsafe { create(info) }.map_or(ptr::null_mut(), |entry| to_c(entry.context.handle.addr()))
}

/// # Safety
/// As for lws_create_context.
unsafe fn create(info: &lws_context_creation_info) -> Option<Arc<Entry>> {
    crate::capi::log::install();
    ignore_sigpipe();
    if let Ok(count @ 1..) = u64::try_from(info.rlimit_nofile)
        && let Err(e) = limits::set_descriptors(count)
    {
        log_warn!("lws_create_context: cannot set the limit of open files to {count}: {e}");
    }
    // SAFETY: the caller's promise.
    let config = unsafe { info::context_config(info) }.ok()?;
    // SAFETY: the caller's promise.
    let hooks = unsafe { ProgramHooks::new(info) };
    let entry = match registry::insert(|index| build(index, config, hooks)) {
        Some(Ok(entry)) => entry,
        Some(Err(e)) => {
            log_err!("lws_create_context: {e}");
            return None;
        }
        None => {
            log_err!(
                "lws_create_context: {} contexts exist already",
                registry::MAX_CONTEXTS
            );
            return None;
        }
    };
    entry.context.hooks.attach(&entry.context);
    log_notice!(
        "LWS: {}, loglevel {}",
        VERSION.to_string_lossy(),
        crate::util::log::levels()
    );
    if info.options & option::EXPLICIT_VHOSTS == 0 {
        // SAFETY: the caller's promise.
        if unsafe { create_vhost(&entry, info) }.is_none() {
            destroy::destroy(&entry.context);
            return None;
        }
        if !privs::assume(&entry.context, "lws_create_context") {
            destroy::destroy(&entry.context);
            return None;
        }
    }
    Some(entry)
}

/// A peer that goes away must not end the process.
fn ignore_sigpipe() {
    // SAFETY: plain signal disposition.
    unsafe { libc::signal(libc::SIGPIPE, libc::SIG_IGN) };
}

fn build(
    index: u16,
    config: crate::conn::config::ContextConfig,
    hooks: ProgramHooks,
) -> io::Result<Entry> {
    let count = config.threads;
    let mailboxes: Vec<Mailbox> = (0..count)
        .map(|_| Mailbox::new())
        .collect::<Result<_, _>>()?;
    let wake = mailboxes.first().map_or(-1, |m| m.wake.raw());
    let handle = ids::allocate(Place {
        kind: Kind::Context,
        context: index,
        tsi: 0,
        // A signal handler finds the wake-up descriptor here without any lock.
        local: u32::try_from(wake).unwrap_or(u32::MAX),
    })
    .ok_or_else(|| io::Error::other("no handle left"))?;
    let context = Arc::new(Context::new(
        handle,
        index,
        config,
        mailboxes,
        Box::new(hooks),
    ));
    let mut threads = Vec::new();
    for tsi in 0..count {
        let thread = ServiceThread::new(context.clone(), tsi)?;
        threads.push(ReentrantMutex::new(Bound::new(Rc::new(thread))));
    }
    Ok(Entry { context, threads })
}

/// # Safety
/// As for lws_create_vhost.
unsafe fn create_vhost(entry: &Entry, info: &lws_context_creation_info) -> Option<Arc<Vhost>> {
    let more = ProgramHooks::of(&entry.context).map(|hooks| hooks.plugins.protocols());
    // SAFETY: the caller's promise.
    let config = unsafe {
        info::vhost_config(
            info,
            entry.context.config.options,
            &more.unwrap_or_default(),
        )
    }
    .ok()?;
    let vhost = entry.context.add_vhost(config)?;
    let up = registry::enter_waiting(entry.context.index, 0, |thread| {
        listen::start_vhost(thread, &vhost)
    });
    if up == Ok(Ok(())) {
        return Some(vhost);
    }
    if let Err(why) = up {
        handle::report_no_entry("lws_create_vhost", why);
    }
    None
}

/// Creates a further vhost.
///
/// `context`: a live context. `info`: as for lws_create_context; only the vhost's members are read.
///
/// Returns the vhost, or NULL after a log line that says why not.
///
/// Re-entry: may dispatch (PROTOCOL_INIT, once the context has started).
///
/// # Safety
/// `info` is NULL or valid, zeroed where not set.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_create_vhost(
    context: *mut lws_context,
    info: *const lws_context_creation_info,
) -> *mut lws_vhost {
    // SAFETY: the caller's promise.
    let (Some(entry), Some(info)) = (handle::context(context, "lws_create_vhost"), unsafe {
        info.as_ref()
    }) else {
        return ptr::null_mut();
    };
    // SAFETY: the caller's promise.
    unsafe { create_vhost(&entry, info) }.map_or(ptr::null_mut(), |v| to_c(v.handle.addr()))
}

/// Destroys a context with everything in it.
///
/// `context`: the context; NULL and contexts that are gone are ignored.
///
/// Returns nothing. `*info.pcontext` is NULL when it is done.
///
/// Re-entry: any thread, any callback; may close every wsi. Inside a callback of the context it happens when the last
/// callback has returned.
#[unsafe(no_mangle)]
pub extern "C" fn lws_context_destroy(context: *mut lws_context) {
    // A second call, after a destruction inside a callback, is what most programs end with: no error.
    let entry = handle::context_place(context).and_then(|p| registry::entry(p.context));
    if let Some(entry) = entry {
        destroy::destroy(&entry.context);
    }
}

/// The second half of lws_context_destroy for event libraries; here the same.
///
/// `context`: the context.
///
/// Returns nothing.
///
/// Re-entry: as lws_context_destroy.
#[unsafe(no_mangle)]
pub extern "C" fn lws_context_destroy2(context: *mut lws_context) {
    lws_context_destroy(context);
}

/// Destroys a vhost: it stops listening, its connections close, its protocols are told.
///
/// `vhost`: the vhost; NULL is ignored.
///
/// Returns nothing; finalize is called when it is done, during the call unless that is made inside a callback.
///
/// Re-entry: may close every wsi of the vhost.
#[unsafe(no_mangle)]
pub extern "C" fn lws_vhost_destroy(vhost: *mut lws_vhost) {
    let Some((entry, vhost)) = handle::vhost(vhost, "lws_vhost_destroy") else {
        return;
    };
    handle::in_some_thread(&entry, "lws_vhost_destroy", |thread| {
        destroy::end_vhost(thread, &vhost);
    });
}

/// The first half of lws_vhost_destroy for event libraries; here the same.
///
/// `vhost`: the vhost.
///
/// Returns nothing.
///
/// Re-entry: as lws_vhost_destroy.
#[unsafe(no_mangle)]
pub extern "C" fn lws_vhost_destroy1(vhost: *mut lws_vhost) {
    lws_vhost_destroy(vhost);
}

/// Brings the protocols of vhosts up that have not been yet.
///
/// `context`: the context.
///
/// Returns 0, or 1 when some protocol failed in PROTOCOL_INIT.
///
/// Re-entry: may dispatch.
#[unsafe(no_mangle)]
pub extern "C" fn lws_protocol_init(context: *mut lws_context) -> c_int {
    let Some(entry) = handle::context(context, "lws_protocol_init") else {
        return 1;
    };
    let up = handle::in_some_thread(&entry, "lws_protocol_init", destroy::init_all);
    c_int::from(up != Some(true))
}

/// Stops listening for good, so that a successor process can take over; existing connections go on.
///
/// `context`: the context. `cb`: not called by this library.
///
/// Returns nothing.
///
/// Re-entry: may dispatch.
#[unsafe(no_mangle)]
pub extern "C" fn lws_context_deprecate(context: *mut lws_context, cb: lws_reload_func) {
    let _ = cb;
    let Some(entry) = handle::context(context, "lws_context_deprecate") else {
        return;
    };
    entry.context.is_deprecated.store(true, Ordering::Release);
    handle::in_some_thread(&entry, "lws_context_deprecate", |thread| {
        for vhost in thread.context.vhosts() {
            listen::leave(thread, &vhost);
        }
    });
}

/// Whether lws_context_deprecate was called.
///
/// `context`: the context.
///
/// Returns 1 or 0.
///
/// Re-entry: query.
#[unsafe(no_mangle)]
pub extern "C" fn lws_context_is_deprecated(context: *mut lws_context) -> c_int {
    handle::context(context, "lws_context_is_deprecated").map_or(0, |e| {
        c_int::from(e.context.is_deprecated.load(Ordering::Acquire))
    })
}

/// info.user of the context.
///
/// `context`: the context.
///
/// Returns the pointer, NULL without a context.
///
/// Re-entry: query.
#[unsafe(no_mangle)]
pub extern "C" fn lws_context_user(context: *mut lws_context) -> *mut c_void {
    handle::context(context, "lws_context_user").map_or(ptr::null_mut(), |e| {
        ptr::with_exposed_provenance_mut(e.context.config.user)
    })
}

/// The version of the library that this one stands in for.
///
/// Returns a static string.
///
/// Re-entry: query, any thread.
#[unsafe(no_mangle)]
pub extern "C" fn lws_get_library_version() -> *const c_char {
    VERSION.as_ptr()
}

/// Number of service threads.
///
/// `context`: the context.
///
/// Returns at least 1; 0 without a context.
///
/// Re-entry: query.
#[unsafe(no_mangle)]
pub extern "C" fn lws_get_count_threads(context: *mut lws_context) -> c_int {
    handle::context(context, "lws_get_count_threads")
        .map_or(0, |e| c_int::from(e.context.config.threads))
}

/// A vhost by its name.
///
/// `context`: the context. `name`: info.vhost_name ("default" where none was given).
///
/// Returns the vhost or NULL.
///
/// Re-entry: query.
///
/// # Safety
/// `name` is NULL or a string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_get_vhost_by_name(
    context: *mut lws_context,
    name: *const c_char,
) -> *mut lws_vhost {
    // SAFETY: the caller's promise.
    let (Some(entry), Some(name)) = (handle::context(context, "lws_get_vhost_by_name"), unsafe {
        arg::text(name)
    }) else {
        return ptr::null_mut();
    };
    entry
        .context
        .vhost_by_name(name)
        .map_or(ptr::null_mut(), |v| to_c(v.handle.addr()))
}

/// The name of a vhost.
///
/// `vhost`: the vhost.
///
/// Returns a string that lives as long as the vhost, or NULL.
///
/// Re-entry: query.
#[unsafe(no_mangle)]
pub extern "C" fn lws_get_vhost_name(vhost: *mut lws_vhost) -> *const c_char {
    handle::vhost(vhost, "lws_get_vhost_name").map_or(ptr::null(), |(_, v)| v.config.name.as_ptr())
}

/// The port of a vhost: what the kernel chose, where 0 was asked for.
///
/// `vhost`: the vhost.
///
/// Returns the port, or info.port where it does not listen; 0 without a vhost.
///
/// Re-entry: query.
#[unsafe(no_mangle)]
pub extern "C" fn lws_get_vhost_port(vhost: *mut lws_vhost) -> c_int {
    handle::vhost(vhost, "lws_get_vhost_port")
        .map_or(0, |(_, v)| v.listen_port.load(Ordering::Relaxed))
}

/// The port that a vhost listens on: what the kernel chose, where 0 was asked for.
///
/// `vhost`: the vhost.
///
/// Returns the port, or info.port where it does not listen.
///
/// Re-entry: query.
#[unsafe(no_mangle)]
pub extern "C" fn lws_get_vhost_listen_port(vhost: *mut lws_vhost) -> c_int {
    handle::vhost(vhost, "lws_get_vhost_listen_port")
        .map_or(0, |(_, v)| v.listen_port.load(Ordering::Relaxed))
}

/// info.iface of a vhost.
///
/// `vhost`: the vhost.
///
/// Returns a string that lives as long as the vhost, or NULL.
///
/// Re-entry: query.
#[unsafe(no_mangle)]
pub extern "C" fn lws_get_vhost_iface(vhost: *mut lws_vhost) -> *const c_char {
    handle::vhost(vhost, "lws_get_vhost_iface").map_or(ptr::null(), |(_, v)| {
        v.config.iface.as_ref().map_or(ptr::null(), |i| i.as_ptr())
    })
}

/// info.user of a vhost.
///
/// `vhost`: the vhost.
///
/// Returns the pointer, NULL without a vhost.
///
/// Re-entry: query.
#[unsafe(no_mangle)]
pub extern "C" fn lws_get_vhost_user(vhost: *mut lws_vhost) -> *mut c_void {
    handle::vhost(vhost, "lws_get_vhost_user").map_or(ptr::null_mut(), |(_, v)| {
        ptr::with_exposed_provenance_mut(v.config.user)
    })
}

/// info.user of a vhost: the older name.
///
/// `vhost`: the vhost.
///
/// Returns the pointer, NULL without a vhost.
///
/// Re-entry: query.
#[unsafe(no_mangle)]
pub extern "C" fn lws_vhost_user(vhost: *mut lws_vhost) -> *mut c_void {
    lws_get_vhost_user(vhost)
}
