//! Values stand in the command, not after it.

use ploy::cmd;

fn main() {
    let (x, list) = ("x", ["y"]);
    let _ = cmd!("echo {x}", x);
    let _ = cmd!("echo {x}", x = x);
    let _ = cmd!("echo" x);
    let _ = (x, list);
}
