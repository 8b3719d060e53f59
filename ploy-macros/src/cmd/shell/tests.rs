//! What is accepted and what is refused, with the text around each case.

use super::{Command, Piece, lex};

/// The command with each value as `<name>`: `^` in front if it begins a word, `$` behind if it is
/// one, `?` for `:any`, `*` for a list.
fn shown(text: &str) -> String {
    match lex(text) {
        Ok(Command { pieces, .. }) => pieces
            .iter()
            .map(|piece| match piece {
                Piece::Text(text) => text.clone(),
                Piece::Value(value) => {
                    let sign = |is: bool, sign: &'static str| if is { sign } else { "" };
                    let (starts, whole) = (
                        sign(value.is_word_start, "^"),
                        sign(value.is_whole_word, "$"),
                    );
                    let (any, list) = (sign(value.is_any_allowed, "?"), sign(value.is_splice, "*"));
                    format!("{starts}<{}{any}{list}>{whole}", value.written)
                }
            })
            .collect(),
        Err(problems) => panic!("{text:?} is refused: {problems:?}"),
    }
}

/// The only thing that is wrong.
fn problem(text: &str) -> String {
    match lex(text) {
        Ok(command) => panic!("{text:?} is accepted: {command:?}"),
        Err(mut problems) => {
            assert_eq!(problems.len(), 1, "{text:?}: {problems:?}");
            problems.remove(0)
        }
    }
}

fn refused(text: &str, part: &str) {
    let problem = problem(text);
    assert!(problem.contains(part), "{text:?}: {problem}");
}

fn is_compound(text: &str) -> bool {
    lex(text).is_ok_and(|command| command.is_compound)
}

#[test]
fn plain_text_stays() {
    for text in [
        "true",
        "tar czf dist.tgz dist",
        "a 'b c' \"d $e ${f:-g} $(h \"i\") `j`\" k\\ l",
        "make -j$(nproc) && ls *.o || exit 1; wait & cd /",
        "cat <<EOF\nit's \"text\nEOF",
        "echo \"it's\" 'say \"x\"' \\' \\\"",
        "echo $((1 + (2 * $x) << 3)) ${x#y} ${#x} $# $$ $! $? a#b",
        "f() ( echo hi ); f",
        "(cd a; (cd b))",
        "case $x in a) b;; (c) d;; esac",
        "x=$(case y in y) echo \"z\";; esac)",
        "cat <<< word >&2 2>/dev/null <file >|x",
        "echo ${x%\\}} ${x:-'}'} ${x:-$(y)} ${x:-${z}}",
        "grep -e 'x' -- y # it's a comment",
        "echo $'a\\nb'",
        "sleep 1 \\\n  && true",
    ] {
        if !text.contains("'}'") {
            assert_eq!(shown(text), text);
        }
    }
}

#[test]
fn values_know_their_place() {
    assert_eq!(
        shown("tar xzf {archive} -C {dir}"),
        "tar xzf ^<archive>$ -C ^<dir>$"
    );
    assert_eq!(
        shown("ln -sfn releases/{id} next"),
        "ln -sfn releases/<id> next"
    );
    assert_eq!(shown("rm -rf {dir}/*"), "rm -rf ^<dir>/*");
    assert_eq!(
        shown("cp {a.b.0} {self.x}{self}"),
        "cp ^<a.b.0>$ ^<self.x><self>"
    );
    assert_eq!(shown("{prog}"), "^<prog>$");
    assert_eq!(
        shown("ls {files...} {more...:any}"),
        "ls ^<files*>$ ^<more?*>$"
    );
    assert_eq!(shown("rm {dir:any}/*"), "rm ^<dir?>/*");
    assert_eq!(shown("a;{b}&{c}|{d}"), "a;^<b>$&^<c>$|^<d>$");
    assert_eq!(shown("a\n{b}\n"), "a\n^<b>$\n");
    assert_eq!(shown("({a})"), "(^<a>$)");
    assert_eq!(shown("x=$(cat {file}) y"), "x=$(cat ^<file>$) y");
    assert_eq!(shown("$(a){b}"), "$(a)<b>");
    assert_eq!(shown("$(a) {b}"), "$(a) ^<b>$");
    assert_eq!(shown("echo '$'{a}\"$\"{b}"), "echo '$'<a>\"$\"<b>");
    assert_eq!(shown("--user={user} FOO={foo}"), "--user=<user> FOO=<foo>");
    assert_eq!(
        shown("a {x} \\\n b {y}\\\n\n"),
        "a ^<x>$ \\\n b ^<y>$\\\n\n"
    );
    assert_eq!(shown("echo {r#type}"), "echo ^<r#type>$");
}

