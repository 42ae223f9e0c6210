//! UDP sockets.

use crate::capi::abi::{lws, lws_retry_bo_t, lws_udp, lws_vhost};
use crate::capi::handle::{self, to_c, with_wsi};
use crate::capi::{arg, info};
use crate::conn::adopt;
use crate::conn::role::datagram::{self, Ask, Shown};
use crate::conn::thread::ServiceThread;
use crate::conn::vhost::Vhost;
use crate::sys::udp;
use crate::util::log::log_err;
use std::ffi::{CStr, c_char, c_int, c_void};
use std::ptr;
use std::rc::Rc;
use std::sync::Arc;

const _: () = assert!(size_of::<Shown>() == size_of::<lws_udp>());
const CAUDP_BIND: c_int = 1;
const CAUDP_BROADCAST: c_int = 2;
const CAUDP_PF_PACKET: c_int = 4;

/// Makes a UDP socket a connection.
///
/// `vhost`: the vhost. `ads`: whom to send to, a name or a numeric address; with LWS_CAUDP_BIND the address to receive
/// at; NULL for any. `port`: its port; -1 for any. `flags`: LWS_CAUDP_BIND, LWS_CAUDP_BROADCAST. `protocol_name`:
/// protocol to bind, NULL for the first. `ifname`: interface (or its address) to receive at, or NULL. `parent_wsi`: parent
/// connection or NULL. `opaque`: for lws_get_opaque_user_data. `retry_policy`: for
/// lws_retry_sul_schedule_retry_wsi, or NULL; kept.
///
/// Returns the connection, or NULL after a log line. It hears RAW_ADOPT, RAW_RX, RAW_WRITEABLE, RAW_CLOSE.
///
/// Re-entry: dispatches (WSI_CREATE, RAW_SKT_BIND_PROTOCOL, RAW_ADOPT), may close the new wsi.
///
/// Quirks: a name is looked up without blocking; RAW_ADOPT (or the end) follows in a later service pass then. The reference
/// blocks in the call.
///
/// # Safety
/// The texts are NULL or strings; `retry_policy` is NULL or valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lws_create_adopt_udp(
    vhost: *mut lws_vhost,
    ads: *const c_char,
    port: c_int,
    flags: c_int,
    protocol_name: *const c_char,
    ifname: *const c_char,
    parent_wsi: *mut lws,
    opaque: *mut c_void,
    retry_policy: *const lws_retry_bo_t,
) -> *mut lws {
    // SAFETY: the caller's promise.
    let (address, protocol) = (unsafe { arg::text(ads) }, unsafe {
        arg::text(protocol_name)
    });
    let ask = Ask {
        address: address.map(|a| a.to_string_lossy().into_owned()),
        port: u16::try_from(port).ok(),
        bind: flags & CAUDP_BIND != 0,
        broadcast: flags & CAUDP_BROADCAST != 0,
        // SAFETY: the caller's promise.
        iface: unsafe { arg::owned(ifname) },
        protocol: 0,
        parent: handle::wsi_place(parent_wsi, "lws_create_adopt_udp (parent)").map(|(h, _)| h),
        opaque: opaque.expose_provenance(),
        // SAFETY: the caller's promise.
        policy: unsafe { info::policy(retry_policy) },
    };
    create(vhost, ask, protocol, flags).map_or(ptr::null_mut(), to_c)
}

fn create(vhost: *mut lws_vhost, ask: Ask, protocol: Option<&CStr>, flags: c_int) -> Option<usize> {
    if flags & CAUDP_PF_PACKET != 0 {
        log_err!("lws_create_adopt_udp: LWS_CAUDP_PF_PACKET is not supported");
        return None;
    }
    let (entry, vhost) = handle::vhost(vhost, "lws_create_adopt_udp")?;
    handle::in_some_thread(&entry, "lws_create_adopt_udp", |thread| {
        let protocol = index_of(thread, &vhost, protocol)?;
        let wsi = datagram::create(thread, &vhost, Ask { protocol, ..ask })?;
        Some(wsi.handle.addr())
    })
    .flatten()
}

fn index_of(thread: &Rc<ServiceThread>, vhost: &Arc<Vhost>, name: Option<&CStr>) -> Option<u16> {
    let Some(name) = name else {
        return Some(vhost.config.default_protocol);
    };
    let found = vhost.index_by_name(name.to_bytes());
    if found.is_none()
        && let Ok(fd) = udp::open(&udp::Options::default())
    {
        adopt::unknown_protocol(thread, vhost, fd, Some(name));
    }
    found
}

/// Who sent the last datagram, or is sent to.
///
/// `wsi`: a UDP connection.
///
/// Returns its record, which the library changes with every datagram and which lives as long as the connection; NULL
/// for other connections.
///
/// Re-entry: query.
///
/// Quirks: `sa` has room for IPv4; of IPv6 addresses only the beginning is there.
#[unsafe(no_mangle)]
pub extern "C" fn lws_get_udp(wsi: *const lws) -> *const lws_udp {
    with_wsi(wsi, "lws_get_udp", ptr::null(), |_, w| {
        let place = w.with_datagram(|d| (&raw const d.shown).expose_provenance());
        place.map_or(ptr::null(), ptr::with_exposed_provenance)
    })
}
