//! A command that guards itself: its standard input tells it whether we are there.
//!
//! A second process in the command's group reads orders from that input. When it ends (we exited,
//! crashed, were killed, or the connection was lost), or no heartbeat comes any more (the network
//! was cut, of which a plain sshd hears nothing for hours), that process sends TERM, and a little
//! later KILL, to the whole group, itself included.
//!
//! It costs a fork, and no session besides the command's own.

use tokio::io::AsyncWrite;

use super::leftovers::exit_trap;
use super::registration::Registration;
use super::remote_state::RemoteState;
use crate::transport::control_channel::{control_channel, forward_control};

/// The watchdog ignores TERM, because it is a member of the group that it ends. Its timer does not:
/// when the command ends normally, the timer is to end with the group. The watchdog itself is then
/// ended by ALRM, but not once it has begun to end the group: bash runs its exit trap also when it
/// was signalled.
///
/// A timer whose `sleep` is killed starts again. TERM is caught, and not ignored, while the timer
/// is started: an ignored signal would stay ignored there, and a TERM that comes early would be
/// missed.
///
/// The command's shell is its grandparent, so that a `wait` in the command does not wait for it.
///
/// All of it is one line, which every login shell takes as it is.
const SCRIPT: &str = "trap '' HUP INT TERM; ploy_c=; \
    while read -r ploy_o ploy_n <&3; do case $ploy_o in \
    beat) [ -z \"$ploy_c\" ] || kill -s KILL \"$ploy_c\"; trap : TERM; \
    { trap - TERM; until sleep 45; do sleep 1 || exit; done; trap '' TERM; kill -s TERM 0; sleep 5; kill -s KILL 0; } & \
    ploy_c=$!; trap '' TERM ;; \
    term) trap '' ALRM; ploy_t=1; kill -s TERM 0 ;; \
    kill) kill -s KILL 0 ;; \
    esac; done; \
    trap '' ALRM; ";

/// What the watchdog does when its input has ended.
const END: &str = "kill -s TERM 0; sleep 5; kill -s KILL 0; ";

/// The start of a script that another user runs, whose watchdog gets its orders by the pipe `$1`.
/// If the pipe is closed after an order to end, the order is to kill.
///
/// The command waits until the pipe is open. Who opens it waits for us, and for no longer than ten
/// seconds.
pub(crate) fn watchdog_by_path() -> String {
    format!(
        "[ -p \"$1\" ] || {{ echo 'ploy: nothing would end it: there is no pipe' >&2; exit 125; }}; \
         ploy_w=$({{ exec </dev/null 2>/dev/null; {{ sleep 10; kill -s KILL 0; }} >/dev/null & ploy_c=$!; \
         exec 3<\"$1\"; kill -s KILL \"$ploy_c\"; ploy_t=; exec >/dev/null; {SCRIPT}\
         [ -n \"$ploy_t\" ] || {{ kill -s TERM 0; sleep 5; }}; kill -s KILL 0; }} & echo $!); set --; "
    )
}

/// What to run before the command, and its registration, which writes to the command's standard
/// input once that exists.
pub(crate) fn watchdog<W>(
    stdin: impl Future<Output = Option<W>> + Send + 'static,
    remote: &RemoteState,
) -> (Registration, String)
where
    W: AsyncWrite + Unpin + Send + 'static,
{
    let (control, messages) = control_channel();
    tokio::spawn(async move {
        if let Some(stdin) = stdin.await {
            forward_control(messages, stdin, true).await;
        }
    });
    let script = format!(
        "exec 3<&0 </dev/null; ploy_w=$({{ exec >/dev/null 2>&1; {SCRIPT}{END}}} & echo $!); exec 3<&-; {}unset ploy_w; ",
        exit_trap(Some("$ploy_w"), Some(remote))
    );
    (Registration::with_watchdog(control), script)
}

#[cfg(test)]
mod tests {
    use std::process::Stdio;
    use std::time::Duration;

    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::process::{Child, ChildStdin, Command};

    use super::*;
    use crate::transport::guard::Signal;

    const SHELLS: [&[&str]; 3] = [&["dash"], &["bash"], &["busybox", "sh"]];

    /// A command that has printed that it has begun.
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

    /// Its output ends when no process holds it open any more.
    async fn assert_ends(child: &mut Child, what: &str) {
        let mut rest = Vec::new();
        let mut stdout = child.stdout.take().unwrap();
        let end = tokio::time::timeout(Duration::from_secs(30), stdout.read_to_end(&mut rest));
        assert!(end.await.is_ok(), "{what}");
    }

    /// sshd closes the watchdog's input when the leader has ended.
    #[tokio::test]
    async fn a_child_that_ignores_term_is_killed_after_its_shell_has_ended() {
        for shell in SHELLS {
            for is_told in [true, false] {
                let (send, stdin) = tokio::sync::oneshot::channel::<ChildStdin>();
                let (registration, begin) =
                    watchdog(async { stdin.await.ok() }, &RemoteState::new());
                let script = "sh -c \"trap '' TERM; sleep 300; :\"; echo after";
                let mut child = start(shell, &begin, script).await;
                assert!(send.send(child.stdin.take().unwrap()).is_ok());
                // The child must have set its trap, or it would end with the shell.
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

    /// How many processes of a group are shells, by their command lines.
    fn shells(group: u32) -> usize {
        let entries = std::fs::read_dir("/proc").unwrap().flatten();
        let is_of_group = |entry: &std::fs::DirEntry| {
            let stat = std::fs::read_to_string(entry.path().join("stat")).unwrap_or_default();
            let fields: Vec<_> = stat.rsplit(") ").next().unwrap().split(' ').collect();
            let command = std::fs::read(entry.path().join("cmdline")).unwrap_or_default();
            // A zombie has no command line.
            let is_shell = !command.is_empty() && !command.starts_with(b"sleep\0");
            fields.get(2) == Some(&&*group.to_string()) && is_shell
        };
        entries.filter(is_of_group).count()
    }

    #[tokio::test]
    async fn each_heartbeat_restarts_the_one_timer() {
        // busybox's built-in `sleep` has the command line of its shell.
        for shell in &SHELLS[..2] {
            let (registration, begin) = watchdog(
                std::future::pending::<Option<ChildStdin>>(),
                &RemoteState::new(),
            );
            let mut child = start(shell, &begin, "while :; do sleep 300; done").await;
            let group = child.id().unwrap();
            let mut stdin = child.stdin.take().unwrap();
            stdin.write_all(b"beat\nbeat\nbeat\n").await.unwrap();
            // The command's shell, the watchdog and one timer; and forks that are about to become
            // `sleep`.
            let one_timer = async {
                tokio::time::sleep(Duration::from_millis(500)).await;
                while shells(group) > 3 {
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            };
            let all = tokio::time::timeout(Duration::from_secs(20), one_timer).await;
            assert!(all.is_ok(), "{shell:?}: {} shells", shells(group));
            assert_eq!(shells(group), 3, "{shell:?}");
            stdin.write_all(b"kill\n").await.unwrap();
            assert_ends(&mut child, &format!("{shell:?}")).await;
            drop(registration);
        }
    }
}
