use std::ffi::OsString;
use std::future::Future;
use std::pin::Pin;
use std::process::ExitCode;
use std::time::Duration;

use super::arguments::{Arguments, Command};
use super::{check, completions, connections, exec, exit, keeping, list, plan, print, sites, ssh};
use ploy_core::error::{Error, Kind, Problem};
use ploy_core::topology::Topology;
use ploy_runtime::action::JobOutput;
use ploy_runtime::action::panic;
use ploy_runtime::engine::Catalogue;

/// What a setup function returns, boxed.
pub type SetupFuture<'a> = Pin<Box<dyn Future<Output = Result<(), Error>> + Send + 'a>>;

type Setup = for<'a> fn(&'a mut Topology, &'a mut Catalogue) -> SetupFuture<'a>;

/// A deploy binary: the jobs that are linked into it, its sites, and its command line. `main!` makes one.
pub struct App {
    version: &'static str,
    topology: Option<fn() -> Topology>,
    setup: Option<Setup>,
}

/// Serves the command line with the jobs that are linked into the program and its one `sites!`; returns the exit
/// code. For a `main` of one's own:
///
/// ```no_run
/// fn main() -> std::process::ExitCode {
///     ploy::cli::run()
/// }
/// ```
pub fn run() -> ExitCode {
    App::new("").run()
}

/// A setup function's future, boxed. What `main! { setup: .. }` calls.
pub fn setup<'a, F, T>(future: F) -> SetupFuture<'a>
where
    F: Future<Output = T> + Send + 'a,
    T: JobOutput,
{
    Box::pin(async move { future.await.into_result() })
}

impl App {
    /// A deploy binary of this version; an empty one is not shown.
    pub fn new(version: &'static str) -> Self {
        App {
            version,
            topology: None,
            setup: None,
        }
    }

    /// Takes the sites from this function, rather than from the one `sites!` that is linked into the program.
    #[must_use]
    pub fn topology(mut self, make: fn() -> Topology) -> Self {
        self.topology = Some(make);
        self
    }

    /// Calls this function before anything is validated: it may add sites and jobs.
    #[must_use]
    pub fn setup(
        mut self,
        setup: for<'a> fn(&'a mut Topology, &'a mut Catalogue) -> SetupFuture<'a>,
    ) -> Self {
        self.setup = Some(setup);
        self
    }

    /// Serves the command line of this process; returns the exit code.
    pub fn run(self) -> ExitCode {
        ExitCode::from(self.run_from(std::env::args_os()))
    }

    fn run_from(self, arguments: impl IntoIterator<Item = OsString>) -> u8 {
        let catalogue = ploy_runtime::linked::catalogue();
        let words: Vec<OsString> = arguments.into_iter().collect();
        let topology = || self.make_topology().unwrap_or_default();
        if let Some(code) = completions::answer(&words, self.version, &catalogue, topology) {
            return code;
        }
        let arguments = match Arguments::parse(words, self.version, &catalogue) {
            Ok(arguments) => arguments,
            Err(code) => return code,
        };
        panic::hush();
        let runtime = match tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
        {
            Ok(runtime) => runtime,
            Err(error) => {
                print::error(arguments.color, &format!("cannot start: {error}"), None);
                return exit::FAILED;
            }
        };
        let code = runtime.block_on(self.serve(arguments, catalogue));
        // An action that was abandoned may still be there; it ends with the process.
        runtime.shutdown_timeout(Duration::from_millis(500));
        code
    }

