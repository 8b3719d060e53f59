//! What commands ask us for while they run: sudo its password, and a command's own shell the secrets that it is to get.
//!
//! sudo runs a helper for its password (`-A`): a script of the reaper's, which has the reaper ask us, and hands over what comes
//! back through a pipe of its own. The helper's argument is the prompt, and that is its path: so where files in `/tmp` cannot
//! be run, `/bin/sh` is the helper that reads it.
//!
//! Neither the question nor the answer is on the command's own streams: nothing of it can get into its output, nor into what it reads, wherever these
//! are redirected to. And sudo asks only if it needs a password.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::mpsc;
use zeroize::Zeroizing;

use crate::transport::command_line::word;
use crate::transport::control_channel::Order;
use crate::transport::control_channel::Orders;
use crate::transport::guard::Registration;

/// What a reaper needs for it: the script that sudo runs, and a way to hand over what we answer. `$0` is the script's path,
/// and the parent is sudo.
///
/// Only the reaper removes a pipe while it is there, so what it writes to one never becomes a file. Where it is not there any
/// more, the script removes its own, and what comes of the reaper's if that is removed just before it is opened. Not every
/// shell has a `printf` of its own; another program's arguments could be seen by all.
pub(crate) const SCRIPT: &str = r#"
umask 077
unset v l i s p line
nl='
'
# Before the pipe, by which the name is known to others: what is there by then is not ours.
[ ! -e "$q.ask" ] && [ ! -L "$q.ask" ] && set -C && echo '#!/bin/sh
[ "$1" != try ] || exit 0
q=${0%.ask}; a=$PPID.$$; mkfifo -m 600 "$q.$a" && [ -p "$q" ] &&
printf "%s\n" "ask $PLOY_ASK sudo.$PPID $a $(id -un)" 1<>"$q" && [ -p "$q" ] && exec cat "$q.$a"
[ ! -f "$q" ] || rm -f "$q"; rm -f "$q.$a"; exit 1' >"$q.ask" && [ -f "$q.ask" ] && [ -O "$q.ask" ] || exit 1
set +C
put() {
  case $(command -v printf) in
    printf) printf %s "$1" ;;
    *) print -rn -- "$1" ;;
  esac
}
give() {
  v= i=0
  while [ $i -lt "$2" ] && IFS= read -r l <&3; do
    v=$v$l$nl i=$((i + 1))
  done
  [ "$3" != exactly ] || v=${v%?}
  { [ ! -p "$q.$1" ] || put "$v" >"$q.$1"; rm -f "$q.$1"; } &
  v= l=
}
"#;

/// The words by which a command's shell has sudo ask: behind an environment of sudo's own. Needs what [`here`] sets.
pub(crate) const SUDO: &str =
    "SUDO_ASKPASS=$ploy_h PLOY_ASK=$ploy_i command sudo -A -p \"$ploy_q.ask\"";

/// The words by which a program is started there, that asks by a reaper of which the path and the command's number are
/// given. For any login shell, without its variables.
pub(crate) fn sudo_with(pipe: &str, number: u32) -> String {
    let script = format!("{}{SUDO} \"$@\"", here(pipe, number));
    format!("sh -c {} sh", word(&script))
}

/// A program of another's, not ours, that may ask us by a sudo before it, as rsync on the far side does.
pub(crate) struct Asker {
    /// The words of a sudo that asks, for any login shell.
    pub(crate) sudo: String,
    pub(crate) asks: Asks,
    /// As long as it may ask.
    pub(crate) hold: Registration,
}

/// Says where a command asks, under which number, and what sudo is to run for it: where nothing in that folder can be run, a
/// shell that reads it. Only who asks pays for finding that out.
pub(crate) fn here(pipe: &str, number: u32) -> String {
    format!(
        "ploy_q={pipe} ploy_i={number} ploy_h=/bin/sh; \
         chmod 700 {pipe}.ask 2>/dev/null && {pipe}.ask try 2>/dev/null && ploy_h={pipe}.ask; "
    )
}

/// Defines a function `ploy_g` that puts out the secret of a number, exactly.
pub(crate) const GET: &str = "ploy_g() { mkfifo -m 600 \"$ploy_q.$$.$1\" && [ -p \"$ploy_q\" ] && \
     echo \"ask $ploy_i secret.$1 $$.$1 -\" 1<>\"$ploy_q\" && [ -p \"$ploy_q\" ] && cat \"$ploy_q.$$.$1\" || \
     { [ ! -f \"$ploy_q\" ] || rm -f \"$ploy_q\"; rm -f \"$ploy_q.$$.$1\"; false; }; }\n";

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum What {
    /// The password of a user, by a sudo with this process id.
    Password { sudo: u32, user: String },
    /// The secret of this number, of those that the command gets.
    Secret(usize),
}

