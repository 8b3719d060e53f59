//! A command that watches over itself: its standard input is the life line.
//!
//! A second process in the command's group reads orders from it. When it ends (we exited, crashed, were killed, or the
//! connection was lost), or no heartbeat comes any more (the network was cut, of which a plain sshd hears nothing for
//! hours), it sends TERM and a little later KILL to the whole group, itself included.
//!
//! It costs a fork, and no session besides the command's own.

use tokio::io::AsyncWrite;

use super::left;
use super::orders;
use super::reaper::Registration;

/// The watchdog ignores TERM, since it is a member of the group that it ends. Its clock does not: when the command ends
/// in an orderly way, all that is in the group goes with it.
///
/// The command's shell is its grandparent: else a `wait` in the command would wait for it.
///
/// All of it is one line, which any login shell takes as it is.
const SCRIPT: &str = "exec 3<&0 </dev/null; ploy_w=$({ trap '' HUP INT TERM; ploy_c=; while read -r ploy_o ploy_n <&3; do \
    case $ploy_o in \
    beat) [ -z \"$ploy_c\" ] || kill -s TERM \"$ploy_c\"; \
    { trap - TERM; sleep 45; trap '' TERM; kill -s TERM 0; sleep 5; kill -s KILL 0; } & ploy_c=$! ;; \
    term) kill -s TERM 0 ;; \
    kill) kill -s KILL 0 ;; \
    esac; done; \
    kill -s TERM 0; sleep 5; kill -s KILL 0; } >/dev/null 2>&1 & echo $!); exec 3<&-; ";

/// What to run before the command, and its registration, which writes to its standard input once that is there.
pub(super) fn watchdog<W>(
    stdin: impl Future<Output = Option<W>> + Send + 'static,
) -> (Registration, String)
where
    W: AsyncWrite + Unpin + Send + 'static,
{
    let (orders, queue) = orders::channel();
    tokio::spawn(async move {
        if let Some(stdin) = stdin.await {
            orders::pass_on(queue, stdin, true).await;
        }
    });
    let script = format!("{SCRIPT}{}unset ploy_w; ", left::at_exit(Some("$ploy_w")));
    (Registration::alone(orders), script)
}
