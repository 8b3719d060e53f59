use std::collections::HashMap;
use std::io::Write;

use super::super::lines::Lines;
use super::super::roster::Roster;
use super::super::safe;
use super::super::style::Palette;
use super::super::summary::Failures;
use super::transfers::Shown;
use crate::event::Show;

/// Shows a run to people: each line with the name of its site before it, failures last, then one line that sums up.
///
/// What commands put out goes to one writer, everything else to the other; a program gives its standard output and
/// standard error. Marks after the name tell lines apart: `$` a command, `|` its output, `!` its standard error,
/// `>` a report, `?` a debug line, `=` a task that ended, `x` one that failed, `-` one that was not started.
pub struct Plain {
    pub(super) out: Box<dyn Write + Send>,
    pub(super) err: Box<dyn Write + Send>,
    pub(super) out_palette: Palette,
    pub(super) palette: Palette,
    pub(super) lines: Lines,
    /// The commands of which not all is to be shown.
    pub(super) hidden: HashMap<(u32, u32), Show>,
    pub(super) roster: Roster,
    pub(super) failures: Failures,
    pub(super) transfers: HashMap<(u32, u32), Shown>,
    pub(super) batch: String,
    pub(super) began: i64,
}

impl Plain {
    /// Shows output on `out` and all else on `err`, with these colours.
    pub fn new(
        out: impl Write + Send + 'static,
        out_palette: Palette,
        err: impl Write + Send + 'static,
        palette: Palette,
    ) -> Self {
        Plain {
            out: Box::new(out),
            err: Box::new(err),
            out_palette,
            palette,
            lines: Lines::default(),
            hidden: HashMap::new(),
            roster: Roster::default(),
            failures: Failures::default(),
            transfers: HashMap::new(),
            batch: String::new(),
            began: 0,
        }
    }

    pub(super) fn tell(&mut self, site: &str, mark: &str, text: &str) {
        let prefix = self.roster.prefix(self.palette, site);
        let mut shown = String::new();
        for line in text.lines() {
            shown.push_str(&format!("{prefix} {mark} {}\n", safe(line.as_bytes())));
        }
        self.say(&shown);
    }

    /// A reader that went away (a closed pipe) is no reason to end a deployment.
    pub(super) fn say(&mut self, text: &str) {
        let _ = self
            .err
            .write_all(text.as_bytes())
            .and_then(|()| self.err.flush());
    }
}
