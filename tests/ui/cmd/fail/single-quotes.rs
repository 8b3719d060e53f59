//! A value is quoted by ploy, so it cannot stand in quotes of its own.

use ploy::cmd;

fn main() {
    let (x, list) = ("x", ["y"]);
    let _ = cmd!("echo '{x}'");
    let _ = (x, list);
}
