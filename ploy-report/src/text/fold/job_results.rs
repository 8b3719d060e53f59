//! What a job has come to on its sites so far.

use std::collections::BTreeSet;
use std::time::Duration;

use super::difference::{MAX_COMPARED, difference};
use super::task_output::{Digest, TaskOutput};
use crate::palette::Palette;
use crate::quantities::count;
use crate::text::console::{Console, ConsoleStream};
use crate::text::context::ViewContext;
use crate::text::report_line::{LineKind, ended};
use crate::text::spool::SpoolStore;
use ploy_core::event::{JobIndex, SiteIndex, SkipReason, StageId, TaskResult};
use ploy_core::topology::fold;

/// The sites of a job, by what they have in common.
#[derive(Default)]
pub(crate) struct JobResults {
    pub(crate) running: u32,
    groups: Vec<SiteGroup>,
}

/// Sites on which it came to the same.
struct SiteGroup {
    how: TaskEnding,
    digest: Option<Digest>,
    output: TaskOutput,
    /// By number, in the stage.
    sites: BTreeSet<SiteIndex>,
}

/// How a task ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TaskEnding {
    Ended(TaskResult),
    Skipped(SkipReason),
}

impl JobResults {
    /// Adds a site. Without a digest it is like no other.
    pub(crate) fn add(
        &mut self,
        store: &mut SpoolStore,
        site: SiteIndex,
        how: TaskEnding,
        (digest, output): (Option<Digest>, TaskOutput),
    ) {
        let is_alike =
            |group: &&mut SiteGroup| digest.is_some() && (group.how, group.digest) == (how, digest);
        match self.groups.iter_mut().find(is_alike) {
            Some(group) => {
                group.sites.insert(site);
                output.free(store);
            }
            None => self.groups.push(SiteGroup {
                how,
                digest,
                output,
                sites: [site].into(),
            }),
        }
    }

    /// Writes what there is, and forgets it: what most sites have in common first, what failed
    /// after what did not.
    pub(crate) fn write(
        &mut self,
        console: &mut Console,
        context: &ViewContext,
        store: &mut SpoolStore,
        (stage, job): (StageId, JobIndex),
        as_differences: bool,
    ) {
        let mut groups = std::mem::take(&mut self.groups);
        let name = |group: &SiteGroup| {
            let sites = context.run.sites(stage);
            let names = group
                .sites
                .iter()
                .filter_map(|site| sites.get(site.index()));
            fold(names.map(String::as_str))
        };
        groups.sort_by_key(|group| {
            (
                group.how.rank(),
                std::cmp::Reverse(group.sites.len()),
                group.sites.first().copied(),
            )
        });
        let job = context
            .run
            .jobs(stage)
            .get(job.index())
            .map_or("", |job| job);
        let base = groups
            .iter()
            .enumerate()
            .filter(|(_, group)| as_differences && matches!(group.how, TaskEnding::Ended(_)))
            .max_by_key(|(index, group)| (group.sites.len(), std::cmp::Reverse(*index)))
            .map(|(index, _)| index);
        let palette = console.palette(ConsoleStream::Out);
        for (index, one) in groups.iter().enumerate() {
            let mut title = name(one);
            if one.sites.len() > 1 {
                title.push_str(&format!(" ({})", count(one.sites.len(), "site")));
            }
            title.push_str(&format!(": {}", one.how.words(job, one.output.code())));
            let other = match base {
                Some(base) if base != index && matches!(one.how, TaskEnding::Ended(_)) => {
                    groups.get(base)
                }
                _ => None,
            };
            if let Some(other) = other {
                title.push_str(&format!(", unlike {}", name(other)));
            }
            let mark = one.how.mark(palette);
            console.write(
                ConsoleStream::Out,
                &format!("{mark} {}\n", palette.strong(title)),
            );
            let shown = match other {
                Some(other) => one.write_difference(console, store, other),
                None => one.write(console, store),
            };
            if let Err(error) = shown {
                let text = format!("  - its lines cannot be read back: {error}\n");
                console.write(ConsoleStream::Out, &text);
            }
        }
        for one in groups {
            one.output.free(store);
        }
    }
}

impl SiteGroup {
    fn write(&self, console: &mut Console, store: &SpoolStore) -> std::io::Result<()> {
        let palette = console.palette(ConsoleStream::Out);
        self.output.lines(store, palette, |line| {
            console.write(ConsoleStream::Out, &format!("  {line}\n"));
        })
    }

    fn write_difference(
        &self,
        console: &mut Console,
        store: &SpoolStore,
        other: &SiteGroup,
    ) -> std::io::Result<()> {
        if self.output.len().max(other.output.len()) > MAX_COMPARED {
            console.write(
                ConsoleStream::Out,
                "  - too long to be compared, so here it is\n",
            );
            return self.write(console, store);
        }
        let (from, to) = (other.text(store)?, self.text(store)?);
        match difference(&from, &to, console.palette(ConsoleStream::Out)) {
            text if text.is_empty() => {
                console.write(ConsoleStream::Out, "  - the output is the same\n");
            }
            text => console.write(ConsoleStream::Out, &text),
        }
        Ok(())
    }

    fn text(&self, store: &SpoolStore) -> std::io::Result<String> {
        let mut text = String::new();
        self.output.lines(store, Palette::PLAIN, |line| {
            text.push_str(line);
            text.push('\n');
        })?;
        Ok(text)
    }
}

impl TaskEnding {
    fn rank(self) -> u8 {
        match self {
            TaskEnding::Ended(TaskResult::Succeeded) => 0,
            TaskEnding::Ended(TaskResult::Failed) => 1,
            TaskEnding::Ended(TaskResult::Unreachable) => 2,
            TaskEnding::Ended(TaskResult::Cancelled) => 3,
            TaskEnding::Skipped(_) => 4,
        }
    }

    fn mark(self, palette: Palette) -> String {
        match self {
            TaskEnding::Ended(result) => LineKind::Ended(result, Duration::ZERO).mark(palette),
            TaskEnding::Skipped(_) => LineKind::Skipped.mark(palette),
        }
    }

    fn words(self, job: &str, code: Option<i32>) -> String {
        match (self, code) {
            (TaskEnding::Ended(TaskResult::Failed), Some(code)) => {
                format!("{job} failed with status {code}")
            }
            (TaskEnding::Ended(result), _) => ended(job, result),
            (TaskEnding::Skipped(reason), _) => {
                format!("{job} was not started, {}", reason.in_words())
            }
        }
    }
}
