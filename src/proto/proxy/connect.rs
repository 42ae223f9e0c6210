//! CONNECT: an http proxy is asked for a connection to a server (RFC 9110 9.3.6).
//!
//! [`request`] writes the head, [`Connect`] reads the answer. Any 2xx opens the way, and nothing that the answer says about a body
//! counts then. The answer's size and the number of interim ones are limited by the response parser.
//! Called by `conn::client::tunnel`.

use super::{Address, Step, authority};
use crate::proto::h1::response::{self, ResponseLimits, ResponseParser};
use crate::proto::http::headers::HeaderTable;
use crate::proto::http::status;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// Bytes of headers that an answer may have.
pub const MAX_ANSWER: usize = 4096;

/// The request for a way to `host`:`port`, in the reference's words.
pub fn request(host: &str, port: u16, proxy: &Address) -> Vec<u8> {
    let server = authority(host, port);
    let mut text = format!("CONNECT {server} HTTP/1.1\r\nHost: {server}\r\nUser-agent: lws\r\n");
    if let Some(credentials) = proxy.credentials() {
        text.push_str("Proxy-authorization: basic ");
        STANDARD.encode_string(credentials, &mut text);
        text.push_str("\r\n");
    }
    text.push_str("\r\n");
    text.into_bytes()
}

/// Reads the answer.
#[derive(Debug)]
pub struct Connect {
    parser: ResponseParser,
    table: HeaderTable,
}

impl Default for Connect {
    fn default() -> Self {
        Self {
            // As for HEAD: the answer has no body that would be ours to read.
            parser: ResponseParser::new(ResponseLimits::for_table(MAX_ANSWER), true),
            table: HeaderTable::new(MAX_ANSWER),
        }
    }
}

impl Connect {
    /// Reads on.
    pub fn feed(&mut self, input: &[u8]) -> Step {
        let consumed = match self.parser.feed(input, &mut self.table) {
            response::Step::NeedMore => return Step::NeedMore,
            response::Step::Refused(why) => return Step::Refused(why.to_owned()),
            response::Step::Done { consumed } => consumed,
        };
        match self.parser.head().map(|head| head.status) {
            Some(200..=299) => Step::Done { consumed },
            Some(code) => Step::Refused(
                format!("{code} {}", status::text(code))
                    .trim_end()
                    .to_owned(),
            ),
            None => Step::Refused("no status".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proto::split_test::assert_same_for_every_split;

    fn answer(input: &[u8]) -> String {
        let seen = assert_same_for_every_split(input, |pieces| {
            let mut engine = Connect::default();
            let mut fed = 0;
            for piece in pieces {
                match engine.feed(piece) {
                    Step::NeedMore => fed += piece.len(),
                    Step::Done { consumed } => {
                        return vec![format!("open after {}", fed + consumed)];
                    }
                    Step::Refused(why) => return vec![why],
                }
            }
            vec!["more".to_owned()]
        });
        seen.concat()
    }

    #[test]
    fn the_request_names_the_server_and_who_we_are() {
        let proxy = |text: &str| Address::parse(text.as_bytes(), &[], None).unwrap();
        assert_eq!(
            request("host.example", 443, &proxy("user:pass@p:1")),
            b"CONNECT host.example:443 HTTP/1.1\r\nHost: host.example:443\r\nUser-agent: lws\r\n\
              Proxy-authorization: basic dXNlcjpwYXNz\r\n\r\n"
        );
        let plain = request("::1", 80, &proxy("p:1"));
        assert!(plain.starts_with(b"CONNECT [::1]:80 HTTP/1.1\r\n"));
        assert!(plain.ends_with(b"\r\nUser-agent: lws\r\n\r\n"));
    }

    #[test]
    fn a_2xx_opens_the_way_and_the_rest_is_the_servers() {
        assert_eq!(answer(b"HTTP/1.1 200 OK\r\n\r\nSSH"), "open after 19");
        assert_eq!(
            answer(b"HTTP/1.0 200 Connection established\r\nX: y\r\n\r\n"),
            "open after 45"
        );
        assert_eq!(
            answer(b"HTTP/1.1 204 x\r\nContent-Length: 9\r\n\r\nrest"),
            "open after 37"
        );
        assert_eq!(
            answer(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n"),
            "open after 44"
        );
    }

    #[test]
    fn anything_else_is_refused_with_its_status() {
        assert_eq!(
            answer(b"HTTP/1.1 407 No\r\n\r\n"),
            "407 Proxy Auth Required"
        );
        assert_eq!(answer(b"HTTP/1.1 502 Bad\r\n\r\n"), "502 Bad Gateway");
        assert_eq!(answer(b"HTTP/1.1 299\r\n\r\n"), "open after 16");
        assert_eq!(answer(b"HTTP/1.1 418 Tea\r\n\r\n"), "418");
        assert_eq!(answer(b"HTTP/1.1 101 Go\r\n\r\n"), "101");
        assert_ne!(answer(b"SSH-2.0-x\r\n"), "more");
        assert_eq!(answer(b"HTTP/1.1 200 OK\r\n"), "more");
    }

    #[test]
    fn an_endless_answer_is_cut_off() {
        let mut engine = Connect::default();
        assert_eq!(engine.feed(b"HTTP/1.1 200 OK\r\n"), Step::NeedMore);
        let mut lines = 0;
        let why = loop {
            match engine.feed(b"X-Padding: 0123456789\r\n") {
                Step::Refused(why) => break why,
                step => assert_eq!(step, Step::NeedMore),
            }
            lines += 1;
            assert!(lines < 2000);
        };
        assert!(!why.is_empty());
    }
}
