//! `exec` and `check`, where sudo wants a password.

use ploy_tests::Finished;

use super::{PasswordFile, Sudo};

impl Sudo {
    fn by_hand(&self, arguments: &[&str], run_as: Option<&str>, path: Option<&str>) -> Finished {
        let mut program = self.program(arguments);
        if let Some(user) = run_as {
            program = program.env("PROBE_RUN_AS", user);
        }
        if let Some(path) = path {
            program = program.env("PROBE_PATH", path);
        }
        let finished = program.without_terminal().run();
        finished.assert_clean();
        finished
    }
}

/// The cells of the sites, a line each, with one blank between two.
fn rows(finished: &Finished) -> String {
    let out = finished.out();
    let table = out.split("\n\n").next().unwrap();
    let rows = table
        .lines()
        .skip(1)
        .map(|row| row.split_whitespace().collect::<Vec<_>>().join(" "));
    rows.map(|row| row + "\n").collect()
}

#[test]
#[ignore = "needs sshd and sudo: tests/run runs it"]
fn a_command_is_run_by_whom_is_named() {
    let (sudo, file) = (Sudo::all(), PasswordFile::new());
    let password = ["--sudo-pass-file", file.path()];
    let exec = |arguments: &[&str]| {
        let all = [&["exec", "-l", "web1"], &password[..], arguments].concat();
        sudo.by_hand(&all, None, None).exited(0).out()
    };
    assert_eq!(
        exec(&["--sudo", "id -un; id -u | cat"]),
        "web1 | root\nweb1 | 0\n"
    );
    assert_eq!(exec(&["--as", "root", "--", "id", "-un"]), "web1 | root\n");
    assert_eq!(exec(&["id -un"]), format!("web1 | {}\n", sudo.user.name()));
    let nobody = sudo.by_hand(&["exec", "-l", "web1", "--sudo", "id"], None, None);
    assert!(nobody.exited(1).err().contains("--sudo-pass-file"));
    sudo.assert_empty();
}

#[test]
#[ignore = "needs sshd and sudo: tests/run runs it"]
fn a_password_is_only_told_of_unless_one_is_given_which_is_tried() {
    let (sudo, file) = (Sudo::all(), PasswordFile::new());
    let check = |arguments: &[&str]| {
        let all = [&["check", "-l", "web[1-2]"], arguments].concat();
        sudo.by_hand(&all, None, None)
    };
    let user = sudo.user.name();
    let told = check(&[]).exited(0);
    assert!(
        rows(&told).contains(&format!("web2 kept {user} password ")),
        "{}",
        told.out()
    );
    let tried = check(&["--sudo-pass-file", file.path()]).exited(0);
    assert!(
        rows(&tried).contains(&format!("web2 kept {user} verified ")),
        "{}",
        tried.out()
    );
    std::fs::write(file.path(), "not this one\n").unwrap();
    let wrong = check(&["--sudo-pass-file", file.path()]).exited(6);
    assert!(
        rows(&wrong).contains(&format!("web1 kept {user} failed ")),
        "{}",
        wrong.out()
    );
    assert!(wrong.out().contains("error: web"), "{}", wrong.out());
    assert!(!wrong.out().contains("not this one"));
    sudo.assert_empty();
}

#[test]
#[ignore = "needs sshd and sudo: tests/run runs it"]
fn a_folder_is_looked_at_as_the_user_who_runs_the_commands() {
    let folder = tempfile::tempdir_in("/root").unwrap();
    let path = folder.path().join("www");
    let path = path.to_str();
    let check = ["check", "-l", "web1"];

    let free = Sudo::may("USER ALL=(ALL:ALL) NOPASSWD: ALL");
    let user = free.user.name();
    let as_root = free.by_hand(&check, Some("root"), path).exited(0);
    assert!(
        rows(&as_root).contains(&format!("web1 kept {user} free yes to make ")),
        "{}",
        as_root.out()
    );
    let as_user = free.by_hand(&check, None, path).exited(6);
    let told = format!("is missing, and `{user}` cannot make it in `");
    assert!(as_user.out().contains(&told), "{}", as_user.out());
    let as_nobody = free.by_hand(&check, Some("no-such-user"), path).exited(6);
    assert!(
        as_nobody.out().contains("`no-such-user`"),
        "{}",
        as_nobody.out()
    );

    let (sudo, file) = (Sudo::all(), PasswordFile::new());
    let unknown = sudo.by_hand(&check, Some("root"), path).exited(0);
    assert!(
        rows(&unknown).contains(" password yes ? "),
        "{}",
        unknown.out()
    );
    let given = [&check[..], &["--sudo-pass-file", file.path()]].concat();
    let known = sudo.by_hand(&given, Some("root"), path).exited(0);
    assert!(
        rows(&known).contains(" verified yes to make "),
        "{}",
        known.out()
    );

    let none = Sudo::may("USER ALL=(ALL:ALL) NOPASSWD: /bin/true-but-not-this");
    let refused = none.by_hand(&check, Some("root"), None).exited(0);
    assert!(rows(&refused).contains(" password "), "{}", refused.out());
    std::fs::remove_dir(folder.path()).unwrap();
}
