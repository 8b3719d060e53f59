//! A command is not empty.

use ploy::cmd;

fn main() {
    let (x, list) = ("x", ["y"]);
    let _ = cmd!("");
    let _ = cmd!("  ");
    let _ = cmd!("# nothing");
    let _ = cmd!["a", "", "b"];
    let _ = cmd!();
    let _ = (x, list);
}
