//! Passwords that sites share.

use std::fs;

use ploy::action::Action;
use ploy::catalogue::Catalogue;
use ploy::error::Kind;
use ploy::event::ErrorReport;
use ploy::run::Runner;
use ploy::secret::Passwords;
use ploy::topology::Topology;
use ploy::{Cx, Script, Secret, Shell};
use ploy_tests::{Ran, Server, ServerOptions, User, start, until};

use super::{PASSWORD, Sudo};

/// Lets the user do everything, and writes what sudo does into a file in the home.
const LOGGED: &str = "Defaults:USER logfile=HOME/sudo.log\nUSER ALL=(ALL:ALL) ALL";

fn logged() -> Sudo {
    let sudo = Sudo::may("USER ALL=(ALL:ALL) ALL");
    sudo.user
        .may(&LOGGED.replace("HOME", sudo.user.home().to_str().unwrap()));
    sudo
}

impl Sudo {
    /// How often sudo has written this.
    fn log(&self, what: &str) -> usize {
        let log = fs::read_to_string(self.user.home().join("sudo.log")).unwrap_or_default();
        // It breaks long lines.
        let log = log.replace("\n    ", " ");
        log.matches(what).count()
    }

    /// Runs a script on sites `host1` and so on, in these domains.
    fn run(&self, domains: &[&str], passwords: &Passwords, text: &str) -> Ran {
        self.run_on("", domains, passwords, text)
    }

    /// The same, with all of them on one host, unless that is empty.
    fn run_on(&self, host: &str, domains: &[&str], passwords: &Passwords, text: &str) -> Ran {
        let mut topology = Topology::new();
        for (number, domain) in (1..).zip(domains) {
            let name = format!("host{number}");
            let host = if host.is_empty() { &name } else { host };
            let site = self.server.site(host).roles(["all"]);
            let site = if domain.is_empty() {
                site
            } else {
                site.password_domain(*domain)
            };
            topology.add(&name, site);
        }
        let mut catalogue = Catalogue::new();
        let script = Script::raw(text);
        catalogue.add(
            "job",
            ["all"],
            [Action::new(move |cx: Cx| {
                let script = script.clone();
                async move { cx.shell().sudo_sh(script).await.map(drop) }
            })],
        );
        let runner = Runner::new(topology, catalogue).passwords(passwords);
        start(runner, |batch| async move {
            batch.run("job").await.into_result()
        })
        .finish()
    }
}

/// Why it failed, on all sites.
fn faults(ran: &Ran) -> Vec<ErrorReport> {
    (1..=40)
        .flat_map(|number| ran.faults(&format!("host{number}")))
        .collect()
}

#[test]
#[ignore = "needs sshd and sudo: tests/run runs it"]
fn twenty_sites_share_one_and_one_of_them_tries_it() {
    let sudo = logged();
    let ran = sudo.run(&["prod"; 20], &super::right(), "id -un");
    assert_eq!(
        (ran.stats.succeeded, ran.stats.failed),
        (20, 0),
        "{:?}",
        faults(&ran)
    );
    assert_eq!(sudo.log("incorrect password"), 0);
    assert_eq!(sudo.log("COMMAND=/usr/bin/sh"), 20);
    sudo.assert_empty();
}

/// All that has a session waits for an answer, and whoever finds out whether it is right needs one
/// too.
#[test]
#[ignore = "needs sshd and sudo: tests/run runs it"]
fn as_many_as_a_host_takes_may_wait() {
    let user = User::with_sudo(PASSWORD, "USER ALL=(ALL:ALL) ALL");
    for (max_sessions, sites) in [(None, 40), (Some(2), 12), (Some(1), 6)] {
        let server = Server::with(&ServerOptions {
            user: Some(user.clone()),
            default_limits: true,
            max_sessions,
            ..ServerOptions::default()
        });
        let sudo = Sudo {
            user: user.clone(),
            server,
        };
        let ran = sudo.run_on("web1", &vec!["prod"; sites], &super::right(), "id -un");
        assert_eq!(ran.stats.succeeded as usize, sites, "{:?}", faults(&ran));
        sudo.assert_empty();
    }
}

