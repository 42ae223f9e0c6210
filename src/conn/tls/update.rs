//! Certificates that change while a vhost serves (lws_tls_cert_updated).
//!
//! Connections keep the one they were made with; the next handshake uses the new one. A certificate that is missing, bad, or does
//! not belong to its key changes nothing.

use crate::conn::context::Context;
use crate::conn::vhost::Vhost;
use crate::tls::ctx_server::ServerConfig;
use crate::tls::material::Source;
use crate::util::log::{log_err, log_notice};
use std::ffi::CStr;

/// What replaces what.
pub struct Change<'a> {
    /// The certificate file of the vhosts that change.
    pub cert_path: Option<&'a CStr>,
    /// Their key file.
    pub key_path: Option<&'a CStr>,
    /// The new certificate; empty to read the file again.
    pub cert: &'a [u8],
    /// The new key; empty to read the file again.
    pub key: &'a [u8],
}

fn source_of(path: &CStr, memory: &[u8]) -> Source {
    if memory.is_empty() {
        Source::File(path.to_owned())
    } else {
        Source::Memory(memory.to_vec())
    }
}

fn uses(config: &ServerConfig, change: &Change<'_>) -> bool {
    let path = |source: &Option<Source>| source.as_ref().and_then(Source::path).map(CStr::to_owned);
    let is = |have: &Option<Source>, wanted: Option<&CStr>| {
        wanted.is_some() && path(have).as_deref() == wanted
    };
    is(&config.cert, change.cert_path) && is(&config.key, change.key_path)
}

/// Changes every vhost that uses the files. False when one of them could not be changed.
pub fn apply(context: &Context, change: &Change<'_>) -> bool {
    let mut all_well = true;
    for vhost in context.vhosts() {
        let config = vhost.config.tls.server.as_ref();
        if config.is_some_and(|config| uses(config, change)) {
            all_well &= one(&vhost, change);
        }
    }
    all_well
}

fn one(vhost: &Vhost, change: &Change<'_>) -> bool {
    let name = vhost.config.name.to_string_lossy();
    let (Some(config), Some(server), Some(cert), Some(key)) = (
        vhost.config.tls.server.as_ref(),
        vhost.tls().and_then(|t| t.server.as_ref()),
        change.cert_path,
        change.key_path,
    ) else {
        return false;
    };
    let cert = source_of(cert, change.cert);
    let key = source_of(key, change.key);
    match server.update(&cert, &key, config.passphrase.as_deref()) {
        Ok(()) => {
            log_notice!("vhost {name}: has a new certificate");
            true
        }
        Err(e) => {
            log_err!("vhost {name}: keeps its certificate: {e}");
            false
        }
    }
}
