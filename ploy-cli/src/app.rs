//! A deploy binary, from the words of its command line to its exit code.

use std::ffi::OsString;
use std::future::Future;
use std::process::ExitCode;
use std::time::Duration;

use crate::command_line::completion;
use crate::command_line::read::CommandLine;
use crate::commands::spec::{CommandSpec, Invocation, Session};
use crate::error::CliError;
use crate::exit::ExitStatus;
use crate::loader::{Loader, SetupFuture};
use crate::report::report;
use crate::terminal::messages::problem_text;
use ploy_core::topology::Topology;
use ploy_report::ColorChoice;
use ploy_runtime::action::JobOutput;
use ploy_runtime::action::panic;
use ploy_runtime::engine::Catalogue;
use ploy_runtime::engine::registration as linked;

/// A deploy binary: the jobs that are linked into it, its sites, and its command line. `main!`
/// makes one.
pub struct App {
    version: &'static str,
    loader: Loader,
}

/// Serves the command line with the jobs that are linked into the program and its one `sites!`;
/// returns the exit code. For a `main` of one's own:
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
            loader: Loader::default(),
        }
    }

    /// Takes the sites from this function, rather than from the one `sites!` that is linked into
    /// the program.
    #[must_use]
    pub fn topology(mut self, make: fn() -> Topology) -> Self {
        self.loader.topology = Some(make);
        self
    }

    /// Calls this function before anything is validated: it may add sites and jobs.
    #[must_use]
    pub fn setup(
        mut self,
        setup: for<'a> fn(&'a mut Topology, &'a mut Catalogue) -> SetupFuture<'a>,
    ) -> Self {
        self.loader.setup = Some(setup);
        self
    }

    /// Serves the command line of this process; returns the exit code.
    pub fn run(self) -> ExitCode {
        let words = std::env::args_os().collect();
        ExitCode::from(self.serve(words).code())
    }

    fn serve(self, words: Vec<OsString>) -> ExitStatus {
        let catalogue = linked::catalogue();
        let topology = || self.loader.topology().unwrap_or_default();
        if let Some(status) = completion::answer(&words, self.version, &catalogue, topology) {
            return status;
        }
        let line = match CommandLine::read(words, self.version, &catalogue) {
            Ok(line) => line,
            // The option that says when to colour has not been read.
            Err(error) => return report(&error, ColorChoice::Auto),
        };
        let color = line.color();
        line.parse()
            .and_then(|(command, invocation)| self.execute(command, invocation, catalogue))
            .unwrap_or_else(|error| report(&error, color))
    }

    fn execute(
        self,
        command: &CommandSpec,
        invocation: Invocation,
        catalogue: Catalogue,
    ) -> Result<ExitStatus, CliError> {
        panic::hush();
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
            .map_err(|error| CliError::System {
                what: "cannot start",
                error,
            })?;
        let session = Session {
            catalogue,
            loader: self.loader,
        };
        let status = runtime.block_on((command.execute)(session, invocation));
        // An action that was abandoned may still be there; it ends with the process.
        runtime.shutdown_timeout(Duration::from_millis(500));
        status
    }

    /// Checks the topology and all jobs and schedules. The test that `main!` makes calls it.
    ///
    /// # Panics
    ///
    /// If anything is wrong, with all problems.
    pub fn assert_sound(self) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        let loaded = match runtime {
            Ok(runtime) => runtime.block_on(self.loader.load(linked::catalogue())),
            Err(error) => panic!("cannot start: {error}"),
        };
        let problems = match loaded {
            Ok((topology, catalogue)) => catalogue.validate(&topology),
            Err(CliError::Usage(problems)) => problems,
            Err(CliError::Setup(error)) => panic!("the setup failed: {error:#}"),
            Err(error) => panic!("{error}"),
        };
        assert!(problems.is_empty(), "{}", problem_text(&problems));
    }
}