#[test]
#[ignore = "needs sshd and sudo: tests/run runs it"]
fn a_wrong_one_is_heard_by_one_site_alone_and_once() {
    let sudo = logged();
    let wrong = Passwords::given(&Secret::new("wrong password"), "a test");
    let ran = sudo.run(&["prod"; 20], &wrong, "id -un");
    assert_eq!((ran.stats.succeeded, ran.stats.failed), (0, 20));
    for fault in faults(&ran) {
        assert_eq!(fault.kind, Kind::Password, "{fault:?}");
        assert!(
            fault
                .messages
                .join(": ")
                .contains("rejected the password from a test"),
            "{fault:?}"
        );
    }
    // sudo writes it when it has given up.
    until("sudo has told it", || sudo.log("incorrect password") > 0);
    assert_eq!(sudo.log("1 incorrect password attempt"), 1);
    // sudo tells of each command that did not get one.
    assert_eq!(sudo.log("COMMAND=/"), sudo.log("a password is required"));
    sudo.assert_empty();
}

#[test]
#[ignore = "needs sshd and sudo: tests/run runs it"]
fn who_needs_none_is_not_asked_and_others_may_differ() {
    let sudo = Sudo::may("USER ALL=(ALL:ALL) NOPASSWD: ALL");
    let ran = sudo.run(&["prod", "prod"], &Passwords::new(), "id -un");
    assert_eq!(
        (ran.stats.succeeded, ran.stats.failed),
        (2, 0),
        "{:?}",
        faults(&ran)
    );
    // Two domains at once, of which one has the wrong password.
    sudo.user.may("USER ALL=(ALL:ALL) ALL");
    let passwords = Passwords::new();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    runtime.block_on(async {
        passwords.set("prod", Secret::new(PASSWORD)).await;
        passwords.set("test", Secret::new("wrong password")).await;
    });
    let domains = ["prod", "test", "prod", "test", ""];
    let ran = sudo.run(&domains, &passwords, "id -un");
    assert_eq!(
        (ran.stats.succeeded, ran.stats.failed),
        (2, 3),
        "{:?}",
        faults(&ran)
    );
    let said: Vec<String> = faults(&ran)
        .iter()
        .map(|fault| fault.messages.join(": "))
        .collect();
    assert!(
        said.iter().all(|said| said.contains("nobody to ask")),
        "{said:?}"
    );
    sudo.assert_empty();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs sshd and sudo: tests/run runs it"]
async fn a_site_with_another_password_does_not_lose_the_others() {
    let (one, other) = (Sudo::all(), Sudo::all());
    let passwords = super::right();
    let first = Shell::with("web1", one.server.site("web1").password_domain("prod"));
    let first = first.with_passwords(&passwords);
    let output = first.sudo(Script::raw("id -un")).await.unwrap();
    assert_eq!(output.text(), "root");
    let mut child = std::process::Command::new("chpasswd")
        .stdin(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let line = format!("{}:another password\n", other.user.name());
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), line.as_bytes()).unwrap();
    assert!(child.wait().unwrap().success());
    let second = Shell::with("web2", other.server.site("web2").password_domain("prod"));
    let second = second.with_passwords(&passwords);
    let failure = second.sudo(Script::raw("id -un")).await.unwrap_err();
    assert_eq!(failure.kind(), Kind::Password, "{failure:?}");
    assert!(
        failure.hint().unwrap().contains("password_domain"),
        "{failure:?}"
    );
    assert!(first.run(Script::raw("sudo -K; sudo id -un")).await.is_ok());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs sshd and sudo: tests/run runs it"]
async fn a_password_can_be_verified_before_anything_runs() {
    let sudo = logged();
    let wrong = Passwords::given(&Secret::new("wrong password"), "a test");
    let shell = sudo.shell_with("web1", &wrong);
    let failure = shell.verify_password().await.unwrap_err();
    assert_eq!(failure.kind(), Kind::Password, "{failure:?}");
    let shell = sudo.shell_with("web1", &super::right());
    shell.verify_password().await.unwrap();
    assert_eq!(sudo.log("COMMAND=/"), 0);
    sudo.user.may("USER ALL=(ALL:ALL) NOPASSWD: ALL");
    sudo.shell_with("web1", &Passwords::new())
        .verify_password()
        .await
        .unwrap();
    // Where nobody may do anything the password is still right, and the command tells what is not.
    sudo.user.may("# USER");
    sudo.shell_with("web1", &super::right())
        .verify_password()
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs sshd and sudo: tests/run runs it"]
async fn without_a_password_it_fails_at_once_and_nothing_is_left() {
    let sudo = Sudo::all();
    let shell = sudo.shell_with("web1", &Passwords::new());
    for run in [
        shell.sudo(Script::raw("id")),
        shell.sudo_sh(Script::raw("id")).stdin("in"),
        shell.run(Script::raw("sudo id || true; touch went-on")),
    ] {
        let failure = run.await.unwrap_err();
        assert_eq!(failure.kind(), Kind::Password, "{failure:?}");
        assert!(failure.hint().unwrap().contains("Passwords"), "{failure:?}");
    }
    assert!(!sudo.user.home().join("went-on").exists());
    drop(shell);
    sudo.assert_empty();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs sshd and sudo: tests/run runs it"]
async fn sudo_writes_no_secret_into_its_log() {
    let sudo = logged();
    let shell = sudo.shell_with("web1", &super::right());
    let secret = Secret::new("nothing for a log");
    let script = Script::raw("printf '%s' \"$TOKEN\"; cat");
    for run in [shell.sudo_sh(&script), shell.run(&script).run_as("nobody")] {
        let run = run.secret_env("TOKEN", &secret).stdin(&secret);
        assert_eq!(
            run.await.unwrap().text(),
            "nothing for a lognothing for a log"
        );
    }
    assert_eq!(sudo.log("COMMAND=/"), 2);
    assert_eq!(sudo.log("for a log"), 0);
}

/// Of three sites of a domain one needs no password, and one may do nothing at all.
#[test]
#[ignore = "needs sshd and sudo: tests/run runs it"]
fn sites_of_a_domain_may_differ_in_what_they_need() {
    let asks = logged();
    let (free, none) = (
        Sudo::may("USER ALL=(ALL) NOPASSWD: ALL"),
        Sudo::may("# USER"),
    );
    let mut topology = Topology::new();
    for (name, sudo) in [("free", &free), ("asks", &asks), ("none", &none)] {
        let site = sudo
            .server
            .site("web1")
            .roles(["all"])
            .password_domain("prod");
        topology.add(name, site);
    }
    let mut catalogue = Catalogue::new();
    let action =
        Action::new(|cx: Cx| async move { cx.shell().sudo(Script::raw("id -un")).await.map(drop) });
    catalogue.add("job", ["all"], [action]);
    let runner = Runner::new(topology, catalogue).passwords(&super::right());
    let ran = start(runner, |batch| async move {
        batch.run("job").await.into_result()
    })
    .finish();
    assert_eq!((ran.stats.succeeded, ran.stats.failed), (2, 1));
    for name in ["free", "asks"] {
        assert_eq!(ran.text(name), "root\n", "{name}");
    }
    let fault = ran.fault("none");
    assert_eq!(fault.kind, Kind::Command, "{fault:?}");
    assert!(fault.hint.unwrap().contains("have to allow it"));
    assert_eq!(asks.log("incorrect password"), 0);
}

/// Where sudo lets nobody try a password by itself, one command after the other does.
#[test]
#[ignore = "needs sshd and sudo: tests/run runs it"]
fn one_that_cannot_be_tried_is_heard_by_one_site_at_a_time() {
    let sudo = logged();
    let lines = format!("{LOGGED}\nDefaults:USER verifypw=never, timestamp_timeout=0");
    sudo.user
        .may(&lines.replace("HOME", sudo.user.home().to_str().unwrap()));
    let wrong = Passwords::given(&Secret::new("wrong password"), "a test");
    let ran = sudo.run(&["prod"; 5], &wrong, "id -un");
    assert_eq!((ran.stats.succeeded, ran.stats.failed), (0, 5));
    until("sudo has told it", || sudo.log("incorrect password") > 0);
    assert_eq!(sudo.log("1 incorrect password attempt"), 1);
    let ran = sudo.run(&["prod"; 5], &super::right(), "id -un");
    assert_eq!(ran.stats.succeeded, 5, "{:?}", faults(&ran));
    // Two at once in one command do not wait for each other.
    let (shell, both) = (
        sudo.shell(),
        Script::raw("sudo sleep 1 & sudo id -un & wait"),
    );
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let output = runtime.block_on(shell.run(both).into_future()).unwrap();
    assert_eq!(output.text(), "root");
}
