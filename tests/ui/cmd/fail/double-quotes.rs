//! The same in double quotes.

use ploy::cmd;

fn main() {
    let (x, list) = ("x", ["y"]);
    let _ = cmd!("echo \"a {x}\"");
    let _ = cmd!(r#"echo "$(cat {x})""#);
    let _ = (x, list);
}
