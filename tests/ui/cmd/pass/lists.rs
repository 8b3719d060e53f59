//! Commands of a list are joined by `&&`, each with its own meaning.

#![deny(warnings)]

use ploy::cmd;

fn main() {
    let dir = "a b";
    let text = |script: ploy::Script| script.to_string();
    assert_eq!(
        text(cmd!["./build.sh", "tar czf dist.tgz {dir}"]),
        "./build.sh && tar czf dist.tgz 'a b'"
    );
    assert_eq!(text(cmd!["a",]), "a");
    assert_eq!(text(cmd!["a; b"]), "a; b");
    assert_eq!(
        text(cmd!["a || b", "c", "d # e"]),
        "{ a || b\n} && c && { d # e\n}"
    );
    assert_eq!(
        text(cmd!["cat <<A\nx\nA", "b &"]),
        "{ cat <<A\nx\nA\n} && { b &\n}"
    );
    assert_eq!(text(cmd!["a | b", "echo '; &'"]), "a | b && echo '; &'");
}
