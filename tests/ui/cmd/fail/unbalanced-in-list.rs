//! Each command of a list is closed by itself.

use ploy::cmd;

fn main() {
    let (x, list) = ("x", ["y"]);
    let _ = cmd!["echo 'a", "b'"];
    let _ = (x, list);
}
