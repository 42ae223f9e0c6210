//! Certificates: read from PEM, asked for what they say, and whether one signed another.
//!
//! A [`Certificate`] is what a program holds through `lws_x509_*`; the questions ([`fact`]) are also asked of the certificate of
//! a connection's peer and of a vhost. Nothing here looks at the clock: being expired is for the caller to see. Names
//! are in OpenSSL's one-line form (`/C=DE/CN=host`), whole parts only, as programs expect them.
//!
//! What could make OpenSSL ask for a passphrase on the terminal, and so block the loop, is refused before.

use crate::tls::session::Session;
use openssl::asn1::{Asn1Time, Asn1TimeRef};
use openssl::nid::Nid;
use openssl::x509::{X509, X509NameRef, X509Ref, X509VerifyResult};

const DAY: i64 = 86_400;

/// Bytes of the room that are left free behind a name, its NUL among them.
const NAME_RESERVE: usize = 2;

/// The same for the subject's name, of which a common name is a part.
const SUBJECT_RESERVE: usize = 3;

/// Where the common name begins in a one-line name.
const COMMON_NAME: &[u8] = b"/CN=";

/// Usage of a certificate that does not limit it.
const ANY_USAGE: u32 = u32::MAX;

/// What to ask of a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    /// Since when it is valid.
    From,
    /// Until when it is valid.
    To,
    /// The common name of its owner.
    CommonName,
    /// The whole name of who signed it.
    Issuer,
    /// Its key usage bits.
    Usage,
    /// Whether it was accepted; only a connection can say that of its peer's.
    Verified,
    /// The public key.
    PublicKey,
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// Seconds since 1970.
    Time(i64),
    /// Bits.
    Number(u32),
    /// Text, without a NUL.
    Name(Vec<u8>),
    /// DER.
    Key(Vec<u8>),
}

/// A certificate that a program made room for, and perhaps filled.
#[derive(Default)]
pub struct Certificate {
    read: Option<X509>,
}

impl Certificate {
    /// Reads the first certificate of a PEM text; `false` leaves it as it was. quirk: those behind the first are not looked
    /// at.
    pub fn read_pem(&mut self, pem: &[u8]) -> bool {
        let Some(cert) = first_in_pem(pem) else {
            return false;
        };
        self.read = Some(cert);
        true
    }

    /// An answer that fits the room; `None` also when nothing was read yet.
    pub fn fact(&self, question: Question, room: usize) -> Option<Fact> {
        fact(self.read.as_ref()?, question, room)
    }

    /// Whether `trusted` signed this one and may do so, and the common name is the wanted one. Neither is looked at for
    /// being expired.
    pub fn is_signed_by(&self, trusted: &Self, name: Option<&[u8]>) -> bool {
        let (Some(cert), Some(issuer)) = (&self.read, &trusted.read) else {
            return false;
        };
        if name
            .is_some_and(|wanted| common_name(&one_line(cert.subject_name(), usize::MAX)) != wanted)
        {
            return false;
        }
        // the reference looks at names and identifiers only, which anybody can write into a certificate
        issuer.issued(cert) == X509VerifyResult::OK
            && issuer
                .public_key()
                .and_then(|key| cert.verify(&key))
                .unwrap_or(false)
    }
}

/// The first certificate in a PEM text.
pub fn first_in_pem(pem: &[u8]) -> Option<X509> {
    if i32::try_from(pem.len()).is_err() || asks_passphrase(pem) {
        return None;
    }
    X509::from_pem(pem).ok()
}

/// Whether a certificate in the text says that it is encrypted.
fn asks_passphrase(pem: &[u8]) -> bool {
    let blocks = memchr::memmem::find_iter(pem, b"CERTIFICATE-----").filter_map(|at| pem.get(at..));
    blocks.into_iter().any(|block| {
        let body = block.get(b"CERTIFICATE-----".len()..).unwrap_or_default();
        let end = memchr::memmem::find(body, b"-----END").unwrap_or(body.len());
        memchr::memmem::find(body.get(..end).unwrap_or_default(), b"ENCRYPTED").is_some()
    })
}

