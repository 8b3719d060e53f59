//! Which site runs what, and over which connection.

use ploy::run::Runner;
use ploy::topology::{Settings, Topology};
use ploy_tests::{Server, start};

use super::{command, run, script, three};

/// The address of the server that the connection came to.
const ADDRESS: &str = "set -- $SSH_CONNECTION; echo $3";

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn a_job_runs_on_the_sites_of_its_roles() {
    let server = Server::start();
    let mut topology = three(&server);
    topology.add("web2", Settings::new().roles(["db"]));
    topology.add("db1", server.site("web3").roles(["db"]));
    let mut catalogue = script(["db"], ADDRESS);
    catalogue.add("own-name", ["web1"], [command(ADDRESS)]);
    catalogue.add("both", ["web", "db"], [command(ADDRESS)]);
    let going = start(Runner::new(topology, catalogue), |batch| async move {
        batch.run("job").await.into_result()?;
        batch.run("own-name").await.into_result()?;
        batch.run("both").on(["db"]).await.into_result()?;
        batch.run("both").on(["web1"]).await.into_result()
    });
    let ran = going.finish();
    let mut started = ran.started();
    started.sort();
    let expected = [
        ("db1", "both"),
        ("db1", "job"),
        ("web1", "both"),
        ("web1", "own-name"),
        ("web2", "both"),
        ("web2", "job"),
    ];
    assert_eq!(
        started,
        expected.map(|(site, job)| (site.to_owned(), job.to_owned()))
    );
    assert_eq!(ran.text("web1"), "127.0.0.2\n127.0.0.2\n");
    assert_eq!(ran.text("web2"), "127.0.0.3\n127.0.0.3\n");
    assert_eq!(ran.text("db1"), "127.0.0.4\n127.0.0.4\n");
    assert!(ran.stats.is_ok());
    server.assert_empty();
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn sites_of_one_host_share_a_connection() {
    let server = Server::start();
    let mut topology = Topology::new();
    for site in 0..6 {
        topology.add(
            format!("site{site}"),
            server.site("web1").roles(["web"]).path("/tmp"),
        );
    }
    topology.add("other", server.site("web2").roles(["web"]));
    let mut catalogue = script(["web"], ADDRESS);
    catalogue.add("again", ["web"], [command(ADDRESS), command(ADDRESS)]);
    let going = start(Runner::new(topology, catalogue), |batch| async move {
        batch.run(["job", "again"]).await.into_result()
    });
    let ran = going.finish();
    assert_eq!(ran.stats.succeeded, 14);
    assert_eq!(server.logins(), 2, "{}", server.log());
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn settings_reach_the_command() {
    let server = Server::start();
    let folder = server.path("tmp").join("it's a folder");
    std::fs::create_dir(&folder).unwrap();
    let mut topology = three(&server);
    let settings = Settings::new()
        .path(folder.to_str().unwrap())
        .env("GREETING", "it's $HOME")
        .shell("bash");
    topology.update(["web"], settings);
    let ran = run(
        topology,
        script(
            ["web"],
            r#"pwd; echo "$GREETING"; echo "${BASH_VERSION:+bash}""#,
        ),
    );
    for site in ["web1", "web2", "web3"] {
        assert_eq!(
            ran.text(site),
            format!("{}\nit's $HOME\nbash\n", folder.display())
        );
    }
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn a_local_shell_is_local_whatever_the_site() {
    let server = Server::start();
    let mut catalogue = ploy::catalogue::Catalogue::new();
    let action = ploy::action::Action::new(|cx: ploy::Cx| async move {
        let script = ploy::Script::raw("echo \"${SSH_CONNECTION:-here}\"");
        cx.local().run(script).await.map(drop)
    });
    catalogue.add("job", ["web"], [action]);
    let ran = run(three(&server), catalogue);
    assert_eq!(ran.text("web3"), "here\n");
    assert_eq!(server.logins(), 0);
}
