//! What a client asks of its server: a name, a certificate that it can trust, a protocol.
//!
//! The certificate must lead to one that is trusted, be valid now and carry the server's name, unless the program allows less
//! (LCCSCF_*). Then the owner is asked; it may refuse, or take a refused certificate by clearing the error in the store. Sessions are
//! made with this by [`crate::tls::session::Session::client`].

use crate::tls::error::Failure;
use crate::tls::ffi;
use crate::tls::session::owner_of;
use crate::util::log::log_err;
use openssl::pkey::PKey;
use openssl::ssl::{Ssl, SslVerifyMode};
use openssl::x509::verify::X509CheckFlags;
use openssl::x509::{X509, X509StoreContext, X509StoreContextRef, X509VerifyResult};
use std::net::IpAddr;
use std::sync::Arc;

/// X509_V_ERR_* that a program may allow.
const NOT_YET_VALID: i32 = 9;
const HAS_EXPIRED: i32 = 10;
const SELF_SIGNED: i32 = 18;
const SELF_SIGNED_IN_CHAIN: i32 = 19;
const ISSUER_UNKNOWN: i32 = 20;
const LEAF_NOT_VERIFIED: i32 = 21;

/// A server that a client connects to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Server {
    /// Its name or numeric address, without a port.
    name: String,
    /// Protocols to offer, each behind its length.
    alpn: Vec<u8>,
    /// Where it is reached: sessions are resumed only there.
    endpoint: String,
    /// The certificate to show in place of the vhost's, and its key, DER.
    pub identity: Option<(Vec<u8>, Vec<u8>)>,
    /// Certificates that nobody has signed are taken.
    pub allows_self_signed: bool,
    /// The certificate may be for another name.
    pub skips_name: bool,
    /// Certificates out of their time are taken.
    pub allows_expired: bool,
    /// Certificates of unknown issuers are taken.
    pub allows_unknown_issuer: bool,
}

impl Server {
    /// One that must prove its name; a port behind it is left out.
    pub fn named(host: &str) -> Self {
        let name = match host.strip_prefix('[').and_then(|h| h.split_once(']')) {
            Some((inner, _)) => inner,
            None if host.parse::<IpAddr>().is_ok() => host,
            None => host.split(':').next().unwrap_or(host),
        };
        Self {
            name: name.to_owned(),
            ..Self::default()
        }
    }

    /// The same demands on a server of another name.
    pub fn renamed(&self, host: &str) -> Self {
        Self {
            name: Self::named(host).name,
            ..self.clone()
        }
    }

    /// The same at this address.
    pub fn at(&self, address: &str, port: u16) -> Arc<Self> {
        Arc::new(Self {
            endpoint: format!("{address}:{port}"),
            ..self.clone()
        })
    }

    /// Offers protocols, a comma-separated list. False for an empty name or one of more than 255 bytes.
    pub fn offer(&mut self, list: &[u8]) -> bool {
        for name in list.split(|b| *b == b',').map(<[u8]>::trim_ascii) {
            match u8::try_from(name.len()) {
                Ok(len @ 1..) => {
                    self.alpn.push(len);
                    self.alpn.extend_from_slice(name);
                }
                _ => return false,
            }
        }
        true
    }

    /// Sets a session up.
    pub(super) fn ask_of(self: &Arc<Self>, ssl: &mut Ssl) -> Result<(), Failure> {
        let address = self.name.parse::<IpAddr>().ok();
        if address.is_none() && !self.name.is_empty() {
            ssl.set_hostname(&self.name)?;
        }
        if !self.skips_name {
            let param = ssl.param_mut();
            param.set_hostflags(X509CheckFlags::NO_PARTIAL_WILDCARDS);
            match address {
                Some(ip) => param.set_ip(ip)?,
                None => param.set_host(&self.name)?,
            }
        }
        if !self.alpn.is_empty() {
            ssl.set_alpn_protos(&self.alpn)?;
        }
        if let Some((cert, key)) = &self.identity
            && let Err(e) = show(ssl, cert, key)
        {
            // As the reference: the server decides whether it goes without.
            log_err!("the system's client certificate: {e}");
        }
        let server = self.clone();
        ssl.set_verify_callback(SslVerifyMode::PEER, move |accepted, store| {
            server.judge(accepted, store)
        });
        Ok(())
    }

    /// One certificate of the chain.
    fn judge(&self, accepted: bool, store: &mut X509StoreContextRef) -> bool {
        if !accepted && self.allows(store.error().as_raw()) {
            // quirk: the owner is not asked about what is allowed.
            store.set_error(X509VerifyResult::OK);
            return true;
        }
        let Some((owner, ssl)) = X509StoreContext::ssl_idx()
            .ok()
            .and_then(|index| store.ex_data(index))
            .and_then(|ssl| Some((owner_of(ssl)?, ffi::address_of_session(ssl))))
        else {
            return accepted;
        };
        let at = ffi::address_of_store(store);
        let agrees = owner.hooks.verify_server(owner.number, accepted, at, ssl);
        let error = store.error();
        if !accepted && error != X509VerifyResult::OK {
            let (text, depth) = (error.error_string(), store.error_depth());
            let number = error.as_raw();
            log_err!("SSL error: {text} (preverify_ok=0;err={number};depth={depth})");
            return false;
        }
        agrees
    }

    fn allows(&self, error: i32) -> bool {
        match error {
            SELF_SIGNED | SELF_SIGNED_IN_CHAIN => self.allows_self_signed,
            NOT_YET_VALID | HAS_EXPIRED => self.allows_expired,
            // quirk: it allows nothing else, whatever its name.
            ISSUER_UNKNOWN | LEAF_NOT_VERIFIED => self.allows_unknown_issuer,
            _ => false,
        }
    }
}

/// Shows a client's certificate.
fn show(ssl: &mut Ssl, cert: &[u8], key: &[u8]) -> Result<(), Failure> {
    let cert = X509::from_der(cert)?;
    let key = PKey::private_key_from_der(key)?;
    if !cert.public_key()?.public_eq(&key) {
        return Err(Failure::because("its key does not belong to it"));
    }
    ssl.set_certificate(&cert)?;
    Ok(ssl.set_private_key(&key)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_their_port() {
        let cases = [
            ("host", "host"),
            ("host:443", "host"),
            ("127.0.0.1:443", "127.0.0.1"),
            ("::1", "::1"),
            ("[::1]:443", "::1"),
        ];
        for (host, want) in cases {
            assert_eq!(Server::named(host).name, want);
        }
    }

    #[test]
    fn protocols_stand_behind_their_length() {
        let mut server = Server::named("h");
        assert!(server.offer(b"http/1.1, x"));
        assert_eq!(server.alpn, b"\x08http/1.1\x01x");
        assert!(!server.offer(b"a,,b"));
        assert!(!server.offer(&[b'a'; 256]));
    }
}