/// An answer that fits `room` bytes with its NUL; a name is cut between its parts, a key that does not fit is no answer.
pub fn fact(cert: &X509Ref, question: Question, room: usize) -> Option<Fact> {
    Some(match question {
        Question::From => Fact::Time(reported_time(cert.not_before())?),
        Question::To => Fact::Time(reported_time(cert.not_after())?),
        Question::CommonName => {
            let name = one_line(cert.subject_name(), room.saturating_sub(SUBJECT_RESERVE));
            Fact::Name(common_name(&name).to_vec())
        }
        Question::Issuer => Fact::Name(one_line(
            cert.issuer_name(),
            room.saturating_sub(NAME_RESERVE),
        )),
        Question::Usage => Fact::Number(cert.key_usage().map_or(ANY_USAGE, |usage| usage.bits())),
        Question::Verified => return None,
        Question::PublicKey => {
            let key = cert.public_key().and_then(|key| key.public_key_to_der());
            Fact::Key(key.ok().filter(|der| der.len() <= room)?)
        }
    })
}

/// The same of the peer of a session; `None` as well while it has shown none.
pub fn peer_fact(session: &Session, question: Question, room: usize) -> Option<Fact> {
    let cert = session.peer_certificate()?;
    if question == Question::Verified {
        let result = session.ssl().verify_result();
        return Some(Fact::Number(u32::from(result == X509VerifyResult::OK)));
    }
    fact(&cert, question, room)
}

/// A certificate's time as `lws` reports it. quirk: a day early, in both directions.
pub fn reported_time(time: &Asn1TimeRef) -> Option<i64> {
    let since = Asn1Time::from_unix(0).ok()?.diff(time).ok()?;
    Some((i64::from(since.days) - 1) * DAY + i64::from(since.secs))
}

/// What stands behind the first `/CN=`, to the end. quirk: further parts of the name included; without any, the whole
/// name.
fn common_name(one_line: &[u8]) -> &[u8] {
    let start = memchr::memmem::find(one_line, COMMON_NAME).map(|at| at + COMMON_NAME.len());
    one_line.get(start.unwrap_or(0)..).unwrap_or_default()
}

