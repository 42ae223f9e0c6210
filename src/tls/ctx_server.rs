//! A vhost's server context, and changing its certificate while it serves.
//!
//! The context stays the same object all its life, since programs keep the SSL_CTX they were shown and set it up as they like;
//! a new certificate is put into it in one step, under a lock that everybody takes who makes sessions of it.

use crate::tls::both_sides::{self, text};
use crate::tls::error::Failure;
use crate::tls::material::{self, Source};
use crate::tls::session::Session;
use crate::tls::{Owner, ffi, sni_alpn};
use crate::util::log::{log_err, log_notice};
use openssl::ssl::{
    SslContext, SslContextBuilder, SslMethod, SslMode, SslOptions, SslSessionCacheMode,
    SslVerifyMode,
};
use openssl::stack::Stack;
use openssl::x509::X509;
use parking_lot::RwLock;
use std::ffi::{CStr, CString};
use std::os::fd::RawFd;
use std::rc::Rc;

/// Client certificates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum ClientCerts {
    /// Not asked for.
    #[default]
    Ignored,
    /// Asked for; a client without one is served too.
    Asked,
    /// A client must have a valid one.
    Required,
}

/// What a vhost asks for.
#[derive(Clone, Debug, Default)]
pub struct ServerConfig {
    /// Certificate chain.
    pub cert: Option<Source>,
    /// Its private key.
    pub key: Option<Source>,
    /// The key's passphrase.
    pub passphrase: Option<CString>,
    /// Certificates that client certificates are verified with.
    pub ca: Option<Source>,
    /// Ciphers up to TLS 1.2.
    pub ciphers: Option<CString>,
    /// Ciphers of TLS 1.3.
    pub ciphersuites: Option<CString>,
    /// SSL_OP_* to set.
    pub options_set: u64,
    /// SSL_OP_* to clear.
    pub options_clear: u64,
    /// ECDH group.
    pub curve: Option<CString>,
    /// Protocols to choose from, in order of preference, with commas.
    pub alpn: CString,
    /// Client certificates.
    pub client_certs: ClientCerts,
    /// Events to report: SSL_CB_*.
    pub events: i32,
    /// A certificate or key file that is not there is no failure.
    pub may_miss_files: bool,
}

/// A context being made: the program may still change it.
pub struct ServerBuilder {
    builder: SslContextBuilder,
    /// A certificate is loaded and its key is not.
    pub lacks_key: bool,
    /// Files were missing, and that is no failure.
    pub misses_files: bool,
}

/// A vhost's server context.
pub struct ServerContext {
    context: SslContext,
    /// Read to make sessions, written to change the certificate.
    identity: RwLock<()>,
    events: i32,
    misses_files: bool,
}

impl ServerBuilder {
    /// Loads what the config names. What fails is named in the failure.
    pub fn new(config: &ServerConfig, vhost: &str) -> Result<Self, Failure> {
        let mut builder = SslContext::builder(SslMethod::tls())?;
        set_up(&mut builder, config, vhost)?;
        if let Some(passphrase) = &config.passphrase {
            ffi::offer_passphrase(&mut builder, passphrase)?;
        }
        let misses_files = config.may_miss_files
            && [&config.cert, &config.key]
                .into_iter()
                .flatten()
                .any(Source::is_missing);
        let mut lacks_key = false;
        if misses_files {
            log_notice!("vhost {vhost}: certificate or key is not there yet; going on without");
        } else if let Some(cert) = &config.cert {
            let passphrase = config.passphrase.as_deref();
            let identity = material::identity(cert, config.key.as_ref(), passphrase)?;
            lacks_key = identity.key.is_none();
            both_sides::load(&mut builder, identity)?;
        }
        Ok(Self {
            builder,
            lacks_key,
            misses_files,
        })
    }

    /// The SSL_CTX as C knows it.
    pub fn address(&self) -> usize {
        ffi::address_of_builder(&self.builder)
    }

    /// The context as the program has left it.
    pub fn build(self, config: &ServerConfig) -> ServerContext {
        ServerContext {
            context: self.builder.build(),
            identity: RwLock::new(()),
            events: config.events,
            misses_files: self.misses_files,
        }
    }
}