#[test]
fn redirections_keep_a_number_from_becoming_that_of_a_file() {
    assert_eq!(shown("echo {n}>f"), "echo ^<n>$ >f");
    assert_eq!(shown("echo {n} >{f}"), "echo ^<n>$ >^<f>$");
    assert_eq!(shown("cat<{f}"), "cat<^<f>$");
    assert_eq!(shown("a 2>&{fd}"), "a 2>&^<fd>$");
}

#[test]
fn braces_of_the_shell() {
    assert_eq!(shown("{{ a; }}"), "{ a; }");
    assert_eq!(
        shown("awk '{{print $1}}' {file}"),
        "awk '{print $1}' ^<file>$"
    );
    assert_eq!(shown("cp {{a,b}}.c {{{x}}}"), "cp {a,b}.c {<x>}");
    assert_eq!(shown("find . -exec ls {{}} +"), "find . -exec ls {} +");
    assert_eq!(shown("${x}{{y}}"), "${x}{y}");
    assert_eq!(
        shown("f() {{ echo \"{{}}\"; }}; f"),
        "f() { echo \"{}\"; }; f"
    );
    assert_eq!(shown("\\{{a\\}}"), "\\{a\\}");
    refused("{ a; }", "is not a placeholder");
    refused("{ a; }", "is written `{{`");
    refused("awk '{print $1}'", "is not a placeholder");
    refused("find . -exec ls {} +", "`{{}}`");
    refused("echo }", "written `}}`");
    refused("echo {", "not closed");
    refused("cp {a,b} c", "is not a placeholder");
}

#[test]
fn malformed_placeholders() {
    refused("a {0}", "names no value");
    refused("a {x:?}", "`:?` is not known");
    refused("a {x:any...}", "is not known");
    refused("a {x.len()}", "is not a placeholder");
    refused("a {x + 1}", "is not a placeholder");
    refused("a {x.}", "is not a placeholder");
    refused("a {x.01}", "is not a placeholder");
    refused("a {1x}", "is not a placeholder");
    refused("a {type}", "a word of Rust");
    refused("a {x.self}", "a word of Rust");
    refused("a {_}", "a word of Rust");
    refused("a { x }", "is not a placeholder");
    refused("a {...}", "names no value");
}

#[test]
fn no_value_in_quotes() {
    refused("a '{x}'", "inside single quotes");
    refused("a \"{x}\"", "inside double quotes");
    refused("a \"\\\"{x}\"", "inside double quotes");
    refused("a \"'{x}'\"", "inside double quotes");
    refused("a '\"'{y}'{x}'", "inside single quotes");
    refused("a `b {x}`", "inside backquotes");
    refused("a \"`b {x}`\"", "inside backquotes");
    refused("a $'{x}'", "inside `$'..'`");
    refused("a $((1 + {x}))", "inside `$((..))`");
    refused("a ${y:-{x}}", "inside `${..}`");
    refused("a \"${y:-{x}}\"", "inside `${..}`");
    refused("a # {x}", "in a comment");
    refused("a;# {x}", "in a comment");
    refused("a \"$(b {x})\"", "in a `$(..)` inside double quotes");
    refused("a \"$(b '{x}')\"", "inside single quotes");
    refused("a \"$(b $(c {x}))\"", "in a `$(..)` inside double quotes");
    refused("a ${y:-$(b {x})}", "in a `$(..)` inside an expansion");
    refused("a $((1 + $(b {x})))", "in a `$(..)` inside");
    assert!(problem("a '{x}'").contains("`x={x}; .. \"$x\"`"));
}

