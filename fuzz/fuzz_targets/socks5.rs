//! Answers of SOCKS5 and http proxies: any split gives the same messages and the same end, which lies inside the input.
//!
//! Input: a byte whose lowest bit says that we have a password, the next one that the proxy is an http one, and whose rest
//! is the size of the pieces; then the answers. The whole is read as a proxy's address, too.
#![cfg_attr(fuzzing, no_main)]

use websockets::proto::proxy::connect::Connect;
use websockets::proto::proxy::socks5::Socks5;
use websockets::proto::proxy::{Address, Step, authority};

fn address(has_password: bool) -> Address {
    let text: &[u8] = if has_password { b"user:pass@p" } else { b"p" };
    Address::parse(text, &[], Some(1080)).expect("an address")
}

/// What was sent, and how it ended.
fn run(input: &[u8], size: usize, has_password: bool, is_http: bool) -> (Vec<u8>, Step) {
    let mut output = Vec::new();
    let mut http = Connect::default();
    let mut socks =
        Socks5::new("host.example", 443, &address(has_password), &mut output).expect("it fits");
    let mut fed = 0;
    for piece in input.chunks(size) {
        let step = match is_http {
            true => http.feed(piece),
            false => socks.feed(piece, &mut output),
        };
        match step {
            Step::NeedMore => fed += piece.len(),
            Step::Done { consumed } => {
                assert!(consumed > 0 && consumed <= piece.len());
                return (
                    output,
                    Step::Done {
                        consumed: fed + consumed,
                    },
                );
            }
            Step::Refused(why) => {
                assert!(!why.is_empty());
                return (output, Step::Refused(why));
            }
        }
    }
    (output, Step::NeedMore)
}

pub(crate) fn target(data: &[u8]) {
    if let Ok(address) = Address::parse(data, &["http"], Some(80)) {
        assert!(address.port > 0 && !address.host.is_empty());
        let shown = authority(&address.host, address.port);
        let again = Address::parse(shown.as_bytes(), &[], None).expect("what is shown can be read");
        assert_eq!((again.host, again.port), (address.host, address.port));
    }
    let Some((&how, input)) = data.split_first() else {
        return;
    };
    let (has_password, is_http, size) = (how & 1 != 0, how & 2 != 0, usize::from(how >> 2).max(1));
    let whole = run(input, usize::MAX, has_password, is_http);
    assert!(whole.0.len() <= 64);
    assert_eq!(run(input, size, has_password, is_http), whole);
}

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|data: &[u8]| target(data));
