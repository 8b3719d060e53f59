//! What ends our commands on a host when we are gone.
//!
//! A reaper is one small shell process: on this machine for all that we run here, and on another host for the commands of
//! a connection that read an input; those without one have a watchdog. It reads orders from its standard input, which only
//! we hold. When that ends (we exited, crashed, were killed), or no heartbeat comes any more (the
//! network was cut, of which a plain sshd hears nothing for hours), it sends TERM and a little later KILL to the process
//! group of every command that is registered and not done. A command registers itself, before it does anything else,
//! by writing its process id into a named pipe that the reaper reads: so there is no moment at which it runs unguarded,
//! and no file is made for it.

use std::pin::Pin;
use std::sync::atomic::{AtomicU32, Ordering};

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, BufReader};
use tokio::task::JoinHandle;
use zeroize::Zeroizing;

use crate::transport::askpass::Asker;
use crate::transport::askpass::Askers;
use crate::transport::askpass::Asks;
use crate::transport::askpass::request;
use crate::transport::control_channel;
use crate::transport::control_channel::Orders;
use crate::transport::process::Signal;

/// Runs in dash, bash and busybox's shell. dash takes a negative process id only after `-s SIGNAL --`.
///
/// Each heartbeat puts off the end by 45 s. What is left of the clocks goes with the reaper, whose process group has
/// nobody else in it.
const BEGIN: &str = r#"
exec 2>/dev/null
trap '' HUP INT TERM PIPE
cd /
"#;

const SCRIPT: &str = r#"
mkfifo -m 600 "$q" && exec 4<>"$q" || exit 1
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
  # What asked meanwhile has no answer, and has ended.
  rm -f "$q".*
  kill -s KILL 0
}
forget() {
  eval "s=\${s$1:-} p=\${p$1:-}"
  [ -z "$s" ] || rm -f "$q.$p".* "/dev/shm/${q##*/}.$p".*
  unset "p$1" "e$1" "s$1"
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
    { for s in 1 2 3 4 5; do sleep 1; signal 0 "$1" || break; done; signal KILL "$1"; echo "gone $1" >&4; } >&4 &
  else
    forget "$1"
  fi
}
# What runs in the background has no standard input but the one it is given, and neither output: their end says that this
# shell is gone.
exec 3<&0 </dev/null
{ while read -r line <&3; do
    case $line in
      "give "*) give ${line#give } ;;
      *) echo "$line" >&4 ;;
    esac
  done; echo over >&4; } >&4 &
exec 3<&-
echo ready
while read -r order n pid rest <&4; do
  case $order in
    ask)
      [ "${pid%%.*}" != secret ] || eval "s$n=1"
      # Some shells find escapes in what they echo.
      printf '%s\n' "ask $n $pid $rest" ;;
    at)
      all="$all $n"
      eval "p$n=$pid early=\${e$n:-}"
      [ -z "$early" ] || end "$n" ;;
    term) signal TERM "$n" || eval "e$n=1" ;;
    kill) signal KILL "$n" || eval "e$n=1" ;;
    end)
      eval "p=\${p$n:-}"
      # A command that has not registered yet is ended when it does.
      if [ -n "$p" ]; then end "$n"; else eval "e$n=1"; fi ;;
    gone) forget "$n" ;;
    beat)
      [ -z "$clock" ] || kill -s KILL "$clock" 2>/dev/null
      { until sleep 45; do sleep 1 || exit; done; echo over >&4; } >&4 &
      clock=$! ;;
    over) break ;;
  esac
done
# Whoever finds the pipe still there after it has registered did so before this, and is read of now.
rm -f "$q" "$q".* "/dev/shm/${q##*/}".*
echo last >&4
while read -r order n pid <&4; do
  case $order in
    at) all="$all $n"; eval "p$n=$pid" ;;
    last) break ;;
  esac
done
reap
"#;

/// A path for the named pipe of a reaper, which makes it. Nobody else can guess the name.
pub(crate) fn pipe() -> String {
    let random = getrandom::u64().unwrap_or_else(|_| u64::from(std::process::id()));
    format!("/tmp/ploy.{random:016x}")
}

/// What the reaper's `sh` runs.
pub(crate) fn script(pipe: &str) -> String {
    format!("q={pipe}{BEGIN}{}{SCRIPT}", request::SCRIPT)
}

/// Our end of a reaper.
pub(crate) struct Reaper {
    pipe: String,
    next: AtomicU32,
    orders: Orders,
    askers: Askers,
    writer: JoinHandle<()>,
}

