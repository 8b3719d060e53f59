//! The same in a comment.

use ploy::cmd;

fn main() {
    let (x, list) = ("x", ["y"]);
    let _ = cmd!("echo # {x}");
    let _ = (x, list);
}
