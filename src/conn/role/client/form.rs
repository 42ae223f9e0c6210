//! Bodies of forms (LCCSCF_HTTP_MULTIPART_MIME, LCCSCF_HTTP_X_WWW_FORM_URLENCODED): what the request's head says of them, and the
//! lines between the parts. The program writes everything else.

use crate::conn::client::Form;
use crate::conn::role::client::HttpClient;
use crate::conn::wsi::Wsi;
use crate::proto::http::part::{self, Boundary, Part};
use crate::sys::random;

/// Where the body of a multipart form is.
pub struct Parts {
    boundary: Boundary,
    /// Nothing of it was asked for yet.
    is_first: bool,
}

impl Parts {
    /// For a request that announces such a body.
    pub fn new(form: Option<Form>) -> Option<Self> {
        (form == Some(Form::Multipart)).then(|| {
            let mut bytes = [0; part::BOUNDARY_LEN];
            random::fill(&mut bytes);
            Self {
                boundary: Boundary::of(bytes),
                is_first: true,
            }
        })
    }
}

/// The header line that comes before the program's.
pub fn line_before(h: &HttpClient) -> Option<Vec<u8>> {
    let boundary = h.parts.as_ref()?.boundary;
    Some([b"content-type: ", &boundary.content_type()[..]].concat())
}

/// The header lines that come behind the program's, which are `added`.
pub fn lines_behind(form: Option<Form>, added: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    if form == Some(Form::UrlEncoded) {
        out.extend_from_slice(b"Content-Type: application/x-www-form-urlencoded\r\n");
        let has_length = added
            .split(|b| *b == b'\n')
            .any(|line| has_name(line, b"content-length") || has_name(line, b"transfer-encoding"));
        if !has_length {
            // quirk: the body has the length that the program says, and none if it says nothing.
            out.extend_from_slice(b"Content-Length: 0\r\n");
        }
    }
    out
}

fn has_name(line: &[u8], name: &[u8]) -> bool {
    let own = line.split(|b| *b == b':').next().unwrap_or(line);
    own.trim_ascii().eq_ignore_ascii_case(name)
}

/// lws_client_http_multipart: the lines that begin a part, or without one those that end the body. They count as written,
/// unless they are longer than `room`.
pub fn next_part(wsi: &Wsi, part: Option<&Part<'_>>, room: usize) -> Option<Vec<u8>> {
    wsi.with_client(|h| {
        let parts = h.parts.as_mut()?;
        let lines = match part {
            Some(part) => part::open(parts.boundary, parts.is_first, part),
            None => part::end(parts.boundary, parts.is_first),
        };
        if lines.len() > room {
            return None;
        }
        parts.is_first = false;
        Some(lines)
    })
    .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_says_its_length_once() {
        let lines = |added: &[u8]| lines_behind(Some(Form::UrlEncoded), added);
        let whole = b"Content-Type: application/x-www-form-urlencoded\r\n".to_vec();
        assert_eq!(lines(b"X: y\r\ncontent-length: 5\r\n"), whole);
        assert_eq!(lines(b"transfer-encoding: chunked\r\n"), whole);
        let with_length = [whole, b"Content-Length: 0\r\n".to_vec()].concat();
        assert_eq!(lines(b"X-Content-Length: 5\r\n"), with_length);
        assert_eq!(lines_behind(None, b""), b"");
        assert_eq!(lines_behind(Some(Form::Multipart), b""), b"");
    }
}