#[test]
fn quotes_that_end_where_they_seem_not_to() {
    // After each of these the value is outside again.
    for text in [
        "a 'b\\'{x}",
        "a \"b\\\\\"{x}",
        "a \"'\"{x}",
        "a '\"'{x}",
        "a \"$(b \"c\")\"{x}",
        "a \"$(b ')')\"{x}",
        "a \"${b}\"{x}",
    ] {
        assert!(shown(text).ends_with("<x>"), "{text}");
    }
    assert_eq!(shown("a \"$(echo # )\n)\"{x}"), "a \"$(echo # )\n)\"<x>");
    assert_eq!(shown("a \"$(( (1) ))\"{x}"), "a \"$(( (1) ))\"<x>");
    assert_eq!(shown("echo a#'b'{x}"), "echo a#'b'<x>");
    assert_eq!(shown("a `b`{x}"), "a `b`<x>");
}

#[test]
fn no_value_in_a_here_document() {
    refused("cat <<EOF\n{x}\nEOF", "in a here-document");
    refused("cat <<'EOF'\n{x}\nEOF", "in a here-document");
    refused("cat <<-EOF\n\ta\n\t{x}\n\tEOF", "in a here-document");
    refused("cat <<{x}\n{{x}}", "in the delimiter");
    refused("cat <<A <<B\na\nA\n{x}\nB", "in a here-document");
    assert_eq!(
        shown("cat <<A {x}; b {y}\n'\nA\nc {z}"),
        "cat <<A ^<x>$; b ^<y>$\n'\nA\nc ^<z>$"
    );
    assert_eq!(
        shown("cat <<\"A B\"\n'\nA B\nc {z}"),
        "cat <<\"A B\"\n'\nA B\nc ^<z>$"
    );
    assert_eq!(
        shown("cat <<-A\n\t'\n\tA\nc {z}"),
        "cat <<-A\n\t'\n\tA\nc ^<z>$"
    );
    refused("cat <<A\nb", "is not closed");
    refused("cat <<A\n A\nb", "is not closed");
    refused("cat <<A", "has no text");
    refused("cat <<\na", "no delimiter");
    refused("cat <<$A\nb\n$A", "is a word");
    refused("cat <<A\nb\\\nA\n", "cannot end in a backslash");
    refused("cat <<A\n$('\nA\n", "single quote is not closed");
    refused("cat <<A\n$(b\nc)\nA\n", "on one line");
    assert_eq!(
        shown("cat <<A\n$b $(c 'd') ${e} \\$( '\nA\n{x}"),
        "cat <<A\n$b $(c 'd') ${e} \\$( '\nA\n^<x>$"
    );
    assert_eq!(
        shown("cat <<'A'\n$(' \\\nA\n{x}"),
        "cat <<'A'\n$(' \\\nA\n^<x>$"
    );
    refused("x=$(cat <<A)\nb\nA", "on a line of its own");
    assert_eq!(
        shown("x=$(cat <<A\n'\nA\n) {y}"),
        "x=$(cat <<A\n'\nA\n) ^<y>$"
    );
    refused("a `cat <<A\nb\nA\n`", "use `$(..)`");
}

#[test]
fn unbalanced() {
    refused("a 'b", "single quote is not closed");
    refused("a 'b {x}", "single quote is not closed");
    refused("a \"b", "double quote is not closed");
    refused("a \"b\\\"", "double quote is not closed");
    refused("a `b", "backquote is not closed");
    refused("a $(b", "`(` is not closed");
    refused("a \"$(b\"", "double quote is not closed");
    refused("a \"$(b", "`$(` is not closed");
    refused("(a", "`(` is not closed");
    refused("a )", "`)` without");
    refused("a ${b", "`${` is not closed");
    refused("a $((b", "`$((` is not closed");
    refused("a $'b", "`$'` is not closed");
    refused("a\\", "ends in a backslash");
    refused("", "is empty");
    refused(" \n\t", "is empty");
    refused("# only a comment", "is empty");
    refused("a\0b", "NUL");
}

