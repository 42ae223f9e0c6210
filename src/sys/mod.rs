//! System calls behind a safe API, one family a file.
