//! `struct lws_context_creation_info` to the core's configs, once, at the edge.
//!
//! What this build cannot do is an error with a log line here, so that nothing is silently ignored: TLS, event
//! libraries, CGI and proxy mounts, mount passwords.

use crate::capi::abi::{
    lws_context_creation_info, lws_http_mount, lws_protocol_vhost_options, lws_protocols,
    lws_retry_bo,
};
use crate::capi::{arg, handle, upcall};
use crate::conn::config::{
    AcceptProtocol, CachePolicy, ContextConfig, Listen, Mount, MountKind, Validity, VhostConfig,
    option,
};
use crate::conn::protocol::{Callback, Protocol};
use crate::sys::clock::SEC;
use crate::sys::sock::KeepAlive;
use crate::util::log::{log_err, log_warn};
use parking_lot::Mutex;
use std::ffi::{CStr, CString, c_char, c_uint};

/// Ends every list of protocols that the library itself has to put up with.
const MAX_PROTOCOLS: usize = 1024;
/// The same for linked lists: mounts, options, headers.
const MAX_LINKED: usize = 65536;
/// LWS_MAX_SMP.
const MAX_THREADS: u32 = 32;

const CONTEXT_PORT_NO_LISTEN: i32 = -1;
const CONTEXT_PORT_NO_LISTEN_SERVER: i32 = -2;

/// Options whose features this build does not have.
const EVENT_LIBRARIES: u64 = 0x10 | 0x400 | 0x20_0000 | 0x2_0000_0000;

/// The program asks for something that cannot be had; it has been logged.
pub struct Refused;

fn default_u32(value: c_uint, default: u32) -> u32 {
    if value == 0 { default } else { value }
}

/// The context's part.
///
/// # Safety
/// `info` and what it points to is valid as documented for lws_create_context.
pub unsafe fn context_config(info: &lws_context_creation_info) -> Result<ContextConfig, Refused> {
    if info.options & EVENT_LIBRARIES != 0 {
        log_err!(
            "lws_create_context: options ask for an event library, which this build does not have yet"
        );
        return Err(Refused);
    }
    if info.ka_time > 0 && info.ka_interval <= 0 {
        log_err!("lws_create_context: ka_time is set but ka_interval is not");
        return Err(Refused);
    }
    let header_data = if info.max_http_header_data2 > 0 {
        info.max_http_header_data2
    } else {
        default_u32(c_uint::from(info.max_http_header_data), 4096)
    };
    let pool = if info.max_http_header_pool2 > 0 {
        info.max_http_header_pool2
    } else {
        c_uint::from(info.max_http_header_pool)
    };
    // SAFETY: the caller's promise about what info points to.
    let validity = unsafe { validity(info.retry_and_idle_policy) };
    Ok(ContextConfig {
        options: info.options,
        user: info.user.expose_provenance(),
        threads: u8::try_from(info.count_threads.clamp(1, MAX_THREADS)).unwrap_or(1),
        service_buffer: default_u32(info.pt_serv_buf_size, 4096).max(64) as usize,
        header_data: header_data as usize,
        header_pool: pool,
        fd_limit_per_thread: info.fd_limit_per_thread,
        validity: validity.unwrap_or(Validity {
            ping: 300 * SEC,
            hangup: 310 * SEC,
        }),
        retry_policy: info.retry_and_idle_policy.expose_provenance(),
    })
}

/// # Safety
/// NULL or a valid policy.
unsafe fn validity(policy: *const lws_retry_bo) -> Option<Validity> {
    // SAFETY: the caller's promise.
    let policy = unsafe { policy.as_ref() }?;
    Some(Validity {
        ping: i64::from(policy.secs_since_valid_ping) * SEC,
        hangup: i64::from(policy.secs_since_valid_hangup) * SEC,
    })
}

