//! Status codes: their texts, and the page that stands for an error.
//!
//! The texts are the reference's, wrong ones included, because programs and traces compare them.
//! Used by the response writer and by whoever answers without user code.

/// The text after the code in a status line; empty for codes without one.
pub fn text(code: u16) -> &'static str {
    match code {
        100 => "Continue",
        200 => "OK",
        304 => "Not Modified",
        // quirk: every other 3xx is a "Redirect".
        300..=399 => "Redirect",
        400 => "Bad Request",
        401 => "Unauthorized",
        402 => "Payment Required",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        406 => "Not Acceptable",
        407 => "Proxy Auth Required",
        408 => "Request Timeout",
        409 => "Conflict",
        410 => "Gone",
        411 => "Length Required",
        412 => "Precondition Failed",
        413 => "Request Entity Too Large",
        414 => "Request URI too Long",
        415 => "Unsupported Media Type",
        416 => "Requested Range Not Satisfiable",
        417 => "Expectation Failed",
        500 => "Internal Server Error",
        501 => "Not Implemented",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        505 => "HTTP Version Not Supported",
        // The library's own refusal; the reference knows no such code.
        431 => "Request Header Fields Too Large",
        _ => "",
    }
}

/// The page sent for a status without a document of its own; `body` is HTML and goes in as it is.
pub fn error_page(code: u16, body: impl AsRef<[u8]>) -> Vec<u8> {
    let head = concat!(
        "<html><head>",
        "<meta charset=utf-8 http-equiv=\"Content-Language\" content=\"en\"/>",
        "<link rel=\"stylesheet\" type=\"text/css\" href=\"/error.css\"/>",
        "</head><body><h1>"
    );
    let number = code.to_string();
    [
        head.as_bytes(),
        number.as_bytes(),
        b"</h1>",
        body.as_ref(),
        b"</body></html>",
    ]
    .concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn page_without_text_has_173_bytes() {
        assert_eq!(error_page(403, "").len(), 173);
        assert_eq!(error_page(200, "posted").len(), 179);
        assert!(error_page(404, "x").ends_with(b"<body><h1>404</h1>x</body></html>"));
    }

    #[test]
    fn texts_are_those_of_the_reference() {
        assert_eq!(text(301), "Redirect");
        assert_eq!(text(304), "Not Modified");
        assert_eq!(text(204), "");
        assert_eq!(text(418), "");
        assert_eq!(text(505), "HTTP Version Not Supported");
    }
}
