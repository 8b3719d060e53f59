use std::fmt::Write;
use std::path::Path;
use std::process::Command;

use crate::keys::Key;
use crate::mark::Mark;
use crate::server::SSHD;
use crate::server_options::ServerOptions;

/// The configuration of a server whose files are all in one folder.
pub(crate) fn sshd_config(
    options: &ServerOptions,
    path: &Path,
    port: u16,
    host_key: &Key,
    mark: &Mark,
) -> String {
    let (name, value) = mark.variable();
    // With a home of its own, the login shell reads no start file of the user's.
    let home = match &options.user {
        Some(user) => user.home().to_owned(),
        None => path.join("home"),
    };
    let temporary = path.join("tmp");
    let mut env = format!(
        "{name}={value} HOME={} TMPDIR={}",
        home.display(),
        temporary.display()
    );
    for (name, value) in &options.env {
        write!(env, " \"{name}={value}\"").unwrap();
    }
    let mut text = format!(
        "Port {port}
HostKey {}
AuthorizedKeysFile {}
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin yes
PidFile none
KexAlgorithms curve25519-sha256
LogLevel VERBOSE
SetEnv {env}
",
        host_key.private.display(),
        path.join("authorized_keys").display(),
    );
    for address in options.addresses() {
        writeln!(text, "ListenAddress {address}").unwrap();
    }
    let generous = (!options.default_limits).then_some("100:30:200");
    if let Some(most) = options.max_startups.or(generous) {
        writeln!(text, "MaxStartups {most}").unwrap();
    }
    if let Some(most) = options.max_sessions {
        writeln!(text, "MaxSessions {most}").unwrap();
    }
    // Newer servers turn away an address that failed to log in, for a while; older ones do not know
    // the option.
    if Command::new(SSHD)
        .args(["-t", "-o", "PerSourcePenalties=no", "-f", "/dev/null", "-h"])
        .arg(&host_key.private)
        .output()
        .is_ok_and(|output| output.status.success())
    {
        writeln!(text, "PerSourcePenalties no").unwrap();
    }
    text
}
