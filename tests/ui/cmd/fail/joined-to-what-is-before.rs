//! What stands before a value must not change it.

use ploy::cmd;

fn main() {
    let (x, list) = ("x", ["y"]);
    let _ = cmd!("echo \\{x}");
    let _ = cmd!("echo $HOME{x}");
    let _ = cmd!("ls ~{x}");
    let _ = (x, list);
}
