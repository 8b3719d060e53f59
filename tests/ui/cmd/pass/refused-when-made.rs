//! A value that would change the command is refused when it is known, unless it is written `:any`.

#![deny(warnings)]

use ploy::{Script, cmd};

fn refused(script: &Script) -> bool {
    script.text().is_err()
}

fn main() {
    let (empty, option) = ("", "-rf");
    assert!(refused(&cmd!("rm -rf {empty}/*")));
    assert!(!refused(&cmd!("rm -rf {empty:any}/*")));
    assert!(!refused(&cmd!("test -z {empty}")));
    assert!(refused(&cmd!("rm {option}")));
    assert!(!refused(&cmd!("rm {option:any}")));
    assert!(!refused(&cmd!("rm ./{option} --x={option}")));
    let list = ["a", "-b"];
    assert!(refused(&cmd!("rm {list...}")));
    assert!(!refused(&cmd!("rm {list...:any}")));
}
