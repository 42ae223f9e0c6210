//! Entity tags of files: size and modification time in hexadecimal.
//!
//! The reference sends them without the quotes that RFC 9110 asks for, and programs compare them as
//! text, so they stay like that; comparing is lenient, see `conditional`. Used by the file server.

/// The tag of a file of `size` bytes, last modified at `mtime` (Unix seconds).
pub fn of_file(size: u64, mtime: i64) -> String {
    format!("{size:08X}{mtime:08X}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tag_is_size_and_time_in_hex() {
        assert_eq!(of_file(0x26, 0x6B03_C879), "000000266B03C879");
        assert_eq!(of_file(0x1_0000_0000, 0), "10000000000000000");
        assert_eq!(of_file(0, -1), "00000000FFFFFFFFFFFFFFFF");
    }
}
