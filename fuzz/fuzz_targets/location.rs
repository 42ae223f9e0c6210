//! Where a Location leads: a first byte that splits the input into the request's target and the header's value.
#![cfg_attr(fuzzing, no_main)]

use websockets::proto::http::location::{host_of, resolve, without_credentials};

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|data: &[u8]| target(data));

pub(crate) fn target(data: &[u8]) {
    let Some((&split, text)) = data.split_first() else {
        return;
    };
    let (path, location) = text.split_at(usize::from(split & 0x7f).min(text.len()));
    // The client escapes its own targets nowhere: they are what the program gave, without line ends.
    let path: Vec<u8> = path.iter().copied().filter(u8::is_ascii_graphic).collect();
    if let Ok(found) = resolve(location, &path, split & 0x80 != 0) {
        assert!(found.path.iter().all(u8::is_ascii_graphic));
        if let Some(origin) = found.origin {
            assert_eq!(found.path.first(), Some(&b'/'));
            assert!(origin.port > 0 && !origin.host.is_empty());
            let header = origin.host_header();
            assert_eq!(
                host_of(header.as_bytes()).as_deref(),
                Some(origin.host.as_str())
            );
            assert!(origin.is_same(&origin.clone()));
        }
    }
    let kept = without_credentials(location);
    assert!(kept.len() <= location.len());
    assert_eq!(without_credentials(&kept), kept);
}
