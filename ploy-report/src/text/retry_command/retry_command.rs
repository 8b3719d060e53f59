//! The command that tries again what failed.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};

use crate::run_index::RunIndex;
use ploy_core::event::{EventKind, JobIndex, JobOnSite, SiteIndex, StageId, Stats, TaskResult};
use ploy_core::text::safe;
use ploy_core::topology::fold;

/// From so many sites on they are named by ranges.
const MANY: usize = 9;

/// The command that tries again what failed or was not reached, in the words of a command line that
/// takes `--sites`.
#[derive(Clone, Debug)]
pub struct RetryCommand {
    program: Vec<String>,
    names: Vec<String>,
    options: Vec<String>,
    selection: Vec<String>,
    /// Takes secrets out of a text.
    mask: fn(&str) -> Cow<'_, str>,
    kind: Kind,
    /// How many stages have begun.
    begun: usize,
    /// Whether the schedule did not come to its end.
    is_cut: bool,
    /// The sites where something failed or was not started, by their stage and their number in it.
    sites: BTreeMap<(StageId, SiteIndex), String>,
    /// The jobs of the first stage that have something to do on a site, both by number.
    tasks: HashSet<JobOnSite>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Jobs,
    /// A schedule of so many stages, if that is known.
    Schedule(Option<usize>),
}

impl RetryCommand {
    /// Of jobs: the words before their names, which are the program's and perhaps a command's; the
    /// names; the options to be kept; and those that chose sites, which are replaced.
    pub fn jobs(
        program: Vec<String>,
        names: Vec<String>,
        options: Vec<String>,
        selection: Vec<String>,
    ) -> Self {
        RetryCommand {
            program,
            names,
            options,
            selection,
            mask: |text| Cow::Borrowed(text),
            kind: Kind::Jobs,
            begun: 0,
            is_cut: false,
            sites: BTreeMap::new(),
            tasks: HashSet::new(),
        }
    }

    /// Of a schedule, which has so many stages, if that is known. If it did not come to its last
    /// stage, it is tried again on all its sites.
    pub fn schedule(
        program: Vec<String>,
        name: String,
        options: Vec<String>,
        selection: Vec<String>,
        stages: Option<usize>,
    ) -> Self {
        RetryCommand {
            kind: Kind::Schedule(stages),
            ..RetryCommand::jobs(program, vec![name], options, selection)
        }
    }

    /// How secrets are taken out of the command. Without it, what is given is no secret.
    #[must_use = "this is what it was called on, changed"]
    pub fn with_mask(mut self, mask: fn(&str) -> Cow<'_, str>) -> Self {
        self.mask = mask;
        self
    }

    /// Takes an event in; `run` knows whom it is about.
    pub(crate) fn note(&mut self, run: &RunIndex, event: &EventKind) {
        match event {
            EventKind::StageStarted { .. } => self.begun += 1,
            EventKind::StageSkipped { .. }
            | EventKind::StageRefused { .. }
            | EventKind::ScheduleFailed { .. }
            | EventKind::CancelStarted { .. } => self.is_cut = true,
            EventKind::TaskFinished {
                stage,
                task,
                result,
                ..
            } => {
                if let Some(job_on_site) = run.job_on_site(*stage, *task) {
                    self.note_task(*stage, job_on_site);
                    if *result != TaskResult::Succeeded {
                        self.note_site(run, *stage, job_on_site.site);
                    }
                }
            }
            EventKind::TaskSkipped {
                stage, job, site, ..
            } => {
                let (job, site) = (*job, *site);
                self.note_task(*stage, JobOnSite { job, site });
                self.note_site(run, *stage, site);
            }
            EventKind::BackgroundFinished { action, result, .. }
                if *result != TaskResult::Succeeded =>
            {
                if let Some(running) = run.action(*action) {
                    let sites = run.sites(running.stage);
                    let number = (0..).zip(sites).find(|(_, site)| **site == running.site);
                    if let Some((number, _)) = number {
                        self.note_site(run, running.stage, SiteIndex(number));
                    }
                }
            }
            EventKind::FailureAllowed { stage } => {
                self.sites.retain(|(own, _), _| own != stage);
            }
            _ => {}
        }
    }

    fn note_task(&mut self, stage: StageId, task: JobOnSite) {
        if self.kind == Kind::Jobs && stage == StageId(1) {
            self.tasks.insert(task);
        }
    }

    fn note_site(&mut self, run: &RunIndex, stage: StageId, site: SiteIndex) {
        if let Some(name) = run.sites(stage).get(site.index()) {
            self.sites.insert((stage, site), name.clone());
        }
    }

    /// The command, if there is anything to be tried again.
    pub(crate) fn command(&self, stats: &Stats) -> Option<String> {
        // What was refused is refused again.
        if stats.is_ok() || (stats.refused > 0 && self.sites.is_empty()) {
            return None;
        }
        let is_narrow = !self.sites.is_empty()
            && match self.kind {
                Kind::Jobs => true,
                // Sites of stages that did not begin are not known.
                Kind::Schedule(None) => !self.is_cut,
                Kind::Schedule(Some(stages)) => !self.is_cut && self.begun == stages,
            };
        let mut words: Vec<String> = self.program.clone();
        if is_narrow {
            words.extend(self.names_there());
            words.extend(self.options.iter().cloned());
            words.extend(["--sites".to_owned(), self.site_names()]);
        } else {
            let all = [&self.names, &self.options, &self.selection];
            words.extend(all.into_iter().flatten().cloned());
        }
        // What would be shown otherwise than it is cannot be given again.
        let is_shown = |word: &String| {
            (self.mask)(word) == word.as_str() && safe(word.as_bytes()) == word.as_str()
        };
        if !words.iter().all(is_shown) {
            return None;
        }
        let quoted = words.iter().map(|word| {
            // What stands on a command line is no secret, but may have one in it.
            let word = (self.mask)(word);
            if is_plain(&word) {
                return word.into_owned();
            }
            match shlex::try_quote(&word) {
                Ok(quoted) => quoted.into_owned(),
                // Arguments of a program hold no NUL byte.
                Err(_) => word.into_owned(),
            }
        });
        let command = quoted.collect::<Vec<_>>().join(" ");
        Some(safe(command.as_bytes()).into_owned())
    }

    /// The jobs that have something to do there: one that has not would be a mistake.
    fn names_there(&self) -> Vec<String> {
        if self.kind != Kind::Jobs || self.tasks.is_empty() {
            return self.names.clone();
        }
        let is_there = |job: JobIndex| {
            let mut sites = self.sites.keys().filter(|(stage, _)| *stage == StageId(1));
            sites.any(|(_, site)| self.tasks.contains(&JobOnSite { job, site: *site }))
        };
        let jobs = (0..).map(JobIndex);
        let there = jobs.zip(&self.names).filter(|(job, _)| is_there(*job));
        there.map(|(_, name)| name.clone()).collect()
    }

    fn site_names(&self) -> String {
        let mut names: Vec<&str> = Vec::new();
        for name in self.sites.values() {
            if !names.contains(&name.as_str()) {
                names.push(name);
            }
        }
        if names.len() < MANY {
            names.join(",")
        } else {
            fold(names)
        }
    }
}

/// Whether a word means itself to every shell: people would not quote it.
fn is_plain(word: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./,:@%+=".contains(c);
    !word.is_empty() && word.chars().all(is_plain)
}
