//! The view in which a stage is a table of sites and jobs.

use std::collections::{BTreeMap, BTreeSet};

use unicode_width::UnicodeWidthStr;

use crate::cut;
use crate::palette::Palette;
use crate::quantities::duration;
use crate::text::console::{Console, ConsoleStream};
use crate::text::context::ViewContext;
use crate::text::detail::Detail;
use crate::text::layout::Layout;
use crate::text::report_line::{LineKind, ReportLine};
use ploy_core::event::{Event, EventKind, JobIndex, JobOnSite, SiteIndex, StageId, TaskResult};
use ploy_core::text::safe;

/// What is between two columns.
const GAP: &str = "  ";

/// The narrowest that names are cut to.
const NARROWEST: usize = 8;

/// Sites and jobs as a table, when a stage ends.
pub(crate) struct TableLayout {
    width: Option<usize>,
    /// By stage, and then by site and job in it.
    stages: BTreeMap<StageId, TaskCells>,
}

type TaskCells = BTreeMap<(SiteIndex, JobIndex), TaskCell>;

#[derive(Clone, Debug, PartialEq, Eq)]
struct TaskCell {
    how: Option<TaskResult>,
    text: String,
}

impl TableLayout {
    /// A table of at most so many columns.
    pub(crate) fn new(width: Option<usize>) -> Self {
        TableLayout {
            width,
            stages: BTreeMap::new(),
        }
    }

    fn write(&mut self, console: &mut Console, context: &ViewContext, stage: StageId) {
        if let Some(cells) = self.stages.remove(&stage) {
            let palette = console.palette(ConsoleStream::Out);
            let names = (context.run.sites(stage), context.run.jobs(stage));
            console.write(
                ConsoleStream::Out,
                &table(&cells, names, self.width, palette),
            );
        }
    }
}

impl Layout for TableLayout {
    fn add_line(&mut self, console: &mut Console, context: &ViewContext, line: &ReportLine<'_>) {
        let is_shown = match line.kind {
            LineKind::Stdout | LineKind::Stderr => false,
            LineKind::Command => context.detail >= Detail::Verbose,
            // In the table, unless it is of no task.
            LineKind::Ended(..) | LineKind::Skipped => line.owner.task.is_none(),
            _ => true,
        };
        if is_shown {
            line.write(console, context);
        }
    }

    fn on_event(&mut self, console: &mut Console, context: &ViewContext, event: &Event) {
        match &event.kind {
            EventKind::TaskFinished {
                stage,
                task,
                result,
                duration: took,
            } => {
                let word = match result {
                    TaskResult::Succeeded => "ok",
                    TaskResult::Failed => "failed",
                    TaskResult::Unreachable => "unreachable",
                    TaskResult::Cancelled => "cancelled",
                };
                let cell = TaskCell {
                    how: Some(*result),
                    text: format!("{word} {}", duration(*took)),
                };
                if let Some(JobOnSite { job, site }) = context.run.job_on_site(*stage, *task) {
                    let cells = self.stages.entry(*stage).or_default();
                    cells.insert((site, job), cell);
                }
            }
            EventKind::TaskSkipped {
                stage, job, site, ..
            } => {
                let cell = TaskCell {
                    how: None,
                    text: "skipped".to_owned(),
                };
                let cells = self.stages.entry(*stage).or_default();
                cells.insert((*site, *job), cell);
            }
            EventKind::StageFinished { stage, .. } => self.write(console, context, *stage),
            EventKind::RunFinished { .. } => {
                while let Some((stage, _)) = self.stages.first_key_value() {
                    self.write(console, context, *stage);
                }
            }
            _ => {}
        }
    }
}

