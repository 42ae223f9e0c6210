//! SOCKS5 from the client's side (RFC 1928), with user and password (RFC 1929) where the proxy asks for them.
//!
//! Greeting, password and request go out one after the other, each when the answer to the one before is there. A name
//! goes to the proxy as a name: it is looked up there. Answers are of bounded length by their format; what is kept of one is
//! at most [`LONGEST_ANSWER`] bytes. Called by `conn::client::tunnel`.

use super::{Address, Step};
use std::net::IpAddr;

/// Longest user name, password and host name, by the format.
pub const MAX_TEXT: usize = 255;
/// Longest answer: the one to the request, with a name of 255 bytes in it.
pub const LONGEST_ANSWER: usize = 262;

const VERSION: u8 = 5;
const NO_PASSWORD: u8 = 0;
const PASSWORD: u8 = 2;
const NO_METHOD: u8 = 0xff;
const PASSWORD_VERSION: u8 = 1;
const CONNECT: u8 = 1;
const IPV4: u8 = 1;
const NAME: u8 = 3;
const IPV6: u8 = 4;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum State {
    /// The proxy chooses how we prove ourselves.
    Greeting,
    /// It judges the password.
    Password,
    /// It connects.
    Request,
    Over,
}

/// One way through a proxy.
pub struct Socks5 {
    state: State,
    /// The password message; empty where there is none.
    password: Vec<u8>,
    request: Vec<u8>,
    /// The answer so far.
    answer: Vec<u8>,
}

impl std::fmt::Debug for Socks5 {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Socks5").field(&self.state).finish()
    }
}

/// The text of a reply code; empty for codes without a meaning.
pub fn reply_text(code: u8) -> &'static str {
    match code {
        0 => "connected",
        1 => "the proxy failed",
        2 => "not allowed by the proxy",
        3 => "network unreachable",
        4 => "host unreachable",
        5 => "connection refused",
        6 => "time to live expired",
        7 => "command not supported",
        8 => "address type not supported",
        _ => "",
    }
}

/// True when the format has room for what the address says of us.
pub fn can_say(proxy: &Address) -> bool {
    proxy.user_and_password().is_none_or(|(user, password)| {
        !user.is_empty() && user.len() <= MAX_TEXT && password.len() <= MAX_TEXT
    })
}

