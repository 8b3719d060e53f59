//! A `case` could hide the end of quotes.

use ploy::cmd;

fn main() {
    let (x, list) = ("x", ["y"]);
    let _ = cmd!("echo \"$(case $a in b) c;; esac)\"");
    let _ = (x, list);
}
