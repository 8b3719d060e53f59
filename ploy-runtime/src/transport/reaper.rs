//! What ends our commands on a host when we are gone.
//!
//! A reaper is one small shell process on each host that we use, this one included. It reads orders from its standard
//! input, which only we hold: when that ends (we exited, crashed, were killed, or the connection is cut and noticed),
//! it sends TERM and a little later KILL to the process group of every command that is registered and not done.
//! A command registers itself, before it does anything else, by writing its process id into a private directory.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use tokio::io::{AsyncWrite, AsyncWriteExt};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::process::Signal;
use crate::shell::quoted;

/// Runs in dash, bash and busybox's shell. dash takes a negative process id only after `-s SIGNAL --`.
const SCRIPT: &str = r#"
trap '' HUP INT TERM PIPE
[ -d "$1" ] || mkdir -m 700 "$1" 2>/dev/null
[ -O "$1" ] && [ ! -L "$1" ] && cd "$1" || exit 1
signal() {
  s=$1; shift; any=1
  for f in "$@"; do
    if [ -f "$f" ] && read -r p <"$f" && kill -s "$s" -- "-$p" 2>/dev/null; then any=0; fi
  done
  return $any
}
while read -r order n; do
  # A command that has not registered yet finds this when it does.
  [ -f "$n" ] || : >"$n.end"
  case $order in
    term) signal TERM "$n" ;;
    kill) signal KILL "$n" ;;
    end)
      if signal TERM "$n"; then
        { for i in 1 2 3 4 5; do sleep 1; signal 0 "$n" || break; done; signal KILL "$n"; rm -f "$n"; } &
      else
        rm -f "$n"
      fi ;;
  esac
done
if signal TERM *; then
  for i in 1 2 3 4 5; do sleep 1; signal 0 * || break; done
  signal KILL *
fi
cd / && rm -rf "$1"
"#;

/// Where one session is all that a connection has: the command watches its own standard input, which is the life line.
/// It ignores TERM, since it is a member of the group that it ends.
const WATCHDOG: &str = r#"exec 3<&0 </dev/null
{
  trap '' TERM
  while read -r order n <&3; do
    case $order in
      term) kill -s TERM 0 ;;
      kill) kill -s KILL 0 ;;
      end) break ;;
    esac
  done
  kill -s TERM 0; sleep 5; kill -s KILL 0
} >/dev/null 2>&1 &
exec 3<&-
"#;

/// At its end a command's shell ends what it left in the background, which could else hold the output open for ever.
/// A script that sets a trap of its own for `EXIT` does without.
pub(super) const END_CHILDREN: &str = "trap 'trap \"\" TERM; kill -s TERM 0' EXIT\n";

/// Our end of a reaper.
pub(super) struct Reaper {
    directory: String,
    next: AtomicU32,
    orders: mpsc::UnboundedSender<String>,
    writer: JoinHandle<()>,
}

/// A command that a reaper knows of.
pub(super) struct Registration {
    number: u32,
    orders: mpsc::UnboundedSender<String>,
}

/// A reaper's process: its standard input, and whatever must live as long as it is to live.
pub(super) struct Started<W, K> {
    pub(super) stdin: W,
    pub(super) keep: K,
}

impl Reaper {
    /// Begins to start a reaper, and does not wait for it: `start` is handed the arguments of `sh` and returns the
    /// process, or `None` if it cannot be had.
    ///
    /// Commands can register at once: whoever comes first makes the directory.
    pub(super) fn begin<W, K, F>(start: impl FnOnce([String; 4]) -> F) -> Reaper
    where
        W: AsyncWrite + Unpin + Send + 'static,
        K: Send + 'static,
        F: Future<Output = Option<Started<W, K>>> + Send + 'static,
    {
        // Nobody else can guess the name, so nobody can have made the directory before us.
        let random = getrandom::u64().unwrap_or_else(|_| u64::from(std::process::id()));
        let directory = format!("/tmp/ploy.{random:016x}");
        let started = start(["-c".into(), SCRIPT.into(), "ploy".into(), directory.clone()]);
        let (orders, mut queue) = mpsc::unbounded_channel::<String>();
        let writer = tokio::spawn(async move {
            // Without a reaper the queue is dropped, and orders are known not to be heard.
            let Some(Started { mut stdin, keep }) = started.await else {
                return;
            };
            while let Some(order) = queue.recv().await {
                if stdin.write_all(order.as_bytes()).await.is_err() || stdin.flush().await.is_err()
                {
                    break;
                }
            }
            drop(stdin);
            drop(keep);
        });
        Reaper {
            directory,
            next: AtomicU32::new(1),
            orders,
            writer,
        }
    }

    /// Ends the reaper, and with it whatever is registered and has not ended.
    pub(super) async fn close(self) {
        drop(self.orders);
        let _ = self.writer.await;
    }

    /// A place for one more command, and the script that takes it: to be run before the command, by the shell whose
    /// process leads the command's group.
    pub(super) fn register(self: &Arc<Self>) -> (Registration, Vec<u8>) {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let directory = &self.directory;
        // The directory's name needs no quoting.
        let script = format!(
            "[ -d {directory} ] || mkdir -m 700 {directory} 2>/dev/null
[ -O {directory} ] && [ ! -L {directory} ] && echo $$ >{directory}/{number} || exit 125
[ ! -e {directory}/{number}.end ] || exit 143
"
        );
        (
            Registration {
                number,
                orders: self.orders.clone(),
            },
            script.into_bytes(),
        )
    }
}

/// A command that is its own watchdog: what to run before it, and its registration, which writes to its standard
/// input once that is there.
pub(super) fn watchdog<W>(
    stdin: impl Future<Output = Option<W>> + Send + 'static,
) -> (Registration, Vec<u8>)
where
    W: AsyncWrite + Unpin + Send + 'static,
{
    let (orders, mut queue) = mpsc::unbounded_channel::<String>();
    tokio::spawn(async move {
        let Some(mut stdin) = stdin.await else { return };
        while let Some(order) = queue.recv().await {
            if stdin.write_all(order.as_bytes()).await.is_err() || stdin.flush().await.is_err() {
                break;
            }
        }
    });
    (
        Registration { number: 0, orders },
        WATCHDOG.as_bytes().to_vec(),
    )
}

/// A command line that runs `sh` with these arguments.
pub(super) fn command_line(arguments: &[String]) -> Vec<u8> {
    let mut line = b"exec sh".to_vec();
    for argument in arguments {
        line.push(b' ');
        line.extend(quoted(argument.as_bytes()));
    }
    line
}

impl Registration {
    pub(super) fn signal(&self, signal: Signal) -> bool {
        self.order(match signal {
            Signal::Term => "term",
            Signal::Kill => "kill",
        })
    }

    fn order(&self, order: &str) -> bool {
        self.orders
            .send(format!("{order} {}\n", self.number))
            .is_ok()
    }
}

/// The command has ended, or nobody waits for it any more: what is there of its group gets TERM now, and KILL five
/// seconds later.
impl Drop for Registration {
    fn drop(&mut self) {
        self.order("end");
    }
}
