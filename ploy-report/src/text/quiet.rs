//! The view of nothing but what goes wrong.

use super::console::Console;
use super::context::ViewContext;
use super::layout::Layout;
use super::report_line::{LineKind, ReportLine};

/// Nothing but what goes wrong. How tasks ended is said at the end, for all of them together.
pub(crate) struct QuietLayout;

impl Layout for QuietLayout {
    fn add_line(&mut self, console: &mut Console, context: &ViewContext, line: &ReportLine<'_>) {
        if !matches!(line.kind, LineKind::Ended(..) | LineKind::Skipped) {
            line.write(console, context);
        }
    }
}
