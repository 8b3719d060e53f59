//! The same in the quotes that only some shells have.

use ploy::cmd;

fn main() {
    let (x, list) = ("x", ["y"]);
    let _ = cmd!("echo $'{x}'");
    let _ = (x, list);
}
