//! What two shells read in two ways is not for this macro.

use ploy::cmd;

fn main() {
    let (x, list) = ("x", ["y"]);
    let _ = cmd!("((a))");
    let _ = cmd!("echo $[1]");
    let _ = cmd!("a=(b)");
    let _ = cmd!("echo \"${a:-'b'}\"");
    let _ = cmd!("echo `a \\`b\\``");
    let _ = (x, list);
}
