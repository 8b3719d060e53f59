//! A command that watches over itself: its standard input is the life line.
//!
//! A second process in the command's group reads orders from it. When it ends (we exited, crashed, were killed, or the
//! connection was lost), or no heartbeat comes any more (the network was cut, of which a plain sshd hears nothing for
//! hours), it sends TERM and a little later KILL to the whole group, itself included.
//!
//! It costs a fork, and no session besides the command's own.

use tokio::io::AsyncWrite;

use super::leftovers;
use super::reaper::Registration;
use super::remote_state::There;
use crate::transport::control_channel;

/// The watchdog ignores TERM, since it is a member of the group that it ends. Its clock does not: when the command ends
/// in an orderly way, all that is in the group goes with it. The watchdog itself is ended by ALRM then, but not once it
/// has begun to end the group: bash does what it does at its end also when it was ended.
///
/// A clock whose `sleep` somebody kills begins again. It is born without the TERM that is ignored, or it would miss one
/// that comes soon; what is caught instead ends neither.
///
/// The command's shell is its grandparent: else a `wait` in the command would wait for it.
///
/// All of it is one line, which any login shell takes as it is.
const SCRIPT: &str = "trap '' HUP INT TERM; ploy_c=; \
    while read -r ploy_o ploy_n <&3; do case $ploy_o in \
    beat) [ -z \"$ploy_c\" ] || kill -s KILL \"$ploy_c\"; trap : TERM; \
    { trap - TERM; until sleep 45; do sleep 1 || exit; done; trap '' TERM; kill -s TERM 0; sleep 5; kill -s KILL 0; } & \
    ploy_c=$!; trap '' TERM ;; \
    term) trap '' ALRM; ploy_t=1; kill -s TERM 0 ;; \
    kill) kill -s KILL 0 ;; \
    esac; done; \
    trap '' ALRM; ";

/// What it does when its input has ended.
const END: &str = "kill -s TERM 0; sleep 5; kill -s KILL 0; ";

/// The start of a command that another user runs, whose watchdog hears from us by the pipe `$1`. If that ends after it was
/// told to end, we were told to kill.
///
/// The command waits until the pipe is open: who opens it waits for us, and for no longer than ten seconds.
pub(crate) fn by_path() -> String {
    format!(
        "[ -p \"$1\" ] || {{ echo 'ploy: nothing would end it: there is no pipe' >&2; exit 125; }}; \
         ploy_w=$({{ exec </dev/null 2>/dev/null; {{ sleep 10; kill -s KILL 0; }} >/dev/null & ploy_c=$!; \
         exec 3<\"$1\"; kill -s KILL \"$ploy_c\"; ploy_t=; exec >/dev/null; {SCRIPT}\
         [ -n \"$ploy_t\" ] || {{ kill -s TERM 0; sleep 5; }}; kill -s KILL 0; }} & echo $!); set --; "
    )
}

/// What to run before the command, and its registration, which writes to its standard input once that is there.
pub(crate) fn watchdog<W>(
    stdin: impl Future<Output = Option<W>> + Send + 'static,
    there: &There,
) -> (Registration, String)
where
    W: AsyncWrite + Unpin + Send + 'static,
{
    let (orders, queue) = control_channel::channel();
    tokio::spawn(async move {
        if let Some(stdin) = stdin.await {
            control_channel::pass_on(queue, stdin, true).await;
        }
    });
    let script = format!(
        "exec 3<&0 </dev/null; ploy_w=$({{ exec >/dev/null 2>&1; {SCRIPT}{END}}} & echo $!); exec 3<&-; {}unset ploy_w; ",
        leftovers::at_exit(Some("$ploy_w"), Some(there))
    );
    (Registration::alone(orders), script)
}

#[cfg(test)]
mod tests {
    use std::process::Stdio;
    use std::time::Duration;

    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::process::{Child, ChildStdin, Command};

    use super::*;
    use crate::transport::process::Signal;

