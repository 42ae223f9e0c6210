//! `struct lws_client_connect_info` to the core's, once, at the edge.

use crate::capi::abi::{lws, lws_client_connect_info};
use crate::capi::{arg, handle, system_blob};
use crate::conn::client::{ConnectInfo, Form, Trail, Way};
use crate::conn::config::option;
use crate::conn::context::Context;
use crate::conn::registry::Entry;
use crate::conn::vhost::Vhost;
use crate::tls::verify::Server;
use crate::util::log::{log_err, log_warn};
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

/// LCCSCF_HTTP_MULTIPART_MIME.
const HTTP_MULTIPART_MIME: c_int = 1 << 10;
/// LCCSCF_HTTP_X_WWW_FORM_URLENCODED.
const HTTP_X_WWW_FORM_URLENCODED: c_int = 1 << 11;
/// LCCSCF_HTTP_NO_FOLLOW_REDIRECT.
const NO_FOLLOW_REDIRECT: c_int = 1 << 12;

/// LCCSCF_PIPELINE.
const PIPELINE: c_int = 1 << 16;

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
    let named = protocol_of(vhost, local, &subprotocols);
    // SAFETY: strings of the struct.
    let iface: Option<CString> = unsafe { arg::owned(source.iface) };
    // SAFETY: strings of the struct.
    let trust = unsafe { trust(source, context, host.as_deref(), address) }?;
    let flags = source.ssl_connection;
    Ok(ConnectInfo {
        address: address.to_owned(),
        tls: (flags & USE_SSL != 0).then(|| trust.clone()),
        trust,
        port,
        way,
        path: path.unwrap_or_else(|| b"/".to_vec()),
        host,
        origin,
        subprotocols,
        ws_version: u32::try_from(source.ietf_version_or_minus_one).unwrap_or(0),
        iface,
        protocol: named.unwrap_or(0),
        is_named: named.is_some(),
        user: source.userdata.expose_provenance(),
        opaque: source.opaque_user_data.expose_provenance(),
        // SAFETY: the caller's promise.
        policy: unsafe { super::policy(source.retry_and_idle_policy) },
        parent: handle::wsi_place(source.parent_wsi, FUNCTION).map(|(h, _)| h),
        is_relay: false,
        keeps_redirects: flags & NO_FOLLOW_REDIRECT != 0,
        keep_warm: (flags & PIPELINE != 0).then_some(source.keep_warm_secs),
        form: form(flags),
        trail: Trail::default(),
    })
}

/// What TLS is to ask of the server. Its name is the one in Host, as far as there is one.
///
/// # Safety
/// Valid as documented.
unsafe fn trust(
    source: &lws_client_connect_info,
    context: &Context,
    host: Option<&[u8]>,
    address: &str,
) -> Result<Server, String> {
    let host = host.and_then(|h| str::from_utf8(h).ok());
    let mut server = Server::named(host.unwrap_or(address));
    allow(&mut server, source.ssl_connection);
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
    Ok(server)
}

/// What the flags leave out of what TLS asks of the server, besides what is left out already.
fn allow(server: &mut Server, flags: c_int) {
    let has = |bit: c_int| flags & bit != 0;
    server.allows_self_signed |= has(ALLOW_SELFSIGNED);
    server.skips_name |= has(SKIP_HOSTNAME_CHECK);
    server.allows_expired |= has(ALLOW_EXPIRED);
    server.allows_unknown_issuer |= has(ALLOW_INSECURE);
}

/// What lws_client_reset asks for, in place of what `info` has.
///
/// # Safety
/// NULL or strings.
pub unsafe fn elsewhere(
    info: ConnectInfo,
    flags: c_int,
    address: *const c_char,
    port: c_int,
    path: *const c_char,
    host: *const c_char,
) -> Result<ConnectInfo, String> {
    // SAFETY: the caller's promise.
    let address = unsafe { arg::text(address) }.ok_or("no address is given")?;
    let address = address.to_str().map_err(|_| "the address is no text")?;
    let port = u16::try_from(port).map_err(|_| format!("{port} is no port"))?;
    // SAFETY: the caller's promise.
    let path = unsafe { line(path, "path") }?.unwrap_or_default();
    // SAFETY: the caller's promise.
    let host = unsafe { line(host, "host") }?;
    let name = host.as_deref().and_then(|h| str::from_utf8(h).ok());
    let mut trust = info.trust.renamed(name.unwrap_or(address));
    allow(&mut trust, flags);
    Ok(ConnectInfo {
        address: address.to_owned(),
        port,
        // The reference has its paths without the first slash here.
        path: match path.first() {
            Some(b'/') => path,
            _ => [b"/".as_slice(), &path].concat(),
        },
        tls: (flags & USE_SSL != 0).then(|| trust.clone()),
        trust,
        trail: Trail {
            first: None,
            is_elsewhere: false,
            ..info.trail
        },
        host,
        ..info
    })
}

fn form(flags: c_int) -> Option<Form> {
    match flags & (HTTP_MULTIPART_MIME | HTTP_X_WWW_FORM_URLENCODED) {
        0 => None,
        HTTP_X_WWW_FORM_URLENCODED => Some(Form::UrlEncoded),
        _ => Some(Form::Multipart),
    }
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

/// The vhost's protocol to bind, by `local_protocol_name` or else by `protocol`; `None`: there is none of that name.
///
/// quirk: a list in `protocol` is one name.
fn protocol_of(vhost: &Vhost, local: Option<&CStr>, list: &[u8]) -> Option<u16> {
    let name = local.map_or(list, CStr::to_bytes);
    let found = vhost.index_by_name(name);
    if found.is_none() && local.is_some() {
        let name = String::from_utf8_lossy(name);
        log_warn!("{FUNCTION}: no protocol '{name}' here, the first one gets the callbacks");
    }
    found
}
