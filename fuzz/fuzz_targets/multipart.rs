//! Multipart forms: any split gives the same fields, files and end; values lie inside the storage, ended by a NUL.
//!
//! Input: a byte that picks the Content-Type, one that picks the cuts, one for the storage, the form.
#![cfg_attr(fuzzing, no_main)]

use websockets::proto::http::form::{Form, Step, Target};

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|data: &[u8]| target(data));

const TYPES: [&str; 4] = [
    "multipart/form-data; boundary=B",
    "multipart/form-data; charset=utf-8; boundary=\"----x-B-x\"",
    "Multipart/Form-Data;boundary=",
    "multipart/form-data",
];

#[derive(Debug, PartialEq, Default)]
struct Seen {
    stored: Vec<(usize, Vec<u8>)>,
    /// Names, content, and whether it is complete.
    files: Vec<(Vec<u8>, Vec<u8>, Vec<u8>, bool)>,
    has_failed: bool,
}

fn name_and_file(form: &Form) -> (Vec<u8>, Vec<u8>) {
    let reader = form.reader();
    let file = reader.filename().map(|f| f.as_bytes().to_vec());
    (reader.name().as_bytes().to_vec(), file.unwrap_or_default())
}

fn take(form: &mut Form, area: &[u8], step: Step, seen: &mut Seen) {
    match step {
        Step::NeedMore => {}
        Step::Begin => {
            let (name, file) = name_and_file(form);
            form.aim(match (file.is_empty(), name.first()) {
                (false, _) => Target::Chunks,
                (true, Some(b'a')) => Target::Storage(0),
                (true, Some(b'b')) => Target::Storage(1),
                (true, _) => Target::Nowhere,
            });
            if !file.is_empty() {
                seen.files.push((name, file, Vec::new(), false));
            }
        }
        Step::Chunk {
            start,
            len,
            is_last,
        } => {
            assert_eq!(area[start + len], 0);
            let (name, file) = name_and_file(form);
            let known = seen.files.last_mut().expect("it was begun");
            assert_eq!((&known.0, &known.1, known.3), (&name, &file, false));
            known.2.extend_from_slice(&area[start..start + len]);
            known.3 = is_last;
        }
        Step::Stored { param, start, len } => {
            assert!(len > 0);
            assert_eq!(area[start + len], 0);
            seen.stored.push((param, area[start..start + len].to_vec()));
        }
        Step::Failed => seen.has_failed = true,
    }
}

/// Reads a form in pieces of `size` bytes.
fn read(content_type: &str, storage: usize, input: &[u8], size: usize) -> Seen {
    let mut form = Form::new(content_type.as_bytes());
    let (mut area, mut seen) = (vec![0xff; storage], Seen::default());
    for piece in input.chunks(size) {
        let mut rest = piece;
        loop {
            let (used, step) = form.step(rest, &mut area);
            take(&mut form, &area, step, &mut seen);
            if matches!(step, Step::NeedMore | Step::Failed) {
                break;
            }
            rest = &rest[used..];
        }
    }
    if let Some(step) = form.finish(&mut area) {
        take(&mut form, &area, step, &mut seen);
    }
    seen
}

pub(crate) fn target(data: &[u8]) {
    let [kind, cut, storage, form @ ..] = data else {
        return;
    };
    let content_type = TYPES[usize::from(*kind) % TYPES.len()];
    let storage = usize::from(*storage) * 3;
    let whole = read(content_type, storage, form, usize::MAX);
    assert_eq!(
        read(content_type, storage, form, usize::from(*cut).max(1)),
        whole
    );
    assert_eq!(read(content_type, storage, form, 1), whole);
}
