//! What has no text cannot stand in a command, and a list stands with dots.

use ploy::cmd;

struct Thing;

fn main() {
    let thing = Thing;
    let _ = cmd!("echo {thing}");
    let list = vec!["a"];
    let _ = cmd!("echo {list}");
}
