//! What a command puts out, and where it goes.

use std::time::Duration;

use ploy::error::Kind;
use ploy::{Script, Shell};
use tokio::io::AsyncReadExt;

/// Every byte, four times, without a line end.
const BINARY: &str = r"for round in 1 2 3 4; do i=0; while [ $i -lt 256 ]; do printf \\$(printf %03o $i); i=$((i+1)); done; done";

fn binary() -> Vec<u8> {
    (0..=255).collect::<Vec<u8>>().repeat(4)
}

/// Bytes that are no text, and text that is broken, arrive exactly on each way.
pub(crate) async fn every_byte_arrives(shell: &Shell) {
    let script = Script::raw(BINARY);
    let output = shell.run(&script).await.unwrap();
    assert_eq!(output.stdout(), binary());
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out");
    let file = tokio::fs::File::create(&path).await.unwrap();
    let output = shell.run(&script).stdout(file).await.unwrap();
    assert_eq!(std::fs::read(&path).unwrap(), binary());
    assert_eq!(output.stdout(), binary());
    let broken = Script::raw(r"printf 'a\377\n\303\n'; printf 'b\200' >&2");
    let output = shell.run(&broken).await.unwrap();
    assert_eq!(output.stdout(), b"a\xff\n\xc3\n");
    assert_eq!(output.stderr(), b"b\x80");
    assert_eq!(output.text(), "a\u{fffd}\n\u{fffd}");
}

/// A large output is written to files exactly, each stream to its own, and only the end of it is
/// held.
pub(crate) async fn it_goes_to_files(shell: &Shell) {
    let folder = tempfile::tempdir().unwrap();
    let (out, err) = (folder.path().join("out"), folder.path().join("err"));
    let output = shell
        .run(Script::raw("seq 2000000; seq 1000000 >&2"))
        .stdout(tokio::fs::File::create(&out).await.unwrap())
        .stderr(tokio::fs::File::create(&err).await.unwrap())
        .capture_limit(8)
        .await
        .unwrap();
    let expected = |count: u32| -> Vec<u8> {
        (1..=count)
            .flat_map(|number| format!("{number}\n").into_bytes())
            .collect()
    };
    assert!(std::fs::read(&out).unwrap() == expected(2_000_000));
    assert!(std::fs::read(&err).unwrap() == expected(1_000_000));
    assert_eq!(output.stdout(), b"2000000\n");
    assert_eq!(output.stderr(), b"1000000\n");
}

/// A writer that fails ends the command, and is the failure.
pub(crate) async fn a_writer_that_fails_ends_it(shell: &Shell) {
    let (writer, reader) = tokio::io::duplex(64);
    drop(reader);
    let failure = shell
        .run(Script::raw("yes & sleep 1141"))
        .stdout(writer)
        .await
        .unwrap_err();
    let text = failure.to_string();
    assert!(
        text.starts_with("cannot write the output of `yes & sleep 1141` for "),
        "{text}"
    );
    let (writer, reader) = tokio::io::duplex(64);
    drop(reader);
    let failure = shell.run(Script::raw("sleep 1141")).log(writer).await;
    let text = failure.unwrap_err().to_string();
    assert!(text.starts_with("cannot write the log of "), "{text}");
}

/// A writer that takes nothing slows its own command alone.
pub(crate) async fn a_slow_writer_slows_its_own_command_alone(shell: &Shell) {
    let (writer, mut reader) = tokio::io::duplex(1024);
    let slow = tokio::spawn({
        let run = shell
            .run(Script::raw("head -c 3000000 /dev/zero"))
            .stdout(writer);
        async move { run.await }
    });
    for number in 0..5 {
        let output = shell.run(Script::raw(format!("echo {number}"))).await;
        assert_eq!(output.unwrap().text(), number.to_string());
    }
    assert!(!slow.is_finished());
    let mut all = Vec::new();
    reader.read_to_end(&mut all).await.unwrap();
    assert_eq!(all.len(), 3_000_000);
    assert!(slow.await.unwrap().unwrap().success());
}

/// A time-out holds for a writer that takes nothing, also after the command itself has ended, or
/// was ended by it.
pub(crate) async fn a_stuck_writer_is_not_waited_for(shell: &Shell) {
    for script in ["seq 1000", "seq 1000; sleep 1145"] {
        let (writer, _reader) = tokio::io::duplex(64);
        let ended = shell
            .run(Script::raw(script))
            .stdout(writer)
            .timeout(Duration::from_millis(500))
            .into_future();
        let ended = tokio::time::timeout(Duration::from_secs(60), ended).await;
        let failure = ended.expect("it waits for the writer").unwrap_err();
        assert_eq!(failure.kind(), Kind::Timeout, "{failure:?}");
    }
}

