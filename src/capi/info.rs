//! `struct lws_context_creation_info` to the core's configs, once, at the edge.
//!
//! What this build cannot do is an error with a log line here, so that nothing is silently ignored: event
//! libraries, CGI and proxy mounts, mount passwords.

pub mod connect;
mod mounts;
mod protocols;
pub mod proxies;
mod tls;

use crate::capi::abi::{
    lws_context_creation_info, lws_protocol_vhost_options, lws_protocols, lws_retry_bo,
};
use crate::capi::{arg, ext, handle, privs};
use crate::conn::config::{
    ContextConfig, Listen, Loss, Policy, RefusedAgent, Validity, VhostConfig, option,
};
use crate::sys::clock::SEC;
use crate::sys::logfile::LogFile;
use crate::sys::sock::KeepAlive;
use crate::tls::ctx_client::ClientConfig;
use crate::util::log::{log_err, log_warn};
use std::ffi::{CStr, CString, c_char, c_uint};

/// Ends every linked list that the library itself has to put up with: mounts, options, headers.
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
    let header_data = default_u32(c_uint::from(info.max_http_header_data), 4096);
    let header_data = default_u32(info.max_http_header_data2, header_data);
    let header_pool = c_uint::from(info.max_http_header_pool);
    let header_pool = default_u32(info.max_http_header_pool2, header_pool);
    // SAFETY: the caller's promise about what info points to.
    let identity = unsafe { privs::identity(info) }.map_err(|why| {
        log_err!("lws_create_context: {why}");
        Refused
    })?;
    // SAFETY: the caller's promise about what info points to.
    let validity = unsafe { validity(info.retry_and_idle_policy) };
    // SAFETY: both views of the end of info are plain old data.
    let ours = unsafe { info.tail.ours };
    // SAFETY: the caller's promise about what info points to.
    let agents = unsafe { named_values(info.reject_service_keywords) };
    Ok(ContextConfig {
        options: info.options,
        user: info.user.expose_provenance(),
        threads: u8::try_from(info.count_threads.clamp(1, MAX_THREADS)).unwrap_or(1),
        service_buffer: default_u32(info.pt_serv_buf_size, 4096).max(64) as usize,
        header_data: header_data as usize,
        header_pool,
        fd_limit_per_thread: info.fd_limit_per_thread,
        validity: validity.unwrap_or(Validity {
            ping: 300 * SEC,
            hangup: 310 * SEC,
        }),
        retry_policy: info.retry_and_idle_policy.expose_provenance(),
        tls_session_limit: u32::try_from(info.simultaneous_ssl_restriction).unwrap_or(0),
        identity,
        ip_limit_ah: u32::from(ours.ip_limit_ah),
        ip_limit_wsi: u32::from(ours.ip_limit_wsi),
        udp_loss: Loss {
            sent: info.udp_loss_sim_tx_pc,
            received: info.udp_loss_sim_rx_pc,
        },
        refused_agents: agents.into_iter().map(refused_agent).collect(),
    })
}

/// What lws_init_vhost_client_ssl is given.
///
/// # Safety
/// As [`vhost_config`].
pub unsafe fn tls_client(info: &lws_context_creation_info) -> ClientConfig {
    // SAFETY: the caller's promise.
    unsafe { tls::client(info, true) }
}

