//! `sites`: lists sites with their roles and settings.

use super::spec::{AcceptedOptions, CommandSpec, Invocation, Session};
use crate::error::CliError;
use crate::exit::ExitStatus;
use crate::options::selection::{self, Selection};
use crate::terminal::streams::out;
use crate::terminal::table::table;
use ploy_core::topology::{Site, Topology};

pub(crate) const COMMAND: CommandSpec = CommandSpec {
    name: "sites",
    about: "List sites with their roles and settings",
    args: |command| command,
    accepted: AcceptedOptions {
        headings: &[selection::HEADING],
        ..AcceptedOptions::NONE
    },
    execute: |session, invocation| Box::pin(execute(session, invocation)),
};

async fn execute(session: Session, invocation: Invocation) -> Result<ExitStatus, CliError> {
    let selection = &invocation.options.selection;
    let (topology, _) = session.load().await?;
    let mut problems = topology.problems();
    problems.extend(selection.problems(&topology));
    if !problems.is_empty() {
        return Err(problems.into());
    }
    out(&sites(&topology, selection));
    Ok(ExitStatus::OK)
}

/// All sites with their roles and settings, or those that are selected.
fn sites(topology: &Topology, selection: &Selection) -> String {
    let mut rows = Vec::new();
    // Without a restriction guarded sites are shown too: this is a list, and runs nothing.
    let chosen = match selection.selector() {
        Some(selector) => topology.select(selector).unwrap_or_default(),
        None => topology.sites().to_vec(),
    };
    for site in &chosen {
        let roles = if site.roles.is_empty() {
            "-".to_owned()
        } else {
            site.roles.join(",")
        };
        rows.push(vec![site.name().to_owned(), roles, settings(site)]);
    }
    let mut text = table(&rows, "");
    let empty: Vec<&str> = topology
        .roles()
        .into_iter()
        .filter(|role| topology.list(*role).is_empty())
        .collect();
    if !empty.is_empty() && selection.selector().is_none() {
        text.push_str(&format!("\nroles without sites: {}\n", empty.join(", ")));
    }
    text
}

fn settings(site: &Site) -> String {
    let settings = site.settings();
    let mut parts = Vec::new();
    macro_rules! show {
        ($($name:ident: $value:ident => $text:expr;)*) => {
            $(if let Some($value) = &settings.$name { parts.push(format!(concat!(stringify!($name), "={}"), $text)); })*
        };
    }
    if site.is_local() {
        parts.push("local".to_owned());
    }
    show! {
        host: host => host;
        user: user => user;
        port: port => port;
        identity: identity => identity.display();
        config: config => config.display();
        jump: jump => jump;
        connect_timeout: time => format_args!("{}s", time.as_secs_f64());
        path: path => path;
        shell: shell => shell;
        timeout: time => format_args!("{}s", time.as_secs_f64());
        max_sessions: most => most;
        run_as: user => user;
        password_domain: domain => domain;
        guarded: yes => yes;
    }
    // Values of an environment may be secret; names are not.
    for key in settings.env.iter().flat_map(|env| env.keys()) {
        parts.push(format!("env.{key}"));
    }
    for (key, value) in &settings.vars {
        parts.push(format!("{key}={value}"));
    }
    parts.join(" ")
}
