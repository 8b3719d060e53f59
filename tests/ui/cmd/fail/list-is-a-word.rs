//! A list of values is as many words, so it cannot be part of one.

use ploy::cmd;

fn main() {
    let (x, list) = ("x", ["y"]);
    let _ = cmd!("cp a{list...} b");
    let _ = cmd!("cp {list...}/ b");
    let _ = (x, list);
}
