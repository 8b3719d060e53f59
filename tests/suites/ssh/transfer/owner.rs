//! Files that are written by who may not give them away.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};

use ploy_tests::{Server, ServerOptions, User};

use super::shell;

#[tokio::test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
async fn nobody_is_locked_out_of_a_file_in_silence() {
    let user = User::with_shell("bash");
    let server = Server::with(&ServerOptions {
        user: Some(user.clone()),
        ..ServerOptions::default()
    });
    let shell = shell(&server);
    user.write("conf/file", "old");
    let file = user.home().join("conf/file");
    let own = fs::metadata(user.home()).unwrap();
    let (uid, gid) = (own.uid(), own.gid());
    let set = |mode: u32, owner: u32, group: u32| {
        chown(&file, Some(owner), Some(group)).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
    };
    let state = || {
        let of = fs::metadata(&file).unwrap();
        (of.mode() & 0o7777, of.uid(), of.gid())
    };
    let path = "conf/file";

    // Somebody of that group reads it.
    set(0o644, 0, 4);
    fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
    let failure = shell.write(path, "new").await.unwrap_err();
    assert!(
        failure
            .detail()
            .to_string()
            .starts_with("its owner or group (root:adm) cannot be kept"),
        "{failure:?}"
    );
    assert!(failure.hint().unwrap().starts_with("`.owner(..)` says"));
    assert_eq!(fs::read_to_string(&file).unwrap(), "old");
    assert_eq!(state(), (0o640, 0, 4));
    assert_eq!(fs::read_dir(file.parent().unwrap()).unwrap().count(), 1);
    // Who says whose it is to be has it so.
    let written = shell.write(path, "new").owner(user.name()).await.unwrap();
    assert!(written.changed);
    assert_eq!(state(), (0o640, uid, gid));

    // Everybody reads this one, and goes on to.
    set(0o644, 0, 4);
    assert!(shell.write(path, "newer").await.unwrap().changed);
    assert_eq!(state(), (0o644, uid, gid));
    // Nothing is to be done.
    set(0o644, 0, 4);
    assert!(!shell.write(path, "newer").await.unwrap().changed);
    assert_eq!(state(), (0o644, 0, 4));
    // The group at least is kept.
    set(0o640, 0, gid);
    assert!(
        shell
            .write(path, "newest")
            .mode(0o640)
            .await
            .unwrap()
            .changed
    );
    assert_eq!(state(), (0o640, uid, gid));
}
