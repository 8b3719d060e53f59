//! The shell's own text stays as it is, apart from doubled braces.

#![deny(warnings)]

use ploy::cmd;

fn main() {
    let (file, x) = ("f", "v");
    let text = |script: ploy::Script| script.to_string();
    assert_eq!(
        text(cmd!("awk '{{print $1}}' {file}")),
        "awk '{print $1}' f"
    );
    assert_eq!(text(cmd!("find . -exec ls {{}} +")), "find . -exec ls {} +");
    assert_eq!(
        text(cmd!(
            r#"n=$(wc -l {file}); echo "$n ${n:-0}" $((n + 1)) `date`"#
        )),
        r#"n=$(wc -l f); echo "$n ${n:-0}" $((n + 1)) `date`"#
    );
    assert_eq!(
        text(cmd!("case {x} in a) b;; *) echo 'x)' {x};; esac")),
        "case v in a) b;; *) echo 'x)' v;; esac"
    );
    assert_eq!(
        text(cmd!("cat <<EOF >{file}\nit's\nEOF\n")),
        "cat <<EOF >f\nit's\nEOF\n"
    );
    assert_eq!(text(cmd!("echo {x}>{file}")), "echo v >f");
    assert_eq!(
        text(cmd!("{{ a; }} && f() {{ b; }}")),
        "{ a; } && f() { b; }"
    );
}
