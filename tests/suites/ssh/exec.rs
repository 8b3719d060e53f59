//! `exec` over ssh.

use ploy_tests::{Connections, Program, Server};

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn a_command_runs_on_all_chosen_sites_over_kept_connections() {
    let (server, connections) = (Server::start(), Connections::new());
    let exec = |arguments: &[&str]| {
        Program::new("probe", [&["exec"], arguments].concat())
            .sharing(&connections)
            .env("PROBE_CONFIG", server.config())
            .run()
    };
    let finished = exec(&[
        "-r", "web", "--mode", "atomic", "--", "echo", "it's", "$HOME  x",
    ]);
    assert_eq!(
        finished.exited(0).out(),
        "web1 | it's $HOME  x\nweb2 | it's $HOME  x\nweb3 | it's $HOME  x\n"
    );
    let mixed = exec(&["exit 3", "-l", "web1,nowhere"]).exited(1);
    assert!(
        mixed.err().contains("exited with status 3"),
        "{}",
        mixed.err()
    );
    assert!(
        mixed.err().contains("cannot reach nowhere"),
        "{}",
        mixed.err()
    );
    let _ = exec(&["true", "-l", "nowhere"]).exited(4);
    mixed.assert_clean();
    assert_eq!(server.logins(), 3);
    server.assert_empty();
}