impl Socks5 {
    /// Begins the way to `host`:`port`; the greeting goes to `output`.
    ///
    /// # Errors
    /// A name or a password that the format has no room for.
    pub fn new(
        host: &str,
        port: u16,
        proxy: &Address,
        output: &mut Vec<u8>,
    ) -> Result<Self, &'static str> {
        let mut request = vec![VERSION, CONNECT, 0];
        let bare = host.strip_prefix('[').and_then(|h| h.strip_suffix(']'));
        match bare.unwrap_or(host).parse() {
            Ok(IpAddr::V4(ip)) => {
                request.push(IPV4);
                request.extend(ip.octets());
            }
            Ok(IpAddr::V6(ip)) => {
                request.push(IPV6);
                request.extend(ip.octets());
            }
            Err(_) => {
                request.push(NAME);
                push_text(&mut request, host.as_bytes())?;
            }
        }
        request.extend(port.to_be_bytes());
        let mut password = Vec::new();
        if let Some((user, secret)) = proxy.user_and_password() {
            password.push(PASSWORD_VERSION);
            push_text(&mut password, user)?;
            push_text(&mut password, secret)?;
        }
        match password.is_empty() {
            true => output.extend([VERSION, 1, NO_PASSWORD]),
            false => output.extend([VERSION, 2, NO_PASSWORD, PASSWORD]),
        }
        Ok(Self {
            state: State::Greeting,
            password,
            request,
            answer: Vec::new(),
        })
    }

    /// Reads on; what is to be sent next goes to `output`.
    pub fn feed(&mut self, input: &[u8], output: &mut Vec<u8>) -> Step {
        for (at, byte) in input.iter().enumerate() {
            self.answer.push(*byte);
            let over = match self.state {
                State::Greeting => self.on_choice(output),
                State::Password => self.on_judgement(output),
                State::Request => self.on_reply(),
                State::Over => Err("more than the answer".to_owned()),
            };
            match over {
                Ok(false) => {}
                Ok(true) => {
                    self.state = State::Over;
                    return Step::Done {
                        consumed: at.saturating_add(1),
                    };
                }
                Err(why) => {
                    self.state = State::Over;
                    return Step::Refused(why);
                }
            }
        }
        Step::NeedMore
    }

    /// Goes on to the next answer.
    fn expect(&mut self, state: State) {
        self.state = state;
        self.answer.clear();
    }

    fn on_choice(&mut self, output: &mut Vec<u8>) -> Result<bool, String> {
        match *self.answer.as_slice() {
            [VERSION] => {}
            [VERSION, NO_PASSWORD] => {
                output.extend_from_slice(&self.request);
                self.expect(State::Request);
            }
            [VERSION, PASSWORD] if !self.password.is_empty() => {
                output.extend_from_slice(&self.password);
                self.expect(State::Password);
            }
            [VERSION, NO_METHOD] if self.password.is_empty() => {
                return Err("socks greeting: it asks for a password".into());
            }
            [VERSION, NO_METHOD] => return Err("socks greeting: it takes no password".into()),
            [VERSION, method] => {
                return Err(format!("socks greeting: method {method} was not offered"));
            }
            _ => return Err("socks greeting: it is no SOCKS5 proxy".into()),
        }
        Ok(false)
    }

    fn on_judgement(&mut self, output: &mut Vec<u8>) -> Result<bool, String> {
        match *self.answer.as_slice() {
            [PASSWORD_VERSION] => {}
            [PASSWORD_VERSION, 0] => {
                output.extend_from_slice(&self.request);
                self.expect(State::Request);
            }
            [PASSWORD_VERSION, code] => {
                return Err(format!("socks auth: user or password is wrong ({code})"));
            }
            _ => return Err("socks auth: the answer is malformed".into()),
        }
        Ok(false)
    }

    fn on_reply(&mut self) -> Result<bool, String> {
        let malformed = || Err("socks connect: the answer is malformed".to_owned());
        let address = match *self.answer.as_slice() {
            [VERSION] | [VERSION, 0] | [VERSION, 0, _] | [VERSION, 0, _, NAME] => return Ok(false),
            [VERSION, code @ (1..), ..] => return Err(refusal(code)),
            [VERSION, 0, _, IPV4, ..] => 4,
            [VERSION, 0, _, IPV6, ..] => 16,
            [VERSION, 0, _, NAME, len, ..] => usize::from(len).saturating_add(1),
            _ => return malformed(),
        };
        // Behind four bytes of head: the address that the proxy connects from, and its port.
        Ok(self.answer.len() >= address.saturating_add(6))
    }
}

fn refusal(code: u8) -> String {
    match reply_text(code) {
        "" => format!("socks connect: unknown reply {code}"),
        text => format!("socks connect: {text} ({code})"),
    }
}

