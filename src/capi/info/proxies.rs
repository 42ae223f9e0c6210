//! The proxies of a vhost's outgoing connections: info, the environment, lws_set_proxy and lws_set_socks.

use crate::capi::abi::lws_context_creation_info;
use crate::capi::arg;
use crate::conn::client::tunnel::Proxies;
use crate::proto::proxy::{Address, socks5};
use crate::util::log::log_err;
use std::os::unix::ffi::OsStrExt as _;
use std::sync::Arc;

/// Reads the address of an http proxy; a log line says what is wrong with it.
pub fn http(text: &[u8], port: Option<u16>) -> Option<Arc<Address>> {
    let read = Address::parse(text, &["http"], port);
    read.map_err(|why| log_err!("http_proxy needs to be ads:port: {why}"))
        .ok()
        .map(Arc::new)
}

/// Reads the address of a SOCKS proxy.
pub fn socks(text: &[u8]) -> Option<Arc<Address>> {
    let read = Address::parse(text, &["socks", "socks5", "socks5h"], None).and_then(|a| {
        socks5::can_say(&a)
            .then_some(a)
            .ok_or("user or password is too long")
    });
    read.map_err(|why| log_err!("socks_proxy needs to be ads:port: {why}"))
        .ok()
        .map(Arc::new)
}

/// What a vhost begins with: http_proxy_address, else the environment's http_proxy; socks_proxy.
///
/// # Safety
/// Valid as documented for lws_create_vhost.
pub unsafe fn given(info: &lws_context_creation_info) -> Proxies {
    // SAFETY: the caller's promise.
    let named = unsafe { arg::text(info.http_proxy_address) };
    let port = u16::try_from(info.http_proxy_port).ok();
    let variable = |name| std::env::var_os(name).filter(|v| !v.is_empty());
    Proxies {
        http: match named {
            Some(text) => http(text.to_bytes(), port),
            None => variable("http_proxy").and_then(|v| http(v.as_bytes(), None)),
        },
        socks: variable("socks_proxy").and_then(|v| socks(v.as_bytes())),
    }
}