/// A vhost's part.
///
/// # Safety
/// `info` and what it points to is valid as documented for lws_create_vhost.
pub unsafe fn vhost_config(info: &lws_context_creation_info) -> Result<VhostConfig, Refused> {
    // SAFETY: the caller's promise covers every pointer of info.
    let name = unsafe { arg::owned(info.vhost_name) }.unwrap_or_else(|| c"default".to_owned());
    if wants_tls(info) {
        let name = name.to_string_lossy();
        log_err!("vhost {name}: a TLS certificate is given, which this build cannot serve yet");
        return Err(Refused);
    }
    // SAFETY: as above.
    let copies = unsafe { protocol_copies(info) };
    // SAFETY: as above.
    let protocols = unsafe { protocols(&copies, info.pvo) };
    // SAFETY: as above.
    let mounts = unsafe { mounts(info.mounts, &protocols, &name) }?;
    // SAFETY: as above.
    let unix = unsafe { arg::owned(info.unix_socket_perms) };
    // SAFETY: as above.
    let headers = unsafe { options_list(info.headers) };
    let headers = headers.into_iter().map(|(n, v, _)| (n, v)).collect();
    // SAFETY: as above.
    let server_string = unsafe { arg::owned(info.server_string) };
    // SAFETY: as above.
    let error_document_404 = unsafe { arg::owned(info.error_document_404) };
    // SAFETY: as above.
    let validity = unsafe { validity(info.retry_and_idle_policy) };
    // SAFETY: as above.
    let (accept_raw, accept_protocol) = unsafe { accept_config(info, &protocols) };
    // SAFETY: as above.
    let default_protocol = unsafe { default_protocol(info.pvo, &protocols) };
    // SAFETY: as above.
    let iface = unsafe { arg::owned(info.iface) };
    let listen = listen_of(info, iface.as_deref(), &name)?;
    let bind_device = (info.bind_iface != 0)
        .then(|| iface.as_ref().map(|i| i.to_string_lossy().into_owned()))
        .flatten();
    Ok(VhostConfig {
        name,
        listen,
        port: info.port,
        iface,
        options: info.options,
        user: info.user.expose_provenance(),
        protocols,
        keep: Box::new(copies),
        mounts,
        headers,
        server_string,
        error_document_404,
        default_protocol,
        accept_protocol,
        accept_raw,
        timeout_secs: default_u32(info.timeout_secs, 5),
        keepalive_secs: u32::try_from(info.keepalive_timeout)
            .ok()
            .filter(|s| *s > 0)
            .unwrap_or(5),
        head_secs: default_u32(info.timeout_secs_ah_idle, 10),
        validity,
        retry_policy: info.retry_and_idle_policy.expose_provenance(),
        keepalive: keepalive(info),
        unix_owner: unix,
        bind_device,
        finalize: finalize(info),
    })
}

fn wants_tls(info: &lws_context_creation_info) -> bool {
    !info.ssl_cert_filepath.is_null()
        || !info.server_ssl_cert_mem.is_null()
        || info.options & crate::capi::abi::LWS_SERVER_OPTION_CREATE_VHOST_SSL_CTX != 0
}

fn keepalive(info: &lws_context_creation_info) -> KeepAlive {
    let n = |v: i32| u32::try_from(v).unwrap_or(0);
    KeepAlive {
        time: n(info.ka_time),
        probes: n(info.ka_probes),
        interval: n(info.ka_interval),
    }
}

type Finalize = Option<Box<dyn Fn(usize) + Send + Sync>>;

fn finalize(info: &lws_context_creation_info) -> Finalize {
    let function = info.finalize?;
    let argument = info.finalize_arg.expose_provenance();
    Some(Box::new(move |vhost| {
        let argument = std::ptr::with_exposed_provenance_mut(argument);
        // SAFETY: the program gave function and argument for exactly this call.
        unsafe { function(handle::to_c(vhost), argument) };
    }))
}

fn listen_of(
    info: &lws_context_creation_info,
    iface: Option<&CStr>,
    name: &CStr,
) -> Result<Listen, Refused> {
    let name = name.to_string_lossy();
    if matches!(
        info.port,
        CONTEXT_PORT_NO_LISTEN | CONTEXT_PORT_NO_LISTEN_SERVER
    ) {
        return Ok(Listen::Nowhere);
    }
    if info.options & option::UNIX_SOCK != 0 {
        let Some(path) = iface
            .and_then(|p| p.to_str().ok())
            .filter(|p| !p.is_empty())
        else {
            log_err!("vhost {name}: LWS_SERVER_OPTION_UNIX_SOCK needs the socket's path in iface");
            return Err(Refused);
        };
        return Ok(Listen::Unix(path.to_owned()));
    }
    let Ok(port) = u16::try_from(info.port) else {
        log_err!("vhost {name}: {} is no port number", info.port);
        return Err(Refused);
    };
    Ok(Listen::Tcp {
        iface: iface.map(CStr::to_owned),
        port,
    })
}

