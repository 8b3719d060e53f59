//! A brace of the shell's is written twice.

use ploy::cmd;

fn main() {
    let (x, list) = ("x", ["y"]);
    let _ = cmd!("{ a; }");
    let _ = cmd!("awk '{print $1}'");
    let _ = cmd!("find . -exec ls {} +");
    let _ = cmd!("echo }");
    let _ = cmd!("cp {a,b} c");
    let _ = (x, list);
}