fn set_up(
    builder: &mut SslContextBuilder,
    config: &ServerConfig,
    vhost: &str,
) -> Result<(), Failure> {
    builder.set_mode(SslMode::ACCEPT_MOVING_WRITE_BUFFER | SslMode::RELEASE_BUFFERS);
    builder.set_options(SslOptions::NO_SSLV3 | SslOptions::CIPHER_SERVER_PREFERENCE);
    builder.set_options(SslOptions::from_bits_retain(config.options_set));
    builder.clear_options(SslOptions::from_bits_retain(config.options_clear));
    builder.set_session_cache_mode(SslSessionCacheMode::SERVER);
    builder.set_session_id_context(&session_context(config, vhost))?;
    let whose = format!("vhost {vhost}: server");
    let (ciphers, suites) = (config.ciphers.as_ref(), config.ciphersuites.as_ref());
    both_sides::set_ciphers(builder, ciphers, suites, &whose);
    if let Some(curve) = &config.curve
        && let Err(e) = builder.set_groups_list(text(curve))
    {
        let why = Failure::from(e);
        log_err!("vhost {vhost}: ecdh_curve '{}': {why}", text(curve));
    }
    if config.client_certs != ClientCerts::Ignored {
        let mut mode = SslVerifyMode::PEER;
        if config.client_certs == ClientCerts::Required {
            mode |= SslVerifyMode::FAIL_IF_NO_PEER_CERT;
        }
        ffi::verify_peers(builder, mode);
    }
    if let Some(ca) = &config.ca
        && let Err(e) = both_sides::trust(builder, ca)
    {
        // As the reference: nobody's certificate will be valid then.
        log_err!("vhost {vhost}: CA {}: {e}", ca.name());
    }
    if config.events != 0 {
        ffi::report_events(builder);
    }
    ffi::ask_by_name(builder);
    sni_alpn::choose_protocol(builder, text(&config.alpn))
}

/// Sessions are resumed only where the same is asked of clients.
fn session_context(config: &ServerConfig, vhost: &str) -> Vec<u8> {
    const LONGEST: usize = 32;
    if config.client_certs == ClientCerts::Ignored {
        return b"lws".to_vec();
    }
    let name = openssl::sha::sha256(vhost.as_bytes());
    name.iter().copied().take(LONGEST).collect()
}

impl ServerContext {
    /// A session for a new connection.
    pub fn session(&self, owner: Owner, fd: RawFd) -> Result<Rc<Session>, Failure> {
        let _identity = self.identity.read();
        Session::server(&self.context, owner, fd)
    }

    /// Events that sessions report.
    pub fn events(&self) -> i32 {
        self.events
    }

    /// Runs `f` while the certificate does not change.
    pub fn with<R>(&self, f: impl FnOnce(&SslContext) -> R) -> R {
        let _identity = self.identity.read();
        f(&self.context)
    }

    /// The certificate that is served.
    pub fn certificate(&self) -> Option<X509> {
        self.with(|context| context.certificate().map(ToOwned::to_owned))
    }

    /// It has a private key.
    pub fn has_key(&self) -> bool {
        self.with(|context| context.private_key().is_some())
    }

    /// Clients must show a valid certificate.
    pub fn requires_client_cert(&self) -> bool {
        let both = SslVerifyMode::PEER | SslVerifyMode::FAIL_IF_NO_PEER_CERT;
        self.context.verify_mode().contains(both)
    }

    /// The SSL_CTX as C knows it.
    pub fn address(&self) -> usize {
        ffi::address_of_context(&self.context)
    }

    /// Files were missing when it was made, and that was no failure.
    pub fn misses_files(&self) -> bool {
        self.misses_files
    }

    /// New sessions get another certificate from now on. On failure the one before stays.
    pub fn update(
        &self,
        cert: &Source,
        key: &Source,
        passphrase: Option<&CStr>,
    ) -> Result<(), Failure> {
        let identity = material::identity(cert, Some(key), passphrase)?;
        let mut chain = Stack::new()?;
        for cert in identity.chain {
            chain.push(cert)?;
        }
        let Some(key) = identity.key else {
            return Err(Failure::because("there is no private key"));
        };
        let _identity = self.identity.write();
        ffi::replace_identity(&self.context, &identity.leaf, &key, &chain)
    }
}
