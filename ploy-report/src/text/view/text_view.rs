//! The reporter that shows a run to people.

use std::collections::HashMap;
use std::io::Write;

use super::transfer_notice::TransferNotice;
use crate::ci_log::CiLog;
use crate::palette::Palette;
use crate::text::console::{Console, ConsoleStream};
use crate::text::context::ViewContext;
use crate::text::detail::Detail;
use crate::text::failures::RunFailures;
use crate::text::fold::FoldLayout;
use crate::text::group::GroupLayout;
use crate::text::layout::Layout;
use crate::text::line_owner::LineOwner;
use crate::text::line_splitter::LineSplitter;
use crate::text::quiet::QuietLayout;
use crate::text::report_line::{LineKind, ReportLine};
use crate::text::retry_command::RetryCommand;
use crate::text::stream::StreamLayout;
use crate::text::table::TableLayout;
use ploy_core::event::{CommandKey, EventTime, Show};

/// Shows a run to people: the lines of all sites, failures last, then one line that sums up. How
/// the lines are laid out is the [`Arrangement`], how many there are the [`Detail`].
///
/// What commands put out, and what is made of that, goes to one writer, everything else to the
/// other; a program gives its standard output and standard error. Marks tell lines apart: `$` a
/// command, `|` its output, `!` its standard error, `>` a report, `?` a debug line, `.` a
/// particular, `=` a task that ended, `x` one that failed, `-` one that was not started, and other
/// remarks.
///
/// ```
/// use ploy::report::{Arrangement, ColorChoice, Detail, Palette, TextView};
/// use ploy::catalogue::Catalogue;
/// use ploy::run::Runner;
/// use ploy::topology::Topology;
///
/// let (out, err) = (std::io::stdout(), std::io::stderr());
/// let out_colors = Palette::choose(ColorChoice::Auto, &out);
/// let err_colors = Palette::choose(ColorChoice::Auto, &err);
/// let view = TextView::new(out, out_colors, err, err_colors)
///     .arranged(Arrangement::Fold)
///     .detail(Detail::Verbose);
/// let runner = Runner::new(Topology::new(), Catalogue::new()).reporter(view);
/// # drop(runner);
/// ```
pub struct TextView {
    pub(crate) console: Console,
    pub(crate) layout: Box<dyn Layout>,
    pub(crate) lines: LineSplitter,
    /// The commands of which not all is to be shown.
    pub(crate) hidden: HashMap<CommandKey, Show>,
    pub(crate) context: ViewContext,
    pub(crate) failures: RunFailures,
    pub(crate) retry: Option<RetryCommand>,
    pub(crate) transfers: HashMap<CommandKey, TransferNotice>,
    pub(crate) batch: String,
    pub(crate) began: EventTime,
}

/// How what is told of many sites is laid out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Arrangement {
    /// Each line as it comes, with the name of its site before it.
    #[default]
    Stream,
    /// The lines of a site together, when its task ends. In the [log of a
    /// service](TextView::in_log) each site is a group there that can be folded, and all goes to
    /// the first writer. What is held back meanwhile is in memory up to some KiB a site, and else
    /// in a temporary file without a name.
    Group,
    /// Sites whose output is the same to the byte, and that ended the same way, once under one
    /// name, when a job has ended on all of them: `web[1-3,5] (4 sites)`.
    Fold,
    /// The same, but only the most common output is shown in full, and the others by how they
    /// differ from it.
    Diff,
    /// A table of sites and jobs when a stage ends. It fits into so many columns, if that is given;
    /// nothing of what commands put out is shown but in failures.
    Table {
        /// The width of the terminal, in columns.
        width: Option<usize>,
    },
    /// Nothing but what goes wrong.
    Quiet,
}

impl TextView {
    /// Shows output on `out` and all else on `err`, with these colours.
    pub fn new(
        out: impl Write + Send + 'static,
        out_palette: Palette,
        err: impl Write + Send + 'static,
        palette: Palette,
    ) -> Self {
        TextView {
            console: Console::new(Box::new(out), out_palette, Box::new(err), palette),
            layout: Box::new(StreamLayout::default()),
            lines: LineSplitter::default(),
            hidden: HashMap::new(),
            context: ViewContext::default(),
            failures: RunFailures::default(),
            retry: None,
            transfers: HashMap::new(),
            batch: String::new(),
            began: EventTime::default(),
        }
    }

    /// Lays the lines out like this. [`Quiet`](Arrangement::Quiet) sets the
    /// [detail](TextView::detail) too.
    #[must_use]
    pub fn arranged(mut self, arrangement: Arrangement) -> Self {
        self.layout = match arrangement {
            Arrangement::Stream => Box::new(StreamLayout::default()),
            Arrangement::Group => Box::new(GroupLayout::default()),
            Arrangement::Fold => Box::new(FoldLayout::new(false)),
            Arrangement::Diff => Box::new(FoldLayout::new(true)),
            Arrangement::Table { width } => Box::new(TableLayout::new(width)),
            Arrangement::Quiet => Box::new(QuietLayout),
        };
        match arrangement {
            Arrangement::Quiet => self.detail(Detail::Quiet),
            _ => self,
        }
    }

    /// Shows so much.
    #[must_use]
    pub fn detail(mut self, detail: Detail) -> Self {
        self.context.detail = detail;
        self
    }

    /// Shows it in the log of a service that runs this program: nothing that is told of a run is a
    /// command there.
    #[must_use]
    pub fn in_log(mut self, log: Option<CiLog>) -> Self {
        self.console.set_log(log);
        self
    }

    /// Says at the end how to try again what failed.
    #[must_use]
    pub fn retry_command(mut self, command: RetryCommand) -> Self {
        self.retry = Some(command);
        self
    }

    /// The particulars are shown.
    pub(crate) fn is_verbose(&self) -> bool {
        self.context.detail >= Detail::Verbose
    }

    /// Tells of a site, line by line.
    pub(crate) fn add_lines(&mut self, owner: LineOwner, site: &str, kind: LineKind, text: &str) {
        for line in text.lines() {
            self.add_line(owner, site, kind, line.as_bytes());
        }
    }

    pub(crate) fn add_line(&mut self, owner: LineOwner, site: &str, kind: LineKind, text: &[u8]) {
        let line = ReportLine {
            owner,
            site,
            kind,
            text,
        };
        self.layout
            .add_line(&mut self.console, &self.context, &line);
    }

    /// Says something of the whole run.
    pub(crate) fn write_notice(&mut self, text: &str) {
        self.console.write(ConsoleStream::Err, text);
    }

    /// The colours of what is said of the run.
    pub(crate) fn palette(&self) -> Palette {
        self.console.palette(ConsoleStream::Err)
    }
}
