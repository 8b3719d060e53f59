//! What a command under sudo is like.

use ploy::error::Kind;
use ploy::shell::{Command, Output, PendingCommand};
use ploy::{Script, Shell};

use ploy_tests::{Server, ServerOptions, User};

use super::{PASSWORD, Sudo, right};

fn script(text: &str) -> Script {
    Script::raw(text)
}

/// Both streams and the code.
fn all(output: &Output) -> (String, String, Option<i32>) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (text(output.stdout()), text(output.stderr()), output.code())
}

async fn ran(run: PendingCommand) -> (String, String, Option<i32>) {
    all(&run.unchecked().await.unwrap())
}

fn is(out: &str, err: &str, code: i32) -> (String, String, Option<i32>) {
    (out.to_owned(), err.to_owned(), Some(code))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs sshd and sudo: tests/run runs it"]
async fn its_streams_and_its_exit_are_exact() {
    let sudo = Sudo::all();
    let shell = sudo.shell();
    let text = "sh -c 'id -un; printf err >&2; printf out; exit 3'";
    for run in [
        shell.sudo(script(text)),
        shell.sudo_sh(script(text)),
        shell.run(script(text)).run_as("root"),
        shell.run(script(&format!("sudo {text}"))),
        shell.run(script(&format!("true && sudo -u root {text}"))),
    ] {
        assert_eq!(ran(run).await, is("root\nout", "err", 3));
    }
    // Output before the question, and after it.
    let run = shell.run(script(
        "printf a; printf b >&2; sudo printf c; printf d >&2",
    ));
    assert_eq!(ran(run).await, is("ac", "bd", 0));
    // Several at once, of which each asks.
    let run = shell.run(script(
        "sudo -k; (sudo echo a; sudo -K) | sudo cat & sudo true & wait; sudo echo b",
    ));
    assert_eq!(ran(run).await, is("a\nb\n", "", 0));
    // What it says goes where the script has it go, and the question does not.
    let run = shell.run(script(
        "sudo -k; sudo sh -c 'echo lost >&2; id -un' 2>/dev/null >x; cat x; rm x",
    ));
    assert_eq!(ran(run).await, is("root\n", "", 0));
    // One that says itself how it asks is left alone.
    let run = shell
        .run(script("sudo -k; sudo -n id"))
        .unchecked()
        .await
        .unwrap();
    assert_eq!((run.code(), run.stdout()), (Some(1), &b""[..]));
    drop((run, shell));
    sudo.assert_empty();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs sshd and sudo: tests/run runs it"]
async fn its_standard_input_is_its_own() {
    for sudoers in ["USER ALL=(ALL) ALL", "USER ALL=(ALL) NOPASSWD: ALL"] {
        let sudo = Sudo::may(sudoers);
        let shell = sudo.shell();
        let data: Vec<u8> = (0..200_000_u32).map(|at| (at % 251) as u8).collect();
        for run in [
            shell.sudo(script("cat")),
            shell.sudo_sh(script("cat; cat </dev/null")),
            shell.run(script("sudo cat")),
        ] {
            let run = run.stdin(data.clone()).capture_limit(data.len());
            assert!(run.await.unwrap().stdout() == data);
        }
        // Without one it is empty.
        for run in [shell.sudo(script("cat")), shell.sudo_sh(script("cat"))] {
            assert_eq!(ran(run).await, is("", "", 0));
        }
        drop(shell);
        sudo.assert_empty();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs sshd and sudo: tests/run runs it"]
async fn another_user_is_as_good_as_root() {
    let sudo = Sudo::all();
    let shell = sudo.shell();
    for run in [
        shell.sudo_as("nobody", script("id -un")),
        shell.sudo(script("id -un")).run_as("nobody"),
        shell.sudo_sh(script("id -un")).run_as("nobody"),
        shell
            .run(script("cat >/dev/null; id -un"))
            .run_as("nobody")
            .stdin("in"),
        shell.run(Command::new(script("id -un")).run_as("nobody")),
    ] {
        assert_eq!(ran(run).await, is("nobody\n", "", 0));
    }
    let failure = shell.sudo_as("-x", script("id")).await.unwrap_err();
    assert_eq!(failure.kind(), Kind::Usage, "{failure:?}");
    let failure = shell
        .sudo_as("no-such-user", script("id"))
        .await
        .unwrap_err();
    assert!(
        failure.hint().unwrap().contains("no such user"),
        "{failure:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs sshd and sudo: tests/run runs it"]
async fn a_site_may_say_who_runs_its_commands() {
    let sudo = Sudo::all();
    let site = sudo
        .server
        .site("web1")
        .run_as("nobody")
        .path("/etc")
        .env("GREETING", "it's me");
    let shell = Shell::with("web1", site).with_passwords(&right());
    let run = shell
        .run(script("id -un; pwd; echo \"$GREETING $MORE\""))
        .env("MORE", "too");
    assert_eq!(ran(run).await, is("nobody\n/etc\nit's me too\n", "", 0));
    // Who says it himself is asked for nobody else.
    assert_eq!(ran(shell.sudo(script("id -un"))).await, is("root\n", "", 0));
    // Nobody becomes who he is.
    let own = sudo
        .server
        .site("web1")
        .user(sudo.user.name())
        .run_as(sudo.user.name());
    let shell = Shell::with("web1", own);
    let run = shell.run(script("id -un"));
    assert_eq!(
        ran(run).await,
        is(&format!("{}\n", sudo.user.name()), "", 0)
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs sshd and sudo: tests/run runs it"]
async fn the_environment_is_kept_where_it_is_asked() {
    let sudo = Sudo::all();
    let site = sudo.server.site("web1").env("SITE", "s").path("/tmp");
    let shell = Shell::with("web1", site).with_passwords(&right());
    let text = "sh -c 'echo \"$SITE-$OWN-$PLOY_ASK\"; pwd'";
    let run = shell.sudo(script(text)).env("OWN", "o");
    assert_eq!(ran(run).await, is("-o-\n/tmp\n", "", 0));
    let run = shell.sudo(script(text)).env("OWN", "o").keep_env(["SITE"]);
    assert_eq!(ran(run).await, is("s-o-\n/tmp\n", "", 0));
    let run = shell.sudo(script(&format!("OWN=x {text}")));
    assert_eq!(ran(run).await, is("-x-\n/tmp\n", "", 0));
    let run = shell.sudo_sh(script(text)).env("OWN", "o");
    assert_eq!(ran(run).await, is("s-o-\n/tmp\n", "", 0));
    // Who may not is told.
    sudo.user.may("USER ALL=(ALL) NOSETENV: ALL");
    let failure = shell.sudo(script(text)).env("OWN", "o").await.unwrap_err();
    assert!(failure.hint().unwrap().contains("SETENV"), "{failure:?}");
    assert_eq!(
        ran(shell.sudo_sh(script(text)).env("OWN", "o")).await,
        is("s-o-\n/tmp\n", "", 0)
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs sshd and sudo: tests/run runs it"]
async fn sudoers_may_allow_one_command_only() {
    let sudo = Sudo::may("USER ALL=(root) /usr/bin/id -un");
    let shell = sudo.shell();
    assert_eq!(ran(shell.sudo(script("id -un"))).await, is("root\n", "", 0));
    for run in [shell.sudo(script("id")), shell.sudo_sh(script("id -un"))] {
        let failure = run.await.unwrap_err();
        assert_eq!(failure.kind(), Kind::Command, "{failure:?}");
        assert!(failure.hint().unwrap().contains("sudo -l"), "{failure:?}");
    }
    drop(shell);
    sudo.assert_empty();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs sshd and sudo: tests/run runs it"]
async fn what_sudo_refuses_has_a_hint() {
    let sudo = Sudo::may("Defaults:USER requiretty\nUSER ALL=(ALL) ALL");
    let shell = sudo.shell();
    for run in [
        shell.sudo(script("id")),
        shell.sudo_sh(script("id")),
        shell.run(script("sudo id")),
    ] {
        let failure = run.await.unwrap_err();
        assert!(
            failure.hint().unwrap().contains("requiretty"),
            "{failure:?}"
        );
    }
    // Nothing is allowed at all.
    sudo.user.may("# USER");
    let failure = shell.sudo(script("id")).await.unwrap_err();
    assert!(
        failure.hint().unwrap().contains("have to allow it"),
        "{failure:?}"
    );
    // There is no sudo.
    let site = sudo.server.site("web1").env("PATH", "/nowhere");
    let bare = Shell::with("web1", site).with_passwords(&right());
    let failure = bare.sudo(script("id")).await.unwrap_err();
    assert_eq!(failure.command().unwrap().code, Some(127));
    assert!(
        failure.hint().unwrap().starts_with("install sudo on web1"),
        "{failure:?}"
    );
    // A sudo that nobody hears.
    sudo.user.may("USER ALL=(ALL) ALL");
    let failure = shell.run(script("echo id | xargs sudo")).await.unwrap_err();
    assert!(
        failure.hint().unwrap().contains("xargs sudo"),
        "{failure:?}"
    );
    drop((shell, bare));
    sudo.assert_empty();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs sshd and sudo: tests/run runs it"]
async fn more_than_one_command_is_refused_where_sudo_would_run_the_first() {
    let sudo = Sudo::all();
    let shell = sudo.shell();
    for text in [
        "id; touch x",
        "echo x > /etc/x",
        "true && id",
        "-u nobody id",
        " -s id",
    ] {
        let failure = shell.sudo(script(text)).await.unwrap_err();
        assert_eq!(failure.kind(), Kind::Usage, "{failure:?}");
        assert!(failure.hint().unwrap().contains("sudo_"), "{failure:?}");
    }
    // An option among the words is no option of sudo's.
    let failure = shell.sudo(script("'-s' id")).await.unwrap_err();
    assert_eq!(failure.kind(), Kind::Command, "{failure:?}");
    let run = shell.sudo_sh(script("id -un; true && id -un >&2"));
    assert_eq!(ran(run).await, is("root\n", "root\n", 0));
    // As in any shell.
    let run = shell.run(script("sudo id -un && id -un"));
    assert_eq!(
        ran(run).await,
        is(&format!("root\n{}\n", sudo.user.name()), "", 0)
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs sshd and sudo: tests/run runs it"]
async fn any_prompt_in_any_language_will_do() {
    let sudo = Sudo::may(
        "Defaults:USER passprompt=\"Passwort von %u auf %h: \", passprompt_override, timestamp_timeout=0\n\
         Defaults:USER badpass_message=\"Das war nichts.\"\nUSER ALL=(ALL:ALL) ALL",
    );
    let site = sudo
        .server
        .site("web1")
        .env("LC_ALL", "de_DE.UTF-8")
        .env("LANGUAGE", "de");
    let shell = Shell::with("web1", site).with_passwords(&right());
    for run in [
        shell.sudo(script("id -un")),
        shell.sudo_sh(script("id -un")),
    ] {
        assert_eq!(ran(run).await, is("root\n", "", 0));
    }
    // Each of them asks.
    let run = shell.run(script("sudo echo a; echo b; sudo echo c"));
    assert_eq!(ran(run).await, is("a\nb\nc\n", "", 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs sshd and sudo: tests/run runs it"]
async fn any_shell_will_do() {
    for code in [0, 3, 127, 143, 255] {
        // What tells the shell of ours that it has ended comes together with the end.
        let sudo = Sudo::all();
        let shell = sudo.shell();
        for _ in 0..5 {
            let run = shell.sudo_sh(script(&format!("true & exit {code}")));
            assert_eq!(ran(run).await, is("", "", code));
        }
    }
    for program in ["dash", "bash", "zsh"] {
        let sudo = Sudo::all();
        let shell =
            Shell::with("web1", sudo.server.site("web1").shell(program)).with_passwords(&right());
        for run in [
            shell.sudo(script("id -un")),
            shell.sudo_sh(script("id -un")),
            shell.sudo_sh(script("cat; id -un")).stdin(""),
            shell.run(script("sudo -k; sudo id -un")),
        ] {
            assert_eq!(ran(run).await, is("root\n", "", 0), "{program}");
        }
        drop(shell);
        sudo.assert_empty();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs sshd and sudo: tests/run runs it"]
async fn a_service_is_the_other_users_too() {
    let sudo = Sudo::all();
    let site = sudo.server.site("web1").run_as("root");
    let shell = Shell::with("web1", site).with_passwords(&right());
    let service = shell.detach(script("exec sleep 2301")).await.unwrap();
    let status = std::fs::read_to_string(format!("/proc/{}/status", service.pid())).unwrap();
    assert!(status.contains("Uid:\t0\t0"), "{status}");
    let kill = format!("kill {}", service.pid());
    shell.run(script(&kill)).await.unwrap();
    drop(shell);
    sudo.assert_empty();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs sshd and sudo: tests/run runs it"]
async fn one_session_is_enough() {
    let user = User::with_sudo(PASSWORD, "USER ALL=(ALL:ALL) ALL");
    let server = Server::with(&ServerOptions {
        user: Some(user.clone()),
        max_sessions: Some(1),
        ..ServerOptions::default()
    });
    let site = server.site("web1").max_sessions(1_u32);
    let shell = Shell::with("web1", site).with_passwords(&right());
    for run in [
        shell.sudo(script("id -un")),
        shell.sudo_sh(script("cat; id -un")).stdin(""),
    ] {
        assert_eq!(ran(run).await, is("root\n", "", 0));
    }
    drop(shell);
    server.assert_empty();
}
