//! Commands that are read line by line.

use std::time::Duration;

use ploy::error::Kind;
use ploy::event::Stream;
use ploy::{Script, Shell};
use ploy_tests::{Mark, until};

/// The lines of both streams come as they are, and then the end.
pub(crate) async fn they_come_and_then_the_end(shell: &Shell) {
    let script = Script::raw(r"printf 'one\n\ntwo\377\r\nrest'; echo bad >&2; exit 4");
    let mut lines = shell.run(&script).lines();
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let failure = loop {
        match lines.next().await.unwrap() {
            Ok(line) if line.stream() == Stream::Stdout => out.push(line),
            Ok(line) => err.push(line),
            Err(failure) => break failure,
        }
    };
    let bytes: Vec<_> = out.iter().map(|line| line.bytes().to_vec()).collect();
    let expected: [&[u8]; 4] = [b"one", b"", b"two\xff\r", b"rest"];
    assert_eq!(bytes, expected);
    assert_eq!(out[2].text(), "two\u{fffd}");
    assert_eq!(err.len(), 1);
    assert_eq!(failure.kind(), Kind::Command);
    assert_eq!(failure.command().unwrap().code, Some(4));
    assert!(failure.detail().at().unwrap().file().ends_with("lines.rs"));
    assert!(lines.next().await.is_none());
    assert!(lines.finish().await.is_err());

    let mut lines = shell.run(&script).unchecked().lines();
    lines.next().await.unwrap().unwrap();
    let output = lines.finish().await.unwrap();
    assert_eq!(output.code(), Some(4));
    assert_eq!(output.stderr_text(), "bad");
}

/// A line that is longer than it may be comes in parts.
pub(crate) async fn a_long_one_comes_in_parts(shell: &Shell) {
    let mut lines = shell
        .run(Script::raw("echo abcdefgh; echo ij"))
        .lines()
        .longest(3);
    let mut parts = Vec::new();
    while let Some(line) = lines.next().await {
        let line = line.unwrap();
        parts.push((line.text().into_owned(), line.is_partial()));
    }
    let expected = [("abc", true), ("def", true), ("gh", false), ("ij", false)];
    assert_eq!(parts, expected.map(|(text, more)| (text.to_owned(), more)));
}

/// What is not read holds the command up: it does not go on into memory.
pub(crate) async fn what_is_not_read_waits(shell: &Shell) {
    let folder = tempfile::tempdir().unwrap();
    let done = folder.path().join("done");
    // More than pipes, sockets and ssh's own window hold.
    let script = format!("seq 5000000; touch {}", done.display());
    let mut lines = shell.run(Script::raw(script)).lines();
    assert_eq!(lines.next().await.unwrap().unwrap().text(), "1");
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert!(!done.exists());
    let mut last = 1;
    while let Some(line) = lines.next().await {
        let line: u32 = line.unwrap().text().parse().unwrap();
        assert_eq!(line, last + 1);
        last = line;
    }
    assert_eq!(last, 5_000_000);
    assert!(done.exists());
}

/// A time-out and the drop of the lines end the command, also while nobody reads it.
pub(crate) async fn it_ends_when_it_is_to(shell: &Shell) {
    let mark = Mark::new();
    let (name, value) = mark.variable();
    let mut lines = shell
        .run(Script::raw("echo $$; sleep 1142"))
        .env(name, value)
        .lines();
    lines.next().await.unwrap().unwrap();
    until("it sleeps", || !mark.running("sleep 1142").is_empty());
    drop(lines);
    mark.wait_until_gone(|_| false);

    let mut lines = shell
        .run(Script::raw("yes"))
        .env(name, value)
        .timeout(Duration::from_millis(300))
        .lines();
    lines.next().await.unwrap().unwrap();
    let gone = mark.clone();
    let waiting = tokio::task::spawn_blocking(move || gone.wait_until_gone(|_| false));
    waiting.await.unwrap();
    let failure = loop {
        if let Err(failure) = lines.next().await.unwrap() {
            break failure;
        }
    };
    assert_eq!(failure.kind(), Kind::Timeout, "{failure:?}");
    assert_eq!(failure.detail().to_string(), "it ran longer than 0.3 s");
}
