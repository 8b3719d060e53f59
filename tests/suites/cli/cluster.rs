//! The cluster example on this machine, as an administrator uses it.

use ploy_tests::{Finished, Program};
use rustix::process::Signal;

fn cluster(folder: &std::path::Path, arguments: &[&str]) -> Finished {
    Program::new("cluster-admin", arguments)
        .env("CLUSTER_FOLDER", folder)
        .run()
}

#[test]
#[ignore = "needs rsync, as a package: tests/run runs it"]
fn logs_backups_and_facts_of_four_nodes() {
    let folder = tempfile::tempdir().unwrap();
    let nothing = cluster(folder.path(), &["verify-backups"]).exited(1);
    assert!(nothing.err().contains("cannot enter"), "{}", nothing.err());

    let demo = cluster(folder.path(), &["demo"]).exited(0);
    assert_eq!(demo.err().matches("> the log is new").count(), 4);
    let again = cluster(folder.path(), &["demo"]).exited(0);
    assert!(!again.err().contains("> the log is new"), "{}", again.err());

    let verified = cluster(folder.path(), &["verify-backups"]).exited(0);
    assert_eq!(
        verified
            .err()
            .matches("today.tgz is fresh and whole")
            .count(),
        4
    );
    std::fs::write(folder.path().join("node2/backups/today.tgz"), "").unwrap();
    let broken = cluster(folder.path(), &["verify-backups"]).exited(1);
    assert!(
        broken.err().contains("node2 x verify-backups failed"),
        "{}",
        broken.err()
    );

    let errors = cluster(folder.path(), &["errors"]).exited(0);
    assert!(
        errors.err().contains(
            "node3 > errors: 1, the last: 2026-03-05T10:00:00Z ERROR disk is slow on node3"
        ),
        "{}",
        errors.err()
    );

    let facts = cluster(folder.path(), &["facts"]).exited(0);
    let table = facts.out();
    let rows: Vec<&str> = table.lines().collect();
    assert_eq!(rows.len(), 5, "{table}");
    assert!(rows[0].starts_with("node   kernel"), "{table}");
    assert!(rows[4].starts_with("node4  Linux"), "{table}");

    let installed = cluster(folder.path(), &["install"]).exited(0);
    assert_eq!(installed.err().matches("> rsync is there").count(), 4);
    installed.assert_clean();
}

#[test]
fn logs_are_followed_until_ctrl_c() {
    let folder = tempfile::tempdir().unwrap();
    let _ = cluster(folder.path(), &["demo"]).exited(0);
    let following = Program::new("cluster-admin", ["follow"])
        .env("CLUSTER_FOLDER", folder.path())
        .start();
    following.wait_for(4, "INFO all is well on");
    following.signal(Signal::INT);
    let finished = following.finish().exited(130);
    assert!(
        finished
            .err()
            .contains("cancelled: 4 tasks cancelled on 4 sites"),
        "{}",
        finished.err()
    );
    finished.assert_clean();
}
