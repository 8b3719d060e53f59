//! The same in an expansion of the shell's.

use ploy::cmd;

fn main() {
    let (x, list) = ("x", ["y"]);
    let _ = cmd!("echo ${HOME:-{x}}");
    let _ = (x, list);
}
