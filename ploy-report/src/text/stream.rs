//! The view in which each line stands as it comes.

use crate::text::console::Console;
use crate::text::context::ViewContext;
use crate::text::layout::Layout;
use crate::text::report_line::{LineKind, ReportLine};
use ploy_core::text::safe;

/// Each line as it comes, with the name of its site before it.
#[derive(Default)]
pub(crate) struct StreamLayout {
    /// Lines of output come many at a time, and begin alike.
    last: Option<LinePrefix>,
}

/// How lines of this kind begin, of this site.
struct LinePrefix {
    kind: LineKind,
    site: String,
    /// The width of all names then.
    width: usize,
    text: String,
}

impl Layout for StreamLayout {
    fn add_line(&mut self, console: &mut Console, context: &ViewContext, line: &ReportLine<'_>) {
        if !matches!(line.kind, LineKind::Stdout | LineKind::Stderr) {
            return line.write(console, context);
        }
        let is_same = |last: &LinePrefix| {
            (last.kind, last.width) == (line.kind, context.site_width()) && last.site == line.site
        };
        let to = line.kind.stream();
        let begin = match self.last.take() {
            Some(last) if is_same(&last) => last,
            _ => {
                let palette = console.palette(to);
                let prefix = context.prefix(palette, line.site);
                LinePrefix {
                    kind: line.kind,
                    site: line.site.to_owned(),
                    width: context.site_width(),
                    text: format!("{prefix} {} ", line.kind.mark(palette)),
                }
            }
        };
        console.write_line(to, &begin.text, &safe(line.text));
        self.last = Some(begin);
    }
}