    async fn serve(self, arguments: Arguments, catalogue: Catalogue) -> u8 {
        let color = arguments.color;
        if let Command::Completions { kind } = &arguments.command {
            return completions::completions(kind, self.version, &catalogue);
        }
        if let Command::Connections { names, close } = &arguments.command {
            return connections::connections(names, *close, color).await;
        }
        let (topology, catalogue) = match self.load(catalogue).await {
            Ok(loaded) => loaded,
            Err(LoadError::Unsound(problems)) => {
                print::problems(color, &problems);
                return exit::USAGE;
            }
            Err(LoadError::Setup(error)) => {
                print::failure(color, "the setup failed, so nothing was run", &error);
                // A list of sites that is wrong is as wrong as one in the source.
                return match error.kind() {
                    Kind::Usage | Kind::Unsound => exit::USAGE,
                    _ => exit::FAILED,
                };
            }
        };
        let no_keep = arguments.no_keep;
        let mut chosen = super::run::Chosen {
            names: Vec::new(),
            selection: arguments.selection,
            scheduling: arguments.scheduling,
            parameters: arguments.parameters,
            asking: arguments.asking,
            as_command: true,
            color,
            output: arguments.output,
            progress: arguments.progress,
            words: arguments.words,
            keep: None,
            passwords: arguments.passwords,
            reports: arguments.reports,
        };
        match arguments.command {
            Command::Run { names, as_command } => {
                chosen.names = names;
                chosen.as_command = as_command;
                chosen.keep = keeping::folder(no_keep);
                super::run::run(topology, catalogue, chosen).await
            }
            Command::Plan {
                names,
                as_command,
                format,
            } => {
                chosen.names = names;
                chosen.as_command = as_command;
                plan::plan(&topology, &catalogue, &chosen, format)
            }
            Command::Check(asked) => {
                chosen.keep = keeping::folder(no_keep);
                check::check(topology, catalogue, asked, chosen).await
            }
            Command::Exec(asked) => {
                chosen.keep = keeping::folder(no_keep);
                exec::exec(topology, asked, chosen).await
            }
            Command::Ssh(asked) => {
                ssh::ssh(&topology, &asked, keeping::folder(no_keep), color).await
            }
            Command::List => list::list(&catalogue, color),
            // Served above: they need no sites.
            Command::Connections { .. } | Command::Completions { .. } => exit::OK,
            Command::Sites => sites::sites(&topology, &chosen.selection, color),
        }
    }

    async fn load(&self, mut catalogue: Catalogue) -> Result<(Topology, Catalogue), LoadError> {
        let mut topology = self
            .make_topology()
            .map_err(|problem| LoadError::Unsound(vec![problem]))?;
        if let Some(setup) = self.setup {
            setup(&mut topology, &mut catalogue)
                .await
                .map_err(LoadError::Setup)?;
        }
        Ok((topology, catalogue))
    }

    fn make_topology(&self) -> Result<Topology, Problem> {
        if let Some(make) = self.topology {
            return Ok(make());
        }
        let mut linked = ploy_runtime::linked::topologies();
        match linked.pop() {
            None => Ok(Topology::new()),
            Some((_, topology)) if linked.is_empty() => Ok(topology),
            Some(last) => {
                let places: Vec<String> = linked
                    .iter()
                    .chain([&last])
                    .map(|(source, _)| source.to_string())
                    .collect();
                Err(Problem::new(format!(
                    "there are several topologies: {}",
                    places.join(", ")
                ))
                .with_hint("say which: `ploy::main! { topology: path::to::topology }`"))
            }
        }
    }

    /// Checks the topology and all jobs and schedules. The test that `main!` makes calls it.
    ///
    /// # Panics
    ///
    /// If anything is wrong, with all problems.
    pub fn assert_sound(self) {
        let catalogue = ploy_runtime::linked::catalogue();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        let loaded = match runtime {
            Ok(runtime) => runtime.block_on(self.load(catalogue)),
            Err(error) => panic!("cannot start: {error}"),
        };
        let problems = match loaded {
            Ok((topology, catalogue)) => catalogue.validate(&topology),
            Err(LoadError::Unsound(problems)) => problems,
            Err(LoadError::Setup(error)) => panic!("the setup failed: {error:#}"),
        };
        assert!(problems.is_empty(), "{}", print::problem_lines(&problems));
    }
}

enum LoadError {
    Unsound(Vec<Problem>),
    Setup(Error),
}
