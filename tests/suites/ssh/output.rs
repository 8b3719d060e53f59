//! What commands put out.

use ploy::event::Stream;
use ploy_tests::{Program, Server};

use super::{run, script, three};

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn every_byte_arrives_and_the_streams_stay_apart() {
    let server = Server::start();
    let text = r"i=0; while [ $i -lt 256 ]; do printf \\$(printf %03o $i); i=$((i+1)); done; echo oops >&2";
    let ran = run(three(&server), script(["web1"], text));
    assert_eq!(
        ran.output("web1", Stream::Stdout),
        (0..=255).collect::<Vec<u8>>()
    );
    assert_eq!(ran.output("web1", Stream::Stderr), b"oops\n");
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn a_flood_arrives_whole() {
    let server = Server::start();
    let finished = Program::new("probe", ["flood"])
        .env("PROBE_CONFIG", server.config())
        .run()
        .exited(0);
    let line = "web1 | 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcde\n";
    let lines = 20 * 1024 * 1024 / 64;
    assert_eq!(finished.stdout.len(), line.len() * lines);
    assert!(
        finished
            .stdout
            .chunks(line.len())
            .all(|chunk| chunk == line.as_bytes())
    );
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn what_is_no_text_is_shown_safely() {
    let server = Server::start();
    let finished = Program::new("probe", ["binary"])
        .env("PROBE_CONFIG", server.config())
        .run()
        .exited(0);
    assert!(
        !finished.stdout.contains(&0x1b),
        "an escape sequence came through: {:?}",
        finished.out()
    );
    assert!(
        !finished.stdout.contains(&0),
        "a NUL came through: {:?}",
        finished.out()
    );
    assert!(std::str::from_utf8(&finished.stdout).is_ok());
    assert_eq!(finished.out().lines().count(), 3);
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn a_login_shell_that_talks_does_not_get_in_the_way() {
    // What a `.bashrc` that prints does: bash reads BASH_ENV when it runs the command that sshd was
    // asked for.
    let noise = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(noise.path(), "echo noise\n").unwrap();
    let env = vec![("BASH_ENV".to_owned(), noise.path().display().to_string())];
    let server = Server::with(&ploy_tests::ServerOptions {
        env,
        ..Default::default()
    });
    let ran = run(three(&server), script(["web1"], "echo done"));
    assert!(ran.text("web1").ends_with("done\n"), "{}", ran.text("web1"));
    assert!(ran.stats.is_ok());
    server.assert_empty();
}
