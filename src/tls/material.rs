//! Certificates and keys from files or memory, PEM or DER.
//!
//! Everything is read and checked before a context sees it, so a file that is missing or bad leaves a context as it was.
//! A passphrase is never asked for at the terminal.

use crate::tls::error::{self, Failure};
use openssl::pkey::{PKey, Private};
use openssl::x509::X509;
use std::ffi::{CStr, CString, OsStr};
use std::io::Read;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// Longest certificate or key file that is read.
pub const MAX_FILE: u64 = 4 * 1024 * 1024;

/// Where a certificate or key comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A file, PEM or DER.
    File(CString),
    /// Memory, PEM or DER.
    Memory(Vec<u8>),
}

impl Source {
    /// How it is called in log lines.
    pub fn name(&self) -> String {
        match self {
            Self::File(path) => format!("'{}'", path.to_string_lossy()),
            Self::Memory(bytes) => format!("in memory ({} bytes)", bytes.len()),
        }
    }

    /// The path of a file.
    pub fn path(&self) -> Option<&CStr> {
        match self {
            Self::File(path) => Some(path),
            Self::Memory(_) => None,
        }
    }

    /// True for a file that cannot be read.
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::File(_)) && self.bytes().is_err()
    }

    /// Its bytes.
    pub fn bytes(&self) -> Result<Vec<u8>, Failure> {
        match self {
            Self::Memory(bytes) => Ok(bytes.clone()),
            Self::File(path) => read_file(path).map_err(|e| Failure::because(e.to_string())),
        }
    }
}

fn read_file(path: &CStr) -> std::io::Result<Vec<u8>> {
    let path = Path::new(OsStr::from_bytes(path.to_bytes()));
    let mut bytes = Vec::new();
    std::fs::File::open(path)?
        .take(MAX_FILE)
        .read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// A certificate with what it is signed by, and its key.
pub struct Identity {
    /// The server's own.
    pub leaf: X509,
    /// The rest of the chain.
    pub chain: Vec<X509>,
    /// The private key.
    pub key: Option<PKey<Private>>,
}

fn is_pem(bytes: &[u8]) -> bool {
    memchr::memmem::find(bytes, b"-----BEGIN").is_some()
}

/// Every certificate in `bytes`.
pub fn certificates(bytes: &[u8]) -> Result<Vec<X509>, Failure> {
    let all = if is_pem(bytes) {
        X509::stack_from_pem(bytes)?
    } else {
        vec![X509::from_der(bytes)?]
    };
    error::forget();
    if all.is_empty() {
        return Err(Failure::because("there is no certificate in it"));
    }
    Ok(all)
}

/// The private key in `bytes`.
pub fn private_key(bytes: &[u8], passphrase: Option<&CStr>) -> Result<PKey<Private>, Failure> {
    if !is_pem(bytes) {
        return Ok(PKey::private_key_from_der(bytes)?);
    }
    let mut was_asked = false;
    let key = PKey::private_key_from_pem_callback(bytes, |room| {
        was_asked = true;
        let Some(passphrase) = passphrase.map(CStr::to_bytes) else {
            return Ok(0);
        };
        let len = passphrase.len().min(room.len());
        room.iter_mut()
            .zip(passphrase)
            .for_each(|(to, from)| *to = *from);
        Ok(len)
    });
    error::forget();
    key.map_err(|stack| {
        let failure = Failure::from(stack);
        if was_asked && passphrase.is_none() {
            failure.while_at("it is encrypted, and there is no passphrase")
        } else {
            failure
        }
    })
}

/// Reads a certificate chain and its key, and sees that they belong together.
pub fn identity(
    cert: &Source,
    key: Option<&Source>,
    passphrase: Option<&CStr>,
) -> Result<Identity, Failure> {
    let at_cert = format!("certificate {}", cert.name());
    let mut chain = cert
        .bytes()
        .and_then(|bytes| certificates(&bytes))
        .map_err(|e| e.while_at(&at_cert))?
        .into_iter();
    let Some(leaf) = chain.next() else {
        return Err(Failure::because(at_cert));
    };
    let key = match key {
        None => None,
        Some(source) => {
            let at_key = format!("private key {}", source.name());
            let key = source
                .bytes()
                .and_then(|bytes| private_key(&bytes, passphrase))
                .map_err(|e| e.while_at(&at_key))?;
            let public = leaf.public_key().map_err(Failure::from)?;
            if !public.public_eq(&key) {
                let why = Failure::because("it does not belong to the certificate");
                return Err(why.while_at(&at_key));
            }
            Some(key)
        }
    };
    error::forget();
    Ok(Identity {
        leaf,
        chain: chain.collect(),
        key,
    })
}
