//! The reporter that tells CI of failures.

use std::io::Write;

use super::annotated_failures::AnnotatedFailures;
use super::github;
use super::workspace::Workspace;
use ploy_core::event::{Event, EventKind, Reporter};

/// Tells CI of the failures of a run when it ends, so that they are shown beside the source of the
/// jobs that failed, and on the page of the run.
///
/// What failed alike on many sites is told once, with all their names. It is to come after the view
/// for people among the reporters of a run, as its lines are to stand at the end.
pub struct Annotations {
    out: Box<dyn Write + Send>,
    workspace: Workspace,
    failures: AnnotatedFailures,
}

impl Annotations {
    /// Annotations as GitHub Actions reads them, in the log of a step: on standard output or
    /// standard error. Failures are errors, ten at most, as GitHub shows no more; those that the
    /// schedule allows are warnings. Paths are from `GITHUB_WORKSPACE`.
    pub fn github(out: impl Write + Send + 'static) -> Self {
        Annotations {
            out: Box::new(out),
            workspace: Workspace::of_github(),
            failures: AnnotatedFailures::default(),
        }
    }
}

impl Reporter for Annotations {
    fn report(&mut self, event: &Event) {
        self.failures.fold(&event.kind);
        if matches!(event.kind, EventKind::RunFinished { .. }) {
            let text = github::commands(self.failures.all(), &self.workspace);
            // A reader that went away is no reason to end a deployment.
            let _ = self
                .out
                .write_all(text.as_bytes())
                .and_then(|()| self.out.flush());
        }
    }
}
