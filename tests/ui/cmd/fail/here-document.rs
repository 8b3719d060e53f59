//! The same in a here-document and its delimiter.

use ploy::cmd;

fn main() {
    let (x, list) = ("x", ["y"]);
    let _ = cmd!("cat <<EOF\n{x}\nEOF");
    let _ = cmd!("cat <<{x}\n\nEOF");
    let _ = (x, list);
}
