//! `struct lws_client_connect_info` to the core's, once, at the edge.

use crate::capi::abi::{lws, lws_client_connect_info};
use crate::capi::{arg, handle, system_blob};
use crate::conn::client::{ConnectInfo, Way};
use crate::conn::config::option;
use crate::conn::context::Context;
use crate::conn::registry::Entry;
use crate::conn::vhost::Vhost;
use crate::tls::verify::Server;
use crate::util::log::log_err;
use std::ffi::{CStr, CString, c_char, c_int};
use std::sync::Arc;

const FUNCTION: &str = "lws_client_connect_via_info";
/// LCCSCF_USE_SSL.
const USE_SSL: c_int = 1;
/// LCCSCF_ALLOW_SELFSIGNED.
const ALLOW_SELFSIGNED: c_int = 2;
/// LCCSCF_SKIP_SERVER_CERT_HOSTNAME_CHECK.
const SKIP_HOSTNAME_CHECK: c_int = 4;
/// LCCSCF_ALLOW_EXPIRED.
const ALLOW_EXPIRED: c_int = 8;
/// LCCSCF_ALLOW_INSECURE.
const ALLOW_INSECURE: c_int = 16;

/// What a program asks for, ready for the core.
pub struct Wanted {
    /// The context.
    pub entry: Arc<Entry>,
    /// The vhost.
    pub vhost: Arc<Vhost>,
    /// The rest.
    pub info: ConnectInfo,
    /// Where the connection's handle goes.
    pub pwsi: *mut *mut lws,
}

/// Converts; `None` after a log line.
///
/// # Safety
/// `ccinfo` is NULL or valid as documented for lws_client_connect_via_info.
pub unsafe fn wanted(ccinfo: *const lws_client_connect_info) -> Option<Wanted> {
    // SAFETY: the caller's promise.
    let source = unsafe { ccinfo.as_ref() }?;
    let (entry, vhost) = if source.vhost.is_null() {
        let entry = handle::context(source.context, FUNCTION)?;
        let vhost = entry.context.first_vhost()?;
        (entry, vhost)
    } else {
        handle::vhost(source.vhost, FUNCTION)?
    };
    // SAFETY: the caller's promise covers the strings.
    match unsafe { info(source, &entry.context, &vhost) } {
        Ok(info) => Some(Wanted {
            entry,
            vhost,
            info,
            pwsi: source.pwsi,
        }),
        Err(why) => {
            log_err!("{FUNCTION}: {why}");
            None
        }
    }
}

/// # Safety
/// Valid as documented.
unsafe fn info(
    source: &lws_client_connect_info,
    context: &Context,
    vhost: &Vhost,
) -> Result<ConnectInfo, String> {
    // SAFETY: strings of the struct.
    let address = unsafe { arg::text(source.address) }.ok_or("no address is given")?;
    let address = address.to_str().map_err(|_| "the address is no text")?;
    let port = u16::try_from(source.port).map_err(|_| format!("{} is no port", source.port))?;
    // SAFETY: strings of the struct.
    let method = unsafe { line(source.method, "method") }?;
    let way = match method {
        None => Way::WebSocket,
        Some(name) if name == b"RAW" => Way::Raw,
        Some(name) => Way::Http(name),
    };
    // SAFETY: strings of the struct.
    let path = unsafe { line(source.path, "path") }?.filter(|p| !p.is_empty());
    // SAFETY: strings of the struct.
    let host = unsafe { line(source.host, "host") }?;
    // SAFETY: strings of the struct.
    let origin = unsafe { line(source.origin, "origin") }?;
    let is_raw = vhost.config.options & option::JUST_USE_RAW_ORIGIN != 0;
    let origin = origin.map(|o| match is_raw {
        true => o,
        false => [b"http://".as_slice(), &o].concat(),
    });
    // SAFETY: strings of the struct.
    let subprotocols = unsafe { line(source.protocol, "protocol") }?.unwrap_or_default();
    // SAFETY: strings of the struct.
    let local = unsafe { arg::text(source.local_protocol_name) };
    let protocol = protocol_of(vhost, local, &subprotocols)?;
    // SAFETY: strings of the struct.
    let iface: Option<CString> = unsafe { arg::owned(source.iface) };
    // SAFETY: strings of the struct.
    let tls = unsafe { tls(source, context, host.as_deref(), address) }?;
    Ok(ConnectInfo {
        address: address.to_owned(),
        tls,
        port,
        way,
        path: path.unwrap_or_else(|| b"/".to_vec()),
        host,
        origin,
        subprotocols,
        iface,
        protocol,
        user: source.userdata.expose_provenance(),
        opaque: source.opaque_user_data.expose_provenance(),
        parent: handle::wsi_place(source.parent_wsi, FUNCTION).map(|(h, _)| h),
        is_relay: false,
    })
}

/// What TLS is to ask of the server. Its name is the one in Host, as far as there is one.
///
/// # Safety
/// Valid as documented.
unsafe fn tls(
    source: &lws_client_connect_info,
    context: &Context,
    host: Option<&[u8]>,
    address: &str,
) -> Result<Option<Server>, String> {
    let has = |bit: c_int| source.ssl_connection & bit != 0;
    if !has(USE_SSL) {
        return Ok(None);
    }
    let host = host.and_then(|h| str::from_utf8(h).ok());
    let mut server = Server::named(host.unwrap_or(address));
    server.allows_self_signed = has(ALLOW_SELFSIGNED);
    server.skips_name = has(SKIP_HOSTNAME_CHECK);
    server.allows_expired = has(ALLOW_EXPIRED);
    server.allows_unknown_issuer = has(ALLOW_INSECURE);
    server.identity = match source.sys_tls_client_cert.checked_sub(1) {
        None => None,
        Some(at) => system_blob::client_identity(context, usize::from(at)),
    };
    // SAFETY: strings of the struct.
    if let Some(list) = unsafe { arg::text(source.alpn) }
        && !server.offer(list.to_bytes())
    {
        return Err("alpn: a name is empty or too long".into());
    }
    Ok(Some(server))
}

/// Text that goes into a line of the request.
///
/// # Safety
/// NULL or a string.
unsafe fn line(text: *const c_char, what: &str) -> Result<Option<Vec<u8>>, String> {
    // SAFETY: the caller's promise.
    let Some(text) = (unsafe { arg::text(text) }) else {
        return Ok(None);
    };
    let bytes = text.to_bytes();
    if bytes.iter().any(|b| matches!(b, b'\r' | b'\n')) {
        return Err(format!("a line end in '{what}'"));
    }
    Ok(Some(bytes.to_vec()))
}

/// The vhost's protocol to bind: the one named, else the first of the list for the server that there is, else the first
/// of all.
fn protocol_of(vhost: &Vhost, named: Option<&CStr>, list: &[u8]) -> Result<u16, String> {
    if let Some(name) = named {
        let found = vhost.index_by_name(name.to_bytes());
        return found.ok_or_else(|| format!("no protocol '{}' here", name.to_string_lossy()));
    }
    let names = list.split(|b| *b == b',').map(<[u8]>::trim_ascii);
    let mut found = names.filter_map(|name| vhost.index_by_name(name));
    Ok(found.next().unwrap_or(0))
}
