//! Every mistake is said, and the macro is still a script.

use ploy::cmd;

fn main() {
    let (x, list) = ("x", ["y"]);
    let _ = cmd!("echo '{x}' \"{x}\" {} {list...}x").to_string();
    let _ = (x, list);
}
