//! What ends our commands on a host when we are gone.
//!
//! A reaper is one small shell process on each host that we use, this one included. It reads orders from its standard
//! input, which only we hold. When that ends (we exited, crashed, were killed), or no heartbeat comes any more (the
//! network was cut, of which a plain sshd hears nothing for hours), it sends TERM and a little later KILL to the process
//! group of every command that is registered and not done. A command registers itself, before it does anything else,
//! by writing its process id into a named pipe that the reaper reads: so there is no moment at which it runs unguarded,
//! and no file is made for it.

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, BufReader, Lines};
use tokio::task::JoinHandle;

use super::orders::{self, Beats, Orders};
use super::process::Signal;

/// Runs in dash, bash and busybox's shell. dash takes a negative process id only after `-s SIGNAL --`.
///
/// Each heartbeat puts off the end by 45 s. What is left of the clocks goes with the reaper, whose process group has
/// nobody else in it.
const SCRIPT: &str = r#"
trap '' HUP INT TERM PIPE
cd /
umask 077
mkdir "$d" && mkfifo "$d/q" && exec 4<>"$d/q" || exit 1
all= gone=0 clock=
signal() {
  eval "p=\${p$2:-}"
  [ -n "$p" ] && kill -s "$1" -- "-$p" 2>/dev/null
}
each() {
  any=1
  for i in $all; do signal "$1" "$i" && any=0; done
  return $any
}
reap() {
  if each TERM; then
    for s in 1 2 3 4 5; do sleep 1; each 0 || break; done
    each KILL
  fi
  rm -rf "$d"
  kill -s KILL 0
}
forget() {
  unset "p$1" "e$1"
  gone=$((gone + 1))
  [ $gone -ge 50 ] || return 0
  some= gone=0
  for i in $all; do
    eval "p=\${p$i:-}"
    [ -z "$p" ] || some="$some $i"
  done
  all=$some
}
end() {
  if signal TERM "$1"; then
    { for s in 1 2 3 4 5; do sleep 1; signal 0 "$1" || break; done; signal KILL "$1"; echo "gone $1" >&4; } &
  else
    forget "$1"
  fi
}
# What runs in the background has no standard input but the one it is given.
exec 3<&0 </dev/null
{ while read -r line <&3; do echo "$line" >&4; done; echo over >&4; } &
exec 3<&-
echo ready
while read -r order n pid <&4; do
  case $order in
    at)
      all="$all $n"
      eval "p$n=$pid early=\${e$n:-}"
      [ -z "$early" ] || end "$n" ;;
    term) signal TERM "$n" || eval "e$n=1" ;;
    kill)
      if signal KILL "$n"; then
        { sleep 2; if signal 0 "$n"; then echo "$n $p"; fi; } &
      else
        eval "e$n=1"
      fi ;;
    end)
      eval "p=\${p$n:-}"
      # A command that has not registered yet is ended when it does.
      if [ -n "$p" ]; then end "$n"; else eval "e$n=1"; fi ;;
    gone) forget "$n" ;;
    beat)
      [ -z "$clock" ] || kill -s KILL "$clock" 2>/dev/null
      { sleep 45; echo over >&4; } &
      clock=$! ;;
    over) break ;;
  esac
done
reap
"#;

/// A directory for a reaper, which makes it. Nobody else can guess the name.
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
    /// 0 if it is alone with its watchdog.
    number: u32,
    orders: Orders,
    left: Left,
}

/// A reaper's process: its standard input and output, and whatever must live as long as it is to live.
pub(super) struct Started<W, K> {
    pub(super) stdin: W,
    pub(super) stdout: Pin<Box<dyn AsyncRead + Send>>,
    pub(super) keep: K,
}

impl Reaper {
    /// A reaper that runs [`script`] with this directory. Returns once it is ready for commands to register.
    ///
    /// # Errors
    ///
    /// What it said instead, if anything: there is no place for its directory.
    pub(super) async fn new<W, K>(
        directory: String,
        started: Started<W, K>,
        beats: Beats,
    ) -> Result<Self, String>
    where
        W: AsyncWrite + Unpin + Send + 'static,
        K: Send + 'static,
    {
        let Started {
            stdin,
            stdout,
            keep,
        } = started;
        let mut said = BufReader::new(stdout).lines();
        // A login shell may have something to say before.
        loop {
            match said.next_line().await {
                Ok(Some(line)) if line == "ready" => break,
                Ok(Some(_)) => {}
                _ => return Err(format!("`{directory}` cannot be made there")),
            }
        }
        let (orders, queue) = orders::channel();
        let left = Left::default();
        tokio::spawn(note_left(said, left.clone()));
        let writer = tokio::spawn(async move {
            orders::pass_on(queue, stdin, beats).await;
            drop(keep);
        });
        Ok(Reaper {
            directory,
            next: AtomicU32::new(1),
            orders,
            left,
            writer,
        })
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
        // The directory's name needs no quoting.
        let pipe = format!("{}/q", self.directory);
        let script = format!(
            "[ -p {pipe} ] && [ -O {pipe} ] && echo \"at {number} $$\" 1<>{pipe} || \
             {{ echo 'ploy: nobody listens at {pipe}' >&2; exit 125; }}; "
        );
        let registration = Registration {
            number,
            orders: self.orders.clone(),
            left: self.left.clone(),
        };
        (registration, script.into_bytes())
    }
}

async fn note_left(mut said: Lines<BufReader<impl AsyncRead + Unpin>>, left: Left) {
    while let Ok(Some(line)) = said.next_line().await {
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
        // To a watchdog the end of its input, which follows, says it.
        if self.number != 0 {
            self.order("end");
        }
    }
}