/// An answer such as "404 Not Found".
fn refused_agent((keyword, answer): (CString, CString)) -> RefusedAgent {
    let answer = answer.to_bytes();
    let digits = answer.iter().take_while(|b| b.is_ascii_digit()).count();
    let code = answer.get(..digits).unwrap_or_default();
    let code = std::str::from_utf8(code).ok().and_then(|c| c.parse().ok());
    let text = answer.splitn(2, |b| *b == b' ').nth(1);
    RefusedAgent {
        keyword,
        code: code.filter(|c| (100..1000).contains(c)).unwrap_or(403),
        text: text.unwrap_or_default().to_vec(),
    }
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

/// A connection's own policy.
///
/// # Safety
/// NULL or a valid policy.
pub unsafe fn policy(policy: *const lws_retry_bo) -> Option<Policy> {
    // SAFETY: the caller's promise.
    let validity = unsafe { validity(policy) }?;
    Some(Policy {
        validity,
        address: policy.expose_provenance(),
    })
}

/// A vhost's part. `more` are protocols that it has behind its own.
///
/// # Safety
/// `info` and what it points to is valid as documented for lws_create_vhost.
pub unsafe fn vhost_config(
    info: &lws_context_creation_info,
    context_options: u64,
    more: &[lws_protocols],
) -> Result<VhostConfig, Refused> {
    // SAFETY: the caller's promise covers every pointer of info.
    let name = unsafe { arg::owned(info.vhost_name) }.unwrap_or_else(|| c"default".to_owned());
    // SAFETY: as above.
    let copies = unsafe { protocols::copies(info, more) };
    // SAFETY: as above.
    let protocols = unsafe { protocols::all(&copies, info.pvo) };
    // SAFETY: as above.
    let mounts = unsafe { mounts::all(info.mounts, &protocols, &name) }?;
    let proxies = mounts
        .iter()
        .any(|m| m.server.as_ref().is_some_and(|s| s.tls));
    // SAFETY: as above.
    let tls = unsafe { tls::config(info, context_options, &name, proxies) };
    // SAFETY: as above.
    let headers = unsafe { named_values(info.headers) };
    // SAFETY: as above.
    let validity = unsafe { validity(info.retry_and_idle_policy) };
    // SAFETY: as above.
    let (accept_raw, accept_proxy, accept_protocol) =
        unsafe { protocols::accept_config(info, &protocols) };
    // SAFETY: as above.
    let default_protocol = unsafe { protocols::default_protocol(info.pvo, &protocols) };
    let text = |text: *const c_char| {
        // SAFETY: one of info's strings.
        unsafe { arg::owned(text) }
    };
    let iface = text(info.iface);
    let listen = listen_of(info, iface.as_deref(), &name)?;
    // SAFETY: as above.
    let extensions = unsafe { ext::list(info.extensions) };
    let bind_device = bind_device(info, iface.as_deref());
    // SAFETY: as above.
    let proxies = unsafe { proxies::given(info) };
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
        extensions,
        headers,
        server_string: text(info.server_string),
        error_document_404: text(info.error_document_404),
        default_protocol,
        accept_protocol,
        accept_raw,
        accept_proxy,
        timeout_secs: default_u32(info.timeout_secs, 5),
        connect_secs: default_u32(info.connect_timeout_secs, 20),
        keepalive_secs: default_u32(u32::try_from(info.keepalive_timeout).unwrap_or(0), 5),
        head_secs: default_u32(info.timeout_secs_ah_idle, 10),
        validity,
        retry_policy: info.retry_and_idle_policy.expose_provenance(),
        keepalive: keepalive(info),
        unix_owner: text(info.unix_socket_perms),
        bind_device,
        proxies,
        tls,
        access_log: access_log(text(info.log_filepath).as_deref()),
        finalize: finalize(info),
    })
}

/// The interface that the vhost's sockets are tied to.
fn bind_device(info: &lws_context_creation_info, iface: Option<&CStr>) -> Option<String> {
    let iface = iface.filter(|_| info.bind_iface != 0)?;
    Some(iface.to_string_lossy().into_owned())
}

fn keepalive(info: &lws_context_creation_info) -> KeepAlive {
    let n = |v: i32| u32::try_from(v).unwrap_or(0);
    KeepAlive {
        time: n(info.ka_time),
        probes: n(info.ka_probes),
        interval: n(info.ka_interval),
    }
}

/// The file is opened now, while the process has all its rights. One that cannot be is no reason to fail.
fn access_log(path: Option<&CStr>) -> Option<LogFile> {
    let path = path?;
    LogFile::open(path)
        .inspect_err(|e| {
            log_err!(
                "cannot write the access log {}: {e}",
                path.to_string_lossy()
            )
        })
        .ok()
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

/// The same list without what is below its entries.
///
/// # Safety
/// As [`options_list`].
pub unsafe fn named_values(list: *const lws_protocol_vhost_options) -> Vec<(CString, CString)> {
    // SAFETY: the caller's promise.
    let all = unsafe { options_list(list) };
    all.into_iter().map(|(n, v, _)| (n, v)).collect()
}