/// The program's protocols, copied: lws_get_protocol gives addresses inside this array, which ends with an empty one.
///
/// # Safety
/// As [`vhost_config`].
unsafe fn protocol_copies(info: &lws_context_creation_info) -> Box<[ProtocolCopy]> {
    let mut copies: Vec<lws_protocols> = Vec::new();
    for at in 0..MAX_PROTOCOLS {
        let source: *const lws_protocols = if info.protocols.is_null() && !info.pprotocols.is_null()
        {
            // SAFETY: an array of pointers that ends with NULL, by the caller's promise.
            let place = unsafe { info.pprotocols.add(at) };
            // SAFETY: as above.
            unsafe { place.read() }
        } else if info.protocols.is_null() {
            std::ptr::null()
        } else {
            // SAFETY: an array that ends with an entry without callback, by the caller's promise.
            unsafe { info.protocols.add(at) }
        };
        // SAFETY: null or an entry of the array.
        let Some(entry) = (unsafe { source.as_ref() }) else {
            break;
        };
        if entry.callback.is_none() {
            break;
        }
        copies.push(*entry);
    }
    if copies.is_empty() {
        copies.push(dummy_protocol());
    }
    // SAFETY: plain old data; all zero is the end of the array.
    copies.push(unsafe { std::mem::zeroed() });
    copies.into_iter().map(ProtocolCopy).collect()
}

/// What a vhost without protocols gets: files from its mounts, nothing else.
fn dummy_protocol() -> lws_protocols {
    lws_protocols {
        name: c"http-only".as_ptr(),
        callback: Some(crate::capi::respond::lws_callback_http_dummy),
        per_session_data_size: 0,
        rx_buffer_size: 0,
        id: 0,
        user: std::ptr::null_mut(),
        tx_packet_size: 0,
    }
}

/// A struct lws_protocols that may be looked at from any thread.
#[repr(transparent)]
struct ProtocolCopy(lws_protocols);
// SAFETY: never changed after creation; its pointers are only handed back to the program.
unsafe impl Send for ProtocolCopy {}
// SAFETY: as above.
unsafe impl Sync for ProtocolCopy {}

/// # Safety
/// As [`vhost_config`]; `copies` stays where it is as long as the result lives.
unsafe fn protocols(
    copies: &[ProtocolCopy],
    pvo: *const lws_protocol_vhost_options,
) -> Vec<Protocol> {
    let mut all = Vec::new();
    for copy in copies {
        let Some(callback) = copy.0.callback else {
            break;
        };
        // SAFETY: the caller's promise.
        let name = unsafe { arg::owned(copy.0.name) }.unwrap_or_default();
        // SAFETY: the caller's promise.
        let options = unsafe { protocol_options(pvo, &name) };
        all.push(Protocol {
            name,
            callback: Callback {
                run: upcall::protocol,
                addr: (callback as *const ()).expose_provenance(),
            },
            session_len: copy.0.per_session_data_size,
            rx_len: copy.0.rx_buffer_size,
            c_addr: (&raw const copy.0).expose_provenance(),
            options,
            vhost_private: Mutex::new(None),
        });
    }
    all
}

/// The options under a protocol's name in the vhost's list.
///
/// # Safety
/// `pvo` is NULL or a valid list.
unsafe fn protocol_options(pvo: *const lws_protocol_vhost_options, name: &CStr) -> usize {
    // SAFETY: the caller's promise.
    unsafe { options_list(pvo) }
        .into_iter()
        .find(|(n, ..)| n.as_c_str() == name)
        .map_or(0, |(_, _, options)| options)
}

/// A linked list of options as (name, value, address of the options below).
///
/// # Safety
/// `list` is NULL or a valid list.
unsafe fn options_list(list: *const lws_protocol_vhost_options) -> Vec<(CString, CString, usize)> {
    let mut all = Vec::new();
    let mut next = list;
    // SAFETY: null or an entry of the list.
    while let Some(entry) = unsafe { next.as_ref() } {
        // SAFETY: strings of the list.
        let name = unsafe { arg::owned(entry.name) }.unwrap_or_default();
        // SAFETY: strings of the list.
        let value = unsafe { arg::owned(entry.value) }.unwrap_or_default();
        all.push((name, value, entry.options.expose_provenance()));
        next = entry.next;
        if all.len() >= MAX_LINKED {
            log_warn!("an option list of more than {MAX_LINKED} entries was cut: is it a loop?");
            break;
        }
    }
    all
}

fn index_of(protocols: &[Protocol], name: &CStr) -> Option<u16> {
    let at = protocols.iter().position(|p| p.name.as_c_str() == name)?;
    u16::try_from(at).ok()
}

/// The protocol whose options have `which` set to something but 0 or nothing.
///
/// # Safety
/// As [`vhost_config`].
unsafe fn protocol_with(
    pvo: *const lws_protocol_vhost_options,
    protocols: &[Protocol],
    which: &CStr,
) -> Option<u16> {
    // SAFETY: the caller's promise.
    for (name, _, options) in unsafe { options_list(pvo) } {
        let below = std::ptr::with_exposed_provenance(options);
        // SAFETY: the address is the options member of a list entry.
        let below = unsafe { options_list(below) };
        let is_set = below
            .iter()
            .any(|(n, v, _)| n.as_c_str() == which && v.as_c_str() != c"0");
        if is_set {
            return index_of(protocols, &name);
        }
    }
    None
}

