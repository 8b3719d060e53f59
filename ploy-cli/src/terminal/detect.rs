//! Whether there is a live view of a run, and whether it draws and hears keys.

use std::fs::File;
use std::io::{IsTerminal, stderr, stdin, stdout};
use std::os::fd::AsFd;
use std::os::unix::fs::FileTypeExt;

use super::live::LiveView;
use super::streams::err_palette;
use crate::ci::is_ci;
use crate::options::output::View;
use crate::options::progress::ProgressOption;
use ploy_report::ColorChoice;
use ploy_runtime::terminal::TypedLines;

/// The live view of a run, if there is to be one.
pub(crate) fn live_view(
    progress: ProgressOption,
    view: View,
    color: ColorChoice,
) -> Option<LiveView> {
    // A reader of events, or of failures alone, wants nothing else on the terminal.
    if matches!(view, View::Json | View::Quiet) || !stderr().is_terminal() || is_ci() {
        return None;
    }
    let can_draw = std::env::var_os("TERM").is_some_and(|term| !term.is_empty() && term != "dumb");
    let draws = progress == ProgressOption::Auto && can_draw;
    let typed = hears_keys().then(TypedLines::open).flatten();
    let live = LiveView::new(draws, typed.clone(), err_palette(color));
    (draws || typed.is_some()).then_some(live)
}

/// Whether keys can be meant for this program: not where the standard input is something else, nor
/// where the output goes to another program, such as a pager, which may want to hear keys itself.
fn hears_keys() -> bool {
    stdin().is_terminal() && !is_pipe(&stdout())
}

fn is_pipe(stream: &impl AsFd) -> bool {
    let file = stream.as_fd().try_clone_to_owned().map(File::from);
    let kind = file.and_then(|file| file.metadata());
    // A stream that cannot be examined may be a pipe.
    kind.map_or(true, |data| {
        data.file_type().is_fifo() || data.file_type().is_socket()
    })
}
