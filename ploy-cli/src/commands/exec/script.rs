//! The shell text of a script in a file of this machine.

use std::io::Read;
use std::path::Path;

use crate::commands::shell_text::joined;
use ploy_core::error::Problem;

/// The shells that a script may name in its first line.
const SHELLS: [&str; 7] = ["sh", "bash", "dash", "ash", "ksh", "mksh", "zsh"];

/// The shell text of a script in a file of this machine, or on the standard input (`-`), with these
/// arguments.
pub(super) fn text(file: &str, arguments: &[String]) -> Result<String, Problem> {
    let read = match file {
        "-" => {
            let mut text = String::new();
            std::io::stdin().read_to_string(&mut text).map(|_| text)
        }
        file => std::fs::read_to_string(file),
    };
    let script = read.map_err(|error| {
        let problem = Problem::new(format!("cannot read the script `{file}`: {error}"));
        match error.kind() {
            std::io::ErrorKind::InvalidData => {
                problem.with_hint("only a text is a shell script; upload a program by a job")
            }
            _ => problem,
        }
    })?;
    if script.trim().is_empty() {
        return Err(Problem::new(format!("the script `{file}` is empty")));
    }
    if script.contains('\0') {
        return Err(Problem::new(format!(
            "the script `{file}` holds a NUL byte"
        )));
    }
    whole(file, &script, arguments)
}

/// A script that names its shell is run by that one; any other by the site's.
fn whole(file: &str, script: &str, arguments: &[String]) -> Result<String, Problem> {
    let Some(first) = script.strip_prefix("#!") else {
        if arguments.is_empty() {
            return Ok(script.to_owned());
        }
        return Ok(format!("set -- {}\n{script}", joined(arguments)));
    };
    let line = first.lines().next().unwrap_or_default().trim();
    // As the system reads it: the rest of the line is one argument, but for `env`'s.
    let mut words: Vec<&str> = line.splitn(2, char::is_whitespace).map(str::trim).collect();
    if name(words[0]) == "env" {
        words = line.split_whitespace().collect();
    }
    let shell = words.iter().find(|word| name(word) != "env");
    let shell = shell.map_or("", |word| name(word));
    if !SHELLS.contains(&shell) {
        return Err(Problem::new(format!(
            "the script `{file}` is for `{line}`, which is no shell of sh's kind"
        ))
        .with_hint("upload it by a job, and run it there"));
    }
    let mut all: Vec<String> = words.into_iter().map(str::to_owned).collect();
    let called = if file == "-" { shell } else { name(file) };
    all.extend(["-c".to_owned(), script.to_owned(), called.to_owned()]);
    all.extend_from_slice(arguments);
    Ok(format!("exec {}", joined(&all)))
}

fn name(path: &str) -> &str {
    Path::new(path)
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(script: &str, arguments: &[&str]) -> String {
        let arguments: Vec<String> = arguments.iter().map(|word| (*word).to_owned()).collect();
        let text = whole("/x/demo.sh", script, &arguments).unwrap();
        let output = std::process::Command::new("sh")
            .args(["-c", &text])
            .output()
            .unwrap();
        assert_eq!(output.stderr, b"", "{text}");
        String::from_utf8(output.stdout).unwrap()
    }

    #[test]
    fn a_script_has_its_arguments_and_its_own_shell() {
        assert_eq!(run("echo \"$#: $2\"\n", &["a", "it's b"]), "2: it's b\n");
        assert_eq!(run("echo \"$#\"", &[]), "0\n");
        let bash = "#!/bin/bash -eu\na=(x y); echo \"$0 ${a[1]} $1 $-\" | tr -d hBc\n";
        assert_eq!(run(bash, &["z"]), "demo.s y z eu\n");
        assert_eq!(
            run("#!/usr/bin/env bash\n[[ x == x ]] && echo yes", &[]),
            "yes\n"
        );
    }

    #[test]
    fn what_is_for_another_program_is_refused() {
        for first in [
            "#!/usr/bin/env python3",
            "#!/usr/bin/perl -w",
            "#!",
            "#!/usr/bin/env",
        ] {
            assert!(
                whole("x", &format!("{first}\nx\n"), &[]).is_err(),
                "{first}"
            );
        }
    }
}
