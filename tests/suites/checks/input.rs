//! What a command reads.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use ploy::error::Kind;
use ploy::shell::{Command, Input};
use ploy::{Script, Shell};
use tokio::io::{AsyncRead, AsyncWriteExt, ReadBuf};

/// Bytes that repeat nowhere near, about 20 MB of them.
fn many_bytes() -> Vec<u8> {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut bytes = Vec::with_capacity(20_000_003);
    while bytes.len() < 20_000_003 {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes.extend_from_slice(&state.to_le_bytes());
    }
    bytes.truncate(20_000_003);
    bytes
}

/// Fails after it has given something.
struct Broken(bool);

impl AsyncRead for Broken {
    fn poll_read(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        if self.0 {
            return Poll::Ready(Err(std::io::Error::other("the disk is gone")));
        }
        self.0 = true;
        buffer.put_slice(b"some");
        Poll::Ready(Ok(()))
    }
}

/// Bytes, a file and a reader arrive as they are.
pub(crate) async fn all_of_it_arrives(shell: &Shell) {
    let bytes = many_bytes();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("input");
    std::fs::write(&file, &bytes).unwrap();
    let sum = Script::raw("cksum");
    let expected = Shell::local()
        .run(Script::raw("cksum <input"))
        .cwd(folder.path().to_str().unwrap())
        .await
        .unwrap();
    assert!(expected.text().ends_with(" 20000003"), "{expected}");
    let (mut writer, reader) = tokio::io::duplex(5000);
    let written = bytes.clone();
    let writing = tokio::spawn(async move { writer.write_all(&written).await });
    let commands = [
        Command::new(&sum).stdin(bytes),
        Command::new(&sum).stdin(Input::file(&file)),
        Command::new(&sum).stdin(Input::reader(reader)),
    ];
    for command in commands {
        let output = shell.run(command).await.unwrap();
        assert_eq!(output.text(), expected.text());
    }
    writing.await.unwrap().unwrap();
    let nothing = shell.run(&sum).stdin("").await.unwrap();
    assert_eq!(nothing.text(), shell.run(&sum).await.unwrap().text());
}

/// A command that reads none or little of its input ends when it likes, whether the input has an
/// end or not.
pub(crate) async fn it_need_not_be_read(shell: &Shell) {
    let bytes = vec![b'x'; 20_000_000];
    let output = shell.run(Script::raw("echo done")).stdin(bytes.clone());
    assert_eq!(output.await.unwrap().text(), "done");
    let output = shell.run(Script::raw("exec <&-; sleep 0.2; echo done"));
    assert_eq!(output.stdin(bytes.clone()).await.unwrap().text(), "done");
    let output = shell.run(Script::raw("head -c 3")).stdin(bytes);
    assert_eq!(output.await.unwrap().text(), "xxx");
    let (_held, endless) = tokio::io::duplex(64);
    let output = shell.run(Script::raw("echo done"));
    let output = output.stdin(Input::reader(endless)).await.unwrap();
    assert_eq!(output.text(), "done");
}

/// An input that cannot be read is the failure, before the command runs or while it does.
pub(crate) async fn trouble_with_it_is_the_failure(shell: &Shell) {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("missing");
    let failure = shell
        .run(Script::raw("cat"))
        .stdin(Input::file(&missing))
        .await
        .unwrap_err();
    let here = failure.to_string();
    assert!(
        here.starts_with("cannot read the input of `cat` for "),
        "{here}"
    );
    let cause = failure.detail().to_string();
    assert!(cause.contains(missing.to_str().unwrap()), "{cause}");

    let failure = shell
        .run(Script::raw("cat"))
        .stdin(Input::file(folder.path()))
        .await
        .unwrap_err();
    let cause = failure.detail().to_string();
    assert!(cause.contains("directory"), "{cause}");

    let failure = shell
        .run(Script::raw("cat; sleep 1140"))
        .stdin(Input::reader(Broken(false)))
        .await
        .unwrap_err();
    assert_eq!(failure.detail().to_string(), "the disk is gone");
    assert_eq!(failure.command().unwrap().command, "cat; sleep 1140");
}

/// A time-out holds while the input goes on.
pub(crate) async fn a_time_out_holds_meanwhile(shell: &Shell) {
    let failure = shell
        .run(Script::raw("cat >/dev/null"))
        .stdin(Input::reader(tokio::io::repeat(b'x')))
        .timeout(Duration::from_millis(300))
        .await
        .unwrap_err();
    assert_eq!(failure.kind(), Kind::Timeout);
    let (_held, endless) = tokio::io::duplex(64);
    let failure = shell
        .run(Script::raw("cat"))
        .stdin(Input::reader(endless))
        .timeout(Duration::from_millis(300))
        .await
        .unwrap_err();
    assert_eq!(failure.kind(), Kind::Timeout);
}
