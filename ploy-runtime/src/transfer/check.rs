//! What is refused before anything is done.

use std::path::PathBuf;

use super::remote::refuse_run_as;
use super::transfer::Way;
use super::{Transfer, mirror, rsync};
use crate::error::{Failure, Kind};
use crate::shell::Shell;

impl Transfer {
    /// Refuses what makes no sense, or may be a dear mistake.
    pub(super) fn check(&self, shown: &str) -> Result<(), Failure> {
        let refuse = |cause: String| {
            let headline = format!("refused to {shown} on {}", self.shell.name());
            Failure::new(Kind::Usage, headline, cause)
        };
        refuse_run_as(&self.shell, shown)?;
        let (there, here) = match self.way {
            Way::Up => (std::slice::from_ref(&self.destination), &*self.sources),
            Way::Down => (&*self.sources, std::slice::from_ref(&self.destination)),
        };
        if self.sources.is_empty() || self.sources.iter().any(|path| path.as_os_str().is_empty()) {
            return Err(refuse("a source is empty".to_owned()));
        }
        if there.iter().any(|path| path.to_str().is_none()) {
            return Err(refuse("a path on the site is not in UTF-8".to_owned()));
        }
        if there
            .iter()
            .chain(here)
            .any(|path| path.as_os_str().as_encoded_bytes().contains(&0))
        {
            return Err(refuse("no path has a NUL byte in it".to_owned()));
        }
        if let Some(why) = self.mirror.then(|| self.mirror_refusal()).flatten() {
            return Err(refuse(why).with_hint(
                "a mirror deletes all else in its destination: name a folder of its own for it",
            ));
        }
        let has_base = self.way == Way::Up && self.shell.0.site.path.is_some();
        if self.destination.as_os_str().is_empty() && !has_base {
            let place = match self.way {
                Way::Up => "the login directory",
                Way::Down => "the current directory",
            };
            return Err(refuse("the destination is empty".to_owned())
                .with_hint(format!("write `.` for {place}")));
        }
        Ok(())
    }

    fn mirror_refusal(&self) -> Option<String> {
        let shell = &self.shell;
        let refused = match self.way {
            Way::Up => mirror::refusal_there(
                &self.destination.to_string_lossy(),
                shell.0.site.path.as_deref(),
            ),
            Way::Down => mirror::refusal_here(&self.destination),
        };
        if refused.is_some() || !shell.0.local {
            return refused;
        }
        // Both ends are here.
        let there = |path: &PathBuf| {
            PathBuf::from(rsync::site_operand(
                &shell.resolve(&path.to_string_lossy()),
                None,
            ))
        };
        let here = |path: &PathBuf| PathBuf::from(rsync::local_operand(path));
        let (destination, sources): (_, Vec<_>) = match self.way {
            Way::Up => (
                there(&self.destination),
                self.sources.iter().map(here).collect(),
            ),
            Way::Down => (
                here(&self.destination),
                self.sources.iter().map(there).collect(),
            ),
        };
        let destination = Shell::local_path(&destination);
        let inside = sources.iter().any(|source| {
            let source = Shell::local_path(source);
            mirror::holds(&mirror::goes_to(&destination, &source), &source)
        });
        inside.then(|| "the source lies in it".to_owned())
    }
}
