//! The same in backquotes.

use ploy::cmd;

fn main() {
    let (x, list) = ("x", ["y"]);
    let _ = cmd!("echo `cat {x}`");
    let _ = (x, list);
}
