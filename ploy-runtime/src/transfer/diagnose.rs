//! Why a transfer failed, in words.

use std::path::Path;

use super::Transfer;
use super::transfer::Way;
use crate::error::{CommandReport, Failure, Kind};
use crate::shell::Shell;
use crate::transport::{Connection, Exit};

/// The failure of a transfer whose rsync ended like this.
pub(super) async fn failure(
    transfer: &Transfer,
    exit: Exit,
    report: CommandReport,
    shown: &str,
    connection: Option<&Connection>,
) -> Failure {
    let name = transfer.shell.name();
    // 12 is rsync's "error in protocol data stream", 255 is ssh's own.
    if let Some(connection) = connection
        && matches!(exit, Exit::Code(12 | 255) | Exit::Signal(_))
        && !connection.is_alive().await
    {
        return Failure::new(
            Kind::Unreachable,
            format!("the connection to {name} was lost"),
            format!("while it was to {shown}"),
        )
        .with_hint("what has been moved so far is not known; a transfer can be repeated safely");
    }
    let said = String::from_utf8_lossy(&report.stderr).into_owned();
    let (cause, hint) = cause(transfer, exit, &said, connection.is_some());
    let status = match exit {
        Exit::Code(code) => match meaning(code) {
            Some(meaning) => format!("rsync exited with status {code}: {meaning}"),
            None => format!("rsync exited with status {code}"),
        },
        Exit::Signal(_) => "rsync was ended by a signal".to_owned(),
    };
    let cause = match cause {
        Some(cause) => format!("{cause} ({status})"),
        None => status,
    };
    let failure = Failure::new(Kind::Transfer, format!("cannot {shown} on {name}"), cause)
        .with_command(report);
    match hint {
        Some(hint) => failure.with_hint(hint),
        None => failure,
    }
}

/// What rsync's exit status means, where its own message may not say it.
fn meaning(code: i32) -> Option<&'static str> {
    Some(match code {
        1 => "an argument is wrong",
        2 => "the two sides do not understand each other",
        10..=12 => "input or output failed",
        20 => "it was ended by a signal",
        22 => "not enough memory",
        23 => "some of it was not moved",
        24 => "some files went away while they were moved",
        25 => "it would have deleted too much",
        30 | 35 => "nothing came for too long",
        _ => return None,
    })
}

type Why = (Option<String>, Option<String>);

fn cause(transfer: &Transfer, exit: Exit, said: &str, connected: bool) -> Why {
    let name = transfer.shell.name();
    if let Some(why) = missing_program(exit, said, name, connected) {
        return why;
    }
    if said.contains("is your shell clean") || said.contains("protocol version mismatch") {
        return (
            Some(format!("what the login shell on {name} prints is in rsync's way")),
            Some(
                "a start file there, such as ~/.bashrc, prints something: it must not where nobody is at a terminal"
                    .to_owned(),
            ),
        );
    }
    if said.contains("No such file or directory")
        && let Some(source) = missing_source(transfer, said)
    {
        let place = match transfer.way {
            Way::Up => "here".to_owned(),
            Way::Down => format!("on {name}"),
        };
        return (None, Some(format!("there is no `{source}` {place}")));
    }
    let known = [
        ("No space left on device", "no space is left"),
        ("Disk quota exceeded", "a disk quota is used up"),
        ("Read-only file system", "the file system is read-only"),
        ("ermission denied", "permission denied"),
        ("Operation not permitted", "permission denied"),
        ("Not a directory", "what is to be a folder is a file"),
        ("unknown option", "an option is not known"),
    ];
    for line in said.lines() {
        if let Some((_, words)) = known.iter().find(|(text, _)| line.contains(text)) {
            // rsync says for which file, and on which side.
            return (Some(format!("{words}: {}", line.trim())), None);
        }
    }
    if exit == Exit::Code(24) {
        let hint = "repeat it, or leave out by `exclude` what changes all the time";
        return (None, Some(hint.to_owned()));
    }
    let first = said.lines().find(|line| line.starts_with("rsync: "));
    (first.map(str::to_owned), None)
}

/// rsync is not there, on one side or the other.
fn missing_program(exit: Exit, said: &str, site: &str, connected: bool) -> Option<Why> {
    let said = said.to_lowercase();
    let missing = exit == Exit::Code(127)
        || said.contains("rsync: not found")
        || said.contains("rsync: command not found")
        || said.contains("command not found: rsync")
        || said.contains("unknown command: rsync");
    if !missing {
        return None;
    }
    let place = if !connected || !is_here("rsync") {
        "this machine"
    } else {
        site
    };
    Some((
        Some(format!("there is no rsync on {place}")),
        Some(format!(
            "install rsync on {place} (`apt-get install rsync`, `dnf install rsync`, `apk add rsync`), or put it on the PATH"
        )),
    ))
}

/// Whether a program can be found on this machine.
fn is_here(program: &str) -> bool {
    std::env::var_os("PATH")
        .is_some_and(|paths| std::env::split_paths(&paths).any(|path| path.join(program).exists()))
}

/// The source that is not there.
fn missing_source(transfer: &Transfer, said: &str) -> Option<String> {
    let here = |source: &Path| !Shell::local_path(source).exists();
    let there = |source: &Path| {
        let path = transfer.site_path(source);
        let path = path.trim_start_matches("~/").trim_end_matches('/');
        said.lines().any(|line| {
            line.contains("No such file or directory")
                && (line.contains("link_stat") || line.contains("change_dir"))
                && line.contains(&format!("{path}\""))
        })
    };
    let missing = transfer.sources.iter().find(|source| match transfer.way {
        Way::Up => here(source),
        Way::Down => there(source),
    })?;
    Some(missing.display().to_string())
}
