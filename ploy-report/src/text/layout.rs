//! How a view lays out the lines of a run.

use super::console::Console;
use super::context::ViewContext;
use super::report_line::ReportLine;
use ploy_core::event::Event;

/// Lays out the lines of a run. It gets each line when its event comes, and then the event itself.
pub(crate) trait Layout: Send {
    /// Takes a line.
    fn add_line(&mut self, console: &mut Console, context: &ViewContext, line: &ReportLine<'_>);

    /// Takes an event, after all lines that it makes; `context` still knows whom it is about. The
    /// end of the run comes before what is said of it.
    fn on_event(&mut self, _console: &mut Console, _context: &ViewContext, _event: &Event) {}
}
