//! A script that another user runs, by sudo.
//!
//! The login user cannot end what another user runs. So that user's shell has a watchdog of its own, which hears from ours
//! by a named pipe: our shell, that of the login user, holds it open, passes a TERM on by it, and its end says that we are
//! gone.

use super::leftovers;
use super::remote_state::There;
use super::watchdog;
use crate::transport::askpass::SUDO;
use crate::transport::command_line::push_word;

/// What another user is to run.
pub(crate) struct Privileged {
    /// The options of sudo, as words of a shell.
    pub(crate) options: Vec<u8>,
    /// The program that runs the script, by `-c`.
    pub(crate) shell: String,
    /// What our shell puts into its standard input first, for the script to read: commands, or nothing.
    pub(crate) ahead: String,
    pub(crate) script: Vec<u8>,
}

/// The pipe. Whoever else reads it can only keep a word from the watchdog that it does without; nobody else can write to it.
/// By another one sudo's end is told.
const PIPES: &str = r#"ploy_k=$ploy_q.k$ploy_i; mkfifo -m 644 "$ploy_k" && exec 9<>"$ploy_k" &&
mkfifo -m 600 "$ploy_k.e" && exec 7<>"$ploy_k.e" && rm -f "$ploy_k.e" || exit 125
"#;

/// Passes on, once, that it is to end: the watchdog then tells all of the group, this shell included.
const TRAP: &str = r#"trap 'trap "" TERM; echo term >&9' TERM; exec 8<&0
"#;

/// What follows sudo, in the background of a shell that can be told to end meanwhile: `wait` would not say, in all shells,
/// how sudo ended.
const WAIT: &str = r#" 7<&- 9<&-; echo "done $?" >&7; } 9<&- &
exec 8<&-; until read -r ploy_w ploy_e <&7; do :; done
rm -f "$ploy_k" ${ploy_f:+"$ploy_f".*}; trap - EXIT; exit "$ploy_e""#;

impl Privileged {
    /// The script for our own shell, behind what has it registered.
    pub(crate) fn script(&self, there: Option<&There>) -> Vec<u8> {
        let inner = [
            watchdog::by_path().as_bytes(),
            leftovers::at_exit(Some("$ploy_w"), there).as_bytes(),
            b"unset ploy_w; ",
            &*self.script,
        ]
        .concat();
        let mut text = [PIPES, TRAP, "{ trap : TERM; "].concat().into_bytes();
        let input = if self.ahead.is_empty() {
            " <&8 8<&-"
        } else {
            let feed = format!("{{ {}exec cat; }} <&8 8<&- 7<&- 9<&- | ", self.ahead);
            text.extend_from_slice(feed.as_bytes());
            " 8<&-"
        };
        text.extend_from_slice(SUDO.as_bytes());
        text.push(b' ');
        text.extend_from_slice(&self.options);
        text.extend_from_slice(b" -- ");
        push_word(&mut text, self.shell.as_bytes());
        text.extend_from_slice(b" -c ");
        push_word(&mut text, &inner);
        text.extend_from_slice(b" sh \"$ploy_k\"");
        text.extend_from_slice(input.as_bytes());
        text.extend_from_slice(WAIT.as_bytes());
        text
    }
}
