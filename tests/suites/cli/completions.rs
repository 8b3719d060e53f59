//! What shells offer at the Tab key, by the shells themselves, and the man page.

use std::process::Command;

use ploy_tests::Program;

/// What bash offers for the last of these words.
fn bash(words: &[&str]) -> Vec<String> {
    let program = Program::path("params");
    let script = r#"
        source <("$0" completions bash)
        COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_TYPE=9
        COMP_LINE="$*" COMP_POINT=${#COMP_LINE}
        function=$(complete -p params | sed 's/.*-F \([^ ]*\).*/\1/')
        "$function" params "${COMP_WORDS[COMP_CWORD]}" ''
        printf '%s\n' "${COMPREPLY[@]}"
    "#;
    let mut command = Command::new("bash");
    command
        .args(["--norc", "-c", script])
        .arg(program)
        .args(words);
    let output = command.output().unwrap();
    assert!(
        output.stderr.is_empty(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines()
        .map(|line| line.trim_end().to_owned())
        .collect()
}

#[test]
fn bash_offers_jobs_parameters_values_roles_and_sites() {
    assert_eq!(bash(&["params", "up"]), ["upload-web"]);
    let all = bash(&["params", ""]);
    for word in ["upload-web", "release", "tell", "plan", "exec"] {
        assert!(all.iter().any(|one| one == word), "{word}: {all:?}");
    }
    assert_eq!(bash(&["params", "plan", "rel"]), ["release"]);
    let options = bash(&["params", "upload-web", "--ta"]);
    assert_eq!(options, ["--tag", "--targets", "--task-timeout"]);
    assert_eq!(bash(&["params", "number", "--tar"]), ["--target"]);
    assert_eq!(bash(&["params", "number", "--target", "l"]), ["live"]);
    assert_eq!(bash(&["params", "--roles", "w"]), ["web", "web1", "web2"]);
    assert_eq!(bash(&["params", "-l", "web1,fi"]), ["web1,first"]);
    assert_eq!(bash(&["params", "--mode", "a"]), ["atomic"]);
    assert_eq!(bash(&["params", "ssh", "web"]), ["web", "web1", "web2"]);
}

#[test]
fn every_shell_has_a_script_and_there_is_a_man_page() {
    for (shell, part) in [
        ("bash", "complete "),
        ("zsh", "#compdef params"),
        ("fish", "complete "),
    ] {
        let script = Program::new("params", ["completions", shell])
            .run()
            .exited(0)
            .out();
        assert!(
            script.contains(part) && script.contains("PLOY_COMPLETE"),
            "{shell}: {script}"
        );
    }
    let page = Program::new("params", ["completions", "man"])
        .run()
        .exited(0)
        .out();
    for part in [".TH params 1", "upload\\-web", "\\-\\-fanout"] {
        assert!(page.contains(part), "{part}");
    }
    let wrong = Program::new("params", ["completions", "tcsh"])
        .run()
        .exited(2)
        .err();
    assert!(
        wrong.contains("[possible values: bash, zsh, fish, man]"),
        "{wrong}"
    );
}

#[test]
#[ignore = "needs zsh and fish: tests/run runs it"]
fn fish_and_zsh_offer_them_with_their_help() {
    let program = Program::path("params");
    let script = "$argv[1] completions fish | source; complete -C 'params upload-web --targets '; complete -C 'params num'";
    let output = Command::new("fish")
        .args(["--no-config", "-c", script])
        .arg(&program)
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(
        text,
        "staging\nlive\nnumber\tA job whose tag is a number.\n"
    );
    let script = "autoload -Uz compinit && compinit -u -D && source <($1 completions zsh) && print $_comps[params]";
    let output = Command::new("zsh")
        .args(["-f", "-c", script, "zsh"])
        .arg(&program)
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        text.contains("_clap_dynamic_completer_params"),
        "{text}{}",
        String::from_utf8_lossy(&output.stderr)
    );
}
