//! Messages on standard error: errors, warnings and notes.

use std::io::Write;

use super::streams::err_palette;

use ploy_core::error::{Error, Problem};
use ploy_core::event::ErrorReport;
use ploy_core::text::safe;
use ploy_report::{CiLog, ColorChoice, render_error};
use ploy_runtime::secret::masked;

fn err(text: &str) {
    let text = masked(text);
    let text = match CiLog::detect() {
        Some(log) => log.harmless(&text),
        None => text,
    };
    let _ = std::io::stderr().lock().write_all(text.as_bytes());
}

/// An error, and what to do about it.
pub(crate) fn error(color: ColorChoice, message: &str, hint: Option<&str>) {
    line(color, "error:", message, hint);
}

/// A problem that does not stop the command.
pub(crate) fn warning(color: ColorChoice, message: &str, hint: Option<&str>) {
    line(color, "warning:", message, hint);
}

fn line(color: ColorChoice, word: &str, message: &str, hint: Option<&str>) {
    let palette = err_palette(color);
    let word = if word == "error:" {
        palette.error(word)
    } else {
        palette.warning(word)
    };
    let mut text = format!("{word} {}\n", safe(masked(message).as_bytes()));
    if let Some(hint) = hint {
        text.push_str(&format!(
            "  {} {}\n",
            palette.strong("hint:"),
            safe(hint.as_bytes())
        ));
    }
    err(&text);
}

/// A remark on the error that was printed before.
pub(crate) fn note(text: &str) {
    err(&format!("note: {}\n", safe(masked(text).as_bytes())));
}

/// All problems, as errors.
pub(crate) fn problems(color: ColorChoice, problems: &[Problem]) {
    for problem in problems {
        error(color, &problem.to_string(), problem.hint());
    }
}

/// All problems, for a panic's message.
pub(crate) fn problem_text(problems: &[Problem]) -> String {
    let mut text = String::new();
    for problem in problems {
        text.push_str(&format!("\nerror: {problem}"));
        if let Some(hint) = problem.hint() {
            text.push_str(&format!("\n  hint: {hint}"));
        }
    }
    text
}

/// An error with its whole chain.
pub(crate) fn failure(color: ColorChoice, what: &str, error: &Error) {
    let palette = err_palette(color);
    err(&format!(
        "{} {what}\n{}",
        palette.error("error:"),
        render_error(&ErrorReport::from(error), palette)
    ));
}
