//! `exec`: runs a command on the chosen sites, without a job.
//!
//! [`args`] is what the command line says of it, and [`script`] makes shell text of a script in a
//! file.

mod args;
mod script;

use self::args::{ExecArgs, User};
use super::spec::{AcceptedOptions, CommandSpec, Invocation, Session};
use crate::error::CliError;
use crate::exit::ExitStatus;
use crate::launch::prepare::{PlannedStages, PreparedRun, Work};
use crate::launch::start::start;
use crate::options::shared::SharedOptions;
use crate::options::{output, passwords, scheduling, selection};
use crate::plan_view::{self, format::PlanFormat};
use crate::terminal::streams::out;
use ploy_core::catalogue::{JobAction, Schedule, Stage};
use ploy_core::error::{Failure, Problem};
use ploy_core::text::safe;
use ploy_core::topology::Topology;
use ploy_runtime::action::Action;
use ploy_runtime::engine::Catalogue;
use ploy_runtime::shell::Script;

/// The name of the command, and of the job that stands for it.
const NAME: &str = "exec";

pub(crate) const COMMAND: CommandSpec = CommandSpec {
    name: NAME,
    about: "Run a shell command on sites, without a job",
    args: args::arguments,
    accepted: AcceptedOptions {
        headings: &[
            AcceptedOptions::GENERAL,
            selection::HEADING,
            scheduling::HEADING,
            output::HEADING,
            passwords::HEADING,
        ],
        others: &["no-input"],
        // There is one job only.
        except: &["start-from"],
    },
    execute: |session, invocation| Box::pin(execute(session, invocation)),
};

async fn execute(session: Session, invocation: Invocation) -> Result<ExitStatus, CliError> {
    let args = ExecArgs::parse(&invocation.matches);
    let options = &invocation.options;
    // The jobs of the binary are not looked at.
    let (topology, _) = session.load().await?;
    let (catalogue, prepared, text) = prepare(&topology, &args, options)?;
    if options.is_dry {
        out(&planned(prepared, &catalogue, &args, &text, options)?);
        return Ok(ExitStatus::OK);
    }
    let retry = args.can_be_repeated().then(|| {
        let names: Vec<String> = args.word().into_iter().collect();
        invocation.retry_words(&names).of_jobs(None)
    });
    start(topology, catalogue, prepared, options, retry).await
}

/// The plan, and the command with it.
fn planned(
    prepared: PreparedRun,
    catalogue: &Catalogue,
    args: &ExecArgs,
    text: &str,
    options: &SharedOptions,
) -> Result<String, CliError> {
    let format = PlanFormat::of_dry_run(options);
    let plan = plan_view::of_run(prepared, catalogue, format)?;
    if format == PlanFormat::Json {
        return Ok(plan);
    }
    let lines = text.trim_end().lines().map(|line| safe(line.as_bytes()));
    let lines: Vec<_> = lines.collect();
    let user = match &args.user {
        None => String::new(),
        Some(User::Root) => " as root".to_owned(),
        Some(User::Named(user)) => format!(" as {}", safe(user.as_bytes())),
    };
    Ok(format!("{plan}  command{user}: {}\n", lines.join("\n    ")))
}

/// A catalogue of the one job that stands for the command, the work that it is, and its shell text.
fn prepare(
    topology: &Topology,
    args: &ExecArgs,
    options: &SharedOptions,
) -> Result<(Catalogue, PreparedRun, String), Vec<Problem>> {
    let mut problems = topology.problems();
    problems.extend(options.selection.problems(topology));
    problems.extend(options.scheduling.problems_of_jobs());
    let text = args.text().map_err(|problem| problems.push(problem));
    let sites = options.selection.site_names(topology);
    if problems.is_empty() && sites.is_empty() {
        problems.push(nowhere(topology));
    }
    let (Ok(text), true) = (text, problems.is_empty()) else {
        return Err(problems);
    };
    let mut catalogue = Catalogue::new();
    catalogue.add(NAME, Vec::<String>::new(), Vec::<Action>::new());
    catalogue.join(
        NAME,
        JobAction {
            name: NAME.to_owned(),
            // Each site is a role of its own name.
            roles: sites,
            source: None,
            params: Vec::new(),
            body: action(text.clone(), args.user.clone()),
        },
    );
    let stage = options.scheduling.shaped(Stage::of([NAME]));
    let stages = PlannedStages::build(Schedule::new().stage(stage), &catalogue, topology, options);
    let prepared = PreparedRun {
        schedule: None,
        work: Work::Stages(stages.sound()?),
    };
    Ok((catalogue, prepared, text))
}

fn action(text: String, user: Option<User>) -> Action {
    let script = Script::raw(text);
    Action::new(move |cx| {
        let (script, user) = (script.clone(), user.clone());
        async move {
            let shell = cx.shell();
            let run = match user {
                None => shell.run(script),
                Some(User::Root) => shell.sudo_sh(script),
                Some(User::Named(user)) => shell.run(script).run_as(user),
            };
            run.await.map(drop).map_err(Failure::without_place)
        }
    })
}

fn nowhere(topology: &Topology) -> Problem {
    if topology.sites().is_empty() {
        return Problem::new("there is no site to run it on")
            .with_hint("declare sites by `sites!`, or add them in `setup`");
    }
    Problem::new("there is no site to run it on: all are guarded")
        .with_hint("name them, or a role that only they carry, by `--limit`")
}
