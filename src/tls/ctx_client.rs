//! A vhost's client context: what it trusts, and what it shows of itself.
//!
//! Made with every vhost of a context that uses TLS, since programs add to it when the vhost is created.

use crate::tls::error::Failure;
use crate::tls::material::{self, Source};
use crate::tls::resume::Sessions;
use crate::tls::{both_sides, ffi};
use crate::util::log::log_err;
use openssl::ssl::{SslContext, SslContextBuilder, SslContextRef, SslMethod, SslMode, SslOptions};
use openssl::x509::X509;
use std::ffi::CString;
use std::sync::Arc;

/// What a vhost asks for.
#[derive(Clone, Debug, Default)]
pub struct ClientConfig {
    /// Certificate chain to show.
    pub cert: Option<Source>,
    /// Its private key.
    pub key: Option<Source>,
    /// The key's passphrase.
    pub passphrase: Option<CString>,
    /// Certificates to trust besides the system's.
    pub ca: Option<Source>,
    /// The system's certificates are not trusted.
    pub distrusts_system: bool,
    /// Ciphers up to TLS 1.2.
    pub ciphers: Option<CString>,
    /// Ciphers of TLS 1.3.
    pub ciphersuites: Option<CString>,
    /// SSL_OP_* to set.
    pub options_set: u64,
    /// SSL_OP_* to clear.
    pub options_clear: u64,
    /// Every connection is made anew.
    pub never_resumes: bool,
    /// A context of the program's, in place of all that.
    pub provided: Option<SslContext>,
}

/// A context being made: the program may still change it.
pub struct ClientBuilder {
    builder: SslContextBuilder,
    resumes: bool,
}

/// A vhost's client context.
pub struct ClientContext {
    context: SslContext,
    /// Sessions to resume, unless that is not wanted.
    sessions: Option<Arc<Sessions>>,
}

impl ClientBuilder {
    /// Loads what the config names.
    pub fn new(config: &ClientConfig, vhost: &str) -> Result<Self, Failure> {
        let mut builder = SslContext::builder(SslMethod::tls())?;
        builder.set_mode(SslMode::ACCEPT_MOVING_WRITE_BUFFER | SslMode::RELEASE_BUFFERS);
        builder.set_options(SslOptions::CIPHER_SERVER_PREFERENCE);
        builder.set_options(SslOptions::from_bits_retain(config.options_set));
        builder.clear_options(SslOptions::from_bits_retain(config.options_clear));
        if !config.distrusts_system {
            builder.set_default_verify_paths()?;
        }
        let whose = format!("vhost {vhost}: client");
        let (ciphers, suites) = (config.ciphers.as_ref(), config.ciphersuites.as_ref());
        both_sides::set_ciphers(&mut builder, ciphers, suites, &whose);
        if let Some(ca) = &config.ca
            && let Err(e) = both_sides::trust(&mut builder, ca)
        {
            log_err!("vhost {vhost}: client CA {}: {e}", ca.name());
        }
        if let Some(passphrase) = &config.passphrase {
            ffi::offer_passphrase(&mut builder, passphrase)?;
        }
        if let Some(cert) = &config.cert {
            let passphrase = config.passphrase.as_deref();
            let identity = material::identity(cert, config.key.as_ref(), passphrase)?;
            both_sides::load(&mut builder, identity)?;
        }
        let resumes = !config.never_resumes;
        if resumes {
            ffi::resume::keep_sessions(&mut builder);
        }
        Ok(Self { builder, resumes })
    }

    /// The SSL_CTX as C knows it.
    pub fn address(&self) -> usize {
        ffi::address_of_builder(&self.builder)
    }

    /// The context as the program has left it.
    pub fn build(self) -> ClientContext {
        ClientContext {
            context: self.builder.build(),
            sessions: self.resumes.then(Arc::default),
        }
    }
}

impl ClientContext {
    /// One that the program has made, and sees to itself.
    pub fn provided(context: SslContext) -> Self {
        Self {
            context,
            sessions: None,
        }
    }

    /// The context itself.
    pub fn context(&self) -> &SslContextRef {
        &self.context
    }

    /// Sessions to resume.
    pub(super) fn sessions(&self) -> Option<&Arc<Sessions>> {
        self.sessions.as_ref()
    }

    /// One more certificate to trust, DER.
    pub fn trust_der(&self, der: &[u8]) -> Result<(), Failure> {
        let cert = X509::from_der(der)?;
        ffi::trust(&self.context, &cert)
    }
}
