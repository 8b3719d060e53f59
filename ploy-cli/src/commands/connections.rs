//! `connections`: lists the connections that are kept, or closes them.

use std::time::Duration;

use clap::{Arg, ArgAction, ArgMatches};

use super::spec::{AcceptedOptions, CommandSpec, Invocation};
use crate::error::CliError;
use crate::exit::ExitStatus;
use crate::options::names;
use crate::terminal::streams::out;
use crate::terminal::table::table;
use ploy_core::error::{Problem, did_you_mean};
use ploy_runtime::transport::{self, KeptConnection};

pub(crate) const COMMAND: CommandSpec = CommandSpec {
    name: "connections",
    about: "List the connections that are kept, or close them",
    args: |command| {
        command.args([
            Arg::new("destinations")
                .value_name("DESTINATION")
                .num_args(1..)
                .action(ArgAction::Append)
                .help("Only those to these destinations, or hosts"),
            Arg::new("close")
                .long("close")
                .action(ArgAction::SetTrue)
                .help("Close them, and end what runs over them"),
        ])
    },
    accepted: AcceptedOptions::NONE,
    // It needs neither sites nor jobs.
    execute: |_, invocation| Box::pin(execute(invocation)),
};

struct ConnectionsArgs {
    /// Which connections; all if empty.
    destinations: Vec<String>,
    close: bool,
}

impl ConnectionsArgs {
    fn parse(matches: &ArgMatches) -> Self {
        ConnectionsArgs {
            destinations: names::texts(matches, "destinations"),
            close: matches.get_flag("close"),
        }
    }
}

async fn execute(invocation: Invocation) -> Result<ExitStatus, CliError> {
    let ConnectionsArgs {
        destinations,
        close,
    } = ConnectionsArgs::parse(&invocation.matches);
    let mut kept = transport::kept_connections().await.map_err(|error| {
        let problem = Problem::new(format!("cannot look for connections: {error}"))
            .with_hint("set XDG_RUNTIME_DIR or TMPDIR to a folder of your own");
        CliError::Failed(vec![problem])
    })?;
    for name in &destinations {
        if !kept.iter().any(|one| one.is_for(name)) {
            let problem = Problem::new(format!("no connection to `{name}` is kept"));
            let known = kept.iter().map(|one| one.destination.as_str());
            let near = did_you_mean(name, known);
            return Err(near.into_iter().fold(problem, Problem::with_hint).into());
        }
    }
    if !destinations.is_empty() {
        kept.retain(|one| destinations.iter().any(|name| one.is_for(name)));
    }
    if close {
        close_all(&kept).await
    } else {
        out(&list(&kept));
        Ok(ExitStatus::OK)
    }
}

fn list(kept: &[KeptConnection]) -> String {
    if kept.is_empty() {
        return "no connection is kept\n".to_owned();
    }
    let row = |one: &KeptConnection| {
        vec![
            one.destination.clone(),
            format!("used {} ago", ago(one.idle_time)),
        ]
    };
    let rows: Vec<Vec<String>> = kept.iter().map(row).collect();
    table(&rows, "")
}

async fn close_all(kept: &[KeptConnection]) -> Result<ExitStatus, CliError> {
    let mut problems = Vec::new();
    for one in kept {
        if !one.close().await {
            let text = format!("the connection to {} is still there", one.destination);
            problems.push(Problem::new(text));
        }
    }
    let closed = kept.len() - problems.len();
    let noun = if closed == 1 {
        "connection"
    } else {
        "connections"
    };
    out(&format!("closed {closed} {noun}\n"));
    if problems.is_empty() {
        Ok(ExitStatus::OK)
    } else {
        Err(CliError::Failed(problems))
    }
}

/// A time in its largest unit.
fn ago(time: Duration) -> String {
    match time.as_secs() {
        seconds @ 0..=119 => format!("{seconds} s"),
        seconds => format!("{} min", seconds / 60),
    }
}
