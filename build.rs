//! Gives the shared library the soname of the ABI profile it implements.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    // Profile so17: Debian 12's libwebsockets 4.1.6.
    println!("cargo:rustc-cdylib-link-arg=-Wl,-soname,libwebsockets.so.17");
}
