//! A script that another user runs, by sudo.
//!
//! The login user cannot end what another user runs. So that user's shell has a watchdog of its
//! own, which gets its orders through a named pipe. The login user's shell, ours, holds the pipe
//! open and passes TERM on by it; when the pipe is closed, we are gone.

use super::leftovers::exit_trap;
use super::remote_state::RemoteState;
use super::watchdog::watchdog_by_path;
use crate::transport::askpass::SUDO_ASKPASS;
use crate::transport::command_line::push_quoted;

/// What another user is to run.
pub(crate) struct PrivilegedScript {
    /// The options of sudo, as words of a shell.
    pub(crate) options: Vec<u8>,
    /// The program that runs the script, by `-c`.
    pub(crate) shell: String,
    /// Shell commands whose output the script reads before its own input; empty for none.
    pub(crate) input_prefix: String,
    pub(crate) script: Vec<u8>,
}

/// Makes the watchdog's pipe, and one by which the end of sudo is told. Others can read the
/// watchdog's, but not write to it; an order that they take away is one that the watchdog can do
/// without.
const PIPES: &str = r#"ploy_k=$ploy_q.k$ploy_i; mkfifo -m 644 "$ploy_k" && exec 9<>"$ploy_k" &&
mkfifo -m 600 "$ploy_k.e" && exec 7<>"$ploy_k.e" && rm -f "$ploy_k.e" || exit 125
"#;

/// Passes a TERM on, once: the watchdog then tells the whole group, this shell included.
const TRAP: &str = r#"trap 'trap "" TERM; echo term >&9' TERM; exec 8<&0
"#;

/// What follows sudo, which runs in the background so that the shell can be told to end meanwhile.
/// Not every shell's `wait` would tell how sudo ended, so a pipe does.
const WAIT: &str = r#" 7<&- 9<&-; echo "done $?" >&7; } 9<&- &
exec 8<&-; until read -r ploy_w ploy_e <&7; do :; done
rm -f "$ploy_k" ${ploy_f:+"$ploy_f".*}; trap - EXIT; exit "$ploy_e""#;

impl PrivilegedScript {
    /// The script for the login user's shell, which runs it after its registration.
    pub(crate) fn script(&self, remote: Option<&RemoteState>) -> Vec<u8> {
        let inner = [
            watchdog_by_path().as_bytes(),
            exit_trap(Some("$ploy_w"), remote).as_bytes(),
            b"unset ploy_w; ",
            &*self.script,
        ]
        .concat();
        let mut text = [PIPES, TRAP, "{ trap : TERM; "].concat().into_bytes();
        let input = if self.input_prefix.is_empty() {
            " <&8 8<&-"
        } else {
            let prefix = format!("{{ {}exec cat; }} <&8 8<&- 7<&- 9<&- | ", self.input_prefix);
            text.extend_from_slice(prefix.as_bytes());
            " 8<&-"
        };
        text.extend_from_slice(SUDO_ASKPASS.as_bytes());
        text.push(b' ');
        text.extend_from_slice(&self.options);
        text.extend_from_slice(b" -- ");
        push_quoted(&mut text, self.shell.as_bytes());
        text.extend_from_slice(b" -c ");
        push_quoted(&mut text, &inner);
        text.extend_from_slice(b" sh \"$ploy_k\"");
        text.extend_from_slice(input.as_bytes());
        text.extend_from_slice(WAIT.as_bytes());
        text
    }
}
