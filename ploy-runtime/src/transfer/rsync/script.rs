//! The shell script that runs rsync on this machine.

use std::path::Path;

use super::command::RsyncCommand;
use super::line::{PROGRESS_OPTIONS, ProgressSupport, STATS_OPTION};
use crate::shell::quoted;

/// The script that replaces its shell, whose arguments are the operands, by rsync. It asks for
/// progress if that is supported, or finds out whether it is. These options come last, so that no
/// other option changes the format.
pub(super) fn script(command: &RsyncCommand, support: ProgressSupport) -> Vec<u8> {
    let mut options = Vec::new();
    for option in &command.options {
        options.push(b' ');
        options.extend(quoted(option.as_encoded_bytes()));
    }
    let run = |report: &str| {
        [
            b"exec rsync",
            &*options,
            b" ",
            report.as_bytes(),
            b" -- \"$@\"",
        ]
        .concat()
    };
    let more = PROGRESS_OPTIONS.join(" ");
    match support {
        ProgressSupport::Progress => run(&more),
        ProgressSupport::StatsOnly => run(STATS_OPTION),
        ProgressSupport::Unknown => [
            b"if rsync --info=help >/dev/null 2>&1; then ".to_vec(),
            run(&more),
            b"; else ".to_vec(),
            run(STATS_OPTION),
            b"; fi".to_vec(),
        ]
        .concat(),
    }
}

/// The same for a shell without arguments. It makes missing folders first.
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
