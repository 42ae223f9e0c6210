//! The C types of the ABI profile this library is built for. Data only: no logic, no conversions.
//!
//! Names are exactly the C names. The core never sees these types: `capi` converts them at the edge (a pointer to
//! creation info becomes a config, a reason becomes a number). `capi/headergen` turns them into the generated part of
//! the public header.
#![allow(non_camel_case_types, reason = "the names are C's")]

mod so17;

pub use so17::*;
