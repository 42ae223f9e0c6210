//! Decisions during a server's handshake: which vhost by the name that the client asks for, and which protocol.
//!
//! Vhosts that share a port are told apart by name; the owner's hook knows them. Of the protocols only those that can be spoken
//! are chosen.

use crate::tls::error::Failure;
use crate::tls::ffi;
use crate::tls::session::owner_of;
use openssl::ex_data::Index;
use openssl::ssl::{NameType, SslContext, SslContextBuilder, SslRef};
use std::sync::OnceLock;

/// A protocol list in ALPN's form: each name behind its length.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Protocols(Vec<Vec<u8>>);

fn protocols_index() -> Option<Index<SslContext, Protocols>> {
    static INDEX: OnceLock<Option<Index<SslContext, Protocols>>> = OnceLock::new();
    *INDEX.get_or_init(|| SslContext::new_ex_index().ok())
}

/// What can be spoken: HTTP/2 cannot yet.
const UNSPOKEN: [&[u8]; 2] = [b"h2", b"h2c"];

/// Splits a list like "h2,http/1.1", without what cannot be spoken.
fn parse(list: &str) -> Protocols {
    let names = list.split(',').map(|n| n.trim().as_bytes());
    let names = names.filter(|n| !n.is_empty() && n.len() < 256 && !UNSPOKEN.contains(n));
    Protocols(names.map(<[u8]>::to_vec).collect())
}

/// The names in what a client offers, which may be malformed.
fn offered(mut wire: &[u8]) -> impl Iterator<Item = &[u8]> {
    std::iter::from_fn(move || {
        let (len, rest) = wire.split_first()?;
        let name = rest.get(..usize::from(*len))?;
        wire = rest.get(usize::from(*len)..)?;
        Some(name)
    })
}

/// Ours is the order that counts.
fn select<'a>(ours: &Protocols, wire: &'a [u8]) -> Option<&'a [u8]> {
    let mut all = ours.0.iter();
    all.find_map(|name| offered(wire).find(|o| *o == name.as_slice()))
}

/// Lets a context's handshakes choose among the protocols of `list`.
pub fn choose_protocol(builder: &mut SslContextBuilder, list: &str) -> Result<(), Failure> {
    let index = protocols_index().ok_or_else(|| Failure::because("no room in contexts"))?;
    builder.set_ex_data(index, parse(list));
    ffi::ask_protocol(builder);
    Ok(())
}

/// The protocol for a session among those that its client offers; its context is the one of the vhost chosen by name.
pub(crate) fn protocol<'a>(ssl: &SslRef, wire: &'a [u8]) -> Option<&'a [u8]> {
    select(ssl.ssl_context().ex_data(protocols_index()?)?, wire)
}

/// Goes on with the context of the vhost that the client names, if there is one. False when it names none.
pub(crate) fn follow_name(ssl: &mut SslRef) -> bool {
    let Some(owner) = owner_of(ssl) else {
        return false;
    };
    let Some(name) = ssl.servername_raw(NameType::HOST_NAME).map(<[u8]>::to_vec) else {
        return false;
    };
    owner.hooks.by_name(owner.number, &name, &mut |context| {
        if ssl.set_ssl_context(context).is_ok() {
            ffi::verify_as(ssl, context);
        }
    });
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn select_when_h2_is_preferred_takes_what_can_be_spoken() {
        let ours = parse("h2, http/1.1");
        assert_eq!(select(&ours, b"\x02h2\x08http/1.1"), Some(&b"http/1.1"[..]));
        assert_eq!(select(&ours, b"\x02h2"), None);
    }

    #[test]
    fn select_when_the_offer_is_cut_off_takes_nothing() {
        assert_eq!(select(&parse("http/1.1"), b"\x09http/1.1"), None);
        assert_eq!(select(&parse("http/1.1"), b""), None);
        assert_eq!(select(&parse("b,a"), b"\x01a\x01b"), Some(&b"b"[..]));
    }
}
