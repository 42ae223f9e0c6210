//! Intrusive lists, timers, retry tables, state machines, system operations, files, plugins.
//!
//! The memory is the program's: it embeds these records in its own, and header inlines read the list members.

use super::*;
use libc::{c_char, c_int, c_uint, c_void};

/// A place in a list, inside an object of the program. Zero it first.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lws_dll2 {
    /// The one before, or NULL.
    pub prev: *mut lws_dll2,
    /// The one after, or NULL.
    pub next: *mut lws_dll2,
    /// The list it is in, or NULL.
    pub owner: *mut lws_dll2_owner,
}
layout!(lws_dll2, 24, 8; prev @ 0, next @ 8, owner @ 16);

/// A list. Zero it first.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lws_dll2_owner {
    /// The last, or NULL.
    pub tail: *mut lws_dll2,
    /// The first, or NULL.
    pub head: *mut lws_dll2,
    /// How many.
    pub count: u32,
}
layout!(lws_dll2_owner, 24, 8; tail @ 0, head @ 8, count @ 16);

/// A timer ("sul"), inside an object of the program. Zero it first; cancel it before the object goes.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lws_sorted_usec_list {
    /// Its place in the thread's list.
    pub list: lws_dll2,
    /// When it is due, on the monotonic clock.
    pub us: lws_usec_t,
    /// What is called.
    pub cb: sul_cb_t,
    /// How late it may be.
    pub latency_us: u32,
}
layout!(lws_sorted_usec_list, 48, 8; list @ 0, us @ 24, cb @ 32, latency_us @ 40);

/// How to retry, and how to see whether a connection is alive. Kept by pointer.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lws_retry_bo {
    /// Delays before each retry; the last one repeats.
    pub retry_ms_table: *const u32,
    /// How many.
    pub retry_ms_table_count: u16,
    /// Retries before the failure is reported.
    pub conceal_count: u16,
    /// Seconds without proof of life before a ping.
    pub secs_since_valid_ping: u16,
    /// Seconds without proof of life before hanging up.
    pub secs_since_valid_hangup: u16,
    /// Random part added to each delay; 0: 30.
    pub jitter_percent: u8,
}
layout!(lws_retry_bo, 24, 8; retry_ms_table @ 0, retry_ms_table_count @ 8, conceal_count @ 10, secs_since_valid_ping @ 12, secs_since_valid_hangup @ 14, jitter_percent @ 16);

/// States that are gone through in order, each with the consent of all who are told.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lws_state_manager {
    /// Who is told.
    pub notify_list: lws_dll2_owner_t,
    /// The context, or NULL.
    pub context: *mut lws_context,
    /// The program's.
    pub parent: *mut c_void,
    /// Class of the message that is sent at a change; 0: none.
    pub smd_class: lws_smd_class_t,
    /// Name of each state.
    pub state_names: *mut *const c_char,
    /// Its name, for logs.
    pub name: *const c_char,
    /// Where it is.
    pub state: c_int,
}
layout!(lws_state_manager, 72, 8; notify_list @ 0, context @ 24, parent @ 32, smd_class @ 40, state_names @ 48, name @ 56, state @ 64);

/// Somebody who is told of changes.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lws_state_notify_link {
    /// Its place in the list of who is told.
    pub list: lws_dll2_t,
    /// What is called.
    pub notify_cb: lws_state_notify_t,
    /// Its name, for logs.
    pub name: *const c_char,
}
layout!(lws_state_notify_link, 40, 8; list @ 0, notify_cb @ 24, name @ 32);

/// What the platform can do; members may be NULL. Kept by pointer.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lws_system_ops {
    /// Restart the machine.
    pub reboot: Option<unsafe extern "C" fn() -> c_int>,
    /// Set the wall clock, in microseconds.
    pub set_clock: Option<unsafe extern "C" fn(lws_usec_t) -> c_int>,
    /// Queue a call for the service thread; see __lws_system_attach().
    pub attach: Option<
        unsafe extern "C" fn(
            *mut lws_context,
            c_int,
            lws_attach_cb_t,
            enum_lws_system_states_t,
            *mut c_void,
            *mut *mut lws_attach_item,
        ) -> c_int,
    >,
    /// Find out whether there is an internet connection; then call lws_system_cpd_set().
    pub captive_portal_detect_request: Option<unsafe extern "C" fn(*mut lws_context) -> c_int>,
    /// How long waking up takes.
    pub wake_latency_us: u32,
}
layout!(lws_system_ops, 40, 8; reboot @ 0, set_clock @ 8, attach @ 16, captive_portal_detect_request @ 24, wake_latency_us @ 32);

