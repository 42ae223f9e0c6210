//! System calls behind a safe API, one family a file.

pub mod addr;
pub mod clock;
pub mod connect;
pub mod daemon;
pub mod dir;
pub mod dl;
pub mod file;
pub mod file_pump;
pub mod iface;
pub mod limits;
pub mod listen;
pub mod localtime;
pub mod logfile;
pub mod plat_file;
pub mod privs;
pub mod process;
pub mod random;
pub mod resolve;
pub mod sigpipe;
pub mod sock;
pub mod udp;
pub mod wakefd;
pub mod whole_file;
