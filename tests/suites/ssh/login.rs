//! Hosts that cannot be reached, or that cannot be trusted, or that refuse.

use ploy::error::Kind;
use ploy::event::TaskResult;
use ploy::topology::{Settings, Topology};
use ploy_tests::{Program, Server};

use super::{run, script, three};

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn an_unreachable_host_does_not_stop_the_others() {
    let server = Server::start();
    let mut topology = three(&server);
    topology.add("web2", Settings::new().port(1));
    let ran = run(topology, script(["web"], "true"));
    assert_eq!(
        (ran.stats.succeeded, ran.stats.unreachable, ran.stats.failed),
        (2, 1, 0)
    );
    let fault = ran.fault("web2");
    assert_eq!(fault.kind, Kind::Unreachable);
    assert_eq!(fault.messages[0], "cannot reach web2 (web2:1)");
    assert!(
        fault.messages[1].contains("Connection refused"),
        "{fault:#?}"
    );
    assert!(fault.hint.unwrap().contains("port"));
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn exit_codes_tell_unreachable_from_failed() {
    let server = Server::start();
    let probe = |arguments: &[&str]| {
        Program::new("probe", arguments)
            .env("PROBE_CONFIG", server.config())
            .run()
    };
    let _ = probe(&["succeed", "--roles", "web"]).exited(0);
    let only = probe(&["succeed", "--roles", "dark"]).exited(4);
    assert!(
        only.err().contains("succeed: the site is unreachable"),
        "{}",
        only.err()
    );
    let some = probe(&["succeed"]).exited(4);
    assert!(
        some.err()
            .contains("failed: 3 tasks succeeded, 1 unreachable on 4 sites"),
        "{}",
        some.err()
    );
    let mixed = probe(&["fail"]).exited(1);
    assert!(
        mixed
            .err()
            .contains("failed: 3 tasks failed, 1 unreachable on 4 sites"),
        "{}",
        mixed.err()
    );
    mixed.assert_clean();
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn an_unknown_host_key_is_refused_at_once() {
    let server = Server::start();
    server.forget_host_key();
    let ran = run(three(&server), script(["web"], "true"));
    for site in ["web1", "web2", "web3"] {
        let fault = ran.fault(site);
        assert_eq!(fault.kind, Kind::HostKey);
        assert!(
            fault.messages[0].contains(&format!("the host key of {site} ({site}) was refused")),
            "{fault:#?}"
        );
        assert!(
            fault.messages[1].contains("host key is known for"),
            "{fault:#?}"
        );
        assert!(fault.hint.unwrap().contains("known_hosts"));
        assert_eq!(ran.result(site, "job"), Some(TaskResult::Unreachable));
    }
    assert_eq!(server.logins(), 0);
    // Nobody is asked, and the program ends.
    let finished = Program::new("probe", ["succeed", "--roles", "web"])
        .env("PROBE_CONFIG", server.config())
        .run();
    finished.exited(4).assert_clean();
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn a_changed_host_key_is_refused_and_told_apart() {
    let server = Server::start();
    server.change_host_key();
    let fault = run(three(&server), script(["web1"], "true")).fault("web1");
    assert_eq!(fault.kind, Kind::HostKey);
    let hint = fault.hint.unwrap();
    assert!(hint.contains("ssh-keygen -R"), "{hint}");
    assert_eq!(server.logins(), 0);
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn a_refused_login_is_told() {
    let server = Server::start();
    server.refuse_logins();
    let ran = run(three(&server), script(["web1"], "true"));
    let fault = ran.fault("web1");
    assert_eq!(fault.kind, Kind::Auth);
    assert_eq!(fault.messages[0], "web1 (web1) refused the login");
    assert!(
        fault.messages[1].contains("Permission denied"),
        "{fault:#?}"
    );
    assert_eq!(ran.stats.unreachable, 1);
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn a_host_without_an_address_is_told() {
    let server = Server::start();
    let mut topology = Topology::new();
    topology.add("lost", server.site("no-such-host.invalid"));
    let fault = run(topology, script(["lost"], "true")).fault("lost");
    assert_eq!(fault.kind, Kind::Unreachable);
    assert!(
        fault.messages[1].contains("Could not resolve hostname"),
        "{fault:#?}"
    );
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn a_host_that_never_answers_ends_in_time() {
    // Takes connections, and says nothing.
    let silent = std::net::TcpListener::bind(("127.0.0.2", 0)).unwrap();
    let server = Server::start();
    let mut topology = three(&server);
    let settings = Settings::new().port(silent.local_addr().unwrap().port());
    topology.add(
        "web1",
        settings.connect_timeout(std::time::Duration::from_secs(1)),
    );
    let ran = run(topology, script(["web"], "true"));
    assert_eq!(ran.fault("web1").kind, Kind::Unreachable);
    assert_eq!(ran.stats.succeeded, 2);
}

#[test]
fn a_host_is_never_an_option() {
    let mut topology = Topology::new();
    topology.add(
        "web1",
        Settings::new().host("-oProxyCommand=touch /tmp/ploy-was-here"),
    );
    let ran = run(topology, script(["web1"], "true"));
    assert!(!ran.stats.is_ok());
    assert!(!std::path::Path::new("/tmp/ploy-was-here").exists());
    assert_eq!(ran.stats.succeeded, 0);
}
