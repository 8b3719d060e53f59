//! The same in arithmetic.

use ploy::cmd;

fn main() {
    let (x, list) = ("x", ["y"]);
    let _ = cmd!("echo $((1 + {x}))");
    let _ = (x, list);
}
