//! Uploads.

use std::fs;

use ploy::Cx;
use ploy::action::Action;
use ploy::catalogue::Catalogue;
use ploy::error::Kind;
use ploy::topology::Settings;
use ploy_tests::Server;

use super::super::{run, three};
use super::{assert_awkward_files, awkward_files};

fn upload(from: impl Into<String>, to: impl Into<String>) -> Catalogue {
    upload_on("web", from, to)
}

/// An upload on the sites of one role. Several sites with the same folder would get in each other's
/// way.
fn upload_on(role: &str, from: impl Into<String>, to: impl Into<String>) -> Catalogue {
    let (from, to) = (from.into(), to.into());
    let action = Action::new(move |cx: Cx| {
        let (from, to) = (from.clone(), to.clone());
        async move { cx.shell().upload(from, to).await.map(drop) }
    });
    let mut catalogue = Catalogue::new();
    catalogue.add("job", [role], [action]);
    catalogue
}

const SITES: [&str; 3] = ["web1", "web2", "web3"];

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn awkward_names_arrive_in_awkward_places() {
    let server = Server::start();
    let source = tempfile::tempdir().unwrap();
    let from = source.path().join("-it's a \"source\"");
    awkward_files(&from);
    for target in [
        "plain",
        "two words/and more",
        "it's/$HOME/`id`",
        "-rf/x",
        "a:b/c",
        "\"q\" *?/[x]",
    ] {
        let mut topology = three(&server);
        // A folder for each: three copies of rsync in one would get in each other's way.
        let base = |site: &str| server.path("tmp").join(format!("{site}'s $path"));
        for site in SITES {
            fs::create_dir_all(base(site)).unwrap();
            topology.update([site], Settings::new().path(base(site).to_str().unwrap()));
        }
        let ran = run(topology, upload(format!("{}/", from.display()), target));
        for site in SITES {
            assert_eq!(ran.faults(site), [], "{target} on {site}");
            assert_awkward_files(&base(site).join(target));
        }
        assert!(ran.stats.is_ok());
    }
    // Three sites on three addresses, which is three logins a run; rsync made none of its own.
    assert_eq!(server.logins(), 3 * 6);
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn the_slash_at_the_end_means_what_it_means_to_rsync() {
    let server = Server::start();
    let source = tempfile::tempdir().unwrap();
    fs::create_dir(source.path().join("dist")).unwrap();
    fs::write(source.path().join("dist/file"), "x").unwrap();
    let (with, without) = (
        server.path("tmp").join("with"),
        server.path("tmp").join("without"),
    );
    let from = source.path().join("dist").display().to_string();
    assert!(
        run(
            three(&server),
            upload_on("web1", format!("{from}/"), with.to_str().unwrap())
        )
        .stats
        .is_ok()
    );
    assert!(
        run(
            three(&server),
            upload_on("web1", from, format!("{}/", without.display()))
        )
        .stats
        .is_ok()
    );
    assert!(with.join("file").exists());
    assert!(without.join("dist/file").exists());
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn a_relative_path_hangs_on_the_sites_path_and_parents_are_made() {
    let server = Server::start();
    let source = tempfile::tempdir().unwrap();
    fs::write(source.path().join("file"), "x").unwrap();
    let base = server.path("tmp").join("not/there/yet");
    let mut topology = three(&server);
    topology.update(["web"], Settings::new().path(base.to_str().unwrap()));
    let ran = run(
        topology,
        upload_on(
            "web1",
            format!("{}/", source.path().display()),
            "releases/1",
        ),
    );
    assert!(ran.stats.is_ok(), "{:#?}", ran.faults("web1"));
    assert_eq!(
        fs::read_to_string(base.join("releases/1/file")).unwrap(),
        "x"
    );
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn a_missing_source_is_told() {
    let server = Server::start();
    let target = server.path("tmp").join("target");
    let ran = run(
        three(&server),
        upload("/no/such/source", target.to_str().unwrap()),
    );
    let fault = ran.fault("web1");
    assert_eq!(fault.kind, Kind::Transfer);
    assert!(
        fault.messages[0].contains("cannot upload /no/such/source to"),
        "{fault:#?}"
    );
    assert!(fault.messages[0].ends_with("on web1"), "{fault:#?}");
    assert!(
        fault.messages[1].contains("rsync exited with status 23"),
        "{fault:#?}"
    );
    assert_eq!(fault.hint.unwrap(), "there is no `/no/such/source` here");
    assert!(
        fault
            .location
            .unwrap()
            .file
            .starts_with("tests/suites/ssh/transfer/upload.rs")
    );
    assert_eq!(ran.stats.failed, 3);
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn a_target_that_cannot_be_made_is_told() {
    let server = Server::start();
    let source = tempfile::tempdir().unwrap();
    fs::write(server.path("tmp").join("file"), "in the way").unwrap();
    let target = server.path("tmp").join("file/below");
    let ran = run(
        three(&server),
        upload(
            format!("{}/", source.path().display()),
            format!("{}/x", target.display()),
        ),
    );
    let fault = ran.fault("web1");
    assert_eq!(fault.kind, Kind::Transfer);
    let said = String::from_utf8_lossy(&fault.command.as_ref().unwrap().stderr).into_owned();
    assert!(said.contains("Not a directory"), "{fault:#?}");
}
