//! What ends our commands on a host when we are gone.
//!
//! A reaper is one small shell process on each host that we use, this one included. It reads orders from its standard
//! input, which only we hold: when that ends (we exited, crashed, were killed, or the connection is cut and noticed),
//! it sends TERM and a little later KILL to the process group of every command that is registered and not done.
//! A command registers itself, before it does anything else, by writing its process id into a private directory.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::process::Signal;

/// Runs in dash, bash and busybox's shell. dash takes a negative process id only after `-s SIGNAL --`.
pub(super) const SCRIPT: &str = r#"
trap '' HUP INT TERM PIPE
umask 077
d=$(mktemp -d "${TMPDIR:-/tmp}/ploy.XXXXXXXXXX") || d=$(mktemp -d "$HOME/.ploy.XXXXXXXXXX") || exit 1
cd "$d" || exit 1
echo "ploy-reaper $d"
signal() {
  s=$1; shift; any=1
  for f in "$@"; do
    if [ -f "$f" ] && read -r p <"$f" && kill -s "$s" -- "-$p" 2>/dev/null; then any=0; fi
  done
  return $any
}
while read -r order n; do
  case $order in
    term) signal TERM "$n" ;;
    kill) signal KILL "$n" ;;
    end) if signal TERM "$n"; then { sleep 5; signal KILL "$n"; rm -f "$n"; } & else rm -f "$n"; fi ;;
  esac
done
if signal TERM *; then
  for i in 1 2 3 4 5; do sleep 1; signal 0 * || break; done
  signal KILL *
fi
cd / && rm -rf "$d"
"#;

/// The marker before the directory's name: a login shell may have printed something of its own before.
const READY: &str = "ploy-reaper ";

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

impl Reaper {
    /// Takes the ends of a process that runs [`SCRIPT`], and waits until it is ready. `keep` is whatever must live
    /// as long as the process is to live.
    pub(super) async fn attach<K: Send + 'static>(
        mut stdin: impl AsyncWrite + Unpin + Send + 'static,
        stdout: impl AsyncRead + Unpin + Send + 'static,
        keep: K,
    ) -> Option<Reaper> {
        let mut lines = BufReader::new(stdout).lines();
        let directory = loop {
            let line = tokio::time::timeout(Duration::from_secs(10), lines.next_line())
                .await
                .ok()?
                .ok()??;
            if let Some(directory) = line.strip_prefix(READY) {
                break directory.to_owned();
            }
        };
        let (orders, mut queue) = mpsc::unbounded_channel::<String>();
        let writer = tokio::spawn(async move {
            // Its output stays open too: a reaper that cannot write must not die of it.
            let _held = (keep, lines);
            while let Some(order) = queue.recv().await {
                if stdin.write_all(order.as_bytes()).await.is_err() || stdin.flush().await.is_err()
                {
                    break;
                }
            }
        });
        Some(Reaper {
            directory,
            next: AtomicU32::new(1),
            orders,
            writer,
        })
    }

    /// Ends the reaper, and with it whatever is registered and not done.
    pub(super) async fn close(self) {
        drop(self.orders);
        let _ = self.writer.await;
    }

    /// A place for one more command, and the script that takes it: to be run before the command, by the shell whose
    /// process leads the command's group.
    pub(super) fn register(self: &Arc<Self>) -> (Registration, Vec<u8>) {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let mut script = b"echo $$ >".to_vec();
        script.extend(crate::shell::quoted(
            format!("{}/{number}", self.directory).as_bytes(),
        ));
        script.extend_from_slice(b" || exit 125\n");
        (
            Registration {
                number,
                orders: self.orders.clone(),
            },
            script,
        )
    }
}

impl Registration {
    pub(super) fn signal(&self, signal: Signal) -> bool {
        self.order(match signal {
            Signal::Term => "term",
            Signal::Kill => "kill",
        })
    }

    /// The command has ended, or is to: what is there of its group gets TERM now, and KILL five seconds later.
    pub(super) fn end(&self) {
        self.order("end");
    }

    fn order(&self, order: &str) -> bool {
        self.orders
            .send(format!("{order} {}\n", self.number))
            .is_ok()
    }
}
