//! The lines before, between and behind the parts of a multipart/form-data body (RFC 7578), as a client writes them.
//!
//! Contents are the writer's: [`open`] begins a part, [`end`] ends the body. What would end a header value early in a name is escaped
//! as browsers do it. Called by the connection layer's http client; [`super::multipart`] reads such bodies.

/// Length of a boundary.
pub const BOUNDARY_LEN: usize = 12;
/// Boundaries consist of these.
const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// What separates the parts; nothing in them may look like it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Boundary([u8; BOUNDARY_LEN]);

impl Boundary {
    /// One made of random bytes.
    pub fn of(random: [u8; BOUNDARY_LEN]) -> Self {
        Self(random.map(|b| {
            let at = usize::from(b & 63);
            ALPHABET.get(at).copied().unwrap_or(b'A')
        }))
    }

    /// The value of Content-Type.
    pub fn content_type(self) -> Vec<u8> {
        [b"multipart/form-data; boundary=\"", &self.0[..], b"\""].concat()
    }
}

/// What a part says of itself.
#[derive(Clone, Copy, Debug)]
pub struct Part<'a> {
    /// The field.
    pub name: &'a [u8],
    /// Name of the file, if it is one.
    pub filename: Option<&'a [u8]>,
    /// Its type.
    pub content_type: Option<&'a [u8]>,
}

/// The lines that begin a part; `is_first`: of the body.
pub fn open(boundary: Boundary, is_first: bool, part: &Part<'_>) -> Vec<u8> {
    let mut out = delimiter(boundary, is_first);
    out.extend_from_slice(b"\r\nContent-Disposition: form-data; name=\"");
    escape(part.name, &mut out);
    out.push(b'"');
    if let Some(filename) = part.filename {
        out.extend_from_slice(b"; filename=\"");
        escape(filename, &mut out);
        out.push(b'"');
    }
    if let Some(content_type) = part.content_type {
        out.extend_from_slice(b"\r\nContent-Type: ");
        let is_text = |b: &&u8| !matches!(b, b'\r' | b'\n');
        out.extend(content_type.iter().filter(is_text));
    }
    out.extend_from_slice(b"\r\n\r\n");
    out
}

/// The line that ends the body.
pub fn end(boundary: Boundary, is_first: bool) -> Vec<u8> {
    let mut out = delimiter(boundary, is_first);
    out.extend_from_slice(b"--\r\n");
    out
}

fn delimiter(boundary: Boundary, is_first: bool) -> Vec<u8> {
    let before: &[u8] = if is_first { b"--" } else { b"\r\n--" };
    [before, &boundary.0].concat()
}

fn escape(text: &[u8], out: &mut Vec<u8>) {
    for byte in text {
        match byte {
            b'"' => out.extend_from_slice(b"%22"),
            b'\r' => out.extend_from_slice(b"%0D"),
            b'\n' => out.extend_from_slice(b"%0A"),
            other => out.push(*other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: Vec<u8>) -> String {
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn parts_have_the_lines_that_readers_expect() {
        let boundary = Boundary::of([0; BOUNDARY_LEN]);
        let plain = Part {
            name: b"text",
            filename: None,
            content_type: None,
        };
        let first = text(open(boundary, true, &plain));
        assert_eq!(
            first,
            "--AAAAAAAAAAAA\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\n"
        );
        let file = Part {
            name: b"f",
            filename: Some(b"a.txt"),
            content_type: Some(b"text/plain"),
        };
        assert_eq!(
            text(open(boundary, false, &file)),
            "\r\n--AAAAAAAAAAAA\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a.txt\"\r\n\
             Content-Type: text/plain\r\n\r\n"
        );
        assert_eq!(text(end(boundary, false)), "\r\n--AAAAAAAAAAAA--\r\n");
        assert_eq!(
            text(boundary.content_type()),
            "multipart/form-data; boundary=\"AAAAAAAAAAAA\""
        );
    }

    #[test]
    fn names_cannot_add_lines() {
        let part = Part {
            name: b"a\"\r\nX: y",
            filename: Some(b"b\n\""),
            content_type: Some(b"t\r\nX: y"),
        };
        let lines = text(open(Boundary::of([255; BOUNDARY_LEN]), true, &part));
        assert_eq!(lines.matches("\r\n").count(), 4, "{lines}");
        assert!(lines.contains("name=\"a%22%0D%0AX: y\"; filename=\"b%0A%22\""));
        assert!(lines.contains("Content-Type: tX: y\r\n\r\n"));
    }

    #[test]
    fn boundaries_are_of_their_alphabet() {
        let random: Vec<u8> = (0..=255).collect();
        for piece in random.chunks_exact(BOUNDARY_LEN) {
            let boundary = Boundary::of(piece.try_into().unwrap());
            assert!(boundary.0.iter().all(|b| ALPHABET.contains(b)));
        }
    }
}