/// # Safety
/// As [`vhost_config`].
unsafe fn default_protocol(pvo: *const lws_protocol_vhost_options, protocols: &[Protocol]) -> u16 {
    // SAFETY: the caller's promise.
    unsafe { protocol_with(pvo, protocols, c"default") }.unwrap_or(0)
}

/// Whether (and on which protocol) connections that do not speak http become raw.
///
/// # Safety
/// As [`vhost_config`].
unsafe fn accept_config(
    info: &lws_context_creation_info,
    protocols: &[Protocol],
) -> (bool, AcceptProtocol) {
    // SAFETY: the caller's promise.
    let role = unsafe { arg::text(info.listen_accept_role) };
    // SAFETY: the caller's promise.
    let named = unsafe { arg::text(info.listen_accept_protocol) };
    // SAFETY: the caller's promise.
    let by_option = unsafe { protocol_with(info.pvo, protocols, c"raw") };
    if let Some(role) = role
        && !role.to_bytes().starts_with(b"raw")
    {
        // quirk: whatever role is named, it is raw.
        log_warn!(
            "listen_accept_role '{}' is taken for raw-skt",
            role.to_string_lossy()
        );
    }
    // The older interface has no role: an option bit, and "raw" in a protocol's options.
    let is_raw = role.is_some() || info.options & option::FALLBACK_TO_ACCEPT_CONFIG != 0;
    let protocol = match named {
        Some(name) => {
            index_of(protocols, name).map_or(AcceptProtocol::Unknown, AcceptProtocol::Named)
        }
        None => AcceptProtocol::Implied(by_option.unwrap_or(0)),
    };
    (is_raw, protocol)
}

/// # Safety
/// As [`vhost_config`].
unsafe fn mounts(
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
    let kind = mount_kind(entry).map_err(|why| {
        let (vhost, point) = (vhost.to_string_lossy(), point.to_string_lossy());
        log_err!("vhost {vhost}: mount {point}: {why}");
        Refused
    })?;
    let belongs = match (&protocol, kind) {
        (Some(name), _) => Some(name.as_c_str()),
        (None, MountKind::Callback) => Some(origin.as_c_str()),
        (None, _) => None,
    };
    let index = belongs.and_then(|n| index_of(protocols, n));
    if let (Some(name), None) = (belongs, index) {
        // Requests for it are dropped, as in the reference; the rest of the vhost works.
        let (vhost, point) = (vhost.to_string_lossy(), point.to_string_lossy());
        log_warn!(
            "vhost {vhost}: mount {point}: no protocol '{}' here",
            name.to_string_lossy()
        );
    }
    // SAFETY: a list of the entry.
    let mimetypes = unsafe { options_list(entry.extra_mimetypes) };
    let mut mountpoint = point.into_bytes();
    let len = usize::from(entry.mountpoint_len);
    if len > 0 {
        mountpoint.truncate(len);
    }
    Ok(Mount {
        mountpoint,
        origin,
        default_file: default_file.unwrap_or_else(|| c"index.html".to_owned()),
        kind,
        names_protocol: protocol.is_some(),
        protocol: index,
        per_mount_options: entry.cgienv.expose_provenance(),
        extra_mimetypes: mimetypes.into_iter().map(|(n, v, _)| (n, v)).collect(),
        cache: CachePolicy {
            max_age: u32::try_from(entry.cache_max_age).unwrap_or(0),
            reusable: entry.cache_reusable(),
            revalidate: entry.cache_revalidate(),
            intermediaries: entry.cache_intermediaries(),
        },
    })
}

/// # Safety
/// NULL or a string.
unsafe fn text_of(text: *const c_char) -> Option<CString> {
    // SAFETY: the caller's promise.
    unsafe { arg::owned(text) }.filter(|t| !t.is_empty())
}

fn mount_kind(entry: &lws_http_mount) -> Result<MountKind, String> {
    if !entry.basic_auth_login_file.is_null() {
        return Err("basic_auth_login_file is not supported by this build yet".into());
    }
    match entry.origin_protocol {
        2 => Ok(MountKind::File),
        4 => Ok(MountKind::Redirect { tls: false }),
        5 => Ok(MountKind::Redirect { tls: true }),
        6 => Ok(MountKind::Callback),
        n => Err(format!(
            "origin_protocol {n} is not supported by this build yet"
        )),
    }
}
