//! `check` over ssh.

use ploy_tests::{Connections, Finished, Program, Server, ServerOptions};

fn check(server: &Server, connections: &Connections, arguments: &[&str]) -> Finished {
    Program::new("probe", [&["check"], arguments].concat())
        .sharing(connections)
        .env("PROBE_CONFIG", server.config())
        .run()
}

/// The row of a site begins so, blanks aside.
#[track_caller]
fn assert_row(finished: &Finished, begin: &str) {
    let out = finished.out();
    let rows = out
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    let found = rows.into_iter().any(|row| row.starts_with(begin));
    assert!(
        found,
        "no row begins with `{begin}`:\n{out}\n{}",
        finished.err()
    );
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn one_round_trip_tells_all_of_a_site() {
    let (server, connections) = (Server::start(), Connections::new());
    let user = server.user();
    for _ in 0..2 {
        let finished = check(&server, &connections, &["-r", "web"]).exited(0);
        for site in ["web1", "web2", "web3"] {
            assert_row(&finished, &format!("{site} kept {user} "));
        }
        assert!(finished.out().contains("\n3 sites ready"));
        finished.assert_clean();
    }
    assert_eq!(server.logins(), 3, "the connections are kept");
    let alone = check(&server, &connections, &["-l", "web1", "--no-keep"]).exited(0);
    assert_row(&alone, &format!("web1 not kept {user} "));
    server.assert_empty();
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn all_problems_of_all_sites_are_told_at_once() {
    let (server, connections) = (Server::start(), Connections::new());
    let finished = check(&server, &connections, &["-l", "web1,nowhere"]).exited(6);
    assert_row(&finished, "web1 kept ");
    assert_row(&finished, "nowhere unreachable - - ");
    let out = finished.out();
    assert!(out.contains("error: nowhere: cannot be reached: "), "{out}");
    assert!(out.contains("Connection refused"), "{out}");
    assert!(out.contains("hint: check that sshd runs there"), "{out}");
    assert!(out.contains("\n1 of 2 sites ready, 1 not ready"), "{out}");

    server.refuse_logins();
    let finished = check(&server, &connections, &["-l", "web[1-3]"]).exited(6);
    assert_row(&finished, "web2 no login ");
    let out = finished.out();
    assert_eq!(out.matches("error:").count(), 1, "said once: {out}");
    assert!(
        out.contains("error: web[2-3]: refuses the login: "),
        "{out}"
    );

    server.forget_host_key();
    let finished = check(&server, &connections, &["-l", "web3"]).exited(6);
    assert_row(&finished, "web3 host key ");
    finished.assert_clean();
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn a_server_with_one_session_and_one_that_does_not_answer() {
    let server = Server::with(&ServerOptions {
        max_sessions: Some(1),
        ..ServerOptions::default()
    });
    let connections = Connections::new();
    let finished = check(&server, &connections, &["-l", "web1"]).exited(0);
    assert_row(&finished, "web1 kept ");
    server.pause_logins();
    let limit = ["-l", "web2", "--timeout", "1s"];
    let finished = check(&server, &connections, &limit).exited(6);
    assert_row(&finished, "web2 no answer ");
    server.resume_logins();
}
