//! Intrusive lists, timers, retry tables, state machines, system operations, files, plugins.
//!
//! The memory is the program's: it embeds these records in its own, and header inlines read the list members.

#![expect(missing_docs, reason = "the C names are the documentation of record")]

use super::*;
use libc::{c_char, c_int, c_uint, c_void};

#[repr(C)]
#[derive(Clone, Copy)]
pub struct lws_dll2 {
    pub prev: *mut lws_dll2,
    pub next: *mut lws_dll2,
    pub owner: *mut lws_dll2_owner,
}
layout!(lws_dll2, 24, 8; prev @ 0, next @ 8, owner @ 16);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct lws_dll2_owner {
    pub tail: *mut lws_dll2,
    pub head: *mut lws_dll2,
    pub count: u32,
}
layout!(lws_dll2_owner, 24, 8; tail @ 0, head @ 8, count @ 16);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct lws_sorted_usec_list {
    pub list: lws_dll2,
    pub us: lws_usec_t,
    pub cb: sul_cb_t,
    pub latency_us: u32,
}
layout!(lws_sorted_usec_list, 48, 8; list @ 0, us @ 24, cb @ 32, latency_us @ 40);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct lws_retry_bo {
    pub retry_ms_table: *const u32,
    pub retry_ms_table_count: u16,
    pub conceal_count: u16,
    pub secs_since_valid_ping: u16,
    pub secs_since_valid_hangup: u16,
    pub jitter_percent: u8,
}
layout!(lws_retry_bo, 24, 8; retry_ms_table @ 0, retry_ms_table_count @ 8, conceal_count @ 10, secs_since_valid_ping @ 12, secs_since_valid_hangup @ 14, jitter_percent @ 16);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct lws_state_manager {
    pub notify_list: lws_dll2_owner_t,
    pub context: *mut lws_context,
    pub parent: *mut c_void,
    pub smd_class: lws_smd_class_t,
    pub state_names: *mut *const c_char,
    pub name: *const c_char,
    pub state: c_int,
}
layout!(lws_state_manager, 72, 8; notify_list @ 0, context @ 24, parent @ 32, smd_class @ 40, state_names @ 48, name @ 56, state @ 64);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct lws_state_notify_link {
    pub list: lws_dll2_t,
    pub notify_cb: lws_state_notify_t,
    pub name: *const c_char,
}
layout!(lws_state_notify_link, 40, 8; list @ 0, notify_cb @ 24, name @ 32);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct lws_system_ops {
    pub reboot: Option<unsafe extern "C" fn() -> c_int>,
    pub set_clock: Option<unsafe extern "C" fn(lws_usec_t) -> c_int>,
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
    pub captive_portal_detect_request: Option<unsafe extern "C" fn(*mut lws_context) -> c_int>,
    pub wake_latency_us: u32,
}
layout!(lws_system_ops, 40, 8; reboot @ 0, set_clock @ 8, attach @ 16, captive_portal_detect_request @ 24, wake_latency_us @ 32);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct lws_fop_fd {
    pub fd: lws_filefd_type,
    pub fops: *const lws_plat_file_ops,
    pub filesystem_priv: *mut c_void,
    pub pos: lws_filepos_t,
    pub len: lws_filepos_t,
    pub flags: lws_fop_flags_t,
    pub mod_time: u32,
}
layout!(lws_fop_fd, 48, 8; fd @ 0, fops @ 8, filesystem_priv @ 16, pos @ 24, len @ 32, flags @ 40, mod_time @ 44);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct lws_fops_index {
    pub sig: *const c_char,
    pub len: u8,
}
layout!(lws_fops_index, 16, 8; sig @ 0, len @ 8);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct lws_plat_file_ops {
    pub open: Option<
        unsafe extern "C" fn(
            *const lws_plat_file_ops,
            *const c_char,
            *const c_char,
            *mut lws_fop_flags_t,
        ) -> lws_fop_fd_t,
    >,
    pub close: Option<unsafe extern "C" fn(*mut lws_fop_fd_t) -> c_int>,
    pub seek_cur: Option<unsafe extern "C" fn(lws_fop_fd_t, lws_fileofs_t) -> lws_fileofs_t>,
    pub read: Option<
        unsafe extern "C" fn(lws_fop_fd_t, *mut lws_filepos_t, *mut u8, lws_filepos_t) -> c_int,
    >,
    pub write: Option<
        unsafe extern "C" fn(lws_fop_fd_t, *mut lws_filepos_t, *mut u8, lws_filepos_t) -> c_int,
    >,
    pub fi: [lws_fops_index; 3],
    pub next: *const lws_plat_file_ops,
}
layout!(lws_plat_file_ops, 96, 8; open @ 0, close @ 8, seek_cur @ 16, read @ 24, write @ 32, fi @ 40, next @ 88);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct lws_dir_entry {
    pub name: *const c_char,
    pub r#type: enum_lws_dir_obj_type_t,
}
layout!(lws_dir_entry, 16, 8; name @ 0, r#type @ 8);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct lws_humanize_unit {
    pub name: *const c_char,
    pub factor: u64,
}
layout!(lws_humanize_unit, 16, 8; name @ 0, factor @ 8);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct lws_plugin_header {
    pub name: *const c_char,
    pub _class: *const c_char,
    pub api_magic: c_uint,
}
layout!(lws_plugin_header, 24, 8; name @ 0, _class @ 8, api_magic @ 16);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct lws_plugin {
    pub list: *mut lws_plugin,
    pub hdr: *const lws_plugin_header_t,
    pub u: lws_plugin_u,
}
layout!(lws_plugin, 24, 8; list @ 0, hdr @ 8, u @ 16);

/// The platform's handle of a loaded plugin.
#[repr(C)]
#[derive(Clone, Copy)]
pub union lws_plugin_u {
    pub l: *mut c_void,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct lws_plugin_protocol {
    pub hdr: lws_plugin_header_t,
    pub protocols: *const lws_protocols,
    pub extensions: *const lws_extension,
    pub count_protocols: c_int,
    pub count_extensions: c_int,
}
layout!(lws_plugin_protocol, 48, 8; hdr @ 0, protocols @ 24, extensions @ 32, count_protocols @ 40, count_extensions @ 44);
