//! An operator stands between two commands.

use ploy::cmd;

fn main() {
    let (x, list) = ("x", ["y"]);
    let _ = cmd!("a &&");
    let _ = cmd!["a |", "|| b"];
    let _ = (x, list);
}