fn push_text(message: &mut Vec<u8>, text: &[u8]) -> Result<(), &'static str> {
    let Ok(len) = u8::try_from(text.len()) else {
        return Err("longer than SOCKS5 has room for");
    };
    message.push(len);
    message.extend_from_slice(text);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proto::split_test::assert_same_for_every_split;

    fn proxy(text: &str) -> Address {
        Address::parse(text.as_bytes(), &[], Some(1080)).unwrap()
    }

    /// What is sent, and how it ends, for a proxy that says `input`.
    fn talk(host: &str, address: &str, input: &[u8]) -> (Vec<u8>, String) {
        let seen = assert_same_for_every_split(input, |pieces| {
            let mut out = Vec::new();
            let mut engine = Socks5::new(host, 443, &proxy(address), &mut out).unwrap();
            let mut fed = 0;
            let mut end = "more".to_owned();
            for piece in pieces {
                match engine.feed(piece, &mut out) {
                    Step::NeedMore => fed += piece.len(),
                    Step::Done { consumed } => {
                        end = format!("open after {}", fed + consumed);
                        break;
                    }
                    Step::Refused(why) => {
                        end = why;
                        break;
                    }
                }
            }
            assert!(engine.answer.len() <= LONGEST_ANSWER);
            vec![out.escape_ascii().to_string(), end]
        });
        let mut out = Vec::new();
        let mut engine = Socks5::new(host, 443, &proxy(address), &mut out).unwrap();
        let _ = engine.feed(input, &mut out);
        (out, seen[1].clone())
    }

    #[test]
    fn names_and_addresses_are_asked_for_as_they_are() {
        let open = [5, 0, 5, 0, 0, 1, 1, 2, 3, 4, 0, 80, b'x'];
        let (out, end) = talk("host.example", "p", &open);
        assert_eq!(end, "open after 12");
        assert_eq!(out, b"\x05\x01\x00\x05\x01\x00\x03\x0chost.example\x01\xbb");
        let (out, _) = talk("10.1.2.3", "p", &open);
        assert_eq!(out, b"\x05\x01\x00\x05\x01\x00\x01\x0a\x01\x02\x03\x01\xbb");
        let (out, _) = talk("[::1]", "p", &open);
        let mut want = b"\x05\x01\x00\x05\x01\x00\x04".to_vec();
        want.extend([0; 15]);
        want.extend(b"\x01\x01\xbb");
        assert_eq!(out, want);
    }

    #[test]
    fn a_password_is_given_when_it_is_asked_for() {
        let (out, end) = talk("h", "user:pass@p", &[5, 2, 1, 0, 5, 0, 0, 3, 1, b'x', 0, 1]);
        assert_eq!(end, "open after 12");
        assert_eq!(
            out,
            b"\x05\x02\x00\x02\x01\x04user\x04pass\x05\x01\x00\x03\x01h\x01\xbb"
        );
        let (out, _) = talk("h", "user:pass@p", &[5, 0]);
        assert_eq!(out, b"\x05\x02\x00\x02\x05\x01\x00\x03\x01h\x01\xbb");
        let (_, end) = talk("h", "user:pass@p", &[5, 2, 1, 7]);
        assert_eq!(end, "socks auth: user or password is wrong (7)");
        let (_, end) = talk("h", "user:pass@p", &[5, 2, 5, 0]);
        assert_eq!(end, "socks auth: the answer is malformed");
    }

    #[test]
    fn methods_that_were_not_offered_end_it() {
        for (address, input, want) in [
            ("p", [5, 0xff], "it asks for a password"),
            ("u:p@p", [5, 0xff], "it takes no password"),
            ("p", [5, 2], "method 2 was not offered"),
            ("u:p@p", [5, 1], "method 1 was not offered"),
            ("p", [4, 0], "it is no SOCKS5 proxy"),
            ("p", *b"HT", "it is no SOCKS5 proxy"),
        ] {
            assert_eq!(
                talk("h", address, &input).1,
                format!("socks greeting: {want}")
            );
        }
    }

    #[test]
    fn every_reply_code_has_its_text() {
        for code in 1..=255u8 {
            let end = talk("h", "p", &[5, 0, 5, code, 0, 1]).1;
            let want = match reply_text(code) {
                "" => format!("socks connect: unknown reply {code}"),
                text => format!("socks connect: {text} ({code})"),
            };
            assert_eq!(end, want);
            assert_eq!(reply_text(code).is_empty(), code > 8);
        }
    }

    #[test]
    fn replies_end_where_their_address_ends() {
        let reply = |kind: &[u8], address: usize| {
            let mut input = vec![5, 0, 5, 0, 0];
            input.extend(kind);
            input.extend(vec![7; address + 2]);
            let all = input.len();
            input.extend(b"hello");
            (input, format!("open after {all}"))
        };
        for (kind, address) in [
            (vec![1], 4),
            (vec![4], 16),
            (vec![3, 0], 0),
            (vec![3, 255], 255),
        ] {
            let (input, want) = reply(&kind, address);
            assert_eq!(talk("h", "p", &input).1, want);
            assert_eq!(talk("h", "p", &input[..input.len() - 6]).1, "more");
        }
        for kind in [0, 2, 5, 255] {
            let end = talk("h", "p", &[5, 0, 5, 0, 0, kind]).1;
            assert_eq!(end, "socks connect: the answer is malformed");
        }
        assert_eq!(
            talk("h", "p", &[5, 0, 4]).1,
            "socks connect: the answer is malformed"
        );
    }

    #[test]
    fn texts_that_do_not_fit_are_refused() {
        let long = "h".repeat(256);
        let mut out = Vec::new();
        assert!(Socks5::new(&long, 1, &proxy("p"), &mut out).is_err());
        assert!(Socks5::new(&long[1..], 1, &proxy("p"), &mut out).is_ok());
        assert!(!can_say(&proxy(&format!("{long}:p@p"))));
        assert!(!can_say(&proxy(&format!("u:{long}@p"))));
        assert!(!can_say(&proxy(":p@p")));
        assert!(can_say(&proxy("u@p")) && can_say(&proxy("p")));
    }
}
