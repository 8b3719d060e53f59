//! What a job has come to on its sites so far.

use std::collections::BTreeSet;
use std::time::Duration;

use super::super::layout::{Said, ended};
use super::super::roster::Roster;
use super::super::screen::{Screen, To};
use super::super::spool::Store;
use super::super::style::Palette;
use super::super::summary::count;
use super::content::{Content, Digest};
use super::difference::{MOST, difference};
use crate::event::{JobIndex, SiteIndex, SkipReason, StageId, TaskResult};
use crate::topology::fold;

/// The sites of a job, by what they have in common.
#[derive(Default)]
pub(super) struct Gathered {
    pub(super) running: u32,
    alike: Vec<Alike>,
}

/// Sites on which it came to the same.
struct Alike {
    how: How,
    digest: Option<Digest>,
    content: Content,
    /// By number, in the stage.
    sites: BTreeSet<SiteIndex>,
}

/// How a task ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum How {
    Ended(TaskResult),
    Skipped(SkipReason),
}

impl Gathered {
    /// Adds a site. Without a digest it is like no other.
    pub(super) fn add(
        &mut self,
        store: &mut Store,
        site: SiteIndex,
        how: How,
        (digest, content): (Option<Digest>, Content),
    ) {
        let is_like =
            |alike: &&mut Alike| digest.is_some() && (alike.how, alike.digest) == (how, digest);
        match self.alike.iter_mut().find(is_like) {
            Some(alike) => {
                alike.sites.insert(site);
                content.free(store);
            }
            None => self.alike.push(Alike {
                how,
                digest,
                content,
                sites: [site].into(),
            }),
        }
    }

    /// Shows what there is, and forgets it: what most sites have in common first, what failed after what did not.
    pub(super) fn show(
        &mut self,
        screen: &mut Screen,
        roster: &Roster,
        store: &mut Store,
        (stage, job): (StageId, JobIndex),
        as_differences: bool,
    ) {
        let mut alike = std::mem::take(&mut self.alike);
        let name = |alike: &Alike| {
            let sites = roster.sites(stage);
            let names = alike
                .sites
                .iter()
                .filter_map(|site| sites.get(site.index()));
            fold(names.map(String::as_str))
        };
        alike.sort_by_key(|alike| {
            (
                alike.how.rank(),
                std::cmp::Reverse(alike.sites.len()),
                alike.sites.first().copied(),
            )
        });
        let job = roster.jobs(stage).get(job.index()).map_or("", |job| job);
        let base = alike
            .iter()
            .enumerate()
            .filter(|(_, alike)| as_differences && matches!(alike.how, How::Ended(_)))
            .max_by_key(|(index, alike)| (alike.sites.len(), std::cmp::Reverse(*index)))
            .map(|(index, _)| index);
        let palette = screen.palette(To::Out);
        for (index, one) in alike.iter().enumerate() {
            let mut title = name(one);
            if one.sites.len() > 1 {
                title.push_str(&format!(" ({})", count(one.sites.len(), "site")));
            }
            title.push_str(&format!(": {}", one.how.words(job, one.content.code())));
            let other = match base {
                Some(base) if base != index && matches!(one.how, How::Ended(_)) => alike.get(base),
                _ => None,
            };
            if let Some(other) = other {
                title.push_str(&format!(", unlike {}", name(other)));
            }
            let mark = one.how.mark(palette);
            screen.put(To::Out, &format!("{mark} {}\n", palette.strong(title)));
            let shown = match other {
                Some(other) => one.show_difference(screen, store, other),
                None => one.show(screen, store),
            };
            if let Err(error) = shown {
                let text = format!("  - its lines cannot be read back: {error}\n");
                screen.put(To::Out, &text);
            }
        }
        for one in alike {
            one.content.free(store);
        }
    }
}

impl Alike {
    fn show(&self, screen: &mut Screen, store: &Store) -> std::io::Result<()> {
        let palette = screen.palette(To::Out);
        self.content.lines(store, palette, |line| {
            screen.put(To::Out, &format!("  {line}\n"));
        })
    }

    fn show_difference(
        &self,
        screen: &mut Screen,
        store: &Store,
        other: &Alike,
    ) -> std::io::Result<()> {
        if self.content.len().max(other.content.len()) > MOST {
            screen.put(To::Out, "  - too long to be compared, so here it is\n");
            return self.show(screen, store);
        }
        let (from, to) = (other.text(store)?, self.text(store)?);
        match difference(&from, &to, screen.palette(To::Out)) {
            text if text.is_empty() => screen.put(To::Out, "  - the output is the same\n"),
            text => screen.put(To::Out, &text),
        }
        Ok(())
    }

    fn text(&self, store: &Store) -> std::io::Result<String> {
        let mut text = String::new();
        self.content.lines(store, Palette::PLAIN, |line| {
            text.push_str(line);
            text.push('\n');
        })?;
        Ok(text)
    }
}

impl How {
    fn rank(self) -> u8 {
        match self {
            How::Ended(TaskResult::Succeeded) => 0,
            How::Ended(TaskResult::Failed) => 1,
            How::Ended(TaskResult::Unreachable) => 2,
            How::Ended(TaskResult::Cancelled) => 3,
            How::Skipped(_) => 4,
        }
    }

    fn mark(self, palette: Palette) -> String {
        match self {
            How::Ended(result) => Said::Ended(result, Duration::ZERO).mark(palette),
            How::Skipped(_) => Said::Skipped.mark(palette),
        }
    }

    fn words(self, job: &str, code: Option<i32>) -> String {
        match (self, code) {
            (How::Ended(TaskResult::Failed), Some(code)) => {
                format!("{job} failed with status {code}")
            }
            (How::Ended(result), _) => ended(job, result),
            (How::Skipped(reason), _) => {
                format!("{job} was not started, {}", reason.in_words())
            }
        }
    }
}
