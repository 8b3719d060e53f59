//! `exec`: commands without a job.

use std::fs;

use ploy_tests::{Finished, Program, golden};

fn probe(arguments: &[&str]) -> Program {
    Program::new("probe", [&["exec"], arguments].concat())
}

fn run(arguments: &[&str]) -> Finished {
    let finished = probe(arguments).run();
    finished.assert_clean();
    finished
}

#[test]
fn one_word_is_shell_text_and_several_are_words() {
    let text = run(&["-l", "web1", "echo a; echo \"b  c\" | tr b x"]).exited(0);
    assert_eq!(text.out(), "web1 | a\nweb1 | x  c\n");
    let words = run(&[
        "-l", "web1", "--", "printf", "%s.", "-n", "a  b", "$HOME", ";", "'",
    ]);
    assert_eq!(words.exited(0).out(), "web1 | -n.a  b.$HOME.;.'.\n");
}

#[test]
fn it_runs_on_the_chosen_sites_as_a_job_does() {
    let finished = run(&["echo here", "-r", "web", "-x", "web2", "--mode", "atomic"]).exited(0);
    assert_eq!(finished.out(), "web1 | here\nweb3 | here\n");
    assert!(
        finished
            .err()
            .contains("done: 2 tasks succeeded on 2 sites")
    );
    let stopped = run(&["exit 7", "-r", "web", "-m", "atomic"]).exited(3);
    assert!(
        stopped.err().contains("exited with status 7"),
        "{}",
        stopped.err()
    );
    let slow = run(&["sleep 30", "-l", "web1", "--timeout", "200ms"]).exited(1);
    assert!(
        slow.err().contains("the action ran longer than 0.2 s"),
        "{}",
        slow.err()
    );
    let again = run(&["exit 1", "-l", "web1", "--retries", "1", "--backoff", "1ms"]).exited(1);
    assert_eq!(
        again.err().matches("$ exit 1").count(),
        2,
        "{}",
        again.err()
    );
}

#[test]
fn a_failure_names_the_command_and_no_source() {
    let finished = run(&["ls /no/such/folder", "-l", "web1"]).exited(1);
    assert!(
        finished.err().contains("failed: exec on web1\n"),
        "{}",
        finished.err()
    );
}

#[test]
fn a_command_reads_nothing() {
    let mut program = probe(&["cat; echo done", "-l", "web1"]).with_keys().start();
    program.type_keys("not for the command\n");
    let finished = program.finish().exited(0);
    assert_eq!(finished.out(), "web1 | done\n");
}

#[test]
fn a_script_is_run_with_its_arguments_and_its_shell() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let plain = file("plain", "for a do\n  echo \"<$a>\"\ndone\n");
    let finished = run(&["--script", &plain, "-l", "web1", "--", "a b", "-c"]).exited(0);
    assert_eq!(finished.out(), "web1 | <a b>\nweb1 | <-c>\n");
    let bash = file(
        "bash.sh",
        "#!/usr/bin/env bash\nset -eu\nx=(1 2)\necho \"${0##*/} ${x[1]}\"\n",
    );
    let finished = run(&["--script", &bash, "-l", "web1"]).exited(0);
    assert_eq!(finished.out(), "web1 | bash.sh 2\n");

    let mut program = probe(&["--script", "-", "-l", "web1"]).with_keys().start();
    program.type_keys("echo from stdin; cat\n");
    program.close_keys();
    assert_eq!(program.finish().exited(0).out(), "web1 | from stdin\n");

    let python = file("x.py", "#!/usr/bin/python3\nimport os\n");
    let refused = run(&["--script", &python, "-l", "web1"]).exited(2);
    assert!(
        refused.err().contains("no shell of sh's kind"),
        "{}",
        refused.err()
    );
    let missing = run(&["--script", "/no/such/script"]).exited(2);
    assert!(
        missing.err().contains("cannot read the script"),
        "{}",
        missing.err()
    );
}

#[test]
fn it_can_be_shown_and_asks_for_sense() {
    let shown = run(&["-n", "-l", "web[1-2]", "--", "rm", "-r", "a b"]).exited(0);
    golden("cli/exec-dry", &shown.out());
    let shown = run(&["-n", "-l", "web1", "--sudo", "echo a\necho b"])
        .exited(0)
        .out();
    assert!(
        shown.ends_with("  command as root: echo a\n    echo b\n"),
        "{shown}"
    );
    let shown = run(&["-n", "-l", "web1", "-o", "json", "true"])
        .exited(0)
        .out();
    assert!(shown.starts_with("{\n  \"version\": 1,"), "{shown}");
    for mistake in [
        &["true", "-l", "wbe1"][..],
        &["true", "--pause", "3s"],
        &["true", "--start-from", "exec"],
        &["  "],
        &[],
        &["true", "--sudo", "--as", "me"],
        &["tail", "-n", "file"],
        &["ls", "--", "-l"],
        &["--script", "/dev/null", "x"],
    ] {
        let finished = run(mistake).exited(2);
        assert_eq!(finished.out(), "");
        assert!(finished.err().contains("error:"), "{}", finished.err());
    }
}
