//! Why a local copy failed, in words.

use super::problem::CopyProblem;
use crate::error::{CommandReport, Failure, Kind};
use crate::transfer::paths;
use crate::transfer::request::TransferRequest;

/// The failure of a copy with these problems, and more that are not among them.
pub(in crate::transfer) fn failure(
    request: &TransferRequest,
    problems: &[CopyProblem],
    more: u64,
    report: CommandReport,
) -> Failure {
    let headline = format!("cannot {request} on {}", request.site);
    let mut cause = problems.first().map(in_words).unwrap_or_default();
    let others = problems.len().saturating_sub(1) as u64 + more;
    if others > 0 {
        cause.push_str(&format!(", and {others} more could not be copied"));
    }
    let failure = Failure::new(Kind::Transfer, headline, cause).with_command(report);
    match hint(request, problems) {
        Some(hint) => failure.with_hint(hint),
        None => failure,
    }
}

fn in_words(problem: &CopyProblem) -> String {
    match problem.known_cause() {
        Some(known) => format!("{known}: {problem}"),
        None => problem.to_string(),
    }
}

fn hint(request: &TransferRequest, problems: &[CopyProblem]) -> Option<String> {
    let (sources, _) = paths::both_here(request);
    let missing = problems.iter().find_map(|problem| {
        let path = problem.missing_source()?;
        let at = sources.iter().position(|source| source == path)?;
        request.sources.get(at)
    });
    if let Some(source) = missing {
        let place = request.source_place();
        return Some(format!("there is no `{}` {place}", source.display()));
    }
    problems.iter().find_map(|problem| match problem {
        CopyProblem::Vanished(_) | CopyProblem::Shortened(_) => {
            Some("repeat it, or leave out by `exclude` what changes all the time".to_owned())
        }
        CopyProblem::FolderInTheWay(_) => {
            Some("a `mirror` deletes what is in it; else remove or rename it".to_owned())
        }
        CopyProblem::Io { .. } | CopyProblem::Copy { .. } => None,
    })
}
