//! No shell takes a NUL character.

use ploy::cmd;

fn main() {
    let (x, list) = ("x", ["y"]);
    let _ = cmd!("echo \0");
    let _ = (x, list);
}
