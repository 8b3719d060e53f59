//! `ssh`: a person's own ssh, over the kept connection.

use ploy_tests::{Connections, Program, Server};

fn ssh(server: &Server, connections: &Connections, arguments: &[&str]) -> Program {
    Program::new("probe", [&["ssh"], arguments].concat())
        .sharing(connections)
        .env("PROBE_CONFIG", server.config())
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn a_command_goes_over_the_kept_connection_and_its_status_is_ours() {
    let (server, connections) = (Server::start(), Connections::new());
    let of = |arguments: &[&str]| ssh(&server, &connections, arguments).run();
    let first = of(&["web1", "--", "echo \"a  b\" | tr a x; exit 7"]).exited(7);
    assert_eq!(
        (first.out(), first.err()),
        ("x  b\n".to_owned(), String::new())
    );
    let words = of(&["first", "--", "printf", "%s|", "-l", "it's  $HOME", "!\n;"]).exited(0);
    assert_eq!(words.out(), "-l|it's  $HOME|!\n;|");
    assert_eq!(server.logins(), 1, "the second took the first's connection");
    let alone = of(&["web1", "--no-keep", "--", "echo alone"]).exited(0);
    assert_eq!(alone.out(), "alone\n");
    assert_eq!(server.logins(), 2);
    alone.assert_clean();
    server.assert_empty();
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn bytes_come_through_as_they_are() {
    let (server, connections) = (Server::start(), Connections::new());
    let mut cat = ssh(&server, &connections, &["web1", "--", "cat"])
        .with_keys()
        .start();
    cat.type_keys("a\r\n\u{4}b\n");
    cat.close_keys();
    assert_eq!(cat.finish().exited(0).out(), "a\r\n\u{4}b\n");
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn a_person_gets_a_terminal_there() {
    let (server, connections) = (Server::start(), Connections::new());
    let mut shell = ssh(&server, &connections, &["web1"])
        .on_terminal()
        .with_keys()
        .start();
    shell.type_keys("tty; echo s''aid; exit 4\r");
    let finished = shell.finish().exited(4);
    let out = finished.out();
    assert!(out.contains("/dev/pts/") && out.contains("said"), "{out}");
    assert_eq!(server.logins(), 1);
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn what_is_wrong_is_told_as_ssh_would() {
    let (server, connections) = (Server::start(), Connections::new());
    let dark = ssh(&server, &connections, &["nowhere", "--", "true"]).run();
    let dark = dark.exited(255);
    assert!(
        dark.err().contains("check that sshd runs there"),
        "{}",
        dark.err()
    );
    let several = ssh(&server, &connections, &["web"]).run().exited(2);
    assert!(several.err().contains("say which: web1, web2, web3"));
    server.refuse_logins();
    // It is ssh itself that says so: there it could have asked.
    let refused = ssh(&server, &connections, &["web1", "--", "true"])
        .without_terminal()
        .run()
        .exited(255);
    assert!(
        refused.err().contains("Permission denied"),
        "{}",
        refused.err()
    );
}
