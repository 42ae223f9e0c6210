//! The vhost's mounts.

use super::protocols::index_of;
use super::{MAX_LINKED, Refused, named_values};
use crate::capi::abi::lws_http_mount;
use crate::capi::arg;
use crate::conn::config::{CachePolicy, Mount, MountAuth, MountKind};
use crate::conn::protocol::Protocol;
use crate::proto::http::forward::Origin;
use crate::util::log::{log_err, log_warn};
use std::ffi::{CStr, CString, c_char};

/// The list of mounts, in its order.
///
/// # Safety
/// As [`super::vhost_config`].
pub(super) unsafe fn all(
    list: *const lws_http_mount,
    protocols: &[Protocol],
    vhost: &CStr,
) -> Result<Vec<Mount>, Refused> {
    let mut all = Vec::new();
    let mut next = list;
    // SAFETY: null or an entry of the list.
    while let Some(entry) = unsafe { next.as_ref() } {
        // SAFETY: an entry of the list.
        all.push(unsafe { mount(entry, protocols, vhost) }?);
        next = entry.mount_next;
        if all.len() >= MAX_LINKED {
            log_warn!("a mount list of more than {MAX_LINKED} entries was cut: is it a loop?");
            break;
        }
    }
    Ok(all)
}

/// # Safety
/// A valid entry.
unsafe fn mount(
    entry: &lws_http_mount,
    protocols: &[Protocol],
    vhost: &CStr,
) -> Result<Mount, Refused> {
    // SAFETY: strings of the entry.
    let point = unsafe { arg::owned(entry.mountpoint) }.unwrap_or_default();
    // SAFETY: strings of the entry.
    let origin = unsafe { arg::owned(entry.origin) }.unwrap_or_default();
    // SAFETY: strings of the entry.
    let default_file = unsafe { arg::owned(entry.def) };
    // SAFETY: strings of the entry.
    let protocol = unsafe { text_of(entry.protocol) };
    let place = format!(
        "vhost {}: mount {}",
        vhost.to_string_lossy(),
        point.to_string_lossy()
    );
    let refused = |why: String| {
        log_err!("{place}: {why}");
        Refused
    };
    let kind = mount_kind(entry).map_err(refused)?;
    // SAFETY: a string of the entry.
    let auth = unsafe { auth(entry) }.map_err(refused)?;
    let server = proxy_server(kind, entry.origin_protocol == 1, &origin)
        .map_err(|()| refused(format!("{origin:?} is no origin for a proxy")))?;
    let index = owner(&place, kind, protocol.as_deref(), &origin, protocols);
    // SAFETY: a list of the entry.
    let interpret = unsafe { named_values(entry.interpret) };
    let interpret = interpreters(&place, interpret, protocols);
    // SAFETY: a list of the entry.
    let extra_mimetypes = unsafe { named_values(entry.extra_mimetypes) };
    let cgi_variables = match kind {
        // SAFETY: a list of the entry.
        MountKind::Cgi => unsafe { named_values(entry.cgienv) },
        _ => Vec::new(),
    };
    let mut mountpoint = point.into_bytes();
    let len = usize::from(entry.mountpoint_len);
    if len > 0 {
        mountpoint.truncate(len);
    }
    Ok(Mount {
        mountpoint,
        origin,
        server,
        default_file: default_file.unwrap_or_else(|| c"index.html".to_owned()),
        kind,
        names_protocol: protocol.is_some(),
        protocol: index,
        per_mount_options: entry.cgienv.expose_provenance(),
        cgi_variables,
        cgi_secs: u32::try_from(entry.cgi_timeout).unwrap_or(0),
        extra_mimetypes,
        cache: CachePolicy {
            max_age: u32::try_from(entry.cache_max_age).unwrap_or(0),
            reusable: entry.cache_reusable(),
            revalidate: entry.cache_revalidate(),
            intermediaries: entry.cache_intermediaries(),
        },
        auth,
        interpret,
    })
}

/// The protocol that a mount belongs to: the one it names, or for callbacks the one that its origin is.
fn owner(
    place: &str,
    kind: MountKind,
    named: Option<&CStr>,
    origin: &CStr,
    protocols: &[Protocol],
) -> Option<u16> {
    let name = named.or((kind == MountKind::Callback).then_some(origin))?;
    let index = index_of(protocols, name);
    if index.is_none() {
        // Requests for it are dropped, as in the reference; the rest of the vhost works.
        log_warn!("{place}: no protocol '{}' here", name.to_string_lossy());
    }
    index
}

/// Which protocols rewrite files, by suffix.
fn interpreters(
    place: &str,
    list: Vec<(CString, CString)>,
    protocols: &[Protocol],
) -> Vec<(CString, Option<u16>)> {
    let find = |(suffix, name): (CString, CString)| {
        let index = index_of(protocols, &name);
        if index.is_none() {
            let name = name.to_string_lossy();
            log_warn!("{place}: no protocol '{name}' to interpret files");
        }
        (suffix, index)
    };
    list.into_iter().map(find).collect()
}

/// # Safety
/// NULL or a string.
unsafe fn text_of(text: *const c_char) -> Option<CString> {
    // SAFETY: the caller's promise.
    unsafe { arg::owned(text) }.filter(|t| !t.is_empty())
}

/// # Safety
/// A valid entry.
unsafe fn auth(entry: &lws_http_mount) -> Result<MountAuth, String> {
    const MODE: u32 = 0xF000_0000;
    const BY_FILE: u32 = 0;
    const BY_CALLBACK: u32 = 1 << 28;
    // SAFETY: a string of the entry.
    let file = unsafe { arg::owned(entry.basic_auth_login_file) };
    match entry.auth_mask & MODE {
        BY_FILE => Ok(file.map_or(MountAuth::Open, MountAuth::File)),
        BY_CALLBACK => Ok(MountAuth::Callback),
        mode => Err(format!("auth_mask has the unknown mode {mode:#x}")),
    }
}

/// The server that a proxy mount names.
fn proxy_server(kind: MountKind, tls: bool, origin: &CStr) -> Result<Option<Origin>, ()> {
    if kind != MountKind::Proxy {
        return Ok(None);
    }
    let text = origin.to_str().map_err(|_| ())?;
    Origin::parse(text, tls).map(Some).ok_or(())
}

fn mount_kind(entry: &lws_http_mount) -> Result<MountKind, String> {
    match entry.origin_protocol {
        0 => Ok(MountKind::Proxy),
        1 => Ok(MountKind::Proxy),
        2 => Ok(MountKind::File),
        3 => Ok(MountKind::Cgi),
        4 => Ok(MountKind::Redirect { tls: false }),
        5 => Ok(MountKind::Redirect { tls: true }),
        6 => Ok(MountKind::Callback),
        n => Err(format!(
            "origin_protocol {n} is not supported by this build yet"
        )),
    }
}
