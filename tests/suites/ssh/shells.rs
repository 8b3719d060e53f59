//! The shells that may be `sh` on a host.

use std::os::unix::fs::symlink;

use ploy::action::Action;
use ploy::catalogue::Catalogue;
use ploy::{Cx, Script, cmd};
use ploy_tests::{Program, Server, ServerOptions};
use rustix::process::Signal;
use tempfile::TempDir;

use super::{run, three};

const SHELLS: [&str; 3] = ["dash", "bash", "busybox"];

/// A server on which `sh` is this shell.
fn server(shell: &str) -> (Server, TempDir) {
    let programs = tempfile::tempdir().unwrap();
    let paths = std::env::var_os("PATH").unwrap();
    let found = std::env::split_paths(&paths).map(|path| path.join(shell));
    let path = found.into_iter().find(|path| path.exists());
    let path = path.unwrap_or_else(|| panic!("{shell} is not installed"));
    symlink(path, programs.path().join("sh")).unwrap();
    let path = format!("{}:/usr/bin:/bin", programs.path().display());
    let options = ServerOptions {
        env: vec![("PATH".to_owned(), path)],
        ..ServerOptions::default()
    };
    (Server::with(&options), programs)
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn commands_run_and_values_arrive() {
    for shell in SHELLS {
        let (server, _programs) = server(shell);
        let mut catalogue = Catalogue::new();
        let action = Action::new(|cx: Cx| async move {
            let value = "it's $HOME `id` \\ \"x\" \n* ! é";
            let output = cx.shell().run(cmd!("printf %s {value}")).await?;
            assert_eq!(output.stdout(), value.as_bytes());
            cx.shell().run(Script::raw("exit 3")).await.map(drop)
        });
        catalogue.add("job", ["web"], [action]);
        let ran = run(three(&server), catalogue);
        let fault = ran.fault("web1");
        assert_eq!(fault.command.unwrap().code, Some(3), "{shell}");
        server.assert_empty();
    }
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn an_interrupted_program_leaves_nothing() {
    for shell in SHELLS {
        let (server, _programs) = server(shell);
        let running = start(&server);
        running.signal(Signal::INT);
        running.finish().exited(130).assert_clean();
        server.assert_empty();
    }
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn a_killed_program_leaves_nothing() {
    for shell in SHELLS {
        let (server, _programs) = server(shell);
        let running = start(&server);
        let mark = running.mark().clone();
        running.signal(Signal::KILL);
        assert_eq!(running.finish().signal, Some(9));
        server.assert_empty();
        mark.kill_all();
    }
}

fn start(server: &Server) -> ploy_tests::Running {
    let running = Program::new("probe", ["sleep"])
        .env("PROBE_CONFIG", server.config())
        .start();
    running.wait_for(3, "| asleep");
    ploy_tests::until("all of them sleep", || {
        server.mark().running("sleep 100").len() >= 9
    });
    running
}
