//! What ends our commands on a host when we are gone.
//!
//! A reaper is one small shell process on each host that we use, this one included. It reads orders from its standard
//! input, which only we hold. When that ends (we exited, crashed, were killed), or no heartbeat comes any more (the
//! network was cut, of which a plain sshd hears nothing for hours), it sends TERM and a little later KILL to the process
//! group of every command that is registered and not done. A command registers itself, before it does anything else,
//! by writing its process id into a private directory.

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, BufReader};
use tokio::task::JoinHandle;

use super::orders::{self, Beats, Orders};
use super::process::Signal;

/// Runs in dash, bash and busybox's shell. dash takes a negative process id only after `-s SIGNAL --`.
///
/// Each heartbeat puts off the end by 45 s. What is left of the clock before it goes with the reaper, whose process
/// group has nobody else in it.
const SCRIPT: &str = r#"
trap '' HUP INT TERM PIPE
[ -d "$d" ] || mkdir -m 700 "$d" 2>/dev/null
[ -O "$d" ] && [ ! -L "$d" ] && cd "$d" || exit 1
signal() {
  s=$1; shift; any=1
  for f in "$@"; do
    if [ -f "$f" ] && read -r p <"$f" && kill -s "$s" -- "-$p" 2>/dev/null; then any=0; fi
  done
  return $any
}
reap() {
  if signal TERM *; then
    for i in 1 2 3 4 5; do sleep 1; signal 0 * || break; done
    signal KILL *
  fi
  cd / && rm -rf "$d"
  kill -s KILL 0
}
clock= ended= count=0
# Emptied at once, since its process id may be given to somebody else. Removing costs a process, so many go together.
forget() {
  [ ! -f "$1" ] || : >"$1"
  ended="$ended $1" count=$((count + 1))
  if [ $count -ge 50 ]; then rm -f $ended; ended= count=0; fi
}
while read -r order n; do
  if [ "$order" = beat ]; then
    [ -z "$clock" ] || kill -s KILL "$clock" 2>/dev/null
    { sleep 45; reap; } &
    clock=$!
    continue
  fi
  # A command that has not registered yet finds this when it does.
  [ -f "$n" ] || : >"$n.end"
  case $order in
    term) signal TERM "$n" ;;
    kill)
      if signal KILL "$n"; then
        { sleep 2; if signal 0 "$n"; then read -r p <"$n"; echo "$n $p"; fi; } &
      fi ;;
    end)
      if signal TERM "$n"; then
        { for i in 1 2 3 4 5; do sleep 1; signal 0 "$n" || break; done; signal KILL "$n"; rm -f "$n"; } &
      else
        forget "$n"
      fi ;;
  esac
done
reap
"#;

/// A directory for a reaper, not made yet: whoever comes first makes it, the reaper or a command that registers. Nobody
/// else can guess the name, so nobody can have made it before us.
pub(super) fn directory() -> String {
    let random = getrandom::u64().unwrap_or_else(|_| u64::from(std::process::id()));
    format!("/tmp/ploy.{random:016x}")
}

/// What the reaper's `sh` runs.
pub(super) fn script(directory: &str) -> String {
    format!("d={directory}{SCRIPT}")
}

/// Our end of a reaper.
pub(super) struct Reaper {
    directory: String,
    next: AtomicU32,
    orders: Orders,
    /// The process ids of what did not end though it was killed, by number.
    left: Left,
    writer: JoinHandle<()>,
}

type Left = Arc<Mutex<HashMap<u32, u32>>>;

/// A command that a reaper, or a watchdog of its own, knows of.
pub(super) struct Registration {
    number: u32,
    orders: Orders,
    left: Left,
}

/// A reaper's process: its standard input and output, and whatever must live as long as it is to live.
pub(super) struct Started<W, K> {
    pub(super) stdin: W,
    pub(super) stdout: Option<Pin<Box<dyn AsyncRead + Send>>>,
    pub(super) keep: K,
}

impl Reaper {
    /// A reaper that runs [`script`] with this directory. Without a process nobody hears its orders.
    pub(super) fn new<W, K>(directory: String, started: Option<Started<W, K>>, beats: Beats) -> Self
    where
        W: AsyncWrite + Unpin + Send + 'static,
        K: Send + 'static,
    {
        let (orders, queue) = orders::channel();
        let left = Left::default();
        let noted = left.clone();
        let writer = tokio::spawn(async move {
            let Some(Started {
                stdin,
                stdout,
                keep,
            }) = started
            else {
                return;
            };
            if let Some(stdout) = stdout {
                tokio::spawn(note_left(stdout, noted));
            }
            orders::pass_on(queue, stdin, beats).await;
            drop(keep);
        });
        Reaper {
            directory,
            next: AtomicU32::new(1),
            orders,
            left,
            writer,
        }
    }

    /// Whether orders still reach it.
    pub(super) fn hears(&self) -> bool {
        !self.orders.is_closed()
    }

    /// Ends the reaper, and with it whatever is registered and has not ended.
    pub(super) async fn close(self) {
        drop(self.orders);
        let _ = self.writer.await;
    }

    /// A place for one more command, and the script that takes it: to be run before the command, by the shell whose
    /// process leads the command's group.
    pub(super) fn register(&self) -> (Registration, Vec<u8>) {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let directory = &self.directory;
        // The directory's name needs no quoting.
        let script = format!(
            "[ -d {directory} ] || mkdir -m 700 {directory} 2>/dev/null; \
             [ -O {directory} ] && [ ! -L {directory} ] && echo $$ >{directory}/{number} || exit 125; \
             [ ! -e {directory}/{number}.end ] || exit 143; "
        );
        let registration = Registration {
            number,
            orders: self.orders.clone(),
            left: self.left.clone(),
        };
        (registration, script.into_bytes())
    }
}

async fn note_left(stdout: impl AsyncRead + Unpin, left: Left) {
    let mut lines = BufReader::new(stdout).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        if let Some((number, pid)) = line.split_once(' ')
            && let (Ok(number), Ok(pid)) = (number.parse(), pid.trim().parse())
        {
            left.lock()
                .unwrap_or_else(PoisonError::into_inner)
                .insert(number, pid);
        }
    }
}

impl Registration {
    /// One that is alone with its watchdog.
    pub(super) fn alone(orders: Orders) -> Self {
        Registration {
            number: 0,
            orders,
            left: Left::default(),
        }
    }

    pub(super) fn signal(&self, signal: Signal) -> bool {
        self.order(match signal {
            Signal::Term => "term",
            Signal::Kill => "kill",
        })
    }

    /// The process group that is still there though it was killed, once that is known.
    pub(super) fn left(&self) -> Option<u32> {
        let left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        left.get(&self.number).copied()
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
