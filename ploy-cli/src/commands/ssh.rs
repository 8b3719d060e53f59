//! `ssh`: a shell for a person on one site, or one command there.

use std::ffi::OsStr;
use std::io::IsTerminal;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::Command;

use clap::{Arg, ArgAction, ArgMatches};

use super::shell_text::text;
use super::spec::{AcceptedOptions, CommandSpec, Invocation, Session};
use crate::error::CliError;
use crate::exit::ExitStatus;
use crate::launch::connections::socket_dir;
use crate::options::{keep, names};
use ploy_core::error::{Failure, Kind, Problem, did_you_mean};
use ploy_core::topology::{Site, Topology, check_variable};
use ploy_runtime::shell::{quoted, quoted_path};
use ploy_runtime::transport::{ConnectionPool, Destination, SocketDir, command_line};

/// The exit code of the shell where the working directory cannot be entered.
const NO_DIRECTORY: u8 = 98;

pub(crate) const COMMAND: CommandSpec = CommandSpec {
    name: "ssh",
    about: "Open a shell on a site, or run one command there",
    args: |command| {
        command.args([
            Arg::new("site")
                .value_name("SITE")
                .required(true)
                .help("The site, or a role that only one carries"),
            Arg::new("words")
                .value_name("COMMAND")
                .num_args(1..)
                .action(ArgAction::Append)
                .last(true)
                .help("A program and its arguments; a single word is shell text"),
        ])
    },
    accepted: AcceptedOptions {
        others: &[keep::ID],
        ..AcceptedOptions::NONE
    },
    execute: |session, invocation| Box::pin(execute(session, invocation)),
};

struct SshArgs {
    site: String,
    /// The command to run there; a shell if empty.
    command: Vec<String>,
}

impl SshArgs {
    fn parse(matches: &ArgMatches) -> Self {
        SshArgs {
            // It is required.
            site: matches.get_one("site").cloned().unwrap_or_default(),
            command: names::texts(matches, "words"),
        }
    }
}

/// Turns this program into a shell on the site; only comes back with what kept it from that.
async fn execute(session: Session, invocation: Invocation) -> Result<ExitStatus, CliError> {
    let args = SshArgs::parse(&invocation.matches);
    let (topology, _) = session.load().await?;
    let site = site(&topology, &args.site)?;
    let script = script(site, &args.command)?;
    let mut command = match Destination::of(site, None) {
        None => {
            let mut command = Command::new("sh");
            command.arg("-c").arg(OsStr::from_bytes(&script));
            command
        }
        Some(destination) => {
            let keep = socket_dir(invocation.options.no_keep);
            let socket =
                control_socket(site, keep)
                    .await
                    .map_err(|failure| CliError::NoConnection {
                        site: site.name().to_owned(),
                        cause: failure.into(),
                    })?;
            remote(&destination, socket, &script, args.command.is_empty())
        }
    };
    let error = command.exec();
    Err(CliError::Exec {
        program: command.get_program().to_string_lossy().into_owned(),
        error,
    })
}

/// The one site of this name, or role.
fn site<'a>(topology: &'a Topology, name: &str) -> Result<&'a Site, Vec<Problem>> {
    let problems = topology.problems();
    if !problems.is_empty() {
        return Err(problems);
    }
    let sites = topology.sites();
    if let Some(site) = sites.iter().find(|site| site.name() == name) {
        return Ok(site);
    }
    let of_role: Vec<&Site> = sites
        .iter()
        .map(AsRef::as_ref)
        .filter(|site| site.has_role(name))
        .collect();
    let problem = match of_role.as_slice() {
        [site] => return Ok(site),
        [] if topology.is_declared(name) => {
            Problem::new(format!("no site carries the role `{name}`"))
                .with_hint("`sites` shows which site carries which role")
        }
        [] => Problem::new(format!("no site or role is named `{name}`")).with_hint(
            did_you_mean(name, topology.names())
                .unwrap_or_else(|| "`sites` shows what there is".to_owned()),
        ),
        several => {
            let names: Vec<&str> = several.iter().map(|site| site.name()).collect();
            Problem::new(format!("`{name}` is a role of {} sites", several.len()))
                .with_hint(format!("say which: {}", names.join(", ")))
        }
    };
    Err(vec![problem])
}

/// What a shell runs there: to the site's `path`, with its `env`, and then the command, or the
/// login user's own shell. A person is let in even if the folder is missing: to make it, say.
fn script(site: &Site, command: &[String]) -> Result<Vec<u8>, Problem> {
    let is_shell = command.is_empty();
    let mut script = Vec::new();
    if let Some(path) = &site.path {
        script.extend_from_slice(b"cd -- ");
        script.extend(quoted_path(path));
        if is_shell {
            script.push(b'\n');
        } else {
            script.extend(format!(" || exit {NO_DIRECTORY}\n").into_bytes());
        }
    }
    for (name, value) in site.env.iter().flatten() {
        check_variable(name).map_err(Problem::new)?;
        script.extend_from_slice(format!("export {name}=").as_bytes());
        script.extend(quoted(value.as_bytes()));
        script.push(b'\n');
    }
    if is_shell {
        // A login shell over ssh; here its surroundings are there already.
        let login = if site.is_local() { "" } else { " -l" };
        script.extend(format!("exec \"${{SHELL:-/bin/sh}}\"{login}").into_bytes());
        return Ok(script);
    }
    let text = text(command)?;
    let shell = site.shell.as_deref().unwrap_or("sh");
    script.extend_from_slice(b"exec ");
    script.extend(quoted(shell.as_bytes()));
    script.extend_from_slice(b" -c ");
    script.extend(quoted(text.as_bytes()));
    Ok(script)
}

/// The socket of the site's connection, which is made if it is not there; `None` if ssh is to make
/// one of its own, as where it has something to ask.
async fn control_socket(site: &Site, keep: Option<SocketDir>) -> Result<Option<PathBuf>, Failure> {
    let Some(keep) = keep else {
        return Ok(None);
    };
    let pool = ConnectionPool::new(Some(keep));
    match pool.control_socket(site).await {
        Ok(socket) => Ok(socket),
        Err(failure) if matches!(failure.kind(), Kind::Auth | Kind::HostKey) => Ok(None),
        Err(failure) => Err(failure),
    }
}

/// The user's own ssh, over that connection.
fn remote(
    destination: &Destination,
    socket: Option<PathBuf>,
    script: &[u8],
    is_shell: bool,
) -> Command {
    let mut command = Command::new(destination.program());
    // A terminal there changes what a command puts out, so it is only for one here; a shell is for
    // whoever types.
    let is_seen = is_shell || std::io::stdout().is_terminal();
    let has_terminal = std::io::stdin().is_terminal() && is_seen;
    command.arg(if has_terminal { "-t" } else { "-T" });
    if let Some(socket) = socket {
        command
            .arg("-S")
            .arg(socket)
            // Otherwise ssh asks the kept connection for the forwardings of the user's
            // configuration.
            .args(["-o", "ControlMaster=no", "-o", "ClearAllForwardings=yes"]);
    }
    command
        .args(["-o", "RemoteCommand=none"])
        .args(destination.arguments_for_person())
        .arg("--")
        .arg(&destination.host)
        .arg(OsStr::from_bytes(&command_line("sh", script)));
    command
}
