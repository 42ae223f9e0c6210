//! Urlencoded forms: any split gives the same values; decoded text is never longer than it was.
//!
//! Input: a byte that picks the cuts, the form.
#![cfg_attr(fuzzing, no_main)]

use websockets::proto::http::form::Event;
use websockets::proto::http::urlencoded::Urlencoded;

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|data: &[u8]| target(data));

/// Names, values, and how it ended.
type Seen = (Vec<(Vec<u8>, Vec<u8>, bool)>, bool);

fn read(input: &[u8], size: usize) -> Seen {
    let (mut reader, mut seen) = (
        Urlencoded::default(),
        Vec::<(Vec<u8>, Vec<u8>, bool)>::new(),
    );
    for piece in input.chunks(size) {
        let mut rest = piece;
        loop {
            let (used, event) = reader.feed(rest);
            match event {
                Event::NeedMore => {
                    assert_eq!(used, rest.len());
                    break;
                }
                Event::Malformed => return (seen, true),
                Event::Begin => seen.push((reader.name().as_bytes().to_vec(), Vec::new(), false)),
                event => {
                    let last = seen.last_mut().expect("a value was begun");
                    assert!(!last.2);
                    match event {
                        Event::Run(run) => {
                            assert!(!run.is_empty() && run.end == used);
                            last.1.extend_from_slice(&rest[run]);
                        }
                        Event::Byte(byte) => last.1.push(byte),
                        Event::End => last.2 = true,
                        event => panic!("{event:?}"),
                    }
                }
            }
            rest = &rest[used..];
        }
    }
    if reader.finish() == Event::End {
        seen.last_mut().expect("a value was begun").2 = true;
    }
    (seen, false)
}

pub(crate) fn target(data: &[u8]) {
    let Some((&cut, form)) = data.split_first() else {
        return;
    };
    let whole = read(form, usize::MAX);
    assert_eq!(read(form, usize::from(cut).max(1)), whole);
    assert_eq!(read(form, 1), whole);
    assert!(
        whole
            .0
            .iter()
            .map(|(name, value, _)| name.len() + value.len())
            .sum::<usize>()
            <= form.len()
    );
}
