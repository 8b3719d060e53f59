//! A command on the chosen sites, without a job.

mod script;
mod words;

pub(super) use words::text;

use clap::{Arg, ArgAction, ArgMatches};

use super::output::View;
use super::plan::{self, Format, Planned};
use super::run::{self, Chosen, Scheduled};
use super::{exit, print};
use ploy_core::catalogue::{Condition, JobAction, Schedule, Stage};
use ploy_core::error::{Failure, Problem};
use ploy_core::plan::build;
use ploy_core::text::safe;
use ploy_core::topology::{Topology, chosen};
use ploy_runtime::action::Action;
use ploy_runtime::engine::Catalogue;
use ploy_runtime::shell::Script;

/// The name under which it runs.
pub(super) const NAME: &str = "exec";

/// What the command line says of it.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    /// What stands before `--`, where an option is ours, and behind it, where it is not.
    command: Vec<String>,
    words: Vec<String>,
    /// The file of a script, or `-`.
    script: Option<String>,
    /// Who runs it, if not the login user.
    user: Option<User>,
    /// Whether it is to be planned only.
    pub(super) is_dry: bool,
}

#[derive(Clone, Debug)]
enum User {
    Root,
    Named(String),
}

pub(super) fn grammar() -> clap::Command {
    clap::Command::new(NAME)
        .about("Run a shell command on sites, without a job")
        .override_usage(format!(
            "{0} exec [OPTIONS] 'COMMAND'\n       {0} exec [OPTIONS] -- PROGRAM ARGUMENT...\n       \
             {0} exec [OPTIONS] --script FILE [-- ARGUMENT...]",
            super::grammar::binary_name()
        ))
        .args([
            Arg::new("command")
                .value_name("COMMAND")
                .num_args(1..)
                .action(ArgAction::Append)
                .required_unless_present_any(["script", "words"])
                .help("Shell text, in quotes"),
            Arg::new("words")
                .value_name("PROGRAM")
                .num_args(1..)
                .action(ArgAction::Append)
                .last(true)
                .help("A program and its arguments; a single word is shell text"),
            Arg::new("script")
                .long("script")
                .value_name("FILE")
                .help("Run a shell script of this machine; - is stdin"),
            Arg::new("sudo")
                .long("sudo")
                .action(ArgAction::SetTrue)
                .conflicts_with("as")
                .help("Run it as root"),
            Arg::new("as")
                .long("as")
                .value_name("USER")
                .help("Run it as this user, by sudo"),
        ])
}

impl Asked {
    pub(super) fn from_matches(matches: &ArgMatches) -> Self {
        let all = |name: &str| -> Vec<String> {
            let words = matches.get_many::<String>(name);
            words.into_iter().flatten().cloned().collect()
        };
        let user = matches.get_one::<String>("as").cloned().map(User::Named);
        Asked {
            command: all("command"),
            words: all("words"),
            script: matches.get_one("script").cloned(),
            user: user.or(matches.get_flag("sudo").then_some(User::Root)),
            is_dry: plan::is_dry(matches),
        }
    }

    /// The command as one word of a command line, if it is not a script.
    pub(super) fn word(&self) -> Option<String> {
        match self.script {
            None => self.text().ok(),
            Some(_) => None,
        }
    }

    /// Whether what it runs can be read only once, or would be taken for an option.
    fn is_for_once(&self) -> bool {
        match &self.script {
            None => self.word().is_none_or(|word| word.starts_with('-')),
            Some(file) => file == "-" || !self.words.is_empty(),
        }
    }

    /// The text that a shell is to run.
    fn text(&self) -> Result<String, Problem> {
        match (&self.script, self.command.as_slice(), self.words.as_slice()) {
            (Some(file), [], arguments) => script::text(file, arguments),
            (None, [], words) => text(words),
            (None, command @ [_], []) => text(command),
            // Some of its words may have been taken for options of ours.
            (script, command, _) => {
                let hint = match script {
                    Some(_) => "put `--` before the arguments of a script",
                    None => {
                        "put quotes around shell text, or `--` before a program and its arguments"
                    }
                };
                let message = format!("`{}` is not all that is to be run", command.join(" "));
                Err(Problem::new(message).with_hint(hint))
            }
        }
    }

    fn action(&self, text: String) -> Action {
        let (script, user) = (Script::raw(text), self.user.clone());
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
}

/// Runs it, and returns the exit code.
pub(super) async fn exec(topology: Topology, asked: Asked, options: Chosen) -> u8 {
    match prepare(&topology, &asked, &options) {
        Err(problems) => {
            print::problems(options.color, &problems);
            exit::USAGE
        }
        Ok(Prepared {
            catalogue,
            planned,
            stage,
            text,
        }) => {
            if asked.is_dry {
                if options.output.view == View::Json {
                    print::out(&plan::shown(None, vec![planned], &catalogue, Format::Json));
                    return exit::OK;
                }
                let shown = plan::shown(None, vec![planned], &catalogue, Format::Text);
                let lines: Vec<_> = text
                    .trim_end()
                    .lines()
                    .map(|line| safe(line.as_bytes()))
                    .collect();
                let who = match &asked.user {
                    None => String::new(),
                    Some(User::Root) => " as root".to_owned(),
                    Some(User::Named(user)) => format!(" as {}", safe(user.as_bytes())),
                };
                print::out(&format!(
                    "{shown}  command{who}: {}\n",
                    lines.join("\n    ")
                ));
                return exit::OK;
            }
            let schedule = Scheduled::Stages(Schedule::new().stage(stage));
            let again = (!asked.is_for_once()).then(|| options.words.clone().of_jobs(None));
            run::launch(topology, catalogue, schedule, options, again).await
        }
    }
}

/// What is to be run, and found sound.
struct Prepared {
    /// Of the one job that stands for the command.
    catalogue: Catalogue,
    stage: Stage,
    planned: Planned,
    text: String,
}

fn prepare(topology: &Topology, asked: &Asked, options: &Chosen) -> Result<Prepared, Vec<Problem>> {
    let mut problems = topology.problems();
    problems.extend(options.selection.problems(topology));
    problems.extend(options.scheduling.problems_of_jobs());
    let text = asked.text().map_err(|problem| problems.push(problem));
    let mut ignored = Vec::new();
    let selector = options.selection.selector();
    let sites = chosen(topology, selector.as_slice(), &mut ignored);
    if problems.is_empty() && sites.is_empty() {
        problems.push(nowhere(topology));
    }
    let (Ok(text), true) = (text, problems.is_empty()) else {
        return Err(problems);
    };
    let mut catalogue = Catalogue::new();
    // Each site is a role of its own name.
    catalogue.add(NAME, Vec::<String>::new(), Vec::<Action>::new());
    catalogue.join(
        NAME,
        JobAction {
            name: NAME.to_owned(),
            roles: sites
                .iter()
                .map(|(_, site)| site.name().to_owned())
                .collect(),
            source: None,
            params: Vec::new(),
            body: asked.action(text.clone()),
        },
    );
    let stage = options.shaped(Stage::of([NAME]));
    let inherited = options.scheduling.overrides.or(&options.options());
    let plan = build(&catalogue, topology, &stage, &inherited)?;
    Ok(Prepared {
        catalogue,
        stage,
        planned: Planned {
            plan,
            condition: Condition::Success,
        },
        text,
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