/// A command that a reaper, or a watchdog of its own, knows of.
pub(crate) struct Registration {
    /// `None` if it is alone with its watchdog.
    number: Option<u32>,
    orders: Orders,
    askers: Askers,
}

/// A reaper's process: its standard input and output, and whatever must live as long as it is to live.
pub(crate) struct Started<W, K> {
    pub(crate) stdin: W,
    pub(crate) stdout: Pin<Box<dyn AsyncRead + Send>>,
    pub(crate) keep: K,
}

impl Reaper {
    /// A reaper that runs [`script`] with this pipe, and wants heartbeats if it is beyond a network. Returns once it is
    /// ready for commands to register.
    ///
    /// # Errors
    ///
    /// There is no place for its pipe.
    pub(crate) async fn new<W, K>(
        pipe: String,
        started: Started<W, K>,
        beats: bool,
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
                _ => return Err(format!("`{pipe}` cannot be made there")),
            }
        }
        let (orders, queue) = control_channel::channel();
        let askers = Askers::default();
        let heard = (askers.clone(), orders.downgrade());
        let writer = tokio::spawn(async move {
            let hear = async {
                let ((askers, orders), mut said, mut line) = (heard, said.into_inner(), Vec::new());
                // A login shell may have more to say.
                while matches!(said.read_until(b'\n', &mut line).await, Ok(1..)) {
                    if let Some(orders) = orders.upgrade() {
                        askers.hear(String::from_utf8_lossy(&line).trim_end(), &orders);
                    }
                    line.clear();
                }
            };
            tokio::select! {
                () = control_channel::pass_on(queue, stdin, beats) => {}
                // Somebody has killed it.
                () = hear => {}
            }
            drop(keep);
        });
        Ok(Reaper {
            pipe,
            next: AtomicU32::new(1),
            orders,
            askers,
            writer,
        })
    }

    /// Whether orders still reach it.
    pub(crate) fn hears(&self) -> bool {
        !self.orders.is_closed()
    }

    /// Ends the reaper, and with it whatever is registered and has not ended.
    pub(crate) async fn close(self) {
        drop(self.orders);
        let _ = self.writer.await;
    }

    /// A place for something that may ask, and ends by itself.
    pub(crate) fn asker(&self) -> Asker {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        Asker {
            sudo: request::sudo_with(&self.pipe, number),
            asks: self.askers.join(number),
            hold: Registration {
                number: Some(number),
                orders: self.orders.clone(),
                askers: self.askers.clone(),
            },
        }
    }

    /// A place for one more command, and the script that takes it: to be run before the command, by the shell whose
    /// process leads the command's group. If it `asks`, its questions come too.
    pub(crate) fn register(&self, asks: bool) -> (Registration, Vec<u8>, Option<Asks>) {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        // Its path needs no quoting.
        let pipe = &self.pipe;
        // If it is removed just before it is opened, a file comes of it.
        let mut script = format!(
            "[ -p {pipe} ] && [ -O {pipe} ] && echo \"at {number} $$\" 1<>{pipe} && [ -p {pipe} ] || \
             {{ [ ! -f {pipe} ] || [ ! -O {pipe} ] || rm -f {pipe}; \
             echo 'ploy: nobody listens at {pipe}' >&2; exit 125; }}; "
        );
        let registration = Registration {
            number: Some(number),
            orders: self.orders.clone(),
            askers: self.askers.clone(),
        };
        let asks = asks.then(|| {
            script.push_str(&request::here(pipe, number));
            self.askers.join(number)
        });
        (registration, script.into_bytes(), asks)
    }
}

impl Registration {
    /// One that is alone with its watchdog.
    pub(crate) fn alone(orders: Orders) -> Self {
        Registration {
            number: None,
            orders,
            askers: Askers::default(),
        }
    }

    /// Has a signal sent to the command's group. Whether the order is on its way.
    pub(crate) fn signal(&self, signal: Signal) -> bool {
        self.order(match signal {
            Signal::Term => "term",
            Signal::Kill => "kill",
        })
    }

    fn order(&self, order: &str) -> bool {
        let order = match self.number {
            Some(number) => format!("{order} {number}\n"),
            None => format!("{order}\n"),
        };
        self.orders.send(Zeroizing::new(order.into_bytes())).is_ok()
    }
}

/// The command has ended, or nobody waits for it any more: what is there of its group gets TERM now, and KILL five
/// seconds later.
impl Drop for Registration {
    fn drop(&mut self) {
        // To a watchdog the end of its input, which follows, says it.
        if let Some(number) = self.number {
            self.order("end");
            self.askers.forget(number);
        }
    }
}
