//! Dots stand behind lists only.

use ploy::cmd;

fn main() {
    let value = 5_u8;
    let _ = cmd!("echo {value...}");
}
