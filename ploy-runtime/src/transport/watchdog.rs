//! A command that watches over itself: its standard input is the life line.
//!
//! It costs no session besides the command's own. So the first command on a connection has one, and every command where
//! a server allows a single session.

use std::time::Duration;

use tokio::io::AsyncWrite;

use super::orders::{self, Beats};
use super::reaper::Registration;

/// The watchdog ignores TERM, since it is a member of the group that it ends. Its clock does not: when the command ends
/// in an orderly way, all that is in the group goes with it.
const SCRIPT: &str = r#"exec 3<&0 </dev/null
{
  trap '' HUP INT TERM
  clock=
  while read -r order n <&3; do
    case $order in
      beat)
        [ -z "$clock" ] || kill -s TERM "$clock"
        { trap - TERM; sleep 45; trap '' TERM; kill -s TERM 0; sleep 5; kill -s KILL 0; } &
        clock=$! ;;
      term) kill -s TERM 0 ;;
      kill) kill -s KILL 0 ;;
      end) break ;;
    esac
  done
  kill -s TERM 0; sleep 5; kill -s KILL 0
} >/dev/null 2>&1 &
exec 3<&-
trap 'trap "" TERM; kill -s KILL '$!' 2>/dev/null; kill -s TERM 0' EXIT
"#;

/// How long a command runs before it gets its first heartbeat. Until then a cut network is noticed only by what sshd
/// itself does about it.
const FIRST_BEAT: Duration = Duration::from_millis(250);

/// What to run before the command, and its registration, which writes to its standard input once that is there.
pub(super) fn watchdog<W>(
    stdin: impl Future<Output = Option<W>> + Send + 'static,
) -> (Registration, &'static str)
where
    W: AsyncWrite + Unpin + Send + 'static,
{
    let (orders, queue) = orders::channel();
    tokio::spawn(async move {
        if let Some(stdin) = stdin.await {
            orders::pass_on(queue, stdin, Beats::After(FIRST_BEAT)).await;
        }
    });
    (Registration::alone(orders), SCRIPT)
}
