//! What the tasks of one site came to.

use std::sync::Arc;

use tokio::sync::mpsc;

use super::settled::TaskEnd;
use crate::event::TaskResult;
use crate::plan::Plan;
use crate::topology::Site;

/// What the tasks of one site came to, as soon as the last of them has ended.
#[derive(Clone, Debug)]
pub struct SiteOutcome {
    site: Arc<Site>,
    tasks: Vec<(Arc<str>, Option<TaskResult>)>,
}

impl SiteOutcome {
    pub(in crate::engine::dispatcher) fn new(plan: &Plan, ends: &[TaskEnd], site: u32) -> Self {
        let of_site = plan.tasks().filter(|(_, task)| task.site == site);
        let tasks = of_site.map(|(node, task)| {
            let result = match &ends[node as usize] {
                TaskEnd::Ended(result, _) => Some(*result),
                TaskEnd::Open | TaskEnd::Skipped(_) => None,
            };
            (plan.jobs()[task.job as usize].name.clone(), result)
        });
        SiteOutcome {
            site: plan.sites()[site as usize].clone(),
            tasks: tasks.collect(),
        }
    }

    /// The site.
    pub fn site(&self) -> &Site {
        &self.site
    }

    /// Its tasks in the order of the stage: the job's name, and how it ended; `None` if it never
    /// started.
    pub fn tasks(&self) -> impl Iterator<Item = (&str, Option<TaskResult>)> {
        self.tasks.iter().map(|(job, result)| (&**job, *result))
    }

    /// Whether every task of it ran and succeeded.
    pub fn succeeded(&self) -> bool {
        self.tasks
            .iter()
            .all(|(_, result)| *result == Some(TaskResult::Succeeded))
    }
}

/// Requester hears of each site that has ended.
pub(in crate::engine) type SiteOutcomeSender = mpsc::UnboundedSender<SiteOutcome>;
