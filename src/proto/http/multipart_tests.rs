//! Multipart forms in all splits.

use super::super::form::Reader;
use super::super::form::tests::values;
use super::*;

fn read_as(content_type: &str, input: &[u8]) -> Vec<String> {
    let reader = Multipart::for_type(content_type.as_bytes()).expect("multipart");
    values(|| Reader::Multipart(reader), input)
}

fn read(input: &str) -> Vec<String> {
    read_as("multipart/form-data; boundary=BB", input.as_bytes())
}

/// A part with this Content-Disposition, and the end.
fn part(disposition: &str) -> Vec<String> {
    read(&format!(
        "--BB\r\nContent-Disposition: form-data; {disposition}\r\n\r\nv\r\n--BB--\r\n"
    ))
}

#[test]
fn parts_are_read() {
    let text = "--BB\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n\r\ny\r\n--BB\r\n\
        Content-Disposition: form-data; name=\"f\"; filename=\"f.txt\"\r\nContent-Type: text/plain\r\n\r\n\r\n--BB--\r\n";
    assert_eq!(read(text), ["a=x\\r\\n\\r\\ny", "f@f.txt="]);
}

#[test]
fn what_surrounds_the_parts_is_passed_over() {
    let part = "--BB\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n";
    assert_eq!(
        read(&format!(
            "pre\r\n--B\r\n{part}--BB--\r\nafter\r\n{part}--BB--"
        )),
        ["a=1"]
    );
    assert_eq!(read(&format!("pre--BB\r\n{part}--BB-")), ["a=1"]);
    assert_eq!(read("a=1&b=2"), [""; 0]);
    assert_eq!(read(""), [""; 0]);
}

#[test]
fn lookalikes_of_the_boundary_are_content() {
    let lookalikes = "\r\n--BC\r\r\n--B\r\n-\n--BB\n\r\n\r";
    let text = format!("--BB\r\nContent-Disposition: x; name=a\r\n\r\n{lookalikes}\r\n--BBx\r\n");
    assert_eq!(read(&text), [format!("a={}", lookalikes.escape_default())]);
    let text = "--BB\r\nContent-Disposition: x; name=a\r\n\r\n--BB\r\n--BB--";
    assert_eq!(read(text), ["a=--BB"]);
}

#[test]
fn a_cut_part_is_not_complete() {
    let head = "--BB\r\nContent-Disposition: x; name=a\r\n";
    assert_eq!(read(head), [""; 0]);
    assert_eq!(read(&format!("{head}\r\nabc\r\n--B")), ["a.abc"]);
    assert_eq!(read(&format!("{head}\r\nabc\r\n--BB")), ["a=abc"]);
}

#[test]
fn names_come_with_and_without_quotes() {
    assert_eq!(part("name=a"), ["a=v"]);
    assert_eq!(part("NAME = \"a b\" ; x=y"), ["a b=v"]);
    assert_eq!(part("filename=\"x;\\\"y\"; name=a"), ["a@x;\\\"y=v"]);
    assert_eq!(part("filename=x"), ["@x=v"]);
    assert_eq!(part("x=\"name=b\""), ["=v"]);
    assert_eq!(part("name=a; name=b"), ["b=v"]);
}

#[test]
fn long_names_are_cut() {
    let (name, file) = ("n".repeat(40), "f".repeat(2000));
    let cut = format!("{}@{}=v", "n".repeat(NAME - 1), "f".repeat(FILENAME - 1));
    assert_eq!(part(&format!("name={name}; filename=\"{file}\"")), [cut]);
}

#[test]
fn other_headers_do_not_matter() {
    let text = "--BB \r\nX-Y: name=z\r\ncontent-disposition:form-data;name=a\r\n folded: 1\r\n\r\nv\r\n--BB\r\n\r\nw\r\n--BB--";
    assert_eq!(read(text), ["a=v", "=w"]);
}

#[test]
fn boundaries_come_with_and_without_quotes() {
    let body = |b: &str| format!("--{b}\r\nContent-Disposition: x; name=a\r\n\r\n1\r\n--{b}--");
    let types = [
        (
            "multipart/form-data; boundary=\"B B;'\"; charset=utf-8",
            "B B;'",
        ),
        ("Multipart/Form-Data;charset=x;Boundary=B\"B", "B\"B"),
        (" multipart/form-data, y; boundary=B ", "B"),
        ("multipart/form-data; boundary=", ""),
    ];
    for (content_type, boundary) in types {
        assert_eq!(
            read_as(content_type, body(boundary).as_bytes()),
            ["a=1"],
            "{content_type}"
        );
    }
}

#[test]
fn without_a_usable_boundary_nothing_is_found() {
    let body = b"--\r\nContent-Disposition: x; name=a\r\n\r\n1\r\n----";
    assert_eq!(read_as("multipart/form-data", body), [""; 0]);
    let long = format!("multipart/form-data; boundary={}", "B".repeat(BOUNDARY));
    assert_eq!(read_as(&long, body), [""; 0]);
}

#[test]
fn only_form_data_is_multipart() {
    assert!(Multipart::for_type(b"multipart/mixed; boundary=B").is_none());
    assert!(Multipart::for_type(b"").is_none());
}
