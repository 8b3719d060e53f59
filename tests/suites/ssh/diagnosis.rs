//! Each trouble with a connection is told by its own kind and hint, and nobody is ever asked
//! anything.

use std::io::Write;
use std::net::TcpListener;
use std::time::Duration;

use ploy::error::Kind;
use ploy::event::ErrorReport;
use ploy::topology::Settings;
use ploy_tests::{Namespace, Program, Server, ServerOptions};

use super::{run, script, three};

/// What is told of `web1` with these settings.
fn fault(server: &Server, settings: Settings) -> ErrorReport {
    let mut topology = three(server);
    topology.add("web1", settings);
    let ran = run(topology, script(["web1"], "echo here"));
    assert_eq!(ran.text("web1"), "");
    ran.fault("web1")
}

fn assert_told(fault: &ErrorReport, kind: Kind, cause: &str, hint: &str) {
    assert_eq!(fault.kind, kind, "{fault:#?}");
    assert!(fault.messages[0].contains("web1"), "{fault:#?}");
    assert!(
        fault.messages[1..]
            .iter()
            .any(|message| message.contains(cause)),
        "{fault:#?}"
    );
    assert!(
        fault.hint.as_ref().is_some_and(|text| text.contains(hint)),
        "{fault:#?}"
    );
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn a_network_that_swallows_everything() {
    let network = Namespace::new();
    let server = Server::with(&ServerOptions {
        namespace: Some(network.clone()),
        ..ServerOptions::default()
    });
    network.drop_traffic();
    let told = fault(
        &server,
        Settings::new().connect_timeout(Duration::from_secs(1)),
    );
    assert_told(&told, Kind::Unreachable, "timed out", "`connect_timeout`");
    network.heal();
    let ran = run(three(&server), script(["web1"], "echo here"));
    assert_eq!(ran.text("web1"), "here\n", "{:#?}", ran.faults("web1"));
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn a_port_at_which_nobody_listens() {
    let server = Server::start();
    let told = fault(&server, Settings::new().port(1));
    assert_told(&told, Kind::Unreachable, "Connection refused", "`port`");
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn a_jump_host_at_which_nobody_listens() {
    let server = Server::start();
    let told = fault(&server, Settings::new().jump("web2:1"));
    assert_told(&told, Kind::Unreachable, "Connection refused", "`port`");
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn a_server_that_hangs_up() {
    let listener = TcpListener::bind(("127.0.0.2", 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    // It ends with the test's process.
    std::thread::spawn(move || listener.incoming().for_each(drop));
    let server = Server::start();
    let settings = Settings::new().connect_timeout(Duration::from_secs(2));
    let told = fault(&server, settings.port(port));
    // Closed, or reset, as the network has it.
    assert_told(&told, Kind::Unreachable, "Connection ", "MaxStartups");
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn a_server_that_is_none() {
    let listener = TcpListener::bind(("127.0.0.2", 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        let mut open = Vec::new();
        for mut connection in listener.incoming().flatten() {
            let _ = connection.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
            open.push(connection);
        }
    });
    let server = Server::start();
    let settings = Settings::new().connect_timeout(Duration::from_secs(2));
    let told = fault(&server, settings.port(port));
    assert_eq!(told.kind, Kind::Unreachable, "{told:#?}");
    assert!(told.hint.is_some(), "{told:#?}");
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn host_keys() {
    let server = Server::start();
    server.forget_host_key();
    let told = fault(&server, Settings::new());
    assert_told(&told, Kind::HostKey, "host key is known for", "known_hosts");
    server.change_host_key();
    let told = fault(&server, Settings::new());
    assert_told(
        &told,
        Kind::HostKey,
        "has changed and you have requested strict checking",
        "ssh-keygen -R",
    );
}

/// A host on the way whose key nobody knows: its ssh would ask whoever sits at the terminal, and
/// stop there for ever.
#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn a_jump_host_that_would_ask_at_the_terminal() {
    let (jump, server) = (Server::start(), Server::start());
    let config = format!(
        "Host jump\n  HostName 127.0.0.2\n  Port {}\n  IdentityFile {}\n  UserKnownHostsFile {}\n  \
         StrictHostKeyChecking ask\nHost web1\n  ProxyJump jump\n{}",
        jump.port(),
        jump.path("user_key").display(),
        jump.path("nobody_known").display(),
        std::fs::read_to_string(server.config()).unwrap(),
    );
    std::fs::write(server.path("with_jump"), config).unwrap();
    let finished = Program::new("probe", ["script", "--limit", "web1"])
        .env("PROBE_CONFIG", server.path("with_jump"))
        .env("PROBE_SCRIPT", "echo here")
        .on_terminal()
        .run()
        .exited(4);
    let said = finished.out();
    assert!(said.contains("Host key verification failed"), "{said}");
    assert!(said.contains("a host key on the way to web1"), "{said}");
    finished.mark.wait_until_gone(|_| false);
    assert_eq!(jump.logins(), 0);
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn keys_that_do_not_open() {
    let server = Server::start();
    // A key that the server takes, but nobody is there to say its passphrase.
    let locked = server.path("user_key").display().to_string();
    let output = std::process::Command::new("ssh-keygen")
        .args(["-q", "-p", "-P", "", "-N", "secret", "-f", &locked])
        .output();
    assert!(output.unwrap().status.success());
    let told = fault(&server, Settings::new());
    assert_told(&told, Kind::Auth, "Permission denied", "`identity`");
    server.refuse_logins();
    let told = fault(&server, Settings::new());
    assert_told(&told, Kind::Auth, "Permission denied", "`identity`");
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn configurations() {
    let server = Server::start();
    let path = server.path("broken");
    std::fs::write(&path, "Host web1\n  HostNmae 127.0.0.2\n").unwrap();
    let told = fault(&server, Settings::new().config(&path));
    assert_told(&told, Kind::Usage, "onfiguration option", "ssh -G");
    let told = fault(&server, Settings::new().config(server.path("missing")));
    assert_told(&told, Kind::Usage, "Can't open user config file", "ssh -G");
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn no_ssh_on_this_machine() {
    let server = Server::start();
    let finished = Program::new("probe", ["succeed", "--roles", "web"])
        .env("PROBE_CONFIG", server.config())
        .env("PATH", "/nonexistent")
        .run()
        .exited(1);
    let err = finished.err();
    assert!(err.contains("cannot run `ssh`"), "{err}");
    assert!(err.contains("install OpenSSH's client"), "{err}");
    finished.assert_clean();
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn folders_whose_names_are_too_long_for_a_socket() {
    let server = Server::start();
    let long = server.path(&"long".repeat(30));
    std::fs::create_dir(&long).unwrap();
    let program = |arguments: &[&str]| {
        Program::new("probe", arguments)
            .env("PROBE_CONFIG", server.config())
            .env("XDG_RUNTIME_DIR", &long)
            .env("TMPDIR", &long)
    };
    for keep in [&["--no-keep"][..], &[], &[]] {
        // A name that hardly anybody has a connection to.
        let arguments = [&["script", "--limit", "host17"], keep].concat();
        let _ = program(&arguments)
            .env("PROBE_SCRIPT", "true")
            .run()
            .exited(0);
    }
    assert_eq!(server.logins(), 2);
    let closed = program(&["connections", "--close", "host17"]).run();
    assert_eq!(closed.exited(0).out(), "closed 1 connection\n");
}
