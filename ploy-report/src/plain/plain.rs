use std::collections::HashMap;
use std::io::Write;

use super::super::again::Again;
use super::super::ci::CiLog;
use super::super::detail::Detail;
use super::super::failures::Failures;
use super::super::fold::Fold;
use super::super::group::Grouped;
use super::super::layout::{Layout, Said, Told};
use super::super::lines::Lines;
use super::super::owner::LineOwner;
use super::super::roster::Roster;
use super::super::screen::{Screen, To};
use super::super::stream::{Quiet, Stream};
use super::super::style::Palette;
use super::super::table::Table;
use super::transfers::Moving;
use crate::event::{CommandKey, EventTime, Show};

/// Shows a run to people: the lines of all sites, failures last, then one line that sums up. How the lines are laid
/// out is the [`Arrangement`], how many there are the [`Detail`].
///
/// What commands put out, and what is made of that, goes to one writer, everything else to the other; a program gives
/// its standard output and standard error. Marks tell lines apart: `$` a command, `|` its output, `!` its standard
/// error, `>` a report, `?` a debug line, `.` a particular, `=` a task that ended, `x` one that failed, `-` one that
/// was not started, and other remarks.
///
/// ```
/// use ploy::report::{Arrangement, ColorChoice, Detail, Palette, Plain};
/// use ploy::catalogue::Catalogue;
/// use ploy::run::Runner;
/// use ploy::topology::Topology;
///
/// let (out, err) = (std::io::stdout(), std::io::stderr());
/// let out_colors = Palette::choose(ColorChoice::Auto, &out);
/// let err_colors = Palette::choose(ColorChoice::Auto, &err);
/// let view = Plain::new(out, out_colors, err, err_colors)
///     .arranged(Arrangement::Fold)
///     .detail(Detail::Verbose);
/// let runner = Runner::new(Topology::new(), Catalogue::new()).reporter(view);
/// # drop(runner);
/// ```
pub struct Plain {
    pub(super) screen: Screen,
    pub(super) layout: Box<dyn Layout>,
    pub(super) lines: Lines,
    /// The commands of which not all is to be shown.
    pub(super) hidden: HashMap<CommandKey, Show>,
    pub(super) roster: Roster,
    pub(super) failures: Failures,
    pub(super) again: Option<Again>,
    pub(super) transfers: HashMap<CommandKey, Moving>,
    pub(super) batch: String,
    pub(super) began: EventTime,
}

/// How what is told of many sites is laid out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Arrangement {
    /// Each line as it comes, with the name of its site before it.
    #[default]
    Stream,
    /// The lines of a site together, when its task ends. In the [log of a service](Plain::in_log) each site is a group
    /// there that can be folded, and all goes to the first writer. What is held back meanwhile is in memory up to some
    /// KiB a site, and else in a temporary file without a name.
    Group,
    /// Sites whose output is the same to the byte, and that ended the same way, once under one name, when a job has
    /// ended on all of them: `web[1-3,5] (4 sites)`.
    Fold,
    /// The same, but only the most common output is shown in full, and the others by how they differ from it.
    Diff,
    /// A table of sites and jobs when a stage ends. It fits into so many columns, if that is given; nothing of what
    /// commands put out is shown but in failures.
    Table {
        /// The width of the terminal, in columns.
        width: Option<usize>,
    },
    /// Nothing but what goes wrong.
    Quiet,
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
            screen: Screen::new(Box::new(out), out_palette, Box::new(err), palette),
            layout: Box::new(Stream::default()),
            lines: Lines::default(),
            hidden: HashMap::new(),
            roster: Roster::default(),
            failures: Failures::default(),
            again: None,
            transfers: HashMap::new(),
            batch: String::new(),
            began: EventTime::default(),
        }
    }

    /// Lays the lines out like this. [`Quiet`](Arrangement::Quiet) sets the [detail](Plain::detail) too.
    #[must_use]
    pub fn arranged(mut self, arrangement: Arrangement) -> Self {
        self.layout = match arrangement {
            Arrangement::Stream => Box::new(Stream::default()),
            Arrangement::Group => Box::new(Grouped::default()),
            Arrangement::Fold => Box::new(Fold::new(false)),
            Arrangement::Diff => Box::new(Fold::new(true)),
            Arrangement::Table { width } => Box::new(Table::new(width)),
            Arrangement::Quiet => Box::new(Quiet),
        };
        match arrangement {
            Arrangement::Quiet => self.detail(Detail::Quiet),
            _ => self,
        }
    }

    /// Shows so much.
    #[must_use]
    pub fn detail(mut self, detail: Detail) -> Self {
        self.roster.detail = detail;
        self
    }

    /// Shows it in the log of a service that runs this program: nothing that is told of a run is a command there.
    #[must_use]
    pub fn in_log(mut self, log: Option<CiLog>) -> Self {
        self.screen.set_log(log);
        self
    }

    /// Says at the end how to try again what failed.
    #[must_use]
    pub fn again(mut self, again: Again) -> Self {
        self.again = Some(again);
        self
    }

    /// The particulars are shown.
    pub(super) fn is_verbose(&self) -> bool {
        self.roster.detail >= Detail::Verbose
    }

    /// Tells of a site, line by line.
    pub(super) fn tell(&mut self, of: LineOwner, site: &str, said: Said, text: &str) {
        for line in text.lines() {
            self.tell_line(of, site, said, line.as_bytes());
        }
    }

    pub(super) fn tell_line(&mut self, of: LineOwner, site: &str, said: Said, text: &[u8]) {
        let told = Told {
            of,
            site,
            said,
            text,
        };
        self.layout.told(&mut self.screen, &self.roster, &told);
    }

    /// Says something of the whole run.
    pub(super) fn say(&mut self, text: &str) {
        self.screen.put(To::Err, text);
    }

    /// The colours of what is said of the run.
    pub(super) fn palette(&self) -> Palette {
        self.screen.palette(To::Err)
    }
}
