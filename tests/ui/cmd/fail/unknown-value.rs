//! A value that is not there is rustc's to refuse.

use ploy::cmd;

fn main() {
    let archive = "dist.tgz";
    let _ = cmd!("tar xzf {archvie}");
    let _ = archive;
}
