//! An error as people read it.

use ploy_core::event::ErrorReport;
use ploy_core::text::safe;

use crate::palette::Palette;

/// An error's messages, the end of its command's output and its hint, each line indented.
pub fn render_error(error: &ErrorReport, palette: Palette) -> String {
    let mut text = String::new();
    for (depth, message) in error.messages.iter().enumerate() {
        let indent = if depth == 0 { "  " } else { "    " };
        for line in message.lines() {
            text.push_str(&format!("{indent}{}\n", safe(line.as_bytes())));
        }
    }
    if let Some(command) = &error.command {
        for (name, bytes) in [("stdout", &command.stdout), ("stderr", &command.stderr)] {
            // What went wrong is said on standard error, if the command follows custom.
            if bytes.is_empty() || (name == "stdout" && !command.stderr.is_empty()) {
                continue;
            }
            for line in bytes.split(|byte| *byte == b'\n') {
                let line = line.strip_suffix(b"\r").unwrap_or(line);
                text.push_str(&format!("    {} {}\n", palette.faint("|"), safe(line)));
            }
        }
    }
    if let Some(hint) = &error.hint {
        text.push_str(&format!(
            "  {} {}\n",
            palette.strong("hint:"),
            safe(hint.as_bytes())
        ));
    }
    text
}
