//! A command is a string literal.

use ploy::cmd;

fn main() {
    let (x, list) = ("x", ["y"]);
    let _ = cmd!(format!("echo {}", x));
    let _ = cmd!(x);
    let _ = cmd!(concat!("a", "b"));
    let _ = cmd!(b"a");
    let _ = cmd!(&"a");
    let _ = (x, list);
}
