use std::ffi::OsString;
use std::path::Path;

use super::arguments::Arguments;
use super::says::{TELL, TELL_LESS, Tells};
use crate::shell::{Shell, quoted};
use crate::transport::Connection;

/// Something rsync can be given without taking it for an option or for a host.
pub(super) fn local_operand(path: &Path) -> OsString {
    let joined = Shell::local_path(path);
    let mut operand = joined.into_os_string();
    // `join` drops the slash at the end, which means "the contents of" to rsync.
    if path.as_os_str().as_encoded_bytes().ends_with(b"/")
        && !operand.as_encoded_bytes().ends_with(b"/")
    {
        operand.push("/");
    }
    operand
}

/// The path on a site as rsync is to be given it: local, or behind the host's name.
pub(super) fn site_operand(path: &str, connection: Option<&Connection>) -> OsString {
    match connection {
        Some(connection) => format!(
            "{}:{}",
            bracketed(&connection.destination.host),
            from_login_directory(path)
        )
        .into(),
        None => local_site(path),
    }
}

/// The path on a site which is this machine.
fn local_site(path: &str) -> OsString {
    let below = if path == "~" {
        // What is in it, as on another host.
        Some(".")
    } else {
        path.strip_prefix("~/")
    };
    match (below, std::env::var_os("HOME")) {
        (Some(below), Some(home)) => Path::new(&home).join(below).into_os_string(),
        (Some(below), None) => dotted(below).into(),
        (None, _) => dotted(path).into(),
    }
}

/// A path on another host for a program that runs in the login directory and does not know `~`, as rsync behind
/// secluded arguments.
pub(super) fn from_login_directory(path: &str) -> String {
    dotted(
        path.strip_prefix("~/")
            .unwrap_or(if path == "~" { "." } else { path }),
    )
}

/// rsync ends a host at the first colon, unless it is an IPv6 address in brackets.
fn bracketed(host: &str) -> String {
    if host.contains(':') {
        format!("[{host}]")
    } else {
        host.to_owned()
    }
}

/// A path that begins with neither `-` nor anything with a colon in it, nor with two slashes: behind a host of that name
/// they make `rsync://`.
fn dotted(path: &str) -> String {
    if path.starts_with('/') {
        format!("/{}", path.trim_start_matches('/'))
    } else {
        format!("./{path}")
    }
}

/// A path on a site behind a connection that stands for itself: the rsync there takes `*`, `?` and `[` for patterns, and
/// a backslash in a name that has one of these for an escape.
pub(super) fn literal(path: &str) -> String {
    let parts = path.split('/').map(|part| {
        if !part.contains(['*', '?', '[']) {
            return part.to_owned();
        }
        let escaped = part.chars().map(|c| match c {
            '*' | '?' | '[' | '\\' => format!("\\{c}"),
            c => c.to_string(),
        });
        escaped.collect()
    });
    parts.collect::<Vec<String>>().join("/")
}

/// The arguments with which `rsync` goes over the connection's own master, if there is one.
pub(super) fn arguments(connection: Option<&Connection>) -> Vec<OsString> {
    // Secluded arguments: the far shell never sees file names.
    let mut arguments: Vec<OsString> = vec!["-az".into(), "-s".into()];
    if let Some(connection) = connection {
        let mut ssh: Vec<String> = vec![
            connection
                .destination
                .program()
                .to_string_lossy()
                .into_owned(),
            "-S".into(),
            connection.socket().to_string_lossy().into_owned(),
        ];
        ssh.extend([
            "-o".into(),
            "ControlMaster=no".into(),
            "-o".into(),
            "RemoteCommand=none".into(),
            // It would ask the kept connection for the forwardings of the user's configuration.
            "-o".into(),
            "ClearAllForwardings=yes".into(),
            "-o".into(),
            "PermitLocalCommand=no".into(),
        ]);
        // Where the server allows no further session on the connection, ssh says so and makes a connection of its own.
        ssh.extend(["-o".into(), "LogLevel=FATAL".into()]);
        ssh.extend(connection.destination.arguments());
        let words: Vec<String> = ssh.iter().map(|word| rsync_word(word)).collect();
        arguments.extend(["-e".into(), words.join(" ").into()]);
    }
    arguments
}

/// The script that runs `rsync` in place of its shell, which has the operands, and has it tell what is known or found to
/// be in its power. That is asked for last, so that no other option changes how it is told.
pub(super) fn script(arguments: &Arguments, tells: Tells) -> Vec<u8> {
    let mut options = Vec::new();
    for option in &arguments.options {
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

/// The script with its operands, for a shell that gets no arguments, and that makes these folders before.
pub(super) fn with_operands(
    arguments: &Arguments,
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
    for operand in &arguments.operands {
        text.push(b' ');
        text.extend(quoted(operand.as_encoded_bytes()));
    }
    text.push(b'\n');
    text.extend_from_slice(script);
    text
}

/// A word of rsync's `-e`, which knows quotes but no backslash: a doubled quote stands for one.
fn rsync_word(word: &str) -> String {
    if word
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || "-_./=:,@".contains(c))
    {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operands_are_neither_options_nor_hosts() {
        assert_eq!(site_operand("-x", None), "./-x");
        assert_eq!(site_operand("host:file", None), "./host:file");
        assert_eq!(site_operand("/srv", None), "/srv");
        assert_eq!(site_operand("//srv//x/", None), "/srv//x/");
        assert_eq!(site_operand("//", None), "/");
        assert!(
            local_operand(Path::new("dist/"))
                .as_encoded_bytes()
                .ends_with(b"/dist/")
        );
    }

    #[test]
    fn the_login_directory_is_found_here_and_there() {
        let home = std::env::var_os("HOME").unwrap();
        assert_eq!(
            site_operand("~", None),
            Path::new(&home).join(".").as_os_str()
        );
        assert_eq!(
            site_operand("~/x/", None),
            Path::new(&home).join("x/").as_os_str()
        );
        assert_eq!(from_login_directory("~"), "./.");
        assert_eq!(from_login_directory("~/x"), "./x");
        assert_eq!(from_login_directory("~x"), "./~x");
    }

    #[test]
    fn a_pattern_stands_for_itself() {
        assert_eq!(literal("/srv/a b/\\c"), "/srv/a b/\\c");
        assert_eq!(literal("/a\\b/c*\\d/e?[f]"), "/a\\b/c\\*\\\\d/e\\?\\[f]");
    }

    #[test]
    fn words_survive_rsyncs_own_splitting() {
        assert_eq!(rsync_word("/tmp/a b"), "'/tmp/a b'");
        assert_eq!(rsync_word("it's"), "'it''s'");
        assert_eq!(rsync_word("ConnectTimeout=5"), "ConnectTimeout=5");
    }
}
