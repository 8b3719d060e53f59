//! The reporter that writes a report of tests when a run ends.

use std::io;
use std::path::Path;

use super::render::report;
use super::results::RunResults;
use super::whole_file::WholeFile;
use ploy_core::event::{Event, EventKind, Reporter};

/// Writes a run as a JUnit report when it ends, however it ends: Jenkins, GitLab and others show
/// it.
///
/// A suite is a stage, and a case a task: its name is the job's, and its `classname` the site's. A
/// failed task is a `failure`, with the command and the end of what it put out. What has not even
/// come to that is an `error`: a site that is unreachable, a task that was cancelled, a stage or a
/// schedule that could not go on. Tasks that were not started are `skipped`, and so are those whose
/// failure the schedule allows. What was tried again has its earlier tries. Checks between groups
/// and work in the background are cases too. Each suite has the run's id as the property `run`.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// use ploy::report::Junit;
/// use ploy::action::Action;
/// use ploy::catalogue::Catalogue;
/// use ploy::run::Runner;
/// use ploy::topology::{Settings, Topology};
/// use ploy::Cx;
///
/// let mut topology = Topology::new();
/// topology.add("here", Settings::new().roles(["greeter"]));
/// let mut catalogue = Catalogue::new();
/// let fail = Action::new(|cx: Cx| async move { cx.fail("nobody answers") });
/// catalogue.add("hello", ["greeter"], [fail]);
///
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("report.xml");
/// let junit = Junit::to_file(&path)?;
/// let junit = junit.on_error(|error| eprintln!("cannot write the report: {error}"));
/// Runner::new(topology, catalogue)
///     .reporter(junit)
///     .run(|batch| async move { batch.run("hello").await.into_result() })
///     .await;
/// assert!(std::fs::read_to_string(&path)?.contains("<failure message=\"nobody answers\""));
/// # Ok(())
/// # }
/// ```
pub struct Junit {
    file: WholeFile,
    on_error: Option<OnError>,
    results: RunResults,
}

type OnError = Box<dyn FnOnce(&io::Error) + Send>;

impl Junit {
    /// A report to be written to this file when the run ends. It takes the place of one that is
    /// there as a whole, so that nobody ever reads half a report. Folders are not made.
    ///
    /// # Errors
    ///
    /// If the file could not be written now: its folder is missing or closed to this user, or it is
    /// no plain file.
    pub fn to_file(path: impl AsRef<Path>) -> io::Result<Self> {
        Ok(Junit {
            file: WholeFile::new(path.as_ref())?,
            on_error: None,
            results: RunResults::default(),
        })
    }

    /// Calls this if the report cannot be written at the end. Unless told so, that stays unknown:
    /// the run is over.
    #[must_use]
    pub fn on_error(mut self, tell: impl FnOnce(&io::Error) + Send + 'static) -> Self {
        self.on_error = Some(Box::new(tell));
        self
    }
}

impl Reporter for Junit {
    fn report(&mut self, event: &Event) {
        self.results.fold(event);
        if !matches!(event.kind, EventKind::RunFinished { .. }) {
            return;
        }
        let written = report(&self.results, event.time)
            .to_string()
            .map_err(io::Error::other)
            .and_then(|text| self.file.write(text.as_bytes()));
        if let Err(error) = written
            && let Some(tell) = self.on_error.take()
        {
            tell(&error);
        }
    }
}
