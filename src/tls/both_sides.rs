//! What the contexts of servers and of clients are set up with alike: certificate and key, trust, ciphers.
//!
//! A bad cipher list is a log line and not a failure, as in the reference. Called by [`super::ctx_server`] and
//! [`super::ctx_client`].

use crate::tls::error::Failure;
use crate::tls::material::{self, Identity, Source};
use crate::util::log::log_err;
use openssl::ssl::SslContextBuilder;
use std::ffi::{CStr, CString};

/// A member of info as text.
pub(super) fn text(value: &CStr) -> &str {
    value.to_str().unwrap_or("(not text)")
}

/// Gives a context its certificate, chain and key.
pub(super) fn load(builder: &mut SslContextBuilder, identity: Identity) -> Result<(), Failure> {
    builder.set_certificate(&identity.leaf)?;
    for cert in identity.chain {
        builder.add_extra_chain_cert(cert)?;
    }
    if let Some(key) = identity.key {
        builder.set_private_key(&key)?;
    }
    Ok(())
}

/// Verifies peers' certificates with those of `ca`, too.
pub(super) fn trust(builder: &mut SslContextBuilder, ca: &Source) -> Result<(), Failure> {
    for cert in material::certificates(&ca.bytes()?)? {
        builder.cert_store_mut().add_cert(cert)?;
    }
    Ok(())
}

/// Ciphers up to TLS 1.2, and those of TLS 1.3; `whose` begins the log line of a bad list.
pub(super) fn set_ciphers(
    builder: &mut SslContextBuilder,
    ciphers: Option<&CString>,
    ciphersuites: Option<&CString>,
    whose: &str,
) {
    if let Some(list) = ciphers.map(|list| text(list))
        && let Err(e) = builder.set_cipher_list(list)
    {
        let why = Failure::from(e);
        log_err!("{whose} cipher list '{list}': {why}");
    }
    if let Some(list) = ciphersuites.map(|list| text(list))
        && let Err(e) = builder.set_ciphersuites(list)
    {
        let why = Failure::from(e);
        log_err!("{whose} TLS 1.3 cipher list '{list}': {why}");
    }
}