/// An open file.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lws_fop_fd {
    /// The descriptor, or LWS_INVALID_FILE.
    pub fd: lws_filefd_type,
    /// Who opened it.
    pub fops: *const lws_plat_file_ops,
    /// Theirs.
    pub filesystem_priv: *mut c_void,
    /// Where it is.
    pub pos: lws_filepos_t,
    /// Its length.
    pub len: lws_filepos_t,
    /// What open() said about it.
    pub flags: lws_fop_flags_t,
    /// When it changed, if the flags say so.
    pub mod_time: u32,
}
layout!(lws_fop_fd, 48, 8; fd @ 0, fops @ 8, filesystem_priv @ 16, pos @ 24, len @ 32, flags @ 40, mod_time @ 44);

/// Which paths are for some file operations.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lws_fops_index {
    /// Text in a path behind which these operations take over, such as ".zip/".
    pub sig: *const c_char,
    /// Its length.
    pub len: u8,
}
layout!(lws_fops_index, 16, 8; sig @ 0, len @ 8);

/// File operations. Kept by pointer.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lws_plat_file_ops {
    /// Opens a file, or gives NULL.
    pub open: Option<
        unsafe extern "C" fn(
            *const lws_plat_file_ops,
            *const c_char,
            *const c_char,
            *mut lws_fop_flags_t,
        ) -> lws_fop_fd_t,
    >,
    /// Closes it and sets the pointer to NULL.
    pub close: Option<unsafe extern "C" fn(*mut lws_fop_fd_t) -> c_int>,
    /// Moves by a distance; gives the new position.
    pub seek_cur: Option<unsafe extern "C" fn(lws_fop_fd_t, lws_fileofs_t) -> lws_fileofs_t>,
    /// Reads up to a length; says how many bytes came.
    pub read: Option<
        unsafe extern "C" fn(lws_fop_fd_t, *mut lws_filepos_t, *mut u8, lws_filepos_t) -> c_int,
    >,
    /// Writes up to a length; says how many bytes went.
    pub write: Option<
        unsafe extern "C" fn(lws_fop_fd_t, *mut lws_filepos_t, *mut u8, lws_filepos_t) -> c_int,
    >,
    /// Which paths it is for.
    pub fi: [lws_fops_index; 3],
    /// The next in the list.
    pub next: *const lws_plat_file_ops,
}
layout!(lws_plat_file_ops, 96, 8; open @ 0, close @ 8, seek_cur @ 16, read @ 24, write @ 32, fi @ 40, next @ 88);

/// An entry of a directory.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lws_dir_entry {
    /// Its name.
    pub name: *const c_char,
    /// What it is.
    pub r#type: enum_lws_dir_obj_type_t,
}
layout!(lws_dir_entry, 16, 8; name @ 0, r#type @ 8);

/// A unit.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lws_humanize_unit {
    /// Its name; NULL in the last element.
    pub name: *const c_char,
    /// How many of the smallest unit it is.
    pub factor: u64,
}
layout!(lws_humanize_unit, 16, 8; name @ 0, factor @ 8);

/// How a plugin's exported record begins.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lws_plugin_header {
    /// Its name.
    pub name: *const c_char,
    /// What kind of plugin: text that both sides know.
    pub _class: *const c_char,
    /// LWS_PLUGIN_API_MAGIC.
    pub api_magic: c_uint,
}
layout!(lws_plugin_header, 24, 8; name @ 0, _class @ 8, api_magic @ 16);

/// A loaded plugin.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lws_plugin {
    /// The one loaded before, or NULL.
    pub list: *mut lws_plugin,
    /// Its exported record.
    pub hdr: *const lws_plugin_header_t,
    /// The platform's handle.
    pub u: lws_plugin_u,
}
layout!(lws_plugin, 24, 8; list @ 0, hdr @ 8, u @ 16);

/// The platform's handle of a loaded plugin.
#[repr(C)]
#[derive(Clone, Copy)]
pub union lws_plugin_u {
    /// What dlopen() gave.
    pub l: *mut c_void,
}

/// What a plugin that brings protocols exports.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct lws_plugin_protocol {
    /// With class "lws_protocol_plugin".
    pub hdr: lws_plugin_header_t,
    /// Protocols it brings.
    pub protocols: *const lws_protocols,
    /// Extensions it brings.
    pub extensions: *const lws_extension,
    /// How many.
    pub count_protocols: c_int,
    /// How many.
    pub count_extensions: c_int,
}
layout!(lws_plugin_protocol, 48, 8; hdr @ 0, protocols @ 24, extensions @ 32, count_protocols @ 40, count_extensions @ 44);