    const SHELLS: [&[&str]; 3] = [&["dash"], &["bash"], &["busybox", "sh"]];

    /// A command that has begun, and what it does before the script.
    async fn start(shell: &[&str], begin: &str, script: &str) -> Child {
        let mut child = Command::new(shell[0])
            .args(&shell[1..])
            .arg("-c")
            .arg(format!("{begin}echo begun; {script}"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .process_group(0)
            .spawn()
            .unwrap();
        let mut begun = [0; 6];
        let stdout = child.stdout.as_mut().unwrap();
        stdout.read_exact(&mut begun).await.unwrap();
        child
    }

    /// The stream ends when nothing holds it open any more.
    async fn assert_ends(child: &mut Child, what: &str) {
        let mut rest = Vec::new();
        let mut stdout = child.stdout.take().unwrap();
        let end = tokio::time::timeout(Duration::from_secs(30), stdout.read_to_end(&mut rest));
        assert!(end.await.is_ok(), "{what}");
    }

    /// With sshd the watchdog's input ends when the leader has ended.
    #[tokio::test]
    async fn a_child_that_ignores_it_is_killed_though_its_shell_has_ended() {
        for shell in SHELLS {
            for is_told in [true, false] {
                let (give, stdin) = tokio::sync::oneshot::channel::<ChildStdin>();
                let (registration, begin) = watchdog(async { stdin.await.ok() }, &There::new());
                let script = "sh -c \"trap '' TERM; sleep 300; :\"; echo after";
                let mut child = start(shell, &begin, script).await;
                assert!(give.send(child.stdin.take().unwrap()).is_ok());
                // The child has to be there, or it would end with the shell.
                tokio::time::sleep(Duration::from_millis(300)).await;
                if is_told {
                    registration.signal(Signal::Term);
                    tokio::time::sleep(Duration::from_millis(300)).await;
                }
                drop(registration);
                assert_ends(&mut child, &format!("{shell:?} {is_told}")).await;
            }
        }
    }

    /// How many processes of a group are shells, by their own account.
    fn shells(group: u32) -> usize {
        let entries = std::fs::read_dir("/proc").unwrap().flatten();
        let is_of_group = |entry: &std::fs::DirEntry| {
            let stat = std::fs::read_to_string(entry.path().join("stat")).unwrap_or_default();
            let fields: Vec<_> = stat.rsplit(") ").next().unwrap().split(' ').collect();
            let command = std::fs::read(entry.path().join("cmdline")).unwrap_or_default();
            // One that has ended and was not waited for has no command line.
            let is_shell = !command.is_empty() && !command.starts_with(b"sleep\0");
            fields.get(2) == Some(&&*group.to_string()) && is_shell
        };
        entries.filter(is_of_group).count()
    }

    #[tokio::test]
    async fn a_heartbeat_puts_off_the_end_whenever_it_comes() {
        // busybox's own `sleep` bears the command line of its shell.
        for shell in &SHELLS[..2] {
            let (registration, begin) =
                watchdog(std::future::pending::<Option<ChildStdin>>(), &There::new());
            let mut child = start(shell, &begin, "while :; do sleep 300; done").await;
            let group = child.id().unwrap();
            let mut stdin = child.stdin.take().unwrap();
            stdin.write_all(b"beat\nbeat\nbeat\n").await.unwrap();
            // The command's own, the watchdog, and one clock; and what is yet to become a `sleep`.
            let one_clock = async {
                tokio::time::sleep(Duration::from_millis(500)).await;
                while shells(group) > 3 {
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            };
            let all = tokio::time::timeout(Duration::from_secs(20), one_clock).await;
            assert!(all.is_ok(), "{shell:?}: {} shells", shells(group));
            assert_eq!(shells(group), 3, "{shell:?}");
            stdin.write_all(b"kill\n").await.unwrap();
            assert_ends(&mut child, &format!("{shell:?}")).await;
            drop(registration);
        }
    }
}
