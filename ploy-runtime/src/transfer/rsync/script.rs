//! The shell script that runs rsync on this machine.

use std::path::Path;

use super::command::RsyncCommand;
use super::line::{TELL, TELL_LESS, Tells};
use crate::shell::quoted;

/// The script that runs `rsync` in place of its shell, which has the operands, and has it tell what
/// is known or found to be in its power. That is asked for last, so that no other option changes
/// how it is told.
pub(super) fn script(command: &RsyncCommand, tells: Tells) -> Vec<u8> {
    let mut options = Vec::new();
    for option in &command.options {
        options.push(b' ');
        options.extend(quoted(option.as_encoded_bytes()));
    }
    let run = |tell: &str| {
        [
            b"exec rsync",
            &*options,
            b" ",
            tell.as_bytes(),
            b" -- \"$@\"",
        ]
        .concat()
    };
    let more = TELL.join(" ");
    match tells {
        Tells::Progress => run(&more),
        Tells::Less => run(TELL_LESS),
        Tells::Unknown => [
            b"if rsync --info=help >/dev/null 2>&1; then ".to_vec(),
            run(&more),
            b"; else ".to_vec(),
            run(TELL_LESS),
            b"; fi".to_vec(),
        ]
        .concat(),
    }
}

/// The script with its operands, for a shell that gets no arguments, and that makes these folders
/// before.
pub(super) fn with_operands(
    command: &RsyncCommand,
    script: &[u8],
    parents: Option<&Path>,
) -> Vec<u8> {
    let mut text = Vec::new();
    if let Some(parents) = parents {
        text.extend_from_slice(b"mkdir -p -- ");
        text.extend(quoted(parents.as_os_str().as_encoded_bytes()));
        text.extend_from_slice(b" || exit\n");
    }
    text.extend_from_slice(b"set --");
    for operand in &command.operands {
        text.push(b' ');
        text.extend(quoted(operand.as_encoded_bytes()));
    }
    text.push(b'\n');
    text.extend_from_slice(script);
    text
}
