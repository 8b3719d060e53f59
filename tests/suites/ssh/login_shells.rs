//! Users whose login shell is another one than sh, and those whose shell has something to say.

use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::PathBuf;

use ploy::action::Action;
use ploy::catalogue::Catalogue;
use ploy::{Cx, Script, cmd};
use ploy_tests::{Program, Server, ServerOptions, User};
use rustix::process::Signal;
use tempfile::TempDir;

use super::{run, three};

/// What a start file says, in every one of these shells.
const BANNER: &str = "echo 'Welcome! There is news.'\n";

/// A server whose user has some login shell.
struct Login {
    name: &'static str,
    server: Server,
    _programs: TempDir,
}

/// One for each shell, plain and with a start file that prints.
fn logins() -> impl Iterator<Item = Login> {
    let shells = ["dash", "bash", "busybox", "fish", "tcsh"].map(|shell| (shell, shell, None));
    let talking = [
        ("bash that talks", "bash", Some(".bashrc")),
        ("fish that talks", "fish", Some(".config/fish/config.fish")),
        ("tcsh that talks", "tcsh", Some(".tcshrc")),
    ];
    shells
        .into_iter()
        .chain(talking)
        .map(|(name, shell, file)| {
            let programs = tempfile::tempdir().unwrap();
            std::fs::set_permissions(programs.path(), PermissionsExt::from_mode(0o755)).unwrap();
            let mut path = PathBuf::from(shell);
            if shell == "busybox" {
                // It is what it is called.
                path = programs.path().join("sh");
                symlink("/usr/bin/busybox", &path).unwrap();
            }
            let user = User::with_shell(path);
            if let Some(file) = file {
                user.write(file, BANNER);
            }
            println!("{name}");
            let server = Server::with(&ServerOptions {
                user: Some(user),
                ..ServerOptions::default()
            });
            Login {
                name,
                server,
                _programs: programs,
            }
        })
}

/// A catalogue with this action as its job.
fn job(action: Action) -> Catalogue {
    let mut catalogue = Catalogue::new();
    catalogue.add("job", ["web1"], [action]);
    catalogue
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn values_and_scripts_arrive_as_they_are() {
    for Login { name, server, .. } in logins() {
        let action = Action::new(|cx: Cx| async move {
            let values = [
                "it's $HOME `id` \\ \"x\" ! é",
                "two\nlines\n\nand a \\\n at an end\\",
                "!! !$ !x ^a^b \\! '!' \"!\"",
                " a\tb  ~ * ? [a] {a,b} #c %d ;&|<>() =x $(id) ${x}",
                "\r\u{1}\u{7f}\u{1b}[31m",
                "",
            ];
            for value in values {
                let output = cx.shell().run(cmd!("printf %s {value}")).await?;
                assert_eq!(String::from_utf8_lossy(output.stdout()), value);
            }
            let script = "cat <<'END'\n$HOME \\ ! 'x' `id`\nEND\nif true; then\n  printf '%s\\n' \"a\\\\b!\"\nfi\nx='1\n2'; echo \"$x\"";
            let output = cx.shell().run(Script::raw(script)).await?;
            let expected = "$HOME \\ ! 'x' `id`\na\\b!\n1\n2\n";
            assert_eq!(String::from_utf8_lossy(output.stdout()), expected);
            cx.shell().run(Script::raw("exit 3")).await.map(drop)
        });
        let ran = run(three(&server), job(action));
        let fault = ran.fault("web1");
        let code = fault.command.as_ref().and_then(|command| command.code);
        assert_eq!(code, Some(3), "{name}: {fault:#?}");
        assert!(!ran.text("web1").contains("Welcome"), "{name}");
        server.assert_empty();
    }
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn an_interrupted_or_killed_program_leaves_nothing() {
    for Login { name, server, .. } in logins() {
        for (signal, code) in [(Signal::INT, Some(130)), (Signal::KILL, None)] {
            let running = Program::new("probe", ["work", "--limit", "host[1-5]"])
                .env("PROBE_CONFIG", server.config())
                .start();
            running.wait_for(30, "| asleep");
            running.signal(signal);
            let finished = running.finish();
            assert_eq!(finished.code, code, "{name}: {}", finished.err());
            server.assert_empty();
        }
    }
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn files_are_uploaded_unless_the_shell_talks() {
    let source = tempfile::tempdir().unwrap();
    std::fs::write(source.path().join("file"), "content").unwrap();
    for Login { name, server, .. } in logins() {
        let from = format!("{}/", source.path().display());
        let to = server.path("tmp").join("it's a folder");
        let path = to.join("file");
        let upload = Action::new(move |cx: Cx| {
            let (from, to) = (from.clone(), to.display().to_string());
            async move { cx.shell().upload(from, to).await.map(drop) }
        });
        let ran = run(three(&server), job(upload));
        if name.ends_with("talks") && !ran.stats.is_ok() {
            // rsync cannot tell what the shell says from what the other rsync says.
            let fault = ran.fault("web1");
            let hint = fault.hint.as_deref().unwrap_or_default();
            assert!(!hint.is_empty(), "{name}: {fault:#?}");
            continue;
        }
        assert!(ran.stats.is_ok(), "{name}: {:#?}", ran.faults("web1"));
        assert_eq!(std::fs::read_to_string(path).unwrap(), "content");
    }
}
