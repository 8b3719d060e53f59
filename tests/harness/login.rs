use std::fmt::Write;
use std::path::Path;
use std::process::Command;

use crate::keys::Key;

/// The name of the user who runs the tests: the one who can log in, if no other is made for it.
pub(crate) fn user() -> String {
    let output = Command::new("id")
        .arg("-un")
        .output()
        .expect("`id` cannot be run");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// An ssh configuration in which each alias stands for an address of the server.
///
/// Nothing of the user's own configuration is read: no agent, no key and no known host but those of
/// the test.
pub(crate) fn configuration(
    aliases: &[(String, String)],
    port: u16,
    user: &str,
    key: &Key,
    known: &Path,
) -> String {
    let mut text = String::new();
    for (alias, address) in aliases {
        writeln!(text, "Host {alias}\n  HostName {address}").unwrap();
    }
    write!(
        text,
        "Host *
  Port {port}
  User {user}
  IdentityFile {}
  IdentitiesOnly yes
  IdentityAgent none
  UserKnownHostsFile {}
  GlobalKnownHostsFile /dev/null
  StrictHostKeyChecking yes
  KexAlgorithms curve25519-sha256
",
        key.private.display(),
        known.display(),
    )
    .unwrap();
    text
}

/// The lines of `known_hosts` that say that these addresses have this key.
pub(crate) fn known_hosts<'a>(
    addresses: impl Iterator<Item = &'a String>,
    port: u16,
    public: &str,
) -> String {
    addresses
        .map(|address| format!("[{address}]:{port} {public}\n"))
        .collect()
}