/// A question of a command's.
pub(crate) struct Ask {
    pub(crate) what: What,
    /// Where the answer goes, until it has gone.
    to: Option<String>,
    orders: Orders,
}

/// The questions of one command, as they come.
pub(crate) type Asks = mpsc::UnboundedReceiver<Ask>;

impl Ask {
    /// Answers it: with a password as a line, with a secret as it is.
    pub(crate) fn answer(mut self, value: &[u8]) {
        let lines = value.split(|byte| *byte == b'\n').count();
        let how = match self.what {
            What::Password { .. } => "line",
            What::Secret(_) => "exactly",
        };
        self.give(lines, how, value);
    }

    fn give(&mut self, lines: usize, how: &str, value: &[u8]) {
        let Some(to) = self.to.take() else { return };
        let head = format!("give {to} {lines} {how}\n");
        // Of its final size at once, so that no copy is left behind where it grows.
        let mut order: Order = Zeroizing::new(Vec::with_capacity(head.len() + value.len() + 1));
        order.extend_from_slice(head.as_bytes());
        order.extend_from_slice(value);
        if lines > 0 {
            order.push(b'\n');
        }
        // A reaper that is gone has nobody left to hand it to.
        let _ = self.orders.send(order);
    }
}

/// Whoever gets no answer is told that: else it would wait for one.
impl Drop for Ask {
    fn drop(&mut self) {
        self.give(0, "nothing", b"");
    }
}

/// The commands of a reaper that may ask.
#[derive(Clone, Default)]
pub(crate) struct Askers(Arc<Mutex<HashMap<u32, mpsc::UnboundedSender<Ask>>>>);

impl Askers {
    /// Lets a command ask, until it is [forgotten](Askers::forget).
    pub(crate) fn join(&self, number: u32) -> Asks {
        let (sender, asks) = mpsc::unbounded_channel();
        self.all().insert(number, sender);
        asks
    }

    pub(crate) fn forget(&self, number: u32) {
        self.all().remove(&number);
    }

    /// Passes on what the reaper says, if it is a question: `ask 3 sudo.4711 4711.4712 deploy`.
    pub(crate) fn hear(&self, line: &str, orders: &Orders) {
        let mut words = line.split(' ');
        let mut next = || words.next().unwrap_or_default();
        if next() != "ask" {
            return;
        }
        let (number, what, to, user) = (next(), next(), next(), next());
        let what = match what.split_once('.') {
            Some(("sudo", pid)) => pid.parse().ok().map(|sudo| What::Password {
                sudo,
                user: user.to_owned(),
            }),
            Some(("secret", number)) => number.parse().ok().map(What::Secret),
            _ => None,
        };
        // It goes into a path there.
        let is_plain = to.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        let (Ok(number), Some(what), true) = (number.parse(), what, is_plain) else {
            return;
        };
        let ask = Ask {
            what,
            to: Some(to.to_owned()),
            orders: orders.clone(),
        };
        if let Some(asker) = self.all().get(&number) {
            let _ = asker.send(ask);
        }
    }

    fn all(&self) -> MutexGuard<'_, HashMap<u32, mpsc::UnboundedSender<Ask>>> {
        // The map is whole between any two operations on it.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transport::control_channel;

    #[test]
    fn a_question_reaches_its_command_and_the_answer_its_asker() {
        let (askers, (line, mut queue)) = (Askers::default(), control_channel::channel());
        let mut asks = askers.join(3);
        for noise in ["welcome", "ask", "ask 3 sudo.1 ../x x", "ask 3 tea.1 1 x"] {
            askers.hear(noise, &line);
        }
        askers.hear("ask 3 sudo.47 47.48 deploy", &line);
        let ask = asks.try_recv().ok().unwrap();
        let user = "deploy".to_owned();
        assert_eq!(ask.what, What::Password { sudo: 47, user });
        ask.answer(b"  two words ");
        let order = queue.try_recv().unwrap();
        assert_eq!(order.as_slice(), b"give 47.48 1 line\n  two words \n");
        askers.hear("ask 3 secret.1 9.1 -", &line);
        let ask = asks.try_recv().ok().unwrap();
        assert_eq!(ask.what, What::Secret(1));
        ask.answer(b"a\nb\n");
        let order = queue.try_recv().unwrap();
        assert_eq!(order.as_slice(), b"give 9.1 3 exactly\na\nb\n\n");
        // Who is not heard, or gets no answer, hears that.
        drop(askers.join(5));
        askers.hear("ask 5 sudo.1 5.5 x", &line);
        askers.forget(3);
        askers.hear("ask 3 secret.1 9.1 -", &line);
        assert!(asks.try_recv().is_err());
        for to in ["5.5", "9.1"] {
            let order = queue.try_recv().unwrap();
            assert_eq!(
                order.as_slice(),
                format!("give {to} 0 nothing\n").as_bytes()
            );
        }
    }
}