/// The table. One that is too wide is broken into several, each with the sites.
fn table(
    cells: &TaskCells,
    (sites, jobs): (&[String], &[String]),
    most: Option<usize>,
    palette: Palette,
) -> String {
    let most = most.unwrap_or(usize::MAX);
    let rows: BTreeSet<SiteIndex> = cells.keys().map(|(site, _)| *site).collect();
    let columns: BTreeSet<JobIndex> = cells.keys().map(|(_, job)| *job).collect();
    let named = |names: &[String], index: usize, most: usize| {
        let name = names.get(index).map_or("", |name| name);
        cut(&safe(name.as_bytes()), most)
    };
    // Half of it for the sites at most, and the rest for one column at least.
    let site_name = |site: SiteIndex| named(sites, site.index(), (most / 2).max(NARROWEST));
    let first = rows.iter().map(|site| site_name(*site).width()).max();
    let first = first.unwrap_or(0);
    let room = most.saturating_sub(first + GAP.len()).max(NARROWEST);
    let widths = columns.iter().map(|job| {
        let cells = cells.iter().filter(|((_, own), _)| own == job);
        let widest = cells.map(|(_, cell)| cell.text.width()).max();
        let head = named(jobs, job.index(), room);
        (*job, widest.unwrap_or(0).max(head.width()), head)
    });
    let mut blocks: Vec<Vec<(JobIndex, usize, String)>> = Vec::new();
    let mut left = 0;
    for column in widths {
        let needed = GAP.len() + column.1;
        if blocks.is_empty() || needed > left {
            blocks.push(Vec::new());
            left = most.saturating_sub(first);
        }
        left = left.saturating_sub(needed);
        if let Some(block) = blocks.last_mut() {
            block.push(column);
        }
    }
    let mut text = String::new();
    for (number, block) in blocks.iter().enumerate() {
        if number > 0 {
            text.push('\n');
        }
        let heads = block
            .iter()
            .map(|(_, width, head)| (palette.strong(head), head.width(), *width));
        text.push_str(&row((String::new(), 0, first), heads));
        for site in &rows {
            let name = site_name(*site);
            let shown = block
                .iter()
                .map(|(job, width, _)| match cells.get(&(*site, *job)) {
                    Some(cell) => (cell.painted(palette), cell.text.width(), *width),
                    None => (String::new(), 0, *width),
                });
            text.push_str(&row((name.clone(), name.width(), first), shown));
        }
    }
    text
}

/// A line of cells, each with how wide it is and how wide its column.
fn row(
    first: (String, usize, usize),
    rest: impl Iterator<Item = (String, usize, usize)>,
) -> String {
    let mut line = String::new();
    let mut blanks = 0;
    for (text, width, column) in std::iter::once(first).chain(rest) {
        if width > 0 {
            line.push_str(&" ".repeat(blanks));
            line.push_str(&text);
            blanks = 0;
        }
        blanks += column.saturating_sub(width) + GAP.len();
    }
    line.push('\n');
    line
}

impl TaskCell {
    fn painted(&self, palette: Palette) -> String {
        match self.how {
            Some(TaskResult::Succeeded) => palette.good(&self.text),
            Some(TaskResult::Failed | TaskResult::Unreachable) => palette.error(&self.text),
            Some(TaskResult::Cancelled) => palette.warning(&self.text),
            None => palette.faint(&self.text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    fn cells() -> TaskCells {
        let cell = |how, text: &str| TaskCell {
            how,
            text: text.to_owned(),
        };
        [
            (
                (SiteIndex(0), JobIndex(0)),
                cell(Some(TaskResult::Succeeded), "ok 1.2 s"),
            ),
            (
                (SiteIndex(0), JobIndex(1)),
                cell(Some(TaskResult::Failed), "failed 2 min 3 s"),
            ),
            ((SiteIndex(0), JobIndex(2)), cell(None, "skipped")),
            (
                (SiteIndex(2), JobIndex(1)),
                cell(Some(TaskResult::Succeeded), "ok 3 ms"),
            ),
        ]
        .into()
    }

    #[test]
    fn columns_line_up_by_width() {
        let sites = names(&["web1", "idle", "süd-日本"]);
        let jobs = names(&["upload", "upgrade", "check"]);
        let text = table(&cells(), (&sites, &jobs), None, Palette::PLAIN);
        let expected = "          upload    upgrade           check
web1      ok 1.2 s  failed 2 min 3 s  skipped
süd-日本            ok 3 ms
";
        assert_eq!(text, expected);
    }

    #[test]
    fn it_fits_the_width_it_is_given() {
        let sites = names(&["a-very-long-name-of-a-site", "idle", "web3"]);
        let jobs = names(&["upload", "a-very-long-name-of-a-job-indeed", "check"]);
        let text = table(&cells(), (&sites, &jobs), Some(32), Palette::PLAIN);
        let expected = "                  upload
a-very-long-nam…  ok 1.2 s
web3

                  a-very-long-n…
a-very-long-nam…  failed 2 min 3 s
web3              ok 3 ms

                  check
a-very-long-nam…  skipped
web3
";
        assert_eq!(text, expected);
    }
}
