//! The shell text by which sudo, or a command's shell, asks us for a secret.

use crate::transport::command_line::quote_word;
use crate::transport::control_channel::RegistrationId;

/// What a reaper needs: the helper script that sudo runs, and a function that hands over our
/// answers. `$0` is the helper's path, which is also the prompt that sudo passes it; its parent is
/// sudo. Where files in `/tmp` cannot be executed, `/bin/sh` is the helper, and reads the script by
/// that argument.
///
/// Only the reaper removes a pipe while it exists, so what it writes to one never becomes a regular
/// file. If the reaper is gone, the helper removes its own pipe, and the file that appears where
/// the reaper's pipe was removed just before it was opened. Not every shell has a built-in
/// `printf`, and the arguments of an external one could be seen by everybody.
pub(crate) const REAPER_PART: &str = r#"
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

/// The shell words that run a sudo which asks us. Needs the variables that [`announce`] sets.
pub(crate) const SUDO_ASKPASS: &str =
    "SUDO_ASKPASS=$ploy_h PLOY_ASK=$ploy_i command sudo -A -p \"$ploy_q.ask\"";

/// Defines a shell function `ploy_g` that prints the command's secret of a given index, exactly.
pub(crate) const FETCH_SECRET: &str = "ploy_g() { mkfifo -m 600 \"$ploy_q.$$.$1\" && [ -p \"$ploy_q\" ] && \
     echo \"ask $ploy_i secret.$1 $$.$1 -\" 1<>\"$ploy_q\" && [ -p \"$ploy_q\" ] && cat \"$ploy_q.$$.$1\" || \
     { [ ! -f \"$ploy_q\" ] || rm -f \"$ploy_q\"; rm -f \"$ploy_q.$$.$1\"; false; }; }\n";

/// Sets the variables for a command that may ask: the reaper's pipe, the command's number, and the
/// helper. The helper is tested first, because the folder may be mounted `noexec`; only commands
/// that ask pay for the test.
pub(crate) fn announce(pipe: &str, id: RegistrationId) -> String {
    format!(
        "ploy_q={pipe} ploy_i={id} ploy_h=/bin/sh; \
         chmod 700 {pipe}.ask 2>/dev/null && {pipe}.ask try 2>/dev/null && ploy_h={pipe}.ask; "
    )
}

/// The words that start a program under a sudo which asks us by this reaper. They are for any login
/// shell, and need no variables.
pub(crate) fn sudo_words(pipe: &str, id: RegistrationId) -> String {
    let script = format!("{}{SUDO_ASKPASS} \"$@\"", announce(pipe, id));
    format!("sh -c {} sh", quote_word(&script))
}