#[test]
fn operators_have_something_on_both_sides() {
    refused("a &&", "nothing follows `&&`");
    refused("a || ", "nothing follows `||`");
    refused("a | # b", "nothing follows `|`");
    refused("&& a", "nothing stands before `&&`");
    refused("; a", "nothing stands before `;`");
    assert_eq!(shown("a &&\n b;"), "a &&\n b;");
    assert_eq!(shown(">f a"), ">f a");
}

#[test]
fn shells_that_disagree() {
    refused("((a))", "write `( (`");
    refused("a=(b c)", "begins an array");
    refused("a $[1]", "use `$((..))`");
    refused("a $((b) )", "write `$( (`");
    refused("a $((1 + '2'))", "only numbers");
    refused("a \"${b:-'c'}\"", "mean different things");
    refused("a \"${b:-\"c\"}\"", "mean different things");
    refused("a ${b:-{c,d}}", "is not counted");
    refused("a ${{b}}", "is the shell's");
    refused("a ${ b; }", "is the shell's");
    refused("a $'b\\'c'", "different things");
    refused("a `b \\`c\\``", "a backslash inside backquotes");
    refused("a \"`b \"c\"`\"", "a quote inside backquotes");
    refused("a `b '`' c`", "not closed before the backquote");
    refused("a \"$(case b in c) d;; esac)\"", "`case` cannot stand");
    refused("a$\\\n(b)", "cannot be broken");
    refused("a\\\nb", "would join two words");
    refused("a <\\\n<b", "would join two words");
}

#[test]
fn case_never_hides_quotes() {
    assert_eq!(
        shown("x=$(case {a} in b) c '{{x}}' {d};; esac) {e}"),
        "x=$(case ^<a>$ in b) c '{x}' ^<d>$;; esac) ^<e>$"
    );
    // It is not known whether this `)` ends a pattern or the substitution: both rules for values
    // hold.
    assert_eq!(
        shown("x=$(case a in b){c};; esac)"),
        "x=$(case a in b)^<c>;; esac)"
    );
    refused("x=$(case a in b) '{c}';; esac)", "inside single quotes");
    refused("$(case a in b) c;; esac \"{d}\")", "inside double quotes");
}

#[test]
fn values_that_would_join_what_is_before_them() {
    refused("a \\{x}", "the backslash before");
    refused("a \"\\{x}\"", "the backslash before");
    refused("a $b{x}", "right after the name of a shell variable");
    refused("a $b_1{x}", "right after the name of a shell variable");
    assert_eq!(
        shown("a $b/{x} ${b}{x} $b.{x} $1{x} \"$b\"{x} \\\\{x}"),
        "a $b/<x> ${b}<x> $b.<x> $1<x> \"$b\"<x> \\\\<x>"
    );
    refused("a ~{user}/x", "does not expand `~`");
    assert_eq!(shown("a ~/{x} b~{x}"), "a ~/<x> b~<x>");
}

#[test]
fn a_list_is_a_word() {
    refused("a x{y...}", "a word of its own");
    refused("a {y...}/z", "a word of its own");
    refused("a {y...}{z}", "a word of its own");
    assert_eq!(
        shown("for x in {y...}; do z; done"),
        "for x in ^<y*>$; do z; done"
    );
}

#[test]
fn several_problems_at_once() {
    let problems = lex("a '{x}' \"{y}\" {} z{w...}").unwrap_err();
    assert_eq!(problems.len(), 4, "{problems:?}");
}

#[test]
fn what_must_be_wrapped_in_a_list() {
    for text in [
        "a; b",
        "a & b",
        "a &",
        "a || b",
        "a # b",
        "a\nb",
        "cat <<A\nA\n",
        "a && b",
        "$(a; b)",
    ] {
        assert!(is_compound(text), "{text}");
    }
    for text in [
        "a",
        "a | b",
        "a 'b; c' \"d & e\" \\# f",
        "a >b 2>&1",
        "(a)",
        "a#b",
        "\"$x\"\\;",
    ] {
        assert!(!is_compound(text), "{text}");
    }
}
