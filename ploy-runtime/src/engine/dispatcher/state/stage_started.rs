//! The event of a stage that begins: all names that later events refer to by number.

use super::running_stage::RunningStage;
use crate::event::{EventKind, StageView};

impl RunningStage {
    pub(in crate::engine::dispatcher) fn began(&self) -> EventKind {
        let (plan, options) = (&self.plan, self.plan.options());
        let mut groups = vec![0; plan.group_count() as usize];
        for site in 0..plan.sites().len() {
            if let Some(size) = u32::try_from(site)
                .ok()
                .and_then(|site| groups.get_mut(plan.group(site) as usize))
            {
                *size += 1;
            }
        }
        EventKind::StageStarted {
            stage: self.id,
            name: options.name.clone(),
            desc: options.desc.clone(),
            mode: plan.mode(),
            jobs: plan
                .jobs()
                .iter()
                .map(|job| job.name().to_owned())
                .collect(),
            arguments: plan
                .jobs()
                .iter()
                .map(|job| {
                    let given = job.arguments().iter();
                    given
                        .map(|one| (one.name().to_owned(), one.shown().to_vec()))
                        .collect()
                })
                .collect(),
            sites: plan
                .sites()
                .iter()
                .map(|site| site.name().to_owned())
                .collect(),
            task_count: u32::try_from(plan.tasks().count()).unwrap_or(u32::MAX),
            group_sizes: groups,
            view: StageView {
                report: options.report.unwrap_or(true),
                debug: options.debug.unwrap_or(false),
                log: options.log.unwrap_or(true),
                quiet: options.quiet.unwrap_or(false),
            },
        }
    }
}
