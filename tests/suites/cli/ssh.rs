//! `ssh` on sites of this machine.

use std::fs;

use ploy_tests::Program;

fn website(folder: &std::path::Path, arguments: &[&str]) -> Program {
    fs::create_dir_all(folder.join("web1")).unwrap();
    Program::new("website", [&["ssh"], arguments].concat())
        .env("WEBSITE_FOLDER", folder.as_os_str())
}

#[test]
fn a_local_site_opens_a_shell_in_its_folder() {
    let folder = tempfile::tempdir().unwrap();
    let mut shell = website(folder.path(), &["web1"])
        .env("SHELL", "/bin/sh")
        .with_keys()
        .start();
    shell.type_keys("pwd\nexit 3\n");
    let finished = shell.finish().exited(3);
    let path = folder.path().join("web1").canonicalize().unwrap();
    assert_eq!(finished.out(), format!("{}\n", path.display()));
}

#[test]
fn one_command_has_the_exit_code() {
    let folder = tempfile::tempdir().unwrap();
    let of = |arguments: &[&str]| website(folder.path(), arguments).run();
    assert_eq!(
        of(&["primary", "--", "echo a | tr a b; exit 5"])
            .exited(5)
            .out(),
        "b\n"
    );
    assert_eq!(
        of(&["web1", "--", "echo", "a  b", "$HOME"]).exited(0).out(),
        "a  b $HOME\n"
    );
    let finished = of(&["web2", "--", "echo", "x"]).exited(98);
    assert_eq!(finished.out(), "", "its folder is not there");
}

#[test]
fn a_name_that_is_not_one_sites_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    for (name, hint) in [
        ("wbe1", "did you mean `web1`?"),
        ("web", "say which: web1, web2, web3"),
    ] {
        let finished = website(folder.path(), &[name]).run().exited(2);
        assert!(finished.err().contains(hint), "{}", finished.err());
    }
    let finished = website(folder.path(), &["web1", "--fanout", "3"])
        .run()
        .exited(2);
    assert!(
        finished.err().contains("`--fanout` means nothing"),
        "{}",
        finished.err()
    );
}
