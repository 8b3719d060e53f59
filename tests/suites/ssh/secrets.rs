//! Secrets on their way to commands, and what is shown of them.

use std::fs;

use ploy::error::Kind;
use ploy::secret::Passwords;
use ploy::{Script, Secret, Shell};
use ploy_tests::{Program, Server, until};
use rustix::process::Signal;

const SECRET: &str = "it's \"top\" $ecret\\n/+?\nsecond line of it\n";

fn script(text: &str) -> Script {
    Script::raw(text)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs sshd and sudo: tests/run runs it"]
async fn a_command_gets_it_exactly_in_every_way() {
    let server = Server::start();
    for shell in [
        Shell::local(),
        Shell::with("web1", server.site("web1")),
        Shell::with("web1", server.site("web1").shell("bash")),
    ] {
        for value in [
            SECRET,
            "one line",
            "\n\n",
            "",
            " spaces  and\ttabs ",
            "-n",
            "\\0\\c",
        ] {
            let secret = Secret::new(value);
            let run = || shell.run(script("printf %s \"$TOKEN\""));
            assert_eq!(
                run().secret_env("TOKEN", &secret).await.unwrap().stdout(),
                value.as_bytes()
            );
            let read = shell.run(script(
                "cat \"$FILE\"; stat -c %a \"$FILE\" >&2; echo \"$FILE\" >&2",
            ));
            let output = read.secret_file("FILE", &secret).await.unwrap();
            assert_eq!(output.stdout(), value.as_bytes());
            let said = output.stderr_text();
            let (mode, path) = said.split_once('\n').unwrap();
            assert_eq!(mode, "600");
            assert!(path.starts_with("/dev/shm/ploy."), "{path}");
            until("it is removed", || !fs::exists(path).unwrap());
            let output = shell.run(script("cat")).stdin(&secret).await.unwrap();
            assert_eq!(output.stdout(), value.as_bytes());
        }
        // Several, and as root.
        let (one, two) = (Secret::new("first secret"), Secret::new(SECRET));
        let run = shell.sudo_sh(script("printf '%s-%s-' \"$ONE\" \"$TWO\"; cat \"$FILE\" -"));
        let run = run
            .secret_env("ONE", &one)
            .secret_env("TWO", &two)
            .secret_file("FILE", &one);
        let output = run.stdin(&two).await.unwrap();
        assert_eq!(
            output.stdout(),
            format!("first secret-{SECRET}-first secret{SECRET}").as_bytes()
        );
        let run = shell
            .sudo_as("nobody", script("printenv ONE"))
            .secret_env("ONE", &one);
        // sudo would write it into its log.
        let failure = run.await.unwrap_err();
        assert_eq!(failure.kind(), Kind::Usage, "{failure:?}");
        let run = shell
            .sudo_as("root", script("sh -c 'cat \"$FILE\"'"))
            .secret_file("FILE", &one);
        assert_eq!(run.await.unwrap().text(), "first secret");
        let run = shell
            .run(script("printf '%s' \"$TWO\"; cat"))
            .run_as("nobody")
            .secret_env("TWO", &two)
            .stdin("rest");
        assert_eq!(
            run.await.unwrap().stdout(),
            format!("{SECRET}rest").as_bytes()
        );
        let binary = Secret::new(b"a\0binary".to_vec());
        let run = shell
            .run(script("cat \"$FILE\""))
            .secret_file("FILE", &binary);
        assert_eq!(run.await.unwrap_err().kind(), Kind::Usage);
        let run = shell
            .run(script("cat \"$FILE\""))
            .run_as("nobody")
            .secret_file("FILE", &one);
        assert_eq!(run.await.unwrap_err().kind(), Kind::Usage);
        for name in ["A-B", "", "1"] {
            let failure = shell
                .run(script("id"))
                .secret_env(name, &one)
                .await
                .unwrap_err();
            assert_eq!(failure.kind(), Kind::Usage, "{failure:?}");
        }
    }
    server.assert_empty();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs sshd and sudo: tests/run runs it"]
async fn it_is_in_no_argument() {
    let server = Server::start();
    let shell = Shell::with("web1", server.site("web1")).with_passwords(&Passwords::new());
    let secret = Secret::new("in-no-argument-4711");
    let text = script("cat /proc/[0-9]*/cmdline | tr '\\0' '\\n'; cat >/dev/null");
    let run = shell
        .run(text)
        .secret_env("TOKEN", &secret)
        .secret_file("FILE", &secret)
        .stdin(&secret);
    let output = run.capture_limit(10_000_000).await.unwrap();
    assert!(output.stdout().len() > 100);
    assert!(!output.text().contains("argument-4711"));
}

#[test]
#[ignore = "needs sshd and sudo: tests/run runs it"]
fn it_is_shown_nowhere_whatever_it_looks_like() {
    let server = Server::start();
    let secret = "it's \"top\" $ecret/+?";
    let finished = Program::new("probe", ["secret"])
        .env("PROBE_CONFIG", server.config())
        .env("PROBE_SECRET", secret)
        .env("NO_COLOR", "1")
        .run()
        .exited(1);
    let (out, err) = (finished.out(), finished.err());
    for text in [&out, &err] {
        for form in [
            secret, "top", "$ecret", "InRvcC", "dG9wI", "0b3Ai", "it'\\''s",
        ] {
            assert!(!text.contains(form), "`{form}` in\n{text}");
        }
    }
    for line in ["| env=***", "| file=***", "! stdin=***", "| ***\n"] {
        assert!(
            out.contains(line) || err.contains(line),
            "`{line}` not in\n{out}\n{err}"
        );
    }
    for line in [
        "> report=***",
        "# script=***",
        "fail=***",
        "exited with status 3",
    ] {
        assert!(err.contains(line), "`{line}` not in\n{err}");
    }
    finished.assert_clean();
}

#[test]
#[ignore = "needs sshd and sudo: tests/run runs it"]
fn its_file_is_removed_when_the_program_is_killed() {
    let server = Server::start();
    let running = Program::new("probe", ["secret"])
        .env("PROBE_CONFIG", server.config())
        .env("PROBE_SECRET", "a secret to be killed")
        .env("PROBE_PAUSE", "300")
        .env("NO_COLOR", "1")
        .start();
    running.wait_for(1, "-rw------- ");
    let out = running.output();
    let path = out
        .split_whitespace()
        .find(|word| word.starts_with("/dev/shm/ploy."))
        .unwrap();
    assert!(fs::exists(path).unwrap());
    running.signal(Signal::KILL);
    until("it is removed", || !fs::exists(path).unwrap());
    server.assert_empty();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs sshd and sudo: tests/run runs it"]
async fn a_log_and_an_error_have_none() {
    let server = Server::start();
    let shell = Shell::with("web1", server.site("web1"));
    let secret = Secret::new("for a log and an error");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log");
    let log = tokio::fs::File::create(&path).await.unwrap();
    let run = shell.run(script(
        "cat; printf 'for a log'; sleep 0.1; echo ' and an error' >&2; exit 3",
    ));
    let failure = run.stdin(&secret).log(log).await.unwrap_err();
    let report = failure.command().unwrap();
    let text = String::from_utf8(report.stdout.clone()).unwrap();
    assert_eq!(text, "***for a log");
    let written = fs::read_to_string(path).unwrap();
    assert!(
        written.contains("***") && !written.contains("a log and an error"),
        "{written}"
    );
    let raw = script("exit 4 # for a log and an error");
    let failure = shell.run(raw).await.unwrap_err();
    let text = format!(
        "{failure:?} {} {}",
        failure.detail(),
        failure.command().unwrap().command
    );
    assert!(!text.contains("a log and an error"), "{text}");
}
