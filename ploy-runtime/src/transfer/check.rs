//! What is refused before anything is done.

use std::path::{Path, PathBuf};

use super::transfer::Way;
use super::{Transfer, here, mirror, options, rsync};
use crate::error::{Failure, Kind};
use crate::shell::Shell;

/// What is to be done about a destination that is refused.
pub(super) const NAME_ANOTHER: &str =
    "a mirror deletes all else in its destination: name a folder of its own for it";

impl Transfer {
    /// Refuses what makes no sense, or may be a dear mistake.
    pub(super) fn check(&self, shown: &str) -> Result<(), Failure> {
        self.check_words(shown)?;
        if self.deletes()
            && let Some(why) = self.mirror_refusal()
        {
            return Err(self.refused(shown, why).with_hint(NAME_ANOTHER));
        }
        let has_base = self.way == Way::Up && self.shell.0.site.path.is_some();
        if self.destination.as_os_str().is_empty() && !has_base {
            let place = match self.way {
                Way::Up => self.hangs_on(),
                Way::Down => "the current directory",
            };
            return Err(self
                .refused(shown, "the destination is empty")
                .with_hint(format!("write `.` for {place}")));
        }
        Ok(())
    }

    /// The failure of what is refused.
    pub(super) fn refused(&self, shown: &str, cause: impl Into<String>) -> Failure {
        let headline = format!("refused to {shown} on {}", self.shell.name());
        Failure::new(Kind::Usage, headline, cause)
    }

    fn check_words(&self, shown: &str) -> Result<(), Failure> {
        let there = match self.way {
            Way::Up => std::slice::from_ref(&self.destination),
            Way::Down => &*self.sources,
        };
        if self.sources.is_empty() || self.sources.iter().any(|path| path.as_os_str().is_empty()) {
            return Err(self.refused(shown, "a source is empty"));
        }
        if there.iter().any(|path| path.to_str().is_none()) {
            return Err(self.refused(shown, "a path on the site is not in UTF-8"));
        }
        let paths = self.sources.iter().chain([&self.destination]);
        if paths
            .map(|path| path.as_os_str())
            .any(|path| path.as_encoded_bytes().contains(&0))
        {
            return Err(self.refused(shown, "no path has a NUL byte in it"));
        }
        if self
            .arguments
            .iter()
            .any(|argument| argument.as_encoded_bytes().contains(&0))
        {
            return Err(self.refused(shown, "no argument of rsync has a NUL byte in it"));
        }
        if self.arguments.iter().any(|argument| argument == "--") {
            let cause = "`--` ends the options of rsync, and more of them follow the `args`";
            return Err(self
                .refused(shown, cause)
                .with_hint("leave it out: paths are never taken for options"));
        }
        if options::has(&self.arguments, b'q', "quiet") {
            let cause = "with `--quiet` rsync does not tell what it has moved";
            return Err(self
                .refused(shown, cause)
                .with_hint("`.show(Show::Errors)` shows nothing but what goes wrong"));
        }
        Ok(())
    }

    /// What a relative path on the site hangs on, if the site has no `path`.
    fn hangs_on(&self) -> &'static str {
        if self.shell.0.is_local {
            "the current directory"
        } else {
            "the login directory"
        }
    }

    fn mirror_refusal(&self) -> Option<String> {
        let local = self.shell.0.is_local;
        let base = self.shell.0.site.path.as_deref();
        let there = |path: &Path| self.site_path(path);
        let here = |path: &Path| PathBuf::from(rsync::local_operand(path));
        let site_here = |path: &str| PathBuf::from(rsync::site_operand(path, None));
        if self.way == Way::Up {
            let destination = there(&self.destination);
            let written = self.destination.to_string_lossy();
            let refused = mirror::refusal_there(&written, base, self.hangs_on());
            if refused.is_some() {
                return refused;
            }
            let above = |source: &PathBuf| {
                let place = mirror::goes_to(Path::new(&destination), &here(source));
                base.is_some_and(|base| mirror::is_above(&place.to_string_lossy(), base))
            };
            if self.sources.iter().any(above) {
                return Some("the site's path is in it".to_owned());
            }
            if !local {
                // What the host finds out before rsync starts.
                return None;
            }
        }
        let destination = match self.way {
            Way::Up => site_here(&there(&self.destination)),
            Way::Down => self.destination.clone(),
        };
        let sources: Vec<PathBuf> = match (self.way, local) {
            (Way::Up, _) => self.sources.iter().map(|path| here(path)).collect(),
            (Way::Down, true) => {
                let operand = |path: &PathBuf| here(&site_here(&there(path)));
                self.sources.iter().map(operand).collect()
            }
            (Way::Down, false) => self.sources.clone(),
        };
        let base = base.filter(|_| local).map(site_here);
        let mut places: Vec<PathBuf> = sources
            .iter()
            .map(|source| mirror::goes_to(&destination, source))
            .collect();
        places.sort();
        places.dedup();
        here::refusal_here(&destination, None)
            .or_else(|| {
                places
                    .iter()
                    .find_map(|place| here::refusal_here(place, base.as_deref()))
            })
            .or_else(|| {
                let destination = Shell::local_path(&destination);
                let excludes = options::exclude(&self.arguments);
                local
                    .then(|| here::refusal_between(&destination, &sources, excludes))
                    .flatten()
            })
    }
}
