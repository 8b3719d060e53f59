//! A copy from its lists to its last step.

use std::path::{Path, PathBuf};

use rustix::process::{getegid, geteuid, getgroups};

use super::apply::Applier;
use super::monitor::CopyMonitor;
use super::problem::{Attempt, CopyProblem};
use super::source::{self, SourceRoot};
use super::target;
use crate::transfer::TransferTotals;
use crate::transfer::planner::destination::{Placement, PlacementError, place};
use crate::transfer::planner::options::PlanOptions;
use crate::transfer::planner::plan::plan;
use crate::transfer::planner::privileges::CopyPrivileges;

/// What is to be copied, and whereto.
#[derive(Debug)]
pub(in crate::transfer) struct CopyRequest {
    pub(in crate::transfer) sources: Vec<PathBuf>,
    pub(in crate::transfer) destination: PathBuf,
    pub(in crate::transfer) options: PlanOptions,
}

/// Copies all, and reports how far it is and what fails.
pub(super) fn copy(request: CopyRequest, monitor: &mut CopyMonitor) -> Result<(), PlacementError> {
    let CopyRequest {
        sources,
        destination,
        options,
    } = request;
    let mut sources: Vec<SourceRoot> = sources.into_iter().map(SourceRoot::new).collect();
    let mut listing = source::list(&sources, &options.filter, monitor);
    if listing.is_empty() || monitor.should_end() {
        return Ok(());
    }
    let state = match target::state(&destination) {
        Ok(state) => state,
        Err(error) => {
            monitor.problem(CopyProblem::new(
                Attempt::LookAtDestination,
                &destination,
                error,
            ));
            return Ok(());
        }
    };
    let folder = match place(&destination, state, &listing)? {
        Placement::Into(folder) => folder,
        Placement::As { folder, name } => {
            let only = listing.iter().next().map(|(_, entry)| entry.source);
            if let Some(root) = only.and_then(|only| sources.get_mut(only)) {
                *root = root.clone().renamed(name.clone());
            }
            listing = listing.renamed(name);
            folder
        }
    };
    let present = target::list(&folder, &listing, &options, monitor);
    let privileges = privileges();
    let plan = plan(&listing, &present, &options, &privileges);
    if monitor.should_end() {
        return Ok(());
    }
    if options.is_dry_run {
        monitor.totals = TransferTotals {
            files: plan.files,
            bytes: plan.bytes,
            deleted: if monitor.has_problems() {
                0
            } else {
                plan.deleted
            },
        };
        return Ok(());
    }
    monitor.total_bytes = plan.bytes;
    let folder = if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        &folder
    };
    let mut applier = Applier {
        folder,
        sources: &sources,
        privileges: &privileges,
        monitor,
    };
    applier.run(&plan);
    Ok(())
}

/// What this process may do.
fn privileges() -> CopyPrivileges {
    let mut groups = vec![getegid().as_raw()];
    // Without the list, files keep the groups that new files get here.
    groups.extend(getgroups().unwrap_or_default().iter().map(|id| id.as_raw()));
    CopyPrivileges {
        is_root: geteuid().is_root(),
        groups,
    }
}