/// A command may close its output long before it ends, and its exit is known all the same.
pub(crate) async fn it_may_be_closed_early(shell: &Shell) {
    let script = Script::raw("echo early; exec >&- 2>&-; sleep 0.3; exit 7");
    let output = shell.run(&script).unchecked().await.unwrap();
    assert_eq!((output.text().as_ref(), output.code()), ("early", Some(7)));
}

/// A line of 50 MiB is no more than any other output.
pub(crate) async fn a_line_may_be_long(shell: &Shell) {
    let script = Script::raw("head -c 52428800 /dev/zero | tr '\\0' x");
    let output = shell.run(&script).await.unwrap();
    assert_eq!(output.stdout(), [b'x'; 64 * 1024]);
    assert_eq!(output.dropped(), 52_428_800 - 64 * 1024);
    let mut lines = shell.run(&script).lines();
    let (mut bytes, mut parts) = (0, 0);
    let mut last = None;
    while let Some(line) = lines.next().await {
        let line = line.unwrap();
        assert!(line.bytes().iter().all(|byte| *byte == b'x'));
        assert!(line.bytes().len() <= 64 * 1024);
        bytes += line.bytes().len();
        parts += 1;
        last = Some(line.is_partial());
    }
    assert_eq!((bytes, parts, last), (52_428_800, 800, Some(false)));
}

/// A command's log has its script, its output and its end, and nothing for a terminal to obey.
pub(crate) async fn a_log_tells_all(shell: &Shell, site: &str) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log");
    let file = tokio::fs::File::create(&path).await.unwrap();
    let script = "printf 'one\\n1%%\\r2%%\\n\\033[2Jx'\nsleep 0.2; echo bad >&2; exit 3";
    let failure = shell.run(Script::raw(script)).log(file).await.unwrap_err();
    assert_eq!(failure.command().unwrap().stderr, b"bad");
    let text = std::fs::read_to_string(&path).unwrap();
    let mut lines: Vec<&str> = text.lines().collect();
    let last = lines.pop().unwrap();
    assert!(
        last.starts_with(&format!("{site} = exited with status 3 (")),
        "{last}"
    );
    let expected = [
        "$ printf 'one\\n1%%\\r2%%\\n\\033[2Jx'",
        "$ sleep 0.2; echo bad >&2; exit 3",
        "| one",
        "| 2%",
        "! bad",
        "| \u{241b}[2Jx",
    ];
    assert_eq!(lines, expected.map(|line| format!("{site} {line}")));
}

/// Variables and folders are those that were asked for, whatever their names and values.
pub(crate) async fn variables_and_folders_arrive(shell: &Shell) {
    let hostile = "it's $(id) `id` \"$HOME\"\n\\ ; rm -rf ü * ";
    let output = shell
        .run(Script::raw("printf %s \"$A\"; printf %s \"$B\" >&2"))
        .env("A", hostile)
        .env("B", 7)
        .await
        .unwrap();
    assert_eq!(output.stdout(), hostile.as_bytes());
    assert_eq!(output.stderr(), b"7");
    for (name, value) in [("A; touch /tmp/x", "1"), ("A", "a\0b"), ("", "1")] {
        let failure = shell.run(Script::raw("true")).env(name, value).await;
        assert_eq!(failure.unwrap_err().kind(), Kind::Usage);
    }
    let output = shell.run(Script::raw("pwd")).cwd("/").await.unwrap();
    assert_eq!(output.text(), "/");
}

/// Several commands run at once, and each has its own output.
pub(crate) async fn several_run_at_once(shell: &Shell) {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().display();
    let mut running = tokio::task::JoinSet::new();
    for number in 0..5 {
        // Each waits for all the others.
        let script = format!(
            "touch {folder}/{number}; while [ \"$(ls {folder} | wc -l)\" -lt 5 ]; do sleep 0.05; done; echo {number}"
        );
        let run = shell
            .run(Script::raw(script))
            .timeout(Duration::from_secs(50));
        running.spawn(async move { (number, run.await) });
    }
    for (number, output) in running.join_all().await {
        assert_eq!(output.unwrap().text(), number.to_string());
    }
}
