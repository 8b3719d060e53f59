//! What is opened is closed.

use ploy::cmd;

fn main() {
    let (x, list) = ("x", ["y"]);
    let _ = cmd!("echo 'a");
    let _ = cmd!("echo '{x}");
    let _ = cmd!("echo \"a");
    let _ = cmd!("echo `a");
    let _ = cmd!("echo $(a");
    let _ = cmd!("(a");
    let _ = cmd!("a)");
    let _ = cmd!("echo ${a");
    let _ = cmd!("cat <<EOF\na");
    let _ = cmd!("a \\");
    let _ = (x, list);
}
