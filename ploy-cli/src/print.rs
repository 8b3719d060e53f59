use std::io::{IsTerminal, Write};

use ploy_core::error::{Error, Problem};
use ploy_core::event::ErrorReport;
use ploy_core::text::safe;
use ploy_report::{CiLog, ColorChoice, Palette, render_error};
use ploy_runtime::secret::masked;
use ploy_runtime::terminal::ScrollingWriter;

/// Writes to standard output. A reader that went away is no error.
pub(super) fn out(text: &str) {
    let _ = std::io::stdout().lock().write_all(text.as_bytes());
}

/// Writes to standard output what has words of others in it: nothing that the log of a CI would take for a command.
pub(super) fn out_harmless(text: &str) {
    let text = masked(text);
    match CiLog::detect() {
        Some(log) => out(&log.harmless(&text)),
        None => out(&text),
    }
}

/// The colours of standard output.
pub(super) fn out_palette(color: ColorChoice) -> Palette {
    Palette::choose(color, &std::io::stdout())
}

/// The colours of standard error.
pub(super) fn err_palette(color: ColorChoice) -> Palette {
    Palette::choose(color, &std::io::stderr())
}

/// A stream of ours, that leaves alone what stands at the bottom of the terminal: a question, or what is running.
pub(super) fn beside_questions(
    stream: impl Write + IsTerminal + Send + 'static,
) -> Box<dyn Write + Send> {
    if stream.is_terminal() {
        Box::new(ScrollingWriter::new(stream))
    } else {
        Box::new(stream)
    }
}

fn err(text: &str) {
    let text = masked(text);
    let text = match CiLog::detect() {
        Some(log) => log.harmless(&text),
        None => text,
    };
    let _ = std::io::stderr().lock().write_all(text.as_bytes());
}

/// An error, and what to do about it.
pub(super) fn error(color: ColorChoice, message: &str, hint: Option<&str>) {
    line(color, "error:", message, hint);
}

/// Something that is wrong and does not stand in the way.
pub(super) fn warning(color: ColorChoice, message: &str, hint: Option<&str>) {
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

/// Something to know of an error before.
pub(super) fn note(text: &str) {
    err(&format!("note: {}\n", safe(masked(text).as_bytes())));
}

/// All problems, as errors.
pub(super) fn problems(color: ColorChoice, problems: &[Problem]) {
    for problem in problems {
        error(color, &problem.to_string(), problem.hint());
    }
}

/// All problems, for a panic's message.
pub(super) fn problem_lines(problems: &[Problem]) -> String {
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
pub(super) fn failure(color: ColorChoice, what: &str, error: &Error) {
    let palette = err_palette(color);
    err(&format!(
        "{} {what}\n{}",
        palette.error("error:"),
        render_error(&ErrorReport::from(error), palette)
    ));
}
