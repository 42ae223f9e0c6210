//! Forms in all splits: where values lie, chunks of files, limits.

use super::*;
use crate::proto::split_test::assert_same_for_every_split;

fn label(reader: &Reader) -> String {
    let name = reader.name().as_bytes().escape_ascii().to_string();
    match reader.filename().filter(|f| !f.is_empty()) {
        Some(file) => format!("{name}@{}", file.as_bytes().escape_ascii()),
        None => name,
    }
}

/// What a reader finds, for every split: `name=value`, `name.value` for one that is not complete.
pub(in crate::proto::http) fn values(make: impl Fn() -> Reader, input: &[u8]) -> Vec<String> {
    assert_same_for_every_split(input, |pieces| {
        let (mut reader, mut found, mut value) = (make(), Vec::new(), None::<Vec<u8>>);
        let add = |value: &mut Option<Vec<u8>>, bytes: &[u8]| {
            value
                .as_mut()
                .expect("a value was begun")
                .extend_from_slice(bytes);
        };
        let tell = |reader: &Reader, value: Vec<u8>, sign| {
            format!("{}{sign}{}", label(reader), value.escape_ascii())
        };
        'all: for piece in pieces {
            let mut rest = *piece;
            loop {
                let (used, event) = reader.feed(rest);
                match event {
                    Event::NeedMore => break,
                    Event::Begin => assert!(value.replace(Vec::new()).is_none()),
                    Event::Run(run) => {
                        assert!(run.end == used && !run.is_empty());
                        add(&mut value, &rest[run]);
                    }
                    Event::Byte(byte) => add(&mut value, &[byte]),
                    Event::Held(n) => add(&mut value, &reader.delimiter()[..n]),
                    Event::End => {
                        found.push(tell(&reader, value.take().expect("begun"), '='));
                        reader.forget_names();
                    }
                    Event::Malformed => {
                        found.extend(value.take().map(|v| tell(&reader, v, '.')));
                        found.push("malformed".to_owned());
                        break 'all;
                    }
                }
                rest = &rest[used..];
            }
        }
        let sign = if reader.finish() == Event::End {
            '='
        } else {
            '.'
        };
        found.extend(value.take().map(|v| tell(&reader, v, sign)));
        found
    })
}

/// Runs a form for every split: where its values are, and the chunks of files, whose sizes do not depend on the split.
fn read(content_type: &str, storage: usize, input: &[u8]) -> Vec<String> {
    assert_same_for_every_split(input, |pieces| {
        let mut form = Form::new(content_type.as_bytes());
        let (mut area, mut seen) = (vec![b'#'; storage], Vec::new());
        let mut tell = |form: &mut Form, area: &[u8], step| match step {
            Step::NeedMore => {}
            Step::Begin => form.aim(match label(form.reader()).as_str() {
                name if name.contains('@') => Target::Chunks,
                "a" => Target::Storage(0),
                "b" => Target::Storage(1),
                _ => Target::Nowhere,
            }),
            Step::Chunk {
                start,
                len,
                is_last,
            } => {
                assert_eq!(area[start + len], 0);
                let bytes = area[start..start + len].escape_ascii();
                seen.push(format!(
                    "{}:{bytes}{}",
                    label(form.reader()),
                    if is_last { "." } else { "" }
                ));
            }
            Step::Stored { param, start, len } => {
                assert_eq!(area[start + len], 0);
                seen.push(format!(
                    "{param} at {start}:{}",
                    area[start..start + len].escape_ascii()
                ));
            }
            Step::Failed => seen.push("failed".to_owned()),
        };
        for piece in pieces {
            let mut rest = *piece;
            loop {
                let (used, step) = form.step(rest, &mut area);
                tell(&mut form, &area, step);
                if matches!(step, Step::NeedMore | Step::Failed) {
                    break;
                }
                rest = &rest[used..];
            }
        }
        if let Some(step) = form.finish(&mut area) {
            tell(&mut form, &area, step);
        }
        seen.dedup_by(|a, b| a == b && a == "failed");
        seen
    })
}

const FILE: &[u8] = b"--B\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--B\r\n\
    Content-Disposition: form-data; name=b; filename=f\r\n\r\n0123456789\r\n-x\r\n--B--";

#[test]
fn values_lie_one_after_the_other() {
    assert_eq!(
        read("", 12, b"a=12&c=xxxxxxxxxxxxxxxx&b=3+4&a="),
        ["0 at 0:12", "1 at 3:3 4"]
    );
}

#[test]
fn a_value_needs_its_length_and_two_bytes() {
    assert_eq!(read("", 5, b"a=123"), ["0 at 0:123"]);
    assert_eq!(read("", 4, b"a=123"), ["failed"]);
    assert_eq!(read("", 5, b"a=%4&b=1"), ["failed"]);
    assert_eq!(read("", 0, b"a=1"), ["failed"]);
    assert_eq!(read("", 0, b"c=1&a="), [""; 0]);
}

#[test]
fn files_come_in_chunks_of_what_the_storage_has_left() {
    let kind = "multipart/form-data; boundary=B";
    let small = [
        "0 at 0:1",
        "b@f:0123",
        "b@f:4567",
        "b@f:89\\r\\n",
        "b@f:-x.",
    ];
    assert_eq!(read(kind, 7, FILE), small);
    assert_eq!(
        read(kind, 99, FILE),
        ["0 at 0:1", "b@f:0123456789\\r\\n-x."]
    );
    assert_eq!(read(kind, 3, FILE), ["0 at 0:1", "failed"]);
}

#[test]
fn an_empty_file_needs_room_for_a_nul() {
    let kind = "multipart/form-data; boundary=B";
    let file = b"--B\r\nContent-Disposition: x; name=b; filename=f\r\n\r\n\r\n--B--";
    assert_eq!(read(kind, 1, file), ["b@f:."]);
    assert_eq!(read(kind, 0, file), ["failed"]);
}
