//! OpenSSL's error queue as text for log lines.
//!
//! The queue belongs to the OS thread and must be empty before a session is used, or its errors would be taken for the
//! session's: everything that fails goes through here.

use openssl::error::ErrorStack;
use std::fmt::{self, Write};

/// Why something about TLS failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure(String);

impl Failure {
    /// A reason of our own.
    pub fn because(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Says what was being done.
    #[must_use]
    pub fn while_at(self, what: &str) -> Self {
        Self(format!("{what}: {}", self.0))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<ErrorStack> for Failure {
    fn from(stack: ErrorStack) -> Self {
        Self(text_of(&stack))
    }
}

/// The queued errors in one line, the first cause first.
pub fn text_of(stack: &ErrorStack) -> String {
    let mut text = String::new();
    for error in stack.errors() {
        if !text.is_empty() {
            text.push_str("; ");
        }
        let reason = error.reason().unwrap_or("unknown error");
        let _ = write!(text, "{reason}");
        if let Some(data) = error.data() {
            let _ = write!(text, " ({data})");
        }
    }
    if text.is_empty() {
        text.push_str("no reason given");
    }
    text
}

/// Empties the queue of this OS thread.
pub fn forget() {
    drop(ErrorStack::get());
}

#[cfg(test)]
mod tests {
    use super::*;
    use openssl::x509::X509;

    #[test]
    fn text_when_a_certificate_is_garbage_names_the_reason() {
        let Err(stack) = X509::from_pem(b"garbage") else {
            panic!("garbage parsed");
        };
        let failure = Failure::from(stack).while_at("certificate");
        assert!(failure.to_string().starts_with("certificate: "));
        assert!(failure.to_string().contains("no start line"), "{failure}");
    }
}