/// The name in OpenSSL's one-line form: as many whole parts as `room` has bytes for.
fn one_line(name: &X509NameRef, room: usize) -> Vec<u8> {
    let mut line = Vec::new();
    for part in name.entries() {
        let object = part.object();
        let key = match object.nid() {
            Nid::UNDEF => object.to_string(),
            nid => nid.short_name().unwrap_or_default().to_string(),
        };
        let before = line.len();
        line.extend_from_slice(format!("/{key}=").as_bytes());
        for byte in part.data().as_slice() {
            match byte {
                b' '..=b'~' => line.push(*byte),
                _ => line.extend_from_slice(format!("\\x{byte:02X}").as_bytes()),
            }
        }
        if line.len() > room {
            line.truncate(before);
            break;
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use openssl::asn1::Asn1Integer;
    use openssl::bn::BigNum;
    use openssl::ec::{EcGroup, EcKey};
    use openssl::hash::MessageDigest;
    use openssl::pkey::{PKey, Private};
    use openssl::x509::{X509Builder, X509Name};

    fn key() -> PKey<Private> {
        let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).expect("curve");
        PKey::from_ec_key(EcKey::generate(&group).expect("key")).expect("key")
    }

    fn name(parts: &[(&str, &str)]) -> X509Name {
        let mut name = X509Name::builder().expect("name");
        for (key, value) in parts {
            name.append_entry_by_text(key, value).expect("part");
        }
        name.build()
    }

    fn make(
        subject: &X509Name,
        issuer: &X509Name,
        key: &PKey<Private>,
        signer: &PKey<Private>,
        to: &str,
    ) -> X509 {
        let mut b = X509Builder::new().expect("builder");
        b.set_version(2).expect("version");
        let serial = Asn1Integer::from_bn(&BigNum::from_u32(1).expect("1")).expect("serial");
        b.set_serial_number(&serial).expect("serial");
        b.set_subject_name(subject).expect("subject");
        b.set_issuer_name(issuer).expect("issuer");
        b.set_pubkey(key).expect("key");
        b.set_not_before(&Asn1Time::from_str("19500101000000Z").expect("date"))
            .expect("from");
        b.set_not_after(&Asn1Time::from_str(to).expect("date"))
            .expect("to");
        b.sign(signer, MessageDigest::sha256()).expect("signed");
        b.build()
    }

    fn held(cert: &X509) -> Certificate {
        let mut held = Certificate::default();
        assert!(held.read_pem(&cert.to_pem().expect("pem")));
        held
    }

    #[test]
    fn dates_of_all_centuries_when_asked() {
        let (n, k) = (name(&[("CN", "a")]), key());
        let cert = make(&n, &n, &k, &k, "29991231235959Z");
        assert_eq!(
            fact(&cert, Question::From, 0),
            Some(Fact::Time(-631_152_000 - DAY))
        );
        assert_eq!(
            fact(&cert, Question::To, 0),
            Some(Fact::Time(32_503_679_999 - DAY))
        );
    }

    #[test]
    fn names_are_cut_between_parts_when_room_is_short() {
        let (n, k) = (name(&[("O", "org"), ("CN", "a\u{fc}b")]), key());
        let cert = make(&n, &n, &k, &k, "20300101000000Z");
        let ask = |q, room| fact(&cert, q, room);
        let text = |t: &[u8]| Some(Fact::Name(t.to_vec()));
        let whole = b"/O=org/CN=a\\xC3\\xBCb";
        assert_eq!(
            ask(Question::Issuer, whole.len() + NAME_RESERVE),
            text(whole)
        );
        assert_eq!(
            ask(Question::Issuer, whole.len() + NAME_RESERVE - 1),
            text(b"/O=org")
        );
        assert_eq!(ask(Question::CommonName, 64), text(b"a\\xC3\\xBCb"));
        assert_eq!(ask(Question::CommonName, 12), text(b"/O=org"));
        assert_eq!(ask(Question::CommonName, 0), text(b""));
    }

    #[test]
    fn forged_issuer_when_only_names_agree() {
        let (ca, leaf) = (name(&[("CN", "ca")]), name(&[("CN", "leaf")]));
        let (true_key, false_key, leaf_key) = (key(), key(), key());
        let trusted = held(&make(&ca, &ca, &true_key, &true_key, "20300101000000Z"));
        let good = held(&make(&leaf, &ca, &leaf_key, &true_key, "20300101000000Z"));
        let forged = held(&make(&leaf, &ca, &leaf_key, &false_key, "20300101000000Z"));
        assert!(good.is_signed_by(&trusted, Some(b"leaf")));
        assert!(!good.is_signed_by(&trusted, Some(b"lea")));
        assert!(!forged.is_signed_by(&trusted, None));
        assert!(!good.is_signed_by(&Certificate::default(), None));
    }

    #[test]
    fn encrypted_certificates_are_refused_before_anyone_is_asked() {
        let text = b"-----BEGIN CERTIFICATE-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00112233445566778899AABBCCDDEEFF\n\nAAAA\n-----END CERTIFICATE-----\n";
        assert!(first_in_pem(text).is_none());
        let k = key();
        let n = name(&[("CN", "a")]);
        let mut bundle =
            b"-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n"
                .to_vec();
        bundle.extend(
            make(&n, &n, &k, &k, "20300101000000Z")
                .to_pem()
                .expect("pem"),
        );
        assert!(first_in_pem(&bundle).is_some());
    }
}
