//! What stands at the bottom of the terminal: a pure function of what runs, the time and the
//! terminal's size.

use std::time::Duration;

use super::row::{Row, clock, column, dotted};
use super::run_state::RunState;
use super::running_work::RunningWork;
use ploy_core::event::{CancelReason, EventTime};
use ploy_report::Palette;
use ploy_runtime::terminal::TerminalSize;

/// The widest columns for names of sites and of jobs.
const SITE: usize = 24;
const JOB: usize = 24;

/// How wide the bar is, with its ends.
const BAR: usize = 22;

/// The lines that stand there at this time: one for all, then one for each that runs.
pub(super) fn draw(
    state: &RunState,
    now: EventTime,
    size: TerminalSize,
    palette: Palette,
) -> Vec<String> {
    // The last column stays free: some terminals go on to the next line when it is written.
    let width = size.columns.saturating_sub(1);
    // Most of the terminal, so that what goes by can be read above.
    let most = size.rows.saturating_sub(3.max(size.rows / 3) + 1).max(1);
    let running = state.running();
    let mut lines = vec![overall(state, now, width, palette)];
    let shown = match most - 1 {
        room if running <= room => running,
        // One line says how many more there are.
        room => room.saturating_sub(1),
    };
    let works = state.longest(shown);
    let site = state.site_width.min(SITE).min(width / 3);
    let job = state.job_width.min(JOB).min(width / 4);
    lines.extend(works.iter().map(|work| {
        let mut row = Row::new(palette, width);
        row.paint(&column(&work.site, site), |palette, part| {
            palette.site(work.place, part)
        });
        row.add(&format!(" {} ", column(&work.job, job)));
        row.paint(&clock(now.since(work.began)), |palette, part| {
            palette.faint(part)
        });
        does(&mut row, work, now);
        row.finish()
    }));
    if shown < running && most > 1 {
        let mut row = Row::new(palette, width);
        row.paint(
            &format!("… and {} more", running - shown),
            |palette, part| palette.faint(part),
        );
        lines.push(row.finish());
    }
    lines
}

/// What a thing that runs does at the moment.
fn does(row: &mut Row, work: &RunningWork, now: EventTime) {
    if let Some((mark, text)) = work.activity(now) {
        row.add(" ");
        row.paint(mark, paint(mark));
        row.add(&format!(" {text}"));
    }
}

/// The colour of a mark, as in the lines above.
pub(super) fn paint(mark: &'static str) -> impl FnOnce(Palette, &str) -> String {
    move |palette, part| match mark {
        "$" | "|" => palette.faint(part),
        ">" => palette.strong(part),
        _ => palette.warning(part),
    }
}

/// `[=====>      ] 12/100 tasks · 3 failed · 32 running · 00:41`
fn overall(state: &RunState, now: EventTime, width: usize, palette: Palette) -> String {
    let mut row = Row::new(palette, width);
    if width >= 3 * BAR {
        row.add(&bar(state.done, state.total));
        row.add(" ");
    }
    row.add(&format!("{}/{} tasks", state.done, state.total));
    if state.failed() > 0 {
        row.add(" · ");
        row.paint(&format!("{} failed", state.failed()), |palette, part| {
            palette.error(part)
        });
    }
    let running = match state.running() {
        0 => None,
        running => Some(format!("{running} running")),
    };
    let time = Some(clock(now.since(state.began)));
    row.add(&format!(" · {}", dotted(running.into_iter().chain(time))));
    if let Some((reason, end)) = state.cancel {
        row.add(" · ");
        row.paint(&cancelled(reason, end.since(now)), |palette, part| {
            palette.warning(part)
        });
    }
    row.finish()
}

/// That the run is being cancelled, and how soon what runs is killed.
fn cancelled(reason: CancelReason, left: Duration) -> String {
    match reason {
        CancelReason::SecondSignal => "killing what runs".to_owned(),
        _ if !left.is_zero() => {
            let whole_seconds = left + Duration::from_millis(999);
            format!("ending, {} left", clock(whole_seconds))
        }
        _ => "ending".to_owned(),
    }
}

fn bar(done: u64, total: u64) -> String {
    let room = BAR - 2;
    let full = usize::try_from(done * room as u64 / total.max(1))
        .unwrap_or(0)
        .min(room);
    let head = if full < room { ">" } else { "" };
    format!("[{:<room$}]", "=".repeat(full) + head)
}
